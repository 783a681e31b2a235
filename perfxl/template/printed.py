"""How a sheet of the template is printed: paper, what stands above and below, where pages end."""

from __future__ import annotations

from perfxl.layout.fields import VALUE
from perfxl.layout.signatures import BLANK
from perfxl.template.paper import ABOVE, BELOW, MARGIN, Paper
from perfxl.template.sheet import Sheet
from perfxl.template.styles import BODY_SIZE
from perfxl.template.text_height import LINE_HEIGHT
from perfxl.template.validation import clipped
from perfxl.xlsx.flow import (
    COUNTED_ON,
    LAST,
    NEARLY_EMPTY,
    balanced_breaks,
    last_page_filled,
    page_ends,
    page_points,
    pages_of,
)
from perfxl.xlsx.paper import A4, MANY, NAME_LENGTH, header_text, least_scale

_SHEET_NAME = 8
"""Signs that are left for the name of the sheet above a page, and a gap."""
Rows = tuple[int, int]
"""The first row and the last."""


def page(sheet: Sheet, *, landscape: bool, beside: bool = False) -> None:
    """A4, one page wide, with names and page numbers. beside: what is wider goes on beside, and can be read."""
    if landscape:
        sheet.xl.set_landscape()
    sheet.xl.set_paper(9)
    if beside:
        sheet.xl.set_print_scale(least_scale(BODY_SIZE))
        sheet.xl.print_across()
    else:
        sheet.xl.fit_to_pages(1, MANY)
    sheet.xl.set_margins(left=MARGIN, right=MARGIN, top=ABOVE, bottom=BELOW)
    sheet.xl.center_horizontally()
    head_of_page(sheet)
    # No font size here: Excel would take the first digits of a title for it. A footer takes 255 characters.
    title = clipped(sheet.scheme.header.title, 60).replace("&", "&&")
    sheet.xl.set_footer(f"&L{title}&R第 &P 页，共 &N 页")


def head_of_page(sheet: Sheet) -> None:
    """Who fills the workbook, in the head of each page, and no longer than there is room on one line."""
    paper = sheet.paper
    room = NAME_LENGTH
    if paper is not None:
        # What stands above a page has its scale.
        room = int((A4[paper.landscape] - 144 * MARGIN) / paper.scale / BODY_SIZE) - _SHEET_NAME
    sheet.xl.set_header(header_text(_who(sheet), longest=min(room, NAME_LENGTH)))


def _who(sheet: Sheet) -> str:
    """Who fills the workbook, for the head of its pages; a line to write on where nobody knows yet."""
    words = sheet.scheme.evaluated
    key, label = ("project", words.project_title) if words.is_project else ("name", words.name_title)
    value = sheet.live.value(("identity", f"department.{key}", VALUE))
    return f"{label}：{2 * BLANK if value is None else value}"


def set_up_pages(sheet: Sheet, last_row: int, *, head: int | None = None, beside: Rows = (0, 0)) -> None:
    """The printed pages of a sheet to fill.

    head: the row of headings that stands on every page, None for a sheet of several forms. beside: the rows that go on
    beside, where the sheet is wider than a page.
    """
    paper = sheet.paper
    assert paper is not None
    if sheet.stamped:
        head_of_page(sheet)
        if not sheet.grown:
            return  # pages end where they do there
    else:
        page(sheet, landscape=paper.landscape, beside=paper.beside)
        areas = [(0, 1, last_row, paper.first_page)]
        # What stands above and below the table is on the first of them alone.
        areas += [(beside[0], first, beside[1], last) for first, last in paper.parts[1:]]
        sheet.xl.print_areas(areas)
        if paper.beside:
            sheet.xl.repeat_columns(1, paper.names_to)
        if head is not None:
            sheet.xl.repeat_rows(head, head)
    scale, breaks = _flow(sheet, paper, last_row, head, beside)
    if scale is not None:
        # Programs pass over breaks where a sheet is fitted to a page's width.
        sheet.xl.set_print_scale(round(100 * scale))
    elif sheet.stamped and not paper.beside:
        sheet.xl.set_print_scale(100)
        sheet.xl.fit_to_pages(1, MANY)
    if breaks or sheet.stamped:
        sheet.xl.set_h_pagebreaks(breaks)


def _flow(sheet: Sheet, paper: Paper, last_row: int, head: int | None, beside: Rows) -> tuple[float | None, list[int]]:
    """The scale that pages need, None for any that fits their width, and the rows before which one must end."""
    blocks = sheet.book.layout.sheet_blocks(sheet.name)
    hidden = {block.key_row for block in blocks}
    heights = [0.0 if row in hidden else sheet.heights.get(row, LINE_HEIGHT) for row in range(last_row + 1)]
    again = len(heights) if head is None else head
    pages, filled = pages_of(heights, _room(paper, paper.scale), again)
    if pages == 1:
        return None, []
    least = least_scale(BODY_SIZE)
    if filled < LAST and not paper.beside:
        # A little smaller, and there is a page less.
        for percent in range(round(100 * paper.scale) - 1, least - 1, -1):
            if pages_of(heights, _room(paper, percent / 100), again)[0] < pages:
                return percent / 100, []
    if head is None:
        starts = [block.title_row for block in blocks[1:]]
        breaks = balanced_breaks(heights, starts, _room(paper, paper.scale))
        return (paper.scale, breaks) if breaks and len(breaks) < pages else (None, [])
    table = max(block.last_row for block in blocks)
    tight = _room(paper, paper.scale)
    # Where a row more or less on each page would leave the last one empty, the page is ended too.
    breaks = last_page_filled(heights, tight, head, table) or last_page_filled(heights, tight / COUNTED_ON, head, table)
    if paper.beside:
        below = heights[beside[0] : beside[1] + 1]
        count, filled = pages_of(below, tight, head - beside[0])
        if count > 1 and filled < NEARLY_EMPTY:
            # The last pages beside each other have the same rows.
            breaks = breaks or page_ends(heights, tight, head)[-1:]
    return (paper.scale, breaks) if breaks else (None, [])


def _room(paper: Paper, scale: float) -> float:
    return page_points(landscape=paper.landscape, above=ABOVE + BELOW, scale=scale)
