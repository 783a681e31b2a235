"""The Excel formula of every rule kind, calculated by LibreOffice, against the exact score.

One sheet a kind, one block of rows a set of inputs; all formulas are written with the value -999, so that a
formula that was not calculated cannot pass.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from perfxl.decimals import plain
from perfxl.rules import Inputs, KpiMethod, KpiRow, Quotient, Rule
from perfxl.rules.base import FactValue
from perfxl.rules.kpi import Kpi
from perfxl.rules.kpi_method import Band, KpiCells
from tests.kpi_documents import actual_value
from tests.libreoffice import needs_libreoffice, recalculate
from tests.random_facts import RULES
from tests.rule_cases import inputs_of_case, rule_case, rule_of
from tests.values import HALVING

pytestmark = needs_libreoffice

SETS = 300
UNCALCULATED = -999
SYMBOLS = {"≥": "at_least", ">": "at_least", "=": "equal", "≤": "at_most", "<": "at_most", "定性": "qualitative"}
SHARES = {
    label: Band(Decimal(share), Decimal(share))
    for label, share in {"达成预期": "1", "基本达成": "0.8", "部分达成且有一定效果": "0.6", "未达成": "0"}.items()
}
BANDS = {
    label: Band(Decimal(low), Decimal(high))
    for label, low, high in (
        ("达成", "0.8", "1"),
        ("基本达成", "0.6", "0.8"),
        ("未达成", "0", "0.6"),
        ("半", "0.5", "0.5"),
    )
}
KPI_COLUMNS = ("level1", "symbol", "target", "actual", "weight", "self_score", "counted_weight", "completion")
KPI_COLUMNS += ("computed", "counted")
LISTS = 20
"""The column from which on the labels and bounds of qualitative results stand."""
LEVELS = ("产出指标", "效益指标", "满意度指标")
METHODS = {
    "plain": KpiMethod(SYMBOLS, SHARES),
    "floor": KpiMethod(SYMBOLS, SHARES, floor=Decimal("0.6")),
    "penalty": KpiMethod(SYMBOLS, SHARES, penalty_from=Decimal("0.3"), penalty=Decimal(2)),
    "both": KpiMethod(SYMBOLS, SHARES, floor=Decimal("0.8"), penalty_from=Decimal("0.2"), penalty=Decimal("0.5")),
    "negative": KpiMethod(SYMBOLS, SHARES, penalty_from=Decimal("0.3"), penalty=Decimal(1), negative=True),
    "bands": KpiMethod(SYMBOLS, BANDS, negative=True),
    "bands and floor": KpiMethod(SYMBOLS, BANDS, floor=Decimal("0.6")),
}


@dataclass(frozen=True)
class Case:
    """A rule with one set of inputs, and where its formulas stand: `cell` the score, `row_cells` those of KPIs.

    counted_cell: what counts of the KPI rows together; row_counted: of each.
    """

    rule: Rule
    points: Decimal
    inputs: Inputs
    sheet: str
    cell: str
    row_cells: tuple[str, ...] = ()
    counted_cell: str = ""
    row_counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """References to one set of inputs: facts and derived facts in cells, KPIs in a small table."""

    facts: Mapping[str, str]
    first: int = 0
    last: int = 0
    percents: frozenset[str] = frozenset()
    definitions: Mapping[str, Quotient] = field(default_factory=dict)

    def fact(self, key: str) -> str:
        return self.facts[key]

    def number(self, key: str) -> str:
        return f"({self.facts[key]}/100)" if key in self.percents else self.facts[key]

    def definition(self, key: str) -> Quotient | None:
        return self.definitions.get(key)

    def kpi(self, column: str) -> str:
        at = KPI_COLUMNS.index(column)
        first, last = (xl_rowcol_to_cell(row, at, True, True) for row in (self.first, self.last))
        return f"{first}:{last}"


# KPI rows at random; facts and rules come from `tests.rule_cases`


def kpi_row(rng: random.Random, method: KpiMethod) -> KpiRow:
    """A KPI row, with something missing now and then."""
    symbol = rng.choice(list(SYMBOLS))
    target: FactValue = Decimal(rng.choice((rng.randint(1, 60), *HALVING, 0)))
    if isinstance(target, Decimal) and rng.random() < (0.3 if method.negative else 0.03):
        target = -target
    actual: FactValue = actual_value(rng, target, 0.2) if isinstance(target, Decimal) else None
    if symbol == "定性":
        target, actual = rng.choice(("按时完成", None, Decimal(90))), rng.choice(list(method.shares))
    gap = rng.random()
    if gap < 0.02:
        return KpiRow(rng.choice(LEVELS), "", None, target, actual, None)
    if gap < 0.04:
        return KpiRow(rng.choice(LEVELS), "", symbol, target, None, None)
    if gap < 0.06:
        return KpiRow(None, "", symbol, target, actual, None)
    return KpiRow(rng.choice(LEVELS), "", symbol, target, actual, None)


def kpi_rows(rng: random.Random, method: KpiMethod) -> list[KpiRow]:
    """The KPI table of one department, with weights or without, some forgotten, and with self scores on some rows."""
    rows = [kpi_row(rng, method) for _ in range(rng.randint(1, 8))]
    weights: list[Decimal | None] = [None] * len(rows)
    if rng.random() >= 0.4:
        forgotten = 0.5 if rng.random() < 0.1 else 0.0
        amounts = (1, 2, 4, 4, 5, "2.5", "1.25", 0)
        weights = [None if rng.random() < forgotten else Decimal(rng.choice(amounts)) for _ in rows]
    own = [Decimal(rng.randint(-20, 800)) / 100 if rng.random() < 0.7 else None for _ in rows]
    return [
        KpiRow(row.level1, row.name, row.symbol, row.target, row.actual, weight, score)
        for row, weight, score in zip(rows, weights, own, strict=True)
    ]


# Into a workbook and back


def write_value(sheet: Worksheet, row: int, column: int, value: FactValue) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, column, float(value))
    elif value is not None:
        sheet.write_string(row, column, value)


def write_formula(sheet: Worksheet, row: int, column: int, formula: str) -> str:
    """Writes a formula with a wrong value; gives the cell's name."""
    sheet.write_formula(row, column, f"={formula}", None, UNCALCULATED)
    return xl_rowcol_to_cell(row, column)


