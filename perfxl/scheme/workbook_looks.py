"""How the scheme workbook looks: one font, one heading colour, thin borders, A4 landscape."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from perfxl.palette import ACCENT, ALERT_FILL, COMPUTED, FONT, HEAD, LINE, MUTED, ON_HEAD, RED
from perfxl.xlsx.paper import MANY, least_scale

HEADING_ROW = 1  # the first row says what the sheet is for
ROW_HEIGHT = 18
_LINE_HEIGHT = 14
_DIGIT, _BESIDE = 7.0, 5.0
"""Points of a digit of the workbook's font in the widest font that stands in, and what a column has beside them."""
_BETWEEN = (770, 1119)
"""Points between the margins of A4 and A3 on their side."""


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
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&C&A  第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)


def print_large(sheet: Any, widths: Sequence[float], repeated: int = 0, size: float = 10) -> None:
    """Prints on A3, and on several pages beside each other, what would be too small on A4.

    widths: of all columns, in characters. repeated: how many first columns stand on each page. size: of the smallest
    text, in points.
    """
    wide = [width * _DIGIT + _BESIDE for width in widths]
    again = sum(wide[:repeated])
    a4, a3 = (space * 100 / least_scale(size) for space in _BETWEEN)
    if sum(wide) <= a4:
        return
    sheet.set_paper(8)
    # A column stands on one page or the next, so that some of each stays free.
    pages = 1 if sum(wide) <= a3 else ceil((sum(wide) - again) / (a3 - again - max(wide) / 2))
    sheet.fit_to_pages(pages, MANY)
    if pages > 1 and repeated:
        sheet.repeat_columns(0, repeated - 1)


def write_value(sheet: Any, row: int, at: int, value: str | Decimal | None, look: Any) -> None:
    """A text as a string, never as formula or link; a number exact; an empty cell where there is nothing."""
    if value is None or value == "":
        sheet.write_blank(row, at, None, look)
    elif isinstance(value, Decimal):
        # At most 15 digits (`convert.number`), so the float comes back as the same decimal.
        sheet.write_number(row, at, float(value), look)
    else:
        sheet.write_string(row, at, value, look)


def height(texts: Sequence[tuple[str, int]]) -> float:
    """The height in points of a row with these texts in columns of these widths (characters), wrapped."""
    lines = max(
        sum(max(math.ceil(_display_width(part) / width), 1) for part in text.split("\n")) for text, width in texts
    )
    return ROW_HEIGHT + (lines - 1) * _LINE_HEIGHT


def _display_width(text: str) -> float:
    # At 10 points a Chinese character takes 13.3 pixels, and a width unit has 7.
    return sum(1.9 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
