"""One look for every result workbook: formats put together from traits, in the colours of all workbooks.

A look is a few trait names in one text (`"box score bold"`); a workbook keeps one format for each look.
"""

from __future__ import annotations

from typing import Any

from perfxl.palette import ACCENT, BAND, FONT, HEAD, INK, INPUT, LINE, MUTED, ON_HEAD, RED, TONES

__all__ = ["ACCENT", "FONT", "INK", "LINE", "MUTED", "RED", "TONES"]

SIZE = 10.0
SMALL = 9.0
TITLE = 16.0

SECOND = "#B9C4D0"
BAR = "#9DBBD9"

TRAITS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": TITLE, "font_color": ACCENT},
    "section": {"bold": True, "font_size": 11, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT},
    "note": {"font_color": MUTED, "font_size": SMALL},
    "head": {
        "bold": True,
        "font_color": ON_HEAD,
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
    "alert": {"font_color": RED},
    "band": {"bg_color": BAND},
    "link": {"font_color": ACCENT, "underline": 1},
    "text": {"indent": 1, "align": "left"},
    "points": {"num_format": "General"},
    "whole": {"num_format": "#,##0"},
    # The space behind keeps numbers off the border.
    "score": {"num_format": "0.00_ "},
    "rate": {"num_format": "0.00%_ "},
    "share": {"num_format": "0.0%_ "},
    # Without that space, for narrow columns.
    "percent": {"num_format": "0.0%", "align": "center", "font_size": SMALL},
    "money": {"num_format": "#,##0.00_ "},
    "size": {"num_format": "#,##0.0_ "},
    # Places won or lost, as an arrow with a number.
    "places": {"num_format": '"↑"0;"↓"0;"—"', "align": "center"},
    "input": {"bg_color": INPUT},
    "open": {"locked": False},
    "points100": {"num_format": "+0.0_ ;-0.0_ ;0.0_ "},
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


COMMON = (
    "title", "title center", "note", "note right", "note wrap left", "section", "head", "muted",
    "box text", "box text bold", "box text wrap bold", "box text wrap bold weak", "box text wrap bold fair",

    "box text wrap", "box text wrap small",
    "box center", "box center wrap", "box center muted band", "box center points", "box center big score",
    "box center bold score", "box center bold wrap good", "box center bold wrap fair", "box center bold wrap weak",
    "box center bold wrap bad", "box center good", "box center fair", "box center weak", "box center bad",
    "box share text", "box rate", "box rate bold", "box money",
    "box score", "box score bold", "box score bold weak", "box score muted",
    "box band", "box center bold band", "box center points bold band", "box score bold band", "box bold band center",
    "box band text", "box points right",
    "box money bold band", "box rate bold band",
    "box text wrap input", "box text wrap input open", "box center wrap input", "box center input",
    "box center wrap small", "box center wrap small top", "box percent", "box percent bold", "box text wrap bold bad",
)  # fmt: skip
"""The looks of a department's workbook: every workbook has their formats, which are made once in a process."""


class Styles(dict[str, Any]):
    """The formats of one workbook by their looks, as a cell refers to them; others than COMMON made on first use."""

    def __init__(self, workbook: Any) -> None:
        super().__init__(workbook.shared_styles(_properties, COMMON))
        self._workbook = workbook

    @property
    def of_its_own(self) -> bool:
        """Whether there are other looks than the common ones, whose formats have other numbers elsewhere."""
        return len(self) > len(COMMON)

    def __missing__(self, look: str) -> Any:
        found = self[look] = self._workbook.style(_properties, look)
        return found


def _properties(look: str) -> dict[str, Any]:
    properties: dict[str, Any] = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"}
    for trait in look.split():
        properties.update(TRAITS[trait])
    return properties
