"""What a department explains stands where it was asked for: in 问题清单 and in its own workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from tests.books import Edit, filled, process, put
from tests.findings import clean_document

FIRES = ("W413",)
WHY, CHANGE = "项目推迟到下年一季度实施", "年中压减一般性支出"
SPENT_LITTLE = (
    put("funds.total.spent", "500"), put("funds.basic.spent", "410.77"), put("scores.A03.self", "7.78"),
    put("funds.total.initial", "797.28"), put("facts.budget_change_reason", None), put("scores.A03.reason", None),
)  # fmt: skip


def texts(path: Path, sheet: str) -> str:
    return "\n".join(
        str(cell.value) for row in load_workbook(path)[sheet].iter_rows() for cell in row if cell.value is not None
    )


def after(scheme: Scheme, folder: Path, *edits: Edit) -> tuple[str, str]:
    """What 问题清单 and the department's 支出情况 say."""
    filled(clean_document(*SPENT_LITTLE, *edits), scheme, folder / "in" / "a.xlsx")
    run_folder(folder / "in", folder / "out", scheme, RunOptions(jobs=1))
    (own,) = (folder / "out").glob("*结果/*.xlsx")  # a lost point without its reason returns the workbook
    (summary,) = (folder / "out").glob("*汇总.xlsx")
    return texts(summary, "问题清单"), texts(own, "支出情况")


def test_explanations_are_shown(scheme: Scheme, tmp_path: Path) -> None:
    edits = put("facts.budget_change_reason", CHANGE), put("facts.low_rate_reason", WHY)
    findings, spending = after(scheme, tmp_path, *edits, put("scores.A03.reason", "支出率低"))
    for words in (WHY, CHANGE):
        assert f"部门说明：“{words}”" in findings
        assert f"部门说明：{words}" in spending
    assert "I212" in findings
    assert "W206" not in findings
    assert "应说明原因" not in spending


def test_why_points_were_lost_is_no_explanation(scheme: Scheme, tmp_path: Path) -> None:
    """Whoever deducts for a low rate must write that; it says nothing of why so little was spent."""
    findings, spending = after(scheme, tmp_path, put("scores.A03.reason", "支出率 77.83%"))
    assert "W206" in findings
    assert "应说明原因" in spending


def test_without_an_explanation_one_is_asked_for(scheme: Scheme, tmp_path: Path) -> None:
    findings, spending = after(scheme, tmp_path)
    assert "W205" in findings
    assert "W206" in findings
    assert "部门说明" not in findings + spending
    assert spending.count("应说明原因") == 2


@pytest.mark.parametrize(
    "nothing", ["无", "/", " 无 ", "见附件", "（详见附件1）", "详见说明。", "不适用", "按要求", "客观原因", "　"]
)
def test_a_word_for_nothing_explains_nothing(nothing: str, scheme: Scheme, tmp_path: Path) -> None:
    edits = put("facts.budget_change_reason", nothing), put("facts.low_rate_reason", nothing)
    findings, spending = after(scheme, tmp_path, *edits, put("scores.A03.reason", "支出率低"))
    assert "W205" in findings
    assert "W206" in findings
    assert "部门说明" not in findings + spending


@pytest.mark.parametrize(
    "words", ["见附件2，设备采购推迟到次年", "按要求压减一般性支出", "无新增项目，结余收回", "政策调整"]
)
def test_longer_texts_with_such_words_explain(words: str, scheme: Scheme, tmp_path: Path) -> None:
    edits = put("facts.budget_change_reason", words), put("facts.low_rate_reason", words)
    findings, _ = after(scheme, tmp_path, *edits, put("scores.A03.reason", "支出率低"))
    assert findings.count(f"部门说明：“{words}”") == 2


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        (None, ["E402", "W309"]), ("无", ["W309", "W413"]), ("不适用。", ["W309", "W413"]),
        ("（略）", ["W309", "W413"]), ("同上", []), ("客观原因", []), ("详见自评报告", []),
        ("见附件", []), ("无法按期验收", []),
    ],
)  # fmt: skip
def test_why_points_were_lost_may_be_said_elsewhere_but_not_nowhere(
    reason: str | None, codes: list[str], scheme: Scheme, tmp_path: Path
) -> None:
    edits = (
        put("kpis.0.self_score", "1"),
        put("kpis.0.reason", reason),
        put("scores.A01.self", "17"),
    )
    path = filled(clean_document(*edits, put("scores.A01.reason", reason)), scheme, tmp_path / "a.xlsx")
    found = process(path, scheme).findings
    assert sorted(item.code for item in found if item.code in ("E402", "W309", "W413")) == codes, found
    notes = {row[-1].value for sheet in ("自评得分", "绩效指标") for row in load_workbook(path, data_only=True)[sheet]}
    said = {"！扣分没有原因", "！扣分原因没有说明什么", "！指标扣分没有原因"} & notes
    lost = "！扣分原因没有说明什么" if reason else "！扣分没有原因"
    assert said == ({"！指标扣分没有原因", lost} if codes else set())
