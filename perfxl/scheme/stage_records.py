"""The stages of a year (阶段) as a scheme writes them: which there are, and what each asks and calls things.

All of it may be left out: `stage_defaults` has what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfxl.scheme.columns import column


class Stage(StrEnum):
    """One of the three times of a year at which a scheme is filled. The values stand in workbooks and run.json."""

    TARGETS = "目标"
    MONITORING = "监控"
    SELF_REVIEW = "自评"

    @property
    def label(self) -> str:
        """What people call it in a sentence."""
        return {"目标": "绩效目标申报", "监控": "绩效运行监控", "自评": "绩效自评"}[self.value]


STAGES = tuple(str(stage) for stage in Stage)
EARLIER = (str(Stage.TARGETS), str(Stage.MONITORING))
"""The stages whose sheets and columns a scheme may describe apart; those of 自评 are its tables themselves."""
FUNDS, KPIS, TASKS, NARRATIVE = STAGE_TABLES = ("funds", "kpis", "tasks", "narrative")
PERIOD = "{period}"
"""In labels and hints of a stage: the name of the period, 1—7月."""
MONTHS = 12


def plain_period(period: str) -> str:
    """A period however its dash and blanks are written."""
    return "".join("-" if sign in "—–－~～至到" else sign for sign in period if not sign.isspace())


@dataclass(frozen=True)
class StageRow:
    """A stage of the year; of 监控 one for each period."""

    stage: str = column("阶段", "choice", "目标 = 年初申报，监控 = 年中，每个期间一行", choices=EARLIER)
    period: str = column("期间", "text", "只用于监控，例如 1—7月", default="")
    months: Decimal | None = column("已过月数", "number", "只用于监控：期末过了几个月，7 即全年的 7/12", default=None)
    title: str = column("名称", "text", "模板的大标题；不填由方案的名称得出", width=40, default="")
    deadline: str = column("报送截止日期", "text", "例如 2022-08-15，写在填报说明上", default="")
    vague: tuple[str, ...] = column(
        "模糊用语", "texts", "只用于目标：没有数量、只有这些说法的目标提示不可衡量，用顿号分开；不填用常见的", width=40,
        default=(),
    )  # fmt: skip


@dataclass(frozen=True)
class StageField:
    """A column or a text that a stage asks. Any of a table take the place of the usual ones of that stage."""

    stage: str = column("阶段", "choice", "目标 或 监控", choices=EARLIER)
    table: str = column(
        "表", "choice", "收支、绩效指标、重点任务的列，或部门自述的栏目",
        choices=STAGE_TABLES, words=("收支", "绩效指标", "重点任务", "部门自述"),
    )  # fmt: skip
    key: str = column("键", "text", "代码；与自评相同的列用相同的代码", width=16)
    label: str = column("名称", "text", "模板上的名称，{period} 换成期间；不填与自评的同名列相同", width=20, default="")
    type: str = column(
        "类型", "choice", "收支的列总是金额，自述总是文字，不用填",
        choices=("text", "number", "money", "points", "choice", "value"),
        words=("文字", "数值", "金额", "分值", "选项", "数值或定性结果"), default="text",
    )  # fmt: skip
    required: bool = column("必填", "yes_no", "否 = 可以留空", default=True)
    width: int = column("列宽", "whole", "字符数；0 即与自评相同", default=0)
    hint: str = column("填报提示", "text", "选中单元格时显示的提示", width=50, default="")
    choices: tuple[str, ...] = column("选项", "texts", "类型是选项的，可选哪些，用顿号分开", width=40, default=())
