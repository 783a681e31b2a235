"""Templates written to disk and opened again, for the tests of the writer."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.layout import FieldSpec, layout_of
from perfxl.layout.fields import NOT_APPLICABLE, FieldId
from perfxl.rules.judged import Judged
from perfxl.scheme.model import Fact, Scheme
from perfxl.template import write_template

Values = dict[FieldId, Decimal | str]
FUNDS, MANAGEMENT = "收支情况", "管理效率"
"""The sheets of facts of the built-in scheme."""


def write(path: Path, scheme: Scheme, values: Mapping[FieldId, Decimal | str] | None = None, **other: Any) -> Workbook:
    """The template, written and opened with its formulas."""
    write_template(scheme, path, values, **other)
    return openpyxl.load_workbook(path)


def cells(sheet: Worksheet) -> Iterator[Cell]:
    """The cells of a sheet that are not hidden under a merged one."""
    for row in sheet.iter_rows():
        yield from (cell for cell in row if isinstance(cell, Cell))


def formulas(book: Workbook) -> Iterator[Cell]:
    """Every formula cell of a workbook."""
    for sheet in book:
        yield from (cell for cell in cells(sheet) if cell.data_type == "f")


def differing(written: Path, calculated: Path) -> list[str]:
    """Formula cells whose value, calculated anew, is not the one that was written."""
    values = openpyxl.load_workbook(written, data_only=True)
    anew = openpyxl.load_workbook(calculated, data_only=True)
    faults = []
    for cell in formulas(openpyxl.load_workbook(written)):
        ours = values[cell.parent.title][cell.coordinate].value
        theirs = anew[cell.parent.title][cell.coordinate].value
        if isinstance(ours, int | float) and isinstance(theirs, int | float):
            # Rates are not rounded: the two may differ in the last digit of a binary float.
            same = abs(ours - theirs) <= 1e-12 * max(1, abs(ours))
        else:
            same = ("" if ours is None else ours) == ("" if theirs is None else theirs)
        if not same:
            faults.append(f"{written.name} {cell.parent.title}!{cell.coordinate}: {ours!r}, calculated {theirs!r}")
    return faults


def spoiled(values: Mapping[FieldId, Decimal | str], seed: int) -> Values:
    """The values with some missing and some that their cells cannot hold, as departments send them."""
    rng = random.Random(seed)
    junk: tuple[Decimal | str, ...] = ("约 4", "无", "/", "35场", "√", Decimal("-3.5"), Decimal(0))
    draws = {name: rng.random() for name in values}
    return {
        name: rng.choice(junk) if draws[name] < 0.04 else value for name, value in values.items() if draws[name] < 0.92
    }


def strict_options(scheme: Scheme) -> Scheme:
    """The scheme with every option on."""
    options = dataclasses.replace(scheme.options, floor_on=True, penalty_on=True, caps_on=True, five_grades=True)
    return dataclasses.replace(scheme, options=options)


def unusual(scheme: Scheme) -> Scheme:
    """A scheme as a bureau might edit it: a judged indicator, a text fact, tables of one and of three columns."""
    judged = dataclasses.replace(scheme.indicators[-1], kind="judged", rule=Judged())
    quarters = tuple(
        Fact(f"quarters.{row}.{quarter}", f"{label}{heading}", "money", "管理效率", "季度支出",
             row_label=label, column_label=heading)
        for row, label in (("staff", "人员经费"), ("office", "公用经费"))
        for quarter, heading in (("q1", "一季度"), ("q2", "二季度"), ("q3", "三季度"))
    )  # fmt: skip
    more = (
        Fact("remark_on_spending", "支出说明", "text", "管理效率", "季度支出", required=False, hint="需要说明的情况"),
        Fact("alone.row.value_now", "期末数", "count", "收支情况", "人员", row_label="在编人员", column_label="期末数"),
    )
    return dataclasses.replace(
        scheme, indicators=(*scheme.indicators[:-1], judged), facts=(*scheme.facts, *quarters, *more)
    )


JUNK: tuple[Decimal | str, ...] = ("约 4", "无", "/", Decimal("-3.5"), Decimal(0))
_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_CALL = re.compile(r"([A-Z][A-Z0-9.]*)?\(|\)")


def formula_faults(book: Workbook) -> list[str]:
    """Formulas that Excel does not take: too long, with too long a text, or nested too deep."""
    faults = []
    for cell in formulas(book):
        formula, where = str(cell.value), f"{cell.parent.title}!{cell.coordinate}"
        texts = [text[1:-1].replace('""', '"') for text in _LITERAL.findall(formula)]
        longest = max((len(text.encode("utf-16-le")) // 2 for text in texts), default=0)
        without = re.sub(r"'(?:[^']|'')*'", "S", _LITERAL.sub("", formula))
        depth = deepest = 0
        open_calls: list[bool] = []
        for call in _CALL.finditer(without):
            if call.group() == ")":
                depth -= open_calls.pop()
            else:
                open_calls.append(bool(call[1]))
                depth += open_calls[-1]
                deepest = max(deepest, depth)
        if len(formula) > 8_192 or longest > 255 or deepest > 64:
            faults.append(f"{where}: {len(formula)} characters, a text of {longest}, {deepest} deep")
    return faults


def random_values(scheme: Scheme, seed: int, junk: float = 0.04) -> Values:
    """Something in nearly every field of a template. junk: how much of it the fields cannot hold."""
    rng = random.Random(seed)
    layout = layout_of(scheme)
    values: Values = {}
    rows = {"kpis": rng.randint(0, 6), "tasks": rng.randint(0, 3)}
    for (table, key, column), spec in layout.specs.items():
        row = key
        if table in rows:
            row = str(int(key[1:]))
            if int(row) > rows[table]:
                continue
        if rng.random() < 0.92:
            is_junk = rng.random() < junk
            values[table, row, column] = rng.choice(JUNK) if is_junk else _random_value(spec, rng)
    return values


def _random_value(spec: FieldSpec, rng: random.Random) -> Decimal | str:
    if spec.may_be_na and rng.random() < 0.3:
        return NOT_APPLICABLE
    if spec.type == "value" and spec.choices and rng.random() < 0.4:
        return rng.choice(spec.choices)
    if spec.type == "value" or spec.numeric:
        whole = Decimal(rng.choice((0, 1, 2, 3, 5, 10, 40, 97)))
        return whole if spec.type == "count" else whole + Decimal(rng.choice(("0", "0.5", "0.25", "0.01")))
    return rng.choice(spec.choices) if spec.choices else rng.choice(("某某", "第 1 项", "说明"))


class Shown:
    """What a template shows, filled with some values: the written values of its formulas."""

    def __init__(self, path: Path, scheme: Scheme, values: Mapping[FieldId, Decimal | str]) -> None:
        write_template(scheme, path, values)
        self.book = openpyxl.load_workbook(path, data_only=True)
        self.layout = layout_of(scheme)

    def named(self, name: str) -> Any:
        """The cell of a defined name."""
        ((sheet, cell),) = self.book.defined_names[name].destinations
        return self.book[sheet][cell.replace("$", "")].value

    def line(self, block: str, key: str, column: str) -> Any:
        """A cell of a line of a block."""
        found = self.layout.block(block)
        place = found.place(next(line for line in found.lines if line.key == key), column)
        return self.book[place.sheet][place.cell].value

    def score(self, code: str, column: str) -> Any:
        """A cell of the line of an indicator."""
        return self.line("scores", code, column)

    def row(self, sheet: str, label: str, col: int = 2) -> list[Any]:
        """The cells of the row in which a text stands in a column."""
        rows = [row for row in self.book[sheet].iter_rows(values_only=True) if row[col - 1] == label]
        assert len(rows) == 1, f"{label} stands in {len(rows)} rows of {sheet}"
        return list(rows[0])

    def texts(self, sheet: str) -> list[str]:
        """Every text of a sheet."""
        values = (value for row in self.book[sheet].iter_rows(values_only=True) for value in row)
        return [value for value in values if isinstance(value, str)]


def facts(**values: str) -> Values:
    """Facts by their keys, with two underscores for a dot: numbers as numbers."""
    return {
        ("facts", key.replace("__", "."), "value"): Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
        for key, text in values.items()
    }


def own_scores(**values: str) -> Values:
    """Self scores by indicator code."""
    return {
        ("scores", code, "self"): Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
        for code, text in values.items()
    }


def category(name: str) -> Values:
    """The department's category."""
    return {("identity", "department.category", "value"): name}
