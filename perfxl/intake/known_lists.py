"""Which of the bureau's lists a workbook is: by its mark, else by its name, the names of its sheets, or headings.

A template that is filled is never one of them, whatever it is called: it has the template's hidden sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from enum import IntEnum
from pathlib import PurePath
from typing import NamedTuple

from perfxl.folders import BUREAU_FOLDER
from perfxl.layout.list_marks import LIST_SHEET, Kind, Mark, mark_in
from perfxl.layout.result_marks import is_summary
from perfxl.layout.sheets import META
from perfxl.text import fold
from perfxl.workbook.limits import RefusalError
from perfxl.workbook.sheet_cells import Rows

SCHEME_SHEET = "_scheme"
"""The hidden sheet of a scheme workbook, which `perfxl.scheme` writes and reads."""
HEADING_ROWS = 10
"""Headings are looked for in the first rows: a title may stand above them."""
WHO = ("部门", "单位")
"""What those on a list are called in its headings, now and in lists that were handed out before."""
_HEADINGS: dict[Kind, tuple[frozenset[str], ...]] = {
    Kind.EXEMPTIONS: (frozenset(("问题代码", "理由", "批准人", "批准日期")),),
    Kind.OFFICIAL: tuple(frozenset((f"{who}代码", "事项", "值", "依据")) for who in WHO),
    Kind.REGISTER: (frozenset(("收到日期", "首次见到", "第几次报送")),),
    Kind.ROSTER: tuple(
        frozenset((f"{who}代码", f"{who}名称", third)) for who in WHO for third in ("部门类别", "评分方案")
    ),
}
"""By which headings a list without a mark is known: all of one set stand in one row."""
_OF_RESULTS = frozenset(("名次", "总分", "等级", "状态", "情况", "报送情况", "错误", "选取理由", "需要核对"))
"""Headings of results and registers, which no roster has."""
FROM_OUTSIDE = "来自报送文件夹"
"""The first words of what is told of a list in the wrong place; 总览 counts by them."""
NOT_USED = "没有采用"
"""The first words of what is told of a list in the right place that does not hold."""
TO_THE_BUREAU = f"确属财政部门的，请移到 {BUREAU_FOLDER} 文件夹后再运行"
_NOT_OPENED = frozenset(("F101", "F102", "F103", "F104", "F105", "F106", "F107", "F108"))
_COPY = re.compile(r"[ _\-—]*(?:\d+|副本|复件|copy|[(（][^()（）]*[)）])$", re.IGNORECASE)


class Sure(IntEnum):
    """How a list was recognised, the surest first."""

    MARK = 1
    NAME = 2
    HEADINGS = 3


class Known(NamedTuple):
    """A list that was recognised. mark: None where it has none."""

    kind: Kind
    sure: Sure
    mark: Mark | None = None


def is_ours_otherwise(titles: Sequence[str]) -> bool:
    """Whether a workbook with these sheets is a template, a scheme or a summary, and so none of the lists."""
    folded = {fold(title) for title in titles}
    return META in folded or SCHEME_SHEET in folded or is_summary(folded)


def kind_named(name: str) -> Kind | None:
    """The list that a file is by its name: in the name of one stands what it is called."""
    stem = fold(PurePath(name).stem)
    return next((kind for kind in Kind if kind in stem), None)


def kind_named_plainly(name: str) -> Kind | None:
    """The list that a file is by its name where nothing else stands in it: for what cannot be opened."""
    stem = fold(PurePath(name).stem)
    while (shorter := _COPY.sub("", stem)) != stem:
        stem = shorter
    stem = stem.removesuffix("名单")
    return Kind(stem) if stem in set(Kind) else None


def list_in(name: str, titles: Sequence[str], rows_of: Callable[[str], Rows]) -> Known | None:
    """The list that a workbook is, None where it is none. rows_of: gives the rows of a sheet by its title."""
    if is_ours_otherwise(titles):
        return None
    for title in titles:
        if fold(title) == LIST_SHEET and (mark := mark_in(rows_of(title))) is not None:
            return Known(mark.kind, Sure.MARK, mark)
    if (kind := kind_named(name)) is not None:
        return Known(kind, Sure.NAME)
    called = next((kind for title in titles for kind in Kind if fold(title).removesuffix("名单") == kind), None)
    kind = called or next((kind for title in titles if (kind := _by_headings(rows_of(title)))), None)
    return None if kind is None else Known(kind, Sure.HEADINGS)


def _by_headings(rows: Rows) -> Kind | None:
    for row in rows[:HEADING_ROWS]:
        texts = {fold(cell) for cell in row if isinstance(cell, str)}
        for kind, sets in _HEADINGS.items():
            if any(texts >= headings for headings in sets) and not (kind is Kind.ROSTER and _tells_results(texts)):
                return kind
    return None


def _tells_results(headings: Set[str]) -> bool:
    """Whether they are those of a sheet of the results, which has code, name and category too: 排名, 催报清单.

    A sheet that calls them as lists were called before is none.
    """
    return f"{WHO[0]}代码" in headings and not headings.isdisjoint(_OF_RESULTS)


def not_from_here(kind: str) -> RefusalError:
    """What is told of a list or a scheme that stands among the workbooks: it came from outside."""
    return RefusalError(f"{FROM_OUTSIDE}的{kind}，没有采用", TO_THE_BUREAU, "W623")


def refuse_marked(titles: Sequence[str], rows_of: Callable[[str], Rows]) -> None:
    """Raises RefusalError for a list or a scheme by its mark."""
    folded = {fold(title): title for title in titles}
    if META in folded:
        return
    if SCHEME_SHEET in folded:
        raise not_from_here("评分方案")
    if LIST_SHEET in folded and (mark := mark_in(rows_of(folded[LIST_SHEET]))) is not None:
        raise not_from_here(mark.kind.label)


def instead(name: str, refusal: RefusalError) -> RefusalError:
    """The refusal of a file that could not be opened; where it is called like a list, and nothing else, that of one."""
    kind = kind_named_plainly(name) if refusal.code in _NOT_OPENED else None
    return not_from_here(kind.label) if kind is not None else refusal
