"""The register in pictures: a department was returned and has mended its workbook, and a clerk has noted what came."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

from docs.picture import Picture
from perfxl.layout.sheets import REVIEW
from perfxl.register.columns import LINES, REMINDERS
from perfxl.register.model import FILE_NAME, Register
from perfxl.register.workbook import write_register
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme

RETURNED, RECEIVED, URGED = "示例新城街道办事处", "示例教育局", "示例体育局"
FIRST, SECOND = datetime(2023, 4, 3, 9, 30), datetime(2023, 4, 10, 9, 30)
MENDED = {
    "收支情况": {"C6": 4120},
    "管理效率": {"C64": 2700, "C47": 21},
    "自评得分": {"L17": "有两项采购意向公开晚了"},
}
"""What the department writes into its copy, by sheet and cell; one fault stays."""
ANSWERS = {"E101": "已改正", "E202": "已改正，按批复数", "E207": "核对无误，不改"}
_KEYS, _FIRST_LINE, _PROBLEM, _ANSWER = 3, 5, 6, 8


def register_pictures(folder: Path, scheme: Scheme, filled: Path, lists: Lists) -> list[Picture]:
    """Two runs over the examples with what happens between them. Works in a folder of its own."""
    own = folder / "register"
    own.mkdir()
    received = shutil.copytree(filled, own / "input")

    def run(day: datetime) -> RunReport:
        return run_folder(received, own / "output", scheme, RunOptions(jobs=1, lists=lists, started=day.astimezone()))

    run(FIRST)
    working = own / "output" / FILE_NAME
    _write(working, LINES, RECEIVED, {"received": "2023-03-30", "remark": "光盘报送"})
    _write(working, REMINDERS, URGED, {"times": 2, "last": "2023-04-07", "remark": "电话催报，答应周五前报送"})
    _mend(own / "output" / "退回修改" / f"{RETURNED}.xlsx", received / f"{RETURNED}（重报）.xlsx")
    report = run(SECOND)
    write_register(Register(), own / "blank.xlsx", "output")
    return [
        Picture("register-blank", own / "blank.xlsx", "第几次", bottom=0.4),
        Picture("register", working, "第几次"),
        Picture("register-reminders", working, "最近", bottom=0.5),
        Picture("owed", report.summary, "绩效评价催报清单", bottom=0.4),
        Picture("mended", report.summary, "绩效评价修改情况", bottom=0.4),
    ]


def _write(book: Path, sheet: str, name: str, values: Mapping[str, object]) -> None:
    """The clerk writes into the line of a department."""
    workbook = load_workbook(book)
    page = workbook[sheet]
    columns = {str(cell.value).removeprefix("@"): cell.column for cell in page[_KEYS]}
    for row in range(_FIRST_LINE, page.max_row + 1):
        if page.cell(row, columns["name"]).value == name:
            for key, value in values.items():
                page.cell(row, columns[key]).value = value
    workbook.save(book)


def _mend(copy: Path, target: Path) -> None:
    workbook = load_workbook(copy)
    for sheet, cells in MENDED.items():
        for cell, value in cells.items():
            workbook[sheet][cell] = value
    for row in workbook[REVIEW].iter_rows(min_row=_FIRST_LINE):
        code = str(row[_PROBLEM - 1].value or "").partition(" ")[0]
        if code in ANSWERS:
            row[_ANSWER - 1].value = ANSWERS[code]
    workbook.save(target)
