"""Checks of single cells, one cell each, and the catalogue as a whole: no check without a test that sets it off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfxl.checks.finding import Severity
from perfxl.checks.listing import all_checks, plain_words
from perfxl.scheme.model import Scheme
from tests import (
    test_bureau_lists,
    test_check_forms,
    test_check_funds,
    test_check_keys,
    test_check_kpis,
    test_check_scores,
    test_check_structure,
    test_explained,
    test_files,
    test_monitoring_checks,
    test_official_values,
    test_overtyped,
    test_register_marks,
    test_reports_run,
    test_review_applied,
    test_review_round,
    test_seen_formats,
    test_seen_values,
    test_slips,
    test_stages,
    test_targets,
    test_years_run,
    test_yuan,
    test_yuan_batch,
)
from tests.books import cell_of, process
from tests.findings import beyond_clean, faulty_cell
from tests.test_fault_matrix import FAULTS, FIELDS

FIRES = {
    "E101": ("count", "blank", ("采购合同总数", "没有填写")),
    "E102": ("count", "words", ("采购合同总数", "待定", "只填数字")),
    "E103": ("count", "negative", ("采购合同总数", "-1")),
    "E104": ("count", "fraction", ("采购合同总数", "3.5", "整数")),
    "E105": ("yes_no", "words", ("决算公开内容合规", "待定", "下拉列表")),
    "E106": ("count", "error", ("采购合同总数", "错误值")),
    "E107": ("count", "formula", ("采购合同总数", "没有计算结果")),
    "E108": ("count", "too_large", ("采购合同总数", "10000000000000")),
    "E109": ("count", "date", ("采购合同总数", "2023-03-15", "常规")),
    "E119": ("own", "not_applicable", ("采购内控制度建设", "不适用", "没有允许")),
    "E110": ("count", "dash", ("采购合同总数", "—", "填 0")),
    "W112": ("day", "words", ("填报日期", "待定", "2023-03-15")),
    "I113": ("count", "wide", ("采购合同总数", "４", "按数字 4 读取")),
}
COVERED = {
    *FIRES,
    *test_bureau_lists.FIRES,
    *test_monitoring_checks.FIRES,
    *test_register_marks.FIRES,
    *test_reports_run.FIRES,
    *test_review_applied.FIRES,
    *test_review_round.FIRES,
    *test_check_forms.FIRES,
    *test_check_funds.FIRES,
    *test_check_kpis.FIRES,
    *test_check_scores.FIRES,
    *(name.split()[0] for name in test_check_structure.LOST),
    *test_check_structure.FIRES_ELSEWHERE,
    *test_check_keys.FIRES,
    *test_files.FIRES,
    *test_official_values.FIRES,
    *test_explained.FIRES,
    *test_overtyped.FIRES,
    *test_seen_formats.FIRES,
    *test_seen_values.FIRES,
    *test_stages.FIRES,
    *test_targets.FIRES,
    *test_slips.FIRES,
    *test_yuan.FIRES,
    *test_yuan_batch.FIRES,
    *test_years_run.FIRES,
}
ERRORS_IN_ENGLISH = re.compile(r"[A-Za-z]{4,}")
KNOWN_WORDS = {
    "scheme",
    "workbook",
    "templates",
    "Ctrl",
    "Excel",
    "Open",
    "OpenDocument",
    "Strict",
    "xlsx",
    "xlsm",
    "perfxl",
    "review",
    "_meta",
    "meta",
}


@pytest.mark.parametrize("code", FIRES)
def test_fires(code: str, scheme: Scheme, tmp_path: Path) -> None:
    field, fault, words = FIRES[code]
    scored = process(faulty_cell(scheme, tmp_path / "a.xlsx", FIELDS[field], FAULTS[fault]), scheme)
    (found,) = beyond_clean(scored.findings, scheme)
    assert found.code == code
    assert (found.sheet, found.cell) == cell_of(scheme, FIELDS[field])
    assert found.fields == (FIELDS[field],)
    for word in words:
        assert word in f"{found.message}。{found.advice}"


def test_every_check_has_a_test_that_sets_it_off() -> None:
    assert {item.code for item in all_checks()} == COVERED


def test_codes_are_unique_and_say_their_severity() -> None:
    codes = [item.code for item in all_checks()]
    assert len(codes) == len(set(codes))
    for item in all_checks():
        letter = {Severity.ERROR: "EF", Severity.WARNING: "W", Severity.INFO: "I"}[item.severity]
        assert item.code[0] in letter and item.code[1:].isdigit() and len(item.code) == 4


@pytest.mark.parametrize("item", all_checks(), ids=lambda item: item.code)
def test_the_words_of_each_check(item: object) -> None:
    """A title, what is wrong and what to do, in Chinese, with no stop of their own and no word of the code."""
    for text in (item.title, item.message, item.advice):  # type: ignore[attr-defined]
        assert text and not text.endswith(("。", "！", " "))
        words = set(ERRORS_IN_ENGLISH.findall(re.sub(r"\{\w+\}", "", text)))
        assert words <= KNOWN_WORDS, words
        assert not re.search(r"[,;:!?]", re.sub(r"#[A-Z/0!?]+|\{\w+\}", "", text)), text
        assert "{" not in plain_words(text)
    assert len(item.title) <= 16  # type: ignore[attr-defined]
