"""A slip in a single cell gives one finding, the gravest, with what would put it right where that is certain."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.checks.finding import Finding, Severity
from perfxl.layout.fields import FieldId
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.submission.document import field_values
from perfxl.template.writer import template_bytes
from tests import monitoring_cases, target_cases
from tests.books import process
from tests.findings import clean_document, write_values
from tests.scheme_files import OTHER_BUILTIN
from tests.sound_values import sound_values

Value = Decimal | str | None
SPENT, ADJUSTED = ("facts", "funds.total.spent", "value"), ("facts", "funds.total.adjusted", "value")
SLIPS: dict[str, tuple[FieldId, str, str, str]] = {
    "weight ×10": (("kpis", "1", "weight"), "40", "E302", "权重改为 4 后"),
    "weight as a share": (("kpis", "2", "weight"), "0.35", "E302", "权重改为 4 后"),
    "weight one more": (("kpis", "3", "weight"), "5", "E302", "权重改为 4 后"),
    "result as a share": (("kpis", "1", "actual"), "0.35", "W312", ""),
    "target ×10": (("kpis", "1", "target"), "350", "W312", ""),
    "first level": (("kpis", "1", "level1"), "效益指标", "E302", "一级指标改为 “产出指标” 后"),
    "KPI score above": (("kpis", "1", "self_score"), "5", "E305", ""),
    "KPI score below": (("kpis", "1", "self_score"), "3", "W309", ""),
    "score above points": (("scores", "A01", "self"), "200", "E401", ""),
    "score below": (("scores", "B11", "self"), "2", "E402", ""),
    "score above rule": (("scores", "A02", "self"), "20", "W403", ""),
    "total ×10": (ADJUSTED, "6424.00", "E202", "改为 642.4 后"),
    "total ÷10": (ADJUSTED, "64.24", "E202", "改为 642.4 后"),
    "total spent ÷10": (SPENT, "63.915", "E202", "改为 639.15 后"),
    "part ÷10": (("facts", "funds.basic.adjusted", "value"), "55.269", "E202", "改为 552.69 后"),
    "whole 0": (("facts", "fixed_assets_total", "value"), "0", "E207", ""),
    "parts of a whole": (("facts", "contracts_total", "value"), "3", "E207", ""),
    "a note in a row": (("tasks", "2", "budget"), "见附件", "E102", ""),
}

ALSO_COUNTS = ("result as a share", "target ×10")


def value_of(text: str) -> Decimal | str:
    return Decimal(text) if text.replace(".", "").isdigit() else text


@pytest.mark.parametrize("name", SLIPS)
def test_one_slip_is_one_finding(name: str, scheme: Scheme, tmp_path: Path) -> None:
    field, typed, code, advice = SLIPS[name]
    found = process(write_values(scheme, tmp_path / "a.xlsx", {field: value_of(typed)}), scheme).findings
    # What counts is told beside a warning; an error returns the workbook.
    also = ["W403"] if name in ALSO_COUNTS else []
    assert [item.code for item in found] == [code, *also], found
    assert advice in found[0].advice and ("改为" in found[0].advice) == bool(advice)
    if code == "E302":
        assert found[0].fields == (field,) and found[0].value == typed


def at_stage(scheme: Scheme, path: Path, field: FieldId, value: Value) -> list[Finding]:
    document = monitoring_cases.clean() if scheme.stage is Stage.MONITORING else target_cases.target_document()
    values = {name: own for name, own in field_values(document, scheme).items() if own is not None} | {field: value}
    path.write_bytes(template_bytes(scheme, values, {}, None, {}))  # type: ignore[arg-type]
    return process(path, scheme).findings


@pytest.mark.parametrize(
    ("stage", "field", "typed", "code"),
    [
        (Stage.MONITORING, ("kpis", "1", "target"), "350", "E855"),
        (Stage.MONITORING, ("kpis", "1", "actual"), "2", "E855"),
        (Stage.MONITORING, ("kpis", "1", "expected"), "3.5", "E853"),
        (Stage.MONITORING, ("kpis", "1", "symbol"), "定性", "E105"),
        (Stage.MONITORING, ("facts", "funds.total.expected", "value"), "6391.5", "E202"),
        (Stage.MONITORING, ("tasks", "1", "expected_spent"), "3.529", "E857"),
        (Stage.TARGETS, ("kpis", "1", "level1"), "效益指标", "E302"),
    ],
)  # fmt: skip
def test_in_other_stages_too(
    stage: Stage, field: FieldId, typed: str, code: str, scheme: Scheme, tmp_path: Path
) -> None:
    found = at_stage(scheme_at(scheme, stage), tmp_path / "a.xlsx", field, value_of(typed))
    assert [item.code for item in found] == [code], found


TYPED: dict[str, tuple[str, Stage, dict[FieldId, str | None], str, str]] = {
    "budget and spending": (
        "gongxing-2013", Stage.SELF_REVIEW, {ADJUSTED: "640.35", SPENT: "655.8"}, "E202",
        "“合计调整后预算数”和“合计预算完成数”",
    ),
    "total and part": (
        "gongxing-2013", Stage.SELF_REVIEW,
        {ADJUSTED: "560.1", ("facts", "funds.basic.adjusted", "value"): "655.8"}, "E202", "“基本支出调整后预算数”",
    ),
    "two parts": (
        "gongxing-2013", Stage.MONITORING,
        {("facts", "funds.basic.spent", "value"): "52.55", ("facts", "funds.project.spent", "value"): "321"},
        "E851", "“项目支出1—7月执行数”",
    ),
    "two scores": (
        "gongxing-2013", Stage.SELF_REVIEW, {("scores", "C13", "self"): "4", ("scores", "C14", "self"): "5"}, "E401",
        "C13 质量达标率的自评得分和C14 重点工作办结率的自评得分",
    ),
    "a reason one row off": (
        "gongxing-2013", Stage.SELF_REVIEW,
        {("scores", "C12", "reason"): None, ("scores", "C13", "reason"): "部分工作因疫情延期"}, "E402",
        "的扣分原因可能填反了",
    ),
    "a score that is cut": (
        "gongxing-2013", Stage.SELF_REVIEW, {("scores", "G11", "self"): "2", ("scores", "G12", "self"): "2.93"}, "W403",
        "G11 预算完成率的自评得分",
    ),
    "the two levels": (
        "xiangmu-2020", Stage.SELF_REVIEW,
        {("kpis", "2", "level1"): "质量指标", ("kpis", "2", "level2"): "产出指标"}, "E105",
        "的一级指标和“培训合格率”的二级指标",
    ),
    "weights of two kinds": (
        "xiangmu-2020", Stage.TARGETS, {("kpis", "4", "weight"): "18", ("kpis", "5", "weight"): "19"}, "E302",
        "“培训人均成本”的分值和“服务群众人次”的分值",
    ),
    "result and weight": (
        "chongqing-2021", Stage.SELF_REVIEW, {("kpis", "2", "actual"): "10", ("kpis", "2", "weight"): "97.5"}, "E302",
        "“培训合格率”的全年完成值和“培训合格率”的指标权重",
    ),
    "a chance in the next column": (
        "chongqing-2021", Stage.MONITORING, {("kpis", "1", "likelihood"): None, ("kpis", "1", "cause"): "确定能"},
        "E101", "“开展培训场次”的",
    ),
    "a number called words": (
        "xiangmu-2020", Stage.MONITORING, {("kpis", "4", "symbol"): "定性"}, "E105", "改为 “≤” 后",
    ),
    "words called a number": (
        "xiangmu-2020", Stage.MONITORING, {("kpis", "6", "symbol"): "≥"}, "E102", "改为 “定性” 后",
    ),
    "无 for a weight": ("xiangmu-2020", Stage.SELF_REVIEW, {("kpis", "2", "weight"): "无"}, "E303", ""),
    "a whole of nothing": ("gongxing-2013", Stage.SELF_REVIEW, {("facts", "office.budget", "value"): "0"}, "W208", ""),
    "more than the whole": (
        "gongxing-2013", Stage.SELF_REVIEW, {("facts", "work_in_time", "value"): "53"}, "E207", "",
    ),
    "no budget": ("gongxing-2013", Stage.SELF_REVIEW, {ADJUSTED: "0"}, "E201", "改为 655.8 后"),
}  # fmt: skip
"""In other forms; mostly two neighbours that stand in each other's place."""


