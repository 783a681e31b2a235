"""Schemes with values of the bureau, and authorities that give some, for tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from perfxl.checks.finding import Finding
from perfxl.intake.discover import Found
from perfxl.intake.submission import Intake
from perfxl.layout.fields import FieldId
from perfxl.run.chunk import Scored, process_chunk
from perfxl.scheme.model import BY_BUREAU, Scheme
from perfxl.submission.official import Official
from perfxl.workbook.limits import Limits

SUPPLIED = ("minor_findings", "procurement_total", "books_match_assets", "three_public.reception.budget")
"""Facts of the built-in scheme that the bureau supplies in these."""


def supplied(
    scheme: Scheme, *, pending: str = "不计", gap: str = "0", targets: bool = False, facts: bool = True
) -> Scheme:
    """The built-in scheme with facts, two cells of the funds table and perhaps the KPI targets from the bureau."""
    funds = scheme.funds
    if facts:
        funds = tuple(
            dataclasses.replace(row, bureau=("adjusted", "spent")) if row.key == "total" else row for row in funds
        )
    return dataclasses.replace(
        scheme,
        funds=funds,
        facts=tuple(
            dataclasses.replace(fact, source=BY_BUREAU) if facts and fact.key in SUPPLIED else fact
            for fact in scheme.facts
        ),
        columns=tuple(
            dataclasses.replace(column, source=BY_BUREAU) if targets and column.key == "target" else column
            for column in scheme.columns
        ),
        options=dataclasses.replace(scheme.options, pending=pending),
        thresholds=dataclasses.replace(scheme.thresholds, official_gap=Decimal(gap)),
    )


class Saying:
    """An authority that says the same of every workbook."""

    def __init__(self, values: Mapping[FieldId, Decimal | str], source: str = "财政核定数") -> None:
        self.values = {name: Official(value, source) for name, value in values.items()}

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """The values."""
        return self.values


def processed(path: Path, scheme: Scheme, *authorities: object) -> Scored:
    """What a run makes of one file with authorities."""
    return process_chunk([Found(path, path.name)], scheme, Limits(), authorities=authorities)[0]  # type: ignore[arg-type]


def told(findings: list[Finding], code: str) -> list[Finding]:
    """The findings of a code."""
    return [finding for finding in findings if finding.code == code]
