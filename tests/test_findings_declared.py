"""A finding is declared in one place: a note in the template and a finding of a run follow from that alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import perfxl.checks
import perfxl.findings
from perfxl.checks import catalogue as checks
from perfxl.findings import declare
from perfxl.findings.condition import Condition, Field, added, all_of, before, given, one_of, times
from perfxl.findings.one_field import IsText, Mentions, NotBlank, OneOf
from perfxl.layout import layout_of
from perfxl.layout.sheets import TASKS
from perfxl.scheme.model import Scheme
from tests.books import process
from tests.template_books import Values, write

SHARED = '''
from perfxl.findings import Severity
from perfxl.findings.condition import Field, given
from perfxl.findings.declare import Case, finding

@finding("W298", Severity.WARNING, "任务支出不足一半", message="{label} {value} 不足 {budget} 的一半", advice="请核对")
def half_spent(layout):
    """Declared by a test."""
    below = (Field("spent") + Field("spent")).rounded(6) < Field("budget")
    yield Case(
        table="tasks", blamed="spent", condition=given(("spent", "budget"), below),
        words=lambda of: {"budget": of("budget")},
    )
'''
RUN_ONLY = '''
from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import hit_on_file

@check("W098", Severity.WARNING, "测试", message="共 {count} 项任务", advice="请核对")
def tasks_counted(tables):
    """Declared by a test."""
    return (hit_on_file(file, count=len(item.rows("tasks"))) for file, item in tables.submissions.items())
'''


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares is gone after it."""
    monkeypatch.setattr(declare, "_SHARED", list(perfxl.findings.shared_findings()) and list(declare._SHARED))
    checks.catalogue()
    monkeypatch.setattr(checks, "_CHECKS", dict(checks._CHECKS))


def _task(spent: str) -> Values:
    row = {"name": "修缮", "budget": Decimal(10), "spent": Decimal(spent)}
    return {("tasks", "1", column): value for column, value in row.items()}


@pytest.mark.usefixtures("forgotten")
def test_a_module_in_the_folder_is_a_note_and_a_check(
    scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half_spent_of_a_test.py").write_text(SHARED, "utf-8")
    monkeypatch.setattr(perfxl.findings, "__path__", [*perfxl.findings.__path__, str(tmp_path)])
    layout_of(scheme)._derived.clear()
    try:
        for spent, fires in (("4.99", True), ("5", False)):
            write(tmp_path / f"{spent}.xlsx", scheme, _task(spent))
            found = [item for item in process(tmp_path / f"{spent}.xlsx", scheme).findings if item.code == "W298"]
            block = layout_of(scheme).block("tasks")
            sheet = openpyxl.load_workbook(tmp_path / f"{spent}.xlsx", data_only=True)[TASKS]
            assert bool(found) is fires
            assert (sheet[block.place(block.lines[0], "note").cell].value == "！任务支出不足一半") is fires
            for item in found:
                assert item.cell == block.place(block.lines[0], "spent").cell
                assert item.message == "“修缮”的支出金额 4.99 不足 10 的一半"
    finally:
        layout_of(scheme)._derived.clear()


@pytest.mark.usefixtures("forgotten")
def test_a_module_among_the_checks_is_a_check(scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tasks_counted_of_a_test.py").write_text(RUN_ONLY, "utf-8")
    monkeypatch.setattr(perfxl.checks, "__path__", [*perfxl.checks.__path__, str(tmp_path)])
    write(tmp_path / "one.xlsx", scheme, _task("5"))
    (found,) = [item for item in process(tmp_path / "one.xlsx", scheme).findings if item.code == "W098"]
    assert found.message == "共 1 项任务"


A, B = Field("a"), Field("b")
CONDITIONS: list[tuple[Condition, str, dict[str, object], dict[str, object]]] = [
    (A > B, "A1>B1", {"a": "2", "b": "1"}, {"a": "1", "b": "1"}),
    (A < 0, "A1<0", {"a": "-0.01"}, {"a": "0"}),
    (A <= 1, "A1<=1", {"a": "1"}, {"a": "1.01"}),
    (A.equals(B), "A1=B1", {"a": "1.0", "b": "1"}, {"a": "1", "b": None}),
    (Field("a", or_zero=True) < 0, "N(A1)<0", {"a": "-1"}, {"a": None}),
    ((added(("a", "b")) - Field("c")).rounded(6).differs(0), "ROUND(A1+B1-C1,6)<>0",
     {"a": "1", "b": "2", "c": "3.01"}, {"a": "1", "b": "2", "c": "3"}),
    ((abs(A - B) - times(Decimal("0.1"), B)).rounded(9) > 0, "ROUND(ABS(A1-B1)-0.1*B1,9)>0",
     {"a": "88", "b": "100"}, {"a": "90", "b": "100"}),
    (given(("a", "b"), A > 0), "IF(COUNT(A1,B1)=2,A1>0,FALSE)", {"a": "1", "b": "0"}, {"a": "1", "b": None}),
    (before(NotBlank("c"), A > 0), "IF(NOT(LEN(TRIM(C1))=0),A1>0,FALSE)", {"a": "1", "c": "有"}, {"a": "1", "c": " "}),
    (all_of(A > 0, OneOf("c", ("是",))), 'AND(A1>0,C1="是")', {"a": "1", "c": "是"}, {"a": "1", "c": "否"}),
    (one_of(A > 0, B > 0), "OR(A1>0,B1>0)", {"a": "0", "b": "1"}, {"a": "0", "b": "0"}),
    (IsText("c"), "ISTEXT(C1)", {"c": "一"}, {"c": None}),
    (Mentions("c", ("未", "不")), 'OR(ISNUMBER(SEARCH("未",C1)),ISNUMBER(SEARCH("不",C1)))',
     {"c": "尚未办"}, {"c": "已办"}),
]  # fmt: skip


def _numbers(row: dict[str, object]) -> dict[str, object]:
    return {name: Decimal(value) if name != "c" or str(value)[0].isdigit() else value for name, value in row.items()
            if value is not None}  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(("condition", "formula", "holds", "fails"), CONDITIONS, ids=[case[1] for case in CONDITIONS])
def test_a_condition_is_its_formula_and_its_test(
    condition: Condition, formula: str, holds: dict[str, object], fails: dict[str, object]
) -> None:
    assert condition.formula(lambda name: f"{name.upper()}1") == formula
    assert condition.holds(_numbers(holds).get)
    assert not condition.holds(_numbers(fails).get)


def test_float_noise_is_rounded_in_the_sheet_only() -> None:
    condition = (A - B).rounded(6).differs(0)
    row = {"a": Decimal("1.0000001"), "b": Decimal(1)}
    assert condition.holds(row.get)
    assert not condition.holds(row.get, as_shown=True)
