"""The sheets on reviews: their formulas calculated anew, their words, with one scheme and with several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.results.batch import Batch
from perfxl.results.context import contexts_of
from perfxl.results.department import write_department
from perfxl.results.manifest import run_json
from perfxl.results.summary import write_summary
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.submission.objection import Objection
from tests.libreoffice import needs_libreoffice
from tests.review_cases import book_of, departments, random_said, run
from tests.sample_schemes import bare_scheme, district_scheme, project_scheme
from tests.test_results_recalculation import assert_calculated

SCHEMES = (load_scheme(), district_scheme(), project_scheme(), bare_scheme())
NEW = {"复核分析", "复核记录"}


def reviewed(scheme: Scheme, count: int = 20, seed: int = 3) -> Batch:
    results = departments(scheme, count)
    said = random_said(scheme, results, seed)
    books = [book_of(scheme, results, one, number) for number, one in enumerate(said, 1)]
    batch = run(scheme, results, books)
    first = batch.departments[0]
    batch.objections = [
        Objection(
            scheme.id, first.code, first.name, first.project, first.project_code, code, "=1+1", "见附件", "a.xlsx",
            "异议", "I5",
        )
        for code in ("B21", "", "没有")
    ]  # fmt: skip
    return batch


def texts(path: Path, sheet: str) -> list[str]:
    book = openpyxl.load_workbook(path, data_only=True)
    return [str(value) for row in book[sheet].iter_rows(values_only=True) for value in row if value is not None]


@pytest.mark.libreoffice
@needs_libreoffice[1]
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_written_values_are_the_calculated_ones(scheme: Scheme, tmp_path: Path) -> None:
    paths = []
    for number, seed in enumerate((3, 4)):
        batch = reviewed(scheme, 20, seed)
        paths.append(tmp_path / f"summary-{number}.xlsx")
        write_summary(batch, paths[-1])
        context = contexts_of(batch)[scheme.id]
        for place in (0, 5):
            paths.append(tmp_path / f"department-{number}-{place}.xlsx")
            write_department(context, batch.departments[place], paths[-1])
    assert_calculated(paths, tmp_path / "again")


def test_sheets_appear_only_where_there_is_a_review(tmp_path: Path) -> None:
    scheme = load_scheme()
    plain, batch = run(scheme, departments(scheme, 12)), reviewed(scheme, 12)
    for name, one in (("plain", plain), ("reviewed", batch)):
        write_summary(one, tmp_path / f"{name}.xlsx")
    names = {name: set(openpyxl.load_workbook(tmp_path / f"{name}.xlsx").sheetnames) for name in ("plain", "reviewed")}
    assert not (NEW | {"异议"}) & names["plain"] and NEW | {"异议"} <= names["reviewed"]
    assert "复核状态" not in texts(tmp_path / "plain.xlsx", "排名")
    assert {"复核状态", "复核前\n总分"} <= set(texts(tmp_path / "reviewed.xlsx", "排名"))


def test_the_form_of_a_department_shows_the_review_with_its_reason(tmp_path: Path) -> None:
    batch = reviewed(load_scheme(), 12)
    item = next(one for one in batch.departments if any(score.review_reason for score in one.scores))
    context = contexts_of(batch)[item.scheme]
    write_department(context, item, tmp_path / "部门.xlsx")
    shown = "\n".join(texts(tmp_path / "部门.xlsx", "评分结果"))
    changed = next(score for score in item.scores if score.before is not None and score.before != score.score)
    assert f"复核：{changed.before:.2f} 改为 {changed.score:.2f}" in shown
    assert f"复核前总分 {item.total_before}（{item.grade_before}），复核后 {item.total}（{item.grade}）" in shown
    # Who reviewed is not the department's business.
    assert not any(name in shown for name in item.reviewers)


def test_run_json_has_it_all() -> None:
    batch = reviewed(district_scheme(), 12)
    document = json.loads(json.dumps(run_json(batch)))
    assert len(document["reviews"]) == len(batch.reviews) and document["objections"][0]["claim"] == "=1+1"
    for shown, item in zip(document["departments"], batch.departments, strict=False):
        assert shown["review"]["status"] == item.review_status
        assert shown["review"]["total_before"] == f"{item.total_before:.2f}"
        for score, own in zip(shown["scores"], item.scores, strict=True):
            assert (score["review"] is None) == (own.before is None) == ("before" not in score)
    assert document == json.loads(json.dumps(run_json(reviewed(district_scheme(), 12))))


def several(batches: Sequence[Batch]) -> Batch:
    """One batch of several schemes."""
    first = batches[0]
    return replace(
        first,
        files=[
            replace(file, scheme=one.scheme.id, path=f"{one.scheme.id}/{file.path}")
            for one in batches
            for file in one.files
        ],
        departments=[replace(item, file=f"{one.scheme.id}/{item.file}") for one in batches for item in one.departments],
        findings=[
            replace(item, file=f"{one.scheme.id}/{item.file}") for one in batches for item in one.findings
        ],
        schemes=tuple(one.scheme for one in batches),
        reviews=[
            replace(item, file=f"{one.scheme.id}/{item.file}") for one in batches for item in one.reviews
        ],
        agreed=[replace(item, file=f"{one.scheme.id}/{item.file}") for one in batches for item in one.agreed],
    )  # fmt: skip


@pytest.mark.libreoffice
@needs_libreoffice[1]
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_of_several_schemes_each_has_sheets_of_its_own_where_it_was_reviewed(tmp_path: Path) -> None:
    untouched = run(bare_scheme(), departments(bare_scheme(), 5))
    batch = several([reviewed(load_scheme(), 12), reviewed(project_scheme(), 12), untouched])
    path = tmp_path / "summary.xlsx"
    write_summary(batch, path)
    names = openpyxl.load_workbook(path).sheetnames
    assert sum(name.startswith("复核分析") for name in names) == 2
    assert sum(name.startswith("复核记录") for name in names) == 2
    assert any("参加排名的平均分由" in text for text in texts(path, "总览"))
    assert_calculated([path], tmp_path / "again")


def test_hostile_words_of_reviewers_stay_words(tmp_path: Path) -> None:
    batch = reviewed(load_scheme(), 12)
    words: dict[str, Any] = {"reviewer": "=cmd|'/c calc'!A0*?", "reason": "=1+1", "basis": "<r>", "why": "\x00坏"}
    batch.reviews = [replace(item, **words) for item in batch.reviews]
    path = tmp_path / "summary.xlsx"
    write_summary(batch, path)
    shown = texts(path, "复核记录")
    assert "=1+1" in shown and "=cmd|'/c calc'!A0＊？" in shown
