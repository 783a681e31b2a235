"""Targets of departments that were renamed or merged after the bureau had passed them: their heirs answer for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from perfxl.decimals import ZERO, divide, half_up

if TYPE_CHECKING:
    from perfxl.official.approved import ApprovedRecord


def joined(records: Sequence[ApprovedRecord]) -> ApprovedRecord:
    """The records of several that are one now: all their targets, each with what was said of it.

    The weights of each of them came to the full points, so that those of n together are divided by n.
    """
    if len(records) == 1:
        return records[0]
    kpis = [item._replace(opinion=item.opinion or one.opinion) for one in records for item in one.kpis]
    places: dict[str, list[int]] = {}
    for place, item in enumerate(kpis):
        if item.weight is not None:
            places.setdefault(item.level1, []).append(place)
    for own in places.values():
        shares = _shares((kpis[place].weight or ZERO for place in own), len(records))
        for place, share in zip(own, shares, strict=True):
            kpis[place] = kpis[place]._replace(weight=share)
    said = {one.opinion for one in records}
    return replace(records[0], kpis=tuple(kpis), opinion=said.pop() if len(said) == 1 else "")


def _shares(weights: Iterable[Decimal], count: int) -> list[Decimal]:
    """Each weight divided, to the cent; they add up to the sum divided."""
    ends = [ZERO]
    whole = ZERO
    for weight in weights:
        whole += weight
        ends.append(half_up(divide(whole, Decimal(count))))
    return [end - before for before, end in pairwise(ends)]
