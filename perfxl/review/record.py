"""What came of reviews: a record of each score that a reviewer filled in, and of each department that was agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfxl.records import Record


class Effect(StrEnum):
    """What a review score came to. The values stand in 复核记录."""

    STANDS = "生效"
    WAITS = "待第三人"
    NONE = "没有生效"


class Reviewed(StrEnum):
    """How far a department is reviewed. The values stand in 排名 and run.json."""

    WHOLE = "已复核"
    PARTLY = "部分复核"
    NOT = "未复核"


@dataclass(frozen=True, slots=True)
class ReviewRecord(Record):
    """A score that a reviewer filled in.

    scheme, file: of the department as it is in this run; file is empty where nobody is found. code, name, project,
    category: who it is. indicator: code; label: its name. points, accepted: the indicator's, accepted without any
    review; None where the indicator is not there. written: what stands in the cell. score: two places, None where it
    does not count. final: what the indicator comes to. effect, why: whether it counts and, where there is more to say,
    in words. reviewer, day (2023-05-04 or empty), reason, basis: as filled in. book, sheet, cell: where.
    """

    scheme: str
    file: str
    code: str
    name: str
    project: str
    category: str
    indicator: str
    label: str
    points: Decimal | None
    self_score: Decimal | None
    accepted: Decimal | None
    written: str
    score: Decimal | None
    final: Decimal | None
    effect: Effect
    why: str
    reviewer: str
    day: str
    reason: str
    basis: str
    book: str
    sheet: str
    cell: str

    @property
    def title(self) -> str:
        """What the department or project is called in lists."""
        return self.project or self.name

    @property
    def difference(self) -> Decimal | None:
        """What this reviewer adds to the accepted score; None where the review does not count."""
        if self.score is None or self.accepted is None or self.effect is Effect.NONE:
            return None
        return self.score - self.accepted


@dataclass(frozen=True, slots=True)
class AgreedRecord(Record):
    """A department whose other indicators a reviewer left as they are (其余同意认定).

    file: of the department, empty where nobody is found. count: how many indicators that were.
    """

    scheme: str
    file: str
    title: str
    reviewer: str
    book: str
    count: int
