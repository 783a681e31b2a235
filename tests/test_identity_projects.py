"""Projects of one unit are evaluated one by one: which workbook of each counts, what clashes, what the roster says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from perfxl.lists.exemptions import Exemption
from perfxl.lists.roster import Listed, Roster
from perfxl.results.batch import Batch, Status
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import Identity, identity_of
from tests.books import Edit, filled, put
from tests.folders import findings_on, records, run_batch
from tests.form_schemes import project_document, project_scheme
from tests.test_identity_in_runs import identity_codes, statuses

UNIT, OTHER = ("440118001", "示例教育局"), ("440118002", "示例卫生局")
ONE, TWO, THREE = "校园信息化建设", "教室改造工程", "教师培训经费"


@pytest.fixture(scope="module")
def projects() -> Scheme:
    return project_scheme()


def book(
    path: Path, project: str | None, code: str | None = None, unit: tuple[str | None, str | None] = UNIT,
    day: str | None = None, *edits: Edit,
) -> None:  # fmt: skip
    """A workbook without a fault of a project."""
    given = (
        put("department.code", unit[0]), put("department.name", unit[1]), put("department.project", project),
        put("department.project_code", code), put("department.filled_on", day),
    )  # fmt: skip
    document = project_document(*given, *edits)
    for key in ("project_code", "filled_on"):
        if document["department"][key] is None:
            del document["department"][key]
    filled(document, project_scheme(), path)


def titles(batch: Batch) -> set[str]:
    return {item.title for item in batch.departments}


# Which of several counts


def test_two_projects_of_one_unit_are_two(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE)
    book(tmp_path / "in" / "b.xlsx", TWO)
    batch = run_batch(tmp_path / "in", projects)
    assert statuses(batch) == {"a": "scored", "b": "scored"}
    assert titles(batch) == {ONE, TWO} and batch.findings == []
    assert {record.department for record in batch.files} == {ONE, TWO}


def test_two_workbooks_of_one_project_are_one(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE, "X001", UNIT, "2023-03-09")
    book(tmp_path / "in" / "b.xlsx", f" {ONE}", "ｘ００１", ("0440118001", "示例 教育局"), "2023-03-10")
    book(tmp_path / "in" / "c.xlsx", TWO, "X002", UNIT, "2023-03-08")
    batch = run_batch(tmp_path / "in", projects)
    assert statuses(batch) == {"a": "superseded", "b": "scored", "c": "scored"}
    assert records(batch)["a.xlsx"].reason == "同一项目另有“b.xlsx”，填报日期 2023-03-10 更新，以后者为准"


def test_where_departments_are_evaluated_a_second_workbook_takes_the_place_of_the_first(tmp_path: Path) -> None:
    departments = project_scheme(('kind = "project"\n', ""))
    document = project_document()
    for key in ("project", "project_code"):
        del document["department"][key]
    for name, day in (("a", "2023-03-09"), ("b", "2023-03-10")):
        document["department"]["filled_on"] = day
        filled(document, departments, tmp_path / "in" / f"{name}.xlsx")
    batch = run_batch(tmp_path / "in", departments)
    assert statuses(batch) == {"a": "superseded", "b": "scored"}
    assert "同一部门另有" in records(batch)["a.xlsx"].reason


def test_one_name_in_two_units_are_two_projects(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE)
    book(tmp_path / "in" / "b.xlsx", ONE, None, OTHER)
    batch = run_batch(tmp_path / "in", projects)
    assert statuses(batch) == {"a": "scored", "b": "scored"} and batch.findings == []


@pytest.mark.parametrize(("project", "code"), [(ONE, None), (None, "X001")])
def test_a_blank_belongs_to_the_one_project_that_has_it(
    project: str | None, code: str | None, projects: Scheme, tmp_path: Path
) -> None:
    book(tmp_path / "in" / "a.xlsx", project, code, UNIT, "2023-03-09")
    book(tmp_path / "in" / "b.xlsx", ONE, "X001", UNIT, "2023-03-10")
    book(tmp_path / "in" / "c.xlsx", TWO, "X002", UNIT, "2023-03-10")
    assert statuses(run_batch(tmp_path / "in", projects)) == {"a": "superseded", "b": "scored", "c": "scored"}


def test_a_workbook_that_names_no_project_is_nobodys_newer_one(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", None, None, UNIT, "2023-03-12")
    book(tmp_path / "in" / "b.xlsx", ONE, "X001", UNIT, "2023-03-10")
    assert statuses(run_batch(tmp_path / "in", projects)) == {"a": "returned", "b": "scored"}


@pytest.mark.parametrize(
    ("own", "other", "may"),
    [
        (("1", ""), ("1", "甲"), True),
        (("", "甲"), ("1", "甲"), True),
        (("1", "乙"), ("1", "甲"), False),
        (("1", "甲"), ("1", "甲"), False),
        (("", ""), ("1", "甲"), False),
        (("1", ""), ("", "甲"), False),
        (("1", "甲", "道路"), ("1", "甲", "道路", "X1"), True),
        (("1", "甲", "", "X1"), ("1", "甲", "道路", "X1"), True),
        (("1", "甲", "道路", "X2"), ("1", "甲", "道路", "X1"), False),
        (("1", "甲"), ("1", "甲", "道路", "X1"), False),
        (("", "", "道路"), ("1", "甲", "道路"), False),
        (("1", "", "道路"), ("1", "甲", "道路"), True),
    ],
)
def test_who_may_be_whom(own: tuple[str, ...], other: tuple[str, ...], may: bool) -> None:
    assert identity_of(*own).may_be(identity_of(*other)) is may


def test_spelling_makes_no_other_identity() -> None:
    assert identity_of("０01", "甲 局", "道路　改造", "x-1") == identity_of("1", "甲局", "道路改造", "X-1")
    assert identity_of("1", "甲") == Identity("1", "甲", "", "")


# What clashes


def test_one_code_of_two_projects_is_an_error(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE, "X001")
    book(tmp_path / "in" / "b.xlsx", TWO, "X001")
    book(tmp_path / "in" / "c.xlsx", THREE, "X003")
    batch = run_batch(tmp_path / "in", projects)
    assert statuses(batch) == {"a": "returned", "b": "returned", "c": "scored"}
    (finding,) = findings_on(batch, "a.xlsx")
    assert (finding.code, finding.title, finding.department) == ("E601", "项目代码重复", ONE)
    assert finding.message == f"“{ONE}”的项目代码 X001 与“{TWO}”相同"
    assert finding.fields == (("identity", "department.project_code", "value"),)


def test_one_project_with_two_codes_is_told(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE, "X001")
    book(tmp_path / "in" / "b.xlsx", ONE, "X002")
    book(tmp_path / "in" / "c.xlsx", ONE, "X003", OTHER)
    batch = run_batch(tmp_path / "in", projects)
    assert identity_codes(batch, "a") == identity_codes(batch, "b") == ["W602"]
    assert identity_codes(batch, "c") == [], "of another unit"
    (finding,) = findings_on(batch, "a.xlsx")
    assert (finding.title, finding.value) == ("同一项目有不同代码", "X001") and "X002" in finding.message


def test_one_code_of_two_units_is_an_error_on_all_of_their_projects(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE)
    book(tmp_path / "in" / "b.xlsx", TWO)
    book(tmp_path / "in" / "c.xlsx", THREE, None, (UNIT[0], OTHER[1]))
    batch = run_batch(tmp_path / "in", projects)
    assert {name: identity_codes(batch, name) for name in "abc"} == {"a": ["E601"], "b": ["E601"], "c": ["E601"]}
    (finding,) = findings_on(batch, "a.xlsx")
    assert finding.message == "“示例教育局”的预算单位编码 440118001 与“示例卫生局”相同"
    assert finding.title == "预算单位编码重复"


def test_one_unit_with_two_codes_is_told(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE)
    book(tmp_path / "in" / "b.xlsx", TWO, None, (OTHER[0], UNIT[1]))
    batch = run_batch(tmp_path / "in", projects)
    assert identity_codes(batch, "a") == identity_codes(batch, "b") == ["W602"]
    (finding,) = findings_on(batch, "b.xlsx")
    assert "440118001" in finding.message and finding.value == "440118002"


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (f"{TWO}.xlsx", TWO),
        (f"{UNIT[1]}{TWO}.xlsx", TWO),
        (f"{UNIT[1]}{ONE}.xlsx", None),
        (f"{ONE}.xlsx", None),
        (f"{UNIT[1]}.xlsx", None),
        (f"{OTHER[1]}.xlsx", OTHER[1]),
        ("报送.xlsx", None),
    ],
)
def test_a_file_named_after_another_project_is_told(
    file: str, told: str | None, projects: Scheme, tmp_path: Path
) -> None:
    book(tmp_path / "in" / file, ONE)
    book(tmp_path / "in" / "其余" / "b.xlsx", TWO)
    book(tmp_path / "in" / "其余" / "c.xlsx", THREE, None, OTHER)
    found = [item for item in findings_on(run_batch(tmp_path / "in", projects), file) if item.code == "W605"]
    assert [item.expected for item in found] == ([] if told is None else [told])


# The roster


def listed(*rows: tuple[str, str, str]) -> Lists:
    """A roster of rows of code, name and project."""
    found = [Listed(code, name, "本级", "", "", project) for code, name, project in rows]
    return Lists(Roster({row.code: row for row in reversed(found)}, found))


def missing(batch: Batch) -> list[tuple[str, str]]:
    return [(record.code, record.department) for record in batch.files if record.status is Status.MISSING]


def test_the_roster_tells_which_projects_are_missing(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE)
    rows = (*UNIT, ONE), (*UNIT, TWO), (*OTHER, THREE)
    batch = run_batch(tmp_path / "in", projects, lists=listed(*rows))
    assert missing(batch) == [(UNIT[0], TWO), (OTHER[0], THREE)]
    (record,) = [record for record in batch.files if record.department == TWO]
    assert UNIT[1] in record.reason
    assert batch.findings == []


def test_a_row_without_a_project_owes_one_at_least(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE)
    book(tmp_path / "in" / "b.xlsx", TWO)
    batch = run_batch(tmp_path / "in", projects, lists=listed((*UNIT, ""), (*OTHER, "")))
    assert missing(batch) == [OTHER] and batch.findings == []


def test_a_project_that_is_not_listed_is_told(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE)
    book(tmp_path / "in" / "b.xlsx", TWO)
    book(tmp_path / "in" / "c.xlsx", THREE, None, ("440118009", "示例文化局"))
    batch = run_batch(tmp_path / "in", projects, lists=listed((*UNIT, ONE)))
    assert missing(batch) == []
    assert {name: identity_codes(batch, name) for name in "abc"} == {"a": [], "b": ["W604"], "c": ["W604"]}
    (project,), (unit,) = (findings_on(batch, f"{name}.xlsx") for name in "bc")
    assert f"“{UNIT[1]}”没有项目“{TWO}”" in project.message and project.title == "名录中没有这个项目"
    assert "没有“示例文化局”（440118009）" in unit.message


def test_the_roster_has_the_last_word_on_units(projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE, None, (UNIT[0], "教育局"))
    batch = run_batch(tmp_path / "in", projects, lists=listed((*UNIT, ONE)))
    (finding,) = findings_on(batch, "a.xlsx")
    assert (finding.code, finding.value, finding.expected) == ("W603", "教育局", UNIT[1])
    assert "主管部门填的是" in finding.message
    assert [(item.name, item.title) for item in batch.departments] == [(UNIT[1], ONE)]


@pytest.mark.parametrize("named", [UNIT[0], UNIT[1], ONE, TWO])
def test_an_exemption_may_name_unit_or_project(named: str, projects: Scheme, tmp_path: Path) -> None:
    book(tmp_path / "in" / "a.xlsx", ONE, None, UNIT, None, put("kpis.0.symbol", None))
    book(tmp_path / "in" / "b.xlsx", TWO, None, UNIT, None, put("kpis.0.symbol", None))
    accepted = Exemption(3, named, "E101", "已核实", "李四", date(2023, 4, 10), None, "")
    batch = run_batch(tmp_path / "in", projects, lists=Lists(exemptions=(accepted,)))
    let = {"a"} if named == ONE else {"b"} if named == TWO else {"a", "b"}
    assert {name for name, status in statuses(batch).items() if status == "scored"} == let
