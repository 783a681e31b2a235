"""The hidden sheet `_lists` of the scheme workbook: what drop-downs offer, kept up to date by formulas.

Facts by name (those of the facts table, derived ones, those of the funds table), first levels of KPIs, choices, and for
each rule kind the names of its parameters with the list that each is chosen from. Sheets are of `workbook_layout`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from perfxl.references import column_letters
from perfxl.rules import SettingSpec, rule_kinds
from perfxl.scheme.funds import STANDARD_COLUMNS, fund_key
from perfxl.scheme.model import Scheme
from perfxl.scheme.raw_scheme import TABLE_BY_KEY
from perfxl.scheme.rule_settings import SIGNS
from perfxl.scheme.workbook_layout import (
    FACT_KINDS,
    listed_setting,
    most_parameters,
    parameters,
    position,
)
from perfxl.scheme.workbook_looks import HEADING_ROW
from perfxl.scheme.workbook_names import fact_names, written_labels

LISTS_SHEET = "_lists"
TOP = HEADING_ROW + 2
"""The first row, from 1, below the headings of a sheet."""
_REACH = 5000
"""Rows of a sheet in which records are looked for; more than a scheme may have."""
_FIRST = 2  # the first row, from 1, of a list here
_SPARE_FACTS, _SPARE_DERIVED, _SPARE_FUNDS, _SPARE_COLUMNS, _SPARE_LEVELS = 60, 30, 6, 2, 30
NAME, LABEL, KEY, COUNTER, LISTED, LEVEL_COUNTER, LEVELS, EMPTY = range(8)


def nth(key: str, name: str, number: int) -> str:
    """The cell of a record, from 0, in a table's column: found in the column, whatever rows are inserted or deleted."""
    return f"INDEX({cells(key, name, _REACH)},{number + 1})"


def cells(key: str, name: str, reach: int) -> str:
    """The cells of a table's column, from its first row down."""
    letter = column_letters(position(key, name))
    return f"'{TABLE_BY_KEY[key].sheet}'!${letter}${TOP}:${letter}${TOP + reach - 1}"


@dataclass(frozen=True)
class _Source:
    """A row of the list of facts: formulas for label and key, and what they come to."""

    label_formula: str
    key_formula: str
    label: str = ""
    key: str = ""


