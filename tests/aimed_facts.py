"""Facts put where the rules of a scheme turn: exactly at a bound, or off it by as little as the template can tell.

Its formulas round to nine places before they compare, to be rid of the noise of binary floats.
"""

from __future__ import annotations

import random
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from fractions import Fraction

from tests.oracle_facts import YES_NO, LackingError, NoRateError, Table, added_up, definition, plain_keys
from tests.values import plain

MICRO = Decimal("0.000001")


def bounds(indicator: Table) -> list[Fraction]:
    """Where the score of an indicator turns, as values of what its rule scores."""
    settings = indicator.get("settings", {})
    found = [Fraction(bound) for bound, _ in settings.get("tiers", ())]
    if indicator["kind"] == "deviation":
        target, free = Fraction(settings.get("target", 0)), Fraction(settings.get("free", 0))
        found += [target + sign * (free + Fraction(steps, 1000)) for sign in (1, -1) for steps in (0, 10, 15, 100)]
    if indicator["kind"] == "ratio":
        target = Fraction(settings.get("target", 1))
        found += [target, target / 8, target / 2, Fraction(0)]
    return found + ([Fraction(settings["fixed"])] if "fixed" in settings else [])


def scored(indicator: Table, scheme: Table) -> Table | None:
    """What the rule of an indicator scores, as numerator, denominator and factor; None where it scores no number."""
    settings = indicator.get("settings", {})
    if settings.get("numerator"):
        return {"numerator": settings["numerator"], "denominator": settings["denominator"]}
    value = settings.get("value")
    keys = [value] if isinstance(value, str) else value or []
    if len(keys) != 1:
        return None
    return definition(scheme, keys[0]) or {"numerator": keys}


def scored_by_cap(cap: Table, scheme: Table) -> Table | None:
    """The same of a cap or veto on a number."""
    key = cap.get("fact") or scheme.get("evaluated", {}).get("spending_rate")
    if not key or cap["value"] in YES_NO:
        return None
    return definition(scheme, key) or {"numerator": [key]}


def aim(rng: random.Random, scheme: Table, funds: Table, facts: Table, often: float = 0.6) -> None:
    """Changes some facts of a document: of those that are no part of another and have none."""
    rows = {row["key"]: row for row in scheme.get("facts", ())}
    wholes = {row.get("part_of") for row in rows.values()}
    targets = [(scored(indicator, scheme), bounds(indicator)) for indicator in scheme["indicators"]]
    targets += [
        (made_of, [Fraction(cap["value"])])
        for cap in scheme.get("caps", ())
        if (made_of := scored_by_cap(cap, scheme)) is not None
    ]
    for made_of, turns in targets:
        if made_of is None or not turns or rng.random() >= often:
            continue
        below = made_of.get("denominator", ())
        fixed = set(plain_keys(scheme, below)) | wholes
        free = [
            key for key in made_of["numerator"] if key in rows and key not in fixed and not rows[key].get("part_of")
        ]
        if not free:
            continue
        key = rng.choice(free)
        document = {"facts": facts | {key: "0"}, "funds": funds}
        try:
            whole = added_up(document, scheme, below) if below else Fraction(1)
            others = added_up(document, scheme, made_of["numerator"])
        except (LackingError, NoRateError):
            continue
        wanted = rng.choice(turns) * whole / Fraction(made_of.get("factor", 1)) - others
        put(rng, rows[key], wanted, max(abs(whole) / 10**8, Fraction(MICRO)), facts)


def put(rng: random.Random, row: Table, wanted: Fraction, nudge: Fraction, facts: Table) -> None:
    """Writes the nearest number below that the fact may have, or one that is off it by the nudge."""
    kind = row["type"]
    step = Decimal(1) if kind == "count" else MICRO
    exact, away = (wanted * 100, nudge * 100) if kind == "percent" else (wanted, nudge)
    number = (Decimal(exact.numerator) / exact.denominator).quantize(step, ROUND_DOWN)
    # Where the bound itself cannot be written, what is nearest to it would be too near.
    ways = (0, 0, 0, 1, -1) if Fraction(number) == exact else (2, -1)
    number += (Decimal(away.numerator) / away.denominator).quantize(step, ROUND_UP) * rng.choice(ways)
    if (number >= 0 or row.get("negative")) and abs(number) < 10**8:
        facts[row["key"]] = plain(number + 0)
