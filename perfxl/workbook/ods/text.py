"""The text of one OpenDocument cell: its paragraphs as a reader of the sheet sees them, by looks."""

from __future__ import annotations

import re

from perfxl.text import CELL_TEXT
from perfxl.workbook.hardened_xml import Attributes
from perfxl.workbook.ods.names import TEXT
from perfxl.workbook.ods.styles import Styles
from perfxl.workbook.plain_book import Run, text_too_long
from perfxl.workbook.plain_styles import Look

_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_STYLE_NAME = f"{TEXT}style-name"
# What stands beside the text: notes and readings.
_NO_TEXT = (f"{TEXT}note", f"{TEXT}ruby-text", f"{TEXT}tracked-changes")
_BLANKS = re.compile(r"[ \t\r\n]+")


class CellText:
    """Collects the text between the tags of a cell."""

    def __init__(self, styles: Styles, look: Look, sheet: str, row: int, col: int) -> None:
        self._styles = styles
        self._place = sheet, row, col
        self._looks = [look]
        self._open: list[str] = []
        self._paragraphs = self._depth = self._length = 0
        self._after_blank = True
        self._pieces: list[Run] = []

    def start(self, name: str, attributes: Attributes) -> bool:
        """An element begins; returns whether what stands in it is text of the cell."""
        if not name.startswith(TEXT) or name in _NO_TEXT:
            return False
        look = self._looks[-1]
        if name in _PARAGRAPHS:
            if self._paragraphs:
                self._append("\n")
            self._paragraphs += 1
            self._depth += 1
            self._after_blank = True
            look = self._styles.over(look, "paragraph", attributes.get(_STYLE_NAME, ""))
        elif not self._depth:
            pass
        elif name == f"{TEXT}s":
            count = attributes.get(f"{TEXT}c", "1").strip()
            times = int(count) if count.isascii() and count.isdecimal() and len(count) < 10 else CELL_TEXT + 1
            self._append(" " * min(times, CELL_TEXT + 1))
        elif name == f"{TEXT}tab":
            self._append("\t")
        elif name == f"{TEXT}line-break":
            self._append("\n")
        elif name == f"{TEXT}span":
            look = self._styles.over(look, "text", attributes.get(_STYLE_NAME, ""))
        self._open.append(name)
        self._looks.append(look)
        return True

    def end(self, name: str) -> bool:
        """An element ends; returns False where it is the cell itself."""
        if not self._open:
            return False
        self._depth -= self._open.pop() in _PARAGRAPHS
        self._looks.pop()
        return True

    def add(self, text: str) -> None:
        """Characters; blanks in a row are one, as in HTML."""
        if not self._depth:
            return
        text = _BLANKS.sub(" ", text)
        if self._after_blank and text.startswith(" "):
            text = text[1:]
        if text:
            self._append(text)
            self._after_blank = text.endswith(" ")

    def _append(self, text: str) -> None:
        self._length += len(text)
        if self._length > CELL_TEXT:
            raise text_too_long(*self._place)
        self._after_blank = False
        self._pieces.append((text, self._looks[-1]))

    def runs(self) -> list[Run] | None:
        """The text by looks, None where the cell has no paragraph."""
        if not self._paragraphs:
            return None
        runs: list[Run] = []
        for text, look in self._pieces:
            if runs and (runs[-1][1] == look or not text.strip()):
                runs[-1] = (runs[-1][0] + text, runs[-1][1])
            else:
                runs.append((text, look))
        return runs
