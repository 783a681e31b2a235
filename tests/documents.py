"""Random submission documents that hold: what departments write, with all that is awkward about it.

`make_document(seed, scheme)` is quick and gives the same document for the same seed, for tests over thousands.
Every number lies where rules turn: exact halves, bounds of tiers and options, targets of 0, actual values below
0 and at twice the target, wholes of 0. Texts are what spoils workbooks: formulas, line breaks, quotes, blanks.
The scheme is the plain table of its TOML file. `care` is the share of things that a department does as it should:
drawn once a document, so that all grades occur.
"""

from __future__ import annotations

import random
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise
from typing import Any

from tests import oracle
from tests.values import CENT, HALVING, between, money, part, plain, split, text, text_or_blank

Table = dict[str, Any]

MOST_KPIS = 30


def funds(rng: random.Random, scheme: Table, care: float) -> Table:
    """The funds table: parts add up to the total, spending within the adjusted budget, which is above 0."""
    whole = next(row["key"] for row in scheme["funds"] if row["role"] == "合计")
    parts = [row for row in scheme["funds"] if row["role"] == "分项"]
    adjusted = rng.choice((money(rng, least=1), Decimal(rng.choice(HALVING))))
    spent = part(rng, adjusted, care / 2, places=6)
    initial = rng.choice((adjusted, part(rng, adjusted, care, places=6), money(rng)))
    by_part = {
        "adjusted": split(rng, adjusted, [adjusted] * len(parts)),
        "initial": split(rng, initial, [initial] * len(parts)),
    }
    by_part["spent"] = split(rng, spent, by_part["adjusted"])
    table: Table = {whole: {"initial": plain(initial), "adjusted": plain(adjusted), "spent": plain(spent)}}
    blank = rng.random() < 0.5
    for position, row in enumerate(parts):
        table[row["key"]] = {column: plain(by_part[column][position]) for column in ("initial", "adjusted", "spent")}
        if not row["initial_required"] and blank:
            table[row["key"]]["initial"] = None
    return table


def fact_value(rng: random.Random, row: Table, values: Table, care: float, *, is_whole: bool) -> Decimal | str | None:
    """One fact; the whole that it is part of has its value already."""
    kind = row["type"]
    if kind == "text":
        return text(rng) if row.get("required", True) else text_or_blank(rng)
    if kind == "yes_no":
        return "是" if rng.random() < care else "否"
    if row.get("part_of"):
        return part(rng, values[row["part_of"]], care, places=6 if kind == "money" else 0)
    if kind == "money":
        amount = Decimal(0) if rng.random() < 0.15 else money(rng)
        return -amount if row.get("negative") and rng.random() < 0.3 else amount
    if is_whole:
        return Decimal(rng.choice((0, 1, 3, 7, rng.randint(1, 60), *HALVING)))
    return Decimal(0) if rng.random() < care else Decimal(rng.choice((1, 1, 2, 3, 7)))


def facts(rng: random.Random, scheme: Table, table: Table, care: float) -> Table:
    """Every fact of the scheme, as text; `table` is the funds table."""
    wholes = {row.get("part_of") for row in scheme["facts"]}
    values: Table = {}
    for row in sorted(scheme["facts"], key=lambda row: bool(row.get("part_of"))):
        values[row["key"]] = fact_value(rng, row, values, care, is_whole=row["key"] in wholes)
    for indicator in scheme["indicators"]:
        settings = indicator.get("settings", {})
        if indicator["kind"] == "overrun" and rng.random() < 0.7:
            base = sum((Decimal(table[key.split(".")[1]]["initial"]) for key in settings["base"]), Decimal(0))
            share = Decimal(rng.choice(("0.05", "0.1", "0.15", "0.2", "0.25", "0.11", "0.1005")))
            values[settings["added"][0]] = (base * share).quantize(Decimal("0.000001"), ROUND_DOWN)
        if indicator["kind"] == "limit":
            for key, bound in zip(settings["value"], settings["bound"], strict=False):
                if rng.random() < 0.7:
                    values[key] = part(rng, values[bound], care, places=6)
    shown = {row["key"]: values[row["key"]] for row in scheme["facts"]}
    return {key: plain(value) if isinstance(value, Decimal) else value for key, value in shown.items()}


