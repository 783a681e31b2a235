"""What a department types over the template's own formulas is told and listed; what they gave themselves is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.checks.finding import Finding
from perfxl.intake.submission import Submission, read_submission
from perfxl.layout import layout_of
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.template.writer import template_bytes
from perfxl.workbook.limits import Limits
from perfxl.workbook.package import read_package
from tests.books import by_hand, filled, process
from tests.findings import clean_document, put
from tests.template_books import random_values
from tests.test_returned_besides import DAY, NAME, change_book, copy_of, listed, sent

FIRES = ("I022",)
WORDS = "已另行报告财政局"
FORMS = [
    pytest.param(scheme, stage, marks=() if scheme == "guangzhou-2022" else pytest.mark.slow)
    for scheme in builtin_ids()
    for stage in Stage
]


def read(data: bytes, scheme: Scheme) -> Submission:
    return read_submission(data, layout_of(scheme), Limits())


def changed(data: bytes, change: Callable[[Workbook], None], *, pasted: bool = False) -> bytes:
    """The workbook after a change by hand; pasted: with what its formulas gave in their places."""
    book, stream = load_workbook(io.BytesIO(data), data_only=pasted), io.BytesIO()
    change(book)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("scheme_id", "stage"), FORMS)
def test_words_over_any_formula_are_found_and_values_pasted_are_not(scheme_id: str, stage: Stage) -> None:
    scheme = scheme_at(load_scheme(scheme_id), stage)
    data = template_bytes(scheme, random_values(scheme, 1), {}, None, {})
    assert not read(data, scheme).overtyped
    assert not read(changed(data, lambda _: None, pasted=True), scheme).overtyped
    package = read_package(data, Limits())
    formulas = {(sheet, at) for sheet in layout_of(scheme).sheets for at in package.sheets[sheet].formulas}

    def type_over(book: Workbook) -> None:
        for sheet, (row, col) in formulas:
            book[sheet].cell(row + 1, col + 1).value = WORDS

    found = {(item.sheet, item.at) for item in read(changed(data, type_over), scheme).overtyped}
    # Who signs does so in a formula's place, and is no news.
    (signed,) = formulas - found
    assert found < formulas and str(package.sheets[signed[0]].rows[signed[1][0]][1]).startswith("填报人")


def told(scheme: Scheme, path: Path, change: Callable[[Workbook], None], *, pasted: bool = False) -> list[Finding]:
    """The findings after a change by hand in the clean workbook, whose formulas are no longer calculated then."""
    path.write_bytes(changed(filled(clean_document(), scheme, path).read_bytes(), change, pasted=pasted))
    return [item for item in process(path, scheme).findings if item.code != "I702"]


def test_words_are_one_line_a_sheet_with_their_cell(scheme: Scheme, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["收支情况"]["D25"] = "详见附表"
        book["收支情况"]["E21"] = "未发生"
        book["绩效指标"]["Q9"] = "按季度统计"

    found = told(scheme, tmp_path / "a.xlsx", change)
    assert [(item.code, item.sheet, item.cell, item.value) for item in found] == [
        ("I022", "收支情况", "E21", "未发生"), ("I022", "绩效指标", "Q9", "按季度统计"),
    ]  # fmt: skip
    assert "“收支情况”有 2 格" in found[0].message and "E21 原有公式，写成了“未发生”" in found[0].message
    assert "“绩效指标”的 Q9 原有公式" in found[1].message and "退回件里已经恢复" in found[1].advice


@pytest.mark.parametrize("pasted", [False, True], ids=["typed", "pasted"])
@pytest.mark.parametrize(
    ("cell", "typed", "expected"),
    [
        (("收支情况", "D25"), 99, "2.95"), (("收支情况", "F6"), 0.5, "99.49%"), (("绩效指标", "M9"), 1.5, "4"),
        (("重点任务", "C21"), "70 ", "35.35"), (("自评得分", "K31"), 99.99, "96.45"),
        (("自评得分", "H6"), 19.5, "20.00"),
    ],
    ids=["sum", "rate", "row", "tasks", "total", "score"],
)  # fmt: skip
def test_another_number_is_told_once(
    cell: tuple[str, str], typed: object, expected: str, pasted: bool, scheme: Scheme, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book[cell[0]][cell[1]] = typed

    found = told(scheme, tmp_path / "a.xlsx", change, pasted=pasted)
    assert [(item.code, item.sheet, item.cell) for item in found] == [("W701", *cell)], found
    assert found[0].expected == expected and expected in found[0].message


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (("收支情况", "F6"), 0.9949), (("收支情况", "F6"), "99.49%"), (("收支情况", "F6"), "99.5%"),
        (("收支情况", "C9"), "相符"), (("绩效指标", "Q9"), "！指标名称重复了"), (("收支情况", "F7"), "—"),
        (("自评得分", "M6"), "请填自评得分"),
    ],
)  # fmt: skip
def test_what_the_formula_gives_rounded_or_may_give_is_not(
    cell: tuple[str, str], typed: object, scheme: Scheme, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book[cell[0]][cell[1]] = typed

    assert not told(scheme, tmp_path / "a.xlsx", change)


def test_the_copy_lists_them_with_the_formula_restored_and_the_next_round_is_silent(
    scheme: Scheme, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book["收支情况"].title = "收支"
        book["收支"]["D25"], book["收支"]["F6"], book["管理效率"]["F46"] = "详见附表", 0.5, "共三份"

    report = sent(scheme, tmp_path, change)
    copy = copy_of(report)
    assert listed(copy) == [
        ("收支", "F6", "改写公式", "50.00%（按公式应为 99.49%）"), ("收支", "D25", "改写公式", "详见附表"),
        ("管理效率", "F46", "改写公式", "共三份"),
    ]  # fmt: skip
    assert all(str(copy["收支情况"][cell].value).startswith("=") for cell in ("D25", "F6"))
    again = tmp_path / "again" / "a.xlsx"
    again.parent.mkdir()
    again.write_bytes((report.output / "退回修改" / f"{NAME}.xlsx").read_bytes())
    second = run_folder(again.parent, tmp_path / "second", scheme, RunOptions(jobs=1, started=DAY))
    assert not {item.code for item in second.batch.findings} & {"I022", "W701"}
    assert listed(copy_of(second)) == listed(copy)


def test_rows_that_were_moved_and_a_grey_cell_without_formula(scheme: Scheme, tmp_path: Path) -> None:
    """A row put in above, and a workbook whose sums are not those of what is read: only words are certain there."""

    def change(book: Workbook) -> None:
        sheet = book["重点任务"]
        sheet.insert_rows(3)
        for col, text in ((2, "小计"), (3, 5)):
            sheet.cell(9, col).value = text
        sheet.cell(8, 8).value = "由区里统一安排"
        sheet.cell(22, 3).value = 12345

    path = by_hand(filled(clean_document(), scheme, tmp_path / "a.xlsx"), change)
    found = process(path, scheme).findings
    assert [(item.code, item.cell) for item in found if item.code in ("I022", "W701")] == [("I022", "H8")]


def test_a_faulty_score_is_told_beside_words(scheme: Scheme, tmp_path: Path) -> None:
    path = filled(clean_document(put("facts.contracts_total", None)), scheme, tmp_path / "a.xlsx")
    change_book(path, lambda book: book["自评得分"].__setitem__("H6", "见附件"))
    found = process(path, scheme).findings
    assert [item.code for item in found] == ["E101", "W701"]


@pytest.mark.parametrize("scheme_id", builtin_ids())
@pytest.mark.parametrize("stage", list(Stage))
def test_the_template_is_made_only_where_something_was_typed_over_it(
    scheme_id: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who signed writes over no formula; a template for each workbook would take as long as all its checks."""
    scheme = scheme_at(load_scheme(scheme_id), stage)
    data = template_bytes(scheme, random_values(scheme, 1), {}, None, {})
    asked: list[object] = []
    monkeypatch.setattr("perfxl.intake.overtyped._template", lambda *what: asked.append(what))
    assert not read(data, scheme).overtyped
    assert not asked
