"""Checks of what follows from a total: grades by category, caps and vetoes, quotas."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfxl.decimals import plain
from perfxl.rules.base import NUMBERS
from perfxl.scheme.convert import NO, YES, UnfitError, number
from perfxl.scheme.fact_types import DERIVED, FactTypes, fact_types
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.words import hint
from perfxl.text import fold_all

SETS = {True: "五档", False: "四档"}
_ANSWERS = {fold_all(word): word for word in (YES, NO)}


def check_grades(draft: Draft) -> None:
    """Add the faults of grades, caps and quotas to the draft."""
    _grades(draft)
    _caps(draft, fact_types(draft))
    _quotas(draft)


def chosen_set(draft: Draft) -> str | None:
    """Which set of grades is in force, None where the option does not fit."""
    return SETS.get(draft.record("options")["five_grades"])


def _bands(draft: Draft) -> dict[tuple[str, str], list[Line]]:
    """The grades by set and category."""
    bands: dict[tuple[str, str], list[Line]] = {}
    for line in draft.lines("grades"):
        bands.setdefault((line["set"], line["category"]), []).append(line)
    return bands


def _grades(draft: Draft) -> None:
    if not draft.sure("grades", "set", "floor", "category"):
        return
    bands = _bands(draft)
    for (name, category), lines in bands.items():
        lowest = min(lines, key=lambda line: line["floor"])
        if lowest["floor"] > 0:
            of = f"“{category}”的" if category else ""
            what = f"{of}{name}等级最低的“{lowest['name'] or ''}”下限是 {plain(lowest['floor'])}"
            draft.fault(lowest.place("floor"), what, "最低一档的下限应为 0，使每个总分都有等级")
    chosen = chosen_set(draft)
    if chosen and bands and not any(name == chosen for name, _ in bands):
        place = draft.record("options").place("five_grades")
        draft.fault(place, f"选项用{chosen}等级，但等级表没有{chosen}", f"请在等级表补上{chosen}，或改选项“五档等级”")
    elif chosen and bands and (chosen, "") not in bands:
        first = next(lines[0] for (name, _), lines in bands.items() if name == chosen)
        what = f"{chosen}等级都只用于某一类部门，没有各类通用的一套"
        draft.fault(first.place("category"), what, f"请补上一套部门类别留空的{chosen}等级，用于没有单独一套的类别")


def _grade_names(draft: Draft) -> dict[str, set[str]] | None:
    """The names of the grades in force by category (blank: all others); None where they are not known for certain."""
    chosen = chosen_set(draft)
    if chosen is None or not draft.sure("grades", "set", "name", "category"):
        return None
    names: dict[str, set[str]] = {}
    for (name, category), lines in _bands(draft).items():
        if name == chosen:
            names[category] = {line["name"] for line in lines}
    return names


def _known_grade(draft: Draft, line: Line, table: str) -> None:
    """The grade that a row names is one in force, for every category."""
    names, grade = _grade_names(draft), line["grade"]
    if not names or not grade:
        return
    every = {name for own in names.values() for name in own}
    lacking = [category for category, own in names.items() if grade not in own]
    if grade not in every:
        what = f"{draft.label(table, 'grade')}“{grade}”不是{chosen_set(draft)}等级中的一档"
        draft.fault(line.place("grade"), what, hint(grade, every, f"请填等级表中{chosen_set(draft)}的等级"))
    elif lacking and table == "caps":
        of = "、".join(f"“{category}”" if category else "各类通用的一套" for category in lacking)
        what = f"等级“{grade}”在{of}的等级中没有"
        draft.fault(line.place("grade"), what, "封顶用的等级，各类部门的等级中都要有，请补上或改填")


def _caps(draft: Draft, known: FactTypes) -> None:
    lines = draft.lines("caps")
    options = draft.record("options")
    if not lines and draft.raw.tables["caps"].whole and options["caps_on"]:
        what = "启用了支出率封顶，但“封顶和否决”表没有内容"
        draft.fault(options.place("caps_on"), what, "请填写封顶的各种情况，或改为“否”")
    for line in draft.valued("caps", "fact", "sign", "value", "cap", "grade"):
        if line["cap"] is None and not line["grade"]:
            what = "这一行既没有“总分最高”，也没有“等级最高”"
            draft.fault(line.row.place, what, "至少填一项，否则不起作用")
        _known_grade(draft, line, "caps")
        _condition(draft, line, known)


def _condition(draft: Draft, line: Line, known: FactTypes) -> None:
    """A number is compared with a number, an answer with an answer."""
    key, sign, value = line["fact"], line["sign"], line["value"]
    if not key:
        if _has_spending_rate(draft) is False:
            what = "没有填写事项，即按支出率，但方案没有支出率"
            draft.fault(line.place("fact"), what, "请填事项代码或计算事项的代码，或补上收支表")
    elif key not in known.types:
        if known.sure:
            draft.fault(
                line.place("fact"), f"没有事项代码“{key}”", hint(key, known.types, "请填事项代码或计算事项的代码")
            )
        return
    kind = known.types[key] if key else DERIVED
    if kind == "yes_no":
        if sign != "=":
            what = f"“{key}”是 是/否 事项，条件不能用“{sign}”"
            draft.fault(line.place("sign"), what, "请用“=”，数值填“是”或“否”")
        if fold_all(value) not in _ANSWERS:
            draft.fault(line.place("value"), f"“{key}”是 是/否 事项，数值不能是“{value}”", "请填“是”或“否”")
    elif kind == "text":
        draft.fault(line.place("fact"), f"“{key}”的类型是文字，不能作为条件", "请用 是/否 事项或数字事项")
    elif kind in (*NUMBERS, DERIVED):
        try:
            number(value)
        except UnfitError as error:
            draft.fault(line.place("value"), f"{draft.label('caps', 'value')}：{error.what}", error.advice)


def _has_spending_rate(draft: Draft) -> bool | None:
    named = draft.record("evaluated")["spending_rate"]
    if named or draft.lines("funds"):
        return True
    return False if draft.raw.tables["funds"].whole and named is not None else None


def cap_value(values: Mapping[str, object], kind: str | None) -> str:
    """The value of a cap in the one form that a scheme has: 是, 否, or a plain number."""
    written = str(values["value"])
    return _ANSWERS[fold_all(written)] if kind == "yes_no" else plain(number(written))


def _quotas(draft: Draft) -> None:
    names = _grade_names(draft)
    for line in draft.lines("quotas"):
        if line["grade"]:
            _known_grade(draft, line, "quotas")
        if not names or not line["grade"] or not draft.sure("grades", "floor"):
            continue
        chosen = chosen_set(draft)
        for (name, _), lines in _bands(draft).items():
            lowest: Line = min(lines, key=lambda one: one["floor"])
            floor: Decimal = lowest["floor"]
            if name == chosen and floor == 0 and lowest["name"] == line["grade"]:
                what = f"最低的等级“{line['grade']}”不能有名额：超出的没有更低的等级可以下调"
                draft.fault(line.place("grade"), what, "请改填较高的等级，或删去这一行")
                break
