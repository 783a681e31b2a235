"""Which word was probably meant by one that is none, whatever its width, blanks or case."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from perfxl.text import fold_all


def near_miss(word: str, words: Iterable[str]) -> str | None:
    """The one of the words that was probably meant, or None."""
    by_fold = {fold_all(candidate): candidate for candidate in words}
    written = fold_all(word)
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
