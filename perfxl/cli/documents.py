"""`perfxl fill` and `perfxl read`: between submission documents and workbooks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfxl.cli.at_hand import at_hand, scheme_option
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.status import PARTLY_DONE
from perfxl.cli.targets import Targets, force_option, names_for
from perfxl.cli.terminal import echo, escaped
from perfxl.errors import system_words

if TYPE_CHECKING:
    from perfxl.scheme.model import Scheme


@click.command(cls=ChineseCommand)
@click.argument("documents", metavar="文档.json...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="文件夹", default=".", type=click.Path(path_type=Path),
              help="工作簿放在哪里，默认当前文件夹")  # fmt: skip
@scheme_option
@force_option
def fill(documents: tuple[Path, ...], output: Path, scheme_sources: tuple[str, ...], force: bool) -> None:
    """把每份填报文档（JSON）按它写明的方案写成一个填好的工作簿，文件名与文档相同；同名的加序号。"""
    from perfxl.processes import told_of
    from perfxl.submission.document import load_document
    from perfxl.template.fill import filled_template

    schemes = at_hand(scheme_sources).schemes
    targets = Targets(force=force)
    for source, name in zip(documents, names_for(documents, ".xlsx"), strict=True):
        document = told_of(source, load_document, source)
        data = filled_template(document, _scheme_of(document, schemes, source.name), source.name)
        targets.write(output / name, data, f"已填写“{source}”" if name != f"{source.stem}.xlsx" else "已填写")
    targets.finish()


def _scheme_of(document: dict[str, Any], schemes: Sequence[Scheme], source: str) -> Scheme:
    """The scheme that a document names. Raises DocumentError where it names none of several."""
    from perfxl.cli.stages import SELF_REVIEW, schemes_of_stage
    from perfxl.errors import DocumentError, Fault, UsageError

    named = document.get("scheme")
    scheme = next((scheme for scheme in schemes if scheme.id == named), schemes[0])
    if len(schemes) > 1 and scheme.id != named:
        # With one scheme the check of the document tells it, among all its other faults.
        ours = "、".join(scheme.id for scheme in schemes)
        what = f"评分方案是“{'' if named is None else str(named)[:40]}”，本次使用的方案是 {ours}"
        raise DocumentError(source, [Fault("scheme", what, "请用 --scheme 指定对应的方案")])
    stage, period = (document.get(key) for key in ("stage", "period"))
    try:
        return schemes_of_stage([scheme], f"{stage or SELF_REVIEW}:{period or ''}")[0]
    except UsageError as error:
        raise DocumentError(source, [Fault("stage", str(error), "请更正")]) from error


@click.command(cls=ChineseCommand)
@click.argument("workbooks", metavar="工作簿...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="文件夹", type=click.Path(path_type=Path),
              help="文档放在哪里；不写时，一个工作簿直接显示，多个放在当前文件夹")  # fmt: skip
@scheme_option
@force_option
def read(workbooks: tuple[Path, ...], output: Path | None, scheme_sources: tuple[str, ...], force: bool) -> int:
    """把每个填好的工作簿读成填报文档（JSON），内容原样，不检查对错；同名的加序号。

    也读自评报告（.docx、.pdf）：收支、任务、指标得分和文字照报告写，没有的留空并列出；再用 perfxl fill 写成工作簿。
    """
    from perfxl.processes import LostError, call

    schemes = at_hand(scheme_sources).schemes
    failed = False
    if output is None and len(workbooks) > 1:
        output = Path()
    targets = Targets(force=force)
    for path, name in zip(workbooks, names_for(workbooks, ".json"), strict=True):
        try:
            document, lacking = call(_document_in, path, schemes)
        except LostError as lost:
            document, lacking = f"{lost}。请用空白模板重新填写。", []
        if isinstance(document, str):
            echo(f"{path}：{document}", err=True)
            failed = True
            continue
        if lacking:
            echo(f"{path}：以下内容报告里没有，留空：", err=True)
        for words in lacking:
            echo(f"  {words}", err=True)
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        if output is None:
            echo(escaped(text), nl=False, whole=True)
            continue
        data = text.encode("utf-8", "backslashreplace")
        targets.write(output / name, data, f"已读出“{path}”" if name != f"{path.stem}.json" else "已读出")
    targets.finish()
    return PARTLY_DONE if failed else 0


def _document_in(path: Path, schemes: Sequence[Scheme]) -> tuple[dict[str, Any] | str, list[str]]:
    """The document of a workbook or report, or why there is none; and what a report lacks, in words.

    Done in a process that may be lost.
    """
    from perfxl.files import read_regular
    from perfxl.intake.file_names import REPORTS
    from perfxl.intake.looks import is_workbook
    from perfxl.intake.submission import document_of, read_submission
    from perfxl.layout import layout_of
    from perfxl.scheme.stages import stage_schemes
    from perfxl.workbook.limits import Limits, RefusalError

    layouts, limits = [layout_of(scheme) for scheme in stage_schemes(schemes)], Limits()
    try:
        data = read_regular(path, limits.file_bytes + 1)
        if path.suffix.lower() in REPORTS and not is_workbook(data):
            from perfxl.reports.as_document import document_of_report
            from perfxl.reports.text import read_report

            return document_of_report(read_report(data, limits), schemes[0])
        submission = read_submission(data, layouts, limits)
        return document_of(submission, submission.layout), []
    except RefusalError as refusal:
        return refusal.reason, []
    except OSError as error:
        return f"文件打不开（{system_words(error)}）。请检查路径。", []
