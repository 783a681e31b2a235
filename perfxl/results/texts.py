"""The texts of a workbook, each kept once: what a cell can hold, and how the package writes it."""

from __future__ import annotations

import re
from functools import lru_cache

from perfxl.results.fast_sheet import escaped, unescaped

TEXT_LENGTH = 32_767  # UTF-16 units in one cell
CUT_MARK = "……（内容过长，已截断）"
SHORT = 200  # texts up to this length are remembered between workbooks
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_LIKE_ESCAPES = re.compile("_(x[0-9a-fA-F]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def clean(text: str) -> str:
    """Text that a cell can hold: no control characters, no half characters, at most 32,767 units."""
    if _UNPRINTABLE.search(text):
        text = _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > TEXT_LENGTH // 2:
        units = text.encode("utf-16-le")
        if len(units) // 2 > TEXT_LENGTH:
            kept = units[: 2 * (TEXT_LENGTH - len(CUT_MARK))]
            text = kept.decode("utf-16-le", "ignore") + CUT_MARK
    return text


class SharedTexts(dict[str, int]):
    """The shared strings of one workbook: the index of each text, given when a text is first asked for.

    count: cells with a text. texts: as the cells hold them, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.texts: list[str] = []
        self._elements: list[str] = []

    def __missing__(self, text: str) -> int:
        cleaned, element = _short_element(text) if len(text) <= SHORT else _element(text)
        if cleaned != text:
            index = self[text] = self[cleaned]
            return index
        index = self[text] = len(self.texts)
        self.texts.append(text)
        self._elements.append(f"<si>{element}</si>")
        return index

    def xml(self) -> str:
        """The part `xl/sharedStrings.xml`."""
        elements = "".join(self._elements)
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<sst xmlns="{_MAIN}" count="{self.count}" uniqueCount="{len(self.texts)}">{elements}</sst>'
        )


def text_element(text: str) -> str:
    """A text, what a cell cannot hold replaced, as the element `<t>`."""
    return (_short_element(text) if len(text) <= SHORT else _element(text))[1]


def text_in(shown: str) -> str:
    """The text that stands in an element `<t>`."""
    return unescaped(shown).replace("_x005F_", "_")


def _element(text: str) -> tuple[str, str]:
    """The text that a cell can hold, and its element `<t>`."""
    text = clean(text)
    shown = escaped(_LIKE_ESCAPES.sub(r"_x005F_\1", text) if "_x" in text else text)
    # A blank at either end is lost without the attribute.
    keep = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return text, f"<t{keep}>{shown}</t>"


_short_element = lru_cache(maxsize=5000)(_element)
