"""Checks of the self scores: each set off by the smallest fault, each silent on a near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.scheme.model import Scheme
from tests.books import put
from tests.findings import Fires, assert_fires, assert_passes, clean_document, findings_of
from tests.test_check_kpis import own, row

SPENT_LATE = (
    put("funds.total.spent", "580.00"), put("funds.basic.spent", "490.77"), *own("A03", "9.03", "尾款未到付款期"),
)  # fmt: skip

FIRES = {
    "E401": Fires(
        own("B52", "2"), ("scores", "B52", "self"), "2", ("采购内控制度建设", "2", "分值 1"),
        passes=own("B52", "1.00"),
    ),
    "E402": Fires(
        own("B52", "0.5"), ("scores", "B52", "reason"), "", ("B52 采购内控制度建设", "0.5", "分值 1"),
        passes=own("B52", "0.5", "制度未及时修订"),
    ),
    "W403": Fires(
        own("B41", "3.75", "制度尚不健全"),
        ("scores", "B41", "self"), "3.75", ("3.75", "2.50"), passes=own("B41", "2.51", "缺漏"),
    ),
    "I404": Fires(
        own("B41", "2", "制度缺漏"), ("scores", "B41", "self"), "2", ("2", "2.50"), passes=own("B41", "2.49", "缺漏"),
    ),
    "W405": Fires(
        own("B52", "1", "内控制度未及时修订"),
        ("scores", "B52", "reason"), "内控制度未及时修订", ("B52", "满分 1", "内控制度未及时修订"),
        passes=own("B52", "1", "已按要求制定并印发"),
    ),
    "W406": Fires(
        SPENT_LATE, ("scores", "A03", "self"), "9.03", ("97.50%", "支出率 90.29%", "7.21", "5"),
        passes=(put("funds.total.spent", "600.00"), put("funds.basic.spent", "510.77"), *own("A03", "9.34", "尾款")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", FIRES)
def test_fires(code: str, scheme: Scheme, tmp_path: Path) -> None:
    assert_fires(code, FIRES[code], scheme, tmp_path)


@pytest.mark.parametrize("code", FIRES)
def test_passes(code: str, scheme: Scheme, tmp_path: Path) -> None:
    assert_passes(code, FIRES[code], scheme, tmp_path)


def test_nothing_is_compared_where_a_score_cannot_be_computed(scheme: Scheme, tmp_path: Path) -> None:
    """A missing input has its finding; that the indicator then has no score is not told again."""
    document = clean_document(put("facts.contracts_signed_30d", None))
    assert [item.code for item in findings_of(document, scheme, tmp_path / "a.xlsx")] == ["E101"]


def test_an_unexplained_deduction_of_a_kpi_is_told_once(scheme: Scheme, tmp_path: Path) -> None:
    document = clean_document(*row(1, self_score="3.5"), *own("A01", "19.5", "酌情扣减"))
    found = findings_of(document, scheme, tmp_path / "a.xlsx")
    assert sorted(item.code for item in found) == ["I404", "W309"]
