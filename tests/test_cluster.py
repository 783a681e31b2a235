"""The same run on a Dask cluster of two worker processes on this computer, one of which is lost in the middle."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from perfxl.processes import Lost, Tell
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.workers import Workers
from perfxl.scheme.model import Scheme
from tests.books import filled
from tests.strategies import make_document

distributed = pytest.importorskip("distributed", reason="the extra perfxl[dask] is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
BOOKS = 48


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, processes=True
    ) as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    scheme, table = request.getfixturevalue("scheme"), request.getfixturevalue("scheme_table")
    path = tmp_path_factory.mktemp("shared") / "in"
    for seed in range(BOOKS):
        filled(make_document(seed, table), scheme, path / f"{seed}.xlsx")
    return path


def _run(folder: Path, output: Path, scheme: Scheme, scheduler: str | None) -> dict[str, Any]:
    run_folder(folder, output, scheme, RunOptions(jobs=1, scheduler=scheduler))
    run = json.loads((output / "run.json").read_text("utf-8"))
    return {key: value for key, value in run.items() if key not in ("started", "seconds")}


@pytest.mark.slow
def test_a_cluster_gives_the_same_as_this_computer(cluster: Any, folder: Path, scheme: Scheme, tmp_path: Path) -> None:
    here = _run(folder, tmp_path / "here", scheme, None)
    there = _run(folder, tmp_path / "there", scheme, cluster.scheduler_address)
    assert here == there
    books = sorted(path.name for path in (tmp_path / "there").glob("*结果/*"))
    assert books == sorted(path.name for path in (tmp_path / "here").glob("*结果/*"))
    assert len(books) == BOOKS


def _pids(cluster: Any) -> dict[str, int]:
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        return dict(client.run(os.getpid))


def _guilty(items: Sequence[Any], tell: Tell) -> list[tuple[Any, int, int]]:
    """Reads numbers; a word ends the process. Who did it, and whose child that was."""
    done = []
    for number, item in enumerate(items):
        tell(number)
        if item == "死":
            os.abort()
        done.append((item, os.getpid(), os.getppid()))
    tell(len(items))
    return done


def test_a_guilty_file_costs_a_child_and_no_worker(cluster: Any) -> None:
    before = _pids(cluster)
    items: list[Any] = list(range(BOOKS * 4))
    items[60] = "死"
    done: list[tuple[Any, int, int]] = []
    with Workers(0, len(items), cluster.scheduler_address) as workers:
        for some, answer in workers.read(_guilty, workers.chunks(items), 60):
            if isinstance(answer, Lost):
                assert list(some) == ["死"] and "异常终止" in answer.why
            else:
                done += answer
    assert sorted(item for item, *_ in done) == sorted(set(items) - {"死"})
    assert {parent for *_, parent in done} <= set(before.values())
    assert not {pid for _, pid, _ in done} & set(before.values())
    assert _pids(cluster) == before


def _end_worker(items: Sequence[Any], tell: Tell) -> list[Any]:
    """Ends the parent of the process that reads, once."""
    tell(0)
    marker = Path(items[0])
    if not marker.exists():
        marker.write_text("once", "utf-8")
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return list(items)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_worker_lost_in_the_middle_is_survived(cluster: Any, folder: Path, scheme: Scheme, tmp_path: Path) -> None:
    with Workers(0, BOOKS, cluster.scheduler_address) as workers:
        marker = str(tmp_path / "marker")
        assert [answer for _, answer in workers.read(_end_worker, [[marker]], 60)] == [[marker]]
    assert _run(folder, tmp_path / "out", scheme, cluster.scheduler_address)["departments"]


def test_what_a_cluster_gives_up_is_read_here(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledWorker(Exception):  # noqa: N818  # what distributed calls it
        pass

    with Workers(0, BOOKS, cluster.scheduler_address) as workers:
        monkeypatch.setattr(workers._executor, "submit", lambda *_: _failed(KilledWorker()))
        done = [item for _, answer in workers.read(_guilty, [[1, 2, 3]], 60) for item, *_ in answer]
    assert done == [1, 2, 3]


def _failed(error: Exception) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_told(folder: Path, scheme: Scheme, tmp_path: Path) -> None:
    from perfxl.errors import UsageError

    with pytest.raises(UsageError, match="连不上调度器"):
        _run(folder, tmp_path / "out", scheme, "tcp://127.0.0.1:1")
    assert not (tmp_path / "out" / "run.json").exists()
