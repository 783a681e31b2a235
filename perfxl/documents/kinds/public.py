"""公开稿: a department's self-evaluation table for the public, in Word and Excel, with a list for the website.

It has the department's own figures only: no contacts, remarks, names of evidence, findings, places, nor what the bureau
computed. Departments that were returned have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perfxl.decimals import percent, two_places
from perfxl.documents.figures import money, points, rate_of, scored
from perfxl.documents.kind import Case, Json, Kind, More
from perfxl.documents.kinds._public_form import draw
from perfxl.documents.said import said
from perfxl.results.cells import Book, Page, row_height, text_lines
from perfxl.results.kept_results import LastRun
from perfxl.results.list_sheets import Column, Table
from perfxl.results.names import file_names
from perfxl.scoring.result import DepartmentResult

LIST = "公开清单.xlsx"
FIRST_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - the time of writing is nobody's business


@dataclass(frozen=True)
class FundsLine:
    """A row of the funds table."""

    name: str = said("名称", "行名称")
    initial: str = said("年初预算数", "万元")
    adjusted: str = said("调整预算数", "万元")
    spent: str = said("支出数", "万元")
    rate: str = said("完成率", "支出数÷调整预算数")


@dataclass(frozen=True)
class KpiLine:
    """A KPI."""

    level1: str = said("一级", "一级指标")
    level2: str = said("二级", "二级指标")
    name: str = said("名称", "指标名称")
    target: str = said("指标值", "符号、年度指标值和单位")
    actual: str = said("完成值", "实际完成值和单位")
    completion: str = said("完成率", "没有的为空")
    weight: str = said("分值", "指标分值")
    own: str = said("得分", "自评得分")
    reason: str = said("原因", "偏差原因")


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
    unit: str = said("单位", "单位名称")
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
        funds=tuple(
            FundsLine(row.label, money(row.initial), money(row.adjusted), money(row.spent),
                      rate_of(row.spent, row.adjusted))
            for row in department.funds
        ),
        kpis=tuple(_kpis(department)),
        scores=tuple(
            ScoreLine(item.indicator.level1, item.indicator.level2, item.indicator.name, points(item.score.points),
                      points(item.own) if item.score.applies else "不适用")
            for item in scored(scheme, department)
        ),
    )  # fmt: skip


def _kpis(department: DepartmentResult) -> Iterator[KpiLine]:
    for row in department.kpis:
        # “定性” is no sign of comparison.
        sign = "" if row.symbol.isalpha() else row.symbol
        unit = row.unit if sign else ""
        yield KpiLine(
            row.level1, row.level2, row.name, f"{sign}{row.target}{unit}", f"{row.actual}{unit}" if row.actual else "",
            "" if row.completion is None else percent(row.completion), points(row.weight),
            points(row.counted if row.self_score is None else row.self_score), row.reason or "",
        )  # fmt: skip


def write_workbook(record: Public, path: Path) -> None:
    """The same as a workbook of one sheet."""
    with Book(path, f"{record.title}（{record.name}）", "", FIRST_DAY) as book:
        page = book.page("自评表")
        page.widths([14, 18, 30, 14, 14, 11, 9, 9, 28])
        page.put(0, 0, f"{record.title}表", "title")
        page.put(1, 0, f"{record.name}　　自评得分 {record.own_total} 分，等级：{record.own_grade}　　金额单位：万元", "note")
        row = 3
        for heading, columns, lines in (
            ("一、收支情况", ("项目", "年初预算数", "调整预算数", "支出数", "完成率"),
             [(one.name, one.initial, one.adjusted, one.spent, one.rate) for one in record.funds]),
            ("二、绩效指标完成情况",
             ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "完成率", "分值", "自评得分", "偏差原因"),
             [(one.level1, one.level2, one.name, one.target, one.actual, one.completion, one.weight, one.own,
               one.reason) for one in record.kpis]),
            ("三、自评得分", ("一级指标", "二级指标", "三级指标", "分值", "自评得分"),
             [(one.level1, one.level2, one.name, one.points, one.own) for one in record.scores]),
        ):  # fmt: skip
            if lines:
                row = _block(page, row, heading, columns, lines)
        page.print_setup(landscape=True)


def _block(page: Page, row: int, heading: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> int:
    """A table of the sheet; the row behind it."""
    widths = (14, 18, 30, 14, 14, 11, 9, 9, 28)
    page.row(row, 0, [heading, *[""] * 8], "section")
    page.row(row + 1, 0, list(columns), "head")
    for number, line in enumerate(lines, row + 2):
        page.row(number, 0, list(line), "box text wrap")
        count = max(text_lines(text, width) for text, width in zip(line, widths, strict=False))
        page.height(number, row_height(count))
    return row + len(lines) + 3


def write_list(last: LastRun, entries: Sequence[Json], path: Path) -> None:
    """The list for the website: who, and the names of the files."""
    names = dict(zip(map(id, _sent(last)), file_names([_title(entry) for entry in _sent(last)]), strict=True))
    columns: list[Column[Json]] = [
        Column("number", "序号", 7, "box center", lambda entry, row: row - 3),
        Column("name", "名称", 40, "box text wrap", lambda entry, _: _title(entry)),
        Column("unit", "单位", 40, "box text wrap", lambda entry, _: str(entry["name"])),
        Column("total", "自评得分", 12, "box center", lambda entry, _: entry["self_total"]),
        Column("grade", "自评等级", 12, "box center", lambda entry, _: entry["self_grade"]),
        Column("word", "Word 文件", 46, "box text wrap", lambda entry, _: f"{names[id(entry)]}.docx"),
        Column("excel", "Excel 文件", 46, "box text wrap", lambda entry, _: f"{names[id(entry)]}.xlsx"),
    ]
    title = f"{last.schemes[0].header.title}公开清单"
    with Book(path, title, "", FIRST_DAY) as book:
        page = book.page("公开清单")
        Table("公开清单", columns, entries).write([page], title, f"共 {len(entries)} 个。", heading_height=22)
        page.print_setup(landscape=True, repeat=(2, 2))


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
