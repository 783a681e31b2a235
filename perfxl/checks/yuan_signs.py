"""Signs that amounts are in 元 where 万元 belongs: ten thousand times too high beside the others of their workbook.

Each sign compares an amount with what else the department wrote. Signs that all follow from one amount standing out,
such as that it is high beside its neighbour and beside the whole, are one: a department may have such an amount.
Certain is what cannot be by chance: sums that only come out in 元, what a rule forbids and is ten thousand times too
high, a column whose every row is, a group of amounts that all are. An amount below a thousand, or with more than two
decimals, is none in 元; what the bureau itself supplied is compared with and never doubted.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, combinations

from perfxl.checks.table_rows import shared, total
from perfxl.checks.yuan_amounts import Amounts, Row
from perfxl.checks.yuan_doubts import (
    COLUMN,
    FORBIDDEN,
    GROUP,
    HUGE,
    OTHERS,
    PAIR,
    SAID,
    SCALE,
    SUM,
    TABLE,
    WHOLE,
    Doubts,
)
from perfxl.decimals import ZERO
from perfxl.intake.submission_tables import Tables
from perfxl.layout import Layout
from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT, is_fund_key
from perfxl.scheme.model import Scheme
from perfxl.text import fold_all

YUAN = Decimal(10_000)
_SURELY, _ROUGHLY, _SPENT = (5_000, 20_000), (3_000, 30_000), (1_000, 50_000)
"""How many times as high as its neighbour an amount in 元 is: where the neighbour may honestly be tiny, where the two
are alike, and where it cannot honestly be smaller at all."""
_BEYOND = 300
"""No single amount is so many times the department's whole money."""
_MORE = 3, 40
"""Nor is what flows in a year so many times as much; from the second on it may be a small amount in 元."""
_TOGETHER = 2
"""Nor are the amounts of a table together."""
_FAR = 10
"""Nor is any amount so many times as much, if it is not the value of assets."""
_ALL_OTHERS = 5_000
"""Nor is its whole money so many times the largest of all its other amounts."""
_FEW, _SOME, _LARGE = 3, 6, Decimal(1_000_000)
_ROWS, _TASKS, _FAMILIES = 3, 3, 4
"""How many rows of a column, tasks, and facts that hang on nothing in common it takes to exclude chance."""
_OWNED, _PLANNED = 100, 2
"""How many times the whole money of a year the value of assets is at most, and the tasks together."""
_USUAL = 3
"""How many times the whole money of a year the middle one of all other amounts is less than."""
_SAID = re.compile(r"(?:金额)?单位[::]?(?:人民币)?元(?!素)|.{0,12}\((?:单位[::])?(?:人民币)?元\)")
_HUGE = Decimal(10_000_000)
"""No department of a city has so much; where a form asks for nothing else there is nothing else to compare."""
_HALF = Decimal("0.01")
_COMPARED = 3
"""How many amounts of a rule are alike; more are parts and wholes of something."""
_MOST = 8
"""How many amounts of a column are tried."""


@shared
def doubts_of(tables: Tables) -> Mapping[str, Doubts]:
    """The doubts by file, where there are any."""
    found = {}
    for file in tables.submissions:
        amounts, doubts = Amounts(tables, file), Doubts()
        if any(amounts.may_be_yuan(name) for name in amounts.given):
            for look in (_by_sums, _by_neighbours, _by_columns, _by_tables, _by_scale, _by_groups, _by_all, _by_words):
                look(amounts, doubts)
        if doubts.signs:
            found[file] = doubts
    return found


def _by_sums(amounts: Amounts, doubts: Doubts) -> None:
    """A total that is that of its parts only with some of them taken for 元, as few as do."""
    for whole, keys in _columns(amounts.scheme):
        names = [("facts", key, VALUE) for key in (whole, *keys)]
        values = {name: amounts.given.get(name, ZERO) for name in names}
        if _adds_up(values):
            continue
        perhaps = [name for name in names if amounts.may_be_yuan(name)][:_MOST]
        for count in range(1, len(perhaps) + 1):
            found = next((own for own in combinations(perhaps, count) if _adds_up(values, own)), ())
            if found:
                for name in found:
                    doubts.add(name, SUM)
                break


def _adds_up(values: Mapping[FieldId, Decimal], in_yuan: Sequence[FieldId] = ()) -> bool:
    """Whether the first is the sum of the others, with some taken for 元, which must matter then."""
    right = {**values, **{name: values[name] / YUAN for name in in_yuan}}
    whole, *parts = right
    slack = _HALF * len(parts)
    if not abs(right[whole] - total(right[part] for part in parts)) <= slack:
        return False
    return not in_yuan or (right[whole] >= 1 and total(values[name] for name in in_yuan) > right[whole])


