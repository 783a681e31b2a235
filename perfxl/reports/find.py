"""All claims of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.reports.claims import Claim
from perfxl.reports.find_funds import funds_claims, is_about_task
from perfxl.reports.find_kpis import count_claims, kpi_claims
from perfxl.reports.find_not_done import not_done_claims
from perfxl.reports.find_scores import level_claims, score_claims, total_claims, year_claims
from perfxl.reports.find_tasks import task_claims
from perfxl.reports.names import Names
from perfxl.reports.sentences import Sentence
from perfxl.reports.tables import table_claims

_LONGEST = 3_000
"""A sentence of more characters is none, and costs the patterns too much."""


def claims(sentences: Sequence[Sentence], names: Names) -> list[Claim]:
    """What the sentences claim, in their order; then what tables claim."""
    found = [claim for item in sentences if not item.table for claim in claims_of(item, names)]
    return found + list(table_claims([item for item in sentences if item.table], names))


def claims_of(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """What one sentence claims."""
    if len(sentence.plain) > _LONGEST:
        return
    yield from year_claims(sentence, names)
    yield from total_claims(sentence, names)
    yield from score_claims(sentence, names)
    yield from level_claims(sentence, names)
    if is_about_task(sentence, names):
        yield from task_claims(sentence, names)
    else:
        yield from funds_claims(sentence, names)
    yield from kpi_claims(sentence, names)
    yield from count_claims(sentence)
    yield from not_done_claims(sentence)