class Lists:
    """The hidden sheet. Columns are given out as they are asked for; it is written last."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.names = fact_names(scheme)
        self.sources = _sources(scheme)
        self.static: list[tuple[str, ...]] = []
        for rule in rule_kinds().values():
            for spec in rule.settings().values():
                if spec.choices:
                    self.column(spec.choices)
        self._kinds = EMPTY + 1 + 60  # behind all static lists

    # What others refer to.

    def facts(self) -> str:
        """A formula for the names of all facts, as many as there are."""
        return self._grown(LISTED, COUNTER, len(self.sources))

    def column(self, words: Sequence[str]) -> int:
        """The column of a list of words."""
        words = tuple(words)
        if words not in self.static:
            self.static.append(words)
        return EMPTY + 1 + self.static.index(words)

    def static_source(self, words: Sequence[str]) -> str:
        """A formula for a list of words."""
        letter = column_letters(self.column(words))
        return f"='{LISTS_SHEET}'!${letter}${_FIRST}:${letter}${_FIRST + len(words) - 1}"

    def titles(self) -> str:
        """The titles of the rule kinds."""
        return self._kind_cells(0)

    def label_of(self, number: int, kind: str) -> str:
        """A formula for the name of a parameter: number of its pair, 0 for what has points; kind: cell of its row."""
        return f'INDEX({self._kind_cells(1 + number)},{kind})&""'

    def choice_of(self, number: int, kind: str) -> str:
        """A formula for the list that the content of a parameter is chosen from."""
        most = most_parameters() + 1
        column, height = (self._kind_cells(1 + most * part + number) for part in (1, 2))
        return f"=OFFSET('{LISTS_SHEET}'!$A${_FIRST},0,INDEX({column},{kind}),INDEX({height},{kind}),1)"

    def fact_row(self, number: str) -> str:
        """A formula for the row, from 1, that the fact of a number has among the facts of the facts table."""
        letter, last = column_letters(COUNTER), _FIRST + len(self.scheme.facts) + _SPARE_FACTS - 1
        return f"MATCH({number},'{LISTS_SHEET}'!${letter}${_FIRST}:${letter}${last},0)"

    # Writing.

    def write(self, book: Any) -> None:
        """The sheet, hidden."""
        sheet = book.add_worksheet(LISTS_SHEET)
        sheet.hide()
        headings = ("名称", "标签", "代码", "序号", "事项", "序号", "绩效指标一级", "")
        for at, heading in enumerate(headings):
            sheet.write_string(0, at, heading)
        self._write_facts(sheet)
        self._write_levels(sheet)
        for words in self.static:
            at = self.column(words)
            for row, word in enumerate(words, _FIRST - 1):
                sheet.write_string(row, at, word)
        self._write_kinds(sheet)

    def _write_facts(self, sheet: Any) -> None:
        last = _FIRST + len(self.sources) - 1
        labels, keys = (f"${column_letters(at)}${_FIRST}:${column_letters(at)}${last}" for at in (LABEL, KEY))
        listed = [self.names[source.key] for source in self.sources if source.label]
        count = 0
        for number, source in enumerate(self.sources):
            row = _FIRST + number
            label, key = (f"${column_letters(at)}{row}" for at in (LABEL, KEY))
            odd = "+".join(f"COUNT(FIND({part},{label}))" for part in ("CHAR(10)", '"〔"', '"〕"'))
            signs = ",".join(f'"{sign}"' for sign in SIGNS)
            odd += f"+SUMPRODUCT(--(LEFT({label},1)={{{signs}}}))"
            other = f"SUMPRODUCT(--({labels}={label}))+SUMPRODUCT(({keys}={label})*({keys}<>{key}))"
            name = f'=IF({label}="","",IF({odd}>0,{key},IF({other}>1,{label}&"〔"&{key}&"〕",{label})))'
            count += bool(source.label)
            sheet.write_formula(row - 1, NAME, name, None, self.names[source.key] if source.label else "")
            sheet.write_formula(row - 1, LABEL, f"={source.label_formula}", None, source.label)
            sheet.write_formula(row - 1, KEY, f"={source.key_formula}", None, source.key)
            above = f"MAX(${column_letters(COUNTER)}$1:${column_letters(COUNTER)}{row - 1})"
            sheet.write_formula(row - 1, COUNTER, f'=IF({label}="","",{above}+1)', None, count if source.label else "")
            self._compact(sheet, row, NAME, COUNTER, LISTED, last, listed[number] if number < len(listed) else "")

    def _compact(self, sheet: Any, row: int, names: int, counter: int, listed: int, last: int, value: str) -> None:
        """A line of a list without gaps."""
        name, count = (f"${column_letters(at)}${_FIRST}:${column_letters(at)}${last}" for at in (names, counter))
        formula = f'=IFERROR(INDEX({name},MATCH({row - _FIRST + 1},{count},0)),"")'
        sheet.write_formula(row - 1, listed, formula, None, value)

    def _levels(self) -> tuple[list[str], int]:
        rows = [level.level1 for level in self.scheme.kpi_levels]
        return rows, len(rows) + _SPARE_LEVELS

    def _write_levels(self, sheet: Any) -> None:
        rows, reach = self._levels()
        first = list(dict.fromkeys(rows))
        names = cells("kpi_levels", "level1", _REACH)
        counter = column_letters(LEVEL_COUNTER)
        for number in range(reach):
            row, own = _FIRST + number, nth("kpi_levels", "level1", number)
            count = f"MAX(${counter}$1:${counter}{row - 1})+1"
            formula = f'=IF({own}="","",IF(MATCH({own},{names},0)<={number},"",{count}))'
            is_new = number < len(rows) and rows[number] not in rows[:number]
            value = first.index(rows[number]) + 1 if is_new else ""
            sheet.write_formula(row - 1, LEVEL_COUNTER, formula, None, value)
            count = f"${counter}${_FIRST}:${counter}${_FIRST + reach - 1}"
            listed = f'=IFERROR(INDEX({names},MATCH({number + 1},{count},0)),"")'
            sheet.write_formula(row - 1, LEVELS, listed, None, first[number] if number < len(first) else "")

    def _write_kinds(self, sheet: Any) -> None:
        most = most_parameters() + 1
        for number, rule in enumerate(rule_kinds().values(), _FIRST - 1):
            sheet.write_string(number, self._kinds, rule.title)
            names = [listed_setting(rule) or "", *parameters(rule)]
            for at in range(most):
                spec = rule.settings().get(names[at]) if at < len(names) else None
                sheet.write_string(number, self._kinds + 1 + at, spec.label if spec else "")
                column, height, value = self._chosen_from(spec)
                sheet.write_number(number, self._kinds + 1 + most + at, column)
                sheet.write_formula(number, self._kinds + 1 + 2 * most + at, f"={height}", None, value)

    def _chosen_from(self, spec: SettingSpec | None) -> tuple[int, str, int]:
        """Column and height (formula, and what it comes to) of a setting's list; an empty cell where it is typed."""
        if spec is not None and spec.kind in FACT_KINDS:
            count = sum(1 for source in self.sources if source.label)
            return LISTED, self._height(COUNTER, len(self.sources)), max(count, 1)
        if spec is not None and spec.kind == "texts":
            rows, reach = self._levels()
            return LEVELS, self._height(LEVEL_COUNTER, reach), max(len(set(rows)), 1)
        if spec is not None and spec.choices:
            return self.column(spec.choices), str(len(spec.choices)), len(spec.choices)
        return EMPTY, "1", 1

    def _height(self, counter: int, reach: int) -> str:
        letter = column_letters(counter)
        return f"MAX('{LISTS_SHEET}'!${letter}${_FIRST}:${letter}${_FIRST + reach - 1},1)"

    def _grown(self, listed: int, counter: int, reach: int) -> str:
        letter = column_letters(listed)
        return f"=OFFSET('{LISTS_SHEET}'!${letter}${_FIRST},0,0,{self._height(counter, reach)},1)"

    def _kind_cells(self, at: int) -> str:
        letter = column_letters(self._kinds + at)
        return f"'{LISTS_SHEET}'!${letter}${_FIRST}:${letter}${_FIRST + len(rule_kinds()) - 1}"


