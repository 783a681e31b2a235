"""The text of a .docx: zip and XML taken apart here, with the bounds of workbooks, so that nothing in it is run."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfxl.reports.limits import LONGEST, too_long
from perfxl.workbook.container import check_sizes, damaged, opened
from perfxl.workbook.hardened_xml import Attributes, local, read_xml
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.parts import Parts

_MAIN = "word/document.xml"
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_UNSEEN = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "fldData"})
"""What holds text that nobody sees, or that stands there twice."""
_MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a table. table: its number, from 1."""

    cells: tuple[str, ...]
    table: int


Piece = str | Row


def docx_blocks(data: bytes, limits: Limits) -> tuple[list[Piece], list[str]]:
    """Paragraphs and rows in their order, and the texts of headers and footers. Raises RefusalError."""
    with opened(data) as archive:
        check_sizes(archive, len(data), limits)
        parts = Parts(archive)
        main = parts.find(_MAIN)
        if not main:
            raise _no_document(parts)
        pieces = _Reader().read(parts.read(main))
        margins: list[str] = []
        for name in sorted(parts.names):
            if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
                texts = [piece for piece in _Reader().read(parts.read(name)) if isinstance(piece, str)]
                margins += [text for text in texts if text.strip()]
    return pieces, margins


def _no_document(parts: Parts) -> RefusalError:
    if parts.find("xl/workbook.xml") or parts.find("xl/workbook.bin"):
        return RefusalError("这是 Excel 工作簿，不是 Word 文档", "", "F103")
    if parts.find("ppt/presentation.xml"):
        return RefusalError("这是 PowerPoint 演示文稿，不是 Word 文档", "", "F103")
    return damaged() if parts.find("[Content_Types].xml") else RefusalError("这是压缩包，不是 Word 文档", "", "F103")


@dataclass
class _Reader:
    """Puts the elements of a part together. The stacks follow paragraphs in text boxes and tables in cells."""

    pieces: list[Piece] = field(default_factory=list)
    _texts: list[list[str]] = field(default_factory=list)
    _cells: list[list[str]] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)
    _tables: int = 0
    _depth: int = 0
    _in_text: bool = False
    _vanished: bool = False
    _in_run_style: bool = False
    _span: int = 1
    _size: int = 0

    def read(self, xml: bytes) -> list[Piece]:
        """The pieces of a part."""
        read_xml(xml, self._start, self._end, self._text)
        return self.pieces

    def _start(self, name: str, attributes: Attributes) -> None:
        kind = local(name)
        if kind in _UNSEEN:
            self._hidden.append(kind)
        if not name.startswith(_WORD):
            return
        if kind == "p":
            self._texts.append([])
        elif kind == "t":
            self._in_text = True
        elif kind in ("br", "cr"):
            self._put("\n")
        elif kind == "tab" and self._texts:
            self._put(" ")
        elif kind == "noBreakHyphen":
            self._put("-")
        elif kind == "r":
            self._vanished = False
        elif kind == "rPr":
            self._in_run_style = True
        elif kind == "vanish" and self._in_run_style:
            self._vanished = next((v for k, v in attributes.items() if local(k) == "val"), "1") not in ("0", "false")
        elif kind == "tbl":
            self._depth += 1
            self._tables += self._depth == 1
        elif kind == "tr" and self._depth == 1:
            self._cells.append([])
        elif kind == "tc" and self._depth == 1:
            self._span = 1
            if self._cells:
                self._cells[-1].append("")
        elif kind == "gridSpan" and self._depth == 1:
            value = next((v for k, v in attributes.items() if local(k) == "val"), "1")
            self._span = min(int(value), _MOST_CELLS) if value.isascii() and value.isdigit() else 1

    def _end(self, name: str) -> None:
        kind = local(name)
        if self._hidden and kind == self._hidden[-1]:
            self._hidden.pop()
        if not name.startswith(_WORD):
            return
        if kind == "p" and self._texts:
            self._paragraph("".join(self._texts.pop()))
        elif kind == "t":
            self._in_text = False
        elif kind == "r":
            self._vanished = False
        elif kind == "rPr":
            self._in_run_style = False
        elif kind == "tbl":
            self._depth -= 1
        elif kind == "tc" and self._depth == 1 and self._cells:
            row = self._cells[-1]
            row += [""] * min(self._span - 1, _MOST_CELLS - len(row))
        elif kind == "tr" and self._depth == 1 and self._cells:
            cells = tuple(cell.strip() for cell in self._cells.pop()[:_MOST_CELLS])
            if any(cells):
                self.pieces.append(Row(cells, self._tables))

    def _paragraph(self, text: str) -> None:
        if self._depth and self._cells and self._cells[-1]:
            row = self._cells[-1]
            row[-1] = f"{row[-1]}\n{text}" if row[-1] else text
        elif text.strip():
            self.pieces.append(text)

    def _text(self, text: str) -> None:
        if self._in_text:
            self._put(text)

    def _put(self, text: str) -> None:
        if self._texts and not self._hidden and not self._vanished:
            self._size += len(text)
            if self._size > LONGEST:
                raise too_long()
            self._texts[-1].append(text)
