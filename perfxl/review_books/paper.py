"""What the sheets of a review workbook share: cells by their looks, the set-up of the page, protection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from perfxl.palette import TONES
from perfxl.references import column_letters
from perfxl.template.styles import ALERT, BODY_SIZE, GOOD, TITLE_SIZE, Styles
from perfxl.template.text_height import HIGHEST, LINE_HEIGHT, PADDING, lines, pieces, row_height
from perfxl.xlsx.across import page_breaks
from perfxl.xlsx.flow import block_breaks, page_points
from perfxl.xlsx.paper import MANY, fitted, least_scale, room
from perfxl.xlsx.texts import clean

MARGIN, ABOVE, BELOW = 0.4, 0.65, 0.6
"""Inches left and right of a page, above and below."""
TEXTS, SHARE = 12.0, 0.6
"""Columns wider than this hold texts, and may become so much narrower to be read on a page."""
PIECE = 12
"""Lines of a row of a text that goes on: several such rows fill a page well."""
CONTINUED = "（续）"
DONE_FILL = TONES[0][0]
SCORE, SIGNED, MONEY = "0.00_ ", '+0.00_ ;-0.00_ ;""', "#,##0.00_ "
NUMBER: dict[str, Any] = {"align": "right", "text_wrap": False, "shrink": True}


class Paper:
    """One sheet in the making. Rows and columns count from 0; column A is hidden and holds keys."""

    def __init__(self, page: Any, styles: Styles) -> None:
        self.page, self.styles = page, styles
        self.widths: dict[int, float] = {}
        self._again = 0
        self._breaks: list[int] = []
        self._heights: dict[int, float] = {}

    def columns(self, widths: Iterable[float], names_to: int, groups: Sequence[int] | None = None) -> None:
        """The hidden column of keys, and the widths of those behind it: as wide as they are read on A4.

        What takes more than one page goes on beside, with the columns up to `names_to` again. groups: how many of the
        others belong together on a page; by default each stands alone.
        """
        self.page.set_column(0, 0, 8, None, {"hidden": True})
        wanted = tuple(widths)
        least = [width if width <= TEXTS else max(TEXTS, SHARE * width) for width in wanted]
        space = self._space(len(wanted))
        fitting = fitted(wanted, least, space)
        if sum(fitting) > space:
            self._again = names_to
            if groups:
                # The first group on the first page, what is left on the second.
                first = names_to + groups[0]
                head = fitted(wanted[:first], least[:first], self._space(first))
                two = self._space(names_to + len(wanted) - first) - sum(head[:names_to])
                fitting = head + fitted(wanted[first:], least[first:], two)
            else:
                # Each column stands on one of the pages, so that a part of a page stays free.
                two = 2 * space - sum(wanted[:names_to]) - names_to - max(wanted[names_to:])
                fitting = fitted(wanted, least, two)
        for col, width in enumerate(fitting, 1):
            self.widths[col] = width
            self.page.set_column(col, col, width)
        if self._again:
            others = groups or [1] * (len(fitting) - names_to)
            found = page_breaks(fitting, names_to, others, margins=2 * MARGIN, size=BODY_SIZE)
            # Counted without the hidden column.
            self._breaks = [col + 1 for col in found]

    @staticmethod
    def _space(columns: int) -> float:
        return room(columns, landscape=True, margins=2 * MARGIN, size=BODY_SIZE)

    @property
    def running(self) -> tuple[int, int]:
        """The first and last column over which a text runs that all of is to be seen on one page."""
        return (self._again + 1, self._breaks[0] - 1) if self._breaks else (1, max(self.widths))

    def title(self, row: int, text: str, to: int | None = None) -> None:
        """The title of the sheet; where it goes on beside, above the columns that stand on every page.

        to: the last column else, by default that of the sheet.
        """
        last = self._again if self._breaks else to or max(self.widths)
        self.text(row, 1, text, "title", to=last, text_wrap=True)
        # Its letters are larger than those that widths are counted in.
        size = TITLE_SIZE / BODY_SIZE
        self.set_row(row, max(33, min(HIGHEST, lines(text, self.span(1, last) / size) * LINE_HEIGHT * size + PADDING)))

    def running_text(self, row: int, text: str, look: str = "note", **other: Any) -> None:
        """A text over the columns of one page, in a row as high as it needs."""
        first, last = self.running
        self.text(row, first, text, look, to=last, **other)
        self.set_row(row, row_height([(text, self.span(first, last))]))

    def set_row(self, row: int, points: float) -> None:
        """The height of a row, which it keeps."""
        self._heights[row] = points
        self.page.set_row(row, points)

    def flowing(self, row: int, names: str, text: str) -> int:
        """A text of any length below a table, over as many rows as it takes; the first row below it.

        names: of what it is said, in the columns of names.
        """
        first, last = self.running
        named = self._again if first > 1 else 0
        for piece in pieces(text if named else f"{names}：{text}", self.span(first, last), PIECE):
            if named:
                self.text(row, 1, names, to=named)
            self.text(row, first, piece, to=last)
            self.height(row, [(piece, self.span(first, last)), (names, self.span(1, named) if named else 99.0)])
            row, names = row + 1, CONTINUED
        return row

    def span(self, first: int, last: int) -> float:
        """The width of columns together."""
        return sum(self.widths[col] for col in range(first, last + 1))

    def key(self, row: int, text: str) -> None:
        """The key of a row."""
        self.page.write_string(row, 0, text, self.styles("key"))

    def text(self, row: int, col: int, text: str, look: str = "label", to: int | None = None, **other: Any) -> None:
        """A text that stays one; an empty one is a blank with its look."""
        style = self.styles(look, **other)
        if to is not None and to > col:
            self.page.merge_range(row, col, row, to, "", style)
        if text:
            self.page.write_string(row, col, clean(text), style)
        else:
            self.page.write_blank(row, col, None, style)

    def number(self, row: int, col: int, number: Decimal | None, look: str = "label", **other: Any) -> None:
        """A number, or a blank."""
        style = self.styles(look, **(NUMBER | {"num_format": SCORE} | other))
        if number is None:
            self.page.write_blank(row, col, None, style)
        else:
            self.page.write_number(row, col, number, style)

    def formula(
        self, row: int, col: int, formula: str, value: Decimal | str | int, look: str = "computed",
        to: int | None = None, **other: Any,
    ) -> None:  # fmt: skip
        """A formula with its value."""
        style = self.styles(look, **other)
        if to is not None and to > col:
            self.page.merge_range(row, col, row, to, "", style)
        self.page.write_formula(row, col, f"={formula}", style, float(value) if isinstance(value, Decimal) else value)

    def score(self, row: int, col: int, formula: str, value: Decimal, look: str = "computed", **other: Any) -> None:
        """A formula of a score."""
        self.formula(row, col, formula, value, look, **(NUMBER | {"num_format": SCORE} | other))

    def link(self, row: int, col: int, target: str, text: str, look: str = "link") -> None:
        """A link to a cell of this workbook (`'甲'!A1`)."""
        self.page.write_url(row, col, f"internal:{target}", self.styles(look), clean(text))

    def height(self, row: int, cells: Iterable[tuple[str, float]], least: float = LINE_HEIGHT + PADDING) -> None:
        """A height at which these texts show at these widths; the row may grow with what is typed."""
        self.set_row(row, min(row_height(cells, least), HIGHEST))
        self.page.fit(row)

    def hide(self, row: int) -> None:
        """Hides a row of keys."""
        self._heights[row] = 0
        self.page.set_row(row, None, None, {"hidden": True})

    def finish(
        self, title: str, last_row: int, last_col: int, repeat: tuple[int, int], parts: Sequence[int] = ()
    ) -> None:
        """Page, protection and what else holds for every sheet. repeat: the rows that are on every page.

        parts: the first rows of what is not to be cut by the end of a page where it fits on one.
        """
        page = self.page
        page.set_landscape()
        page.set_paper(9)
        if self._again:
            page.set_print_scale(least_scale(BODY_SIZE))
            page.print_across()
            page.repeat_columns(1, self._again)
            page.set_v_pagebreaks(self._breaks)
            page.set_h_pagebreaks(self._ends(last_row, repeat, parts))
        else:
            page.fit_to_pages(1, MANY)
        page.set_margins(left=MARGIN, right=MARGIN, top=ABOVE, bottom=BELOW)
        page.center_horizontally()
        page.hide_gridlines(2)
        page.print_area(0, 1, last_row, last_col)
        page.repeat_rows(*repeat)
        page.set_header(f"&L{title[:100].replace('&', '&&')}&R&A")
        page.set_footer("&C第 &P 页，共 &N 页")
        used = f"A1:{column_letters(last_col)}{last_row + 1}"
        page.ignore_errors({"number_stored_as_text": used, "formula_differs": used, "formula_range": used})
        allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
        page.protect("", dict.fromkeys(allowed, True))

    def _ends(self, last_row: int, repeat: tuple[int, int], parts: Sequence[int]) -> list[int]:
        """The rows before which a page ends."""
        heights = [self._heights.get(row, LINE_HEIGHT) for row in range(last_row + 1)]
        room = page_points(landscape=True, above=ABOVE + BELOW, scale=least_scale(BODY_SIZE) / 100)
        return block_breaks(heights, parts, room - sum(heights[repeat[0] : repeat[1] + 1])) if parts else []


def mark_changes(paper: Paper, first: int, last: int, col: int) -> None:
    """Differences in a column: what goes down in red, what goes up in green."""
    for criteria, colour in (("<", ALERT), (">", GOOD)):
        look = paper.styles.difference(bold=True, font_color=colour)
        rule = {"type": "cell", "criteria": criteria, "value": 0, "format": look}
        paper.page.conditional_format(first, col, last, col, rule)
