"""The columns of 年度对比: this year's figures, then those of each year before, the year last gone in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import ZERO, half_up
from perfxl.results.cells import Cell, Formula
from perfxl.results.context import category_of
from perfxl.results.list_sheets import Column
from perfxl.results.plan import Figure, SummaryPlan
from perfxl.scoring.result import DepartmentResult
from perfxl.years.result import DepartmentYears, Then

YEARS = "年度对比"
FIRST = 4
COMPARABLE, NOT_COMPARABLE = "是", "否"
NOTHING = "—"
Value = Callable[[DepartmentResult, int], Cell]


def moved_since(plan: SummaryPlan, item: DepartmentResult) -> int | None:
    """Places won since the year last gone, among those that have a place in both."""
    then = years_of(plan, item).thens[0]
    return then.moved if then is not None else None


def years_of(plan: SummaryPlan, item: DepartmentResult) -> DepartmentYears:
    """A department over the years."""
    years = plan.years
    assert years is not None
    return years.departments[item.file]


def basis_words(item: DepartmentResult, then: Then | None) -> str:
    """By what it is known whom it was, and whom, where that one had another name."""
    if then is None:
        return "没有对应"
    others = [title for title in then.titles if title != item.title]
    return then.basis + (f"：{'、'.join(others)}" if others else "")


def bases_words(item: DepartmentResult, thens: Sequence[Then | None], years: Sequence[int]) -> str:
    """`basis_words` of all years, that last gone first: once where it was the same in all, else a line a year."""
    words = [basis_words(item, then) for then in thens]
    if len(set(words)) == 1:
        return words[0]
    return "\n".join(f"{year}：{text}" for year, text in zip(years, words, strict=True))


class YearColumns:
    """The columns, whose formulas refer to cells of the same row and to whole columns of the sheet."""

    def __init__(self, plan: SummaryPlan) -> None:
        self._plan = plan
        self._letters: dict[str, str] = {}

    def all(self) -> list[Column[DepartmentResult]]:
        """All of them, in order."""
        plan, words = self._plan, self._plan.words
        years = plan.years
        assert years is not None
        unit = Column[DepartmentResult]("unit", words.unit, 20, "box text wrap", lambda item, _: item.name)
        year = years.year
        columns = [
            Column("name", words.title, plan.name_width(24), "box text wrap", lambda item, _: plan.name(item)),
            *([unit] if plan.projects else []),
            Column("category", words.category, 9, "box center", lambda item, _: category_of(item)),
            Column(
                "basis", "对应依据", 15, "box text wrap small",
                lambda item, _: bases_words(item, years_of(plan, item).thens, [head.year for head in years.heads]),
            ),
            Column("total", f"{year}\n总分", 8, "box score bold", self._total),
            Column("grade", f"{year}\n等级", 6, "box center", lambda item, _: item.grade if item.ranked else "退回"),
            *([Column("rate", f"{year}\n{plan.rate_label}", 9, "box rate", self._rate)] if self._has_rate else []),
            *([Column("kpis", f"{year}\n指标完成", 9, "box share", self._kpis)] if plan.scheme.has_kpis else []),
        ]  # fmt: skip
        for number, head in enumerate(years.heads):
            columns += self._year(number, head.year, year)
        self._letters = {column.key: xl_col_to_name(place) for place, column in enumerate(columns)}
        return columns

    @property
    def _has_rate(self) -> bool:
        return Figure.RATE in self._plan.figures

    def _year(self, number: int, year: int, this_year: int) -> list[Column[DepartmentResult]]:
        """The columns of a year before; of those further back without the two places."""
        value = self._then
        last = [
            Column[DepartmentResult](
                f"rank{number}", f"{year}\n原名次", 7, "box center", value(number, lambda then: then.rank)
            ),
        ]
        both = [
            Column[DepartmentResult](
                f"then{number}", f"{year}\n可比名次", 8, "box center", self._place(number, now=False)
            ),
            Column[DepartmentResult](
                f"now{number}", f"{this_year}\n可比名次", 8, "box center", self._place(number, now=True)
            ),
        ]
        rate = Column[DepartmentResult](
            f"rate{number}",
            f"{year}\n{self._plan.rate_label}",
            9,
            "box rate",
            value(number, lambda then: then.figures.rate),
        )
        kpis = Column[DepartmentResult](
            f"kpis{number}", f"{year}\n指标完成", 9, "box share", value(number, lambda then: then.figures.kpi_rate)
        )
        return [
            Column(f"total{number}", f"{year}\n总分", 8, "box score", value(number, _total_then)),
            Column(f"grade{number}", f"{year}\n等级", 6, "box center", value(number, lambda then: then.figures.grade)),
            *(last if number == 0 else []),
            Column(f"delta{number}", f"较{year}\n总分增减", 9, "box signed", self._delta(number)),
            Column(f"same{number}", "名次\n可比", 6, "box center", value(number, _comparable, NOT_COMPARABLE)),
            *(both if number == 0 else []),
            Column(f"moved{number}", f"较{year}\n名次升降", 8, "box places", self._moved(number)),
            *([rate] if self._has_rate else []),
            *([kpis] if self._plan.scheme.has_kpis else []),
        ]

    def _then(self, number: int, of: Callable[[Then], Cell], otherwise: Cell = None) -> Value:
        def value(item: DepartmentResult, _: int) -> Cell:
            then = years_of(self._plan, item).thens[number]
            return otherwise if then is None else of(then)

        return value

    def _cell(self, key: str, row: int) -> str:
        return f"${self._letters[key]}{row}"

    def _column(self, key: str) -> str:
        letter = self._letters[key]
        return f"${letter}${FIRST}:${letter}${FIRST + len(self._plan.departments) - 1}"

    def _total(self, item: DepartmentResult, _: int) -> Cell:
        return Formula(f"={self._plan.matrix_cell(item, self._plan.total_column)}", item.total)

    def _rate(self, item: DepartmentResult, _: int) -> Cell:
        if item.spending_rate is None:
            return None
        return Formula(f"={self._plan.matrix_cell(item, self._plan.figures[Figure.RATE])}", item.spending_rate)

    def _kpis(self, item: DepartmentResult, _: int) -> Cell:
        return years_of(self._plan, item).now.kpi_rate

    def _delta(self, number: int) -> Value:
        def value(item: DepartmentResult, row: int) -> Cell:
            then = years_of(self._plan, item).thens[number]
            if then is None or then.figures.total is None or not item.ranked:
                return None
            change = half_up(item.total - then.figures.total)
            return Formula(f"=ROUND({self._cell('total', row)}-{self._cell(f'total{number}', row)},2)", change)

        return value

    def _formula(self, number: int, row: int, *, now: bool) -> str:
        """The place among those that are comparable."""
        key = "total" if now else f"total{number}"
        own = f'{self._column(f"same{number}")},"{COMPARABLE}"'
        return f'COUNTIFS({own},{self._column(key)},">"&{self._cell(key, row)})+1'

    def _place(self, number: int, *, now: bool) -> Value:
        def value(item: DepartmentResult, row: int) -> Cell:
            then = years_of(self._plan, item).thens[number]
            if then is None or not then.comparable:
                return NOTHING
            return Formula(f"={self._formula(number, row, now=now)}", then.place_now if now else then.place_then)

        return value

    def _moved(self, number: int) -> Value:
        def value(item: DepartmentResult, row: int) -> Cell:
            then = years_of(self._plan, item).thens[number]
            if then is None or not then.comparable:
                return None
            if number == 0:
                return Formula(f"={self._cell('then0', row)}-{self._cell('now0', row)}", then.moved)
            before, now = (self._formula(number, row, now=now) for now in (False, True))
            return Formula(f"=({before})-({now})", then.moved)

        return value


def _total_then(then: Then) -> Cell:
    return then.state if then.figures.total is None else then.figures.total


def _comparable(then: Then) -> Cell:
    return COMPARABLE if then.comparable else NOT_COMPARABLE


def change(item: DepartmentResult, then: Then | None) -> object:
    """The total less that of then, None where one of them does not hold."""
    if then is None or then.figures.total is None or not item.ranked:
        return None
    return half_up(item.total - then.figures.total) + ZERO
