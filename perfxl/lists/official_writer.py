"""Writes 财政核定数.xlsx, blank or with the departments of a roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from perfxl.layout.list_marks import Kind, Mark
from perfxl.lists.look import ListSheet, Row, write_book
from perfxl.lists.official_columns import (
    CORRECTIONS,
    TARGETS,
    WideSheet,
    correction_headings,
    target_headings,
    wide_sheets,
)
from perfxl.lists.roster import Listed, Roster
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.model import FULL_POINTS, LEFT_OUT, Scheme

_WAITING = {LEFT_OUT: "相关指标先不计分", FULL_POINTS: "相关指标先按满分"}


def write_official(
    path: Path, schemes: Schemes, roster: Roster | None = None, lines: Mapping[str, Sequence[Row]] | None = None
) -> None:
    """The list of official values for schemes. roster: the departments whose rows stand there. lines: what is filled
    in already, by sheet; of a department of the roster in its row. Raises OSError.
    """
    schemes, lines = as_schemes(schemes), lines or {}
    sheets = [_wide(sheet, roster, lines.get(sheet.name, ())) for sheet in wide_sheets(schemes)]
    if any(scheme.bureau_targets for scheme in schemes):
        sheets.append(_targets(schemes, lines.get(TARGETS, ())))
    sheets.append(_corrections(schemes, lines.get(CORRECTIONS, ())))
    write_book(path, Mark(Kind.OFFICIAL, tuple(scheme.id for scheme in schemes)), sheets)


def _wide(sheet: WideSheet, roster: Roster | None, lines: Sequence[Row]) -> ListSheet:
    scheme = sheet.scheme
    one = scheme.evaluated.word
    waiting = _WAITING.get(scheme.options.pending, "相关指标先按 0 分")
    rows: list[Row] = [_who(row) for row in roster.of(scheme).rows] if roster is not None else []
    given = {(str(line.get("code")), str(line.get("project") or "")): line for line in lines}
    rows = [{**row, **given.pop((str(row["code"]), str(row["project"])), {})} for row in rows] + list(given.values())
    return ListSheet(
        sheet.name,
        f"财政核定数：{sheet.form}（{scheme.header.title}）",
        [
            f"一行一个{one}，一列一个事项，可以从业务科室导出的表中整列粘贴；列的次序不要紧，标题不要改。",
            f"留空 = 还没有核定，{waiting}。表头第 3 行是隐藏的标识，请不要删除。",
        ],
        sheet.headings,
        rows,
        blank_rows=20 if rows else 200,
        keyed=True,
        frozen=4 if scheme.evaluated.is_project else 3,
    )


def _who(row: Listed) -> Row:
    return {"code": row.code, "name": row.name, "project": row.project}


def _targets(schemes: Sequence[Scheme], lines: Sequence[Row]) -> ListSheet:
    return ListSheet(
        TARGETS,
        "财政核定数：年度指标值",
        ["一行一项绩效指标，按部门和指标名称对应；同一部门的同一项指标只写一行。"],
        target_headings(schemes),
        lines,
        frozen=2,
    )


def _corrections(schemes: Sequence[Scheme], lines: Sequence[Row]) -> ListSheet:
    return ListSheet(
        CORRECTIONS,
        "财政核定数：更正",
        [
            "部门填报的任何一项与财政部门掌握的不同，都可以在这里写一行，不论由谁提供；以这里的为准，优先于前面各表。",
            "部门填报的数会保留，两者不同的列入问题清单，写明依据；不退回。",
        ],
        correction_headings(schemes),
        lines,
        frozen=2,
    )
