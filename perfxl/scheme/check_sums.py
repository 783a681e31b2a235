"""Points that add up: third levels to their second, these to their first, the first levels to 100.

One wrong number unsettles two sums. It is told where it stands: a parent whose sum is put right by its misfit children
says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, plain
from perfxl.rules import Rule
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.model import BASE
from perfxl.scheme.words import hint

FULL = Decimal(100)
_MOST_LISTED = 12


@dataclass(frozen=True)
class _Sum:
    """A level with the parts that should add up to its points.

    own: the sum of the parts; None where it is not known, or where a misspelt parent may explain what is lacking.
    """

    line: Line
    parts: Sequence[Line]
    own: Decimal | None

    @property
    def misfit(self) -> bool:
        return self.own is not None and self.line["points"] is not None and self.own != self.line["points"]


def check_sums(draft: Draft, tried: Mapping[str, Rule]) -> None:
    """Add the faults of levels and their sums. tried: the rule of each indicator, whether it fits its points or not."""
    if not draft.sure("levels", "name", "parent", "nature"):
        return
    levels = draft.lines("levels")
    firsts = {line["name"]: line for line in levels if not line["parent"]}
    seconds = {line["name"]: line for line in levels if line["parent"]}
    stray_levels = _stray_levels(draft, firsts, seconds)
    stray_thirds = _stray_indicators(draft, firsts, seconds)
    natures = {name: line["nature"] for name, line in firsts.items()}
    sums_known = draft.sure("indicators", "level2")
    thirds = {name: [third for third in draft.lines("indicators") if third["level2"] == name] for name in seconds}
    below = {
        name: _sum(line, thirds[name], excused=stray_thirds or not sums_known)
        for name, line in seconds.items()
        if natures.get(line["parent"]) == BASE
    }
    above = {}
    for name, line in firsts.items():
        own = [second for second in seconds.values() if second["parent"] == name]
        if natures[name] == BASE:
            above[name] = _sum(line, own, excused=stray_levels)
        elif sums_known and not stray_levels and not stray_thirds and not any(thirds[second["name"]] for second in own):
            draft.fault(
                line.place("name"), f"{line['nature']}的“{name}”下面没有三级指标", "请加上三级指标，或删去这一行"
            )
    for one in below.values():
        if one.misfit and not _by_an_indicator(one, tried):
            _tell_second(draft, one, above.get(one.line["parent"]))
    total = _total([one.line for one in above.values()])
    explained = total is None or total == FULL
    for one in above.values():
        if one.misfit and not _by_parts(one, [below[part["name"]] for part in one.parts]):
            explains = total is not None and _explains(one, total)
            explained = explained or explains
            _tell_first(draft, one, total if explains else None)
    if total is not None and not explained:
        _tell_total(draft, list(above), above, total)


def _stray_levels(draft: Draft, firsts: Mapping[str, Line], seconds: Mapping[str, Line]) -> bool:
    """Tell second levels whose first level is none; whether there are such."""
    strays = [line for line in draft.lines("levels") if line["parent"] and line["parent"] not in firsts]
    for line in strays:
        parent = line["parent"]
        if parent in seconds:
            what, advice = f"所属一级“{parent}”本身是二级指标", "请填一级指标的名称"
        else:
            what, advice = f"没有名称为“{parent}”的一级指标", hint(parent, firsts, "请填已有的一级指标名称")
        draft.fault(line.place("parent"), what, advice)
    for line in seconds.values():
        of_parent = firsts[line["parent"]]["nature"] if line["parent"] in firsts else line["nature"]
        if line["nature"] not in (BASE, of_parent):
            what = f"二级指标“{line['name']}”的性质是{line['nature']}"
            draft.fault(line.place("nature"), what, "性质只写在一级指标上，请留空，或写在所属一级指标上")
    return bool(strays)


def _stray_indicators(draft: Draft, firsts: Mapping[str, Line], seconds: Mapping[str, Line]) -> bool:
    """Tell indicators whose second level is none; whether there are such."""
    strays = [line for line in draft.valued("indicators", "level2") if line["level2"] not in seconds]
    for line in strays:
        name = line["level2"]
        if name in firsts:
            what, advice = f"所属二级“{name}”是一级指标", "请填它下面的二级指标"
        else:
            what, advice = f"没有名称为“{name}”的二级指标", hint(name, seconds, "请填已有的二级指标名称")
        draft.fault(line.place("level2"), what, advice)
    return bool(strays)


def _sum(line: Line, parts: Sequence[Line], *, excused: bool) -> _Sum:
    own = _total(parts)
    lacking = own is not None and line["points"] is not None and own < line["points"]
    return _Sum(line, parts, None if excused and (lacking or own is None) else own)


def _total(lines: Sequence[Line]) -> Decimal | None:
    """The sum of the points; None where one of them is not known."""
    if not all("points" in line.values for line in lines):
        return None
    return sum((line["points"] for line in lines), ZERO)


def _by_parts(one: _Sum, parts: Sequence[_Sum]) -> bool:
    """Whether the sum fits once one misfit part, or all of them, have the points that their own parts add up to."""
    moves = [part.own - part.line["points"] for part in parts if part.misfit and part.own is not None]
    lacking = one.line["points"] - one.own
    return bool(moves) and (lacking in moves or lacking == sum(moves, ZERO))


def _by_an_indicator(one: _Sum, tried: Mapping[str, Rule]) -> bool:
    """Whether the sum fits once one indicator has the points that its own rule asks for."""
    assert one.own is not None
    move = one.line["points"] - one.own
    for third in one.parts:
        rule, points = tried.get(third["code"]), third["points"]
        if rule is not None and points + move > 0 and rule.faults(points) and not rule.faults(points + move):
            return True
    return False


def _explains(one: _Sum, total: Decimal) -> bool:
    """Whether the total is the hundred once this level has the points that its parts add up to."""
    return total != FULL and one.own is not None and total - one.line["points"] + one.own == FULL


def _unequal(one: _Sum, parts: str) -> str:
    name, points, own = one.line["name"], one.line["points"], one.own or ZERO
    apart = plain(abs(points - own))
    return f"“{name}”分值 {plain(points)}，所属{parts}合计 {plain(own)}{_listed(one.parts)}，相差 {apart}"


def _listed(lines: Sequence[Line]) -> str:
    if not lines or len(lines) > _MOST_LISTED:
        return ""
    return "（" + "、".join(f"{line['code'] or line['name']} {plain(line['points'])}" for line in lines) + "）"


def _tell_second(draft: Draft, one: _Sum, parent: _Sum | None) -> None:
    name, what = one.line["name"], _unequal(one, "三级指标")
    assert one.own is not None
    if parent is not None and parent.misfit and parent.own is not None:
        move = one.own - one.line["points"]
        if parent.own + move == parent.line["points"]:
            sums = f"{plain(parent.own)}，不是 {plain(parent.line['points'])}"
            what += f"；“{parent.line['name']}”所属二级指标合计因此是 {sums}"
            draft.fault(one.line.place("points"), what, f"请把“{name}”的分值改为 {plain(one.own)}，或核对各三级指标")
            return
    draft.fault(one.line.place("points"), what, f"请改三级指标的分值，或改“{name}”的分值")


def _tell_first(draft: Draft, one: _Sum, total: Decimal | None) -> None:
    """total: of the first levels, where it is this one that makes it other than the hundred."""
    name, what = one.line["name"], _unequal(one, "二级指标")
    advice = f"请改二级指标的分值，或改“{name}”的分值"
    if total is not None and one.own is not None:
        what += f"；一级指标合计因此是 {plain(total)}，不是 100"
        advice = f"请把“{name}”的分值改为 {plain(one.own)}，或核对各二级指标"
    draft.fault(one.line.place("points"), what, advice)


def _tell_total(draft: Draft, names: Sequence[str], above: Mapping[str, _Sum], total: Decimal) -> None:
    if not above:
        draft.fault(draft.place("levels"), "没有性质为计分的一级指标", "请填写一级指标，计分的一级指标合计 100")
        return
    first = above[names[0]].line
    what = f"一级指标分值合计 {plain(total)}，不等于 100{_listed([one.line for one in above.values()])}"
    extra = [one.line for one in above.values() if total - one.line["points"] == FULL]
    if len(extra) == 1:
        advice = f"“{extra[0]['name']}”如果在 100 分以外，请把它的性质改为加分或扣分；否则请改一级指标的分值"
        draft.fault(extra[0].place("points"), what, advice)
    else:
        draft.fault(first.place("points"), what, f"请改一级指标（{'、'.join(names)}）的分值")
