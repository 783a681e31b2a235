"""The Excel formula of every rule kind, calculated by LibreOffice, against the exact score.

One sheet a kind, one block of rows a set of inputs; all formulas are written with the value -999, so that a
formula that was not calculated cannot pass.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from perfxl.rules import Inputs, KpiMethod, KpiRow, Rule
from perfxl.rules.base import FactValue
from perfxl.rules.checklist import Checklist
from perfxl.rules.deductions import Deductions
from perfxl.rules.judged import Judged
from perfxl.rules.kpi import Kpi
from perfxl.rules.limit import Limit
from perfxl.rules.overrun import Overrun
from perfxl.rules.ratio import Ratio
from perfxl.rules.tiers import Tiers
from tests.documents import actual_value
from tests.libreoffice import needs_libreoffice, recalculate
from tests.values import HALVING, money, part

pytestmark = needs_libreoffice

SETS = 300
UNCALCULATED = -999
SYMBOLS = {"≥": "at_least", ">": "at_least", "=": "equal", "≤": "at_most", "<": "at_most", "定性": "qualitative"}
SHARES = {
    "达成预期": Decimal(1),
    "基本达成": Decimal("0.8"),
    "部分达成且有一定效果": Decimal("0.6"),
    "未达成": Decimal(0),
}
KPI_COLUMNS = ("level1", "symbol", "target", "actual", "weight", "counted", "rate", "computed")
LEVELS = ("产出指标", "效益指标", "满意度指标")
METHODS = {
    "plain": KpiMethod(SYMBOLS, SHARES),
    "floor": KpiMethod(SYMBOLS, SHARES, floor=Decimal("0.6")),
    "penalty": KpiMethod(SYMBOLS, SHARES, penalty_from=Decimal("0.3"), penalty=Decimal(2)),
    "both": KpiMethod(SYMBOLS, SHARES, floor=Decimal("0.8"), penalty_from=Decimal("0.2"), penalty=Decimal("0.5")),
}


@dataclass(frozen=True)
class Case:
    """A rule with one set of inputs, and where its formulas stand: `cell` the score, `row_cells` those of KPIs."""

    rule: Rule
    points: Decimal
    inputs: Inputs
    sheet: str
    cell: str
    row_cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """References to one set of inputs: facts in cells, KPIs in a small table."""

    facts: Mapping[str, str]
    first: int = 0
    last: int = 0

    def fact(self, key: str) -> str:
        return self.facts[key]

    def kpi(self, column: str) -> str:
        at = KPI_COLUMNS.index(column)
        first, last = (xl_rowcol_to_cell(row, at, True, True) for row in (self.first, self.last))
        return f"{first}:{last}"


# Inputs at random


def amounts(rng: random.Random) -> dict[str, FactValue]:
    """A part and a whole at bounds, at exact halves, anywhere, over the whole, of nothing."""
    whole = rng.choice((Decimal(rng.choice(HALVING)), Decimal(rng.randint(0, 60)), money(rng), Decimal(0)))
    some = rng.choice((part(rng, whole, 0.2, places=6), part(rng, whole, 0.2, places=0), money(rng)))
    return {"a": some, "b": whole}


def four_amounts(rng: random.Random) -> dict[str, FactValue]:
    """Two values and two bounds whose sums are often equal though the values are not."""
    first, second = money(rng), money(rng)
    given: dict[str, FactValue] = {"a": first, "c": second, "b": second, "d": first}
    if rng.random() < 0.5:
        given["a"] = first + rng.choice((Decimal("0.000001"), Decimal("-0.000001"), Decimal(1)))
    if rng.random() < 0.1:
        given |= {"b": Decimal(0), "d": Decimal(0)}
    return given


def added_and_base(rng: random.Random) -> dict[str, FactValue]:
    """Added amounts around the bounds, in hundredths of a percentage point, so that halves come up."""
    base = rng.choice((Decimal(rng.choice(HALVING)), Decimal(rng.randint(0, 9000)), money(rng)))
    share = Decimal(rng.choice((rng.randint(-500, 3000), 1000, 1500, 2000))) / 10_000
    return {"a": (base * share).quantize(Decimal("0.000001")), "b": base}


def counts(rng: random.Random) -> dict[str, FactValue]:
    return {key: Decimal(rng.choice((0, 0, 0, 1, 2, 5))) for key in "abc"}


def answers(rng: random.Random) -> dict[str, FactValue]:
    return {key: rng.choice("是否") for key in "abcd"}


def points(rng: random.Random) -> Decimal:
    return Decimal(rng.choice(("1", "2", "3", "2.5", "10", "20")))


def share(rng: random.Random) -> Decimal:
    return Decimal(rng.choice(("0.1", "0.3", "0.25", "1", "0.125")))


def na(rng: random.Random) -> str:
    return rng.choice(("", "满分"))


def ratio(rng: random.Random, worth: Decimal) -> Rule:
    return Ratio(("a",), ("b",), rng.choice((Decimal(1), share(rng))), na(rng))


def tiers(rng: random.Random, worth: Decimal) -> Rule:
    rows = tuple((Decimal(bound), worth / (place + 1)) for place, bound in enumerate(("0.9", "0.75", "0.6", "0.3")))
    return Tiers(("a",), ("b",), rows[: rng.randint(1, 4)], na(rng))


def overrun(rng: random.Random, worth: Decimal) -> Rule:
    return Overrun(("a",), ("b",), Decimal("0.1"), Decimal(rng.choice(("0.2", "0.1", "0.3"))))


def deductions(rng: random.Random, worth: Decimal) -> Rule:
    return Deductions((("a", share(rng)), ("b", share(rng))), rng.choice(((), ("c",))))


def checklist(rng: random.Random, worth: Decimal) -> Rule:
    return Checklist(tuple((key, worth / 4) for key in "abcd"))


def limit(rng: random.Random, worth: Decimal) -> Rule:
    return Limit(("a", "c"), ("b", "d"), rng.choice(("不高于", "不低于")), na(rng))


def limit_of_one(rng: random.Random, worth: Decimal) -> Rule:
    return Limit(("a",), ("b",), rng.choice(("不高于", "不低于")), na(rng))


def judged(rng: random.Random, worth: Decimal) -> Rule:
    return Judged()


Facts = Callable[[random.Random], dict[str, FactValue]]
KINDS: dict[str, tuple[Callable[[random.Random, Decimal], Rule], Facts]] = {
    "ratio": (ratio, amounts),
    "tiers": (tiers, amounts),
    "overrun": (overrun, added_and_base),
    "deductions": (deductions, counts),
    "checklist": (checklist, answers),
    "limit": (limit, four_amounts),
    "limit of one": (limit_of_one, amounts),
    "judged": (judged, counts),
}


def kpi_row(rng: random.Random) -> KpiRow:
    """A KPI row, with something missing now and then."""
    symbol = rng.choice(list(SYMBOLS))
    target: FactValue = Decimal(rng.choice((rng.randint(1, 60), *HALVING, 0)))
    actual: FactValue = actual_value(rng, target, 0.2) if isinstance(target, Decimal) else None
    if symbol == "定性":
        target, actual = rng.choice(("按时完成", None, Decimal(90))), rng.choice(list(SHARES))
    gap = rng.random()
    if gap < 0.02:
        return KpiRow(rng.choice(LEVELS), "", None, target, actual, None)
    if gap < 0.04:
        return KpiRow(rng.choice(LEVELS), "", symbol, target, None, None)
    if gap < 0.06:
        return KpiRow(None, "", symbol, target, actual, None)
    return KpiRow(rng.choice(LEVELS), "", symbol, target, actual, None)


def kpi_rows(rng: random.Random) -> list[KpiRow]:
    """The KPI table of one department, with weights or without, and weights forgotten on some rows."""
    rows = [kpi_row(rng) for _ in range(rng.randint(1, 8))]
    if rng.random() < 0.4:
        return rows
    weights = [Decimal(rng.choice((1, 2, 4, 4, 5, "2.5", "1.25"))) for _ in rows]
    forgotten = rng.random() < 0.1
    return [
        KpiRow(
            row.level1,
            row.name,
            row.symbol,
            row.target,
            row.actual,
            None if forgotten and rng.random() < 0.5 else weight,
        )
        for row, weight in zip(rows, weights, strict=True)
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
    """One row a set: the facts, and the formula behind them."""
    make_rule, make_facts = KINDS[kind]
    for row in range(SETS):
        worth, facts = points(rng), make_facts(rng)
        rule = make_rule(rng, worth)
        if rng.random() < 0.05:
            facts[rng.choice(sorted(facts))] = None
        for column, value in enumerate(facts.values()):
            write_value(sheet, row, column, value)
        refs = Block({key: xl_rowcol_to_cell(row, column, True, True) for column, key in enumerate(facts)})
        cell = write_formula(sheet, row, len(facts), rule.formula(worth, refs))
        yield Case(rule, worth, Inputs(facts), sheet.get_name(), cell)


def write_kpis(sheet: Worksheet, method: KpiMethod, rng: random.Random) -> Iterator[Case]:
    """A block of rows a set, and beside it the formulas of the two indicators that share the rows."""
    rules = (Kpi(LEVELS[:1]), Kpi(LEVELS[1:]))
    worth, first = Decimal(20), 0
    for _ in range(SETS // 2):
        rows = kpi_rows(rng)
        block = Block({}, first, first + len(rows) - 1)
        by_level = {level: rule for rule in rules for level in rule.levels}
        cells: dict[int, str] = {}
        for row, kpi in enumerate(rows, first):
            for column, value in enumerate((kpi.level1, kpi.symbol, kpi.target, kpi.actual, kpi.weight)):
                write_value(sheet, row, column, value)
            if kpi.level1 is None:
                continue
            _, symbol, target, actual, weight, counted, rate, _ = (
                xl_rowcol_to_cell(row, column) for column in range(len(KPI_COLUMNS))
            )
            write_formula(sheet, row, 5, by_level[kpi.level1].kpi_weight_formula(worth, block, weight))
            write_formula(sheet, row, 6, method.rate_formula(symbol, target, actual))
            cells[row] = write_formula(sheet, row, 7, method.score_formula(rate, counted))
        for column, rule in enumerate(rules, 9):
            cell = write_formula(sheet, first, column, rule.formula(worth, block))
            own = tuple(cells[row] for row, kpi in enumerate(rows, first) if kpi.level1 in rule.levels)
            yield Case(rule, worth, Inputs({}, rows, method), sheet.get_name(), cell, own)
        first += len(rows) + 1


Cells = Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sequence[Case], Cells]:
    """All sets of all kinds, and the values of all cells after LibreOffice has calculated them."""
    folder = tmp_path_factory.mktemp("formulas")
    rng, cases = random.Random(2022), []
    with xlsxwriter.Workbook(folder / "rules.xlsx") as book:
        for kind in KINDS:
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


@pytest.mark.parametrize("sheet", [*KINDS, *(f"kpi {name}" for name in METHODS)])
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
    cases, cells = calculated
    wrong = []
    for case in cases:
        if case.sheet == f"kpi {method}" and isinstance(case.rule, Kpi):
            for cell, row in zip(case.row_cells, case.rule.kpi_scores(case.points, case.inputs), strict=True):
                expected = "" if row.score is None else f"{row.score}"
                if shown(cells[case.sheet][cell]) != expected:
                    wrong.append((case.sheet, cell, row, shown(cells[case.sheet][cell])))
    assert wrong == []


def test_every_formula_was_calculated(calculated: tuple[Sequence[Case], Cells]) -> None:
    _, cells = calculated
    values = [value for sheet in cells.values() for value in sheet.values()]
    assert UNCALCULATED not in values
    assert not [value for value in values if isinstance(value, str) and value.startswith("#")]