def _sources(scheme: Scheme) -> list[_Source]:
    """The rows of the list of facts: the facts table, derived facts, the funds table, each with room for more."""
    labels = written_labels(scheme)
    found = []
    for key, spare in (("facts", _SPARE_FACTS), ("derived", _SPARE_DERIVED)):
        records = [record.key for record in getattr(scheme, key)]
        for number in range(len(records) + spare):
            label, code = (nth(key, name, number) for name in ("label", "key"))
            own = records[number] if number < len(records) else ""
            found.append(_Source(f'{label}&""', f'{code}&""', labels.get(own, ""), own))
    columns = len(scheme.fund_columns)
    for number in range(len(scheme.funds) + _SPARE_FUNDS):
        row = scheme.funds[number] if number < len(scheme.funds) else None
        for at, (name, heading) in enumerate(_fund_columns(scheme)):
            label, code = (nth("funds", part, number) for part in ("label", "key"))
            title, own = (nth("fund_columns", part, at) for part in ("label", "key"))
            if not columns and at < len(STANDARD_COLUMNS):
                none = f"COUNTA({cells('fund_columns', 'label', 12)})=0"
                title, own = f'IF({none},"{heading}",{title})', f'IF({none},"{name}",{own})'
            is_there = row is not None and bool(heading)
            found.append(
                _Source(
                    f'IF(OR({label}="",{title}=""),"",{label}&{title})',
                    f'IF(OR({label}="",{title}=""),"","funds."&{code}&"."&{own})',
                    f"{row.label}{heading}" if row is not None and is_there else "",
                    fund_key(row.key, name) if row is not None and is_there else "",
                )
            )
    return found


def _fund_columns(scheme: Scheme) -> list[tuple[str, str]]:
    known = list(scheme.funds_table.columns.items()) if scheme.funds else list(STANDARD_COLUMNS.items())
    return known + [("", "")] * _SPARE_COLUMNS
