"""From which of the bureau's lists the templates of departments are filled."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from perfxl.cli.app import perfxl
from perfxl.errors import UsageError
from perfxl.lists.approved_columns import FILE_NAME
from perfxl.lists.roster import write_roster
from perfxl.scheme.model import Scheme
from tests.monitoring_cases import REAL
from tests.target_cases import approved

BUREAU = Path("workbook_templates")


@pytest.fixture
def roster(here: Path, scheme: Scheme) -> Path:
    """The bureau's folder with a roster of one department."""
    BUREAU.mkdir()
    path = BUREAU / "部门名录.xlsx"
    write_roster(path, scheme)
    book = load_workbook(path)
    page = book.worksheets[0]
    head = next(cell.row for row in page.iter_rows() for cell in row if cell.value == "部门代码")
    for col, text in enumerate(("440118001", REAL, "群团机关"), 1):
        page.cell(head + 1, col).value = text
    book.save(path)
    return path


def template(*arguments: str) -> Result:
    return CliRunner().invoke(perfxl, ["template", *arguments, "--jobs", "1"], standalone_mode=False)


def first_target(folder: str = "预填模板") -> Any:
    """The target of the first KPI in the template of the department."""
    page = load_workbook(BUREAU / folder / f"{REAL}.xlsx")["绩效指标"]
    head = next(row for row in page.iter_rows() if "年度指标值" in [cell.value for cell in row])
    col = next(cell.column for cell in head if cell.value == "年度指标值")
    return page.cell(head[0].row + 1, col).value


@pytest.mark.parametrize("name", [FILE_NAME, "核定（定稿）.xlsx"])
def test_approved_targets_are_found_whatever_their_file_is_called(name: str, roster: Path, scheme: Scheme) -> None:
    """As a run finds them: the template must not ask for what the run takes from the list."""
    approved(scheme, BUREAU / name)
    assert template("--prefilled").exception is None
    assert first_target() == 35
    assert template("--prefilled", "--stage", "监控").exception is None
    assert first_target("预填模板（绩效运行监控1—7月）") == 35


def test_two_lists_that_differ_stop_it(roster: Path, scheme: Scheme) -> None:
    approved(scheme, BUREAU / "甲.xlsx")
    approved(scheme, BUREAU / "乙.xlsx", opinion="退回")
    result = template("--prefilled")
    assert isinstance(result.exception, UsageError) and "不能确定以哪一份为准" in str(result.exception)
    assert not (BUREAU / "预填模板" / f"{REAL}.xlsx").exists()


def test_a_list_beside_a_roster_elsewhere_counts(roster: Path, scheme: Scheme) -> None:
    other = Path("别处")
    other.mkdir()
    moved = other / roster.name
    roster.rename(moved)
    approved(scheme, BUREAU / "核定.xlsx", k1={"target": Decimal(70)})
    assert template("--roster", str(moved)).exception is None
    assert first_target() == 70
    approved(scheme, other / FILE_NAME, k1={"target": Decimal(80)})
    assert template("--roster", str(moved)).exception is None
    assert first_target() == 80


def test_a_blank_list_that_is_as_it_would_be_written_stays(roster: Path) -> None:
    """Its time would pass for a change since the last run."""
    first = template("--prefilled")
    path = BUREAU / "财政核定数.xlsx"
    assert f"已生成：{path}" in first.output
    os.utime(path, (1_680_000_000, 1_680_000_000))
    again = template("--prefilled")
    assert again.exception is None and f"已生成：{path}" not in again.output
    assert path.stat().st_mtime == 1_680_000_000
    assert not list(BUREAU.glob(".*"))
