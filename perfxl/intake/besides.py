"""Gathers what a workbook holds beside the fields of the template, so that a copy to mend can bring it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from perfxl.decimals import from_float
from perfxl.intake.cells import Cells
from perfxl.intake.locate import Located
from perfxl.intake.overtyped import Overtyped
from perfxl.layout import Layout
from perfxl.layout.grid import MARK
from perfxl.layout.sheets import BESIDES, COVER, META, REVIEW
from perfxl.references import column_letters
from perfxl.submission.besides import (
    ASIDE,
    BESIDE,
    BOX,
    CELL,
    COMMENT,
    KEY,
    KIND,
    NOTE_KEY,
    OVER,
    SHEET,
    TEXT,
    Besides,
    Note,
    OwnSheet,
)
from perfxl.submission.values import as_written
from perfxl.text import fold, is_blank, without_invisible
from perfxl.workbook.number_format import as_displayed
from perfxl.workbook.parts import HIDDEN, VISIBLE
from perfxl.workbook.sheet_cells import Raw, Rows, SheetCells

MOST_NOTES, MOST_SHEETS, MOST_CELLS, LONGEST = 300, 10, 3_000, 2_000
"""More than that nobody mends by hand; what is beyond is told."""
OWN_MARKS = ("错误：", "警告：", "提示：")
"""What the comments of a copy to mend begin with, whose author has its name."""


def besides_of(cells: Cells, located: Located, over: Iterable[Overtyped] = ()) -> Besides | None:
    """What the workbook holds beside its fields; None where there is nothing. over: what was typed over formulas."""
    notes = [*_notes(cells, located), *(_over(item, cells) for item in over)]
    sheets, left_out = _own_sheets(cells)
    left_out += _drawn(cells)
    if len(notes) > MOST_NOTES:
        left_out.append(f"批注和表外文字共 {len(notes)} 条，只列出前 {MOST_NOTES} 条")
    found = Besides(tuple(dict.fromkeys(notes))[:MOST_NOTES], tuple(sheets), tuple(left_out))
    return found if any(found) else None


def _notes(cells: Cells, located: Located) -> Iterator[Note]:
    for title, rows in cells.others.items():
        if fold(title) == fold(BESIDES):
            yield from _listed_before(rows)
    for sheet in cells.sheets:
        if sheet in cells.layout.sheets:
            yield from _around(sheet, cells)
    for aside in located.asides:
        row = cells.sheets[aside.place.sheet][aside.place.row]
        text = "　".join(shown for raw in row[1:] if (shown := _text(raw)))
        yield Note(cells.titles[aside.place.sheet], aside.place.cell, ASIDE, text[:LONGEST])
    for title, comments in cells.package.comments.items():
        for cell, author, text in comments:
            shown = without_invisible(text).strip()
            if shown and not (author in ("", REVIEW) and shown.startswith(OWN_MARKS)):
                yield Note(title, cell, COMMENT, shown[:LONGEST])
    for title, drawings in cells.package.drawings.items():
        for cell, text in drawings.boxes:
            if shown := without_invisible(text).strip():
                yield Note(title, cell, BOX, shown[:LONGEST])


def _over(item: Overtyped, cells: Cells) -> Note:
    right = f"（按公式应为 {item.expected}）" if item.is_number else ""
    return Note(cells.titles[item.sheet], item.cell, OVER, f"{item.text[:LONGEST]}{right}")


def _listed_before(rows: Rows) -> Iterator[Note]:
    """The lines of a copy that was sent back mended: what an earlier workbook held."""
    for row in rows:
        texts = [_text(raw) for raw in row[: TEXT + 1]]
        if len(texts) > TEXT and texts[KEY] == NOTE_KEY and texts[TEXT]:
            yield Note(texts[SHEET], texts[CELL], texts[KIND], texts[TEXT][:LONGEST])


def _around(sheet: str, cells: Cells) -> Iterator[Note]:
    """What stands beside the tables of a sheet, between them, or below the last of them."""
    rows, formulas = cells.sheets[sheet], cells.content(sheet).formulas
    last_row, last_col = cells.layout.once(_ends, sheet)
    lines, free_from = cells.layout.once(_free, sheet)
    heads = {column.key for block in cells.layout.sheet_blocks(sheet) for column in block.columns}
    # From below: the last key is near the end.
    keys = (number for number in range(len(rows) - 1, -1, -1) if rows[number] and not is_blank(rows[number][0]))
    keyed = next(keys, last_row)
    end = last_col + 1
    for row in rows:
        # Headings may have been moved to the right; what was pasted into the hidden row of their keys is none.
        if len(row) > end and isinstance(row[0], str) and row[0].startswith(MARK):
            end = max((col + 1 for col in range(end, len(row)) if row[col] in heads), default=end)
    moved, shift = end > last_col + 1, 0
    for number, row in enumerate(rows):
        below = number > keyed
        if below:
            shift, beside = keyed - last_row, 1
        else:
            if row and (known := lines.get(row[0] if isinstance(row[0], str) else "")) is not None:
                shift = number - known
            beside = end if moved else min(free_from.get(number - shift, end), end)
        for col in range(beside, len(row)):
            raw = row[col]
            if raw is None or raw == "":
                continue
            # A formula within the width of the tables is the template's.
            text = "" if not below and col < end and (number, col) in formulas else _text(raw)
            if text:
                spot = (number - shift, col)
                yield Note(sheet, f"{column_letters(col)}{number + 1}", BESIDE, text[:LONGEST], spot)


def _ends(layout: Layout, sheet: str) -> tuple[int, int]:
    """The last row with a key and the last column of a sheet of the template."""
    blocks = layout.sheet_blocks(sheet)
    row = max(block.next_row if block.open else block.last_row for block in blocks)
    return row, max(max(block.columns[-1].col, block.wide_to or 0) for block in blocks)


def _free(layout: Layout, sheet: str) -> tuple[Mapping[str, int], Mapping[int, int]]:
    """The row of each key of a sheet, and by row the first column that no table has: all of it between two tables."""
    blocks = sorted(layout.sheet_blocks(sheet), key=lambda block: block.title_row)
    keys: dict[str, int] = {}
    free: dict[int, int] = {}
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        keys |= {f"{MARK}{block.key}": block.key_row} | {line.key: line.row for line in block.lines}
        beyond = max(block.columns[-1].col, block.wide_to or 0) + 1
        free |= dict.fromkeys(range(block.key_row, block.last_row + 1), beyond)
        if after is not None:
            free |= dict.fromkeys(range(block.next_row, after.title_row), 1)
    return keys, free


def _own_sheets(cells: Cells) -> tuple[list[OwnSheet], list[str]]:
    """The visible sheets that are none of the template's, and what of them is left out."""
    found: list[OwnSheet] = []
    left_out: list[str] = []
    ours = {fold(name) for name in (COVER, META, REVIEW, BESIDES)}
    for title, rows in cells.others.items():
        if fold(title) in ours or not any(map(len, rows)):
            continue
        state = cells.states.get(title, VISIBLE)
        if state == HIDDEN:
            left_out.append(f"隐藏的工作表“{title[:31]}”没有带出")
        if state != VISIBLE:
            continue
        if len(found) == MOST_SHEETS:
            left_out.append(f"附加的工作表多于 {MOST_SHEETS} 张，“{title[:31]}”没有带出")
            continue
        seen = list(_seen(rows, cells.package.sheets[title]))
        if len(seen) > MOST_CELLS:
            left_out.append(f"工作表“{title[:31]}”有内容的单元格 {len(seen)} 个，只带出前 {MOST_CELLS} 个")
        if seen:
            found.append(OwnSheet(title, tuple(seen[:MOST_CELLS])))
    return found, left_out


