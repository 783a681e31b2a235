"""自评报告: a department's self-evaluation in the structure of the published reports, from its workbook.

It speaks with the department's voice: scores in the text are its self scores, as in published reports; where the
accepted ones are others, that is told in a sentence of its own and in the annex, which has both side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import percent, two_places
from perfxl.documents.figures import (
    LevelScored,
    Scored,
    day,
    ended,
    levels_scored,
    money,
    points,
    points_rate,
    scored,
)
from perfxl.documents.kind import Case, Kind
from perfxl.documents.kinds._report_form import draw
from perfxl.documents.lines import FundsLine, KpiLine, funds_line, kpi_lines
from perfxl.documents.said import said
from perfxl.documents.text import listed_paragraphs
from perfxl.scheme.model import BASE, BONUS, Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.text import chinese_number

_PLACED = frozenset(
    {"duties", "organisation", "annual_work", "management", "achievements", "achieved", "problems", "measures"}
)
"""Parts of the narrative that have a place of their own; the others follow under their labels."""


@dataclass(frozen=True)
class Section:
    """A part of the narrative without a place of its own."""

    title: str = said("标题", "方案中的名称")
    texts: tuple[str, ...] = said("段落", "各段文字")


@dataclass(frozen=True)
class Task:
    """A key task."""

    name: str = said("名称", "任务名称")
    budget: str = said("预算", "万元")
    spent: str = said("支出", "万元")
    rate: str = said("执行率", "支出÷预算")
    result: str = said("完成情况", "部门填的完成情况")
    reason: str = said("原因", "部门填的未完成原因")


@dataclass(frozen=True)
class Member:
    """A third-level indicator in the sentence on its second level."""

    name: str = said("名称", "三级指标名称")
    points: str = said("分值", "分值")
    own: str = said("得分", "自评得分")
    rate: str = said("得分率", "自评得分÷分值")
    reason: str = said("原因", "扣分原因；没有扣分的为空")


@dataclass(frozen=True)
class LevelLine:
    """A second-level indicator."""

    name: str = said("名称", "二级指标名称")
    points: str = said("分值", "分值，不适用的指标不计")
    own: str = said("得分", "自评得分")
    rate: str = said("得分率", "自评得分÷分值")
    full: bool = said("满分", "是否没有扣分")
    reason: str = said("原因", "只有一项扣分时的原因")
    members: tuple[Member, ...] = said("其中", "有几项扣分时，各三级指标；否则没有")


@dataclass(frozen=True)
class Outside:
    """Points outside the hundred."""

    name: str = said("名称", "加分项或扣分项的名称")
    words: str = said("说法", "加 或 扣")
    own: str = said("得分", "加或扣多少分")
    reason: str = said("原因", "部门写的依据")


@dataclass(frozen=True)
class Aspect:
    """A first-level indicator."""

    name: str = said("名称", "一级指标名称")
    content: str = said("内容", "考核哪些方面")


@dataclass(frozen=True)
class ScoreLine:
    """A row of the annex on scores."""

    level1: str = said("一级", "一级指标")
    level2: str = said("二级", "二级指标")
    name: str = said("名称", "三级指标")
    points: str = said("分值", "分值")
    own: str = said("自评", "自评得分")
    accepted: str = said("认定", "认定得分")
    reason: str = said("说明", "部门写的说明")


@dataclass(frozen=True)
class Report:
    """A department's report."""

    year: int = said("年度", "评价年度")
    name: str = said("名称", "部门或项目的名称")
    unit: str = said("单位", "部门名称")
    noun: str = said("称呼", "评价对象的称呼，部门 或 项目")
    whole: str = said("整体", "评价部门时是“整体”，评价项目时为空")
    day: str = said("日期", "成文日期，如 2023年3月31日")
    duties: tuple[str, ...] = said("主要职责", "各段文字")
    organisation: tuple[str, ...] = said("机构设置", "各段文字")
    annual_work: tuple[str, ...] = said("年度工作", "各段文字")
    sections: tuple[Section, ...] = said("其他情况", "方案另设的文字栏目")
    total: FundsLine | None = said("收支", "收支表的合计行；没有收支表的为空")
    funds: tuple[FundsLine, ...] = said("收支分项", "收支表的其他行")
    kpi_firsts: str = said("一级指标个数", "绩效指标表的一级指标有几个，汉字；没有绩效指标的为空")
    kpi_first_names: str = said("一级指标名称", "用顿号分开")
    kpi_seconds: str = said("二级指标个数", "汉字")
    kpi_second_names: str = said("二级指标名称", "用顿号分开")
    kpi_thirds: str = said("三级指标个数", "汉字")
    management: tuple[str, ...] = said("绩效管理", "各段文字")
    aspect_count: str = said("一级个数", "评分方案的一级指标有几个，汉字")
    aspects: tuple[Aspect, ...] = said("一级", "评分方案的一级指标")
    own_total: str = said("自评总分", "自评得分")
    own_grade: str = said("自评等级", "自评等级")
    accepted_total: str = said("认定总分", "财政部门认定的得分；与自评相同的为空")
    accepted_grade: str = said("认定等级", "与认定总分对应的等级")
    levels: tuple[LevelLine, ...] = said("二级", "各二级指标的得分")
    outside: tuple[Outside, ...] = said("加减分", "100 分以外的加分、扣分")
    tasks: tuple[Task, ...] = said("任务", "重点任务")
    achievements: tuple[str, ...] = said("工作成效", "各段文字")
    problems_title: str = said("问题标题", "方案中问题一栏的名称")
    problems: tuple[str, ...] = said("问题", "各段文字")
    measures: tuple[str, ...] = said("措施", "各段文字")
    kpis: tuple[KpiLine, ...] = said("绩效指标", "附件 1 的各行")
    scores: tuple[ScoreLine, ...] = said("得分表", "附件 2 的各行")


