"""`perfxl status`: where a year's folder stands and what comes next."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.terminal import echo, for_screen
from perfxl.cli.verdict import ways

_NEXT = "下一步"
_LINES_AND_BLANKS = 7
"""Columns of a table of two columns that hold no text."""


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="[文件夹]", default=".", type=click.Path(path_type=Path))
def status(folder: Path) -> int:
    """看一个年度的文件夹到了哪一步：谁报了、谁逾期报送、谁被退回、谁复核了，结果由什么算出，运行后改了什么，下一步做什么。

    文件夹里是这一年的 input、output 和 workbook_templates，默认是当前文件夹。只读，不写任何文件。
    """
    from datetime import datetime

    from perfxl.errors import UsageError
    from perfxl.yearfolder.state import state_of

    if not folder.is_dir():
        raise UsageError(f"没有文件夹“{folder}”。请写这一年的文件夹，其中有 input、output 和 workbook_templates")
    state = state_of(folder, datetime.now().astimezone().date(), ways())
    if not sys.stdout.isatty():
        for heading, words in state.lines:
            echo(f"{heading}：{words}")
        echo(f"下一步：{state.following}。")
        return 0
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    table = Table(show_header=False, expand=True)
    # The headings whole, however narrow the window is.
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    headings = [*(heading for heading, _ in state.lines), _NEXT]
    room = console.width - max(map(cell_len, headings)) - _LINES_AND_BLANKS
    for heading, words in state.lines:
        # As texts: square brackets of a department are no markup.
        table.add_row(Text(heading), Text(_folded(for_screen(words), room)))
    table.add_section()
    table.add_row(Text(_NEXT, style="bold"), Text(_folded(for_screen(state.following), room), style="bold"))
    console.print(table)
    return 0


def _folded(text: str, room: int) -> str:
    """Lines as full as they can be: between blanks there are whole sentences in Chinese, and none would fit a line."""
    from rich.cells import cell_len

    lines, width = [""], 0
    for sign in text:
        own = cell_len(sign)
        if width + own > max(room, 2) and lines[-1]:
            lines.append("")
            width = 0
        lines[-1] += sign
        width += own
    return "\n".join(line.strip() for line in lines)
