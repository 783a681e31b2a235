"""What the stages of a year ask where a scheme does not say: the forms of 财预〔2018〕167 号 and 财预〔2019〕136 号."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.scheme.stage_records import FUNDS, KPIS, NARRATIVE, TASKS, Stage, StageField, StageRow

LIKELY = ("确定能", "有可能", "完全不可能")
"""How likely a target will be reached (完成可能性)."""
CAUSES = ("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他")
"""Of what kind the cause of a deviation is (偏差原因)."""
_TARGETS, _MONITORING = str(Stage.TARGETS), str(Stage.MONITORING)

VAGUE = (
    "不断", "持续", "逐步", "进一步", "大力", "努力", "尽量", "基本", "较好", "较大", "明显", "显著", "有效", "有所",
    "适当", "加强", "提升", "提高", "改善", "促进", "推动", "良好",
)  # fmt: skip
"""Words that say nothing which could be checked."""
STAGE_ROWS: Sequence[StageRow] = (
    StageRow(_TARGETS),
    StageRow(_MONITORING, period="1—7月", months=Decimal(7)),
)


def _same(stage: str, table: str, *keys: str) -> tuple[StageField, ...]:
    """Columns as they are in the self-review."""
    return tuple(StageField(stage, table, key) for key in keys)


_KPI = ("level1", "level2", "name", "symbol", "target", "unit", "weight")
STAGE_FIELDS: Sequence[StageField] = (
    StageField(_TARGETS, FUNDS, "initial", "计划数"),
    *_same(_TARGETS, KPIS, *_KPI),
    StageField(
        _TARGETS, KPIS, "last", "上年完成值", "value", required=False, width=12,
        hint="同一指标上年的实际完成值，只写数字；上年没有的不填",
    ),
    StageField(
        _TARGETS, KPIS, "basis", "指标值设定依据", "text", width=30, hint="例如 年度工作计划、行业标准、上年完成情况",
    ),
    *_same(_TARGETS, TASKS, "name"),
    StageField(_TARGETS, TASKS, "budget", "计划金额", "money"),
    StageField(_TARGETS, TASKS, "goal", "工作内容和预期成果", "text", width=44, hint="做什么，做到什么程度"),
    StageField(
        _TARGETS, NARRATIVE, "goal", "年度总体目标", hint="预期达到的总体产出和效果，分条简述，能量化的写明数量",
    ),
    StageField(_TARGETS, NARRATIVE, "duties", "部门主要职责", required=False, hint="职能简述"),
    StageField(_TARGETS, NARRATIVE, "annual_work", "年度重点工作", required=False, hint="年度重点工作及资金安排"),
    *_same(_MONITORING, FUNDS, "initial", "adjusted"),
    StageField(_MONITORING, FUNDS, "spent", "{period}执行数"),
    StageField(_MONITORING, FUNDS, "expected", "全年预计执行数"),
    *_same(_MONITORING, KPIS, *_KPI),
    StageField(
        _MONITORING, KPIS, "actual", "{period}完成值", "value", width=12,
        hint="到期末的累计完成值，只写数字；定性指标从下拉列表选择",
    ),
    StageField(
        _MONITORING, KPIS, "expected", "全年预计完成值", "value", width=12, hint="预计到年底的完成值，写法同完成值",
    ),
    StageField(_MONITORING, KPIS, "likelihood", "完成可能性", "choice", width=12, choices=LIKELY,
               hint="年底完成年度指标值的可能性"),
    StageField(_MONITORING, KPIS, "cause", "偏差原因", "choice", required=False, width=14, choices=CAUSES,
               hint="进度落后或预计完不成的，选主要原因"),
    StageField(_MONITORING, KPIS, "reason", "原因说明", "text", required=False, width=24, hint="偏差的具体原因"),
    StageField(_MONITORING, KPIS, "measures", "改进措施", "text", required=False, width=24, hint="怎样赶上，何时完成"),
    StageField(_MONITORING, KPIS, "request_target", "申请调整目标值", "value", required=False, width=12,
               hint="确需调整年度指标值的，写申请的新值；财政部门核定后才作数"),
    StageField(_MONITORING, KPIS, "request_reason", "调整理由", "text", required=False, width=24,
               hint="申请调整的理由和依据"),
    *_same(_MONITORING, TASKS, "name", "budget"),
    StageField(_MONITORING, TASKS, "spent", "{period}支出数", "money"),
    StageField(_MONITORING, TASKS, "expected_spent", "全年预计支出数", "money", hint="预计到年底的支出，万元"),
    StageField(_MONITORING, TASKS, "result", "{period}完成情况", "text", width=28),
    StageField(_MONITORING, TASKS, "expected", "全年预计完成情况", "text", width=28),
    StageField(_MONITORING, TASKS, "likelihood", "完成可能性", "choice", width=12, choices=LIKELY),
    StageField(_MONITORING, TASKS, "cause", "偏差原因", "choice", required=False, width=14, choices=CAUSES),
    StageField(_MONITORING, TASKS, "reason", "原因说明", "text", required=False, width=24),
    StageField(_MONITORING, TASKS, "measures", "改进措施", "text", required=False, width=24),
    StageField(_MONITORING, NARRATIVE, "progress", "总体目标完成情况", hint="到期末完成了什么，与年度总体目标比较"),
    StageField(_MONITORING, NARRATIVE, "problems", "存在的主要问题", required=False, hint="分条简述"),
    StageField(_MONITORING, NARRATIVE, "measures", "下一步措施", required=False, hint="分条简述，写明时间和负责人"),
)  # fmt: skip
