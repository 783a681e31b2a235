"""公开稿: a department's self-evaluation table for the public, in Word and Excel, with a list for the website.

It has the department's own figures only: no contacts, remarks, names of evidence, findings, places, nor what the bureau
computed. Departments that were returned have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from perfxl.decimals import two_places
from perfxl.documents.figures import points, scored
from perfxl.documents.kind import Case, Json, Kind, More
from perfxl.documents.kinds._public_form import draw
from perfxl.documents.lines import FundsLine, KpiLine, funds_line, kpi_lines
from perfxl.documents.said import said
from perfxl.results.cells import Book, Page
from perfxl.results.kept_results import LastRun
from perfxl.results.list_sheets import Column, Table
from perfxl.results.names import file_names
from perfxl.results.text_height import row_height, text_lines
from perfxl.submission.document import plain_number

LIST = "公开清单.xlsx"
FIRST_DAY = datetime(2000, 1, 1)


@dataclass(frozen=True)
class ScoreLine:
    """An indicator."""

    level1: str = said("一级", "一级指标")
    level2: str = said("二级", "二级指标")
    name: str = said("名称", "三级指标")
    points: str = said("分值", "分值")
    own: str = said("得分", "自评得分，或 不适用")


@dataclass(frozen=True)
class Public:
    """What the public sees of a department."""

    year: int = said("年度", "评价年度")
    title: str = said("标题", "方案名称，如 2022年度部门整体支出绩效自评")
    name: str = said("名称", "部门或项目的名称")
    unit: str = said("单位", "部门名称")
    own_total: str = said("自评总分", "自评得分")
    own_grade: str = said("自评等级", "自评等级")
    funds: tuple[FundsLine, ...] = said("收支", "收支表的各行")
    kpis: tuple[KpiLine, ...] = said("绩效指标", "绩效指标表的各行")
    scores: tuple[ScoreLine, ...] = said("得分表", "各三级指标")


def public_of(case: Case) -> Public:
    """What the public sees of a department."""
    scheme, department = case.scheme, case.department
    return Public(
        year=scheme.year,
        title=scheme.header.title,
        name=department.title,
        unit=department.name,
        own_total=two_places(department.self_total),
        own_grade=department.self_grade,
        funds=tuple(map(funds_line, department.funds)),
        kpis=tuple(kpi_lines(department)),
        scores=tuple(
            ScoreLine(item.indicator.level1, item.indicator.level2, item.indicator.name, points(item.score.points),
                      points(item.own) if item.score.applies else "不适用")
            for item in scored(scheme, department)
        ),
    )  # fmt: skip


_WIDTHS = (14, 18, 30, 14, 14, 11, 9, 9, 28)
_TEXT, _MONEY, _POINTS, _RATE = "box text wrap", "box money", "box points right", "box rate"


def write_workbook(record: Public, path: Path) -> None:
    """The same as a workbook of one sheet."""
    with Book(path, f"{record.title}（{record.name}）", "", FIRST_DAY) as book:
        page = book.page("自评表")
        page.widths(list(_WIDTHS))
        page.put(0, 0, f"{record.title}表", "title")
        page.height(0, 28)
        note = f"{record.name}　　自评得分 {record.own_total} 分，等级：{record.own_grade}　　金额单位：万元"
        page.put(1, 0, note, "note")
        row = 3
        for heading, columns, lines in _blocks(record):
            if lines:
                row = _block(page, row, heading, columns, lines)
        page.print_setup(landscape=True)


Columns = Sequence[tuple[str, str]]
"""Headings with the looks of what stands below."""


def _blocks(record: Public) -> Iterator[tuple[str, Columns, list[Sequence[str]]]]:
    yield (
        "一、收支情况",
        (("项目", _TEXT), ("年初预算数", _MONEY), ("调整预算数", _MONEY), ("支出数", _MONEY), ("完成率", _RATE)),
        [(one.name, one.initial, one.adjusted, one.spent, one.rate) for one in record.funds],
    )
    yield (
        "二、绩效指标完成情况",
        (("一级指标", _TEXT), ("二级指标", _TEXT), ("三级指标", _TEXT), ("年度指标值", _TEXT), ("实际完成值", _TEXT),
         ("完成率", _RATE), ("分值", _POINTS), ("自评得分", _POINTS), ("偏差原因", _TEXT)),
        [(one.level1, one.level2, one.name, one.target, one.actual, one.completion, one.weight, one.own, one.reason)
         for one in record.kpis],
    )  # fmt: skip
    yield (
        "三、自评得分",
        (("一级指标", _TEXT), ("二级指标", _TEXT), ("三级指标", _TEXT), ("分值", _POINTS), ("自评得分", _POINTS)),
        [(one.level1, one.level2, one.name, one.points, one.own) for one in record.scores],
    )


def _block(page: Page, row: int, heading: str, columns: Columns, lines: Sequence[Sequence[str]]) -> int:
    """A table of the sheet; the row behind it."""
    page.row(row, 0, [heading, *[""] * (len(columns) - 1)], "section")
    page.row(row + 1, 0, [title for title, _ in columns], "head")
    for number, line in enumerate(lines, row + 2):
        for place, (text, (_, look)) in enumerate(zip(line, columns, strict=True)):
            value = _number(text) if look != _TEXT else None
            page.put(number, place, text if value is None else value, _TEXT if value is None and text else look)
        # What is wrapped: numbers are narrower than their columns.
        count = max(text_lines(text, width) for text, width in zip(line, _WIDTHS, strict=False))
        page.height(number, row_height(count))
    return row + len(lines) + 3


def _number(text: str) -> Decimal | None:
    """The number of a text of ours; a rate as its share."""
    number = plain_number(text.removesuffix("%"))
    return number / 100 if number is not None and text.endswith("%") else number


def write_list(last: LastRun, entries: Sequence[Json], path: Path) -> None:
    """The list for the website: who, and the names of the files."""
    names = dict(zip(map(id, _sent(last)), file_names([_title(entry) for entry in _sent(last)]), strict=True))
    unit = "／".join(dict.fromkeys(scheme.evaluated.name_title for scheme in last.schemes))
    columns: list[Column[Json]] = [
        Column("number", "序号", 7, "box center", lambda entry, row: row - 3),
        Column("name", "名称", 40, "box text wrap", lambda entry, _: _title(entry)),
        Column("unit", unit, 40, "box text wrap", lambda entry, _: str(entry["name"])),
        Column("total", "自评得分", 12, "box center", lambda entry, _: entry["self_total"]),
        Column("grade", "自评等级", 12, "box center", lambda entry, _: entry["self_grade"]),
        Column("word", "Word 文件", 46, "box text wrap", lambda entry, _: f"{names[id(entry)]}.docx"),
        Column("excel", "Excel 文件", 46, "box text wrap", lambda entry, _: f"{names[id(entry)]}.xlsx"),
    ]
    title = f"{last.schemes[0].header.title}公开清单"
    with Book(path, title, "", FIRST_DAY) as book:
        page = book.page("公开清单")
        Table("公开清单", columns, entries).write([page], title, f"共 {len(entries)} 个。", heading_height=22)


def _sent(last: LastRun) -> list[Json]:
    return [entry for entry in last.document["departments"] if entry["file"] is not None]


def _title(entry: Json) -> str:
    return str(entry.get("project") or entry["name"])


KIND = Kind(
    name="公开稿",
    words="每个已评分的部门一份可以公开的自评表（Word 和 Excel），另有一份给网站的清单；没有联系人、备注、问题和排名",
    record=Public,
    draw=draw,
    title=lambda record: f"{record.title}表（{record.name}）",
    of_department=public_of,
    wanted=lambda entry: entry["status"] == "scored",
    aliases=("公开",),
    more=(More(".xlsx", write_workbook),),
    list_of=(LIST, write_list),
    public=True,
    order=40,
)
