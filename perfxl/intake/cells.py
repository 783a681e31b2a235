"""The cells of a workbook through calamine, with what calamine alone does not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from perfxl.intake.container import RESEND, damaged, password_refusal
from perfxl.intake.limits import Limits, RefusalError
from perfxl.intake.package import Package, inspect
from perfxl.intake.sheet_xml import too_far
from perfxl.layout.grid import column_letters
from perfxl.layout.template_layout import COVER, FILLED_SHEETS, META
from perfxl.submission.numbers import fold
from perfxl.submission.values import Raw

Rows = Sequence[Sequence[Raw]]
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
_WANTED = {fold(name): name for name in (*FILLED_SHEETS, META)}
_MOST_MERGED = 2_000


@dataclass(slots=True)
class Cells:
    """The rows of a workbook's sheets, counted from A1.

    sheets: the template's, by their proper names. titles: the name of each of them as it stands in the workbook.
    others: the sheets that are none of the template's, by their own names. merged: merged ranges by proper name, as
    first and last (row, column).
    """

    sheets: dict[str, Rows]
    titles: dict[str, str]
    others: dict[str, Rows]
    package: Package
    merged: Mapping[str, Merged] = field(default_factory=dict)


def read_cells(data: bytes, limits: Limits) -> Cells:
    """The cells of a workbook of any kind that calamine reads. Raises RefusalError where it cannot be read."""
    package, readable = inspect(data, limits)
    cells = Cells({}, {}, {}, package)
    merged: dict[str, Merged] = {}
    try:
        workbook = CalamineWorkbook.from_filelike(readable)
        # Beside all sheets that are filled the instructions are what they are called, and need not be read.
        whole = _WANTED.keys() <= {fold(about.name) for about in workbook.sheets_metadata}
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet or (whole and fold(about.name) == COVER):
                cells.others[about.name] = ()
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            rows = _rows(sheet, limits)
            proper = _WANTED.get(fold(about.name))
            if proper is None or proper in cells.sheets:
                cells.others[about.name] = rows
                continue
            cells.sheets[proper], cells.titles[proper] = rows, about.name
            ranges = sheet.merged_cell_ranges or ()
            merged[proper] = ranges if len(ranges) <= _MOST_MERGED else ()
    except PasswordError as error:
        raise password_refusal() from error
    except (CalamineError, OSError, ValueError, KeyError, IndexError, MemoryError) as error:
        raise damaged() from error
    except BaseException as error:
        # What calamine's own assertions raise is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error
    if not cells.sheets and not cells.others:
        raise RefusalError("工作簿里没有工作表", RESEND, "F104")
    cells.merged = merged
    return cells


def _rows(sheet: CalamineSheet, limits: Limits) -> Rows:
    end = sheet.end
    if end is not None and (end[0] >= limits.rows or end[1] >= limits.columns):
        raise too_far(sheet.name, f"{column_letters(end[1])}{end[0] + 1}", limits)
    rows: Rows = sheet.to_python(skip_empty_area=False)
    return rows
