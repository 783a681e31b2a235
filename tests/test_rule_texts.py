"""What the rules write: their Excel expressions word for word, and their sentences at the bounds where the words turn.

Whether the expressions calculate what the rules score is LibreOffice's to say (test_rule_formulas).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from perfxl.rules import KpiMethod, KpiRow, Quotient, Rule, rule_kinds
from perfxl.rules.additions import Additions
from perfxl.rules.deductions import Deductions
from perfxl.rules.judged import Judged
from perfxl.rules.kpi import Kpi
from perfxl.rules.kpi_method import AT_LEAST, AT_MOST, EQUAL, QUALITATIVE, Band, KpiCells
from perfxl.rules.limit import Limit
from perfxl.rules.percentages import percent_beside
from perfxl.rules.ratio import Ratio
from perfxl.rules.tiers import Tiers
from tests.test_rules import FINDINGS, TWO_ITEMS, USE, deviation, inputs, limit, ratio, tier


class Names:
    """References that are the names of what they refer to."""

    def fact(self, key: str) -> str:
        return key

    def number(self, key: str) -> str:
        return f"({key}/100)" if key == "percent" else key

    def definition(self, key: str) -> Quotient | None:
        return {"change": Quotient(("a", "-b"), ("b",)), "twice": Quotient(("change",), ("c",))}.get(key)

    def kpi(self, column: str) -> str:
        return column


def number(inner: str, points: str) -> str:
    """Rounded, and kept between 0 and the points."""
    return f"ROUND(ROUND(MIN(MAX({inner},0),{points}),9),2)"


def given(names: str, inner: str) -> str:
    """Nothing as long as one of the inputs is no number."""
    return f'IF(AND({",".join(f"ISNUMBER({name})" for name in names.split())}),{inner},"")'


def ratio_of(value: str) -> Ratio:
    """A ratio of one derived fact."""
    return Ratio(value=value)


FULL_TIERS = Tiers(("part",), ("whole",), tiers=(tier("0.9", "2"),), na="满分")
FALLING = Tiers(("part",), ("whole",), tiers=(tier("0.1", "2"), tier("0.2", "1")), toward="越低越好")
OPEN = Tiers(("part",), ("whole",), tiers=(tier("0.9", "2"),), closed="不含本数")
ANSWERS = 'IF(a="是",1.25,0)+IF(b="是",1.75,0)'
TWO_KINDS = Kpi(("产出", "成本"))
ROWS = 'COUNTIF(level1,"产出")+COUNTIF(level1,"成本")'
SCORED = 'COUNTIFS(level1,"产出",computed,">=0")+COUNTIFS(level1,"成本",computed,">=0")'
SUM = 'SUMIF(level1,"产出",computed)+SUMIF(level1,"成本",computed)'


@pytest.mark.parametrize(
    ("rule", "points", "formula"),
    [
        (ratio(), "3", given("part whole", number("IF(whole<=0,0,part*3/whole)", "3"))),
        (ratio(na="满分"), "3", given("part whole", number("IF(whole<=0,3,part*3/whole)", "3"))),
        (ratio(target=Decimal("0.3")), "1", given("part whole", number("IF(whole<=0,0,part*1/whole/0.3)", "1"))),
        (
            Ratio(("a", "b"), ("c", "d")), "3",
            given("a b c d", number("IF(ROUND(c+d,6)<=0,0,ROUND(a+b,6)*3/ROUND(c+d,6))", "3")),
        ),
        (
            USE, "2",
            given("part whole", number(
                "IF(whole<=0,0,IF(ROUND(part-0.9*whole,9)>=0,2,IF(ROUND(part-0.75*whole,9)>=0,1.5,"
                "IF(ROUND(part-0.6*whole,9)>=0,1,0))))", "2",
            )),
        ),
        (
            FULL_TIERS, "2",
            given("part whole", number("IF(whole<=0,2,IF(ROUND(part-0.9*whole,9)>=0,2,0))", "2")),
        ),
        (
            deviation(), "2",
            given("added base", number("IF(base<=0,IF(added>0,0,2),(2*base-MAX(added-0.1*base,0)*20)/base)", "2")),
        ),
        (FINDINGS, "2", given("small grave", number("IF(grave>0,0,2-small*0.5)", "2"))),
        (Deductions((("a", Decimal("0.5")), ("b", Decimal(1)))), "2", given("a b", number("2-a*0.5-b*1", "2"))),
        (
            TWO_ITEMS, "3",
            f'IF(AND(OR(a="是",a="否"),OR(b="是",b="否")),{number(ANSWERS, "3")},"")',
        ),
        (limit("不低于"), "2", given("value bound", number("IF(value>=bound,2,0)", "2"))),
        (limit("不高于"), "2", given("value bound", number("IF(value<=bound,2,0)", "2"))),
        (limit("不高于", "满分"), "2", given("value bound", number("IF(OR(bound=0,value<=bound),2,0)", "2"))),
        (
            Limit(("a", "b"), "不高于", ("c",)), "2",
            given("a b c", number("IF(ROUND(a+b,6)<=c,2,0)", "2")),
        ),
        # Falling, open, a negative bound; a percentage is typed in points.
        (
            FALLING, "2",
            given("part whole", number(
                "IF(whole<=0,0,IF(ROUND(part-0.1*whole,9)<=0,2,IF(ROUND(part-0.2*whole,9)<=0,1,0)))", "2",
            )),
        ),
        (
            Tiers(value="percent", tiers=(tier("-0.05", "2"),), closed="不含本数"), "2",
            given("percent", number("IF(ROUND((percent/100)+0.05,9)>0,2,0)", "2")),
        ),
        (Limit(("percent",), "不高于", fixed=Decimal(1)), "2",
         given("percent", number("IF(ROUND((percent/100)-1,9)<=0,2,0)", "2"))),
        # A derived fact by its own sums, one of it by its cell, where that is known.
        (ratio_of("change"), "3", given("a b", number("IF(b<=0,0,ROUND(a-b,6)*3/b)", "3"))),
        (
            ratio_of("twice"), "3",
            given("a b c", number("IF(AND(ISNUMBER(change)),IF(c<=0,0,change*3/c),0)", "3")),
        ),
        (
            deviation(side="两边", target="1", step="不足一个不计"), "2",
            given("added base", number(
                "IF(base<=0,IF(added<>0,0,2),"
                "2-(INT(ROUND(MAX(ABS((added-1*base))-0.1*base,0)*100/base,9)))*0.2)", "2",
            )),
        ),
        (Additions((("a", Decimal("0.5")), ("b", Decimal(1)))), "2", given("a b", number("a*0.5+b*1", "2"))),
        (Judged(), "2", '""'),
        (TWO_KINDS, "20", f'IF(OR({ROWS}=0,{SCORED}<{ROWS}),"",ROUND(ROUND(MIN({SUM},20),9),2))'),
    ],
)  # fmt: skip
def test_formulas(rule: Rule, points: str, formula: str) -> None:
    assert rule.formula(Decimal(points), Names()) == formula


METHOD = KpiMethod(
    {"≥": AT_LEAST, "＞": AT_LEAST, "=": EQUAL, "≤": AT_MOST, "定性": QUALITATIVE},
    {"达成": Band(Decimal(1), Decimal(1)), "基本达成": Band(Decimal("0.8"), Decimal("0.8"))},
)
STRICT = KpiMethod({"≥": AT_LEAST}, {}, Decimal("0.6"), Decimal("0.3"), Decimal(2))


@pytest.mark.parametrize(
    ("rule", "points", "facts", "words"),
    [
        (deviation(), "2", {"added": "0", "base": "0"}, "年初预算数为 0，年中追加额没有偏离，得分 = 2.00"),
        (deviation(), "2", {"added": "0.01", "base": "0"}, "年初预算数为 0，年中追加额不为 0，得分 = 0.00"),
        (
            deviation(), "2", {"added": "0.05", "base": "0.5"},
            "年中追加额 0.05 ÷ 0.5 = 10.00%，允许不高于 10%，不扣分，得分 = 2.00",
        ),
        (
            deviation(), "2", {"added": "10", "base": "100"},
            "年中追加额 10 ÷ 100 = 10.00%，允许不高于 10%，不扣分，得分 = 2.00",
        ),
        (
            deviation(), "2", {"added": "11", "base": "100"},
            "年中追加额 11 ÷ 100 = 11.00%，允许不高于 10%，超出计 1 个百分点，2 − 1 × 0.2（最低 0） = 1.80",
        ),
        # What is just beyond a bound is not shown as the bound.
        (
            deviation(), "2", {"added": "10.0004", "base": "100"},
            "年中追加额 10.0004 ÷ 100 = 10.0004%，允许不高于 10%，超出计 0.0004 个百分点，"
            "2 − 0.0004 × 0.2（最低 0） = 2.00",
        ),
        (
            FALLING, "2", {"part": "10.0001", "whole": "100"},
            "10.0001 ÷ 100 = 10.0001%，属“20% 及以下”档，得分 = 1.00",
        ),
        (FALLING, "2", {"part": "10", "whole": "100"}, "10 ÷ 100 = 10.00%，属“10% 及以下”档，得分 = 2.00"),
        (FALLING, "2", {"part": "20.0001", "whole": "100"}, "20.0001 ÷ 100 = 20.0001%，超过 20%，得分 = 0.00"),
        (
            OPEN, "2", {"part": "90.0001", "whole": "100"},
            "90.0001 ÷ 100 = 90.0001%，属“90% 以上（不含）”档，得分 = 2.00",
        ),
        (OPEN, "2", {"part": "90", "whole": "100"}, "90 ÷ 100 = 90.00%，不超过 90%，得分 = 0.00"),
        (FINDINGS, "2", {"small": "0", "grave": "1"}, "重大问题数 1，一票否决，得分 = 0.00"),
        (FINDINGS, "2", {"small": "1", "grave": "0"}, "2 − 1 × 0.5（最低 0） = 1.50"),
        (FINDINGS, "2", {"small": "0", "grave": "0"}, "无扣分问题，得分 = 2.00"),
        (limit("不高于", "满分"), "2", {"value": "3", "bound": "0"}, "无此事项，得满分 = 2.00"),
        (limit("不高于", "满分"), "2", {"value": "3", "bound": "1"}, "3 > 1，不符合要求，得分 = 0.00"),
        (limit("不高于"), "2", {"value": "0", "bound": "0"}, "0 ≤ 0，符合要求，得分 = 2.00"),
        (limit("不低于"), "2", {"value": "1", "bound": "1"}, "1 ≥ 1，符合要求，得分 = 2.00"),
        (limit("不低于"), "2", {"value": "1", "bound": "2"}, "1 < 2，不符合要求，得分 = 0.00"),
        (ratio(), "3", {"part": "1", "whole": "1"}, "1 ÷ 1 × 3 = 3.00"),
        (ratio(), "3", {"part": "0.1", "whole": "0.5"}, "0.1 ÷ 0.5 × 3 = 0.60"),
        (ratio(), "3", {"part": "1", "whole": "0"}, "分母为 0，无法计算，得分 = 0.00"),
        (ratio(target=Decimal("0.3")), "1", {"part": "3", "whole": "10"}, "3 ÷ 10 = 30.00%，达到 30%，得分 = 1.00"),
        (ratio(target=Decimal("0.3")), "1", {"part": "2", "whole": "10"}, "2 ÷ 10 ÷ 30% × 1 = 0.67"),
        (USE, "2", {"part": "1", "whole": "1"}, "1 ÷ 1 = 100.00%，属“90% 及以上”档，得分 = 2.00"),
        (USE, "2", {"part": "0.3", "whole": "0.5"}, "0.3 ÷ 0.5 = 60.00%，属“60% 及以上”档，得分 = 1.00"),
        (USE, "2", {"part": "0", "whole": "0"}, "分母为 0，无法计算，得分 = 0.00"),
        (
            USE, "2", {"part": "89.9999999999", "whole": "100"},
            "89.9999999999 ÷ 100 = 89.9999999999%，属“75% 及以上”档，得分 = 1.50",
        ),
        (
            USE, "2", {"part": "59.999", "whole": "100"},
            "59.999 ÷ 100 = 59.999%，不足 60%，得分 = 0.00",
        ),
    ],
)  # fmt: skip
def test_sentences_at_their_bounds(rule: Rule, points: str, facts: dict[str, str], words: str) -> None:
    assert rule.explain(Decimal(points), inputs(**facts)) == words


def row(symbol: str, target: str | Decimal, actual: str | Decimal, weight: str | None = "4") -> KpiRow:
    return KpiRow("产出", "场次", symbol, target, actual, None if weight is None else Decimal(weight))


@pytest.mark.parametrize(
    ("scores", "points", "words"),
    [
        (("20",), "20", "1 项指标得分 = 20.00"),
        (("21",), "20", "1 项指标 21.00（最高 20） = 20.00"),
        (("10", "10"), "20", "2 项指标 10.00 + 10.00 = 20.00"),
        (("10", "10.01"), "20", "2 项指标 10.00 + 10.01（最高 20） = 20.00"),
    ],
)
def test_the_sum_of_kpi_rows_says_where_it_is_cut(scores: tuple[str, ...], points: str, words: str) -> None:
    rows = [row("≥", Decimal(1), Decimal(1), score) for score in scores]
    assert Kpi(("产出",)).explain(Decimal(points), replace(inputs(), kpis=rows, method=METHOD)) == words


@pytest.mark.parametrize(
    ("method", "kpi", "words"),
    [
        (METHOD, row("≥", Decimal(5), Decimal(5)), "5 ≥ 5，得权重 4 = 4.00"),
        (METHOD, row("≥", Decimal(5), Decimal(4)), "4 ÷ 5 × 4 = 3.20"),
        (METHOD, row("≥", Decimal(5), Decimal(0)), "0 对目标 5，完成率 0%，得分 = 0.00"),
        (METHOD, row("≥", Decimal(0), Decimal(7)), "目标为 0，得权重 4 = 4.00"),
        (METHOD, row("=", Decimal(0), Decimal(0)), "0 ≤ 0，得权重 4 = 4.00"),
        (METHOD, row("≤", Decimal(5), Decimal(5)), "5 ≤ 5，得权重 4 = 4.00"),
        (METHOD, row("≤", Decimal(5), Decimal(6)), "（1 −（6 − 5）÷ 5）× 4 = 3.20"),
        (METHOD, row("定性", "达成", "基本达成"), "基本达成 80% × 4 = 3.20"),
        (METHOD, row("定性", Decimal(3), "基本达成"), "基本达成 80% × 4 = 3.20"),
        (METHOD, row("≥", Decimal(5), Decimal(4), None), "资料不全，无法计分"),
        (METHOD, row("?", Decimal(5), Decimal(4)), "资料不全，无法计分"),
        (METHOD, row("≥", "五", Decimal(4)), "资料不全，无法计分"),
        (STRICT, row("≥", Decimal(10), Decimal(6)), "6 ÷ 10 × 4 = 2.40"),
        (STRICT, row("≥", Decimal(10), Decimal("5.99")), "完成率 59.90% 低于 60%，得分 = 0.00"),
        (STRICT, row("≥", Decimal(10), Decimal(13)), "13 ≥ 10，得权重 4 − 2（超目标扣分） = 2.00"),
        (STRICT, row("≥", Decimal(10), Decimal("12.99")), "12.99 ≥ 10，得权重 4 = 4.00"),
    ],
)
def test_the_working_of_a_kpi_row_at_its_bounds(method: KpiMethod, kpi: KpiRow, words: str) -> None:
    weight = kpi.weight
    assert method.working(kpi, weight) == words


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        ("0.896", "89.60%"),
        ("0.89996", "89.996%"),
        ("0.89999999999959999999", "89.99999999996%"),
        ("0.899999999999959999", "89.9999999999959999%"),
        ("0.9", "90.00%"),
    ],
)
def test_a_rate_below_its_bound_is_not_shown_as_the_bound(rate: str, shown: str) -> None:
    """Up to eleven places; what is nearer still is written out."""
    assert percent_beside(Decimal(rate), [Decimal("0.9")]) == shown


# Settings


@pytest.mark.parametrize(
    ("rule", "points", "faulty"),
    [
        (deviation("0"), "2", []),
        (deviation("-0.1"), "2", ["free"]),
        (deviation("0.1", "0"), "2", ["per_point"]),
        (deviation("0.1", "0.01"), "2", []),
        (ratio(target=Decimal("0.5")), "2", []),
        (ratio(target=Decimal(0)), "2", ["target"]),
        (Deductions((("a", Decimal("0.5")),)), "2", []),
        (Deductions((("a", Decimal(0)),)), "2", ["items"]),
        (Tiers(("part",), ("whole",), tiers=(tier("0.9", "2"), tier("0.5", "0"))), "2", []),
        (Tiers(("part",), ("whole",), tiers=(tier("0.9", "2"), tier("0.5", "0.5"))), "2", []),
        (Tiers(("part",), ("whole",), tiers=(tier("0.9", "2"), tier("0.5", "-0.5"))), "2", ["tiers"]),
    ],
)
def test_settings_at_their_bounds(rule: Rule, points: str, faulty: list[str]) -> None:
    assert [name for name, _ in rule.faults(Decimal(points))] == faulty


def test_settings_that_a_scheme_must_give() -> None:
    required = {kind: rule.required_settings() for kind, rule in rule_kinds().items()}
    assert required == {
        "additions": ("items",),
        "checklist": ("items",),
        "deductions": ("items",),
        "deviation": (),
        "judged": (),
        "kpi": ("levels",),
        "limit": ("value", "side"),
        "ratio": (),
        "tiers": (),
    }
    assert {kind for kind, rule in rule_kinds().items() if not rule.computable} == {"judged"}


AT = KpiCells("s", "t", "a", "own", "w", "labels", "lows", "highs")


def test_formulas_of_a_kpi_row() -> None:
    at_least = "IF(t=0,1,IF(t>0,MAX(a,0)/t,MIN(MAX(a-2*t,0),-t)/-t))"
    equal = "IF(t=0,IF(a<=0,1,0),IF(t>0,MAX(a,0),MAX(-a,0))/ABS(t))"
    at_most = "IF(t=0,IF(a<=0,1,0),MIN(MAX(ABS(t)+t-a,0),ABS(t))/ABS(t))"
    chosen = f'IF(s="≤",{at_most},IF(s="=",{equal},IF(OR(s="≥",s="＞"),{at_least},"")))'
    numeric = f'IF(AND(ISNUMBER(t),ISNUMBER(a)),IF(t<0,"",{chosen}),"")'
    share = 'IF(SUMPRODUCT(--(labels=a))>0,SUMPRODUCT((labels=a)*highs),"")'
    assert METHOD.rate_formula(AT) == f'IF(s="定性",{share},{numeric})'
    assert replace(METHOD, negative=True).rate_formula(AT) == (
        f'IF(s="定性",{share},IF(AND(ISNUMBER(t),ISNUMBER(a)),{chosen},""))'
    )
    only = f'IF(AND(ISNUMBER(t),ISNUMBER(a)),IF(t<0,"",IF(s="≥",{at_least},"")),"")'
    assert STRICT.rate_formula(AT) == only
    rounded = 'IF(AND(ISNUMBER(r),ISNUMBER(w)),ROUND(ROUND({},9),2),"")'
    assert METHOD.score_formula("r", "w") == rounded.format("MIN(r,1)*w")
    assert STRICT.score_formula("r", "w") == rounded.format(
        "IF(ROUND(r-0.6,9)<0,0,MAX(MIN(r,1)*w-IF(ROUND(r-1.3,9)>=0,2,0),0))"
    )
    assert METHOD.counted_formula("c", "own") == 'IF(ISNUMBER(c),IF(ISNUMBER(own),MAX(MIN(own,c),0),c),"")'


def test_the_formula_of_a_band_keeps_the_own_share_within_it() -> None:
    method = replace(METHOD, shares={"达成": Band(Decimal("0.8"), Decimal(1))})
    low, high = "SUMPRODUCT((labels=a)*lows)", "SUMPRODUCT((labels=a)*highs)"
    own = f"IF(AND(ISNUMBER(own),N(w)>0),MIN(MAX(own/w,{low}),{high}),{high})"
    share = f'IF(SUMPRODUCT(--(labels=a))>0,IF({low}<{high},{own},{high}),"")'
    assert method.rate_formula(AT).startswith(f'IF(s="定性",{share},')


def test_blank_weights_share_the_points_out_cumulatively() -> None:
    weights = 'COUNTIFS(level1,"产出",weight,"<>")+COUNTIFS(level1,"成本",weight,"<>")'
    place = 'COUNTIF(above,"产出")+COUNTIF(above,"成本")'
    upto, before = (f"ROUND(ROUND(20*({place}{less})/({ROWS}),9),2)" for less in ("", "-1"))
    assert TWO_KINDS.kpi_weight_formula(Decimal(20), Names(), "w", "above") == (
        f'IF(({weights})=0,ROUND({upto}-{before},2),IF(ISNUMBER(w),w,""))'
    )


def test_what_counts_of_kpi_rows_is_summed_as_their_scores_are() -> None:
    for column in ("computed", "counted"):
        formula = TWO_KINDS.kpi_sum_formula(Decimal(20), Names(), column)
        assert formula == TWO_KINDS.formula(Decimal(20), Names()).replace("computed", column)