def report_of(case: Case) -> Report:
    """The report of a department."""
    scheme, department = case.scheme, case.department
    texts = {key: listed_paragraphs(text) for key, text in department.narrative.items()}
    labels = {part.key: part.label for part in scheme.narrative}
    levels = levels_scored(scheme, department)
    total, rows = _funds(department)
    differs = department.total != department.self_total or department.grade != department.self_grade
    firsts = [level for level in scheme.first_levels if level.nature == BASE]
    kpis = department.kpis
    names1 = list(dict.fromkeys(row.level1 for row in kpis))
    names2 = list(dict.fromkeys(row.level2 for row in kpis if row.level2))
    return Report(
        year=scheme.year,
        name=department.title,
        unit=department.name,
        noun=scheme.evaluated.word,
        whole="" if scheme.evaluated.is_project else "整体",
        day=day(case.today),
        duties=texts.get("duties", ()),
        organisation=texts.get("organisation", ()),
        annual_work=texts.get("annual_work", ()),
        sections=tuple(_sections(texts, labels)),
        total=total,
        funds=rows,
        kpi_firsts=chinese_number(len(names1)) if kpis else "",
        kpi_first_names="、".join(names1),
        kpi_seconds=chinese_number(len(names2)),
        kpi_second_names="、".join(names2),
        kpi_thirds=chinese_number(len(kpis)),
        management=texts.get("management", ()),
        aspect_count="两" if len(firsts) == 2 else chinese_number(len(firsts)),
        aspects=tuple(Aspect(level.name, _content(scheme, level.name)) for level in firsts),
        own_total=two_places(department.self_total),
        own_grade=department.self_grade,
        accepted_total=two_places(department.total) if differs else "",
        accepted_grade=department.grade if differs else "",
        levels=tuple(_level(scheme, department, item) for item in levels if item.nature == BASE),
        outside=tuple(_outside(levels)),
        tasks=tuple(
            Task(ended(task.name), money(task.budget), money(task.spent),
                 "" if task.rate is None else percent(task.rate), ended(task.result), ended(task.reason))
            for task in department.tasks
        ),
        achievements=texts.get("achievements", ()) or texts.get("achieved", ()),
        problems_title=labels.get("problems", "存在的主要问题"),
        problems=texts.get("problems", ()),
        measures=texts.get("measures", ()),
        kpis=tuple(kpi_lines(department)),
        scores=tuple(_scores(scheme, department)),
    )  # fmt: skip


