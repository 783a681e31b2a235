"""The oracle's rules: one function a kind, from a document to the exact score of an indicator. See `tests.oracle`.

Each raises `LackingError` where an input is missing. Settings are those of the scheme's file.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from tests.oracle_facts import (
    YES_NO,
    LackingError,
    NoRateError,
    Table,
    added_up,
    definition,
    fact,
    number,
    quotient,
    require,
    type_of,
    value,
    within,
)
from tests.oracle_kpis import kpi_scores

ZERO, ONE = Fraction(0), Fraction(1)


def rate_of(settings: Table, document: Table, scheme: Table) -> Fraction:
    """The number that a rule scores: facts over facts, or the value of one fact or derived fact."""
    if settings.get("value"):
        require(document, scheme, [settings["value"]])
        return value(document, scheme, settings["value"])
    return quotient(document, scheme, settings["numerator"], settings["denominator"])


def at_zero(indicator: Table) -> Fraction:
    """The score where there is nothing to divide by: full where the scheme says so."""
    return Fraction(indicator["points"]) if indicator["settings"].get("na") == "满分" else ZERO


def _kpi(indicator: Table, document: Table, scheme: Table) -> Fraction:
    scores = kpi_scores(indicator, document, scheme)
    if not scores or None in scores:
        raise LackingError("kpis")
    return sum((Fraction(score or 0) for score in scores), ZERO)


def _ratio(indicator: Table, document: Table, scheme: Table) -> Fraction:
    settings = indicator["settings"]
    try:
        rate = rate_of(settings, document, scheme)
    except NoRateError:
        return at_zero(indicator)
    return rate / Fraction(settings.get("target", 1)) * Fraction(indicator["points"])


def _tiers(indicator: Table, document: Table, scheme: Table) -> Fraction:
    settings = indicator["settings"]
    try:
        rate = rate_of(settings, document, scheme)
    except NoRateError:
        return at_zero(indicator)
    falls, with_bound = settings.get("toward") == "越低越好", settings.get("closed") != "不含本数"
    best = ZERO
    for bound, worth in settings["tiers"]:
        beyond = rate < Fraction(bound) if falls else rate > Fraction(bound)
        if beyond or (with_bound and rate == Fraction(bound)):
            best = max(best, Fraction(worth))
    return best


def is_rate(settings: Table, scheme: Table) -> bool:
    """Whether what a rule scores is a rate, so that a hundredth is a percentage point."""
    if not settings.get("value"):
        return True
    made_of = definition(scheme, settings["value"])
    return type_of(scheme, settings["value"]) == "percent" if made_of is None else bool(made_of.get("percent", True))


def away(settings: Table, number_: Fraction) -> Fraction:
    """How far a number lies on the side of the target that costs, 0 on the other."""
    above = number_ - Fraction(settings.get("target", 0))
    side = settings.get("side", "高于")
    return max({"高于": above, "低于": -above, "两边": abs(above)}[side], ZERO)


def _deviation(indicator: Table, document: Table, scheme: Table) -> Fraction:
    settings, points = indicator["settings"], Fraction(indicator["points"])
    try:
        rate = rate_of(settings, document, scheme)
    except NoRateError:
        if settings.get("na") == "满分":
            return points
        # Nothing over nothing lies nowhere; anything on the side that costs lies as far as can be.
        return ZERO if away(settings | {"target": 0}, dividend(settings, document, scheme)) > 0 else points
    excess = max(away(settings, rate) - Fraction(settings.get("free", 0)), ZERO)
    steps = excess * 100 if is_rate(settings, scheme) else excess
    if settings.get("step") == "不足一个不计":
        steps = Fraction(steps.__floor__())
    elif settings.get("step") == "不足一个按一个计":
        steps = Fraction(steps.__ceil__())
    return points - steps * Fraction(settings["per_point"])


def dividend(settings: Table, document: Table, scheme: Table) -> Fraction:
    """What stands above the line of a rate that cannot be worked out; 0 where that cannot be worked out either."""
    above = settings.get("numerator", ())
    made_of = definition(scheme, settings["value"]) if settings.get("value") else None
    if made_of is not None:
        above = made_of["numerator"]
    try:
        part = added_up(document, scheme, above)
    except NoRateError:
        return ZERO
    if made_of is None:
        return part
    return (abs(part) if made_of.get("absolute") else part) * Fraction(made_of.get("factor", 1))


def _deductions(indicator: Table, document: Table, scheme: Table) -> Fraction:
    settings, score = indicator["settings"], Fraction(indicator["points"])
    fatal = settings.get("fatal", [])
    require(document, scheme, [key for key, _ in settings["items"]] + list(fatal))
    if added_up(document, scheme, fatal) > 0:
        return ZERO
    for key, each in settings["items"]:
        score -= value(document, scheme, key) * Fraction(each)
    return score


def _additions(indicator: Table, document: Table, scheme: Table) -> Fraction:
    items = indicator["settings"]["items"]
    require(document, scheme, [key for key, _ in items])
    return sum((value(document, scheme, key) * Fraction(each) for key, each in items), ZERO)


def _checklist(indicator: Table, document: Table, _: Table) -> Fraction:
    score = ZERO
    for key, worth in indicator["settings"]["items"]:
        answer = fact(document, key)
        if answer not in YES_NO:
            raise LackingError(key)
        score += Fraction(worth) if answer == "是" else 0
    return score


def _limit(indicator: Table, document: Table, scheme: Table) -> Fraction:
    settings = indicator["settings"]
    require(document, scheme, (*settings["value"], *settings.get("bound", ())))
    try:
        given = added_up(document, scheme, settings["value"])
        bound = number(settings.get("fixed"))
        if bound is None:
            bound = added_up(document, scheme, settings["bound"])
            if bound == 0 and settings.get("na") == "满分":
                return Fraction(indicator["points"])
    except NoRateError:
        return at_zero(indicator)
    kept = given >= bound if settings["side"] == "不低于" else given <= bound
    return Fraction(indicator["points"]) if kept else ZERO


RULES: dict[str, Callable[[Table, Table, Table], Fraction]] = {
    "kpi": _kpi,
    "ratio": _ratio,
    "tiers": _tiers,
    "deviation": _deviation,
    "deductions": _deductions,
    "additions": _additions,
    "checklist": _checklist,
    "limit": _limit,
}


def facts_of(indicator: Table) -> list[str]:
    """The facts and derived facts that the rule of an indicator names."""
    settings, keys = indicator.get("settings", {}), []
    for name in ("numerator", "denominator", "value", "bound", "fatal"):
        given = settings.get(name, [])
        keys += [given] if isinstance(given, str) else given
    return keys + [key for key, _ in settings.get("items", ())]


def computed_score(indicator: Table, document: Table, scheme: Table) -> Decimal | None:
    """What the indicator's rule gives; None where an input is missing or no rule computes it."""
    if indicator["kind"] == "judged":
        return None
    try:
        exact = RULES[indicator["kind"]](indicator, document, scheme)
    except LackingError:
        return None
    return within(exact, Fraction(indicator["points"]))
