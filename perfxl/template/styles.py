"""The looks of the template and of lists: cell formats in the colours of all workbooks, made once each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from perfxl.palette import (
    ACCENT,
    ALERT_FILL,
    CHOICE,
    COMPUTED,
    FONT,
    GOOD,
    HEAD,
    INK,
    INPUT,
    LINE,
    LINK,
    MUTED,
    ON_HEAD,
    RED,
    WARNING,
)  # fmt: skip

__all__ = ["ACCENT", "ALERT", "ALERT_FILL", "FONT", "GOOD", "INK", "LINK", "MUTED", "WARNING"]

BODY_SIZE, TITLE_SIZE = 10, 16
RULE, ALERT = LINE, RED

MONEY, POINTS, RATE, GENERAL, TEXT, DATE = "#,##0.00####", "0.00##", "0.00%", "General", "@", "yyyy-mm-dd"
NUMBER_FORMATS = {
    "money": MONEY,
    "points": POINTS,
    "code": TEXT,
    # As text, a symbol typed as "=" stays what it is and does not begin a formula.
    "choice": TEXT,
    "yes_no": TEXT,
    "date": DATE,
}
ALIGN = dict.fromkeys(("money", "points", "count", "number", "percent", "value"), "right") | dict.fromkeys(
    ("choice", "yes_no"), "center"
)
FIT_NUMBER = {"text_wrap": False, "shrink": True}
"""A long number gets smaller rather than turning into ####."""

_BOX = {"border": 1, "border_color": RULE, "text_wrap": True, "valign": "vcenter"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_size": TITLE_SIZE, "bold": True, "font_color": ACCENT, "valign": "vcenter"},
    "note": {"font_color": MUTED, "text_wrap": True, "valign": "vcenter"},
    "block": {"font_size": 12, "bold": True, "font_color": ACCENT, "valign": "vcenter"},
    "strip": {"font_color": ALERT, "text_wrap": True, "valign": "top"},
    "bar": _BOX | {"font_color": ACCENT, "text_wrap": False, "indent": 1},
    "entry": {"font_color": LINK, "underline": 1, "valign": "vcenter", "text_wrap": True, "indent": 1},
    "aside": {"font_color": MUTED, "align": "right", "valign": "vcenter"},
    "head": _BOX | {"bold": True, "font_color": ON_HEAD, "bg_color": HEAD, "align": "center"},
    "label": _BOX | {"indent": 1},
    "hint": _BOX | {"indent": 1, "font_color": MUTED},
    "input": _BOX | {"bg_color": INPUT, "locked": False},
    "choice": _BOX | {"bg_color": CHOICE, "locked": False},
    "computed": _BOX | {"bg_color": COMPUTED, "align": "right"},
    "supplied": _BOX | {"bg_color": COMPUTED},
    "total": _BOX | {"bg_color": COMPUTED, "bold": True, "align": "right"},
    "plain": {"text_wrap": True, "valign": "vcenter"},
    "link": _BOX | {"indent": 1, "font_color": LINK, "underline": 1},
    # Beside the text that a row shows, its hidden key keeps an automatic height from being cramped.
    "key": {"font_size": 14, "font_color": MUTED},
    "wide_key": {"font_size": 36, "font_color": MUTED},
}
MARKED: dict[str, Any] = {"bg_color": ALERT_FILL, "border": 2, "border_color": ALERT}
DEFAULT_FORMAT = {"font_name": FONT, "font_size": BODY_SIZE}


class Styles:
    """Cell formats of one workbook by look and what differs from it, as a cell refers to them, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, tuple[tuple[str, Any], ...]], Any] = {}

    def begin_as(self, other: Styles) -> None:
        """Takes those of a workbook that this one begins as."""
        self._made = other._made.copy()

    def __call__(self, look: str, **differences: Any) -> Any:
        """The format of a look with differences in XlsxWriter's words (`num_format`, `align`, ...)."""
        key = (look, tuple(differences.items()))
        if key not in self._made:
            self._made[key] = self._workbook.style(properties_of, *key)
        return self._made[key]

    def difference(self, **properties: Any) -> Any:
        """A format of these properties alone, for a condition that changes a cell's look."""
        return self._workbook.add_format(properties)


def properties_of(look: str, differences: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A look with differences, in XlsxWriter's words."""
    properties = {"font_color": INK} | DEFAULT_FORMAT | _LOOKS[look] | dict(differences)
    if properties.get("align") == "center":
        # XlsxWriter gives up the centre for an indent.
        properties.pop("indent", None)
    return properties
