"""What a scheme (评分方案) is: tables of plain values, each column described where it is declared.

Shares and rates are numbers (0.1 = 10%), money is in 万元.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from perfxl.rules.base import Rule
from perfxl.rules.kpi_method import DIRECTIONS, KpiMethod
from perfxl.rules.quotient import Quotient
from perfxl.scheme.columns import column
from perfxl.scheme.funds import FUNDS_COLUMNS, FundsRow, FundsTable

FUNDS_SHEET = "收支情况"
FACT_TYPES = ("money", "count", "yes_no", "text")
FACT_TYPE_WORDS = ("金额", "个数", "是/否", "文字")
FACT_SHEETS = (FUNDS_SHEET, "管理效率")


@dataclass(frozen=True)
class Header:
    """Which scheme this is, and what the template tells the department about the round."""

    id: str = column("方案代码", "text", "英文字母、数字和连字符，写入模板，用来核对是否同一方案", width=24)
    version: str = column("版本", "text", "方案改动后请递增，例如 1.1")
    year: int = column("评价年度", "whole", "例如 2022")
    title: str = column("名称", "text", "模板和结果的大标题", width=40)
    bureau: str = column("财政部门", "text", "结果表上的落款", default="")
    deadline: str = column("报送截止日期", "text", "例如 2023-03-31，写在填报说明上", default="")
    contact: str = column("联系人及电话", "text", "写在填报说明上", default="")


@dataclass(frozen=True)
class Options:
    """The switches of the scheme and the size of the template's open tables."""

    floor_on: bool = column("启用完成率下限", "yes_no", "是 = 完成率低于下限的指标得 0 分", default=False)
    floor: Decimal = column("完成率下限", "number", "0.6 即 60%", default=Decimal("0.6"))
    penalty_on: bool = column("启用超目标扣分", "yes_no", "是 = 超出目标过多的指标扣分", default=False)
    penalty_from: Decimal = column("超目标幅度", "number", "0.3 即达到目标的 130%", default=Decimal("0.3"))
    penalty: Decimal = column("超目标扣分", "number", "每项指标扣多少分", default=Decimal(2))
    caps_on: bool = column("启用支出率封顶", "yes_no", "是 = 支出率低时总分封顶，见“支出率封顶”", default=False)
    five_grades: bool = column("五档等级", "yes_no", "是 = 用五档等级，否 = 用四档", default=False)
    kpi_rows: int = column("绩效指标行数", "whole", "模板中绩效指标表的行数", default=40)
    task_rows: int = column("重点任务行数", "whole", "模板中重点任务表的行数", default=15)


@dataclass(frozen=True)
class Thresholds:
    """Where a check begins to speak."""

    budget_change: Decimal = column("预算调整幅度", "number", "超过应说明原因", default=Decimal("0.1"))
    low_rate: Decimal = column("支出率", "number", "低于应说明原因", default=Decimal("0.9"))
    over_target: Decimal = column("完成率上限", "number", "超过提示疑似目标设置偏低", default=Decimal("1.2"))
    completion_gap: Decimal = column("指标得分率与支出率之差", "number", "个百分点，超过提示不匹配", default=Decimal(5))
    self_over: Decimal = column("自评高于计算", "number", "分，超过提示就低", default=Decimal("0.01"))
    near_grade: Decimal = column("临界范围", "number", "分，距等级线不超过即标临界", default=Decimal("0.5"))
    review_watch: Decimal = column("自评与复核之差（关注）", "number", "分，超过即关注", default=Decimal(5))
    review_report: Decimal = column("自评与复核之差（通报）", "number", "分，超过即通报", default=Decimal(10))


@dataclass(frozen=True)
class Category:
    """A category of departments (党政机关 / 事业单位 / 镇街), within which they are ranked too."""

    name: str = column("部门类别", "text", "模板下拉选项，也是分类排名的口径", width=20)


@dataclass(frozen=True)
class Level:
    """A first-level indicator (no parent) or a second-level one, with its points."""

    name: str = column("指标名称", "text", "一级或二级指标名称，不能重复", width=20)
    points: Decimal = column("分值", "number", "一级合计 100；二级合计等于所属一级")
    parent: str = column("所属一级", "text", "二级指标填所属一级指标，一级指标留空", width=20, default="")


