"""Findings on the KPI table: weights, targets, levels, self scores, completion. Row by row, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from perfxl.decimals import half_up, percent, plain
from perfxl.findings.cells import NOT_NUMBER, OFF_LIST
from perfxl.findings.condition import Field, all_of, given, one_of, times
from perfxl.findings.declare import LEVELS1, LEVELS2, RESULTS, Case, finding, shown_where
from perfxl.findings.in_excel import Cell, Value, any_of
from perfxl.findings.kind import FindingKind, Severity
from perfxl.findings.named import kpi_names
from perfxl.findings.one_field import IsText, Mentions, NoneOf, OneOf, SideBySide
from perfxl.findings.reasons import NoReason
from perfxl.layout import Layout
from perfxl.rules.kpi_method import AT_LEAST, EQUAL, QUALITATIVE
from perfxl.scheme.model import Scheme

NO_KPIS = FindingKind(
    "E301", Severity.ERROR, "没有绩效指标",
    message="绩效指标表里没有“{levels}”类的指标，{indicator} 无法计算", advice="请补充该类指标",
)  # fmt: skip
WEIGHTS_DO_NOT_TOTAL = FindingKind(
    "E302", Severity.ERROR, "权重合计不等于分值",
    message="“{levels}”类指标的权重合计为 {sum}，应为 {points}", advice="请调整权重，或把该类权重全部留空（等权）",
    expected="{points}",
)  # fmt: skip
WEIGHTS_PARTLY_BLANK = FindingKind(
    "E303", Severity.ERROR, "权重没有填全",
    message="“{levels}”类有 {count} 项指标，只有 {given} 项填了权重",
    advice="请把权重填全（合计 {points}），或全部留空（等权）",
)  # fmt: skip


@finding(
    "E304", Severity.ERROR, "年度指标值为负",
    message="{label}是 {value}，不能为负", advice="请核对后填写不小于 0 的指标值", expected="不小于 0",
)  # fmt: skip
def negative_target(layout: Layout) -> Iterator[Case]:
    """A target below 0, where the scheme has none."""
    if not layout.scheme.options.negative_targets:
        yield Case(table="kpis", blamed="target", condition=Field("target", or_zero=True) < 0)


@shown_where(NOT_NUMBER)
def kpi_not_number(layout: Layout) -> Iterator[Case]:
    """A text beside a symbol that compares numbers."""
    if symbols := _symbols(layout.scheme, QUALITATIVE, but=True):
        columns = [column.key for column in layout.scheme.table_columns("kpis")]
        text = one_of(*(IsText(key) for key in ("target", "actual", "expected", "last") if key in columns))
        yield Case(table="kpis", blamed="target", condition=all_of(OneOf("symbol", symbols), text))


@shown_where(OFF_LIST)
def kpi_off_list(layout: Layout) -> Iterator[Case]:
    """A result in words that is none of the scheme's."""
    symbols, labels = _symbols(layout.scheme, QUALITATIVE), [share.label for share in layout.scheme.shares]

    def excel(cell: Cell) -> str:
        actual = cell("actual")
        asked = f"AND({any_of(cell('symbol'), symbols)},LEN({actual})>0)"
        # COUNTIF would take an asterisk or a question mark for a pattern.
        return f"IF({asked},SUMPRODUCT(--({cell(RESULTS)}={actual}))=0,FALSE)"

    def exact(of: Value) -> bool:
        return of("symbol") in symbols and of("actual") not in (None, *labels)

    if symbols and labels:
        yield Case(table="kpis", blamed="actual", condition=SideBySide(("symbol", "actual"), excel, exact))


ABOVE_WEIGHT = given(("self_score", "weight"), Field("self_score") > Field("weight"))


@finding(
    "E305", Severity.ERROR, "指标自评得分高于权重",
    message="{label} {value} 高于权重 {weight}", advice="请核对自评得分和权重", expected="不高于 {weight}",
)  # fmt: skip
def above_weight(layout: Layout) -> Iterator[Case]:
    """A KPI's self score above its weight."""
    yield Case(
        table="kpis", blamed="self_score", condition=ABOVE_WEIGHT, words=lambda of: {"weight": of("weight")}
    )  # fmt: skip


