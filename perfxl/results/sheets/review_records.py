"""复核记录: every score that a reviewer filled in: who changed what from what to what, why, when, and where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from perfxl.references import column_letters
from perfxl.results.cells import Cell, Formula, Name, Page
from perfxl.results.context import no_pattern
from perfxl.results.list_sheets import Column, Table
from perfxl.results.plan import SummaryPlan
from perfxl.results.summary_sheet import ListSheet
from perfxl.review.record import Effect, ReviewRecord

LOOKS = {Effect.STANDS: "good", Effect.WAITS: "weak", Effect.NONE: "bad"}


def records_table(plan: SummaryPlan) -> Table[ReviewRecord]:
    """The columns and rows of the sheet, in the order of the ranking and of the scheme."""
    return Table(SHEET.name_in(plan), _columns(plan), plan.batch.reviews)


def write_records(pages: Sequence[Page], plan: SummaryPlan) -> None:
    """Writes the sheet, or sheets where there are too many for one."""
    records = plan.batch.reviews
    counts = Counter(item.effect for item in records)
    words = "，".join(f"{effect} {counts[effect]} 条" for effect in Effect if counts[effect] or effect is Effect.STANDS)
    note = f"复核人填写的得分共 {len(records)} 条：{words}。没有填写得分、只写“其余同意认定”的不在此列。"
    records_table(plan).write(pages, plan.title(SHEET.name), note, frozen=2, empty="没有填写复核得分。")


def reviewer_of(item: ReviewRecord) -> str:
    """The reviewer as formulas can count by it."""
    return no_pattern(item.reviewer)


def _columns(plan: SummaryPlan) -> list[Column[ReviewRecord]]:
    unit = Column[ReviewRecord]("unit", plan.words.unit, 14, "box text wrap small", lambda item, _: item.name)
    before: list[Column[ReviewRecord]] = [
        Column("number", "序号", 5, "box center", lambda item, row: row - 3),
        Column(
            "department", plan.words.title, plan.name_width(17), "box text wrap", lambda item, _: _named(plan, item)
        ),
        *([unit] if plan.projects else []),
        Column("indicator", "代码", 6, "box center", lambda item, _: item.indicator),
        Column("label", "三级指标", 16, "box text wrap small", lambda item, _: item.label),
        Column("points", "分值", 6, "box center points", lambda item, _: item.points),
    ]
    accepted, score = (column_letters(len(before) + offset) for offset in (0, 1))

    def difference(item: ReviewRecord, row: int) -> Cell:
        if item.difference is None:
            return None
        return Formula(f"=ROUND(${score}{row}-${accepted}{row},2)", item.difference)

    return [
        *before,
        Column("accepted", "复核前\n认定", 7, "box score", lambda item, _: item.accepted),
        Column("score", "复核\n得分", 7.5, _score_look, lambda item, _: _score(item)),
        Column("difference", "增减", 7, "box signed", difference),
        Column("final", "复核后\n认定", 7, "box score bold", lambda item, _: item.final),
        Column("effect", "结果", 9, lambda i: f"box center {LOOKS[i.effect]}", lambda item, _: item.effect.value),
        Column("why", "结果说明", 17, "box text wrap small", lambda item, _: item.why),
        Column("reason", "复核理由", 23, "box text wrap small", lambda item, _: item.reason),
        Column("basis", "复核依据", 14, "box text wrap small", lambda item, _: item.basis),
        Column("reviewer", "复核人", 9, "box center wrap", lambda item, _: reviewer_of(item)),
        Column("day", "复核日期", 10.5, "box center small", lambda item, _: item.day),
        Column("place", "复核表和位置", 20, "box text wrap small", lambda item, _: _place(item)),
    ]


def _named(plan: SummaryPlan, item: ReviewRecord) -> Name:
    return Name(item.title, plan.places.of(item.file))


def _place(item: ReviewRecord) -> str:
    return f"{PurePosixPath(item.book).name}\n{item.sheet}!{item.cell}"


def _score(item: ReviewRecord) -> Cell:
    """The score where it counts, else what is written."""
    return item.score if item.score is not None else item.written or None


def _score_look(item: ReviewRecord) -> str:
    return "box score bold" if item.score is not None else "box center muted wrap"


SHEET = ListSheet("复核记录", 56, records_table, write_records, present=lambda batch: batch.reviewed)
