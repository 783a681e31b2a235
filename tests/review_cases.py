"""Reviews made by code over batches made by code, and the batch that a run makes of them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from perfxl.checks.finding import Finding, Severity
from perfxl.decimals import half_up
from perfxl.results.batch import Batch, FileRecord
from perfxl.review.layout import BookMark, DepartmentReview, Judgement, ReviewBook, Target, judged_of
from perfxl.run.chunk import Scored
from perfxl.run.details import DetailsFile, pack
from perfxl.run.reduce import Lists, reduce_batch
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status
from tests.sample_batch import sample_batch

STARTED = datetime(2023, 5, 20, 9, 0, 0)
ERROR = Finding("E101", Severity.ERROR, "必填项没有填写", "", "", "基本信息", "C5", "", "", "没有填写", "请填写")


@dataclass(frozen=True)
class Said:
    """What one reviewer fills in for one department. scores: score (None: no number), reason, by code. stale: codes of
    which something has changed since."""

    reviewer: str
    department: str
    scores: Mapping[str, tuple[Decimal | None, str]]
    agreed: bool = False
    stale: frozenset[str] = frozenset()


@cache
def departments(scheme: Scheme, count: int) -> tuple[DepartmentResult, ...]:
    """Departments without any review; the last one has an error in its workbook."""
    batch = sample_batch(count, returned=1, scheme=scheme)
    found = []
    for item in batch.departments:
        scores = tuple(replace(score, review=None) for score in item.scores)
        found.append(replace(item, scores=scores, scheme=scheme.id, rank=None, category_rank=None))
    return tuple(found)


def run(scheme: Scheme, results: Sequence[DepartmentResult], books: Iterable[ReviewBook] = ()) -> Batch:
    """What a run makes of results and reviews, with everything in memory."""
    with tempfile.TemporaryDirectory() as folder, DetailsFile(Path(folder)) as details:
        entries = []
        for place, item in enumerate(results):
            record = FileRecord(item.file, f"{place:064x}", 100, item.status, item.title, "", scheme=item.scheme)
            findings = [replace(ERROR, file=item.file)] if item.status is Status.RETURNED else []
            entries.append(details.add(pack(Scored(record, replace(item), findings))))
        batch = reduce_batch(scheme, [], entries, details, STARTED, Lists(reviews=tuple(books)))
        batch.take_in_details()
    return batch


def target(scheme: Scheme, item: DepartmentResult, key: str = "d1", stale: frozenset[str] = frozenset()) -> Target:
    """A department as a review workbook knows it."""
    judged = {
        score.code: judged_of(scheme, item, score)._replace(**({"fingerprint": "gone"} if score.code in stale else {}))
        for score in item.scores
        if score.applies
    }
    return Target(
        key, scheme.id, "", item.code, item.name, item.project, item.project_code, item.category, item.file, "",
        item.title, str(item.total), item.grade, judged,
    )  # fmt: skip


def book_of(
    scheme: Scheme, results: Sequence[DepartmentResult], said: Said, number: int = 1, started: str = "2023-05-01"
) -> ReviewBook:
    """A review workbook with one department in it."""
    item = next(one for one in results if one.file == said.department)
    judgements = {
        code: Judgement(code, score, "无" if score is None else str(score), reason, "", item.title, "J9")
        for code, (score, reason) in said.scores.items()
    }
    review = DepartmentReview(target(scheme, item, stale=said.stale), said.reviewer, None, said.agreed, judgements)
    mark = BookMark(started, said.reviewer, f"book{number}")
    return ReviewBook(f"复核表{number}.xlsx", f"{number:064x}", mark, (scheme.id,), [review])


def random_said(scheme: Scheme, results: Sequence[DepartmentResult], seed: int) -> list[Said]:
    """What up to four reviewers say of some departments: right and wrong, alike and not, of what is no longer so."""
    dice = random.Random(seed)
    said = []
    for item in results:
        for reviewer in dice.sample(("甲", "乙", "丙", "丁"), dice.choice((0, 0, 1, 1, 2, 2, 3, 4))):
            applying = [score for score in item.scores if score.applies]
            chosen = [score for score in applying if dice.random() < dice.choice((0.05, 0.3, 1))]
            scores: dict[str, tuple[Decimal | None, str]] = {}
            for score in chosen:
                cents = Decimal(dice.randint(0, int(score.points * 1000))) / 1000
                value = dice.choice(
                    (score.score, score.score, cents, half_up(score.points / 2), score.points, Decimal(0),
                     score.points + Decimal("0.01"), Decimal("-0.5"), None)
                )  # fmt: skip
                scores[score.code] = value, dice.choice(("佐证不足", "", "　", "按核定数"))
            stale = frozenset(score.code for score in applying if dice.random() < 0.05)
            said.append(Said(reviewer, item.file, scores, dice.random() < 0.4, stale))
    return said
