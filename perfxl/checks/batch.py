"""Checks that need the whole batch: two workbooks of one department, one code with two names, the bureau's lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from perfxl.caches import cached
from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Finding, Severity
from perfxl.layout.sheets import IDENTITY
from perfxl.scheme.model import Evaluated

Fields = tuple[tuple[str, str, str], ...]
CODE: Fields = (("identity", "department.code", "value"),)
NAME: Fields = (("identity", "department.name", "value"),)
CATEGORY: Fields = (("identity", "department.category", "value"),)
PROJECT: Fields = (("identity", "department.project", "value"),)
PROJECT_CODE: Fields = (("identity", "department.project_code", "value"),)
FILLED_ON: Fields = (("identity", "department.filled_on", "value"),)

SHARED_CODE = Declaration(
    "E601", Severity.ERROR, "部门代码重复",
    "“{department}”的部门代码 {value} 与{others}相同", "请核对部门代码，改正后重新报送",
)  # fmt: skip
SHARED_NAME = Declaration(
    "W602", Severity.WARNING, "同一部门有不同代码",
    "“{department}”在另一份填报中的部门代码是 {others}", "请核对是否同一部门；如是，请统一代码后只报送一份",
)  # fmt: skip
OTHER_THAN_ROSTER = Declaration(
    "W603", Severity.WARNING, "与部门名录不一致",
    "{what}填的是“{value}”，部门名录中是“{listed}”，已按名录处理", "请核对；名录有误的请更正名录", "{listed}",
)  # fmt: skip
NOT_IN_ROSTER = Declaration(
    "W604", Severity.WARNING, "名录中没有这个部门",
    "部门名录中没有“{department}”（{value}）", "请核对部门代码和名称，或把它补入部门名录",
)  # fmt: skip
OTHER_IN_FILE_NAME = Declaration(
    "W605", Severity.WARNING, "文件名与部门名称不符",
    "文件名里是“{named}”，基本信息填的是“{value}”", "请核对是否放错了文件，或填错了部门名称", "{named}",
)  # fmt: skip
WITHOUT_EFFECT = Declaration(
    "W606", Severity.WARNING, "豁免没有用上",
    "豁免名单第 {row} 行：{why}", "{advice}",
)  # fmt: skip
CODE_OF_ANOTHER = Declaration(
    "E607", Severity.ERROR, "部门代码与部门名称不符",
    "部门代码 {value} 在部门名录中属于“{owner}”，基本信息填的部门名称是“{department}”", "请核对部门代码和部门名称",
)  # fmt: skip
FUTURE_DATE = Declaration(
    "W608", Severity.WARNING, "填报日期晚于今天",
    "填报日期填的是 {value}，晚于运行的日期 {today}；与同一部门的其他填报比较新旧时不作数", "请核对填报日期",
)  # fmt: skip
ORDER_IN_DOUBT = Declaration(
    "W609", Severity.WARNING, "哪一份更新不能确定",
    "“{department}”另有“{other}”，填报日期 {other_day}（本文件 {value}），"
    "日期与文件修改时间的先后相反，已按{by}采用本文件",
    "请核对哪一份是最后报送的，把另一份移走后再运行一次",
)  # fmt: skip
ODD_DATE = Declaration(
    "W620", Severity.WARNING, "填报日期不合理",
    "填报日期填的是 {value}，{why}", "请核对填报日期",
)  # fmt: skip
MARK_OF_ANOTHER = Declaration(
    "W621", Severity.WARNING, "退回件的标记是别的部门的",
    "这份工作簿是用发给“{other}”的退回件改成的，那一份不是“{department}”的；标记不起作用，新旧按填报日期判断",
    "请核对是否用错了退回件；应当用发给本部门的退回件修改",
)  # fmt: skip
MARK_IN_CIRCLE = Declaration(
    "W622", Severity.WARNING, "退回件的标记不对",
    "这份工作簿的退回件标记指回它自己（“{other}”），标记不起作用，新旧按填报日期判断", "请核对这份工作簿的来历",
)  # fmt: skip
PERHAPS_IN_YUAN = Declaration(
    "W624", Severity.WARNING, "金额远高于同类部门",
    "合计{budget_label} {amount} 万元，是{peers}中位数 {median} 万元的 {times} 倍，疑似按“元”填报；总览的合计没有计入",
    "请核对金额单位；如按元填了，请除以 10000 后重新报送。属实的，列入豁免名单后计入合计", "{right}",
)  # fmt: skip
SURELY_IN_YUAN = Declaration(
    "E625", Severity.ERROR, "全部金额按元填报",
    "合计{budget_label} {amount} 万元，是{peers}中位数 {median} 万元的 {times} 倍，"
    "工作簿里其他金额也像是按“元”填报的；总览的合计没有计入",
    "金额单位是万元，请除以 10000 后重新报送", "{right}",
)  # fmt: skip
OFFICIAL_OF_NOBODY = Declaration(
    "W803", Severity.WARNING, "核定数没有用上",
    "财政核定数中的“{who}”本次没有报送，也不在部门名录中，它的 {count} 个值没有用上", "请核对部门代码和名称",
)  # fmt: skip
OFFICIAL_UNKNOWN = Declaration(
    "W804", Severity.WARNING, "核定数的行无法识别",
    "财政核定数的这一行{what}，没有用上", "请从下拉列表中选择事项；评价项目的还要写项目名称",
)  # fmt: skip
BATCH_CHECKS = tuple(value for value in list(globals().values()) if isinstance(value, Declaration))

# What projects share has the same codes in words of its own.
SHARED_PROJECT_CODE = replace(
    SHARED_CODE, title="项目代码重复", message="“{department}”的项目代码 {value} 与{others}相同",
    advice="请核对项目代码，改正后重新报送",
)  # fmt: skip
SHARED_PROJECT_NAME = replace(
    SHARED_NAME, title="同一项目有不同代码", message="“{department}”在另一份填报中的项目代码是 {others}",
    advice="请核对是否同一项目；如是，请统一代码后只报送一份",
)  # fmt: skip
UNIT_OF_TWO_CODES = replace(SHARED_NAME, advice="请核对部门代码，同一实施单位各项目的代码应当一致")
PROJECT_NOT_IN_ROSTER = replace(
    NOT_IN_ROSTER, title="名录中没有这个项目", message="部门名录中“{unit}”没有项目“{department}”",
    advice="请核对项目名称，或把该项目补入部门名录",
)  # fmt: skip

# With several schemes in one run.
NOT_UNDER_SCHEME = replace(
    NOT_IN_ROSTER, title="名录中这个部门没有这个方案",
    message="部门名录中“{department}”（{value}）不在方案“{scheme}”名下",
    advice="请核对工作簿用的模板，或在名录中补一行",
)  # fmt: skip


@cached(maxsize=256)
def in_words_of(check: Declaration, words: Evaluated) -> Declaration:
    """The declaration with what the scheme calls codes, names and categories."""
    called = {
        "项目代码": words.project_code_title, "项目名称": words.project_title, "部门代码": words.code_title,
        "部门名称": words.name_title, "部门类别": words.category_title,
    }  # fmt: skip
    usual = re.compile("|".join(called))

    def reworded(text: str) -> str:
        # At once: a scheme's own word may hold the usual one for something else.
        return usual.sub(lambda match: called[match[0]], text)

    return replace(
        check, title=reworded(check.title), message=reworded(check.message), advice=reworded(check.advice)
    )  # fmt: skip


def on_identity(
    check: Declaration, file: str, department: str, value: str, fields: Fields = CODE, /, **words: str
) -> Finding:
    """A finding on who a workbook is from, placed on its cover sheet. words: may name another `department`."""
    given = {"department": department, "value": value, **words}
    return check.finding(file, department, given, sheet=IDENTITY, fields=fields)


def quoted(names: Iterable[str]) -> str:
    """Names in Chinese quotation marks."""
    return "、".join(f"“{name}”" for name in names)
