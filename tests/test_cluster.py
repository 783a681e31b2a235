"""The same run on a Dask cluster of two worker processes on this computer, one of which is lost in the middle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
    books = sorted(path.name for path in (tmp_path / "there" / "部门结果").iterdir())
    assert books == sorted(path.name for path in (tmp_path / "here" / "部门结果").iterdir())
    assert len(books) == BOOKS


def _end_first_time(marker: str) -> int:
    import os

    if not Path(marker).exists():
        Path(marker).write_text("once", "utf-8")
        os._exit(1)
    return 7


@pytest.mark.slow
def test_a_worker_lost_in_the_middle_is_survived(cluster: Any, folder: Path, scheme: Scheme, tmp_path: Path) -> None:
    with Workers(0, BOOKS, cluster.scheduler_address) as workers:
        future = workers.submit(_end_first_time, str(tmp_path / "marker"))
        assert [answer for _, answer in workers.answers({future: [1]})] == [7]
    assert _run(folder, tmp_path / "out", scheme, cluster.scheduler_address)["departments"]


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_told(folder: Path, scheme: Scheme, tmp_path: Path) -> None:
    from perfxl.errors import UsageError

    with pytest.raises(UsageError, match="连不上调度器"):
        _run(folder, tmp_path / "out", scheme, "tcp://127.0.0.1:1")
    assert not (tmp_path / "out" / "run.json").exists()
