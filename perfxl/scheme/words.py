"""How words that people type are compared: whatever their width, blanks or case."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

# Blanks that str.strip() leaves alone: zero-width characters and the byte order mark.
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def folded(text: str) -> str:
    """The text without blanks, in one width and case, for comparing names and headings."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def trimmed(text: str) -> str:
    """The text without blanks at its ends, line ends as one character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start, end = 0, len(text)
    while start < end and _BLANKS.fullmatch(text[start]):
        start += 1
    while end > start and _BLANKS.fullmatch(text[end - 1]):
        end -= 1
    return text[start:end]


def is_blank(value: object) -> bool:
    """Whether nothing visible was written."""
    return value is None or (isinstance(value, str) and not trimmed(value))


def near_miss(word: str, words: Iterable[str]) -> str | None:
    """The one of the words that was probably meant, or None."""
    by_fold = {folded(candidate): candidate for candidate in words}
    written = folded(word)
    hits = difflib.get_close_matches(written, by_fold, n=1, cutoff=0.6)
    if not hits and len(written) in (2, 3):
        # Half of a Chinese word of two characters is too little for a ratio, but enough if only one word has it.
        same_length = [other for other in by_fold if len(other) == len(written)]
        hits = [o for o in same_length if sum(a != b for a, b in zip(o, written, strict=True)) == 1]
    return by_fold[hits[0]] if len(hits) == 1 else None


def hint(word: str, words: Iterable[str], otherwise: str) -> str:
    """Advice for a word that is not one of the words: the near miss, or else `otherwise`."""
    meant = near_miss(word, words)
    return f"是否应为“{meant}”？请改正" if meant else otherwise


def listed(words: Iterable[str]) -> str:
    """The words in quotes, with 顿号 between them."""
    return "、".join(f"“{word}”" for word in words)
