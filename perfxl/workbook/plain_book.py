"""A workbook of another format, written anew as the parts of a plain .xlsx, in the one way that every look here knows.

What stands in the cells is written as it came; a look at the parts is the next step, as for any other workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from perfxl.references import column_letters
from perfxl.text import CELL_TEXT
from perfxl.workbook.container import RESEND, damaged
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.plain_styles import MAIN, PLAIN, Look, Style, attribute_text, look_xml, styles_xml, xml_text
from perfxl.workbook.sheet_xml import too_far

Merge = tuple[int, int, int, int]
State = Literal["visible", "hidden", "veryHidden"]
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
"""Characters of a cell in Excel."""
MOST_SHEETS = 200
MOST_MERGED = 20_000
"""Of one sheet; ranges beyond have no meaning for a form."""
_OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROW = "\0"
"""Stands for the number of a row, and in no text, as XML has no place for it."""


NO_STYLE = Style()
Run = tuple[str, Look]


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell holds. kind: as in the XML, `n` number, `s` text, `b` truth, `e` error, empty for nothing.

    text: as it is written; of an error one of `ERRORS`. runs: the parts of a text with looks of their own. formula:
    None where there is none, without the leading `=`.
    """

    kind: Literal["n", "s", "b", "e", ""] = ""
    text: str = ""
    formula: str | None = None
    runs: Sequence[Run] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.text) or self.formula is not None


NOTHING = Value()


def sheet_too_many() -> RefusalError:
    """A workbook with more sheets than anyone looks at."""
    return RefusalError(f"工作表超过 {MOST_SHEETS} 个", RESEND, "F105")


def text_too_long(sheet: str, row: int, col: int) -> RefusalError:
    """A cell that holds more than Excel takes."""
    cell = f"{column_letters(col)}{row + 1}"
    return RefusalError(f"工作表“{sheet}”的单元格 {cell} 文字超过 {CELL_TEXT} 个字", RESEND, "F105")


