"""The records of a scheme (评分方案): tables of plain values, each column described where it is declared.

Shares and rates are numbers (0.1 = 10%), money is in 万元.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import ONE
from perfxl.rules.base import NUMBERS, Rule
from perfxl.rules.kpi_method import DIRECTIONS
from perfxl.rules.quotient import Quotient
from perfxl.scheme.columns import column

LAST_YEAR_RECTIFIED = "last_year_rectified"
"""The fact that claims the rectification of last year's findings, where a scheme names no other."""
FACT_TYPES = ("money", "count", "yes_no", "text", "percent", "number")
FACT_TYPE_WORDS = ("金额", "个数", "是/否", "文字", "百分数", "数值")
UNITS = {"money": "万元", "count": "个", "yes_no": "是/否", "text": "", "percent": "%", "number": ""}
"""The unit of a fact that names none, by its type."""
BASE, BONUS, PENALTY = NATURES = ("计分", "加分", "扣分")
"""What the points of a first-level indicator do: make up the hundred, come on top, go off."""
FULL_MARKS, SCALED = "满分", "折算"
"""What becomes of an indicator that does not apply: full points, or the others are scaled up."""
BY_DEPARTMENT, BY_BUREAU, ON_TIME, NOT_RETURNED = SOURCES = ("部门", "财政", "按时报送", "未被退回")
"""Who says what a fact is: the department, the bureau (财政核定数), or the register where it knows (往来登记)."""
EVERY_CATEGORY, ALL = "每类", "全部"


TABLE_COLUMNS = {
    "kpis": {
        "level1": "choice",
        "level2": "choice",
        "name": "text",
        "symbol": "choice",
        "target": "value",
        "unit": "text",
        "actual": "value",
        "weight": "points",
        "self_score": "points",
        "reason": "text",
        "evidence": "text",
    },
    "tasks": {"name": "text", "budget": "money", "spent": "money", "result": "text", "reason": "text"},
}
"""The columns that the program reads from the two open tables of the template, with their types."""


@dataclass(frozen=True)
class Category:
    """A category of departments (党政机关 / 事业单位 / 镇街), within which they are ranked too."""

    name: str = column("部门类别", "text", "模板下拉列表的选项，也用于分类排名", width=20)


