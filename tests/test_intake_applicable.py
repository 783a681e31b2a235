"""What does not apply to a department: of its cells nothing is asked, nothing said, and nothing counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.intake.applicable import Applying
from perfxl.intake.submission import document_of, read_submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout import layout_of
from perfxl.layout.fields import NOT_APPLICABLE
from perfxl.results.batch import Status
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import Document, Edit, cell_of, edited, filled, process, put
from tests.form_schemes import district_document, district_scheme, project_document, project_scheme

TOWN = put("department.category", "镇街")
BLANK = (put("facts.应办件", None), put("facts.按期办结", None), put("scores.P3.self", None))
NA = put("scores.P4.self", NOT_APPLICABLE)


def codes(document: Document, scheme: Scheme, path: Path) -> list[str]:
    return [item.code for item in process(filled(document, scheme, path), scheme).findings]


def tables_of(document: Document, scheme: Scheme, path: Path) -> Tables:
    layout = layout_of(scheme)
    submission = read_submission(filled(document, scheme, path).read_bytes(), layout, Limits())
    return Tables(layout, {"a": submission})


@pytest.mark.parametrize(("category", "expected"), [("部门", ["E101", "E101", "E101"]), ("镇街", [])])
def test_blanks_of_what_does_not_apply_are_no_want(category: str, expected: list[str], tmp_path: Path) -> None:
    document = district_document(put("department.category", category), *BLANK)
    assert codes(document, district_scheme(), tmp_path / "a.xlsx") == expected


def test_without_a_category_everything_applies(tmp_path: Path) -> None:
    document = district_document(put("department.category", None), *BLANK)
    assert codes(document, district_scheme(), tmp_path / "a.xlsx") == ["E101"] * 4


@pytest.mark.parametrize(
    "edits",
    [
        (put("facts.应办件", "待定"),),
        (put("facts.应办件", "-1"),),
        (put("facts.应办件", "3.5"),),
        (put("facts.应办件", "１０"),),
        (put("facts.按期办结", "11"),),
        (put("facts.应办件", "0"), put("facts.按期办结", "0")),
        (put("scores.P3.self", "21"),),
        (put("scores.P3.self", "15"),),
        (put("scores.P3.self", NOT_APPLICABLE),),
        (put("scores.P3.self", "略"),),
        (put("scores.P3.reason", "未按时办结"),),
    ],
)
def test_nothing_is_said_of_what_does_not_apply(edits: tuple[Edit, ...], tmp_path: Path) -> None:
    """And something is of the same where it does."""
    scheme = district_scheme()
    assert codes(district_document(*edits), scheme, tmp_path / "a.xlsx") != []
    assert codes(district_document(TOWN, *edits), scheme, tmp_path / "b.xlsx") == []


def test_what_stands_there_is_given_back_and_not_counted(tmp_path: Path) -> None:
    scheme = district_scheme()
    document = district_document(TOWN, put("facts.应办件", "待定"), put("facts.按期办结", "7"))
    tables = tables_of(document, scheme, tmp_path / "a.xlsx")
    submission = tables.submissions["a"]
    assert document_of(submission, layout_of(scheme)) == document
    assert submission.contents()["facts", "应办件", "value"] == "待定"
    assert tables.inputs["a"].facts["按期办结"] is None
    assert tables.facts.frame().loc["a", "按期办结"] is None
    assert list(tables.scores["key"]) == ["J1", "K1", "P1", "P2", "P4"]


def test_the_tables_hold_what_applies(tmp_path: Path) -> None:
    tables = tables_of(district_document(), district_scheme(), tmp_path / "a.xlsx")
    assert list(tables.scores["key"]) == ["J1", "K1", "P1", "P2", "P3", "P4"]
    assert str(tables.facts.frame().loc["a", "按期办结"]) == "10"


def test_a_scheme_that_asks_all_of_everyone_asks_nothing_more(scheme: Scheme, tmp_path: Path) -> None:
    path = filled(project_document(), project_scheme(), tmp_path / "a.xlsx")
    assert read_submission(path.read_bytes(), layout_of(project_scheme()), Limits()).applying is None
    assert not scheme.restricted


def test_what_the_template_does_not_compute_is_not_compared(tmp_path: Path) -> None:
    """The fact is everyone's, the indicator is not: the reader could compute it all the same."""
    rule = 'settings.numerator = ["按期办结"]\nsettings.denominator = ["应办件"]', 'settings.value = "满意度"'
    scheme = district_scheme(rule)
    document = district_document(TOWN, put("scores.P3.self", None))
    tables = tables_of(document, scheme, tmp_path / "a.xlsx")
    assert tables.outcomes["a"]["P3"].score is not None
    assert codes(document, scheme, tmp_path / "a.xlsx") == []


def test_a_whole_of_nothing_is_no_matter_of_an_indicator_that_does_not_apply(tmp_path: Path) -> None:
    """Though the fact is everyone's, for an indicator that gives full points then."""
    shared = 'settings.numerator = ["按期办结"]\nsettings.denominator = ["应办件"]\nsettings.na = "满分"'
    scheme = district_scheme(
        ('settings.value = "满意度"', shared),
        ('unit = "件"\ncategories = ["部门"]', 'unit = "件"'),
        ('part_of = "应办件"\ncategories = ["部门"]', 'part_of = "应办件"'),
    )
    nothing = put("facts.应办件", "0"), put("facts.按期办结", "0"), put("scores.P2.self", "30")
    told = codes(district_document(*nothing, put("scores.P3.self", "0")), scheme, tmp_path / "a.xlsx")
    assert told == ["W208", "E402"]
    assert codes(district_document(TOWN, *nothing), scheme, tmp_path / "b.xlsx") == []


