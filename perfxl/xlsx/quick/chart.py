"""Charts that are set up and written once in a process: a later sheet only puts its name and its numbers in.

The charts of one kind of sheet differ in nothing else, and XlsxWriter spends more time on a chart than on a
hundred cells.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.chart_column import ChartColumn

from perfxl.caches import kept
from perfxl.xlsx.quick.kept import MARK, keep
from perfxl.xlsx.texts import escaped

KINDS = {"bar": ChartBar, "column": ChartColumn}
KEPT = 50
AXES = (1, 2)
SHEET_MARK, AXIS_MARK, NUMBERS, TEXTS = "sheet", "axis", "numbers", "texts"
SHEET = f"{MARK}{SHEET_MARK}{MARK}"
_prototypes, _texts = kept(), kept()


def chart_of(workbook: Any, sheet: str, kind: str, key: Hashable, set_up: Callable[[Any, str], None]) -> Any:
    """A chart of kind `bar` or `column` of what stands on a sheet.

    set_up: sets up a new chart for a sheet that it is given the name of. key: says all else that it does.
    """
    prototype = _prototypes.get(key)
    if prototype is None:
        prototype = KINDS[kind]({"type": kind})
        prototype.embedded = True
        prototype.date_1904 = prototype.remove_timezone = False
        set_up(prototype, SHEET)
        keep(_prototypes, key, prototype, KEPT)
    chart = copy.copy(prototype)
    chart.formula_data = list(prototype.formula_data)
    quoted = sheet.replace("'", "''")
    chart.formula_ids = {cells.replace(SHEET, quoted): place for cells, place in prototype.formula_ids.items()}
    chart._assemble_xml_file = partial(_assemble, chart, key, escaped(quoted))
    workbook.charts.append(chart)
    return chart


def _assemble(chart: Any, key: Hashable, sheet: str) -> None:
    kinds = tuple(chart._get_data_type(data) for data in chart.formula_data)
    full_key = (key, kinds)
    parts = _texts.get(full_key)
    if parts is None:
        parts = _write_with_marks(chart)
        keep(_texts, full_key, parts, KEPT)
    own = {SHEET_MARK: sheet} | {f"{AXIS_MARK}{axis}": f"{5001 + chart.id}{axis:04d}" for axis in AXES}
    for place, data in enumerate(chart.formula_data):
        own[f"{NUMBERS}{place}"] = own[f"{TEXTS}{place}"] = _points(data)
        if kinds[place] == "str":
            # Where values are asked for, XlsxWriter takes a text for 0, as Excel does in a chart.
            own[f"{NUMBERS}{place}"] = _points([0 if isinstance(value, str) else value for value in data])
    # Every second part is a mark.
    chart.fh.write("".join(own[part] if odd % 2 else part for odd, part in enumerate(parts)))


def _write_with_marks(chart: Any) -> list[str]:
    """The chart's XML, with marks for the sheet, the axes and the points: those of a range by its number."""
    written, target = _Text(), chart.fh
    number = {id(data): place for place, data in enumerate(chart.formula_data)}
    chart.fh = written

    def mark(tag: str, kind: str, data: list[Any]) -> None:
        chart._xml_start_tag(tag)
        if tag == "c:numCache":
            chart._write_format_code("General")
        chart._write_pt_count(len(data))
        chart.fh.write(f"{MARK}{kind}{number[id(data)]}{MARK}")
        chart._xml_end_tag(tag)

    chart._write_num_cache = partial(mark, "c:numCache", NUMBERS)
    chart._write_str_cache = partial(mark, "c:strCache", TEXTS)
    # What XlsxWriter makes of the number of the chart.
    chart._add_axis_ids = lambda _: None
    chart.axis_ids = [f"{MARK}{AXIS_MARK}{axis}{MARK}" for axis in AXES]
    type(chart)._assemble_xml_file(chart)
    chart.fh = target
    return written.text.split(MARK)


class _Text:
    """Collects what is written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def _points(data: list[Any]) -> str:
    return "".join(
        f'<c:pt idx="{place}"><c:v>{escaped(str(value))}</c:v></c:pt>'
        for place, value in enumerate(data)
        if value is not None
    )
