"""The oracle's batch: competition ranks, grades under quotas, and the mean of a unit's projects. See `tests.oracle`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tests.oracle import grades
from tests.oracle_facts import Table, half_up


def ranks(totals: Sequence[Decimal]) -> list[int]:
    """Competition ranking: 1, 2, 2, 4."""
    return [1 + sum(other > total for other in totals) for total in totals]


def allowed(quota: Table, count: int) -> int:
    """How many of so many may have a grade."""
    exact = Fraction(quota["share"]) * count
    return {"舍去": exact.__floor__(), "进位": exact.__ceil__(), "四舍五入": (exact + Fraction(1, 2)).__floor__()}[
        quota.get("rounding", "舍去")
    ]


def grades_under_quotas(ranked: Sequence[tuple[Decimal, str, str]], scheme: Table) -> list[str]:
    """The grade of each ranked department, given as total, category and grade before quotas.

    The best grade first; who is lowered out of it counts among those of the next. One is within a quota if, with all
    that share its total, it stands within the places (下调), or if it shares the total of the last place (保留).
    """
    final = [grade for _, _, grade in ranked]
    order = [row["name"] for row in grades(scheme)]

    def place(quota: Table) -> int:
        return order.index(quota["grade"]) if quota["grade"] in order else len(order)

    for quota in sorted(scheme.get("quotas", ()), key=place):
        every = quota.get("scope", "每类") == "全部"
        groups = [""] if every else sorted({category for _, category, _ in ranked})
        for group in groups:
            within = [n for n, (_, category, _) in enumerate(ranked) if every or category == group]
            holders = [n for n in within if final[n] == quota["grade"]]
            most = allowed(quota, len(within))
            lowered = []
            for n in holders:
                better = sum(ranked[other][0] > ranked[n][0] for other in holders)
                as_good = sum(ranked[other][0] >= ranked[n][0] for other in holders)
                kept = better < most if quota.get("ties", "下调") == "保留" else as_good <= most
                if not kept:
                    lowered.append(n)
            for n in lowered:
                names = [row["name"] for row in grades(scheme, ranked[n][1])]
                at = names.index(quota["grade"]) + 1
                final[n] = names[min(at, len(names) - 1)]
    return final


def weighted_mean(projects: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """The total of a unit: the mean of its projects, each weighted by its money; each alike where there is none."""
    money = sum((Fraction(amount) for _, amount in projects), Fraction(0))
    weights = [Fraction(amount) if money > 0 else Fraction(1) for _, amount in projects]
    whole = sum(((Fraction(total) * weight) for (total, _), weight in zip(projects, weights, strict=True)), Fraction(0))
    return half_up(whole / sum(weights))
