"""Writes 绩效目标核定表.xlsx from records: the targets that were asked for, with what the bureau has said so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from perfxl.layout.list_marks import Kind, Mark
from perfxl.lists.approved_columns import OPINION_SHEET, TARGET_SHEET, kpi_headings, opinion_headings
from perfxl.lists.look import ListSheet, Row, write_book
from perfxl.official.approved import ApprovedRecord
from perfxl.scheme.at_hand import Schemes, as_schemes


def write_approved(
    path: Path,
    schemes: Schemes,
    records: Iterable[ApprovedRecord],
    told: Mapping[ApprovedRecord, tuple[str, str]] | None = None,
) -> None:
    """The list for schemes. told: of a record what is to be looked at, and how it came in. Raises OSError."""
    schemes, told = as_schemes(schemes), told or {}
    departments: list[Row] = []
    targets: list[Row] = []
    for item in records:
        problems, state = told.get(item, ("", ""))
        who = {"scheme": item.scheme, "code": item.code, "name": item.name, "project": item.project}
        departments.append(
            {
                **who, "category": item.category, "count": len(item.kpis), "problems": problems, "state": state,
                "opinion": item.opinion, "words": item.words, "person": item.person, "day": item.day,
                "file": item.file, "sha256": item.sha256,
            }
        )  # fmt: skip
        targets += [
            {
                **who, "level1": kpi.level1, "level2": kpi.level2, "kpi": kpi.name, "symbol": kpi.symbol,
                "target": kpi.target, "unit": kpi.unit, "weight": kpi.weight, "last": kpi.last, "basis": kpi.basis,
                "problems": kpi.problems, "opinion": kpi.opinion, "words": kpi.words,
            }
            for kpi in item.kpis
        ]  # fmt: skip
    year = schemes[0].year
    one = schemes[0].evaluated.word
    write_book(
        path,
        Mark(Kind.APPROVED, tuple(scheme.id for scheme in schemes)),
        [
            ListSheet(
                OPINION_SHEET,
                f"{year}年度绩效目标审核意见",
                [
                    f"一行一个{one}。“审核意见”选“通过”或“退回”，退回的在“说明”中写明要改什么；留空 = 还没有审核。",
                    "填好后保存到 workbook_templates 文件夹：退回的，下次运行时退给部门；"
                    "通过的，成为核定目标，运行监控和自评以它为准。",
                ],
                opinion_headings(schemes),
                departments,
                blank_rows=20,
                frozen=3,
            ),
            ListSheet(
                TARGET_SHEET,
                f"{year}年度核定目标",
                [
                    "一行一项指标。“核定意见”留空的随“审核意见”表；个别退回的选“退回”并写明原因。",
                    "指标值、符号、单位、权重可以改，以这里的为准；年中调整目标，也只在这里改。",
                ],
                kpi_headings(schemes),
                targets,
                blank_rows=100,
                frozen=3,
            ),
        ],
    )
