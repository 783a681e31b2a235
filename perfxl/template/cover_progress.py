"""On the first sheet: how far each sheet is filled, with a bar, and links to the places that are still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from perfxl.layout import Place
from perfxl.template.book import Book
from perfxl.template.expressions import Piece, area, in_pieces, of_sheet
from perfxl.template.missing import Missing
from perfxl.template.notes import LONGEST, SIGN
from perfxl.template.progress import (
    EMPTY,
    FULL,
    NO_BAR,
    bar_formula,
    bar_value,
    progress_of,
    status_formula,
    status_value,
)
from perfxl.template.sheet import Sheet
from perfxl.template.styles import ALERT, GOOD
from perfxl.template.text_height import lines, row_height

FIRST, LAST = 1, 7
LINE = 20.0
CLOSER = 2.25
BAR, LONG_BAR = 10, 30
NOTHING_MISSING = "应填内容已全部填写。"
LISTED = 20
"""How many missing places are named, where each takes one line; the next ones follow as these are filled."""
HEADINGS = ("工作表", "填报内容", "应填", "已填", "完成进度", "状态", "须核对")


def section(sheet: Sheet, row: int, title: str) -> int:
    """The title of a part of the sheet; the row below it."""
    sheet.text(row, FIRST, title, "block", to=LAST)
    sheet.height(row - 1, 10)
    sheet.height(row, 25)
    return row + 1


def write_progress(
    sheet: Sheet, row: int, contents: Mapping[str, str], missing: Missing
) -> tuple[int, dict[str, Place]]:
    """One line a sheet and the bar over all; the row below and the cells that have names."""
    row = section(sheet, row, "三、填报进度（随填随算，点表名可跳转）")
    bar_row, first = row, row + 2
    for offset, heading in enumerate(HEADINGS):
        sheet.text(row + 1, FIRST + offset, heading, "head")
    sheet.height(row + 1, LINE)
    due = filled = 0
    for row, name in enumerate(sheet.book.layout.sheets, first):
        progress = progress_of(name, sheet.live, missing)
        due, filled = due + progress.due, filled + progress.filled
        due_cell, filled_cell = (Place(sheet.name, row, FIRST + offset).cell for offset in (2, 3))
        if not sheet.stamped:
            sheet.xl.write_url(row, FIRST, f"internal:{of_sheet(name)}B1", sheet.book.styles("link"), name)
        sheet.text(row, FIRST + 1, contents[name])
        sheet.formula(row, FIRST + 2, progress.due_formula, progress.due, align="center")
        sheet.formula(row, FIRST + 3, progress.filled_formula, progress.filled, align="center")
        numbers, nothing = (progress.due, progress.filled), progress.nothing
        no_bar = "" if nothing == EMPTY else NO_BAR
        bar = bar_formula(due_cell, filled_cell, BAR, no_bar)
        sheet.formula(row, FIRST + 4, bar, bar_value(*numbers, BAR, no_bar), "bar")
        status = status_formula(due_cell, filled_cell, nothing)
        sheet.formula(row, FIRST + 5, status, status_value(*numbers, nothing), align="center", bold=True)
        expression, count = _notes(sheet, name)
        words = f'IF({expression}=0,"无",{expression}&" 处红字")'
        sheet.formula(row, FIRST + 6, words, f"{count} 处红字" if count else "无", align="center")
        sheet.height(row, row_height([(contents[name], sheet.span(FIRST + 1) + 3)], LINE))
    own = _long_bar(sheet, bar_row, (first, row), (due, filled))
    _colours(sheet, first, row)
    return row + 1, own


def _notes(sheet: Sheet, name: str) -> tuple[str, int]:
    """How many notes stand on a sheet, as an Excel expression and as it is."""
    book = sheet.book
    if name not in book.counted:
        book.counted[name] = _counted(book, name)
    groups, number, pieces = book.counted[name]
    counts = [0] * number
    for place, count in book.notes.items():
        if place in groups:
            counts[groups[place]] += count
    return f"({book.joined(pieces, counts)})" if pieces else "0", sum(counts)


def _counted(book: Book, name: str) -> tuple[dict[Place, int], int, Sequence[Piece]]:
    """Where notes may stand on a sheet, each with the number of its group, how many groups there are, and the
    expressions that count the notes of each."""
    places, parts = [], []
    for run in runs(book.noted.get(name, ())):
        where = area(run[0], run[-1]) if len(run) > 1 else run[0].ref
        parts.append(f'COUNTIF({where},"{SIGN}*")')
        places.append(run)
    for place in book.strips.get(name, ()):
        parts.append(f'(LEN({place.ref})-LEN(SUBSTITUTE({place.ref},"{SIGN}","")))')
        places.append([place])
    # The expression is used twice where it stands.
    groups = {place: number for number, run in enumerate(places) for place in run}
    return groups, len(places), in_pieces(parts, "+", LONGEST // 2) if parts else ()


def runs(places: Iterable[Place]) -> list[list[Place]]:
    """The places in as few groups as stand below one another."""
    columns: dict[int, list[Place]] = {}
    for place in places:
        columns.setdefault(place.col, []).append(place)
    found: list[list[Place]] = []
    for column in columns.values():
        for place in column:
            if found and found[-1][-1].col == place.col and found[-1][-1].row + 1 == place.row:
                found[-1].append(place)
            else:
                found.append([place])
    return found


def _long_bar(sheet: Sheet, row: int, lines: tuple[int, int], now: tuple[int, int]) -> dict[str, Place]:
    """The bar over all sheets, with what it means in words."""
    due, filled = (
        f"SUM({Place(sheet.name, lines[0], col).cell}:{Place(sheet.name, lines[1], col).cell})"
        for col in (FIRST + 2, FIRST + 3)
    )
    words = f'"　应填 "&{due}&" 项，已填 "&{filled}&" 项，"&IF({filled}>={due},"已填全","还差 "&({due}-{filled})&" 项")'
    left = "已填全" if now[1] >= now[0] else f"还差 {now[0] - now[1]} 项"
    shown = f"{bar_value(*now, LONG_BAR)}　应填 {now[0]} 项，已填 {now[1]} 项，{left}"
    expression = f"{bar_formula(due, filled, LONG_BAR)}&{words}"
    sheet.formula(row, FIRST, expression, shown, "bar", to=LAST, font_size=11, bold=True)
    sheet.height(row, 26)
    return {"完成进度": Place(sheet.name, row, FIRST)}


def _colours(sheet: Sheet, first: int, last: int) -> None:
    """Colours that go with the words."""
    if sheet.stamped:
        return
    for word, colour, col in ((FULL, GOOD, 5), ("还差", ALERT, 5), (EMPTY, ALERT, 5)):
        look = sheet.book.styles.difference(font_color=colour)
        rule = {"type": "text", "criteria": "begins with", "value": word, "format": look}
        sheet.xl.conditional_format(first, FIRST + col, last, FIRST + col, rule)
    look = sheet.book.styles.difference(font_color=ALERT, bold=True)
    rule = {"type": "text", "criteria": "ends with", "value": "红字", "format": look}
    sheet.xl.conditional_format(first, FIRST + 6, last, FIRST + 6, rule)


def write_missing(sheet: Sheet, row: int, missing: Missing, section_number: str = "五") -> int:
    """The first places that are still missing, two a row, each a link; the row below."""
    row = section(sheet, row, f"{section_number}、还缺的内容（点击可跳转）")
    # What is missing changes while one fills: there is room for the longest, and no more places than fit on the page.
    # The columns' own margins are room inside a merged cell. Closer than elsewhere: a copy to mend, with a colour more
    # in its legend, has to end on the same page.
    room = sheet.span(FIRST + 3, LAST) + 6
    listed = LISTED // lines(missing.longest(), room)
    height = row_height([(missing.longest(), room)], 17) - CLOSER
    total, rest = len(missing.entries), len(missing.entries) - listed
    more = (
        f'IF({missing.total}>{listed},"先列前 {listed} 处，填好后依次列出其余 "&({missing.total}-{listed})&" 处。","")'
    )
    words = f"先列前 {listed} 处，填好后依次列出其余 {rest} 处。" if rest > 0 else ""
    expression = f'IF({missing.total}=0,"{NOTHING_MISSING}",{more})'
    sheet.formula(row, FIRST, expression, words if total else NOTHING_MISSING, "plain", to=LAST, indent=1)
    sheet.height(row, 18)
    for number, link in enumerate(missing.links(listed), 1):
        if number % 2:
            row += 1
            sheet.height(row, height)
        col, to = (FIRST, FIRST + 2) if number % 2 else (FIRST + 3, LAST)
        sheet.formula(row, col, link, missing.link_value(number), "entry", to=to)
    return row + 1
