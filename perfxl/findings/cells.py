"""What a cell cannot hold. A run finds these while it reads a cell, the template's notes beside the cell."""

from __future__ import annotations

from perfxl.findings.kind import FindingKind, Severity

BLANK = FindingKind(
    "E101", Severity.ERROR, "必填项没有填写",
    message="{label}没有填写", advice="请填写；数量、金额确实没有的填 0",
)  # fmt: skip
NOT_NUMBER = FindingKind(
    "E102", Severity.ERROR, "不是数字",
    message="{label}写的是“{value}”，不能确定是哪个数字", advice="请只填数字，单位和说明写到别处", expected="数字",
)  # fmt: skip
NEGATIVE = FindingKind(
    "E103", Severity.ERROR, "不能为负数",
    message="{label}是负数 {value}", advice="请核对后填写不小于 0 的数", expected="不小于 0",
)  # fmt: skip
NOT_WHOLE = FindingKind(
    "E104", Severity.ERROR, "应为整数",
    message="{label}应为整数，写的是 {value}", advice="请填写整数个数", expected="整数",
)  # fmt: skip
OFF_LIST = FindingKind(
    "E105", Severity.ERROR, "不在可选范围",
    message="{label}写的是“{value}”，不在可选范围内", advice="请从该单元格的下拉列表中选择", expected="{choices}",
)  # fmt: skip
