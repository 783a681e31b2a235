"""A sheet in any writing that XML allows, read by expat and written anew in the usual one.

What Excel would call damaged (a foreign element among the cells, a result that is no number, two cells in one place) is
refused: what it shows of such a sheet, if anything, cannot be known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite

from perfxl.references import Position, column_letters, position
from perfxl.workbook.container import damaged
from perfxl.workbook.hardened_xml import COMPATIBILITY, Attributes, is_main, local, read_xml, truth
from perfxl.workbook.limits import Limits
from perfxl.workbook.rich_text import RichText
from perfxl.workbook.shared_texts import Seen
from perfxl.workbook.sheet_xml import too_far
from perfxl.xlsx.texts import escaped

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?")
_ERROR = re.compile(r"#[^\s<>&]{1,19}[!?/A]")
_SHARED, _AREA = re.compile(r"[0-9]{1,9}"), re.compile(r"[A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?")
_KINDS = frozenset({"n", "s", "str", "b", "e", "inlineStr", "d"})
_SKIPPED_IN_CELLS = frozenset({"extLst"})
_ROW, _CELL = 3, 4
_CHILDREN = {
    "sheetData": ("row",), "row": ("c",), "c": ("v", "f", "is"), "cols": ("col",), "mergeCells": ("mergeCell",),
    "is": ("r", "t", "rPh", "phoneticPr"), "r": ("rPr", "t"), "rPh": ("t",),
}  # fmt: skip
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


@dataclass(slots=True)
class Anew:
    """A sheet as it was written anew, and its texts of several looks: all of each, and what is not struck out."""

    xml: bytes
    struck: dict[Position, Seen]


def write_anew(part: bytes, title: str, limits: Limits) -> Anew:
    """The sheet in the usual writing. Raises RefusalError where what it shows cannot be told for certain."""
    sheet = _Sheet(title, limits)
    read_xml(part, sheet.start, sheet.end, sheet.text, sheet.namespace)
    return sheet.finished()


@dataclass
class _Cell:
    row: int
    col: int
    kind: str
    style: str
    formula: str | None = None
    shared: str = ""
    result: str | None = None
    rich: RichText | None = None


@dataclass
class _Sheet:
    """What expat tells, element by element. skipped: how deep in an element that does not count."""

    title: str
    limits: Limits
    path: list[str] = field(default_factory=list)
    skipped: int = 0
    prefixes: dict[str | None, str] = field(default_factory=dict)
    ignorable: set[str] = field(default_factory=set)
    columns: list[str] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    rows: dict[int, tuple[bool, dict[int, str]]] = field(default_factory=dict)
    struck: dict[Position, Seen] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    row: int = -1
    last: int = -1
    col: int = -1
    cell: _Cell | None = None
    data: int = 0

    def namespace(self, prefix: str | None, address: str) -> None:
        self.prefixes[prefix] = address

    def start(self, element: str, attributes: Attributes) -> None:
        if self.skipped:
            self.skipped += 1
            return
        depth, name = len(self.path), local(element)
        if depth == 0:
            self._root(element, name, attributes)
        elif not is_main(element):
            self._foreign(element, name)
            return
        elif not self._is_known(depth, name):
            if depth >= 2 and self.path[1] == "sheetData" and name not in _SKIPPED_IN_CELLS:
                raise damaged()
            self.skipped = 1
            return
        self.path.append(name)
        self._open(depth + 1, name, attributes)

    def _root(self, element: str, name: str, attributes: Attributes) -> None:
        if not is_main(element) or name != "worksheet":
            raise damaged()
        for key, value in attributes.items():
            if key == f"{COMPATIBILITY} Ignorable":
                self.ignorable.update(self.prefixes.get(prefix, "") for prefix in value.split())
            elif key.startswith(f"{COMPATIBILITY} "):
                # What must be understood, or processed though it is ignored, is none of the template's.
                raise damaged()

    def _foreign(self, element: str, name: str) -> None:
        """What is not the workbook's own: among the cells only what the sheet says may be ignored."""
        address = element.rpartition(" ")[0]
        among_cells = len(self.path) > 1 and self.path[1] in ("sheetData", "mergeCells", "cols")
        if len(self.path) == 1 and name == "AlternateContent":
            self.skipped = 1
            return
        if address not in self.ignorable and (among_cells or len(self.path) == 1):
            raise damaged()
        self.skipped = 1

    def _is_known(self, depth: int, name: str) -> bool:
        parent = self.path[-1]
        if depth == 1:
            return name in ("sheetData", "cols", "mergeCells")
        return parent == "rPr" or name in _CHILDREN.get(parent, ())

    def _open(self, depth: int, name: str, attributes: Attributes) -> None:
        if depth == 2 and name == "sheetData":
            self.data += 1
        elif name == "row" and depth == _ROW:
            self._open_row(attributes)
        elif name == "c" and depth == _CELL:
            self._open_cell(attributes)
        elif name == "col":
            self._open_column(attributes)
        elif name == "mergeCell":
            self._open_merge(attributes)
        elif name in ("v", "f", "t"):
            self.words = []
            if name == "f" and self.cell is not None and depth == _CELL + 1 and attributes.get("t") == "shared":
                self.cell.shared = _shared(attributes)
        if self.cell is not None and depth > _CELL:
            if name == "is":
                self.cell.rich = RichText()
            elif self.cell.rich is not None:
                self.cell.rich.start(name, attributes)

    def _open_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        self.row = self.row + 1 if number is None else _whole(number) - 1
        self.col = -1
        height = attributes.get("ht", "")
        hidden = truth(attributes.get("hidden")) or (bool(_NUMBER.fullmatch(height)) and float(height) == 0)
        if self.row <= self.last:
            raise damaged()
        self.last = self.row
        self.rows[self.row] = (hidden, {})

    def _open_cell(self, attributes: Attributes) -> None:
        place = (self.row, self.col + 1) if "r" not in attributes else position(attributes["r"].encode())
        kind, style = attributes.get("t", "n"), attributes.get("s", "0")
        if place is None or place[0] != self.row or place[1] <= self.col or kind not in _KINDS or not style.isdigit():
            raise damaged()
        self.col = place[1]
        self.cell = _Cell(*place, kind, style)

    def _open_column(self, attributes: Attributes) -> None:
        width = attributes.get("width", "")
        hidden = truth(attributes.get("hidden")) or (bool(_NUMBER.fullmatch(width)) and float(width) == 0)
        if hidden:
            first, last = (_whole(attributes.get(key, "")) for key in ("min", "max"))
            self.columns.append(f'<col min="{min(first, 16384)}" max="{min(last, 16384)}" hidden="1"/>')

    def _open_merge(self, attributes: Attributes) -> None:
        corners = attributes.get("ref", "").split(":")
        places = [position(corner.encode()) for corner in corners]
        if len(corners) != 2 or None in places:
            raise damaged()
        self.merges.append(f'<mergeCell ref="{corners[0].strip().upper()}:{corners[1].strip().upper()}"/>')

    def text(self, words: str) -> None:
        if not self.skipped and self.path:
            self.words.append(words)

    def end(self, element: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        name = self.path.pop()
        cell = self.cell
        if cell is None:
            return
        if name == "c" and len(self.path) == _ROW:
            self.cell = None
            self._write(cell)
        elif name == "v" and len(self.path) == _CELL:
            if cell.result is not None:
                raise damaged()
            cell.result = "".join(self.words)
        elif name == "f" and len(self.path) == _CELL:
            cell.formula = "".join(self.words)
        elif cell.rich is not None and name != "is":
            cell.rich.end(name, "".join(self.words))

    def _write(self, cell: _Cell) -> None:
        content = self._content(cell)
        if content is None:
            return
        if cell.row >= self.limits.rows or cell.col >= self.limits.columns:
            raise too_far(self.title, f"{column_letters(cell.col)}{cell.row + 1}", self.limits)
        kind, inside = content
        ref = f"{column_letters(cell.col)}{cell.row + 1}"
        style = f' s="{int(cell.style)}"' if cell.style.strip("0") else ""
        self.rows[cell.row][1][cell.col] = f'<c r="{ref}"{style}{kind}>{inside}</c>'

    def _content(self, cell: _Cell) -> tuple[str, str] | None:
        """The type and the inside of a cell in the usual writing; None where it holds nothing."""
        formula = "" if cell.formula is None else f"<f{cell.shared}>{escaped(cell.formula)}</f>"
        if cell.kind == "inlineStr":
            if cell.rich is None:
                return None
            return ' t="inlineStr"', f'<is><t xml:space="preserve">{escaped(self._text_of(cell))}</t></is>'
        if cell.result is None:
            return ("" if cell.kind != "str" else ' t="str"', formula) if formula else None
        result = cell.result if cell.kind == "str" else cell.result.strip()
        if cell.kind == "str":
            return ' t="str"', f"{formula}<v>{escaped(result)}</v>"
        if not result:
            # Blank space is no result.
            return ("", formula) if formula else None
        if cell.kind == "n" and not _is_number(result):
            # What is there is told as it stands, wherever a number belongs.
            return ' t="str"', f"{formula}<v>{escaped(result)}</v>"
        return {"n": "", "d": ""}.get(cell.kind, f' t="{cell.kind}"'), f"{formula}<v>{_value(cell.kind, result)}</v>"

    def _text_of(self, cell: _Cell) -> str:
        assert cell.rich is not None
        whole, seen = cell.rich.texts()
        if whole != seen:
            self.struck[cell.row, cell.col] = whole, seen
        return whole

    def finished(self) -> Anew:
        if self.data > 1:
            raise damaged()
        lines = []
        for row, (hidden, cells) in self.rows.items():
            if cells or (hidden and row < self.limits.rows):
                mark = ' hidden="1"' if hidden else ""
                lines.append(f'<row r="{row + 1}"{mark}>{"".join(cells.values())}</row>')
        columns = f"<cols>{''.join(self.columns)}</cols>" if self.columns else ""
        merges = f"<mergeCells>{''.join(self.merges)}</mergeCells>" if self.merges else ""
        xml = f"{HEAD}{columns}<sheetData>{''.join(lines)}</sheetData>{merges}</worksheet>"
        return Anew(xml.encode("utf-8", "replace"), self.struck)


def _whole(text: str) -> int:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise damaged()
    return int(digits)


def _shared(attributes: Attributes) -> str:
    """That a formula is one that several cells share, in the usual writing."""
    number, area = attributes.get("si", "").strip(), attributes.get("ref", "").strip()
    own = f' ref="{area}"' if _AREA.fullmatch(area) else ""
    return f' t="shared"{own} si="{int(number)}"' if _SHARED.fullmatch(number) else ""


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and isfinite(float(text))


def _value(kind: str, result: str) -> str:
    if kind == "n":
        return repr(float(result)) if not result[-1].isdigit() or result[0] in "+." else result
    if kind == "s" and result.isascii() and result.isdigit() and len(result) <= 7:
        return result
    if kind == "b" and result in ("0", "1", "true", "false"):
        return str(int(result in ("1", "true")))
    if kind == "e" and _ERROR.fullmatch(result):
        return result
    if kind == "d":
        return _serial(result)
    raise damaged()


def _serial(text: str) -> str:
    """The number of a day that Strict Open XML writes as a date."""
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError as error:
        raise damaged() from error
    days = (moment.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1)
    return repr(days)
