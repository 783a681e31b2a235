"""Printed lines put together to paragraphs: page numbers and headings of pages dropped, broken sentences joined."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_PAGE_NUMBER = re.compile(
    r"(?:[-—–―－~·•\s]*\d{1,4}[-—–―－~·•\s]*|第?\s*\d{1,4}\s*页?\s*[/／,，]?\s*(?:共\s*)?\d{0,4}\s*页|"
    r"第\s*[一二三四五六七八九十百]+\s*页|\d{1,4}\s*[/／]\s*\d{1,4}|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?)"
)
MARK = re.compile(
    r"\s*(?:第[一二三四五六七八九十]+[章节部分]|[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十]{1,3}[)）]|"
    r"[（(]?\d{1,2}[)）]|\d{1,2}(?:\.\d{1,2})*[.．、](?!\d)|[①-⑳]|附件|附表|附：|表\s*\d)"
)
"""What a paragraph with a number of its own begins with."""
_ENDED = re.compile(r"[。！？；!?;][”’」』\"'）)]*\s*$")
_GOES_ON = re.compile(r"[，、：,:（(“‘《—]\s*$")
_FULL = 0.8
"""A line of so much of the usual width reached the margin."""
_HEADING = 44
"""Columns that a heading with a number takes at most."""
_OUTER = 2
"""Headings and footings of a page stand in so many lines at its ends."""
_SHARED = 0.4
"""What stands at the end of so many of the pages belongs to the pages."""


def without_margins(pages: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The lines of all pages without page numbers and what repeats at their ends; and these."""
    bare = [[line for line in page if line.strip()] for page in pages]
    ends: Counter[str] = Counter()
    for page in bare:
        ends.update({_alike(line) for line in (*page[:_OUTER], *page[-_OUTER:])})
    needed = max(2, len(bare) * _SHARED)
    repeated = {line for line, count in ends.items() if count >= needed and len(bare) > 2}
    lines: list[str] = []
    margins: list[str] = []
    for page in bare:
        for number, line in enumerate(page):
            outer = number < _OUTER or number >= len(page) - _OUTER
            if outer and (is_page_number(line) or _alike(line) in repeated):
                margins.append(line.strip())
            else:
                lines.append(line)
    return lines, margins


def is_page_number(line: str) -> bool:
    """Whether a line holds the number of a page and nothing else."""
    return _PAGE_NUMBER.fullmatch(line.strip()) is not None


def _alike(line: str) -> str:
    return re.sub(r"\d+", "#", "".join(line.split()))


def joined(lines: Sequence[str]) -> list[str]:
    """Paragraphs: lines that were broken in the middle of a sentence are one again."""
    texts = [" ".join(line.split()) for line in lines]
    texts = [line for line in texts if line and not _decorated_number(line)]
    width = _usual_width(texts)
    if width:
        # Among lines as they were printed a number alone is that of a page.
        texts = [line for line in texts if not is_page_number(line)]
    paragraphs: list[str] = []
    open_line = ""
    for line in texts:
        if open_line and _continues(open_line, line, width):
            paragraphs[-1] += ("" if _touch(paragraphs[-1], line) else " ") + line
        else:
            paragraphs.append(line)
        open_line = line if not _ENDED.search(line) else ""
    return paragraphs


def _decorated_number(line: str) -> bool:
    """— 8 — alone in a line; a bare number may be part of a text."""
    return is_page_number(line) and not line.strip().isdigit()


def _touch(first: str, second: str) -> bool:
    """Whether no space belongs between two lines: Chinese has none, and a number may go on."""
    return not (first[-1].isascii() and first[-1].isalpha() and second[0].isascii() and second[0].isalpha())


def _continues(first: str, second: str, width: float) -> bool:
    """Whether a line goes on in the next."""
    if MARK.match(second):
        # A sentence may be broken before “(一)”, but hardly before a number of a paragraph.
        return _GOES_ON.search(first) is not None and _open_bracket(first)
    if _GOES_ON.search(first) or _open_bracket(first):
        return True
    if MARK.match(first) and not re.search(r"[，、。：；,:;]", first) and _width(first) < _HEADING:
        return False
    return width > 0 and _FULL * width <= _width(first)


def _open_bracket(line: str) -> bool:
    return line.count("（") + line.count("(") > line.count("）") + line.count(")") or line.count("“") > line.count("”")


def _usual_width(lines: Sequence[str]) -> float:
    """How wide the lines are that were broken; 0 where hardly any seems to be."""
    broken = sorted(_width(line) for line in lines if not _ENDED.search(line) and _width(line) >= 24)
    if len(broken) < 2:
        return 0
    middle = broken[len(broken) // 2]
    if len(broken) * 5 < len(lines):
        # Headings alone end without a stop: the others are whole paragraphs.
        return 0
    # Of lines that were broken at a margin most are about as wide as that; whole paragraphs are of any width.
    like = sum(_FULL * middle <= width <= middle / _FULL for width in broken)
    return middle if like * 2 >= len(broken) else 0


def _width(line: str) -> int:
    """Columns that a line takes, a Chinese character two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in line)
