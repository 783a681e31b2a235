"""How a sheet is printed: worked out and written once in a process for all sheets that are set up alike."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from operator import itemgetter
from typing import Any

from xlsxwriter.worksheet import Worksheet

from perfxl.caches import cached
from perfxl.xlsx.quick.kept import MARK
from perfxl.xlsx.quick.places import between_tags

SETTINGS = (
    "header", "paper_size", "orientation", "hcenter", "vcenter", "print_gridlines", "print_headers", "footer",
    "header_footer_aligns", "header_footer_scales", "margin_left", "margin_right", "margin_top", "margin_bottom",
    "margin_header", "margin_footer", "page_order", "black_white", "page_start", "fit_page", "fit_width", "fit_height",
    "print_scale",
)  # fmt: skip
page_settings = itemgetter(*SETTINGS)
"""What the XML of a page's set-up depends on, of the attributes of a sheet; the header first."""
LONGEST = 255
"""Characters of a header, as Excel takes it."""
_BLANK_SHEET = vars(Worksheet())
Page = tuple[dict[str, Any], str, tuple[Any, ...]]
"""The attributes of a sheet that a set-up of its page changes, its XML, and what stands in that."""


def page_of(set_up: Callable[..., None], settings: tuple[Any, ...], header: str | None) -> Page:
    """What `set_up(sheet, *settings)` makes of a new sheet. header: what stands above each page, the last argument."""
    if header is None:
        return _made(set_up, settings)
    # XlsxWriter drops a header that is too long, or names pictures that are not there.
    usual = header and "&G" not in header and "&[" not in header and len(header.encode("utf-16-le")) // 2 <= LONGEST
    if not usual:
        return _made(set_up, (*settings, header))
    changed, xml, (_, *others) = _made(set_up, (*settings, MARK))
    return changed | {"header": header}, xml.replace(MARK, between_tags(header)), (header, *others)


@cached(maxsize=50)
def _made(set_up: Callable[..., None], arguments: tuple[Any, ...]) -> Page:
    sheet = Worksheet()
    sheet.fh = StringIO()
    set_up(sheet, *arguments)
    changed = {name: value for name, value in vars(sheet).items() if value != _BLANK_SHEET[name] and name != "fh"}
    write_page_setup(sheet)
    return changed, sheet.fh.getvalue(), page_settings(vars(sheet))


def write_page_setup(sheet: Worksheet) -> None:
    """Writes print options, margins, page, header and footer as XlsxWriter does."""
    Worksheet._write_print_options(sheet)
    Worksheet._write_page_margins(sheet)
    Worksheet._write_page_setup(sheet)
    Worksheet._write_header_footer(sheet)
