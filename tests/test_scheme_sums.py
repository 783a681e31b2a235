"""Points that do not add up are told at the row that is wrong, once, with the numbers."""

from __future__ import annotations

from tests.scheme_files import edited, form, line_of, only, toml_faults, toml_scheme

MANAGED = 'name = "绩效管理"\nparent = "管理效率"\npoints = 15'
BUDGETED = 'name = "预算编制"\nparent = "管理效率"\npoints = 3'
FIRST = 'name = "履职效能"\npoints = 50'
SECOND = 'parent = "履职效能"\npoints = 50'
RATE = 'name = "部门预算资金支出率"\npoints = 10'


def points_line(text: str, part: str) -> str:
    return line_of(text, part, part.count("\n"))


def test_a_second_level_that_makes_its_parent_wrong_is_told_alone() -> None:
    text = edited((BUDGETED, BUDGETED.replace("3", "5")))
    fault = only(toml_faults(text), points_line(text, BUDGETED.replace("3", "5")))
    assert fault.what == (
        "“预算编制”分值 5，所属三级指标合计 3（B11 3），相差 2；“管理效率”所属二级指标合计因此是 52，不是 50"
    )
    assert fault.advice == "请把“预算编制”的分值改为 3，或核对各三级指标"
    text = edited((MANAGED, MANAGED.replace("15", "14")))
    only(toml_faults(text), points_line(text, MANAGED.replace("15", "14")), "分值 14", "合计 15", "相差 1")


def test_two_wrong_second_levels_are_told_and_their_parent_is_not() -> None:
    text = edited((MANAGED, MANAGED.replace("15", "14")), (BUDGETED, BUDGETED.replace("3", "5")))
    assert [fault.what[:6] for fault in toml_faults(text)] == ["“预算编制”", "“绩效管理”"]


def test_second_levels_that_fit_their_indicators_leave_the_fault_with_the_parent() -> None:
    points = 'name = "新增预算入库项目评审"\npoints = 3'
    text = edited((BUDGETED, BUDGETED.replace("3", "5")), (points, points.replace("3", "5")))
    fault = only(toml_faults(text), points_line(text, 'name = "管理效率"\npoints = 50'))
    assert fault.what == (
        "“管理效率”分值 50，所属二级指标合计 52"
        "（预算编制 5、预算执行 4、信息公开 4、绩效管理 15、采购管理 10、资产管理 10、运行成本 4），相差 2"
    )


def test_an_indicator_whose_own_rule_asks_for_other_points_is_told_alone() -> None:
    points = 'name = "资产盘点情况"\npoints = 1'
    text = edited((points, points.replace("1", "2")))
    only(toml_faults(text), line_of(text, '[["inventory_done", 1]]'), "合计 1 分，不等于指标分值 2 分")


def test_an_indicator_with_other_points_is_told_at_its_level() -> None:
    text = edited((RATE, RATE.replace("10", "9")))
    fault = only(toml_faults(text), points_line(text, f'name = "整体效能"\n{SECOND}'))
    assert fault.what == "“整体效能”分值 50，所属三级指标合计 49（A01 20、A02 20、A03 9），相差 1"
    assert fault.advice == "请改三级指标的分值，或改“整体效能”的分值"


def test_a_first_level_that_makes_the_hundred_wrong_is_told_alone() -> None:
    text = edited((FIRST, FIRST.replace("50", "60")))
    fault = only(toml_faults(text), points_line(text, FIRST.replace("50", "60")))
    assert (
        fault.what == "“履职效能”分值 60，所属二级指标合计 50（整体效能 50），相差 10；一级指标合计因此是 110，不是 100"
    )
    assert "改为 50" in fault.advice


def test_a_hundred_that_no_row_explains_names_all_rows() -> None:
    text = edited(
        (FIRST, FIRST.replace("50", "60")),
        (SECOND, SECOND.replace("50", "60")),
        (RATE, RATE.replace("10", "20")),
    )
    fault = only(toml_faults(text), points_line(text, FIRST.replace("50", "60")))
    assert fault.what == "一级指标分值合计 110，不等于 100（履职效能 60、管理效率 50）"


def test_the_hundred_is_told_though_another_row_explains_the_first_level() -> None:
    # 整体效能 should be 60 by its indicators, then 履职效能 fits, and the hundred does not.
    text = edited((FIRST, FIRST.replace("50", "60")), (RATE, RATE.replace("10", "20")))
    assert [fault.what[:8] for fault in toml_faults(text)] == ["一级指标分值合计", "“整体效能”分值"]


def test_levels_outside_the_hundred_need_not_add_up() -> None:
    scheme = toml_scheme(form("district"))
    assert sum(level.points for level in scheme.first_levels) == 115
    assert scheme.full_points == 100
    text = form("district", ('points = 5\nnature = "加分"', "points = 5"))
    of_base, of_second = toml_faults(text)
    assert of_base.place == points_line(text, 'name = "加分项"\npoints')
    assert "合计 105" in of_base.what
    assert "性质改为加分或扣分" in of_base.advice
    assert of_second.place == points_line(text, 'parent = "加分项"\npoints')


def test_a_level_outside_the_hundred_without_indicators() -> None:
    text = edited((FIRST, f'name = "加分项"\npoints = 5\nnature = "加分"\n\n[[levels]]\n{FIRST}'))
    only(toml_faults(text), line_of(text, 'name = "加分项"'), "加分的“加分项”下面没有三级指标")


def test_the_nature_stands_at_the_first_level() -> None:
    text = edited((SECOND, f'{SECOND}\nnature = "加分"'))
    only(toml_faults(text), line_of(text, 'nature = "加分"'), "“整体效能”的性质是加分", "一级指标")
    same = form("district", ('parent = "加分项"\npoints = 5', 'parent = "加分项"\npoints = 5\nnature = "加分"'))
    assert toml_scheme(same).nature_indicators("加分")


def test_a_misspelt_parent_is_one_fault_and_no_false_sum() -> None:
    text = edited(('name = "采购管理"\nparent = "管理效率"', 'name = "采购管理"\nparent = "管理效力"'))
    only(toml_faults(text), line_of(text, 'parent = "管理效力"'), "是否应为“管理效率”")
    text = edited(('name = "采购管理"\nparent = "管理效率"', 'name = "采购管理"\nparent = "预算编制"'))
    only(toml_faults(text), line_of(text, 'parent = "预算编制"'), "本身是二级指标")


def test_a_misspelt_second_level_is_one_fault_and_no_false_sum() -> None:
    text = edited(('code = "B72"\nlevel2 = "运行成本"', 'code = "B72"\nlevel2 = "运行成木"'))
    only(toml_faults(text), line_of(text, 'level2 = "运行成木"'), "是否应为“运行成本”")
    text = edited(('code = "B72"\nlevel2 = "运行成本"', 'code = "B72"\nlevel2 = "管理效率"'))
    only(toml_faults(text), line_of(text, 'code = "B72"\nlevel2 = "管理效率"', 1), "是一级指标")


def test_something_must_make_up_the_hundred() -> None:
    text = edited(
        (FIRST, f'{FIRST}\nnature = "加分"'),
        ('name = "管理效率"\npoints = 50', 'name = "管理效率"\npoints = 50\nnature = "扣分"'),
    )
    only(toml_faults(text), line_of(text, f"[[levels]]\n{FIRST}"), "没有性质为计分的一级指标")
