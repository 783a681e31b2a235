"""Native charts in the one quiet style: no border, thin grid, the book's font."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from perfxl.results.cells import Page
from perfxl.results.styles import ACCENT, CHART_FONT, CHART_TITLE_FONT, LINE, SECOND
from perfxl.xlsx.texts import clean

COLOURS = (ACCENT, SECOND)
GRID = "#E3E8EE"
ALT_LENGTH = 1000
ROOM = 1.15
"""How far an axis that isn't seen goes on beyond its highest value."""


@dataclass(frozen=True)
class Series:
    """One series. heading: the cell (row, column) of its name; rows: first and last row; names, values: columns.

    colours: of each value by itself, in place of `colour`.
    """

    heading: tuple[int, int] | None
    rows: tuple[int, int]
    names: int
    values: int
    colour: str = ACCENT
    label: str | None = "0.0%"
    colours: tuple[str, ...] = ()


def pixels_wide(width: float) -> int:
    """A column width in pixels; a chart that ends where a column ends does so in every program."""
    return int(width * 7 + 0.5) + 5


def pixels_high(points: float) -> int:
    """A row height in pixels."""
    return int(points * 4 / 3)


def draw(
    page: Page,
    kind: str,
    title: str,
    series: Sequence[Series],
    place: tuple[int, int],
    size: tuple[int, int],
    *,
    top: float | None = None,
    bottom: float | None = 0,
    number: str = "0%",
    alt: str = "",
) -> None:
    """A chart of kind `column` or `bar` (bars in the order of the table) at a cell, width and height in pixels.

    top, bottom: the ends of the value axis, None where the program that shows it chooses. number: the number format of
    the value axis. alt: what the chart shows, in words, for those who cannot see it.
    """
    sheet = page.sheet.get_name()
    key = (kind, title, tuple(series), top, bottom, number)
    chart = page.book.workbook.new_chart(
        sheet, kind, key, lambda chart, name: _set_up(chart, name, kind, title, series, (bottom, top), number)
    )
    chart.set_size({"width": size[0], "height": size[1]})
    description = f"{title}：{alt}" if alt else title
    page.sheet.insert_chart(*place, chart, {"object_position": 1, "description": clean(description)[:ALT_LENGTH]})


def _set_up(
    chart: Any,
    sheet: str,
    kind: str,
    title: str,
    series: Sequence[Series],
    ends: tuple[float | None, float | None],
    number: str,
) -> None:
    for item in series:
        options: dict[str, Any] = {
            "categories": [sheet, item.rows[0], item.names, item.rows[1], item.names],
            "values": [sheet, item.rows[0], item.values, item.rows[1], item.values],
            "fill": {"color": item.colour},
            "gap": 60,
            "overlap": 0,
        }
        if item.colours:
            options["points"] = [{"fill": {"color": colour}} for colour in item.colours]
        if item.heading is not None:
            row, column = item.heading
            options["name"] = [sheet, row, column]
        if item.label is not None:
            options["data_labels"] = {"value": True, "num_format": item.label, "font": CHART_FONT}
        chart.add_series(options)
    chart.set_title({"name": title, "name_font": CHART_TITLE_FONT, "overlay": False})
    values: dict[str, Any] = {
        "num_font": CHART_FONT,
        "num_format": number,
        "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.5}},
        "line": {"none": True},
    }
    bottom, top = ends
    if top is not None and kind == "bar":
        top *= ROOM  # the axis isn't seen, and beyond a full bar its label must find room within the frame
    values |= {key: end for key, end in (("min", bottom), ("max", top)) if end is not None}
    names: dict[str, Any] = {"num_font": CHART_FONT, "line": {"color": LINE}, "major_tick_mark": "none"}
    if bottom is None:
        # Beside columns that hang down names stand below them.
        names["label_position"] = "low"
    if kind == "bar":
        # XlsxWriter's x axis is the horizontal one, so a bar chart has its names on y.
        names["reverse"] = True
        names["interval_unit"] = 1  # every name, also where a low chart on a screen would leave some out
        values |= {"visible": False, "major_gridlines": {"visible": False}}
        names, values = values, names
    chart.set_x_axis(names)
    chart.set_y_axis(values)
    if len(series) > 1:
        chart.set_legend({"position": "bottom", "font": CHART_FONT})
    else:
        chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