def _columns(scheme: Scheme) -> Iterator[tuple[str, list[str]]]:
    """The facts of each column of the funds table: the total, and the parts that add up to it."""
    table = scheme.funds_table
    if table.total is not None and table.parts:
        for column in table.columns:
            yield table.total.fact(column), [row.fact(column) for row in table.parts]


def _by_neighbours(amounts: Amounts, doubts: Doubts) -> None:
    """An amount some ten thousand times its neighbour: the same row's, or the whole that it is part of."""
    _, whole = amounts.whole
    beside = chain(_in_rows(amounts), _in_wholes(amounts), _in_rules(amounts))
    for high, low, bounds in beside:
        # A tiny part of a large whole is honest, as long as the department has so much money at all.
        own = is_fund_key(high[1]) or bounds == _SPENT or 0 < _FAR * whole < amounts.given.get(high, ZERO)
        if own and amounts.high(high, low, bounds):
            doubts.add(high, FORBIDDEN if (high, low) in amounts.forbidden else PAIR)


def _by_columns(amounts: Amounts, doubts: Doubts) -> None:
    """Each amount of a column some ten thousand times those beside it.

    Where two columns agree against the third nobody knows which of them is right: a budget may be raised so far.
    """
    for rows in amounts.rows:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        for high in columns:
            own = [row[high] for row in rows if high in row and row[high] in amounts.given]
            if len(own) < _ROWS or not all(map(amounts.may_be_yuan, own)):
                continue
            compared = [_compared(amounts, rows, high, low) for low in columns if low != high]
            pairs = [pair for some in compared for pair in some]
            if any(len(some) >= _ROWS for some in compared) and all(amounts.high(*pair) for pair in pairs):
                for name, _, _ in pairs:
                    doubts.add(name, COLUMN)


def _compared(amounts: Amounts, rows: Sequence[Row], high: str, low: str) -> list[Pair]:
    """The pairs of two columns in which both amounts are given."""
    bounds = _neighbours(rows)[high, low]
    pairs = [(row[high], row[low]) for row in rows if high in row and low in row]
    return [
        (one, other, _SPENT if bounds == _SURELY else bounds)
        for one, other in pairs
        if one in amounts.given and other in amounts.given
    ]


Pair = tuple[FieldId, FieldId, tuple[int, int]]
"""The amount in doubt, its neighbour, and how many times as high it is where it is in 元."""


