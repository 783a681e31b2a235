"""What a department's workbook held beside the fields, in the copy that goes back: 原表其他内容, and its own sheets."""

from __future__ import annotations

from decimal import Decimal

from perfxl.layout.sheets import BESIDES
from perfxl.submission.besides import CELL, KEY, KIND, NOTE_KEY, NUMBER, SHEET, TEXT, Besides, OwnSheet
from perfxl.template.paper import MARGIN
from perfxl.template.printed import page
from perfxl.template.sheet import Sheet
from perfxl.template.styles import BODY_SIZE
from perfxl.template.text_height import row_height, units
from perfxl.xlsx.paper import points_wide, printable

_WIDTHS = {KEY: 1.5, NUMBER: 6, SHEET: 14, CELL: 10, KIND: 12, TEXT: 88}
_HEADINGS = {NUMBER: "序号", SHEET: "工作表", CELL: "单元格", KIND: "类别", TEXT: "内容"}
_HEAD = 3
_NARROWEST, _WIDEST = 8.0, 40.0
UNSET = 9.0
"""The width of a column that has none of its own."""


def write_besides(sheet: Sheet, besides: Besides) -> None:
    """Writes the list: comments and texts that have no cell of their own in the template."""
    sheet.set_widths(_WIDTHS)
    sheet.xl.set_column(KEY, KEY, 4, None, {"hidden": True})
    sheet.title(BESIDES, TEXT, height=33)
    words = [
        "原报送文件中的批注、文本框、表格以外的文字、表格中不属于填报内容的行，以及写在公式单元格里的内容（公式已恢复），照录如下，供修改时对照；“单元格”是在原文件中的位置。",
        "附加的工作表（只有内容，没有公式）排在本表之后。" if besides.sheets else "",
        f"{'；'.join(besides.left_out)}，请对照原文件。" if besides.left_out else "",
    ]
    about = "".join(words)
    sheet.text(1, NUMBER, about, "note", to=TEXT)
    sheet.height(1, row_height([(about, sheet.span(NUMBER, TEXT))], 24))
    sheet.height(2, 6)
    for col, heading in _HEADINGS.items():
        sheet.text(_HEAD, col, heading, "head")
    sheet.height(_HEAD, 25)
    row = _HEAD
    for row, note in enumerate(besides.notes, _HEAD + 1):
        sheet.xl.write_string(row, KEY, NOTE_KEY, sheet.book.styles("key"))
        sheet.number(row, NUMBER, Decimal(row - _HEAD), "label", align="center")
        for col, text in ((SHEET, note.sheet), (CELL, note.cell), (KIND, note.kind)):
            sheet.text(row, col, text, "label", align="center")
        sheet.text(row, TEXT, note.text)
        sheet.height(row, row_height([(note.text, sheet.span(TEXT)), (note.sheet, sheet.span(SHEET))], 22))
    if not besides.notes:
        row += 1
        sheet.text(row, NUMBER, "没有批注和表外文字。", "label", to=TEXT)
    sheet.xl.freeze_panes(_HEAD + 1, 0)
    sheet.xl.hide_gridlines(2)
    sheet.protect()
    sheet.xl.print_area(0, NUMBER, row, TEXT)
    page(sheet, landscape=True)
    sheet.xl.repeat_rows(_HEAD, _HEAD)


def write_own(sheet: Sheet, own: OwnSheet) -> None:
    """Writes a sheet that the department added: what was seen in each of its cells, where it was."""
    widths: dict[int, float] = {}
    for _, col, value in own.cells:
        text = max(str(value).split("\n"), key=units)
        widths[col] = min(max(widths.get(col, _NARROWEST), units(text) + 2.5), _WIDEST)
    sheet.set_widths(widths)
    heights: dict[int, list[tuple[str, float]]] = {}
    for row, col, value in own.cells:
        heights.setdefault(row, []).append((str(value), widths[col]))
        if isinstance(value, Decimal):
            sheet.number(row, col, value, "label", locked=False)
        else:
            sheet.text(row, col, value, "label", locked=False)
    for row, texts in heights.items():
        sheet.height(row, row_height(texts, 18))
    last = max(row for row, *_ in own.cells), max(col for _, col, _ in own.cells)
    sheet.xl.print_area(0, 0, *last)
    shown = [widths.get(col, UNSET) for col in range(last[1] + 1)]
    space = printable(landscape=True, margins=2 * MARGIN, size=BODY_SIZE)
    page(sheet, landscape=True, beside=points_wide(shown) > space)


def sheet_titles(besides: Besides | None) -> list[str]:
    """The names of the sheets that are added for it, in their order."""
    return [] if besides is None else [BESIDES, *(own.title for own in besides.sheets)]
