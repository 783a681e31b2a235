"""Workbooks that are alike share what is written once in a process, and nothing of one gets into another."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.xlsx.plain import PlainWorkbook
from perfxl.xlsx.quick.workbook import FastWorkbook
from tests.package_rules import faults
from tests.xlsx_parts import differing

FONT = {"font_name": "微软雅黑", "font_size": 10}
LOOKS = (FONT | {"bold": True, "border": 1}, FONT | {"num_format": "0.00_ ", "text_wrap": True})
BAR = {"type": "data_bar", "bar_color": "#9DBBD9", "bar_solid": True}
SOURCES = ("=$A$1:$A$2", "=$B$1")
HEADERS = ("&L甲&R&A", "&L乙 & 丙&&丁", "&L<甲>", "&L_x0041_&R&A", "&L甲&&G", "", "&L" + "长" * 250, "&L" + "长" * 300)
VALUES: tuple[Any, ...] = ("字", "", None, Decimal("9.95"), Decimal("-0"), " 前 ", "_x0041_", "长" * 300, Decimal(0))


def set_up(sheet: Any, landscape: bool, header: str) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 3 if landscape else 1)
    if landscape:
        sheet.set_landscape()
    if header:
        sheet.set_header(header, {"margin": 0.25})
    sheet.set_footer("&C第 &P 页")


def chosen(sheet: Any, form: bool, style: Any, rng: random.Random) -> None:
    """Some of what a sheet may have around its rows; few choices, so that sheets with the same come again."""
    settings = [
        lambda: sheet.freeze_panes(2, 1),
        lambda: sheet.autofilter(1, 0, rng.choice((3, 4)), 2),
        lambda: sheet.protect("", {"format_cells": True}),
        lambda: sheet.set_tab_color(rng.choice(("#FF0000", "#00FF00"))),
        lambda: sheet.set_h_pagebreaks([3]),
        sheet.hide_zero,
        lambda: sheet.conditional_format(f"A1:A{rng.choice((3, 4))}", BAR),
        lambda: sheet.repeat_rows(rng.choice((0, 1))),
        lambda: sheet.print_area(0, 0, rng.choice((4, 5)), 2),
        lambda: sheet.write_url(6, 0, "internal:'页一'!A1", style, "回"),
        lambda: sheet.set_up_page(set_up, rng.random() < 0.5, header=rng.choice(HEADERS)),
    ]  # fmt: skip
    if form:
        settings += [
            lambda: sheet.set_column(0, rng.choice((0, 1)), 30),
            lambda: sheet.data_validation(0, 0, 2, 0, {"validate": "list", "source": rng.choice(SOURCES)}),
            lambda: sheet.write_comment(0, 0, rng.choice(("批注", "另一个"))),
        ]  # fmt: skip
    else:
        settings.append(lambda: sheet.widths(rng.choice(((9.0, 8.0), (30.0,)))))
    for setting in rng.sample(settings, rng.choice((0, 1, 1, 2, 3))):
        setting()


def book(kind: Any, path: Path, seed: int) -> None:
    rng = random.Random(seed)
    workbook = kind(path, {"in_memory": True})
    workbook.set_properties({"title": f"题 {seed}", "created": datetime(2026, 1, 1)})
    styles = [workbook.style(lambda number: LOOKS[number], number) for number in (0, 1)]
    for name, form in (("页一", False), ("表", True), ("页& 3", False)):
        sheet = workbook.add_form(name) if form else workbook.add_page(name)
        chosen(sheet, form, styles[0], rng)
        for row in range(rng.choice((0, 1, 3, 5))):
            column = rng.choice((0, 0, 2))
            values = rng.choices(VALUES, k=rng.choice((1, 4)))
            assert sheet.cells(row, column, [*values, 1.5], [*rng.choices(styles, k=len(values)), styles[1]]) == [
                column + len(values)
            ]
            sheet.number(row, column + len(values), 1.5, styles[1])
            sheet.height(row, rng.choice((15.0, 18.0, 31.5)))
        if rng.random() < 0.5:
            sheet.merge_cells(8, 0, 9, rng.choice((1, 2)), styles[0])
    if rng.random() < 0.5:
        workbook.define_name("合计", f"=表!$A${rng.choice((1, 2))}")
    workbook.close()


@pytest.mark.filterwarnings("ignore:Header string", "ignore:Number of footer")
@pytest.mark.parametrize("start", range(0, 120, 30))
def test_what_is_shared_by_workbooks_that_are_alike_is_what_the_plain_writer_writes(tmp_path: Path, start: int) -> None:
    found = {}
    for seed in range(start, start + 30):
        for kind in (FastWorkbook, PlainWorkbook):
            book(kind, tmp_path / f"{kind.__name__}.xlsx", seed)
        quick, plain = (tmp_path / f"{kind.__name__}.xlsx" for kind in (FastWorkbook, PlainWorkbook))
        found[seed] = differing(quick, plain)
        assert faults(quick) == []
    assert {seed: names for seed, names in found.items() if names} == {}


@contextmanager
def collector_paused() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_a_workbook_that_is_written_needs_no_collector_to_go(tmp_path: Path) -> None:
    """A run pauses the collector for many workbooks, all of which would stay in memory until then."""
    with collector_paused():
        workbook = FastWorkbook(tmp_path / "x.xlsx", {"in_memory": True})
        page = workbook.add_page("一")
        page.number(0, 0, 1, workbook.style(dict))
        chart = workbook.new_chart(
            "一", "bar", "alike", lambda new, name: new.add_series({"values": [name, 0, 0, 1, 0]})
        )
        page.insert_chart(2, 0, chart)
        workbook.add_form("二").write_comment(0, 0, "批注")
        workbook.close()
        left = [weakref.ref(item) for item in (workbook, page, chart)]
        del workbook, page, chart
        assert [item() for item in left] == [None] * 3


def sheet_of(kind: Any, path: Path, owner: object, texts: tuple[str, ...], before: str = "") -> None:
    workbook = kind(path, {"in_memory": True})
    style = workbook.shared_styles(LOOKS.__getitem__, (0, 1))[0]
    if before:
        workbook.add_form("前").text(0, 0, before, style)
    form = workbook.add_form("表")

    def same() -> None:
        form.set_column(0, 0, 12.0 + len(texts))
        for row, text in enumerate(texts):
            form.text(row, 0, text, style)
            form.height(row, 20.0)
            form.blank(row, 1, style)
        form.merge_cells(9, 0, 9, 2, style)

    form.write_same("alike", owner, same)
    form.text(0, 1, f"{before}自己的", style)
    workbook.add_form("后").text(0, 0, texts[0], style)
    workbook.close()


def test_what_sheets_of_a_kind_have_in_common_stays_with_its_owner(tmp_path: Path) -> None:
    one, other = object(), object()
    for owner, texts, before in (
        (one, ("甲", "乙"), ""),
        (one, ("甲", "乙"), "不同"),
        (one, ("甲", "乙"), ""),
        (other, ("丙", "甲", "丁"), ""),
        (one, ("甲", "乙"), ""),
        (one, ("甲", "乙"), ""),
    ):
        for kind in (FastWorkbook, PlainWorkbook):
            sheet_of(kind, tmp_path / f"{kind.__name__}.xlsx", owner, texts, before)
        assert differing(tmp_path / "FastWorkbook.xlsx", tmp_path / "PlainWorkbook.xlsx") == []
