"""A department's way through two runs, as the bureau goes it: received, returned, mended in the copy, sent again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import perfxl.run.pipeline
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import REVIEW
from perfxl.register.model import FILE_NAME
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme import load_scheme

ROOT = Path(__file__).parent.parent
FAULTY, REAL = "示例新城街道办事处", "广州市增城区科学技术协会"
NUMBERS = {"在用固定资产原值": 812.5}
MENDED: Mapping[FieldId, object] = {
    ("facts", "funds.total.initial", "value"): 4120,
    ("facts", "contracts_in_30_days", "value"): 16,
    ("identity", "department.filled_on", "value"): "2023-04-06",
}
"""What the department types in to mend its faults, beside two that the test finds by their labels."""


def receive(folder: Path, *names: str) -> Path:
    """A folder of its own with some of the shipped workbooks in `input`."""
    (folder / "input").mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(ROOT / "input" / f"{name}.xlsx", folder / "input")
    return folder


def run(folder: Path, output: str = "output", lists: Lists | None = None, **options: Any) -> RunReport:
    """One run, in one process."""
    chosen = RunOptions(jobs=1, lists=lists or Lists(), **options)
    return run_folder(folder / "input", folder / output, load_scheme(), chosen)


def manifest(folder: Path, output: str = "output") -> dict[str, Any]:
    """run.json."""
    return dict(json.loads((folder / output / "run.json").read_text("utf-8")))


def totals(folder: Path, output: str = "output") -> dict[str, tuple[str, str]]:
    """Status and total of every department."""
    return {item["name"]: (item["status"], item["total"]) for item in manifest(folder, output)["departments"]}


def lines(folder: Path, output: str = "output") -> dict[str, dict[str, Any]]:
    """The lines of the register by file, as run.json has them."""
    return {line["file"]: line for line in manifest(folder, output)["register"]}


def edit(path: Path, changes: Mapping[str, Mapping[str, object]]) -> None:
    """Writes into cells by sheet and address, as a person would in Excel."""
    book = load_workbook(path)
    for sheet, cells in changes.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    book.save(path)


def mend(source: Path, target: Path, filled_on: str = "2023-04-06", answers: Mapping[str, str] | None = None) -> None:
    """Mends the copy that went back: the four faults, the date, and a word on some findings by their codes."""
    book = load_workbook(source)
    layout = layout_of(load_scheme())
    wanted = {
        ("facts", "funds.total.initial", "value"): 4120,
        ("identity", "department.filled_on", "value"): filled_on,
    }
    for field, value in wanted.items():
        if field in layout.places:
            place = layout.places[field]
            book[place.sheet][place.cell] = value
    for sheet, cell, value in (
        ("收支情况", "C6", 4120), ("管理效率", "C64", 2700), ("管理效率", "C47", 18),
        ("自评得分", "L17", "一项采购意向公开晚了两天"),
    ):  # fmt: skip
        book[sheet][cell] = value
    review = book[REVIEW]
    for row in review.iter_rows(min_row=8):
        code = str(row[5].value or "").split(" ")[0]
        if answers and code in answers:
            row[7].value = answers[code]
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def write_in(path: Path, file: str, **cells: object) -> None:
    """The clerk's word on a file: writes into the cells of its line, whose columns are named by their keys."""
    book = load_workbook(path)
    sheet = book["往来登记"]
    keys = {str(cell.value).removeprefix("@"): cell.column for cell in sheet[3]}
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, keys["file"]).value == file:
            for key, value in cells.items():
                sheet.cell(row, keys[key]).value = value
            break
    else:
        raise KeyError(file)
    book.save(path)


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """From now on runs begin on that day."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(day.year, day.month, day.day, 9, 30, tzinfo=tz)

    monkeypatch.setattr(perfxl.run.pipeline, "datetime", Clock)


def safe(folder: Path, output: str = "output") -> Path:
    """The safe copy."""
    return folder / "workbook_templates" / (FILE_NAME if output == "output" else f"往来登记（{output}）.xlsx")
