"""Workbooks without any finding of the built-in schemes whose forms are others than that of `tests.findings`.

Every number is one that a department may have: parts below their wholes, spending short of its budget, some KPIs not
quite reached. Whoever changes a value has made a slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache

from perfxl.decimals import half_up
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.inputs import inputs_of
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage

Values = dict[FieldId, Decimal | str]
_FUNDS = {
    "initial": ("642.4", "552.69", "89.71", "0"), "adjusted": ("655.8", "560.1", "95.7", "0"),
    "spent": ("640.35", "550.25", "90.1", "0"), "expected": ("640.35", "550.25", "90.1", "0"),
}  # fmt: skip
"""By column of the funds table: the total and its parts."""
_SO_FAR = ("373.55", "321", "52.55", "0")
"""What was spent in the middle of the year."""
_FACTS = {
    "carry_over": "15.45", "carry_over_last": "21.2", "paid_share": "97.64", "planned_share": "96",
    "office.budget": "88.6", "office.spent": "85.2", "procurement.budget": "46", "procurement.spent": "44.85",
    "three_public.budget": "12.5", "three_public.spent": "9.84", "three_public_last": "13.1", "staff_quota": "42",
    "staff": "40", "project_spending": "90.1", "key_spending": "62.4", "fund_use_issues": "0", "fund_diverted": "0",
    "asset_issues": "0", "fixed_assets": "318.6", "fixed_assets_in_use": "312.3", "work_planned": "36",
    "work_done": "36", "work_in_time": "35", "work_up_to_standard": "36", "key_work_assigned": "8",
    "key_work_done": "8", "satisfaction": "95.6", "survey_method": "问卷调查 320 份",
    "department_in_charge": "区教育局",
}  # fmt: skip
_KPIS = (
    ("数量指标", "开展培训场次", "≥", "36", "场", "38", "12"),
    ("质量指标", "培训合格率", "≥", "95", "%", "97.5", "10"),
    ("时效指标", "项目按期完成率", "=", "100", "%", "100", "9"),
    ("成本指标", "培训人均成本", "≤", "450", "元/人", "438.5", "19"),
    ("社会效益指标", "服务群众人次", "≥", "2600", "人次", "2745", "18"),
    ("可持续影响指标", "培训机制健全程度", "定性", "健全", "", "", "12"),
    ("服务对象满意度指标", "参训人员满意度", "≥", "90", "%", "96.2", "10"),
)
"""Second level, name, symbol, target, unit, result, weight; the levels of a scheme without these are taken in turn."""
_IDENTITY = {
    "department.code": "440118021", "department.name": "示例科学技术局", "department.contact": "李雷",
    "department.phone": "020-82700000", "department.project": "科技人才培训", "department.project_code": "P2022021",
}  # fmt: skip


@cache
def sound_values(scheme: Scheme) -> Mapping[FieldId, Decimal | str]:
    """The content of every field of the scheme's template at its stage that has one."""
    values: Values = {("identity", key, VALUE): text for key, text in _identity(scheme)}
    values |= {("facts", key, VALUE): value for key, value in _facts(scheme)}
    for number, row in enumerate(_KPIS, 1) if scheme.kpi_levels else ():
        values |= {("kpis", str(number), key): value for key, value in _kpi(scheme, number, row)}
    if scheme.asks_scores:
        values |= {("scores", code, key): value for code, key, value in _scores(scheme, values)}
    return values


def _identity(scheme: Scheme) -> Iterable[tuple[str, str]]:
    yield from (
        (key, text) for key, text in _IDENTITY.items() if scheme.evaluated.kind == "project" or "project" not in key
    )
    yield "department.category", scheme.categories[0].name
    yield from ((f"narrative.{item.key}", f"{item.label}：按年度计划推进各项科技服务工作") for item in scheme.narrative)


def _facts(scheme: Scheme) -> Iterable[tuple[str, Decimal | str]]:
    table = scheme.funds_table
    for column in table.columns if table.total is not None else ():
        amounts = _SO_FAR if column == "spent" and scheme.stage is Stage.MONITORING else _FUNDS[column]
        rows = (table.total, *table.parts)
        yield from ((row.fact(column), Decimal(amount)) for row, amount in zip(rows, amounts, strict=False))
    for fact in scheme.facts:
        text = _FACTS.get(fact.key, "是" if fact.type == "yes_no" else "")
        if text:
            yield fact.key, text if fact.type in ("text", "yes_no") else Decimal(text)


def _kpi(scheme: Scheme, number: int, row: tuple[str, ...]) -> Iterable[tuple[str, Decimal | str]]:
    level2, name, symbol, target, unit, actual, weight = row
    own = next((item for item in scheme.kpi_levels if item.level2 == level2), None)
    own = own or scheme.kpi_levels[(number - 1) * len(scheme.kpi_levels) // len(_KPIS)]
    reached = actual or scheme.shares[0].label
    asked = {column.key: column for column in scheme.table_columns("kpis")}
    half = {"开展培训场次": "22", "服务群众人次": "1610"}.get(name, actual)
    given = {
        "level1": own.level1, "level2": own.level2, "name": name, "symbol": symbol, "target": target, "unit": unit,
        "weight": weight, "self_score": weight, "expected": reached, "basis": "年度工作计划", "likelihood": "确定能",
        "actual": (half or reached) if scheme.stage is Stage.MONITORING else reached, "evidence": "工作总结第 3 页",
    }  # fmt: skip
    for key, text in given.items():
        if key in asked and text:
            numeric = asked[key].type == "points" or (asked[key].type == "value" and symbol != "定性")
            yield key, Decimal(text) if numeric else text


def _scores(scheme: Scheme, values: Values) -> Iterable[tuple[str, str, Decimal | str]]:
    inputs = inputs_of(scheme, values)
    for item in scheme.indicators:
        computed = item.rule.score(item.points, inputs).score
        own = item.points if computed is None else half_up(computed)
        yield item.code, "self", own
        if own < item.points:
            yield item.code, "reason", "部分工作因疫情延期，已列入下年度计划"
