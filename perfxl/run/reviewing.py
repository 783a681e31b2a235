"""Reviews in a run: put into the results before totals are worked out, and what it came to without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from perfxl.outcome import finish
from perfxl.review.apply import Outcome, apply_reviews
from perfxl.review.layout import ReviewBook, unreviewed
from perfxl.review.record import Effect, ReviewRecord
from perfxl.run.details import DetailsFile, Entry
from perfxl.run.used import Applied
from perfxl.run.used import Effect as Lines
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore

Ranked = Callable[[Scheme, Sequence[DepartmentResult]], list[DepartmentResult]]


def review(
    schemes: Mapping[str, Scheme], books: Sequence[ReviewBook], counted: Iterable[Entry], details: DetailsFile
) -> Outcome:
    """Puts the reviews into the results of the files that count."""
    if not books:
        return Outcome()
    pairs = [(item.record, item.result) for item in counted if item.result is not None]
    digests = {record.path: record.sha256 for record, _ in pairs}
    stored = details.stored
    return apply_reviews(schemes, books, [result for _, result in pairs], digests, stored.result)


def keep_before(scheme: Scheme, departments: Sequence[DepartmentResult], ranked: Ranked) -> None:
    """Puts beside each department total, grade and place as they would be without any review.

    ranked: ranks departments and applies the quotas of the scheme.
    """
    without = []
    for item in departments:
        one = replace(item, scores=tuple(map(_without, item.scores)), rank=None, category_rank=None)
        one.take(finish(scheme, one.scores, one.limits, one.category))
        without.append(one)
    by_file = {item.file: item for item in departments}
    for one in ranked(scheme, without):
        item = by_file[one.file]
        item.total_before, item.grade_before, item.rank_before = one.total, one.grade, one.rank


def _without(score: IndicatorScore) -> IndicatorScore:
    if score.before is None:
        return score
    return replace(score, score=unreviewed(score), review=None, before=None, review_reason="", review_basis="")


def in_order(outcome: Outcome, departments: Iterable[DepartmentResult]) -> list[ReviewRecord]:
    """The records in the order of the departments, those on nobody in this run behind."""
    places = {item.file: place for place, item in enumerate(departments)}
    return sorted(outcome.records, key=lambda record: places.get(record.file, len(places)))


def effect_of(book: ReviewBook) -> Callable[[Applied], Lines]:
    """How many of the scores and agreements of a review workbook took effect."""

    def effect(applied: Applied) -> Lines:
        own = [item for item in applied.reviewed.records if item.book == book.file]
        agreed = [item for item in applied.reviewed.agreed if item.book == book.file]
        without = [f"{item.title} {item.indicator}（{item.why}）" for item in own if item.effect is not Effect.STANDS]
        without += [f"{item.title} 其余同意认定" for item in agreed if not item.count]
        return Lines(len(own) + len(agreed) - len(without), without)

    return effect
