"""Findings on review workbooks (复核表): what of them cannot be read, and what review scores do not stand and why."""

from __future__ import annotations

from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Severity

NO_SCORE = Declaration(
    "W641", Severity.WARNING, "复核得分无效",
    "“{department}”的 {indicator}：{why}，没有生效", "请在复核表中改正后再运行一次",
)  # fmt: skip
NO_REASON = Declaration(
    "W642", Severity.WARNING, "改分没有写理由",
    "“{department}”的 {indicator}：复核得分 {value} 与认定得分 {accepted} 不同，没有写理由，没有生效",
    "请在复核表中填写“复核理由”后再运行一次",
)  # fmt: skip
CHANGED = Declaration(
    "W643", Severity.WARNING, "复核以后有变化",
    "“{department}”的 {indicator}：生成复核表以后，{what}，这一项复核没有生效",
    "请用 perfxl review（或双击“制作复核表”）重新生成复核表，再复核这一项",
)  # fmt: skip
DISAGREE = Declaration(
    "W644", Severity.WARNING, "复核得分不一致",
    "“{department}”的 {indicator}：{scores}；{result}", "请复核人商定后统一复核得分，或按方案的规定处理",
)  # fmt: skip
AGAINST_ITSELF = Declaration(
    "W645", Severity.WARNING, "同一复核人填得不同",
    "“{department}”的 {indicator}：{scores}，都没有生效", "请核对以哪一份为准，把另一份移走或改成一致",
)  # fmt: skip
ROW_IN_DOUBT = Declaration(
    "W646", Severity.WARNING, "复核表的行对不上",
    "{why}，这一行没有读取", "请把这一行移回原处，或用 perfxl review（或双击“制作复核表”）重新生成复核表",
)  # fmt: skip
ROWS_GONE = Declaration(
    "W647", Severity.WARNING, "复核表缺少指标",
    "“{department}”在这份复核表里缺少 {count} 项指标（{codes}），这些指标没有复核", "确实要复核的，请从原表复制回来",
)  # fmt: skip
NOBODY_FOR_IT = Declaration(
    "W648", Severity.WARNING, "复核的对象不在本次结果中",
    "“{department}”{why}，对它的复核没有生效", "请核对复核表是否用错了轮次，或补齐它的报送",
)  # fmt: skip
NOT_UNDERSTOOD = Declaration(
    "W649", Severity.WARNING, "复核表的内容无法识别",
    "“{department}”的“{what}”填的是“{value}”，{why}", "请按表中的提示填写",
)  # fmt: skip
NOT_USED = Declaration(
    "W650", Severity.WARNING, "复核表没有采用",
    "{why}", "请用原来的复核表填写，另存为 .xlsx 后再运行",
)  # fmt: skip
REVIEW_CHECKS = tuple(value for value in list(globals().values()) if isinstance(value, Declaration))
