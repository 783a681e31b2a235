"""Checks of what only other forms than the built-in one have: bands, points outside the hundred, rates that they name.

Each is set off by the smallest fault and silent on a near miss, in its cell and with its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.checks.finding import Finding
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from tests.books import Document, Edit, cell_of, filled, process, put
from tests.form_schemes import district_document, district_scheme, project_document, project_scheme
from tests.template_books import write
from tests.test_check_kpis import row
from tests.test_template_notes import notes_of

VALUE = "value"


def own(code: str, score: str | None, reason: str | None = None) -> tuple[Edit, ...]:
    return put(f"scores.{code}.self", score), put(f"scores.{code}.reason", reason)


@dataclass(frozen=True)
class Form:
    """A form with a workbook of it. edits: what sets a check off. passes: what nearly does."""

    scheme: Scheme
    document: Document
    near: Document
    field: FieldId
    words: tuple[str, ...]
    also: tuple[str, ...] = ()


def project(
    edits: tuple[Edit, ...], near: tuple[Edit, ...], field: FieldId, *words: str, also: tuple[str, ...] = ()
) -> Form:
    return Form(project_scheme(), project_document(*edits), project_document(*near), field, words, also)


def district(
    edits: tuple[Edit, ...], near: tuple[Edit, ...], field: FieldId, *words: str, also: tuple[str, ...] = ()
) -> Form:
    return Form(district_scheme(), district_document(*edits), district_document(*near), field, words, also)


LOW = "facts.完成数"
BONUS = put("facts.表彰次数", "2")
PENALTY = put("facts.问责次数", "2")
FIRES = {
    # 40 points, 80% to 100%: 32 to 40.
    "W314": project(
        (*row(2, self_score="31.99", reason="酌情"), *own("K1", "81.99", "酌情")),
        (*row(2, self_score="32", reason="酌情"), *own("K1", "82", "酌情")),
        ("kpis", "2", "self_score"),
        "教学条件改善", "31.99", "达成预期", "80%～100%", "32～40 分", "按 32 分计",
    ),
    "I315": project(
        row(2, self_score=None), row(2, self_score="36", reason="酌情"),
        ("kpis", "2", "self_score"), "教学条件改善", "达成预期", "80%～100%", "按上限 40 分",
    ),
    "W411": district(
        (BONUS, *own("J1", "2")), (BONUS, *own("J1", "2", "省级表彰 2 次")),
        ("scores", "J1", "reason"), "J1 获得表彰", "加分 2", "依据",
    ),
    "W412": district(
        (PENALTY, *own("K1", "3.98", "通报批评")), (PENALTY, *own("K1", "3.99", "通报批评")),
        ("scores", "K1", "self"), "K1 被问责", "3.98", "4.00", "较高的计算扣分",
    ),
}  # fmt: skip
MORE = {
    "W411 of a deduction": district(
        (PENALTY, *own("K1", "4")), (PENALTY, *own("K1", "4", "通报批评 2 次")),
        ("scores", "K1", "reason"), "K1 被问责", "扣分 4",
    ),
    "W314 below a whole band": project(
        (*row(2, actual="部分达成", self_score="23", reason="酌情"), *own("K1", "73", "酌情")),
        (*row(2, actual="部分达成", self_score="24", reason="酌情"), *own("K1", "74", "酌情")),
        ("kpis", "2", "self_score"), "60%～80%", "24～32 分", "按 24 分计", also=("I404", "W406"),
    ),
    "W314 above its band": project(
        (*row(2, actual="部分达成", self_score="32.01", reason="酌情"), *own("K1", "82.01", "酌情")),
        (*row(2, actual="部分达成", self_score="32", reason="酌情"), *own("K1", "82", "酌情")),
        ("kpis", "2", "self_score"), "60%～80%", "24～32 分", "按 32 分计",
    ),
    "W314 of a shared weight": project(
        (*row(1, weight=None, self_score="45"), *row(2, weight=None, self_score="35.9", reason="酌情"),
         *own("K1", "80.9", "酌情")),
        (*row(1, weight=None, self_score="45"), *row(2, weight=None, self_score="36", reason="酌情"),
         *own("K1", "81", "酌情")),
        ("kpis", "2", "self_score"), "36～45 分", "按 36 分计", also=("I404",),
    ),
    "W312 of a shared weight": project(
        (*row(1, weight=None, self_score="45", actual="30"), *row(2, weight=None, self_score="45")),
        (*row(1, weight=None, self_score="33.76", actual="30"), *row(2, weight=None, self_score="45"),
         *own("K1", "78.75", "少 10 间")),
        ("kpis", "1", "self_score"), "改造教室", "45", "33.75", also=("W403",),
    ),
    "W403 of a bonus": district(
        (put("facts.表彰次数", "1"), *own("J1", "1.02", "表彰")),
        (put("facts.表彰次数", "1"), *own("J1", "1.01", "表彰")),
        ("scores", "J1", "self"), "1.02", "1.00",
    ),
    "E401 of a bonus": district(
        (put("facts.表彰次数", "9"), *own("J1", "5.01", "表彰")), (put("facts.表彰次数", "9"), *own("J1", "5", "表彰")),
        ("scores", "J1", "self"), "分值 5",
    ),
    "E402 of what may be 不适用": district(
        own("P4", "19"), own("P4", "19", "流程不全"), ("scores", "P4", "reason"), "P4 政府采购", "19", "分值 20",
    ),
    "W405": district(
        (put("facts.满意度", "100"), *own("P2", "30", "未按时调查")),
        (put("facts.满意度", "100"), *own("P2", "30", "已调查")),
        ("scores", "P2", "reason"), "P2", "满分 30", "未按时调查",
    ),
    "E201": project(
        (*(put(f"funds.{name}", {"adjusted": "0", "spent": "0"}) for name in ("all", "finance", "other")),
         *own("R1", "0", "没有预算")),
        (put("funds.other.adjusted", "0"), put("funds.other.spent", "0"), put("funds.finance.adjusted", "100"),
         put("funds.finance.spent", "95")),
        ("facts", "funds.all.adjusted", VALUE), "全年预算数合计为 0", "请填写实际的全年预算数",
    ),
    "E202": project(
        (put("funds.other.spent", "18"),), (put("funds.other.spent", "19.0"),),
        ("facts", "funds.all.spent", VALUE), "全年执行数", "财政拨款、其他资金之和为 94", "合计 95",
    ),
    "E203": project(
        (put("funds.all.spent", "100.01"), put("funds.finance.spent", "80"), put("funds.other.spent", "20.01"),
         *own("R1", "10")),
        (put("funds.all.spent", "100"), put("funds.finance.spent", "80"), put("funds.other.spent", "20"),
         *own("R1", "10")),
        ("facts", "funds.all.spent", VALUE), "年度资金总额全年执行数 100.01 大于全年预算数 100",
        "请核对全年执行数和全年预算数", also=("W204",),
    ),
    "W206": project(
        (put("funds.all.spent", "89.99"), put("funds.finance.spent", "70.99"), *own("R1", "8.99", "尾款")),
        (put("funds.all.spent", "90"), put("funds.finance.spent", "71"), *own("R1", "9", "尾款")),
        ("facts", "funds.all.spent", VALUE), "89.99%", "低于 90%", "执行率低的说明", also=("W406",),
    ),
    "W206 of a rate with a name": district(
        (put(LOW, "449.99"),), (put(LOW, "450"),), ("facts", "完成数", VALUE),
        "预算完成率 90.00%，低于 90%", "完成率低的说明",
    ),
    "W208 of a derived fact": Form(
        district_scheme(
            ('settings.numerator = ["按期办结"]\nsettings.denominator = ["应办件"]', 'settings.value = "办结率"'),
            ('[[derived]]\nkey = "控制率"',
             '[[derived]]\nkey = "办结率"\nlabel = "办结率"\nsheet = "业务数据"\nsection = "业务"\n'
             'numerator = ["按期办结"]\ndenominator = ["应办件", "-编制数"]\n\n[[derived]]\nkey = "控制率"'),
        ),
        district_document(put("facts.应办件", "36"), *own("P3", "0", "没有应办件")),
        district_document(put("facts.应办件", "46"), *own("P3", "20")),
        ("facts", "应办件", VALUE), ("“应办件数”－“编制数”的结果为 0", "P3 行政审批"),
    ),
    "W208 of a derived fact over another": Form(
        district_scheme(
            ('kind = "ratio"\nsettings.numerator = ["按期办结"]\nsettings.denominator = ["应办件"]',
             'kind = "limit"\nsettings.value = ["办结率"]\nsettings.bound = ["控制率"]\nsettings.side = "不高于"'),
            ('[[derived]]\nkey = "控制率"',
             '[[derived]]\nkey = "办结率"\nlabel = "办结率"\nsheet = "业务数据"\nsection = "业务"\n'
             'numerator = ["按期办结"]\ndenominator = ["应办件"]\n\n[[derived]]\nkey = "控制率"'),
        ),
        district_document(put("facts.应办件", "0"), put("facts.按期办结", "0"), *own("P3", "0", "没有应办件")),
        district_document(put("facts.按期办结", "9"), *own("P3", "20")),
        ("facts", "应办件", VALUE), ("“应办件数”为 0", "P3 行政审批", "按 0 分计"),
    ),
    "E207 of Chinese keys": district(
        (put("facts.按期办结", "11"),), (put("facts.按期办结", "10"),),
        ("facts", "按期办结", VALUE), "11", "应办件数",
    ),
    "W501 of a rate with a name": district(
        (put("facts.low_rate_reason", "预算完成率为 97.5%"),), (put("facts.low_rate_reason", "预算完成率为 98%"),),
        ("facts", "low_rate_reason", VALUE), "里写的预算完成率是 97.5%", "98.00%",
    ),
    "W307": project(
        (*row(1, target="0", actual="0"),), row(1, target="-0.01", actual="0"),
        ("kpis", "1", "target"), "没有意义",
    ),
}  # fmt: skip
ALL = {**FIRES, **MORE}


def found_in(document: Document, scheme: Scheme, path: Path) -> list[Finding]:
    return process(filled(document, scheme, path), scheme).findings


@pytest.mark.parametrize("name", ALL)
def test_fires(name: str, tmp_path: Path) -> None:
    form, code = ALL[name], name.split(maxsplit=1)[0]
    found = found_in(form.document, form.scheme, tmp_path / "fires.xlsx")
    told = [f"{item.code} {item.sheet} {item.cell} {item.message}" for item in found]
    assert sorted(item.code for item in found) == sorted((code, *form.also)), told
    (hit,) = [item for item in found if item.code == code]
    assert (hit.sheet, hit.cell) == cell_of(form.scheme, form.field), told
    assert form.field in hit.fields
    for words in form.words:
        assert words in f"{hit.message}。{hit.advice}", told
    assert "{" not in hit.message + hit.advice + hit.expected


@pytest.mark.parametrize("name", ALL)
def test_passes(name: str, tmp_path: Path) -> None:
    form = ALL[name]
    found = found_in(form.near, form.scheme, tmp_path / "passes.xlsx")
    told = [f"{item.code} {item.message}" for item in found]
    assert name.split(maxsplit=1)[0] not in {item.code for item in found}, told


@pytest.mark.parametrize("name", [name for name in ALL if name.split(maxsplit=1)[0] != "I315"])
def test_the_template_shows_it_too(name: str, tmp_path: Path) -> None:
    """The note beside the cell, and none on the near miss."""
    form, code = ALL[name], name.split(maxsplit=1)[0]
    if code == "W501":
        pytest.skip("only a run reads texts")
    for document, shown in ((form.document, True), (form.near, False)):
        write(tmp_path / "notes.xlsx", form.scheme, field_values(document, form.scheme))
        notes = notes_of(tmp_path / "notes.xlsx", form.scheme)
        assert (code in set().union(*notes.values())) is shown, notes


# What has other conditions here.


def test_a_deduction_of_all_points_needs_no_other_reason(tmp_path: Path) -> None:
    """What is full marks of the hundred is the worst of a deduction."""
    document = district_document(put("facts.问责次数", "5"), *own("K1", "10", "未按时整改"))
    assert found_in(document, district_scheme(), tmp_path / "a.xlsx") == []


def test_no_points_outside_the_hundred_need_no_reason(tmp_path: Path) -> None:
    assert found_in(district_document(*own("J1", "0"), *own("K1", "0")), district_scheme(), tmp_path / "a.xlsx") == []


def test_more_may_be_deducted_than_the_rule_does(tmp_path: Path) -> None:
    document = district_document(PENALTY, *own("K1", "6", "另有通报"))
    assert found_in(document, district_scheme(), tmp_path / "a.xlsx") == []


def test_a_band_is_no_fixed_share(tmp_path: Path) -> None:
    """Within it no row is above what is computed, for that is what it says."""
    document = project_document(*row(2, self_score="33.33", reason="酌情"), *own("K1", "83.33", "酌情"))
    assert found_in(document, project_scheme(), tmp_path / "a.xlsx") == []


@pytest.mark.parametrize(("self_score", "codes"), [("33", ["W314"]), ("2.66", ["W314"])])
def test_a_band_is_told_once(self_score: str, codes: list[str], tmp_path: Path) -> None:
    """A row above its band is above what is computed too, which is no second matter."""
    document = project_document(
        *row(2, actual="部分达成", self_score=self_score, reason="酌情"), *own("K1", "80", "酌情")
    )
    found = [item.code for item in found_in(document, project_scheme(), tmp_path / "a.xlsx")]
    assert [code for code in found if code in ("W312", "W314")] == codes


@pytest.mark.parametrize(("self_score", "told"), [("2.66", False), ("2.65", True), ("3.33", False), ("3.34", True)])
def test_a_band_is_rounded_to_the_cent(self_score: str, *, told: bool, tmp_path: Path) -> None:
    """80% of 3.33 is 2.664."""
    small = *row(1, weight="86.67", self_score="86.67"), *row(2, weight="3.33", self_score=self_score, reason="酌情")
    codes = {item.code for item in found_in(project_document(*small), project_scheme(), tmp_path / "a.xlsx")}
    assert bool(codes & {"W314", "E305"}) is told


@pytest.mark.parametrize(("written", "notes"), [("不适用", set()), ("略", {"E102"}), ("20", set())])
def test_the_note_of_a_score_that_may_be_not_applicable(written: str, notes: set[str], tmp_path: Path) -> None:
    document = district_document(put("scores.P4.self", written))
    write(tmp_path / "notes.xlsx", district_scheme(), field_values(document, district_scheme()))
    assert notes_of(tmp_path / "notes.xlsx", district_scheme())["scores", "P4"] == notes


def test_a_result_without_a_band_has_none_to_leave(tmp_path: Path) -> None:
    document = project_document(*row(2, actual="未达成", self_score="1", reason="酌情"), *own("K1", "51", "酌情"))
    codes = {item.code for item in found_in(document, project_scheme(), tmp_path / "a.xlsx")}
    assert codes >= {"W312"} and "W314" not in codes


def test_a_self_score_above_the_weight_is_that_alone(tmp_path: Path) -> None:
    document = project_document(*row(2, self_score="40.01"), *own("K1", "90"))
    codes = [item.code for item in found_in(document, project_scheme(), tmp_path / "a.xlsx")]
    assert codes == ["E305"]


def test_a_band_whose_self_score_must_be_there_misses_that_alone(tmp_path: Path) -> None:
    scheme = project_scheme(
        (
            'label = "self_score"\ntype = "points"\nrequired = false',
            'label = "self_score"\ntype = "points"\nrequired = true',
        )
    )
    codes = [item.code for item in found_in(project_document(*row(2, self_score=None)), scheme, tmp_path / "a.xlsx")]
    assert codes == ["E101"]


@pytest.mark.parametrize(("allowed", "codes"), [("true", []), ("false", ["E304"])])
def test_negative_targets_are_as_the_scheme_has_them(allowed: str, codes: list[str], tmp_path: Path) -> None:
    scheme = project_scheme(("kpi_rows = 12", f"kpi_rows = 12\nnegative_targets = {allowed}"))
    document = project_document(*row(1, symbol="≤", target="-5", actual="-6", unit="%"))
    assert [item.code for item in found_in(document, scheme, tmp_path / "a.xlsx")] == codes


# Completion beside spending.

SPENT = put("funds.all.spent", "94.99"), put("funds.finance.spent", "75.99"), *own("R1", "9.5", "尾款")


@pytest.mark.parametrize(("edits", "codes"), [((), []), (SPENT, ["W406"])])
def test_completion_is_held_against_the_rate_itself(edits: tuple[Edit, ...], codes: list[str], tmp_path: Path) -> None:
    """100% beside 95% and 94.99%, whose points are 9.50 both."""
    found = found_in(project_document(*edits), project_scheme(), tmp_path / "a.xlsx")
    assert [item.code for item in found] == codes
    for item in found:
        assert "绩效指标得分率 100.00% 与支出率 94.99% 相差 5.01 个百分点" in item.message


def test_tiers_do_not_stand_for_the_rate(tmp_path: Path) -> None:
    """A rate of 96% earns 60% of its points, and is no 40 points away from full completion."""
    tiers = 'kind = "tiers"\nsettings.tiers = [[1, 10], [0.9, 6]]\nsettings.numerator'
    scheme = project_scheme(('kind = "ratio"\nsettings.numerator', tiers))
    document = project_document(put("funds.all.spent", "96"), put("funds.finance.spent", "77"), *own("R1", "6", "尾款"))
    assert found_in(document, scheme, tmp_path / "a.xlsx") == []


def test_beyond_all_of_it_nothing_is_compared_with_more(tmp_path: Path) -> None:
    """A rate of 120% is an error of its own; it counts as 100%."""
    spent = put("funds.all.spent", "120"), put("funds.finance.spent", "100"), put("funds.other.spent", "20")
    codes = {item.code for item in found_in(project_document(*spent), project_scheme(), tmp_path / "a.xlsx")}
    assert "E203" in codes and "W406" not in codes
    low = *row(1, actual="37.5", self_score="46.87", reason="少"), *own("K1", "86.87", "少")
    codes = {item.code for item in found_in(project_document(*spent, *low), project_scheme(), tmp_path / "b.xlsx")}
    assert "W406" not in codes, "96.52% beside 100%"


def test_a_self_score_above_what_counts_is_no_low_one(tmp_path: Path) -> None:
    """A row counts 40 of 50: what is below the computed 90 and above what counts of the rows is no deduction."""
    document = project_document(*row(1, self_score="40", reason="酌情"), *own("K1", "85", "酌情"))
    codes = [item.code for item in found_in(document, project_scheme(), tmp_path / "a.xlsx")]
    assert codes == ["W310"]
    document = project_document(*row(1, self_score="40", reason="酌情"), *own("K1", "80", "酌情"))
    assert [item.code for item in found_in(document, project_scheme(), tmp_path / "b.xlsx")] == ["I404"]


def test_a_scheme_without_a_spending_rate_is_asked_nothing_of_it(tmp_path: Path) -> None:
    scheme = district_scheme(('spending_rate = "预算完成率"\n', ""))
    assert scheme.spending_rate is None
    document = district_document(put("facts.完成数", "1"), put("facts.预算数", "0"))
    assert found_in(document, scheme, tmp_path / "a.xlsx") == []


def test_points_of_a_band() -> None:
    from perfxl.findings.kpis import band_points, band_words

    assert band_points(Decimal("3.33"), Decimal("0.8"), Decimal(1)) == (Decimal("2.66"), Decimal("3.33"))
    assert band_words(Decimal("0.825"), Decimal(1)) == "82.5%～100%"


def test_every_row_of_the_form_has_a_place() -> None:
    for scheme in (project_scheme(), district_scheme()):
        assert layout_of(scheme).places
