"""Every rule kind at its bounds: the score, the sentence that explains it, the settings that it refuses."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import perfxl.rules
from perfxl.rules import Inputs, Rule, rule_kinds
from perfxl.rules.additions import Additions
from perfxl.rules.checklist import Checklist
from perfxl.rules.deductions import Deductions
from perfxl.rules.deviation import Deviation
from perfxl.rules.judged import Judged
from perfxl.rules.limit import Limit
from perfxl.rules.ratio import Ratio
from perfxl.rules.tiers import Tiers

LABELS = {"part": "已办数", "whole": "应办数", "small": "一般问题数", "grave": "重大问题数", "a": "甲项", "b": "乙项"}
LABELS |= {"added": "年中追加额", "base": "年初预算数"}


def tier(bound: str, worth: str) -> tuple[Decimal, Decimal]:
    return Decimal(bound), Decimal(worth)


def inputs(money: tuple[str, ...] = (), **facts: str | None) -> Inputs:
    """Facts written as text: numbers, 是/否, None for blank."""
    read = {key: value if value in ("是", "否", None) else Decimal(value) for key, value in facts.items()}
    return Inputs(facts=read, labels=LABELS, money=frozenset(money))


def ratio(**settings: Any) -> Ratio:
    return Ratio(numerator=("part",), denominator=("whole",), **settings)


def deviation(free: str = "0.1", per_point: str = "0.2", **settings: Any) -> Deviation:
    given = {name: Decimal(value) if name == "target" else value for name, value in settings.items()}
    return Deviation(("added",), ("base",), free=Decimal(free), per_point=Decimal(per_point), **given)


def limit(side: str, na: str = "") -> Limit:
    return Limit(value=("value",), bound=("bound",), side=side, na=na)


def checklist(*items: tuple[str, str]) -> Checklist:
    return Checklist(items=tuple((key, Decimal(worth)) for key, worth in items))


FINDINGS = Deductions(items=(("small", Decimal("0.5")),), fatal=("grave",))
USE = Tiers(
    numerator=("part",), denominator=("whole",), tiers=(tier("0.9", "2"), tier("0.75", "1.5"), tier("0.6", "1"))
)
TWO_ITEMS = checklist(("a", "1.25"), ("b", "1.75"))


@pytest.mark.parametrize(
    ("rule", "points", "part", "whole", "score"),
    [
        (ratio(), "10", "639.15", "642.40", "9.95"),
        (ratio(), "3", "0", "7", "0.00"),
        (ratio(), "3", "7", "7", "3.00"),
        (ratio(), "3", "8", "7", "3.00"),
        # Exact halves that binary floats round down: 2.675, 1.005, 0.005.
        (ratio(), "10", "26.75", "100", "2.68"),
        (ratio(), "2", "201", "400", "1.01"),
        (ratio(), "4", "1", "800", "0.01"),
        (ratio(), "4", "0.999999", "800", "0.00"),
        # 0.985 ÷ 3 does not end: divided before it is multiplied, it comes back as 0.98499….
        (ratio(), "3", "0.985", "3", "0.99"),
        (ratio(), "3", "0", "0", "0.00"),
        (ratio(na="满分"), "3", "0", "0", "3.00"),
        (ratio(na="满分"), "3", "0", "1", "0.00"),
        (ratio(target=Decimal("0.3")), "1", "30", "100", "1.00"),
        (ratio(target=Decimal("0.3")), "1", "29.9999", "100", "1.00"),
        (ratio(target=Decimal("0.3")), "1", "29.84", "100", "0.99"),
        (ratio(target=Decimal("0.3")), "1", "25", "30", "1.00"),
        (USE, "2", "90", "100", "2.00"),
        (USE, "2", "89.999999", "100", "1.50"),
        (USE, "2", "75", "100", "1.50"),
        (USE, "2", "74.999999", "100", "1.00"),
        (USE, "2", "60", "100", "1.00"),
        (USE, "2", "59.999999", "100", "0.00"),
        (USE, "2", "0", "0", "0.00"),
        # A third of 2.7 is 0.9 only in exact arithmetic.
        (USE, "2", "2.7", "3", "2.00"),
    ],
)
def test_shares_of_a_whole(rule: Rule, points: str, part: str, whole: str, score: str) -> None:
    assert str(rule.score(Decimal(points), inputs(part=part, whole=whole)).score) == score


def test_tiers_of_nothing_can_be_full() -> None:
    rule = Tiers(numerator=("part",), denominator=("whole",), tiers=(tier("0.9", "2"),), na="满分")
    assert rule.score(Decimal(2), inputs(part="0", whole="0")).score == 2


@pytest.mark.parametrize(
    ("added", "base", "score"),
    [
        ("0", "100", "2.00"),
        ("-30", "100", "2.00"),
        ("10", "100", "2.00"),
        ("10.000001", "100", "2.00"),
        ("10.5", "100", "1.90"),
        ("15", "100", "1.00"),
        ("20", "100", "0.00"),
        ("19.975", "100", "0.01"),
        ("19.976", "100", "0.00"),
        ("500", "100", "0.00"),
        ("0", "0", "2.00"),
        ("-1", "0", "2.00"),
        ("0.01", "0", "0.00"),
        # 2 − 1.475 = 0.525, which as a binary float is a little less.
        ("17.375", "100", "0.53"),
        ("104.25", "600", "0.53"),
    ],
)
def test_deviation(added: str, base: str, score: str) -> None:
    assert str(deviation().score(Decimal(2), inputs(added=added, base=base)).score) == score


@pytest.mark.parametrize(
    ("small", "grave", "score"),
    [("0", "0", "2.00"), ("1", "0", "1.50"), ("4", "0", "0.00"), ("9", "0", "0.00"), ("0", "1", "0.00")],
)
def test_deductions(small: str, grave: str, score: str) -> None:
    assert str(FINDINGS.score(Decimal(2), inputs(small=small, grave=grave)).score) == score


@pytest.mark.parametrize(
    ("a", "b", "score"), [("是", "是", "3.00"), ("是", "否", "1.25"), ("否", "是", "1.75"), ("否", "否", "0.00")]
)
def test_checklist(a: str, b: str, score: str) -> None:
    assert str(TWO_ITEMS.score(Decimal(3), inputs(a=a, b=b)).score) == score


@pytest.mark.parametrize(
    ("rule", "value", "bound", "score"),
    [
        (limit("不高于"), "4.00", "4", "2.00"),
        (limit("不高于"), "4.000001", "4", "0.00"),
        (limit("不高于"), "0", "0", "2.00"),
        (limit("不高于"), "0.01", "0", "0.00"),
        (limit("不高于", na="满分"), "0.01", "0", "2.00"),
        (limit("不低于"), "4.00", "4", "2.00"),
        (limit("不低于"), "3.999999", "4", "0.00"),
        (limit("不低于", na="满分"), "0", "0", "2.00"),
        (limit("不低于", na="满分"), "0", "0.01", "0.00"),
    ],
)
def test_limit(rule: Limit, value: str, bound: str, score: str) -> None:
    assert str(rule.score(Decimal(2), inputs(value=value, bound=bound)).score) == score


def test_several_facts_are_summed_exactly() -> None:
    rule = Limit(value=("a", "b"), bound=("part",), side="不高于")
    assert rule.score(Decimal(2), inputs(a="0.1", b="0.2", part="0.3")).score == 2


def test_a_judged_indicator_has_no_computed_score() -> None:
    rule = Judged()
    assert not rule.computable
    assert rule.score(Decimal(5), inputs()).score is None
    assert rule.score(Decimal(5), inputs()).missing == ()
    assert rule.explain(Decimal(5), inputs()) == "由部门自评、财政部门复核评定"


@pytest.mark.parametrize(
    ("rule", "given", "missing"),
    [
        (ratio(), inputs(part=None, whole="5"), ("part",)),
        (ratio(na="满分"), inputs(part=None, whole="0"), ("part",)),
        (USE, inputs(), ("part", "whole")),
        (deviation(), inputs(added="0", base=None), ("base",)),
        (FINDINGS, inputs(small="1"), ("grave",)),
        (TWO_ITEMS, inputs(a="是", b=None), ("b",)),
        (limit("不高于"), inputs(value="1", bound=None), ("bound",)),
    ],
)
def test_a_missing_input_leaves_no_score(rule: Rule, given: Inputs, missing: tuple[str, ...]) -> None:
    outcome = rule.score(Decimal(2), given)
    assert (outcome.score, outcome.missing) == (None, missing)
    labels = "、".join(LABELS.get(key, key) for key in missing)
    assert rule.explain(Decimal(2), given) == f"缺少{labels}，按 0 分计"


@pytest.mark.parametrize(
    ("rule", "points", "given", "sentence"),
    [
        (ratio(), "10", inputs(("part", "whole"), part="639.15", whole="642.4"), "639.15 ÷ 642.40 × 10 = 9.95"),
        (ratio(), "3", inputs(part="2", whole="7"), "2 ÷ 7 × 3 = 0.86"),
        (ratio(), "3", inputs(part="0", whole="0"), "分母为 0，无法计算，得分 = 0.00"),
        (ratio(na="满分"), "3", inputs(part="0", whole="0"), "无此事项，得满分 = 3.00"),
        (
            ratio(target=Decimal("0.3")),
            "1",
            inputs(part="40", whole="100"),
            "40 ÷ 100 = 40.00%，达到 30%，得分 = 1.00",
        ),
        (ratio(target=Decimal("0.3")), "1", inputs(part="20", whole="100"), "20 ÷ 100 ÷ 30% × 1 = 0.67"),
        (
            ratio(target=Decimal("0.125")),
            "1",
            inputs(part="20", whole="100"),
            "20 ÷ 100 = 20.00%，达到 12.5%，得分 = 1.00",
        ),
        (USE, "2", inputs(part="80", whole="100"), "80 ÷ 100 = 80.00%，属“75% 及以上”档，得分 = 1.50"),
        (USE, "2", inputs(part="8", whole="100"), "8 ÷ 100 = 8.00%，不足 60%，得分 = 0.00"),
        # Two places would say 90.00% beside the tier below 90%.
        (
            USE,
            "2",
            inputs(part="89.9999", whole="100"),
            "89.9999 ÷ 100 = 89.9999%，属“75% 及以上”档，得分 = 1.50",
        ),
        (USE, "2", inputs(part="0", whole="0"), "分母为 0，无法计算，得分 = 0.00"),
        (
            deviation(),
            "2",
            inputs(added="15", base="100"),
            "年中追加额 15 ÷ 100 = 15.00%，允许不高于 10%，超出计 5 个百分点，2 − 5 × 0.2（最低 0） = 1.00",
        ),
        # 2 − 5.03 × 0.2 would come to 0.99.
        (
            deviation(),
            "2",
            inputs(added="15.025", base="100"),
            "年中追加额 15.025 ÷ 100 = 15.03%，允许不高于 10%，超出计 5.025 个百分点，2 − 5.025 × 0.2（最低 0） = 1.00",
        ),
        (
            deviation(),
            "2",
            inputs(added="5", base="100"),
            "年中追加额 5 ÷ 100 = 5.00%，允许不高于 10%，不扣分，得分 = 2.00",
        ),
        (
            deviation("0.075"),
            "2",
            inputs(added="5", base="100"),
            "年中追加额 5 ÷ 100 = 5.00%，允许不高于 7.5%，不扣分，得分 = 2.00",
        ),
        (
            deviation(),
            "2",
            inputs(added="-5", base="100"),
            "年中追加额 -5 ÷ 100 = -5.00%，允许不高于 10%，不扣分，得分 = 2.00",
        ),
        (deviation(), "2", inputs(added="5", base="0"), "年初预算数为 0，年中追加额不为 0，得分 = 0.00"),
        (FINDINGS, "2", inputs(small="0", grave="0"), "无扣分问题，得分 = 2.00"),
        (FINDINGS, "2", inputs(small="3", grave="0"), "2 − 3 × 0.5（最低 0） = 0.50"),
        (FINDINGS, "2", inputs(small="3", grave="2"), "重大问题数 2，一票否决，得分 = 0.00"),
        (TWO_ITEMS, "3", inputs(a="是", b="是"), "2 项全部为“是”，得分 = 3.00"),
        (TWO_ITEMS, "3", inputs(a="是", b="否"), "“否”：乙项；其余得分 = 1.25"),
        (TWO_ITEMS, "3", inputs(a="否", b="否"), "甲项、乙项均为“否”，得分 = 0.00"),
        (limit("不高于"), "2", inputs(("value", "bound"), value="3", bound="4"), "3.00 ≤ 4.00，符合要求，得分 = 2.00"),
        (limit("不高于"), "2", inputs(value="5", bound="4"), "5 > 4，不符合要求，得分 = 0.00"),
        (limit("不低于"), "1", inputs(value="5", bound="4"), "5 ≥ 4，符合要求，得分 = 1.00"),
        (limit("不低于"), "1", inputs(value="3", bound="4"), "3 < 4，不符合要求，得分 = 0.00"),
        (limit("不低于", na="满分"), "1", inputs(value="0", bound="0"), "无此事项，得满分 = 1.00"),
    ],
)
def test_the_sentence_shows_the_numbers_and_ends_in_the_score(
    rule: Rule, points: str, given: Inputs, sentence: str
) -> None:
    assert rule.explain(Decimal(points), given) == sentence


def test_a_checklist_shows_what_was_earned() -> None:
    rule = checklist(("a", "2"), ("b", "1"), ("part", "2"))
    given = inputs(a="是", b="否", part="是")
    assert rule.explain(Decimal(5), given) == "“否”：乙项；其余得分 2 + 2 = 4.00"


def test_amounts_with_more_than_two_places_are_shown_in_full() -> None:
    given = inputs(("part", "whole"), part="639.150001", whole="642.4")
    assert ratio().explain(Decimal(10), given) == "639.150001 ÷ 642.40 × 10 = 9.95"


@pytest.mark.parametrize(
    ("rule", "points", "setting"),
    [
        (ratio(target=Decimal(0)), "1", "target"),
        (ratio(target=Decimal("-0.3")), "1", "target"),
        (deviation(free="-0.1"), "2", "free"),
        (deviation(per_point="0"), "2", "per_point"),
        (ratio(value="a"), "1", "value"),
        (Ratio(), "1", "numerator"),
        (Deviation(("added",), ("base",)), "2", "per_point"),
        (Deductions(items=(("small", Decimal(0)),)), "2", "items"),
        (Additions(items=(("small", Decimal(0)),)), "2", "items"),
        (Limit(("a",), "不高于", ("b",), Decimal(1)), "2", "fixed"),
        (Limit(("a",), side="不高于"), "2", "bound"),
        (TWO_ITEMS, "2.99", "items"),
        (USE, "3", "tiers"),
        (Tiers(("part",), ("whole",), (tier("0.9", "2"), tier("0.9", "1"))), "2", "tiers"),
        (Tiers(("part",), ("whole",), (tier("0.9", "2"), tier("0.5", "-1"))), "2", "tiers"),
        (Tiers(("part",), ("whole",), (tier("0.9", "1"), tier("0.5", "2"))), "2", "tiers"),
    ],
)
def test_settings_that_do_not_hold(rule: Rule, points: str, setting: str) -> None:
    faults = rule.faults(Decimal(points))
    assert setting in [name for name, _ in faults]
    assert all(words and not words.isascii() for _, words in faults)


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        (ratio(), "10"),
        (deviation(), "2"),
        (FINDINGS, "2"),
        (TWO_ITEMS, "3"),
        (USE, "2"),
        (limit("不高于"), "2"),
        (Judged(), "5"),
    ],
)
def test_settings_that_hold(rule: Rule, points: str) -> None:
    assert rule.faults(Decimal(points)) == []


def test_a_rule_names_each_fact_once() -> None:
    rule = Ratio(numerator=("a", "b"), denominator=("b", "whole"))
    assert rule.facts() == ("a", "b", "whole")
    assert FINDINGS.facts() == ("small", "grave")


def test_kinds_are_known_by_name_and_describe_themselves() -> None:
    kinds = rule_kinds()
    assert list(kinds) == [
        "additions",
        "checklist",
        "deductions",
        "deviation",
        "judged",
        "kpi",
        "limit",
        "ratio",
        "tiers",
    ]
    for name, kind in kinds.items():
        assert kind.kind == name
        assert kind.title and kind.about
        assert set(kind.required_settings()) <= set(kind.settings())
        assert all(spec.label and spec.note for spec in kind.settings().values())


NINTH = '''
"""加分计分: a fixed score for everybody who says how many."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from perfxl.rules.base import Inputs, Refs, Rule, setting


