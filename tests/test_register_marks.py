"""Which workbook counts where copies of ours were mended: chains of marks, circles, and marks of other departments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from perfxl.intake.found import Found
from perfxl.intake.submission import take_in
from perfxl.layout import layout_of
from perfxl.register.authority import RegisterAuthority
from perfxl.register.extensions import Extensions
from perfxl.register.model import Line
from perfxl.register.same import Lines, known_of, same
from perfxl.results.batch import FileRecord, Status
from perfxl.run.details import Entry
from perfxl.run.newest import supersede
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import identity_of
from perfxl.workbook.limits import Limits
from tests.books import filled, put
from tests.findings import clean_document
from tests.register_cases import FAULTY, REAL, manifest, mend, receive, run

TODAY = date(2023, 4, 10)
FIRES = ("W620", "W621", "W622")
"""The findings that the tests of this module set off."""


def entry(
    path: str, mends: str = "", code: str = "001", name: str = "甲局", day: str = "2023-03-01", modified: int = 0
) -> Entry:
    """A workbook that was read. Its SHA-256 is its path here."""
    zero = Decimal(0)
    result = DepartmentResult(
        code, name, "", path, Status.SCORED, (), zero, "", zero, "", False, None, None, None, None, mends=mends,
    )  # fmt: skip
    record = FileRecord(path, path, 1, Status.SCORED, name, "")
    return Entry(record, result, day, modified, 0, 0, (code, name, "", ""))


def counted(entries: list[Entry], lines: Lines | None = None) -> list[str]:
    supersede(entries, TODAY, 2022, lines)
    return [item.record.path for item in entries if item.record.status is not Status.SUPERSEDED]


def told(item: Entry) -> list[str]:
    return [finding.code for finding in item.added]


def test_the_last_of_a_chain_counts_whatever_is_typed() -> None:
    entries = [
        entry("a", day="2023-03-30"), entry("b", "a", day="2023-02-01"), entry("c", "b", day="", modified=-5),
    ]  # fmt: skip
    assert counted(entries) == ["c"]
    assert all("“c”" in item.record.reason for item in entries[:2])


def test_of_two_that_mend_one_the_newer_counts() -> None:
    assert counted([entry("a", day="2023-03-30"), entry("b", "a"), entry("c", "a", day="2023-03-02")]) == ["c"]


def test_a_mended_code_is_the_same_department() -> None:
    entries = [entry("a", code="009", day="2023-03-30"), entry("b", "a", code="001")]
    assert counted(entries) == ["b"] and told(entries[1]) == []


def test_the_mark_of_another_department_has_no_effect_and_is_told() -> None:
    entries = [entry("a", code="009", name="乙局", day="2023-03-30"), entry("b", "a")]
    assert counted(entries) == ["a", "b"] and told(entries[1]) == ["W621"]
    # One that uses another's copy and forgets to change the code takes nothing from it.
    entries = [entry("a", name="乙局", day="2023-03-30"), entry("b", "a")]
    assert counted(entries) == ["a", "b"] and told(entries[1]) == ["W621"]


def test_circles_have_no_effect_and_are_told() -> None:
    entries = [entry("a", "b", day="2023-03-30"), entry("b", "a")]
    assert counted(entries) == ["a"] and told(entries[0]) == ["W622"] == told(entries[1])
    alone = entry("a", "a")
    assert counted([alone]) == ["a"] and told(alone) == ["W622"]


def test_the_register_knows_what_a_file_that_is_gone_has_mended() -> None:
    gone = Line(key="k", sha256="b", file="b", own_code="001", own_name="甲局", mends="a", scheme="s", year="2022")
    entries = [entry("a", day="2023-03-30"), entry("c", "b")]
    assert counted(entries, Lines([known_of(gone)])) == ["c"]
    entries = [entry("a", day="2023-03-30"), entry("c", "b")]
    assert counted(entries) == ["a"]


def test_a_date_that_can_hardly_be_right_is_told() -> None:
    for day, words in (("2022-11-01", "早于评价年度结束"), ("2013-03-01", "填错了年份"), ("2023-03-15", "")):
        item = entry("a", day=day)
        counted([item])
        assert told(item) == (["W620"] if words else []) and (not words or words in item.added[0].message)
    received = Line(key="k", sha256="a", file="a", received="2023-03-01")
    item = entry("a", day="2023-03-15")
    counted([item], Lines([known_of(received)]))
    assert told(item) == ["W620"] and "晚于收到日期 2023-03-01" in item.added[0].message


names, marks = st.sampled_from(["甲局", "乙局"]), st.sampled_from(["", *"abcdef"])
days = st.sampled_from(["", "2023-03-01", "2023-03-15", "2023-03-30", "2024-01-01"])


@given(st.lists(st.tuples(names, marks, days), min_size=1, max_size=6))
def test_whatever_the_marks_each_department_is_left_with_one(books: list[tuple[str, str, str]]) -> None:
    paths = "abcdef"[: len(books)]
    entries = [
        entry(path, mark, {"甲局": "001", "乙局": "002"}[name], name, day)
        for path, (name, mark, day) in zip(paths, books, strict=True)
    ]
    left = counted(entries)
    of = {path: name for path, (name, _, _) in zip(paths, books, strict=True)}
    assert sorted(of[path] for path in left) == sorted(set(of.values()))
    mark_of = {path: mark for path, (_, mark, _) in zip(paths, books, strict=True)}

    def goes_back(path: str) -> list[str]:
        """The files that a book comes after, by its marks; none where they lead back to itself."""
        passed: list[str] = []
        mark = mark_of[path]
        while mark in of and of[mark] == of[path] and mark not in passed:
            if mark == path:
                return []
            passed.append(mark)
            mark = mark_of[mark]
        return passed

    for path in left:
        assert not [other for other in paths if of[other] == of[path] and path in goes_back(other)]


def test_blank_codes_and_names_are_the_same_department() -> None:
    whole = identity_of("001", "甲局")
    assert same(whole, identity_of("", "甲局")) and same(identity_of("01", ""), whole)
    assert not same(whole, identity_of("002", "甲局")) and not same(identity_of("", ""), whole)
    assert not same(identity_of("1", "甲", "一"), identity_of("1", "甲", "二"))


# In a run.


def test_a_copy_of_another_department_in_a_run(tmp_path: Path) -> None:
    """The mended copy of one that became the workbook of another: nothing of the first is held against it."""
    receive(tmp_path, FAULTY, REAL)
    run(tmp_path)
    copy = tmp_path / "input" / "别的单位.xlsx"
    mend(tmp_path / "output" / "退回修改" / f"{FAULTY}.xlsx", copy, filled_on="2023-03-30")
    book = load_workbook(copy)
    sheet = book["基本信息"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == FAULTY:
                cell.value = "示例新设街道办事处"
            elif cell.value == "440118912":
                cell.value = "440118999"
    book.save(copy)
    run(tmp_path)
    status = {file["path"]: file["status"] for file in manifest(tmp_path)["files"]}
    assert status == {"别的单位.xlsx": "scored", f"{FAULTY}.xlsx": "returned", f"{REAL}.xlsx": "scored"}
    (one,) = [item for item in manifest(tmp_path)["findings"] if item["code"] == "W621"]
    assert one["file"] == "别的单位.xlsx" and FAULTY in one["message"]
    assert {item["name"]: item["total"] for item in manifest(tmp_path)["departments"]}["示例新设街道办事处"] == "97.77"


def test_a_return_in_another_round_or_of_a_later_file_is_none(scheme: Scheme, tmp_path: Path) -> None:
    """The authority alone: what of the register is held against a workbook."""
    path = filled(clean_document(put("department.filled_on", "2023-03-10")), scheme, tmp_path / "a.xlsx")
    intake = take_in(Found(path, path.name), layout_of(scheme), Limits())
    assert intake.submission is not None
    code, name = intake.submission.text("department.code"), intake.submission.text("department.name")
    field = ("facts", "self_review_not_returned", "value")

    def line(**other: str) -> Line:
        about = {"sha256": "x", "file": "x", "own_code": code, "own_name": name, "returned": "2023-03-05"}
        return Line(**{"key": "k", "scheme": scheme.id, "year": "2022", "counted": "1"} | about | other)  # type: ignore[arg-type]

    def says(*lines: Line) -> bool:
        authority = RegisterAuthority(map(known_of, lines), tmp_path, TODAY, Extensions())
        return field in authority.values_of(intake)

    assert says(line()) and says(line(own_name="")) and says(line(sha256="", file=""))
    assert not says(line(year="2021")) and not says(line(scheme="other")) and not says(line(excused="是"))
    assert not says(line(returned="")) and not says(line(own_code="999")) and not says(line(sha256=intake.sha256))
    own = line(sha256=intake.sha256, returned="", counted="2")
    assert says(line(), own) and not says(line(counted="2"), own) and not says(line(counted="3"), own)
