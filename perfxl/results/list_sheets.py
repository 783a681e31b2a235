"""Plain lists (one row each) described by their columns: heading, width, look and value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice, takewhile
from typing import Any, Generic, TypeVar

from xlsxwriter.utility import xl_col_to_name

from perfxl.caches import cached
from perfxl.decimals import ZERO
from perfxl.results.beside import groups_behind, named_columns, page_breaks, write_head
from perfxl.results.cells import Cell, Formula, Name, Page, display_text, page_room
from perfxl.results.column_widths import SAMPLE, by_content
from perfxl.results.in_full import LongText, LongTexts, beginning, write_in_full
from perfxl.results.names import continued, quoted
from perfxl.results.styles import SIZE, SMALL
from perfxl.results.text_height import ROW_HEIGHT, TALLEST, most_lines, one_line, row_height, text_lines
from perfxl.xlsx.paper import fitted

LAST_ROW = 1_048_576  # Excel's last row
NAME_SHOWN = 60  # letters of a name before a text that stands below the list

Item = TypeVar("Item")


@dataclass(frozen=True)
class Column(Generic[Item]):
    """One column. value: takes the item and its row number as Excel counts it (for formulas).

    look: traits, or a function of the item where the look depends on it. summed: whether a sum that follows the
    filter stands above the heading. least: how narrow it may become for all columns to be read on a page; by default
    wrapped texts give way, down to a bit more than half. links: whether each row may have a link there, other than that
    of a name. names: whether it says whom or what a row is about, where a text of it stands below the list.
    """

    key: str
    heading: str
    width: float
    look: str | Callable[[Item], str]
    value: Callable[[Item, int], Cell]
    summed: bool = False
    least: float | None = None
    links: bool = False
    names: bool = False

    @property
    def narrowest(self) -> float:
        """How narrow it may become."""
        if self.least is not None:
            return self.least
        wrapped = isinstance(self.look, str) and "wrap" in self.look
        return min(self.width, max(8.0, 0.55 * self.width)) if wrapped else self.width


class Table(Generic[Item]):
    """A list on a sheet of its own: title, note, headings, rows; filter, frozen headings and print set-up.

    One that is longer than Excel's sheets goes on, on sheets named `问题清单（2）` and so on. A text that no row is
    high enough for stands in full below. first: the first row of items on each, as Excel counts it. fitting: whether
    columns of wrapped texts are as wide as the texts of the first rows need, so that a page holds many rows.
    """

    def __init__(
        self,
        sheet: str,
        columns: Sequence[Column[Item]],
        items: Collection[Item],
        *,
        first: int = 4,
        fitting: bool = False,
    ) -> None:
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
        self._fitting = fitting
        self.stretch = 1.0
        """By what rows are higher than their texts need, to fill the page."""

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Of all columns. Found when they are asked for: many a list is made for its ranges alone."""
        columns = self.columns[: self.printed]
        found = _widths(tuple((column.width, column.narrowest) for column in columns))
        if self._fitting and sum(column.narrowest for column in columns) <= page_room(self.printed):
            found = self._by_content(columns)
        return (*found, *(column.width for column in self.columns[self.printed :]))

    def _by_content(self, columns: Sequence[Column[Item]]) -> tuple[float, ...]:
        """Widths for the texts of the first rows."""
        sizes = {place: fixed[1] for place, column in enumerate(columns) if (fixed := _fixed(column.look)) and fixed[1]}
        rows = [
            [one_line(display_text(columns[place].value(item, number)), size) for place, size in sizes.items()]
            for number, item in enumerate(islice(self.items, SAMPLE), self.first)
        ]
        fixed_room = sum(column.width for place, column in enumerate(columns) if place not in sizes)
        least = [columns[place].narrowest for place in sizes]
        texts = by_content(rows, least, page_room(self.printed) - fixed_room)
        new = dict(zip(sizes, texts, strict=True))
        # Down to tenths, as widths are everywhere.
        found = (new.get(place, column.width) for place, column in enumerate(columns))
        return tuple(int(10 * width) / 10 for width in found)

    def heights(self) -> list[float]:
        """How high the rows are that their texts need, in points."""
        heights = []
        for number, item in enumerate(self.items, self.first):
            height = ROW_HEIGHT
            for place, column in enumerate(self.columns):
                _, size = _with_size(column.look if isinstance(column.look, str) else column.look(item))
                if size and (value := column.value(item, number)) is not None and (text := display_text(value)):
                    shown = beginning(text, self.widths[place], size)
                    height = max(height, row_height(text_lines(shown, self.widths[place], size), size))
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
        groups: Sequence[int] = (),
    ) -> None:
        """Writes it all, on a page for each sheet, with the set-up for paper.

        frozen: columns kept in view; empty: what an empty table says. below: how many rows will be written below it,
        which are printed with it. groups: how many columns behind them belong together on a page, from left to right,
        where all are more than one takes; others stand alone.
        """
        widths = self.widths[: self.printed]
        wide = sum(widths) > page_room(self.printed)
        repeated = named_columns(widths, frozen) if wide else 0
        more = [1] * (self.printed - frozen - sum(groups))
        breaks = page_breaks(widths, repeated, groups_behind([*groups, *more], repeated - frozen)) if wide else []
        end = breaks[0] if breaks else self.printed
        items = iter(self.items)
        for number, (page, count) in enumerate(zip(pages, self._counts, strict=True), 1):
            if len(pages) > 1:
                part = f"行数超过一张工作表的上限，分为 {len(pages)} 张，这是第 {number} 张。"
                self._head(page, title if number == 1 else f"{title}（续）", part + note, heading_height, repeated, end)
            else:
                self._head(page, title, note, heading_height, repeated, end)
            long = self._rows(page, islice(items, count), count, frozen)
            if not count:
                page.put(self.first - 1, 0, empty, "muted")
            page.sheet.autofilter(self.first - 2, 0, self._last(count) - 1, len(self.columns) - 1)
            page.sheet.freeze_panes(self.first - 1, frozen)
            named = repeated or named_columns(widths, max(frozen, 1))
            row = write_in_full(page, long, self._last(count) + below, named, end - 1, LAST_ROW - 1)
            # Without an area programs print what runs over the last border on a page more.
            area = (row - 1, self.printed - 1)
            page.sheet.set_v_pagebreaks(breaks)
            page.print_setup(landscape=True, repeat=(self.first - 2,) * 2, area=area, beside=repeated or None)

    def _head(self, page: Page, title: str, note: str, height: float, repeated: int, end: int) -> None:
        page.widths(list(self.widths))
        # Wrapped, so that it ends where the table does; beside it may stand sums.
        sums = (place - 2 for place, column in enumerate(self.columns) if column.summed)
        write_head(page, title, note, repeated, min([end, *sums]))
        head = self.first - 2
        page.row(head, 0, [column.heading for column in self.columns], "head")
        page.height(head, height)

    def _rows(self, page: Page, items: Iterable[Item], count: int, frozen: int) -> LongTexts:
        """Writes them; the texts that are to stand below."""
        long = LongTexts(page.book.waiting)
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
                        long.append(LongText(self._about(item, number, column, frozen), text))
                        short = beginning(text, width, size)
                        lines = text_lines(short, width, size)
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
        return long

    def _about(self, item: Item, number: int, told: Column[Item], frozen: int) -> str:
        """Whom and what a text is about that stands below the list."""
        named = [column for column in self.columns if column.names] or self.columns[:frozen]
        texts = [display_text(column.value(item, number)) for column in named]
        words = [text if len(text) <= NAME_SHOWN else f"{text[: NAME_SHOWN - 1]}…" for text in texts if text]
        return "\n".join([*words, told.heading.replace("\n", "")])


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
