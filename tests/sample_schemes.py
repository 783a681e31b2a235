"""Schemes made by code for the tests of the result workbooks: what districts add, projects, and nearly nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from perfxl.rules.judged import Judged
from perfxl.scheme import load_scheme
from perfxl.scheme.funds import FundsColumn, FundsRow
from perfxl.scheme.model import (
    BONUS,
    PENALTY,
    SCALED,
    Cap,
    Derived,
    Evaluated,
    Fact,
    Grade,
    Indicator,
    Level,
    Quota,
    Scheme,
)

LIMIT_WORDS = (
    "支出率 75.20%，低于 80%，总分最高 79 分",
    "重大违规，一票否决：重大问题数 1 个，高于 0，等级最高为“中”",
    "弄虚作假：“提供虚假材料”为“是”，总分最高 59 分，等级最高为“差”",
)
"""Of the caps and vetoes of `district_scheme`, in their order."""
UNITS = (("440118001", "区教育局"), ("440118002", "区水务局"), ("440118003", "区民政局"), ("440118004", "区文体局"))
"""Code and name of the units whose projects are evaluated."""


def district_scheme() -> Scheme:
    """A scheme with all that districts add: 加分, 扣分, caps, vetoes, grades of a category, quotas, 不适用.

    镇街 do without 固定资产利用率 (2 of the hundred, the rest is scaled), any department may call 经济成本控制情况 (2)
    不适用 and then has its full points. The maximum of 加分 is less than its indicators come to.
    """
    scheme = load_scheme()

    def outside(code: str, level: str, name: str, points: str, nature: str) -> Indicator:
        second = f"{level}事项"
        return Indicator(code, second, name, Decimal(points), "judged", rule=Judged(), level1=level, nature=nature)

    towns = tuple(item.name for item in scheme.categories if item.name != "镇街")
    changed: dict[str, dict[str, Any]] = {"B66": {"categories": towns, "na": SCALED}, "B71": {"declared": True}}
    return replace(
        scheme,
        header=replace(
            scheme.header, id="district-2023", title="2023年度镇街和部门绩效自评", results="2023年度绩效考核"
        ),
        options=replace(scheme.options, caps_on=True),
        levels=(
            *scheme.levels,
            Level("加分项", Decimal(5), nature=BONUS),
            Level("加分项事项", Decimal(5), "加分项"),
            Level("负面清单", Decimal(10), nature=PENALTY),
            Level("负面清单事项", Decimal(10), "负面清单"),
        ),
        indicators=(
            *(replace(item, **changed.get(item.code, {})) for item in scheme.indicators),
            outside("J01", "加分项", "国家级、省级表彰", "4", BONUS),
            outside("J02", "加分项", "市级表彰", "3", BONUS),
            outside("K01", "负面清单", "审计发现问题", "6", PENALTY),
            outside("K02", "负面清单", "逾期报送", "2.5", PENALTY),
        ),
        facts=(
            *scheme.facts,
            Fact("staff", "在职人数", "number", "管理效率", "人员", unit="人"),
            Fact("vehicles", "公务用车运行费", "money", "管理效率", "人员"),
            Fact("remark", "其他说明", "text", "管理效率", "人员", required=False),
        ),
        derived=(
            Derived("per_head", "人均支出", "管理效率", "人员", ("funds.total.spent",), ("staff",), percent=False),
            Derived("carry", "结转结余率", "管理效率", "人员", ("funds.total.adjusted",), ("funds.total.spent",)),
        ),
        grades=(
            *scheme.grades,
            *(
                Grade("四档", name, Decimal(floor), "镇街")
                for name, floor in (("优", 85), ("良", 75), ("中", 60), ("差", 0))
            ),
        ),
        caps=(
            Cap(sign="<", value="0.8", cap=Decimal(79)),
            Cap(fact="major_findings", sign=">", value="0", grade="中", words="重大违规，一票否决"),
            Cap(fact="false", sign="=", value="是", cap=Decimal(59), grade="差", words="弄虚作假"),
        ),
        quotas=(Quota("优", Decimal("0.3")),),
    )  # fmt: skip


def project_scheme() -> Scheme:
    """A scheme whose evaluated ones are projects, with a funds table of other rows and columns."""
    scheme = load_scheme()
    return replace(
        scheme,
        header=replace(
            scheme.header, id="projects-2023", title="2023年度项目支出绩效自评", results="2023年度项目绩效评价"
        ),
        evaluated=Evaluated(kind="project", name_label="实施单位", funds_title="项目资金", category_label="项目类别"),
        funds=(
            FundsRow("total", "年度资金总额", "合计"),
            FundsRow("basic", "财政拨款", "分项"),
            FundsRow("project", "其他资金", "分项"),
        ),
        fund_columns=(
            FundsColumn("adjusted", "全年预算数"),
            FundsColumn("spent", "全年执行数"),
            FundsColumn("left", "结转数"),
        ),
    )


def bare_scheme() -> Scheme:
    """A scheme without funds, KPIs and tasks: only what a department says of itself."""
    scheme = load_scheme()
    judged = tuple(replace(item, rule=Judged(), kind="judged") for item in scheme.indicators)
    return replace(
        scheme,
        header=replace(scheme.header, id="bare-2023", title="2023年度单位履职评价", results=""),
        evaluated=Evaluated(noun="单位"),
        indicators=judged,
        funds=(),
        columns=(),
        kpi_levels=(),
        facts=(),
    )
