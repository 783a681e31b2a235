"""A scheme as an Excel workbook, read into raw tables: every value with its sheet and cell.

Sheets and headings are found by their text, in any order; what is missing or misspelt is a fault that says so.
`workbook_writer` writes the same workbook.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from perfxl.errors import Fault, UsageError
from perfxl.references import column_letters
from perfxl.scheme.raw_scheme import TABLES, Cell, Column, RawScheme, RawTable, Row, Table
from perfxl.scheme.upgrade import CAPS, OLD_COLUMNS, OLD_HEADINGS, OLD_SHEETS, TITLED_FORMAT, without_former_titles
from perfxl.scheme.words import near_miss
from perfxl.scheme.workbook_faults import RESULT_SHEET
from perfxl.scheme.workbook_guide import GUIDE_SHEET, RULES_SHEET
from perfxl.scheme.workbook_inline import inline_settings, is_inline, without_inline
from perfxl.scheme.workbook_layout import AUTO, INDICATORS, ITEM_POINTS, content_heading, most_parameters
from perfxl.scheme.workbook_layout import ITEM as LISTED_ITEM
from perfxl.scheme.workbook_names import FACT_ROW, FORMAT_ROW, MARK, with_facts_named, with_keys
from perfxl.scheme.workbook_writer import ITEM, OWN_REMARK, PREVIEW_SHEET, VALUE, scheme_workbook, write_scheme_workbook
from perfxl.text import fold_all, is_blank, trimmed
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.rows import read_rows

__all__ = ["column_letters", "read_workbook", "scheme_workbook", "write_scheme_workbook"]

SETTINGS, EVALUATED = "settings", "evaluated"
_HEADING_ROWS = 20  # a heading row further down is not looked for
_AUTO = fold_all(AUTO)
_OTHER_SHEETS = (RULES_SHEET, GUIDE_SHEET, RESULT_SHEET, PREVIEW_SHEET)

Grid = Sequence[Sequence[Any]]


def read_workbook(data: bytes, name: str) -> RawScheme:
    """The raw tables of an .xlsx file's bytes; `name` is the file's name for messages.

    Raises `UsageError` where it is not a workbook that can be read.
    """
    sheets = _sheets(data, name)
    by_fold = {fold_all(title): title for title in reversed(sheets)}
    known = {*map(fold_all, (*(table.sheet for table in TABLES), *_OTHER_SHEETS))}
    spare = [title for title in sheets if fold_all(title) not in known]
    tables: dict[str, RawTable] = {}
    faults: list[Fault] = []
    inline = False
    # The settings may stand on the lines of the indicators, which come first.
    for table in TABLES:
        title = by_fold.get(fold_all(table.sheet))
        old = by_fold.get(fold_all(OLD_SHEETS.get(table.key, "")))
        if title is None and old is None and table.key == SETTINGS and inline:
            tables[table.key] = RawTable(table, tables[INDICATORS].place, ())
            continue
        if title is None and old is None:
            tables[table.key], missing = _missing_table(table, name, spare)
            faults += missing
            continue
        reader: _Reader
        if title is None:
            reader = _OldCapsReader(table, str(old), sheets[str(old)])
        elif table.key == INDICATORS:
            reader = _IndicatorReader(table, title, sheets[title])
        else:
            reader = (_VerticalReader if table.vertical else _Reader)(table, title, sheets[title])
        tables[table.key] = reader.table_rows()
        faults += reader.faults
        inline = inline or (table.key == INDICATORS and is_inline(tables[table.key]))
    if inline:
        settings, told = inline_settings(tables[INDICATORS])
        faults += told
        tables[INDICATORS] = without_inline(tables[INDICATORS])
        tables[SETTINGS] = replace(tables[SETTINGS], rows=(*settings, *tables[SETTINGS].rows))
    mark = sheets.get(MARK, ())
    if _format_of(mark) < TITLED_FORMAT:
        tables[EVALUATED] = without_former_titles(tables[EVALUATED])
    old_keys = _old_keys(mark)
    tables, unnamed = with_facts_named(with_keys(tables, old_keys), old_keys)
    return RawScheme(name, tables, (*faults, *unnamed))


def _format_of(grid: Grid) -> float:
    """The format of the export; that of now where nothing tells it."""
    known = (row[1] for row in grid if len(row) > 1 and row[0] == FORMAT_ROW)
    return next((number for number in known if isinstance(number, int | float)), TITLED_FORMAT)


def _old_keys(grid: Grid) -> dict[str, str]:
    """The keys of the export by the label that each fact had, folded."""
    rows = (row for row in grid if len(row) > 2 and row[0] == FACT_ROW)
    return {fold_all(str(label)): str(key) for _, key, label, *_ in rows}


def _sheets(data: bytes, name: str) -> dict[str, Grid]:
    try:
        return dict(read_rows(data, Limits()))
    except RefusalError as error:
        raise UsageError(f"评分方案“{name}”不能用：{error.what}。请用 Excel 打开，另存为 .xlsx 后重试。") from error


def _missing_table(table: Table, name: str, spare: Sequence[str]) -> tuple[RawTable, list[Fault]]:
    """A table without its sheet: a fault, or empty where schemes of the first format do not have it."""
    meant = near_miss(table.sheet, spare)
    if table.added and not meant:
        return RawTable(table, name, (Row(name, {}),) if table.vertical else ()), []
    advice = (
        f"如果“{meant}”就是这张表，请把它改名为“{table.sheet}”"
        if meant
        else f"请恢复这张工作表（{table.note}），可以重新导出方案后对照"
    )
    return RawTable(table, name, (), whole=False), [Fault(name, f"缺少工作表“{table.sheet}”", advice)]


class _Reader:
    """Reads one sheet with a heading row."""

    def __init__(self, table: Table, title: str, grid: Grid) -> None:
        self.table = table
        self.title = title
        self.grid = grid
        self.faults: list[Fault] = []

    @property
    def sheet(self) -> str:
        return f"工作表“{self.title}”"

    def place(self, row: int, column: int) -> str:
        return f"{self.sheet}单元格 {column_letters(column)}{row + 1}"

    def columns(self) -> dict[str, str]:
        """The headings to be found, with the keys of their columns."""
        return {column.spec.heading: column.name for column in self.table.columns}

    def may_lack(self) -> set[str]:
        """The headings that may be missing: schemes of the first format do not have them."""
        return {column.spec.heading for column in self.table.columns if column.spec.added}

    def table_rows(self) -> RawTable:
        names, optional = self.columns(), self.may_lack()
        top, places = self.headings(list(names), optional)
        columns = {name: places[heading] for heading, name in names.items() if heading in places}
        whole = all(heading in places or heading in optional for heading in names)
        rows = []
        for number in range(top + 1, len(self.grid)) if columns else ():
            values = self.grid[number]
            if all(is_blank(values[at]) for at in columns.values()):
                continue
            cells = {name: Cell(values[at], self.place(number, at)) for name, at in columns.items()}
            rows.append(Row(f"{self.sheet}第 {number + 1} 行", cells))
        return RawTable(self.table, self.sheet, tuple(rows), whole)

    def headings(self, wanted: Sequence[str], optional: Set[str] = frozenset()) -> tuple[int, dict[str, int]]:
        """The number of the heading row and the column of each heading found; the rest are faults.

        optional: what may be missing.
        """
        by_fold = {fold_all(heading): heading for heading in wanted}
        by_fold |= {fold_all(old): heading for old, heading in OLD_HEADINGS.items() if heading in by_fold.values()}
        rows = self.grid[:_HEADING_ROWS]
        hits = [sum(isinstance(value, str) and fold_all(value) in by_fold for value in row) for row in rows]
        if not any(hits):
            what = f"没有找到标题行（{'、'.join(wanted)}）"
            self.faults.append(Fault(self.sheet, what, "请恢复标题行，可以重新导出方案后对照"))
            return 0, {}
        top = hits.index(max(hits))
        found: dict[str, int] = {}
        strange: dict[int, str] = {}
        for at, value in enumerate(rows[top]):
            if is_blank(value) or fold_all(str(value)) == OWN_REMARK or fold_all(str(value)).endswith(_AUTO):
                continue
            heading = by_fold.get(fold_all(str(value)))
            if heading is None:
                strange[at] = trimmed(str(value))
            elif heading in found:
                what = f"标题“{heading}”出现了两次"
                self.faults.append(Fault(self.place(top, at), what, "请删去多余的一列"))
            else:
                found[heading] = at
        missing = [heading for heading in wanted if heading not in found]
        places = {self.place(top, at): written for at, written in strange.items()}
        advice = f"请删去这一列；自己的说明可以写在标题为“{OWN_REMARK}”的列"
        self.match_missing("标题", missing, places, f"{self.sheet}第 {top + 1} 行", advice, optional)
        return top, found

    def match_missing(
        self,
        kind: str,
        missing: list[str],
        strange: dict[str, str],
        place: str,
        otherwise: str,
        optional: Set[str],
    ) -> None:
        """Faults for what is missing and what is strange (by place); a misspelt one is both, and one fault."""
        for strange_place, written in strange.items():
            what, advice = f"不认识的{kind}“{written}”", otherwise
            if meant := near_miss(written, missing):
                missing.remove(meant)
                what += f"，同时缺少“{meant}”"
                advice = f"如果它就是“{meant}”，请改回原来的名称"
            self.faults.append(Fault(strange_place, what, advice))
        for wanted in missing:
            if wanted in optional:
                continue
            advice = f"请补上这个{kind}，可以重新导出方案后对照"
            self.faults.append(Fault(place, f"缺少{kind}“{wanted}”", advice))


class _IndicatorReader(_Reader):
    """Reads the indicators, with the settings of their rules where these stand beside them."""

    def columns(self) -> dict[str, str]:
        return super().columns() | {heading: heading for heading in _inline_headings()}

    def may_lack(self) -> set[str]:
        return super().may_lack() | {*_inline_headings()}


def _inline_headings() -> list[str]:
    return [*(content_heading(number) for number in range(1, most_parameters() + 1)), LISTED_ITEM, ITEM_POINTS]


class _OldCapsReader(_Reader):
    """Reads the caps by spending rate of the first format."""

    def columns(self) -> dict[str, str]:
        rate = {heading: name for name, heading in OLD_COLUMNS[CAPS].items()}
        return rate | {heading: name for heading, name in super().columns().items() if name == "cap"}


class _VerticalReader(_Reader):
    """Reads a sheet that has one record, an item on each line."""

    def table_rows(self) -> RawTable:
        top, places = self.headings([ITEM, VALUE])
        if len(places) < 2:
            return RawTable(self.table, self.sheet, (Row(self.sheet, {}),), whole=False)
        by_fold = {fold_all(column.spec.heading): column for column in self.table.columns}
        cells: dict[str, Cell] = {}
        strange: dict[int, str] = {}
        for number in range(top + 1, len(self.grid)):
            written = self.grid[number][places[ITEM]]
            if is_blank(written):
                continue
            column: Column | None = by_fold.get(fold_all(str(written)))
            place = self.place(number, places[VALUE])
            if column is None:
                strange[number] = trimmed(str(written))
            elif column.name in cells:
                what = f"“{column.spec.heading}”出现了两次"
                self.faults.append(Fault(self.place(number, places[ITEM]), what, "请删去多余的一行"))
            else:
                cells[column.name] = Cell(self.grid[number][places[VALUE]], place)
        missing = [column.spec.heading for column in self.table.columns if column.name not in cells]
        strange_places = {self.place(number, places[ITEM]): written for number, written in strange.items()}
        optional = self.may_lack()
        otherwise = "请删去这一行；项目名称不能改"
        self.match_missing("项目", missing, strange_places, self.sheet, otherwise, optional)
        whole = all(column.name in cells or column.spec.heading in optional for column in self.table.columns)
        return RawTable(self.table, self.sheet, (Row(self.sheet, cells),), whole)

    def headings(self, wanted: Sequence[str], optional: Set[str] = frozenset()) -> tuple[int, dict[str, int]]:
        """As for a list, but other columns (the remarks) may stand beside."""
        for number, row in enumerate(self.grid[:_HEADING_ROWS]):
            found = {fold_all(value): at for at, value in reversed(list(enumerate(row))) if isinstance(value, str)}
            if all(heading in found for heading in wanted):
                return number, {heading: found[heading] for heading in wanted}
        what = f"没有找到标题行（{'、'.join(wanted)}）"
        self.faults.append(Fault(self.sheet, what, "请恢复标题行，可以重新导出方案后对照"))
        return 0, {}
