"""Checks of what a workbook holds and nobody sees: hidden rows, columns and text, values under merged cells."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit_on_file
from perfxl.intake.submission_tables import Tables
from perfxl.layout import Place
from perfxl.submission.values import as_written
from perfxl.text import is_blank
from perfxl.workbook.sheet_cells import SheetCells


@check(
    "W117",
    Severity.WARNING,
    "填报内容看不见",
    message="“{sheet}”的 {cell}{more}填有内容，但{why}，打开文件时看不见",
    advice="请取消隐藏或改正颜色，核对内容后保存；内容已照常读取",
)
def unseen(tables: Tables) -> Iterator[Hit]:
    """Fields filled in a hidden row or column, or in the colour of their ground: one line a sheet and reason."""
    for file, submission in tables.submissions.items():
        found: dict[tuple[str, str], list[Place]] = {}
        for why, place in submission.unseen:
            found.setdefault((place.sheet, why), []).append(place)
        for (proper, why), places in found.items():
            first = min(places, key=lambda place: (place.row, place.col))
            more = f" 等 {len(places)} 格" if len(places) > 1 else " "
            yield hit_on_file(file, sheet=submission.cells.titles[proper], cell=first.cell, more=more, why=why)


@check(
    "W118",
    Severity.WARNING,
    "合并单元格下面有内容",
    message="“{sheet}”的 {cell}{more}在合并单元格里，下面还留有“{value}”，打开文件时看不见，没有读取",
    advice="请取消合并，核对后删去多余的内容",
)
def under_merged(tables: Tables) -> Iterator[Hit]:
    """Cells of merged ranges that are not their first and still hold something: one line a sheet."""
    for file, submission in tables.submissions.items():
        for proper, title in submission.cells.titles.items():
            left = list(_left_under(submission.cells.content(proper)))
            if left:
                row, col = min(left)
                more = f" 等 {len(left)} 格" if len(left) > 1 else " "
                value = as_written(submission.cells.sheets[proper][row][col])
                yield hit_on_file(file, sheet=title, cell=Place(title, row, col).cell, value=value, more=more)


def _left_under(sheet: SheetCells) -> Iterator[tuple[int, int]]:
    rows = sheet.rows
    for (top, left), (bottom, right) in sheet.merged:
        for number in range(top, min(bottom + 1, len(rows))):
            first = left + 1 if number == top else left
            below = rows[number][first : right + 1]
            if below.count(None) < len(below):
                for col, content in enumerate(below, first):
                    if not is_blank(content):
                        yield number, col
