"""run.json keeps its contract (design.md)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.ranking.units import unit_results
from perfxl.results.batch import FileRecord, Status
from perfxl.results.manifest import add_results, results_of, run_json, write_run_json
from tests.sample_batch import sample_batch, scored_batch
from tests.sample_schemes import LIMIT_WORDS, district_scheme, project_scheme


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return run_json(sample_batch(12))


def test_keys(document: dict[str, Any]) -> None:
    assert list(document) == [
        "tool", "scheme", "schemes", "year", "stage", "period", "started", "seconds", "rostered", "results",
        "files", "departments", "findings", "register", "owed", "earlier", "reviews", "objections",
    ]  # fmt: skip
    assert list(document["scheme"]) == ["id", "version", "sha256"]
    assert list(document["schemes"][0]) == [
        "id", "version", "sha256", "year", "title", "deadline", "project", "grades", "indicators",
    ]  # fmt: skip
    assert list(document["schemes"][0]["indicators"][0]) == ["code", "name", "level2", "points", "nature"]
    assert list(document["files"][0]) == ["path", "sha256", "bytes", "status", "department", "reason"]
    assert list(document["departments"][0]) == [
        "code", "name", "category", "scheme", "file", "status", "rank", "category_rank", "joint_rank", "total", "grade",
        "self_total", "self_grade", "near_threshold", "project", "project_code", "base", "bonus", "penalty",
        "applied_points", "capped_from", "grade_from", "grade_by", "limits", "official", "review", "scores",
        "adjusted", "spent", "spending_rate", "claims", "kpis",
    ]  # fmt: skip
    assert list(document["departments"][0]["kpis"][0]) == [
        "level1", "level2", "name", "symbol", "direction", "target", "unit", "result", "completion", "points", "self",
        "computed", "score",
    ]  # fmt: skip
    assert list(document["departments"][0]["scores"][0]) == [
        "indicator", "points", "self", "computed", "review", "score", "reason",
    ]  # fmt: skip
    assert list(document["findings"][0]) == [
        "code", "severity", "file", "department", "sheet", "cell", "value", "expected", "message", "advice",
    ]  # fmt: skip


def test_head(document: dict[str, Any]) -> None:
    assert document["tool"].startswith("perfxl ")
    assert document["scheme"] == {"id": "guangzhou-2022", "version": "1.0", "sha256": "ab" * 32}
    assert (document["year"], document["started"], document["seconds"]) == (2022, "2023-04-03T09:30:15", 1.25)


def test_files_are_in_the_order_of_their_paths_and_all_exist(document: dict[str, Any]) -> None:
    paths = [record["path"] for record in document["files"]]
    assert paths == sorted(paths)
    assert "" not in paths
    assert {record["status"] for record in document["files"]} == {
        "scored", "returned", "rejected", "superseded", "ignored",
    }  # fmt: skip


def test_departments_are_in_the_order_of_the_batch_and_missing_ones_behind(document: dict[str, Any]) -> None:
    batch = sample_batch(12)
    names = [department["name"] for department in document["departments"]]
    assert names == [*(department.name for department in batch.departments), "区气象局"]
    missing = document["departments"][-1]
    assert missing == {
        "code": "440118999", "name": "区气象局", "category": "事业单位", "scheme": "", "file": None,
        "status": "missing", "rank": None, "category_rank": None, "joint_rank": None, "total": None, "grade": None,
        "self_total": None, "self_grade": None, "near_threshold": False, "project": "", "project_code": "",
        "base": None, "bonus": None, "penalty": None, "applied_points": None, "capped_from": None,
        "grade_from": "", "grade_by": "", "limits": [], "official": [], "review": None, "scores": [],
        "adjusted": None, "spent": None, "spending_rate": None, "claims": [], "kpis": [],
    }  # fmt: skip


def test_what_makes_up_a_total_and_what_holds_it_down() -> None:
    changes = {"A03": "9.50", "B66": None, "J01": "4", "J02": "3", "K01": "2", "category": "镇街", "limits": (0, 2)}
    (department,) = run_json(scored_batch(district_scheme(), changes))["departments"][:1]
    parts = {key: department[key] for key in ("base", "bonus", "penalty", "applied_points", "capped_from", "total")}
    assert parts == {
        "base": "99.49", "bonus": "5.00", "penalty": "2.00", "applied_points": "98.00", "capped_from": "100.00",
        "total": "59.00",
    }  # fmt: skip
    assert department["limits"] == [LIMIT_WORDS[0], LIMIT_WORDS[2]]
    assert (department["grade"], department["grade_from"], department["grade_by"]) == ("差", "", "")
    scores = {score["indicator"]: score for score in department["scores"]}
    assert (scores["B66"]["applies"], scores["B66"]["self"], scores["B66"]["score"]) == (False, None, "0.00")
    assert [scores[code].get("nature") for code in ("A03", "J01", "K01")] == [None, "加分", "扣分"]
    assert "applies" not in scores["A03"]


def test_who_is_lowered_by_what() -> None:
    full: dict[str, Any] = {"category": "党政机关"}
    batch = scored_batch(
        district_scheme(), {**full, "limits": (1,)}, full, {**full, "A01": "19"}, {**full, "A01": "18"}
    )
    lowered = [(item["grade"], item["grade_from"], item["grade_by"]) for item in run_json(batch)["departments"][:4]]
    assert sorted(lowered) == sorted([("中", "优", "否决"), ("优", "", ""), ("良", "优", "名额"), ("良", "优", "名额")])


def test_units_of_projects_stand_behind_their_projects() -> None:
    batch = sample_batch(24, scheme=project_scheme())
    document = run_json(batch)
    assert list(document)[10:14] == ["files", "departments", "units", "findings"]
    units = unit_results(batch.scheme, batch.departments)
    assert document["units"] == [
        {
            "code": unit.code, "name": unit.name, "projects": unit.projects,
            "weighted_total": str(unit.weighted_total), "grade": unit.grade, "rank": unit.rank,
        }
        for unit in units
    ]  # fmt: skip
    assert len(units) == 4
    first = batch.departments[0]
    assert (document["departments"][0]["project"], document["departments"][0]["project_code"]) == (
        first.project,
        first.project_code,
    )
    assert document["departments"][0]["name"] == first.name != first.project


def test_scores_are_texts_with_two_places(document: dict[str, Any]) -> None:
    for department in document["departments"][:-1]:
        texts = [department["total"], department["self_total"]]
        for score in department["scores"]:
            texts += [score["points"], score["score"]]
            texts += [score[key] for key in ("self", "computed", "review") if score[key] is not None]
        for text in texts:
            assert isinstance(text, str)
            assert Decimal(text).as_tuple().exponent == -2


def test_returned_departments_have_a_provisional_total_and_no_rank(document: dict[str, Any]) -> None:
    returned = [item for item in document["departments"] if item["status"] == "returned"]
    assert len(returned) == 2
    assert all(item["rank"] is None and item["category_rank"] is None and item["total"] for item in returned)


def test_written_document_reads_back(tmp_path: Path) -> None:
    batch = sample_batch(12)
    path = tmp_path / "run.json"
    write_run_json(batch, path)
    text = path.read_text("utf-8")
    assert json.loads(text) == run_json(batch)
    assert "区气象局" in text
    first = path.read_bytes()
    write_run_json(batch, path)
    assert path.read_bytes() == first


def test_results_read_back_and_can_be_added_to(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    names = ['部门结果/甲,"局.xlsx', "2022年度绩效评价汇总.xlsx"]
    write_run_json(sample_batch(12), path, results=names)
    assert results_of(path, ()) == sorted([*names, "run.json"])
    before = json.loads(path.read_text("utf-8"))
    add_results(path, ["退回修改/乙局.xlsx", names[0]])
    after = json.loads(path.read_text("utf-8"))
    assert after.pop("results") == sorted([*names, "run.json", "退回修改/乙局.xlsx"]) == results_of(path, ())
    before.pop("results")
    assert after == before
    path.write_text(json.dumps({**after, "results": names}, indent=4), "utf-8")
    assert results_of(path, ()) == names


def test_results_of_a_run_that_did_not_name_them(tmp_path: Path) -> None:
    batch = sample_batch(12)
    path = tmp_path / "run.json"
    document = run_json(batch)
    del document["results"]
    path.write_text(json.dumps(document), "utf-8")
    found = results_of(path, ("部门结果",))
    assert {"run.json", "2022年度绩效评价汇总.xlsx", f"部门结果/{batch.departments[0].name}.xlsx"} <= set(found)
    assert "部门结果/区气象局.xlsx" not in found, "a department that sent nothing has no workbook"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tool": "other"}', '{"tool": "perfxl 0.1.0"}', "[" * 100_000])
def test_what_is_no_run_json_names_no_results(text: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(text)
    assert results_of(tmp_path / "run.json", ("部门结果",)) == []
    assert results_of(tmp_path / "nowhere.json", ()) == []


def test_empty_batch_is_a_document_too(tmp_path: Path) -> None:
    batch = sample_batch(0, returned=0)
    batch.files.clear()
    write_run_json(batch, tmp_path / "run.json")
    document = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert (document["files"], document["departments"], document["findings"]) == ([], [], [])


def test_a_file_name_that_is_not_utf8_is_kept(tmp_path: Path) -> None:
    batch = sample_batch(12)
    batch.files.append(FileRecord("坏\udcff.xlsx", "", 1, Status.IGNORED, "", ""))
    write_run_json(batch, tmp_path / "run.json")
    document = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert "坏\udcff.xlsx" in {record["path"] for record in document["files"]}
