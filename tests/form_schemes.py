"""Two small schemes of other forms than the built-in one, each with a document that has no finding.

`project_scheme`: a project form (funds columns, bands of qualitative results, blank self scores, several projects of a
unit). `district_scheme`: no funds, no KPIs, no tasks; Chinese keys, percentages, derived facts, categories, 不适用,
points outside the hundred.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from perfxl.scheme.model import Scheme
from tests.books import Document, Edit, edited
from tests.scheme_files import toml_scheme

KPI_COLUMNS = {
    "level1": "choice", "level2": "choice", "name": "text", "symbol": "choice", "target": "value", "unit": "text",
    "actual": "value", "weight": "points", "self_score": "points", "reason": "text", "evidence": "text",
}  # fmt: skip
_OPTIONAL = ("unit", "weight", "self_score", "reason", "evidence")
_KPI_TABLE = "\n".join(
    f'[[columns]]\ntable = "kpis"\nkey = "{key}"\nlabel = "{key}"\ntype = "{kind}"\n'
    f"required = {'false' if key in _OPTIONAL else 'true'}\n"
    for key, kind in KPI_COLUMNS.items()
)
PROJECT = f"""
[header]
id = "project-2023"
version = "1.0"
year = 2023
title = "2023年度项目支出绩效自评"

[evaluated]
kind = "project"
code_label = "预算单位编码"
name_label = "主管部门"
funds_title = "项目资金"

[options]
blank_self = "按计算得分"
kpi_rows = 12

[[categories]]
name = "本级"

[[levels]]
name = "预算执行"
points = 10

[[levels]]
name = "绩效指标"
points = 90

[[levels]]
name = "执行率"
parent = "预算执行"
points = 10

[[levels]]
name = "完成情况"
parent = "绩效指标"
points = 90

[[indicators]]
code = "R1"
level2 = "执行率"
name = "预算执行率"
points = 10
kind = "ratio"
settings.numerator = ["funds.all.spent"]
settings.denominator = ["funds.all.adjusted"]

[[indicators]]
code = "K1"
level2 = "完成情况"
name = "绩效指标完成情况"
points = 90
kind = "kpi"
settings.levels = ["产出指标", "效益指标"]

[[funds]]
key = "all"
label = "年度资金总额"
role = "合计"

[[funds]]
key = "finance"
label = "财政拨款"
role = "分项"

[[funds]]
key = "other"
label = "其他资金"
role = "分项"

[[fund_columns]]
key = "adjusted"
label = "全年预算数"

[[fund_columns]]
key = "spent"
label = "全年执行数"

[[facts]]
key = "low_rate_reason"
label = "执行率低的说明"
type = "text"
sheet = "收支情况"
section = "说明"
required = false

[[kpi_levels]]
level1 = "产出指标"
level2 = "数量指标"

[[kpi_levels]]
level1 = "效益指标"
level2 = "社会效益"

[[symbols]]
symbol = "≥"
direction = "at_least"

[[symbols]]
symbol = "≤"
direction = "at_most"

[[symbols]]
symbol = "定性"
direction = "qualitative"

[[shares]]
label = "达成预期"
share = 1
low = 0.8

[[shares]]
label = "部分达成"
share = 0.8
low = 0.6

[[shares]]
label = "未达成"
share = 0

[[grades]]
set = "四档"
name = "优"
floor = 90

[[grades]]
set = "四档"
name = "差"
floor = 0

{_KPI_TABLE}
"""
DISTRICT = """
[header]
id = "district-2023"
version = "1.0"
year = 2023
title = "2023年度整体绩效"

[evaluated]
funds_sheet = "业务数据"
spending_rate = "预算完成率"

[[categories]]
name = "部门"

[[categories]]
name = "镇街"

[[levels]]
name = "过程"
points = 100

[[levels]]
name = "加分项"
points = 5
nature = "加分"

[[levels]]
name = "扣分项"
points = 10
nature = "扣分"

[[levels]]
name = "管理"
parent = "过程"
points = 100

[[levels]]
name = "表彰"
parent = "加分项"
points = 5

[[levels]]
name = "问责"
parent = "扣分项"
points = 10

[[indicators]]
code = "P1"
level2 = "管理"
name = "在职人员控制率"
points = 30
kind = "deviation"
settings.value = "控制率"
settings.target = 1
settings.per_point = 1

[[indicators]]
code = "P2"
level2 = "管理"
name = "服务满意度"
points = 30
kind = "ratio"
settings.value = "满意度"

[[indicators]]
code = "P3"
level2 = "管理"
name = "行政审批"
points = 20
kind = "ratio"
settings.numerator = ["按期办结"]
settings.denominator = ["应办件"]
categories = ["部门"]
na = "折算"

[[indicators]]
code = "P4"
level2 = "管理"
name = "政府采购"
points = 20
kind = "judged"
declared = true

[[indicators]]
code = "J1"
level2 = "表彰"
name = "获得表彰"
points = 5
kind = "additions"
settings.items = [["表彰次数", 1]]

[[indicators]]
code = "K1"
level2 = "问责"
name = "被问责"
points = 10
kind = "additions"
settings.items = [["问责次数", 2]]

