"""The table of texts that the cells of all sheets refer to: recognised whole, or read by expat and written anew."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfxl.patterns import pattern_of
from perfxl.workbook.container import damaged
from perfxl.workbook.hardened_xml import Attributes, is_main, local, read_xml
from perfxl.workbook.rich_text import RichText

Seen = tuple[str, str]
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml(?: version=[\"']1\.0[\"'])(?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])? ?\?>)?\s*+"
    rb'<sst xmlns="http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"'
    rb'(?: (?:count|uniqueCount)="\d{1,10}"){0,2}>'
)
_ITEMS = pattern_of(
    rb'(?:<si><t(?: xml:space="preserve")?+(?:/>|>[^<]*+</t>)'
    rb'(?:<phoneticPr(?: [A-Za-z]++="[A-Za-z0-9]*+")*+ ?/>)?+</si>)*+'
)
_END = b"</sst>"
_OPEN, _CLOSE, _BETWEEN = b"<si><t>", b"</t></si>", "</t></si><si><t>"
_MARKS_AN_ITEM = 4
_TEXT = re.compile(r'<t(?: xml:space="preserve")?(?:/>|>([^<]*+)</t>)')
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_ODD_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_ENTITY = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NAMES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REPLACEMENT = "\ufffd"


@dataclass(slots=True)
class SharedTexts:
    """The texts by their number. struck: texts of several looks by their number:
    all of each, and what of it is neither struck out nor raised."""

    texts: list[str] = field(default_factory=list)
    struck: dict[int, Seen] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """Characters of the longest text."""
        return max(map(len, self.texts), default=0)


def read_texts(part: bytes) -> SharedTexts:
    """The texts of a workbook. Raises RefusalError where they cannot be told for certain."""
    head = _HEAD.match(part)
    if head is not None and part.rstrip().endswith(_END):
        items = part[head.end() : part.rindex(_END)]
        plain = items.replace(b'<t xml:space="preserve">', b"<t>")
        if plain.startswith(_OPEN) and plain.endswith(_CLOSE):
            whole = _texts(plain[len(_OPEN) : -len(_CLOSE)])
            texts = whole.split(_BETWEEN)
            # No mark but those that divide the texts.
            if plain.count(b"<") == _MARKS_AN_ITEM * len(texts):
                return SharedTexts(_as_read(texts, whole))
        if _ITEMS.fullmatch(items):
            whole = _texts(items)
            return SharedTexts(_as_read(_TEXT.findall(whole), whole))
    return _read_anew(part)


def _as_read(texts: list[str], whole: str) -> list[str]:
    """Texts as a person reads them. whole: all of them with what divides them."""
    # Few workbooks hold any of these.
    if "_x" in whole or "\r" in whole or "&" in whole:
        try:
            return [plain_text(text) if "&" in text or "_x" in text or "\r" in text else text for text in texts]
        except ValueError as error:
            raise damaged() from error
    return texts


def _texts(items: bytes) -> str:
    if len(items.translate(None, _CONTROLS)) < len(items):
        raise damaged()
    try:
        return items.decode()
    except UnicodeDecodeError as error:
        raise damaged() from error


def text_of(xml: bytes) -> str:
    """Text as it stands between marks, as a person reads it. Raises ValueError where no reader would take it."""
    text = xml.decode()
    if not text.isprintable() and _NO_TEXT.search(text):
        raise ValueError(text)
    return plain_text(text)


def plain_text(xml: str) -> str:
    """Text with what is written in signs instead of letters. Raises ValueError for a sign that means nothing."""
    text = xml
    if "&" in text:
        if _ODD_ENTITY.search(text):
            raise ValueError(text)
        text = _ENTITY.sub(_letter, text)
    return unescaped(text)


def unescaped(text: str) -> str:
    """The text with the letters that Excel writes as `_x000D_`, and one way of ending a line."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: _character(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _letter(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMES.get(match[3], match[0])
    return _character(int(match[1]) if match[1] else int(match[2], 16))


def _character(code: int) -> str:
    """The letter of a number; what XML has no place for is no letter."""
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return chr(code)
    return _REPLACEMENT


def _read_anew(part: bytes) -> SharedTexts:
    items: list[str] = []
    struck: dict[int, Seen] = {}
    path: list[str] = []
    current = RichText()
    words: list[str] = []
    skipped = 0

    def start(element: str, attributes: Attributes) -> None:
        nonlocal current, words, skipped
        name = local(element)
        if skipped or (path and not is_main(element)) or (path and name == "extLst"):
            skipped += 1
            return
        if (not path and (not is_main(element) or name != "sst")) or (len(path) == 1 and name != "si"):
            raise damaged()
        path.append(name)
        if len(path) == 2:
            current = RichText()
        elif len(path) > 2:
            current.start(name, attributes)
            words = []

    def end(_: str) -> None:
        nonlocal skipped
        if skipped:
            skipped -= 1
            return
        name = path.pop()
        if len(path) > 1:
            current.end(name, "".join(words))
        elif len(path) == 1:
            whole, seen = current.texts()
            if whole != seen:
                struck[len(items)] = whole, seen
            items.append(unescaped(whole))

    def text(more: str) -> None:
        if not skipped:
            words.append(more)

    read_xml(part, start, end, text)
    return SharedTexts(items, struck)
