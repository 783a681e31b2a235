"""Which single cell, put right, would make several findings vanish: what is tried where a slip may have caused them.

None of these values is taken for true. They only tell what follows from what; where the right value is as good as
certain, it is advised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from typing import NamedTuple

from perfxl.checks.finding import Finding
from perfxl.checks.table_rows import total
from perfxl.decimals import half_up
from perfxl.intake.submission import Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.rules.base import Computed
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.scheme.model import Scheme

Value = Decimal | str | None
_KPI_ROWS = frozenset({"W308", "W309", "W312", "E305", "E853", "W854", "E855", "W856"})
_TASK_ROWS = frozenset({"W209", "W210", "E857", "W858"})
_SCORES = frozenset({"E401", "E402", "W403", "I404", "W405", "W310", "W412"})
_WORDS = frozenset({"E102", "E105"})
_WEIGHTS, _SECOND_LEVEL, _SUM, _PART = "E302", "W306", "E202", "E207"
_PAIRS = {
    "kpis": (
        ("self_score", "weight"), ("actual", "target"), ("actual", "expected"), ("target", "expected"),
        ("expected", "target"),
    ),
    "tasks": (
        ("spent", "expected_spent"), ("spent", "budget"), ("expected_spent", "budget"), ("budget", "expected_spent"),
    ),
}  # fmt: skip
"""By table, a column and that whose value may belong there."""


_SHIFTS = (Decimal(10), Decimal(100), Decimal(10_000))
"""By what a number is wrong whose point was set elsewhere."""


class Correction(NamedTuple):
    """A cell with another value. clears: whether its row is taken as empty. advised: whether to name the value.

    other: the cell with which it changes its content, in place of a value.
    """

    field: FieldId
    value: Value
    advised: bool = False
    clears: bool = False
    other: FieldId | None = None


def corrections(
    submission: Submission, findings: Sequence[Finding], scheme: Scheme, computed: Mapping[str, Computed]
) -> list[Correction]:
    """What to try for the findings of a workbook, what is likeliest first. computed: scores by the rules."""
    by_code: dict[str, list[FieldId]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).extend(finding.fields)
    found = [
        *_levels(submission, by_code.get(_SECOND_LEVEL, ()), scheme),
        *_sums(submission, by_code.get(_SUM, ()), scheme),
        *_weights(submission, by_code.get(_WEIGHTS, ()), scheme),
        *_wholes(submission, by_code.get(_PART, ()), scheme),
        *_words(submission, [name for code in sorted(_WORDS) for name in by_code.get(code, ())], scheme),
        *_in_rows(submission, "kpis", _of(by_code, _KPI_ROWS)),
        *_in_rows(submission, "tasks", _of(by_code, _TASK_ROWS)),
        *_self_scores(_doubled(by_code), scheme, computed),
    ]
    return [
        item for item in dict.fromkeys(found)
        if item.field in submission.fields and item.field not in submission.official
        and (item.clears or (item.value is not None and item.value != submission.value(*item.field)))
    ]  # fmt: skip


def _of(by_code: Mapping[str, Sequence[FieldId]], codes: Set[str]) -> list[FieldId]:
    return [name for code, names in by_code.items() if code in codes for name in names]


def _doubled(by_code: Mapping[str, Sequence[FieldId]]) -> list[FieldId]:
    """Fields of scores that more than one finding blames: what is told alone is told once."""
    rows = Counter(row for code in _SCORES for row in {name[:2] for name in by_code.get(code, ())})
    return [name for name in _of(by_code, _SCORES) if rows[name[:2]] > 1]


def _rows(names: Iterable[FieldId], table: str) -> list[str]:
    return list(dict.fromkeys(key for own, key, _ in names if own == table))


def _levels(submission: Submission, names: Iterable[FieldId], scheme: Scheme) -> Iterator[Correction]:
    """A first level to which the second one belongs."""
    for row in _rows(names, "kpis"):
        second = submission.value("kpis", row, "level2")
        firsts = list(dict.fromkeys(level.level1 for level in scheme.kpi_levels if level.level2 == second))
        if len(firsts) == 1:
            yield Correction(("kpis", row, "level1"), firsts[0], advised=True)


def _sums(submission: Submission, names: Iterable[FieldId], scheme: Scheme) -> Iterator[Correction]:
    """The total of its parts, or a part that is the rest of the total."""
    table, keys = scheme.funds_table, {key for _, key, _ in names}
    for column in table.columns if table.total is not None else ():
        whole, parts = table.total.fact(column), [row.fact(column) for row in table.parts]  # type: ignore[union-attr]
        values = [_number(submission, "facts", key, VALUE) for key in (whole, *parts)]
        if keys.isdisjoint((whole, *parts)) or None in values:
            continue
        own, *others = (value for value in values if value is not None)
        yield Correction(("facts", whole, VALUE), total(others), advised=True)
        for part, value in zip(parts, others, strict=True):
            yield Correction(("facts", part, VALUE), own - total(others) + value, advised=True)


def _weights(submission: Submission, names: Iterable[FieldId], scheme: Scheme) -> Iterator[Correction]:
    """The weight that a row's own score has, among the rows of the same indicator."""
    for first in _rows(names, "kpis"):
        owner = scheme.kpi_indicator.get(str(submission.value("kpis", first, "level1")))
        for row in submission.rows("kpis") if owner is not None else ():
            if scheme.kpi_indicator.get(str(submission.value("kpis", row, "level1"))) is owner:
                own = _number(submission, "kpis", row, "self_score")
                yield Correction(("kpis", row, "weight"), own, advised=True)


