"""What keeps a run over tens of thousands small: nothing of it may change what comes out."""

from __future__ import annotations

import tracemalloc
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from perfxl.intake.discover import discover
from perfxl.register.model import Line, Register, line_key
from perfxl.register.waiting import WaitingLines, put_down, taken_up
from perfxl.results import name_cells
from perfxl.results.cells import Book, Name
from perfxl.results.in_full import CONTINUED, IN_FULL
from perfxl.results.list_sheets import Column, Table
from perfxl.results.manifest import results_below
from perfxl.results.score_column import ScoreColumn
from perfxl.workbook.limits import Limits
from perfxl.xlsx.writer import SWITCH
from tests.sample_batch import sample_batch


def lines_of(count: int) -> list[Line]:
    files = [f"{number}.xlsx" for number in range(count)]
    return [
        Line(key=line_key("", file), file=file, scheme="甲" if number % 3 else "乙")
        for number, file in enumerate(files)
    ]


@pytest.mark.parametrize("count", [0, 1, 600])
def test_lines_that_wait_on_disk_are_those_put_down(tmp_path: Path, count: int) -> None:
    path, lines = tmp_path / "lines", lines_of(count)
    register = Register(7, {line.key: line for line in lines}, taken=("a",))
    backwards = lines[::-1]
    put_down(register, backwards, path)
    waiting = WaitingLines(path, count)
    assert list(waiting) == list(waiting) == backwards
    assert len(waiting) == count and bool(waiting) == bool(count)
    own = waiting.of("乙")
    assert list(own) == [line for line in backwards if line.scheme == "乙"] and len(own) == len(list(own))
    assert all(line in waiting for line in lines[:3]) and Line(key="other") not in waiting
    again = taken_up(path)
    assert (again.run, again.taken, again.lines) == (7, ("a",), register.lines)


def test_scores_are_read_where_they_stand() -> None:
    batch = sample_batch(12)
    ranked = batch.ranked
    ranked[1].scores = ranked[1].scores[::-1]
    ranked[2].scores = ranked[2].scores[1:]
    for at, indicator in enumerate(batch.scheme.indicators):
        column = ScoreColumn(ranked, indicator.code, at)
        wanted: list[Decimal | None] = []
        for item in ranked:
            own = {score.code: score.score if score.applies else None for score in item.scores}
            wanted.append(own.get(indicator.code))
        assert list(column) == wanted and len(column) == len(wanted)
        assert list(column[2:5]) == wanted[2:5] and column[-1] == wanted[-1]


@pytest.mark.parametrize("writer", ["quick", "plain"])
def test_names_stand_in_as_many_rows_as_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    monkeypatch.setenv(SWITCH, writer)
    monkeypatch.setattr(name_cells, "WIDE", 3)
    batch = sample_batch(1)
    names = [f"很长很长很长很长很长的部门名称第{number}号" for number in range(8)]
    with Book(tmp_path / "names.xlsx", "标题", "财政局", batch.started) as book:
        page = book.page("总览")
        page.widths([9.0, 9.0])
        page.put(0, 0, "标题", "title")
        for row, name in enumerate([*names, names[0]]):
            page.put(row + 1, 0, Name(name, "internal:总览!A1"), "box text wrap")
    sheet = openpyxl.load_workbook(tmp_path / "names.xlsx")["总览"]
    for row, name in enumerate([*names, names[0]]):
        where = str(sheet.cell(row + 2, 1).value).removeprefix("='总览'!").replace("$", "")
        assert sheet[where].value == name
    assert sheet["A1"].value == "标题" and sheet.max_column == 5
    assert all(sheet.column_dimensions[letter].hidden for letter in "C")
    assert [row for row in range(1, 11) if sheet.cell(row, 3).value] == [1, 2, 3]


def test_results_are_listed_with_their_folders(tmp_path: Path) -> None:
    (tmp_path / "部门结果").mkdir()
    (tmp_path / ".perfxl").mkdir()
    for name in ("汇总.xlsx", "部门结果/乙.xlsx", "部门结果/甲.xlsx", ".lock", "部门结果/.tmp"):
        (tmp_path / name).write_bytes(b"")
    assert results_below(tmp_path) == ["汇总.xlsx", "部门结果/乙.xlsx", "部门结果/甲.xlsx"]


def test_texts_in_full_below_a_list_do_not_wait_in_memory(tmp_path: Path) -> None:
    """Each is of more than a row: a department's reasons may be some thousand signs."""
    reason = "".join(f"第{number}条说明文字" for number in range(700))
    columns = [
        Column[str]("name", "部门", 20, "box text wrap", lambda item, _: item, names=True),
        Column[str]("reason", "原因", 40, "box text wrap small", lambda item, _: f"{item}的说明：{reason}"),
    ]

    def most_of(count: int) -> int:
        items = [f"部门{number}" for number in range(count)]
        tracemalloc.start()
        try:
            with Book(tmp_path / f"{count}.xlsx", "标题", "财政局", sample_batch(1).started) as book:
                Table("扣分明细", columns, items).write([book.long_page("扣分明细")], "标题", "注")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most_of(1)  # what a process remembers
    few, many = 60, 160
    assert most_of(many) - most_of(few) < (many - few) * len(reason) / 2
    sheet = openpyxl.load_workbook(tmp_path / f"{many}.xlsx")["扣分明细"]
    full: dict[str, str] = {}
    for name, piece in sheet.iter_rows(min_row=4 + many + 1, max_col=2, values_only=True):
        if name != CONTINUED:
            about = str(name).removeprefix(f"{IN_FULL}\n").split("\n")[0]
            full[about] = ""
        full[about] += str(piece)
    assert full == {f"部门{number}": f"部门{number}的说明：{reason}" for number in range(many)}


def test_a_file_that_was_found_takes_little_memory(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number:05d}.xlsx").touch()
    discover(tmp_path, Limits())
    tracemalloc.start()
    try:
        found = discover(tmp_path, Limits())
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 2_000 and found[0].path == tmp_path / "00000.xlsx"
    assert taken < 400 * len(found)