def _drawn(cells: Cells) -> Iterator[str]:
    """What lies above the cells and is no text, which no copy brings back, and sheets that are a chart."""
    for title, drawings in cells.package.drawings.items():
        counts = ((drawings.pictures, "图片"), (drawings.others, "图表"))
        if counted := "、".join(f"{kind} {count} 个" for count, kind in counts if count):
            yield f"工作表“{title[:31]}”中的{counted}没有带出"
        if drawings.many:
            yield f"工作表“{title[:31]}”上的图形太多，没有带出"
    yield from (f"图表工作表“{title[:31]}”没有带出" for title in cells.package.charts)


def _seen(rows: Rows, content: SheetCells) -> Iterator[tuple[int, int, Decimal | str]]:
    for number, row in enumerate(rows):
        for col, raw in enumerate(row):
            if is_blank(raw):
                continue
            if isinstance(raw, float) and not isinstance(raw, bool):
                look = content.looks.get((number, col))
                shown = as_displayed(from_float(raw), look.code) if look is not None and not look.date else None
                yield number, col, (shown.text if shown is not None and shown.text else from_float(raw))
            elif text := _text(raw):
                yield number, col, text[:LONGEST]


def _text(raw: Raw) -> str:
    return "" if raw is None or is_blank(raw) else without_invisible(as_written(raw)).strip()
