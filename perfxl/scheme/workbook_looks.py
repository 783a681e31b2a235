"""How the scheme workbook looks: one font, one heading colour, thin borders, A4 landscape."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from perfxl.palette import ACCENT, ALERT_FILL, COMPUTED, FONT, HEAD, LINE, MUTED, ON_HEAD, RED
from perfxl.xlsx.across import page_breaks
from perfxl.xlsx.flow import page_points, pages_of, scale_of
from perfxl.xlsx.paper import BESIDE, DIGIT, MANY, fitted, least_scale, points_wide, printable

HEADING_ROW = 1  # the first row says what the sheet is for
ROW_HEIGHT = 18
_LINE_HEIGHT = 14
_MARGIN, _ABOVE = 0.5, 0.6
"""Inches left and right of a page, above and below."""
FREE_HEIGHT, _FREE_LINE = 15.0, 22.0
"""Points of a row without a height of its own, as long as nothing stands there, and when something may."""
_TEXTS, _SHARE = 16, 0.6
"""Columns wider than this hold texts, and may become so much narrower where that saves a page."""


DEFAULT_FORMAT = {"font_name": FONT, "font_size": 10}
"""Widths are counted in digits of the font of all cells, as in every other workbook."""


class Looks:
    """The cell formats of a workbook, and its sheets with heading rows and page setup."""

    def __init__(self, book: Any) -> None:
        self.book = book
        base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        cell = base | {"border": 1, "border_color": LINE}
        self.plain = book.add_format(base | {"text_wrap": True})
        self.title = book.add_format(base | {"bold": True, "font_size": 14, "font_color": ACCENT})
        self.strong = book.add_format(base | {"bold": True, "text_wrap": True})
        self.note = book.add_format(base | {"font_color": MUTED})
        self.link = book.add_format(cell | {"font_color": ACCENT, "underline": 1})
        self.heading = book.add_format(
            cell | {"bold": True, "font_color": ON_HEAD, "bg_color": HEAD, "align": "center", "text_wrap": True}
        )
        self.text = book.add_format(cell | {"text_wrap": True, "align": "left"})
        self.typed = book.add_format(cell | {"text_wrap": True, "align": "left", "num_format": "@"})
        self.typed_below = book.add_format(base | {"text_wrap": True, "num_format": "@"})
        self.name = book.add_format(cell | {"text_wrap": True, "align": "left", "font_color": MUTED})
        self.centred = book.add_format(cell | {"align": "center", "text_wrap": True})
        # What formulas fill.
        automatic = cell | {"text_wrap": True, "font_color": MUTED, "bg_color": COMPUTED}
        self.computed = book.add_format(automatic | {"align": "center"})
        self.label = book.add_format(automatic | {"align": "center", "font_size": 9})
        self.warning = book.add_format(automatic | {"align": "left", "font_color": RED})
        # Hidden columns: LibreOffice lets what stands there run over into the last column that is seen.
        self.unseen = book.add_format(base | {"font_color": "#FFFFFF", "shrink": True})
        self.strong_line = book.add_format(base | {"bold": True})
        self.noted = book.add_format(base | {"text_wrap": True, "font_color": ACCENT})
        self.line = book.add_format(base)
        self.bare = book.add_format(base | {"text_wrap": True, "align": "left"})
        self.bare_centred = book.add_format(base | {"text_wrap": True, "align": "center"})
        self.grey = book.add_format({"font_color": MUTED})
        self.red = book.add_format({"font_color": RED, "bold": True})
        self.lacking = book.add_format({"bg_color": ALERT_FILL})
        self.not_used = book.add_format({"bg_color": COMPUTED})
        self.framed = book.add_format({"border": 1, "border_color": LINE})

    def sheet(self, title: str, note: str) -> Any:
        """A new sheet with its note in the first row and room for the headings in the second."""
        sheet = self.book.add_worksheet(title)
        self.page(sheet)
        sheet.write_string(0, 0, note, self.note)
        sheet.set_row(0, 22)
        sheet.set_row(HEADING_ROW, 24)
        sheet.freeze_panes(HEADING_ROW + 1, 0)
        sheet.repeat_rows(HEADING_ROW)
        return sheet

    def page(self, sheet: Any) -> None:
        """Print on A4 landscape, all columns on one page."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, MANY)
        sheet.set_margins(_MARGIN, _MARGIN, _ABOVE, _ABOVE)
        sheet.set_footer("&C&A  第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)


def narrowed(widths: Sequence[float], repeated: int, size: float = 10) -> list[float]:
    """Widths at which columns take no page more than they must: those of texts give way, if that saves one.

    widths: as they are wanted, in characters. repeated: how many first columns stand on each page. size: of the
    smallest text, in points.
    """
    least = [max(_TEXTS, _SHARE * width) if width > _TEXTS else width for width in widths]
    pages = _pages(points_wide(widths), points_wide(widths[:repeated]), size)
    fewer = _pages(points_wide(least), points_wide(least[:repeated]), size)
    if fewer == pages:
        return list(widths)
    # What is free on each page but the last, as no column stands on two.
    again, free = points_wide(least[:repeated]), max(points_wide([width]) for width in least) / 2
    room = _room(size) + (fewer - 1) * (_room(size) - again - free)
    return list(fitted(widths, least, (room - len(widths) * BESIDE) / DIGIT))


def _pages(wide: float, again: float, size: float) -> int:
    return 1 if wide <= _room(size) else ceil((wide - again) / (_room(size) - again))


def _room(size: float) -> float:
    """Points between the margins of A4 on its side."""
    return printable(landscape=True, margins=2 * _MARGIN, size=size)


def page_room(size: float) -> float:
    """Points of rows on a page of A4 on its side at the smallest scale for this size."""
    return page_points(landscape=True, above=2 * _ABOVE, scale=least_scale(size) / 100)


def free_lines(left: float) -> int:
    """How many lines that may be written have room in so many points."""
    return max(int(left / _FREE_LINE), 0)


def print_on_fewer(sheet: Any, widths: Sequence[float], heights: Sequence[float], size: float = 10) -> float:
    """Prints a sheet that is one page wide as small as can be read, where that saves a page.

    widths, heights: of all columns and rows that are printed. size: of the smallest text, in points. Returns the points
    that are left on the last page.
    """
    scale = scale_of(widths, landscape=True, margins=2 * _MARGIN)
    room = page_points(landscape=True, above=2 * _ABOVE, scale=scale)
    usual, filled = pages_of(heights, room, len(heights))
    small, small_filled = pages_of(heights, page_room(size), len(heights))
    if small < usual:
        sheet.set_print_scale(least_scale(size))
        room, filled = page_room(size), small_filled
    return (1 - filled) * room


def print_beside(sheet: Any, widths: Sequence[float], repeated: int, groups: Sequence[int], size: float = 10) -> bool:
    """Prints a sheet that is too wide for a page of A4 on several beside each other; whether it is.

    widths: of all columns. repeated: how many first columns stand on each page. groups: how many of the others belong
    together. size: of the smallest text, in points.
    """
    if points_wide(widths) <= _room(size):
        return False
    sheet.set_print_scale(least_scale(size))
    sheet.print_across()
    sheet.repeat_columns(0, repeated - 1)
    sheet.set_v_pagebreaks(page_breaks(widths, repeated, groups, margins=2 * _MARGIN, size=size))
    return True


def write_value(sheet: Any, row: int, at: int, value: str | Decimal | None, look: Any) -> None:
    """A text as a string, never as formula or link; a number exact; an empty cell where there is nothing."""
    if value is None or value == "":
        sheet.write_blank(row, at, None, look)
    elif isinstance(value, Decimal):
        # At most 15 digits (`convert.number`), so the float comes back as the same decimal.
        sheet.write_number(row, at, float(value), look)
    else:
        sheet.write_string(row, at, value, look)


def height(texts: Sequence[tuple[str, float]]) -> float:
    """The height in points of a row with these texts in columns of these widths (characters), wrapped."""
    lines = max(
        sum(max(math.ceil(_display_width(part) / width), 1) for part in text.split("\n")) for text, width in texts
    )
    return ROW_HEIGHT + (lines - 1) * _LINE_HEIGHT


def _display_width(text: str) -> float:
    # At 10 points a Chinese character takes 13.3 pixels, and a width unit has 7.
    return sum(1.9 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