@dataclass(frozen=True)
class Indicator:
    """A third-level indicator with its points and rule."""

    code: str = column("指标代码", "text", "不能重复，例如 B11")
    level2: str = column("所属二级", "text", "“一二级指标”表中的二级指标名称", width=18)
    name: str = column("三级指标", "text", "指标名称", width=36)
    points: Decimal = column("分值", "number", "同一二级指标下合计等于二级指标分值")
    kind: str = column("规则类型", "text", "规则类型的名称或代码，见“规则说明”表")
    standard: str = column("评分标准", "text", "写给部门看的评分标准", width=60, default="")
    rule: Rule = field(default_factory=Rule)
    level1: str = ""


@dataclass(frozen=True)
class RuleSetting:
    """One line of an indicator's rule settings, as a clerk edits it."""

    indicator: str = column("指标代码", "text", "三级指标代码")
    setting: str = column("参数", "text", "参数名称，见“规则说明”表", width=20)
    value: str = column("内容", "text", "事实代码、数值或选项", width=34)
    points: Decimal | None = column("分值", "number", "该行的分值，只用于核对项、扣分项和档次", default=None)


@dataclass(frozen=True)
class Fact:
    """One thing a department states: its key, where it stands in the template, and what may be written."""

    key: str = column("事实代码", "text", "英文代码，规则用它取数", width=30)
    label: str = column("名称", "text", "模板上的名称", width=34)
    type: str = column("类型", "choice", "金额以万元为单位，个数为整数", choices=FACT_TYPES, words=FACT_TYPE_WORDS)
    sheet: str = column("填报表", "choice", "模板中的工作表", choices=FACT_SHEETS)
    section: str = column("分组", "text", "工作表中的小标题", width=18)
    required: bool = column("必填", "yes_no", "否 = 可以留空", default=True)
    part_of: str = column("不大于", "text", "填另一事实代码：本项不能大于该项", width=26, default="")
    negative: bool = column("可为负", "yes_no", "是 = 允许负数", default=False)
    row_label: str = column("行名称", "text", "成表排列时的行标题，否则留空", width=20, default="")
    column_label: str = column("列名称", "text", "成表排列时的列标题，否则留空", default="")
    hint: str = column("填报提示", "text", "选中单元格时显示的提示", width=50, default="")


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


@dataclass(frozen=True)
class Symbol:
    """A comparison symbol of the KPI table."""

    symbol: str = column("符号", "text", "绩效指标表中的符号")
    direction: str = column(
        "方向",
        "choice",
        "完成值与目标值怎样比较",
        choices=DIRECTIONS,
        words=("越大越好", "等于", "越小越好", "定性"),
    )
    aliases: tuple[str, ...] = column("其他写法", "texts", "读取时视为同一符号，用顿号分开", width=30, default=())


@dataclass(frozen=True)
class Share:
    """A qualitative result with the share of the weight that it earns."""

    label: str = column("定性结果", "text", "绩效指标表“实际完成值”的选项", width=28)
    share: Decimal = column("得分比例", "number", "0.8 即 80%")
    aliases: tuple[str, ...] = column("其他写法", "texts", "读取时视为同一结果，用顿号分开", width=30, default=())


@dataclass(frozen=True)
class Grade:
    """A grade with its lower bound, closed below."""

    set: str = column("档数", "choice", "四档 或 五档，由“五档等级”选项决定用哪套", choices=("四档", "五档"))
    name: str = column("等级", "text", "例如 优")
    floor: Decimal = column("下限", "number", "含本数，最低一档填 0")


@dataclass(frozen=True)
class SpendingCap:
    """The highest total at a spending rate from `rate` on, up to the next row."""

    rate: Decimal = column("支出率下限", "number", "含本数，0.7 即 70%")
    cap: Decimal = column("总分最高", "number", "支出率在该档时总分不超过")


@dataclass(frozen=True)
class Narrative:
    """A section of the department's own words."""

    key: str = column("键", "text", "英文代码")
    label: str = column("名称", "text", "模板上的名称", width=20)
    hint: str = column("填报提示", "text", "选中单元格时显示的提示", width=50, default="")


