"""Checks of the numbers of a scheme: points that add up, grades, caps, options, and who counts the KPIs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfxl.decimals import ZERO, half_up, plain
from perfxl.rules import Rule
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.words import hint

FULL = Decimal(100)
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
    ("levels", "points", "(0, 100]"),
    ("indicators", "points", "(0, 100]"),
    ("columns", "width", "[1, 100]"),
    ("shares", "share", "[0, 1]"),
    ("grades", "floor", "[0, 100]"),
    ("caps", "rate", "[0, 1]"),
    ("caps", "cap", "[0, 100]"),
)


def check_points(draft: Draft, rules: Mapping[str, Rule]) -> None:
    """Add the faults of numbers to the draft."""
    _not_empty(draft)
    for key, name, interval in RANGES:
        for line in draft.valued(key, name):
            if advice := _outside(Decimal(line[name]), interval):
                draft.fault(line.place(name), f"{draft.label(key, name)}不能是 {plain(Decimal(line[name]))}", advice)
    for key in ("levels", "indicators"):
        for line in draft.valued(key, "points"):
            if half_up(line["points"]) != line["points"]:
                what = f"分值 {plain(line['points'])} 多于两位小数"
                draft.fault(line.place("points"), what, "得分保留两位小数，请改正")
    _level_sums(draft)
    _indicator_sums(draft)
    _grades(draft)
    _caps(draft)
    _kpi_levels(draft, rules)


def _not_empty(draft: Draft) -> None:
    for raw in draft.raw.tables.values():
        if raw.whole and not raw.rows and not raw.table.may_be_empty:
            draft.fault(raw.place, f"“{raw.table.sheet}”没有内容", f"请至少填一行：{raw.table.note}")
    qualitative = next((line for line in draft.lines("symbols") if line["direction"] == "qualitative"), None)
    if qualitative and draft.raw.tables["shares"].whole and not draft.lines("shares"):
        draft.fault(qualitative.place("direction"), "有定性指标，但没有定性结果的得分比例", "请填写定性结果")


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


def _total(lines: list[Line]) -> Decimal | None:
    """The sum of the points; None where one of them is not known."""
    if not all("points" in line.values for line in lines):
        return None
    return sum((line["points"] for line in lines), ZERO)


def _unequal(draft: Draft, line: Line, parts: str, total: Decimal) -> None:
    points = line["points"]
    what = f"“{line['name']}”分值 {plain(points)}，所属{parts}合计 {plain(total)}，相差 {plain(abs(points - total))}"
    draft.fault(line.place("points"), what, f"请改{parts}的分值，或改“{line['name']}”的分值")


def _level_sums(draft: Draft) -> None:
    if not draft.sure("levels", "name", "parent"):
        return
    levels = draft.lines("levels")
    firsts = {line["name"]: line for line in levels if not line["parent"]}
    seconds = {line["name"] for line in levels if line["parent"]}
    strays = [line for line in levels if line["parent"] and line["parent"] not in firsts]
    for line in strays:
        parent = line["parent"]
        if parent in seconds:
            what, advice = f"所属一级“{parent}”本身是二级指标", "请填一级指标的名称"
        else:
            what, advice = f"没有名称为“{parent}”的一级指标", hint(parent, firsts, "请填已有的一级指标名称")
        draft.fault(line.place("parent"), what, advice)
    total = _total(list(firsts.values()))
    if firsts and total is not None and total != FULL:
        first = next(iter(firsts.values()))
        what = f"一级指标分值合计 {plain(total)}，不等于 100"
        draft.fault(first.place("points"), what, f"请改一级指标（{'、'.join(firsts)}）的分值")
    for name, line in firsts.items():
        total = _total([second for second in levels if second["parent"] == name])
        if line["points"] is None or total is None or total == line["points"] or (strays and total < line["points"]):
            continue  # what is lacking may be the second level whose parent is misspelt
        _unequal(draft, line, "二级指标", total)


def _indicator_sums(draft: Draft) -> None:
    if not draft.sure("levels", "name", "parent"):
        return
    levels = draft.lines("levels")
    firsts = {line["name"] for line in levels if not line["parent"]}
    seconds = {line["name"]: line for line in levels if line["parent"]}
    strays = False
    for line in draft.valued("indicators", "level2"):
        name = line["level2"]
        if name in seconds:
            continue
        strays = True
        if name in firsts:
            what, advice = f"所属二级“{name}”是一级指标", "请填它下面的二级指标"
        else:
            what, advice = f"没有名称为“{name}”的二级指标", hint(name, seconds, "请填已有的二级指标名称")
        draft.fault(line.place("level2"), what, advice)
    if not draft.sure("indicators", "level2"):
        return
    for name, line in seconds.items():
        total = _total([third for third in draft.lines("indicators") if third["level2"] == name])
        if line["points"] is None or total is None or total == line["points"] or (strays and total < line["points"]):
            continue  # what is lacking may be the indicator whose second level is misspelt
        _unequal(draft, line, "三级指标", total)


def _grades(draft: Draft) -> None:
    if not draft.sure("grades", "set", "floor"):
        return
    sets: dict[str, list[Line]] = {}
    for line in draft.lines("grades"):
        sets.setdefault(line["set"], []).append(line)
    for name, lines in sets.items():
        lowest = min(lines, key=lambda line: line["floor"])
        if lowest["floor"] > 0:
            what = f"{name}等级最低的“{lowest['name'] or ''}”下限是 {plain(lowest['floor'])}"
            draft.fault(lowest.place("floor"), what, "最低一档的下限应为 0，使每个总分都有等级")
    five = draft.record("options")["five_grades"]
    chosen = {True: "五档", False: "四档"}.get(five)
    if chosen and chosen not in sets and sets:
        place = draft.record("options").place("five_grades")
        draft.fault(place, f"选项用{chosen}等级，但等级表没有{chosen}", f"请在等级表补上{chosen}，或改选项“五档等级”")


def _caps(draft: Draft) -> None:
    if not draft.sure("caps", "rate"):
        return
    lines = draft.lines("caps")
    if lines and (lowest := min(lines, key=lambda line: line["rate"]))["rate"] > 0:
        what = f"支出率封顶的最低一档从 {plain(lowest['rate'])} 起"
        draft.fault(lowest.place("rate"), what, "最低一档的支出率下限应为 0")
    if not lines and draft.record("options")["caps_on"]:
        place = draft.record("options").place("caps_on")
        draft.fault(place, "启用了支出率封顶，但“支出率封顶”表没有内容", "请填写封顶各档，或改为“否”")


def _kpi_levels(draft: Draft, rules: Mapping[str, Rule]) -> None:
    """Each first-level kind of KPI counts for one indicator: for none its points are lost, for two they count twice."""
    if not draft.sure("kpi_levels", "level1"):
        return
    known = dict.fromkeys(line["level1"] for line in draft.lines("kpi_levels"))
    counted: dict[str, str] = {}
    strays = False
    for line in draft.valued("settings", "indicator", "value"):
        rule = rules.get(line["indicator"])
        if rule is None or line["value"] not in rule.kpi_levels:
            continue
        code, level, place = line["indicator"], line["value"], line.place("value")
        if level not in known:
            strays = True
            advice = hint(level, known, "请填绩效指标类别表中的一级指标")
            draft.fault(place, f"指标 {code} 的规则：绩效指标类别中没有一级指标“{level}”", advice)
        elif level in counted:
            what = f"一级指标“{level}”已由指标 {counted[level]} 计分，指标 {code} 不能再计"
            draft.fault(place, what, "一个一级指标只能由一个三级指标计分，请删去一处")
        counted.setdefault(level, code)
    unknown_rules = not draft.sure("indicators", "code") or len(rules) < len(draft.lines("indicators"))
    for line in draft.lines("kpi_levels"):
        level = line["level1"]
        if known.pop(level, "absent") is None and level not in counted and not strays and not unknown_rules:
            what = f"一级指标“{level}”没有三级指标为它计分"
            draft.fault(line.place("level1"), what, "请在规则为“绩效指标计分”的三级指标中加上它，或删去")
