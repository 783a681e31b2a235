"""A copy of a faulty scheme workbook in which every fault is marked in its cell and can be clicked to.

The workbook itself is never changed: the clerk mends it there and has it checked again.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from perfxl.errors import Fault
from perfxl.palette import ACCENT, ALERT_FILL, FONT, HEAD, INK, LINE, MUTED, ON_HEAD

RESULT_SHEET = "检查结果"
_CELL = re.compile(r"^工作表“(.+)”单元格 ([A-Z]{1,3})(\d+)$")
_ROW = re.compile(r"^工作表“(.+)”第 (\d+) 行$")
_SHEET = re.compile(r"^工作表“(.+)”$")
_MOST = 2000  # faults that are marked
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FONT = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
"""What a font has, in the order of the standard."""
_COLUMNS = (("序号", 6), ("位置（点击跳转）", 30), ("有什么问题", 62), ("怎样改", 62))


def copy_name(path: Path) -> Path:
    """Where the copy of a workbook goes: beside it."""
    return path.with_name(f"{path.stem}（{RESULT_SHEET}）.xlsx")


def target_of(place: str, sheets: Sequence[str]) -> tuple[str, str] | None:
    """Sheet and cell that a fault's place speaks of; None where it is about the file."""
    if match := _CELL.match(place):
        sheet, cell = match[1], f"{match[2]}{match[3]}"
    elif match := _ROW.match(place):
        sheet, cell = match[1], f"A{match[2]}"
    elif match := _SHEET.match(place):
        sheet, cell = match[1], "A1"
    else:
        return None
    return (sheet, cell) if sheet in sheets else None


def checked_copy(data: bytes, faults: Sequence[Fault], name: str) -> bytes:
    """The workbook with a first sheet that links every fault to its cell, and with these cells marked.

    name: of the workbook that was checked. To be called where a foreign file can do no harm.
    """
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    if RESULT_SHEET in book.sheetnames:
        del book[RESULT_SHEET]
    told: dict[tuple[str, str], list[Fault]] = {}
    sheet = book.create_sheet(RESULT_SHEET, 0)
    _head(sheet, name, len(faults))
    for number, fault in enumerate(faults[:_MOST], 1):
        target = target_of(fault.place, book.sheetnames)
        _line(sheet, number, fault, target)
        if target is not None:
            told.setdefault(target, []).append(fault)
    _mark(book, told)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0
    buffer = io.BytesIO()
    book.save(buffer)
    return _fonts_in_order(buffer.getvalue())


def _fonts_in_order(data: bytes) -> bytes:
    """A workbook of openpyxl, which writes what a font has in another order than the standard wants."""
    from xml.etree import ElementTree

    ElementTree.register_namespace("", _SPREADSHEET.strip("{}"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "xl/styles.xml":
                root = ElementTree.fromstring(part)
                for font in root.iter(f"{_SPREADSHEET}font"):
                    font[:] = sorted(font, key=lambda item: _FONT.index(item.tag.removeprefix(_SPREADSHEET)))
                part = ElementTree.tostring(root, "UTF-8", xml_declaration=True)
            new.writestr(entry, part)
    return buffer.getvalue()


def _plain(colour: str) -> str:
    """A colour as openpyxl writes it."""
    return colour.removeprefix("#")


def _head(sheet: Any, name: str, count: int) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    side = Side(style="thin", color=_plain(LINE))
    sheet["A1"] = f"“{name}”有 {count} 处错误"
    sheet["A1"].font = Font(name=FONT, size=14, bold=True, color=_plain(ACCENT))
    sheet["A2"] = "点击“位置”跳到出错的单元格，那里已用红色标出。这是副本：请在原文件中改正，保存后再检查一次。"
    sheet["A2"].font = Font(name=FONT, size=10, color=_plain(MUTED))
    for at, (heading, width) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(3, at, heading)
        cell.font = Font(name=FONT, size=10, bold=True, color=_plain(ON_HEAD))
        cell.fill = PatternFill("solid", fgColor=_plain(HEAD))
        cell.alignment = Alignment(horizontal="center", vertical="center")
        cell.border = Border(side, side, side, side)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A4"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"


def _line(sheet: Any, number: int, fault: Fault, target: tuple[str, str] | None) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.worksheet.hyperlink import Hyperlink

    from perfxl.scheme.workbook_looks import height

    side, row = Side(style="thin", color=_plain(LINE)), number + 3
    for at, text in enumerate((number, fault.place, fault.what, fault.advice), 1):
        cell = sheet.cell(row, at)
        cell.value = text
        if isinstance(text, str):
            # A text that begins with = stays a text.
            cell.data_type = "s"
        linked = at == 2 and target is not None
        cell.font = Font(
            name=FONT, size=10, color=_plain(ACCENT if linked else INK), underline="single" if linked else None
        )
        cell.alignment = Alignment(horizontal="center" if at == 1 else "left", vertical="center", wrap_text=True)
        cell.border = Border(side, side, side, side)
    if target is not None:
        cell = sheet.cell(row, 2)
        title = target[0].replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{target[1]}", display=fault.place)
    texts = ((fault.place, 30), (fault.what, 62), (fault.advice, 62))
    sheet.row_dimensions[row].height = 2 + height(texts)


def _mark(book: Any, told: Mapping[tuple[str, str], Sequence[Fault]]) -> None:
    """Marks the cells red, and says in a note on each what is wrong there."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for (title, place), faults in told.items():
        cell = book[title][place]
        if hasattr(cell, "column_letter"):  # no cell inside a merged one
            cell.fill = PatternFill("solid", fgColor=_plain(ALERT_FILL))
            words = "\n".join(f"{fault.what}。{fault.advice}。" for fault in faults)
            cell.comment = Comment(words, "perfxl", width=320, height=60 + 18 * (len(words) // 22))
