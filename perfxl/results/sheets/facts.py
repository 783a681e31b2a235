"""填报事项 of a department's own workbook: facts for information, its explanations, what is worked out of facts."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from perfxl.results.cells import Cell, Page
from perfxl.results.context import Context
from perfxl.results.list_sheets import Column, Table
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, FactResult

FACTS = "填报事项"
NOTE = "这些事项不直接计分，或由其他填报内容算出，供了解情况。"


def write_facts(page: Page, context: Context, department: DepartmentResult) -> None:
    """Writes the sheet; only to be called where there is something to show."""
    table = Table(FACTS, _columns(context.scheme, department), department.facts)
    table.write([page], "填报事项和计算事项", f"{department.title}　　{NOTE}", heading_height=22)


def _columns(scheme: Scheme, department: DepartmentResult) -> list[Column[FactResult]]:
    official = {item.fact: item for item in department.official}
    columns: list[Column[FactResult]] = [
        Column("number", "序号", 6, "box center", lambda item, row: row - 3),
        Column("label", "事项", 34, "box text wrap", lambda item, _: item.label),
        Column("value", "内容", 50, lambda item: _look(scheme, item), lambda item, _: _value(scheme, item)),
        Column("unit", "单位", 10, "box center wrap", lambda item, _: item.unit),
        Column("explanation", "计算说明", 50, "box text wrap small", lambda item, _: item.explanation),
    ]
    if any(item.key in official for item in department.facts):

        def written(item: FactResult, row: int) -> Cell:
            return (official[item.key].written or "未填报") if item.key in official else None

        # What stands under 内容 is then what the bureau says.
        columns.insert(3, Column("written", "填报数（内容为核定数）", 24, "box text wrap", written))
    return columns


def is_number(scheme: Scheme, item: FactResult) -> bool:
    """Whether the value is a number, typed or worked out."""
    fact = scheme.fact_by_key.get(item.key)
    return fact is None or fact.numeric


def _look(scheme: Scheme, item: FactResult) -> str:
    if not is_number(scheme, item):
        return "box text wrap"
    return "box money" if item.key in scheme.amounts else "box points right"


def _value(scheme: Scheme, item: FactResult) -> Cell:
    """A number as a number; a text that looks like one stays a text."""
    if not is_number(scheme, item):
        return item.value
    try:
        return Decimal(item.value.replace(",", ""))
    except InvalidOperation:
        return item.value