def actual_value(rng: random.Random, target: Decimal, care: float) -> Decimal:
    """An actual value around a numeric target."""
    if rng.random() < care:
        return target
    draw = rng.random()
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
    return plain(target), plain(actual_value(rng, target, care))


def weights(rng: random.Random, points: Decimal, count: int) -> list[Decimal] | None:
    """Weights above 0 that add up to the points; None for all blank."""
    if rng.random() < 0.4:
        return None
    steps = [Decimal(step) for step in ("1", "0.5", "0.25", "0.01") if points / Decimal(step) >= count]
    step = rng.choice(steps)
    units = int(points / step)
    bounds = [0, *sorted(rng.sample(range(1, units), count - 1)), units]
    return [(high - low) * step for low, high in pairwise(bounds)]


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


def kpis(rng: random.Random, scheme: Table, care: float) -> list[Table]:
    """The KPI table, one row at least for every indicator that counts KPIs."""
    directions = {row["symbol"]: row["direction"] for row in scheme["symbols"]}
    indicators = [row for row in scheme["indicators"] if row["kind"] == "kpi"]
    most = min(MOST_KPIS, scheme["options"]["kpi_rows"]) // len(indicators)
    rows = []
    for indicator in indicators:
        points = Decimal(indicator["points"])
        levels = [row for row in scheme["kpi_levels"] if row["level1"] in indicator["settings"]["levels"]]
        count = rng.choice((1, 2, 3, rng.randint(1, 6), rng.randint(1, 6), rng.randint(1, most)))
        given = weights(rng, points, count)
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
    return rows


def tasks(rng: random.Random, scheme: Table, care: float) -> list[Table]:
    """The key tasks, none to as many as the template has rows."""
    rows = []
    for _ in range(rng.choice((0, 1, 2, 3, rng.randint(0, scheme["options"]["task_rows"])))):
        budget = money(rng)
        spent = part(rng, budget, care, places=6)
        rows.append(
            {
                "name": text(rng),
                "budget": plain(budget),
                "spent": plain(spent),
                "result": text_or_blank(rng),
                "reason": text(rng) if spent < budget else text_or_blank(rng),
            }
        )
    return rows


def department(rng: random.Random, scheme: Table) -> Table:
    """Who reports. The name holds the code's number, so that departments of one batch differ."""
    serial = rng.randint(1, 999_999)
    name = rng.choice(("科学技术局", "（区）教育局", "城市管理和综合执法局/城管局", "石滩镇人民政府", "妇女联合会"))
    return {
        "code": f"440{serial:06d}",
        "name": f"广州市{name}{serial}",
        "category": rng.choice(scheme["categories"])["name"],
        "contact": rng.choice(("李雷", "欧阳·娜娜", "=张三", None)),
        "phone": rng.choice(("020-00000000", "13800000000", "+86 20 00000000", None)),
    }


def random_document(rng: random.Random, scheme: Table) -> Table:
    """A document without errors for a scheme; its findings are warnings at most."""
    care = rng.choice((0.4, 0.7, 0.9, 0.97, 1.0))
    table = funds(rng, scheme, care)
    document: Table = {
        "scheme": scheme["header"]["id"],
        "year": scheme["header"]["year"],
        "department": department(rng, scheme),
        "narrative": {row["key"]: text(rng) if rng.random() < 0.9 else None for row in scheme["narrative"]},
        "funds": table,
        "kpis": kpis(rng, scheme, care),
        "tasks": tasks(rng, scheme, care),
        "facts": facts(rng, scheme, table, care),
        "scores": {},
    }
    for indicator in scheme["indicators"]:
        points = Decimal(indicator["points"])
        own = own_score(rng, points, oracle.computed_score(indicator, document, scheme), care)
        document["scores"][indicator["code"]] = {"self": plain(own), "reason": reason(rng, own, points)}
    return document


def make_document(seed: int, scheme: Table) -> Table:
    """The document of a seed. Seeds up to a million give departments with different codes and names."""
    document = random_document(random.Random(seed), scheme)
    serial = str(seed % 1_000_000)
    who = document["department"]
    who |= {"code": f"440{serial:0>6}", "name": who["name"].rstrip("0123456789") + serial}
    return document
