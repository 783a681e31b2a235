"""The KPI rows of a department below its indicators, for reference, under the same headings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfxl.decimals import percent
from perfxl.review.layout import ACCEPTED, CODE, SCORE
from perfxl.review_books.paper import Paper
from perfxl.review_books.source import Subject
from perfxl.scoring.result import KpiResult
from perfxl.template.text_height import fits

_NEXT = "见下一行"
_NAME_SHOWN = 40  # letters of a name before a text that has rows of its own


def write_kpis(paper: Paper, subject: Subject, col: Mapping[str, int], row: int) -> tuple[int, list[int]]:
    """Writes the rows, where the department has KPIs. col: the columns of the sheet.

    They stand under the headings of the indicators, which stay in view and are on every page: a weight is points, and
    target and result stand before the calculation. Returns the first row below, and the rows before which a page may
    end.
    """
    kpis = subject.department.kpis
    if not kpis:
        return row, []
    row += 1
    starts = [row]
    paper.text(row, 1, f"绩效指标（{len(kpis)} 条，供参考）", "block", to=col["name"])
    paper.set_row(row, 24)
    row += 1
    for number, kpi in enumerate(kpis):
        # The first of them stays with the heading.
        starts += [row] if number else []
        row = _row(paper, col, row, kpi)
    return row, starts


def _row(paper: Paper, col: Mapping[str, int], row: int, kpi: KpiResult) -> int:
    """Writes it; the first row below. A text too long for a row of its width has the next ones to itself."""
    texts = {
        "level1": kpi.level1, "level2": kpi.level2, CODE: kpi.name, "explanation": _told(kpi),
        "stated": kpi.reason, "evidence": kpi.evidence,
    }  # fmt: skip
    widths = paper.widths | {col[CODE]: paper.span(col[CODE], col["name"])}
    long = {key: text for key, text in texts.items() if not fits(text, widths[col[key]])}
    # A name is known by its beginning, all else by what it is about.
    shown = texts | {key: _begin(kpi.name) if key == CODE else _NEXT for key in long}
    for key, text in shown.items():
        paper.text(row, col[key], text, to=col["name"] if key == CODE else None)
    numbers = {"points": kpi.weight, "self": kpi.self_score, "computed": kpi.computed, ACCEPTED: kpi.counted}
    for key, number in numbers.items():
        look: dict[str, Any] = {"num_format": "General", "align": "center"} if key == "points" else {}
        paper.number(row, col[key], number, **look)
    for key, place in col.items():
        # Where indicators are reviewed there is nothing to fill.
        if key not in shown and key not in numbers and key != "name":
            paper.text(row, place, "", "computed" if place >= col[SCORE] else "label")
    paper.height(row, [(text, widths[col[key]]) for key, text in shown.items()])
    row += 1
    what = {"level1": "一级指标", "level2": "二级指标", CODE: "名称", "explanation": "计算说明", "stated": "偏差原因",
            "evidence": "佐证材料"}  # fmt: skip
    for key, text in long.items():
        row = paper.flowing(row, f"{_begin(kpi.name)}：{what[key]}", text)
    return row


def _told(kpi: KpiResult) -> str:
    """Target and result, and how the score follows."""
    target = " ".join(part for part in (kpi.symbol, kpi.target, kpi.unit) if part)
    parts = [f"指标值 {target}" if target else "", f"完成 {kpi.actual}" if kpi.actual else ""]
    parts += ["" if kpi.completion is None else f"完成率 {percent(kpi.completion)}"]
    return "\n".join(filter(None, ("，".join(filter(None, parts)), kpi.explanation)))


def _begin(name: str) -> str:
    return name if len(name) <= _NAME_SHOWN else f"{name[: _NAME_SHOWN - 1]}…"
