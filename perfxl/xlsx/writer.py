"""Which of the two writers writes: the quick one where it is known to be right, else the plain one.

The quick writer knows XlsxWriter's inner workings. With a version that changed them it would fail, or place a chart
wrong in silence, so it is used with the versions only that it is proved with (`.ci/run` does so), and after a look at
what it writes here.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

PROVED = ("3.3.0", "3.3.1")
"""The versions of XlsxWriter that the quick writer is proved with, oldest first; the project's pin allows these."""
SWITCH = "PERFXL_WRITER"
"""The environment variable that chooses the writer, `quick` or `plain`, for tests and for who tries a new version."""


class Choice(NamedTuple):
    """quick: which writer. notice: why not the quick one, in words for the user; empty where nobody needs to know."""

    quick: bool
    notice: str


def new_workbook(target: Path | BinaryIO, options: dict[str, Any], level: int | None = None) -> Any:
    """A workbook that is written to `target`, a path or an open file, when it is closed.

    options: XlsxWriter's. level: QUICK or COMPACT, which it is without. Closing raises OSError where the target cannot
    be written. Both kinds have the methods of XlsxWriter's workbook that set something, `add_page`, `add_long_page`,
    `add_form`, `style`, `shared_styles` and `new_chart` (`perfxl.xlsx.plain`), and their sheets have methods for each
    type of cell (`perfxl.xlsx.plain_sheet`).
    """
    from perfxl.deflate import COMPACT

    packing = COMPACT if level is None else level
    if choice().quick:
        from perfxl.xlsx.quick.workbook import FastWorkbook

        return FastWorkbook(target, options, packing)
    from perfxl.xlsx.plain import PlainWorkbook

    return PlainWorkbook(target, options, packing)


def choice() -> Choice:
    """The writer of this process, found out once for a version of XlsxWriter."""
    import xlsxwriter

    return _choice(xlsxwriter.__version__, os.environ.get(SWITCH, ""))


def notice() -> str:
    """What the user should know of how this process wrote its workbooks; empty where it wrote none."""
    return choice().notice if _choice.cache_info().currsize else ""


@cache
def _choice(version: str, asked: str) -> Choice:
    if asked in ("quick", "plain"):
        return Choice(asked == "quick", "")
    advice = f"安装经过验证的版本（pip install xlsxwriter=={PROVED[-1]}）后恢复原来的速度。"
    if version not in PROVED:
        return Choice(False, f"提示：XlsxWriter {version} 未经验证，改用较慢的方式写工作簿，结果相同。{advice}")
    if not _right():
        return Choice(False, f"提示：XlsxWriter {version} 与原版不同，改用较慢的方式写工作簿，结果相同。{advice}")
    return Choice(True, "")


def _right() -> bool:
    """Whether the quick writer writes a small workbook as the plain one does."""
    try:
        from perfxl.xlsx.self_check import differing_parts

        return not differing_parts()
    except Exception:  # whatever a changed library raises
        return False
