"""Findings on targets before the year begins: can it be measured, and does it ask for more than last year gave?"""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.findings.condition import Condition, Field, all_of, given, one_of
from perfxl.findings.declare import Case, finding
from perfxl.findings.in_excel import Cell, Value
from perfxl.findings.kind import Severity
from perfxl.findings.named import kpi_names
from perfxl.findings.one_field import Mentions, NotBlank, OneOf, SideBySide
from perfxl.findings.reasons import NoReason
from perfxl.layout import Layout
from perfxl.rules.kpi_method import AT_LEAST, AT_MOST, EQUAL, QUALITATIVE
from perfxl.scheme.model import Scheme, Stage
from perfxl.scheme.stages import vague_words

DIGITS = tuple("0123456789")


def _symbols(scheme: Scheme, *directions: str) -> tuple[str, ...]:
    return tuple(symbol.symbol for symbol in scheme.symbols if symbol.direction in directions)


@finding(
    "W332", Severity.WARNING, "目标不可衡量",
    message="{label}“{value}”没有数量，只有“{word}”一类的说法，年底无法判断是否完成",
    advice="请写明数量，或写明可以核对的结果（做成什么、何时、由谁认定）",
)  # fmt: skip
def vague(layout: Layout) -> Iterator[Case]:
    """A target in words that nobody can check at the end of the year."""
    words = vague_words(layout.scheme)
    if layout.scheme.stage is not Stage.TARGETS or not words or not _symbols(layout.scheme, QUALITATIVE):
        return

    def excel(cell: Cell) -> str:
        return f"AND({mentions.formula(cell)},NOT({digits.formula(cell)}))"

    def exact(of: Value) -> bool:
        return mentions.is_met(of("target")) and not digits.is_met(of("target"))

    mentions, digits = Mentions("target", words), Mentions("target", DIGITS)
    yield Case(
        table="kpis", blamed="target", condition=SideBySide(("target",), excel, exact),
        words=lambda of: {"word": next((word for word in words if word in str(of("target"))), "")},
    )  # fmt: skip


@finding(
    "W333", Severity.WARNING, "目标低于上年完成值",
    message="{label}是 {value}，上年已经完成 {last}", advice="请核对{target_name}；确需降低的，在“{basis_name}”中说明",
)  # fmt: skip
def below_last_year(layout: Layout) -> Iterator[Case]:
    """Less is asked than last year gave: of what should be small, more."""
    scheme = layout.scheme
    if scheme.stage is not Stage.TARGETS:
        return
    worse: list[Condition] = []
    if symbols := _symbols(scheme, AT_LEAST, EQUAL):
        worse.append(all_of(OneOf("symbol", symbols), Field("target") < Field("last")))
    if symbols := _symbols(scheme, AT_MOST):
        worse.append(all_of(OneOf("symbol", symbols), Field("target") > Field("last")))
    yield _beside_last(layout, worse)


@finding(
    "W334", Severity.WARNING, "目标与上年完成值相同",
    message="{label}是 {value}，与上年完成值相同",
    advice="请核对{target_name}是否应当提高；合理的，在“{basis_name}”中说明",
)  # fmt: skip
def same_as_last_year(layout: Layout) -> Iterator[Case]:
    """Nothing more is asked than last year gave. 100% and 0 cannot be bettered."""
    scheme = layout.scheme
    if scheme.stage is not Stage.TARGETS:
        return
    symbols = _symbols(scheme, AT_LEAST, EQUAL, AT_MOST)
    same = all_of(OneOf("symbol", symbols), Field("target").equals(Field("last")), Field("target").differs(0))
    whole = all_of(Mentions("unit", ("%", "％")), Field("target").equals(100))

    def excel(cell: Cell) -> str:
        asked = f"AND({same.formula(cell)},NOT({whole.formula(cell)}))"
        return f"IF(COUNT({cell('target')},{cell('last')})=2,{asked},FALSE)"

    def exact(of: Value) -> bool:
        return same.holds(of) and not whole.holds(of)

    if symbols:
        yield _case(layout, SideBySide(("symbol", "target", "last", "unit"), excel, exact))


def _beside_last(layout: Layout, worse: list[Condition]) -> Case:
    return _case(layout, given(("target", "last"), one_of(*worse)))


def _case(layout: Layout, condition: Condition) -> Case:
    names = {**kpi_names(layout.scheme), "basis_name": _basis(layout.scheme)}
    return Case(
        table="kpis", blamed="target", condition=condition, words=lambda of: {"last": of("last"), **names}
    )  # fmt: skip


def _basis(scheme: Scheme) -> str:
    labels = {column.key: column.label for column in scheme.table_columns("kpis")}
    return labels.get("basis", "备注")


@finding(
    "W335", Severity.WARNING, "申请调整目标没有写理由",
    message="{label}：申请由 {target} 调整为 {value}，没有写理由",
    advice="请写明调整的理由和依据；不调整的请清空申请的新值",
)  # fmt: skip
def request_without_reason(layout: Layout) -> Iterator[Case]:
    """Another target is asked for, and nobody says why."""
    yield Case(
        table="kpis", blamed="request_target",
        condition=all_of(NotBlank("request_target"), NoReason("request_reason")),
        words=lambda of: {"target": of("target") or "（没有填写）"},
    )  # fmt: skip
