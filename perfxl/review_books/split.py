"""Who reviews which departments: whole departments to reviewers, as many to each, and as much money as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from perfxl.decimals import ZERO
from perfxl.errors import UsageError
from perfxl.review_books.propose import Choice


def split(
    choices: Sequence[Choice], reviewers: Sequence[str], each: int = 1, fixed: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[Choice]]:
    """The departments of each reviewer, in their order; of `each` reviewers each. Reviewers without any are left out.

    fixed: reviewers of departments that are settled already, by `Candidate.key`; of them none is taken away, and others
    are added where they are fewer than `each`. The largest budgets are dealt first, each to those who have fewest
    departments, of several to who has least money: where nothing is fixed, the numbers differ by one at most. Raises
    UsageError where there are fewer reviewers than each department needs.
    """
    if not reviewers:
        return {"": list(choices)}
    if not 1 <= each <= len(reviewers):
        raise UsageError(
            f"--each {each} 不对：复核人有 {len(reviewers)} 个，每个部门至少 1 个、至多 {len(reviewers)} 个"
        )
    counts = dict.fromkeys(reviewers, 0)
    money: dict[str, Decimal] = dict.fromkeys(reviewers, ZERO)
    given: dict[str, set[int]] = {name: set() for name in reviewers}

    def give(name: str, number: int) -> None:
        given[name].add(number)
        counts[name] += 1
        money[name] += choices[number].candidate.money or ZERO

    settled = fixed or {}
    for number, choice in enumerate(choices):
        for name in dict.fromkeys(settled.get(choice.candidate.key, ())):
            give(name, number)
    order = sorted(
        range(len(choices)),
        key=lambda number: (-(choices[number].candidate.money or ZERO), choices[number].candidate.key),
    )
    for number in order:
        there = [name for name in reviewers if number in given[name]]
        free = [name for name in reviewers if number not in given[name]]
        for name in sorted(free, key=lambda name: (counts[name], money[name]))[: max(each - len(there), 0)]:
            give(name, number)
    return {name: [choices[number] for number in sorted(own)] for name, own in given.items() if own}
