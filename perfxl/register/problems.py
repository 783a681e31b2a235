"""What a file was returned for, as one text in the register: a line for each finding, its code and its field."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.checks.finding import Finding

LONGEST = 30_000
"""Characters; a cell takes some more."""
Key = tuple[str, str]
"""Code of a finding, and its first field as `table|row|column`, empty where it has none."""


def key_of(finding: Finding) -> Key:
    """By what a finding of the round before is known again."""
    return finding.code, "|".join(finding.fields[0]) if finding.fields else ""


def problems_text(findings: Iterable[Finding]) -> str:
    """The text of findings; of very many only the first."""
    text = "\n".join("|".join(key_of(finding)).rstrip("|") for finding in findings)
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0]


def problems_in(text: str) -> list[Key]:
    """The keys of a text."""
    parts = (line.partition("|") for line in text.split("\n") if line)
    return [(code, field) for code, _, field in parts]
