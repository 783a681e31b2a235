"""The line below the last sheet to fill, on which a department signs and seals what it has printed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from perfxl.layout.fields import VALUE
from perfxl.layout.signatures import BLANK, CHECKED, DATE, FILLED, HEAD, SEAL
from perfxl.references import literal
from perfxl.template.paper import Span
from perfxl.template.printed import Rows, set_up_pages
from perfxl.template.sheet import Sheet
from perfxl.template.text_height import row_height, units

LINE = 40.0
SEALED = f"{SEAL}　　{DATE}"
WORDS = (f"{CHECKED}：{BLANK}", f"{HEAD}：{BLANK}", SEALED)
SHARES = (0.44, 0.66, 1.0)
"""How far across the line the words behind who filled reach."""
LEAST = 24.0
"""Width that who filled takes."""
LOOK = {"align": "left", "valign": "vcenter"}


def sign_and_finish(sheet: Sheet, last_row: int, *, head: int | None = None, beside: Rows = (0, 0)) -> None:
    """Finishes a sheet, below whose last row the line stands where no other sheet is to be filled after it.

    head, beside: see `perfxl.template.printed.set_up_pages`.
    """
    if sheet.name == sheet.book.layout.sheets[-1]:
        last_row += 1
        _write_signatures(sheet, last_row)
    sheet.finish()
    set_up_pages(sheet, last_row, head=head, beside=beside)


def _write_signatures(sheet: Sheet, row: int) -> None:
    """Writes it. Who filled comes from the first sheet; the others sign by hand, or are typed behind their words.

    Nothing of it is read as a field; a copy to mend lists names that were typed.
    """
    field = ("identity", "department.contact", VALUE)
    place, contact = sheet.book.layout.places[field], sheet.live.value(field)
    expression = f'{literal(f"{FILLED}：")}&IF({place.ref}="",{literal(BLANK)},{place.ref})'
    filled = f"{FILLED}：{BLANK if contact is None else contact}"
    ((first, to), *others), words = _spans(sheet)
    sheet.formula(row, first, expression, filled, "plain", to=to, **LOOK)
    texts = [(filled, sheet.span(first, to))]
    for text, (start, end) in zip(words, others, strict=True):
        sheet.text(row, start, text, "plain", to=end, locked=text == SEALED, **LOOK)
        texts.append((text, sheet.span(start, end)))
    sheet.height(row, row_height(texts, LINE))


def _spans(sheet: Sheet) -> tuple[Sequence[Span], Sequence[str]]:
    """The columns of who filled and of the other words, and these words; all on the first page.

    Where columns are too few or too narrow for four cells, the other words stand in one.
    """
    if sheet.book.layout.has("scores"):
        col = {column.key: column.col for column in sheet.book.layout.block("scores").columns}
        keys = (("points", "standard"), ("computed", "accepted"), ("reason", "note"))
        return [(1, col["name"]), *((col[start], col[end]) for start, end in keys)], WORDS
    last = sheet.paper.first_page if sheet.paper is not None else max(sheet.widths)
    first = 1
    while first < last - 1 and sheet.span(1, first) < LEAST:
        first += 1
    ends = [first]
    whole = sheet.span(1, last)
    for share in SHARES:
        end = ends[-1] + 1
        while end < last and sheet.span(1, end) + sheet.widths[end + 1] / 2 < whole * share:
            end += 1
        ends.append(end)
    spans = [(1, first), *((start + 1, end) for start, end in pairwise([*ends[:-1], last]))]
    fit = ends[-1] <= last and all(
        units(text) + 3 <= sheet.span(*span) for text, span in zip(WORDS, spans[1:], strict=True)
    )
    if fit:
        return spans, WORDS
    line = "　　".join(WORDS)
    space = sheet.span(first + 1, last) - 3
    if units(line) > space:
        line = "\n".join(WORDS if units(SEALED) <= space else (*WORDS[:-1], SEAL, DATE))
    return [(1, first), (first + 1, last)], [line]
