"""Random submission documents that hold: what departments write, with all that is awkward about it.

`make_document(seed, scheme)` is quick and gives the same document for the same seed, for tests over thousands.
Every number lies where rules turn: exact halves, bounds of tiers and options, targets of 0, actual values below
0 and at twice the target, wholes of 0. Texts are what spoils workbooks: formulas, line breaks, quotes, blanks.
The scheme is the plain table of its TOML file, be it the built-in one or one of `tests.random_schemes`. `care` is the
share of things that a department does as it should: drawn once a document, so that all grades occur. `with_blanks`
takes some of it away again.
"""

from __future__ import annotations

import random
from copy import deepcopy
from decimal import ROUND_DOWN, Decimal
from typing import Any

from tests import oracle
from tests.aimed_facts import aim
from tests.kpi_documents import kpis, own_score, reason, required
from tests.values import HALVING, money, part, plain, split, text, text_or_blank

Table = dict[str, Any]


def fund_columns(scheme: Table) -> list[str]:
    """The keys of the columns of the funds table."""
    return [row["key"] for row in scheme.get("fund_columns", ())] or ["initial", "adjusted", "spent"]


def funds(rng: random.Random, scheme: Table, care: float) -> Table:
    """The funds table: parts add up to the total, spending within the adjusted budget, which is above 0."""
    if not scheme.get("funds"):
        return {}
    columns = fund_columns(scheme)
    whole = next(row["key"] for row in scheme["funds"] if row["role"] == "合计")
    parts = [row for row in scheme["funds"] if row["role"] == "分项"]
    adjusted = rng.choice((money(rng, least=1), Decimal(rng.choice(HALVING))))
    spent = part(rng, adjusted, care / 2, places=6)
    initial = rng.choice((adjusted, part(rng, adjusted, care, places=6), money(rng)))
    totals = {"initial": initial, "adjusted": adjusted, "spent": spent}
    totals |= {column: money(rng) for column in columns if column not in totals}
    by_part = {
        "adjusted": split(rng, adjusted, [adjusted] * len(parts)),
        "initial": split(rng, initial, [initial] * len(parts)),
    }
    by_part["spent"] = split(rng, spent, by_part["adjusted"])
    for column in columns:
        if column not in by_part:
            by_part[column] = split(rng, totals[column], [totals[column]] * len(parts))
    table: Table = {whole: {column: plain(totals[column]) for column in columns}}
    blank = rng.random() < 0.5
    for position, row in enumerate(parts):
        table[row["key"]] = {column: plain(by_part[column][position]) for column in columns}
        if not row.get("initial_required", True) and blank and "initial" in columns:
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
        return part(rng, values[row["part_of"]], care, places=0 if kind == "count" else 6)
    if kind == "percent":
        rate = Decimal(rng.choice(("100", "95.5", "90", "75", "60", "30", "0", rng.randint(0, 10000) / Decimal(100))))
        return -rate if row.get("negative") and rng.random() < 0.3 else rate
    if kind in ("money", "number"):
        amount = Decimal(0) if rng.random() < 0.15 else money(rng)
        return -amount if row.get("negative") and rng.random() < 0.3 else amount
    if is_whole:
        return Decimal(rng.choice((0, 1, 3, 7, rng.randint(1, 60), *HALVING)))
    return Decimal(0) if rng.random() < care else Decimal(rng.choice((1, 1, 2, 3, 7)))


def facts(rng: random.Random, scheme: Table, table: Table, care: float) -> Table:
    """Every fact of the scheme, as text; `table` is the funds table."""
    rows = scheme.get("facts", [])
    types, parts = ({row["key"]: row.get(name) for row in rows} for name in ("type", "part_of"))
    wholes = set(parts.values())
    values: Table = {}
    for row in sorted(rows, key=lambda row: bool(row.get("part_of"))):
        values[row["key"]] = fact_value(rng, row, values, care, is_whole=row["key"] in wholes)
    for indicator in scheme["indicators"]:
        settings = indicator.get("settings", {})
        if settings.get("numerator") == ["budget_added"] and rng.random() < 0.7:
            base = sum((Decimal(table[key.split(".")[1]]["initial"]) for key in settings["denominator"]), Decimal(0))
            share = Decimal(rng.choice(("0.05", "0.1", "0.15", "0.2", "0.25", "0.11", "0.1005")))
            values["budget_added"] = (base * share).quantize(Decimal("0.000001"), ROUND_DOWN)
        elif indicator["kind"] == "limit":
            for key, bound in zip(settings["value"], settings.get("bound", ()), strict=False):
                free = key in values and bound in values and key not in wholes and not parts.get(key)
                if free and values[bound] >= 0 and types[key] == types[bound] and rng.random() < 0.7:
                    values[key] = part(rng, values[bound], care, places=0 if types[key] == "count" else 6)
    shown = {row["key"]: values[row["key"]] for row in rows}
    return {key: plain(value) if isinstance(value, Decimal) else value for key, value in shown.items()}


def tasks(rng: random.Random, scheme: Table, care: float) -> list[Table]:
    """The key tasks, none to as many as the template has rows."""
    rows = []
    for _ in range(rng.choice((0, 1, 2, 3, rng.randint(0, scheme["options"].get("task_rows", 15))))):
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
        for key in ("result", "reason"):
            if rows[-1][key] is None and required(scheme, "tasks", key):
                rows[-1][key] = "无"
    return rows


def is_project(scheme: Table) -> bool:
    """Whether the scheme evaluates projects."""
    return bool(scheme.get("evaluated", {}).get("kind") == "project")


