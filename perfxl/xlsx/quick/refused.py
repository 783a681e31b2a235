"""What the quick writer does not write is refused: a part that is left out in silence would be missed too late."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from perfxl.xlsx.quick.page_setup import page_settings

_OF_WORKBOOKS = {
    "custom_properties": "custom document properties",
    "vba_project": "macros",
    "image_types": "pictures",
    "constant_memory": "constant memory",
}
_OF_SHEETS = {
    "shapes": "text boxes",
    "tables": "tables",
    "images": "pictures",
    "background_image": "background pictures",
    "header_images": "pictures in headers",
    "footer_images": "pictures in footers",
    "buttons_list": "buttons",
    "has_dynamic_arrays": "dynamic arrays",
    "row_info": "rows set by `set_row`",
    "is_chartsheet": "chart sheets",
}
_in_sheet = itemgetter(*_OF_SHEETS)


def refuse(workbook: Any) -> None:
    """Raises ValueError where a workbook has what the quick writer would leave out, in words for who asked for it."""
    found = sorted(set(_found(workbook)))
    if found:
        raise ValueError(f"the quick writer does not write {', '.join(found)}: teach it, or do without")


def _found(workbook: Any) -> Iterator[str]:
    yield from (words for name, words in _OF_WORKBOOKS.items() if getattr(workbook, name))
    if workbook.embedded_images.has_images():
        yield "pictures in cells"
    if workbook._has_feature_property_bags():
        yield "check boxes"
    for sheet in workbook.worksheets_objs:
        state = vars(sheet)
        if any(_in_sheet(state)):
            yield from (words for name, words in _OF_SHEETS.items() if state[name])
        elif state["col_info"] and not state["columns"] and not sheet.takes_set_column:
            yield "columns set by `set_column`"
        elif state["page_setup"] and state["page_settings"] != page_settings(state):
            yield "changes of a page after `set_up_page`"
