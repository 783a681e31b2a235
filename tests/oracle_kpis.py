"""The oracle's KPIs: completion, weights, what a row scores and what counts of it. See `tests.oracle`.

Source: scoring-scheme.md, "One KPI's score", with negative targets and bands.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.oracle_facts import Table, half_up, number

ONE, ZERO = Fraction(1), Fraction(0)


def direction_of(row: Table, scheme: Table) -> str | None:
    """How a row's symbol compares; None for a symbol that the scheme does not have."""
    return next((str(e["direction"]) for e in scheme["symbols"] if e["symbol"] == row["symbol"]), None)


def share_of(row: Table, scheme: Table) -> Table | None:
    """The line of a qualitative result."""
    return next((entry for entry in scheme["shares"] if entry["label"] == row["actual"]), None)


def completion(row: Table, scheme: Table) -> Fraction | None:
    """The completion of one KPI (1 = 100%); for a qualitative one the top of its band."""
    direction = direction_of(row, scheme)
    if direction is None:
        return None
    if direction == "qualitative":
        share = share_of(row, scheme)
        return None if share is None else Fraction(share["share"])
    target, actual = number(row["target"]), number(row["actual"])
    if target is None or actual is None:
        return None
    if target < 0 and not scheme["options"].get("negative_targets", True):
        return None
    if direction == "equal":
        if target == 0:
            return Fraction(int(actual <= 0))
        return max(actual / target, ZERO)
    if direction == "at_least" and target >= 0:
        return ONE if target == 0 else max(actual, ZERO) / target
    reached = actual >= target if direction == "at_least" else actual <= target
    if reached:
        return ONE
    if target == 0:
        return ZERO
    return max(1 - abs(actual - target) / abs(target), ZERO)


def weights(points: Fraction, given: list[Fraction | None]) -> list[Fraction | None]:
    """The weights that count: all blank, the points are shared out to the cent, cumulatively."""
    if any(weight is not None for weight in given):
        return given
    shared: list[Fraction | None] = []
    for position in range(len(given)):
        upto = [half_up(points * count / len(given)) for count in (position, position + 1)]
        shared.append(Fraction(upto[1]) - Fraction(upto[0]))
    return shared


def earned_share(row: Table, weight: Fraction, scheme: Table) -> Fraction | None:
    """The share of its weight that a row comes to: its completion, in a band the department's own share."""
    share = share_of(row, scheme) if direction_of(row, scheme) == "qualitative" else None
    own = number(row.get("self_score"))
    if share is None or own is None or weight <= 0:
        return completion(row, scheme)
    low, high = Fraction(share.get("low", share["share"])), Fraction(share["share"])
    return min(max(own / weight, low), high)


def kpi_score(row: Table, weight: Fraction | None, scheme: Table) -> Decimal | None:
    """The score of one KPI, to two places; None where something is missing."""
    done = None if weight is None else earned_share(row, weight, scheme)
    if done is None or weight is None:
        return None
    options = scheme["options"]
    if options.get("floor_on") and done < Fraction(options.get("floor", Decimal("0.6"))):
        return half_up(ZERO)
    score = min(done, ONE) * weight
    counts_over = direction_of(row, scheme) in ("at_least", "equal") and bool(number(row["target"]))
    if options.get("penalty_on") and counts_over and done >= 1 + Fraction(options.get("penalty_from", Decimal("0.3"))):
        score = max(score - Fraction(options.get("penalty", 2)), ZERO)
    return half_up(score)


def counted_score(row: Table, computed: Decimal | None) -> Fraction | None:
    """What counts of a row: 就低, the lower of its self score and its computed one, not below 0."""
    if computed is None:
        return None
    own = number(row.get("self_score"))
    return Fraction(computed) if own is None else max(min(own, Fraction(computed)), ZERO)


def rows_of(indicator: Table, document: Table) -> list[Table]:
    """The rows that count for an indicator."""
    return [row for row in document.get("kpis", ()) if row["level1"] in indicator["settings"]["levels"]]


def kpi_scores(indicator: Table, document: Table, scheme: Table) -> list[Decimal | None]:
    """The score of each row that counts for an indicator."""
    rows = rows_of(indicator, document)
    given = weights(Fraction(indicator["points"]), [number(row["weight"]) for row in rows])
    return [kpi_score(row, weight, scheme) for row, weight in zip(rows, given, strict=True)]


def counted_scores(indicator: Table, document: Table, scheme: Table) -> list[Fraction | None]:
    """What counts of each row of an indicator."""
    scores = kpi_scores(indicator, document, scheme)
    return [counted_score(row, score) for row, score in zip(rows_of(indicator, document), scores, strict=True)]
