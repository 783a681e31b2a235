"""A department in four lines: what it does well, where it loses points, how its KPIs and its spending stand."""

from __future__ import annotations

from decimal import Decimal

from perfxl.decimals import ZERO, amount, percent, two_places
from perfxl.results.completion import SHORT, completion_word
from perfxl.results.context import Context, category_of, level_points, level_sums
from perfxl.results.statistics import rate
from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scoring.result import DepartmentResult

NAMED = 3  # so many of each are named


def portrait(context: Context, department: DepartmentResult) -> list[tuple[str, str]]:
    """Label and text of each line, of what the scheme asks for."""
    scheme = context.scheme
    kpis = [("指标完成", _kpis(context, department))] if scheme.has_kpis else []
    spending = [("支出", _spending(context, department))] if scheme.funds_table else []
    strengths, weaknesses = _strengths(context, department), _weaknesses(context, department)
    return [("优势", strengths), ("不足", weaknesses), *kpis, *spending]


def _strengths(context: Context, department: DepartmentResult) -> str:
    """The second-level indicators that are furthest above the mean of the category."""
    means = context.category_rates.get(category_of(department), {})
    leads: list[tuple[Decimal, Decimal, Decimal, str]] = []
    full: list[str] = []
    scores, points = (work(context.scheme, department.scores) for work in (level_sums, level_points))
    for level in context.scheme.base_levels:
        own = rate(scores.get(level.name, ZERO), points[level.name])
        if own is None:
            continue
        if own == 1:
            full.append(level.name)
        average = means.get(level.name)
        if average is not None and own > average:
            leads.append((own - average, own, average, level.name))
    parts = [
        f"{name} {percent(own, 1)}（同类平均 {percent(average, 1)}）"
        for _, own, average, name in sorted(leads, key=lambda lead: -lead[0])[:NAMED]
    ]
    text = "得分率高于同类平均较多的是" + "、".join(parts) + "。" if parts else "没有得分率高于同类平均的二级指标。"
    return text + (f"满分的有{'、'.join(full)}。" if full else "")


def _weaknesses(context: Context, department: DepartmentResult) -> str:
    """The third-level indicators on which most points were lost."""
    names = context.scheme.indicator_by_code
    lost = sorted((score for score in department.scores if score.lost > 0), key=lambda score: -score.lost)
    if not lost:
        return "没有扣分。"
    parts = [
        f"{score.code} {names[score.code].name} {two_places(score.lost)} 分"
        for score in lost[:NAMED]
        if score.code in names
    ]
    total = two_places(sum((score.lost for score in lost), ZERO))
    return f"扣分最多的是{'、'.join(parts)}；{len(lost)} 项共扣 {total} 分。"


def _kpis(context: Context, department: DepartmentResult) -> str:
    kpis = department.kpis
    if not kpis:
        return "没有填报绩效指标。"
    over = context.scheme.thresholds.over_target
    short = [kpi for kpi in kpis if completion_word(kpi, over) == SHORT]
    known = [kpi for kpi in kpis if kpi.completion is not None]
    text = f"共 {len(kpis)} 项，完成 {len(known) - len(short)} 项，未完成 {len(short)} 项"
    if not short:
        return text + "。"
    short.sort(key=lambda kpi: kpi.completion or ZERO)
    parts = [f"{kpi.name} {percent(kpi.completion or ZERO)}" for kpi in short[:NAMED]]
    return f"{text}：{'、'.join(parts)}{' 等' if len(short) > NAMED else ''}。"


def _spending(context: Context, department: DepartmentResult) -> str:
    """Spent ÷ budget = rate of each row of the funds table."""
    parts = []
    for funds in department.funds:
        if funds.adjusted is None or funds.spent is None:
            continue
        text = f"{funds.label} {amount(funds.spent)} ÷ {amount(funds.adjusted)}"
        share = rate(funds.spent, funds.adjusted)
        parts.append(text if share is None else f"{text} = {percent(share)}")
    columns = context.scheme.funds_table.columns
    return "；".join(parts) + f"（{columns[SPENT]} ÷ {columns[ADJUSTED]}，万元）。" if parts else "没有填报收支。"
