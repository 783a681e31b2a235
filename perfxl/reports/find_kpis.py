"""Claims on what KPIs came to: counts in sentences that clearly speak of a KPI of the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfxl.reports.claims import ACTUAL, TARGET, Claim, Kind
from perfxl.reports.figures import ABOUT, BEHIND, DIGITS, LOOSELY, SCALE, Figure, figure_of
from perfxl.reports.names import Names
from perfxl.reports.sentences import Sentence

UNITS = (
    "人次", "场次", "大项", "课时", "平方米", "公里", "小时", "分钟", "个", "项", "场", "次", "人", "名", "件", "份",
    "期", "所", "起", "家", "宗", "条", "处", "户", "篇", "台", "套", "批", "类", "亩", "吨", "米", "辆", "天", "%",
)  # fmt: skip
"""Measure words, the longer before those that they begin with."""
NUMBER = re.compile(
    rf"(?P<about>{ABOUT})(?<![\d.第])(?P<digits>{DIGITS})(?P<behind>{BEHIND})(?P<scale>{SCALE})(?P<more>{BEHIND})"
    rf"(?P<unit>{'|'.join(UNITS)})(?P<loosely>{LOOSELY})"
)
"""A count with its measure word."""
_SAME = ({"场", "场次", "次"}, {"人", "名", "人次"}, {"项", "个", "件"})
_COMMON = re.compile(r"(?:完成|达标|实际|年度|全年)?(?:数量|次数|场次|人数|个数|期数|份数|数|率|量|情况|总数)$")
_PLANNED = re.compile(r"(?:计划|目标|指标值|预期|应|拟|不少于|不低于|要求)[^，；。]{0,6}$")
_PART = re.compile(r"分别(?:为|是|有)?$|(?:其中|另有|每[次场个名期]|平均|同比|增[加长]|减少|上年|去年|比)[^；]{0,12}$")
_NOT_DONE = re.compile(r"[^，。；]{0,8}(?:未|没|尚|不)")
_SHARE = 0.6
"""So much of a KPI's name stands around a number that speaks of it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A count of a sentence, with how well each KPI fits."""

    start: int
    end: int
    figure: Figure
    fits: dict[int, float]
    planned: bool


def kpi_claims(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """What the sentence says of KPIs, each with the one that it fits best, where it fits well."""
    if not names.kpis or sentence.table:
        return
    for seen in _seen(sentence.plain, names):
        best = max(seen.fits.values(), default=0.0)
        fitting = [number for number, fit in seen.fits.items() if fit == best]
        if best < _SHARE or len(fitting) > 1:
            continue
        name, _ = names.kpis[fitting[0]]
        column = TARGET if seen.planned else ACTUAL
        yield Claim(Kind.KPI, name, column, sentence, seen.start, seen.end, seen.figure, number=fitting[0])


def _seen(plain: str, names: Names) -> Iterator[_Seen]:
    for match in NUMBER.finditer(plain):
        unit = match["unit"]
        before = plain[max(plain.rfind(mark, 0, match.start()) for mark in "；") + 1 : match.start()]
        clause = before[max(before.rfind(mark) for mark in "，：") + 1 :]
        if _PART.search(clause) or "其中" in before or _NOT_DONE.match(plain, match.end()):
            continue
        around = before + re.split(r"[，；。：]", plain[match.end() : match.end() + 12])[0]
        fits = {
            number: fit
            for number, (name, own) in enumerate(names.kpis)
            if _same_unit(unit, own) and (fit := _fit(name, around, clause)) >= _SHARE
        }
        if fits:
            yield _Seen(match.start(), match.end(), figure_of(match), fits, _PLANNED.search(clause) is not None)


def _same_unit(said: str, own: str) -> bool:
    return said == own or any(said in group and own in group for group in _SAME)


def _fit(name: str, around: str, clause: str) -> float:
    """How much of a KPI's name stands around a number; nothing where what is next to it is of something else."""
    bare = _COMMON.sub("", name)
    pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
    if len(pairs) < 3:
        # A short name must stand there as it is.
        return 1.0 if bare and bare in clause + around[len(around) - 12 :] else 0.0
    near = clause + around[-12:]
    if not any(pair in near for pair in pairs):
        return 0.0
    return sum(pair in around for pair in pairs) / len(pairs)


_NAMED = re.compile(r"[“《「‘][^”》」’]{2,30}[”》」’]")
_NOUN = re.compile(r"[^\W\d_]{1,6}")


def count_claims(sentence: Sentence) -> Iterator[Claim]:
    """Counts that can be told again elsewhere: of something with a name in quotation marks, with unit and noun."""
    plain = sentence.plain
    for match in NUMBER.finditer(plain):
        before = plain[: match.start()]
        named = list(_NAMED.finditer(before))
        noun = _NOUN.match(plain, match.end())
        if not named or match["unit"] == "%" or "其中" in before[named[-1].end() :] or _PLANNED.search(before[-12:]):
            continue
        if "；" in before[named[-1].end() :] or "。" in before[named[-1].end() :] or _PART.search(before[-14:]):
            continue
        told = (
            noun[0][:2]
            if noun and match["unit"] in ("名", "个", "所", "项", "家", "位", "场", "场次", "件", "次")
            else ""
        )
        if match["unit"] in ("名", "个", "项") and not told:
            continue
        unit = next((sorted(group)[0] for group in _SAME if match["unit"] in group), match["unit"])
        yield Claim(Kind.COUNT, named[-1][0], f"{unit}{told}", sentence, match.start(), match.end(), figure_of(match))
