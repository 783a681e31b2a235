"""Every formula of a review workbook that was filled in part comes to what the program makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from perfxl.decimals import half_up
from perfxl.outcome import finish
from perfxl.results.batch import Batch
from perfxl.review.layout import HEAD_BLOCK, LIST, unreviewed
from perfxl.review.standing import Standing, after_review, standing
from perfxl.review_books.book import book_bytes
from perfxl.review_books.make import source_of
from perfxl.review_books.propose import Choice
from perfxl.scheme import load_scheme
from perfxl.scheme.model import BASE, PENALTY
from tests.libreoffice import needs_libreoffice, recalculate
from tests.review_runs import Typed, all_of, fill, kept_run, rows_of
from tests.sample_batch import sample_batch, scored_batch
from tests.sample_schemes import district_scheme, project_scheme
from tests.test_results_several import several_batch

EXTENSIONS = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def number(value: object) -> Decimal | None:
    return half_up(Decimal(repr(value))) if isinstance(value, (int, float)) else None


def expected(choice: Choice, typed: dict[str, Typed]) -> tuple[dict[str, tuple[Decimal, Standing]], Decimal, str]:
    """By code the score and its standing after a review; the total and the grade."""
    item, scheme = choice.candidate.department, choice.candidate.scheme
    rows, scores = {}, []
    for score in item.scores:
        own = typed.get(score.code, Typed(None, ""))
        # As a cell holds it.
        review = Decimal(repr(float(own.score))) if isinstance(own.score, Decimal) else None
        stands = standing(review, score.points, unreviewed(score), own.reason)
        if isinstance(own.score, str):
            stands = Standing.OUTSIDE
        after = after_review(review, score.points, unreviewed(score), own.reason)
        rows[score.code] = after, stands
        scores.append(replace(score, score=after))
    outcome = finish(scheme, scores, item.limits, item.category)
    return rows, outcome.total, outcome.grade


def assert_calculated(book: Workbook, choices: list[Choice], typed: dict[tuple[str, str], Typed]) -> None:
    listed = [row for row in book[LIST].iter_rows(min_row=5, values_only=True) if row[1] is not None]
    headings = {str(cell.value): cell.column - 1 for cell in book[LIST][4]}
    assert len(listed) == len(choices)
    complete = 0
    for choice, name, line in zip(choices, book.sheetnames[1:], listed, strict=False):
        sheet = book[name]
        own = {code: what for (title, code), what in typed.items() if title == name}
        rows, total, grade = expected(choice, own)
        for row in rows_of(sheet):
            shown, hint = number(sheet[row.cells["after"]].value), sheet[row.cells["hint"]].value
            after, stands = rows[row.code]
            if number(sheet[row.cells["accepted"]].value) is None:
                assert sheet[row.cells["after"]].value in ("不适用", "待核定")
                continue
            assert shown == after, (name, row)
            assert (hint or "") == ("" if stands is Standing.STANDS else stands), (name, row)
            difference = number(sheet[row.cells["difference"]].value)
            score = next(one for one in choice.candidate.department.scores if one.code == row.code)
            change = after - unreviewed(score)
            assert difference == (-change if score.nature == PENALTY else change)
        (head,) = rows_of(sheet, HEAD_BLOCK)
        above = {cell.value: cell.column - 1 for cell in sheet[head.number - 1]}
        values, grades = ([cell.value for cell in sheet[head.number + step]] for step in (0, 1))
        assert number(values[above["复核后"]]) == total == number(line[headings["复核后\n总分"]]), name
        assert grades[above["复核后"]] == grade == line[headings["复核后\n等级"]], name
        typed_count = sum(isinstance(what.score, Decimal) for what in own.values())
        count = line[headings["应复核\n指标"]]
        assert values[above["复核进度"]] == f"{typed_count} / {count}"
        assert line[headings["已复核\n指标"]] == typed_count
        assert line[headings["待补正"]] == sum(
            stands in (Standing.OUTSIDE, Standing.NO_REASON) for _, stands in rows.values()
        )
        before = finish(
            choice.candidate.scheme,
            [replace(one, score=unreviewed(one)) for one in choice.candidate.department.scores],
            choice.candidate.department.limits,
            choice.candidate.department.category,
        ).total
        assert number(line[headings["增减"]]) == total - before
        complete += typed_count == count
    # It stands in the first column that no other page has again.
    assert any(f"复核完的 {complete} 个" in str(cell.value) for cell in book[LIST][3])


def of_districts() -> Batch:
    return sample_batch(14, returned=1, scheme=district_scheme())


def held_down() -> Batch:
    """Caps and vetoes that hold full marks down, indicators that do not apply, and what lies outside the hundred."""
    scheme = district_scheme()
    outside = {item.code: item.points for item in scheme.indicators if item.nature != BASE}
    return scored_batch(
        scheme,
        {"limits": (0,)}, {"limits": (1,)}, {"limits": (2,)}, {"limits": (0, 1)}, {"category": "镇街", "B66": None},
        {"B71": None, "A01": Decimal("11.5")}, {**outside}, {"limits": (0,), **outside, "B66": None},
    )  # fmt: skip


BATCHES: dict[str, Callable[[], Batch]] = {
    "built-in": lambda: sample_batch(12),
    "district": of_districts,
    "held": held_down,
    "projects": lambda: sample_batch(8, scheme=project_scheme()),
    "several": lambda: several_batch((load_scheme(), 8, 1), (load_scheme("xiangmu-2020"), 5, 1)),
}


@EXTENSIONS
@pytest.mark.parametrize("name", BATCHES)
def test_written_values_are_those_of_the_program(name: str, tmp_path: Path) -> None:
    last = kept_run(BATCHES[name](), tmp_path)
    path = tmp_path / "复核表.xlsx"
    path.write_bytes(book_bytes(source_of(last), all_of(last), "张三"))
    assert_calculated(load_workbook(path, data_only=True), all_of(last), {})


@needs_libreoffice[0]
@needs_libreoffice[1]
@EXTENSIONS
@pytest.mark.parametrize("name", BATCHES)
def test_filled_in_part(name: str, tmp_path: Path) -> None:
    last = kept_run(BATCHES[name](), tmp_path)
    choices = all_of(last)
    path = tmp_path / "复核表.xlsx"
    path.write_bytes(book_bytes(source_of(last), choices, "张三"))
    names = load_workbook(path).sheetnames[1 : len(choices) + 1]
    typed = fill(path, names, seed=3)
    blank = tmp_path / "空白.xlsx"
    blank.write_bytes(book_bytes(source_of(last), choices, "张三"))
    again, unfilled = recalculate([path, blank], tmp_path / "again")
    assert_calculated(load_workbook(unfilled, data_only=True), choices, {})
    book = load_workbook(again, data_only=True)
    assert_calculated(book, choices, typed)
    assert {what for title, *_ in typed for what in [title]} == set(names)
    faulty = [
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(("#", "Err:"))
    ]
    assert faulty == []
