"""单位代码, 单位名称, as in templates and lists that were handed out: read as before, and nothing is told of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.checks.batch import SHARED_CODE, in_words_of
from perfxl.layout.list_marks import Kind
from perfxl.lists.exemptions import read_exemptions
from perfxl.lists.official_columns import CORRECTIONS
from perfxl.lists.official_reader import read_official
from perfxl.lists.official_writer import write_official
from perfxl.lists.opened import open_list
from perfxl.lists.roster import read_roster, write_roster
from perfxl.register.model import FILE_NAME
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Evaluated, Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.scheme.workbook_file import write_scheme_workbook
from tests.books import by_hand, codes, filled, process, put
from tests.findings import clean_document
from tests.ods_files import cell, content, row, table
from tests.official_schemes import supplied
from tests.pages import ROOT
from tests.register_cases import FAULTY, REAL, lines, receive, run
from tests.scheme_files import BUILTIN, toml_faults, toml_scheme
from tests.shown_texts import texts_in
from tests.target_cases import target_document
from tests.xls_files import STYLES, compound, shared_text, sst, text, workbook

IDENTITY = "基本信息"
SCHOOLS = Evaluated(noun="学校")
LISTED = ("440118001", "示例教育局", "党政机关")
Change = Callable[[Workbook], None]


# Templates


@pytest.mark.parametrize("path", sorted((ROOT / "input").glob("*.xlsx"))[:4], ids=lambda path: path.stem)
def test_the_shipped_workbooks_have_the_former_labels_and_no_finding_for_it(path: Path, scheme: Scheme) -> None:
    assert {"单位代码", "单位名称"} <= {label.value for label in load_workbook(path)[IDENTITY]["B"]}
    found = process(path, scheme)
    assert found.result is not None and found.result.code and found.result.name == path.stem.partition("（")[0]
    assert not [item for item in found.findings if item.sheet == IDENTITY or item.code[1] == "0"]


def former_labels(scheme: Scheme) -> Change:
    """Puts the labels of 基本信息 as they were, whatever the scheme evaluates."""
    words = scheme.evaluated
    former = {words.titles[part]: words.former_title(part) for part in ("code", "name")}
    assert set(former.values()) == {"单位代码", "单位名称"}

    def change(book: Workbook) -> None:
        for label in book[IDENTITY]["B"]:
            label.value = former.get(str(label.value), label.value)

    return change


def as_they_are(book: Workbook) -> None:
    """Changes nothing."""


def without_keys(book: Workbook) -> None:
    for key in book[IDENTITY]["A"]:
        if key.value in ("department.code", "department.name"):
            key.value = None


def with_swapped_labels(book: Workbook) -> None:
    first, second = (label for label in book[IDENTITY]["B"] if str(label.value)[-2:] in ("代码", "名称"))
    first.value, second.value = second.value, first.value


@pytest.mark.parametrize("change", [as_they_are, without_keys, with_swapped_labels])
@pytest.mark.parametrize("words", [Evaluated(), SCHOOLS], ids=["departments", "schools"])
def test_a_former_label_counts_as_the_label(words: Evaluated, change: Change, scheme: Scheme, tmp_path: Path) -> None:
    """Whatever else was done to a workbook, with the former labels it comes to the same as with the present ones."""
    scheme = replace(scheme, evaluated=words)
    results = []
    for number, labels in enumerate((as_they_are, former_labels(scheme))):
        path = by_hand(filled(clean_document(), scheme, tmp_path / f"{number}.xlsx"), labels)
        found = process(by_hand(path, change), scheme)
        assert found.result is not None
        results.append((codes(found.findings), found.result.code, found.result.name, found.result.total))
    assert results[0] == results[1]
    # What openpyxl saves has no results of formulas.
    assert (results[0][0] == ["I702"]) == (change is as_they_are)


# Lists


def former_headings(book: Workbook) -> None:
    """Puts the headings of every sheet as they were."""
    former = {"部门代码": "单位代码", "部门名称": "单位名称"}
    for sheet in book:
        for line in sheet.iter_rows(max_row=6):
            for one in line:
                if one.value in former:
                    one.value = former[one.value]


def xlsx(rows: Sequence[Sequence[str]], sheet: str) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    book.worksheets[0].title = sheet
    for one in rows:
        book.worksheets[0].append(list(one))
    book.save(stream)
    return stream.getvalue()


def ods(rows: Sequence[Sequence[str]], sheet: str) -> bytes:
    lines = "".join(row(*(cell(one, value_type="string") for one in texts)) for texts in rows)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content(table(lines, sheet)))
    return stream.getvalue()


def xls(rows: Sequence[Sequence[str]], sheet: str) -> bytes:
    words = [one for texts in rows for one in texts]
    places = [(number, col) for number, texts in enumerate(rows) for col in range(len(texts))]
    cells = b"".join(shared_text(*place, at) for at, place in enumerate(places))
    return compound(workbook(cells, names=(sheet,), globals_=STYLES + sst(*map(text, words))))


FORMATS = {"xlsx": xlsx, "ods": ods, "xls": xls}
WHO = [("单位代码", "单位名称"), ("部门代码", "部门名称")]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("who", WHO)
def test_a_roster_with_either_headings(who: tuple[str, str], ending: str, scheme: Scheme, tmp_path: Path) -> None:
    for number, evaluated in enumerate((Evaluated(), SCHOOLS, Evaluated(code_label="编码", name_label="全称"))):
        path = tmp_path / f"{number}.{ending}"
        path.write_bytes(FORMATS[ending]([(*who, "部门类别"), LISTED], "乙"))
        opened = open_list(path)
        assert opened.known is not None and opened.known.kind is Kind.ROSTER, "by its headings alone"
        told: list[str] = []
        roster = read_roster(path, replace(scheme, evaluated=evaluated), tell=told.append)
        assert roster is not None and [(item.code, item.name) for item in roster.rows] == [LISTED[:2]]
        assert told == []


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("who", WHO)
def test_exemptions_and_corrections_with_either_headings(
    who: tuple[str, str], ending: str, scheme: Scheme, tmp_path: Path
) -> None:
    path = tmp_path / f"豁免.{ending}"
    path.write_bytes(
        FORMATS[ending](
            [(who[0], "问题代码", "理由", "批准人", "批准日期"), ("1", "E302", "批复", "李四", "2023-04-10")], "豁免"
        )
    )
    assert [item.department for item in read_exemptions(path, today=date(2023, 5, 1))] == ["1"]
    path = tmp_path / f"甲.{ending}"
    rows = [(*who, "事项", "值", "依据"), ("1", "甲局", "采购总额", "3", "审计")]
    path.write_bytes(FORMATS[ending](rows, CORRECTIONS))
    opened = open_list(path)
    assert opened.known is not None and opened.known.kind is Kind.OFFICIAL
    assert read_official(opened, scheme, today=date(2023, 5, 1)) is not None


def test_a_list_that_was_handed_out_holds_with_its_former_headings(scheme: Scheme, tmp_path: Path) -> None:
    """The bureau's own lists as the program wrote them, with marks and keys; nothing is passed over and told."""

    scheme = supplied(scheme)
    told: list[str] = []
    write_roster(tmp_path / "部门名录.xlsx", scheme, [dict(zip(("code", "name", "category"), LISTED, strict=True))])
    roster = read_roster(by_hand(tmp_path / "部门名录.xlsx", former_headings), scheme, tell=told.append)
    assert roster is not None and roster.departments["440118001"].name == "示例教育局"
    write_official(tmp_path / "财政核定数.xlsx", scheme, roster)

    def given(book: Workbook) -> None:
        former_headings(book)
        sheet = book.worksheets[0]
        sheet.cell(next(one.row for one in sheet["B"] if one.value == LISTED[0]), 4).value = 7

    path = by_hand(tmp_path / "财政核定数.xlsx", given)
    values = read_official(path, scheme, today=date(2023, 5, 1), tell=told.append)
    assert values is not None and told == []


