"""One department however its code is written, the newest of its workbooks, and what the bureau accepts of it."""

from __future__ import annotations

import itertools
import os
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from perfxl.errors import ListError
from perfxl.intake.discover import discover, read_found
from perfxl.lists.exemptions import cell_in, read_exemptions
from perfxl.lists.roster import read_roster
from perfxl.results.batch import Batch, Status
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import code_key
from perfxl.workbook.limits import Limits
from tests.books import put
from tests.folders import findings_on, records, run_batch
from tests.test_files import OUR_NAME, exemptions, good, roster

# Codes.

SPELLINGS = ("0044a01", "４４a０１", "44A01", " 44 A 01 ", "00４４Ａ01")


def test_spellings_of_a_code() -> None:
    assert {code_key(code) for code in SPELLINGS} == {"44a01"}
    assert len({code_key(code) for code in ("", "0", "10", "1", "100", "1-0")}) == 6


@pytest.mark.parametrize("other", SPELLINGS[1:])
def test_one_department_whose_code_is_written_in_two_ways(other: str, scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    good(scheme, folder / "a.xlsx", SPELLINGS[0], OUR_NAME, put("department.filled_on", "2023-03-09"))
    good(scheme, folder / "b.xlsx", other, OUR_NAME, put("department.filled_on", "2023-03-10"))
    batch = run_batch(folder, scheme)
    assert {path: record.status.value for path, record in records(batch).items()} == {
        "a.xlsx": "superseded", "b.xlsx": "scored",
    }  # fmt: skip
    assert not [item for item in batch.findings if item.code in ("E601", "W602")]


def test_two_departments_whose_codes_differ_in_writing_only(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    good(scheme, folder / "a.xlsx", "0044", "第一示例局")
    good(scheme, folder / "b.xlsx", "44", "第二示例局")
    batch = run_batch(folder, scheme)
    assert {path: record.status.value for path, record in records(batch).items()} == dict.fromkeys(
        ("a.xlsx", "b.xlsx"), "returned"
    )
    (finding,) = findings_on(batch, "a.xlsx")
    assert finding.code == "E601" and "0044" in finding.message and "第二示例局（44）" in finding.message


def test_the_roster_knows_a_code_however_it_is_written(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "in" / "a.xlsx", "44 a01", "简称")
    listed = read_roster(roster(scheme, tmp_path / "名录.xlsx", ("0044A01", OUR_NAME, "群团机关")), scheme)
    batch = run_batch(tmp_path / "in", scheme, lists=Lists(listed))
    assert [(item.code, item.name) for item in batch.departments] == [("0044A01", OUR_NAME)]
    assert not [record for record in batch.files if record.status is Status.MISSING]
    assert "W604" not in {item.code for item in batch.findings}


def test_a_roster_with_two_writings_of_one_code_does_not_hold(scheme: Scheme, tmp_path: Path) -> None:
    path = roster(scheme, tmp_path / "名录.xlsx", ("0044", "甲局", "党政机关"), ("４4", "乙局", "党政机关"))
    with pytest.raises(ListError, match=r"单元格 A5：部门代码“４4”与第 4 行的“0044”只有写法不同"):
        read_roster(path, scheme)


@pytest.mark.parametrize(
    ("first", "second"), [("示例局（本级）", "示例局(本级)"), ("示例局", "示例 局"), ("é局", "e\u0301局")]
)
def test_a_roster_with_two_writings_of_one_name_does_not_hold(
    first: str, second: str, scheme: Scheme, tmp_path: Path
) -> None:
    """Workbooks are held against names free of spelling: one of the two was urged though it had sent."""
    path = roster(scheme, tmp_path / "名录.xlsx", ("1", first, "党政机关"), ("2", second, "党政机关"))
    with pytest.raises(ListError) as caught:
        read_roster(path, scheme)
    assert f"单元格 B5：部门名称“{second}”与第 4 行的“{first}”只有写法不同" in str(caught.value)


# The newest workbook.

DAY = 86_400


def batch_of(scheme: Scheme, folder: Path, *books: tuple[str, str | None, int]) -> Batch:
    """A run over workbooks of one department: name, date of the cover, day of the file's time."""
    for name, day, when in books:
        edits = put("department.filled_on", day), put("department.remark", name)
        os.utime(good(scheme, folder / name, "440118001", OUR_NAME, *edits), (when * DAY, when * DAY))
    return run_batch(folder, scheme)


def counted(batch: Batch) -> str:
    (path,) = [path for path, record in records(batch).items() if record.status in (Status.SCORED, Status.RETURNED)]
    return path


def codes_on(batch: Batch, file: str) -> list[str]:
    return [item.code for item in findings_on(batch, file)]


def test_a_workbook_without_a_date_does_not_lose_against_an_older_file(scheme: Scheme, tmp_path: Path) -> None:
    batch = batch_of(scheme, tmp_path / "in", ("a.xlsx", "2023-03-10", 100), ("b.xlsx", None, 200))
    assert counted(batch) == "b.xlsx" and not batch.findings
    assert "有一份没有填报日期，文件修改时间更新" in records(batch)["a.xlsx"].reason
    batch = batch_of(scheme, tmp_path / "in2", ("a.xlsx", None, 100), ("b.xlsx", "2023-03-10", 200))
    assert counted(batch) == "b.xlsx"
    batch = batch_of(scheme, tmp_path / "in3", ("a.xlsx", None, 100), ("b.xlsx", None, 200))
    assert "都没有填报日期，文件修改时间更新" in records(batch)["a.xlsx"].reason


def test_a_date_in_the_future_does_not_win(scheme: Scheme, tmp_path: Path) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    batch = batch_of(scheme, tmp_path / "in", ("a.xlsx", tomorrow, 100), ("b.xlsx", "2023-03-10", 200))
    assert counted(batch) == "b.xlsx"
    assert "晚于今天，不作数，文件修改时间更新" in records(batch)["a.xlsx"].reason
    batch = batch_of(scheme, tmp_path / "in2", ("a.xlsx", tomorrow, 300), ("b.xlsx", "2023-03-10", 200))
    assert counted(batch) == "a.xlsx" and codes_on(batch, "a.xlsx") == ["W608"]
    today = date.today().isoformat()
    batch = batch_of(scheme, tmp_path / "in3", ("a.xlsx", today, 300), ("b.xlsx", "2023-03-10", 200))
    # After the deadline, as the register knows; nothing else is wrong with it.
    assert counted(batch) == "a.xlsx" and not {"W608", "W609"} & set(codes_on(batch, "a.xlsx"))


@pytest.mark.parametrize(
    ("when", "codes"), [(99, ["W609"]), (102, []), (101, []), (200, [])]
)  # the file of the older date is of day 101
def test_dates_and_times_that_contradict(when: int, codes: list[str], scheme: Scheme, tmp_path: Path) -> None:
    batch = batch_of(scheme, tmp_path / "in", ("a.xlsx", "2023-03-10", when), ("b.xlsx", "2023-03-01", 101))
    assert counted(batch) == "a.xlsx" and codes_on(batch, "a.xlsx") == codes


def test_the_order_is_one_whatever_the_names(scheme: Scheme, tmp_path: Path) -> None:
    """Dates in one order, times in the other, one blank: the same workbook counts, and the reasons are true."""
    books = (("2023-03-20", 100), (None, 200), ("2023-03-01", 300))
    for number, order in enumerate(itertools.permutations(books)):
        folder = tmp_path / f"in{number}"
        batch = batch_of(scheme, folder, *((f"{place}.xlsx", *book) for place, book in enumerate(order)))
        winner = order[int(counted(batch)[0])]
        assert winner == books[2]
        for record in records(batch).values():
            assert record.status is Status.SCORED or "修改时间更新" in record.reason
        assert codes_on(batch, counted(batch)) == ["W609"]


def test_files_in_a_zip_have_their_own_time(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    new = good(scheme, tmp_path / "新.xlsx", "440118001", OUR_NAME, put("department.filled_on", None))
    old = good(scheme, folder / "旧.xlsx", "440118001", OUR_NAME, put("department.filled_on", None),
               put("department.remark", "旧"))  # fmt: skip
    times = {"早.xlsx": (2023, 3, 1, 10, 0, 0), "无.xlsx": (1980, 1, 1, 0, 0, 0), "坏.xlsx": (2023, 15, 40, 31, 63, 62)}
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        for name, when in times.items():
            archive.writestr(zipfile.ZipInfo(name, when), new.read_bytes())
    os.utime(folder / "包.zip", (2_000_000_000, 2_000_000_000))
    read = {item.shown: read_found(item, Limits())[1] for item in discover(folder, Limits()) if item.member}
    assert read == {
        "包.zip/早.xlsx": int(datetime(2023, 3, 1, 10).timestamp()) * 10**9,
        "包.zip/无.xlsx": 2_000_000_000 * 10**9,
        "包.zip/坏.xlsx": 2_000_000_000 * 10**9,
    }
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("早.xlsx", times["早.xlsx"]), new.read_bytes())
    when = datetime(2023, 3, 2).timestamp()
    os.utime(old, (when, when))
    assert counted(run_batch(folder, scheme)) == "旧.xlsx"


# Accepted findings.


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("C12", ("", "C12")), ("$C$58", ("", "C58")), ("管理效率!C58", ("管理效率", "C58")),
        ("'管理效率'!$C$58", ("管理效率", "C58")), ("管理效率！Ｃ５８", ("管理效率", "C58")), ("c58", ("", "C58")),
        ("’管理效率’！＄Ｃ＄５８", ("管理效率", "C58")), ("C12:D14", ("", "C12:D14")), ("'a''b'!A1", ("a'b", "A1")),
        ("第三行", None), ("C", None), ("12", None), ("!C1", None), ("''!C1", None), ("C0", None), ("C12,D3", None),
    ],
)  # fmt: skip
def test_cells_as_people_write_them(text: str, place: tuple[str, str] | None) -> None:
    assert cell_in(text) == place


