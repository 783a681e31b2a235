"""Makes the review workbooks of the last run and puts them into the folder 复核 of its output."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfxl.results.kept_results import LastRun
from perfxl.results.names import distinct, file_names
from perfxl.review.layout import FOLDER
from perfxl.review_books.book import book_bytes
from perfxl.review_books.candidates import candidates_of
from perfxl.review_books.existing import may_be_replaced
from perfxl.review_books.previous import Previous
from perfxl.review_books.propose import Choice
from perfxl.review_books.source import Earlier, Source
from perfxl.scheme.model import Scheme

MOST_SHEETS = 150
"""Departments in one workbook; a reviewer with more gets several. Workbooks of more than 200 sheets are not read."""
__all__ = ["MOST_SHEETS", "Made", "candidates_of", "make_books", "source_of"]


@dataclass(frozen=True)
class Made:
    """A review workbook that was written. reviewer: empty where there are none. kept: the name of one that already has
    contents and was left as it is, where this one got another name; empty without."""

    path: Path
    reviewer: str
    departments: int
    kept: str = ""


def source_of(last: LastRun, previous: Previous | None = None, earlier: Earlier | None = None) -> Source:
    """What the workbooks are made of besides the departments. earlier: what an earlier round says of an indicator."""
    document: Mapping[str, Any] = last.document
    return Source(
        started=document["started"],
        schemes=last.schemes,
        scheme_shas={item["id"]: item["sha256"] for item in document.get("schemes", [document["scheme"]])},
        shas={item["path"]: item["sha256"] for item in document["files"]},
        title=_title(last.schemes),
        previous=previous,
        earlier=earlier,
    )


def _title(schemes: Sequence[Scheme]) -> str:
    return schemes[0].header.results_title if len(schemes) == 1 else f"{schemes[0].year}年度绩效评价"


def make_books(
    source: Source,
    output: Path,
    parts: Mapping[str, Sequence[Choice]],
    chosen: str = "",
    tell: Callable[[str], None] = lambda words: None,
) -> list[Made]:
    """Writes a workbook for each reviewer, several where there are too many departments for one.

    parts: the departments of each reviewer. chosen: a sentence on how they were chosen, for 复核清单. One that stands
    there already and has anything filled in is never written over: the new one gets another name. Raises OSError.
    """
    folder = output / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    books = [
        (reviewer, number, choices[start : start + MOST_SHEETS])
        for reviewer, choices in parts.items()
        for number, start in enumerate(range(0, len(choices), MOST_SHEETS), 1)
    ]
    stems = distinct([_stem(reviewer, number) for reviewer, number, _ in books])
    made = []
    for (reviewer, _, choices), stem in zip(books, stems, strict=True):
        path, kept = _free(folder, stem)
        _write(path, book_bytes(source, choices, reviewer, chosen))
        made.append(Made(path, reviewer, len(choices), kept))
        tell(path.name)
    return made


def _stem(reviewer: str, number: int) -> str:
    (name,) = file_names([reviewer]) if reviewer else ("",)
    return f"复核表{f'（{name}）' if name else ''}{f'（{number}）' if number > 1 else ''}"


def _free(folder: Path, stem: str) -> tuple[Path, str]:
    """Where a workbook may be written, and the name of one that is in the way."""
    path, kept, number = folder / f"{stem}.xlsx", "", 1
    while path.exists() and not may_be_replaced(path):
        kept = kept or path.name
        number += 1
        path = folder / f"{stem}（新{number}）.xlsx"
    return path, kept


def _write(path: Path, data: bytes) -> None:
    passing = path.with_name(f".perfxl-{os.getpid()}.tmp")
    try:
        passing.write_bytes(data)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
