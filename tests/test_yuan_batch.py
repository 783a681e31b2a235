"""A whole workbook in 元 beside the others of its category: told, left out of the sums, and counted where accepted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from perfxl.results.batch import Batch
from perfxl.run.money import Peers
from perfxl.run.reduce import Lists
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult
from tests.books import Document, Edit, cell_of, edited, filled
from tests.findings import clean_document
from tests.folders import findings_on, run_batch
from tests.test_files import exemptions

FIRES = {"W624", "E625"}
IN_YUAN = FIRES | {"W210", "E211"}
COUNT = 7
MONEY = [fact.key for fact in load_scheme(DEFAULT).facts if fact.type == "money"]


def times(factor: int, *, facts: bool = False) -> Edit:
    """The funds table, and the facts and tasks too, so many times as high."""

    def edit(document: Document) -> None:
        for row in document["funds"].values():
            for column, value in row.items():
                row[column] = None if value is None else f"{Decimal(value) * factor:.2f}"
        for holder in document["tasks"] if facts else ():
            for key in ("budget", "spent"):
                holder[key] = f"{Decimal(holder[key]) * factor:.2f}"
        for key in MONEY if facts else ():
            document["facts"][key] = f"{Decimal(document['facts'][key]) * factor:.2f}"

    return edit


def numbered(number: int) -> Edit:
    def edit(document: Document) -> None:
        document["department"] |= {"code": f"4400{number:02}", "name": f"第{number}示例局", "category": "群团机关"}

    return edit


def batch_with(scheme: Scheme, folder: Path, *odd: Edit, lists: Lists | None = None) -> Batch:
    """A run over seven departments that are alike, the first of them with these edits."""
    for number in range(COUNT):
        document = edited(clean_document(), numbered(number), *(odd if number == 0 else ()))
        filled(document, scheme, folder / "in" / f"{number}.xlsx")
    return run_batch(folder / "in", scheme, lists=lists, output=folder / "out")


def first(batch: Batch) -> DepartmentResult:
    return next(item for item in batch.departments if item.code == "440000")


def test_the_batch_alone_warns(scheme: Scheme, tmp_path: Path) -> None:
    """All the workbook says fits itself: ten thousand times the median of the others is one sign."""

    def whole_but_no_facts(document: Document) -> None:
        times(10_000, facts=True)(document)
        for key in ("procurement_total", "procurement_sme", "fixed_assets_total", "fixed_assets_in_use"):
            document["facts"][key] = "0"

    batch = batch_with(scheme, tmp_path, whole_but_no_facts)
    (found,) = (item for item in findings_on(batch, "0.xlsx") if item.code in IN_YUAN)
    assert (found.code, found.value, found.expected) == ("W624", "6424000", "642.40")
    assert (found.sheet, found.cell) == cell_of(scheme, ("facts", "funds.total.adjusted", "value"))
    assert "群团机关类其他部门中位数 642.40 万元的 10,000 倍" in found.message
    assert first(batch).ranked
    assert not first(batch).summed
    assert not [item for item in batch.findings if item.code in IN_YUAN and item.file != "0.xlsx"]
    sheet = load_workbook(next((tmp_path / "out").glob("*汇总.xlsx")), data_only=True)["总览"]
    assert sheet["I9"].value == pytest.approx(642.4 * (COUNT - 1))
    assert sheet["K9"].value == pytest.approx(639.15 * (COUNT - 1))
    assert "没有计入“疑似按元填报”的 1 个部门" in sheet["A10"].value
    (line,) = [row for row in sheet.iter_rows() if row[0].value == "疑似按元填报"]
    assert line[2].value == 1 and line[0].hyperlink and line[3].hyperlink
    assert line[3].value == "第0示例局（6,424,000.00 万元）"
    formulas = load_workbook(next((tmp_path / "out").glob("*汇总.xlsx")))["总览"]
    assert formulas["I9"].value.count("-N(") == 1
    # The table of categories has the same sums.
    sums = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float)]
    assert sum(value == pytest.approx(642.4 * (COUNT - 1)) for value in sums) == 2


def test_batch_and_workbook_agree(scheme: Scheme, tmp_path: Path) -> None:
    """The table of funds is in 元 and nothing else: one sign in the workbook, one in the batch, one error."""
    batch = batch_with(scheme, tmp_path, times(10_000))
    (found,) = (item for item in findings_on(batch, "0.xlsx") if item.code in IN_YUAN)
    assert found.code == "E625"
    assert not first(batch).ranked


def test_what_the_workbook_makes_certain_is_told_once(scheme: Scheme, tmp_path: Path) -> None:
    def spent_only(document: Document) -> None:
        for row in document["funds"].values():
            row["adjusted"] = f"{Decimal(row['adjusted']) * 10_000:.2f}"

    batch = batch_with(scheme, tmp_path, spent_only)
    assert [item.code for item in findings_on(batch, "0.xlsx") if item.code in IN_YUAN] == ["E211"]


def test_what_the_bureau_accepts_counts(scheme: Scheme, tmp_path: Path) -> None:
    accepted = exemptions(tmp_path, ("440000", "E625", "金额属实", "李四", "2023-04-10"))
    batch = batch_with(scheme, tmp_path, times(10_000), lists=Lists(exemptions=accepted))  # type: ignore[arg-type]
    assert first(batch).ranked
    assert first(batch).summed


@pytest.mark.parametrize("factor", [2, 50, 900])
def test_a_large_department_is_no_mistake(factor: int, scheme: Scheme, tmp_path: Path) -> None:
    batch = batch_with(scheme, tmp_path, times(factor, facts=True))
    assert not [item for item in batch.findings if item.code in IN_YUAN]
    assert first(batch).summed


def test_six_decimals_are_never_yuan(scheme: Scheme, tmp_path: Path) -> None:
    def precise(document: Document) -> None:
        times(10_000, facts=True)(document)
        for column in ("adjusted", "spent"):
            for row in ("total", "basic"):
                document["funds"][row][column] = str(Decimal(document["funds"][row][column]) + Decimal("0.123456"))

    assert not [item for item in batch_with(scheme, tmp_path, precise).findings if item.code in FIRES]


sizes = st.lists(st.floats(0, 2.99), min_size=6, max_size=60)


@settings(max_examples=200)
@given(sizes, st.integers(0, 5))
def test_who_is_as_large_as_that_stands_out_and_nobody_else(widths: list[float], place: int) -> None:
    """In a category whose largest is a thousand times the smallest nobody does; an amount of it in 元 may hide there
    where it is the smallest, and is found where it is no smaller than the median."""
    money = sorted(Decimal(f"{10 ** (1 + size):.2f}") for size in widths)
    for value in money:
        assert not stands_out(money, value)
    upper = money[len(money) // 2 :]
    number = len(money) // 2 + place % len(upper)
    others = money[:number] + money[number + 1 :]
    value = money[number] * 10_000
    certainly = value >= 20 * others[-1] and value >= 1_000 * Decimal(median(others))
    if certainly:
        assert stands_out([*others, value], value)
    if value < 1_000 * Decimal(median(others)):
        assert not stands_out([*others, value], value)


def stands_out(values: list[Decimal], value: Decimal) -> bool:
    return Peers(values).stands_out(value)


sums = st.lists(st.decimals(0, 10**9, places=2), min_size=6, max_size=30)


@settings(max_examples=300)
@given(sums, st.sampled_from([1, 10, 1_000, 10_000, 100_000]), st.data())
def test_each_is_compared_with_the_others_alone(values: list[Decimal], factor: int, data: st.DataObject) -> None:
    """As if the others were gone through one by one, whatever is equal, nought or far away among them."""
    own = data.draw(st.integers(0, len(values) - 1))
    values[own] *= factor
    value, others = values[own], values[:own] + values[own + 1 :]
    middle = Decimal(median(others))
    usual = [other for other in others if other < 1_000 * middle]
    peers = Peers(values)
    assert peers.others == len(others)
    assert peers.median_without(value) == middle
    assert peers.stands_out(value) == (middle > 0 and value >= 1_000 * middle and value >= 20 * max(usual))