# 不适用, said by the department.


def test_the_department_may_say_so_where_the_scheme_lets_it(tmp_path: Path) -> None:
    scheme = district_scheme()
    document = district_document(NA)
    path = filled(document, scheme, tmp_path / "a.xlsx")
    scored = process(path, scheme)
    assert scored.findings == [] and scored.record.status is Status.SCORED
    submission = read_submission(path.read_bytes(), layout_of(scheme), Limits())
    assert submission.value("scores", "P4", "self") == NOT_APPLICABLE
    assert isinstance(submission.applying, Applying) and "P4" not in submission.applying.codes
    assert document_of(submission, layout_of(scheme)) == document


@pytest.mark.parametrize("written", ["不适用", " 不适用　"])
def test_it_may_stand_between_spaces(written: str, tmp_path: Path) -> None:
    document = district_document(put("scores.P4.self", written))
    assert codes(document, district_scheme(), tmp_path / "a.xlsx") == []


@pytest.mark.parametrize(("written", "code"), [("不适用的", "E102"), ("无", "E110"), ("免", "E102"), (None, "E101")])
def test_other_words_are_no_such_word(written: str | None, code: str, tmp_path: Path) -> None:
    document = district_document(put("scores.P4.self", written))
    assert codes(document, district_scheme(), tmp_path / "a.xlsx") == [code]


def test_where_the_scheme_does_not_let_it_that_is_told(scheme: Scheme, tmp_path: Path) -> None:
    from tests.findings import clean_document

    for form, document, code in (
        (district_scheme(), district_document(put("scores.P2.self", NOT_APPLICABLE)), "P2"),
        (scheme, clean_document(put("scores.B52.self", NOT_APPLICABLE)), "B52"),
    ):
        (finding,) = process(filled(document, form, tmp_path / f"{code}.xlsx"), form).findings
        assert finding.code == "E119" and finding.severity == "error"
        assert finding.value == NOT_APPLICABLE and "没有允许" in finding.message and code in finding.message
        assert (finding.sheet, finding.cell) == cell_of(form, ("scores", code, "self"))


def test_elsewhere_the_word_is_no_number(scheme: Scheme, tmp_path: Path) -> None:
    from tests.findings import clean_document

    document = clean_document(put("facts.contracts_total", NOT_APPLICABLE))
    (finding,) = process(filled(document, scheme, tmp_path / "a.xlsx"), scheme).findings
    assert finding.code == "E102"


def test_facts_that_only_such_an_indicator_needs_are_not_asked(tmp_path: Path) -> None:
    """P1 may be declared too; its facts are nobody else's."""
    scheme = district_scheme(('code = "P1"', 'code = "P1"\ndeclared = true'))
    wants = put("facts.在职人数", None), put("facts.编制数", None)
    document = district_document(*wants)
    assert codes(document, scheme, tmp_path / "a.xlsx") == ["E101", "E101"]
    document = edited(document, put("scores.P1.self", NOT_APPLICABLE))
    assert codes(document, scheme, tmp_path / "b.xlsx") == []


# KPI rows of an indicator that does not apply.

TWO_CATEGORIES = (
    ('[[categories]]\nname = "本级"', '[[categories]]\nname = "本级"\n\n[[categories]]\nname = "镇街"'),
    ('settings.levels = ["产出指标", "效益指标"]', 'settings.levels = ["产出指标", "效益指标"]\ncategories = ["本级"]'),
)


@pytest.mark.parametrize(
    "edits",
    [
        (put("kpis", []),),
        (put("kpis.0.symbol", None),),
        (put("kpis.0.weight", "60"),),
        (put("kpis.0.target", "约 40"),),
        (put("kpis.0.self_score", "51"),),
        (put("kpis.1.actual", "尚可"),),
        (put("kpis.0.evidence", None),),
    ],
)
def test_the_kpis_of_an_indicator_that_does_not_apply(edits: tuple[Edit, ...], tmp_path: Path) -> None:
    scheme = project_scheme(*TWO_CATEGORIES)
    assert codes(project_document(*edits), scheme, tmp_path / "a.xlsx") != []
    document = project_document(put("department.category", "镇街"), put("scores.K1.self", None), *edits)
    assert codes(document, scheme, tmp_path / "b.xlsx") == []


# Blank self scores.


def test_blank_self_scores_are_no_want_where_data_alone_are_scored(tmp_path: Path) -> None:
    blanks = put("scores.K1.self", None), put("scores.R1.self", None), put("scores.R1.reason", None)
    assert codes(project_document(*blanks), project_scheme(), tmp_path / "a.xlsx") == []
    required = project_scheme(('blank_self = "按计算得分"', 'blank_self = "必填"'))
    assert codes(project_document(*blanks), required, tmp_path / "b.xlsx") == ["E101", "E101"]


def test_a_total_that_is_no_plain_sum_is_not_compared_with_one(tmp_path: Path) -> None:
    """Of what the template shows below blank self scores, points outside the hundred or scaled ones."""
    blanks = put("scores.K1.self", None), put("scores.R1.self", "9")
    assert "W701" not in codes(project_document(*blanks), project_scheme(), tmp_path / "a.xlsx")
    outside = put("scores.J1.self", "2"), put("facts.表彰次数", "2"), put("scores.J1.reason", "省级表彰 2 次")
    assert codes(district_document(*outside), district_scheme(), tmp_path / "b.xlsx") == []
    assert codes(district_document(TOWN, NA, *BLANK), district_scheme(), tmp_path / "c.xlsx") == []
