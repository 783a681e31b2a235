"""One slip, one finding: what follows from a slip of the hand is not told beside it.

A check that knows the cause of many findings puts `Covers` into its hit; the findings that only repeat the cause in
other words are then left out of the file's list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.checks.finding import Finding, Severity
from perfxl.intake.submission import Submission
from perfxl.layout.fields import FieldId
from perfxl.scheme.model import Scheme

COVERS = "covers"
"""The key under which a hit carries what it explains."""
STRUCTURE = ("E0", "W0", "I0")
"""Findings on sheets, rows and columns themselves follow from nothing that is typed into them."""
MORE, LESS = "W403", "I404"
"""The findings on a score of the department's own above and below that by the rules."""
ON_SCORES = frozenset({MORE, LESS, "W412"})
"""Findings that compare a self score with what its indicator's inputs come to."""
ON_RATES = "W406"
"""The finding that compares the KPIs' score rate with the spending rate."""
PERCENT = "W313"
"""The finding on a percentage that is written as 95 in one place and 95% in the other."""
NO_WHOLE, SOME_WEIGHTS = "W208", "E303"
"""The findings on a whole of 0, which says what that counts for, and on weights of which some are missing."""
OWN_SUMS = frozenset({"W310"})
"""The finding that compares the self scores of KPI rows with that of their indicator."""
ON_WEIGHTS = frozenset({"E302", "E303", "E305", "W309", "W312", "W314", "I315"}) | OWN_SUMS
"""Findings that compare with the weights of KPI rows."""
ON_LIGHTS = frozenset({"E853", "W854", "E855", "W856"})
"""Findings of monitoring that compare the results of KPI rows with what is expected and with the time gone."""
ON_RESULTS = frozenset({"W307", "W308", "W313"}) | ON_WEIGHTS | ON_LIGHTS
"""Findings that compare anything with the results or the weights of KPI rows."""


@dataclass(frozen=True, kw_only=True)
class Covers:
    """What a slip explains in its file.

    cells: every finding on these alone. codes: findings of these codes on the `table` (any where that is empty) and its
    `rows` (all where there are none), or on self scores where there are no rows. indicators: codes of those whose
    scores are computed from what the slip spoilt. stays: whether the slip's own finding is the cause, and never left
    out for another one.
    """

    cells: frozenset[FieldId] = frozenset()
    table: str = ""
    codes: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    stays: bool = True


class Slip(NamedTuple):
    """A finding that explains others."""

    code: str
    severity: Severity
    covers: Covers


@dataclass
class Slips:
    """The slips of each file, as they are found."""

    by_file: dict[str, list[Slip]] = field(default_factory=dict)

    def add(self, file: str, slip: Slip) -> None:
        """Notes a slip."""
        self.by_file.setdefault(file, []).append(slip)

    def without_consequences(self, file: str, findings: Sequence[Finding], scheme: Scheme) -> Sequence[Finding]:
        """The findings of a file but for those that a slip explains."""
        slips = self.by_file.get(file)
        if not slips:
            return findings
        told = {slip.code for slip in slips if slip.covers.stays}
        return [item for item in findings if item.code in told or not _explained(item, slips, scheme)]


def _explained(finding: Finding, slips: Iterable[Slip], scheme: Scheme) -> bool:
    # What is only suspected takes no error away: the workbook would no longer be returned for it.
    return any(
        _follows(finding, slip.covers, scheme)
        for slip in slips
        # What a finding says of other cells it does not say of its own.
        if slip.code != finding.code and (slip.severity is Severity.ERROR or finding.severity is not Severity.ERROR)
    )


def _follows(finding: Finding, covers: Covers, scheme: Scheme) -> bool:
    if finding.code.startswith(STRUCTURE):
        return False
    if finding.fields and covers.cells.issuperset(finding.fields):
        return True
    if finding.code in covers.codes and all(_lies_in(name, covers) for name in finding.fields):
        return True
    if finding.code == ON_RATES:
        compared = {item.code for item in scheme.kpi_indicators}
        if scheme.spending_rate is not None:
            compared |= {item.code for key in _spending_facts(scheme) for item in scheme.users_of(key)}
        return not covers.indicators.isdisjoint(compared)
    return finding.code in ON_SCORES and all(name[1] in covers.indicators for name in finding.fields)


def _lies_in(name: FieldId, covers: Covers) -> bool:
    if covers.rows:
        return name[1] in covers.rows and covers.table in ("", name[0])
    return name[0] in (covers.table, "scores")


def _spending_facts(scheme: Scheme) -> Iterable[str]:
    return scheme.plain_facts(scheme.spending_rate.keys()) if scheme.spending_rate is not None else ()


def by_percent(row: str, indicator: str | None) -> Covers:
    """What follows from a percentage written in two ways in a KPI row."""
    return Covers(
        table="kpis", codes=ON_RESULTS - {PERCENT}, rows=frozenset({row}),
        indicators=frozenset({indicator} if indicator else ()),
    )  # fmt: skip


def by_zero(scheme: Scheme, key: str, indicator: str) -> Covers:
    """What follows from a whole of 0: its indicator's points, which that finding says. indicator: code and name."""
    codes = {item.code for item in scheme.users_of(key) if indicator.startswith(f"{item.code} ")}
    return Covers(indicators=frozenset(codes), stays=False)


def by_missing_weights(submission: Submission) -> Covers:
    """What is said of cells without a weight where others have one: 无 in them is no matter of its own."""
    weights = {name: cell.reading for name, cell in submission.fields.items() if name[::2] == ("kpis", "weight")}
    blank = (name for name, reading in weights.items() if reading.value is None and reading.trouble is None)
    return Covers(cells=frozenset(blank), stays=False)


def by_wrong_fact(scheme: Scheme, key: str) -> Covers:
    """What a fact that is wrong says of scores: that one could have had more by it is not so."""
    users = frozenset(item.code for item in scheme.users_of(key))
    return Covers(table="scores", codes=frozenset({LESS}), rows=users, stays=False)