@shown_where(WEIGHTS_PARTLY_BLANK)
def weight_blank(layout: Layout) -> Iterator[Case]:
    """The row has no weight while others of its kind have one; a run says it once for all of them."""
    levels = list(layout.scheme.kpi_indicator)

    def excel(cell: Cell) -> str:
        return f"AND(LEN({cell('weight')})=0,NOT(ISNUMBER({cell('counted_weight')})),{any_of(cell('level1'), levels)})"

    def exact(of: Value) -> bool:
        return of("weight") is None and of("counted_weight") is None and of("level1") in levels

    if levels:
        names = ("weight", "counted_weight", "level1")
        yield Case(table="kpis", blamed="weight", condition=SideBySide(names, excel, exact))


@finding(
    "W306", Severity.WARNING, "二级指标与一级指标不配",
    message="{label}“{value}”不属于“{level1}”", advice="请从下拉列表中选择该一级指标下的二级指标",
)  # fmt: skip
def level2_elsewhere(layout: Layout) -> Iterator[Case]:
    """A second-level kind that belongs to another first level."""
    pairs = {(level.level1, level.level2) for level in layout.scheme.kpi_levels}

    def excel(cell: Cell) -> str:
        one, two = cell("level1"), cell("level2")
        counted = f"SUMPRODUCT(({cell(LEVELS1)}={one})*({cell(LEVELS2)}={two}))=0"
        return f"IF(AND(LEN({one})>0,LEN({two})>0),{counted},FALSE)"

    def exact(of: Value) -> bool:
        first, second = of("level1"), of("level2")
        return first is not None and second is not None and (first, second) not in pairs

    yield Case(
        table="kpis", blamed="level2", condition=SideBySide(("level1", "level2"), excel, exact),
        words=lambda of: {"level1": of("level1")},
    )  # fmt: skip


@finding(
    "W307", Severity.WARNING, "年度指标值为零",
    message="{label}为 0，任何结果都算完成，目标没有意义", advice="请核对{target_name}",
)  # fmt: skip
def target_zero(layout: Layout) -> Iterator[Case]:
    """A target of 0 that must be reached says nothing."""
    if symbols := _symbols(layout.scheme, AT_LEAST):
        zero = all_of(OneOf("symbol", symbols), Field("target").equals(0))
        names = kpi_names(layout.scheme)
        yield Case(table="kpis", blamed="target", condition=given(("target", "actual"), zero), words=lambda of: names)


@finding(
    "W308", Severity.WARNING, "疑似目标设置偏低",
    message="{label} {value}，完成率 {rate}，超过 {limit}", advice="请核对{target_name}是否偏低，下年合理设置",
)  # fmt: skip
def over_target(layout: Layout) -> Iterator[Case]:
    """A completion far above 100%. What should be small or is judged in words has no completion above 100%."""
    limit, names = layout.scheme.thresholds.over_target, kpi_names(layout.scheme)
    if symbols := _symbols(layout.scheme, AT_LEAST, EQUAL):
        over = (Field("completion") - limit).rounded(9) > 0
        over = all_of(OneOf("symbol", symbols), Field("target") > 0, over)
        yield Case(
            table="kpis", blamed="actual", condition=given(("target", "actual", "completion"), over),
            words=lambda of: {"rate": percent(of("completion")), "limit": percent(limit, 0), **names},
        )  # fmt: skip


@finding(
    "W313", Severity.WARNING, "疑似百分比格式",
    message="{label}是 {value}，另一处是 {other}，单位是“%”，两处写法可能不同（95 与 95%）",
    advice="单位是 % 时请只写数字，例如 95，并把单元格格式改为“常规”",
)  # fmt: skip
def percent_formats(layout: Layout) -> Iterator[Case]:
    """Excel turns a typed 95% into 0.95: target and actual value of a percentage are then a hundred times apart."""
    pairs = (Field("target"), Field("actual")), (Field("actual"), Field("target"))
    apart = one_of(*(all_of(small > 0, small <= 1, large > 10) for small, large in pairs))
    condition = given(("target", "actual"), all_of(Mentions("unit", ("%", "％")), apart))
    yield Case(
        table="kpis", blamed=lambda of: "target" if of("target") <= 1 else "actual", condition=condition,
        words=lambda of: {"other": max(of("target"), of("actual"))},
    )  # fmt: skip


