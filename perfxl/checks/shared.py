"""The findings that template and run share, over the tables of a chunk: each condition asked of whole columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from perfxl.checks.table_rows import OFFICIAL, Hit, hit, numbers, shared
from perfxl.checks.unread import unread_indicators
from perfxl.findings import SharedFinding
from perfxl.findings.condition import Condition
from perfxl.findings.declare import Case, named
from perfxl.findings.in_excel import Value
from perfxl.intake.columns import Column, Table
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import VALUE
from perfxl.rules.kpi_method import KpiRow, KpiScore
from perfxl.text import fold

Scores = Mapping[str, Mapping[str, Decimal | None]]


def hits_of(item: SharedFinding, tables: Tables) -> Iterator[Hit]:
    """The hits of a shared finding, case by case."""
    asked: dict[int, tuple[Case, list[str]]] = {}
    for case in item.cases_in(tables.layout):
        asked.setdefault(id(case.condition), (case, []))[1].append(case.row)
    for case, keys in asked.values():
        yield from _hits(case, frozenset(keys), tables)


def _hits(case: Case, keys: Collection[str], tables: Tables) -> Iterator[Hit]:
    """keys: of the rows to be asked; the empty one for all of them."""
    asked = _asked(case, keys, tables)
    rows = _Rows(asked)
    hits = []
    for number in rows.holding(case.condition):
        of, file = rows.row(number), asked.files[number]
        submission = tables.submissions[file]
        if case.indicator and not submission.applies("scores", case.indicator):
            continue
        compared = _compared(case) if submission.official else ()
        fields = [("facts", name, VALUE) if case.table == "facts" else ("kpis", of("key"), name) for name in compared]
        official = [name for name in fields if name in submission.official]
        if official and len(official) == len(compared):
            # Whatever does not fit here, the department has not written it.
            continue
        blamed = case.blamed if isinstance(case.blamed, str) else case.blamed(of)
        key, field = (blamed, VALUE) if case.table == "facts" else (of("key"), blamed)
        found = hit(file, case.table, key, field, **case.words(of))
        hits.append(found | {OFFICIAL: True} if official else found)
    if not isinstance(case.blamed, str):
        # Column by column, so that findings below each other become one line.
        order = asked.columns
        hits.sort(key=lambda made: order.index(made["field"]))
    yield from hits


def _compared(case: Case) -> Collection[str]:
    """The facts that a finding speaks of, or the numbers of a KPI that it compares."""
    if case.table == "kpis":
        return set(case.condition.numbers())
    return set(named(case.condition)) if case.table == "facts" else ()


def _asked(case: Case, keys: Collection[str], tables: Tables) -> Table:
    """The rows in which every number that the condition compares is one, with what is worked out for it."""
    written = set(getattr(tables, case.table).columns)
    names = dict.fromkeys(case.condition.numbers())
    asked = numbers(tables, case.table, *(name for name in names if name in written))
    if "" not in keys:
        asked = asked.kept([key in keys for key in asked["key"]])
    if case.after is not None:
        held = _holding(asked, case.after)
        asked = asked.kept([number not in held for number in range(len(asked))])
    for name in dict.fromkeys(named(case.condition)):
        if work_out := _WORKED_OUT.get((case.table, name)):
            values = work_out(tables, asked)
            asked = asked.having(name, values)
            if name in names:
                asked = asked.kept([isinstance(value, Decimal) for value in values])
    return asked


def _holding(asked: Table, condition: Condition) -> frozenset[int]:
    """The numbers of the rows of which a condition holds; it does not where one of its numbers is none."""
    names = list(dict.fromkeys(condition.numbers()))
    columns = [asked[name] for name in names]
    given = [n for n in range(len(asked)) if all(isinstance(column[n], Decimal) for column in columns)]
    chosen = set(given)
    rows = _Rows(asked.kept([number in chosen for number in range(len(asked))]))
    return frozenset(given[number] for number in rows.holding(condition))


class _Rows:
    """The rows of a table as a condition is tested on them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __call__(self, name: str) -> Column:
        return self._table[name]

    def row(self, number: int) -> Value:
        """The fields of one row."""
        return lambda name: self._table[name][number]

    def each(self, test: Callable[[Value], bool], names: Sequence[str]) -> Column:
        """The test on every row, over columns of these names."""
        rows = zip(*(self(name) for name in names), strict=True)
        return Column([test(dict(zip(names, row, strict=True)).__getitem__) for row in rows])

    def holding(self, condition: Condition) -> list[int]:
        """The numbers of the rows of which a condition holds, exactly."""
        if not len(self._table):
            return []
        held = condition.test(self, False)
        # What compares numbers of the scheme alone is the same for every row.
        flags = held if isinstance(held, Column) else [held] * len(self._table)
        return [number for number, holds in enumerate(flags) if holds]


@shared
def scored_kpis(tables: Tables) -> Mapping[tuple[str, str], tuple[Decimal | None, KpiScore]]:
    """The weight that counts of each KPI row and what it came to, by file and key; of rows that count somewhere."""
    found: dict[tuple[str, str], tuple[Decimal | None, KpiScore]] = {}
    for file, inputs in tables.inputs.items():
        ordinals = {id(row): str(ordinal) for ordinal, row in zip(inputs.ordinals, inputs.kpis, strict=True)}
        for item in tables.scheme.kpi_indicators:
            counted = item.rule.kpi_rows(inputs)
            weights = item.rule.kpi_weights(item.points, counted)
            for row, weight, score in zip(counted, weights, item.rule.kpi_scores(item.points, inputs), strict=True):
                found[file, ordinals[id(row)]] = weight, score
    return found


def _completions(tables: Tables, asked: Table) -> list[Decimal | None]:
    method = tables.scheme.kpi_method
    columns = asked.rows("symbol", "target", "actual")
    return [
        method.score(KpiRow(None, None, symbol, target, actual, None), None).completion
        for _, symbol, target, actual in columns
    ]


def _kpi_scores(tables: Tables, asked: Table) -> list[Decimal | None]:
    scored = scored_kpis(tables)
    return [scored[row][1].score if row in scored else None for row in asked.rows("key")]


def _counted_weights(tables: Tables, asked: Table) -> list[Decimal | None]:
    scored = scored_kpis(tables)
    return [scored[row][0] if row in scored else None for row in asked.rows("key")]


def _folded_units(tables: Tables, asked: Table) -> list[str | None]:
    """Units in one width: there are more spellings of % than a formula looks for."""
    return [None if unit is None else fold(str(unit)) for unit in asked["unit"]]


def _computed_scores(tables: Tables, asked: Table) -> list[Decimal | None]:
    computed = computed_scores(tables)
    return [computed[file].get(code) for file, code in asked.rows("key")]


_WORKED_OUT: Mapping[tuple[str, str], Callable[[Tables, Table], Sequence[Any]]] = {
    ("kpis", "completion"): _completions,
    ("kpis", "computed"): _kpi_scores,
    ("kpis", "counted_weight"): _counted_weights,
    ("kpis", "unit"): _folded_units,
    ("scores", "computed"): _computed_scores,
}
"""Columns that no submission has, and those compared otherwise than they are written."""


@shared
def computed_scores(tables: Tables) -> Scores:
    """Computed score by file and indicator code; None where an input could not be read."""
    unread = unread_indicators(tables)
    return {
        file: {code: None if code in unread.get(file, ()) else outcome.score for code, outcome in outcomes.items()}
        for file, outcomes in tables.outcomes.items()
    }
