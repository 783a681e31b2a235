"""Work in processes that may be lost: whose fault it was is found, and nobody else pays for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from perfxl.errors import Fault, ListError, PerfxlError, UsageError
from perfxl.processes import Lost, LostError, Pool, bounds, call, told_of
from perfxl.processes.worker import Tell
from perfxl.workbook.limits import Limits

KINDS = pytest.mark.parametrize(
    "kind", [{}, {"fresh": True}, {"watched": True}], ids=lambda kind: "".join(kind) or "usual"
)
SECONDS = 6.0
END, WAIT, EAT, RAISE, COMMON = "ends", "waits", "eats", "raises", "ends when all are in"


def eat() -> None:
    """Takes memory until somebody does something about it; what is only promised counts where the system bounds it."""
    held = [bytes(3_000_000_000)]
    while True:
        held.append(b"x" * 20_000_000)


DEEDS: dict[str, Callable[[], object]] = {
    END: os.abort, WAIT: lambda: time.sleep(1_000), EAT: eat, RAISE: lambda: 1 // 0,
}  # fmt: skip


def doubled(items: Sequence[Any], tell: Tell) -> list[tuple[Any, int]]:
    """Twice each number, with the process that did it; a word does what it says."""
    done = []
    for number, item in enumerate(items):
        tell(number)
        log(item)
        if item in DEEDS:
            DEEDS[item]()
        done.append((item * 2, os.getpid()))
    tell(len(items))
    if COMMON in items:
        os.abort()
    return done


def log(item: object) -> None:
    """Every look at an item is written down, whatever becomes of the process."""
    if path := os.environ.get("LOOKS"):
        with Path(path).open("a") as file:
            file.write(f"{item}\n")


def run(chunks: Sequence[Sequence[Any]], size: int = 2, **kind: bool) -> tuple[list[Any], dict[Any, Lost]]:
    done: list[Any] = []
    lost: dict[Any, Lost] = {}
    with Pool(size, **kind) as pool:
        for items, answer in pool.map(doubled, chunks, SECONDS):
            if isinstance(answer, Lost):
                (item,) = items
                assert item not in lost
                lost[item] = answer
            else:
                assert [twice for twice, _ in answer] == [item * 2 for item in items]
                done += items
    return done, lost


def chunked(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


@KINDS
def test_only_the_guilty_are_lost(kind: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    # So that a slow machine passes it in time, where memory is looked at.
    monkeypatch.setattr(bounds, "MEMORY_BYTES", 100_000_000)
    items: list[Any] = list(range(60))
    guilty = {3: END, 17: WAIT, 29: EAT, 38: RAISE, 55: COMMON}
    for place, deed in guilty.items():
        items[place] = deed
    done, lost = run(chunked(items, 12), **kind)
    assert sorted(done) == [number for number in range(60) if number not in guilty]
    assert lost.keys() == set(guilty.values())
    for deed, words in (
        (END, "异常终止"),
        (COMMON, "异常终止"),
        (WAIT, "超过 6 秒（秒数）"),
        (EAT, "内存过多"),
        (RAISE, "ZeroDivisionError"),
    ):
        assert words in lost[deed].why, deed
    assert [deed for deed in lost if lost[deed].timed_out] == [WAIT]


def test_one_guilty_item_among_many_costs_its_prefix_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKS", str(tmp_path / "looks"))
    items: list[Any] = list(range(600))
    items[300] = END
    done, lost = run(chunked(items, 128))
    assert len(done) == 599 and list(lost) == [END]
    looks = (tmp_path / "looks").read_text().split("\n")[:-1]
    # Its chunk begins at 256.
    twice = sorted(int(item) for item in set(looks) if looks.count(item) > 1 and item != END)
    assert twice == list(range(256, 300))
    assert len(looks) == 600 + 44 + 1


def test_what_was_in_before_several_losses_goes_again_together() -> None:
    items: list[Any] = [0, 1, END, 3, 4, RAISE, 6, 7]
    chunks: list[list[Any]] = []
    with Pool(1) as pool:
        chunks += (list(part) for part, _ in pool.map(doubled, [items], SECONDS))
    assert sorted(chunks, key=str) == sorted([[6, 7], [0, 1, 3, 4], [END], [RAISE]], key=str)


def test_a_hanging_item_costs_its_time_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKS", str(tmp_path / "looks"))
    run([[1, WAIT, 2]], size=1)
    assert (tmp_path / "looks").read_text().split("\n").count(WAIT) == 1


def test_workers_are_kept_and_shared() -> None:
    with Pool(2) as pool:
        first = {pid for _, answer in pool.map(doubled, chunked(range(40), 4), SECONDS) for _, pid in answer}  # type: ignore[union-attr]
        pool.begin([os.getpid] * 5)
        assert {pid for _, pid in pool.finish()} == first
        assert len(first) == 2 and os.getpid() not in first


class Large:
    """Small here, and a million bytes in a pickle."""

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        return bytes, (b"x" * 1_000_000,)


def test_calls_wait_on_disk() -> None:
    with Pool(1) as pool:
        tracemalloc.start()
        pool.begin([partial(len, Large())] * 20)  # type: ignore[arg-type]
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert [answer for _, answer in pool.finish()] == [1_000_000] * 20
    # Two are on their way.
    assert held < 6_000_000


def test_calls_that_are_not_done_come_back() -> None:
    with Pool(2) as pool:
        pool.begin([os.getpid, os.getpid, os.abort, *[os.getpid] * 20])
        answers = dict(pool.finish())
        # What the lost worker had not begun, the other did.
        assert isinstance(answers.pop(2), Lost) and len(answers) == 22
        assert all(isinstance(answer, int) for answer in answers.values())
        pool.begin([os.abort, os.abort, *[os.getpid] * 20])
        answers = dict(pool.finish())
        assert len(answers) == 22 and all(isinstance(answer, Lost) for answer in answers.values())
        pool.begin([len])  # type: ignore[list-item]
        ((_, answer),) = pool.finish()
        assert isinstance(answer, Lost) and "TypeError" in answer.why


def test_whoever_is_free_gets_the_next_call() -> None:
    """Shared out in turns one worker would sleep six times and the other not once."""
    with Pool(2) as pool:
        calls: list[Callable[[], Any]] = [os.getpid, partial(_asleep, 0.3)] * 6
        pool.begin(calls)
        answers = dict(pool.finish())
        assert sorted(answers) == list(range(12))
        assert len({answers[number] for number in range(1, 12, 2)}) == 2


def test_calls_that_go_on_end_with_the_pool() -> None:
    before = threading.active_count()
    with Pool(2) as pool:
        pool.begin([partial(_asleep, 1_000)] * 8)
        processes = [worker.process.pid for worker in pool._workers]
    assert threading.active_count() == before
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process or 0, 0)


def test_no_call_and_one_call_are_begun_too() -> None:
    with Pool(2) as pool:
        pool.begin([])
        assert list(pool.finish()) == []
        pool.begin([os.getpid])
        assert len(list(pool.finish())) == 1


def _asleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


class Unreadable:
    """Comes apart when it arrives."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return os.abort, ()


