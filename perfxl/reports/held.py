"""Claims of a report held against the workbook and against each other: what does not hold, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Finding
from perfxl.checks.reports import CONTRADICTS, DIFFERS, FULL_MARKS, OTHER_BASE
from perfxl.decimals import half_up, plain
from perfxl.intake.submission import Submission
from perfxl.layout.fields import FieldId
from perfxl.reports.claims import ADJUSTED, INITIAL, RATE_OF, TARGET, Claim, Kind
from perfxl.reports.figures import Figure
from perfxl.reports.known import Known, Value
from perfxl.reports.names import GRADE_WORDS
from perfxl.reports.sentences import plain_of

_DONE = re.compile(r"实际|完成")
_BASES = {RATE_OF[INITIAL]: "年初预算", RATE_OF[ADJUSTED]: "年度（调整）预算"}


@dataclass(frozen=True)
class Held:
    """A report that is held against a workbook. report: its path. file: that of the workbook."""

    report: str
    file: str
    known: Known
    submission: Submission

    def findings(self, claims: Sequence[Claim]) -> list[Finding]:
        """What does not hold, in the order of the claims; the same is told once."""
        found: dict[tuple[Any, ...], Finding] = {}
        open_claims: list[Claim] = []
        right: dict[tuple[Kind, str, str, int], Claim] = {}
        for claim in claims:
            value = self.known.value(claim.kind, claim.subject, claim.column, claim.number)
            if value is None:
                open_claims.append(claim)
            elif _agrees(claim, value):
                right.setdefault((claim.kind, claim.subject, claim.column, claim.number), claim)
        for claim in claims:
            value = self.known.value(claim.kind, claim.subject, claim.column, claim.number)
            if value is not None and not _agrees(claim, value):
                own = (claim.kind, claim.subject, claim.column, claim.number)
                key = (*own, _number(claim))
                if key not in found and not self._meant_otherwise(claim, claims, right):
                    found[key] = self._differs(claim, value, right.get(own))
        for claim in open_claims:
            if claim.column == RATE_OF[INITIAL] and (finding := self._of_adjusted(claim)) is not None:
                found.setdefault((claim.kind, claim.subject, claim.column), finding)
        found |= {("against", number): finding for number, finding in enumerate(self._contradictions(open_claims))}
        return [*found.values(), *self._full_marks(claims)]

    def _meant_otherwise(
        self, claim: Claim, claims: Sequence[Claim], right: dict[tuple[Kind, str, str, int], Claim]
    ) -> bool:
        """Whether a count is of something else: what was planned, or in the same sentence stands the one known."""
        if claim.kind is not Kind.KPI or claim.sentence.table:
            return False
        target = self.known.value(Kind.KPI, claim.subject, TARGET, claim.number)
        done = _DONE.search(claim.sentence.plain[max(claim.start - 8, 0) : claim.start])
        if target is not None and done is None and _agrees(claim, target):
            return True
        own = right.get((claim.kind, claim.subject, claim.column, claim.number))
        return own is not None and any(
            other.sentence is claim.sentence and other.kind is Kind.KPI and other.number == claim.number
            and (value := self.known.value(other.kind, other.subject, other.column, other.number)) is not None
            and _agrees(other, value)
            for other in claims
        )  # fmt: skip

    def _differs(self, claim: Claim, value: Value, right: Claim | None) -> Finding:
        if claim.column == RATE_OF[INITIAL] and (finding := self._of_adjusted(claim)) is not None:
            return finding
        words = {"label": value.label, "known": value.shown}
        elsewhere = f"；报告另一处写的是“{right.said}”" if right is not None and right.said != claim.said else ""
        return self._finding(DIFFERS, claim, value, difference=_difference(claim, value), elsewhere=elsewhere, **words)

    def _of_adjusted(self, claim: Claim) -> Finding | None:
        """The finding on a rate that is called one of the initial budget and is one of the adjusted."""
        value = self.known.value(claim.kind, claim.subject, RATE_OF[ADJUSTED], claim.number)
        if value is None or claim.figure is None or not any(map(claim.figure.agrees, value.numbers)):
            return None
        initial = self.known.value(claim.kind, claim.subject, RATE_OF[INITIAL], claim.number)
        words = f"；按年初预算算是 {initial.shown}" if initial else ""
        named, meant = _BASES[RATE_OF[INITIAL]], _BASES[RATE_OF[ADJUSTED]]
        return self._finding(
            OTHER_BASE, claim, value, label=value.label, known=value.shown, named=named, meant=meant, initial=words
        )

    def _contradictions(self, claims: Sequence[Claim]) -> Iterator[Finding]:
        """What the workbook does not know, said differently in two sentences."""
        groups: dict[tuple[str, str, str], list[Claim]] = {}
        for claim in claims:
            if claim.kind in (Kind.COUNT, Kind.FUNDS, Kind.SCORE, Kind.TASK) and claim.figure is not None:
                groups.setdefault((claim.kind, claim.subject, claim.column), []).append(claim)
        for every in groups.values():
            # Two counts in one sentence are of two things, and none of them is the one told elsewhere.
            texts = [claim.sentence.plain for claim in every]
            group = [claim for claim in every if claim.kind is not Kind.COUNT or texts.count(claim.sentence.plain) == 1]
            for claim in group[1:]:
                first = group[0]
                assert claim.figure is not None and first.figure is not None
                if claim.figure.agrees(first.figure.value) or first.figure.agrees(claim.figure.value):
                    continue
                gap = plain(abs(claim.figure.value - first.figure.value))
                words = {"other": first.said, "other_sentence": first.quote, "difference": gap}
                yield self._finding(CONTRADICTS, claim, None, **words)
                break

    def _full_marks(self, claims: Sequence[Claim]) -> Iterator[Finding]:
        claim = next((claim for claim in claims if claim.kind is Kind.NOT_DONE), None)
        if claim is not None and self.known.full:
            _, value = self.known.full[0]
            yield self._finding(FULL_MARKS, claim, value, label=value.label, known=value.shown)

    def _finding(self, check: Declaration, claim: Claim, value: Value | None, **words: str) -> Finding:
        fields = value.fields if value else ()
        sheet, cell, where = self._place(fields)
        name = self.report.rpartition("/")[2]
        given = {
            "report": name,
            "sentence": claim.quote,
            "said": claim.said,
            "value": claim.said,
            "where": where,
            "how": value.how if value else "",
            **words,
        }
        return check.finding(self.file, self.known.department, given, sheet=sheet, cell=cell, fields=fields)

    def _place(self, fields: Sequence[FieldId]) -> tuple[str, str, str]:
        """Sheet and cell of the fields, of several in a column their range; and all of them in words."""
        cells = [self.submission.fields.get(field) for field in fields]
        places = [cell.place for cell in cells if cell is not None]
        if not places:
            return "", "", ""
        sheet = self.submission.cells.titles.get(places[0].sheet, places[0].sheet)
        own = [place for place in places if place.sheet == places[0].sheet]
        first, last = min(own, key=lambda place: place.row), max(own, key=lambda place: place.row)
        if len(own) > 2:
            spread = f"{first.cell}:{last.cell}"
            return sheet, spread, f"“{sheet}”{spread}"
        return sheet, own[0].cell, f"“{sheet}”" + "、".join(place.cell for place in own)


def _number(claim: Claim) -> object:
    return claim.figure.value if claim.figure else claim.word


def _agrees(claim: Claim, value: Value) -> bool:
    if claim.kind is Kind.GRADE:
        return GRADE_WORDS.get(claim.word, claim.word) == GRADE_WORDS.get(value.word, value.word)
    if claim.figure is None:
        # What a table says in words, such as 达成预期.
        return not value.word or plain_of(claim.word)[0] == plain_of(value.word)[0]
    if not value.numbers:
        return not value.word or plain_of(claim.figure.shown)[0] == plain_of(value.word)[0]
    return any(map(claim.figure.agrees, value.numbers))


def _difference(claim: Claim, value: Value) -> str:
    figure = claim.figure
    if figure is None or not value.numbers:
        return f"“{claim.said}”与“{value.shown}”"
    gap = abs(figure.value - half_up(value.numbers[0], _step(figure)))
    unit = "个百分点" if value.unit == "%" else value.unit
    return f"{plain(gap)} {unit}".strip()


def _step(figure: Figure) -> Decimal:
    """What the difference is rounded to: the places of what is said, at least two."""
    exponent = figure.value.as_tuple().exponent
    return Decimal((0, (1,), min(int(exponent), -2)))
