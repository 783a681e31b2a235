"""Figures in words that say another thing than the scheme: told as hints, since a text may mean something else by them.

Only what a person wrote is looked at: a placeholder cannot contradict the number that it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from perfxl.decimals import ONE, ZERO, plain
from perfxl.errors import Fault
from perfxl.rules.percentages import full_percent
from perfxl.scheme.lines import Draft
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.placeholders import COLUMNS, IsRate, bare, rates_of, scheme_values, scores_rate, wide_names

HUNDRED = Decimal(100)
REASONS = {"budget_change_reason": "budget_change", "low_rate_reason": "low_rate"}
"""The facts that explain what a threshold asks about, with the threshold."""
# A number that is marked as points, as a share or as a factor. 分 begins many words that are no points.
_FIGURE = re.compile(
    r"(?P<times>[×*]\s*)?(?<![\d.])(?P<number>\d+(?:\.\d+)?)\s*"
    r"(?P<unit>%|个百分点|分(?![钟之项析类别为档管局散配秒公支部包批期组]))?"
)
_ALWAYS = frozenset({ZERO, ONE, HUNDRED})


def figure_notices(draft: Draft, scheme: Scheme) -> list[Fault]:
    """What the texts of a scheme that holds say otherwise than its numbers."""
    return [*_standards(draft, scheme), *_reasons(draft, scheme), *_wide_braces(draft, scheme)]


def _standards(draft: Draft, scheme: Scheme) -> Iterator[Fault]:
    for line in draft.lines("indicators"):
        indicator = scheme.indicator_by_code[line["code"]]
        points, rates = own_numbers(indicator, rates_of(scheme))
        everywhere = _shared_rates(scheme)
        for number, unit, shown in figures(line["standard"]):
            if unit == "分" and number not in points:
                advice = f"方案中没有这个分值（分值 {_listed(points)}）；请核对，或写成占位符，例如 {{points}}"
            elif unit == "×" and number not in points | rates | everywhere:
                advice = f"方案中没有这个数（分值 {plain(indicator.points)}）；请核对，或写成占位符，例如 {{points}}"
            elif unit in ("%", "个百分点") and number / HUNDRED not in rates | everywhere | _ALWAYS:
                if unit == "个百分点" and (number == ONE or number in points):
                    continue
                known = f"（{'、'.join(full_percent(rate) for rate in sorted(rates))}）" if rates else ""
                advice = f"方案中没有这个比例{known}；请核对，或写成占位符"
            else:
                continue
            what = f"指标 {indicator.code} 的评分标准写着“{shown}”，与方案中的数不一致"
            yield Fault(line.place("standard"), what, advice)


def own_numbers(indicator: Indicator, is_rate: IsRate) -> tuple[frozenset[Decimal], frozenset[Decimal]]:
    """The points and plain numbers that the scheme gives an indicator, and the rates of its rule with their sums."""
    rule = indicator.rule
    points: set[Decimal] = {indicator.points, ZERO}
    rates: set[Decimal] = set()
    bounds = rates if scores_rate(rule, is_rate) else points
    for name, spec in rule.settings().items():
        value = getattr(rule, name)
        if spec.kind == "number" and value is not None:
            (bounds if spec.rate else points).add(value)
        elif spec.kind == "fact_points":
            points |= {worth for _, worth in value}
        elif spec.kind == "number_points":
            points |= {worth for _, worth in value}
            bounds |= {bound for bound, _ in value}
    # 目标 100%，允许 10%: a text speaks of 90% and 110%.
    sums = {left + sign * right for left in rates | {ONE} for right in rates for sign in (1, -1)}
    return frozenset(points), frozenset(rates | {abs(rate) for rate in rates | sums})


def _shared_rates(scheme: Scheme) -> frozenset[Decimal]:
    """The rates that any standard may speak of: shares, thresholds, options."""
    thresholds, options = scheme.thresholds, scheme.options
    shares = {rate for share in scheme.shares for rate in (share.share, share.low) if rate is not None}
    others = (
        thresholds.budget_change, thresholds.low_rate, thresholds.over_target, thresholds.over_target - 1,
        options.floor, options.penalty_from, options.penalty_from + 1,
    )  # fmt: skip
    return frozenset(shares | set(others))


def _reasons(draft: Draft, scheme: Scheme) -> Iterator[Fault]:
    for line in draft.lines("facts"):
        threshold = REASONS.get(line["key"])
        if threshold is None:
            continue
        bound: Decimal = getattr(scheme.thresholds, threshold)
        for name in COLUMNS["facts"]:
            for number, unit, shown in figures(line[name]):
                if unit in ("%", "个百分点") and number / HUNDRED != bound:
                    label = draft.label("facts", name)
                    what = f"事项“{line['key']}”的{label}写着“{shown}”，检查界线是 {full_percent(bound)}"
                    yield Fault(line.place(name), what, f"请核对，或写成占位符 {{{threshold}}}")


def figures(text: str) -> Iterator[tuple[Decimal, str, str]]:
    """The marked numbers of a text: number, its mark (`分`, `×`, `%`, `个百分点`), and as it is written."""
    for match in _FIGURE.finditer(unicodedata.normalize("NFKC", bare(text))):
        unit = match["unit"] or ("×" if match["times"] else "")
        if unit:
            yield Decimal(match["number"]), unit, match.group().strip()


def _wide_braces(draft: Draft, scheme: Scheme) -> Iterator[Fault]:
    names = {*scheme_values(scheme), "points"}
    for key, columns in COLUMNS.items():
        for line in draft.lines(key):
            for column in columns:
                for name in wide_names(line[column], names):
                    what = f"{draft.label(key, column)}中的“｛{name}｝”用了全角花括号，不会换成数"
                    yield Fault(line.place(column), what, f"请改成半角的 {{{name}}}")


def _listed(numbers: frozenset[Decimal]) -> str:
    return "、".join(plain(number) for number in sorted(numbers, reverse=True) if number)
