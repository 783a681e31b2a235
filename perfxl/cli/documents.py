"""`perfxl fill` and `perfxl read`: between submission documents and workbooks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.status import PARTLY_DONE
from perfxl.cli.terminal import echo


@click.command(cls=ChineseCommand)
@click.argument("documents", metavar="文档.json...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="文件夹", default=".", type=click.Path(path_type=Path),
              help="工作簿放在哪里，默认当前文件夹")  # fmt: skip
@click.option("--scheme", "scheme_source", metavar="方案", help="评分方案：内置代码，或 .toml、.xlsx 文件")
def fill(documents: tuple[Path, ...], output: Path, scheme_source: str | None) -> None:
    """把每份填报文档（JSON）写成一个填好的工作簿，文件名与文档相同。"""
    from perfxl.run.publish import output_error
    from perfxl.scheme import load_scheme
    from perfxl.submission.document import load_document
    from perfxl.template.fill import fill_template

    scheme = load_scheme(scheme_source)
    for source in documents:
        document = load_document(source)
        path = output / f"{source.stem}.xlsx"
        try:
            output.mkdir(parents=True, exist_ok=True)
            fill_template(document, scheme, path, source.name)
        except OSError as error:
            raise output_error(output, error) from error
        echo(f"已填写：{path}")


@click.command(cls=ChineseCommand)
@click.argument("workbooks", metavar="工作簿...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="文件夹", type=click.Path(path_type=Path),
              help="文档放在哪里；不写时，一个工作簿直接显示，多个放在当前文件夹")  # fmt: skip
@click.option("--scheme", "scheme_source", metavar="方案", help="评分方案：内置代码，或 .toml、.xlsx 文件")
def read(workbooks: tuple[Path, ...], output: Path | None, scheme_source: str | None) -> int:
    """把每个填好的工作簿读成填报文档（JSON），内容原样，不检查对错。"""
    from perfxl.intake.limits import Limits, RefusalError
    from perfxl.intake.submission import document_of, read_submission
    from perfxl.layout import layout_of
    from perfxl.run.publish import output_error
    from perfxl.scheme import load_scheme

    layout = layout_of(load_scheme(scheme_source))
    failed = False
    if output is None and len(workbooks) > 1:
        output = Path()
    for path in workbooks:
        try:
            document = document_of(read_submission(path.read_bytes(), layout, Limits()), layout)
        except RefusalError as refusal:
            echo(f"{path}：{refusal.reason}", err=True)
            failed = True
            continue
        except OSError as error:
            echo(f"{path}：文件打不开（{error.strerror}）。请检查路径。", err=True)
            failed = True
            continue
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        if output is None:
            echo(text, nl=False)
            continue
        target = output / f"{path.stem}.json"
        try:
            output.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        except OSError as error:
            raise output_error(output, error) from error
        echo(f"已读出：{target}")
    return PARTLY_DONE if failed else 0
