"""The formulas of the template: what they come to in exact decimals, and that LibreOffice agrees with every one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl.layout import inputs_of, layout_of
from perfxl.layout.fields import VALUE
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.template import write_template
from tests import oracle
from tests.documents import make_document
from tests.libreoffice import needs_libreoffice, recalculate
from tests.template_books import Values, differing, spoiled, strict_options, unusual, write


def named(path: Path, name: str) -> Any:
    book = openpyxl.load_workbook(path, data_only=True)
    ((sheet, cell),) = book.defined_names[name].destinations
    return book[sheet][cell.replace("$", "")].value


def shown(book: Workbook, scheme: Scheme, code: str, column: str) -> Any:
    block = layout_of(scheme).block("scores")
    line = next(line for line in block.lines if line.key == code)
    place = block.place(line, column)
    return book[place.sheet][place.cell].value


def scores_of(tmp_path: Path, scheme: Scheme, values: Values) -> Workbook:
    write_template(scheme, tmp_path / "scores.xlsx", values)
    return openpyxl.load_workbook(tmp_path / "scores.xlsx", data_only=True)


def test_the_published_case_comes_out_as_published(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_template(scheme, path, field_values(case["submission"], scheme))
    assert named(path, "自评总分") == 96.45
    assert named(path, "认定总分") == 96.45
    assert named(path, "自评等级") == case["expected"]["grade"]
    assert named(path, "部门名称") == case["submission"]["department"]["name"]


def test_a_blank_template_shows_no_scores(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    write_template(scheme, path)
    for name in ("自评总分", "计算总分", "认定总分", "自评等级", "认定等级"):
        assert named(path, name) in (None, "")


@pytest.mark.slow
def test_computed_scores_are_those_of_the_rules(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    for seed in range(12):
        document = make_document(seed, scheme_table)
        values = field_values(document, scheme)
        inputs = inputs_of(scheme, values)
        book = scores_of(tmp_path, scheme, dict(values))
        expected = oracle.score_document(document, scheme_table)
        for indicator in scheme.indicators:
            computed = indicator.rule.score(indicator.points, inputs).score
            assert computed == expected["scores"][indicator.code]["computed"]
            assert Decimal(repr(shown(book, scheme, indicator.code, "computed"))) == computed
            accepted = Decimal(repr(shown(book, scheme, indicator.code, "accepted")))
            assert accepted == expected["scores"][indicator.code]["accepted"]


@pytest.mark.slow
def test_totals_and_caps_are_those_of_the_oracle(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    strict_table = scheme_table | {
        "options": scheme_table["options"] | dict.fromkeys(("floor_on", "penalty_on", "caps_on", "five_grades"), True)
    }
    for seed in range(12):
        document = make_document(seed, strict_table)
        path = tmp_path / f"{seed}.xlsx"
        write_template(strict_options(scheme), path, field_values(document, scheme))
        expected = oracle.score_document(document, strict_table)
        assert Decimal(repr(named(path, "认定总分"))) == expected["total"]
        assert named(path, "认定等级") == expected["grade"]
        assert Decimal(repr(named(path, "自评总分"))) == expected["self_total"]


@pytest.mark.parametrize(
    ("own", "reason", "note"),
    [
        (Decimal("9.95"), "支出进度", None),
        (Decimal("9.95"), None, "！扣分没有原因"),
        (Decimal("9.95"), "  ", "！扣分没有原因"),
        (Decimal("9.97"), "支出进度", "！自评得分高于计算得分"),
        (Decimal("9.96"), "支出进度", None),
        (Decimal("10"), "支出进度未达序时要求", "！自评得分高于计算得分"),
        (Decimal("10.01"), None, "！自评得分高于分值"),
        (Decimal("-1"), "支出进度", "！不能为负数"),
        ("九分", None, "！不是数字"),
        (None, None, "请填自评得分"),
    ],
)
def test_notes_beside_the_self_score(
    scheme: Scheme, tmp_path: Path, own: Decimal | str | None, reason: str | None, note: str | None
) -> None:
    values: Values = {
        ("facts", "funds.total.adjusted", VALUE): Decimal("642.40"),
        ("facts", "funds.total.spent", VALUE): Decimal("639.15"),
    }
    if own is not None:
        values["scores", "A03", "self"] = own
    if reason is not None:
        values["scores", "A03", "reason"] = reason
    assert (shown(scores_of(tmp_path, scheme, values), scheme, "A03", "note") or None) == note


def test_a_self_score_without_data_says_what_is_missing(scheme: Scheme, tmp_path: Path) -> None:
    book = scores_of(tmp_path, scheme, {("scores", "B63", "self"): Decimal(1)})
    assert shown(book, scheme, "B63", "note") == "有数据未填全，无法计算"
    assert shown(book, scheme, "B63", "accepted") in (None, "")


@pytest.mark.libreoffice
@needs_libreoffice[1]
def test_libreoffice_calculates_the_values_that_were_written(
    scheme: Scheme, scheme_table: dict[str, Any], case: dict[str, Any], tmp_path: Path
) -> None:
    paths = [tmp_path / "blank.xlsx", tmp_path / "case.xlsx", tmp_path / "unusual.xlsx"]
    write(paths[0], scheme)
    write(paths[1], scheme, field_values(case["submission"], scheme))
    edited = unusual(scheme)
    more: Values = {
        (*("facts", "quarters.staff.q1"), VALUE): Decimal("1.5"),
        ("scores", "B72", "self"): Decimal("1.25"),
    }
    write(paths[2], edited, field_values(case["submission"], scheme) | more)
    for seed in range(8):
        values = field_values(make_document(seed, scheme_table), scheme)
        paths.append(tmp_path / f"document-{seed}.xlsx")
        write(paths[-1], strict_options(scheme) if seed % 2 else scheme, spoiled(values, seed) if seed % 3 else values)
    calculated = recalculate(paths, tmp_path / "calculated")
    faults = [fault for pair in zip(paths, calculated, strict=True) for fault in differing(*pair)]
    assert faults == []
