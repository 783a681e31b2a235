"""The sheets and columns of the scheme workbook: what a clerk adds to them, drop-downs, notes and the guide."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl

from perfxl.scheme.raw_scheme import TABLES
from perfxl.scheme.workbook_file import scheme_workbook
from perfxl.scheme.workbook_layout import KEYED, places
from perfxl.scheme.workbook_writer import KEY_NOTE
from tests.scheme_files import book_scheme, exported, exported_now, form, toml_scheme


def test_a_clerk_fills_the_new_sheets() -> None:
    book = exported()
    change = ["funds.total.adjusted、-funds.total.initial", "funds.total.initial", "是", "是", "", "", "按绝对值"]
    book["计算事项"].append(["调整率", "预算调整率", "收支情况", "预算执行情况", *change])
    book["填报事项"].append(["满意度", "群众满意度", "百分数", "补充资料", "调查", "否", "", "", "", "", "只填数字"])
    book["收支表列"] += [
        ["initial", "年初预算数"],
        ["adjusted", "全年预算数"],
        ["spent", "全年执行数"],
        ["冻结", "冻结数"],
    ]
    book["等级名额"].append(["优", 0.3, "每类", "舍去", "下调"])
    book["封顶和否决"] += [["调整率", ">", 0.5, "", "中", "大幅调整"], ["inventory_done", "=", "否", 89, "", ""]]
    book["定性结果"][3][3] = 0.7
    vertical = {row[0]: row for name in ("评价对象", "选项") for row in book[name]}
    vertical["评价对象"][1], vertical["支出率"][1], vertical["自评得分留空时"][1] = "项目", "", "按计算得分"
    scheme = book_scheme(book)
    assert scheme.derived[0].numerator == ("funds.total.adjusted", "-funds.total.initial")
    assert scheme.derived[0].absolute
    assert scheme.fact_sheets == ("收支情况", "管理效率", "补充资料")
    assert scheme.funds_table.columns["冻结"] == "冻结数"
    assert [(cap.fact, cap.value, cap.cap, cap.grade) for cap in scheme.caps[-2:]] == [
        ("调整率", "0.5", None, "中"),
        ("inventory_done", "否", 89, ""),
    ]
    assert scheme.quotas[0].share == Decimal("0.3")
    assert scheme.shares[1].lowest == Decimal("0.7")
    assert scheme.evaluated.is_project
    assert book_scheme(exported(scheme)) == scheme


def district_book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(scheme_workbook(toml_scheme(form("district")))))


def drop_down(book: openpyxl.Workbook, sheet: str, heading: str) -> str:
    """The source of the drop-down of a column."""
    cells = book[sheet]
    at = next(cell.column_letter for cell in cells[2] if cell.value == heading)
    found = [rule for rule in cells.data_validations.dataValidation if f"{at}3" in rule.sqref]
    assert len(found) == 1, (sheet, heading)
    return str(found[0].formula1)


def test_columns_that_name_things_offer_them() -> None:
    book = district_book()
    for sheet, heading, words in (
        ("一二级指标", "性质", "计分,加分,扣分"),
        ("三级指标", "不适用时", "满分,折算"),
        ("三级指标", "部门可填不适用", "是,否"),
        ("填报事项", "类型", "金额,个数,是/否,文字,百分数,数值"),
        ("填报事项", "填报表", "收支情况,管理情况,加分扣分"),
        ("计算事项", "填报表", "收支情况,管理情况,加分扣分"),
        ("封顶和否决", "条件", "<,≤,>,≥,="),
        ("封顶和否决", "等级最高", "优,良,中,差"),
        ("等级名额", "等级", "优,良,中,差"),
        ("等级名额", "范围", "每类,全部"),
        ("等级名额", "取整", "舍去,进位,四舍五入"),
        ("等级名额", "同分", "下调,保留"),
    ):
        assert drop_down(book, sheet, heading) == f'"{words}"'
    assert drop_down(book, "等级", "部门类别").startswith("OFFSET('部门类别'!")
    facts = drop_down(book, "封顶和否决", "事项")
    assert facts.startswith("OFFSET('_lists'!$E$2,0,0,MAX(")
    assert facts == drop_down(book, "计算事项", "分子") == drop_down(book, "填报事项", "不大于")
    listed = openpyxl.load_workbook(io.BytesIO(scheme_workbook(toml_scheme(form("district")))), data_only=True)[
        "_lists"
    ]
    names = {cell.value for cell in listed["E"]}
    assert {"合计支出数", "经查实的采购问题数", "政府采购执行率"} <= names
    assert not any(str(name).startswith("funds.") for name in names)


def test_signed_sums_are_text_cells_and_bounds_are_numbers() -> None:
    book = district_book()
    rows = list(book["计算事项"].iter_rows(min_row=3))
    assert rows[1][3].value == "合计调整预算数、-合计年初预算数"
    assert rows[1][3].number_format == "@"
    bounds = [row[2].value for row in book["封顶和否决"].iter_rows(min_row=3) if row[1].value]
    assert bounds == [0.7, 5, "是", "是"]


def test_every_heading_has_its_note() -> None:
    book = district_book()
    for table in TABLES:
        if table.vertical or table.key in ("settings", "indicators"):
            continue
        shown = [place for place in places(table) if place.column is not None]
        for place, cell in zip(shown, book[table.sheet][2], strict=False):
            assert place.column is not None
            assert cell.value == place.heading == place.column.spec.heading
            assert cell.comment is not None
            note = KEY_NOTE if table.key in KEYED and place.column.name == "key" else place.column.spec.note
            assert note in cell.comment.text


def test_the_guide_explains_the_sheets_and_the_placeholders() -> None:
    guide = {row[0].value: row[1].value for row in district_book()["说明"].iter_rows() if row[0].value}
    for table in TABLES:
        if table.key != "settings":
            assert guide[table.sheet] == table.note
    assert guide["{low_rate}"] == "支出率：90%"
    assert guide["{year}"] == "评价年度：2022"
    text = "\n".join(map(str, guide))
    for words in (
        "加分和扣分：",
        "封顶和一票否决：",
        "等级名额：",
        "计算事项",
        "适用类别",
        "评价项目：",
        "占位符",
        "{{ }}",
    ):
        assert words in text


def test_rule_settings_are_listed_with_their_codes() -> None:
    rows = exported_now()["规则说明"]
    assert rows[1][-1] == "参数代码"
    codes = {row[-1] for row in rows[2:]}
    assert {"target", "free", "per_point", "toward", "fixed", "value"} <= codes
