"""Random schemes that hold, as TOML text: everything that the scheme language can say, in all combinations.

`random_scheme(rng)` gives a plain table, `toml_of(table)` its text; `make_scheme(seed)` is the text of a seed. What a
bureau could think of and still pass the check is meant to come up: no facts at all or on sheets of any name, matrices
without dots in their keys, Chinese keys, seventy qualitative results, titles that no file may have, hints of thousands
of characters, bonus and penalty, vetoes, quotas, projects. Documents for a scheme: `tests.documents`.
"""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.oracle_rules import facts_of
from tests.random_facts import HINTS, RULES, SHARES, Facts
from tests.random_kpis import KpiMaker
from tests.toml_text import toml_of

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


def cut(rng: random.Random, total: Decimal, count: int) -> list[Decimal]:
    """So many parts above 0 that add up to the total, of round numbers or to the cent."""
    steps = [Decimal(step) for step in ("5", "1", "0.5", "0.25", "0.01") if total / Decimal(step) >= count]
    step = rng.choice(steps[:3]) if rng.random() < 0.85 else rng.choice(steps)
    units = int(total / step)
    bounds = [0, *sorted(rng.sample(range(1, units), count - 1)), units]
    parts = [(high - low) * step for low, high in pairwise(bounds)]
    parts[-1] += total - units * step
    return parts


class _Maker(KpiMaker):
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

    def sources(self) -> None:
        """What the bureau supplies: some facts, cells and columns of the funds table. Last, so that all else stays."""
        rng = self.rng
        if not self.chance(0.35):
            return
        own = [row for row in self.table["facts"] if row["type"] != "text"]
        for row in rng.sample(own, min(len(own), rng.randint(0, 3))):
            row["source"] = "财政"
        for row in self.table.get("funds", ()):
            if self.chance(0.2):
                row["bureau"] = rng.sample(["adjusted", "spent"], rng.randint(1, 2))
        for row in self.table.get("fund_columns", ()):
            if self.chance(0.15):
                row["source"] = "财政"
        if self.chance(0.7):
            self.table["options"]["pending"] = rng.choice(("不计", "0分", "满分"))

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
        self.sources()
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