def test_a_sheet_of_the_results_is_no_roster(scheme: Scheme, tmp_path: Path) -> None:
    """Copied by itself it has code, name and category like one, and would say who has to send."""
    run(receive(tmp_path, FAULTY, REAL))
    for book in ("output/2022年度绩效评价汇总.xlsx", "output/往来登记.xlsx"):
        whole = load_workbook(tmp_path / book)
        for sheet in whole:
            rows = [[str(one or "") for one in line] for line in sheet.iter_rows(max_row=8, values_only=True)]
            path = tmp_path / "乙.xlsx"
            path.write_bytes(xlsx(rows, "丙"))
            known = open_list(path).known
            assert known is None or known.kind is Kind.REGISTER, sheet.title


@pytest.mark.parametrize("who", WHO)
def test_a_list_among_the_workbooks_is_told_as_one(who: tuple[str, str], tmp_path: Path) -> None:
    folder = receive(tmp_path, REAL)
    for ending, make in FORMATS.items():
        (folder / "input" / f"甲{ending}.{ending}").write_bytes(make([(*who, "部门类别"), LISTED], "乙"))
    found = {file.path: file for file in run(folder).batch.files if file.status.value == "list"}
    assert set(found) == {f"甲{ending}.{ending}" for ending in FORMATS}
    assert all(file.reason.startswith("来自报送文件夹的部门名录") for file in found.values())


