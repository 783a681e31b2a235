"""催报清单 and 修改情况: who is to be urged, what the clerk notes of it, and what departments answered."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.layout import layout_of
from perfxl.layout.sheets import REVIEW
from perfxl.lists.roster import Listed, Roster
from perfxl.register.extensions import Extensions
from perfxl.register.model import FILE_NAME
from perfxl.run.reduce import Lists
from perfxl.scheme import load_scheme
from perfxl.submission.identity import identity_of
from tests.register_cases import FAULTY, REAL, edit, lines, manifest, mend, on_day, receive, run, safe, totals

CODES = {FAULTY: "440118912", REAL: "440118001"}
ABSENT = Listed("440118950", "示例体育局", "党政机关", "王示例", "020-8765", extended=date(2023, 4, 15))
ROSTER = Roster({
    "440118001": Listed("440118001", REAL, "群团机关", "", ""),
    "440118912": Listed("440118912", FAULTY, "镇街", "赵示例", "020-1234"),
    "440118950": ABSENT,
})  # fmt: skip


def table(path: Path, sheet: str, head: int = 3) -> list[dict[str, Any]]:
    """The rows of a list by their headings."""
    rows = list(load_workbook(path)[sheet].values)
    return [dict(zip(rows[head - 1], row, strict=True)) for row in rows[head:] if any(row)]


def remind(path: Path, name: str, **cells: object) -> None:
    """The clerk notes a reminder on the second sheet of the register."""
    book = load_workbook(path)
    sheet = book["催报"]
    keys = {str(cell.value).removeprefix("@"): cell.column for cell in sheet[3]}
    (row,) = [row for row in range(5, sheet.max_row + 1) if sheet.cell(row, keys["name"]).value == name]
    for key, value in cells.items():
        sheet.cell(row, keys[key]).value = value
    book.save(path)


def test_who_has_not_sent_and_who_has_not_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(tmp_path, FAULTY, REAL)
    on_day(monkeypatch, date(2023, 4, 20))
    lists = Lists(ROSTER)
    report = run(tmp_path, lists=lists)
    owed = {one["name"]: one for one in manifest(tmp_path)["owed"]}
    assert set(owed) == {FAULTY, "示例体育局"}
    assert (owed["示例体育局"]["state"], owed["示例体育局"]["due"]) == ("missing", "2023-04-15")
    assert (owed[FAULTY]["state"], owed[FAULTY]["returned"], owed[FAULTY]["due"]) == (
        "returned", "2023-04-20", "2023-04-30",
    )  # fmt: skip
    shown = {row["部门名称"]: row for row in table(report.summary, "催报清单")}
    assert (shown["示例体育局"]["情况"], shown["示例体育局"]["逾期\n天数"]) == ("未报送", 5)
    assert (shown["示例体育局"]["联系人"], shown["示例体育局"]["联系电话"]) == ("王示例", "020-8765")
    assert (shown[FAULTY]["情况"], shown[FAULTY]["逾期\n天数"], shown[FAULTY]["联系人"]) == ("退回未重报", 0, "赵示例")
    remind(tmp_path / "output" / FILE_NAME, "示例体育局", times=2, last="2023.4.19", remark="已答应周五报")
    on_day(monkeypatch, date(2023, 5, 3))
    report = run(tmp_path, lists=lists)
    shown = {row["部门名称"]: row for row in table(report.summary, "催报清单")}
    assert (shown["示例体育局"]["催报\n次数"], shown["示例体育局"]["最近\n催报日期"]) == (2, "2023-04-19")
    assert (shown["示例体育局"]["备注"], shown["示例体育局"]["逾期\n天数"]) == ("已答应周五报", 18)
    assert shown[FAULTY]["逾期\n天数"] == 3
    # One that has sent at last leaves the list, and its line in the register stays.
    mend(tmp_path / "output" / "退回修改" / f"{FAULTY}.xlsx", tmp_path / "input" / "重报.xlsx")
    report = run(tmp_path, lists=lists)
    assert [one["name"] for one in manifest(tmp_path)["owed"]] == ["示例体育局"]
    states = {row["部门名称"]: row["情况"] for row in table(safe(tmp_path), "催报", head=4)}
    assert states == {"示例体育局": "未报送", FAULTY: "已报送"}
    overview = load_workbook(report.summary)["总览"]
    words = [str(cell.value) for row in overview.iter_rows() for cell in row if cell.value]
    assert any("示例体育局（未报送，18 天）" in text for text in words)


def test_without_a_roster_nobody_knows_who_is_missing(tmp_path: Path) -> None:
    receive(tmp_path, FAULTY, REAL)
    report = run(tmp_path)
    assert [one["name"] for one in manifest(tmp_path)["owed"]] == [FAULTY]
    book = load_workbook(report.summary)
    assert "未报送 —（未提供部门名录）" in str(book["催报清单"]["A2"].value)
    assert any(cell.value == "—（未提供部门名录）" for row in book["总览"].iter_rows(max_row=8) for cell in row)


def test_an_extension_of_the_roster_makes_it_in_time(tmp_path: Path) -> None:
    receive(tmp_path, FAULTY)
    run(tmp_path)
    mend(tmp_path / "output" / "退回修改" / f"{FAULTY}.xlsx", tmp_path / "input" / "重报.xlsx")
    row = Listed("440118912", FAULTY, "镇街", "", "", extended=date(2023, 4, 6))
    run(tmp_path, lists=Lists(Roster({row.code: row})))
    assert totals(tmp_path)[FAULTY] == ("scored", "96.77")


def test_what_was_mended_and_what_was_answered(tmp_path: Path) -> None:
    receive(tmp_path, FAULTY)
    run(tmp_path)
    again = tmp_path / "input" / "重报.xlsx"
    answers = {"E101": "已改正", "E207": "核对无误，不改"}
    mend(tmp_path / "output" / "退回修改" / f"{FAULTY}.xlsx", again, answers=answers)
    book = load_workbook(again)
    book["管理效率"]["C47"] = 21
    # A line that the department deletes is known to the register all the same.
    review = book[REVIEW]
    (row,) = [cell.row for cell in review["I"] if str(cell.value).startswith("@E402")]
    review.delete_rows(row)
    book.save(again)
    report = run(tmp_path)
    told = {item["code"]: (item["state"], item["answer"]) for item in manifest(tmp_path)["earlier"]}
    assert told["E101"] == ("已修改", "已改正") and told["E207"] == ("未修改", "核对无误，不改")
    assert told["E402"] == ("已修改", "") and set(told) == {"E101", "E202", "E207", "E402"}
    assert all(item["file"] == "重报.xlsx" for item in manifest(tmp_path)["earlier"])
    shown = {row["代码"]: row for row in table(report.summary, "修改情况")}
    assert (shown["E207"]["修改结果"], shown["E207"]["部门答复"]) == ("未修改", "核对无误，不改")
    own = table(tmp_path / "output" / "暂定结果" / f"{FAULTY}.xlsx", "修改情况")
    assert [(line["代码"], line["修改结果"]) for line in own] == [
        ("E101", "已修改"), ("E202", "已修改"), ("E207", "未修改"), ("E402", "已修改"),
    ]  # fmt: skip
    # It is returned again: the next round is the third.
    assert lines(tmp_path)["重报.xlsx"]["status"] == "退回修改" and lines(tmp_path)["重报.xlsx"]["number"] == 2


def test_who_mended_nothing_of_ours_has_no_such_sheet(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    report = run(tmp_path)
    assert "修改情况" not in load_workbook(report.summary).sheetnames
    assert manifest(tmp_path)["earlier"] == []


@pytest.mark.parametrize("rostered", [True, False])
def test_a_returned_workbook_that_was_put_away_is_still_waited_for(tmp_path: Path, rostered: bool) -> None:
    lists = Lists(ROSTER) if rostered else Lists()
    receive(tmp_path, FAULTY, REAL)
    shutil.copy(tmp_path / "input" / f"{FAULTY}.xlsx", tmp_path / "input" / "副本.xlsx")
    run(tmp_path, lists=lists)
    there = {one["name"]: one for one in manifest(tmp_path)["owed"]}[FAULTY]
    for name in (FAULTY, "副本"):
        (tmp_path / "input" / f"{name}.xlsx").unlink()
    run(tmp_path, lists=lists)
    assert {one["name"]: one for one in manifest(tmp_path)["owed"]}[FAULTY] == there
    path = safe(tmp_path)
    book = load_workbook(path)
    sheet = book["往来登记"]
    keys = {str(cell.value).removeprefix("@"): cell.column for cell in sheet[3]}
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, keys["name"]).value == FAULTY:
            sheet.cell(row, keys["returned"]).value = None
    book.save(path)
    run(tmp_path, lists=lists)
    # It was not sent back after all: the clerk has cleared the day.
    owed = {one["name"]: one["state"] for one in manifest(tmp_path)["owed"]}
    assert owed.get(FAULTY) == ("missing" if rostered else None)


def test_an_extension_is_that_of_the_row_by_which_the_roster_knows_a_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(tmp_path, REAL)
    path = tmp_path / "input" / f"{REAL}.xlsx"
    cells = layout_of(load_scheme()).places
    code, day = cells["identity", "department.code", "value"], cells["identity", "department.filled_on", "value"]
    edit(path, {code.sheet: {code.cell: "440118009", day.cell: "2023-04-05"}})
    on_day(monkeypatch, date(2023, 4, 20))
    for until, late in ((date(2023, 4, 10), False), (date(2023, 4, 4), True), (None, True)):
        roster = Roster({"440118001": Listed("440118001", REAL, "群团机关", "", "", extended=until)})
        run(tmp_path, lists=Lists(roster))
        told = [one["value"] for one in manifest(tmp_path)["findings"] if one["code"] == "W801"]
        assert bool(told) == late, until


def test_every_project_has_an_extension_of_its_own() -> None:
    units, projects = load_scheme("guangzhou-2022"), load_scheme("xiangmu-2020")
    rows = [
        Listed("001", "甲局", "x", "", "", scheme=units.id),
        Listed("001", "甲局", "x", "", "", "项目一", projects.id, date(2023, 4, 15)),
        Listed("001", "甲局", "x", "", "", "项目二", projects.id),
        Listed("002", "乙局", "x", "", "", "", projects.id, date(2023, 4, 20)),
        Listed("002", "乙局", "x", "", "", "项目一", projects.id, date(2023, 4, 25)),
    ]
    parts = {
        scheme.id: Roster({row.code: row for row in rows if row.scheme == scheme.id},
                          [row for row in rows if row.scheme == scheme.id] if scheme is projects else ())
        for scheme in (units, projects)
    }  # fmt: skip
    found = Extensions.of(Roster({}, rows, parts), (units, projects))
    assert found.until(units.id, identity_of("1", "甲局")) is None
    assert found.until(projects.id, identity_of("1", "甲局", "项目 一")) == date(2023, 4, 15)
    assert found.until(projects.id, identity_of("001", "甲局", "项目二")) is None
    assert found.until(projects.id, identity_of("009", "乙局", "项目一")) == date(2023, 4, 25)
    assert found.until(projects.id, identity_of("002", "", "项目三")) == date(2023, 4, 20)
    assert Extensions.of(None, (units,)).until(units.id, identity_of("001", "甲局")) is None