@dataclass(frozen=True)
class Ninth(Rule):
    kind: ClassVar[str] = "ninth"
    title: ClassVar[str] = "加分计分"
    about: ClassVar[str] = "每项得一分"

    count: tuple[str, ...] = setting("项数", "facts", "事项代码", fact_types=("count",))

    def exact(self, points: Decimal, inputs: Inputs) -> Decimal:
        return inputs.total(self.count)

    def expression(self, points: Decimal, refs: Refs) -> str:
        return refs.fact(self.count[0])

    def working(self, points: Decimal, inputs: Inputs) -> str:
        return f"{inputs.total(self.count)} × 1"
'''


@pytest.fixture
def ninth_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder that joins `perfxl.rules` with one more rule kind in it, and leaves again."""
    (tmp_path / "ninth.py").write_text(NINTH, "utf-8")
    monkeypatch.setattr(perfxl.rules, "__path__", [*perfxl.rules.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield "ninth"
    Rule.kinds.pop("ninth", None)
    sys.modules.pop("perfxl.rules.ninth", None)
    vars(perfxl.rules).pop("ninth", None)


def test_a_ninth_kind_is_one_new_file(ninth_kind: str) -> None:
    kind: type[Any] = rule_kinds()[ninth_kind]
    rule = kind(count=("a",))
    assert kind.settings()["count"].label == "项数"
    assert rule.score(Decimal(3), inputs(a="2")).score == 2
    assert rule.score(Decimal(3), inputs(a="7")).score == 3
    assert rule.score(Decimal(3), inputs(a=None)).missing == ("a",)
    assert rule.explain(Decimal(3), inputs(a="2")) == "2 × 1 = 2.00"


def test_a_kind_that_has_left_is_gone() -> None:
    assert "ninth" not in rule_kinds()
