"""What holds for a scheme as a whole: what it is called, its switches, and where its checks begin to speak.

Shares and rates are numbers (0.1 = 10%).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from perfxl.scheme.columns import column

LEFT_OUT, NO_POINTS, FULL_POINTS = PENDING = ("不计", "0分", "满分")
"""What becomes of an indicator as long as the bureau has not given a value that it hangs on (待核定)."""
REQUIRED, BY_COMPUTED = "必填", "按计算得分"
"""What a blank self score means."""
MEAN, LOWER, THIRD = REVIEW_RULES = ("平均", "就低", "第三人")
"""What counts where reviewers of one indicator disagree: the mean, the lower, or a third reviewer's."""


@dataclass(frozen=True)
class Header:
    """Which scheme this is, and what the template tells the department about the round."""

    id: str = column("方案代码", "text", "英文字母、数字和连字符，写入模板，用来核对是否同一方案", width=24)
    version: str = column("版本", "text", "方案改动后请递增，例如 1.1")
    year: int = column("评价年度", "whole", "例如 2022")
    title: str = column("名称", "text", "模板和结果的大标题", width=40)
    results: str = column(
        "结果名称",
        "text",
        "汇总工作簿各表的标题，例如 2022年度部门整体支出绩效评价；不填用“名称”",
        default="",
        added=True,
    )
    bureau: str = column("财政部门", "text", "结果表上的落款", default="")
    deadline: str = column("报送截止日期", "text", "例如 2023-03-31，写在填报说明上", default="")
    contact: str = column("联系人及电话", "text", "写在填报说明和退回件上", default="")
    sending: str = column(
        "报送方式",
        "text",
        "怎样报送、怎样重新报送，写在填报说明和退回件上，例如 政务内网邮箱 ysjx@区财政局；不填即“按原渠道”",
        default="",
        added=True,
    )
    note: str = column(
        "说明",
        "text",
        "依据什么、哪些可以确定、哪些由编者选择；第一行写这是什么方案，显示在 perfxl scheme list 中",
        default="",
        added=True,
    )

    @property
    def note_head(self) -> str:
        """The first line of the note: what the scheme is."""
        return self.note.partition("\n")[0]

    @property
    def results_title(self) -> str:
        """The title of the result sheets, before the name of each."""
        return self.results or self.title

    def results_titled(self, what: str) -> str:
        """The title of what tells the results themselves, 结果总览 or 结果表: the bureau's word for them, 结果 once."""
        return f"{self.results_title.removesuffix('结果')}结果{what}"


@dataclass(frozen=True)
class Options:
    """The switches of the scheme and the size of the template's open tables."""

    floor_on: bool = column("启用完成率下限", "yes_no", "是 = 完成率低于下限的指标得 0 分", default=False)
    floor: Decimal = column("完成率下限", "number", "0.6 即 60%", default=Decimal("0.6"), rate=True)
    penalty_on: bool = column("启用超目标扣分", "yes_no", "是 = 超出目标过多的指标扣分", default=False)
    penalty_from: Decimal = column("超目标幅度", "number", "0.3 即达到目标的 130%", default=Decimal("0.3"), rate=True)
    penalty: Decimal = column("超目标扣分", "number", "每项指标扣多少分", default=Decimal(2))
    caps_on: bool = column("启用支出率封顶", "yes_no", "是 = 按“封顶和否决”表限制总分和等级", default=False)
    five_grades: bool = column("五档等级", "yes_no", "是 = 用五档等级，否 = 用四档", default=False)
    kpi_rows: int = column("绩效指标行数", "whole", "模板中绩效指标表的行数", default=40)
    task_rows: int = column("重点任务行数", "whole", "模板中重点任务表的行数", default=15)
    over_full: bool = column("总分可超过满分", "yes_no", "是 = 加分后总分可以超过 100", default=False, added=True)
    negative_targets: bool = column(
        "年度指标值可为负", "yes_no", "是 = 允许负的年度指标值，如变动率 ≤ -5%", default=True, added=True
    )
    review_rule: str = column(
        "复核不一致时", "choice", "几人复核同一指标而得分不同：平均、就低，或第三人 = 等第三人复核，以其为准",
        choices=REVIEW_RULES, default=MEAN, added=True,
    )  # fmt: skip
    blank_self: str = column(
        "自评得分留空时", "choice", "必填 = 留空退回；按计算得分 = 留空按数据计分",
        choices=(REQUIRED, BY_COMPUTED), default=REQUIRED, added=True,
    )  # fmt: skip
    pending: str = column(
        "待核定的指标", "choice",
        "财政核定数还没有给出时：不计 = 先不计，其余指标折算到 100 分；0分 = 先按 0 分；满分 = 先按满分",
        choices=PENDING, default=LEFT_OUT, added=True,
    )  # fmt: skip
    first_seen_counts: bool = column(
        "首次见到算收到", "yes_no", "是 = 往来登记里没有填收到日期的，以程序首次见到文件的日期判断是否按时",
        default=False, added=True,
    )  # fmt: skip
    resubmit_days: int = column(
        "退回后重报天数", "whole", "退回修改的，几天内重新报送，写入往来登记的重报期限", default=10, added=True
    )
    steady_units: tuple[str, ...] = column(
        "不随时间累计的单位", "texts", "运行监控：单位是这些或含“/”的指标与全年目标比，其余与时间进度比；用顿号分开",
        default=("%", "‰", "百分点", "个百分点", "分"), added=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Thresholds:
    """Where a check begins to speak."""

    budget_change: Decimal = column("预算调整幅度", "number", "超过应说明原因", default=Decimal("0.1"), rate=True)
    low_rate: Decimal = column("支出率", "number", "低于应说明原因", default=Decimal("0.9"), rate=True)
    over_target: Decimal = column("完成率上限", "number", "超过提示疑似目标设置偏低", default=Decimal("1.2"), rate=True)
    completion_gap: Decimal = column("指标得分率与支出率之差", "number", "个百分点，超过提示不匹配", default=Decimal(5))
    self_over: Decimal = column("自评高于计算", "number", "分，超过提示就低", default=Decimal("0.01"))
    near_grade: Decimal = column("临界范围", "number", "分，距等级线不超过即标临界", default=Decimal("0.5"))
    review_watch: Decimal = column("自评与复核之差（关注）", "number", "分，超过即关注", default=Decimal(5))
    review_report: Decimal = column("自评与复核之差（通报）", "number", "分，超过即通报", default=Decimal(10))
    official_gap: Decimal = column(
        "核定数容差",
        "number",
        "填报数与财政核定数之差超过即提示，单位同该事项（万元、个、%）",
        default=Decimal(0),
        added=True,
    )
    light_red: Decimal = column(
        "红灯", "number", "运行监控：进度（1 = 与时间同步）低于它亮红灯", default=Decimal("0.6"), rate=True, added=True
    )
    light_yellow: Decimal = column(
        "黄灯", "number", "运行监控：进度低于它、不低于红灯的亮黄灯", default=Decimal("0.8"), rate=True, added=True
    )
    light_blue: Decimal = column(
        "蓝灯",
        "number",
        "运行监控：进度达到它亮蓝灯，以下到黄灯的为绿灯",
        default=Decimal("1.2"),
        rate=True,
        added=True,
    )
    take_back: Decimal = column(
        "调减的预计执行率", "number", "运行监控：全年预计执行率低于它、目标又完不成的，列入调减建议",
        default=Decimal("0.9"), rate=True, added=True,
    )  # fmt: skip
