"""Who signs a template, and what stands above its printed pages."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.sheets import META
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.template import write_template
from perfxl.workbook.limits import Limits
from tests.books import by_hand, filled, process
from tests.findings import clean_document
from tests.template_books import cells, write
from tests.test_returned_besides import change_book, copy_of, listed, sent

CONTACT: FieldId = ("identity", "department.contact", VALUE)
UNCALCULATED = ("I702",)
NAME: FieldId = ("identity", "department.name", VALUE)
WORDS = ("填报人：", "审核人：", "单位负责人：", "（单位公章）")
PROJECT: FieldId = ("identity", "department.project", VALUE)


def test_the_line_stands_below_the_self_scores_and_is_printed(scheme: Scheme, tmp_path: Path) -> None:
    write_template(scheme, tmp_path / "a.xlsx", {CONTACT: "=张示例"})
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["自评得分"]
    line = [str(cell.value) for cell in sheet[sheet.max_row] if cell.value]
    assert [text.partition("：")[0] for text in line[:3]] == ["填报人", "审核人", "单位负责人"] and "公章" in line[3]
    assert line[0] == "填报人：=张示例"
    assert str(sheet.print_area).endswith(f"${sheet.max_row}")


def test_a_blank_template_has_a_line_to_write_the_name_on_and_a_filled_one_the_name(
    scheme: Scheme, tmp_path: Path
) -> None:
    project = load_scheme("xiangmu-2020")
    for number, (own, values, text) in enumerate((
        (scheme, {}, "部门名称：＿＿＿＿"),
        (scheme, {NAME: "甲&乙局"}, "部门名称：甲&乙局"),
        (project, {NAME: "甲局", PROJECT: "某项目"}, f"{project.evaluated.project_label}：某项目"),
    )):  # fmt: skip
        book = write(tmp_path / f"{number}.xlsx", own, values)
        for sheet in book:
            if sheet.title != META:
                assert str(sheet.oddHeader.left.text).replace("&&", "&").startswith(text), sheet.title
                assert str(sheet.oddFooter.left.text).startswith(own.header.title[:20])


def test_names_that_are_typed_there_change_nothing_and_come_back(scheme: Scheme, tmp_path: Path) -> None:
    def sign(book: openpyxl.Workbook) -> None:
        for cell in cells(book["自评得分"]):
            if str(cell.value).startswith("审核人："):
                cell.value = "审核人：李示例"

    path = filled(clean_document(), scheme, tmp_path / "a.xlsx")
    before = path.read_bytes()
    change_book(path, sign)
    documents = [document_of(read_submission(data, layout_of(scheme), Limits()), layout_of(scheme)) for data in
                 (before, path.read_bytes())]  # fmt: skip
    assert documents[0] == documents[1]
    assert [(note[0], note[3]) for note in listed(copy_of(sent(scheme, tmp_path / "run", sign)))] == [
        ("自评得分", "审核人：李示例")
    ]


def last_sheet(scheme: Scheme) -> str:
    return layout_of(scheme).sheets[-1]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("scheme_id", builtin_ids())
def test_every_form_of_the_year_has_the_line_once_and_reads_nothing_of_it(
    scheme_id: str, stage: Stage, tmp_path: Path
) -> None:
    """Below the last table of the last sheet, with a name typed behind a word or in place of it."""
    scheme = scheme_at(load_scheme(scheme_id), stage)
    write_template(scheme, tmp_path / "a.xlsx", {CONTACT: "张示例"})
    blank = process(tmp_path / "a.xlsx", scheme)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    found = [(sheet.title, cell.row) for sheet in book if sheet.title != META for cell in cells(sheet)
             if str(cell.value) == "填报人：张示例"]  # fmt: skip
    assert [title for title, _ in found] == [last_sheet(scheme)]
    (title, row) = found[0]
    line = "".join(str(cell.value) for cell in book[title][row] if cell.value)
    assert all(word in line for word in WORDS)
    # A sheet that goes on beside has the line on its first page.
    assert str(book[title].print_area).partition(",")[0].endswith(f"${row}")
    for number, typed in enumerate(("{}李示例", "李示例")):

        def sign(own: openpyxl.Workbook, typed: str = typed) -> None:
            for cell in own[title][row]:
                if str(cell.value).startswith("审核人："):
                    assert not cell.protection.locked
                    cell.value = typed.format("审核人：")

        write_template(scheme, tmp_path / f"{number}.xlsx", {CONTACT: "张示例"})
        signed = process(by_hand(tmp_path / f"{number}.xlsx", sign), scheme)
        # Formulas that openpyxl has written have no values.
        told = [(item.code, item.sheet, item.cell) for item in signed.findings if item.code not in UNCALCULATED]
        assert told == [(item.code, item.sheet, item.cell) for item in blank.findings]
