"""Checks of the template's own formulas: what a department saw beside what perfxl computes; no score needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit_on_file, shared, total
from perfxl.checks.unread import files_with_odd_self_scores, otherwise_read_indicators
from perfxl.decimals import CENT, ZERO, from_float, two_places
from perfxl.intake.locate import TOTAL
from perfxl.intake.overtyped import Overtyped
from perfxl.intake.submission_tables import Tables
from perfxl.layout import Place
from perfxl.layout.sheets import KPIS
from perfxl.scheme.model import BASE, REQUIRED
from perfxl.submission.numbers import number_in
from perfxl.submission.values import as_written
from perfxl.text import fold
from perfxl.workbook.sheet_cells import Raw


@dataclass(slots=True)
class _Shown:
    """A formula cell of the template. expected: what perfxl computes; None where that says nothing about the cell."""

    file: str
    key: str
    place: Place
    content: Raw
    expected: Decimal | None
    state: str

    @property
    def label(self) -> str:
        return "自评得分合计" if self.key == TOTAL else f"{self.key} 的计算得分"


@shared
def _formulas(tables: Tables) -> tuple[_Shown, ...]:
    return tuple(_all_formulas(tables))


def _all_formulas(tables: Tables) -> Iterator[_Shown]:
    for file, submission in tables.submissions.items():
        outcomes = tables.outcomes[file]
        for (table, key, _), (place, content) in submission.located.results.items():
            if table != "scores" or not submission.applies(table, key):
                continue
            outcome = outcomes.get(key)
            expected = _total(tables, file) if key == TOTAL else outcome.score if outcome else None
            sheet, spot = submission.cells.content(place.sheet), (place.row, place.col)
            state = "error" if spot in sheet.errors else "uncalculated" if spot in sheet.uncalculated else ""
            yield _Shown(file, key, place, content, expected, state)


def _total(tables: Tables, file: str) -> Decimal | None:
    """The sum of the self scores; None where one of them is no plain number, or their total is not simply that."""
    scheme = tables.scheme
    is_sum = not scheme.restricted and all(item.nature == BASE for item in scheme.indicators)
    if not is_sum or scheme.options.blank_self != REQUIRED or file in files_with_odd_self_scores(tables):
        return None
    own = (tables.values[file].get(("scores", item.code, "self")) for item in scheme.indicators)
    return total(score for score in own if isinstance(score, Decimal))


def _hit(tables: Tables, item: _Shown, **words: object) -> Hit:
    sheet = tables.submissions[item.file].cells.titles[item.place.sheet]
    return hit_on_file(item.file, sheet=sheet, cell=item.place.cell, **words)


def _number(content: Raw) -> Decimal | None:
    if isinstance(content, str):
        return number_in(content)
    if isinstance(content, bool) or not isinstance(content, int | float) or not isfinite(content):
        return None
    return from_float(float(content))


def _blank(content: Raw) -> bool:
    return content is None or (isinstance(content, str) and not fold(content))


@check(
    "W701",
    Severity.WARNING,
    "公式被改动",
    message="{what}显示 {value}，按填报数据应为 {expected}，公式可能被数值覆盖或改动",
    advice="评分以填报数据为准，不受影响；请从空白模板恢复该公式",
    expected="{expected}",
)
def altered(tables: Tables) -> Iterator[Hit]:
    """A formula cell shows another number than perfxl computes from the same inputs."""
    for item in _altered(tables):
        expected = two_places(item.expected or ZERO)
        yield _hit(tables, item, value=as_written(item.content), expected=expected, what=item.label)
    yield from _overtyped(tables, lambda item: item.is_number)


@check(
    "I022", Severity.INFO, "公式单元格里写有文字",
    message="{what}原有公式，写成了“{value}”，没有读取",
    advice="不影响评分；请把需要说明的内容写到可填写的单元格里；公式请从空白模板恢复，退回件里已经恢复",
)  # fmt: skip
def words_for_formula(tables: Tables) -> Iterator[Hit]:
    """Words in a grey cell, which nobody reads: one line a sheet."""
    return _overtyped(tables, lambda item: not item.is_number)


def _overtyped(tables: Tables, chosen: Callable[[Overtyped], bool]) -> Iterator[Hit]:
    """The first of each sheet, without what is told of a score."""
    told = {(item.file, item.place.sheet, item.place.row, item.place.col) for item in _altered(tables)}
    for file, submission in tables.submissions.items():
        groups: dict[str, list[Overtyped]] = {}
        for item in submission.overtyped:
            if chosen(item) and (file, item.sheet, *item.at) not in told:
                groups.setdefault(item.sheet, []).append(item)
        for proper, (first, *others) in groups.items():
            sheet = submission.cells.titles[proper]
            several = f"“{sheet}”有 {len(others) + 1} 格公式被改写，第一格 {first.cell} "
            yield hit_on_file(
                file, sheet=sheet, cell=first.cell, value=first.text, expected=first.expected,
                what=several if others else f"“{sheet}”的 {first.cell} ",
            )  # fmt: skip


@shared
def _altered(tables: Tables) -> tuple[_Shown, ...]:
    other = [item for item in _formulas(tables) if not item.state and _differs(item) and not _blank(item.content)]
    doubtful = {file: otherwise_read_indicators(tables, file) for file in {item.file for item in other}}
    return tuple(item for item in other if item.key not in doubtful[item.file] and not _follows(tables, item))


def _follows(tables: Tables, item: _Shown) -> bool:
    """Whether a number was typed over what this formula sums up, and is told there."""
    submission = tables.submissions[item.file]
    if item.key not in {indicator.code for indicator in tables.scheme.kpi_indicators}:
        return False
    if (item.place.row, item.place.col) not in submission.cells.content(item.place.sheet).formulas:
        return False
    return any(own.is_number and own.sheet == KPIS for own in submission.overtyped)


def _differs(item: _Shown) -> bool:
    # Nearly all show just that number, and floats compare quickly.
    if item.expected is None or (isinstance(item.content, float) and item.content == float(item.expected)):
        return False
    number = _number(item.content)
    # 0 is what programs write for a formula not calculated.
    return number is None or (abs(number - item.expected) >= CENT and not (number == 0 and item.expected > 0))


@check(
    "I702",
    Severity.INFO,
    "公式没有计算",
    message="{what}的公式没有计算结果，文件可能不是由 Excel 或 WPS 保存的",
    advice="评分由程序按填报数据计算，不受影响；如要查看，请在 Excel 中打开并保存",
)
def not_calculated(tables: Tables) -> Iterator[Hit]:
    """A workbook in which no formula that should show a score shows one: one line, at the first of them.

    A single blank is none: the template shows nothing where an input is written as text, which perfxl reads all the
    same.
    """
    groups: dict[str, list[_Shown]] = {}
    for item in _formulas(tables):
        if item.expected:
            groups.setdefault(item.file, []).append(item)
    never = [group for group in groups.values() if all(_shows_nothing(item) for item in group)]
    return _first_of_each(tables, [item for group in never for item in group])


def _shows_nothing(item: _Shown) -> bool:
    return item.state == "uncalculated" or (not item.state and (_blank(item.content) or _number(item.content) == 0))


@check(
    "W703",
    Severity.WARNING,
    "公式显示错误值",
    message="{what}的公式显示错误值（如 #REF!、#DIV/0!）",
    advice="评分由程序按填报数据计算，不受影响；请从空白模板恢复该公式",
)
def shows_error(tables: Tables) -> Iterator[Hit]:
    """Formula cells with an error value: one line a workbook, at the first of them."""
    return _first_of_each(tables, [item for item in _formulas(tables) if item.state == "error"])


def _first_of_each(tables: Tables, items: list[_Shown]) -> Iterator[Hit]:
    groups: dict[str, list[_Shown]] = {}
    for item in items:
        groups.setdefault(item.file, []).append(item)
    for first, *others in groups.values():
        yield _hit(tables, first, what=first.label + (f"等 {len(others) + 1} 处" if others else ""))
