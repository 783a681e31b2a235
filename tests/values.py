"""Random texts and numbers of the awkward kinds that departments write, from a `random.Random`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")
# Denominators that make exact halves at the third place come up often.
HALVING = (8, 16, 40, 80, 200, 400, 800)
PHRASES = (
    "按计划完成全年任务",
    "受疫情影响，个别活动延期",
    "资金拨付进度偏慢",
    "已建立台账并整改到位",
    "服务群众约 3.6 万人次",
    "采购程序合规，合同按时签订",
    "群众满意度较高",
)
AWKWARD = (
    "=1+1",
    "+86 20 8888",
    "-5",
    "@各科室",
    "'单引号开头",
    "含“引号”、\"quotes\"与'撇号'",
    "（一）第一行\n（二）第二行",
    "列一\t列二",
    "  前后有空格  ",
    "已完成 😀",
    "𠮷野家、㐂、é",
    "NA",
    "null",
    "无",
    "—",
    "007",
    "1e5",
    "99.5%",
    "2022-12-31",
    "TRUE",
    "<b>&amp;</b> ]]>",
    "https://example.org/?a=1&b=2",
    "_x0041_",
    "全\u3000角\u00a0空\u200b格",
)


def text(rng: random.Random) -> str:
    """Something a department may write; now and then something that spoils workbooks."""
    draw = rng.random()
    if draw < 0.2:
        return rng.choice(AWKWARD)
    if draw < 0.3:
        return rng.choice(AWKWARD) + rng.choice(PHRASES) + rng.choice(AWKWARD)
    if draw < 0.32:
        return "\n".join(rng.choices(PHRASES, k=40))
    return "；".join(rng.choices(PHRASES, k=rng.randint(1, 3)))


def text_or_blank(rng: random.Random) -> str | None:
    """A text, or nothing as often as not."""
    return text(rng) if rng.random() < 0.5 else None


def plain(value: Decimal) -> str:
    """The number as documents carry it: without an exponent, zeros behind the point kept."""
    return format(value, "f")


def between(rng: random.Random, low: Decimal, high: Decimal) -> Decimal:
    """A number from low to high, with as many places as the finer of the two."""
    step = Decimal(1).scaleb(min(0, int(low.as_tuple().exponent), int(high.as_tuple().exponent)))
    return low + step * rng.randint(0, int((high - low) / step))


def money(rng: random.Random, *, least: int = 0) -> Decimal:
    """An amount in 万元 with 0 to 6 places, small and large ones alike."""
    places = rng.choice((0, 1, 2, 2, 2, 4, 6))
    size = rng.choice((1, 10, 1000, 100_000))
    return least + Decimal(rng.randint(0, size * 10**places)).scaleb(-places)


def part(rng: random.Random, whole: Decimal, care: float, *, places: int) -> Decimal:
    """A part of a whole: all, nothing, at a bound of a rule, or anywhere."""
    if rng.random() < care:
        return whole
    draw = rng.random()
    if draw < 0.1:
        return Decimal(0)
    if draw < 0.45:
        share = Decimal(rng.choice(("0.3", "0.5", "0.6", "0.7", "0.75", "0.8", "0.9", "0.15")))
        return (whole * share).quantize(Decimal(1).scaleb(-places), ROUND_DOWN)
    return between(rng, Decimal(0), whole)


def split(rng: random.Random, total: Decimal, rooms: Sequence[Decimal]) -> list[Decimal]:
    """Parts that add up to the total, each at most its room."""
    shares, rest = [], total
    for position, room in enumerate(rooms):
        low = max(rest - sum(rooms[position + 1 :], Decimal(0)), Decimal(0))
        high = min(room, rest)
        shares.append(rng.choice((low, high, between(rng, low, high), between(rng, low, high))))
        rest -= shares[-1]
    return shares
