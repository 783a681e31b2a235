"""Checks of single cells: blank, no number, negative, off the list, formula errors; and how odd ones were read."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.checks.catalogue import Condition, check, check_of
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit, shared
from perfxl.findings import cells as kinds
from perfxl.intake.submission_tables import Tables
from perfxl.submission.values import Trouble


@shared
def _by_trouble(tables: Tables) -> Mapping[str, list[Hit]]:
    found: dict[str, list[Hit]] = {}
    for *cell, trouble, note in tables.doubtful.rows("table", "key", "field", "trouble", "note"):
        found.setdefault(trouble, []).append(hit(*cell, note=note))
    return found


def _with(trouble: Trouble) -> Condition:
    return lambda tables: _by_trouble(tables).get(trouble, ())


check_of(kinds.BLANK)(_with(Trouble.BLANK))
check_of(kinds.NOT_NUMBER)(_with(Trouble.NOT_NUMBER))
check_of(kinds.NEGATIVE)(_with(Trouble.NEGATIVE))
check_of(kinds.NOT_WHOLE)(_with(Trouble.NOT_WHOLE))
check_of(kinds.OFF_LIST)(_with(Trouble.OFF_LIST))
check(
    "E106", Severity.ERROR, "公式出错",
    message="{label}的单元格显示错误值（如 #DIV/0!、#REF!）", advice="请直接填写数值，不要在此使用公式",
)(_with(Trouble.ERROR_VALUE))  # fmt: skip
check(
    "E107", Severity.ERROR, "公式没有计算结果",
    message="{label}是公式，但文件中没有计算结果",
    advice="请在 Excel 或 WPS 中打开文件，重新计算并保存，或直接填写数值",
)(_with(Trouble.NOT_CALCULATED))  # fmt: skip
check(
    "E108", Severity.ERROR, "数值过大",
    message="{label}是 {value}，大得不合常理", advice="请核对单位（金额单位是万元）和小数点",
)(_with(Trouble.TOO_LARGE))  # fmt: skip
check(
    "E109", Severity.ERROR, "数字被当成日期",
    message="{label}应为数字，单元格里却是日期 {value}",
    advice="请把单元格格式改为“常规”，重新输入数字", expected="数字",
)(_with(Trouble.DATE_FOR_NUMBER))  # fmt: skip
check(
    "E110", Severity.ERROR, "用符号代替数字",
    message="{label}写的是“{value}”，不知道是 0 还是没有填", advice="没有此事项请填 0", expected="数字",
)(_with(Trouble.PLACEHOLDER))  # fmt: skip
check(
    "E111", Severity.ERROR, "找不到填报位置",
    message="{label}的单元格找不到，应在所示位置（所在行或列可能被删除）",
    advice="请在空白模板中找到该项，把所在行或列补回",
)(_with(Trouble.NO_PLACE))  # fmt: skip
check(
    "E114", Severity.ERROR, "显示的与实际的不同",
    message="{label}的单元格{note}，不能确定以哪个为准",
    advice="请把单元格格式改为“常规”，重新填写",
)(_with(Trouble.SHOWN_OTHERWISE))  # fmt: skip
check(
    "E115", Severity.ERROR, "有删除线或上下标",
    message="{label}：{note}，不能确定以哪个为准",
    advice="请删去作废的文字，去掉删除线和上下标，只留要报送的内容",
)(_with(Trouble.STRUCK))  # fmt: skip
check(
    "E116", Severity.ERROR, "公式与结果不符",
    message="{label}是公式，{note}，不能确定以哪个为准",
    advice="请直接填写数值；或在 Excel 中打开文件，按 Ctrl+Alt+F9 重新计算，核对后保存",
)(_with(Trouble.FORMULA))  # fmt: skip
check(
    "E119", Severity.ERROR, "不能填不适用",
    message="{label}写的是“{value}”，评分方案没有允许这项指标不适用",
    advice="请按实际情况填写得分；确实不适用的，请与财政部门联系", expected="数字",
)(_with(Trouble.NOT_APPLICABLE))  # fmt: skip
check(
    "W112", Severity.WARNING, "日期无法识别",
    message="{label}写的是“{value}”，不是可以识别的日期", advice="请写成 2023-03-15 的样式", expected="日期",
)(_with(Trouble.BAD_DATE))  # fmt: skip


@check(
    "I113",
    Severity.INFO,
    "按通常写法读取",
    message="{label}写的是“{value}”，已{note}",
    advice="无需修改；如与本意不符请更正",
)
def read_as(tables: Tables) -> list[Hit]:
    """A value that is not written as the template asks, but certain."""
    cells = tables.doubtful
    noted = cells.kept((cells["note"] != "") & (cells["trouble"] == ""))
    return [hit(*cell, note=note) for *cell, note in noted.rows("table", "key", "field", "note")]
