"""Checks of money, tasks and rates told in words: each set off by the smallest fault, each silent on a near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.scheme.model import Scheme
from tests.books import filled, process, put
from tests.findings import Fires, assert_fires, assert_passes, clean_document, findings_of

VALUE = "value"
WITHOUT_REASON = put("facts.budget_change_reason", None)
CHANGED = put("funds.total.initial", "797.28")
LOW_RATE = (
    put("funds.total.spent", "560.00"), put("funds.basic.spent", "470.77"), put("scores.A03.self", "8.71"),
    put("scores.A03.reason", "部分项目尾款未到付款期"),
)  # fmt: skip

FIRES = {
    "E201": Fires(
        (
            *(put(f"funds.{row}.{column}", "0") for row in ("total", "basic", "project")
              for column in ("adjusted", "spent")),
            put("scores.A03.self", "0"),
        ),
        ("facts", "funds.total.adjusted", VALUE), "0", ("为 0", "支出率无法计算"),
    ),
    "E202": Fires(
        (put("funds.basic.adjusted", "552.68"),),
        ("facts", "funds.total.adjusted", VALUE), "642.4", ("调整预算数", "642.39", "642.4"),
    ),
    "E203": Fires(
        (put("funds.total.spent", "642.41"), put("funds.basic.spent", "552.69"), put("funds.project.spent", "89.72"),
         put("scores.A03.self", "10"), put("scores.A03.reason", None)),
        ("facts", "funds.total.spent", VALUE), "642.41", ("642.41", "642.40", "合计"),
        passes=(put("funds.total.spent", "642.40"), put("funds.basic.spent", "553.17")), also=("W204",),
    ),
    "W204": Fires(
        (put("funds.basic.spent", "549.42"), put("funds.project.spent", "89.73")),
        ("facts", "funds.project.spent", VALUE), "89.73", ("项目支出", "89.73", "89.71"),
        passes=(put("funds.basic.spent", "549.44"), put("funds.project.spent", "89.71")),
    ),
    "W205": Fires(
        (WITHOUT_REASON, CHANGED),
        ("facts", "funds.total.adjusted", VALUE), "642.4", ("797.28", "642.40", "19.43%", "10%"),
        passes=(WITHOUT_REASON, put("funds.total.initial", "584.00")),
    ),
    "W206": Fires(
        LOW_RATE,
        ("facts", "funds.total.spent", VALUE), "560", ("87.17%", "90%", "支出率低于"),
        passes=(put("funds.total.spent", "578.16"), put("funds.basic.spent", "488.93")), also=("W406",),
    ),
    "E207": Fires(
        (put("facts.contracts_signed_30d", "5"),),
        ("facts", "contracts_signed_30d", VALUE), "5", ("5", "采购合同总数", "4"),
        passes=(put("facts.contracts_signed_30d", "4"),),
    ),
    "W208": Fires(
        (put("facts.fixed_assets_total", "0"), put("facts.fixed_assets_in_use", "0"), put("scores.B66.self", "0"),
         put("scores.B66.reason", "没有固定资产")),
        ("facts", "fixed_assets_total", VALUE), "0", ("B66", "固定资产"),
        passes=(put("facts.procurement_total", "0"), put("facts.procurement_sme", "0")),
    ),
    "W209": Fires(
        (put("tasks.0.spent", "35.36"),),
        ("tasks", "1", "spent"), "35.36", ("统筹增城区科普工作", "35.36", "35.35"),
        passes=(put("tasks.0.spent", "35.35"),),
    ),
    "I212": Fires(
        (*LOW_RATE, put("facts.low_rate_reason", "部分项目推迟实施")),
        ("facts", "low_rate_reason", VALUE), "部分项目推迟实施", ("87.17%", "90%", "“部分项目推迟实施”"),
        passes=(put("funds.total.spent", "578.16"), put("funds.basic.spent", "488.93")), also=("W406",),
    ),
    "I213": Fires(
        (CHANGED,), ("facts", "budget_change_reason", VALUE), "年中压减一般性支出",
        ("797.28", "642.40", "19.43%", "“年中压减一般性支出”"), passes=(put("funds.total.initial", "584.00"),),
    ),
    "I214": Fires(
        (put("tasks.0.spent", "35.36"), put("tasks.0.reason", "年中追加专项经费")),
        ("tasks", "1", "spent"), "35.36", ("统筹增城区科普工作", "35.36", "35.35", "“年中追加专项经费”"),
        passes=(put("tasks.0.spent", "35.35"), put("tasks.0.reason", "年中追加专项经费")),
    ),
    "W501": Fires(
        (put("narrative.problems", "全年支出率达 99.6％，进度较好"),),
        ("identity", "narrative.problems", VALUE), "全年支出率达 99.6％，进度较好", ("99.6%", "99.49%"),
        passes=(put("narrative.problems", "支出率为 99%，即约 99.5%；上年支出率 80%；项目支出执行率 99.46%"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", FIRES)
def test_fires(code: str, scheme: Scheme, tmp_path: Path) -> None:
    assert_fires(code, FIRES[code], scheme, tmp_path)


@pytest.mark.parametrize("code", FIRES)
def test_passes(code: str, scheme: Scheme, tmp_path: Path) -> None:
    assert_passes(code, FIRES[code], scheme, tmp_path)


def test_the_clean_workbook_has_no_finding(scheme: Scheme, tmp_path: Path) -> None:
    """On this rests what the other tests say of the findings: `beyond_clean`."""
    assert process(filled(clean_document(), scheme, tmp_path / "clean.xlsx"), scheme).findings == []


def test_a_blank_part_does_not_say_that_the_sum_is_wrong(scheme: Scheme, tmp_path: Path) -> None:
    """A blank beats what follows from it."""
    found = findings_of(clean_document(put("funds.basic.adjusted", None)), scheme, tmp_path / "a.xlsx")
    assert [item.code for item in found] == ["E101"]


def test_the_initial_columns_add_only_where_all_parts_are_given(scheme: Scheme, tmp_path: Path) -> None:
    one = clean_document(put("funds.basic.initial", "600"))
    assert findings_of(one, scheme, tmp_path / "a.xlsx") == []
    both = clean_document(put("funds.basic.initial", "600"), put("funds.project.initial", "100"))
    assert [item.code for item in findings_of(both, scheme, tmp_path / "b.xlsx")] == ["E202"]
