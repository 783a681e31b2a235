"""What a scheme says of the bureau's own values: both ways through TOML and Excel, and the faults of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfxl.errors import SchemeError
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.toml_file import dump_toml
from perfxl.scheme.workbook_file import write_scheme_workbook
from tests.official_schemes import SUPPLIED, supplied
from tests.scheme_files import toml_scheme


def _heading(sheet: openpyxl.worksheet.worksheet.Worksheet, title: str) -> tuple[int, int]:
    return next((cell.row, cell.column) for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == title)


@pytest.mark.parametrize("name", ["own.toml", "own.xlsx"])
def test_both_ways(name: str, scheme: Scheme, tmp_path: Path) -> None:
    own, path = supplied(scheme, pending="满分", gap="0.5", targets=True), tmp_path / name
    if path.suffix == ".toml":
        path.write_text(dump_toml(own), "utf-8")
    else:
        write_scheme_workbook(own, path)
    again = load_scheme(path)
    assert again == own
    assert set(again.bureau_facts) == {*SUPPLIED, "funds.total.adjusted", "funds.total.spent"}
    assert again.bureau_targets and again.options.pending == "满分" and str(again.thresholds.official_gap) == "0.5"


def test_columns_of_the_funds_table_are_named_by_their_headings_in_excel(scheme: Scheme, tmp_path: Path) -> None:
    """Their keys are understood too, and may be left blank where they are made of the headings."""
    path = tmp_path / "own.xlsx"
    write_scheme_workbook(supplied(scheme), path)
    book = openpyxl.load_workbook(path)
    sheet = book["收支表行"]
    row, column = _heading(sheet, "由财政提供的列")
    assert [sheet.cell(row + number, column).value for number in (1, 2)] == ["调整预算数、支出数", None]
    sheet.cell(row + 1, column).value, sheet.cell(row + 2, column).value = "spent、年初预算数", " 支出数 "
    book.save(path)
    again = load_scheme(path)
    assert [one.bureau for one in again.funds] == [("spent", "initial"), ("spent",), ()]


def test_a_whole_column_of_the_funds_table(scheme: Scheme) -> None:
    columns = (("initial", "年初数", ""), ("adjusted", "全年预算数", 'source = "财政"'), ("spent", "支出数", ""))
    lines = (f'[[fund_columns]]\nkey = "{key}"\nlabel = "{label}"\n{more}\n' for key, label, more in columns)
    own = toml_scheme("\n".join((dump_toml(scheme), *lines)))
    assert set(own.bureau_facts) == {f"funds.{row.key}.adjusted" for row in own.funds}


TARGET_ONLY = "只能是绩效指标表的 target"
Change = Callable[[str], str]
FAULTS: dict[str, tuple[Change, str]] = {
    "a column that is none": (lambda text: _after(text, 'key = "total"', 'bureau = ["speent"]'), "是否应为“spent”"),
    "a column twice": (lambda text: _after(text, 'key = "total"', 'bureau = ["spent", "spent"]'), "不止一次"),
    "another column of the KPIs": (lambda text: _after(text, 'key = "actual"', 'source = "财政"'), TARGET_ONLY),
    "the task table": (lambda text: _after(text, 'table = "tasks"', 'source = "财政"'), TARGET_ONLY),
    "a tolerance below 0": (lambda text: text.replace("official_gap = 0", "official_gap = -1"), "核定数容差"),
    "a choice that is none": (lambda text: text.replace('pending = "不计"', 'pending = "再议"'), "待核定的指标"),
}  # fmt: skip


def _after(text: str, line: str, more: str) -> str:
    assert f"{line}\n" in text
    return text.replace(f"{line}\n", f"{line}\n{more}\n", 1)


@pytest.mark.parametrize("name", FAULTS)
def test_faults(name: str, scheme: Scheme, tmp_path: Path) -> None:
    change, words = FAULTS[name]
    (tmp_path / "own.toml").write_text(change(dump_toml(scheme)), "utf-8")
    with pytest.raises(SchemeError) as error:
        load_scheme(tmp_path / "own.toml")
    (fault,) = error.value.faults
    assert words in str(fault)


def test_the_preview_says_what_the_bureau_supplies(scheme: Scheme, tmp_path: Path) -> None:
    write_scheme_workbook(supplied(scheme), tmp_path / "own.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "own.xlsx", data_only=True)["预览"]
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    (row,) = [row for row in rows if scheme.fact_labels["minor_findings"] in row]
    assert any(cell.startswith("由财政部门提供。") for cell in row)
    assert any("调整预算数、支出数" in row for row in rows)
