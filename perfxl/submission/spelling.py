"""How a document's own spelling survives the workbook.

A cell holds a number, not its writing (`30.00`), and cannot tell a blank from an empty text. What a document spells
otherwise than its cell gives it back is kept in the hidden `_meta` sheet beside what the cell gives back, and counts
only while the cell still says that: a department's edit always wins. Whether a part with nothing in it stands in the
document at all is kept there too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.scheme.funds import fund_cell
from perfxl.scheme.model import Scheme
from perfxl.submission.document import LISTS, PARTS, Document, field_values, leaves, to_document
from perfxl.submission.reading import read_fields, texts

PREFIX = "spelling:"
_PART = "part"
"""In the place of a table: the row speaks of a whole part of the document."""


def spelling_rows(document: Document, scheme: Scheme) -> dict[str, str]:
    """The `_meta` rows without which the document would not come back as it is.

    Each is JSON: what the cell gives back, then the document's own leaf unless the document has none.
    """
    values = field_values(document, scheme)
    returned = to_document(texts(read_fields(values, layout_of(scheme))), scheme)
    back = dict(leaves(returned))
    own = dict(leaves(document))
    rows = {
        _key(field): json.dumps([back.get(field), leaf])
        for field, leaf in own.items()
        if field not in back or back[field] != leaf
    }
    rows.update({_key(field): json.dumps([back[field]]) for field in back.keys() - own.keys()})
    for part in PARTS:
        if (part in document) is not (part in returned) and not document.get(part) and not returned.get(part):
            rows[_key((_PART, part, ""))] = json.dumps(part in document)
    return dict(sorted(rows.items()))


def respell(document: Document, meta: Mapping[str, str]) -> Document:
    """The document read from the cells, in its own spelling where the cells still say the same."""
    for key, text in meta.items():
        if not key.startswith(PREFIX):
            continue
        if key.startswith(PREFIX + _PART):
            _respell_part(document, key, text)
            continue
        try:
            expected, *own = json.loads(text)
            holder, name = _leaf_place(document, _field(key))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            # Someone edited the hidden sheet: the cells alone count.
            continue
        if holder.get(name) == expected:
            holder.pop(name, None)
            if own:
                holder[name] = own[0]
    return document


def _respell_part(document: Document, key: str, text: str) -> None:
    """Puts an empty part into the document or takes it out, as the one that was filled had it."""
    part = key.split("|")[1] if key.count("|") == 2 else ""
    if part not in PARTS or document.get(part):
        return
    if text == json.dumps(True):
        document.setdefault(part, [] if part in LISTS else {})
    elif text == json.dumps(False):
        document.pop(part, None)


def _key(field: FieldId) -> str:
    return PREFIX + "|".join(field)


def _field(key: str) -> FieldId:
    table, row, column = key.removeprefix(PREFIX).split("|")
    return table, row, column


def _leaf_place(document: Document, field: FieldId) -> tuple[dict[str, Any], str]:
    """The object of the document in which a field's leaf stands, and its name there."""
    table, key, column = field
    if table == "identity":
        part, _, name = key.partition(".")
        return document[part], name
    if table == "facts" and (cell := fund_cell(key)):
        row, name = cell
        return document["funds"][row], name
    if table == "facts":
        return document["facts"], key
    if table in ("kpis", "tasks"):
        return document[table][int(key) - 1], column
    return document[table][key], column