def test_workers_that_never_begin_end_the_run() -> None:
    with Pool(1) as pool, pytest.raises(PerfxlError, match="启动不了"):
        list(pool.map(doubled, [[Unreadable()]], SECONDS))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
def test_memory_is_bounded_by_the_system() -> None:
    with pytest.raises(LostError, match="内存过多"):
        call(bytearray, 2 * bounds.MEMORY_BYTES)
    assert call(len, bytes(1_000)) == 1_000


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [(os.abort, (), "异常终止"), (time.sleep, (1_000,), "超过 1 秒"), (int, ("x",), "ValueError"),
     (eat, (), "内存过多")],
)  # fmt: skip
def test_a_call_that_is_lost_has_words(function: Callable[..., object], arguments: tuple[object], words: str) -> None:
    with pytest.raises(LostError, match=words):
        call(function, *arguments, seconds=1)
    with pytest.raises(UsageError, match=r"“表\.xlsx”不能用：.*另存后重试"):
        told_of("表.xlsx", os.abort)
    assert call(abs, -3) == 3


def fault() -> None:
    raise ListError("名录.xlsx", [Fault("第 3 行", "缺少", "请补上")])


def test_errors_with_words_come_back_as_themselves() -> None:
    with pytest.raises(ListError) as error:
        call(fault)
    assert error.value.faults == (Fault("第 3 行", "缺少", "请补上"),)


def test_the_process_of_a_call_is_kept() -> None:
    assert call(os.getpid) == call(os.getpid) != os.getpid()


CHILD = """
import os, sys, time
from perfxl.processes import Pool
def work(items, tell):
    tell(0)
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(1000)
if __name__ == "__main__":
    list(Pool(2).map(work, [[1], [2]], 1000))
"""


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # One that is dead and not yet fetched is gone too.
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_workers_end_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            workers = [int(parent.stdout.readline()) for _ in range(2)]
        finally:
            parent.kill()
    until = time.monotonic() + 20
    while not all(map(gone, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert all(map(gone, workers))


def test_the_limits_of_reading_and_of_a_call_agree() -> None:
    from perfxl.processes.calling import CALL_SECONDS

    assert Limits().seconds == CALL_SECONDS