def _neighbours(rows: Sequence[Row]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Which columns of a table are compared: budgets come before what was spent."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    funds, bounds = all(is_fund_key(name[1]) for row in rows for name in row.values()), {}
    for first, second in combinations(columns, 2):
        alike = funds and SPENT not in (first, second)
        bounds[second, first], bounds[first, second] = (_ROUGHLY, _ROUGHLY) if alike else (_SPENT, _SURELY)
    return bounds


def _in_rows(amounts: Amounts) -> Iterator[Pair]:
    # Little may be spent of a part of the funds.
    parts = {row.fact(SPENT) for row in amounts.scheme.funds_table.parts}
    for rows in amounts.rows:
        for (high, low), bounds in _neighbours(rows).items():
            for row in rows:
                if high in row and low in row and not (bounds == _SURELY and row[low][1] in parts):
                    yield row[high], row[low], bounds


def _in_wholes(amounts: Amounts) -> Iterator[Pair]:
    for key, fact in amounts.facts.items():
        if fact.part_of in amounts.facts:
            yield ("facts", key, VALUE), ("facts", fact.part_of, VALUE), _SPENT
            yield ("facts", fact.part_of, VALUE), ("facts", key, VALUE), _SURELY


def _in_rules(amounts: Amounts) -> Iterator[Pair]:
    """Amounts that a rule compares: those of this year and of the last, budget and spending that stand in no row."""
    for first, second in amounts.layout.once(_compared_by_rules):
        yield first, second, _ROUGHLY
        yield second, first, _ROUGHLY


def _compared_by_rules(layout: Layout) -> tuple[tuple[FieldId, FieldId], ...]:
    scheme, found = layout.scheme, dict[tuple[FieldId, FieldId], None]()
    for indicator in scheme.indicators:
        keys = scheme.facts_of[indicator.code]
        own = [("facts", key, VALUE) for key in keys if key in scheme.money_facts and not is_fund_key(key)]
        if len(own) <= _COMPARED:
            found |= dict.fromkeys(combinations(own, 2))
    return tuple(found)


def _by_scale(amounts: Amounts, doubts: Doubts) -> None:
    """An amount far beyond all the money that the department has, which it would fit in 元, while the others fit it."""
    _, whole = amounts.whole
    if not whole or not amounts.steady:
        return
    own = {name: value for name, value in amounts.given.items() if not is_fund_key(name[1])}
    beyond = {
        name for name, value in own.items()
        if _BEYOND * whole <= value <= _OWNED * whole * YUAN and amounts.may_be_yuan(name)
    }  # fmt: skip
    sums: dict[Hashable, Decimal] = {}
    for name in beyond:
        if amounts.is_flow(name):
            sums[amounts.kind(name)] = sums.get(amounts.kind(name), ZERO) + own[name]
    beyond -= {
        name for name in beyond if sums.get(amounts.kind(name), ZERO) > _PLANNED * whole * YUAN
    }  # fmt: skip
    odd = (
        _MORE[0] * whole < value < _MORE[1] * whole and name not in doubts.signs and amounts.is_flow(name)
        for name, value in own.items()
    )
    # Where still others are too high for the whole without being in 元, it is the whole that is wrong.
    if not any(odd):
        for name in beyond:
            doubts.add(name, SCALE)


def _by_tables(amounts: Amounts, doubts: Doubts) -> None:
    """All amounts of a table of facts, such as that of 三公经费: together more than the department has, each in any row
    and column, and less by far when they are in 元."""
    _, whole = amounts.whole
    if not whole or not amounts.steady:
        return
    for rows in amounts.rows:
        names = [name for row in rows for name in row.values() if name in amounts.given]
        if len(names) < _FEW or any(name[0] == "tasks" or is_fund_key(name[1]) for name in names):
            continue
        columns = list(dict.fromkeys(amounts.kind(name)[1] for name in names))
        sums = [total(amounts.given[name] for name in names if amounts.kind(name)[1] == own) for own in columns]
        fits = all(_TOGETHER * whole < own <= whole * YUAN for own in sums)
        if fits and all(map(amounts.may_be_yuan, names)):
            for name in names:
                doubts.add(name, TABLE)


def _by_groups(amounts: Amounts, doubts: Doubts) -> None:
    """All tasks, all other facts or both: far beyond the whole money as they stand, and fitting it when in 元."""
    _, whole = amounts.whole
    tasks, facts = amounts.families("tasks"), amounts.families("facts")
    for group, least in ((tasks, _TASKS), (facts, _FAMILIES), (tasks + facts, _FAMILIES)):
        names = [name for family in group for name in family]
        if not whole or len(group) < least or not all(map(amounts.may_be_yuan, names)):
            continue
        planned = total(max(amounts.given[name] for name in family) for family in group if family[0][0] == "tasks")
        highest = sorted(max(amounts.given[name] for name in family) for family in group)
        fits = planned <= _PLANNED * whole * YUAN and highest[-1] <= _OWNED * whole * YUAN
        if fits and max(planned, highest[-1]) >= _BEYOND * whole and highest[len(highest) // 2] >= _USUAL * whole:
            for name in names:
                doubts.add(name, GROUP)


def _by_all(amounts: Amounts, doubts: Doubts) -> None:
    """The whole table of funds beside everything else, and a workbook without a single small amount."""
    table, (whole, _) = amounts.scheme.funds_table, amounts.whole
    funds = [name for name in amounts.given if is_fund_key(name[1])]
    facts = [name for name in amounts.given if name[0] == "facts" and not is_fund_key(name[1])]
    tasks = [value for name, value in amounts.given.items() if name[0] == "tasks"]
    if table.total is None or not whole or not all(amounts.may_be_yuan(name) for name in funds):
        return
    # A form of targets asks for the budget at the start alone.
    at = ("facts", table.total.fact(ADJUSTED if ADJUSTED in table.columns else INITIAL), VALUE)
    none_small = len(facts) >= _SOME and whole >= _LARGE and all(amounts.may_be_yuan(name) for name in facts)
    if none_small:
        doubts.add(at, WHOLE)
    others = tasks if none_small else [*tasks, *(amounts.given[name] for name in facts)]
    if len(others) >= (1 if none_small else _FEW) and whole >= _ALL_OTHERS * max(others):
        doubts.add(at, OTHERS)
    if whole >= _HUGE:
        doubts.add(at, HUGE)


def _by_words(amounts: Amounts, doubts: Doubts) -> None:
    """A heading or a note of the sheet was changed to say 元."""
    fields, rows = amounts.submission.fields, amounts.submission.cells.sheets
    placed = {name: cell.place.sheet for name in amounts.given if (cell := fields.get(name)) is not None}
    said = {sheet for sheet in {*placed.values()} if any(map(_says_yuan, rows.get(sheet, ())))}
    for name, sheet in placed.items() if said else ():
        if sheet in said and amounts.may_be_yuan(name):
            doubts.add(name, SAID)


def _says_yuan(row: Iterable[object]) -> bool:
    return any(
        isinstance(cell, str) and "元" in cell and len(cell) < 40 and _SAID.fullmatch(fold_all(cell)) for cell in row
    )
