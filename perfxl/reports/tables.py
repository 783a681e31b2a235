"""Claims of tables: the KPI table, the table of scores and the table of funds, known by their headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from perfxl.reports.claims import (
    ACTUAL,
    ADJUSTED,
    BUDGET,
    COMPLETION,
    INITIAL,
    OWN,
    POINTS,
    RATE,
    RATE_OF,
    SCORE,
    SPENT,
    TARGET,
    WEIGHT,
    Claim,
    Kind,
)
from perfxl.reports.figures import DIGITS, Figure
from perfxl.reports.names import Names
from perfxl.reports.sentences import Sentence, plain_of

_NAME = "name"
_KPI = {
    "三级指标": _NAME, "指标名称": _NAME, "绩效指标": _NAME, "指标": _NAME, "年度指标值": TARGET,
    "指标值": TARGET, "目标值": TARGET,
    "实际完成值": ACTUAL, "完成值": ACTUAL, "实际值": ACTUAL, "完成率": COMPLETION, "分值": WEIGHT, "权重": WEIGHT,
    "自评得分": OWN, "得分": OWN,
}  # fmt: skip
_SCORES = {
    "三级指标": _NAME, "指标名称": _NAME, "指标": _NAME, "评价指标": _NAME, "二级指标": _NAME, "分值": POINTS,
    "标准分": POINTS, "自评得分": SCORE, "自评分": SCORE, "得分": SCORE, "得分率": RATE,
}  # fmt: skip
_FUNDS = {
    "项目": _NAME, "支出类型": _NAME, "类别": _NAME, "内容": _NAME, "年初预算数": INITIAL, "年初预算": INITIAL,
    "调整预算数": ADJUSTED, "全年预算数": ADJUSTED, "年度预算数": ADJUSTED, "支出数": SPENT, "全年执行数": SPENT,
    "执行数": SPENT, "执行率": RATE_OF[BUDGET],
    "完成率": RATE_OF[BUDGET], "支出率": RATE_OF[BUDGET],
}  # fmt: skip
_PERCENTS = frozenset({COMPLETION, RATE, *RATE_OF.values()})
_UNIT = re.compile(r"（[^）]*）$")
_SIGNED = re.compile(rf"[≥≤><＝=]?(?P<digits>-?{DIGITS})(?P<percent>%?)\D*")


def table_claims(rows: Sequence[Sentence], names: Names) -> Iterator[Claim]:
    """What the tables claim, row by row."""
    for _, table in groupby(rows, key=lambda row: row.table):
        yield from _table(list(table), names)


def _table(rows: Sequence[Sentence], names: Names) -> Iterator[Claim]:
    for number, row in enumerate(rows[:4]):
        heads = [_UNIT.sub("", plain_of(cell)[0]) for cell in row.cells]
        chosen = set(heads)
        if chosen & {"实际完成值", "完成值", "实际值"} and chosen & _of(_KPI, _NAME):
            yield from _kpis(rows[number + 1 :], _columns(heads, _KPI), names)
            return
        if chosen & _of(_SCORES, SCORE) and chosen & _of(_SCORES, _NAME) and "分值" in chosen:
            yield from _scores(rows[number + 1 :], _columns(heads, _SCORES), names)
            return
        if chosen & _of(_FUNDS, SPENT) and chosen & (_of(_FUNDS, INITIAL) | _of(_FUNDS, ADJUSTED)):
            yield from _funds(rows[number + 1 :], _columns(heads, _FUNDS), names)
            return


def _of(headings: Mapping[str, str], column: str) -> set[str]:
    return {heading for heading, own in headings.items() if own == column}


def _columns(heads: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    """Where each column stands; of several headings for one the first of the list counts."""
    found: dict[str, int] = {}
    for heading, column in known.items():
        if column not in found and heads.count(heading) == 1:
            found[column] = heads.index(heading)
    return found


def _cell(row: Sentence, columns: Mapping[str, int], column: str) -> str:
    at = columns.get(column, -1)
    return row.cells[at] if 0 <= at < len(row.cells) else ""


def _claim(
    row: Sentence, kind: Kind, subject: str, column: str, text: str, number: int = 0, unit: str = ""
) -> Claim | None:
    """The claim of a cell, None where it holds no number. unit: what stands behind that, such as 例/10万人."""
    plain = plain_of(text)[0]
    match = _SIGNED.fullmatch(plain.removesuffix(unit) if unit != "%" else plain)
    if match is None or bool(match["percent"]) < (column in _PERCENTS):
        return None
    figure = Figure(Decimal(match["digits"]), plain)
    return Claim(kind, subject, column, row, 0, 0, figure, number=number)


def _kpis(rows: Sequence[Sentence], columns: Mapping[str, int], names: Names) -> Iterator[Claim]:
    ours: dict[str, list[int]] = {}
    for number, (name, _) in enumerate(names.kpis):
        ours.setdefault(name, []).append(number)
    seen: Counter[str] = Counter()
    for row in rows:
        name = plain_of(_cell(row, columns, _NAME))[0]
        places = ours.get(name, [])
        if not places:
            continue
        number = places[min(seen[name], len(places) - 1)]
        seen[name] += 1
        for column in (TARGET, ACTUAL, COMPLETION, WEIGHT, OWN):
            text = _cell(row, columns, column)
            unit = names.kpis[number][1] if column in (TARGET, ACTUAL) else ""
            claim = _claim(row, Kind.KPI, name, column, text, number, unit)
            if claim is not None:
                yield claim
            elif column in (TARGET, ACTUAL) and text.strip():
                yield Claim(Kind.KPI, name, column, row, 0, 0, word=text.strip(), number=number)


def _scores(rows: Sequence[Sentence], columns: Mapping[str, int], names: Names) -> Iterator[Claim]:
    known = {plain_of(name)[0] for name in names.indicators}
    for row in rows:
        name = plain_of(_cell(row, columns, _NAME))[0]
        first = plain_of(next((cell for cell in row.cells if cell.strip()), ""))[0]
        if first in ("合计", "总计", "总分"):
            claim = _claim(row, Kind.TOTAL, "", "", _cell(row, columns, SCORE))
            if claim is not None:
                yield claim
        elif name in known:
            for column in (POINTS, SCORE, RATE):
                claim = _claim(row, Kind.SCORE, name, column, _cell(row, columns, column))
                if claim is not None:
                    yield claim


def _funds(rows: Sequence[Sentence], columns: Mapping[str, int], names: Names) -> Iterator[Claim]:
    for row in rows:
        cells = [plain_of(cell)[0] for cell in row.cells]
        key = next((names.funds[cell] for cell in cells[:2] if cell in names.funds), None)
        for column in columns if key is not None else ():
            claim = _claim(row, Kind.FUNDS, key or "", column, _cell(row, columns, column)) if column != _NAME else None
            if claim is not None:
                yield claim