def _sections(texts: Mapping[str, tuple[str, ...]], labels: Mapping[str, str]) -> Iterator[Section]:
    for key, label in labels.items():
        if key not in _PLACED and texts.get(key):
            yield Section(label, texts[key])


def _funds(department: DepartmentResult) -> tuple[FundsLine | None, tuple[FundsLine, ...]]:
    total = next((row for row in department.funds if row.is_total), None)
    rows = tuple(funds_line(row) for row in department.funds if not row.is_total)
    line = funds_line(total) if total is not None else None
    if line is not None and not (line.initial or line.adjusted or line.spent):
        line = None
    return line, tuple(row for row in rows if row.initial or row.adjusted or row.spent)


def _content(scheme: Scheme, level1: str) -> str:
    """What a first level looks at: its second levels, or its indicators where it has only one of these."""
    seconds = [level.name for level in scheme.base_levels if level.parent == level1]
    if len(seconds) > 1:
        return "、".join(seconds)
    return "、".join(item.name for item in scheme.indicators if item.level1 == level1)


def _level(scheme: Scheme, department: DepartmentResult, level: LevelScored) -> LevelLine:
    losing = [item for item in level.members if item.own_loss > 0]
    members = level.members if len(losing) > 1 else ()
    return LevelLine(
        name=level.level.name,
        points=points(level.points),
        own=points(level.own),
        rate=points_rate(level.own, level.points),
        full=level.own >= level.points,
        reason=_reason(scheme, department, losing[0]) if len(losing) == 1 else "",
        members=tuple(
            Member(
                item.indicator.name,
                points(item.score.points),
                points(item.own),
                points_rate(item.own, item.score.points),
                _reason(scheme, department, item) if item.own_loss > 0 else "",
            )
            for item in members
        ),
    )


def _reason(scheme: Scheme, department: DepartmentResult, item: Scored) -> str:
    """Why points are lost: in the department's words; of the spending rate in figures, where these give the score."""
    score, rate = item.score, department.spending_rate
    if item.indicator is scheme.spending_indicator and rate is not None and item.own == score.computed:
        own = points(item.own)
        return f"预算资金支出率为 {percent(rate)}，依据评分标准，计算本指标得分为 {own} 分"
    return ended(score.reason or "") or f"扣减 {points(item.own_loss)} 分"


def _outside(levels: list[LevelScored]) -> Iterator[Outside]:
    for level in levels:
        for item in level.members if level.nature != BASE else ():
            if item.own > Decimal(0):
                words = "加" if level.nature == BONUS else "扣"
                yield Outside(item.indicator.name, words, points(item.own), ended(item.score.reason or ""))


def _scores(scheme: Scheme, department: DepartmentResult) -> Iterator[ScoreLine]:
    for item in scored(scheme, department):
        score = item.score
        own = points(score.self_score) if score.applies else "不适用"
        yield ScoreLine(
            item.indicator.level1,
            item.indicator.level2,
            item.indicator.name,
            points(score.points),
            own,
            points(score.score),
            score.reason or "",
        )


KIND = Kind(
    name="自评报告",
    words="每个部门一份，按公布的自评报告的结构，由工作簿的数据和文字写成；正文用部门的自评得分",
    record=Report,
    draw=draw,
    title=lambda report: f"{report.year}年度{report.name}绩效自评报告",
    of_department=report_of,
    aliases=("报告",),
    order=10,
)
