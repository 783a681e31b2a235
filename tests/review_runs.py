"""Runs to be reviewed, as their results lie in an output folder, and review workbooks filled by hand."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.decimals import half_up
from perfxl.results.batch import Batch
from perfxl.results.codec import names_of
from perfxl.results.kept_results import DETAILS, LastRun, details_file
from perfxl.results.manifest import write_run_json
from perfxl.review.layout import END, HEAD_BLOCK, TABLE_BLOCK, row_in
from perfxl.review_books.candidates import candidates_of
from perfxl.review_books.propose import Choice
from perfxl.scoring.result import DepartmentResult


def write_details(batch: Batch, path: Path) -> None:
    """What a run keeps of a batch in full, without the lists that a run writes with it."""
    with details_file(batch, path) as add:
        for department in batch.departments:
            add(batch.full_result(department))


def kept_run(batch: Batch, folder: Path) -> LastRun:
    """The results of a batch as the last run of a folder; also of a scheme that no file would hold."""
    folder.mkdir(parents=True, exist_ok=True)
    write_run_json(batch, folder / "run.json")
    write_details(batch, folder / DETAILS)
    document = json.loads((folder / "run.json").read_bytes())
    return LastRun(folder, document, batch.all_schemes, names_of(DepartmentResult))


def all_of(last: LastRun) -> list[Choice]:
    """All its departments that may be reviewed."""
    return [Choice(item, "") for item in candidates_of(last)]


class Row(NamedTuple):
    """A row of a department's table. cells: the coordinates of its cells by the keys of the columns."""

    department: str
    code: str
    number: int
    cells: dict[str, str]


def rows_of(sheet: Worksheet, block: str = TABLE_BLOCK) -> Iterator[Row]:
    """The rows of a block as their hidden keys say, whatever they show."""
    columns: dict[str, str] = {}
    for number, (key,) in enumerate(sheet.iter_rows(max_col=1, values_only=True), 1):
        if key == block:
            columns = {str(cell.value): cell.column_letter for cell in sheet[number][1:] if cell.value is not None}
        elif key == END or key in (HEAD_BLOCK, TABLE_BLOCK):
            columns = {}
        elif columns and key is not None:
            department, code = row_in(str(key))
            yield Row(department, code, number, {name: f"{letter}{number}" for name, letter in columns.items()})


class Typed(NamedTuple):
    """What was typed for an indicator. score: a text where no number was."""

    score: Decimal | str | None
    reason: str


def fill(path: Path, names: Sequence[str], seed: int) -> dict[tuple[str, str], Typed]:
    """Fills a review workbook in part, right and wrong; what was typed by the name of the sheet and the code."""
    dice, typed = random.Random(seed), {}
    book = load_workbook(path)
    for name in names:
        sheet = book[name]
        for row in rows_of(sheet):
            if sheet[row.cells["score"]].protection.locked:
                continue
            points = Decimal(str(sheet[row.cells["points"]].value))
            kept = Decimal(str(sheet[row.cells["accepted"]].value))
            score: Decimal | str | None = dice.choice(
                [None, None, kept, half_up(points / 2), points, Decimal(0), points + 1, Decimal(-1), "无",
                 points / 3, kept + Decimal("0.004")]
            )  # fmt: skip
            reason = dice.choice(["", "佐证材料不足", "　 ", "见附件"])
            typed[name, row.code] = Typed(score, reason)
            sheet[row.cells["score"]].value = float(score) if isinstance(score, Decimal) else score
            sheet[row.cells["why"]].value = reason or None
    book.save(path)
    return typed
