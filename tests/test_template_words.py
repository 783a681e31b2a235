"""Sheets, words and names of schemes that are not the built-in one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import COVER, META, REVIEW, SCORES
from perfxl.scheme.model import Scheme
from perfxl.template.correction import CorrectionNote
from perfxl.template.writer import defined_name
from tests.template_books import Shown, Values, cells, facts, write
from tests.template_schemes import crowded, district, minimal, project


def test_what_a_scheme_does_not_have_has_no_sheet(tmp_path: Path) -> None:
    book = write(tmp_path / "minimal.xlsx", minimal())
    assert book.sheetnames == [COVER, "基本信息", SCORES, META]
    shown = Shown(tmp_path / "shown.xlsx", minimal(), {("scores", "A1", "self"): Decimal(70)})
    steps = shown.texts(COVER)
    assert "1．先填“基本信息”，最后填“自评得分”。" in steps
    assert not [text for text in steps if "绩效指标" in text or "金额" in text or "收支" in text]
    assert (shown.named("自评总分"), shown.named("认定总分"), shown.named("计算总分")) == (70, 70, None)
    assert not {"绩效指标表", "重点任务表"} & set(book.defined_names)


def test_a_copy_to_be_mended_of_a_small_scheme(tmp_path: Path) -> None:
    notes = [CorrectionNote("错误", "E401", "高于分值", "101", "请核对", ("scores", "A1", "self"), "")]
    book = write(tmp_path / "copy.xlsx", minimal(), {("scores", "A1", "self"): Decimal(101)}, review=notes)
    assert book.sheetnames[0] == REVIEW
    place = layout_of(minimal()).places["scores", "A1", "self"]
    assert {cell.hyperlink.location for cell in cells(book[REVIEW]) if cell.hyperlink} == {f"'{SCORES}'!{place.cell}"}


def test_sheets_of_facts_stand_in_the_scheme_s_order_under_its_names(tmp_path: Path) -> None:
    book = write(tmp_path / "district.xlsx", district())
    assert book.sheetnames == [
        COVER, "基本信息", "收支情况", "绩效指标", "重点任务", "基础'数据", "其他事项", "计算结果", SCORES, META
    ]  # fmt: skip
    links = {cell.hyperlink.location for cell in cells(book[COVER]) if cell.hyperlink}
    assert "'基础''数据'!B1" in links


def test_a_missing_place_on_a_sheet_with_a_quote_is_linked(tmp_path: Path) -> None:
    shown = Shown(tmp_path / "quote.xlsx", district(), {})
    entries = [str(cell.value) for cell in cells(shown.book[META]) if "本年结转结余" in str(cell.value)]
    place = layout_of(district()).places["facts", "carry_now", VALUE]
    assert entries == [f"'基础''数据'!{place.cell}*基础'数据：本年结转结余"]


def test_a_finding_on_such_a_sheet_is_linked(tmp_path: Path) -> None:
    field = ("facts", "carry_now", VALUE)
    notes = [CorrectionNote("错误", "E101", "没有填写", "", "请填写", field, ""),
             CorrectionNote("提示", "I1", "整张表", "", "", None, "基础'数据")]  # fmt: skip
    book = write(tmp_path / "copy.xlsx", district(), review=notes)
    place = layout_of(district()).places[field]
    links = {cell.hyperlink.location for cell in cells(book[REVIEW]) if cell.hyperlink}
    assert links == {f"'基础''数据'!{place.cell}", "'基础''数据'!B1"}


def test_projects_are_called_by_the_scheme_s_words(tmp_path: Path) -> None:
    values: Values = {
        ("identity", "department.name", VALUE): "区科协",
        ("identity", "department.project", VALUE): "科普经费",
    }
    shown = Shown(tmp_path / "project.xlsx", project(), values)
    assert shown.row(COVER, "主管部门")[2] == "区科协"
    assert shown.row(COVER, "专项")[2] == "科普经费"
    assert (shown.named("部门名称"), shown.named("项目名称")) == ("区科协", "科普经费")
    assert any("与专项决算一致" in text for text in shown.texts("资金"))
    assert not [text for sheet in shown.book.sheetnames for text in shown.texts(sheet) if "部门整体" in text]
    blank = Shown(tmp_path / "blank.xlsx", project(), {})
    assert blank.row(COVER, "专项")[2] == "（在“基本信息”表填写专项名称）"
    assert blank.row(COVER, "主管部门")[2] == "（在“基本信息”表填写主管部门）"


def test_columns_of_the_funds_table_are_the_scheme_s(tmp_path: Path) -> None:
    scheme = district()
    shown = Shown(tmp_path / "funds.xlsx", scheme, facts(funds__total__adjusted="80", funds__total__spent="60"))
    assert shown.line("funds", "funds.total", "rate") == 0.75
    assert "预算调整幅度" not in shown.texts("收支情况")
    # A bracket may stand in a heading and not in a name.
    assert shown.named("全年预算数A合计") == 80
    assert shown.named("全年执行数B合计") == 60


@pytest.mark.parametrize(
    ("heading", "name"),
    [("支出数", "支出数合计"), ("全年执行数（B）", "全年执行数B合计"), ("2024 年", "_2024年合计"), ("%", "合计"),
     ("A·1/2", "A12合计")],
)  # fmt: skip
def test_names_of_headings(heading: str, name: str) -> None:
    assert defined_name(heading) == name


def test_headings_that_become_the_same_name_are_told_apart(tmp_path: Path) -> None:
    scheme = district(("全年执行数（B）", "全年预算数[A]"))
    names = set(write(tmp_path / "same.xlsx", scheme).defined_names)
    assert {"全年预算数A合计", "全年预算数A合计2"} <= names


def test_tables_of_words_have_no_totals(tmp_path: Path) -> None:
    shown = Shown(tmp_path / "words.xlsx", district(), facts(open__rules__a="是"))
    block = next(block for block in shown.layout.blocks if block.title == "三、公开情况")
    below = [shown.book["其他事项"].cell(block.next_row + 1, col).value for col in range(1, 6)]
    assert below == [None] * 5
    assert shown.line(block.key, "open.rules", "a") == "是"


def test_tables_of_numbers_have_totals(tmp_path: Path) -> None:
    scheme: Scheme = crowded()
    values = facts(**{f"m__{row}__a": "1.5" for row in range(3)})
    shown = Shown(tmp_path / "numbers.xlsx", scheme, values)
    assert shown.row("表'格!", "合计")[2:4] == [4.5, None]
    assert shown.texts("表'格!").count("单位：万元") == 1
    assert not [text for text in shown.texts("其他事项") if text.startswith("单位：")]


def test_a_long_title_is_shown_whole(tmp_path: Path) -> None:
    scheme = crowded()
    book = write(tmp_path / "long.xlsx", scheme)
    cover = book[COVER]
    assert cover["B1"].value == scheme.header.title
    assert cover["B1"].alignment.wrap_text
    assert cover.row_dimensions[1].height > 100
    assert len(cover.oddHeader.left.text) < 250
    short = write(tmp_path / "short.xlsx", district())[COVER]
    assert not short["B1"].alignment.wrap_text
    assert short.row_dimensions[1].height == 36


def test_contents_of_many_parts_are_cut(tmp_path: Path) -> None:
    shown = Shown(tmp_path / "many.xlsx", crowded(), {})
    contents = shown.row(COVER, "清单")[2]
    assert contents.startswith("第 0 组、第 1 组、")
    assert contents.endswith(" 等 40 组")
    assert len(contents) < 120
