"""元 typed for 万元 in a whole workbook: its money beside that of the other departments of its category."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal

from perfxl.checks.batch import PERHAPS_IN_YUAN, SURELY_IN_YUAN
from perfxl.checks.finding import Finding
from perfxl.decimals import amount, half_up, plain
from perfxl.findings.named import money_names
from perfxl.findings.yuan import BATCH, CERTAIN, IN_YUAN, MONEY_DOUBTED, MONEY_SURE, PERHAPS
from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE
from perfxl.run.details import Entry
from perfxl.scheme.funds import ADJUSTED
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult

YUAN = Decimal(10_000)
FEWEST = 5
"""Other departments that must be there to compare with."""
BEYOND_MEDIAN, BEYOND_NEXT = 1_000, 20
"""How many times as high as the median, and as the highest that is not itself in doubt, the money of an honest
department is not."""


def compare_money(current: Sequence[Entry], scheme: Scheme) -> None:
    """Findings where the money of a department is out of all proportion to that of its category, or of all."""
    row = scheme.funds_table.total
    if row is None:
        return
    known = [(item, item.result) for item in current if item.result is not None and item.result.adjusted]
    by_category: dict[str, list[Decimal]] = {}
    for _, result in known:
        by_category.setdefault(result.category, []).append(_adjusted(result))
    categories = {category: Peers(values) for category, values in by_category.items()}
    everyone = Peers(_adjusted(result) for _, result in known)
    for item, result in known:
        value = _adjusted(result)
        if result.money == MONEY_SURE or value <= 0 or value * 100 != int(value * 100):
            continue
        peers = categories[result.category]
        whom = f"{result.category}类其他部门" if result.category else "其他部门"
        if peers.others < FEWEST:
            peers, whom = everyone, "全部其他部门"
        if peers.others < FEWEST or not peers.stands_out(value):
            continue
        middle = peers.median_without(value)
        check = SURELY_IN_YUAN if result.money == MONEY_DOUBTED else PERHAPS_IN_YUAN
        words = {
            **money_names(scheme), "value": plain(value), "amount": amount(value),
            "median": amount(half_up(middle)), "peers": whom,
            "times": f"{half_up(value / middle, Decimal(1)):,}", "right": amount(value / YUAN),
        }  # fmt: skip
        at = ("facts", row.fact(ADJUSTED), VALUE)
        place = layout_of(scheme).places[at]
        told = check.finding(
            item.record.path, result.title, words, sheet=place.sheet, cell=place.cell, fields=(at,)
        )  # fmt: skip
        item.added += (told,)
        result.money = MONEY_DOUBTED


def _adjusted(result: DepartmentResult) -> Decimal:
    return result.adjusted or Decimal(0)


class Peers:
    """The sums of departments that are compared with each other, each with the others: sorted once for all of them.

    A province has thousands, and to go through all others for each would take longer than to read their workbooks.
    others: how many others each has. What is asked about must be one of the values.
    """

    def __init__(self, values: Iterable[Decimal]) -> None:
        self._values = sorted(values)
        self.others = len(self._values) - 1

    def median_without(self, value: Decimal) -> Decimal:
        """The median of the others. Raises IndexError where there are none."""
        middle, at = self.others // 2, bisect_left(self._values, value)
        upper = self._values[middle + (middle >= at)]
        if self.others % 2:
            return upper
        lower = middle - 1
        return (self._values[lower + (lower >= at)] + upper) / 2

    def stands_out(self, value: Decimal) -> bool:
        """Whether it is out of all proportion to the others."""
        middle = self.median_without(value)
        beyond = BEYOND_MEDIAN * middle
        if middle <= 0 or value < beyond:
            return False
        # The median itself is one of the usual ones, or lies between two of which the lower is.
        return value >= BEYOND_NEXT * self._values[bisect_left(self._values, beyond) - 1]


def one_of_each(findings: list[Finding]) -> list[Finding]:
    """The findings of a workbook with one word on its amounts in 元: its own certain one, else that of the batch."""
    codes = {finding.code for finding in findings}
    unsaid = BATCH if CERTAIN in codes else {PERHAPS} if codes & BATCH else frozenset()
    return [finding for finding in findings if finding.code not in unsaid]


def without_doubt(result: DepartmentResult, accepted: Finding) -> None:
    """The money counts again where the bureau has accepted the finding that it seems to be in 元."""
    if accepted.code in IN_YUAN:
        result.money = ""
