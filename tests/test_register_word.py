"""What counts of whether a workbook came in time: the official value, else the register, else the department."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from perfxl.intake.cell import Cell
from perfxl.intake.found import Found
from perfxl.intake.submission import Intake, take_in
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.official import apply
from perfxl.register.authority import RegisterAuthority
from perfxl.register.extensions import Extensions
from perfxl.register.model import Line
from perfxl.register.same import known_of
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import code_key
from perfxl.submission.official import Official
from perfxl.submission.values import Reading
from perfxl.workbook.limits import Limits
from tests.books import filled
from tests.findings import clean_document

ON_TIME: FieldId = ("facts", "self_review_on_time", "value")
FILLED_ON: FieldId = ("identity", "department.filled_on", "value")
DEADLINE, TODAY = date(2023, 3, 31), date(2023, 4, 10)
days = st.none() | st.integers(-20, 20).map(lambda number: DEADLINE + timedelta(days=number))


@cache
def scheme_with(first_seen_counts: bool) -> Scheme:
    scheme = load_scheme()
    return replace(scheme, options=replace(scheme.options, first_seen_counts=first_seen_counts))


@cache
def read(first_seen_counts: bool) -> Intake:
    scheme = scheme_with(first_seen_counts)
    with TemporaryDirectory() as folder:
        path = filled(clean_document(), scheme, Path(folder) / "a.xlsx")
        return take_in(Found(path, path.name), layout_of(scheme), Limits())


class Says:
    """Another of the bureau's lists, which has the value."""

    def __init__(self, value: str) -> None:
        self.value = value

    def values_of(self, intake: Intake) -> dict[FieldId, Official]:
        return {ON_TIME: Official(self.value, "财政核定数")}


def expected(
    stated: str | None,
    filled_on: date | None,
    received: date | None,
    seen: date | None,
    extended: date | None,
    *,
    counts: bool,
) -> str | None:
    """The rule as the handbook has it. A day that is still to come tells nothing."""
    past = [day if day is not None and day <= TODAY else None for day in (received, seen, filled_on)]
    received, seen, filled_on = past
    due = extended or DEADLINE
    if received is not None:
        return "否" if received > due else "是"
    known = (seen or TODAY) if counts else filled_on
    return "否" if known is not None and known > due else stated


@given(
    stated=st.sampled_from(["是", "否", None]), filled_on=days, received=days, seen=days, extended=days,
    counts=st.booleans(), official=st.sampled_from([None, "是", "否"]),
)  # fmt: skip
def test_what_counts(
    stated: str | None,
    filled_on: date | None,
    received: date | None,
    seen: date | None,
    extended: date | None,
    counts: bool,
    official: str | None,
) -> None:
    intake = copy.copy(read(counts))
    assert intake.submission is not None
    intake.submission = submission = copy.copy(intake.submission)
    submission.fields, submission.official, submission.written = dict(submission.fields), {}, {}
    for field, value in ((ON_TIME, stated), (FILLED_ON, filled_on.isoformat() if filled_on else None)):
        cell = submission.fields[field]
        submission.fields[field] = Cell(cell.place, value, Reading(value))
    code = code_key(submission.text("department.code"))
    line = Line(
        key="k", sha256=intake.sha256, counted="1", received=received.isoformat() if received else "",
        seen=seen.isoformat() if seen else "",
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        register = RegisterAuthority(
            [known_of(line)], Path(folder), TODAY, Extensions({("guangzhou-2022", code, ""): extended})
        )
        apply(intake, [*([Says(official)] if official else []), register])
    rule = expected(stated, filled_on, received, seen, extended, counts=counts)
    assert submission.value(*ON_TIME) == (official or rule)
    if official is None and rule != stated:
        assert submission.official[ON_TIME].source == "往来登记"
        assert submission.written[ON_TIME].reading.value == stated
