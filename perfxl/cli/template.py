"""`perfxl template`: the blank template."""

from __future__ import annotations

from pathlib import Path

import click

from perfxl.cli.chinese import ChineseCommand


@click.command(cls=ChineseCommand)
@click.option("-o", "--output", metavar="文件夹", default="workbook_templates", type=click.Path(path_type=Path),
              help="模板放在哪里，默认 workbook_templates")  # fmt: skip
@click.option("--scheme", "scheme_source", metavar="方案", help="评分方案：内置代码，或 .toml、.xlsx 文件")
def template(output: Path, scheme_source: str | None) -> None:
    """按评分方案生成空白填报模板，发给各部门填写。"""
    from perfxl.run.publish import output_error
    from perfxl.scheme import load_scheme
    from perfxl.template import write_template

    scheme = load_scheme(scheme_source)
    path = output / f"{scheme.header.title}填报模板.xlsx"
    try:
        output.mkdir(parents=True, exist_ok=True)
        write_template(scheme, path)
    except OSError as error:
        raise output_error(output, error) from error
    click.echo(f"已生成：{path}")
