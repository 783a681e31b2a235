"""What the sheets of a review workbook share: cells by their looks, the set-up of the page, protection."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from perfxl.palette import TONES
from perfxl.references import column_letters
from perfxl.template.styles import ALERT, BODY_SIZE, GOOD, Styles
from perfxl.template.text_height import HIGHEST, LINE_HEIGHT, PADDING, row_height
from perfxl.xlsx.paper import MANY, fitted, least_scale, room
from perfxl.xlsx.texts import clean

MARGIN = 0.4
"""Inches left and right of a page."""
TEXTS, SHARE = 12.0, 0.6
"""Columns wider than this hold texts, and may become so much narrower to be read on a page."""
DONE_FILL = TONES[0][0]
SCORE, SIGNED, MONEY = "0.00_ ", '+0.00_ ;-0.00_ ;""', "#,##0.00_ "
NUMBER: dict[str, Any] = {"align": "right", "text_wrap": False, "shrink": True}


class Paper:
    """One sheet in the making. Rows and columns count from 0; column A is hidden and holds keys."""

    def __init__(self, page: Any, styles: Styles) -> None:
        self.page, self.styles = page, styles
        self.widths: dict[int, float] = {}
        self._again = 0

    def columns(self, widths: Iterable[float], names_to: int) -> None:
        """The hidden column of keys, and the widths of those behind it: as wide as they are read on A4.

        What takes more than one page goes on beside, with the columns up to `names_to` again.
        """
        self.page.set_column(0, 0, 8, None, {"hidden": True})
        wanted = tuple(widths)
        least = [width if width <= TEXTS else max(TEXTS, SHARE * width) for width in wanted]
        space = room(len(wanted), landscape=True, margins=2 * MARGIN, size=BODY_SIZE)
        fitting = fitted(wanted, least, space)
        if sum(fitting) > space:
            self._again = names_to
            # Each column stands on one of the pages, so that a part of a page stays free.
            two = 2 * space - sum(wanted[:names_to]) - names_to - max(wanted[names_to:])
            fitting = fitted(wanted, least, two)
        for col, width in enumerate(fitting, 1):
            self.widths[col] = width
            self.page.set_column(col, col, width)

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
        self.page.set_row(row, min(row_height(cells, least), HIGHEST))
        self.page.fit(row)

    def hide(self, row: int) -> None:
        """Hides a row of keys."""
        self.page.set_row(row, None, None, {"hidden": True})

    def finish(
        self, title: str, last_row: int, last_col: int, repeat: tuple[int, int], beside: tuple[int, int] | None = None
    ) -> None:
        """Page, protection and what else holds for every sheet.

        repeat: the rows that are on every page. beside: the first row and column of what goes on beside, where the
        sheet takes more than a page.
        """
        page = self.page
        page.set_landscape()
        page.set_paper(9)
        if self._again:
            page.set_print_scale(least_scale(BODY_SIZE))
            page.print_across()
            page.repeat_columns(1, self._again)
        else:
            page.fit_to_pages(1, MANY)
        page.set_margins(left=MARGIN, right=MARGIN, top=0.65, bottom=0.6)
        page.center_horizontally()
        page.hide_gridlines(2)
        areas = [(0, 1, last_row, last_col)]
        if self._again and beside is not None:
            # Title and explanations stand on the first page alone, where they are not cut.
            areas = [(0, 1, last_row, beside[1] - 1), (*beside, last_row, last_col)]
        page.print_areas(areas)
        page.repeat_rows(*repeat)
        page.set_header(f"&L{title[:100].replace('&', '&&')}&R&A")
        page.set_footer("&C第 &P 页，共 &N 页")
        used = f"A1:{column_letters(last_col)}{last_row + 1}"
        page.ignore_errors({"number_stored_as_text": used, "formula_differs": used, "formula_range": used})
        allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
        page.protect("", dict.fromkeys(allowed, True))


def mark_changes(paper: Paper, first: int, last: int, col: int) -> None:
    """Differences in a column: what goes down in red, what goes up in green."""
    for criteria, colour in (("<", ALERT), (">", GOOD)):
        look = paper.styles.difference(bold=True, font_color=colour)
        rule = {"type": "cell", "criteria": criteria, "value": 0, "format": look}
        paper.page.conditional_format(first, col, last, col, rule)
