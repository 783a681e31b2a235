"""The KPI rows of a department below its indicators, for reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfxl.decimals import percent
from perfxl.review.layout import ACCEPTED, BASIS, CODE, SCORE, WHY
from perfxl.review_books.paper import Paper
from perfxl.review_books.source import Subject
from perfxl.scoring.result import KpiResult
from perfxl.template.text_height import HIGHEST, LINE_HEIGHT, PADDING, lines

_HEADINGS = (
    ("level1", "一级\n指标"), ("level2", "二级\n指标"), (CODE, "指标名称"), ("points", "符号"),
    ("self", "年度\n指标值"), ("computed", "单位"),
    (ACCEPTED, "实际\n完成值"), (SCORE, "完成率"), (WHY, "计算说明"), (BASIS, "偏差原因"),
    ("after", "分值"), ("difference", "自评"), ("hint", "计入得分"), ("explanation", "佐证材料"),
)  # fmt: skip


def write_kpis(paper: Paper, subject: Subject, col: Mapping[str, int], row: int) -> int:
    """Writes the table, where the department has KPIs. col: the columns of the sheet. The first row below it."""
    kpis = subject.department.kpis
    if not kpis:
        return row
    row += 1
    paper.text(row, 1, f"绩效指标（{len(kpis)} 条，供参考）", "block", to=col["name"])
    paper.page.set_row(row, 24)
    row += 1
    headings = [*_HEADINGS, *([("previous", "")] if "previous" in col else [])]
    for key, heading in headings:
        paper.text(row, col[key], heading, "head", to=col["name"] if key == CODE else None)
    paper.page.set_row(row, 2 * LINE_HEIGHT + PADDING)
    for kpi in kpis:
        row = _row(paper, col, row + 1, kpi)
    return row + 1


def _row(paper: Paper, col: Mapping[str, int], row: int, kpi: KpiResult) -> int:
    """Writes it; the last row that it takes. A reason too long for a row of its width has the next one to itself."""
    long = LINE_HEIGHT * lines(kpi.reason, paper.widths[col[BASIS]]) + PADDING > HIGHEST
    texts = {
        "level1": kpi.level1, "level2": kpi.level2, CODE: kpi.name, "points": kpi.symbol, "self": kpi.target,
        "computed": kpi.unit, ACCEPTED: kpi.actual, SCORE: "" if kpi.completion is None else percent(kpi.completion),
        WHY: kpi.explanation, BASIS: "见下一行" if long else kpi.reason,
        "explanation": kpi.evidence,
    }  # fmt: skip
    centered = ("points", "self", "computed", ACCEPTED, SCORE)
    for key, text in texts.items():
        look: dict[str, Any] = {"align": "center"} if key in centered else {}
        paper.text(row, col[key], text, to=col["name"] if key == CODE else None, **look)
    if "previous" in col:
        paper.text(row, col["previous"], "")
    numbers = {"after": kpi.weight, "difference": kpi.self_score, "hint": kpi.counted}
    for key, number in numbers.items():
        paper.number(row, col[key], number)
    widths = paper.widths
    cells = [(text, widths[col[key]] + (widths[col["name"]] if key == CODE else 0)) for key, text in texts.items()]
    paper.height(row, cells)
    if long:
        row += 1
        first, last = col["level1"], col["hint"]
        paper.text(row, first, f"{kpi.name}的偏差原因：{kpi.reason}", to=last)
        paper.height(row, [(kpi.name + kpi.reason, paper.span(first, last))])
    return row
