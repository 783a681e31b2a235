"""One slip of the hand, one finding: what it is, where, and what to do; and none of what follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.checks.finding import Finding
from perfxl.layout import Block, layout_of
from perfxl.layout.sheets import KPIS, SCORES, TASKS
from perfxl.run.chunk import Scored
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from tests.books import by_hand, cell_of, filled, process
from tests.findings import beyond_clean, clean_document
from tests.monitoring_cases import clean as monitored
from tests.target_cases import target_document

Slip = Callable[[Workbook], None]
LAYOUT = layout_of(load_scheme(DEFAULT))
KPI, TASK = LAYOUT.block("kpis"), LAYOUT.block("tasks")
KPI_COLUMNS = [column.key for column in KPI.inputs()]
UNCALCULATED = "I702"
"""openpyxl keeps no results of formulas."""


def after(slip: Slip, scheme: Scheme, path: Path) -> tuple[Scored, list[Finding]]:
    scored = process(by_hand(filled(clean_document(), scheme, path), slip), scheme)
    return scored, [item for item in beyond_clean(scored.findings, scheme) if item.code != UNCALCULATED]


def column(book: Workbook, block: Block, key: str) -> list[object]:
    sheet = book[block.sheet]
    return [sheet[block.place(line, key).cell].value for line in block.lines]


def write(book: Workbook, block: Block, key: str, values: list[object]) -> None:
    sheet = book[block.sheet]
    for line, value in zip(block.lines, values, strict=False):
        sheet[block.place(line, key).cell].value = value


def filled_rows(book: Workbook, block: Block) -> int:
    return sum(value is not None for value in column(book, block, "name"))


def scaled(factor: float, number_format: str = "", *keys: str) -> Slip:
    """Weights (and what else) by a factor."""

    def slip(book: Workbook) -> None:
        for key in ("weight", *keys):
            values = [value * factor if isinstance(value, int | float) else value for value in column(book, KPI, key)]
            write(book, KPI, key, list(values))
            if number_format:
                for line in KPI.lines:
                    book[KPIS][KPI.place(line, key).cell].number_format = number_format

    return slip


def row_written(block: Block, number: int | None, **values: object) -> Slip:
    """A row of the table as a person fills it; number None: the first free one."""

    def slip(book: Workbook) -> None:
        line = block.lines[filled_rows(book, block) if number is None else number]
        for key, value in values.items():
            book[block.sheet][block.place(line, key).cell].value = value

    return slip


def subtotal_between(book: Workbook) -> None:
    """A row of sums behind those of 产出指标, the others one row down."""
    at = sum(value == "产出指标" for value in column(book, KPI, "level1"))
    for key in KPI_COLUMNS:
        values = column(book, KPI, key)
        write(book, KPI, key, [*values[:at], {"level1": "小计", "weight": 20}.get(key), *values[at:-1]])


def one_column_off(first: str, last: str) -> Slip:
    def slip(book: Workbook) -> None:
        keys = KPI_COLUMNS[KPI_COLUMNS.index(first) : KPI_COLUMNS.index(last) + 1]
        held = [column(book, KPI, key) for key in keys]
        write(book, KPI, keys[0], [None] * len(KPI.lines))
        for key, values in zip(keys[1:], held, strict=False):
            write(book, KPI, key, values)

    return slip


def one_row_down(key: str) -> Slip:
    def slip(book: Workbook) -> None:
        write(book, KPI, key, [None, *column(book, KPI, key)[:-1]])

    return slip


def scores_off(step: int) -> Slip:
    """The self scores one row down (1) or up (-1)."""

    def slip(book: Workbook) -> None:
        cells = [cell_of(LAYOUT.scheme, ("scores", item.code, "self"))[1] for item in LAYOUT.scheme.indicators]
        values = [book[SCORES][cell].value for cell in cells]
        moved = [None, *values[:-1]] if step > 0 else [*values[1:], None]
        for cell, value in zip(cells, moved, strict=True):
            book[SCORES][cell].value = value

    return slip


def facts_off(book: Workbook) -> None:
    """The facts of a section with numbers and 是/否 one row down."""
    block = max((item for item in LAYOUT.blocks if item.table == "facts" and not item.open), key=_kinds)
    cells = [block.place(line, "value").cell for line in block.lines if "value" in line.specs]
    values = [book[block.sheet][cell].value for cell in cells]
    for cell, value in zip(cells, [None, *values[:-1]], strict=True):
        book[block.sheet][cell].value = value


def _kinds(block: Block) -> int:
    """How often another kind of content follows within a block, so that a shift can be seen."""
    types = [line.specs["value"].type for line in block.lines if "value" in line.specs]
    return sum(one != other for one, other in pairwise(types))


def all_as_text(book: Workbook) -> None:
    for sheet in (item for item in book.worksheets if item.title != "_meta"):
        for cell in (cell for row in sheet.iter_rows(min_col=2) for cell in row):
            if isinstance(cell.value, int | float):
                cell.value, cell.number_format = str(cell.value), "@"


def with_yuan(book: Workbook) -> None:
    for key in ("funds.total.adjusted", "funds.total.spent", "funds.basic.adjusted", "funds.basic.spent"):
        sheet, cell = cell_of(LAYOUT.scheme, ("facts", key, "value"))
        book[sheet][cell].value = f"{book[sheet][cell].value}元"


def merged(*keys: str) -> Slip:
    def slip(book: Workbook) -> None:
        for key in keys:
            first, last = KPI.place(KPI.lines[0], key).cell, KPI.place(KPI.lines[2], key).cell
            book[KPIS].merge_cells(f"{first}:{last}")

    return slip


def each(change: Callable[[object], object], *keys: str) -> Slip:
    """Every number of some columns as a person writes it otherwise."""

    def slip(book: Workbook) -> None:
        for key in keys:
            values = column(book, KPI, key)
            write(book, KPI, key, [change(value) if isinstance(value, int | float) else value for value in values])

    return slip


def one_weight_as_share(book: Workbook) -> None:
    weights = column(book, KPI, "weight")
    write(book, KPI, "weight", [0.04 if number == 1 else value for number, value in enumerate(weights)])


def levels_once(book: Workbook) -> None:
    for key in ("level1", "level2"):
        values = column(book, KPI, key)
        write(book, KPI, key, [None if number and value == values[number - 1] else value
                               for number, value in enumerate(values)])  # fmt: skip


def noted_below(book: Workbook) -> None:
    sheet: Worksheet = book[KPIS]
    for col, text in ((2, "说明"), (4, "以上完成值以12月31日为准")):
        sheet.cell(KPI.next_row + 3, col).value = text


def signed_below(block: Block) -> Slip:
    def slip(book: Workbook) -> None:
        sheet: Worksheet = book[block.sheet]
        for col, text in ((2, "填报人：张三"), (4, "审核人：李四"), (6, "单位负责人（签字）：")):
            sheet.cell(block.next_row + 4, col).value = text

    return slip


SLIPS: dict[str, tuple[Slip, str, tuple[str, ...]]] = {
    "weights as shares of all": (scaled(0.01), "E321", ("“产出指标”类合计 0.2", "“产出指标”类合计 20", "0.04 写成 4")),
    "weights as shares of their kind": (scaled(0.05), "E321", ("合计 1，", "0.2 写成 4")),
    "weights as percentages": (scaled(5), "E321", ("合计 100", "20 写成 4")),
    "weights as 4%": (scaled(0.01, "0%"), "E321", ("0.04 写成 4",)),
    "weights and self scores as shares": (scaled(0.01, "", "self_score"), "E321", ("0.04 写成 4",)),
    "levels once above their rows": (levels_once, "E101", ("一级指标、二级指标中共 10 格没有填写", "逐行填写")),
    "one weight as a share": (one_weight_as_share, "E321", ("有 1 项权重", "合计 16.04", "0.04 写成 4")),
    "scores as fractions": (each(lambda value: f"{value}/{value}", "self_score"), "E102", ("“4/4”", "共 9 个")),
    "results in words": (each(lambda _: "已完成", "actual"), "E102", ("“已完成”", "共 8 个")),
    "合计 with a target": (row_written(KPI, None, name="合计", target=100, weight=40), "W020", ("“合计”", "指标")),
    "以上产出指标小计": (row_written(KPI, None, name="以上产出指标小计", weight=20), "W020", ("以上产出指标小计",)),
    "a note as typed": (row_written(KPI, None, name="注：按批复　填写"), "I021", ("“注：按批复 填写”",)),
    "※": (row_written(KPI, None, name="※ 因疫情调整"), "I021", ("※ 因疫情调整",)),
    "a remark among the levels": (
        row_written(KPI, None, level1="以上指标完成值均以12月31日统计数为准"), "I021", ("12月31日",),
    ),
    "小计 of the KPIs": (row_written(KPI, None, name="小计", weight=40, self_score=39), "W020", ("“小计”", "指标")),
    "小 计 between": (subtotal_between, "W020", ("“小计”", "删去")),
    "产出指标小计": (row_written(KPI, None, level1="产出指标小计", weight=20), "W020", ("产出指标小计",)),
    "合计 of the tasks": (row_written(TASK, None, name="合 计", budget=35.35, spent=35.29), "W020", ("任务",)),
    "signature": (row_written(KPI, 10, level1="填报人：张三　　审核人：李四"), "I021", ("填报人：张三", "无需修改")),
    "signature over cells": (
        row_written(KPI, None, level1="填报人：张三", name="审核人：李四", evidence="3月20日"), "I021", ("填报人：",),
    ),
    "signature under the tasks": (row_written(TASK, 2, name="负责人（签字）：", result="公章："), "I021", ("任务",)),
    "note": (row_written(TASK, 1, name="注：金额以决算为准"), "I021", ("注：金额以决算为准",)),
    "heading": (row_written(KPI, 12, level1="二、效益指标"), "I021", ("二、效益指标",)),
    "a name alone": (row_written(KPI, None, name="待定指标"), "E101", ("“待定指标”的一级指标、二级指标", "整行清空")),
    "columns to the right": (one_column_off("level1", "evidence"), "E322", ("“一级指标”", "右边", "移回左边")),
    "from the symbol on": (one_column_off("symbol", "weight"), "E322", ("“符号”", "移回左边")),
    "weights a row down": (one_row_down("weight"), "E323", ("“权重”", "上移一行")),
    "results a row down": (one_row_down("actual"), "E323", ("“实际完成值”", "上移一行")),
    "self scores a row down": (scores_off(1), "E122", ("向下", "上移一行")),
    "self scores a row up": (scores_off(-1), "E122", ("向上", "下移一行")),
    "facts a row down": (facts_off, "E122", ("向下",)),
    "元 behind the amounts": (with_yuan, "E102", ("共 4 个", "不要写“元”")),
    "weights merged": (merged("weight", "self_score"), "E124", ("4 格", "取消合并")),
}  # fmt: skip


FIRES = {code for _, code, _ in SLIPS.values()} - {"E101", "E102"}


@pytest.mark.parametrize("name", SLIPS)
def test_one_finding(name: str, scheme: Scheme, tmp_path: Path) -> None:
    slip, code, words = SLIPS[name]
    _, found = after(slip, scheme, tmp_path / "a.xlsx")
    told = [f"{item.code} {item.cell} {item.message}" for item in found]
    assert [item.code for item in found] == [code], told
    for word in words:
        assert word in f"{found[0].message}。{found[0].advice}", told
    assert found[0].sheet
    assert found[0].cell


@pytest.mark.parametrize("name", [name for name in SLIPS if SLIPS[name][1][0] in "WI"])
def test_what_is_no_row_changes_no_score(name: str, scheme: Scheme, tmp_path: Path) -> None:
    scored, _ = after(SLIPS[name][0], scheme, tmp_path / "a.xlsx")
    clean = process(filled(clean_document(), scheme, tmp_path / "b.xlsx"), scheme)
    assert scored.result is not None
    assert clean.result is not None
    # What stands below a row that is none has moved down.
    kpis = [[dataclasses.replace(row, place="") for row in one.result.kpis] for one in (scored, clean) if one.result]
    assert kpis[0] == kpis[1]
    assert (scored.result.total, scored.result.tasks) == (clean.result.total, clean.result.tasks)


@pytest.mark.parametrize("block", [KPI, TASK], ids=[KPIS, TASKS])
def test_signatures_below_a_table_are_where_they_belong(block: Block, scheme: Scheme, tmp_path: Path) -> None:
    assert after(signed_below(block), scheme, tmp_path / "a.xlsx")[1] == []


def test_a_note_below_a_table_is_where_it_belongs(scheme: Scheme, tmp_path: Path) -> None:
    assert after(noted_below, scheme, tmp_path / "a.xlsx")[1] == []


def test_numbers_as_text_are_one_line_a_sheet(scheme: Scheme, tmp_path: Path) -> None:
    _, found = after(all_as_text, scheme, tmp_path / "a.xlsx")
    assert {item.code for item in found} == {"I113"}
    sheets = [item.sheet for item in found]
    # A single number stands for itself.
    assert max(map(sheets.count, sheets)) <= 2
    assert any("共 " in item.message for item in found)
    assert sum(len(item.fields) for item in found) > 60


def year_form(scheme: Scheme, stage: Stage) -> tuple[Scheme, dict[str, Any]]:
    own = scheme_at(scheme, stage)
    return own, target_document() if stage is Stage.TARGETS else monitored()


# A slip of the forms of the year's other stages, by the column in which it is made.
YEAR_SLIPS: dict[str, tuple[Stage, Callable[[Block], Slip], str]] = {
    "results a row down": (Stage.MONITORING, lambda block: _shifted(block, "actual"), "E323"),
    "targets a row down": (Stage.TARGETS, lambda block: _shifted(block, "target"), "E323"),
    "results in words": (Stage.MONITORING, lambda block: _worded(block, "actual"), "E102"),
    "targets in words": (Stage.TARGETS, lambda block: _worded(block, "target"), "E102"),
    "合计": (Stage.TARGETS, lambda block: _named(block, "合计"), "W020"),
    "a remark": (Stage.MONITORING, lambda block: _named(block, "注：截至7月31日"), "I021"),
}


def _shifted(block: Block, key: str) -> Slip:
    return lambda book: write(book, block, key, [None, *column(book, block, key)[:-1]])


def _worded(block: Block, key: str) -> Slip:
    def slip(book: Workbook) -> None:
        values = column(book, block, key)
        write(book, block, key, ["按计划推进" if isinstance(value, int | float) else value for value in values])

    return slip


def _named(block: Block, name: str) -> Slip:
    return lambda book: write(book, block, "name", [*filter(None, column(book, block, "name")), name])


@pytest.mark.parametrize("name", YEAR_SLIPS)
def test_one_finding_at_every_stage_of_the_year(name: str, scheme: Scheme, tmp_path: Path) -> None:
    stage, slip, code = YEAR_SLIPS[name]
    own, document = year_form(scheme, stage)
    path = by_hand(filled(document, own, tmp_path / "a.xlsx"), slip(layout_of(own).block("kpis")))
    assert [item.code for item in process(path, own).findings if item.code != UNCALCULATED] == [code]


NO_SLIPS: dict[str, Slip] = {
    "a KPI that counts a sum": row_written(
        KPI,
        0,
        name="全年培训人次合计",
        level1="产出指标",
        level2="数量指标",
        symbol="≥",
        target=35,
        actual=35,
        unit="场次",
    ),
    "a task whose result is a sum": row_written(TASK, 0, budget=35.35, spent=35.29, result="累计", reason="合计"),
    "a task with a colon": row_written(TASK, 0, name="负责人：张三的科普工作", budget=35.35, spent=35.29),
}


@pytest.mark.parametrize("name", NO_SLIPS)
def test_rows_of_the_table_stay_rows(name: str, scheme: Scheme, tmp_path: Path) -> None:
    scored, found = after(NO_SLIPS[name], scheme, tmp_path / "a.xlsx")
    assert found == []
    assert scored.result is not None
    assert (len(scored.result.kpis), len(scored.result.tasks)) == (9, 1)


def test_another_error_is_told_beside_a_slip(scheme: Scheme, tmp_path: Path) -> None:
    """What a slip does not explain is no consequence of it."""

    def both(book: Workbook) -> None:
        scaled(0.01)(book)
        sheet, cell = cell_of(scheme, ("facts", "contracts_total", "value"))
        book[sheet][cell].value = None
        write(book, KPI, "level2", ["不存在", *column(book, KPI, "level2")[1:]])

    _, found = after(both, scheme, tmp_path / "a.xlsx")
    assert sorted(item.code for item in found) == ["E101", "E105", "E321"]


def test_what_is_only_suspected_hides_no_error(scheme: Scheme, tmp_path: Path) -> None:
    """A percentage that may be written in two ways takes warnings with it, and not the error beside them."""

    def both(book: Workbook) -> None:
        last = KPI.lines[filled_rows(book, KPI) - 1]
        book[KPIS][KPI.place(last, "actual").cell].value = 0.95
        book[KPIS][KPI.place(last, "self_score").cell].value = 6

    _, found = after(both, scheme, tmp_path / "a.xlsx")
    assert {"W313", "E305"} <= {item.code for item in found}
    assert not {"W312", "W406"} & {item.code for item in found}
