"""A scheme as an Excel workbook that a clerk edits: one sheet a table, notes on the headings, drop-downs.

All texts are written as strings, so that a symbol `=` stays a symbol and a link stays text.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.errors import OutputError
from perfxl.references import column_letters
from perfxl.rules import rule_kinds
from perfxl.scheme.convert import NO, YES
from perfxl.scheme.model import Scheme
from perfxl.scheme.raw_scheme import TABLE_BY_KEY, Column, Table, scheme_rows
from perfxl.scheme.shown import shown_value
from perfxl.scheme.workbook_guide import PREVIEW_SHEET, write_guide, write_rules
from perfxl.scheme.workbook_indicator_sheet import write_indicators
from perfxl.scheme.workbook_indicators import IndicatorCells, lines_of
from perfxl.scheme.workbook_layout import INDICATORS, KEYED, Place, places, position, tables_in_order
from perfxl.scheme.workbook_lists import TOP, Lists, cells
from perfxl.scheme.workbook_looks import (
    DEFAULT_FORMAT,
    HEADING_ROW,
    Looks,
    height,
    narrowed,
    print_beside,
    write_value,
)
from perfxl.scheme.workbook_names import FACT_ROW, FORMAT, FORMAT_ROW, MARK, listed_columns, signed, written_labels
from perfxl.scheme.workbook_preview import write_preview

__all__ = ["ITEM", "OWN_REMARK", "PREVIEW_SHEET", "VALUE", "scheme_workbook", "write_scheme_workbook"]

ITEM, VALUE, REMARK = "项目", "内容", "说明"
# A heading that may stand beside the columns of a table and is not read: the clerk's own remarks.
OWN_REMARK = "备注"
SPARE_ROWS = 5  # bordered rows under a table, for what is added
_LIST_LIMIT = 255  # characters of a drop-down list that stands in the cell itself; Excel drops a longer one
_REACH = 500  # rows under a heading that have drop-downs and that other drop-downs refer to
# Columns that name a record of another table (or of this one): their drop-down lists what stands there.
REFERENCES = {
    ("levels", "parent"): ("levels", "name"),
    ("indicators", "level2"): ("levels", "name"),
    ("evaluated", "spending_rate"): ("derived", "label"),
    ("grades", "category"): ("categories", "name"),
}
# Columns that name facts.
FACT_COLUMNS = {
    ("facts", "part_of"),
    ("evaluated", "rectified"),
    ("caps", "fact"),
    ("derived", "numerator"),
    ("derived", "denominator"),
}
# Columns of signed sums: Excel would take what begins with a minus for a formula, so these cells are texts.
AS_TEXT = {("derived", "numerator"), ("derived", "denominator")}
KEY_NOTE = "由程序使用。新加的一行可以留空，自动按名称取；改名称时不要动它，评分规则仍认得原来的名称"


def write_scheme_workbook(scheme: Scheme, path: str | Path) -> None:
    """Write the scheme as an .xlsx file; nothing half-written is left. Raises `OutputError`."""
    path, data = Path(path), scheme_workbook(scheme)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except PermissionError as error:
        message = f"无法写入“{path}”：文件可能正在 Excel 中打开，或没有写入权限。请关闭文件或换一个位置后重试。"
        raise OutputError(message) from error
    except OSError as error:
        raise OutputError(f"无法写入“{path}”。请检查磁盘空间和位置后重试。") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def scheme_workbook(scheme: Scheme) -> bytes:
    """The scheme workbook as the bytes of an .xlsx file."""
    import xlsxwriter

    buffer = io.BytesIO()
    # A copy: XlsxWriter writes into what it is given, and the next workbook of the process would be another.
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": dict(DEFAULT_FORMAT)}) as book:
        # A fixed time of creation: the same scheme gives the same bytes.
        book.set_properties({"title": scheme.header.title, "created": datetime(scheme.year, 1, 1)})
        _Writer(book, scheme).write()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, scheme: Scheme) -> None:
        self.book = book
        self.scheme = scheme
        self.looks = Looks(book)
        self.lists = Lists(scheme)
        self.names = self.lists.names
        self.indicators = IndicatorCells(scheme, self.lists, lines_of(scheme, self.names))

    def write(self) -> None:
        write_guide(self.looks, self.scheme)
        write_preview(self.looks, self.indicators)
        for table in tables_in_order():
            if table.key == "settings":
                write_rules(self.looks)
                continue
            sheet = self.looks.sheet(table.sheet, table.note)
            if table.vertical:
                self.vertical(sheet, table)
            elif table.key == INDICATORS:
                write_indicators(self.looks, sheet, self.indicators)
                for at, place in enumerate(places(table)):
                    if place.column is not None:
                        self.drop_down(sheet, table, place.column, HEADING_ROW + 1, HEADING_ROW + _REACH, at)
            else:
                self.listing(sheet, table)
        self.lists.write(self.book)
        self.mark()

    def vertical(self, sheet: Any, table: Table) -> None:
        for at, (heading, width) in enumerate(((ITEM, 28), (VALUE, 44), (REMARK, 60))):
            sheet.set_column(at, at, width, self.looks.plain)
            sheet.write_string(HEADING_ROW, at, heading, self.looks.heading)
        values = self.shown(table, scheme_rows(self.scheme, table)[0])
        for row, column in enumerate(table.columns, HEADING_ROW + 1):
            sheet.write_string(row, 0, column.spec.heading, self.looks.text)
            write_value(sheet, row, 1, values[column.name], self.looks.text)
            sheet.write_string(row, 2, column.spec.note, self.looks.text)
            sheet.set_row(row, height([(str(values[column.name] or ""), 44), (column.spec.note, 60)]))
            self.drop_down(sheet, table, column, row, row, 1)

    def listing(self, sheet: Any, table: Table) -> None:
        rows = [self.shown(table, row) for row in scheme_rows(self.scheme, table)]
        bottom = HEADING_ROW + len(rows) + SPARE_ROWS
        shown = places(table)
        widths = narrowed([_width(place) for place in shown], 1)
        for at, place in enumerate(shown):
            sheet.write_string(HEADING_ROW, at, place.heading, self.looks.heading)
            if place.column is not None:
                self.column(sheet, table, place.column, rows, at, bottom, widths[at])
            else:
                self.sums(sheet, place, at, bottom)
        columns = [(place.column.name, width) for place, width in zip(shown, widths, strict=True) if place.column]
        # Free rows have no height of their own, so that Excel fits them to what is written.
        for number, row in enumerate(rows, HEADING_ROW + 1):
            sheet.set_row(number, height([(str(row.get(name) or ""), width) for name, width in columns]))
        if print_beside(sheet, widths, 1, [1] * (len(widths) - 1)):
            # The first column stands on every page: what runs over it would be cut there.
            sheet.write_blank(0, 0, None, self.looks.note)
            sheet.write_string(0, 1, table.note, self.looks.note)
        if table.key == "levels":
            self.total(sheet, bottom)
        sheet.autofilter(HEADING_ROW, 0, bottom, len(shown) - 1)

    def column(
        self, sheet: Any, table: Table, column: Column, rows: Sequence[Any], at: int, bottom: int, width: float
    ) -> None:
        """A column of the table: heading note, values, room for more, drop-down."""
        note = heading_note(column)
        look = self.looks.typed if (table.key, column.name) in AS_TEXT else self.look(column)
        if table.key in KEYED and column.name == "key":
            note, look = KEY_NOTE, self.looks.name
        sheet.write_comment(HEADING_ROW, at, note, {"x_scale": 1.6, "y_scale": 0.9, "font_size": 9})
        sheet.set_column(at, at, width, self.looks.typed_below if look is self.looks.typed else self.looks.plain)
        for number, row in enumerate(rows, HEADING_ROW + 1):
            write_value(sheet, number, at, row[column.name], look)
        for number in range(HEADING_ROW + 1 + len(rows), bottom + 1):
            sheet.write_blank(number, at, None, look)
        self.drop_down(sheet, table, column, HEADING_ROW + 1, HEADING_ROW + _REACH, at)

    def sums(self, sheet: Any, place: Place, at: int, bottom: int) -> None:
        """The live sums beside the levels: what the lower level comes to, and whether that fits."""
        wide = place.heading.startswith("核对")
        sheet.set_column(at, at, _width(place), self.looks.plain)
        own = f"${column_letters(position('levels', '下级合计'))}"
        name, points, parent = (f"${column_letters(position('levels', key))}" for key in ("name", "points", "parent"))
        parents, all_points = (f"{letter}${TOP}:{letter}${bottom + 1}" for letter in (parent, points))
        thirds, their_points = (self.indicators.column(key) for key in ("level2", "points"))
        for number in range(HEADING_ROW + 1, bottom + 1):
            row, level = number + 1, number - HEADING_ROW - 1
            if wide:
                letter = f"${column_letters(position('levels', 'nature'))}"
                names, natures = (f"{one}${TOP}:{one}${bottom + 1}" for one in (name, letter))
                above = f'IFERROR(INDEX({natures},MATCH({parent}{row},{names},0)),"")'
                nature = f'IF({parent}{row}="",{letter}{row},{above})'
                misfit = f'{own}{row}&" 与分值 "&{points}{row}&" 不符，应相等"'
                outside = f'IF(OR({nature}="加分",{nature}="扣分",{own}{row}={points}{row}),"",{misfit})'
                formula, value = f'=IF(OR({name}{row}="",{own}{row}=""),"",{outside})', ""
            else:
                seconds = f"SUMPRODUCT(--({parents}={name}{row}),{all_points})"
                third = f"SUMPRODUCT(--({thirds}={name}{row}),{their_points})"
                formula = f'=IF({name}{row}="","",ROUND(IF({parent}{row}="",{seconds},{third}),2))'
                value = self.below(level)
            sheet.write_formula(number, at, formula, self.looks.warning if wide else self.looks.computed, value)

    def below(self, number: int) -> Any:
        """What the level below a level comes to."""
        levels = self.scheme.levels
        if number >= len(levels):
            return ""
        level = levels[number]
        if level.parent:
            return float(sum(item.points for item in self.scheme.indicators if item.level2 == level.name))
        return float(sum(other.points for other in levels if other.parent == level.name))

    def total(self, sheet: Any, bottom: int) -> None:
        """Above the levels, what those of the hundred come to."""
        name, points, parent, nature = (
            f"${column_letters(position('levels', key))}${TOP}:${column_letters(position('levels', key))}${bottom + 1}"
            for key in ("name", "points", "parent", "nature")
        )
        firsts = f'--({name}<>""),--({parent}=""),--({nature}<>"加分"),--({nature}<>"扣分")'
        sum_ = f"ROUND(SUMPRODUCT({firsts},{points}),2)"
        formula = f'="计分的一级合计 "&{sum_}&IF({sum_}=100,"","，应为 100")'
        at = position("levels", "下级合计")
        sheet.write_formula(0, at, formula, self.looks.strong_line, "计分的一级合计 100")
        rule = {"type": "text", "criteria": "containing", "value": "应为", "format": self.looks.red}
        sheet.conditional_format(0, at, 0, at, rule)

    def mark(self) -> None:
        """The hidden sheet with the format, and the names of the facts."""
        sheet = self.book.add_worksheet(MARK)
        sheet.hide()
        sheet.write_string(0, 0, FORMAT_ROW)
        sheet.write_number(0, 1, FORMAT)
        for row, (key, label) in enumerate(written_labels(self.scheme).items(), 1):
            for at, words in enumerate((FACT_ROW, key, label, self.names[key])):
                sheet.write_string(row, at, words)

    def shown(self, table: Table, row: dict[str, Any]) -> dict[str, str | Decimal | None]:
        """A record as the workbook shows it, facts by name."""
        shown = {column.name: shown_value(column, row[column.name]) for column in table.columns}
        if table.key == "derived":
            for name in ("numerator", "denominator"):
                shown[name] = "、".join(signed(term, self.names) for term in row[name])
        elif table.key == "caps":
            shown["fact"] = self.names.get(row["fact"], row["fact"])
            shown["value"] = row["value"] if row["value"] in (YES, NO) else Decimal(row["value"])
        elif table.key == "facts":
            shown["part_of"] = self.names.get(row["part_of"], row["part_of"])
        elif table.key == "funds":
            shown["bureau"] = listed_columns(self.scheme, row["bureau"]) or None
        elif table.key == "evaluated":
            for name in ("spending_rate", "rectified"):
                shown[name] = self.names.get(row[name], row[name])
        return shown

    def look(self, column: Column) -> Any:
        return self.looks.text if column.spec.kind in ("text", "texts") else self.looks.centred

    def drop_down(self, sheet: Any, table: Table, column: Column, first: int, last: int, at: int) -> None:
        options: dict[str, Any] = {"validate": "list", "ignore_blank": True}
        if column.spec.kind == "yes_no":
            options["source"] = [YES, NO]
        elif column.spec.kind == "choice":
            options["source"] = self.source(column.spec.words or column.spec.choices)
        elif (table.key, column.name) == ("indicators", "kind"):
            options["source"] = self.source([rule.title for rule in rule_kinds().values()])
        elif (table.key, column.name) in FACT_COLUMNS:
            # Sums are several names with 、 between them: the list helps with the first.
            options |= {"source": self.lists.facts(), "show_error": False}
        elif reference := REFERENCES.get((table.key, column.name)):
            options["source"] = _listed_cells(*reference)
            options |= _only_warns(f"“{TABLE_BY_KEY[reference[0]].sheet}”表中没有这一项，确定要用吗？")
        elif words := self.known(column.name):
            options["source"] = self.source(words)
            options |= _only_warns("导出方案时没有这一项，确定要用吗？")
        else:
            return
        options.setdefault("error_title", "不在可选范围内")
        options.setdefault("error_message", "请从下拉列表中选择")
        sheet.data_validation(first, at, last, at, options)

    def known(self, name: str) -> list[str]:
        """What the scheme has for a column that names things of several tables, or of its own."""
        scheme = self.scheme
        if name == "sheet":
            return list(scheme.fact_sheets)
        if name == "grade":
            return list(dict.fromkeys(grade.name for grade in scheme.grades))
        return []

    def source(self, words: Sequence[str]) -> Any:
        """A drop-down's words in the cell itself, or a range of the hidden sheet where they are too long."""
        if len(",".join(words)) <= _LIST_LIMIT and not any("," in word for word in words):
            return list(words)
        return self.lists.static_source(words)


def _only_warns(message: str) -> dict[str, Any]:
    """What the clerk is going to add elsewhere may be named before it is there."""
    return {"error_type": "warning", "error_title": "没有这一项", "error_message": message}


def heading_note(column: Column) -> str:
    """The note on a heading: what to fill, what may be chosen, whether it must be filled."""
    choices = column.spec.words or column.spec.choices
    parts = [column.spec.note]
    if choices:
        parts.append(f"可选：{'、'.join(choices)}")
    parts.append("必填" if column.required else "可以留空")
    return "\n".join(parts)


def _listed_cells(key: str, name: str) -> str:
    """A formula for the filled cells of a column: it grows as rows are added, and has no blanks at its end."""
    column = cells(key, name, _REACH)
    return f"=OFFSET({column.split(':')[0]},0,0,MAX(COUNTA({column}),1),1)"


def _width(place: Place) -> int:
    """The width of a column of a listing, or of the sums beside it."""
    if place.column is not None:
        return place.column.spec.width
    return 24 if place.heading.startswith("核对") else 12
