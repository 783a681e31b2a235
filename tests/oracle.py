"""An independent scorer: the rules of scoring-scheme.md again, in fractions, sharing no code with perfxl.

Where this and perfxl disagree, one of them misread the text. A submission document and a scheme as plain
tables go in (`tomllib.load(..., parse_float=Decimal)`), scores come out. Nothing is cached and nothing is
quick; every number is a `fractions.Fraction` until it is rounded, by whole-number arithmetic.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

Table = dict[str, Any]


def number(value: Any) -> Fraction | None:
    """A number of a document or scheme; None where there is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        return Fraction(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def half_up(value: Fraction) -> Decimal:
    """A value that is not negative, to two places, halves up."""
    assert value >= 0
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return Decimal(hundredths).scaleb(-2)


def within(value: Fraction, points: Fraction) -> Decimal:
    """A score that is never below 0 and never above the points, to two places."""
    return half_up(min(max(value, Fraction(0)), points))


def fact(document: Table, key: str) -> Any:
    """What the department wrote for a fact; the funds table counts as facts too."""
    if key.startswith("funds."):
        _, row, column = key.split(".")
        return document["funds"].get(row, {}).get(column)
    return document["facts"].get(key)


def added_up(document: Table, keys: list[str]) -> Fraction | None:
    """The sum of facts; None where one is missing."""
    total = Fraction(0)
    for key in keys:
        value = number(fact(document, key))
        if value is None:
            return None
        total += value
    return total


# One KPI


def completion(row: Table, scheme: Table) -> Fraction | None:
    """The completion of one KPI (1 = 100%), over 1 only for ≥, > and = with a target above 0."""
    directions = {entry["symbol"]: entry["direction"] for entry in scheme["symbols"]}
    direction = directions.get(row["symbol"])
    if direction is None:
        return None
    if direction == "qualitative":
        shares = {entry["label"]: Fraction(entry["share"]) for entry in scheme["shares"]}
        return shares.get(row["actual"])
    target, actual = number(row["target"]), number(row["actual"])
    if target is None or actual is None or target < 0:
        return None
    if direction == "at_least":
        return Fraction(1) if target == 0 else max(actual, Fraction(0)) / target
    if direction == "equal":
        if target == 0:
            return Fraction(int(actual <= 0))
        return max(actual, Fraction(0)) / target
    if actual <= target:
        return Fraction(1)
    if target == 0 or actual >= 2 * target:
        return Fraction(0)
    return 1 - (actual - target) / target


def kpi_score(row: Table, weight: Fraction | None, scheme: Table) -> Decimal | None:
    """The score of one KPI, to two places; None where something is missing."""
    done = completion(row, scheme)
    if done is None or weight is None:
        return None
    options = scheme["options"]
    if options["floor_on"] and done < Fraction(options["floor"]):
        return half_up(Fraction(0))
    score = min(done, Fraction(1)) * weight
    if options["penalty_on"]:
        counts_over = {e["symbol"] for e in scheme["symbols"] if e["direction"] in ("at_least", "equal")}
        target = number(row["target"]) if row["symbol"] in counts_over else None
        if target and done >= 1 + Fraction(options["penalty_from"]):
            score = max(score - Fraction(options["penalty"]), Fraction(0))
    return half_up(score)


def kpi_scores(indicator: Table, document: Table, scheme: Table) -> list[Decimal | None]:
    """The score of each KPI that counts for an indicator."""
    rows = [row for row in document["kpis"] if row["level1"] in indicator["settings"]["levels"]]
    weights = [number(row["weight"]) for row in rows]
    if rows and all(weight is None for weight in weights):
        weights = [Fraction(indicator["points"]) / len(rows)] * len(rows)
    return [kpi_score(row, weight, scheme) for row, weight in zip(rows, weights, strict=True)]


# The rules


def _kpi(indicator: Table, document: Table, scheme: Table) -> Fraction | None:
    scores = kpi_scores(indicator, document, scheme)
    known = [Fraction(score) for score in scores if score is not None]
    return sum(known, Fraction(0)) if scores and len(known) == len(scores) else None


def _ratio(indicator: Table, document: Table, _: Table) -> Fraction | None:
    settings, points = indicator["settings"], Fraction(indicator["points"])
    part = added_up(document, settings["numerator"])
    whole = added_up(document, settings["denominator"])
    if part is None or whole is None:
        return None
    if whole == 0:
        return points if settings.get("na") == "满分" else Fraction(0)
    return part / whole / Fraction(settings.get("target", 1)) * points


def _overrun(indicator: Table, document: Table, _: Table) -> Fraction | None:
    settings, points = indicator["settings"], Fraction(indicator["points"])
    added, base = added_up(document, settings["added"]), added_up(document, settings["base"])
    if added is None or base is None:
        return None
    if added <= 0:
        return points
    if base == 0:
        return Fraction(0)
    too_much = added / base - Fraction(settings["free"])
    return points - max(too_much, Fraction(0)) * 100 * Fraction(settings["per_point"])


def _deductions(indicator: Table, document: Table, _: Table) -> Fraction | None:
    settings, score = indicator["settings"], Fraction(indicator["points"])
    fatal = added_up(document, settings.get("fatal", []))
    if fatal is None:
        return None
    for key, each in settings["items"]:
        cases = number(fact(document, key))
        if cases is None:
            return None
        score -= cases * Fraction(each)
    return Fraction(0) if fatal > 0 else score


def _checklist(indicator: Table, document: Table, _: Table) -> Fraction | None:
    score = Fraction(0)
    for key, worth in indicator["settings"]["items"]:
        answer = fact(document, key)
        if answer not in ("是", "否"):
            return None
        score += Fraction(worth) if answer == "是" else 0
    return score


def _limit(indicator: Table, document: Table, _: Table) -> Fraction | None:
    settings = indicator["settings"]
    value, bound = added_up(document, settings["value"]), added_up(document, settings["bound"])
    if value is None or bound is None:
        return None
    nothing_due = bound == 0 and settings.get("na") == "满分"
    kept = value >= bound if settings["side"] == "不低于" else value <= bound
    return Fraction(indicator["points"]) if nothing_due or kept else Fraction(0)


def _tiers(indicator: Table, document: Table, _: Table) -> Fraction | None:
    settings = indicator["settings"]
    part = added_up(document, settings["numerator"])
    whole = added_up(document, settings["denominator"])
    if part is None or whole is None:
        return None
    if whole == 0:
        return Fraction(indicator["points"]) if settings.get("na") == "满分" else Fraction(0)
    for bound, worth in sorted(settings["tiers"], reverse=True):
        if part / whole >= Fraction(bound):
            return Fraction(worth)
    return Fraction(0)


_RULES = {
    "kpi": _kpi,
    "ratio": _ratio,
    "overrun": _overrun,
    "deductions": _deductions,
    "checklist": _checklist,
    "limit": _limit,
    "tiers": _tiers,
}


def computed_score(indicator: Table, document: Table, scheme: Table) -> Decimal | None:
    """What the indicator's rule gives; None where an input is missing or no rule computes it."""
    if indicator["kind"] == "judged":
        return None
    exact = _RULES[indicator["kind"]](indicator, document, scheme)
    return None if exact is None else within(exact, Fraction(indicator["points"]))


# The whole document


def accepted_score(indicator: Table, self_score: Fraction | None, computed: Decimal | None) -> Decimal:
    """就低不就高: the lower of self and computed; 0 where one of them is missing."""
    if self_score is None:
        return half_up(Fraction(0))
    lower = self_score
    if indicator["kind"] != "judged":
        lower = min(self_score, Fraction(computed or 0))
    return within(lower, Fraction(indicator["points"]))


def spending_cap(document: Table, scheme: Table) -> Fraction | None:
    """The highest total at the department's spending rate; None where the cap is off or there is no rate."""
    whole = next(row["key"] for row in scheme["funds"] if row["role"] == "合计")
    spent, adjusted = (number(fact(document, f"funds.{whole}.{column}")) for column in ("spent", "adjusted"))
    if not scheme["options"]["caps_on"] or spent is None or not adjusted:
        return None
    reached = [row for row in scheme["caps"] if spent / adjusted >= Fraction(row["rate"])]
    return Fraction(max(reached, key=lambda row: row["rate"])["cap"]) if reached else None


def grades(scheme: Table) -> list[Table]:
    """The grades in force, highest first."""
    chosen = "五档" if scheme["options"]["five_grades"] else "四档"
    return sorted((row for row in scheme["grades"] if row["set"] == chosen), key=lambda row: -row["floor"])


def grade(total: Decimal, scheme: Table) -> str:
    """The grade of a rounded total; intervals are closed below."""
    return next(str(row["name"]) for row in grades(scheme) if total >= row["floor"])


def near(total: Decimal, scheme: Table) -> bool:
    """临界: the total lies within the margin of a threshold. The lowest grade's floor is none."""
    margin = Fraction(scheme["thresholds"]["near_grade"])
    return any(abs(Fraction(total) - Fraction(row["floor"])) <= margin for row in grades(scheme)[:-1])


def score_document(document: Table, scheme: Table) -> Table:
    """Scores, total and grade of one submission document.

    {"scores": {code: {"computed": Decimal or None, "accepted": Decimal}}, "total", "grade", "near": bool,
    "self_total", "self_grade", "second_level": {name: Decimal}}.
    """
    scores: Table = {}
    second_level: dict[str, Decimal] = {}
    self_total = Fraction(0)
    for indicator in scheme["indicators"]:
        self_score = number(document["scores"].get(indicator["code"], {}).get("self"))
        computed = computed_score(indicator, document, scheme)
        accepted = accepted_score(indicator, self_score, computed)
        scores[indicator["code"]] = {"computed": computed, "accepted": accepted}
        level = indicator["level2"]
        second_level[level] = second_level.get(level, Decimal("0.00")) + accepted
        self_total += self_score or 0
    exact = sum((Fraction(score["accepted"]) for score in scores.values()), Fraction(0))
    cap = spending_cap(document, scheme)
    total = half_up(exact if cap is None else min(exact, cap))
    own = half_up(self_total)
    return {
        "scores": scores,
        "total": total,
        "grade": grade(total, scheme),
        "near": near(total, scheme),
        "self_total": own,
        "self_grade": grade(own, scheme),
        "second_level": second_level,
    }
