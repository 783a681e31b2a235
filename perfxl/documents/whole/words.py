"""How sentences name several, and how tables show what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from perfxl.decimals import amount, half_up, two_places
from perfxl.documents.figures import points_rate

NONE = "—"
NAMED = 8
"""So many are named in a sentence; the annex has all."""
_ROOM = 18


def named(names: Sequence[str], most: int = NAMED) -> str:
    """Names for a sentence, 甲、乙、丙, with 等 behind where not all are named."""
    return "、".join(names[:most]) + ("等" if len(names) > most else "")


def all_of(names: Sequence[str], one: str, most: int = NAMED) -> str:
    """So many by name before what is said of them: 甲; 甲、乙 2 个部门; 甲、乙等 9 个部门."""
    return names[0] if len(names) == 1 else f"{named(names, most)} {len(names)} 个{one}"


def short(name: str) -> str:
    """A name as a chart has room for it."""
    return name if len(name) <= _ROOM else f"{name[: _ROOM - 1]}…"


def share(part: int, whole: int) -> str:
    """A part of a count as a percentage."""
    return points_rate(Decimal(part), Decimal(whole)) if whole else NONE


def score(value: Decimal | None) -> str:
    """A score or mean of scores with two places."""
    return NONE if value is None else two_places(value)


def signed(value: Decimal | None) -> str:
    """A difference with its sign, `+1.20`; `0.00` for none."""
    if value is None:
        return NONE
    value = half_up(value)
    return f"+{two_places(value)}" if value > 0 else two_places(value)


def rate_shown(value: Decimal | None) -> str:
    """A rate with two places, 100% without."""
    return NONE if value is None else points_rate(value, Decimal(1))


def money_shown(value: Decimal | None) -> str:
    """万元; what is not there as a dash."""
    return NONE if value is None else amount(value)
