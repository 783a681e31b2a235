"""异议: what departments object to in their results, beside the score and what a review made of it."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.layout.result_marks import OBJECTIONS
from perfxl.results.batch import Batch
from perfxl.results.cells import Cell, Name, Page
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SCHEME, SummaryPlan
from perfxl.results.plan_of_batch import UNKNOWN
from perfxl.results.reviewed import review_words
from perfxl.results.summary_sheet import ListSheet
from perfxl.scoring.result import DepartmentResult, IndicatorScore
from perfxl.submission.identity import Identity, identity_of
from perfxl.submission.objection import Objection

WHOLE = "总体"
"""Instead of an indicator's code in an objection to the whole."""


def objections_table(plan: SummaryPlan) -> Table[Objection]:
    """The columns and rows of the sheet, in the order of the files."""
    whole = plan.lists
    return Table(SHEET.name, _columns(whole), whole.batch.objections)


def write_objections(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    items = plan.batch.objections
    departments = len({(item.scheme, item.code, item.title) for item in items})
    note = (
        f"{plan.words.count(departments)}提出 {len(items)} 条异议，来自报回的{plan.words.one}结果工作簿。"
        "用 perfxl review 制作下一轮复核表时，列在相应指标旁。"
    )
    objections_table(plan).write(pages, plan.title(SHEET.name), note, frozen=1)


class _Scores:
    """The present score of what is objected to."""

    def __init__(self, batch: Batch) -> None:
        self._found: dict[tuple[str, Identity], DepartmentResult] = {}
        for item in batch.departments:
            who = identity_of(item.code, item.name, item.project, item.project_code)
            self._found[item.scheme, who] = item
        self._labels = {(scheme.id, one.code): one.name for scheme in batch.all_schemes for one in scheme.indicators}

    def of(self, item: Objection) -> IndicatorScore | None:
        who = identity_of(item.code, item.name, item.project, item.project_code)
        found = self._found.get((item.scheme, who))
        scores = found.scores if found is not None else ()
        return next((score for score in scores if score.code == item.indicator), None)

    def label(self, item: Objection) -> str:
        return self._labels.get((item.scheme, item.indicator), "") if item.indicator else WHOLE


def _named(plan: SummaryPlan, item: Objection) -> Name:
    return Name(item.title, plan.places.called(item.title, scheme=item.scheme, code=item.code, unit=item.name))


def _columns(plan: SummaryPlan) -> list[Column[Objection]]:
    scores, shorts = _Scores(plan.batch), plan.shorts
    unit = Column[Objection]("unit", plan.words.unit, 16, "box text wrap small", lambda item, _: item.name)
    scheme = Column[Objection]("scheme", SCHEME, 12, "box text wrap small", lambda i, _: shorts.get(i.scheme, UNKNOWN))

    def points(item: Objection, _: int) -> Cell:
        score = scores.of(item)
        return score.points if score else None

    def accepted(item: Objection, _: int) -> Cell:
        score = scores.of(item)
        return score.score if score else None

    def done(item: Objection, _: int) -> Cell:
        score = scores.of(item)
        return (review_words(score) if score else "") or "尚未复核"

    return [
        Column("number", "序号", 5, "box center", lambda item, row: row - 3),
        Column(
            "department", plan.words.title, plan.name_width(20), "box text wrap", lambda item, _: _named(plan, item)
        ),
        *([unit] if plan.projects else []),
        *([scheme] if shorts else []),
        Column("code", "代码", 7, "box center", lambda item, _: item.indicator or WHOLE),
        Column("indicator", "三级指标", 18, "box text wrap small", lambda item, _: scores.label(item)),
        Column("points", "分值", 6, "box center points", points),
        Column("score", "现认定\n得分", 8, "box score bold", accepted),
        Column("claim", "异议", 34, "box text wrap", lambda item, _: item.claim),
        Column("basis", "依据", 26, "box text wrap", lambda item, _: item.basis),
        Column("done", "复核情况", 26, "box text wrap small", done),
        Column("file", "文件", 20, "box text wrap small", lambda item, _: item.file),
        Column("place", "位置", 10, "box center wrap small", lambda item, _: f"{item.sheet}!{item.cell}"),
    ]


SHEET = ListSheet(
    OBJECTIONS, 78, objections_table, write_objections, common=True, present=lambda batch: bool(batch.objections)
)
