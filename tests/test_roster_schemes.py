"""A roster serves for all schemes: rows of one that is there and not used in a run are passed over and told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from perfxl.cli.app import perfxl
from perfxl.errors import ListError, UsageError
from perfxl.lists.roster import read_roster
from perfxl.scheme import load_scheme
from perfxl.scheme.workbook_file import scheme_workbook
from tests.books import filled
from tests.findings import clean_document
from tests.test_several_schemes import CHONGQING, CLEAN, GUANGZHOU, PROJECTS, project_row, roster_book, twin

OTHER = "other-2022"


def call(*words: str | Path) -> Result:
    result = CliRunner().invoke(perfxl, [str(word) for word in words], standalone_mode=False)
    assert result.exception is None, result.exception
    return result


def test_rows_of_another_known_scheme_are_passed_over_and_told(tmp_path: Path) -> None:
    title = load_scheme(PROJECTS).header.title
    projects = project_row("甲", PROJECTS), project_row("乙", f" {title}")
    rows = ((*CLEAN, None), *projects, (*CLEAN[:2], None, "没有的类别", CHONGQING))
    told: list[str] = []
    roster = read_roster(roster_book(tmp_path / "a.xlsx", *rows), load_scheme(GUANGZHOU), tell=told.append)
    assert roster is not None and [row.name for row in roster.rows] == [CLEAN[1]]
    both, one = sorted(told, reverse=True)
    assert "有 2 行（第 3 行起）" in both and PROJECTS in both and title in both
    assert "有 1 行（第 5 行起）" in one and CHONGQING in one


def test_a_roster_of_another_scheme_alone_is_none(tmp_path: Path) -> None:
    path = roster_book(tmp_path / "a.xlsx", (*CLEAN, GUANGZHOU))
    told: list[str] = []
    assert read_roster(path, load_scheme(PROJECTS), tell=told.append) is None
    assert len(told) == 1


def test_a_scheme_that_nobody_knows_is_a_fault_with_its_cell(tmp_path: Path) -> None:
    path = roster_book(tmp_path / "a.xlsx", (*CLEAN, None), (*CLEAN, "nobody-2022"), project_row("甲", PROJECTS))
    with pytest.raises(ListError) as caught:
        read_roster(path, load_scheme(GUANGZHOU))
    (fault,) = caught.value.faults
    assert fault.place == "工作表“Sheet”单元格 E3" and "“nobody-2022”" in fault.what
    assert "--scheme" in fault.advice and GUANGZHOU in fault.advice


def test_schemes_are_looked_up_only_where_a_name_is_strange(tmp_path: Path) -> None:
    def never() -> list[object]:
        raise AssertionError

    path = roster_book(tmp_path / "a.xlsx", (*CLEAN, GUANGZHOU))
    assert read_roster(path, load_scheme(GUANGZHOU), never) is not None  # type: ignore[arg-type]


def test_a_run_by_one_scheme_of_the_folder_goes_on_and_tells_it(here: Path) -> None:
    """The other scheme stands in the bureau's folder and is not built in."""
    scheme = load_scheme(GUANGZHOU)
    (here / "workbook_templates").mkdir()
    (here / "workbook_templates" / "另一套.xlsx").write_bytes(scheme_workbook(twin(scheme)))
    document = clean_document()
    filled(document, scheme, here / "input" / "a.xlsx")
    sent = *(document["department"][key] for key in ("code", "name")), None, document["department"]["category"]
    absent = ("440118999", "没有报送的局", None, "党政机关", GUANGZHOU)
    roster = roster_book(here / "名录.xlsx", (*sent, GUANGZHOU), absent, (*sent, OTHER))
    words = "有 1 行（第 4 行起）写的评分方案是“other-2022”（另一套评分）"
    output = call("run", "--scheme", GUANGZHOU, "--roster", roster, "--no-department-books").output
    assert words in output and "3 行，2 行生效" in output
    run = json.loads((here / "output" / "run.json").read_text("utf-8"))
    assert sorted(item["status"] for item in run["departments"]) == ["missing", "scored"]
    overview = load_workbook(here / "output" / "2022年度绩效评价汇总.xlsx").worksheets[0]
    assert any(words in str(cell) for row in overview.iter_rows(values_only=True) for cell in row)
    output = call("template", "--scheme", GUANGZHOU, "--roster", roster, "-o", here / "t").output
    assert words in output and len(list((here / "t").iterdir())) == 2


def test_templates_for_nobody_are_refused(here: Path) -> None:
    roster = roster_book(here / "名录.xlsx", (*CLEAN, GUANGZHOU))
    words = ["template", "--scheme", PROJECTS, "--roster", str(roster)]
    result = CliRunner().invoke(perfxl, words, standalone_mode=False)
    assert isinstance(result.exception, UsageError) and "没有本次要评的部门" in str(result.exception)
