"""The copy that goes back to be mended: 审核意见 first, every faulty cell marked, and it reads as what was sent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.sheets import COVER, META, REVIEW
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.submission.spelling import spelling_rows
from perfxl.template import write_template
from perfxl.template.correction import CorrectionNote
from perfxl.workbook.limits import Limits
from perfxl.xlsx.paper import MANY
from tests.documents import make_document
from tests.libreoffice import needs_libreoffice, recalculate
from tests.template_books import Values, cells, differing, write

SPENT: FieldId = ("facts", "funds.total.spent", VALUE)
TARGET: FieldId = ("kpis", "2", "target")


def line(severity: str, code: str, field: FieldId | None = None, sheet: str = "", **words: str) -> CorrectionNote:
    given = {"title": f"题 {code}", "message": f"说明 {code}", "advice": f"办法 {code}"} | words
    return CorrectionNote(severity, code, field=field, sheet=sheet, **given)


LINES = [
    line("提示", "I113", ("scores", "A01", "self")),
    line("警告", "W204", SPENT),
    line("错误", "E202", SPENT, message="支出数之和不等于合计。"),
    line("错误", "E304", TARGET),
    line("警告", "W010", sheet="重点任务"),
    line("提示", "I007"),
]


@pytest.fixture
def values(scheme: Scheme, case: dict[str, Any]) -> Values:
    return dict(field_values(case["submission"], scheme))


@pytest.fixture
def book(scheme: Scheme, values: Values, tmp_path: Path) -> Workbook:
    return write(tmp_path / "returned.xlsx", scheme, values, review=LINES)


def rows_of(book: Workbook) -> list[list[Any]]:
    sheet = book[REVIEW]
    head = next(row[1].row for row in sheet.iter_rows() if row[1].value == "序号")
    return [[cell.value for cell in row[1:8]] for row in sheet.iter_rows(min_row=head + 1)]


def test_it_opens_on_the_review(book: Workbook, scheme: Scheme) -> None:
    assert book.sheetnames == [REVIEW, COVER, *layout_of(scheme).sheets, META]
    assert book.active is not None
    assert book.active.title == REVIEW
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [REVIEW]


def test_a_template_has_none(scheme: Scheme, values: Values, tmp_path: Path) -> None:
    assert REVIEW not in write(tmp_path / "plain.xlsx", scheme, values).sheetnames


def test_errors_stand_first_with_words_and_place(book: Workbook, tmp_path: Path) -> None:
    shown = rows_of(openpyxl.load_workbook(tmp_path / "returned.xlsx", data_only=True))
    assert [row[:4] for row in shown] == [
        [1, "错误", "收支情况", "E6"],
        [2, "错误", "绩效指标", "F10"],
        [3, "警告", "收支情况", "E6"],
        [4, "警告", "重点任务", "整张表"],
        [5, "提示", "自评得分", "I6"],
        [6, "提示", "整个文件", "—"],
    ]
    assert shown[0][4:] == ["E202 题 E202：支出数之和不等于合计。", "办法 E202。", None]


def test_places_are_links_into_this_workbook(book: Workbook, scheme: Scheme) -> None:
    layout = layout_of(scheme)
    links = {cell.coordinate: cell.hyperlink.location for cell in cells(book[REVIEW]) if cell.hyperlink}
    spent, own = layout.places[SPENT], layout.places["scores", "A01", "self"]
    assert list(links.values()) == [
        f"'收支情况'!{spent.cell}", f"'收支情况'!{spent.cell}", "'重点任务'!B1", f"'自评得分'!{own.cell}"
    ]  # fmt: skip
    # A row of an open table may move: the link is made from where the row is.
    target = layout.places[layout.keyed(TARGET)]
    formulas = [row[3] for row in rows_of(book) if str(row[3]).startswith("=")]
    assert len(formulas) == 1
    assert "HYPERLINK" in formulas[0] and f"ROW({target.ref})" in formulas[0]


def test_named_cells_are_marked_and_say_why(book: Workbook, scheme: Scheme) -> None:
    layout = layout_of(scheme)
    expected = {
        SPENT: "错误：题 E202。支出数之和不等于合计。办法 E202。\n警告：题 W204。说明 W204。办法 W204。",
        TARGET: "错误：题 E304。说明 E304。办法 E304。",
        ("scores", "A01", "self"): "提示：题 I113。说明 I113。办法 I113。",
    }
    found = {}
    for sheet in book:
        for cell in cells(sheet):
            if cell.comment:
                found[sheet.title, cell.coordinate] = cell.comment.text
                assert cell.border.left.style == "medium"
                assert not cell.protection.locked
    places = {layout.places[layout.keyed(name)]: words for name, words in expected.items()}
    assert found == {(place.sheet, place.cell): words for place, words in places.items()}
    coloured = {sheet.title for sheet in book if sheet.sheet_properties.tabColor is not None}
    assert coloured == {REVIEW, "收支情况", "绩效指标", "自评得分"}


def test_marks_of_the_caller_come_first(scheme: Scheme, values: Values, tmp_path: Path) -> None:
    book = write(tmp_path / "own.xlsx", scheme, values, review=LINES, marks={SPENT: "请看这里"})
    place = layout_of(scheme).places[SPENT]
    comment = book[place.sheet][place.cell].comment
    assert comment is not None and comment.text == "请看这里"


def test_the_list_can_be_filtered_answered_and_printed(book: Workbook) -> None:
    sheet = book[REVIEW]
    head = next(row[1].row for row in sheet.iter_rows() if row[1].value == "序号")
    assert sheet.auto_filter.ref == f"B{head}:H{head + len(LINES)}"
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.protection.sheet and sheet.protection.autoFilter is False
    assert [cell.coordinate for cell in cells(sheet) if not cell.protection.locked] == [
        f"H{row}" for row in range(head + 1, head + 1 + len(LINES))
    ]
    (answers,) = sheet.data_validations.dataValidation
    assert (answers.type, answers.showErrorMessage) == ("list", False)
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, "landscape", MANY)
    assert sheet.print_title_rows == f"${head}:${head}"


def test_department_and_what_to_do_stand_above(book: Workbook, scheme: Scheme, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(tmp_path / "returned.xlsx", data_only=True)[REVIEW]
    texts = [cell.value for row in sheet.iter_rows(max_row=6) for cell in row if cell.value]
    assert texts[:3] == [
        f"{scheme.header.title}：审核意见", "广州市增城区科学技术协会", "共 6 条：错误 2 条，警告 2 条，提示 2 条"
    ]  # fmt: skip
    assert [text.partition("：")[0] for text in texts[3:]] == ["联系人及电话", "修改要求", "重新报送"]


def test_drop_downs_and_formulas_are_whole(book: Workbook, scheme: Scheme, values: Values, tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.xlsx", scheme, values)
    # On the first sheet the colour of marked cells has a line of its own, and what stands below moves down.
    with_marks, without = (
        [cell.value for cell in cells(each[COVER]) if not str(cell.value).startswith("=")] for each in (book, plain)
    )
    assert [text for text in with_marks if text not in without] == [
        "红框浅红色", "审核发现问题的单元格，批注里写着原因和改法",
    ]  # fmt: skip
    for name in layout_of(scheme).sheets:
        contents = [{cell.coordinate: cell.value for cell in cells(each[name])} for each in (book, plain)]
        assert contents[0] == contents[1]
        rules = [each[name].data_validations.dataValidation for each in (book, plain)]
        assert [str(rule.sqref) for rule in rules[0]] == [str(rule.sqref) for rule in rules[1]]


def test_a_copy_reads_as_the_workbook_that_was_sent(
    scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path
) -> None:
    layout = layout_of(scheme)
    for seed in range(6):
        document = make_document(seed, scheme_table)
        contents, meta = field_values(document, scheme), spelling_rows(document, scheme)
        write_template(scheme, tmp_path / "sent.xlsx", contents, meta=meta)
        write_template(scheme, tmp_path / "back.xlsx", contents, meta=meta, review=LINES)
        sent, back = (
            read_submission((tmp_path / name).read_bytes(), layout, Limits()) for name in ("sent.xlsx", "back.xlsx")
        )
        assert document_of(back, layout) == document_of(sent, layout) == document
        assert back.fields == sent.fields
        assert (back.located.copies, back.located.renamed) == ([], [])


def test_nothing_to_mend_is_said(scheme: Scheme, values: Values, tmp_path: Path) -> None:
    book = write(tmp_path / "fine.xlsx", scheme, values, review=[])
    assert rows_of(book)[0][0] == "没有需要修改的内容。"
    assert book.active is not None and book.active.title == REVIEW


def test_tables_grow_to_the_row_that_is_meant(scheme: Scheme, values: Values, tmp_path: Path) -> None:
    book = write(tmp_path / "long.xlsx", scheme, values, review=[line("错误", "E101", ("kpis", "60", "name"))])
    place = layout_of(scheme, 60).places["kpis", "k060", "name"]
    assert book[place.sheet][place.cell].comment is not None


def test_a_field_that_the_template_does_not_have_is_refused(scheme: Scheme, values: Values, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no_such_fact"):
        write(tmp_path / "no.xlsx", scheme, values, review=[line("错误", "E101", ("facts", "no_such_fact", VALUE))])


def test_words_that_look_like_formulas_stay_words(scheme: Scheme, values: Values, tmp_path: Path) -> None:
    words = line("错误", "E102", SPENT, title="=1+1", message="=HYPERLINK(1)", advice="http://example.com")
    book = write(tmp_path / "words.xlsx", scheme, values, review=[words])
    assert rows_of(book)[0][4:6] == ["E102 =1+1：=HYPERLINK(1)。", "http://example.com。"]
    assert not [cell for cell in cells(book[REVIEW]) if cell.hyperlink and cell.column_letter == "G"]


@pytest.mark.libreoffice
@needs_libreoffice[1]
def test_libreoffice_agrees_with_every_formula(scheme: Scheme, values: Values, tmp_path: Path) -> None:
    faulty = values | {SPENT: Decimal(500), TARGET: Decimal(-3), ("scores", "A01", "self"): Decimal(21)}
    path = tmp_path / "returned.xlsx"
    write(path, scheme, faulty, review=LINES)
    (calculated,) = recalculate([path], tmp_path / "again")
    assert differing(path, calculated) == []
