"""One sheet in the making: labels, formulas with their values, cells to fill, and what holds for every filled sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from perfxl.layout import Block, FieldSpec, Line, Place
from perfxl.layout.grid import END_MARK, KEY_COLUMN, MARK
from perfxl.layout.sheets import REVIEW
from perfxl.layout.template_layout import field_id
from perfxl.template.book import Book
from perfxl.template.expressions import within
from perfxl.template.filled_cells import cells_to_fill, day_in
from perfxl.template.live import Shown, Value
from perfxl.template.notes import SIGN
from perfxl.template.paper import Paper, paper_of
from perfxl.template.styles import (
    ALERT,
    ALIGN,
    BODY_SIZE,
    FIT_NUMBER,
    GENERAL,
    MARKED,
    NUMBER_FORMATS,
    TEXT,
    TITLE_SIZE,
)
from perfxl.template.text_height import HIGHEST, row_height, units
from perfxl.template.validation import comment_size, validation
from perfxl.text import CELL_TEXT

APPROVED = "已核定的绩效目标，不用填写"
_NO_FORMULA = None, None


class Sheet:
    """Writes one sheet. Rows and columns count from 0; `to` is the last column of a merged cell."""

    def __init__(self, book: Book, worksheet: Any) -> None:
        self.book = book
        self.scheme = book.layout.scheme
        self.live = book.live
        self.xl = worksheet
        self.name: str = worksheet.get_name()
        self.widths: dict[int, float] = {}
        self.paper: Paper | None = None
        self._input_styles = book.input_styles.setdefault(self.name, {})
        self._fixed: dict[int, FieldSpec] = {}
        blank = book.blank.book.kept if book.blank else {}
        self._blank = blank.get(self.name, {})
        self._kept = book.kept.setdefault(self.name, {})
        self._written: set[tuple[int, int]] = set()
        self.heights: dict[int, float] = {
            row: what[0] for (kind, row, _), what in self._blank.items() if kind == "height"
        }
        """Points of the rows that have a height of their own."""
        self.grown = False
        """Whether any of them is another than in the workbook that this one begins as."""
        self._known = self.name in blank
        self.stamped = self._known and self.name not in book.anew
        """Whether all that is the same in every workbook stands there already."""

    def _stands(self, kind: str, row: int, col: int, *what: Any) -> bool:
        """Whether just this stands there already, so that nothing is to be done."""
        if not self.stamped:
            self._kept[kind, row, col] = what
            return False
        if (row, col) not in self._written and self._blank.get((kind, row, col)) == what:
            return True
        self._written.add((row, col))
        return False

    def _has_formula(self, row: int, col: int, value: Shown, *what: Any) -> bool:
        """Whether this formula stands there with its value. what: the formula, and how it looks."""
        if not self.stamped:
            self._kept["formula", row, col] = value, what
            return False
        at = row, col
        if at in self._written:
            return False
        before, formula = self._blank.get(("formula", row, col), _NO_FORMULA)
        same = formula == what
        # A decimal takes long to find out that it is no text.
        if same and type(before) is type(value) and before == value:
            return True
        self._written.add(at)
        # In most cells it comes to something else, and nothing but that changes.
        return same and bool(self.xl.write_result(row, col, _shown(value)))

    def untouched(self, block: Block, line: Line) -> bool:
        """Whether a row of an open table stands there as it must be: nothing is written in it, nothing marked."""
        return self.stamped and (block.table, line.key) not in self.book.touched

    def set_widths(self, widths: Mapping[int, float]) -> None:
        """Column widths in characters; the key column is hidden."""
        self.widths = dict(widths)
        if self.stamped:
            return
        for col, width in widths.items():
            self.xl.set_column(col, col, width)

    def fit(self, blocks: tuple[Block, ...], *, landscape: bool) -> None:
        """The widths that blocks ask for, narrower where they can be read on one page only so."""
        papers = self.book.papers
        if self.name not in papers:
            papers[self.name] = paper_of(blocks, landscape=landscape)
        self.paper = papers[self.name]
        self.set_widths(self.paper.widths)

    def span(self, col: int, to: int | None = None) -> float:
        """Width of a cell that may be merged."""
        if to is None:
            return self.widths.get(col, 9.0)
        return sum(self.widths.get(each, 9.0) for each in range(col, to + 1))

    def height(self, row: int, points: float, *, fits: bool = False) -> None:
        """Height of a row. fits: the row may grow and shrink with what is typed."""
        if self.heights.get(row) != points:
            self.heights[row], self.grown = points, True
        if self._stands("height", row, -1, points, fits):
            return
        self.xl.set_row(row, points)
        if fits:
            self.xl.fit(row)

    def text(self, row: int, col: int, text: str, look: str = "label", to: int | None = None, **other: Any) -> None:
        """A text that stays one, whatever it begins with."""
        if self._stands("text", row, col, text, look, to, *other.items()):
            return
        style = self.book.styles(look, **other)
        if to is not None and to > col:
            self.xl.merge_range(row, col, row, to, "", style)
        if not text:
            self.xl.write_blank(row, col, None, style)
        elif self.xl.write_string(row, col, text, style) != 0:
            raise ValueError(f"{Place(self.name, row, col).ref}: a cell takes {CELL_TEXT} characters at most")

    def number(self, row: int, col: int, number: Decimal, look: str = "label", **other: Any) -> None:
        """A number that is no input."""
        if self._stands("number", row, col, number, look, *other.items()):
            return
        self.xl.write_number(row, col, float(number), self.book.styles(look, **other))

    def formula(
        self,
        row: int,
        col: int,
        expression: str,
        value: Shown,
        look: str = "computed",
        to: int | None = None,
        **other: Any,
    ) -> None:
        """A formula, without its `=`, and what it comes to."""
        if self._has_formula(row, col, value, expression, look, to, *other.items()):
            return
        style = self.formula_style(look, **other)
        if to is not None and to > col:
            self.xl.merge_range(row, col, row, to, "", style)
        self._formula(row, col, expression, value, style)

    def formula_style(self, look: str = "computed", **other: Any) -> Any:
        """The style of a formula, for many of them."""
        return self.book.styles(look, **(other | FIT_NUMBER if "num_format" in other else other))

    def styled_formula(self, row: int, col: int, expression: str, value: Shown, style: Any) -> None:
        """A formula in a style that was asked for before."""
        if not self._has_formula(row, col, value, expression, style):
            self._formula(row, col, expression, value, style)

    def _formula(self, row: int, col: int, expression: str, value: Shown, style: Any) -> None:
        self.xl.write_formula(row, col, within(self.name, expression), style, _shown(value))

    def note(
        self, row: int, col: int, expression: str, value: str, look: str = "computed", to: int | None = None,
        *, several: bool = False, **other: Any,
    ) -> None:  # fmt: skip
        """A formula that may give a note (several: more than one), counted on the first sheet."""
        places = self.book.strips if several else self.book.noted
        if not self._known:
            places.setdefault(self.name, []).append(Place(self.name, row, col))
        if count := value.count(SIGN) if several else value.startswith(SIGN):
            self.book.notes[Place(self.name, row, col)] = count
        style = {"align": "left", "indent": 1, "font_color": ALERT} | other
        self.formula(row, col, expression, value, look, to, **style)

    def fill(self, block: Block, line: Line, key: str, to: int | None = None, **other: Any) -> Value | None:
        """A cell that the department fills, with its value and its mark where it has any; the value."""
        place, spec, name = self.book.layout.once(cells_to_fill, block.key)[line.key, key]
        value, note = self.live.value(name), self.book.marks.get(name)
        if value is not None and self.stamped:
            # Nothing stands in the blank template's.
            self._written.add((place.row, place.col))
        elif self._stands("fill", place.row, place.col, value, note, to, *other.items()):
            return value
        if name in self.book.fixed:
            spec = self.fixed_spec(spec)
        if spec.bureau and block.open:
            # Excel sorts no range with a locked cell in it; typing there is refused instead.
            other["locked"] = False
        style = self.input_style(spec, **(other | MARKED if note else other))
        if not self.stamped:
            # Workbooks that begin as this one have the format at hand, and so all the same formats.
            self.input_style(spec, **(other | MARKED))
        if to is not None and to > place.col:
            self.xl.merge_range(place.row, place.col, place.row, to, "", style)
        self._value(place, spec, value, style)
        if note:
            self.xl.write_comment(place.row, place.col, note, comment_size(note) | {"author": REVIEW})
        return value

    def fixed_spec(self, spec: FieldSpec) -> FieldSpec:
        """What stands in a cell that nobody may change: it looks and behaves as what the bureau supplies."""
        if id(spec) not in self._fixed:
            self._fixed[id(spec)] = replace(spec, bureau=True, hint=APPROVED)
        return self._fixed[id(spec)]

    def fixed_rows(self, block: Block, key: str) -> int:
        """How many of the first rows of an open table have a fixed cell in a column."""
        held = [field_id(block, line.key, key) in self.book.fixed for line in block.lines]
        return max((number for number, fixed in enumerate(held, 1) if fixed), default=0)

    def input_style(self, spec: FieldSpec, **other: Any) -> Any:
        """The look of a cell to fill, by what belongs in it."""
        # A field's kind lives as long as the layout, so its identity will do for the thousand cells of an open table.
        key = (id(spec), *other.items())
        if key not in self._input_styles:
            self._input_styles[key] = self._input_style(spec, other)
        return self._input_styles[key]

    def _input_style(self, spec: FieldSpec, other: Mapping[str, Any]) -> Any:
        look = "choice" if spec.choices and spec.type != "value" else "input"
        look = "supplied" if spec.bureau else look
        number_format = TEXT if spec.as_typed else NUMBER_FORMATS.get(spec.type, GENERAL)
        differences: dict[str, Any] = {"num_format": number_format} if number_format != GENERAL else {}
        if spec.numeric:
            differences |= FIT_NUMBER
        differences |= {"align": ALIGN[spec.type]} if spec.type in ALIGN else {"align": "left", "indent": 1}
        return self.book.styles(look, **(differences | dict(other)))

    def _value(self, place: Place, spec: FieldSpec, value: Value | None, style: Any) -> None:
        row, col = place.row, place.col
        if value is None:
            self.xl.write_blank(row, col, None, style)
        elif isinstance(value, Decimal):
            self.xl.write_number(row, col, float(value), style)
        elif spec.type == "date" and (day := day_in(value)) is not None:
            self.xl.write_datetime(row, col, day, style)
        elif self.xl.write_string(row, col, value, style) != 0:
            raise ValueError(f"{place.ref}: a cell takes {CELL_TEXT} characters at most")

    def validate(self, spec: FieldSpec, first: Place, last: Place | None = None, **other: Any) -> None:
        """Drop-down, number check and input hint of a field, over one cell or the cells of a column."""
        if self.stamped:
            return
        end = last or first
        rules = validation(spec, self.book.lists, at=first.cell, **other)
        self.xl.data_validation(first.row, first.col, end.row, end.col, rules)

    def begin(self, title: str, note: str) -> None:
        """Title and note, over all columns."""
        if self.stamped:
            return
        last = self.paper.first_page if self.paper is not None else max(self.widths)
        self.title(title, to=last)
        self.text(1, 1, note, "note", to=last)
        self.height(1, row_height([(note, self.span(1, last))], 24))
        self.xl.set_column(KEY_COLUMN, KEY_COLUMN, 8, None, {"hidden": True})

    def title(self, title: str, to: int, size: int = TITLE_SIZE, height: float = 33) -> None:
        """The title in the first row, on as many lines as it takes."""
        # Characters are as much wider as the font is larger.
        width = self.span(1, to) * BODY_SIZE / size
        if units(title) > width - 2:
            lines = row_height([(title, width)]) * size / BODY_SIZE
            self.text(0, 1, title, "title", to=to, font_size=size, text_wrap=True)
            self.height(0, min(max(height, lines), HIGHEST))
        else:
            self.text(0, 1, title, "title", to=to, **({} if size == TITLE_SIZE else {"font_size": size}))
            self.height(0, height)

    def block(self, block: Block, aside: str = "") -> None:
        """Title, hidden keys and headings of a block, and the keys of its lines."""
        if self.stamped:
            return
        key_style = self.book.styles("key")
        last = block.columns[-1].col
        if self.paper is not None and not aside:
            last = min(last, self.paper.first_page)
        middle = last - 1 if aside else last
        self.text(block.title_row, 1, block.title, "block", to=middle)
        if aside:
            self.text(block.title_row, last, aside, "aside")
        self.height(block.title_row, 26)
        self.xl.set_row(block.key_row, None, None, {"hidden": True})
        self.xl.write_string(block.key_row, KEY_COLUMN, MARK + block.key, key_style)
        for column in block.columns:
            self.xl.write_string(block.key_row, column.col, column.key, key_style)
            to = block.wide_to if column.key == block.columns[-1].key else None
            self.text(block.head_row, column.col, column.label, "head", to=to)
        # Headings are not indented; above an open table they leave room for the filter buttons.
        headings = [(column.label, self.span(column.col) + 2) for column in block.columns]
        self.height(block.head_row, row_height(headings, 30 if block.open else 25))
        for line in block.lines:
            self.xl.write_string(line.row, KEY_COLUMN, line.key, key_style)
        if block.open:
            self.xl.write_string(block.next_row, KEY_COLUMN, END_MARK, key_style)

    def finish(self) -> None:
        """Protection, and where one begins."""
        if self.stamped:
            return
        blocks = self.book.layout.sheet_blocks(self.name)
        self.protect(open_rows=any(block.open for block in blocks))
        last_row, last_col = max(self.heights), max(self.widths)
        # Codes are texts, and neighbours have formulas of their own: no green corners for either.
        used = f"A1:{Place(self.name, last_row, last_col).cell}"
        self.xl.ignore_errors({"number_stored_as_text": used, "formula_differs": used, "formula_range": used})
        start = self._first_input()
        if start is not None:
            self.xl.set_selection(start.row, start.col, start.row, start.col)

    def _first_input(self) -> Place | None:
        """The first cell to fill, None where the sheet only shows what is worked out."""
        for block in self.book.layout.sheet_blocks(self.name):
            for line in block.lines:
                for column in block.inputs():
                    if column.key in line.specs and not line.specs[column.key].bureau:
                        return block.place(line, column.key)
        return None

    def protect(self, *, open_rows: bool = False) -> None:
        """Only cells to fill can be changed; widths, heights, filters and looks stay free."""
        allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
        options = dict.fromkeys(allowed, True) | {"insert_rows": open_rows, "delete_rows": open_rows}
        self.xl.protect("", options)


def _shown(value: Shown) -> float | int | str:
    """What a formula gives, as its cell has it."""
    return "" if value is None else float(value) if isinstance(value, Decimal) else value
