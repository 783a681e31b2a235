"""What a sheet's XML is put together from, made once in a process: references, merged cells, heights, columns."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from perfxl.caches import cached
from perfxl.xlsx.texts import escaped


class _Starts(dict[int, str]):
    """How a cell starts, up to the number of its row, by its column."""

    def __missing__(self, column: int) -> str:
        text = self[column] = f'<c r="{xl_col_to_name(column)}'
        return text


letters = cached(maxsize=16_384)(xl_col_to_name)
STARTS = _Starts()
_UNUSUAL = re.compile("_x|[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # what may be written as `_x0041_`


def between_tags(text: str) -> str:
    """Text as XlsxWriter writes it between tags elsewhere than in cells: in headers and defined names."""
    shown: str = Worksheet._escape_control_characters(escaped(text)) if _UNUSUAL.search(text) else escaped(text)
    return shown


@cached(maxsize=2000)
def merged(
    row: int, column: int, last_row: int, last_column: int, style: str
) -> tuple[int, str, tuple[tuple[int, dict[int, str]], ...]]:
    """Of merged cells a bit for each column, the reference and the empty cells by row."""
    columns = range(column, last_column + 1)
    rows = range(row, last_row + 1)
    cells = tuple((each, {one: f"{STARTS[one]}{each + 1}{style}/>" for one in columns}) for each in rows)
    place = f"{letters(column)}{row + 1}:{letters(last_column)}{last_row + 1}"
    return (1 << last_column + 1) - (1 << column), place, cells


@cached(maxsize=1000)
def height_of(points: float) -> tuple[tuple[int, bool], str]:
    """A height as XlsxWriter keeps it, in pixels and not hidden, and as it stands in the row."""
    pixels = int(points * 4 / 3 + 0.5)
    return (pixels, False), f' ht="{pixels * 0.75:.16g}" customHeight="1"'


@cached(maxsize=50)
def columns_of(widths: tuple[float, ...]) -> tuple[dict[int, Any], str]:
    """XlsxWriter's record of these widths, and its XML; one of 0 is hidden."""
    sheet = Worksheet()
    sheet.fh = StringIO()
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width or 8, None, {"hidden": not width})
    sheet._write_cols()
    return sheet.col_info, sheet.fh.getvalue()