@dataclass(frozen=True)
class Level:
    """A first-level indicator (no parent) or a second-level one, with its points."""

    name: str = column("指标名称", "text", "一级或二级指标名称，不能重复", width=20)
    points: Decimal = column("分值", "number", "计分的一级合计 100，加分、扣分的一级填最多多少分；二级合计等于所属一级")
    parent: str = column("所属一级", "text", "二级指标填所属一级指标，一级指标留空", width=20, default="")
    nature: str = column(
        "性质", "choice", "只填一级指标：计分（默认）、加分（100 分以外加）、扣分（100 分以外扣）",
        choices=NATURES, default=BASE, added=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """A third-level indicator with its points and rule."""

    code: str = column("指标代码", "text", "不能重复，例如 B11")
    level2: str = column("所属二级", "text", "“一二级指标”表中的二级指标名称", width=18)
    name: str = column("三级指标", "text", "指标名称", width=36)
    points: Decimal = column("分值", "number", "同一二级指标下合计等于二级指标分值")
    kind: str = column("规则类型", "text", "规则类型的名称或代码，见“规则说明”表")
    standard: str = column(
        "评分标准", "text", "写给部门看的评分标准，{points} 等会换成方案中的数", width=60, default=""
    )
    categories: tuple[str, ...] = column(
        "适用类别", "texts", "只评哪些部门类别，用顿号分开；不填即全部", width=20, default=(), added=True
    )
    na: str = column(
        "不适用时", "choice", "满分 = 不适用的得满分；折算 = 不计，其余指标折算到 100 分",
        choices=(FULL_MARKS, SCALED), default=FULL_MARKS, added=True,
    )  # fmt: skip
    declared: bool = column(
        "部门可填不适用", "yes_no", "是 = 部门可以在自评得分中填“不适用”", default=False, added=True
    )
    rule: Rule = field(default_factory=Rule)
    level1: str = ""
    nature: str = BASE

    @property
    def always(self) -> bool:
        """Whether it applies to every department."""
        return not self.categories and not self.declared


@dataclass(frozen=True)
class RuleSetting:
    """One line of an indicator's rule settings, as a clerk edits it."""

    indicator: str = column("指标代码", "text", "三级指标代码")
    setting: str = column("参数", "text", "参数名称，见“规则说明”表", width=20)
    value: str = column("内容", "text", "事项代码、数值或选项", width=34)
    points: Decimal | None = column("分值", "number", "该行的分值，只用于核对项、扣分项和档次", default=None)


@dataclass(frozen=True)
class Fact:
    """One thing a department states: its key, where it stands in the template, and what may be written."""

    key: str = column("事项代码", "text", "规则用它取数，可以是中文", width=30)
    label: str = column("名称", "text", "模板上的名称", width=34)
    type: str = column(
        "类型",
        "choice",
        "金额以万元为单位，个数为整数，百分数只填数字（95.5）",
        choices=FACT_TYPES,
        words=FACT_TYPE_WORDS,
    )
    sheet: str = column("填报表", "text", "模板中工作表的名称，可以自己起")
    section: str = column("分组", "text", "工作表中的小标题", width=18)
    required: bool = column("必填", "yes_no", "否 = 可以留空", default=True)
    part_of: str = column("不大于", "text", "填另一事项代码：本项不能大于该项", width=26, default="")
    negative: bool = column("可为负", "yes_no", "是 = 允许负数", default=False)
    row_label: str = column("行名称", "text", "成表排列时的行标题，否则留空", width=20, default="")
    column_label: str = column("列名称", "text", "成表排列时的列标题，否则留空", default="")
    hint: str = column("填报提示", "text", "选中单元格时显示的提示", width=50, default="")
    unit: str = column("单位", "text", "不填按类型：万元、个、%", default="", added=True)
    categories: tuple[str, ...] = column(
        "适用类别", "texts", "只要哪些部门类别填，用顿号分开；不填即全部", width=20, default=(), added=True
    )
    source: str = column(
        "来源", "choice", "财政 = 由财政部门核定，不用部门填；按时报送、未被退回 = 往来登记知道的，以登记为准",
        choices=SOURCES, width=11, default=BY_DEPARTMENT, added=True,
    )  # fmt: skip
    stages: tuple[str, ...] = column(
        "阶段",
        "texts",
        "自评以外还在哪些阶段填：目标、监控，用顿号分开；不填即只在自评时填",
        width=12,
        default=(),
        added=True,
    )

    @property
    def numeric(self) -> bool:
        """Whether its value is a number."""
        return self.type in NUMBERS

    @property
    def shown_unit(self) -> str:
        """The unit as it stands beside the fact."""
        return self.unit or UNITS[self.type]


@dataclass(frozen=True)
class Derived:
    """A number that is worked out of facts: signed sums over signed sums."""

    key: str = column("事项代码", "text", "规则用它取数，可以是中文", width=26)
    label: str = column("名称", "text", "模板和结果上的名称，例如 结转结余率", width=30)
    sheet: str = column("填报表", "text", "显示在模板的哪张工作表")
    section: str = column("分组", "text", "工作表中的小标题", width=18)
    numerator: tuple[str, ...] = column("分子", "texts", "事项代码，用顿号分开；前面加减号的减去", width=34)
    denominator: tuple[str, ...] = column("分母", "texts", "同分子；不填即不除", width=34, default=())
    percent: bool = column("按百分比", "yes_no", "是 = 是比例，显示为百分比", default=True)
    absolute: bool = column("取绝对值", "yes_no", "是 = 分子取绝对值，如调整率", default=False)
    factor: Decimal = column("倍数", "number", "结果乘以多少，例如万元换成元填 10000", default=ONE)
    unit: str = column("单位", "text", "不是百分比时的单位，例如 元/人", default="")
    hint: str = column("说明", "text", "写给部门看的说明", width=40, default="")

    @cached_property
    def quotient(self) -> Quotient:
        """How it is worked out."""
        return Quotient(self.numerator, self.denominator, self.absolute, self.factor, self.percent)

    @property
    def shown_unit(self) -> str:
        """The unit as it stands beside the number."""
        return "%" if self.percent else self.unit


@dataclass(frozen=True)
class KpiLevel:
    """A first-level kind of KPI with one of its second-level kinds."""

    level1: str = column("一级指标", "text", "绩效指标表的一级指标", width=18)
    level2: str = column("二级指标", "text", "该一级指标下可选的二级指标", width=24)


@dataclass(frozen=True)
class TableColumn:
    """A column of the KPI table or the task table in the template."""

    table: str = column("表", "choice", "列所在的填报表", choices=("kpis", "tasks"), words=("绩效指标", "重点任务"))
    key: str = column("键", "text", "英文代码，由程序使用，不能改")
    label: str = column("列名称", "text", "模板上的列标题", width=16)
    type: str = column(
        "类型",
        "choice",
        "由程序使用，不能改",
        choices=("text", "number", "money", "points", "choice", "value"),
        words=("文字", "数值", "金额", "分值", "选项", "数值或定性结果"),
    )
    required: bool = column("必填", "yes_no", "否 = 可以留空", default=True)
    width: int = column("列宽", "whole", "字符数", default=12)
    hint: str = column("填报提示", "text", "选中单元格时显示的提示", width=50, default="")
    source: str = column(
        "来源", "choice", "只用于绩效指标表的 target（年度指标值）：财政 = 由财政部门核定，不用部门填",
        choices=(BY_DEPARTMENT, BY_BUREAU), default=BY_DEPARTMENT, added=True,
    )  # fmt: skip
    choices: tuple[str, ...] = ()
    """The texts that may be chosen in a column of choices that a stage of the year has."""


@dataclass(frozen=True)
class Symbol:
    """A comparison symbol of the KPI table."""

    symbol: str = column("符号", "text", "绩效指标表中的符号")
    direction: str = column(
        "方向",
        "choice",
        "实际完成值与年度指标值怎样比较",
        choices=DIRECTIONS,
        words=("越大越好", "等于", "越小越好", "定性"),
    )
    aliases: tuple[str, ...] = column("其他写法", "texts", "读取时视为同一符号，用顿号分开", width=30, default=())


@dataclass(frozen=True)
class Share:
    """A qualitative result with the share of the weight that it earns, or the band in which the self score counts."""

    label: str = column("定性结果", "text", "绩效指标表“实际完成值”的选项", width=28)
    share: Decimal = column("得分比例", "number", "0.8 即 80%；有下限时是上限")
    aliases: tuple[str, ...] = column("其他写法", "texts", "读取时视为同一结果，用顿号分开", width=30, default=())
    low: Decimal | None = column(
        "得分比例下限", "number", "不填 = 得分比例固定；填了 = 自评得分在区间内的按自评", default=None, added=True
    )

    @property
    def lowest(self) -> Decimal:
        """The lower end of the band."""
        return self.share if self.low is None else self.low


@dataclass(frozen=True)
class Grade:
    """A grade with its lower bound, closed below."""

    set: str = column("档数", "choice", "四档 或 五档，由“五档等级”选项决定用哪套", choices=("四档", "五档"))
    name: str = column("等级", "text", "例如 优")
    floor: Decimal = column("下限", "number", "含本数，最低一档填 0")
    category: str = column("部门类别", "text", "只用于哪一类部门；不填即没有单独一套的各类", default="", added=True)


@dataclass(frozen=True, kw_only=True)
class Cap:
    """A condition on a fact or derived fact under which the total or the grade is held down (封顶, 一票否决)."""

    fact: str = column("事项", "text", "事项代码或计算事项的代码；不填即支出率", width=24, default="")
    sign: str = column("条件", "choice", "与“数值”怎样比较", choices=("<", "≤", ">", "≥", "="))
    value: str = column("数值", "text", "一个数（0.7 即 70%），或 是、否")
    cap: Decimal | None = column("总分最高", "number", "不填即不限总分", default=None)
    grade: str = column("等级最高", "text", "不填即不限等级", default="")
    words: str = column("说明", "text", "写在结果里，例如 重大违规，一票否决", width=40, default="")


@dataclass(frozen=True)
class Quota:
    """How many at most may have a grade. Applied after the ranking; who goes beyond it has the next lower grade."""

    grade: str = column("等级", "text", "例如 优")
    share: Decimal = column("最多占", "number", "0.3 即 30%")
    scope: str = column(
        "范围", "choice", "每类 = 各部门类别分别计算", choices=(EVERY_CATEGORY, ALL), default=EVERY_CATEGORY
    )
    rounding: str = column("取整", "choice", "名额不是整数时", choices=("舍去", "进位", "四舍五入"), default="舍去")
    ties: str = column(
        "同分", "choice", "名额边上总分相同的：下调 = 都不算；保留 = 都算", choices=("下调", "保留"), default="下调"
    )


@dataclass(frozen=True)
class ReviewReason:
    """A reason that reviewers often give, offered in their workbooks; others may be typed."""

    text: str = column("理由", "text", "复核表“复核理由”的下拉选项，例如 佐证材料不足", width=40)


@dataclass(frozen=True)
class Narrative:
    """A section of the department's own words."""

    key: str = column("键", "text", "英文代码")
    label: str = column("名称", "text", "模板上的名称", width=20)
    hint: str = column("填报提示", "text", "选中单元格时显示的提示", width=50, default="")
    required: bool = False
    """Whether it must be filled, which a stage of the year may ask."""