def test_the_register_is_read_whatever_its_headings_are(tmp_path: Path) -> None:
    folder = receive(tmp_path, FAULTY)
    run(folder)
    before = lines(folder)

    by_hand(folder / "output" / FILE_NAME, former_headings)
    assert not run(folder).told
    assert lines(folder) == before


# Schemes


def test_an_earlier_export_says_what_it_said(scheme: Scheme, tmp_path: Path) -> None:
    """It wrote out what code and name were called where nobody said so; one of now says what the bureau says."""
    words = replace(scheme.evaluated, noun="学校", code_label="单位代码", name_label="单位名称")
    own = replace(scheme, evaluated=words)
    write_scheme_workbook(own, tmp_path / "now.xlsx")
    assert load_scheme(tmp_path / "now.xlsx").evaluated == own.evaluated
    write_scheme_workbook(own, tmp_path / "before.xlsx")

    def earlier(book: Workbook) -> None:
        assert (book["_scheme"]["A1"].value, book["_scheme"]["B1"].value) == ("格式", 3)
        book["_scheme"]["B1"].value = 2

    read = load_scheme(by_hand(tmp_path / "before.xlsx", earlier)).evaluated
    assert (read.code_title, read.name_title, read.category_title) == ("学校代码", "学校名称", "学校类别")


def test_what_a_scheme_says_itself_stays(scheme: Scheme) -> None:
    words = toml_scheme(BUILTIN + '\n[evaluated]\ncode_label = "单位代码"\nname_label = "主管部门"\n').evaluated
    assert (words.code_title, words.name_title, words.category_title) == ("单位代码", "主管部门", "部门类别")
    assert words.former_title("code") == words.former_title("name") == ""
    assert load_scheme("chongqing-2021").evaluated.name_title == "主管部门"


def test_what_follows_from_the_word_is_not_written_again() -> None:
    (fault,) = toml_faults(BUILTIN + '\n[evaluated]\nnoun = "学校"\ncategory_label = "学校代码"\n')
    assert "名称“学校代码”重复" in str(fault)


def test_everything_of_a_run_has_the_words_of_the_scheme(scheme: Scheme, tmp_path: Path) -> None:
    scheme = replace(scheme, evaluated=replace(scheme.evaluated, noun="学校"))
    filled(clean_document(put("kpis.0.weight", "很多")), scheme, tmp_path / "in" / "a.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1))
    write_roster(tmp_path / "out" / "部门名录.xlsx", scheme)
    write_official(tmp_path / "out" / "财政核定数.xlsx", scheme)
    at = scheme_at(scheme, Stage.TARGETS)
    filled(target_document(), at, tmp_path / "targets" / "a.xlsx")
    run_folder(tmp_path / "targets", tmp_path / "out" / "目标", at, RunOptions(jobs=1))
    # In cells: the defined names of a template are the same for every scheme.
    shown = {text: place for place, text in texts_in([report.output]) if "!" in place}
    assert {"学校代码", "学校名称", "学校类别"} <= set(shown)
    assert "二、学校自述" in shown
    for former in ("部门代码", "部门名称", "单位代码", "单位名称", "部门类别", "二、部门自述"):
        assert former not in shown, shown.get(former)


def test_findings_have_the_words_of_the_scheme() -> None:
    told = in_words_of(SHARED_CODE, SCHOOLS)
    assert (told.title, told.advice) == ("学校代码重复", "请核对学校代码，改正后重新报送")
    odd = Evaluated(code_label="部门名称代码", name_label="部门代码名称")
    assert in_words_of(SHARED_CODE, odd).title == "部门名称代码重复"
