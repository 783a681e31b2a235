"""Checks of the KPI table: each set off by the smallest fault, each silent on a near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.scheme.model import Scheme
from tests.books import Document, Edit, put
from tests.findings import Fires, assert_fires, assert_passes, clean_document, findings_of


def row(number: int, **values: str | None) -> tuple[Edit, ...]:
    """Edits of one KPI row, counted from 1."""
    return tuple(put(f"kpis.{number - 1}.{name}", value) for name, value in values.items())


def own(code: str, score: str, reason: str | None = None) -> tuple[Edit, ...]:
    """A self score with its reason."""
    return put(f"scores.{code}.self", score), put(f"scores.{code}.reason", reason)


def without_output_rows(document: Document) -> None:
    document["kpis"] = [kpi for kpi in document["kpis"] if kpi["level1"] != "产出指标"]


NOT_HELD = "酌情扣减"

FIRES = {
    "E301": Fires(
        (without_output_rows,), ("kpis", "1", "level1"), "", ("产出", "A01"),
    ),
    "E302": Fires(
        row(1, weight="5", self_score="5"),
        ("kpis", "1", "weight"), "5", ("产出", "21", "20"), also=("W310",),
        passes=(*row(1, weight="5", self_score="5"), *row(2, weight="3", self_score="3")),
    ),
    "E303": Fires(
        row(2, weight=None), ("kpis", "2", "weight"), "", ("产出", "5 项", "4 项", "20"),
        passes=tuple(edit for number in range(1, 6) for edit in row(number, weight=None)),
    ),
    "E304": Fires(
        row(1, target="-1"), ("kpis", "1", "target"), "-1", ("全国科普日科普活动场次", "-1", "不能为负"),
        passes=row(1, actual="-1"),
    ),
    "E305": Fires(
        (*row(1, self_score="4.01"), *row(2, self_score="3.99", reason=NOT_HELD)),
        ("kpis", "1", "self_score"), "4.01", ("4.01", "权重 4"),
        passes=row(1, self_score="4.00"),
    ),
    "W306": Fires(
        row(1, level2="社会效益指标"), ("kpis", "1", "level2"), "社会效益指标", ("社会效益指标", "产出指标"),
        passes=row(1, level2="成本指标"),
    ),
    "W307": Fires(
        row(1, target="0", actual="0"), ("kpis", "1", "target"), "0", ("全国科普日科普活动场次", "没有意义"),
        passes=row(1, symbol="≤", target="0", actual="0"),
    ),
    "W308": Fires(
        row(1, actual="43"), ("kpis", "1", "actual"), "43", ("122.86%", "120%"), passes=row(1, actual="42"),
    ),
    "W309": Fires(
        (*row(1, self_score="3.5"), *own("A01", "19.5", NOT_HELD)),
        ("kpis", "1", "self_score"), "3.5", ("3.5", "权重 4"), also=("I404",),
        passes=row(1, self_score="3.5", reason=NOT_HELD),
    ),
    "W310": Fires(
        row(1, self_score="3.9", reason=NOT_HELD),
        ("scores", "A01", "self"), "20", ("产出", "19.9", "20", "A01"),
        passes=row(1, self_score="3.99", reason=NOT_HELD),
    ),
    "I311": Fires(
        row(1, evidence=None), ("kpis", "1", "evidence"), "", ("全国科普日科普活动场次", "佐证材料"),
        passes=row(1, evidence="见附件"),
    ),
    "W312": Fires(
        (*row(1, actual="28"), *own("A01", "19.2", NOT_HELD)),
        ("kpis", "1", "self_score"), "4", ("4", "3.2"),
        passes=row(1, actual="34.95"),
    ),
    "W313": Fires(
        (*row(9, target="0.9", actual="95"),),
        ("kpis", "9", "target"), "0.9", ("0.9", "95", "%"),
        passes=row(9, target="90", actual="90.5"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", FIRES)
def test_fires(code: str, scheme: Scheme, tmp_path: Path) -> None:
    assert_fires(code, FIRES[code], scheme, tmp_path)


@pytest.mark.parametrize("code", FIRES)
def test_passes(code: str, scheme: Scheme, tmp_path: Path) -> None:
    assert_passes(code, FIRES[code], scheme, tmp_path)


def test_the_same_in_rows_below_each_other_is_one_line(scheme: Scheme, tmp_path: Path) -> None:
    edits = [edit for number in range(1, 10) for edit in row(number, evidence=None)]
    (found,) = findings_of(clean_document(*edits), scheme, tmp_path / "a.xlsx")
    assert (found.code, found.cell) == ("I311", "P9:P17")
    assert "9 个单元格" in found.message and len(found.fields) == 9


def test_two_rows_stay_two_lines(scheme: Scheme, tmp_path: Path) -> None:
    edits = [*row(1, evidence=None), *row(2, evidence=None), *row(5, evidence=None)]
    found = findings_of(clean_document(*edits), scheme, tmp_path / "a.xlsx")
    assert [item.cell for item in found] == ["P9", "P10", "P13"]


def test_equal_weights_need_no_weight(scheme: Scheme, tmp_path: Path) -> None:
    """All weights blank: each is points ÷ number, and nothing is said of it."""
    edits = [edit for number in range(1, 6) for edit in row(number, weight=None)]
    assert findings_of(clean_document(*edits), scheme, tmp_path / "a.xlsx") == []
