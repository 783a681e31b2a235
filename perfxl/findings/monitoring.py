"""Findings on a workbook of monitoring: what is expected at the end of the year against what is done already."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.decimals import amount
from perfxl.findings.condition import Field, given
from perfxl.findings.declare import Case, finding
from perfxl.findings.in_excel import Cell, Value, any_of, where_numbers
from perfxl.findings.kind import Severity
from perfxl.findings.one_field import SideBySide
from perfxl.layout import Layout
from perfxl.monitoring.pace import RATIO, is_steady
from perfxl.monitoring.states import EXPECTED, EXPECTED_SPENT
from perfxl.rules.kpi_method import AT_LEAST, EQUAL
from perfxl.scheme.funds import ADJUSTED, SPENT
from perfxl.scheme.model import Scheme, Stage


def _monitors(layout: Layout) -> bool:
    return layout.scheme.stage is Stage.MONITORING


@finding(
    "E851", Severity.ERROR, "全年预计小于已执行",
    message="{row}全年预计执行 {expected} 小于已执行的 {spent}", advice="请核对两处金额（万元）",
    expected="不小于 {spent}",
)  # fmt: skip
def expects_less_than_spent(layout: Layout) -> Iterator[Case]:
    """What is spent cannot become less by the end of the year."""
    table = layout.scheme.funds_table
    for row in table.rows if _monitors(layout) and table.has(SPENT, EXPECTED) else ():
        expected, spent = row.fact(EXPECTED), row.fact(SPENT)
        yield Case(
            table="facts", blamed=expected, condition=given((expected, spent), Field(expected) < Field(spent)),
            words=lambda of, row=row, expected=expected, spent=spent: {  # type: ignore[misc]
                "row": row.label, "expected": amount(of(expected)), "spent": amount(of(spent)),
            },
            about=row.label, advised={}, beside=False,
        )  # fmt: skip


@finding(
    "W852", Severity.WARNING, "全年预计大于预算",
    message="{row}全年预计执行 {expected} 大于预算 {adjusted}", advice="请核对；确需追加的请说明",
    expected="不大于 {adjusted}",
)  # fmt: skip
def expects_more_than_budget(layout: Layout) -> Iterator[Case]:
    """More is expected to be spent than there is."""
    table = layout.scheme.funds_table
    for row in table.rows if _monitors(layout) and table.has(ADJUSTED, EXPECTED) else ():
        expected, adjusted = row.fact(EXPECTED), row.fact(ADJUSTED)
        yield Case(
            table="facts", blamed=expected, condition=given((expected, adjusted), Field(expected) > Field(adjusted)),
            words=lambda of, row=row, expected=expected, adjusted=adjusted: {  # type: ignore[misc]
                "row": row.label, "expected": amount(of(expected)), "adjusted": amount(of(adjusted)),
            },
            about=row.label, advised={}, beside=False,
        )  # fmt: skip


@finding(
    "E853", Severity.ERROR, "全年预计小于已完成",
    message="{label} {value} 小于已完成的 {done}", advice="请核对两处完成值", expected="不小于 {done}",
)  # fmt: skip
def expects_less_than_done(layout: Layout) -> Iterator[Case]:
    """What grows with the year cannot become less by its end."""
    scheme = layout.scheme
    symbols, steady = _growing(scheme), scheme.options.steady_units

    def excel(cell: Cell) -> str:
        numbers = [cell(name) for name in ("target", "actual", EXPECTED)]
        target, done, expected = numbers
        wide = tuple(dict.fromkeys((*steady, *(unit.replace("%", "％") for unit in steady))))
        unit = cell("unit")
        listed = [f"NOT({any_of(unit, wide)})"] if wide else []
        grows = [*listed, f'ISERROR(SEARCH("{RATIO}",{unit}))', any_of(cell("symbol"), symbols)]
        return where_numbers(numbers, f"AND({','.join(grows)},{target}>0,{expected}<{done})")

    def exact(of: Value) -> bool:
        target, done, expected = (of(name) for name in ("target", "actual", EXPECTED))
        if not (isinstance(target, Decimal) and isinstance(done, Decimal) and isinstance(expected, Decimal)):
            return False
        grows = of("symbol") in symbols and not is_steady(str(of("unit") or ""), steady)
        return grows and target > 0 and expected < done

    if _monitors(layout) and symbols:
        names = ("symbol", "unit", "target", "actual", EXPECTED)
        yield Case(
            table="kpis", blamed=EXPECTED, condition=SideBySide(names, excel, exact),
            words=lambda of: {"done": of("actual")},
        )  # fmt: skip


@finding(
    "E857", Severity.ERROR, "任务预计支出小于已支出",
    message="{label} {value} 小于已支出的 {spent}", advice="请核对两处金额（万元）", expected="不小于 {spent}",
)  # fmt: skip
def task_expects_less(layout: Layout) -> Iterator[Case]:
    """The same of the money of a task."""
    if _monitors(layout):
        less = given((EXPECTED_SPENT, SPENT), Field(EXPECTED_SPENT) < Field(SPENT))
        yield Case(
            table="tasks", blamed=EXPECTED_SPENT, condition=less, words=lambda of: {"spent": amount(of(SPENT))}
        )  # fmt: skip


def _growing(scheme: Scheme) -> tuple[str, ...]:
    """The symbols of what grows with the year."""
    return tuple(symbol.symbol for symbol in scheme.symbols if symbol.direction in (AT_LEAST, EQUAL))
