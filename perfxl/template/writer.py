"""Puts the template together: sheets, `_meta`, defined names and properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from perfxl.layout import Layout, layout_of
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.sheets import (
    COVER,
    FILLED_SHEETS,
    FORMAT_VERSION,
    FUNDS,
    IDENTITY,
    KPIS,
    MANAGEMENT,
    META,
    SCORES,
    TASKS,
)
from perfxl.scheme.model import Scheme
from perfxl.template.cover import write_cover
from perfxl.template.forms import write_facts, write_identity
from perfxl.template.live import Live, Value
from perfxl.template.scores import write_scores
from perfxl.template.sheet import Book, FittingSheet, Sheet
from perfxl.template.styles import ALERT, DEFAULT_FORMAT, Styles
from perfxl.template.tables import write_kpis, write_tasks
from perfxl.template.validation import Lists

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": DEFAULT_FORMAT,
}


def template_bytes(
    scheme: Scheme,
    values: Mapping[FieldId, Value],
    meta: Mapping[str, str],
    layout: Layout | None,
    marks: Mapping[FieldId, str],
) -> bytes:
    """The workbook as it is written to a file; see `perfxl.template.write_template`."""
    fields = [*values, *marks]
    layout = layout or layout_of(scheme, most_rows(fields, "kpis"), most_rows(fields, "tasks"))
    keyed_marks = {layout.keyed(name): note for name, note in marks.items()}
    for name in fields:
        if layout.keyed(name) not in layout.places:
            raise KeyError(f"the template has no field {name}")
    stream = BytesIO()
    # XlsxWriter keeps a reference to the options and adds to them.
    workbook = Workbook(stream, {**OPTIONS, "default_format_properties": dict(DEFAULT_FORMAT)})
    sheets = {name: workbook.add_worksheet(name, FittingSheet) for name in (COVER, *FILLED_SHEETS, META)}
    live = Live(layout, values)
    book = Book(layout, live, Styles(workbook), Lists(sheets[META]), keyed_marks)
    _write_sheets(workbook, book, sheets)
    _write_meta(sheets[META], scheme, live, meta)
    for title in {layout.places[name].sheet for name in keyed_marks}:
        sheets[title].set_tab_color(ALERT)
    header = scheme.header
    # A fixed date makes the bytes the same each time.
    properties = {"title": header.title, "author": header.bureau, "created": datetime(header.year, 1, 1)}
    workbook.set_properties(properties)
    workbook.close()
    return stream.getvalue()


def most_rows(fields: Iterable[FieldId], table: str) -> int:
    """The highest ordinal of an open table's rows among the fields, 0 where there is none."""
    return max((int(row) for name, row, _ in fields if name == table), default=0)


def _write_sheets(workbook: Any, book: Book, sheets: Mapping[str, Any]) -> None:
    write_identity(Sheet(book, sheets[IDENTITY]))
    write_facts(Sheet(book, sheets[FUNDS]))
    write_kpis(Sheet(book, sheets[KPIS]))
    write_tasks(Sheet(book, sheets[TASKS]))
    write_facts(Sheet(book, sheets[MANAGEMENT]))
    named = write_scores(Sheet(book, sheets[SCORES]))
    write_cover(Sheet(book, sheets[COVER]), named)
    named["部门名称"] = book.layout.places["identity", "department.name", VALUE]
    for name, place in named.items():
        workbook.define_name(name, f"={place.ref}")


def _write_meta(worksheet: Any, scheme: Scheme, live: Live, meta: Mapping[str, str]) -> None:
    """Keys and values by which a returned workbook is known, all as text."""
    rows = {
        "format": str(FORMAT_VERSION),
        "scheme": scheme.id,
        "version": scheme.header.version,
        "year": str(scheme.year),
    }
    code = live.value(("identity", "department.code", VALUE))
    if code is not None:
        rows["department_code"] = format(code, "f") if isinstance(code, Decimal) else code
    for row, (key, text) in enumerate({**rows, **meta}.items()):
        worksheet.write_string(row, 0, key)
        worksheet.write_string(row, 1, text)
    worksheet.protect()
    worksheet.very_hidden()
