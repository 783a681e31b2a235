"""Puts the template together: sheets, `_meta`, defined names and properties."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from perfxl.deflate import COMPACT, QUICK
from perfxl.findings.reasons import LISTS as REASON_LISTS
from perfxl.layout import Layout, Place, layout_of
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.sheets import BESIDES, COVER, FORMAT_VERSION, META, PERIOD, REVIEW, SCORES, STAGE
from perfxl.scheme.model import Scheme, Stage
from perfxl.template.besides_sheets import sheet_titles, write_besides, write_own
from perfxl.template.book import Blank, Book
from perfxl.template.correction import CorrectionNote, Returning
from perfxl.template.correction_sheet import mark_text, ordered, write_review
from perfxl.template.cover import write_cover
from perfxl.template.expressions import area
from perfxl.template.forms import write_facts, write_identity
from perfxl.template.live import Live, Value
from perfxl.template.missing import TABLES, Missing
from perfxl.template.open_tables import write_kpis, write_tasks
from perfxl.template.scores import write_scores
from perfxl.template.sheet import Sheet
from perfxl.template.styles import ALERT, DEFAULT_FORMAT, Styles
from perfxl.template.validation import Lists
from perfxl.xlsx.writer import choice, new_workbook

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": DEFAULT_FORMAT,
}
_ON_NO_CELL: Mapping[FieldId, str] = {("", "", ""): ""}
"""Marks where there are none."""


def template_bytes(
    scheme: Scheme,
    values: Mapping[FieldId, Value],
    meta: Mapping[str, str],
    layout: Layout | None,
    marks: Mapping[FieldId, str],
    review: Sequence[CorrectionNote] | None = None,
    returning: Returning | None = None,
    fixed: Collection[FieldId] = (),
    *,
    marked: bool = False,
) -> bytes:
    """The workbook as it is written to a file; see `perfxl.template.write_template`.

    marked: whether the first sheet explains marks though there are none.
    """
    marks = _all_marks(marks, review or ())
    marked = marked or bool(marks)
    fields = [*values, *marks]
    layout = layout or layout_of(scheme, most_rows(fields, "kpis"), most_rows(fields, "tasks"))
    keyed = {name: layout.keyed(name) for name in fields}
    keyed_marks = {keyed[name]: note for name, note in marks.items()}
    for name, place in keyed.items():
        if place not in layout.places:
            raise KeyError(f"the template has no field {name}")
    stream = BytesIO()
    first = [] if review is None else [REVIEW]
    blank = blank_of(layout, marked=marked) if layout is layout_of(scheme) else None
    # What is fixed changes what may be typed into the rows around it: no other workbook need have the same.
    held = frozenset(map(layout.keyed, fixed))
    anew = frozenset(layout.places[name].sheet for name in held)
    besides = returning.besides if returning is not None else None
    names = (*first, COVER, *layout.sheets, *sheet_titles(besides), META)
    workbook, sheets = _new(stream, names, blank, anew)
    live = Live(layout, values, keyed)
    explained = keyed_marks or (_ON_NO_CELL if marked else {})
    book = Book(layout, live, Styles(workbook), Lists(sheets[META]), explained, held, anew=anew)
    if blank is not None:
        book.begin_as(blank, keyed.values())
    _write_sheets(workbook, book, sheets)
    if review is not None:
        write_review(Sheet(book, sheets[REVIEW]), review, returning)
    if besides is not None:
        write_besides(Sheet(book, sheets[BESIDES]), besides)
        for own in besides.sheets:
            write_own(Sheet(book, sheets[own.title]), own)
    opening = sheets[REVIEW if review is not None else COVER]
    opening.activate()
    opening.set_first_sheet()
    _write_meta(sheets[META], scheme, live, meta)
    for title in {layout.places[name].sheet for name in keyed_marks}:
        sheets[title].set_tab_color(ALERT)
    header = scheme.header
    # A fixed date makes the bytes the same each time.
    properties = {"title": header.title, "author": header.bureau, "created": datetime(header.year, 1, 1)}
    workbook.set_properties(properties)
    workbook.close()
    return stream.getvalue()


def _new(
    target: BytesIO, names: Iterable[str], blank: Blank | None, anew: Container[str] = ()
) -> tuple[Any, dict[str, Any]]:
    """A workbook and its sheets by their names. anew: those that do not begin as in the blank one."""
    # XlsxWriter keeps a reference to the options and adds to them.
    options = {**OPTIONS, "default_format_properties": dict(DEFAULT_FORMAT)}
    # What a copy has of its own is a seventh of it: packed quickly, the file is 1 % larger.
    workbook = new_workbook(target, options, COMPACT if blank is None else QUICK)
    if blank is not None:
        workbook.begin_as(blank.stamp)
    return workbook, {name: workbook.add_form(name, anew=name in anew, sharing=True) for name in names}


def blank_of(layout: Layout, *, marked: bool) -> Blank | None:
    """The template without values that all workbooks of a layout begin as; None where each is written anew.

    marked: for those with marks, which the first sheet explains.
    """
    return layout.once(_blank, marked) if choice().quick else None


def _blank(layout: Layout, marked: bool) -> Blank:
    workbook, sheets = _new(BytesIO(), (COVER, *layout.sheets, META), None)
    book = Book(layout, Live(layout, {}), Styles(workbook), Lists(sheets[META]), _ON_NO_CELL if marked else {})
    _write_sheets(workbook, book, sheets)
    return Blank(workbook.stamp(), book)


def _all_marks(marks: Mapping[FieldId, str], review: Sequence[CorrectionNote]) -> dict[FieldId, str]:
    """The marks, and one for each cell that the review names and that has none."""
    by_field: dict[FieldId, list[str]] = {}
    for line in ordered(review):
        if line.field is not None:
            by_field.setdefault(line.field, []).append(mark_text(line))
    return {field: "\n".join(texts) for field, texts in by_field.items()} | dict(marks)


def most_rows(fields: Iterable[FieldId], table: str) -> int:
    """The highest ordinal of an open table's rows among the fields, 0 where there is none."""
    return max((int(row) for name, row, _ in fields if name == table), default=0)


