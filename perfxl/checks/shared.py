"""The findings that template and run share, over the tables of a chunk: each condition asked of whole columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from perfxl.checks.table_rows import OFFICIAL, Hit, hit, kept, numbers, rows, shared
from perfxl.checks.unread import unread_indicators
from perfxl.findings import SharedFinding
from perfxl.findings.condition import Condition, Value
from perfxl.findings.declare import Case, named
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
    frame = _asked(case, keys, tables)
    if frame.empty:
        return
    columns = _Columns(frame)
    hits = []
    for number in np.flatnonzero(columns.test(case.condition)).tolist():
        of, file = columns.row(number), frame.index[number]
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
        order = list(frame.columns)
        hits.sort(key=lambda made: order.index(made["field"]))
    yield from hits


def _compared(case: Case) -> Collection[str]:
    """The facts that a finding speaks of, or the numbers of a KPI that it compares."""
    if case.table == "kpis":
        return set(case.condition.numbers())
    return set(named(case.condition)) if case.table == "facts" else ()


def _asked(case: Case, keys: Collection[str], tables: Tables) -> pd.DataFrame:
    """The rows in which every number that the condition compares is one, with what is worked out for it."""
    written = set(getattr(tables, case.table).columns)
    names = dict.fromkeys(case.condition.numbers())
    frame = numbers(tables, case.table, *(name for name in names if name in written))
    if "" not in keys:
        frame = kept(frame, [key in keys for key in frame["key"].tolist()])
    if case.after is not None and not frame.empty:
        frame = kept(frame, ~_holding(frame, case.after))
    for name in dict.fromkeys(named(case.condition)):
        if work_out := _WORKED_OUT.get((case.table, name)):
            values = work_out(tables, frame)
            frame = frame.assign(**{name: pd.Series(values, index=frame.index, dtype=object)})
            if name in names:
                frame = kept(frame, [isinstance(value, Decimal) for value in values])
    return frame


def _holding(frame: pd.DataFrame, condition: Condition) -> Any:
    """Whether a condition holds of each row; it does not where one of its numbers is none."""
    columns = list(dict.fromkeys(condition.numbers()))
    given = np.ones(len(frame), bool)
    for name in columns:
        given &= np.array([isinstance(value, Decimal) for value in frame[name].tolist()], bool)
    held = np.zeros(len(frame), bool)
    if given.any():
        held[given] = _Columns(frame[given]).test(condition)
    return held


class _Columns:
    """The rows of a table as a condition is tested on them, each column taken from the table once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._taken: dict[str, Any] = {}

    def __call__(self, name: str) -> Any:
        if name not in self._taken:
            self._taken[name] = self._frame[name].to_numpy()
        return self._taken[name]

    def row(self, number: int) -> Value:
        """The fields of one row."""
        return lambda name: self(name)[number]

    def each(self, test: Callable[[Value], bool], names: Sequence[str]) -> Any:
        """The test on every row, over columns of these names."""
        rows = zip(*(self(name) for name in names), strict=True)
        return np.fromiter((test(dict(zip(names, row, strict=True)).__getitem__) for row in rows), bool)

    def test(self, condition: Condition) -> Any:
        """Whether a condition holds of each row, exactly."""
        return condition.test(self, False)


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


def _completions(tables: Tables, frame: pd.DataFrame) -> list[Decimal | None]:
    method = tables.scheme.kpi_method
    columns = rows(frame, "symbol", "target", "actual")
    return [
        method.score(KpiRow(None, None, symbol, target, actual, None), None).completion
        for _, symbol, target, actual in columns
    ]


def _kpi_scores(tables: Tables, frame: pd.DataFrame) -> list[Decimal | None]:
    scored = scored_kpis(tables)
    return [scored[row][1].score if row in scored else None for row in rows(frame, "key")]


def _counted_weights(tables: Tables, frame: pd.DataFrame) -> list[Decimal | None]:
    scored = scored_kpis(tables)
    return [scored[row][0] if row in scored else None for row in rows(frame, "key")]


def _folded_units(tables: Tables, frame: pd.DataFrame) -> list[str | None]:
    """Units in one width: there are more spellings of % than a formula looks for."""
    return [None if unit is None else fold(str(unit)) for unit in frame["unit"]]


def _computed_scores(tables: Tables, frame: pd.DataFrame) -> list[Decimal | None]:
    computed = computed_scores(tables)
    return [computed[file].get(code) for file, code in rows(frame, "key")]


_WORKED_OUT: Mapping[tuple[str, str], Callable[[Tables, pd.DataFrame], Sequence[Any]]] = {
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
