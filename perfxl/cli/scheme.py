"""`perfxl scheme`: the scheme as an Excel workbook, and its checks."""

from __future__ import annotations

from pathlib import Path

import click

from perfxl.cli.chinese import ChineseCommand, ChineseGroup
from perfxl.cli.targets import Targets, force_option
from perfxl.cli.terminal import echo


@click.group(cls=ChineseGroup)
def scheme() -> None:
    """导出评分方案供修改，或检查改好的评分方案。"""


@scheme.command(cls=ChineseCommand, short_help="把评分方案导出为 Excel 工作簿，供修改")
@click.argument("source", metavar="[方案]", required=False)
@click.option("-o", "--output", metavar="文件", type=click.Path(path_type=Path),
              help="导出到哪个文件（.xlsx 或 .toml），默认“评分方案-代码.xlsx”")  # fmt: skip
@force_option
def export(source: str | None, output: Path | None, force: bool) -> None:
    """把评分方案（默认内置方案）导出为 Excel 工作簿，改好后用 --scheme 指定它。"""
    from perfxl.scheme import load_scheme
    from perfxl.scheme.toml_file import dump_toml
    from perfxl.scheme.workbook_file import scheme_workbook

    loaded = load_scheme(source)
    path = output or Path(f"评分方案-{loaded.id}.xlsx")
    data = dump_toml(loaded).encode() if path.suffix.lower() == ".toml" else scheme_workbook(loaded)
    targets = Targets(force=force)
    targets.write(path, data, "已导出")
    targets.finish()


@scheme.command(cls=ChineseCommand, short_help="检查评分方案，列出全部错误")
@click.argument("source", metavar="方案")
def check(source: str) -> None:
    """检查评分方案（.xlsx、.toml 或内置代码），一次列出全部错误及其位置；不影响使用但值得核对的列为提示。"""
    from perfxl.decimals import plain
    from perfxl.scheme import load_scheme
    from perfxl.scheme.model import BASE

    loaded = load_scheme(source)
    outside = [f"{one.nature}最多 {plain(one.points)} 分" for one in loaded.first_levels if one.nature != BASE]
    echo(
        f"评分方案“{loaded.id}”（{loaded.year} 年度，版本 {loaded.header.version}）没有错误："
        f"三级指标 {len(loaded.indicators)} 个，总分 {plain(loaded.full_points)} 分"
        f"{'，另有' + '、'.join(outside) if outside else ''}。"
    )
    for number, notice in enumerate(loaded.notices, 1):
        echo(f"提示 {number}. {notice}")