def department(rng: random.Random, scheme: Table) -> Table:
    """Who reports. The name holds the code's number, so that departments of one batch differ."""
    serial = rng.randint(1, 999_999)
    name = rng.choice(("科学技术局", "（区）教育局", "城市管理和综合执法局/城管局", "石滩镇人民政府", "妇女联合会"))
    who = {
        "code": f"440{serial:06d}",
        "name": f"广州市{name}{serial}",
        "category": rng.choice(scheme["categories"])["name"],
        "contact": rng.choice(("李雷", "欧阳·娜娜", "=张三", None)),
        "phone": rng.choice(("020-00000000", "13800000000", "+86 20 00000000", None)),
    }
    if is_project(scheme):
        who |= {"project": f"设备/购置项目{serial}", "project_code": rng.choice((f"P{serial:06d}", None))}
    return who


def score(rng: random.Random, indicator: Table, document: Table, scheme: Table, care: float) -> Table:
    """What stands in an indicator's line of the self scores."""
    points = Decimal(indicator["points"])
    if not oracle.applies(indicator, document) and rng.random() < 0.7:
        return {"self": None, "reason": None}
    if indicator.get("declared") and rng.random() < 0.25:
        return {"self": oracle.NOT_APPLICABLE, "reason": None}
    own = own_score(rng, points, oracle.computed_score(indicator, document, scheme), care)
    line = {"self": plain(own), "reason": reason(rng, own, points)}
    if oracle.nature_of(indicator, scheme) != "计分":
        line["reason"] = text(rng) if own else None
    by_rule = scheme["options"].get("blank_self") == "按计算得分" and indicator["kind"] != "judged"
    if by_rule and rng.random() < 0.3:
        line |= {"self": None, "reason": None}
    return line


def identify(who: Table, serial: int, scheme: Table) -> None:
    """Gives a department or project the number by which it differs from others; three projects are of one unit."""
    if is_project(scheme):
        unit = serial // 3
        category = scheme["categories"][unit % len(scheme["categories"])]["name"]
        who |= {"code": f"440{unit:06d}", "name": f"广州市教育局{unit}", "category": category}
        who |= {"project": f"设备/购置项目{serial}", "project_code": f"P{serial:06d}" if who["project_code"] else None}
    else:
        who |= {"code": f"440{serial:06d}", "name": who["name"].rstrip("0123456789") + str(serial)}


def random_document(rng: random.Random, scheme: Table, *, aimed: bool = False, serial: int | None = None) -> Table:
    """A document without errors for a scheme; its findings are warnings at most.

    aimed: whether facts are put at the bounds of rules, of whatever scheme. serial: see `identify`.
    """
    care = rng.choice((0.4, 0.7, 0.9, 0.97, 1.0))
    table = funds(rng, scheme, care)
    who = department(rng, scheme)
    if serial is not None:
        identify(who, serial, scheme)
    document: Table = {
        "scheme": scheme["header"]["id"],
        "year": scheme["header"]["year"],
        "department": who,
        "narrative": {row["key"]: text(rng) if rng.random() < 0.9 else None for row in scheme.get("narrative", ())},
        "funds": table,
    }
    tables = {row["table"] for row in scheme.get("columns", ())}
    if "kpis" in tables:
        document["kpis"] = kpis(rng, scheme, care)
    if "tasks" in tables:
        document["tasks"] = tasks(rng, scheme, care)
    if scheme.get("facts"):
        document["facts"] = facts(rng, scheme, table, care)
        if aimed:
            aim(rng, scheme, table, document["facts"])
    for key in oracle.bureau_facts(scheme):
        # Nobody is asked for what the bureau supplies.
        if key.startswith("funds."):
            _, row, column = key.split(".")
            table[row][column] = None
        else:
            document["facts"][key] = None
    document["scores"] = {}
    for indicator in scheme["indicators"]:
        document["scores"][indicator["code"]] = score(rng, indicator, document, scheme, care)
    _leave_out(rng, scheme, document)
    return document


def _leave_out(rng: random.Random, scheme: Table, document: Table) -> None:
    """Facts that are not asked of this department are blank, or filled all the same."""
    for key in document.get("facts", ()):
        if not oracle.fact_applies(key, document, scheme) and rng.random() < 0.8:
            document["facts"][key] = None


def make_document(seed: int, scheme: Table, *, aimed: bool = False) -> Table:
    """The document of a seed. Seeds up to a million give departments with different codes and names.

    Of a scheme for projects three in a row are of one unit.
    """
    return random_document(random.Random(seed), scheme, aimed=aimed, serial=seed % 1_000_000)


def with_blanks(document: Table, rng: random.Random) -> Table:
    """The document with some cells blank, of those that scores hang on."""
    document = deepcopy(document)
    facts = document.get("facts", {})
    for key in rng.sample(sorted(facts), min(len(facts), rng.randint(0, 4))):
        facts[key] = None
    for row in document["funds"].values():
        if rng.random() < 0.2:
            row[rng.choice(sorted(row))] = None
    rows = document.get("kpis", [])
    for row in rng.sample(rows, min(len(rows), rng.randint(0, 2))):
        row[rng.choice(("symbol", "target", "actual", "weight", "level1", "self_score"))] = None
    lines = document["scores"]
    for code in rng.sample(sorted(lines), min(len(lines), rng.randint(0, 2))):
        lines[code]["self"] = None
    if rng.random() < 0.1:
        document["department"]["category"] = None
    return document