@finding(
    "W312", Severity.WARNING, "指标自评得分高于计算得分",
    message="{label} {value}，按公式计算为 {computed}", advice="请核对{actual_name}和自评得分", expected="{computed}",
)  # fmt: skip
def above_computed(layout: Layout) -> Iterator[Case]:
    """A KPI's self score above what the formula gives for the weight that counts. Bands have a finding of their own."""
    above = (Field("self_score") - Field("computed")).rounded(6) > layout.scheme.thresholds.self_over
    if bands := bands_of(layout.scheme):
        above = all_of(NoneOf("actual", tuple(bands)), above)
    names = kpi_names(layout.scheme)
    yield Case(
        table="kpis", blamed="self_score", condition=given(("self_score", "computed"), above),
        words=lambda of: {"computed": of("computed"), **names}, after=ABOVE_WEIGHT,
    )  # fmt: skip


@finding(
    "W314", Severity.WARNING, "自评得分超出定性结果的区间",
    message="{label} {value} 不在“{result}”对应的 {band}（{least}～{most} 分）之内，按 {counted} 分计",
    advice="请核对定性结果和自评得分", expected="{least}～{most}",
)  # fmt: skip
def outside_band(layout: Layout) -> Iterator[Case]:
    """A self score outside the band of its qualitative result, by more than rounding to the cent."""
    symbols = _symbols(layout.scheme, QUALITATIVE)
    for result, (low, high) in bands_of(layout.scheme).items() if symbols else ():
        yield _outside(symbols, result, low, high)


def _outside(symbols: tuple[str, ...], result: str, low: Decimal, high: Decimal) -> Case:
    own, weight = Field("self_score"), Field("counted_weight")
    below = (own - times(low, weight)).rounded(9) <= -_HALF_CENT
    above = (own - times(high, weight)).rounded(9) > _HALF_CENT
    held = all_of(OneOf("symbol", symbols), OneOf("actual", (result,)), one_of(below, above))

    def words(of: Value) -> Mapping[str, object]:
        least, most = band_points(of("counted_weight"), low, high)
        counted = least if of("self_score") < least else most
        told = {"least": least, "most": most, "counted": counted}
        return {"result": result, "band": band_words(low, high)} | {key: plain(value) for key, value in told.items()}

    return Case(
        table="kpis", blamed="self_score", condition=given(("self_score", "counted_weight"), held), words=words,
        after=ABOVE_WEIGHT,
    )  # fmt: skip


_HALF_CENT = Decimal("0.005")


def bands_of(scheme: Scheme) -> Mapping[str, tuple[Decimal, Decimal]]:
    """The ends of the bands by qualitative result, of those in which the self score decides."""
    return {share.label: (share.lowest, share.share) for share in scheme.shares if share.lowest < share.share}


def band_points(weight: Decimal, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """The least and the most points of a band."""
    return half_up(low * weight), half_up(high * weight)


def band_words(low: Decimal, high: Decimal) -> str:
    """A band as shares of the weight, `80%～100%`."""
    return f"{plain(low * 100)}%～{plain(high * 100)}%"


@finding(
    "W309", Severity.WARNING, "指标扣分没有原因",
    message="{label} {value} 低于权重 {weight}，没有写{reason_name}", advice="请在该行“{reason_name}”中说明",
)  # fmt: skip
def below_without_reason(layout: Layout) -> Iterator[Case]:
    """A KPI's self score below its weight without a word why."""
    below, names = all_of(Field("self_score") < Field("weight"), NoReason("reason")), kpi_names(layout.scheme)
    yield Case(
        table="kpis", blamed="self_score", condition=given(("self_score", "weight"), below),
        words=lambda of: {"weight": of("weight"), **names},
    )  # fmt: skip


def _symbols(scheme: Scheme, *directions: str, but: bool = False) -> tuple[str, ...]:
    """The symbols of these directions, or (`but`) of all others."""
    return tuple(symbol.symbol for symbol in scheme.symbols if (symbol.direction in directions) is not but)
