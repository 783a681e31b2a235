"""Plain lists (one row each) described by their columns: heading, width, look and value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Generic, TypeVar

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO
from perfxl.results.cells import ROW_HEIGHT, Cell, Formula, Page, row_height, shown, text_lines
from perfxl.results.styles import SIZE, SMALL

LAST_ROW = 1_048_576  # Excel's last row

Item = TypeVar("Item")


@dataclass(frozen=True)
class Column(Generic[Item]):
    """One column. value: takes the item and its row number as Excel counts it (for formulas).

    look: traits, or a function of the item where the look depends on it. summed: whether a sum that follows the
    filter stands above the heading.
    """

    key: str
    heading: str
    width: float
    look: str | Callable[[Item], str]
    value: Callable[[Item, int], Cell]
    summed: bool = False


class Table(Generic[Item]):
    """A list on a sheet of its own: title, note, headings, rows; filter, frozen headings and print set-up.

    first: the first row of items, as Excel counts it.
    """

    def __init__(self, sheet: str, columns: Sequence[Column[Item]], items: Sequence[Item], *, first: int = 4) -> None:
        self.sheet = sheet
        self.columns = columns
        self.first = first
        room = LAST_ROW - first
        self.items = items[:room]
        self.left_out = len(items) - len(self.items)
        self._letters = {column.key: xl_col_to_name(number) for number, column in enumerate(columns)}

    @property
    def last(self) -> int:
        """The last row of items, as Excel counts it; the first one where there are none."""
        return max(self.first, self.first + len(self.items) - 1)

    def cell(self, key: str, row: int) -> str:
        """A cell of a row of this sheet, `$F12`, which stays right when the rows are sorted."""
        return f"${self._letters[key]}{row}"

    def range(self, key: str) -> str:
        """All items of a column, as a formula on this or another sheet writes it."""
        letter = self._letters[key]
        return f"'{self.sheet}'!${letter}${self.first}:${letter}${self.last}"

    def local(self, key: str) -> str:
        """All items of a column, for this sheet, `F4:F103`."""
        letter = self._letters[key]
        return f"{letter}{self.first}:{letter}{self.last}"

    def write(
        self,
        page: Page,
        title: str,
        note: str,
        *,
        frozen: int = 0,
        empty: str = "无",
        heading_height: float = 32,
    ) -> None:
        """Writes it all. frozen: columns kept in view; empty: what stands in a table without items."""
        page.widths([column.width for column in self.columns])
        page.put(0, 0, title, "title")
        page.height(0, 28)
        page.height(1, 18)
        page.put(1, 0, note, "note")
        head = self.first - 2
        page.row(head, 0, [column.heading for column in self.columns], "head")
        page.height(head, heading_height)
        self._write_items(page)
        self._write_sums(page)
        if not self.items:
            page.put(self.first - 1, 0, empty, "muted")
        if self.left_out:
            text = f"此表超过 Excel 的行数上限，另有 {self.left_out} 行未列出，完整内容见 run.json。"
            page.put(self.last, 0, text, "bold")
        last_column = len(self.columns) - 1
        page.sheet.autofilter(head, 0, self.last - 1, last_column)
        page.sheet.freeze_panes(self.first - 1, frozen)

    def _write_items(self, page: Page) -> None:
        columns = [(place, column, column.value, _fixed(column.look)) for place, column in enumerate(self.columns)]
        for number, item in enumerate(self.items, self.first):
            height = ROW_HEIGHT
            for place, column, value_of, fixed in columns:
                look, size = fixed or _with_size(column.look(item))  # type: ignore[operator]
                value = value_of(item, number)
                page.put(number - 1, place, value, look)
                if size and value is not None and (text := shown(value)):
                    height = max(height, row_height(text_lines(text, column.width, size), size))
            page.height(number - 1, height)

    def _write_sums(self, page: Page) -> None:
        for place, column in enumerate(self.columns):
            if column.summed:
                values = (_number(column.value(item, number)) for number, item in enumerate(self.items, self.first))
                page.put(1, place - 1, "筛选合计", "note right")
                formula = f"=ROUND(SUBTOTAL(9,{self.range(column.key)}),2)"
                page.put(1, place, Formula(formula, sum(values, ZERO)), "score bold")


def _fixed(look: str | Callable[[Any], str]) -> tuple[str, float] | None:
    """A look with its font size where texts are wrapped, 0 where not; None of a look that depends on the item."""
    return _with_size(look) if isinstance(look, str) else None


@cache
def _with_size(look: str) -> tuple[str, float]:
    if "wrap" not in look:
        return look, 0
    return look, SMALL if "small" in look else SIZE


def _number(value: Cell) -> Decimal:
    if isinstance(value, Formula) and isinstance(value.value, Decimal):
        return value.value
    return Decimal(value) if isinstance(value, (Decimal, int)) else ZERO
