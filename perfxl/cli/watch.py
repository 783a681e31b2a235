"""`perfxl watch`: checks what comes into a folder and keeps the results up to date."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from perfxl.cli.at_hand import FOLDER
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.run import prepared, run, status_of
from perfxl.cli.stages import is_monitoring, usual_output
from perfxl.cli.terminal import for_screen
from perfxl.cli.verdict import ways
from perfxl.status import Status

_COLOURS = {Status.RETURNED: "yellow", Status.REJECTED: "red", Status.SCORED: "green"}
_BAR = 60
"""Columns of the line that says how far a run is."""

_shared = {"folder", "output", *inspect.signature(prepared).parameters}
_poll = click.Option(
    ["--poll"], is_flag=True, help="每隔一两秒查看一次，不等系统通知；网络文件夹会自动这样做，认不出来时用它"
)


@click.command(cls=ChineseCommand, params=[*(item for item in run.params if item.name in _shared), _poll])
def watch(folder: Path, output: Path | None, poll: bool, **given: Any) -> int:
    """自动检查文件夹（默认 input）：放进一个工作簿就检查一个，几秒钟没有新的变化就更新 output 里的汇总。

    每个变化显示一行，直到按 Ctrl+C 停止。没有传完的文件会等它传完；名单、方案有改动时也会更新。
    输入文件不会被改动，结果与 perfxl run 相同。

    结束状态与最后一次更新相同：0 全部评分；3 有退回或无法受理的；2 用法、方案或名单有错；1 其他错误。
    """
    from perfxl.errors import UsageError
    from perfxl.run.lock import only_watch
    from perfxl.watching.network import is_remote
    from perfxl.watching.renewing import Plan
    from perfxl.watching.watcher import Watched, Watcher

    if is_monitoring(given["stage"]):
        raise UsageError("自动检查用于自评和目标申报；运行监控请用 perfxl monitor")
    output = output or usual_output(given["stage"])

    def planning(say: Callable[[str], None]) -> Plan:
        return Plan(*prepared(folder, output, **given, say=say))

    screen = _Screen()
    remote = not poll and is_remote(folder)
    watched = Watched(folder, output, FOLDER, list(_named(given)), planning, poll=poll or remote)
    watcher = Watcher(watched, screen)
    how = "网络文件夹，每隔一两秒查看一次；" if remote else ""
    with contextlib.suppress(KeyboardInterrupt), only_watch(output):
        screen.say(f"开始自动检查“{folder}”，结果在“{output}”。{how}按 Ctrl+C 停止。")
        watcher.watch()
    again = f"请再启动一次，或{ways().do('perfxl run')}"
    behind = f"；最后的变化还没有进入汇总，{again}" if watcher.behind else ""
    screen.end(f"已停止自动检查{behind}。")
    return watcher.renewal.exit_status or status_of(watcher.renewal.statuses)


def _named(given: dict[str, Any]) -> Iterator[Path]:
    """The files of the bureau's that options name, wherever they stand."""
    for name in ("scheme_sources", "roster", "accept", "official", "reviews"):
        value = given[name]
        for one in value if isinstance(value, tuple) else [value]:
            if one is not None and Path(one).exists():
                yield Path(one)


class _Screen:
    """Lines with the time, and on a terminal colours and a line that says how far a run is."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._shown = False

    def say(self, line: str, status: Status | None = None) -> None:
        """See `Screen`."""
        self._clear()
        line = for_screen(f"{datetime.now():%H:%M:%S} {line}").replace("\n", " ")
        colour = _COLOURS.get(status) if status and self._terminal else None
        click.echo(click.style(line, fg=colour) if colour else line)
        # Who reads a pipe or a file of it reads along.
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()

    def busy(self, stage: str, done: int, total: int) -> None:
        """See `Screen`."""
        if self._terminal:
            self._clear()
            click.echo(f"正在更新汇总：{stage} {done}/{total}", nl=False)
            self._shown = True

    def end(self, line: str) -> None:
        """The last line, below what a terminal shows of Ctrl-C."""
        self._clear()
        if self._terminal:
            click.echo()
        self.say(line)

    def _clear(self) -> None:
        if self._shown:
            click.echo(f"\r{' ' * _BAR}\r", nl=False)
            self._shown = False
