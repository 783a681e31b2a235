"""How every list of the bureau looks: a title, how to fill it, headings, cells to fill, and a mark to know it by.

The looks are the template's: yellow is to be filled, blue is chosen from a list, grey is given. A list is written by
describing its sheets (`ListSheet`, `perfxl.lists.columns.Heading`) and its mark; all else follows.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from perfxl.layout.grid import MARK as KEY_SIGN
from perfxl.layout.list_marks import LIST_SHEET, Mark
from perfxl.lists.columns import Heading
from perfxl.lists.on_paper import MARGIN, breaks_of, on_paper, printed_widths
from perfxl.references import column_letters
from perfxl.template.styles import (
    ALERT,
    ALERT_FILL,
    ALIGN,
    BODY_SIZE,
    DEFAULT_FORMAT,
    NUMBER_FORMATS,
    TEXT,
    TITLE_SIZE,
    Styles,
)
from perfxl.template.text_height import HIGHEST, LINE_HEIGHT, PADDING, lines, row_height
from perfxl.template.validation import comment_size
from perfxl.xlsx.paper import MANY, least_scale
from perfxl.xlsx.texts import clean
from perfxl.xlsx.writer import new_workbook

BLANK_ROWS = 200
REACH = 20_000
"""Rows down to which drop-downs and the text format reach: more departments has no province."""
_NUMBERS = frozenset(("money", "count", "number", "percent", "points"))
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_FIXED = datetime(2024, 1, 1)
"""A fixed time of creation: the same list is the same bytes."""

Content = str | Decimal | int | date | None


@dataclass(frozen=True)
class Cell:
    """A cell that differs from its column. locked: grey, or to be filled; None as the column is. alert: marked red.

    note: a comment on it.
    """

    value: Content = None
    locked: bool | None = None
    alert: bool = False
    note: str = ""


Row = Mapping[str, Content | Cell]
"""The contents of a row by the keys of the columns; blank where there is none."""


@dataclass(frozen=True)
class ListSheet:
    """A sheet of a list. name: of the sheet. title: in its first row. how: lines that say how it is filled.

    rows: those that stand there already. blank_rows: empty ones below. keyed: whether a hidden row above the headings
    holds the keys of the columns, each after `@`, so that a renamed heading stays known (wide lists). frozen: columns
    that stay in view. protected: whether only cells to fill can be changed.
    """

    name: str
    title: str
    how: Sequence[str]
    columns: Sequence[Heading]
    rows: Sequence[Row] = ()
    blank_rows: int = BLANK_ROWS
    keyed: bool = False
    frozen: int = 0
    protected: bool = False
    tab: str = ""


def write_book(target: Path | BytesIO, mark: Mark, sheets: Sequence[ListSheet]) -> None:
    """Writes a list. target: a path, where nothing half-written is ever left, or a stream. Raises OSError.

    No text becomes a formula or a link, and what a cell cannot hold is left out of it.
    """
    stream = BytesIO()
    workbook = new_workbook(stream, {**_OPTIONS, "default_format_properties": dict(DEFAULT_FORMAT)})
    workbook.set_properties({"title": sheets[0].title, "created": _FIXED})
    pages = [workbook.add_form(sheet.name) for sheet in sheets]
    lists = _Choices(workbook.add_form(LIST_SHEET), mark)
    styles = Styles(workbook)
    for sheet, page in zip(sheets, pages, strict=True):
        _Writer(sheet, page, styles, lists).write()
    pages[0].activate()
    lists.finish()
    workbook.close()
    if isinstance(target, BytesIO):
        target.write(stream.getvalue())
    else:
        _put(target, stream.getvalue())


def _put(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # A file of its own making may be read by others; a temporary one may not.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class _Choices:
    """The hidden sheet: the mark, and beside it what the drop-downs offer (in a rule itself only 255 characters go)."""

    def __init__(self, page: Any, mark: Mark) -> None:
        self._page = page
        self._ranges: dict[tuple[str, ...], str] = {}
        for row, (key, text) in enumerate(mark.rows):
            page.write_string(row, 0, key)
            page.write_string(row, 1, text)

    def range_of(self, choices: tuple[str, ...]) -> str:
        """Where these texts stand, written once."""
        if choices not in self._ranges:
            col = 3 + len(self._ranges)
            for row, text in enumerate(choices):
                self._page.write_string(row, col, text)
            letter = column_letters(col)
            self._ranges[choices] = f"={LIST_SHEET}!${letter}$1:${letter}${len(choices)}"
        return self._ranges[choices]

    def finish(self) -> None:
        self._page.protect()
        self._page.very_hidden()


class _Writer:
    def __init__(self, sheet: ListSheet, page: Any, styles: Styles, lists: _Choices) -> None:
        self.sheet, self.page, self.styles, self.lists = sheet, page, styles, lists
        self.below = styles.difference(**DEFAULT_FORMAT, num_format=TEXT)
        self.columns, self.beside = on_paper(sheet.columns)
        self.breaks = breaks_of(self.columns, sheet.frozen) if self.beside else []
        self.key_row = 2 if sheet.keyed else None
        self.group_row = 2 + sheet.keyed if any(column.group for column in sheet.columns) else None
        self.head_row = 2 + sheet.keyed + (self.group_row is not None)
        self.last_row = self.head_row + max(len(sheet.rows) + sheet.blank_rows, 1)
        self.last_col = len(sheet.columns) - 1
        self._formats: dict[tuple[str, bool, bool], Any] = {}

    def write(self) -> None:
        for at, column in enumerate(self.columns):
            options = {"hidden": True} if column.hidden else None
            # Below the last row too a code typed there stays a text.
            below = self.below if _number_format(column) == TEXT else None
            self.page.set_column(at, at, column.width, below, options)
        self._top()
        self._headings()
        self._body()
        self._rules()
        self._paper()

    def _shown(self) -> tuple[int, float]:
        """The first column that is seen, and the width of those that a title may run over."""
        first = next(at for at, column in enumerate(self.columns) if not column.hidden)
        return first, sum(column.width for column in self.columns if not column.hidden)

    def _top(self) -> None:
        """Title and how to fill: the title above what stands on every page, the rest once, whole on the first."""
        first, _ = self._shown()
        again = self.sheet.frozen if self.beside and self.sheet.frozen > first else 0
        end = self.breaks[0] if self.breaks else self.last_col + 1
        widths = printed_widths(self.columns)
        title, how = sum(widths[first : again or end]), sum(widths[again or first : end])
        size = TITLE_SIZE / BODY_SIZE
        for row, text, look, start, stop in (
            (0, self.sheet.title, self.styles("title", text_wrap=True), first, again or end),
            (1, "\n".join(self.sheet.how), self.styles("note"), again or first, end),
        ):
            if stop - 1 > start:
                self.page.merge_range(row, start, row, stop - 1, "", look)
            self.page.write_string(row, start, text, look)
        needed = lines(self.sheet.title, title / size) * LINE_HEIGHT * size + PADDING
        self.page.set_row(0, min(max(33.0, needed), HIGHEST))
        needed = sum(lines(text, how) for text in self.sheet.how) * LINE_HEIGHT + PADDING
        self.page.set_row(1, min(max(24.0, needed), HIGHEST))

    def _headings(self) -> None:
        head = self.styles("head")
        if self.key_row is not None:
            for at, column in enumerate(self.columns):
                self.page.write_string(self.key_row, at, KEY_SIGN + column.key, self.styles("key"))
            self.page.set_row(self.key_row, None, None, {"hidden": True})
        if self.group_row is not None:
            self._groups(self.group_row, head)
        for at, column in enumerate(self.columns):
            self.page.write_string(self.head_row, at, column.text, head)
        # Room for the buttons of the filter.
        height = row_height([(column.text, column.width - 1) for column in self.columns if not column.hidden], 30)
        self.page.set_row(self.head_row, height)

    def _groups(self, row: int, head: Any) -> None:
        start = 0
        for at in range(1, self.last_col + 2):
            if at <= self.last_col and self.columns[at].group == self.columns[start].group:
                continue
            if at - 1 > start and self.columns[start].group:
                self.page.merge_range(row, start, row, at - 1, "", head)
            else:
                for col in range(start, at):
                    self.page.write_blank(row, col, None, head)
            if self.columns[start].group:
                self.page.write_string(row, start, self.columns[start].group, head)
            start = at
        self.page.set_row(row, 25)

    def _body(self) -> None:
        row = self.head_row
        for row, values in enumerate(self.sheet.rows, self.head_row + 1):
            height: list[tuple[str, float]] = []
            for at, column in enumerate(self.columns):
                content = values.get(column.key)
                cell = content if isinstance(content, Cell) else Cell(content)
                self._cell(row, at, column, cell)
                if isinstance(cell.value, str) and not column.hidden and len(cell.value) * 2 > column.width - 2:
                    height.append((cell.value, column.width))
            self.page.set_row(row, row_height(height))
            self.page.fit(row)
        blank = [(at, self._format(column, locked=column.locked)) for at, column in enumerate(self.columns)]
        for row in range(self.head_row + 1 + len(self.sheet.rows), self.last_row + 1):
            for at, style in blank:
                self.page.write_blank(row, at, None, style)
            self.page.set_row(row, row_height(()))
            self.page.fit(row)

    def _cell(self, row: int, at: int, column: Heading, cell: Cell) -> None:
        locked = column.locked if cell.locked is None else cell.locked
        style, value = self._format(column, locked=locked, alert=cell.alert), cell.value
        if value is None or value == "":
            self.page.write_blank(row, at, None, style)
        elif isinstance(value, str):
            self.page.write_string(row, at, clean(value), style)
        elif isinstance(value, date):
            self.page.write_datetime(row, at, value, style)
        else:
            self.page.write_number(row, at, Decimal(value), style)
        if cell.note:
            self.page.write_comment(row, at, clean(cell.note), comment_size(cell.note))

    def _format(self, column: Heading, *, locked: bool, alert: bool = False) -> Any:
        key = (column.key, locked, alert)
        if key not in self._formats:
            choice = bool(column.choices or column.source)
            look = "computed" if locked else "choice" if choice else "input"
            align = ALIGN.get(column.type, "center" if column.type == "date" else "left")
            differences: dict[str, Any] = {"num_format": _number_format(column), "align": align}
            if align == "left":
                differences["indent"] = 1
            if column.type in _NUMBERS:
                differences |= {"text_wrap": False, "shrink": True}
            if alert:
                differences |= {"bg_color": ALERT_FILL, "font_color": ALERT}
            self._formats[key] = self.styles(look, **differences)
        return self._formats[key]

    def _rules(self) -> None:
        last = max(REACH + self.head_row, self.last_row)
        for at, column in enumerate(self.columns):
            rules: dict[str, Any] = {"validate": "any"}
            if column.choices or column.source:
                rules = {
                    "validate": "list",
                    "source": column.source or self.lists.range_of(column.choices),
                    "show_error": column.strict,
                    "error_title": "不在选项中",
                    "error_message": "请从下拉列表中选择。",
                }
            if column.note:
                rules |= {"input_title": column.text[:32], "input_message": column.note[:255]}
            if len(rules) > 1:
                self.page.data_validation(self.head_row + 1, at, last, at, rules | {"ignore_blank": True})

    def _paper(self) -> None:
        page, frozen = self.page, self.sheet.frozen
        first, _ = self._shown()
        page.freeze_panes(self.head_row + 1, frozen)
        page.autofilter(self.head_row, 0, self.last_row, self.last_col)
        used = f"A1:{column_letters(self.last_col)}{self.last_row + 1}"
        page.ignore_errors({"number_stored_as_text": used})
        page.set_selection(self.head_row + 1, first, self.head_row + 1, first)
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=MARGIN, right=MARGIN, top=0.75, bottom=0.7)
        page.center_horizontally()
        page.hide_gridlines(2)
        top = self.head_row if self.group_row is None else self.group_row
        page.repeat_rows(top, self.head_row)
        if not self.beside:
            page.fit_to_pages(1, MANY)
        else:
            page.set_print_scale(least_scale(BODY_SIZE))
            page.print_across()
            page.set_v_pagebreaks(self.breaks)
            if frozen:
                page.repeat_columns(0, frozen - 1)
        title = self.sheet.title[:100].replace("&", "&&")
        page.set_header(f"&L{title}&R&A")
        page.set_footer("&C第 &P 页，共 &N 页")
        if self.sheet.tab:
            page.set_tab_color(self.sheet.tab)
        if self.sheet.protected:
            allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
            page.protect("", dict.fromkeys(allowed, True))


def _number_format(column: Heading) -> str:
    return TEXT if column.type in ("text", "code", "choice") else NUMBER_FORMATS.get(column.type, "General")
