"""What a filled template holds: each value in its place, as what it is."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import COVER, META
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.template import write_template
from tests.documents import make_document
from tests.template_books import Values, cells, write

DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1+1}",
    "http://example.com",
    "mailto:a@b.cn",
    "internal:A1",
    "00123",
    "1e5",
)


@pytest.fixture
def case_values(case: dict[str, Any], scheme: Scheme) -> Values:
    return dict(field_values(case["submission"], scheme))


def test_values_land_where_the_layout_says(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> None:
    layout = layout_of(scheme)
    for seed in range(5):
        values = field_values(make_document(seed, scheme_table), scheme)
        book = write(tmp_path / f"{seed}.xlsx", scheme, values)
        written = {layout.keyed(name): value for name, value in values.items()}
        for name, place in layout.places.items():
            found = book[place.sheet][place.cell].value
            expected = written.get(name)
            if isinstance(expected, Decimal):
                assert Decimal(repr(found)) == expected
            else:
                assert found == expected


@pytest.mark.slow
def test_text_never_becomes_a_formula_a_link_or_a_number(scheme: Scheme, tmp_path: Path) -> None:
    layout = layout_of(scheme)
    for text in DANGEROUS:
        values: Values = {
            name if name[0] not in ("kpis", "tasks") else (name[0], str(int(name[1][1:])), name[2]): text
            for name in layout.places
        }
        book = write(tmp_path / "text.xlsx", scheme, values)
        for place in layout.places.values():
            cell = book[place.sheet][place.cell]
            assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_an_iso_date_is_a_date_and_other_texts_stay(scheme: Scheme, tmp_path: Path) -> None:
    name = ("identity", "department.filled_on", VALUE)
    place = layout_of(scheme).places[name]
    for text, expected in (
        ("2023-03-15", datetime(2023, 3, 15)),
        ("2023年3月15日", "2023年3月15日"),
        ("2023-02-30", "2023-02-30"),
        ("0001-01-01", "0001-01-01"),
    ):
        assert write(tmp_path / "date.xlsx", scheme, {name: text})[place.sheet][place.cell].value == expected


def test_codes_stay_text(scheme: Scheme, tmp_path: Path) -> None:
    name = ("identity", "department.code", VALUE)
    place = layout_of(scheme).places[name]
    cell = write(tmp_path / "code.xlsx", scheme, {name: "0012345678901234567"})[place.sheet][place.cell]
    assert (cell.value, cell.number_format) == ("0012345678901234567", "@")


def test_the_same_arguments_give_the_same_bytes(scheme: Scheme, case_values: Values, tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write_template(scheme, first, case_values, marks={("scores", "A01", "self"): "请核对"})
    write_template(scheme, second, case_values, marks={("scores", "A01", "self"): "请核对"})
    assert first.read_bytes() == second.read_bytes()


def test_open_tables_grow_with_what_is_filled(scheme: Scheme, tmp_path: Path) -> None:
    values: Values = {("kpis", str(n), "name"): f"指标{n}" for n in range(1, 61)}
    values |= {("tasks", str(n), "name"): f"任务{n}" for n in range(1, 21)}
    book = write(tmp_path / "long.xlsx", scheme, values)
    for key, prefix, count in (("kpis", "指标", 60), ("tasks", "任务", 20)):
        block = layout_of(scheme, 60, 20).block(key)
        assert len(block.lines) == count
        place = block.place(block.lines[-1], "name")
        assert book[place.sheet][place.cell].value == f"{prefix}{count}"
        assert book[place.sheet].cell(block.next_row + 1, 1).value == "@end"


def test_meta_says_which_template_this_is(scheme: Scheme, case_values: Values, tmp_path: Path) -> None:
    def rows(values: Values, meta: dict[str, str]) -> list[tuple[str, str]]:
        sheet = write(tmp_path / "meta.xlsx", scheme, values, meta=meta)[META]
        return [(str(key), value) for key, value in sheet.iter_rows(max_col=2, values_only=True) if key is not None]

    known = [("format", "1"), ("scheme", scheme.id), ("version", scheme.header.version), ("year", str(scheme.year))]
    assert rows({}, {}) == known
    expected = [*known, ("department_code", "440118001"), ("note", "=1+1")]
    assert rows(case_values, {"note": "=1+1"}) == expected


def test_a_mark_is_seen_and_says_why(scheme: Scheme, case_values: Values, tmp_path: Path) -> None:
    marks = {("kpis", "3", "actual"): "实际完成值应为数字。", ("facts", "budget_added", VALUE): "没有追加请填 0。"}
    layout = layout_of(scheme)
    plain = write(tmp_path / "plain.xlsx", scheme, case_values)
    book = write(tmp_path / "marked.xlsx", scheme, case_values, marks=marks)
    for name, note in marks.items():
        place = layout.places[layout.keyed(name)]
        cell, unmarked = book[place.sheet][place.cell], plain[place.sheet][place.cell]
        assert cell.comment is not None
        assert cell.comment.text == note
        assert cell.fill.fgColor.rgb != unmarked.fill.fgColor.rgb
        assert cell.value == unmarked.value
        assert not cell.protection.locked
        assert book[place.sheet].sheet_properties.tabColor is not None
    commented = [cell for sheet in book for cell in cells(sheet) if cell.comment]
    assert len(commented) == len(marks)


def test_an_unknown_field_is_refused(scheme: Scheme, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no_such_fact"):
        write_template(scheme, tmp_path / "no.xlsx", {("facts", "no_such_fact", VALUE): "1"})
    with pytest.raises(KeyError):
        write_template(scheme, tmp_path / "no.xlsx", marks={("kpis", "1", "no_such_column"): "1"})
    assert not (tmp_path / "no.xlsx").exists()


def test_a_text_that_no_cell_can_hold_is_refused(scheme: Scheme, tmp_path: Path) -> None:
    name = ("identity", "narrative.duties", VALUE)
    write_template(scheme, tmp_path / "full.xlsx", {name: "长" * 32_767})
    with pytest.raises(ValueError, match="32767"):
        write_template(scheme, tmp_path / "over.xlsx", {name: "长" * 32_768})


def test_cover_shows_deadline_contact_and_progress(scheme: Scheme, case_values: Values, tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_template(scheme, path, case_values)
    texts = {cell.value for cell in cells(openpyxl.load_workbook(path, data_only=True)[COVER])}
    assert {"2023 年 3 月 31 日", scheme.header.contact, scheme.header.title, "广州市增城区科学技术协会"} <= texts
    assert "已填全" in texts
    assert not {"未填写"} & texts


def test_footer_keeps_a_title_that_begins_with_digits_or_holds_an_ampersand(scheme: Scheme, tmp_path: Path) -> None:
    header = dataclasses.replace(scheme.header, title="2022 R&D 自评")
    book = write(tmp_path / "title.xlsx", dataclasses.replace(scheme, header=header))
    assert book[COVER].oddFooter.left.text == "2022 R&&D 自评"
    assert book[COVER].oddFooter.left.size is None
