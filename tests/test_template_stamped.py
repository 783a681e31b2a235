"""Templates that begin as the blank one are those that are written anew, whatever stands in them, and however many."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from perfxl import caches
from perfxl.layout import layout_of
from perfxl.layout.sheets import COVER, KPIS, REVIEW, TASKS
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.template.correction import CorrectionNote
from perfxl.template.writer import template_bytes
from perfxl.xlsx.quick import packager
from perfxl.xlsx.quick.stamp import StampedSheet
from perfxl.xlsx.writer import SWITCH
from tests.official_schemes import supplied
from tests.template_books import Values, random_values, spoiled, strict_options, unusual
from tests.template_schemes import crowded, district, many_kinds, minimal, project
from tests.xlsx_parts import differing

SCHEMES: dict[str, Callable[[], Scheme]] = {
    "built in": lambda: load_scheme(None),
    "strict": lambda: strict_options(load_scheme(None)),
    "unusual": lambda: unusual(load_scheme(None)),
    "projects": lambda: load_scheme("xiangmu-2020"),
    "chongqing": lambda: load_scheme("chongqing-2021"),
    "official": lambda: supplied(load_scheme(None)),
    "targets by the bureau": lambda: supplied(load_scheme(None), targets=True),
    "stage of targets": lambda: scheme_at(load_scheme(None), Stage.TARGETS),
    "monitoring": lambda: scheme_at(load_scheme(None), Stage.MONITORING),
    "district": district,
    "minimal": minimal,
    "own projects": project,
    "many kinds": many_kinds,
    "crowded": crowded,
}
SEEDS = 4


def review(scheme: Scheme, values: Values, seed: int) -> list[CorrectionNote]:
    """Some findings: on cells, on a sheet, on the whole file."""
    rng = random.Random(seed)
    fields = [*rng.sample(sorted(values), min(len(values), 6)), None, None]
    severities = ("错误", "警告", "提示")
    return [
        CorrectionNote(
            severities[number % 3], f"E{number:03}", "数字有误", f"“{number}”不是数字", "请填数字", field,
            "" if field or number % 2 else COVER,
        )
        for number, field in enumerate(fields)
    ]  # fmt: skip


def identity(number: int) -> Values:
    known = {"name": f"第 {number} 局 & <b>", "code": f"44{number:07}", "contact": "<&>", "phone": "020-1"}
    return {("identity", f"department.{key}", "value"): text for key, text in known.items()}


def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> tuple[Path, Path]:
    """The same workbook by the writer that stamps, and by the one that writes all anew."""
    paths = tmp_path / "quick.xlsx", tmp_path / "plain.xlsx"
    for path in paths:
        monkeypatch.setenv(SWITCH, path.stem)
        path.write_bytes(template_bytes(*arguments))  # type: ignore[arg-type]
    return paths


@pytest.mark.parametrize("name", SCHEMES)
def test_a_template_is_as_one_that_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    scheme = SCHEMES[name]()
    for seed in range(SEEDS):
        full = random_values(scheme, seed)
        for values in (identity(seed), spoiled(full, seed) | identity(seed)) if seed else ({},):
            meta = {"mends": "0" * 64} if seed == 1 else {}
            marks = dict.fromkeys(sorted(values)[:: 5 + seed], "请核对\n" * 3) if seed == 2 else {}
            lines = review(scheme, values, seed) if seed > 1 else None
            assert differing(*both(tmp_path, monkeypatch, scheme, values, meta, None, marks, lines)) == []


def test_rows_beyond_the_table_are_written_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: Scheme) -> None:
    rows = scheme.options.kpi_rows + 7
    values: Values = {("kpis", str(rows), "name"): "最后一项", ("tasks", "2", "name"): "第二项"}
    assert differing(*both(tmp_path, monkeypatch, scheme, values, {}, None, {}, None)) == []
    sheet = openpyxl.load_workbook(tmp_path / "quick.xlsx")[KPIS]
    assert "最后一项" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_rows_that_nobody_may_change_are_written_with_their_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: Scheme
) -> None:
    for rows in (2, scheme.options.kpi_rows, 1):
        fixed: Values = {("kpis", str(row), "name"): f"核定指标{row}" for row in range(1, rows + 1)}
        fixed |= {("kpis", str(row), "target"): Decimal(row) for row in range(1, rows + 1)}
        values = identity(rows) | fixed
        lines = review(scheme, values, rows)
        assert differing(*both(tmp_path, monkeypatch, scheme, values, {}, None, {}, lines, None, fixed)) == []
        # The next one has none.
        assert differing(*both(tmp_path, monkeypatch, scheme, values, {}, None, {}, None)) == []


@pytest.mark.parametrize("field", [("kpis", "3", "name"), ("tasks", "2", "name"), ("scores", "A01", "self")])
def test_a_mark_on_an_empty_cell_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: Scheme, field: tuple[str, str, str]
) -> None:
    quick, plain = both(tmp_path, monkeypatch, scheme, {}, {}, None, {field: "必填"}, None)
    assert differing(quick, plain) == []
    place = layout_of(scheme).places[layout_of(scheme).keyed(field)]
    comment = openpyxl.load_workbook(quick)[place.sheet][place.cell].comment
    assert comment is not None and comment.text == "必填"


def test_what_was_written_before_leaves_no_trace(monkeypatch: pytest.MonkeyPatch, scheme: Scheme) -> None:
    monkeypatch.setenv(SWITCH, "quick")
    values = spoiled(random_values(scheme, 1), 1)

    def mended() -> bytes:
        return template_bytes(scheme, values, {}, None, {}, review(scheme, values, 1))

    caches.clear()
    first = mended()
    for seed in range(2, 6):
        other = random_values(scheme, seed)
        template_bytes(scheme, other, {}, None, dict.fromkeys(list(other)[::3], "！"), review(scheme, other, seed))
        template_bytes(scheme, identity(seed), {}, None, {})
    assert mended() == first
    caches.clear()
    assert mended() == first


@pytest.mark.parametrize("most", range(1, 13))
def test_formats_stay_when_kept_parts_are_dropped_midway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: Scheme, most: int
) -> None:
    """What is kept is dropped when there is too much of it, at any part of a workbook."""
    monkeypatch.setattr(packager, "PARTS_KEPT", most)
    for number in range(3):
        # The same formats, other names.
        other = replace(scheme, options=replace(scheme.options, kpi_rows=scheme.options.kpi_rows + number))
        assert differing(*both(tmp_path, monkeypatch, other, identity(number), {}, None, {}, None)) == []


def test_a_sheet_that_no_value_touches_is_not_packed_again(monkeypatch: pytest.MonkeyPatch, scheme: Scheme) -> None:
    monkeypatch.setenv(SWITCH, "quick")
    template_bytes(scheme, identity(1), {}, None, {})
    packed: list[Callable[..., object]] = []
    monkeypatch.setattr(StampedSheet, "rows_xml", lambda sheet, rows: packed.append(sheet.name) or "")
    template_bytes(scheme, identity(4), {}, None, {})
    assert packed and not {KPIS, TASKS} & set(packed)


def test_the_copy_to_mend_opens_on_its_review_and_the_template_on_its_cover(tmp_path: Path, scheme: Scheme) -> None:
    for lines, first in ((None, COVER), ([], REVIEW), (None, COVER)):
        (tmp_path / "t.xlsx").write_bytes(template_bytes(scheme, identity(1), {}, None, {}, lines))
        book = openpyxl.load_workbook(tmp_path / "t.xlsx")
        assert book.active is not None
        assert book.active.title == first
        assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [first]
