"""What a comparison comes to: totals on one scale, places among those present in both, rates, what repeats itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from perfxl.years.compare import compare, match_years
from perfxl.years.match import Matched
from perfxl.years.model import Year, YearDepartment, YearFinding, YearIndicator, YearKpi, YearScheme, YearScore
from perfxl.years.repeats import lowered_targets
from perfxl.years.result import Repeated, SchemeYears
from tests.year_cases import department

GRADES = (("优", Decimal(90)), ("良", Decimal(80)), ("差", Decimal(0)))


def scheme(points: dict[str, str], level: str = "管理") -> YearScheme:
    return YearScheme(
        "s", "方案", False, GRADES, tuple(YearIndicator(c, f"指标{c}", level, Decimal(p)) for c, p in points.items())
    )


PLAIN = scheme({"A": "60", "B": "40"})


def both(
    current: list[YearDepartment], before: list[YearDepartment], own: YearScheme = PLAIN, its: YearScheme = PLAIN,
    formers: list[list[str]] | None = None, more: tuple[Year, ...] = (),
) -> SchemeYears:  # fmt: skip
    years = [Year(2021, "上年", (its,), tuple(before)), *more]
    matched = match_years(own, current, formers or [[] for _ in current], years)
    return compare(own, 2022, [item.code for item in current], current, matched)


def scores(own: dict[str, str], of: YearScheme = PLAIN) -> tuple[YearScore, ...]:
    return tuple(YearScore(code, of.by_code[code].points, Decimal(score)) for code, score in own.items())


totals = st.integers(0, 400).map(lambda number: Decimal(number) / 4)


@given(st.lists(st.tuples(st.none() | totals, st.none() | totals), max_size=12), st.sampled_from(["100", "120", "80"]))
def test_places_are_among_those_present_in_both(rows: list[tuple[Decimal | None, Decimal | None]], full: str) -> None:
    """None: was not there, this year returned or then not sent."""
    its = scheme({"A": full})
    current, before = [], []
    for number, (now, then) in enumerate(rows, 1):
        code = str(number)
        current.append(department(code, f"局{code}", str(50 if now is None else now), 1 if now is not None else None))
        if now is None:
            current[-1] = replace(current[-1], status="returned")
        if then is not None:
            before.append(department(code, f"局{code}", str(then), 1))
    found = both(current, before, its=its)
    scaled = {
        str(number): (Fraction(then) * 100 / Fraction(full))
        for number, (_, then) in enumerate(rows, 1)
        if then is not None
    }
    common = [str(number) for number, (now, then) in enumerate(rows, 1) if now is not None and then is not None]
    for number, (now, _) in enumerate(rows, 1):
        code = str(number)
        (then,) = found.departments[code].thens
        if code not in scaled:
            assert then is None
            continue
        assert then is not None and then.figures.total is not None
        assert then.figures.total * 100 == _rounded(scaled[code])
        assert then.comparable == (code in common)
        if code in common:
            assert now is not None
            better_now = sum(current[int(other) - 1].total > now for other in common)  # type: ignore[operator]
            better_then = sum(_rounded(scaled[other]) > _rounded(scaled[code]) for other in common)
            assert (then.place_now, then.place_then) == (better_now + 1, better_then + 1)
            assert then.moved == better_then - better_now


def _rounded(value: Fraction) -> int:
    """Half up to whole cents."""
    return int(value * 100 + Fraction(1, 2))


def test_points_are_compared_as_rates_and_levels_by_name() -> None:
    its = YearScheme(
        "t", "上年", False, (("优", Decimal(85)),),
        (YearIndicator("A", "指标A", "管理", Decimal(30)), YearIndicator("X", "指标B", "效益", Decimal(20))),
    )  # fmt: skip
    now = department("1", "甲局", "80", scores=scores({"A": "45", "B": "10"}))
    then = department("1", "甲局", "40", scores=scores({"A": "15", "X": "20"}, its))
    found = both([now], [then], its=its)
    own = found.departments["1"]
    (before,) = own.thens
    assert before is not None
    assert before.figures.total == Decimal("80.00")
    assert dict(before.figures.rates) == {"A": Decimal("0.5"), "B": Decimal(1)}
    assert dict(own.now.rates) == {"A": Decimal("0.75"), "B": Decimal("0.25")}
    assert (own.now.levels["管理"], before.figures.levels["管理"]) == (Decimal("0.55"), Decimal("0.5"))
    (indicator,) = found.indicators["B"]
    assert (indicator.code, indicator.points, indicator.then, indicator.now) == ("X", 20, 1, Decimal("0.25"))
    assert (indicator.fell, indicator.rose, indicator.count) == (1, 0, 1)
    notes = "".join(found.heads[0].notes)
    for words in ("满分 50，本年 100", "等级标准不同", "2 项指标分值不同"):
        assert words in notes


def test_merged_ones_are_means_and_sums_and_have_no_place() -> None:
    more = {"adjusted": Decimal(100), "spent": Decimal(90), "rate": Decimal("0.9")}
    before = [
        department("1", "甲局", "90.01", 1, scores=scores({"A": "60", "B": "20"}), **more),
        department(
            "2", "乙局", "80", 2, scores=scores({"A": "30", "B": "20"}), adjusted=Decimal(300), spent=Decimal(150)
        ),
        department("3", "丙局", "70", 3),
    ]
    now = [department("9", "甲乙局", "88", 1), department("3", "丙局", "75", 2)]
    found = both(now, before, formers=[["甲局", "乙局"], []])
    (merged,) = found.departments["9"].thens
    assert merged is not None and merged.titles == ("甲局", "乙局") and "合并" in merged.basis
    assert merged.figures.total == Decimal("85.01")  # 85.005, half up
    assert (merged.figures.adjusted, merged.figures.rate) == (400, Decimal("0.6"))
    assert merged.figures.rates["A"] == Decimal("0.75")
    assert not merged.comparable and merged.rank is None
    (other,) = found.departments["3"].thens
    assert other is not None and (other.place_then, other.place_now) == (1, 1)


def test_who_was_returned_or_sent_nothing_has_no_total() -> None:
    before = [department("1", "甲局", "60", None, status="returned"), department("2", "乙局", None, None)]
    found = both([department("1", "甲局"), department("2", "乙局")], before)
    states = [found.departments[code].thens[0] for code in "12"]
    assert [(then.state, then.figures.total, then.comparable) for then in states if then] == [
        ("退回修改", None, False), ("未报送", None, False),
    ]  # fmt: skip


def test_who_is_no_more_is_told() -> None:
    found = both([department("1", "甲局")], [department("1", "甲局"), department("2", "乙局")])
    assert (found.heads[0].gone, found.heads[0].matched, found.heads[0].comparable) == (("乙局",), 1, 1)


def finding(code: str, severity: str = "warning") -> YearFinding:
    return YearFinding(code, severity, f"问题{code}", "收支情况!D6")


def test_the_same_again_counts_the_years_running() -> None:
    lost = {"A": "50", "B": "40"}
    now = department("1", "甲局", scores=scores(lost), findings=(finding("W1"), finding("I1", "info"), finding("W2")))
    then = replace(now, findings=(finding("W1"), finding("W1"), finding("I1", "info")))
    older = Year(2020, "前年", (PLAIN,), (replace(then, scores=scores({"A": "60", "B": "40"})),))
    found = both([now], [then], more=(older,)).departments["1"].repeats
    assert [(one.kind, one.what, one.then, one.now, one.years) for one in found] == [
        (Repeated.FINDING, "W1 问题W1", "2 处", "1 处", 3),
        (Repeated.LOST, "A 指标A", "扣 10.00 分（分值 60）", "扣 10.00 分（分值 60）", 2),
    ]
    claimed = both([replace(now, rectified=True)], [then]).departments["1"].repeats
    assert claimed[0].kind == Repeated.CLAIMED and claimed[0].place == "收支情况!D6"
    assert both([replace(now, rectified=False)], [then]).departments["1"].repeats[0].kind == Repeated.FINDING


def kpi(symbol: str, direction: str, target: str, actual: str, unit: str = "场") -> YearKpi:
    return YearKpi("数量指标", "活动", symbol, target, unit, actual, None, direction)


def test_targets_below_what_was_reached() -> None:
    def lowered(now: YearKpi, then: YearKpi) -> bool:
        own, its = (department("1", "甲局", kpis=(one,)) for one in (now, then))
        return bool(lowered_targets(own, [its]))

    at_least = kpi("≥", "at_least", "30", "31")
    assert lowered(at_least, kpi("≥", "at_least", "20", "31"))
    assert not lowered(at_least, kpi("≥", "at_least", "20", "30"))
    assert lowered(at_least, kpi("=", "equal", "20", "30.5"))
    at_most = kpi("≤", "at_most", "5", "4")
    assert lowered(at_most, kpi("≤", "at_most", "6", "4.9"))
    assert not lowered(at_most, kpi("≤", "at_most", "6", "5"))
    assert not lowered(at_most, at_least)
    assert not lowered(at_least, kpi("≥", "at_least", "20", "31", "人次"))
    assert not lowered(at_least, kpi("≥", "at_least", "20", "基本达成"))
    # An output of a version before tells the symbol alone.
    assert lowered(at_least, kpi("≥", "", "20", "31")) and not lowered(at_least, kpi("≤", "", "20", "31"))
    assert not lowered(kpi("定性", "qualitative", "1", "1"), kpi("定性", "qualitative", "2", "2"))


def test_a_comparison_without_anybody() -> None:
    found = both([], [department("1", "甲局")])
    assert found.departments == {} and found.heads[0].gone == ("甲局",)
    assert Matched().before == ()
