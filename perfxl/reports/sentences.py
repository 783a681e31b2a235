"""Sentences of a report without the freedom of spelling, and what of them a message quotes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perfxl.reports.lines import MARK
from perfxl.reports.text import Block

QUOTED = 90
"""Characters that a message quotes of a sentence."""
_END = re.compile(r"[^。！？!?\n]+[。！？!?]?[”’」』]?")
_CLAUSE = re.compile(r"[^，；：。！？、\n]+")
_PUNCTUATION = {
    ",": "，",
    ";": "；",
    ":": "：",
    "(": "（",
    ")": "）",
    "!": "！",
    "?": "？",
    "﹪": "%",
    "～": "~",
    "﹐": "，",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """text: as it is written. plain: without spaces, letters and digits half-width, punctuation full-width.

    at: for each character of `plain` its place in `text`. heading: the one that the sentence stands under. first:
    whether it begins a paragraph. cells: of the row of a table, else empty; table: the number of the table.
    """

    text: str
    plain: str
    at: tuple[int, ...]
    heading: str = ""
    first: bool = False
    cells: tuple[str, ...] = ()
    table: int = 0

    def quote(self, start: int = 0, end: int = 0) -> str:
        """The sentence, shortened around what stands at these places of `plain`."""
        if len(self.text) <= QUOTED or not self.at:
            return self.text.strip()
        first = self.at[min(start, len(self.at) - 1)]
        last = self.at[min(max(end, start + 1), len(self.at)) - 1] + 1
        room = max(QUOTED - (last - first), 20)
        begin = _after_clause(self.text, max(first - room * 2 // 3, 0), first)
        stop = min(last + room // 3, len(self.text))
        before, behind = "…" if begin else "", "…" if stop < len(self.text) else ""
        return before + self.text[begin:stop].strip() + behind


def _after_clause(text: str, start: int, first: int) -> int:
    """The first beginning of a clause behind a place, where there is one before what is quoted."""
    if start == 0:
        return 0
    found = re.search(r"[，,；;：:。]\s*", text[start:first])
    return start + found.end() if found else start


def sentence_of(text: str, **more: object) -> Sentence:
    """A sentence as it is written."""
    plain, at = plain_of(text)
    return Sentence(text, plain, at, **more)  # type: ignore[arg-type]


def sentences(blocks: Iterable[Block]) -> Iterator[Sentence]:
    """The title of a report, then its sentences in their order; the row of a table is one."""
    blocks = list(blocks)
    heading = ""
    yield sentence_of(title_of(blocks))
    for block in blocks:
        if block.table:
            yield sentence_of(block.text, heading=heading, cells=block.cells, table=block.table)
            continue
        if is_heading(block.text):
            heading = block.text
        for number, found in enumerate(_END.finditer(block.text)):
            if found[0].strip():
                yield sentence_of(found[0].strip(), heading=heading, first=number == 0)


def title_of(blocks: Iterable[Block]) -> str:
    """The lines before the first chapter, in one: a title is often broken."""
    lines: list[str] = []
    for block in blocks:
        text = block.text.strip()
        if text.startswith("附件") and len(text) <= 6:
            continue
        if block.table or MARK.match(text) or len(lines) >= 5 or re.search(r"[。；，]", text):
            break
        lines.append(text)
    return "".join(lines)[:200]


def is_heading(text: str) -> bool:
    """Whether a paragraph is a heading: numbered, short, and no sentence."""
    return MARK.match(text) is not None and len(text) <= 40 and re.search(r"[。；;，,！？]", text) is None


def clauses(plain: str) -> Iterator[tuple[int, str]]:
    """The clauses of a sentence with their places."""
    return ((found.start(), found[0]) for found in _CLAUSE.finditer(plain))


def plain_of(text: str) -> tuple[str, tuple[int, ...]]:
    """A text without the freedom of spelling, and where each of its characters stood."""
    letters: list[str] = []
    at: list[int] = []
    for place, letter in enumerate(text):
        for piece in _letters(letter):
            if piece.isspace() and not _parts_digits(text, place, letters):
                continue
            if piece == "，" and _groups(text, place):
                continue
            letters.append(" " if piece.isspace() else piece)
            at.append(place)
    return "".join(letters), tuple(at)


def _letters(letter: str) -> str:
    if unicodedata.category(letter) in ("Cf", "Cc") and not letter.isspace():
        return ""
    if unicodedata.category(letter) == "No" or letter in _PUNCTUATION.values():
        # ① is no 1, and full-width punctuation is what others are made to.
        return letter
    folded = unicodedata.normalize("NFKC", letter)
    return "".join(_PUNCTUATION.get(piece, piece) for piece in folded)


def _parts_digits(text: str, place: int, before: list[str]) -> bool:
    """Whether a space keeps two numbers apart; 7 000 is one."""
    if not before or not before[-1].isdigit():
        return False
    behind = re.match(r"\s*(\d+)", text[place:])
    return behind is not None and not (len(behind[1]) == 3 and re.search(r"(?<!\d)\d{1,3}$", "".join(before[-4:])))


def _groups(text: str, place: int) -> bool:
    """Whether a comma groups the digits of a number: 7,000."""
    return (
        text[place] in ",，"
        and re.match(r"\d{3}(?!\d)", text[place + 1 :]) is not None
        and re.search(r"(?<![\d.])\d{1,3}(?:,\d{3})*$", text[:place]) is not None
        and (
            text[place] == ","
            or re.match(r"\d{3}(?:[,，]\d{3})*(?:\.\d+)?\s*(?:万?元|人)", text[place + 1 :]) is not None
        )
    )
