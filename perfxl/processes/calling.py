"""One call in a bounded process, which is kept for the next: for the few files that are read one at a time."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from perfxl.errors import UsageError
from perfxl.processes.worker import Done, Lost, LostError, Tell, Worker, wait_for

Answer = TypeVar("Answer")
CALL_SECONDS = 60.0
"""As long as a workbook may take."""
_kept: list[Worker] = []
_place: list[Path] = []
"""Where the kept process stands, as this one did when it began: paths that a person writes are meant from there."""


def call(function: Callable[..., Answer], *arguments: Any, seconds: float = CALL_SECONDS) -> Answer:
    """What a function of a module gives back in a process of its own, bounded in memory.

    Raises what it raises where that is a PerfxlError, LostError where it fails otherwise, dies or takes too long.
    """
    here = Path.cwd()
    if _place != [here]:
        end_calling()
        _place[:] = [here]
    worker = _kept.pop() if _kept else Worker()
    worker.send([(_APPLY, pickle.dumps(partial(function, *arguments)))], 0, seconds)
    try:
        while True:
            for _, event in wait_for([worker]):
                if isinstance(event, Lost):
                    raise LostError(event.why)
                worker.busy = False
                _kept.append(worker)
                if isinstance(event, Done):
                    answer: Answer = event.answer
                    return answer
                raise event.told or LostError(event.lost.why)
    finally:
        if worker.busy:
            worker.kill()


def told_of(file: Path | str, function: Callable[..., Answer], *arguments: Any) -> Answer:
    """A call about one file that the command needs: where its process is lost, a UsageError names the file."""
    try:
        return call(function, *arguments)
    except LostError as error:
        raise UsageError(f"“{file}”不能用：{error}。请用 Excel 或记事本打开核对，另存后重试") from error


def end_calling() -> None:
    """Ends the process that is kept; the next call starts another."""
    while _kept:
        _kept.pop().kill()


def _apply(done: Callable[[], Any], tell: Tell) -> Any:
    return done()


_APPLY = pickle.dumps(_apply)
