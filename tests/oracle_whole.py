"""What documents of the whole run have to say, worked out of run.json again, in fractions and another way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

from perfxl.scheme.model import BASE, Scheme
from perfxl.scoring.result import DepartmentResult

Json = Mapping[str, Any]
Rows = list[list[str]]
DASH = "—"


def shown(value: Fraction | str | None, places: int = 2) -> str:
    """Rounded half away from zero."""
    if value is None:
        return DASH
    exact = Fraction(value)
    whole = (2 * abs(exact) * 10**places + 1) // 2
    sign = "-" if exact < 0 and whole else ""
    return f"{sign}{whole // 10**places}.{whole % 10**places:0{places}d}"


def signed(value: Fraction) -> str:
    text = shown(value)
    return f"+{text}" if value > 0 and text != "0.00" else text


def rate(part: Fraction, whole: Fraction) -> str:
    """A share as a percentage, without places where it is whole."""
    if not whole:
        return DASH
    return f"{shown(part / whole * 100)}%".replace(".00%", "%")


def mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


class Whole:
    """A scheme of a run. departments: in full, for their money alone."""

    def __init__(self, document: Json, scheme: Scheme, departments: Iterable[DepartmentResult]) -> None:
        self.scheme = scheme
        own = [one for one in document["departments"] if one["scheme"] in ("", scheme.id)]
        self.sent = [one for one in own if one["file"]]
        self.missing = [one for one in own if not one["file"]]
        self.ranked = sorted((one for one in self.sent if one["rank"]), key=lambda one: one["rank"])
        self.returned = [one for one in self.sent if one["status"] == "returned"]
        self.reviewed = [one for one in self.sent if one["review"] and one["review"]["status"] != "未复核"]
        files = {one["file"] for one in self.sent}
        self.findings = [
            one for one in document["findings"] if one["file"] in files and one["severity"] in ("error", "warning")
        ]
        self.money = {one.file: one for one in departments}
        self.document = document

    @staticmethod
    def name(one: Json) -> str:
        return str(one["project"] or one["name"])

    @staticmethod
    def category(one: Json) -> str:
        return str(one["category"]).translate(str.maketrans("*?~", "＊？～")) or "未分类"

    @staticmethod
    def totals(rows: Iterable[Json], key: str = "total") -> list[Fraction]:
        return [Fraction(one[key]) for one in rows]

    @property
    def categories(self) -> list[str]:
        there = {self.category(one) for one in (*self.sent, *self.missing)}
        return [one.name for one in self.scheme.categories if one.name in there]

    def figures(self) -> list[str]:
        """Figures that stand in the sentences on scores."""
        totals = self.totals(self.ranked)
        if len(totals) < 2:
            return [f"{shown(total)} 分" for total in totals]
        ends = [max(totals), min(totals)] if max(totals) != min(totals) else []
        return [f"{len(totals)} 个", *(f"{shown(one)} 分" for one in (mean(totals), median(totals), *ends))]

    def grades(self) -> Rows:
        names = [band.name for band in self.scheme.grade_bands]
        for bands in self.scheme.own_bands.values():
            names += [band.name for band in bands if band.name not in names]
        whole = Fraction(len(self.ranked))
        counts = {name: sum(one["grade"] == name for one in self.ranked) for name in names}
        return [[name, str(count), rate(Fraction(count), whole)] for name, count in counts.items()] if whole else []

    def by_category(self, rostered: bool) -> Rows:
        found = []
        for name in self.categories:
            ranked = [one for one in self.ranked if self.category(one) == name]
            totals = self.totals(ranked)
            grades = [f"{row[0]} {n}" for row in self.grades() if (n := sum(one["grade"] == row[0] for one in ranked))]
            found.append([
                name, str(sum(self.category(one) == name for one in self.sent)),
                str(sum(self.category(one) == name for one in self.missing)) if rostered else DASH, str(len(ranked)),
                shown(mean(totals)), shown(max(totals, default=None)), shown(min(totals, default=None)),
                shown(mean(self.totals(ranked, "self_total"))), "、".join(grades) or DASH,
            ])  # fmt: skip
        return found if len(found) > 1 else []

    def _scores(self) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = defaultdict(list)
        for one in self.ranked:
            for score in one["scores"]:
                if score.get("applies", True):
                    found[score["indicator"]].append(score)
        return found

    @staticmethod
    def lost(score: Json) -> Fraction:
        nature = score.get("nature", BASE)
        if nature == "扣分":
            return Fraction(score["score"])
        return Fraction(score["points"]) - Fraction(score["score"]) if nature == BASE else Fraction(0)

    def levels(self) -> Rows:
        found = []
        for level in self.scheme.base_levels:
            codes = {item.code for item in self.scheme.indicators if item.level2 == level.name}
            groups = [
                [score for score in one["scores"] if score["indicator"] in codes and score.get("applies", True)]
                for one in self.ranked
            ]
            groups = [group for group in groups if sum(Fraction(score["points"]) for score in group)]
            if groups:
                scores = [score for group in groups for score in group]
                whole = sum((Fraction(score["score"]) for score in scores), Fraction(0))
                points = sum((Fraction(score["points"]) for score in scores), Fraction(0))
                losing = sum(any(self.lost(score) for score in group) for group in groups)
                found.append([level.parent, level.name, f"{level.points.normalize():f}", shown(whole / len(groups)),
                              rate(whole, points), str(losing)])  # fmt: skip
        return found

    def indicators(self) -> dict[str, list[str]]:
        """By code: name, points, mean, rate, how many lose, share of these, points lost."""
        scores, found = self._scores(), {}
        for item in self.scheme.indicators:
            if own := scores.get(item.code):
                whole = sum((Fraction(one["score"]) for one in own), Fraction(0))
                points = sum((Fraction(one["points"]) for one in own), Fraction(0))
                losing = sum(self.lost(one) > 0 for one in own)
                name = item.name if item.nature == BASE or item.nature in item.name else f"{item.name}（{item.nature}）"
                found[item.code] = [
                    name, f"{item.points.normalize():f}", shown(whole / len(own)),
                    rate(whole, points) if item.nature == BASE else "", str(losing),
                    rate(Fraction(losing), Fraction(len(own))), shown(sum(map(self.lost, own), Fraction(0))),
                ]  # fmt: skip
        return found

    def lowest(self) -> list[tuple[str, Fraction]]:
        """Names and rates of what makes up the hundred and loses points."""
        found = []
        for code, own in self._scores().items():
            if own[0].get("nature", BASE) == BASE and any(map(self.lost, own)):
                whole = sum((Fraction(one["score"]) for one in own), Fraction(0))
                points = sum((Fraction(one["points"]) for one in own), Fraction(0))
                found.append((self.scheme.indicator_by_code[code].name, whole / points))
        return found

    def problems(self) -> dict[str, tuple[int, int]]:
        codes = {one["code"] for one in self.findings}
        of: Callable[[str], list[Json]] = lambda code: [one for one in self.findings if one["code"] == code]  # noqa: E731
        return {code: (len(of(code)), len({one["file"] for one in of(code)})) for code in codes}

    def near(self) -> list[str]:
        return [self.name(one) for one in self.ranked if one["near_threshold"]]

    def over(self, one: Json) -> Fraction:
        return Fraction(one["self_total"]) - Fraction(one["total"])

    def flag(self, one: Json) -> str:
        bounds = self.scheme.thresholds
        if one not in self.reviewed or self.over(one) <= bounds.review_watch:
            return ""
        return "通报" if self.over(one) > bounds.review_report else "关注"

    def gaps(self) -> Rows:
        rows = [one for one in self.ranked if self.over(one) > self.scheme.thresholds.review_watch]
        rows.sort(key=self.over, reverse=True)
        return [
            [self.name(one), self.category(one), shown(one["self_total"]), shown(one["total"]), signed(self.over(one)),
             one["review"]["status"] if one["review"] else DASH, self.flag(one)]
            for one in rows
        ]  # fmt: skip

    def reviews(self) -> Rows:
        rows = sorted(self.reviewed, key=self.over, reverse=True)
        return [
            [self.name(one), one["review"]["status"], shown(one["self_total"]), shown(one["review"]["total_before"]),
             shown(one["total"]), signed(Fraction(one["total"]) - Fraction(one["review"]["total_before"])),
             signed(self.over(one)), self.flag(one)]
            for one in rows
        ]  # fmt: skip

    def review_indicators(self) -> Rows:
        found = []
        for item in self.scheme.indicators:
            moves = [
                Fraction(score["score"]) - Fraction(score["before"])
                for one in self.reviewed
                for score in one["scores"]
                if score["indicator"] == item.code and "before" in score
            ]
            if changed := sum(move != 0 for move in moves):
                name = item.name if item.nature == BASE or item.nature in item.name else f"{item.name}（{item.nature}）"
                found.append([name, str(len(moves)), str(changed), signed(sum(moves, Fraction(0)))])
        return found

    def spending(self) -> Rows:
        """Category, count, adjusted, spent, rate; all together behind."""
        found, all_ = [], []
        for name in self.categories:
            own = [self.money[one["file"]] for one in self.ranked if self.category(one) == name]
            own = [one for one in own if one.adjusted is not None and one.spent is not None]
            if own:
                found.append([name, *_spending(own)])
                all_ += own
        return [*found, ["合计", *_spending(all_)]] if len(found) > 1 else found

    def ranking(self) -> Rows:
        return [
            [str(one["rank"]), self.name(one), self.category(one), str(one["category_rank"]), shown(one["self_total"]),
             shown(one["total"]), one["grade"]]
            for one in self.ranked
        ]  # fmt: skip


def _spending(own: Sequence[DepartmentResult]) -> list[str]:
    adjusted = sum((Fraction(one.adjusted or 0) for one in own), Fraction(0))
    spent = sum((Fraction(one.spent or 0) for one in own), Fraction(0))
    return [str(len(own)), money(adjusted), money(spent), rate(spent, adjusted)]


def money(value: Fraction) -> str:
    """With a comma before every three digits of the whole part."""
    sign, whole, places = re.fullmatch(r"(-?)(\d+)(.*)", shown(value)).groups()  # type: ignore[union-attr]
    turned = re.findall(r"\d{1,3}", whole[::-1])
    return sign + ",".join(turned)[::-1] + places
