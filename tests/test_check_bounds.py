"""Where a check begins to speak: on its bound, and one step beyond it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.intake.discover import Found
from perfxl.rules.judged import Judged
from perfxl.rules.ratio import Ratio
from perfxl.run.chunk import process_chunk
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import Document, Edit, filled, process, put
from tests.findings import clean_document, findings_of, write_values
from tests.test_check_kpis import own, row


def funds(kind: str, adjusted: str, spent: str, initial: str | None = None) -> tuple[Edit, ...]:
    """A row of the funds table."""
    edits = put(f"funds.{kind}.adjusted", adjusted), put(f"funds.{kind}.spent", spent)
    return edits if initial is None else (*edits, put(f"funds.{kind}.initial", initial))


# Total 95%, basic 100%, project 90%, the task 60%.
RATES = (
    *funds("total", "640", "608", "640"), *funds("basic", "320", "320"), *funds("project", "320", "288"),
    put("tasks.0.budget", "100"), put("tasks.0.spent", "60"), *own("A03", "9.5", "尾款未到付款期"),
)  # fmt: skip
NOTHING = tuple(edit for kind in ("total", "basic", "project") for edit in funds(kind, "0", "0"))
SPENT_OF_NOTHING = (*NOTHING, put("funds.total.spent", "5"), put("funds.basic.spent", "5"))
UNEXPLAINED = put("facts.budget_change_reason", None)

UNKNOWN_RATE = (*RATES, put("funds.total.spent", None), *own("A03", "9.5", "支出率为90%"))


def told(rate: str) -> tuple[Edit, ...]:
    return *RATES, put("narrative.problems", f"全年支出率为{rate}%")


def without_benefits(document: Document) -> None:
    document["kpis"] = [kpi for kpi in document["kpis"] if kpi["level1"] == "产出指标"]


CASES: list[tuple[str, str, tuple[Edit, ...], bool]] = [
    ("W313", "target of 1 beside 95", row(9, target="1", actual="95"), True),
    ("W313", "target just above 1", row(9, target="1.01", actual="95"), False),
    ("W313", "target of 0", row(9, target="0", actual="95"), False),
    ("W313", "smallest target", row(9, target="0.01", actual="95"), True),
    ("W313", "actual just above 10", row(9, target="0.9", actual="10.01"), True),
    ("W313", "actual of 10", row(9, target="0.9", actual="10"), False),
    ("W313", "the other way round", row(9, target="90", actual="1"), True),
    ("W313", "the other way round, just above 1", row(9, target="90", actual="1.01"), False),
    ("W313", "another unit", row(9, target="0.9", actual="95", unit="分"), False),
    ("W313", "no unit", row(9, target="0.9", actual="95", unit=None), False),
    ("W501", "two points above", told("97"), True),
    ("W501", "more than two points above", told("97.1"), False),
    ("W501", "two points below", told("93"), True),
    ("W501", "more than two points below", told("92.9"), False),
    ("W501", "the rate itself", told("95.0"), False),
    ("W501", "one place more than is right", told("95.1"), True),
    ("W501", "the rate of a part", told("90"), False),
    ("W501", "the rate of a task", told("60"), False),
    ("W501", "of a part, beside the score of the rate", (*RATES, *own("A03", "9.5", "支出率为96%")), True),
    ("W501", "far off, beside the score of the rate", (*RATES, *own("A03", "9.5", "支出率为90%")), False),
    ("W501", "beside another score", (*RATES, *own("B41", "2.5", "支出率为90%")), False),
    ("W501", "a second rate in one text", told("95%，支出进度为97"), True),
    ("W501", "after one of which nothing is known", (*UNKNOWN_RATE, *own("B41", "2.5", "支出率为91%")), True),
    ("W501", "of a budget of one",
     (*funds("total", "1", "0.95"), put("narrative.problems", "支出率为96%")), True),
    ("W501", "in an explanation", (*RATES, put("facts.budget_change_reason", "支出率为97%")), True),
    ("W403", "full marks", own("B41", "5", "缺漏"), True),
    ("E203", "nothing to spend", SPENT_OF_NOTHING, False),
    ("W204", "nothing to spend", SPENT_OF_NOTHING, True),
    ("E201", "nothing to spend", (*NOTHING, put("scores.A03.self", "0")), True),
    ("E201", "a cent to spend", (*funds("total", "0.01", "0"), *funds("basic", "0.01", "0")), False),
    ("E203", "all spent", funds("total", "640", "640"), False),
    ("E203", "a cent more", funds("total", "640", "640.01"), True),
    ("E203", "of the smallest budget", funds("total", "0.01", "0.02"), True),
    ("W205", "raised by a tenth", (*funds("total", "110", "100", "100"), UNEXPLAINED), False),
    ("W205", "raised by more", (*funds("total", "110.01", "100", "100"), UNEXPLAINED), True),
    ("W205", "lowered by more", (*funds("total", "89.99", "80", "100"), UNEXPLAINED), True),
    ("W205", "with a reason", funds("total", "200", "200", "100"), False),
    ("W205", "from nothing", (*funds("total", "200", "200", "0"), UNEXPLAINED), False),
    ("W206", "nine tenths", funds("total", "100", "90"), False),
    ("W206", "less", funds("total", "100", "89.99"), True),
    ("W206", "of nothing", funds("total", "0", "0"), False),
    ("E207", "all of the whole", (put("facts.contracts_signed_30d", "4"),), False),
    ("E207", "one more", (put("facts.contracts_signed_30d", "5"),), True),
    ("W209", "all of its budget", (put("tasks.0.spent", "35.35"),), False),
    ("W209", "a cent more", (put("tasks.0.spent", "35.36"),), True),
    ("W308", "120%", row(9, target="50", actual="60"), False),
    ("W308", "more", row(9, target="50", actual="60.01"), True),
    ("W310", "a cent apart", row(1, self_score="3.99", reason="酌情"), False),
    ("W310", "two cents apart", row(1, self_score="3.98", reason="酌情"), True),
    ("E401", "all points", own("B52", "1"), False),
    ("E401", "a cent more", own("B52", "1.01"), True),
    ("E402", "a cent less", own("B52", "0.99"), True),
    ("W403", "a cent above the computed", own("B41", "2.51", "缺漏"), False),
    ("W403", "two cents above", own("B41", "2.52", "缺漏"), True),
    ("W403", "above the points", own("B41", "5.01", "缺漏"), False),
    ("I404", "a cent below the computed", own("B41", "2.49", "缺漏"), False),
    ("I404", "two cents below", own("B41", "2.48", "缺漏"), True),
    ("E303", "one weight of five", tuple(edit for number in range(2, 6) for edit in row(number, weight=None)), True),
    ("E303", "no weight", tuple(edit for number in range(1, 6) for edit in row(number, weight=None)), False),
    ("E302", "one weight blank", row(1, weight=None), False),
    ("E302", "a cent too much", row(1, weight="4.01"), True),
    ("E304", "target of 0", row(1, target="0"), False),
    ("E304", "just below", row(1, target="-0.01"), True),
    ("E305", "all of its weight", row(1, self_score="4"), False),
    ("E305", "a cent more", row(1, self_score="4.01"), True),
    ("W306", "no second level", row(1, level2=None), False),
    ("W306", "of another first level", row(1, level2="服务对象满意度指标"), True),
    ("E301", "of the second indicator", (without_benefits,), True),
    ("E303", "of the second indicator", row(7, weight=None), True),
    ("W310", "of the second indicator", (*row(1, self_score=None), *row(6, self_score="4", reason="酌情")), True),
    ("W205", "from one", (*funds("total", "2", "2", "1"), *funds("basic", "2", "2"), UNEXPLAINED), True),
    ("W206", "of a budget of one", (*NOTHING, *funds("total", "1", "0.8"), *funds("basic", "1", "0.8")), True),
    ("W307", "at least 0", row(1, target="0"), True),
    ("W307", "equal to 0", row(4, target="0", actual="0"), False),
    ("W307", "at least 0.01", row(1, target="0.01"), False),
    ("W308", "equal, and more", row(4, actual="12.01"), True),
    ("W308", "at most", row(4, symbol="≤", actual="13"), False),
    ("W308", "of nothing", row(9, target="0", actual="5"), False),
    ("W309", "a cent less", row(1, self_score="3.99"), True),
    ("W309", "with a reason", row(1, self_score="3.99", reason="酌情"), False),
    ("W309", "all of its weight", row(1, self_score="4"), False),
    ("W310", "one without a self score", row(1, self_score=None), False),
    ("W310", "two cents more", row(1, self_score="4.02"), True),
    ("W312", "a cent above the computed", row(1, actual="34.9"), False),
    ("W312", "two cents above", row(1, actual="34.8"), True),
    ("W312", "above the weight", row(1, actual="28", self_score="4.5"), False),
    ("E202", "a part blank", (put("funds.basic.adjusted", None),), False),
    ("E202", "a cent less", (put("funds.basic.spent", "549.91"),), True),
    ("W208", "nothing at all", (put("facts.fixed_assets_total", "0"), put("facts.fixed_assets_in_use", "0")), True),
    ("W208", "a cent", (put("facts.fixed_assets_total", "0.01"), put("facts.fixed_assets_in_use", "0.01")), False),
    ("W208", "a whole that may be nothing", (put("facts.contracts_total", "0"), put("facts.contracts_signed_30d", "0"),
                                             put("facts.contracts_filed", "0")), False),
    ("W208", "the funds", NOTHING, False),
    ("W208", "a base of nothing that leaves full points",
     (put("funds.total.initial", "0"), put("facts.budget_added", "0")), False),
    ("W405", "less than full marks", own("B52", "0.5", "内控制度未及时修订"), False),
    ("W405", "full marks", own("B52", "1", "内控制度未及时修订"), True),
    ("W405", "full marks without a reason", own("B52", "1"), False),
    ("W406", "no budget", NOTHING, False),
    ("W406", "no spending", (put("funds.total.spent", None),), False),
    ("W406", "five points apart", (*row(8, actual="达成预期"), *funds("total", "100", "95")), False),
    ("W406", "more", (*row(8, actual="达成预期"), *funds("total", "100", "94.9")), True),
    ("W406", "the spending ahead", (*row(1, actual="0"), *row(2, actual="0"), *funds("total", "100", "100")), True),
]  # fmt: skip


@pytest.mark.parametrize(("code", "edits", "fires"), [case[:1] + case[2:] for case in CASES],
                         ids=[f"{code} {name}" for code, name, *_ in CASES])  # fmt: skip
def test_bounds(
    code: str, edits: tuple[Edit, ...], fires: bool, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where one slip sets off two checks, one is told; here each is asked.
    monkeypatch.setattr("perfxl.checks.catalogue.told_once", lambda found, *_: found)
    found = findings_of(clean_document(*edits), scheme, tmp_path / "one.xlsx")
    assert (code in {item.code for item in found}) is fires, [f"{item.code} {item.message}" for item in found]


@pytest.mark.parametrize(
    ("code", "edits", "words"),
    [
        ("W205", (*funds("total", "200", "200", "100"), UNEXPLAINED), "变动 100.00%，超过 10%，"),
        ("W206", funds("total", "100", "80"), "80.00%，低于 90%，"),
        ("W308", row(9, target="50", actual="100"), "完成率 200.00%，超过 120%"),
    ],
)
def test_a_bound_is_told_without_idle_places(
    code: str, edits: tuple[Edit, ...], words: str, scheme: Scheme, tmp_path: Path
) -> None:
    found = findings_of(clean_document(*edits), scheme, tmp_path / "one.xlsx")
    (message,) = (item.message for item in found if item.code == code)
    assert words in message


@pytest.mark.parametrize(
    ("code", "threshold", "limit", "edits", "words"),
    [
        ("W205", "budget_change", "0.95", (*funds("total", "200", "200", "100"), UNEXPLAINED), "超过 95%，"),
        ("W206", "low_rate", "0.95", funds("total", "100", "80"), "低于 95%，"),
        ("W308", "over_target", "1.15", row(9, target="50", actual="100"), "超过 115%"),
    ],
)
def test_a_bound_is_told_to_the_percent(
    code: str, threshold: str, limit: str, edits: tuple[Edit, ...], words: str, scheme: Scheme, tmp_path: Path
) -> None:
    other = replace(scheme, thresholds=replace(scheme.thresholds, **{threshold: Decimal(limit)}))
    found = findings_of(clean_document(*edits), other, tmp_path / "one.xlsx")
    assert any(words in item.message for item in found if item.code == code)


@pytest.mark.parametrize(("judged", "cell"), [("A03", "I6"), ("A01 A02", None)])
def test_a_scheme_without_the_indicators_of_a_check(
    judged: str, cell: str | None, scheme: Scheme, tmp_path: Path
) -> None:
    """Where no rule scores the spending rate it is held against the KPIs all the same; without KPIs against nothing."""
    indicators = tuple(
        replace(item, kind="judged", rule=Judged()) if item.code in judged else item for item in scheme.indicators
    )
    other = replace(scheme, indicators=indicators)
    found = findings_of(clean_document(*funds("total", "100", "50")), other, tmp_path / "one.xlsx")
    assert [item.cell for item in found if item.code == "W406"] == ([cell] if cell else [])


def test_a_whole_of_several_facts_is_blamed_on_the_first(scheme: Scheme, tmp_path: Path) -> None:
    both = ("fixed_assets_total", "fixed_assets_in_use")
    indicators = tuple(
        replace(item, kind="ratio", rule=Ratio(both[1:], both)) if item.code == "B66" else item
        for item in scheme.indicators
    )
    nothing = [put(f"facts.{key}", "0") for key in both]
    found = findings_of(clean_document(*nothing), replace(scheme, indicators=indicators), tmp_path / "one.xlsx")
    assert [item.fields for item in found if item.code == "W208"] == [(("facts", both[0], "value"),)]


def test_a_weight_that_cannot_be_read_hides_no_blank_of_another_indicator(scheme: Scheme, tmp_path: Path) -> None:
    path = write_values(scheme, tmp_path / "one.xlsx", {("kpis", "2", "weight"): "约 4", ("kpis", "7", "weight"): None})
    found = [item.fields for item in process(path, scheme).findings if item.code == "E303"]
    assert found == [(("kpis", "7", "weight"),)]


def test_a_workbook_that_a_check_passes_over_does_not_end_it(scheme: Scheme, tmp_path: Path) -> None:
    documents = clean_document(put("funds.total.spent", None)), clean_document(*funds("total", "100", "50"))
    paths = [filled(document, scheme, tmp_path / f"{number}.xlsx") for number, document in enumerate(documents)]
    chunk = process_chunk([Found(path, path.name) for path in paths], scheme, Limits())
    told = [{item.code for item in scored.findings} & {"W406"} for scored in chunk]
    assert told == [set(), {"W406"}]
