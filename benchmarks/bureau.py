"""Two schemes and all lists of a bureau, for workbooks of as many departments as are wanted.

The schemes are the built-in one under two codes, in which the bureau supplies three facts: so the workbooks are as
large as those of the other parts, and what is measured are the lists.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from benchmarks.data import Document, Kind, masters, scheme, scheme_table
from perfxl.folders import BUREAU_FOLDER
from perfxl.lists.exemptions import write_exemptions
from perfxl.lists.look import Row
from perfxl.lists.official_columns import FACT, wide_sheets
from perfxl.lists.official_writer import write_official
from perfxl.lists.roster_columns import write_roster
from perfxl.register.model import FILE_NAME as REGISTER
from perfxl.results.kept_results import last_run
from perfxl.review.layout import AGREED
from perfxl.review_books.candidates import candidates_of
from perfxl.review_books.make import make_books, source_of
from perfxl.review_books.propose import Choice
from perfxl.scheme import dump_toml
from perfxl.scheme.model import BY_BUREAU, Scheme
from tests.documents import make_document
from tests.review_runs import rows_of

SUPPLIED = ("minor_findings", "procurement_total", "books_match_assets")
CODES = ("benchmark-a", "benchmark-b")
REVIEWERS = ("甲", "乙")
SILENT, ACCEPTED, REVIEWED = 10, 10, 20
"""One in so many: who sends nothing, who has a finding accepted, who is reviewed."""


@cache
def schemes() -> tuple[Scheme, ...]:
    """Both."""
    facts = tuple(replace(fact, source=BY_BUREAU) if fact.key in SUPPLIED else fact for fact in scheme().facts)
    header = scheme().header
    return tuple(
        replace(scheme(), facts=facts, header=replace(header, id=code, title=f"{header.title}（{code}）"))
        for code in CODES
    )


def make_input(folder: Path, count: int, distinct: int) -> Path:
    """Workbooks of so many departments, by the schemes in turns."""
    folder.mkdir(parents=True)
    made = [list(masters(_of_scheme(own), min(count, distinct), own)) for own in schemes()]
    for number in range(count):
        which, place = number % len(made), number // len(made)
        (folder / f"{number:05d}.xlsx").write_bytes(made[which][place % len(made[which])].copy(number))
    return folder


def _of_scheme(own: Scheme) -> Kind:
    return Kind(own.id, lambda document: document | {"scheme": own.id})


def write_lists(bureau: Path, output: Path, count: int, distinct: int) -> None:
    """Schemes, roster, official values and accepted findings, for the departments that a run of `output` found."""
    document = json.loads((output / "run.json").read_text("utf-8"))
    departments = [item for item in document["departments"] if item["file"]]
    listed = [_listed(item) for item in departments]
    listed += [
        {**_listed(item), "code": f"9{item['code'][1:]}", "name": f"{item['name']}（未报送）"}
        for item in islice(departments, 0, None, SILENT)
    ]
    write_roster(bureau / "部门名录.xlsx", schemes(), listed)
    lines = dict(_official(departments, count, distinct))
    write_official(bureau / "财政核定数.xlsx", schemes(), None, lines)
    write_exemptions(bureau / "豁免.xlsx", list(_accepted(document)))


def _listed(item: dict[str, Any]) -> Row:
    titles = {own.id: own.header.title for own in schemes()}
    return {"code": item["code"], "name": item["name"], "category": item["category"], "scheme": titles[item["scheme"]]}


def _official(departments: list[dict[str, Any]], count: int, distinct: int) -> Iterator[tuple[str, list[Row]]]:
    documents = [make_document(seed, scheme_table()) for seed in range(min(count, distinct))]
    for sheet in wide_sheets(schemes()):
        own = [item for item in departments if item["scheme"] == sheet.scheme.id]
        yield (
            sheet.name,
            [
                {
                    "code": item["code"],
                    "name": item["name"],
                    **{
                        f"{FACT}{fact.key}": value
                        for fact in sheet.facts
                        if (value := _value(documents, item, fact.key))
                    },
                }
                for item in own
            ],
        )


def _value(documents: list[Document], item: dict[str, Any], key: str) -> str:
    number = int(item["file"].partition(".")[0]) // len(CODES)
    value = documents[number % len(documents)]["facts"].get(key)
    return "" if value is None else str(value)


def _accepted(document: dict[str, Any]) -> Iterator[Row]:
    codes = {item["file"]: item["code"] for item in document["departments"] if item["file"]}
    first = {item["file"]: item["code"] for item in reversed(document["findings"]) if item["file"] in codes}
    for file in islice(sorted(first), 0, None, ACCEPTED):
        yield {
            "department": codes[file], "code": first[file], "reason": "已核实", "person": "张", "day": date(2023, 4, 1),
        }  # fmt: skip


def write_reviews(bureau: Path, output: Path) -> None:
    """Review workbooks of some departments of the last run, filled: a lower score here and there, the rest agreed."""
    last = last_run(output)
    chosen = [Choice(item, "") for item in islice(candidates_of(last), 0, None, REVIEWED)]
    parts = {name: chosen[start :: len(REVIEWERS)] for start, name in enumerate(REVIEWERS)}
    for made in make_books(source_of(last), output, parts):
        book = load_workbook(made.path)
        for sheet in book.worksheets:
            _fill(sheet)
        book.save(bureau / made.path.name)


def _fill(sheet: Any) -> None:
    for row in list(rows_of(sheet, "@head")):
        if AGREED in row.cells:
            sheet[row.cells[AGREED]].value = "是"
    for row in islice(list(rows_of(sheet)), 0, None, 4):
        score, accepted = sheet[row.cells["score"]], sheet[row.cells["accepted"]].value
        if not score.protection.locked and isinstance(accepted, int | float):
            score.value = round(accepted / 2, 2)
            sheet[row.cells["why"]].value = "佐证不足"


def write_schemes(bureau: Path) -> None:
    """The schemes as files of the bureau."""
    for own in schemes():
        (bureau / f"{own.id}.toml").write_text(dump_toml(own), "utf-8")


def keep_register(output: Path, bureau: Path) -> None:
    """The register of a run as the next finds it: in the output folder and in that of the bureau the same."""
    kept = output.parent / "register.xlsx"
    if not kept.exists():
        shutil.copyfile(output / REGISTER, kept)
    output.mkdir(exist_ok=True)
    for folder in (output, bureau):
        shutil.copyfile(kept, folder / REGISTER)


def bureau_folder(scratch: Path) -> Path:
    """Where the lists stand: beside the output folder, as in a year's folder."""
    folder = scratch / BUREAU_FOLDER
    folder.mkdir(exist_ok=True)
    return folder
