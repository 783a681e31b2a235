"""Progress for people: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from perfxl.cli.terminal import echo

_FASTEST = 5000
"""Workbooks or documents a second that no machine makes."""

Progress = Callable[[str, int, int], None]


@contextmanager
def progress() -> Iterator[Progress]:
    """A function (stage, done, total) that shows how far the work is."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


def _lines() -> Progress:
    told: dict[str, int] = {}

    def show(stage: str, done: int, total: int) -> None:
        tenth = done * 10 // total if total else 10
        if stage not in told or tenth > told[stage]:
            told[stage] = tenth
            echo(f"{stage}：{done}/{total}", err=True)

    return show


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"), TextColumn("剩余"), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total, speed="")
            task = next(item for item in bar.tasks if item.id == tasks[stage])
            # What is told at once, because it was done elsewhere, has no speed.
            speed = f"{task.speed:.0f} 份/秒" if task.speed and task.speed < _FASTEST else ""
            bar.update(tasks[stage], completed=done, total=total, speed=speed)

        yield show
