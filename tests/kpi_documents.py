"""The KPI table of random documents, and the self scores that departments give themselves. See `tests.documents`."""

from __future__ import annotations

import random
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from itertools import pairwise
from typing import Any

from tests import oracle
from tests.values import CENT, HALVING, between, plain, text, text_or_blank

Table = dict[str, Any]

MOST_KPIS = 30


def actual_value(rng: random.Random, target: Decimal, care: float) -> Decimal:
    """An actual value around a numeric target."""
    if rng.random() < care:
        return target
    draw = rng.random()
    if target < 0:
        shares = ("0.5", "0.8", "1.2", "1.3", "1.31", "2", "0", "-0.5", "0.125")
        return target * Decimal(rng.choice(shares)) if draw < 0.7 else between(rng, 2 * target - 1, Decimal(2))
    if draw < 0.45:
        return between(rng, Decimal(0), target)
    if draw < 0.75:
        share = Decimal(rng.choice(("0.6", "0.59", "0.8", "1.2", "1.3", "1.29", "1.4", "1.5", "2", "2.5", "0.125")))
        return target * share
    if draw < 0.9:
        return between(rng, target, target * 2 + 1)
    return Decimal(rng.choice(("0", "-1", "-12.5", "0.1", "100")))


def target_and_actual(rng: random.Random, scheme: Table, direction: str, care: float) -> tuple[str, str]:
    """What stands in the two columns for a symbol of this direction."""
    if direction == "qualitative":
        labels = [row["label"] for row in scheme["shares"]]
        return rng.choice(("按时完成", *labels)), labels[0] if rng.random() < care else rng.choice(labels)
    target = rng.choice(
        (
            Decimal(rng.randint(1, 60)),
            Decimal(rng.choice(HALVING)),
            Decimal(rng.choice(HALVING)),
            Decimal(rng.randint(1, 9999)).scaleb(-rng.randint(1, 3)),
            Decimal(rng.randint(1, 50) * 1000),
            Decimal(0) if rng.random() < 0.7 else Decimal(100),
        )
    )
    if scheme["options"].get("negative_targets", True) and target and rng.random() < 0.2:
        target = -target
    return plain(target), plain(actual_value(rng, target, care))


def weights(rng: random.Random, points: Decimal, count: int) -> list[Decimal] | None:
    """Weights above 0 that add up to the points; None for all blank."""
    if rng.random() < 0.4:
        return None
    steps = [Decimal(step) for step in ("1", "0.5", "0.25", "0.01") if points / Decimal(step) >= count]
    step = rng.choice(steps)
    units = int(points / step)
    bounds = [0, *sorted(rng.sample(range(1, units), count - 1)), units]
    parts = [(high - low) * step for low, high in pairwise(bounds)]
    parts[-1] += points - units * step
    return parts


def own_score(rng: random.Random, most: Decimal, computed: Decimal | None, care: float) -> Decimal:
    """A self score up to `most`: full, what the rule gives, a little beside it, or anything."""
    at_most = most.quantize(CENT, ROUND_DOWN)
    near = at_most if computed is None else computed
    wanted = rng.choice((at_most, near))
    if rng.random() >= care:
        wanted = rng.choice((near - CENT, near + CENT, near + 2 * CENT, near / 2, between(rng, Decimal(0), at_most)))
    return min(max(wanted, Decimal(0)), at_most).quantize(CENT, ROUND_DOWN)


def reason(rng: random.Random, own: Decimal, most: Decimal) -> str | None:
    """Why points were deducted: always there where some were."""
    if own < most:
        return text(rng)
    return text(rng) if rng.random() < 0.05 else None


def required(scheme: Table, table: str, key: str) -> bool:
    """Whether a column of an open table must be filled."""
    rows = (row for row in scheme["columns"] if (row["table"], row["key"]) == (table, key))
    return bool(next(rows).get("required", True))


def kpis(rng: random.Random, scheme: Table, care: float) -> list[Table]:
    """The KPI table, one row at least for every indicator that counts KPIs."""
    indicators = [row for row in scheme["indicators"] if row["kind"] == "kpi"]
    if not indicators:
        return []
    directions = {row["symbol"]: row["direction"] for row in scheme["symbols"]}
    most = min(MOST_KPIS, scheme["options"].get("kpi_rows", 40)) // len(indicators)
    rows = []
    for indicator in indicators:
        points = Decimal(indicator["points"])
        levels = [row for row in scheme["kpi_levels"] if row["level1"] in indicator["settings"]["levels"]]
        count = rng.choice((1, 2, 3, rng.randint(1, 6), rng.randint(1, 6), rng.randint(1, most)))
        count = min(count, int(points * 100), most)
        given = weights(rng, points, count)
        if given is None and required(scheme, "kpis", "weight"):
            given = [points] + [Decimal(0)] * (count - 1)
        for position in range(count):
            symbol = rng.choice(list(directions))
            target, actual = target_and_actual(rng, scheme, directions[symbol], care)
            row = dict(rng.choice(levels)) | {
                "name": text(rng),
                "symbol": symbol,
                "target": target,
                "unit": rng.choice(("个", "%", "人次", None)),
                "actual": actual,
                "weight": plain(given[position]) if given else None,
            }
            weight = given[position] if given else points / count
            own = own_score(rng, weight, oracle.kpi_score(row, oracle.number(weight), scheme), care)
            row |= {"self_score": plain(own), "reason": reason(rng, own, weight), "evidence": text_or_blank(rng)}
            rows.append(row)
    if rng.random() < 0.3:
        rng.shuffle(rows)
    _settle_shares(scheme, rows)
    for row in rows:
        _settle_row(rng, scheme, row)
    return rows


def _settle_shares(scheme: Table, rows: list[Table]) -> None:
    """Where weights are blank, a row that claims its share has all of it: shares differ by a cent, by their order."""
    for indicator in scheme["indicators"]:
        own = [row for row in rows if indicator["kind"] == "kpi" and row["level1"] in indicator["settings"]["levels"]]
        if not own or any(row["weight"] for row in own):
            continue
        shares = oracle.weights(oracle.number(indicator["points"]) or 0, [None] * len(own))
        for row, share in zip(own, shares, strict=True):
            if Decimal(row["self_score"]) + CENT == share:
                row |= {"self_score": plain(Decimal(row["self_score"]) + CENT), "reason": None}


def _settle_row(rng: random.Random, scheme: Table, row: Table) -> None:
    """What a scheme asks beside: no blanks where it has none, no self scores where it asks for none, bands kept."""
    for key in ("unit", "reason", "evidence"):
        if row[key] is None and required(scheme, "kpis", key):
            row[key] = "有"
    share = next((entry for entry in scheme.get("shares", ()) if entry["label"] == row["actual"]), None)
    # Now and then outside its band, which is a finding.
    if share is not None and row["weight"] is not None and "low" in share and rng.random() < 0.9:
        low, high = (Decimal(row["weight"]) * Decimal(share[end]) for end in ("low", "share"))
        own = min(max(Decimal(row["self_score"]), low.quantize(CENT, ROUND_UP)), high.quantize(CENT, ROUND_DOWN))
        row |= {"self_score": plain(own), "reason": row["reason"] or "按区间"}
    if not required(scheme, "kpis", "self_score") and rng.random() < 0.25:
        row["self_score"] = None