@pytest.mark.parametrize("name", TYPED)
def test_in_other_forms_too(name: str, tmp_path: Path) -> None:
    code, stage, typed, told, advice = TYPED[name]
    scheme = scheme_at(load_scheme(code), stage)
    found = typed_into(scheme, tmp_path / "a.xlsx", typed)
    assert [item.code for item in found] == [told], found
    assert advice in found[0].advice
    assert found[0].advice.count("核对") < 2 or "各处即相符" not in found[0].advice


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("code", OTHER_BUILTIN)
def test_nothing_is_said_of_sound_values(code: str, stage: Stage, tmp_path: Path) -> None:
    assert not typed_into(scheme_at(load_scheme(code), stage), tmp_path / "a.xlsx", {})


def typed_into(scheme: Scheme, path: Path, typed: Mapping[FieldId, str | None]) -> list[Finding]:
    values: dict[FieldId, Decimal | str] = dict(sound_values(scheme))
    for field, text in typed.items():
        values.pop(field, None)
        if text is not None:
            values[field] = value_of(text)
    path.write_bytes(template_bytes(scheme, values, {}, None, {}))
    return process(path, scheme).findings


def test_two_slips_are_not_taken_for_one(tmp_path: Path) -> None:
    """A number ten times too large that would do no harm in the next row is not said to belong there."""
    scheme = load_scheme("gongxing-2013")
    found = typed_into(scheme, tmp_path / "a.xlsx", {("facts", "carry_over", "value"): "154.5"})
    assert [item.code for item in found] == ["W403", "W403"]
    assert not any("填反" in item.advice for item in found)
    both = {("facts", "planned_share", "value"): None, ("scores", "C14", "self"): "5"}
    assert [item.code for item in typed_into(scheme, tmp_path / "b.xlsx", both)] == ["E101", "E401"]


