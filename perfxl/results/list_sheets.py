"""Plain lists (one row each) described by their columns: heading, width, look and value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, takewhile
from typing import Any, Generic, TypeVar

from xlsxwriter.utility import xl_col_to_name

from perfxl.caches import cached
from perfxl.decimals import ZERO
from perfxl.results.cells import Cell, Formula, Name, Page, display_text, page_room
from perfxl.results.names import continued, quoted
from perfxl.results.styles import SIZE, SMALL
from perfxl.results.text_height import ROW_HEIGHT, TALLEST, most_lines, row_height, shortened, text_lines
from perfxl.xlsx.paper import fitted

LAST_ROW = 1_048_576  # Excel's last row

Item = TypeVar("Item")


@dataclass(frozen=True)
class Column(Generic[Item]):
    """One column. value: takes the item and its row number as Excel counts it (for formulas).

    look: traits, or a function of the item where the look depends on it. summed: whether a sum that follows the
    filter stands above the heading. least: how narrow it may become for all columns to be read on a page; by default
    wrapped texts give way, down to a bit more than half. links: whether each row may have a link there, other than that
    of a name.
    """

    key: str
    heading: str
    width: float
    look: str | Callable[[Item], str]
    value: Callable[[Item, int], Cell]
    summed: bool = False
    least: float | None = None
    links: bool = False

    @property
    def narrowest(self) -> float:
        """How narrow it may become."""
        if self.least is not None:
            return self.least
        wrapped = isinstance(self.look, str) and "wrap" in self.look
        return min(self.width, max(8.0, 0.55 * self.width)) if wrapped else self.width


class Table(Generic[Item]):
    """A list on a sheet of its own: title, note, headings, rows; filter, frozen headings and print set-up.

    One that is longer than Excel's sheets goes on, on sheets named `问题清单（2）` and so on. first: the first row of
    items on each, as Excel counts it.
    """

    def __init__(self, sheet: str, columns: Sequence[Column[Item]], items: Collection[Item], *, first: int = 4) -> None:
        self.sheet = sheet
        self.columns = columns
        self.first = first
        self.items = items
        room = LAST_ROW - first + 1
        # At least one part, be it empty.
        self._counts = [min(room, len(items) - start) for start in range(0, max(len(items), 1), room)]
        self._letters = {column.key: xl_col_to_name(number) for number, column in enumerate(columns)}
        # Links at the end of a row lead somewhere on a screen and say nothing on paper.
        self.printed = len(columns) - sum(1 for _ in takewhile(lambda column: column.links, reversed(columns)))
        on_paper = tuple((column.width, column.narrowest) for column in columns[: self.printed])
        self.widths = (*_widths(on_paper), *(column.width for column in columns[self.printed :]))
        self.stretch = 1.0
        """By what rows are higher than their texts need, to fill the page."""

    def heights(self) -> list[float]:
        """How high the rows are that their texts need, in points."""
        heights = []
        for number, item in enumerate(self.items, self.first):
            height = ROW_HEIGHT
            for place, column in enumerate(self.columns):
                _, size = _with_size(column.look if isinstance(column.look, str) else column.look(item))
                if size and (value := column.value(item, number)) is not None and (text := display_text(value)):
                    height = max(height, row_height(text_lines(text, self.widths[place], size), size))
            heights.append(height)
        return heights

    @property
    def sheets(self) -> list[str]:
        """The names of its sheets."""
        return continued(self.sheet, len(self._counts))

    def __contains__(self, key: object) -> bool:
        return key in self._letters

    def cell(self, key: str, row: int) -> str:
        """A cell of a row of this sheet, `$F12`, which stays right when the rows are sorted."""
        return f"${self._letters[key]}{row}"

    def ranges(self, *keys: str) -> list[tuple[str, ...]]:
        """All items of some columns, as a formula on any sheet writes them: for each sheet a range of each column."""
        letters = [self._letters[key] for key in keys]
        return [
            tuple(f"{quoted(sheet)}!${letter}${self.first}:${letter}${self._last(count)}" for letter in letters)
            for sheet, count in zip(self.sheets, self._counts, strict=True)
        ]

    def added(self, formula: str, *keys: str) -> str:
        """A count or sum over some columns, added up over all sheets. formula: with `{}` for each column's range."""
        return "+".join(formula.format(*ranges) for ranges in self.ranges(*keys))

    def local(self, key: str) -> str:
        """All items of a column, for its first sheet, `F4:F103`."""
        letter = self._letters[key]
        return f"{letter}{self.first}:{letter}{self.last}"

    @property
    def last(self) -> int:
        """The last row of items on its first sheet, as Excel counts it; the first one where there are none."""
        return self._last(self._counts[0])

    def _last(self, count: int) -> int:
        return max(self.first, self.first + count - 1)

    def write(
        self,
        pages: Sequence[Page],
        title: str,
        note: str,
        *,
        frozen: int = 0,
        empty: str = "无",
        heading_height: float = 32,
        below: int = 0,
    ) -> None:
        """Writes it all, on a page for each sheet, with the set-up for paper.

        frozen: columns kept in view; empty: what an empty table says. below: how many rows will be written below it,
        which are printed with it.
        """
        items = iter(self.items)
        for number, (page, count) in enumerate(zip(pages, self._counts, strict=True), 1):
            if len(pages) > 1:
                part = f"行数超过一张工作表的上限，分为 {len(pages)} 张，这是第 {number} 张。"
                self._head(page, title if number == 1 else f"{title}（续）", part + note, heading_height)
            else:
                self._head(page, title, note, heading_height)
            self._rows(page, islice(items, count), count)
            if not count:
                page.put(self.first - 1, 0, empty, "muted")
            page.sheet.autofilter(self.first - 2, 0, self._last(count) - 1, len(self.columns) - 1)
            page.sheet.freeze_panes(self.first - 1, frozen)
            wide = sum(self.widths[: self.printed]) > page_room(self.printed)
            # Without an area programs print what runs over the last border on a page more.
            area = (self._last(count) - 1 + below, self.printed - 1)
            page.print_setup(landscape=True, repeat=(self.first - 2,) * 2, area=area, beside=frozen if wide else None)

    def _head(self, page: Page, title: str, note: str, height: float) -> None:
        page.widths(list(self.widths))
        page.put(0, 0, title, "title")
        page.height(0, 28)
        # Wrapped, so that it ends where the table does; beside it may stand sums.
        last = min((place - 2 for place, column in enumerate(self.columns) if column.summed), default=self.printed - 1)
        page.merged(1, 0, 1, last, note, "note wrap left")
        page.height(1, max(18, row_height(text_lines(note, sum(self.widths[: last + 1]), SMALL), SMALL)))
        head = self.first - 2
        page.row(head, 0, [column.heading for column in self.columns], "head")
        page.height(head, height)

    def _rows(self, page: Page, items: Iterable[Item], count: int) -> None:
        columns = [(place, column, column.value, _fixed(column.look)) for place, column in enumerate(self.columns)]
        looks = [fixed[0] if fixed else "" for *_, fixed in columns]
        widths, tallest = self.widths, most_lines(SIZE)
        sums = {place: ZERO for place, column in enumerate(self.columns) if column.summed}
        page.expect_names(count, count * sum(column.links for column in self.columns))
        for number, item in enumerate(items, self.first):
            values: list[Cell] = []
            most = {SMALL: 0, SIZE: 0}  # lines of texts in this size
            for place, column, value_of, fixed in columns:
                if fixed is None:
                    looks[place], size = _with_size(column.look(item))  # type: ignore[operator]
                else:
                    size = fixed[1]
                value = value_of(item, number)
                if size and value is not None and (text := value if type(value) is str else display_text(value)):
                    width = widths[place]
                    lines = text_lines(text, width, size)
                    if lines > tallest and isinstance(value, (str, Name)):
                        short = shortened(text, width, size)
                        value = value._replace(text=short) if isinstance(value, Name) else short
                    most[size] = max(most[size], lines)
                values.append(value)
                if column.summed:
                    sums[place] += _number(value)
            page.cells(number - 1, 0, values, looks)
            height = max([ROW_HEIGHT, *[row_height(lines, size) for size, lines in most.items() if lines]])
            page.height(number - 1, min(height * self.stretch, TALLEST) if self.stretch > 1 else height)
            page.finish(number - 1)
        for place, total in sums.items():
            letter = self._letters[self.columns[place].key]
            page.put(1, place - 1, "筛选合计", "note right")
            formula = f"=ROUND(SUBTOTAL(9,${letter}${self.first}:${letter}${self._last(count)}),2)"
            look = self.columns[place].look
            kind = "money" if isinstance(look, str) and "money" in look else "score"
            page.put(1, place, Formula(formula, total), f"{kind} bold")


@cached(maxsize=200)
def _widths(columns: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """The widths at which all is read on one page; those that are wanted where that takes more than one anyway.

    columns: of each the width that is wanted, and down to which it gives way.
    """
    wanted, least = zip(*columns, strict=True)
    room = page_room(len(columns))
    return wanted if sum(least) > room else fitted(wanted, least, room)


def _fixed(look: str | Callable[[Any], str]) -> tuple[str, float] | None:
    """A look with its font size where texts are wrapped, 0 where not; None of a look that depends on the item."""
    return _with_size(look) if isinstance(look, str) else None


def _with_size(look: str) -> tuple[str, float]:
    if "wrap" not in look:
        return look, 0
    return look, SMALL if "small" in look else SIZE


def _number(value: Cell) -> Decimal:
    if isinstance(value, Formula) and isinstance(value.value, Decimal):
        return value.value
    return Decimal(value) if isinstance(value, (Decimal, int)) else ZERO
