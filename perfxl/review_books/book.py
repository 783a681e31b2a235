"""A review workbook: 复核清单, a sheet for each department, and the hidden sheets by which it is read back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from perfxl.layout.list_marks import LIST_SHEET, Mark
from perfxl.references import column_letters
from perfxl.results.names import quoted, sheet_names
from perfxl.review.layout import DATA, LIST, YES, BookMark, Target, data_rows, judged_of
from perfxl.review_books.department_sheet import write_department
from perfxl.review_books.list_sheet import FIRST, ListSheet
from perfxl.review_books.paper import Paper
from perfxl.review_books.propose import Choice
from perfxl.review_books.source import Source, Subject
from perfxl.scheme.model import Scheme
from perfxl.template.styles import DEFAULT_FORMAT, Styles
from perfxl.xlsx.texts import clean
from perfxl.xlsx.writer import new_workbook

_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_LISTS = 3
"""The first column of `_list` with what drop-downs offer, behind the mark."""


def book_bytes(source: Source, choices: Sequence[Choice], reviewer: str = "", chosen: str = "") -> bytes:
    """The workbook as a file. reviewer: to whom it goes, may be empty. chosen: a sentence on how it was chosen."""
    stream = BytesIO()
    workbook = new_workbook(stream, {**_OPTIONS, "default_format_properties": dict(DEFAULT_FORMAT)})
    title = f"{source.title}{LIST}"
    workbook.set_properties({"title": title, "created": datetime.fromisoformat(source.started)})
    subjects = [Subject(source, choice) for choice in choices]
    names = sheet_names([subject.department.title for subject in subjects], [LIST, DATA, LIST_SHEET])
    list_page = workbook.add_form(LIST)
    pages = [workbook.add_form(name) for name in names]
    hidden = workbook.add_form(LIST_SHEET), workbook.add_form(DATA)
    styles = Styles(workbook)
    reasons = _reasons(hidden[0], source.schemes)
    listed, places = ListSheet(Paper(list_page, styles), source, subjects, reviewer, chosen), []
    for number, (subject, page) in enumerate(zip(subjects, pages, strict=True), 1):
        back = f"{quoted(LIST)}!{column_letters(listed.col['title'])}{FIRST + number}"
        code = subject.scheme.id
        paper, key = Paper(page, styles), f"d{number}"
        places.append(write_department(paper, subject, key, reviewer, back, reasons.get(code, ""), reasons[YES]))
    listed.write(names, places)
    targets = [_target(number, one, name) for number, (one, name) in enumerate(zip(subjects, names, strict=True), 1)]
    _hide(hidden, _mark(source, targets, reviewer).mark(_used(subjects)), targets)
    list_page.activate()
    workbook.close()
    return stream.getvalue()


def _used(subjects: Sequence[Subject]) -> list[str]:
    return list(dict.fromkeys(subject.scheme.id for subject in subjects))


def _mark(source: Source, targets: Sequence[Target], reviewer: str) -> BookMark:
    """The mark, with a number of its own that follows from what the workbook is made of."""
    made_of = "\n".join([source.started, reviewer, *(f"{one.scheme}|{one.identity}|{one.file}" for one in targets)])
    book = hashlib.sha256(made_of.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return BookMark(source.started, reviewer, book)


def _target(number: int, subject: Subject, sheet: str) -> Target:
    item, source = subject.department, subject.source
    judged = [judged_of(subject.scheme, item, score) for score in subject.judged]
    return Target(
        key=f"d{number}",
        scheme=subject.scheme.id,
        scheme_sha256=source.scheme_shas.get(subject.scheme.id, ""),
        code=item.code,
        name=item.name,
        project=item.project,
        project_code=item.project_code,
        category=item.category,
        file=item.file,
        file_sha256=source.shas.get(item.file, ""),
        sheet=sheet,
        total=str(subject.before.total),
        grade=subject.grade,
        judged={one.code: one for one in judged},
    )


def _reasons(page: Any, schemes: Sequence[Scheme]) -> dict[str, str]:
    """The common reasons of each scheme on the hidden sheet, and 是; where they stand, by the scheme's code and 是."""
    offered = {one.id: [reason.text for reason in one.review_reasons] for one in schemes if one.review_reasons}
    ranges: dict[str, str] = {}
    for col, (name, texts) in enumerate({YES: [YES], **offered}.items(), _LISTS):
        for row, text in enumerate(texts):
            page.write_string(row, col, text)
        letter = column_letters(col)
        ranges[name] = f"={LIST_SHEET}!${letter}$1:${letter}${len(texts)}"
    return ranges


def _hide(pages: Sequence[Any], mark: Mark, targets: Sequence[Target]) -> None:
    contents: list[Sequence[Sequence[str]]] = [mark.rows, data_rows(targets)]
    for page, rows in zip(pages, contents, strict=True):
        for row, texts in enumerate(rows):
            for col, text in enumerate(texts):
                page.write_string(row, col, clean(text))
        page.protect()
        page.very_hidden()