ROW = ("440118001", "E101", "x", "李四")


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (("2999-01-01",), "单元格 E4：批准日期“2999-01-01”晚于今天"),
        (("2023-04-10", "2023-04-09"), "单元格 E4：批准日期“2023-04-10”晚于有效期至“2023-04-09”"),
        (("2023-04-10", "", "那一格"), "单元格 G4：“那一格”不是单元格"),
    ],
)
def test_acceptances_that_cannot_be(rest: tuple[str, ...], words: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match=words):
        exemptions(tmp_path, (*ROW, *rest))


def test_an_acceptance_of_today_holds(tmp_path: Path) -> None:
    today = date.today().isoformat()
    assert len(exemptions(tmp_path, (*ROW, today, today))) == 1
    with pytest.raises(ListError, match="晚于今天"):
        read_exemptions(tmp_path / "豁免.xlsx", today=date.today() - timedelta(days=1))


def test_a_cell_without_its_sheet_counts_where_there_is_only_one(scheme: Scheme, tmp_path: Path) -> None:
    faults = put("facts.contracts_total", None), put("tasks.0.name", None)
    good(scheme, tmp_path / "in" / "a.xlsx", "440118001", OUR_NAME, *faults)
    blank = {item.sheet: item for item in run_batch(tmp_path / "in", scheme).findings if item.severity == "error"}
    assert len(blank) == 2 and len({item.code for item in blank.values()}) == 1
    for sheet, item in blank.items():
        row = ("440118001", item.code, "x", "李四", "2023-04-10", "")
        batch = run_batch(tmp_path / "in", scheme, lists=Lists(exemptions=exemptions(tmp_path, (*row, item.cell))))  # type: ignore[arg-type]
        (idle,) = [found for found in batch.findings if found.code == "W606"]
        assert "几个工作表" in idle.message and f"!{item.cell}" in idle.advice
        assert not [found for found in batch.findings if "已豁免" in found.title]
        named = exemptions(tmp_path, (*row, f"'{sheet}'!{item.cell}"))
        batch = run_batch(tmp_path / "in", scheme, lists=Lists(exemptions=named))  # type: ignore[arg-type]
        (accepted,) = [found for found in batch.findings if "已豁免" in found.title]
        assert (accepted.sheet, accepted.cell) == (sheet, item.cell)
        assert not [found for found in batch.findings if found.code == "W606"]


def test_an_acceptance_knows_a_code_however_it_is_written(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "in" / "a.xlsx", "0044", OUR_NAME, put("facts.contracts_total", None))
    accepted = exemptions(tmp_path, ("４4", "E101", "x", "李四", "2023-04-10"))
    batch = run_batch(tmp_path / "in", scheme, lists=Lists(exemptions=accepted))  # type: ignore[arg-type]
    assert records(batch)["a.xlsx"].status is Status.SCORED
