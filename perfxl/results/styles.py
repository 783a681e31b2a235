"""One look for every result workbook: a small palette, and formats put together from traits.

A look is a few trait names in one text (`"box score bold"`); a workbook keeps one format for each look.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from perfxl.xlsx.sheet import style_of
from perfxl.xlsx.workbook import copy_format, prototype

FONT = "微软雅黑"  # on every Windows since Vista; elsewhere the system's own Chinese sans stands in
SIZE = 10.0
SMALL = 9.0

INK = "#1F2933"
MUTED = "#5C6773"
ACCENT = "#1F4E79"
SECOND = "#B9C4D0"
LINE = "#BCC6D1"
HEAD = "#E3EAF2"
BAND = "#F5F7FA"
BAR = "#9DBBD9"
RED = "#A3261D"

# Fill and ink from good to bad; a mark is always a word as well, never a colour alone.
TONES = (
    ("#DFF0E6", "#1E6B47"),
    ("#E0EBF7", "#1F5A94"),
    ("#FBF0D5", "#7A5200"),
    ("#F9E1DE", RED),
)

TRAITS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": ACCENT},
    "section": {"bold": True, "font_size": 11, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT},
    "note": {"font_color": MUTED, "font_size": SMALL},
    "head": {
        "bold": True,
        "bg_color": HEAD,
        "border": 1,
        "border_color": LINE,
        "align": "center",
        "text_wrap": True,
    },
    "box": {"border": 1, "border_color": LINE},
    "center": {"align": "center"},
    "left": {"align": "left"},
    "right": {"align": "right"},
    "top": {"valign": "top"},
    "wrap": {"text_wrap": True},
    "shrink": {"shrink": True},
    "bold": {"bold": True},
    "small": {"font_size": SMALL},
    "big": {"font_size": 15, "bold": True, "font_color": ACCENT},
    "muted": {"font_color": MUTED},
    "band": {"bg_color": BAND},
    "link": {"font_color": ACCENT, "underline": 1},
    "text": {"indent": 1, "align": "left"},
    "points": {"num_format": "General"},
    "whole": {"num_format": "#,##0"},
    # The space behind keeps numbers off the border.
    "score": {"num_format": "0.00_ "},
    "rate": {"num_format": "0.00%_ "},
    "share": {"num_format": "0.0%_ "},
    "money": {"num_format": "#,##0.00_ "},
    "size": {"num_format": "#,##0.0_ "},
    # Places won or lost, as an arrow with a number.
    "places": {"num_format": '"↑"0;"↓"0;"—"', "align": "center"},
    "input": {"bg_color": "#FFFBE8"},
    "signed": {"num_format": "+0.00_ ;-0.00_ ;0.00_ "},
    "good": {"bg_color": TONES[0][0], "font_color": TONES[0][1]},
    "fair": {"bg_color": TONES[1][0], "font_color": TONES[1][1]},
    "weak": {"bg_color": TONES[2][0], "font_color": TONES[2][1]},
    "bad": {"bg_color": TONES[3][0], "font_color": TONES[3][1]},
}
TONE_NAMES = ("good", "fair", "weak", "bad")

CHART_FONT = {"name": FONT, "size": SMALL, "color": INK}
CHART_TITLE_FONT = {"name": FONT, "size": 10, "bold": True, "color": INK}


def tone(position: int, count: int) -> int:
    """Which tone the grade at this position (0 = best) of so many wears."""
    if count <= 1:
        return 0
    return round(position * (len(TONES) - 1) / (count - 1))


class Styles(dict[str, str]):
    """The formats of one workbook by their looks, as a cell refers to them; made when a look is first asked for."""

    def __init__(self, workbook: Any) -> None:
        super().__init__()
        self._workbook = workbook

    def __missing__(self, look: str) -> str:
        found = self[look] = style_of(copy_format(_prototype(look), self._workbook))
        return found


@cache
def _prototype(look: str) -> Any:
    properties: dict[str, Any] = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"}
    for trait in look.split():
        properties.update(TRAITS[trait])
    return prototype(properties)
