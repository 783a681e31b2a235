"""Every fault of a scheme: one edit of the built-in TOML, one fault, at the line that was edited."""

from __future__ import annotations

import pytest

from tests.scheme_files import BUILTIN, edited, line_of, only, toml_faults

B66 = 'settings.numerator = ["fixed_assets_in_use"]'
A03 = 'settings.numerator = ["funds.total.spent"]'
B21_FREE = "settings.free = 0.1"
B62_SIDE = 'settings.side = "不低于"\n'
B61 = 'settings.items = [["assets_over_standard", 1]]'

# What is replaced, by what, a text on whose line the fault is (None: the line that differs), words of the fault.
FAULTS = {
    # values
    "blank required text": ('title = "2022年度部门整体支出绩效自评"', 'title = " "', None, "没有填写“名称”（title）"),
    "not a number": ("floor = 0.6", 'floor = "六成"', None, "“六成”不是数字"),
    "percent sign": ("low_rate = 0.9", 'low_rate = "90%"', None, "10% 写 0.1"),
    "number is not finite": ("floor = 0.6", "floor = nan", None, "不是数字"),
    "number too large": ("penalty = 2", "penalty = 1e400", None, "过大"),
    "number too precise": ("penalty = 2", "penalty = 2.00000000001", None, "位数过多"),
    "not a whole number": ("kpi_rows = 40", "kpi_rows = 40.5", None, "不是整数"),
    "not yes or no": ("floor_on = false", 'floor_on = "可以"', None, "不是“是”或“否”"),
    "not a choice": ('role = "合计"', 'role = "总计"', None, "“合计”"),
    "text expected": ('bureau = "区财政局"', "bureau = true", None, "不是文字"),
    "control character": ('bureau = "区财政局"', 'bureau = "区\\u0007局"', None, "控制字符"),
    "text too long": ('bureau = "区财政局"', f'bureau = "{"区" * 32_768}"', None, "超过 32767"),
    "listed text with 顿号": ('aliases = ["基本达成预期"]', 'aliases = ["基本、达成"]', None, "顿号"),
    "unknown key": ('bureau = "区财政局"', 'bureu = "区财政局"', None, "是否应为“bureau”"),
    "unknown table": ("[thresholds]", "[threshold]", None, "是否应为“thresholds”"),
    # header and options
    "id": ('id = "guangzhou-2022"', 'id = "广州 2022"', None, "只能用"),
    "year": ("year = 2022", "year = 22", None, "不小于 2000"),
    "floor of one": ("floor = 0.6", "floor = 1", None, "小于 1"),
    "floor of zero": ("floor = 0.6", "floor = 0", None, "大于 0"),
    "penalty_from of zero": ("penalty_from = 0.3", "penalty_from = 0", None, "大于 0"),
    "negative penalty": ("penalty = 2", "penalty = -1", None, "不小于 0"),
    "no KPI rows": ("kpi_rows = 40", "kpi_rows = 0", None, "不小于 1"),
    "too many task rows": ("task_rows = 15", "task_rows = 201", None, "不大于 200"),
    "negative threshold": ("near_grade = 0.5", "near_grade = -0.5", None, "不小于 0"),
    # indicators
    "unknown kind": ('kind = "deviation"', 'kind = "deviaton"', None, "是否应为“deviation”"),
    "category twice": ('name = "镇街"', 'name = "党政 机关"', None, "重复"),
    "code twice": ('code = "B72"', 'code = "B71"', None, "重复"),
    "narrative twice": ('key = "measures"', 'key = "problems"', None, "重复"),
    "symbol twice": ('symbol = "<"', 'symbol = "＞"', None, "“＞”重复"),
    "alias twice": ('aliases = ["小于", "低于"]', 'aliases = ["小于", "不高于"]', None, "“不高于”重复"),
    "alias twice in a row": ('aliases = ["小于", "低于"]', 'aliases = ["小于", "小于"]', None, "写了两次"),
    "share twice": ('aliases = ["基本达成预期"]', 'aliases = ["达成预期"]', None, "重复"),
    "quote in a symbol": ('symbol = "定性"', "symbol = '定\"性'", None, "不能用在公式里"),
    # rule settings
    "unknown setting": (B21_FREE, B21_FREE + "\nsettings.fre = 0.1", "settings.fre =", "是否应为“free”"),
    "missing setting": (B62_SIDE, "", 'settings.value = ["asset_income_paid"]', "缺少参数“方向”（side）"),
    "numerator alone": (
        'settings.denominator = ["funds.total.initial"]\n', "", 'settings.numerator = ["budget_added"]', "“分母”",
    ),
    "subtraction": (A03, 'settings.numerator = ["-funds.basic.spent"]', None, "请先在“计算事项”中定义"),
    "value beside a numerator": (A03, A03 + '\nsettings.value = "contracts_total"', None, "只能用一种"),
    "repeated setting": (B21_FREE, "settings.free = [0.1, 0.2]", None, "不止一次"),
    "setting not a number": (B21_FREE, 'settings.free = "一成"', None, "不是数字"),
    "setting blank": (B21_FREE, 'settings.free = ""', None, "没有填内容"),
    "setting of a wrong form": (B21_FREE, "settings.free = [[0.1, 1, 2]]", None, "写法不对"),
    "choice": ('settings.side = "不高于"', 'settings.side = "高于"', None, "是否应为“不高于”"),
    "unknown fact": (A03, 'settings.numerator = ["funds.total.spend"]', None, "是否应为“funds.total.spent”"),
    "fact of a wrong type": (A03, 'settings.numerator = ["low_rate_reason"]', None, "类型是文字"),
    "fact twice": (A03, 'settings.numerator = ["funds.total.spent", "funds.total.spent"]', None, "重复"),
    "points missing": (B61, 'settings.items = ["assets_over_standard"]', None, "没有填分值"),
    "points not wanted": (A03, 'settings.numerator = [["funds.total.spent", 1]]', None, "不应填分值"),
    "points not a number": (B61, 'settings.items = [["assets_over_standard", "一"]]', None, "不是数字"),
    "rule's own fault": (B21_FREE, "settings.free = -0.1", None, "允许幅度不能为负"),
    "checklist sum": ('[["inventory_done", 1]]', '[["inventory_done", 2]]', None, "不等于指标分值 1"),
    # facts
    "part_of unknown": (
        'part_of = "cost_items_assessed"',
        'part_of = "cost_item_assessed"',
        None,
        "是否应为“cost_items_assessed”",
    ),
    "part_of itself": (
        'part_of = "cost_items_assessed"',
        'part_of = "cost_items_within_standard"',
        None,
        "不能不大于自己",
    ),
    "part_of of another type": ('part_of = "cost_items_assessed"', 'part_of = "procurement_total"', None, "同为"),
    "column without row": (
        'row_label = "公务接待费"\ncolumn_label = "预算数"',
        'column_label = "预算数"',
        '[[facts]]\nkey = "three_public.reception.budget"',
        "行名称",
    ),
    # funds, KPI levels, columns
    "two totals": (
        'label = "项目支出"\nrole = "分项"',
        'label = "项目支出"\nrole = "合计"',
        None,
        "不止一行“合计”",
    ),
    "unknown column": ('table = "tasks"\nkey = "result"', 'table = "tasks"\nkey = "results"', None, "“result”"),
    "column of another type": ('label = "权重"\ntype = "points"', 'label = "权重"\ntype = "text"', None, "分值"),
    "KPI level that none counts": (
        '["效益指标", "满意度指标"]',
        '["效益指标"]',
        'level1 = "满意度指标"',
        "没有三级指标为它计分",
    ),
    "KPI level that two count": (
        '["效益指标", "满意度指标"]',
        '["效益指标", "满意度指标", "产出指标"]',
        None,
        "已由指标 A01 计分",
    ),
    "KPI level unknown": ('["产出指标"]', '["产出"]', None, "是否应为“产出指标”"),
    # grades, caps, shares
    "share above one": ("share = 0.8", "share = 80", None, "不大于 1"),
    "cap above 100": ("cap = 89", "cap = 101", None, "不大于 100"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_one_edit_one_fault_at_its_line(name: str) -> None:
    old, new, at, words = FAULTS[name]
    text = edited((old, new))
    if at is None:
        lines = enumerate(zip(BUILTIN.splitlines(), text.splitlines(), strict=False), 1)
        place = f"x.toml 第 {next(number for number, (before, after) in lines if before != after)} 行"
    else:
        place = line_of(text, at)
    fault = only(toml_faults(text), place, words)
    assert fault.advice
    assert not fault.what.endswith("。")
    assert not fault.advice.endswith("。")


def test_faults_of_a_whole_file_come_at_once_in_its_order() -> None:
    text = edited(
        ("floor = 0.6", 'floor = "六成"'),
        ('level1 = "满意度指标"', 'level1 = "满意度?"'),
        ('code = "B72"\n', ""),
        ('part_of = "new_projects_due"', 'part_of = "new_project_due"'),
        ("share = 0.8", "share = 8"),
    )
    faults = toml_faults(text)
    words = ["六成", "没有填写“指标代码”", "new_projects_due", "满意度?", "不能是 8"]
    for word, fault in zip(words, [f for f in faults if "满意度指标" not in f.what], strict=True):
        assert word in str(fault)


def test_points_of_zero_and_of_three_places() -> None:
    text = edited(('name = "资产盘点情况"\npoints = 1', 'name = "资产盘点情况"\npoints = 0'))
    assert any("“分值”（points）不能是 0" in fault.what for fault in toml_faults(text))
    text = edited(
        ('name = "资产盘点情况"\npoints = 1', 'name = "资产盘点情况"\npoints = 0.995'),
        ('["inventory_done", 1]', '["inventory_done", 0.995]'),
        ('name = "数据质量"\npoints = 2', 'name = "数据质量"\npoints = 2.005'),
        ('["annual_report_accurate", 1]', '["annual_report_accurate", 1.005]'),
    )
    assert [fault.what for fault in toml_faults(text)] == ["分值 0.995 多于两位小数", "分值 2.005 多于两位小数"]


def test_a_misspelt_fact_in_a_rule_is_one_fault() -> None:
    text = edited(
        ('settings.items = [["procurement_violations", 1]]', 'settings.items = [["procurement_violation", 1]]')
    )
    only(toml_faults(text), line_of(text, '"procurement_violation"'), "是否应为“procurement_violations”")


def test_a_misspelt_required_setting_is_one_fault() -> None:
    text = edited(("settings.per_point = 0.2", "settings.per_points = 0.2"))
    only(toml_faults(text), line_of(text, "settings.per_points"), "是否应为“per_point”")


def test_every_column_that_the_program_needs() -> None:
    start = BUILTIN.index('[[columns]]\ntable = "kpis"\nkey = "evidence"')
    evidence = BUILTIN[start : BUILTIN.index("[[columns]]", start + 1)]
    faults = toml_faults(BUILTIN.replace(evidence, ""))
    assert [fault.what for fault in faults] == ["“绩效指标”表缺少键为“evidence”的列"]
    faults = toml_faults(BUILTIN.replace(evidence, evidence + evidence))
    first = line_of(BUILTIN, evidence, 2)
    assert [fault.what for fault in faults] == [f"列“绩效指标 evidence”重复，{first}已有"]


def test_qualitative_symbols_need_shares() -> None:
    shares = BUILTIN[BUILTIN.index("[[shares]]") : BUILTIN.index("# 等级\n")]
    text = BUILTIN.replace(shares, "")
    only(toml_faults(text), line_of(text, 'direction = "qualitative"'), "没有定性结果的得分比例")


def test_tables_that_may_not_be_empty_and_the_header() -> None:
    empty = toml_faults("")
    words = "\n".join(map(str, empty))
    for title in ("部门类别", "一二级指标", "三级指标", "等级"):
        assert f"“{title}”没有内容" in words
    for title in ("收支表行", "填报事项", "绩效指标类别", "表格列", "指标符号", "定性结果"):
        assert title not in words, "a scheme may be without them"
    assert "没有填写“方案代码”（id）" in words
    assert "选项" not in words, "all options have defaults"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[header]\nid = "a\nyear = 1\n', 2, "引号"),
        ("[header]\nid = 甲\n", 2, "TOML"),
        ("[header]\nid\n", 2, "TOML"),
        ("[header]\na = 1\na = 2\n", 3, "两次"),
        ("[header]\n[header]\n", 2, "两次"),
        ("[header]\na = 1 2\n", 2, "多余"),
        ("[header]\n是 = 1\n", 2, "键 = 值"),
        ("a = [\n1,\n", 3, "TOML"),
        ("a = " + "[" * 5000, 1, "TOML"),
        ("a = " + "1" * 5000, 1, "TOML"),
    ],
)
def test_a_syntax_error_is_a_fault_with_its_line(text: str, line: int, words: str) -> None:
    only(toml_faults(text), f"x.toml 第 {line} 行", words)


def test_tables_of_a_wrong_form() -> None:
    text = BUILTIN.replace("[options]", "[[options]]")
    only(toml_faults(text), line_of(text, "[[options]]"), "请写成 [options]")
    start, end = BUILTIN.index("[[caps]]"), BUILTIN.index("# 部门自述")
    text = BUILTIN[:start] + "[caps]\ncap = 0\n" + BUILTIN[end:]
    only(toml_faults(text), line_of(text, "[caps]"), "请写成 [[caps]]")
    start, end = BUILTIN.index('settings.numerator = ["budget_added"]'), BUILTIN.index('standard = "追加率不超过')
    text = BUILTIN[:start] + "settings = 1\n" + BUILTIN[end:]
    only(toml_faults(text), line_of(text, "settings = 1"), "规则参数的写法不对")
