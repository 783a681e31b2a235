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
from perfxl.rules import rule_kinds
from perfxl.scheme.convert import NO, YES
from perfxl.scheme.model import Scheme
from perfxl.scheme.raw_scheme import TABLE_BY_KEY, TABLES, Column, Table, scheme_rows
from perfxl.scheme.shown import shown_value
from perfxl.scheme.workbook_guide import write_guide, write_rules
from perfxl.scheme.workbook_looks import HEADING_ROW, ROW_HEIGHT, Looks, height, write_value

LISTS_SHEET = "_lists"
ITEM, VALUE, REMARK = "项目", "内容", "说明"
# Headings that may stand beside the columns of a table and are not read: ours, and the clerk's own remarks.
NAMES, OWN_REMARK = "说明（自动）", "备注"
SPARE_ROWS = 5  # bordered rows under a table, for what is added
_LIST_LIMIT = 255  # characters of a drop-down list that stands in the cell itself; Excel drops a longer one
_REACH = 500  # rows under a heading that have drop-downs and that other drop-downs refer to
# Columns that name a record of another table (or of this one): their drop-down lists what stands there.
REFERENCES = {
    ("levels", "parent"): ("levels", "name"),
    ("indicators", "level2"): ("levels", "name"),
    ("settings", "indicator"): ("indicators", "code"),
    ("facts", "part_of"): ("facts", "key"),
    ("evaluated", "spending_rate"): ("derived", "key"),
    ("grades", "category"): ("categories", "name"),
}
# Columns of signed sums: Excel would take what begins with a minus for a formula, so these cells are texts.
AS_TEXT = {("derived", "numerator"), ("derived", "denominator")}


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
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        # A fixed time of creation: the same scheme gives the same bytes.
        book.set_properties({"title": scheme.header.title, "created": datetime(scheme.year, 1, 1)})
        _Writer(book, scheme).write()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, scheme: Scheme) -> None:
        self.book = book
        self.scheme = scheme
        self.lists: list[Sequence[str]] = []
        self.looks = Looks(book)

    def write(self) -> None:
        write_guide(self.looks, self.scheme)
        for table in TABLES:
            sheet = self.looks.sheet(table.sheet, table.note)
            if table.vertical:
                self.vertical(sheet, table)
            else:
                self.listing(sheet, table)
            if table.key == "settings":
                write_rules(self.looks)
        self.write_lists()

    def vertical(self, sheet: Any, table: Table) -> None:
        for at, (heading, width) in enumerate(((ITEM, 28), (VALUE, 44), (REMARK, 60))):
            sheet.set_column(at, at, width, self.looks.plain)
            sheet.write_string(HEADING_ROW, at, heading, self.looks.heading)
        values = scheme_rows(self.scheme, table)[0]
        for row, column in enumerate(table.columns, HEADING_ROW + 1):
            sheet.write_string(row, 0, column.spec.heading, self.looks.text)
            write_value(sheet, row, 1, shown_value(column, values[column.name]), self.looks.text)
            sheet.write_string(row, 2, column.spec.note, self.looks.text)
            sheet.set_row(row, ROW_HEIGHT)
            self.drop_down(sheet, table, column, row, row, 1)

    def listing(self, sheet: Any, table: Table) -> None:
        rows = [self.shown(table, row) for row in scheme_rows(self.scheme, table)]
        bottom = HEADING_ROW + len(rows) + SPARE_ROWS
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, column.spec.width, self.looks.plain)
            sheet.write_string(HEADING_ROW, at, column.spec.heading, self.looks.heading)
            note = heading_note(column)
            sheet.write_comment(HEADING_ROW, at, note, {"x_scale": 1.6, "y_scale": 0.9, "font_size": 9})
            look = self.looks.typed if (table.key, column.name) in AS_TEXT else self.look(column)
            if look is self.looks.typed:
                sheet.set_column(at, at, column.spec.width, look)
            for number, row in enumerate(rows, HEADING_ROW + 1):
                write_value(sheet, number, at, row[column.name], look)
            for number in range(HEADING_ROW + 1 + len(rows), bottom + 1):
                sheet.write_blank(number, at, None, look)
            self.drop_down(sheet, table, column, HEADING_ROW + 1, HEADING_ROW + _REACH, at)
        for number in range(HEADING_ROW + 1, bottom + 1):
            row = rows[number - HEADING_ROW - 1] if number <= HEADING_ROW + len(rows) else {}
            sheet.set_row(number, height([(str(row.get(c.name) or ""), c.spec.width) for c in table.columns]))
        if table.key == "settings":
            self.names(sheet, rows, bottom)
        sheet.autofilter(HEADING_ROW, 0, bottom, len(table.columns) - (table.key != "settings"))

    def names(self, sheet: Any, rows: Sequence[dict[str, Any]], bottom: int) -> None:
        """A column after the rule settings that says which indicator and which fact a row is about."""
        at = len(TABLE_BY_KEY["settings"].columns)
        sheet.set_column(at, at, 56, self.looks.plain)
        sheet.write_string(HEADING_ROW, at, NAMES, self.looks.heading)
        sheet.write_comment(HEADING_ROW, at, "由公式自动显示指标和事项的名称，不用填", {"font_size": 9})
        facts = {
            row["key"]: row["label"]
            for key in ("derived", "facts")
            for row in scheme_rows(self.scheme, TABLE_BY_KEY[key])
        }
        for number in range(HEADING_ROW + 1, bottom + 1):
            found = ""
            if number <= HEADING_ROW + len(rows):
                row = rows[number - HEADING_ROW - 1]
                label = facts.get(str(row["value"]))
                found = self.scheme.indicator_by_code[row["indicator"]].name + (f"：{label}" if label else "")
            indicator = _looked_up(f"A{number + 1}", "indicators", "code", "name")
            fact, derived = (_looked_up(f"C{number + 1}", key, "key", "label") for key in ("facts", "derived"))
            formula = f'=IFERROR({indicator},"")&IFERROR("："&{fact},IFERROR("："&{derived},""))'
            sheet.write_formula(number, at, formula, self.looks.name, found)

    def shown(self, table: Table, row: dict[str, Any]) -> dict[str, str | Decimal | None]:
        """A record as the workbook shows it; a rule kind by its title, a setting by its label."""
        shown = {column.name: shown_value(column, row[column.name]) for column in table.columns}
        if table.key == "indicators":
            shown["kind"] = rule_kinds()[row["kind"]].title
        elif table.key == "settings":
            rule = self.scheme.indicator_by_code[row["indicator"]].rule
            shown["setting"] = rule.settings()[row["setting"]].label
        elif table.key == "caps" and row["value"] not in (YES, NO):
            shown["value"] = Decimal(row["value"])
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
        elif (table.key, column.name) == ("settings", "setting"):
            labels = [spec.label for rule in rule_kinds().values() for spec in rule.settings().values()]
            options["source"] = self.source(list(dict.fromkeys(labels)))
        elif reference := REFERENCES.get((table.key, column.name)):
            options["source"] = _listed_cells(*reference)
            options |= _only_warns(f"“{TABLE_BY_KEY[reference[0]].sheet}”表中没有这一项，确定要用吗？")
        elif words := self.known(table.key, column.name):
            options["source"] = self.source(words)
            options |= _only_warns("导出方案时没有这一项，确定要用吗？")
        else:
            return
        options.setdefault("error_title", "不在可选范围内")
        options.setdefault("error_message", "请从下拉列表中选择")
        sheet.data_validation(first, at, last, at, options)

    def known(self, key: str, name: str) -> list[str]:
        """What the scheme has for a column that names things of several tables, or of its own."""
        scheme = self.scheme
        if name == "sheet":
            return list(scheme.fact_sheets)
        if (key, name) == ("caps", "fact"):
            return list(scheme.fact_labels)
        if name == "grade":
            return list(dict.fromkeys(grade.name for grade in scheme.grades))
        return []

    def source(self, words: Sequence[str]) -> Any:
        """A drop-down's words in the cell itself, or a range of the hidden sheet where they are too long."""
        if len(",".join(words)) <= _LIST_LIMIT and not any("," in word for word in words):
            return list(words)
        if words not in self.lists:
            self.lists.append(words)
        letter = chr(65 + self.lists.index(words))
        return f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(words)}"

    def write_lists(self) -> None:
        if not self.lists:
            return
        sheet = self.book.add_worksheet(LISTS_SHEET)
        sheet.hide()
        for at, words in enumerate(self.lists):
            for row, word in enumerate(words):
                sheet.write_string(row, at, word)


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


def _cells(key: str, name: str) -> str:
    """The cells of a table's column, as far as drop-downs reach."""
    table = TABLE_BY_KEY[key]
    letter = chr(65 + list(table.by_name).index(name))
    top = HEADING_ROW + 2
    return f"'{table.sheet}'!${letter}${top}:${letter}${top + _REACH - 1}"


def _listed_cells(key: str, name: str) -> str:
    """A formula for the filled cells of a column: it grows as rows are added, and has no blanks at its end."""
    cells = _cells(key, name)
    return f"=OFFSET({cells.split(':')[0]},0,0,MAX(COUNTA({cells}),1),1)"


def _looked_up(cell: str, key: str, code: str, name: str) -> str:
    """A formula for the name that stands beside a code in its table."""
    return f"INDEX({_cells(key, name)},MATCH({cell},{_cells(key, code)},0))"