def test_what_is_wrong_by_itself_is_still_told(scheme: Scheme, tmp_path: Path) -> None:
    """A low rate is low with the right total too, and two slips are two findings."""
    changes: dict[FieldId, Value] = {
        SPENT: Decimal("300"), ("facts", "funds.basic.spent", "value"): Decimal("210.77"),
        ("facts", "funds.project.spent", "value"): Decimal("88"), ("scores", "A03", "self"): Decimal("4.65"),
        ("kpis", "1", "weight"): Decimal(40),
    }  # fmt: skip
    codes = {item.code for item in process(write_values(scheme, tmp_path / "a.xlsx", changes), scheme).findings}
    assert {"E202", "W206", "E302"} <= codes and "W309" not in codes


@pytest.mark.parametrize("name", SLIPS)
def test_the_workbook_is_returned_as_before(name: str, scheme: Scheme, tmp_path: Path) -> None:
    """No error goes for a warning: what stays is the gravest of what was found."""
    field, typed, code, _ = SLIPS[name]
    found = process(write_values(scheme, tmp_path / "a.xlsx", {field: value_of(typed)}), scheme).findings
    assert any(item.severity is Severity.ERROR for item in found) == code.startswith("E")


def test_the_clean_workbook_stays_clean(scheme: Scheme, tmp_path: Path) -> None:
    assert not process(write_values(scheme, tmp_path / "a.xlsx", {}), scheme).findings
    assert clean_document()
