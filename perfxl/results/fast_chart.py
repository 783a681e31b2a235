"""Charts that are set up and written once in a process: a later workbook only puts its own numbers in.

The charts of one kind of sheet differ in their points alone, and XlsxWriter spends more time on a chart than on a
hundred cells. Knows XlsxWriter's inner workings, as `perfxl.results.fast_sheet` does.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.chart_column import ChartColumn

from perfxl.results.fast_sheet import escaped
from perfxl.results.fast_workbook import MARK, keep

KINDS = {"bar": ChartBar, "column": ChartColumn}
KEPT = 50
_prototypes: dict[Hashable, Any] = {}
_texts: dict[Hashable, list[str]] = {}


def chart_of(workbook: Any, kind: str, key: Hashable, set_up: Callable[[Any], None]) -> Any:
    """A chart of kind `bar` or `column` for a workbook. key: says all that `set_up` does to a new chart."""
    prototype = _prototypes.get(key)
    if prototype is None:
        prototype = KINDS[kind]({"type": kind})
        prototype.embedded = True
        prototype.date_1904 = prototype.remove_timezone = False
        set_up(prototype)
        keep(_prototypes, key, prototype, KEPT)
    chart = copy.copy(prototype)
    chart.formula_data = list(prototype.formula_data)
    chart.axis_ids, chart.axis2_ids = [], []
    chart._assemble_xml_file = partial(_assemble, chart, key)
    workbook.charts.append(chart)
    return chart


def _assemble(chart: Any, key: Hashable) -> None:
    kinds = tuple(chart._get_data_type(data) for data in chart.formula_data)
    full_key = (key, chart.id, kinds)
    parts = _texts.get(full_key)
    if parts is None:
        parts = _write_without_points(chart)
        keep(_texts, full_key, parts, KEPT)
    data = chart.formula_data
    # Every second part is the number of a range and stands for its points.
    chart.fh.write("".join(_points(data[int(part)]) if odd % 2 else part for odd, part in enumerate(parts)))


def _write_without_points(chart: Any) -> list[str]:
    written, target = _Text(), chart.fh
    number = {id(data): place for place, data in enumerate(chart.formula_data)}
    chart.fh = written

    def mark(tag: str, data: list[Any]) -> None:
        chart._xml_start_tag(tag)
        if tag == "c:numCache":
            chart._write_format_code("General")
        chart._write_pt_count(len(data))
        chart.fh.write(f"{MARK}{number[id(data)]}{MARK}")
        chart._xml_end_tag(tag)

    chart._write_num_cache = partial(mark, "c:numCache")
    chart._write_str_cache = partial(mark, "c:strCache")
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
