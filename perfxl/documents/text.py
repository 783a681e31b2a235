"""Text as it stands in a Word document: whatever a department wrote, shown as written and never taken for markup."""

from __future__ import annotations

import re
from html import escape

NEW_LINE = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_ITEM = re.compile(r"(?<=[；。;])(?=[（(][一二三四五六七八九十]{1,3}[）)])")
_BREAKS = re.compile("[\n\t]")


def shown(text: str) -> str:
    """The text with what XML has no place for made visible: control characters as their pictures (␀), others as �."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    return _ODD.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code in (0x2028, 0x2029):
        return "\n"
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def as_run(text: str) -> str:
    """The text as it stands within `w:t`; line ends and tabs become Word's own."""
    xml = escape(shown(text), quote=True)
    if xml.isprintable():
        return xml
    return _BREAKS.sub(lambda match: NEW_LINE if match[0] == "\n" else _TAB, xml)


def as_attribute(text: str) -> str:
    """The text as it stands within an attribute or a plain XML element: of one line."""
    return escape(" ".join(shown(text).split()), quote=True)


def paragraphs(text: str | None) -> tuple[str, ...]:
    """The paragraphs of a text of several lines, without blank ones and without space before and behind."""
    lines = shown(text or "").split("\n")
    return tuple(line.strip() for line in lines if line.strip())


def listed_paragraphs(text: str | None) -> tuple[str, ...]:
    """`paragraphs`, with what is numbered within one, （一）…；（二）…, in paragraphs of its own as reports have it."""
    return tuple(item for paragraph in paragraphs(text) for item in _ITEM.split(paragraph))
