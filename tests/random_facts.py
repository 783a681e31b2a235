"""Facts, derived facts and rules of random schemes: the parts of `tests.random_schemes` that ask for numbers.

A rule takes facts that are there, or adds those that it needs, so that most schemes share facts between rules.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

Table = dict[str, Any]

SHARES = tuple(Decimal(text) for text in ("0.3", "0.5", "0.6", "0.7", "0.75", "0.8", "0.9", "0.15", "1", "0.125"))
"""Where bounds lie; those at which `tests.values.part` aims are among them."""
NUMBERS = ("money", "count", "percent", "number")
LABELS = (
    "在职人数", "编制数", "应办件数", "按期办结数", "采购金额", "结转结余", "人员经费", "公用经费", "“三公”经费",
    "培训场次", "满意度", "单位能耗", "信息化投入", "A&B <1>", "上年数", "本年数", "问题数", "整改数", "{{说明}}",
)  # fmt: skip
KEYS = ("fact", "在职人数", "三公.预算", "a_1", "X", "经费.本年.实际", "total.spent", "c1", "办结数_2", "value")
HINTS = ("", "没有填 0", "万元", "按决算报表填列；" * 40, "第一行\n第二行", "{{不是占位符}}", "低于 90% 的说明")


class Facts:
    """The facts and derived facts of a scheme that is being made."""

    def __init__(self, rng: random.Random, sheets: Sequence[str], categories: Sequence[str]) -> None:
        self.rng = rng
        self.sheets = sheets
        self.categories = categories
        self.rows: list[Table] = []
        self.derived: list[Table] = []
        self.funds: list[str] = []
        self.taken: set[str] = set()
        self.sections: dict[str, list[str]] = {sheet: self._sections() for sheet in sheets}

    def _sections(self) -> list[str]:
        return [
            f"{name}{n or ''}"
            for n, name in enumerate(("基本数据", "业务情况", "部门整体收支", "其他")[: self.rng.randint(1, 4)])
        ]

    @property
    def possible(self) -> bool:
        """Whether there is a sheet for facts."""
        return bool(self.sheets)

    def key(self) -> str:
        """A key that no fact has."""
        rng = self.rng
        for _ in range(50):
            key = rng.choice(KEYS)
            if rng.random() < 0.8:
                key += str(rng.randint(1, 99))
            if key.casefold() not in self.taken:
                break
        else:
            key = f"f{len(self.taken)}"
        self.taken.add(key.casefold())
        return key

    def place(self) -> Table:
        """A sheet and a section of it."""
        sheet = self.rng.choice(list(self.sheets))
        return {"sheet": sheet, "section": self.rng.choice(self.sections[sheet])}

    def label(self) -> str:
        return f"{self.rng.choice(LABELS)}{len(self.rows) + len(self.derived) + 1}"

    def add(self, kind: str, **given: Any) -> str:
        """A new fact of a type."""
        rng = self.rng
        row: Table = {"key": self.key(), "label": self.label(), "type": kind} | self.place()
        if kind in NUMBERS and rng.random() < 0.1:
            row["unit"] = rng.choice(("人", "元/人", "次/年", "千米"))
        if kind in ("money", "number", "percent") and rng.random() < 0.15:
            row["negative"] = True
        if rng.random() < 0.3:
            row["hint"] = rng.choice(HINTS)
        if kind == "text":
            row["required"] = rng.random() < 0.3
        row |= given
        self.rows.append(row)
        return str(row["key"])

    def matrix(self) -> None:
        """Facts of one type in rows and columns of a section of their own; their keys with dots or without."""
        rng = self.rng
        place = {"sheet": rng.choice(list(self.sheets)), "section": f"表{len(self.rows)}"}
        kind, dotted = rng.choice(("money", "money", "count", "number", "percent")), rng.random() < 0.5
        name = f"m{len(self.rows)}"
        rows, columns = rng.randint(1, 4), rng.randint(1, 3)
        holes = rng.random() < 0.2
        for row in range(rows):
            for column in range(columns):
                if holes and row and column and rng.random() < 0.5:
                    continue
                key = f"{name}行{row}.列{column}" if dotted else f"{name}_{row}_{column}"
                self.taken.add(key.casefold())
                self.rows.append(
                    {"key": key, "label": f"{name} 第{row}行第{column}列", "type": kind, "row_label": f"第{row}行"}
                    | {"column_label": f"第{column}列"} | place
                )  # fmt: skip

    def of(self, *kinds: str, fresh: float = 0.35, derived: bool = False) -> str:
        """The key of a fact of one of these types; `fresh` is how often a new one is added where others are there."""
        known = [row["key"] for row in self.rows if row["type"] in kinds and not row.get("categories")]
        if "money" in kinds:
            known += self.funds
        if derived:
            known += [row["key"] for row in self.derived]
        if known and self.rng.random() >= fresh:
            return str(self.rng.choice(known))
        return self.add(self.rng.choice(kinds))

    def some(self, *kinds: str, most: int = 3, derived: bool = False) -> list[str]:
        """One to `most` different facts."""
        count = self.rng.choice((1, 1, 1, self.rng.randint(1, most)))
        return list(dict.fromkeys(self.of(*kinds, derived=derived) for _ in range(count)))

    def part_and_whole(self) -> tuple[str, str]:
        """A fact that is part of another."""
        kind = self.rng.choice(("money", "count", "count", "number"))
        whole = self.add(kind, negative=False)
        return self.add(kind, part_of=whole, negative=False), whole

    def derive(self) -> str:
        """A new derived fact: a change, a share, a cost a head, a difference, or one of other derived facts."""
        rng = self.rng
        row: Table = {
            "key": self.key(),
            "label": f"{rng.choice(('变动率', '结转结余率', '人均费用', '差额', '控制率'))}{len(self.derived)}",
        }
        place = self.place()
        if rng.random() < 0.2:
            place["section"] = f"计算{len(self.derived)}"
        form = rng.choice(("change", "change", "share", "share", "head", "difference", "of derived", "of derived"))
        if form == "of derived" and not self.derived:
            self.derive()
        kinds = ("money", "count", "number")
        if form == "of derived":
            other = rng.choice(self.derived)
            third = self.of("percent") if other.get("percent", True) else self.of(*kinds)
            row |= rng.choice(
                ({"numerator": [other["key"], f"-{third}"]}, {"numerator": [third], "denominator": [other["key"]]})
            )
            row["percent"] = bool(other.get("percent", True)) or "denominator" in row
        elif form == "share":
            row |= {"numerator": self.some(*kinds), "denominator": self.some(*kinds)}
        elif form == "head":
            row |= {"numerator": [self.of("money")], "denominator": [self.of("count")]}
            row |= {"percent": False, "factor": Decimal(rng.choice((10000, 1, "0.5", -1))), "unit": "元/人"}
        elif form == "difference":
            first, second = self.of(*kinds), self.of(*kinds)
            row |= {"numerator": [first, f"-{second}"] if first != second else [first], "percent": False}
        else:
            first, second = self.of(*kinds), self.of(*kinds)
            row |= {"numerator": [first, f"-{second}"] if first != second else [first], "denominator": [second]}
        if rng.random() < 0.25:
            row["absolute"] = True
        if rng.random() < 0.3:
            row["hint"] = rng.choice(HINTS)
        self.derived.append(row | place)
        return str(row["key"])

    # What rules score

    def rate(self) -> Table:
        """The settings that say what number is scored."""
        rng = self.rng
        draw = rng.random()
        settings: Table = {"na": "满分"} if rng.random() < 0.5 else {}
        if draw < 0.35:
            part, whole = self.part_and_whole()
            return settings | {"numerator": [part], "denominator": [whole]}
        if draw < 0.6:
            kinds = ("money", "count", "number")
            return settings | {
                "numerator": self.some(*kinds, derived=rng.random() < 0.2),
                "denominator": self.some(*kinds),
            }
        if draw < 0.85:
            known = [row["key"] for row in self.derived]
            return settings | {"value": rng.choice(known) if known and rng.random() < 0.5 else self.derive()}
        return settings | {"value": self.of("percent", "number")}

    def is_rate(self, settings: Table) -> bool:
        """Whether what the settings score is a rate."""
        key = settings.get("value")
        if not key:
            return True
        for row in self.derived:
            if row["key"] == key:
                return bool(row.get("percent", True))
        return any(row["key"] == key and row["type"] == "percent" for row in self.rows)

    def bound(self, settings: Table) -> Decimal:
        """A bound for what the settings score."""
        rng = self.rng
        if self.is_rate(settings):
            return rng.choice(SHARES) * rng.choice((1, 1, 1, -1))
        return Decimal(rng.choice((1, 5, 10, 100, 1000, "2.5", -5)))


def worths(rng: random.Random, points: Decimal, count: int) -> list[Decimal]:
    """Points that fall from the full ones, each above 0."""
    return [
        points,
        *(
            points * (count - place) / (count + 1) if count in (1, 3, 4, 7) else points / 2**place
            for place in range(1, count)
        ),
    ]


def ratio(facts: Facts, points: Decimal) -> Table:
    settings = facts.rate()
    target = abs(facts.bound(settings)) if facts.rng.random() < 0.5 or not facts.is_rate(settings) else None
    return settings | ({} if target is None else {"target": target})


def tiers(facts: Facts, points: Decimal) -> Table:
    rng, settings = facts.rng, facts.rate()
    bounds = sorted({facts.bound(settings) for _ in range(rng.randint(1, 6))}, reverse=True)
    if rng.random() < 0.5:
        settings["toward"] = "越低越好"
        bounds.reverse()
    elif rng.random() < 0.5:
        settings["toward"] = "越高越好"
    if rng.random() < 0.6:
        settings["closed"] = rng.choice(("含本数", "不含本数"))
    rows = [[bound, worth] for bound, worth in zip(bounds, worths(rng, points, len(bounds)), strict=True)]
    if rng.random() < 0.3:
        rng.shuffle(rows)
    return settings | {"tiers": rows}


def deviation(facts: Facts, points: Decimal) -> Table:
    rng, settings = facts.rng, facts.rate()
    settings["per_point"] = Decimal(rng.choice(("0.1", "0.2", "0.5", "1", "0.25")))
    if rng.random() < 0.7:
        settings["free"] = Decimal(rng.choice(("0", "0.05", "0.1", "0.2"))) * (1 if facts.is_rate(settings) else 10)
    if rng.random() < 0.5:
        settings["target"] = facts.bound(settings)
    if rng.random() < 0.7:
        settings["side"] = rng.choice(("高于", "低于", "两边"))
    if rng.random() < 0.7:
        settings["step"] = rng.choice(("按比例", "不足一个不计", "不足一个按一个计"))
    return settings


def limit(facts: Facts, points: Decimal) -> Table:
    rng = facts.rng
    settings: Table = {"side": rng.choice(("不高于", "不低于"))}
    if rng.random() < 0.4:
        settings["na"] = "满分"
    kinds = rng.choice((("money",), ("count",), ("percent",), ("money", "number")))
    settings["value"] = [facts.derive()] if rng.random() < 0.3 else facts.some(*kinds, derived=rng.random() < 0.2)
    if rng.random() < 0.4:
        settings["fixed"] = rng.choice((Decimal(0), facts.bound({"value": settings["value"][0]})))
    else:
        settings["bound"] = facts.some(*kinds)
    return settings


def deductions(facts: Facts, points: Decimal) -> Table:
    rng = facts.rng
    settings: Table = {"items": [[key, Decimal(rng.choice(("0.5", "1", "0.25", "2")))] for key in facts.some("count")]}
    if rng.random() < 0.4:
        settings["fatal"] = facts.some("count", most=2)
    return settings


def additions(facts: Facts, points: Decimal) -> Table:
    rng = facts.rng
    return {
        "items": [[key, Decimal(rng.choice(("0.5", "1", "0.3", "2")))] for key in facts.some("count", "number", most=4)]
    }


def checklist(facts: Facts, points: Decimal) -> Table:
    keys = list(dict.fromkeys(facts.of("yes_no", fresh=0.7) for _ in range(facts.rng.choice((1, 2, 2, 4, 5)))))
    each = (points / len(keys)).quantize(Decimal("0.01"))
    return {"items": [[key, each] for key in keys[:-1]] + [[keys[-1], points - each * (len(keys) - 1)]]}


def judged(facts: Facts, points: Decimal) -> Table:
    return {}


RULES: dict[str, Callable[[Facts, Decimal], Table]] = {
    "ratio": ratio,
    "tiers": tiers,
    "deviation": deviation,
    "limit": limit,
    "deductions": deductions,
    "additions": additions,
    "checklist": checklist,
    "judged": judged,
}
