"""问题与整改 of a department's own workbook: what cost points and what is wrong, with columns that it fills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.checks.finding import Finding, Severity
from perfxl.decimals import two_places
from perfxl.layout.signatures import signature_text
from perfxl.lists.exemptions import is_accepted
from perfxl.results.cells import Page
from perfxl.results.context import Context
from perfxl.results.filling import stretch_of
from perfxl.results.list_sheets import Column, Table
from perfxl.results.reviewed import reason_words, review_words
from perfxl.results.sheets.findings import LOOKS
from perfxl.results.text_height import ROW_HEIGHT
from perfxl.results.words import outside_name
from perfxl.scheme.model import PENALTY, Indicator
from perfxl.scoring.result import DepartmentResult, IndicatorScore

RECTIFICATION = "问题与整改"
LOST = "扣分"
SIGNATURE_HEIGHT = 42
TITLE, HEADINGS = 28, 22


class Matter(NamedTuple):
    """A loss of points or a finding. kind: 扣分 or the severity. place: the indicator, or where the finding stands."""

    kind: str
    look: str
    place: str
    what: str
    why: str


def matters(context: Context, department: DepartmentResult) -> list[Matter]:
    """The errors, then every loss of points, the largest first, then the other findings; what was accepted is none.

    Within the year nothing is scored yet, and no points are lost.
    """
    found = [item for item in context.findings_of(department) if not is_accepted(item)]
    errors = [_of_finding(item) for item in found if item.severity is Severity.ERROR]
    others = [_of_finding(item) for item in found if item.severity is not Severity.ERROR]
    losses = _losses(context, department) if context.scheme.asks_scores else ()
    return [*errors, *losses, *others]


def _losses(context: Context, department: DepartmentResult) -> Iterator[Matter]:
    indicators = context.scheme.indicator_by_code
    losing = [score for score in department.scores if score.lost > 0 and score.code in indicators]
    for score in sorted(losing, key=lambda item: -item.lost):
        yield _of_loss(indicators[score.code], score)


def _of_loss(indicator: Indicator, score: IndicatorScore) -> Matter:
    what = f"扣 {two_places(score.lost)} 分"
    if score.nature != PENALTY:
        what += f"（分值 {two_places(score.points)}，认定 {two_places(score.score)}）"
    words = (score.explanation or indicator.standard, reason_words(score), review_words(score))
    return Matter(LOST, "weak", f"{score.code} {outside_name(indicator)}", what, "\n".join(filter(None, words)))


def _of_finding(finding: Finding) -> Matter:
    words = [finding.message]
    told = (("填报", finding.value), ("应为", finding.expected))
    # Most messages quote what was written.
    words += [f"{word}：{text}" for word, text in told if text and text not in finding.message]
    if finding.advice:
        words.append(f"处理意见：{finding.advice}")
    place = "!".join(part for part in (finding.sheet, finding.cell) if part)
    return Matter(finding.severity.label, LOOKS[finding.severity], place or "整个文件", finding.title, "\n".join(words))


def write_rectification(page: Page, context: Context, department: DepartmentResult) -> None:
    """Writes the sheet."""
    items = matters(context, department)
    table = Table(RECTIFICATION, COLUMNS, items)
    lost = sum(item.kind == LOST for item in items)
    scored = f"扣分 {lost} 项，" if context.scheme.asks_scores else ""
    note = f"{department.title}　　{scored}填报问题 {len(items) - lost} 条（不含已豁免的）。"
    note += "请填写浅黄色的三列，签字盖章后报回。" if items else ""
    if items:
        heights = [TITLE, ROW_HEIGHT, HEADINGS, *table.heights(), SIGNATURE_HEIGHT]
        flowing = range(table.first - 1, len(heights) - 1)
        table.stretch = stretch_of(heights, table.widths, flowing, table.first - 2)
    empty = "没有扣分，也没有发现问题。"
    table.write([page], RECTIFICATION, note, empty=empty, heading_height=HEADINGS, below=bool(items))
    if items:
        page.merged(table.last, 0, table.last, len(COLUMNS) - 1, signature_text(department.contact), "box text")
        page.height(table.last, SIGNATURE_HEIGHT)


COLUMNS: list[Column[Matter]] = [
    Column("number", "序号", 5, "box center", lambda item, row: row - 3),
    Column("kind", "类别", 6, lambda item: "box center " + item.look, lambda item, _: item.kind),
    Column("place", "指标或位置", 17, "box text wrap", lambda item, _: item.place),
    Column("what", "扣分或问题", 20, "box text wrap", lambda item, _: item.what),
    Column("why", "原因、依据和处理意见", 48, "box text wrap small", lambda item, _: item.why),
    Column("measure", "整改措施", 30, "box text wrap input", lambda item, _: None, least=26),
    Column("person", "责任人", 9, "box center wrap input", lambda item, _: None, least=9),
    Column("date", "完成时限", 11, "box center input", lambda item, _: None),
]
