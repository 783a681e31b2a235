"""What follows from the totals in random schemes: grades, caps and vetoes, quotas. See `tests.random_schemes`."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from tests.random_facts import SHARES, Facts

Table = dict[str, Any]

GRADES = (
    ("优", "良", "中", "差"),
    ("A", "B", "C", "D", "E"),
    ("优秀", "良好", "合格", "不合格"),
    ("好", "不好"),
    ("通过",),
)


class OutcomeMaker:
    """The part of the maker of schemes that comes after points and rules."""

    rng: random.Random
    table: Table
    facts: Facts
    categories: list[str]
    has_funds: bool

    def chance(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self.rng.random() < share

    def grades(self) -> None:
        rng = self.rng
        rows: list[Table] = []
        for set_, share in (("四档", 1.0), ("五档", 1.0 if self.table["options"].get("five_grades") else 0.3)):
            if not self.chance(share):
                continue
            names = rng.choice(GRADES)
            special = rng.sample(self.categories, min(len(self.categories), rng.choice((0, 0, 1, 2))))
            for category in ["", *special]:
                floors = sorted(rng.sample(range(20, 98), len(names) - 1), reverse=True)
                values = [Decimal(floor) + Decimal(rng.choice(("0", "0", "0.5", "0.01"))) for floor in floors]
                for name, floor in zip(names, [*values, Decimal(0)], strict=True):
                    rows.append(
                        {"set": set_, "name": name, "floor": floor} | ({"category": category} if category else {})
                    )
        self.table["grades"] = rows

    @property
    def grade_names(self) -> list[str]:
        chosen = "五档" if self.table["options"].get("five_grades") else "四档"
        return list(dict.fromkeys(row["name"] for row in self.table["grades"] if row["set"] == chosen))

    def caps(self) -> None:
        """Caps and vetoes on anything that is a number or an answer, and the name of the spending rate."""
        rng, facts = self.rng, self.facts
        rates = [row["key"] for row in facts.derived if row.get("percent", True) and row.get("denominator")]
        named = bool(rates) and self.chance(0.3)
        if named:
            self.table.setdefault("evaluated", {})["spending_rate"] = rng.choice(rates)
        if not self.chance(0.6):
            return
        rows = []
        for _ in range(rng.choice((1, 1, 2, 3, 5))):
            row = self._cap(spending=named or self.has_funds)
            if row is None:
                continue
            if self.chance(0.6):
                row["cap"] = Decimal(rng.choice(("89", "79.5", "59", "0", "60")))
            if "cap" not in row or self.chance(0.4):
                row["grade"] = rng.choice(self.grade_names)
            if self.chance(0.7):
                row["words"] = rng.choice(("一票否决", "重大违规，最高 60 分", "弄虚作假"))
            rows.append(row)
        if rows:
            self.table["caps"] = rows
            self.table["options"]["caps_on"] = self.chance(0.9)

    def _cap(self, *, spending: bool) -> Table | None:
        rng, facts = self.rng, self.facts
        signs = ("<", "≤", ">", "≥", "=")
        if spending and self.chance(0.5):
            return {"sign": rng.choice(signs[:4]), "value": str(rng.choice(SHARES[:7]))}
        if not facts.possible:
            return None
        if self.chance(0.3):
            return {"fact": facts.of("yes_no", fresh=0.5), "sign": "=", "value": rng.choice(("是", "否"))}
        if self.chance(0.5):
            return {
                "fact": facts.of("count"),
                "sign": rng.choice((">", "≥", "=")),
                "value": rng.choice(("0", "1", "2")),
            }
        if facts.derived and self.chance(0.6):
            key = rng.choice(facts.derived)["key"]
            return {"fact": key, "sign": rng.choice(signs), "value": str(facts.bound({"value": key}))}
        key = facts.of("percent", "number", "money")
        return {"fact": key, "sign": rng.choice(signs), "value": str(facts.bound({"value": key}))}

    def quotas(self) -> None:
        rng = self.rng
        names = self.grade_names[:-1]
        if not names or not self.chance(0.4):
            return
        rows = []
        for name in names[: rng.choice((1, 1, 2))]:
            row: Table = {"grade": name, "share": rng.choice(SHARES[:7])}
            for key, values in (
                ("scope", ("每类", "全部")),
                ("rounding", ("舍去", "进位", "四舍五入")),
                ("ties", ("下调", "保留")),
            ):
                if self.chance(0.6):
                    row[key] = rng.choice(values)
            rows.append(row)
        self.table["quotas"] = rows
