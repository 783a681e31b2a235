"""Random schemes that hold, as TOML text: everything that the scheme language can say, in all combinations.

`random_scheme(rng)` gives a plain table, `toml_of(table)` its text; `make_scheme(seed)` is the text of a seed. What a
bureau could think of and still pass the check is meant to come up: no facts at all or on sheets of any name, matrices
without dots in their keys, Chinese keys, seventy qualitative results, titles that no file may have, hints of thousands
of characters, bonus and penalty, vetoes, quotas, projects. Documents for a scheme: `tests.documents`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.oracle_rules import facts_of
from tests.random_facts import HINTS, RULES, SHARES, Facts

Table = dict[str, Any]

CENT = Decimal("0.01")
TITLES = (
    "年度部门整体支出绩效自评", "年度项目支出绩效自评", "年度自评/复评", "年度绩效*评价？", 'year "A" <B> | C: D\\E?',
    "年度绩效评价（试行）", "年度 & 绩效", "年度绩效" * 30, "年度绩效'自评'.", "{绩效}",
)  # fmt: skip
SHEETS = (
    "管理效率", "业务数据", "附表 1", "Management", "单位's 数据", "A1", "1—7月", "数据（一）", "甲" * 31, "R1C1",
    "TRUE", "人员、资产", "投入+产出", "三公经费", "2022",
)  # fmt: skip
CATEGORIES = ("党政机关", "事业单位", "镇街", "群团机关", "国有企业", "A/B 类", "其他（含临时机构）", "学校 & 医院")
WORDS = ("预算", "支出", "采购", "资产", "管理", "绩效", "公开", "效能", "人员", "服务", "运行成本", "Output", "投入")
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
GRADES = (
    ("优", "良", "中", "差"),
    ("A", "B", "C", "D", "E"),
    ("优秀", "良好", "合格", "不合格"),
    ("好", "不好"),
    ("通过",),
)


def cut(rng: random.Random, total: Decimal, count: int) -> list[Decimal]:
    """So many parts above 0 that add up to the total, of round numbers or to the cent."""
    steps = [Decimal(step) for step in ("5", "1", "0.5", "0.25", "0.01") if total / Decimal(step) >= count]
    step = rng.choice(steps[:3]) if rng.random() < 0.85 else rng.choice(steps)
    units = int(total / step)
    bounds = [0, *sorted(rng.sample(range(1, units), count - 1)), units]
    parts = [(high - low) * step for low, high in pairwise(bounds)]
    parts[-1] += total - units * step
    return parts


class _Maker:
    """A scheme in the making."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.table: Table = {}
        self.has_funds = rng.random() < 0.7
        categories = self._categories()
        self.categories = [row["name"] for row in categories]
        self.table |= {"header": self._header(), "evaluated": self._evaluated(), "categories": categories}
        if not self.table["evaluated"]:
            del self.table["evaluated"]
        self.facts = Facts(rng, self._sheets(), self.categories)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _header(self) -> Table:
        rng = self.rng
        year = rng.choice((2022, 2023, 2024))
        header: Table = {
            "id": rng.choice(("r", "gz-2022", "X.1_2", "7")) + f"-{rng.randint(1, 9999)}",
            "version": rng.choice(("1.0", "2", "试行")),
            "year": year,
            "title": f"{year}{rng.choice(TITLES)}",
        }
        for key, value in (
            ("results", f"{year}年度/评价结果"), ("bureau", "区财政局"), ("deadline", "2023-03-31"), ("contact", "科"),
        ):  # fmt: skip
            if self.chance(0.5):
                header[key] = value
        return header

    def _evaluated(self) -> Table:
        rng = self.rng
        found: Table = {}
        if self.chance(0.35):
            found["kind"] = "project"
        if self.chance(0.3):
            found["noun"] = rng.choice(("单位", "任务", "学校"))
        for key, value in (
            ("code_label", "预算单位编码"), ("name_label", "主管部门"), ("category_label", "单位性质"),
            ("project_label", "任务名称"), ("project_code_label", "任务编码"), ("funds_title", "资金/情况"),
        ):  # fmt: skip
            if self.chance(0.25):
                found[key] = value
        if self.chance(0.3):
            found["funds_sheet"] = rng.choice(("资金情况", "预算'执行", "管理效率"))
        return found

    def _categories(self) -> list[Table]:
        rng = self.rng
        if self.chance(0.1):
            return [{"name": f"第{n}类部门（{rng.choice(CATEGORIES)}）"} for n in range(1, rng.randint(20, 60))]
        return [{"name": name} for name in rng.sample(CATEGORIES, rng.randint(1, 4))]

    def _sheets(self) -> list[str]:
        funds_sheet = self.table.get("evaluated", {}).get("funds_sheet", "收支情况")
        others = [name for name in SHEETS if name != funds_sheet]
        sheets = self.rng.sample(others, self.rng.choice((0, 1, 1, 1, 2, 3)))
        if self.chance(0.6 if self.has_funds else 0.3):
            sheets.append(funds_sheet)
        return sheets

    # Tables

    def options(self) -> None:
        rng = self.rng
        # A file that says nothing new is read as one of the first format, which had no negative targets.
        options: Table = {"negative_targets": self.chance(0.8)}
        for key, share in (("floor_on", 0.25), ("penalty_on", 0.25), ("five_grades", 0.25), ("over_full", 0.4)):
            if self.chance(share):
                options[key] = True
        if "floor_on" in options:
            options["floor"] = rng.choice(SHARES[:7])
        if "penalty_on" in options:
            options |= {
                "penalty_from": Decimal(rng.choice(("0.2", "0.3", "0.5"))),
                "penalty": Decimal(rng.choice(("2", "0.5", "0"))),
            }
        if self.chance(0.3):
            options["blank_self"] = "按计算得分"
        if self.chance(0.5):
            options |= {"kpi_rows": rng.randint(12, 30), "task_rows": rng.randint(3, 8)}
        self.table["options"] = options
        if self.chance(0.3):
            self.table["thresholds"] = {
                "near_grade": Decimal(rng.choice(("0", "0.5", "1.25"))), "low_rate": rng.choice(SHARES[:7]),
                "budget_change": Decimal("0.2"), "completion_gap": Decimal(3),
            }  # fmt: skip

    def funds(self) -> None:
        rng = self.rng
        if not self.has_funds:
            return
        names = rng.choice(
            (("total", "basic", "project"), ("all", "finance", "carried", "other"), ("合计", "财政拨款", "其他资金"))
        )
        parts = names[1 : rng.randint(2, len(names))]
        rows = [{"key": names[0], "label": "年度资金总额", "role": "合计"}]
        rows += [{"key": key, "label": f"其中：{key}", "role": "分项"} for key in parts]
        for row in rows[1:] if self.chance(0.5) else rows:
            if self.chance(0.5):
                row["initial_required"] = False
        if self.chance(0.2):
            rng.shuffle(rows)
        self.table["funds"] = rows
        columns = ["initial", "adjusted", "spent"]
        if self.chance(0.4):
            extra = rng.sample(["frozen", "expected", "结余"], rng.randint(0, 2))
            columns = [*(["initial"] if self.chance(0.7) else []), "adjusted", "spent", *extra]
            if self.chance(0.2):
                rng.shuffle(columns)
            labels = {"initial": "年初数", "adjusted": "全年预算数", "spent": "全年执行数"}
            self.table["fund_columns"] = [{"key": key, "label": labels.get(key, f"{key}数")} for key in columns]
        whole = names[0]
        self.facts.funds = [f"funds.{whole}.{column}" for column in columns if column != "initial"]
        if "initial" in columns and next(row for row in rows if row["role"] == "合计").get("initial_required", True):
            self.facts.funds.append(f"funds.{whole}.initial")
        self.facts.funds += [f"funds.{key}.spent" for key in parts]

    def levels(self) -> None:
        """Levels and third-level indicators with points and rules."""
        rng, levels, indicators = self.rng, [], []
        natures: list[tuple[str, Decimal]] = [("计分", part) for part in cut(rng, Decimal(100), rng.randint(1, 3))]
        natures += [("加分", Decimal(rng.choice(("5", "3", "10", "2.5"))))] if self.chance(0.35) else []
        natures += [("扣分", Decimal(rng.choice(("5", "8", "20", "1"))))] if self.chance(0.35) else []
        if self.chance(0.1):
            natures.append((rng.choice(("加分", "扣分")), Decimal(4)))
        if self.chance(0.2):
            rng.shuffle(natures)
        seconds = []
        for first, (nature, points) in enumerate(natures, 1):
            name = f"{rng.choice(WORDS)}{first}"
            levels.append({"name": name, "points": points} | ({} if nature == "计分" else {"nature": nature}))
            for second, part in enumerate(cut(rng, points, rng.randint(1, 3)), 1):
                seconds.append(
                    ({"name": f"{rng.choice(WORDS)}{first}.{second}", "points": part, "parent": name}, nature)
                )
        if self.chance(0.3):
            rng.shuffle(seconds)
        style = rng.choice(("A{:02}", "B{}", "{}", "指标{}", "1.{}"))
        for second, nature in seconds:
            levels.append(second)
            points = second["points"] if nature == "计分" else Decimal(rng.choice(("1", "2", "5", "3.5")))
            for part in cut(rng, points, min(rng.randint(1, 4), int(points * 100))):
                indicators.append(self.indicator(style.format(len(indicators) + 1), second["name"], part, nature))
        bases = {second["name"] for second, nature in seconds if nature == "计分"}
        always = next(row for row in indicators if row["level2"] in bases)
        for key in ("categories", "declared", "na"):
            always.pop(key, None)
        for fact in self.facts.rows:
            if fact["key"] in facts_of(always):
                fact.pop("categories", None)
        self.table |= {"levels": levels, "indicators": indicators}

    def indicator(self, code: str, level2: str, points: Decimal, nature: str) -> Table:
        rng = self.rng
        row: Table = {"code": code, "level2": level2, "name": f"{rng.choice(WORDS)}情况（{code}）", "points": points}
        kinds = [*RULES] if self.facts.possible else ["judged"]
        if nature != "计分":
            kinds = ["additions", "additions", "judged", *kinds] if self.facts.possible else ["judged"]
        elif self.wants_kpis:
            kinds += ["kpi"] * 3
        row["kind"] = rng.choice(kinds)
        if self.chance(0.2):
            row["categories"] = rng.sample(self.categories, rng.randint(1, min(3, len(self.categories))))
        known, derived = len(self.facts.rows), len(self.facts.derived)
        if row["kind"] in RULES and (settings := RULES[row["kind"]](self.facts, points)):
            row["settings"] = settings
        if row.get("categories") and len(self.facts.derived) == derived and self.chance(0.4):
            # Facts that only this indicator needs are asked only of those whom it concerns.
            for fact in self.facts.rows[known:]:
                fact["categories"] = row["categories"]
        if self.chance(0.4):
            row["standard"] = rng.choice(
                (
                    "满分 {points} 分",
                    "按 {points} 分计，{{括号}}",
                    "达到 90% 得满分，每低一个百分点扣 0.2 分",
                    "见通知\n第二条",
                    "按规定" * 120,
                )
            )
        if self.chance(0.15):
            row["declared"] = True
        if (row.get("categories") or row.get("declared")) and self.chance(0.6):
            row["na"] = rng.choice(("满分", "折算"))
        return row

    @property
    def wants_kpis(self) -> bool:
        return bool(self.table["kpi_wish"])

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

    def narrative(self) -> None:
        keys = ("duties", "work", "问题", "n_1")[: self.rng.randint(0, 4)]
        self.table["narrative"] = [{"key": key, "label": f"{key}说明", "hint": self.rng.choice(HINTS)} for key in keys]

    def information(self) -> None:
        """Facts that no rule uses, texts, and facts of some categories only."""
        rng, facts = self.rng, self.facts
        if not facts.possible:
            return
        for _ in range(rng.choice((0, 0, 1, 2))):
            facts.matrix()
        for kind in rng.sample(("text", "text", "number", "percent", "yes_no", "count"), rng.randint(0, 3)):
            facts.add(kind)
        if self.chance(0.3):
            facts.add("count", categories=rng.sample(self.categories, 1))
        if self.chance(0.3):
            facts.derive()

    def made(self) -> Table:
        self.table["kpi_wish"] = self.chance(0.7)
        self.options()
        self.funds()
        if self.facts.possible and self.chance(0.4):
            self.facts.matrix()
        self.levels()
        self.kpis()
        self.grades()
        self.caps()
        self.quotas()
        self.narrative()
        self.information()
        facts, derived = self.facts.rows, self.facts.derived
        if self.chance(0.7):
            # Sheet by sheet and section by section; else as a clerk adds lines at the end.
            facts.sort(key=lambda row: (row["sheet"], row["section"]))
        self.table |= {"facts": facts, "derived": derived}
        return {key: rows for key, rows in self.table.items() if rows or key in ("header", "options")}


def random_scheme(rng: random.Random) -> Table:
    """A scheme that holds, as plain tables."""
    return _Maker(rng).made()


def make_scheme(seed: int) -> str:
    """The scheme of a seed, as TOML."""
    return toml_of(random_scheme(random.Random(seed)))


def schemes() -> st.SearchStrategy[str]:
    """Schemes that hold, as TOML; what Hypothesis shrinks are the choices of the maker."""
    return st.randoms(use_true_random=False).map(lambda rng: toml_of(random_scheme(rng)))


# TOML


def toml_of(table: Table) -> str:
    """Plain tables as TOML."""
    parts = []
    for key, value in table.items():
        for row in value if isinstance(value, list) else [value]:
            lines = [f"[[{key}]]" if isinstance(value, list) else f"[{key}]"]
            for name, content in row.items():
                if isinstance(content, dict):
                    lines += [f"{name}.{part} = {_literal(inner)}" for part, inner in content.items()]
                else:
                    lines.append(f"{name} = {_literal(content)}")
            parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, int | Decimal):
        return format(Decimal(value), "f")
    return json.dumps(value, ensure_ascii=False)
