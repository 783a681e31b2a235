"""The review workbook (复核表) as its writer and its reader share it: sheets, hidden keys, marks, fingerprints.

A workbook is known by the hidden sheet `_list` with a mark of the kind 复核表 (`perfxl.layout.list_marks`; its `more`
has the fields of `BookMark`). The hidden sheet `_review` says what it was made of: a row for each department
(`Target`), with what is judged of each indicator and its fingerprint. 复核清单 lists the departments with links and is
only looked at: nothing on it is read. Then comes a sheet for each department, with two blocks as in the template:
column A (hidden) holds the key of each row, and a hidden row above the headings the keys of the columns, with `@head`
or `@review` in column A.

    A         | B …
    @head     | person, day, agreed …   keys of the columns (`HEAD_FIELDS` are read)
              | 复核人, 复核日期 …         headings
    d1        |                          one row: cells to fill for the department
    @review   | level1 … score, why …   keys of the columns (`INPUTS` are read)
              | 一级指标 …               headings
    d1/A11    |                          one row for each indicator: the department's key, `/`, the indicator's code
    @end      |                          behind the last; totals follow

So rows that were sorted, filtered, moved or pasted into the sheet of another department still say what they are of, and
what lacks its key is found by its heading and by the code in the column `code`. A row whose key and visible code differ
was sorted without its key: tell it, do not read it. Names of sheets say nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from perfxl.decimals import plain, two_places
from perfxl.layout.list_marks import Kind, Mark
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore
from perfxl.submission.identity import Identity, identity_of

LIST = "复核清单"
DATA = "_review"
HEAD_BLOCK, TABLE_BLOCK, END = "@head", "@review", "@end"
YES = "是"
"""What stands in `agreed` where the reviewer leaves all other indicators as they are."""
FOLDER = "复核"
"""The folder below the output into which review workbooks are written."""
DATA_HEADINGS = 1
_IN_A_CELL = 100
"""Indicators whose fingerprints stand in one cell, which takes 32,767 characters."""


class ReviewColumn(NamedTuple):
    """A column of a department's table. filled: whether the reviewer fills it; all others only show."""

    key: str
    heading: str
    width: float
    filled: bool = False


SCORE, WHY, BASIS = "score", "why", "basis"
CODE, ACCEPTED = "code", "accepted"
COLUMNS = (
    ReviewColumn("level1", "一级指标", 11),
    ReviewColumn("level2", "二级指标", 11),
    ReviewColumn(CODE, "代码", 6),
    ReviewColumn("name", "三级指标", 22),
    ReviewColumn("points", "分值", 6),
    ReviewColumn("self", "自评\n得分", 7.5),
    ReviewColumn("computed", "计算\n得分", 7.5),
    ReviewColumn("previous", "上年\n得分", 7.5),
    ReviewColumn(ACCEPTED, "认定\n得分", 7.5),
    ReviewColumn(SCORE, "复核\n得分", 8.5, filled=True),
    ReviewColumn(WHY, "复核理由", 22, filled=True),
    ReviewColumn(BASIS, "复核依据", 17, filled=True),
    ReviewColumn("after", "复核后\n得分", 7.5),
    ReviewColumn("difference", "增减", 7.5),
    ReviewColumn("hint", "提示", 9),
    ReviewColumn("explanation", "计算说明", 38),
    ReviewColumn("stated", "部门说明的原因", 20),
    ReviewColumn("evidence", "佐证材料", 18),
    ReviewColumn("official", "填报数和核定数", 22),
    ReviewColumn("objection", "部门的异议", 26),
)
"""All that there may be, from left to right. `previous`, `official`, `objection`: only where there is any."""
INPUTS = (SCORE, WHY, BASIS)
"""What is read of each indicator: review score, reason (理由), basis (依据)."""
PERSON, DAY, AGREED = HEAD_FIELDS = ("person", "day", "agreed")
"""What is read of each department: who reviewed it (复核人, filled in beforehand), when (复核日期), and whether all
indicators without a review score are left as they are (其余同意认定), which makes it 已复核."""
HEAD_HEADINGS = {PERSON: "复核人", DAY: "复核日期", AGREED: "其余同意认定"}


def department_row(key: str) -> str:
    """The key of a department's row in its block `@head`."""
    return key


def indicator_row(key: str, code: str) -> str:
    """The key of an indicator's row: (`d1`, `A11`) → `d1/A11`."""
    return f"{key}/{code}"


def row_in(text: str) -> tuple[str, str]:
    """The department's key and the indicator's code in a key of a row; the code is empty in a department's own."""
    key, _, code = text.strip().partition("/")
    return key, code


# What a workbook was made of.


@dataclass(frozen=True)
class BookMark:
    """What the mark of a review workbook says beside its kind and the codes of its schemes.

    started: of the run that it was made of, as in run.json. reviewer: to whom it was given, empty for nobody in
    particular. book: an identity of its own, which copies of the workbook share: two files with one `book` are the same
    review, filled twice.
    """

    started: str
    reviewer: str
    book: str

    def mark(self, schemes: Iterable[str]) -> Mark:
        """The mark as it stands on the hidden sheet."""
        return Mark(Kind.REVIEW, tuple(schemes), more={item.name: getattr(self, item.name) for item in fields(self)})

    @classmethod
    def of(cls, mark: Mark) -> BookMark:
        """What a mark says; what it lacks is empty."""
        return cls(**{item.name: mark.more.get(item.name, "") for item in fields(cls)})


