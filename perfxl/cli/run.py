"""`perfxl run`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.chinese import ChineseCommand

if TYPE_CHECKING:
    from perfxl.run.pipeline import RunReport

PARTLY_DONE = 3


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="[文件夹]", default="input", type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="文件夹", default="output", type=click.Path(path_type=Path),
              help="结果放在哪里，默认 output")  # fmt: skip
@click.option("--scheme", "scheme_source", metavar="方案", help="评分方案：内置代码，或 .toml、.xlsx 文件")
@click.option("--jobs", metavar="个数", type=int, default=0, help="同时工作的进程数，默认每个处理器核心一个")
@click.option("--summary-sheets", metavar="个数", type=int, default=200,
              help="部门不超过这个数时，汇总表里每个部门一页，默认 200")  # fmt: skip
def run(folder: Path, output: Path, scheme_source: str | None, jobs: int, summary_sheets: int) -> int:
    """给文件夹（默认 input）里的填报工作簿评分、排名，结果写到 output。

    每个文件都有结论：已评分、退回修改、无法受理等，见汇总工作簿的“收件清单”。输入文件不会被改动。

    结束状态：0 全部评分；3 有退回或无法受理的；2 用法或方案有错；1 其他错误。
    """
    from perfxl.cli.progress import progress
    from perfxl.errors import UsageError
    from perfxl.run.pipeline import RunOptions, run_folder
    from perfxl.scheme import load_scheme

    if not folder.is_dir():
        raise UsageError(f"没有文件夹“{folder}”。请把填报工作簿放进一个文件夹，再写它的路径")
    if jobs < 0 or summary_sheets < 0:
        raise UsageError("--jobs 和 --summary-sheets 不能为负数")
    scheme = load_scheme(scheme_source)
    with progress() as show:
        report = run_folder(folder, output, scheme, RunOptions(jobs=jobs, department_sheets=summary_sheets), show)
    _closing(report)
    statuses = {record.status.value for record in report.batch.files}
    return PARTLY_DONE if statuses & {"returned", "rejected"} else 0


def _closing(report: RunReport) -> None:
    """What came of it, in a few lines."""
    from perfxl.results.batch import Status

    batch = report.batch
    counts = {status: sum(record.status is status for record in batch.files) for status in Status}
    click.echo(f"收到 {len(batch.files)} 个文件，用时 {batch.seconds:.1f} 秒：")
    for status, count in counts.items():
        if count:
            click.echo(f"  {status.label} {count}")
    ranked = batch.ranked
    if ranked:
        click.echo(f"最高 {ranked[0].total} {ranked[0].grade}  {ranked[0].name}")
        click.echo(f"最低 {ranked[-1].total} {ranked[-1].grade}  {ranked[-1].name}")
    for record in batch.files:
        if record.status in (Status.REJECTED, Status.RETURNED):
            click.echo(f"{record.status.label}：{record.path}  {record.reason}")
    for old, new in report.renamed.items():
        click.echo(f"“{old}”正被打开，新结果另存为“{new}”。请关闭后再运行一次。")
    click.echo(f"结果在：{report.summary}")
    if not batch.files:
        click.echo("文件夹里没有文件。请把各部门填好的工作簿放进去再运行。")