def _wholes(submission: Submission, names: Iterable[FieldId], scheme: Scheme) -> Iterator[Correction]:
    """A whole as large as the largest of its parts, a part as its whole, or one with its point set elsewhere."""
    for _, key, _ in names:
        whole = scheme.fact_by_key[key].part_of if key in scheme.fact_by_key else ""
        parts = [fact.key for fact in scheme.facts if whole and fact.part_of == whole]
        values = [value for part in parts if (value := _number(submission, "facts", part, VALUE)) is not None]
        own, most = _number(submission, "facts", key, VALUE), _number(submission, "facts", whole, VALUE)
        if values and own is not None and most is not None:
            yield Correction(("facts", whole, VALUE), max(values))
            yield Correction(("facts", key, VALUE), most)
            for shift in _SHIFTS:
                yield Correction(("facts", key, VALUE), own / shift)
                yield Correction(("facts", whole, VALUE), most * shift)


def _words(submission: Submission, names: Sequence[FieldId], scheme: Scheme) -> Iterator[Correction]:
    """A symbol that goes with what stands beside it; a row that was only begun by a word in it."""
    by_direction = {item.direction: item.symbol for item in reversed(scheme.symbols)}
    words = by_direction.pop(QUALITATIVE, None)
    for row in _rows(names, "kpis"):
        if len([name for name in names if name[:2] == ("kpis", row)]) > 1:
            now = submission.value("kpis", row, "symbol")
            others = by_direction.values() if now == words else [words]
            yield from (Correction(("kpis", row, "symbol"), other, advised=True) for other in others)
    for name in names:
        table, row, _ = name
        filled = [own for own, cell in submission.fields.items() if own[:2] == (table, row) and cell.raw is not None]
        if table in submission.layout.open_specs and filled == [name]:
            yield Correction(name, None, clears=True)


def _in_rows(submission: Submission, table: str, names: Iterable[FieldId]) -> Iterator[Correction]:
    """A value that is that of another column of its row."""
    for row in _rows(names, table):
        for column, other in _PAIRS[table]:
            yield Correction((table, row, column), submission.value(table, row, other))


def _self_scores(names: Iterable[FieldId], scheme: Scheme, computed: Mapping[str, Computed]) -> Iterator[Correction]:
    """The score by the rules, or the full points."""
    for code in _rows(names, "scores"):
        score = computed[code].score if code in computed else None
        if score is not None:
            yield Correction(("scores", code, "self"), half_up(score))
        yield Correction(("scores", code, "self"), scheme.indicator_by_code[code].points)


def _number(submission: Submission, table: str, key: str, column: str) -> Decimal | None:
    value = submission.value(table, key, column)
    return value if isinstance(value, Decimal) else None
