"""Findings on departments' own reports (自评报告): what cannot be read or matched, and what does not hold."""

from __future__ import annotations

from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Severity

NOT_READ = Declaration(
    "W660", Severity.WARNING, "自评报告没有读取",
    "自评报告没有读取：{why}", "{advice}",
)  # fmt: skip
OF_NOBODY = Declaration(
    "W661", Severity.WARNING, "自评报告未能对应",
    "自评报告没有对应到本次报送的{one}：{why}",
    "请在文件名里写上与工作簿相同的部门名称，或放入以部门名称命名的文件夹，再运行一次",
)  # fmt: skip
DIFFERS = Declaration(
    "W662", Severity.WARNING, "自评报告与工作簿不一致",
    "自评报告“{report}”写：“{sentence}”。"
    "其中的“{said}”与工作簿{where}不一致：{label}{how}是 {known}，相差 {difference}{elsewhere}",
    "请核对报告和工作簿，改为一致", "{known}",
)  # fmt: skip
CONTRADICTS = Declaration(
    "W663", Severity.WARNING, "自评报告前后不一致",
    "自评报告“{report}”写：“{sentence}”，是“{said}”；"
    "另一处写：“{other_sentence}”，是“{other}”，相差 {difference}",
    "请核对以哪一处为准，改为一致", "{other}",
)  # fmt: skip
OTHER_BASE = Declaration(
    "W664", Severity.WARNING, "自评报告的预算口径不对",
    "自评报告“{report}”写：“{sentence}”。"
    "其中的“{said}”说的是{named}，这个比例却是按{meant}算的：工作簿{where}，{label}{how}是 {known}{initial}",
    "请改为与数据相符的口径", "{meant}",
)  # fmt: skip
FULL_MARKS = Declaration(
    "W665", Severity.WARNING, "有未完成的工作而产出满分",
    "自评报告“{report}”写：“{sentence}”，"
    "说明有活动或工作没有按计划完成；工作簿{where}，{label}却是满分 {known}",
    "请核对产出指标的实际完成值和得分",
)  # fmt: skip
REPORT_CHECKS = tuple(value for value in list(globals().values()) if isinstance(value, Declaration))
