"""The words for what can be wrong with a figure, said once.

The template shows them beside a cell while one types, the checks of a run say them again about the workbook that came
back. `{...}` in an advice is filled in by whoever says it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NOT_DONE", "FindingWords"]


@dataclass(frozen=True)
class FindingWords:
    """title: what is wrong, in a few words. advice: what to do about it."""

    code: str
    title: str
    advice: str


BLANK = FindingWords("E101", "必填项没有填写", "请填写；确实没有的，数量和金额填 0")
NOT_NUMBER = FindingWords("E102", "不是数字", "请只填数字，单位和说明写到别处")
NEGATIVE = FindingWords("E103", "不能为负数", "请核对后填写不小于 0 的数")
NOT_WHOLE = FindingWords("E104", "应为整数", "请填写整数个数")
OFF_LIST = FindingWords("E105", "不在可选范围", "请从该单元格的下拉列表中选择")

ADJUSTED_ZERO = FindingWords("E201", "调整预算数为零", "请填写实际的调整预算数")
PARTS_DO_NOT_ADD = FindingWords("E202", "分项之和不等于合计", "请核对分项和合计")
OVERSPENT = FindingWords("E203", "支出大于调整预算", "请核对支出数和调整预算数（万元）")
PART_OVERSPENT = FindingWords("W204", "分项支出大于调整预算", "请核对；如属实请说明原因")
CHANGE_UNEXPLAINED = FindingWords("W205", "预算调整幅度大而未说明", "请在“{reason}”中说明")
LOW_RATE_UNEXPLAINED = FindingWords("W206", "支出率低而未说明", "请在“{reason}”中说明")
PART_ABOVE_WHOLE = FindingWords("E207", "部分大于整体", "请核对两处数据")
DENOMINATOR_ZERO = FindingWords("W208", "分母为零", "请核对；确实为 0 请联系财政部门")
TASK_OVERSPENT = FindingWords("W209", "任务支出大于预算", "请核对；如属实请在“未完成原因”或“完成情况”中说明")

NO_KPIS = FindingWords("E301", "没有绩效指标", "请补充该类指标")
WEIGHTS_DO_NOT_TOTAL = FindingWords("E302", "权重合计不等于分值", "请调整权重，或把该类权重全部留空（等权）")
WEIGHTS_PARTLY_BLANK = FindingWords("E303", "权重没有填全", "请把权重填全（合计 {points}），或全部留空（等权）")
NEGATIVE_TARGET = FindingWords("E304", "年度指标值为负", "请核对后填写不小于 0 的指标值")
ABOVE_WEIGHT = FindingWords("E305", "指标自评得分高于权重", "请核对自评得分和权重")
LEVEL2_ELSEWHERE = FindingWords("W306", "二级指标与一级指标不配", "请从下拉列表中选择该一级指标下的二级指标")
TARGET_ZERO = FindingWords("W307", "目标值为零", "请核对年度指标值")
OVER_TARGET = FindingWords("W308", "疑似目标设置偏低", "请核对年度指标值是否偏低，下年合理设置")
KPI_WITHOUT_REASON = FindingWords("W309", "指标扣分没有原因", "请在该行“扣分原因”中说明")
OWN_SUMS_DIFFER = FindingWords("W310", "指标自评合计与自评得分不一致", "请核对；如在整体上另行扣分，请在扣分原因中说明")
KPI_ABOVE_COMPUTED = FindingWords("W312", "指标自评得分高于计算得分", "请核对实际完成值和自评得分")
PERCENT_FORMATS = FindingWords("W313", "疑似百分比格式", "单位是 % 时请只写数字，例如 95，并把单元格格式改为“常规”")

ABOVE_POINTS = FindingWords("E401", "自评得分高于分值", "请填写不高于分值的得分")
WITHOUT_REASON = FindingWords("E402", "扣分没有原因", "请在“扣分原因”中说明扣了什么分、为什么")
ABOVE_COMPUTED = FindingWords("W403", "自评得分高于计算得分", "请核对自评得分和有关数据")
FULL_MARKS_WITH_REASON = FindingWords("W405", "满分而有扣分说明", "请核对：没有扣分就不写原因，有问题就据实扣分")
COMPLETION_FAR_FROM_SPENDING = FindingWords("W406", "指标完成与支出率不匹配", "请核对指标值是否合理、支出是否及时")

NOT_DONE = (
    "未完成", "未能", "没有完成", "没完成", "未达", "未按", "未及时", "不到位", "缺漏", "缺失", "不足", "滞后", "延期",
    "未开展", "未制定", "未公开", "扣减", "扣分",
)  # fmt: skip
"""Words of a reason that say something was not done."""

BUDGET_CHANGE_REASON, LOW_RATE_REASON = "budget_change_reason", "low_rate_reason"
"""The facts in which a department explains what the two findings on its spending ask about."""

ALL = tuple(value for value in list(globals().values()) if isinstance(value, FindingWords))
