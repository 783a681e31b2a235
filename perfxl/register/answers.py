"""The findings of the round before on a copy that was mended: which are gone, and what the department answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfxl.checks.finding import Finding, Severity
from perfxl.checks.listing import all_checks
from perfxl.intake.review_sheet import review_lines
from perfxl.intake.submission import Intake
from perfxl.layout.sheets import MENDS
from perfxl.register.authority import RegisterAuthority
from perfxl.register.problems import Key, key_of, problems_in
from perfxl.submission.earlier import EarlierFinding

MENDED, NOT_MENDED, ACCEPTED = STATES = ("已修改", "未修改", "已豁免")


def earlier_findings(intake: Intake, register: RegisterAuthority | None) -> tuple[EarlierFinding, ...]:
    """The findings on the file that a workbook mends; none where it is no copy to mend.

    What the register has written down counts; the words and the answers come from the copy, which may have been changed.
    """
    submission = intake.submission
    if submission is None or not submission.meta.get(MENDS):
        return ()
    lines = review_lines(submission.cells.review)
    known = register.mended(intake) if register is not None else None
    if known is None or not known.problems:
        return lines
    waiting: dict[Key, list[EarlierFinding]] = {}
    for line in lines:
        waiting.setdefault((line.code, line.field), []).append(line)
    found = []
    for key in problems_in(known.problems):
        own = waiting.get(key)
        found.append(own.pop(0) if own else _without_words(key))
    return tuple(found)


def _without_words(key: Key) -> EarlierFinding:
    """A finding whose line is gone from the copy."""
    code, field = key
    check = next((check for check in all_checks() if check.code == code), None)
    title, severity = (check.title, check.severity.label) if check else ("", "")
    return EarlierFinding(code, field, severity, title, "（审核意见中的这一行已被删去）", "", "", "")


def with_states(earlier: Sequence[EarlierFinding], now: Iterable[Finding]) -> list[tuple[EarlierFinding, str]]:
    """Each with what has become of it: mended, still there, or accepted by the bureau meanwhile."""
    there = {key_of(finding): finding for finding in now}
    return [(item, _state(there.get((item.code, item.field)))) for item in earlier]


def _state(now: Finding | None) -> str:
    if now is None:
        return MENDED
    return ACCEPTED if now.severity is Severity.INFO and now.title.endswith("（已豁免）") else NOT_MENDED
