"""`perfxl scheme`: which schemes there are, a scheme as an Excel workbook, and its checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.at_hand import FOLDER
from perfxl.cli.chinese import ChineseCommand, ChineseGroup
from perfxl.cli.targets import Targets, force_option
from perfxl.cli.terminal import echo
from perfxl.errors import PerfxlError, SchemeError

if TYPE_CHECKING:
    from perfxl.scheme.library import Entry
    from perfxl.scheme.model import Scheme

STEPS = (
    "用 Excel 或 WPS 打开，先看“说明”表，再改“方案信息”“一二级指标”“填报事项”“三级指标”，其余各表需要时再改。",
    "保存后检查：perfxl scheme check {path}",
    "没有错误后生成填报模板：perfxl template --scheme {path}",
    "收回填好的工作簿后评分：perfxl run --scheme {path}",
)
"""How a new scheme is gone on with."""


@click.group(cls=ChineseGroup)
def scheme() -> None:
    """列出、新建、导出、检查、比较评分方案。"""


@scheme.command("list", cls=ChineseCommand, short_help="列出可以用的评分方案")
def list_schemes() -> None:
    """列出内置的评分方案，以及 workbook_templates 文件夹里的评分方案。"""
    from perfxl.scheme.library import builtin_entries, entries_of

    echo("内置的评分方案（用代码指定，例如 --scheme xiangmu-2020）：")
    for entry in builtin_entries():
        _tell(entry, "")
    if found := entries_of(FOLDER):
        echo(f"“{FOLDER}”里的评分方案：")
        for entry in found:
            _tell(entry, entry.source)


def _tell(entry: Entry, source: str) -> None:
    """A scheme in two or three lines: code, year, title; what it is; its file."""
    if entry.scheme is None:
        echo(f"  {source}\n      {entry.trouble}")
        return
    header = entry.scheme.header
    lines = [f"{header.id}  {header.year}  {header.title}（版本 {header.version}）", header.note_head, source]
    echo("\n".join(f"{'      ' if number else '  '}{line}" for number, line in enumerate(lines) if line))


@scheme.command(cls=ChineseCommand, short_help="新建评分方案，从一个能用的小方案改起")
@click.argument("name", metavar="名称")
@click.option("-o", "--output", metavar="文件", type=click.Path(path_type=Path),
              help="写到哪个文件（.xlsx 或 .toml），默认“评分方案-代码.xlsx”")  # fmt: skip
@click.option("--from", "base", metavar="方案", help="从哪个方案改起：内置代码，或 .toml、.xlsx 文件")
@force_option
def new(name: str, output: Path | None, base: str | None, force: bool) -> None:
    """新建评分方案。名称可以是代码（如 qu-2023）或标题（如 2023年度某区部门绩效自评），其中的年份就是评价年度。"""
    from perfxl.scheme.new_scheme import new_scheme

    made = new_scheme(name, base)
    path = _written(made, output, force, "已新建")
    echo(f"方案代码 {made.id}，评价年度 {made.year}，名称“{made.header.title}”，都可以在“方案信息”表中改。")
    for number, step in enumerate(STEPS, 1):
        echo(f"{number}. {step.format(path=path)}")


@scheme.command(cls=ChineseCommand, short_help="比较两个评分方案，列出全部不同")
@click.argument("first", metavar="前一个方案")
@click.argument("second", metavar="后一个方案")
def diff(first: str, second: str) -> None:
    """比较两个评分方案（.xlsx、.toml 或内置代码），按表、记录和栏目列出全部不同。"""
    from perfxl.scheme import load_scheme
    from perfxl.scheme.difference import differences

    found = differences(load_scheme(first), load_scheme(second))
    echo(f"有 {len(found)} 处不同（前 → 后）：" if found else "没有差别。")
    for line in found:
        echo(f"  {line}")


@scheme.command(cls=ChineseCommand, short_help="把评分方案导出为 Excel 工作簿，供修改")
@click.argument("source", metavar="[方案]", required=False)
@click.option("-o", "--output", metavar="文件", type=click.Path(path_type=Path),
              help="导出到哪个文件（.xlsx 或 .toml），默认“评分方案-代码.xlsx”")  # fmt: skip
@force_option
def export(source: str | None, output: Path | None, force: bool) -> None:
    """把评分方案（默认内置方案）导出为 Excel 工作簿，改好后用 --scheme 指定它。"""
    from perfxl.scheme import load_scheme

    _written(load_scheme(source), output, force, "已导出")


def _written(made: Scheme, output: Path | None, force: bool, done: str) -> Path:
    """The file that a scheme was written to."""
    from perfxl.scheme.toml_file import dump_toml
    from perfxl.scheme.workbook_file import scheme_workbook

    path = output or Path(f"评分方案-{made.id}.xlsx")
    data = dump_toml(made).encode() if path.suffix.lower() == ".toml" else scheme_workbook(made)
    targets = Targets(force=force)
    targets.write(path, data, done)
    targets.finish()
    return path


@scheme.command(cls=ChineseCommand, short_help="检查评分方案，列出全部错误")
@click.argument("source", metavar="方案")
def check(source: str) -> None:
    """检查评分方案（.xlsx、.toml 或内置代码），一次列出全部错误及其位置；不影响使用但值得核对的列为提示。

    有错误的工作簿，旁边另存一份“…（检查结果）.xlsx”，每处错误可以点击跳转，出错的单元格标红；原文件不动。
    """
    from perfxl.decimals import plain
    from perfxl.scheme import load_scheme
    from perfxl.scheme.model import BASE

    try:
        loaded = load_scheme(source)
    except SchemeError as error:
        _mark_faults(Path(source), error)
        raise
    outside = [f"{one.nature}最多 {plain(one.points)} 分" for one in loaded.first_levels if one.nature != BASE]
    echo(
        f"评分方案“{loaded.id}”（{loaded.year} 年度，版本 {loaded.header.version}）没有错误："
        f"三级指标 {len(loaded.indicators)} 个，总分 {plain(loaded.full_points)} 分"
        f"{'，另有' + '、'.join(outside) if outside else ''}。"
    )
    for number, notice in enumerate(loaded.notices, 1):
        echo(f"提示 {number}. {notice}")


def _mark_faults(source: Path, error: SchemeError) -> None:
    """Beside a faulty workbook its copy with the faults marked; without one the faults are told all the same."""
    from perfxl.files import read_regular
    from perfxl.processes import told_of
    from perfxl.scheme.workbook_faults import checked_copy, copy_name

    if source.suffix.lower() != ".xlsx":
        return
    try:
        data = told_of(source, checked_copy, read_regular(source), error.faults, source.name)
        targets = Targets(force=True)
        targets.write(copy_name(source), data, "已另存标出错误的副本")
    except (PerfxlError, OSError) as trouble:
        echo(f"没有写出标出错误的副本：{trouble}", err=True)