def write_facts(sheet: Worksheet, kind: str, rng: random.Random) -> Iterator[Case]:
    """One row a set: the facts as they are typed, the derived facts, and the formula behind them."""
    for row in range(SETS):
        indicator, scheme, document = rule_case(rng, kind)
        inputs, rule = inputs_of_case(scheme, document), rule_of(kind, indicator["settings"])
        keys = [*document["facts"], *inputs.definitions]
        cells = {key: xl_rowcol_to_cell(row, column, True, True) for column, key in enumerate(keys)}
        refs = Block(cells, percents=inputs.percents, definitions=inputs.definitions)
        for column, (key, value) in enumerate(inputs.facts.items()):
            typed = value * 100 if key in inputs.percents and isinstance(value, Decimal) else value
            write_value(sheet, row, column, typed)
        for column, definition in enumerate(inputs.definitions.values(), len(inputs.facts)):
            write_formula(sheet, row, column, definition.value_formula(refs))
        cell = write_formula(sheet, row, len(keys), rule.formula(indicator["points"], refs))
        yield Case(rule, indicator["points"], inputs, sheet.get_name(), cell)


def write_shares(sheet: Worksheet, method: KpiMethod) -> tuple[str, str, str]:
    """The qualitative results with the ends of their bands; the ranges in which they stand."""
    for row, (label, band) in enumerate(method.shares.items()):
        for column, value in enumerate((label, band.low, band.high), LISTS):
            write_value(sheet, row, column, value)
    last = len(method.shares) - 1
    labels, lows, highs = (
        f"{xl_rowcol_to_cell(0, column, True, True)}:{xl_rowcol_to_cell(last, column, True, True)}"
        for column in range(LISTS, LISTS + 3)
    )
    return labels, lows, highs


