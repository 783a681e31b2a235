"""Checks of the workbook itself: the scheme that its template names, sheets and keys that are gone."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit_on_file
from perfxl.intake.asides import Aside, Kind
from perfxl.intake.named_scheme import SCHEME, VERSION
from perfxl.intake.submission_tables import Tables
from perfxl.layout import Place
from perfxl.workbook.package import Package


@check(
    "W002",
    Severity.WARNING,
    "模板标识缺失",
    message="隐藏工作表“_meta”不见了或是空的，无法核对模板的年度和方案",
    advice="本次按本年度模板读取；请确认使用的是本年度下发的模板",
    stage=0,
)
def no_meta(tables: Tables) -> Iterator[Hit]:
    """The hidden sheet that names scheme and year is gone, yet the keys still tell where everything stands."""
    return (hit_on_file(file) for file, submission in tables.submissions.items() if SCHEME not in submission.meta)


@check(
    "W003",
    Severity.WARNING,
    "模板版本不同",
    message="模板是方案的 {value} 版，本次使用的是 {ours} 版",
    advice="数据已按现行版本读取；如有缺项请改用新模板",
    expected="{ours}",
    stage=0,
)
def other_version(tables: Tables) -> Iterator[Hit]:
    """The scheme was changed after the template was sent out."""
    scheme = tables.scheme
    return (
        hit_on_file(file, value=submission.meta.get(VERSION, ""), ours=scheme.header.version)
        for file, submission in tables.submissions.items()
        if SCHEME in submission.meta and submission.meta.get(VERSION) != scheme.header.version
    )


@check(
    "E004",
    Severity.ERROR,
    "缺少工作表",
    message="缺少工作表“{sheet}”{near}",
    advice="请把该工作表从模板中原样移回，填好后重新报送",
)
def missing_sheet(tables: Tables) -> Iterator[Hit]:
    """A sheet of the template is gone, or it has another name and no keys."""
    return (
        hit_on_file(file, sheet=sheet, near=_near(sheet, list(submission.cells.others)))
        for file, submission in tables.submissions.items()
        for sheet in submission.located.missing_sheets
    )


def _near(sheet: str, others: list[str]) -> str:
    near = difflib.get_close_matches(sheet, others, 1, 0.5)
    return f"，是否指“{near[0]}”？" if near else ""


@check(
    "E005",
    Severity.ERROR,
    "表格标识缺失",
    message="工作表“{sheet}”中“{block}”的隐藏标识行（应在第 {row} 行）不见了，整块内容读不出来",
    advice="请不要删除模板的隐藏行、列；用空白模板重新填写该工作表",
)
def missing_block(tables: Tables) -> Iterator[Hit]:
    """The hidden row of column keys of a block is gone."""
    return (
        hit_on_file(file, sheet=block.sheet, block=block.title, row=block.key_row + 1)
        for file, submission in tables.submissions.items()
        for block in submission.located.missing_blocks
    )


@check(
    "I007",
    Severity.INFO,
    "不是 .xlsx 格式",
    message="文件实际是 {kind} 格式，内容已照常读取",
    advice="建议用 Excel 另存为 .xlsx 后报送",
)
def other_format(tables: Tables) -> Iterator[Hit]:
    """Our template, saved in another format than .xlsx."""
    words = {"xls": "Excel 97-2003（.xls）", "ods": "OpenDocument（.ods）"}
    for file, package in _packages(tables):
        if kind := "Strict Open XML" if package.strict else words.get(package.kind):
            yield hit_on_file(file, kind=kind)


@check(
    "W008",
    Severity.WARNING,
    "带有宏",
    message="工作簿带有宏，已不运行宏读取内容",
    advice="请用不带宏的模板（.xlsx）报送",
)
def with_macros(tables: Tables) -> Iterator[Hit]:
    """A macro workbook is read without its macros."""
    return (hit_on_file(file) for file, package in _packages(tables) if package.kind == "xlsm")


@check(
    "W009",
    Severity.WARNING,
    "引用其他工作簿",
    message="“{sheet}”的 {cell} 引用了其他工作簿，离开原电脑后数值可能不对",
    advice="请改为直接填写数值",
)
def links_elsewhere(tables: Tables) -> Iterator[Hit]:
    """A formula refers to a workbook that did not come along."""
    return (
        hit_on_file(file, sheet=sheet, cell=Place(sheet, row, col).cell)
        for file, package in _packages(tables)
        for sheet, content in sorted(package.sheets.items())
        for row, col in sorted(content.linked)
    )


@check(
    "W010",
    Severity.WARNING,
    "工作表改了名",
    message="没有名为“{proper}”的工作表，“{sheet}”的隐藏标识与它相同，已按它读取",
    advice="请把工作表名改回“{proper}”",
)
def renamed_sheet(tables: Tables) -> Iterator[Hit]:
    """A sheet that still has its keys under another name."""
    return (
        hit_on_file(file, proper=proper, sheet=name)
        for file, submission in tables.submissions.items()
        for proper, name in submission.located.renamed
    )


@check(
    "W011",
    Severity.WARNING,
    "工作表重复",
    message="“{sheet}”是“{proper}”的副本，只读取了“{proper}”",
    advice="请确认数据填在“{proper}”里，并删去副本",
)
def copied_sheet(tables: Tables) -> Iterator[Hit]:
    """A sheet was copied; which of the two is meant only the department knows."""
    return (
        hit_on_file(file, proper=proper, sheet=name)
        for file, submission in tables.submissions.items()
        for proper, name in submission.located.copies
    )


@check(
    "W012",
    Severity.WARNING,
    "隐藏标识缺失",
    message="工作表“{sheet}”中{what}的隐藏标识不见了，已按标题文字读取",
    advice="请核对读取结果；下次请不要删除模板的隐藏行、列",
)
def read_by_label(tables: Tables) -> Iterator[Hit]:
    """Keys are gone, but the visible labels tell for certain."""
    for file, submission in tables.submissions.items():
        labels: dict[str, list[str]] = {}
        for sheet, what in submission.located.by_label:
            labels.setdefault(sheet, []).append(what)
        for sheet, named in labels.items():
            more = f"等 {len(named)} 处" if len(named) > 3 else ""
            yield hit_on_file(file, sheet=sheet, what="、".join(named[:3]) + more)


@check(
    "W013",
    Severity.WARNING,
    "表格以外有内容",
    message="“{sheet}”的“{block}”以下还有内容，没有读取",
    advice="请在表格中间插入行，把这些内容移到表格里",
)
def rows_below(tables: Tables) -> Iterator[Hit]:
    """Rows that were filled below the end of an open table."""
    return (
        hit_on_file(file, sheet=submission.cells.titles[block.sheet], cell=place.cell, block=block.title)
        for file, submission in tables.submissions.items()
        for block, place in submission.located.below
    )


@check(
    "W020",
    Severity.WARNING,
    "表中有小计行",
    message="“{sheet}”第 {rows} 行是小计或合计行（“{value}”），没有当作{what}读取",
    advice="请删去这一行；合计由模板自动计算，不用填写",
)
def subtotal_rows(tables: Tables) -> Iterator[Hit]:
    """Rows of sums that a department put between the rows of an open table: one line a table."""
    return _asides(tables, Kind.SUBTOTAL)


@check(
    "I021",
    Severity.INFO,
    "表中有签名或说明行",
    message="“{sheet}”第 {rows} 行写的是“{value}”，不是{what}，没有当作数据读取",
    advice="无需修改；签名和说明请写在表格以外",
)
def signature_rows(tables: Tables) -> Iterator[Hit]:
    """Signatures, notes and headings between the rows of an open table: one line a table."""
    return _asides(tables, Kind.SIGNATURE, Kind.NOTE)


def _asides(tables: Tables, *kinds: Kind) -> Iterator[Hit]:
    for file, submission in tables.submissions.items():
        groups: dict[str, list[Aside]] = {}
        for aside in submission.located.asides:
            if aside.kind in kinds:
                groups.setdefault(aside.block.table, []).append(aside)
        for first, *others in groups.values():
            yield hit_on_file(
                file, sheet=submission.cells.titles[first.block.sheet], cell=first.place.cell, value=first.text,
                rows="、".join(str(item.place.row + 1) for item in (first, *others)),
                what="任务" if first.block.table == "tasks" else "指标",
            )  # fmt: skip


def _packages(tables: Tables) -> Iterator[tuple[str, Package]]:
    for file, submission in tables.submissions.items():
        yield file, submission.cells.package
