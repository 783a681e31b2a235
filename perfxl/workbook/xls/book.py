"""An .xls, read by xlrd and written anew as a plain .xlsx."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any

import xlrd

from perfxl.workbook.container import damaged
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.plain_book import ERRORS, PlainBook, Run, State, Value
from perfxl.workbook.plain_styles import GENERAL, PLAIN, Look, Style
from perfxl.workbook.xls.biff import SheetRecords, looked_through
from perfxl.workbook.xls.compound_file import workbook_stream

_STATES: Mapping[int, State] = {1: "hidden", 2: "veryHidden"}
_SCRIPTS: Mapping[int, Any] = {1: "superscript", 2: "subscript"}
_SOLID = 1
# Formats that Excel writes as a number only, and that differ by language: those of a Chinese one.
_TIMES = {32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'AM/PMh"时"mm"分"', 35: 'AM/PMh"时"mm"分"ss"秒"',
          55: 'AM/PMh"时"mm"分"', 56: 'AM/PMh"时"mm"分"ss"秒"'}  # fmt: skip
_DATE = 'yyyy"年"m"月"d"日"'


def xls_as_xlsx(data: bytes, limits: Limits) -> dict[str, bytes]:
    """The parts of an .xlsx with what an .xls says.

    Raises RefusalError for what is damaged or has a password, for cells beyond the limits, or more text or sheets than
    they allow.
    """
    try:
        records = looked_through(workbook_stream(data), limits)
        with Path(os.devnull).open("w", encoding="utf-8", errors="replace") as nowhere:
            source = xlrd.open_workbook(
                file_contents=records.stream, formatting_info=True, on_demand=True, ragged_rows=True, logfile=nowhere
            )
            book = PlainBook(limits, date1904=source.datemode == 1)
            styles = _Styles(source)
            # One sheet at a time: each is kept with all blanks between its cells.
            for number, about in enumerate(records.sheets):
                _add_sheet(book, source.sheet_by_index(number), about, styles)
                source.unload_sheet(number)
            return book.parts()
    except RefusalError:
        raise
    except Exception as error:
        # xlrd has no exception of its own for most of what can be wrong: it runs into it.
        raise damaged() from error


def _add_sheet(book: PlainBook, source: Any, about: SheetRecords, styles: _Styles) -> None:
    sheet = book.sheet(source.name)
    sheet.state = _STATES.get(source.visibility, "visible")
    sheet.hidden_columns.update(
        col for col, info in source.colinfo_map.items() if col < book.limits.columns and (info.hidden or not info.width)
    )
    for row in range(source.nrows):
        info = source.rowinfo_map.get(row)
        hidden = bool(source.default_row_hidden) if info is None else bool(info.hidden or not info.height)
        sheet.row(row, _cells(source, row, about, styles), hidden=hidden)
    for top, bottom, left, right in source.merged_cells:
        sheet.merge(top, left, bottom - 1, right - 1)


def _cells(source: Any, row: int, about: SheetRecords, styles: _Styles) -> Iterator[tuple[int, Value, Style]]:
    for col, (kind, content) in enumerate(zip(source.row_types(row), source.row_values(row), strict=True)):
        formula = about.formulas.get((row, col))
        if formula is None and kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            continue
        style = styles.of(source.cell_xf_index(row, col))
        if (row, col) in about.uncalculated:
            yield col, Value("", "", formula), style
        elif kind == xlrd.XL_CELL_TEXT:
            runs = styles.runs(content, source.rich_text_runlist_map.get((row, col)), style.look)
            if formula is None and len({look for _, look in runs}) > 1:
                # The runs say all of it; one without a look of its own would take that of the cell.
                yield col, Value("s", content, None, runs), replace(style, look=Look(colour=style.look.colour))
            else:
                yield col, Value("s", content, formula), replace(style, look=runs[0][1]) if runs else style
        elif kind == xlrd.XL_CELL_BOOLEAN:
            yield col, Value("b", "1" if content else "0", formula), style
        elif kind == xlrd.XL_CELL_ERROR:
            text = xlrd.error_text_from_code.get(content, "")
            yield col, Value("e", text if text in ERRORS else "#VALUE!", formula), style
        elif isinstance(content, float) and isfinite(content):
            yield col, Value("n", repr(content).removesuffix(".0"), formula), style
        else:
            yield col, Value("e", "#NUM!", formula), style


class _Styles:
    """The formats of a workbook by their numbers."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[int, Style] = {}

    def of(self, number: int) -> Style:
        known = self._known.get(number)
        if known is None:
            form = self._book.xf_list[number]
            fill = form.background
            ground = self._colour(fill.pattern_colour_index) if fill.fill_pattern == _SOLID else ""
            known = self._known[number] = Style(self._code(form.format_key), self._look(form.font_index), ground)
        return known

    def _code(self, key: int) -> str:
        form = self._book.format_map.get(key)
        if form is None:
            return GENERAL
        if form.format_str is None:
            is_date = form.type == xlrd.formatting.FDT
            return _TIMES.get(key, _DATE) if is_date else GENERAL
        return str(form.format_str) or GENERAL

    def _look(self, number: int) -> Look:
        if number >= len(self._book.font_list):
            return PLAIN
        font = self._book.font_list[number]
        return Look(bool(font.struck_out), _SCRIPTS.get(font.escapement, ""), self._colour(font.colour_index))

    def _colour(self, number: int) -> str:
        """RRGGBB; empty for an automatic colour, and for black, which is what that looks like."""
        rgb = self._book.colour_map.get(number)
        return "".join(f"{part:02X}" for part in rgb) if rgb and any(rgb) else ""

    def runs(self, text: str, starts: list[tuple[int, int]] | None, look: Look) -> list[Run]:
        """A text by looks; empty where it has none of its own."""
        if not starts or not text:
            return []
        # Places are counted in UTF-16.
        units = text.encode("utf-16-le", "surrogatepass")
        edges = [(0, look), *((start, self._look(font)) for start, font in starts)]
        ends = [start for start, _ in edges[1:]] + [len(units) // 2]
        runs: list[Run] = []
        for (start, own), end in zip(edges, ends, strict=True):
            piece = units[2 * start : 2 * end].decode("utf-16-le", "replace")
            if not piece:
                continue
            if runs and (runs[-1][1] == own or not piece.strip()):
                runs[-1] = (runs[-1][0] + piece, runs[-1][1])
            else:
                runs.append((piece, own))
        # Runs that do not lie one behind the other would say the text twice.
        return runs if "".join(piece for piece, _ in runs) == text else []
