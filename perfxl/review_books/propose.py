"""Which departments to review, where the bureau leaves the choice to the program: by money, by risk and by lot.

Nothing is left to chance: where a lot is drawn, the order is that of a hash over the seed and the department, so that
the same results, number and seed give the same choice on any machine, and another seed another one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle

from perfxl.decimals import ZERO, amount
from perfxl.errors import UsageError
from perfxl.review_books.candidates import Candidate
from perfxl.text import fold

Stratum = tuple[str, str]
_NUMBER = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?) ?(%?)")
MOST_RISKS = 3
"""Risks that a reason names."""


@dataclass(frozen=True)
class Choice:
    """A department that is to be reviewed. reason: why, in words."""

    candidate: Candidate
    reason: str


def number_of(text: str, count: int) -> int:
    """How many `--propose` asks for of so many: `12`, or a share, `20%`, rounded up. Raises UsageError."""
    written = _NUMBER.fullmatch(fold(text))
    value = Fraction(written[1]) if written else Fraction(0)
    share = bool(written and written[2])
    if value <= 0 or (share and value > 100) or (not share and value.denominator != 1):
        raise UsageError(f"--propose“{text}”不对。请写个数（例如 12）或比例（例如 20%）")
    if not share:
        return min(int(value), count)
    exact = value * count / 100
    return -(-exact.numerator // exact.denominator)


def propose(candidates: Sequence[Candidate], number: int, seed: str) -> list[Choice]:
    """So many of the candidates, all where there are no more, in their order.

    Taken in turn: the largest adjusted budget, the highest risk, and one by lot from the category (of a scheme) that
    has fewest in the choice for its size. As soon as only as many places are left as there are categories without any,
    only these are taken from. So each category is represented where the number allows it, and else the categories
    come in the same order of turns.
    """
    left = sorted(candidates, key=lambda item: _lot(seed, item))
    sizes = Counter(map(_stratum, left))
    ranks = _money_ranks(left)
    taken: Counter[Stratum] = Counter()
    chosen: dict[int, str] = {}
    for turn in cycle((_by_money, _by_risk, _by_lot)):
        if len(chosen) >= min(number, len(candidates)):
            break
        bare = {stratum for stratum in sizes if not taken[stratum]}
        pool = [item for item in left if _stratum(item) in bare] if number - len(chosen) <= len(bare) and bare else left
        found, by_lot = turn(pool, taken, sizes)
        chosen[id(found)] = _reason(found, ranks, by_lot=by_lot)
        taken[_stratum(found)] += 1
        left.remove(found)
    return [Choice(item, chosen[id(item)]) for item in candidates if id(item) in chosen]


_Turn = Callable[[Sequence[Candidate], Counter[Stratum], Counter[Stratum]], tuple[Candidate, bool]]


def _by_money(pool: Sequence[Candidate], taken: Counter[Stratum], sizes: Counter[Stratum]) -> tuple[Candidate, bool]:
    best = max(pool, key=lambda item: item.money or ZERO)
    return (best, False) if best.money else _by_lot(pool, taken, sizes)


def _by_risk(pool: Sequence[Candidate], taken: Counter[Stratum], sizes: Counter[Stratum]) -> tuple[Candidate, bool]:
    best = max(pool, key=lambda item: item.risk)
    return (best, False) if best.risk else _by_lot(pool, taken, sizes)


def _by_lot(pool: Sequence[Candidate], taken: Counter[Stratum], sizes: Counter[Stratum]) -> tuple[Candidate, bool]:
    # The first of those with the smallest share: the pool is in the order of the lots.
    return min(pool, key=lambda item: Fraction(taken[_stratum(item)], sizes[_stratum(item)])), True


def _stratum(item: Candidate) -> Stratum:
    return item.scheme.id, item.category


def _lot(seed: str, item: Candidate) -> tuple[str, str]:
    return hashlib.sha256(f"{seed}|{item.key}".encode("utf-8", "backslashreplace")).hexdigest(), item.key


def _money_ranks(candidates: Sequence[Candidate]) -> dict[int, int]:
    known = sorted((item for item in candidates if item.money), key=lambda item: -(item.money or ZERO))
    return {id(item): rank for rank, item in enumerate(known, 1)}


def _reason(item: Candidate, ranks: dict[int, int], *, by_lot: bool) -> str:
    """Why it was taken, and what else speaks for it."""
    parts = [f"{item.category}中抽取"] if by_lot else []
    rank = ranks.get(id(item))
    if rank is not None and item.money is not None and rank <= max(3, len(ranks) // 5):
        parts.append(f"预算规模第 {rank}（{amount(item.money)} 万元）")
    heavy = sorted(item.risks, key=lambda risk: -risk[0])[:MOST_RISKS]
    if heavy:
        parts.append(f"风险：{'、'.join(words for _, words in heavy)}")
    if not parts and item.money is not None:
        parts.append(f"{item.category}中预算最大（{amount(item.money)} 万元）")
    return "；".join(parts)
