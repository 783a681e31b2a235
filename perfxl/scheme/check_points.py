"""Checks of single numbers of a scheme: in their range, with no more places than a score has; and of empty tables."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from perfxl.decimals import half_up, plain
from perfxl.scheme.lines import Draft

# Table, column, and the interval its values are in: bounds that belong to it in square brackets.
RANGES = (
    ("header", "year", "[2000, 2100]"),
    ("options", "floor", "(0, 1)"),
    ("options", "penalty_from", "(0, )"),
    ("options", "penalty", "[0, )"),
    ("options", "kpi_rows", "[1, 200]"),
    ("options", "task_rows", "[1, 200]"),
    ("thresholds", "budget_change", "[0, )"),
    ("thresholds", "low_rate", "[0, )"),
    ("thresholds", "over_target", "[0, )"),
    ("thresholds", "completion_gap", "[0, )"),
    ("thresholds", "self_over", "[0, )"),
    ("thresholds", "near_grade", "[0, )"),
    ("thresholds", "review_watch", "[0, )"),
    ("thresholds", "review_report", "[0, )"),
    ("thresholds", "official_gap", "[0, )"),
    ("thresholds", "light_red", "(0, )"),
    ("thresholds", "light_yellow", "(0, )"),
    ("thresholds", "light_blue", "(0, )"),
    ("thresholds", "take_back", "[0, 1]"),
    ("levels", "points", "(0, 100]"),
    ("indicators", "points", "(0, 100]"),
    ("columns", "width", "[1, 100]"),
    ("shares", "share", "[0, 1]"),
    ("shares", "low", "[0, 1]"),
    ("grades", "floor", "[0, 100]"),
    ("caps", "cap", "[0, 100]"),
    ("quotas", "share", "(0, 1)"),
)


def check_points(draft: Draft) -> None:
    """Add the faults of numbers to the draft."""
    _not_empty(draft)
    _lights(draft)
    for key, name, interval in RANGES:
        for line in draft.valued(key, name):
            if line[name] is not None and (advice := _outside(Decimal(line[name]), interval)):
                draft.fault(line.place(name), f"{draft.label(key, name)}不能是 {plain(Decimal(line[name]))}", advice)
    for key in ("levels", "indicators"):
        for line in draft.valued(key, "points"):
            if half_up(line["points"]) != line["points"]:
                what = f"分值 {plain(line['points'])} 多于两位小数"
                draft.fault(line.place("points"), what, "得分保留两位小数，请改正")
    for line in draft.valued("shares", "share", "low"):
        if line["low"] is not None and line["low"] > line["share"]:
            what = f"下限 {plain(line['low'])} 大于得分比例 {plain(line['share'])}"
            draft.fault(line.place("low"), what, "得分比例是上限，下限不能比它大；比例固定的，下限留空")


def _not_empty(draft: Draft) -> None:
    for raw in draft.raw.tables.values():
        if raw.whole and not raw.rows and not raw.table.may_be_empty:
            draft.fault(raw.place, f"“{raw.table.sheet}”没有内容", f"请至少填一行：{raw.table.note}")


_LIGHTS = ("light_red", "light_yellow", "light_blue")


def _lights(draft: Draft) -> None:
    """The bounds of the lights rise from one to the next."""
    for line in draft.valued("thresholds", *_LIGHTS):
        for lower, higher in pairwise(_LIGHTS):
            if line[lower] >= line[higher]:
                labels = [draft.label("thresholds", name) for name in (lower, higher)]
                what = f"{labels[0]}的界线 {plain(line[lower])} 不低于{labels[1]}的 {plain(line[higher])}"
                draft.fault(line.place(higher), what, "红灯、黄灯、蓝灯的界线应从小到大，例如 0.6、0.8、1.2")


def _outside(value: Decimal, interval: str) -> str | None:
    """What the value should be, or None where it is in the interval."""
    low, high = interval[1:-1].split(",")
    words = []
    sound = True
    if low.strip():
        bound, closed = Decimal(low.strip()), interval[0] == "["
        sound = value >= bound if closed else value > bound
        words.append(f"{'不小于' if closed else '大于'} {bound}")
    if high.strip():
        bound, closed = Decimal(high.strip()), interval[-1] == "]"
        sound = sound and (value <= bound if closed else value < bound)
        words.append(f"{'不大于' if closed else '小于'} {bound}")
    return None if sound else "应" + "、".join(words)
