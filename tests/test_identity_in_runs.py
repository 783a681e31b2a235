"""Who a workbook is from: which of several counts, what clashes, what the roster says. In whole runs over folders."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from perfxl.lists.roster import Listed, Roster
from perfxl.results.batch import Batch
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from tests.books import Edit, filled, put
from tests.findings import clean_document
from tests.folders import findings_on, records, run_batch

ONE, TWO, THREE = "第一示例局", "第二示例局", "第三示例局"


def book(
    scheme: Scheme, path: Path, code: str | None = "440118001", name: str | None = ONE, day: str | None = None,
    *edits: Edit, time: int | None = None,
) -> None:  # fmt: skip
    """A workbook without a fault of a department; its date of filling and its time as a file."""
    given = put("department.code", code), put("department.name", name), put("department.filled_on", day)
    filled(clean_document(*given, *edits), scheme, path)
    if time is not None:
        os.utime(path, (time, time))


def statuses(batch: Batch) -> dict[str, str]:
    return {path.removesuffix(".xlsx"): record.status.value for path, record in records(batch).items()}


def identity_codes(batch: Batch, name: str) -> list[str]:
    """Codes of the findings on a file that only the batch brings (…6xx)."""
    return [item.code for item in findings_on(batch, f"{name}.xlsx") if item.code[1] == "6"]


def listed(*departments: tuple[str, str, str]) -> Lists:
    rows = {code: Listed(code, name, category, "", "") for code, name, category in departments}
    return Lists(Roster(rows))


# Which of several workbooks counts


@pytest.mark.parametrize("newest", ["a", "b", "c"])
def test_of_one_date_the_newest_file_counts_whatever_its_name(newest: str, scheme: Scheme, tmp_path: Path) -> None:
    for name in "abc":
        time = 900 if name == newest else 300 + ord(name)
        # Each with something of its own: identical ones are copies.
        own = put("department.remark", name)
        book(scheme, tmp_path / "in" / f"{name}.xlsx", "440118001", ONE, "2023-03-10", own, time=time)
    found = records(run_batch(tmp_path / "in", scheme))
    assert {name for name in "abc" if found[f"{name}.xlsx"].status.value == "scored"} == {newest}
    for name in set("abc") - {newest}:
        assert found[f"{name}.xlsx"].status.value == "superseded"
        assert f"“{newest}.xlsx”" in found[f"{name}.xlsx"].reason


@pytest.mark.parametrize("newest", ["a", "b"])
def test_the_date_of_filling_comes_before_the_time_of_the_file(newest: str, scheme: Scheme, tmp_path: Path) -> None:
    for name in "ab":
        day, time = ("2023-03-11", 100) if name == newest else ("2023-03-10", 900)
        book(scheme, tmp_path / "in" / f"{name}.xlsx", day=day, time=time)
    older = "b" if newest == "a" else "a"
    batch = run_batch(tmp_path / "in", scheme)
    assert statuses(batch) == {newest: "scored", older: "superseded"}
    reason = records(batch)[f"{older}.xlsx"].reason
    assert "2023-03-11" in reason and "文件修改时间" not in reason


def test_with_all_dates_alike_the_last_name_counts_and_the_reason_says_why(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", time=500)
    book(scheme, tmp_path / "in" / "b.xlsx", "440118001", ONE, None, put("facts.minor_findings", "0.0"), time=500)
    shutil.copy2(tmp_path / "in" / "b.xlsx", tmp_path / "in" / "c.xlsx")
    batch = run_batch(tmp_path / "in", scheme)
    assert statuses(batch) == {"a": "superseded", "b": "scored", "c": "duplicate"}
    found = records(batch)
    assert "也相同" in found["a.xlsx"].reason, "neither date nor time tells"
    assert "与“b.xlsx”内容完全相同" in found["c.xlsx"].reason
    book(scheme, tmp_path / "in" / "a.xlsx", time=400)
    assert "文件修改时间更新" in records(run_batch(tmp_path / "in", scheme))["a.xlsx"].reason


def test_what_is_superseded_has_no_rank_and_no_findings(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", "440118001", ONE, "2023-03-09", put("facts.contracts_total", None))
    book(scheme, tmp_path / "in" / "b.xlsx", day="2023-03-10")
    batch = run_batch(tmp_path / "in", scheme)
    assert [(item.file, item.rank) for item in batch.departments] == [("b.xlsx", 1)]
    assert findings_on(batch, "a.xlsx") == []


def test_another_code_or_another_name_is_another_department(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", "440118001", ONE)
    book(scheme, tmp_path / "in" / "b.xlsx", "440118002", ONE)
    book(scheme, tmp_path / "in" / "c.xlsx", "440118001", TWO)
    batch = run_batch(tmp_path / "in", scheme)
    assert "superseded" not in statuses(batch).values()
    assert identity_codes(batch, "a") == ["E601", "W602"]
    assert identity_codes(batch, "b") == ["W602"]
    assert identity_codes(batch, "c") == ["E601"]
    (shared,) = (item for item in findings_on(batch, "a.xlsx") if item.code == "E601")
    assert TWO in shared.message and ONE in shared.message
    (two_codes,) = (item for item in findings_on(batch, "b.xlsx") if item.code == "W602")
    assert "440118001" in two_codes.message and two_codes.value == "440118002"


ROSTER = (("440118001", f"增城区{ONE}", "群团机关"), ("440118002", TWO, "群团机关"))
"""The roster calls the first one otherwise than its workbook."""


def messages(batch: Batch, code: str) -> dict[str, str]:
    return {item.file.removesuffix(".xlsx"): item.message for item in batch.findings if item.code == code}


def test_messages_call_a_department_as_the_roster_does(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", "440118001", ONE, "2023-03-10", time=900_000)
    book(scheme, tmp_path / "in" / "c.xlsx", "440118001", TWO)
    own = put("department.remark", "另一份")
    book(scheme, tmp_path / "in" / "d.xlsx", "440118001", ONE, "2023-03-12", own, time=100)
    batch = run_batch(tmp_path / "in", scheme, lists=listed(*ROSTER))
    assert statuses(batch) == {"a": "superseded", "c": "returned", "d": "returned"}
    assert {item.title for item in batch.departments} == {f"增城区{ONE}", TWO}
    told = messages(batch, "E601")
    assert set(told) == {"c", "d"}
    assert all(f"“增城区{ONE}”" in text and f"“{TWO}”" in text and f"“{ONE}”" not in text for text in told.values())
    (doubt,) = messages(batch, "W609").values()
    assert f"“增城区{ONE}”" in doubt
    # What is about the writing quotes it.
    assert f"“{ONE}”" in messages(batch, "W603")["d"]
    assert f"“{TWO}”" in messages(batch, "E607")["c"]


def test_of_two_that_the_roster_takes_for_one_messages_say_what_each_wrote(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", "440118001", ONE)
    book(scheme, tmp_path / "in" / "c.xlsx", "440118001", THREE)
    told = messages(run_batch(tmp_path / "in", scheme, lists=listed(*ROSTER)), "E601")
    assert set(told) == {"a", "c"}
    assert all(f"“{ONE}”" in text and f"“{THREE}”" in text for text in told.values())


def test_a_unit_of_two_codes_is_called_as_the_roster_does(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", "440118001", "示例局（本级）")
    book(scheme, tmp_path / "in" / "b.xlsx", "440118009", "示例局（本级）")
    roster = listed(("440118001", "示例局(本级)", "党政机关"))
    told = messages(run_batch(tmp_path / "in", scheme, lists=roster), "W602")
    assert set(told) == {"a", "b"} and all("“示例局(本级)”" in text for text in told.values())


@pytest.mark.parametrize("file", ["a", "d"])
@pytest.mark.parametrize(("code", "name"), [(None, ONE), ("440118001", None)])
def test_a_blank_belongs_to_the_one_department_that_has_the_other(
    code: str | None, name: str | None, file: str, scheme: Scheme, tmp_path: Path
) -> None:
    book(scheme, tmp_path / "in" / f"{file}.xlsx", code, name, "2023-03-09")
    book(scheme, tmp_path / "in" / "b.xlsx", "440118001", ONE, "2023-03-10")
    book(scheme, tmp_path / "in" / "c.xlsx", "440118003", THREE, "2023-03-10")
    batch = run_batch(tmp_path / "in", scheme)
    assert statuses(batch) == {file: "superseded", "b": "scored", "c": "scored"}
    assert "“b.xlsx”" in records(batch)[f"{file}.xlsx"].reason


@pytest.mark.parametrize(("code", "name"), [(None, ONE), ("440118001", None)])
def test_a_blank_that_two_departments_could_have_stays_by_itself(
    code: str | None, name: str | None, scheme: Scheme, tmp_path: Path
) -> None:
    other = ("440118002", ONE) if code is None else ("440118001", TWO)
    book(scheme, tmp_path / "in" / "a.xlsx", code, name, "2023-03-09")
    book(scheme, tmp_path / "in" / "b.xlsx", "440118001", ONE, "2023-03-10")
    book(scheme, tmp_path / "in" / "c.xlsx", *other, "2023-03-10")
    assert statuses(run_batch(tmp_path / "in", scheme))["a"] == "returned"


def test_workbooks_without_code_and_name_are_each_their_own(scheme: Scheme, tmp_path: Path) -> None:
    for name in "ab":
        book(scheme, tmp_path / "in" / f"{name}.xlsx", None, None, "2023-03-10")
    batch = run_batch(tmp_path / "in", scheme)
    assert statuses(batch) == {"a": "returned", "b": "returned"}
    assert identity_codes(batch, "a") == identity_codes(batch, "b") == []


def test_a_file_that_cannot_be_read_changes_nothing_for_the_others(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", day="2023-03-10")
    for name in "0b":
        (tmp_path / "in" / f"{name}.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    lists = listed(("440118001", ONE, "群团机关"))
    batch = run_batch(tmp_path / "in", scheme, lists=lists)
    assert statuses(batch) == {"a": "scored", "0": "rejected", "b": "rejected"}
    assert len(batch.files) == 3, "nobody is missing"


# Names of files


@pytest.mark.parametrize(
    ("file", "names", "told"),
    [
        (f"2022_{TWO}.xlsx", (ONE, TWO), TWO),
        (f"{ONE}和{TWO}.xlsx", (ONE, TWO), None),
        ("报送.xlsx", (ONE, TWO), None),
        ("示例局.xlsx", (ONE, "示例局"), None),
        ("市示例局.xlsx", (ONE, "市示例局"), "市示例局"),
        ("第四示例局下属中心.xlsx", (ONE, "第四示例局", "第四示例局下属中心"), "第四示例局下属中心"),
        ("第四示例局.xlsx", (ONE, "第四示例局", "第四示例局下属中心"), "第四示例局"),
        ("第四示例局 第五示例局二科.xlsx", (ONE, "第四示例局", "第五示例局二科"), "第五示例局二科"),
        ("第四示例.xlsx", (ONE, "第四示例局"), None),
        ("（ＡＢＣＤ）.xlsx", (ONE, "ABCD"), "ABCD"),
        ("AB(本级)局.xlsx", (ONE, "ＡＢ（本级）局"), "ＡＢ（本级）局"),
    ],
)  # fmt: skip
def test_a_file_named_after_another_department_is_told(
    file: str, names: tuple[str, ...], told: str | None, scheme: Scheme, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    book(scheme, folder / file, "440118001", names[0])
    for number, name in enumerate(names[1:], 2):
        book(scheme, folder / "其余" / f"{number}.xlsx", f"44011800{number}", name)
    found = [item for item in findings_on(run_batch(folder, scheme), file) if item.code == "W605"]
    assert [item.expected for item in found] == ([] if told is None else [told])


def test_a_file_with_the_right_name_does_not_end_the_comparison(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / f"1{ONE}.xlsx", "440118001", ONE)
    book(scheme, tmp_path / "in" / f"2{ONE}.xlsx", "440118002", TWO)
    batch = run_batch(tmp_path / "in", scheme)
    assert (identity_codes(batch, f"1{ONE}"), identity_codes(batch, f"2{ONE}")) == ([], ["W605"])


def test_only_the_name_of_the_file_counts_and_not_its_folder(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / TWO / "a.xlsx", "440118001", ONE)
    book(scheme, tmp_path / "in" / "b.xlsx", "440118002", TWO)
    batch = run_batch(tmp_path / "in", scheme)
    assert [item.code for item in batch.findings if item.code == "W605"] == []


def test_a_workbook_without_a_name_is_not_held_against_its_file_name(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / f"{TWO}.xlsx", "440118001", None)
    book(scheme, tmp_path / "in" / "b.xlsx", "440118002", TWO)
    assert identity_codes(run_batch(tmp_path / "in", scheme), TWO) == []


# The roster


def test_the_roster_has_the_last_word_and_what_differs_is_told(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    book(scheme, folder / "a.xlsx", "440118001", TWO)
    book(scheme, folder / "b.xlsx", "440118008", THREE)
    lists = listed(
        ("440118001", ONE, "党政机关"), ("440118003", THREE, "群团机关"), ("440118004", "第四示例局", "镇街")
    )
    batch = run_batch(folder, scheme, lists=lists)
    told = {name: [(item.value, item.expected) for item in findings_on(batch, f"{name}.xlsx")] for name in "ab"}
    assert told["a"] == [(TWO, ONE), ("群团机关", "党政机关")]
    assert told["b"] == [("440118008", "440118003")]
    assert {(item.code, item.name, item.category) for item in batch.departments} == {
        ("440118001", ONE, "党政机关"), ("440118003", THREE, "群团机关"),
    }  # fmt: skip
    missing = [record for record in batch.files if record.status.value == "missing"]
    assert [(record.code, record.department, record.category) for record in missing] == [
        ("440118004", "第四示例局", "镇街")
    ]
    assert (missing[0].path, missing[0].bytes) == ("", 0)


def test_a_blank_is_filled_from_the_roster_without_a_word_of_difference(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", "440118001", None)
    book(scheme, tmp_path / "in" / "b.xlsx", None, TWO)
    lists = listed(("440118001", ONE, "群团机关"), ("440118002", TWO, "群团机关"))
    batch = run_batch(tmp_path / "in", scheme, lists=lists)
    assert sorted((item.code, item.name) for item in batch.departments) == [("440118001", ONE), ("440118002", TWO)]
    assert identity_codes(batch, "a") == identity_codes(batch, "b") == []
    assert [record.status.value for record in batch.files] == ["returned", "returned"]


def test_a_code_of_one_and_the_name_of_another_is_neither(scheme: Scheme, tmp_path: Path) -> None:
    book(scheme, tmp_path / "in" / "a.xlsx", "440118002", ONE)
    book(scheme, tmp_path / "in" / "b.xlsx", "440118009", "第九示例局")
    book(scheme, tmp_path / "in" / "c.xlsx", "440118003", THREE)
    lists = listed(*((f"44011800{number}", name, "党政机关") for number, name in enumerate((ONE, TWO, THREE), 1)))
    batch = run_batch(tmp_path / "in", scheme, lists=lists)
    assert identity_codes(batch, "a") == ["E607"]
    assert identity_codes(batch, "b") == ["W604"]
    assert identity_codes(batch, "c") == ["W603"], "those that follow are compared too"
    assert ("440118002", ONE) in {(item.code, item.name) for item in batch.departments}, "left as it was filled in"
    missing = [record.code for record in batch.files if record.status.value == "missing"]
    assert missing == ["440118002"], "the one of that name has sent something"


def test_the_name_of_the_roster_stands_in_findings_and_on_older_workbooks_too(scheme: Scheme, tmp_path: Path) -> None:
    written = "第一示例局（本级）"
    book(scheme, tmp_path / "in" / "old.xlsx", "440118001", written, "2023-03-01", put("department.remark", "旧"))
    book(
        scheme,
        tmp_path / "in" / "new.xlsx",
        "440118001",
        written,
        "2023-03-10",
        put("facts.contracts_signed_30d", None),
    )
    batch = run_batch(tmp_path / "in", scheme, lists=listed(("440118001", ONE, "党政机关")))
    assert {record.department for record in batch.files} == {ONE}
    assert statuses(batch) == {"old": "superseded", "new": "returned"}
    found = findings_on(batch, "new.xlsx")
    assert {item.department for item in found} == {ONE}
    # What was written is told.
    assert any(item.value == written and ONE in item.message for item in found)
