"""Templates written to disk and opened again, for the tests of the writer."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.layout.fields import FieldId
from perfxl.rules.judged import Judged
from perfxl.scheme.model import Fact, Scheme
from perfxl.template import write_template

Values = dict[FieldId, Decimal | str]


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