def _write_sheets(workbook: Any, book: Book, sheets: Mapping[str, Any]) -> None:
    layout = book.layout
    for name in layout.sheets:
        table = layout.sheet_blocks(name)[0].table
        if table in _WRITERS:
            _WRITERS[table](Sheet(book, sheets[name]))
    # The scores name cells of the KPI table, the first sheet those of all.
    result = write_scores(Sheet(book, sheets[SCORES])) if layout.has("scores") else None
    missing = Missing(Sheet(book, sheets[META]))
    own = write_cover(Sheet(book, sheets[COVER]), result, missing)
    if book.blank is not None:
        return  # with its names
    for title, words in REASON_LISTS.items():
        book.lists.named(title, words)
    scores = result.named if result is not None else {}
    for title, place in (scores | own | named_cells(layout)).items():
        workbook.define_name(title, f"={place.ref}")
    for title, ref in book.lists.names.items():
        workbook.define_name(title, f"={ref}")
    for key, title in TABLES.items():
        if layout.has(key):
            block = layout.block(key)
            first, last = (
                Place(block.sheet, row, block.columns[end].col)
                for row, end in ((block.head_row, 0), (block.last_row, -1))
            )
            workbook.define_name(title, f"={area(first, last)}")


_WRITERS: dict[str, Callable[[Sheet], None]] = {
    "identity": write_identity, "facts": write_facts, "kpis": write_kpis, "tasks": write_tasks,
}  # fmt: skip


FORMER_NAME = "单位代码"
"""A defined name that formulas in workbooks of bureaus may use: it stays beside that which took its place."""


def named_cells(layout: Layout) -> dict[str, Place]:
    """Who fills, and the figures that everything hangs on, by their defined names."""
    names = {
        "部门名称": ("identity", "department.name"),
        "部门代码": ("identity", "department.code"),
        FORMER_NAME: ("identity", "department.code"),
        "部门类别": ("identity", "department.category"),
        "项目名称": ("identity", "department.project"),
        "项目代码": ("identity", "department.project_code"),
    }
    table = layout.scheme.funds_table
    if table.total is not None:
        for column, heading in table.columns.items():
            names[_free(defined_name(heading), names)] = ("facts", table.total.fact(column))
    places = {name: layout.places.get((table_, key, VALUE)) for name, (table_, key) in names.items()}
    return {name: place for name, place in places.items() if place is not None}


def defined_name(heading: str) -> str:
    """The name of the total of a column: what Excel takes of its heading in a name, with 合计 behind it."""
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", heading) if _is_letter(sign))
    name = f"{kept[:200]}合计"
    return name if _is_letter(name[0]) and not name[0].isdigit() else f"_{name}"


def _is_letter(sign: str) -> bool:
    return sign == "_" or (sign.isascii() and sign.isalnum()) or unicodedata.category(sign) == "Lo"


def _free(name: str, taken: Container[str]) -> str:
    """The name with a number behind it where another column has it."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}{number}", number + 1
    return free


def _write_meta(worksheet: Any, scheme: Scheme, live: Live, meta: Mapping[str, str]) -> None:
    """Keys and values by which a returned workbook is known, all as text."""
    rows = {
        "format": str(FORMAT_VERSION),
        "scheme": scheme.id,
        "version": scheme.header.version,
        "year": str(scheme.year),
    }
    if scheme.stage is not Stage.SELF_REVIEW:
        # A workbook that says nothing of it is one of the self-review.
        rows |= {STAGE: str(scheme.stage), PERIOD: scheme.period}
    code = live.value(("identity", "department.code", VALUE))
    if code is not None:
        rows["department_code"] = format(code, "f") if isinstance(code, Decimal) else code
    for row, (key, text) in enumerate({**rows, **meta}.items()):
        worksheet.write_string(row, 0, key)
        worksheet.write_string(row, 1, text)
    worksheet.protect()
    worksheet.very_hidden()