class Judged(NamedTuple):
    """An indicator as the reviewer saw it. Scores are exact decimals, None where there was none.

    accepted: the accepted score without any review (`unreviewed`). fingerprint: see there.
    """

    code: str
    fingerprint: str
    points: Decimal
    self_score: Decimal | None
    computed: Decimal | None
    accepted: Decimal


@dataclass(frozen=True)
class Target:
    """A department of a review workbook as it was when that was made; a row of `_review`, in the order of the fields.

    key: `d1`, `d2` … in the keys of rows. scheme, scheme_sha256: what it was scored by. file, file_sha256: its own
    workbook. sheet: the name of its sheet then. total, grade: accepted, without any review. judged: by code, of the
    indicators that apply.
    """

    key: str
    scheme: str
    scheme_sha256: str
    code: str
    name: str
    project: str
    project_code: str
    category: str
    file: str
    file_sha256: str
    sheet: str
    total: str
    grade: str
    judged: Mapping[str, Judged] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        """Who it is, free of spelling, to be found in a later run among those of the same scheme."""
        return identity_of(self.code, self.name, self.project, self.project_code)


_TEXTS = tuple(item.name for item in fields(Target) if item.name != "judged")


def data_rows(targets: Iterable[Target]) -> list[list[str]]:
    """The hidden sheet `_review`: headings, then a row for each department; all texts."""
    rows = [[*_TEXTS, "judged"]]
    for target in targets:
        items = [_as_texts(item) for item in target.judged.values()]
        groups = (items[start : start + _IN_A_CELL] for start in range(0, len(items), _IN_A_CELL))
        cells = [json.dumps(group, ensure_ascii=False) for group in groups]
        rows.append([*(getattr(target, name) for name in _TEXTS), *cells])
    return rows


def _as_texts(item: Judged) -> list[str | None]:
    return [None if value is None else str(value) for value in item]


def targets_in(rows: Sequence[Sequence[object]]) -> dict[str, Target]:
    """The departments on the hidden sheet, by their keys. Raises ValueError where it is not as it was written."""
    found: dict[str, Target] = {}
    try:
        for row in rows[DATA_HEADINGS:]:
            texts = ["" if cell is None else str(cell) for cell in row]
            if not any(texts):
                continue
            judged = [_judged(item) for cell in texts[len(_TEXTS) :] if cell for item in json.loads(cell)]
            values = dict(zip(_TEXTS, texts[: len(_TEXTS)], strict=True))
            found[values["key"]] = Target(**values, judged={item.code: item for item in judged})
    except (ArithmeticError, LookupError, RecursionError, TypeError) as error:
        raise ValueError(str(error)) from error
    return found


def _judged(item: Sequence[str | None]) -> Judged:
    code, fingerprint_, points, *scores = item
    own, computed, accepted = (None if text is None else Decimal(text) for text in scores)
    if not isinstance(code, str) or not isinstance(fingerprint_, str) or points is None or accepted is None:
        raise ValueError(str(item)[:100])
    return Judged(code, fingerprint_, Decimal(points), own, computed, accepted)


def unreviewed(score: IndicatorScore) -> Decimal:
    """The accepted score as it is without any review: what a review is compared with, and stands in 认定得分."""
    return score.score if score.before is None else score.before


def judged_of(scheme: Scheme, department: DepartmentResult, score: IndicatorScore) -> Judged:
    """An indicator of a department as it is judged now. department: in full, with reasons, explanations and KPIs."""
    indicator = scheme.indicator_by_code[score.code]
    return Judged(
        score.code,
        fingerprint(indicator, department, score),
        score.points,
        score.self_score,
        score.computed,
        unreviewed(score),
    )


def fingerprint(indicator: Indicator, department: DepartmentResult, score: IndicatorScore) -> str:
    """A hash over all that a reviewer judges of an indicator: where it differs, the review was of something else.

    The indicator's name, standard and points; self, computed and accepted score without any review; explanation and the
    department's reason; of an indicator that counts KPI rows these rows with their evidence. Numbers are compared by
    value, so that `9.5` and `9.50` are one.
    """
    rows = [
        [kpi.level1, kpi.level2, kpi.name, kpi.symbol, kpi.target, kpi.unit, kpi.actual, _number(kpi.weight),
         _number(kpi.self_score), kpi.reason, kpi.evidence]
        for kpi in department.kpis
        if kpi.level1 in indicator.rule.kpi_levels
    ]  # fmt: skip
    parts = [
        indicator.name, indicator.standard, _number(score.points), _number(score.self_score), _number(score.computed),
        two_places(unreviewed(score)), score.explanation, score.reason or "", rows,
    ]  # fmt: skip
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


# What is read back.


@dataclass(frozen=True)
class Judgement:
    """What a reviewer filled in for an indicator.

    score: exact as typed, not yet held against the points or rounded; None where blank or no number. written: what
    stands in the cell, as text. reason, basis: trimmed, empty where blank. sheet, cell: where the score stands.
    """

    code: str
    score: Decimal | None
    written: str
    reason: str
    basis: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class DepartmentReview:
    """What a reviewer filled in for a department. person, day: empty and None where blank. agreed: see `HEAD_FIELDS`.

    judgements: by code, of the rows in which anything was filled in.
    """

    target: Target
    person: str
    day: date | None
    agreed: bool
    judgements: Mapping[str, Judgement]


@dataclass(frozen=True)
class ReviewBook:
    """A review workbook that was read. file: its name; sha256: of its bytes. reviews: in the order of its sheets."""

    file: str
    sha256: str
    mark: BookMark
    schemes: tuple[str, ...]
    reviews: Sequence[DepartmentReview]
