"""`perfxl check`: findings only, nothing written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.at_hand import at_hand, scheme_option
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.status import PARTLY_DONE
from perfxl.cli.terminal import echo, for_screen
from perfxl.status import Status

if TYPE_CHECKING:
    from perfxl.intake.discover import Found
    from perfxl.run.chunk import Scored


@click.command(cls=ChineseCommand)
@click.argument("paths", metavar="工作簿或文件夹...", nargs=-1, type=click.Path(path_type=Path))
@scheme_option
@click.option("--list", "list_all", is_flag=True, help="列出全部检查项目，不检查文件")
def check(paths: tuple[Path, ...], scheme_sources: tuple[str, ...], list_all: bool) -> int:
    """检查填好的工作簿，列出问题所在的工作表和单元格，不写任何文件。

    部门报送前可以自己检查。结束状态：0 没有错误；3 有错误。
    """
    from perfxl.errors import UsageError
    from perfxl.processes import Pool
    from perfxl.run.chunk import process_apart
    from perfxl.scheme.stages import stage_schemes
    from perfxl.workbook.limits import Limits

    if list_all:
        _list_checks()
        return 0
    if not paths:
        raise UsageError("请写上要检查的工作簿或文件夹")
    # Whatever stage of the year a workbook is of, it is checked as that.
    schemes = stage_schemes(at_hand(scheme_sources).schemes)
    found = list(_found(paths))
    faulty = False
    with Pool(1) as pool:
        for start in range(0, len(found), 16):
            for scored in process_apart(pool, found[start : start + 16], schemes, Limits()):
                _show(scored)
                faulty = faulty or scored.record.status in (Status.REJECTED, Status.RETURNED)
    return PARTLY_DONE if faulty else 0


def _list_checks() -> None:
    from perfxl.checks.listing import all_checks, plain_words

    for item in all_checks():
        echo(f"{item.code}  {item.severity.label}  {item.title}")
        echo(f"      {plain_words(item.message)}。{plain_words(item.advice)}。")


def _found(paths: tuple[Path, ...]) -> Iterator[Found]:
    from perfxl.errors import UsageError
    from perfxl.intake.discover import Found, discover
    from perfxl.workbook.limits import Limits

    for path in paths:
        if path.is_dir():
            for item in discover(path, Limits()):
                if item.report:
                    echo(f"{item.shown}：自评报告，由 perfxl run 与工作簿核对。")
                elif item.ignored_because:
                    echo(f"{item.shown}：已忽略。{item.ignored_because}。")
                else:
                    yield item
        elif path.exists():
            yield Found(path, path.as_posix())
        else:
            raise UsageError(f"没有文件“{path}”。请检查路径")


def _show(scored: Scored) -> None:
    from perfxl.checks.finding import by_severity

    result = scored.result
    head = scored.record.path
    if result is not None:
        provisional = "暂定" if scored.record.status == Status.RETURNED else ""
        head += f"  {result.name}"
        # Before the self-review nothing is scored.
        head += f"  {provisional}得分 {result.total} {result.grade}" if not result.stage else f"  {result.stage}"
    echo(head)
    if not scored.findings:
        echo(f"  {scored.record.reason or '没有发现问题'}。")
        return
    if not sys.stdout.isatty():
        for item in by_severity(scored.findings):
            place = f"{item.sheet} {item.cell}".strip()
            echo(f"  {item.severity.label} {item.code}  {place}  {item.message}。{item.advice}。")
        return
    _show_table(scored)


def _show_table(scored: Scored) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from perfxl.checks.finding import by_severity

    table = Table(show_lines=False, expand=True)
    for heading, ratio in (("级别", 1), ("代码", 1), ("位置", 3), ("问题", 8), ("处理意见", 8)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    colours = {"error": "bold red", "warning": "yellow", "info": "dim"}
    for item in by_severity(scored.findings):
        words = (item.severity.label, item.code, f"{item.sheet} {item.cell}".strip(), item.message, item.advice)
        # As texts: square brackets of a department are no markup.
        table.add_row(*(Text(for_screen(word)) for word in words), style=colours[item.severity.value])
    Console().print(table)