class PlainSheet:
    """One sheet, written row by row, each from left to right."""

    def __init__(self, book: PlainBook, name: str) -> None:
        self.name = name
        self.state: State = "visible"
        self.hidden_columns: set[int] = set()
        self.merged: list[Merge] = []
        self._book = book
        self._rows = bytearray()
        self._last = -1

    def row(self, row: int, cells: Iterable[tuple[int, Value, Style]], *, times: int = 1, hidden: bool = False) -> None:
        """Writes the cells of a row, counted from 0, that hold something, for as many rows. Both must ascend.

        Raises RefusalError for a cell beyond the limits, and where the book grows beyond them.
        """
        xml: list[str] = []
        limits, before = self._book.limits, -1
        for col, value, style in cells:
            if not value:
                continue
            if row + times > limits.rows or col >= limits.columns:
                raise too_far(self.name, f"{column_letters(col)}{row + times}", limits)
            if row <= self._last or col <= before:
                raise damaged()
            if len(value.text) > CELL_TEXT:
                raise text_too_long(self.name, row, col)
            before = col
            xml.append(_cell_xml(f"{column_letters(col)}{_ROW}", value, self._book.style(style)))
        if not xml:
            return
        self._last = row + times - 1
        mark = ' hidden="1"' if hidden else ""
        any_row = f'<row r="{_ROW}"{mark}>{"".join(xml)}</row>'
        for number in range(row + 1, row + times + 1):
            written = any_row.replace(_ROW, str(number)).encode()
            self._book.grow(len(written))
            self._rows += written

    def merge(self, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
        """Adds a merged range as far as it lies within the limits."""
        limits = self._book.limits
        last_row, last_col = min(last_row, limits.rows - 1), min(last_col, limits.columns - 1)
        single = (first_row, first_col) == (last_row, last_col)
        if first_row > last_row or first_col > last_col or single or len(self.merged) >= MOST_MERGED:
            return
        self._book.grow(40)
        self.merged.append((first_row, first_col, last_row, last_col))

    def xml(self) -> bytes:
        """The part."""
        columns = "".join(
            f'<col min="{col + 1}" max="{col + 1}" width="0" hidden="1" customWidth="1"/>'
            for col in sorted(self.hidden_columns)
        )
        merged = "".join(
            f'<mergeCell ref="{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"/>'
            for top, left, bottom, right in self.merged
        )
        head = f'{_HEAD}<worksheet xmlns="{MAIN}">{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'
        tail = f'<mergeCells count="{len(self.merged)}">{merged}</mergeCells>' if merged else ""
        return b"".join((head.encode(), self._rows, f"</sheetData>{tail}</worksheet>".encode()))


@dataclass(slots=True)
class PlainBook:
    """Sheets in their order, with the styles in use. date1904: serial dates count from 1904."""

    limits: Limits
    date1904: bool = False
    sheets: list[PlainSheet] = field(default_factory=list)
    _size: int = 0
    _styles: dict[Style, int] = field(default_factory=lambda: {NO_STYLE: 0})

    def sheet(self, name: str) -> PlainSheet:
        """A new sheet. Raises RefusalError where there are too many, or one of that name, as no program writes it."""
        if len(self.sheets) >= MOST_SHEETS:
            raise sheet_too_many()
        if name.casefold() in (other.name.casefold() for other in self.sheets):
            raise damaged()
        sheet = PlainSheet(self, name)
        self.sheets.append(sheet)
        return sheet

    def style(self, style: Style) -> int:
        """The number of a style."""
        return self._styles.setdefault(style, len(self._styles))

    def grow(self, size: int) -> None:
        """Counts bytes. Raises RefusalError where they are more than an inflated workbook may have."""
        self._size += size
        if self._size > self.limits.inflated_bytes:
            raise RefusalError(
                f"单元格内容展开后超过上限 {self.limits.inflated_mb} MB（展开大小），可能不是正常的工作簿",
                RESEND,
                "F105",
            )

    def parts(self) -> dict[str, bytes]:
        """The parts of the .xlsx by their names. Raises RefusalError for a book without sheets."""
        if not self.sheets:
            raise RefusalError("工作簿里没有工作表", RESEND, "F104")
        numbers = range(1, len(self.sheets) + 1)
        overrides = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
        overrides += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in numbers]
        types = "".join(f'<Override PartName="{name}" ContentType="{_TYPE}{kind}+xml"/>' for name, kind in overrides)
        sheets = "".join(
            f'<sheet name={attribute_text(sheet.name)} sheetId="{number}" state="{sheet.state}" r:id="rId{number}"/>'
            for number, sheet in zip(numbers, self.sheets, strict=True)
        )
        dates = '<workbookPr date1904="1"/>' if self.date1904 else ""
        targets = [(f"worksheets/sheet{number}.xml", "worksheet") for number in numbers] + [("styles.xml", "styles")]
        texts = {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
            "_rels/.rels": _relations([("xl/workbook.xml", "officeDocument")]),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE_RELATIONS}">'
            f"{dates}<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _relations(targets),
            "xl/styles.xml": styles_xml(list(self._styles)),
        }
        parts = {name: (_HEAD + text).encode() for name, text in texts.items()}
        for number, sheet in zip(numbers, self.sheets, strict=True):
            parts[f"xl/worksheets/sheet{number}.xml"] = sheet.xml()
        return parts


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _cell_xml(ref: str, value: Value, style: int) -> str:
    start = f'<c r="{ref}"' + (f' s="{style}"' if style else "")
    formula = "" if value.formula is None else f"<f>{xml_text(value.formula)}</f>"
    if value.kind == "s" and value.formula is None:
        if not any(look != PLAIN for _, look in value.runs):
            return f'{start} t="inlineStr"><is>{_t(value.text)}</is></c>'
        runs = "".join(f"<r>{_run_look(look)}{_t(text)}</r>" for text, look in value.runs)
        return f'{start} t="inlineStr"><is>{runs}</is></c>'
    if value.kind == "":
        return f"{start}>{formula}</c>"
    kind = {"n": "", "s": ' t="str"', "b": ' t="b"', "e": ' t="e"'}[value.kind]
    return f"{start}{kind}>{formula}<v>{xml_text(value.text)}</v></c>"


def _t(text: str) -> str:
    return f'<t xml:space="preserve">{xml_text(text)}</t>'


def _run_look(look: Look) -> str:
    strike, script, colour = look_xml(look)
    inner = strike + colour + script
    return f"<rPr>{inner}</rPr>" if inner else ""
