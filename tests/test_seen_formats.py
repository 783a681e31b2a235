"""A number counts as its format shows it, where that is certain; else the workbook is returned with both readings."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.layout.fields import FieldId
from perfxl.results.batch import Status
from perfxl.scheme.model import Scheme
from tests import oracle
from tests.books import edited, filled, process, put
from tests.findings import clean_document
from tests.form_schemes import district_document, district_scheme
from tests.seen_books import (
    ACTUAL,
    CODE,
    COUNT,
    NAME,
    PATHS,
    PERCENT,
    add_style,
    assert_reads,
    assert_told,
    in_cell,
    read,
    styled,
)
from tests.test_fault_matrix import FIELDS

FIRES = ("E114",)
"""Set off by the tests below, with its cell and words."""


@pytest.fixture
def book(scheme: Scheme, tmp_path: Path) -> Path:
    """The clean workbook."""
    return filled(clean_document(), scheme, tmp_path / "book.xlsx")


# Number formats


def shown_as(path: Path, scheme: Scheme, field: FieldId, value: str, code: str) -> Path:
    return styled(path, scheme, field, add_style(path, code=code), value)


DASHES = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
CERTAIN = [
    (PERCENT, "0.95", "0.00%", "95"),
    (PERCENT, "0.9550", "0.00%", "95.5"),
    (PERCENT, "95.3", "0", "95"),
    (PERCENT, "95.5", "0", "96"),
    (ACTUAL, "7115", "#,##0.00", "7115"),
    (ACTUAL, "7115", '"¥"#,##0', "7115"),
    (ACTUAL, "7115", "[$￥-804]#,##0.00", "7115"),
    (ACTUAL, "7115", DASHES, "7115"),
    (ACTUAL, "7115000", "0.00,", "7115"),
    (ACTUAL, "7115", "[Red]0.0_ ", "7115"),
    (ACTUAL, "7115", "0;-0;0", "7115"),
    (ACTUAL, "7115", "00000000", "7115"),
    (ACTUAL, "7115.4", "0.0##", "7115.4"),
]


@pytest.mark.parametrize(("field", "value", "code", "read_as"), CERTAIN)
def test_what_a_format_shows_counts(
    field: FieldId, value: str, code: str, read_as: str, book: Path, scheme: Scheme
) -> None:
    assert_reads(shown_as(book, scheme, field, value, code), scheme, put(PATHS[field], read_as))


OTHERWISE = [
    (ACTUAL, "0.7", "0.00%", ("“70.00%”", "0.7")),
    (COUNT, "0.04", "0.00%", ("“4.00%”", "0.04")),
    (ACTUAL, "7000", '"35"', ("“35”", "7000")),
    (ACTUAL, "7000", ";;;", ("没有显示", "7000")),
    (ACTUAL, "7000", '0"0"', ("“70000”", "7000")),
    (ACTUAL, "7000", "0!.0,", ("7000",)),
    (ACTUAL, "7000", '[<50]0;"100"', ("无法确定", "7000")),
    (ACTUAL, "0.5", "# ?/?", ("无法确定", "0.5")),
    (ACTUAL, "7000", "0.00E+00", ("无法确定", "7000")),
    (ACTUAL, "7000", '"约"0', ("“约7000”", "7000")),
    (ACTUAL, "7000", '0"万"', ("“7000万”", "7000")),
    (COUNT, "0", '0;0;"4"', ("“4”", "单元格里的数是 0")),
]


@pytest.mark.parametrize(("field", "value", "code", "words"), OTHERWISE)
def test_a_format_that_shows_another_thing(
    field: FieldId, value: str, code: str, words: tuple[str, ...], book: Path, scheme: Scheme
) -> None:
    assert_told(shown_as(book, scheme, field, value, code), scheme, field, "E114", *words)


def test_a_dash_of_an_accounting_format_is_zero(book: Path, scheme: Scheme) -> None:
    field = FIELDS["public"]
    shown_as(book, scheme, field, "0", DASHES)
    assert_reads(book, scheme, put("facts.three_public.reception.spent", "0"))


def test_a_format_that_hides_words(book: Path, scheme: Scheme) -> None:
    """`;;;` shows no text either."""
    styled(book, scheme, FIELDS["yes_no"], add_style(book, code=";;;"))
    assert_told(book, scheme, FIELDS["yes_no"], "E114", "没有显示", "“是”")


@pytest.mark.parametrize("code", ["@", "0.00_ ", DASHES, "0;-0;0;_ @_ "])
def test_a_format_that_shows_words_as_they_are(code: str, book: Path, scheme: Scheme) -> None:
    styled(book, scheme, FIELDS["yes_no"], add_style(book, code=code))
    assert assert_reads(book, scheme).findings == []


@pytest.mark.parametrize("code", ['@"万"', '0;0;0;"否"', "0;0;0;"])
def test_a_format_that_shows_other_words(code: str, book: Path, scheme: Scheme) -> None:
    in_cell(book, scheme, ACTUAL, 't="inlineStr"', "<is><t>7000</t></is>")
    styled(book, scheme, ACTUAL, add_style(book, code=code))
    assert_told(book, scheme, ACTUAL, "E114", "单元格里的内容是“7000”")


def test_a_name_that_a_format_hides_is_read_and_told(book: Path, scheme: Scheme) -> None:
    styled(book, scheme, NAME, add_style(book, code=";;;"))
    (told,) = assert_reads(book, scheme).findings
    assert told.code == "I113" and "没有显示" in told.message


def test_a_code_whose_zeros_a_format_shows(book: Path, scheme: Scheme) -> None:
    shown_as(book, scheme, CODE, "1234", "000000")
    assert_reads(book, scheme, put("department.code", "001234"))


def test_a_percentage_typed_into_a_general_cell(book: Path, scheme: Scheme, scheme_table: dict[str, Any]) -> None:
    """Excel makes 0.536 of it, in a format of its own; it counts as 53.6 and gets its points."""
    shown_as(book, scheme, PERCENT, "0.536", "0.00%")
    change = put("kpis.8.actual", "53.6")
    done = process(book, scheme)
    right = oracle.score_document(edited(clean_document(), change), scheme_table)
    assert done.result is not None and done.result.total == right["total"]
    row = next(row for row in done.result.kpis if row.name == clean_document()["kpis"][8]["name"])
    assert row.computed == Decimal("2.98") and row.actual == "53.6"


PERCENT_FACT = ("facts", "满意度", "value")


@pytest.mark.parametrize(
    ("value", "code", "read_as"),
    [("0.955", "0.00%", "95.5"), ("0.955", "0%", "96"), ("95.5", "General", "95.5"), ("95.5", '0.0"%"', "95.5")],
)
def test_a_percentage_typed_for_a_fact(value: str, code: str, read_as: str, tmp_path: Path) -> None:
    """What is seen counts: Excel makes 0.955 of a typed 95.5%."""
    scheme = district_scheme()
    path = filled(district_document(), scheme, tmp_path / "a.xlsx")
    done = process(shown_as(path, scheme, PERCENT_FACT, value, code), scheme)
    assert read(path, scheme)["facts"]["满意度"] == read_as
    assert done.record.status is Status.SCORED


@pytest.mark.parametrize(("code", "told"), [('0"人"', ["I113"]), ('0"万人"', ["E114"])])
def test_a_format_that_shows_the_unit_of_a_fact(code: str, told: list[str], tmp_path: Path) -> None:
    scheme = district_scheme()
    path = filled(district_document(), scheme, tmp_path / "a.xlsx")
    done = process(shown_as(path, scheme, ("facts", "在职人数", "value"), "35", code), scheme)
    assert [item.code for item in done.findings] == told
