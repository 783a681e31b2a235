"""What the quick writer does not write is refused: a part that is left out in silence would be missed too late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.worksheet import Worksheet

_BLANK = vars(Worksheet())
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
_OF_PAGES = (
    "paper_size", "orientation", "hcenter", "vcenter", "print_gridlines", "print_headers", "header", "footer",
    "header_footer_aligns", "header_footer_scales", "margin_left", "margin_right", "margin_top", "margin_bottom",
    "margin_header", "margin_footer", "page_order", "black_white", "page_start", "fit_page", "fit_width", "fit_height",
    "print_scale",
)  # fmt: skip


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
        yield from (words for name, words in _OF_SHEETS.items() if state[name])
        if not state["is_chartsheet"]:
            yield from _lost_settings(sheet, state)


def _lost_settings(sheet: Any, state: dict[str, Any]) -> Iterator[str]:
    """Settings by XlsxWriter's own methods where the sheet writes only those that it was given by its own."""
    if state["col_info"] and not state["columns"] and not sheet.takes_set_column:
        yield "columns set by `set_column`"
    if state["page_setup"] and any(state[name] != state["page_settings"].get(name, _BLANK[name]) for name in _OF_PAGES):
        yield "changes of a page after `set_up_page`"