@dataclass(frozen=True)
class Scheme:
    """A scheme that holds: everything that is scored in a year, and how."""

    header: Header
    options: Options
    thresholds: Thresholds
    categories: tuple[Category, ...]
    levels: tuple[Level, ...]
    indicators: tuple[Indicator, ...]
    funds: tuple[FundsRow, ...]
    facts: tuple[Fact, ...]
    kpi_levels: tuple[KpiLevel, ...]
    columns: tuple[TableColumn, ...]
    symbols: tuple[Symbol, ...]
    shares: tuple[Share, ...]
    grades: tuple[Grade, ...]
    caps: tuple[SpendingCap, ...]
    narrative: tuple[Narrative, ...]

    def __hash__(self) -> int:
        """By what names it: caches ask often, and its contents are large."""
        return hash(self.header)

    @property
    def id(self) -> str:
        """The scheme's code, `guangzhou-2022`."""
        return self.header.id

    @property
    def year(self) -> int:
        """The year that is scored."""
        return self.header.year

    @cached_property
    def funds_table(self) -> FundsTable:
        """The funds table: its rows, its columns and the keys of their facts."""
        return FundsTable(self.funds)

    @property
    def spending_rate(self) -> Quotient:
        """The 支出率 of the department: what the total row spent of its adjusted budget."""
        return self.funds_table.total.rate

    @cached_property
    def spending_indicator(self) -> Indicator | None:
        """The indicator that scores the spending rate, None where the scheme has none."""
        spent = self.spending_rate.numerator
        scored = ((item, item.rule.quotient) for item in self.indicators)
        return next((item for item, rate in scored if rate and rate.numerator == spent), None)

    @cached_property
    def fund_facts(self) -> tuple[Fact, ...]:
        """The funds table as facts: `funds.total.initial` and so on, in 万元."""
        return tuple(
            Fact(
                key=row.fact(name),
                label=f"{row.label}{heading}",
                type="money",
                sheet=FUNDS_SHEET,
                section="部门整体收支",
                required=row.requires(name),
                row_label=row.label,
                column_label=heading,
            )
            for row in self.funds
            for name, heading in FUNDS_COLUMNS.items()
        )

    @cached_property
    def fact_by_key(self) -> Mapping[str, Fact]:
        """All facts, those of the funds table included, by key."""
        return {fact.key: fact for fact in (*self.fund_facts, *self.facts)}

    @cached_property
    def fact_labels(self) -> Mapping[str, str]:
        """The label of every fact by key."""
        return {key: fact.label for key, fact in self.fact_by_key.items()}

    @cached_property
    def money_facts(self) -> frozenset[str]:
        """Keys of the facts in 万元."""
        return frozenset(key for key, fact in self.fact_by_key.items() if fact.type == "money")

    @cached_property
    def indicator_by_code(self) -> Mapping[str, Indicator]:
        """The third-level indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def kpi_indicators(self) -> tuple[Indicator, ...]:
        """The indicators whose rules count KPI rows, in the order of the scheme."""
        return tuple(indicator for indicator in self.indicators if indicator.rule.kpi_levels)

    @cached_property
    def kpi_indicator(self) -> Mapping[str, Indicator]:
        """The indicator that a KPI's first level counts for, by first level."""
        return {level: indicator for indicator in self.kpi_indicators for level in indicator.rule.kpi_levels}

    @cached_property
    def kpi_method(self) -> KpiMethod:
        """How one KPI row is scored under this scheme."""
        options = self.options
        return KpiMethod(
            symbols={symbol.symbol: symbol.direction for symbol in self.symbols},
            shares={share.label: share.share for share in self.shares},
            floor=options.floor if options.floor_on else None,
            penalty_from=options.penalty_from if options.penalty_on else None,
            penalty=options.penalty,
        )

    @cached_property
    def grade_bands(self) -> tuple[Grade, ...]:
        """The grades in force, highest first."""
        chosen = "五档" if self.options.five_grades else "四档"
        return tuple(sorted((g for g in self.grades if g.set == chosen), key=lambda g: -g.floor))

    def table_columns(self, table: str) -> tuple[TableColumn, ...]:
        """The columns of `kpis` or `tasks`, in the order of the template."""
        return tuple(spec for spec in self.columns if spec.table == table)

    @property
    def first_levels(self) -> tuple[Level, ...]:
        """The first-level indicators."""
        return tuple(level for level in self.levels if not level.parent)

    @property
    def second_levels(self) -> tuple[Level, ...]:
        """The second-level indicators, in the order of the scheme."""
        return tuple(level for level in self.levels if level.parent)