[[facts]]
key = "在职人数"
label = "在职人数"
type = "count"
sheet = "人员、资产"
section = "人员"
unit = "人"

[[facts]]
key = "编制数"
label = "编制数"
type = "count"
sheet = "人员、资产"
section = "人员"
unit = "人"

[[facts]]
key = "面积"
label = "办公用房面积"
type = "number"
sheet = "人员、资产"
section = "资产"
unit = "平方米"
required = false

[[facts]]
key = "满意度"
label = "群众满意度"
type = "percent"
sheet = "业务数据"
section = "业务"

[[facts]]
key = "增长率"
label = "业务量增长率"
type = "percent"
sheet = "业务数据"
section = "业务"
required = false
negative = true

[[facts]]
key = "应办件"
label = "应办件数"
type = "count"
sheet = "业务数据"
section = "业务"
unit = "件"
categories = ["部门"]

[[facts]]
key = "按期办结"
label = "按期办结数"
type = "count"
sheet = "业务数据"
section = "业务"
unit = "件"
part_of = "应办件"
categories = ["部门"]

[[facts]]
key = "预算数"
label = "预算数"
type = "money"
sheet = "业务数据"
section = "业务"

[[facts]]
key = "完成数"
label = "完成数"
type = "money"
sheet = "业务数据"
section = "业务"

[[facts]]
key = "表彰次数"
label = "获表彰次数"
type = "count"
sheet = "业务数据"
section = "其他"

[[facts]]
key = "问责次数"
label = "被问责次数"
type = "count"
sheet = "业务数据"
section = "其他"

[[facts]]
key = "low_rate_reason"
label = "完成率低的说明"
type = "text"
sheet = "业务数据"
section = "说明"
required = false

[[derived]]
key = "控制率"
label = "在职人员控制率"
sheet = "人员、资产"
section = "人员"
numerator = ["在职人数"]
denominator = ["编制数"]

[[derived]]
key = "预算完成率"
label = "预算完成率"
sheet = "计算结果"
section = "比率"
numerator = ["完成数"]
denominator = ["预算数"]

[[grades]]
set = "四档"
name = "优"
floor = 90

[[grades]]
set = "四档"
name = "差"
floor = 0
"""
_PROJECT_DOCUMENT: dict[str, Any] = {
    "scheme": "project-2023",
    "year": 2023,
    "department": {
        "code": "440118001", "name": "示例教育局", "category": "本级", "contact": "李雷", "phone": None,
        "project": "校园信息化建设", "project_code": "X001",
    },
    "narrative": {},
    "funds": {
        "all": {"adjusted": "100", "spent": "95"},
        "finance": {"adjusted": "80", "spent": "76"},
        "other": {"adjusted": "20", "spent": "19"},
    },
    "kpis": [
        {
            "level1": "产出指标", "level2": "数量指标", "name": "改造教室", "symbol": "≥", "target": "40", "unit": "间",
            "actual": "40", "weight": "50", "self_score": "50", "reason": None, "evidence": "验收单",
        },
        {
            "level1": "效益指标", "level2": "社会效益", "name": "教学条件改善", "symbol": "定性", "target": "明显改善",
            "unit": None, "actual": "达成预期", "weight": "40", "self_score": "40", "reason": None, "evidence": "问卷",
        },
    ],
    "facts": {"low_rate_reason": None},
    "scores": {"R1": {"self": "9.5", "reason": "尾款未付"}, "K1": {"self": "90", "reason": None}},
}  # fmt: skip
_DISTRICT_DOCUMENT: dict[str, Any] = {
    "scheme": "district-2023",
    "year": 2023,
    "department": {"code": "440118002", "name": "示例民政局", "category": "部门", "contact": None, "phone": None},
    "narrative": {},
    "funds": {},
    "facts": {
        "在职人数": "35", "编制数": "36", "面积": "1200.5", "满意度": "95.5", "增长率": "-2.5", "应办件": "10",
        "按期办结": "10", "预算数": "500", "完成数": "490", "表彰次数": "0", "问责次数": "0", "low_rate_reason": None,
    },
    "scores": {
        "P1": {"self": "30", "reason": None}, "P2": {"self": "28.65", "reason": "满意度 95.5%"},
        "P3": {"self": "20", "reason": None}, "P4": {"self": "20", "reason": None},
        "J1": {"self": "0", "reason": None}, "K1": {"self": "0", "reason": None},
    },
}  # fmt: skip


@cache
def project_scheme(*replacements: tuple[str, str]) -> Scheme:
    """The project form, with texts of its file replaced."""
    return toml_scheme(_replaced(PROJECT, replacements))


@cache
def district_scheme(*replacements: tuple[str, str]) -> Scheme:
    """The district's form, with texts of its file replaced."""
    return toml_scheme(_replaced(DISTRICT, replacements))


def _replaced(text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def project_document(*edits: Edit) -> Document:
    """A document for the project form that no finding is made of; then the edits."""
    return edited(copy.deepcopy(_PROJECT_DOCUMENT), *edits)


def district_document(*edits: Edit) -> Document:
    """A document for the district's form that no finding is made of; then the edits."""
    return edited(copy.deepcopy(_DISTRICT_DOCUMENT), *edits)
