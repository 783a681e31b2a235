"""Texts: what a cell can hold, and how XML writes it."""

from __future__ import annotations

import re

from perfxl.caches import cached
from perfxl.text import CELL_TEXT

CUT_MARK = "……（内容过长，已截断）"
SHORT = 200  # texts up to this length are remembered between workbooks
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_UNUSUAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff&<>_]")  # what XML may write in another way
_LIKE_ESCAPES = re.compile("_(x[0-9a-fA-F]{4}_)")
_MARKUP = re.compile("[&<>]")
_MARKUP_OR_BREAK = re.compile('["&<>\n]')


def clean(text: str) -> str:
    """Text that a cell can hold: no control characters, no lone surrogates, at most 32,767 units."""
    if _UNPRINTABLE.search(text):
        text = _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > CELL_TEXT // 2:
        units = text.encode("utf-16-le")
        if len(units) // 2 > CELL_TEXT:
            kept = units[: 2 * (CELL_TEXT - len(CUT_MARK))]
            text = kept.decode("utf-16-le", "ignore") + CUT_MARK
    return text


def text_element(text: str) -> str:
    """A text, what a cell cannot hold replaced, as the element `<t>`."""
    return short_element(text) if len(text) <= SHORT else _element(text)


def is_unusual(text: str) -> bool:
    """Whether XML writes a text in another way, or only with an attribute."""
    return not text or text[0].isspace() or text[-1].isspace() or _UNUSUAL.search(text) is not None


def text_in(shown: str) -> str:
    """The text that stands in an element `<t>`."""
    return unescaped(shown).replace("_x005F_", "_")


def _element(text: str) -> str:
    shown = text
    if _UNUSUAL.search(text) or len(text) > CELL_TEXT // 2:
        text = clean(text)
        shown = escaped(_LIKE_ESCAPES.sub(r"_x005F_\1", text) if "_x" in text else text)
    # A blank at either end is lost without the attribute.
    keep = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<t{keep}>{shown}</t>"


short_element = cached(maxsize=1000)(_element)
"""`text_element` of a text of at most SHORT characters."""


def escaped(text: str) -> str:
    """Text as XML has it between tags."""
    if _MARKUP.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def unescaped(text: str) -> str:
    """The text that `escaped` made this of."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def in_attribute(text: str) -> str:
    """Text as XML has it between double quotes."""
    if _MARKUP_OR_BREAK.search(text):
        text = escaped(text).replace('"', "&quot;").replace("\n", "&#xA;")
    return text
