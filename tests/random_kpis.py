"""The open tables of random schemes: KPIs with their symbols and results, tasks. See `tests.random_schemes`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.random_facts import HINTS
from tests.random_outcomes import OutcomeMaker

Table = dict[str, Any]

RESULTS = ("达成预期", "基本达成", "部分达成且有一定效果", "未达成", "A+", "一般*", "较好？", "~好", "很好 ")
KPI_KINDS = ("产出指标", "效益指标", "满意度指标", "成本", "数量 指标", "Outcome", "效果（社会）")
KPI_TYPES = {
    "level1": "choice", "level2": "choice", "name": "text", "symbol": "choice", "target": "value", "unit": "text",
    "actual": "value", "weight": "points", "self_score": "points", "reason": "text", "evidence": "text",
}  # fmt: skip
TASK_TYPES = {"name": "text", "budget": "money", "spent": "money", "result": "text", "reason": "text"}
MAY_BE_BLANK = ("unit", "weight", "self_score", "reason", "evidence", "result")
SYMBOLS = (
    ("≥", "at_least"), (">", "at_least"), ("=", "equal"), ("≤", "at_most"), ("<", "at_most"), ("定性", "qualitative"),
    ("*", "at_least"), ("不超过", "at_most"), ("~", "equal"), ("评", "qualitative"),
)  # fmt: skip


class KpiMaker(OutcomeMaker):
    """The part of the maker of schemes that knows the open tables."""

    def kpis(self) -> None:
        """First levels of KPIs for the indicators that count them, and what the table needs."""
        rng = self.rng
        counting = [row for row in self.table["indicators"] if row["kind"] == "kpi"]
        for row in counting[4:]:
            # More than four tables within the table are no longer a form that anyone fills.
            row["kind"] = "judged"
        counting = counting[:4]
        del self.table["kpi_wish"]
        if counting:
            kinds = rng.sample(KPI_KINDS, rng.randint(len(counting), min(len(KPI_KINDS), 2 * len(counting))))
            for place, kind in enumerate(kinds):
                row = counting[place % len(counting)]
                row.setdefault("settings", {"levels": []})["levels"].append(kind)
            levels = [{"level1": kind, "level2": f"{kind}之{n}"} for kind in kinds for n in range(1, rng.randint(2, 4))]
            self.table["kpi_levels"] = levels
        columns = self._columns("kpis", KPI_TYPES) if counting else []
        if self.chance(0.6):
            columns += self._columns("tasks", TASK_TYPES)
        self.table["columns"] = columns
        if counting:
            self._symbols()

    def _columns(self, table: str, types: Mapping[str, str]) -> list[Table]:
        rng = self.rng
        keys = list(types)
        if self.chance(0.15):
            rng.shuffle(keys)
        rows = []
        for key in keys:
            row: Table = {"table": table, "key": key, "label": f"{key}列", "type": types[key]}
            if key in MAY_BE_BLANK and self.chance(0.8):
                row["required"] = False
            if self.chance(0.2):
                row |= {"width": rng.randint(6, 40), "hint": rng.choice(HINTS)}
            rows.append(row)
        return rows

    def _symbols(self) -> None:
        rng = self.rng
        chosen = rng.sample(SYMBOLS, rng.randint(1, len(SYMBOLS)))
        self.table["symbols"] = [{"symbol": symbol, "direction": direction} for symbol, direction in chosen]
        if self.chance(0.3):
            self.table["symbols"][0]["aliases"] = ["另一写法", "或者"]
        if self.chance(0.08):
            shares = [{"label": f"结果{n}", "share": Decimal(70 - n) / 100} for n in range(70)]
        else:
            results = rng.sample(RESULTS, rng.randint(1, 5))
            tops = sorted(rng.sample([Decimal(n) / 20 for n in range(21)], len(results)), reverse=True)
            shares = [{"label": label.strip(), "share": top} for label, top in zip(results, tops, strict=True)]
        if self.chance(0.5):
            for row, below in zip(shares, [*shares[1:], {"share": Decimal(0)}], strict=True):
                if self.chance(0.8):
                    row["low"] = below["share"]
        if any(row["direction"] == "qualitative" for row in self.table["symbols"]) or self.chance(0.5):
            self.table["shares"] = shares