def write_kpis(sheet: Worksheet, method: KpiMethod, rng: random.Random) -> Iterator[Case]:
    """A block of rows a set, and beside it the formulas of the two indicators that share the rows."""
    rules = (Kpi(LEVELS[:1]), Kpi(LEVELS[1:]))
    lists = write_shares(sheet, method)
    first = 0
    for _ in range(SETS // 2):
        rows = kpi_rows(rng, method)
        worth = Decimal(rng.choice(("20", "20", "7", "2.5", "10")))
        block = Block({}, first, first + len(rows) - 1)
        by_level = {level: rule for rule in rules for level in rule.levels}
        cells: dict[int, tuple[str, str]] = {}
        for row, kpi in enumerate(rows, first):
            for column, value in enumerate(
                (kpi.level1, kpi.symbol, kpi.target, kpi.actual, kpi.weight, kpi.self_score)
            ):
                write_value(sheet, row, column, value)
            if kpi.level1 is None:
                continue
            _, symbol, target, actual, weight, own, counted_weight, rate, score, _ = (
                xl_rowcol_to_cell(row, column) for column in range(len(KPI_COLUMNS))
            )
            above = f"{xl_rowcol_to_cell(first, 0, True, True)}:{xl_rowcol_to_cell(row, 0)}"
            rule = by_level[kpi.level1]
            write_formula(sheet, row, 6, rule.kpi_weight_formula(worth, block, weight, above))
            at = KpiCells(symbol, target, actual, own, counted_weight, *lists)
            write_formula(sheet, row, 7, method.rate_formula(at))
            write_formula(sheet, row, 8, method.score_formula(rate, counted_weight))
            cells[row] = score, write_formula(sheet, row, 9, method.counted_formula(score, own))
        for number, rule in enumerate(rules):
            cell = write_formula(sheet, first, 11 + 2 * number, rule.formula(worth, block))
            counted = write_formula(sheet, first, 12 + 2 * number, rule.kpi_sum_formula(worth, block, "counted"))
            own_cells = [cells[row] for row, kpi in enumerate(rows, first) if kpi.level1 in rule.levels]
            yield Case(
                rule,
                worth,
                Inputs({}, rows, method),
                sheet.get_name(),
                cell,
                tuple(score for score, _ in own_cells),
                counted,
                tuple(kept for _, kept in own_cells),
            )
        first += len(rows) + 1


Cells = Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sequence[Case], Cells]:
    """All sets of all kinds, and the values of all cells after LibreOffice has calculated them."""
    folder = tmp_path_factory.mktemp("formulas")
    rng, cases = random.Random(2022), []
    with xlsxwriter.Workbook(folder / "rules.xlsx") as book:
        for kind in RULES:
            cases += write_facts(book.add_worksheet(kind), kind, rng)
        for name, method in METHODS.items():
            cases += write_kpis(book.add_worksheet(f"kpi {name}"), method, rng)
    [result] = recalculate([folder / "rules.xlsx"], folder / "calculated")
    book = openpyxl.load_workbook(result, data_only=True)
    cells = {sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row} for sheet in book}
    return cases, cells


def shown(value: object) -> str:
    """A calculated score as text, two places where it was rounded to two; empty for the formula's empty text."""
    if isinstance(value, (int, float)):
        return f"{value:.9f}".removesuffix("0000000")
    return "" if value is None else str(value)


@pytest.mark.parametrize("sheet", [*RULES, *(f"kpi {name}" for name in METHODS)])
def test_the_formula_gives_the_exact_score(sheet: str, calculated: tuple[Sequence[Case], Cells]) -> None:
    cases, cells = calculated
    own = [case for case in cases if case.sheet == sheet]
    assert len(own) == SETS
    wrong = [
        (case.cell, case.rule, case.points, case.inputs, shown(cells[sheet][case.cell]), score)
        for case in own
        if shown(cells[sheet][case.cell])
        != (score := "" if (exact := case.rule.score(case.points, case.inputs).score) is None else f"{exact}")
    ]
    assert wrong == []


@pytest.mark.parametrize("method", METHODS)
def test_the_formula_of_a_row_gives_its_exact_score(method: str, calculated: tuple[Sequence[Case], Cells]) -> None:
    """Of each row what it scores and what counts of it, and of all what counts together."""
    cases, cells = calculated
    wrong = []
    for case in cases:
        if case.sheet != f"kpi {method}":
            continue
        values = cells[case.sheet]
        scores = case.rule.kpi_scores(case.points, case.inputs)
        for cell, kept, row in zip(case.row_cells, case.row_counted, scores, strict=True):
            expected = ["" if number is None else plain(number) for number in (row.score, row.counted)]
            found = [plain(Decimal(shown(values[at]))) if shown(values[at]) else "" for at in (cell, kept)]
            if found != expected:
                wrong.append((case.sheet, cell, row, found))
        together = case.rule.kpi_counted(case.points, case.inputs)
        if shown(values[case.counted_cell]) != ("" if together is None else f"{together}"):
            wrong.append((case.sheet, case.counted_cell, together, [shown(values[case.counted_cell])]))
    assert wrong == []


def test_every_formula_was_calculated(calculated: tuple[Sequence[Case], Cells]) -> None:
    _, cells = calculated
    values = [value for sheet in cells.values() for value in sheet.values()]
    assert UNCALCULATED not in values
    assert not [value for value in values if isinstance(value, str) and value.startswith("#")]
