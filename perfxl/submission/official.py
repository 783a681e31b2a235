"""A value that the bureau itself supplies or corrects (财政核定数)."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Official(NamedTuple):
    """The value that counts, as it would be typed into the field (money in 万元, rates in percentage points, 是/否).

    source: the list that says so, as people call it (财政核定数, 往来登记). basis, person, day: why, who and when,
    empty where not told. place: file, sheet and cell of the list.
    """

    value: Decimal | str
    source: str
    basis: str = ""
    person: str = ""
    day: str = ""
    place: str = ""
