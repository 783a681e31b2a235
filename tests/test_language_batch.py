"""What only a whole batch can tell, by hand: quotas of grades and their ties, and the mean of a unit's projects."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.run.pipeline import RunOptions, run_folder
from tests.against_oracle import run_differences
from tests.books import filled
from tests.small_schemes import REST, answer, fact, scheme_of, small
from tests.test_random_schemes import table_of
from tests.toml_text import toml_of

Table = dict[str, Any]

BRIEF = RunOptions(jobs=1, department_sheets=0, department_books=False)


def run_of(table: Table, documents: Sequence[Table], folder: Path) -> Table:
    """The run.json of a run over these documents; the oracle must come to the same."""
    scheme = scheme_of(table)
    named = {f"{number:02}.xlsx": document for number, document in enumerate(documents)}
    for name, document in named.items():
        filled(document, scheme, folder / "in" / name)
    report = run_folder(folder / "in", folder / "out", scheme, BRIEF)
    run: Table = json.loads((report.output / "run.json").read_text("utf-8"))
    assert not (differences := run_differences(run, named, table_of(toml_of(table)))), differences
    return run


def departments(table: Table, totals: Sequence[tuple[str, str]]) -> list[Table]:
    """Documents of departments with these categories and totals."""
    made = []
    for number, (category, total) in enumerate(totals):
        document = answer(table, None, {REST: total}, category=category)
        document["department"] |= {"code": f"10{number:02}", "name": f"第{number}局"}
        made.append(document)
    return made


def grades(run: Table) -> list[str]:
    """The grades by file."""
    return [item["grade"] for item in sorted(run["departments"], key=lambda item: item["file"])]


def under(quotas: Sequence[Table], totals: Sequence[tuple[str, str]], folder: Path, **tables: Any) -> list[str]:
    """The grades of departments under these quotas."""
    table = small(quotas=[*quotas], **tables)
    return grades(run_of(table, departments(table, totals), folder))


def of_one(*totals: str) -> list[tuple[str, str]]:
    return [("部门", total) for total in totals]


def quota(share: str, **more: str) -> Table:
    return {"grade": "优", "share": Decimal(share)} | more


FIVE = of_one("99", "97", "95", "93", "91")


@pytest.mark.parametrize(
    ("rule", "totals", "expected"),
    [
        # 30% of five are one and a half.
        (quota("0.3"), FIVE, "优良良良良"),
        (quota("0.3", rounding="舍去"), FIVE, "优良良良良"),
        (quota("0.3", rounding="进位"), FIVE, "优优良良良"),
        (quota("0.3", rounding="四舍五入"), FIVE, "优优良良良"),
        (quota("0.2", rounding="进位"), FIVE, "优良良良良"),
        (quota("0.28", rounding="四舍五入"), FIVE, "优良良良良"),
        (quota("0.6"), FIVE, "优优优良良"),
        # None may: 10% of five, rounded down, whatever the ties.
        (quota("0.1"), FIVE, "良良良良良"),
        (quota("0.1", ties="保留"), of_one("99", "99", "95", "93", "91"), "良良良良良"),
        # Fewer have the grade than may.
        (quota("0.6"), of_one("99", "89", "85", "70", "20"), "优良良中差"),
        # Two share the last place: both go, or both stay.
        (quota("0.4"), of_one("99", "97", "97", "93", "91"), "优良良良良"),
        (quota("0.4", ties="下调"), of_one("99", "97", "97", "93", "91"), "优良良良良"),
        (quota("0.4", ties="保留"), of_one("99", "97", "97", "93", "91"), "优优优良良"),
        # Equal totals within the places are no tie at the edge.
        (quota("0.4"), of_one("97", "97", "95", "93", "91"), "优优良良良"),
        # Who is lowered keeps the total and has the next grade, not the one of the total below.
        (quota("0.2"), of_one("99", "99", "99", "99", "99"), "良良良良良"),
    ],
)
def test_quotas_of_a_grade(rule: Table, totals: Sequence[tuple[str, str]], expected: str, tmp_path: Path) -> None:
    assert "".join(under([rule], totals, tmp_path)) == expected


MIXED = [("部门", "99"), ("镇街", "98"), ("部门", "97"), ("镇街", "96"), ("部门", "95"), ("部门", "94")]


def test_a_quota_of_each_category_and_of_all(tmp_path: Path) -> None:
    """Half of four departments and of two towns; half of six."""
    assert under([quota("0.5")], MIXED, tmp_path / "each") == ["优", "优", "优", "良", "良", "良"]
    assert under([quota("0.5", scope="全部")], MIXED, tmp_path / "all") == ["优", "优", "优", "良", "良", "良"]
    assert under([quota("0.34", scope="全部")], MIXED, tmp_path / "third") == ["优", "优", "良", "良", "良", "良"]
    assert under([quota("0.25")], MIXED, tmp_path / "fourth") == ["优", "良", "良", "良", "良", "良"]


def test_who_is_lowered_counts_among_those_of_the_next_grade(tmp_path: Path) -> None:
    """One 优 and one 良 of five: the second and third by total are lowered to 良, of whom one may stay."""
    rules = [{"grade": "良", "share": Decimal("0.2")}, quota("0.2")]
    totals = of_one("99", "97", "95", "85", "70")
    assert under(rules, totals, tmp_path) == ["优", "良", "中", "中", "中"]


def test_the_grade_before_the_quota_is_told_and_the_ranks_stay(tmp_path: Path) -> None:
    table = small(quotas=[quota("0.2")])
    run = run_of(table, departments(table, FIVE), tmp_path)
    told = [(item["rank"], item["grade"], item["grade_from"], item["grade_by"]) for item in run["departments"]]
    assert told == [(1, "优", "", ""), *((rank, "良", "优", "名额") for rank in (2, 3, 4, 5))]


def test_who_is_not_ranked_takes_no_place(tmp_path: Path) -> None:
    """A returned workbook counts neither among those who may nor among those who do."""
    table = small(facts=[fact("次数", "count")], quotas=[quota("0.5")])
    made = departments(table, of_one("99", "97", "95"))
    for number, document in enumerate(made):
        document["facts"] = {"次数": None if number == 0 else "1"}
    run = run_of(table, made, tmp_path)
    assert grades(run) == ["优", "优", "良"]
    assert [item["rank"] for item in sorted(run["departments"], key=lambda item: item["file"])] == [None, 1, 2]


def test_a_vetoed_department_frees_its_place(tmp_path: Path) -> None:
    caps = [{"fact": "次数", "sign": ">", "value": "0", "grade": "中"}]
    table = small(facts=[fact("次数", "count")], caps=caps, quotas=[quota("0.34")], options={"caps_on": True})
    made = departments(table, of_one("99", "97", "95"))
    for number, document in enumerate(made):
        document["facts"] = {"次数": "1" if number == 0 else "0"}
    assert grades(run_of(table, made, tmp_path)) == ["中", "优", "良"]


# Projects


FUNDS = [{"key": "total", "label": "合计", "role": "合计"}, {"key": "own", "label": "本级", "role": "分项"}]


def projects(table: Table, rows: Sequence[tuple[str, str, str, str]]) -> list[Table]:
    """Documents of projects: unit, project, total, adjusted budget."""
    made = []
    for unit, project, total, money in rows:
        amounts = {"initial": money, "adjusted": money, "spent": money}
        document = answer(table, None, {REST: total}, funds={"total": amounts, "own": amounts})
        document["department"] |= {"code": unit, "name": f"{unit}局", "project": project, "project_code": None}
        made.append(document)
    return made


def units(rows: Sequence[tuple[str, str, str, str]], folder: Path) -> list[tuple[str, int, str, int]]:
    """Code, number of projects, mean and rank of the units of a run."""
    table = small(evaluated={"kind": "project"}, funds=FUNDS)
    run = run_of(table, projects(table, rows), folder)
    assert len(run["departments"]) == len(rows)
    return [(unit["code"], unit["projects"], unit["weighted_total"], unit["rank"]) for unit in run["units"]]


def test_a_unit_has_the_mean_of_its_projects_weighted_by_money(tmp_path: Path) -> None:
    """(90 × 300 + 70 × 100) ÷ 400 are 85; the other unit has but one, and the third the same as it."""
    rows = [("101", "甲", "90", "300"), ("101", "乙", "70", "100"), ("102", "丙", "80", "7"), ("103", "丁", "80", "9")]
    assert units(rows, tmp_path) == [("101", 2, "85.00", 1), ("102", 1, "80.00", 2), ("103", 1, "80.00", 2)]


def test_the_mean_is_rounded_half_up_once(tmp_path: Path) -> None:
    """(90.01 + 90.00) ÷ 2 are 90.005."""
    rows = [("101", "甲", "90.01", "5"), ("101", "乙", "90", "5")]
    assert units(rows, tmp_path) == [("101", 2, "90.01", 1)]


def test_two_projects_of_a_unit_are_two_and_a_second_workbook_of_one_replaces_the_first(tmp_path: Path) -> None:
    table = small(evaluated={"kind": "project"}, funds=FUNDS)
    made = projects(table, [("101", "甲", "90", "1"), ("101", "乙", "70", "1"), ("101", "甲", "80", "1")])
    for document, day in zip(made, ("2025-01-01", "2025-01-01", "2025-02-01"), strict=True):
        document["department"]["filled_on"] = day
    scheme = scheme_of(table)
    for number, document in enumerate(made):
        filled(document, scheme, tmp_path / "in" / f"{number}.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", scheme, BRIEF)
    run = json.loads((report.output / "run.json").read_text("utf-8"))
    assert [(item["project"], item["total"]) for item in run["departments"]] == [("甲", "80.00"), ("乙", "70.00")]
    assert {file["path"]: file["status"] for file in run["files"]} == {
        "0.xlsx": "superseded", "1.xlsx": "scored", "2.xlsx": "scored",
    }  # fmt: skip
    assert [(unit["projects"], unit["weighted_total"]) for unit in run["units"]] == [(2, "75.00")]
