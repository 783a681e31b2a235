"""Checks of what applies to whom: nobody is scored by facts that he is not asked for, nobody has nothing to score."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.rules import Rule
from perfxl.rules.quotient import Quotient, plain_keys
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.model import BASE
from perfxl.scheme.words import listed


def check_categories(draft: Draft, tried: Mapping[str, Rule]) -> None:
    """Add the faults of categories to the draft. tried: the rule of each indicator as far as it could be built."""
    if not draft.sure("categories", "name"):
        return
    every = tuple(dict.fromkeys(line["name"] for line in draft.lines("categories")))
    _facts(draft, tried, every)
    _nobody_left_out(draft, every)


def _facts(draft: Draft, tried: Mapping[str, Rule], every: tuple[str, ...]) -> None:
    facts = {line["key"]: line for line in draft.valued("facts", "key", "categories") if line["categories"]}
    if not facts:
        return
    definitions = _definitions(draft)
    for indicator in draft.valued("indicators", "code", "categories"):
        rule = tried.get(indicator["code"])
        if rule is None:
            continue
        applies = indicator["categories"] or every
        for key in plain_keys(rule.facts(), definitions):
            fact = facts.get(key)
            lacking = [name for name in applies if name in every and fact and name not in fact["categories"]]
            if fact is not None and lacking:
                what = f"事项“{key}”不要求{listed(lacking)}填，但适用于它们的指标 {indicator['code']} 要用"
                advice = "请把两处的适用类别改成一致：要么事项也让这些类别填，要么指标也不评这些类别"
                draft.fault(fact.place("categories"), what, advice)


def _definitions(draft: Draft) -> dict[str, Quotient]:
    """The derived facts that use earlier lines only; of others nothing can be said here."""
    found: dict[str, Quotient] = {}
    later = {line["key"] for line in draft.valued("derived", "key")}
    for line in draft.valued("derived", "key", "numerator", "denominator"):
        quotient = Quotient(line["numerator"], line["denominator"])
        if later.isdisjoint(quotient.keys()):
            found[line["key"]] = quotient
        later.discard(line["key"])
    return found


def _nobody_left_out(draft: Draft, every: tuple[str, ...]) -> None:
    """Every category has an indicator that makes up its total and that no department can put aside."""
    if not (
        draft.sure("indicators", "level2", "categories", "declared")
        and draft.sure("levels", "name", "parent", "nature")
    ):
        return
    natures = {line["name"]: line["nature"] for line in draft.lines("levels") if not line["parent"]}
    outside = {line["name"] for line in draft.lines("levels") if line["parent"] and natures.get(line["parent"]) != BASE}
    counted = [line for line in draft.lines("indicators") if line["level2"] not in outside]
    for name in every if counted else ():
        if not any(_always(line, name) for line in counted):
            place = next(line.place("name") for line in draft.lines("categories") if line["name"] == name)
            what = f"部门类别“{name}”没有一个总是适用的计分指标，无法得出总分"
            draft.fault(place, what, "请至少让一个计分指标适用于它，并且不让部门填“不适用”")


def _always(line: Line, category: str) -> bool:
    return not line["declared"] and (not line["categories"] or category in line["categories"])
