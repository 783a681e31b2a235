"""The line below the self scores on which a department signs and seals what it has printed."""

from __future__ import annotations

from perfxl.layout import Block
from perfxl.layout.fields import VALUE
from perfxl.layout.signatures import BLANK, CHECKED, DATE, FILLED, HEAD, SEAL
from perfxl.references import literal
from perfxl.template.sheet import Sheet
from perfxl.template.text_height import row_height

LINE = 40.0
LOOK = {"align": "left", "valign": "vcenter"}


def write_signatures(sheet: Sheet, block: Block, row: int) -> None:
    """Writes it. Who filled comes from the first sheet; the others sign by hand, or are typed behind their words.

    Nothing of it is read as a field; a copy to mend lists names that were typed.
    """
    col = {column.key: column.col for column in block.columns}
    field = ("identity", "department.contact", VALUE)
    place, contact = sheet.book.layout.places[field], sheet.live.value(field)
    expression = f'{literal(f"{FILLED}：")}&IF({place.ref}="",{literal(BLANK)},{place.ref})'
    filled = f"{FILLED}：{BLANK if contact is None else contact}"
    sheet.formula(row, 1, expression, filled, "plain", to=col["name"], **LOOK)
    seal = f"{SEAL}　　　　{DATE}"
    signed = (
        ("points", "standard", f"{CHECKED}：{BLANK}", False),
        ("computed", "accepted", f"{HEAD}：{BLANK}", False),
        ("reason", "note", seal, True),
    )
    texts = [(filled, sheet.span(1, col["name"]))]
    for first, last, text, locked in signed:
        sheet.text(row, col[first], text, "plain", to=col[last], locked=locked, **LOOK)
        texts.append((text, sheet.span(col[first], col[last])))
    sheet.height(row, row_height(texts, LINE))
