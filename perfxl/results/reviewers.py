"""What each reviewer did, so that a strict and a mild one show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfxl.decimals import ZERO, divide, half_up
from perfxl.results.batch import Batch
from perfxl.results.context import no_pattern


@dataclass
class Reviewer:
    """name: as formulas can count by it. agreed: indicators that were left as they are without a score.

    changes: what each score that counts adds to the accepted one, 0 where it confirms that. files: of the departments.
    """

    name: str
    agreed: int = 0
    changes: list[Decimal] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    @property
    def departments(self) -> int:
        """How many departments were reviewed."""
        return len(self.files)

    @property
    def mean(self) -> Decimal:
        """What a department gains on average, two places; what is cut is negative."""
        return half_up(divide(sum(self.changes, ZERO), Decimal(self.departments))) if self.files else ZERO


def reviewers_of(batch: Batch) -> Sequence[Reviewer]:
    """All whose scores count or who agreed, the strictest first."""
    found: dict[str, Reviewer] = {}
    for item in batch.reviews:
        if item.difference is not None:
            name = no_pattern(item.reviewer)
            one = found.setdefault(name, Reviewer(name))
            one.changes.append(item.difference)
            one.files.add(item.file)
    for agreed in batch.agreed:
        if agreed.count:
            name = no_pattern(agreed.reviewer)
            one = found.setdefault(name, Reviewer(name))
            one.agreed += agreed.count
            one.files.add(agreed.file)
    return sorted(found.values(), key=lambda one: (one.mean, one.name))
