"""`perfxl run`: the main job."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfxl.cli.at_hand import FOLDER, PREVIOUS, at_hand, on_stderr, other_schemes, scheme_option
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.stages import SELF_REVIEW, is_monitoring, output_of, schemes_of_stage
from perfxl.cli.status import PARTLY_DONE
from perfxl.cli.terminal import echo
from perfxl.cli.verdict import conclusion, missing_words, to_be_said
from perfxl.status import Status

FAULTY_SHOWN = 20
"""More lines than that push everything else off the screen."""

if TYPE_CHECKING:
    from perfxl.layout.list_marks import Kind
    from perfxl.results.batch import Batch
    from perfxl.run.pipeline import RunOptions, RunReport
    from perfxl.run.reduce import Lists
    from perfxl.scheme.model import Scheme


@click.command(cls=ChineseCommand)
@click.argument("folder", metavar="[文件夹]", default="input", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="文件夹",
    type=click.Path(path_type=Path),
    help="结果放在哪里，默认 output；目标申报默认 output/目标申报",
)
@scheme_option
@click.option(
    "--stage",
    metavar="目标|自评",
    default=SELF_REVIEW,
    help="目标 = 审核绩效目标申报表；自评（默认）。也可写 targets、self-review",
)
@click.option("--joint", is_flag=True, help="合并排名：几个方案的结果按总分再排一次，各方案的排名不变")
@click.option(
    "--roster",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="部门名录；不写时使用 workbook_templates 里的",
)
@click.option(
    "--accept", metavar="文件", type=click.Path(path_type=Path), help="豁免名单；不写时使用 workbook_templates 里的"
)
@click.option(
    "--official", metavar="文件", type=click.Path(path_type=Path), help="财政核定数；不写时使用 workbook_templates 里的"
)
@click.option(
    "--targets",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="绩效目标核定表；不写时使用 workbook_templates 里的",
)
@click.option(
    "--review",
    "reviews",
    metavar="文件",
    multiple=True,
    type=click.Path(path_type=Path),
    help="填好的复核表或放复核表的文件夹，可写多次；不写时使用 workbook_templates 里的",
)
@click.option(
    "--previous",
    "previous",
    metavar="文件夹",
    multiple=True,
    type=click.Path(path_type=Path),
    help="以前年度的结果文件夹或其中的 run.json，与本次对比；可写多次，写几年就比几年；不写时使用“上年结果”里的",
)
@click.option(
    "--copies",
    metavar="returned|all",
    type=click.Choice(["returned", "all"]),
    default="returned",
    help="退回件：returned 只给被退回的部门（默认），all 给所有有问题的部门",
)
@click.option("--no-department-books", is_flag=True, help="不写部门结果工作簿，先看汇总")
@click.option(
    "--summary-sheets",
    metavar="个数",
    type=int,
    default=200,
    help="部门不超过这个数时，汇总工作簿里每个部门一页，默认 200",
)
@click.option("--jobs", metavar="个数", type=int, default=0, help="同时工作的进程数，默认每个处理器核心一个")
@click.option("--scheduler", metavar="地址", help="使用 Dask 集群，例如 tcp://10.0.0.5:8786；输入、输出须在共享文件夹")
@click.option(
    "--limit",
    "limits",
    metavar="名称=值",
    multiple=True,
    help="放宽或收紧读取上限，例如 文件大小=50；可写多次，名称写错时会列出全部",
)
@click.option("--open", "opens", is_flag=True, help="做完打开汇总工作簿")
def run(**asked: Any) -> int:
    """给文件夹（默认 input）里的填报工作簿评分、排名，结果写到 output。

    每个文件都有结论：已评分、退回修改、无法受理等，见汇总工作簿的“收件清单”。输入文件不会被改动。

    结束状态：0 全部评分；3 有退回或无法受理的；2 用法或方案有错；1 其他错误。
    """
    if is_monitoring(asked["stage"]):
        from perfxl.errors import UsageError

        raise UsageError("运行监控请用 perfxl monitor")
    return carry_out(**asked)


def carry_out(folder: Path, output: Path | None, opens: bool, **given: Any) -> int:
    """Runs a folder at a stage of the year, tells what came of it, and gives the exit status. See the options."""
    from perfxl.cli.progress import progress
    from perfxl.run.pipeline import run_folder

    schemes, options = prepared(folder, output, **given)
    output = output or output_of(schemes[0])
    with progress() as show:
        report = run_folder(folder, output, schemes, options, show, partial(on_stderr, waiting_words(output)))
    _closing(report, folder, opens=opens)
    return status_of({record.status for record in report.batch.files})


def status_of(statuses: Collection[Status]) -> int:
    """The exit status of a run, by what its files came to."""
    return PARTLY_DONE if {Status.RETURNED, Status.REJECTED}.intersection(statuses) else 0


def prepared(
    folder: Path,
    output: Path | None,
    scheme_sources: tuple[str, ...],
    *,
    stage: str = SELF_REVIEW,
    roster: Path | None,
    accept: Path | None,
    official: Path | None,
    targets: Path | None,
    copies: str,
    no_department_books: bool,
    summary_sheets: int,
    jobs: int,
    scheduler: str | None,
    limits: tuple[str, ...],
    joint: bool = False,
    reviews: tuple[Path, ...] = (),
    previous: tuple[Path, ...] = (),
    say: Callable[[str], None] = on_stderr,
) -> tuple[tuple[Scheme, ...], RunOptions]:
    """Schemes and options of a run as its command line gives them, with the bureau's lists as they stand now.

    The names are those of the options of `run`. output: None for the usual one of the stage. say: takes which schemes
    and lists are used. Raises PerfxlError.
    """
    from perfxl.errors import UsageError
    from perfxl.layout.list_marks import Kind
    from perfxl.run.pipeline import RunOptions
    from perfxl.run.publish import refuse_input_as_output
    from perfxl.run.standing_years import years_of
    from perfxl.workbook.limits import limits_from

    if not folder.is_dir():
        raise UsageError(f"没有文件夹“{folder}”。请把填报工作簿放进一个文件夹，再写它的路径")
    if jobs < 0 or summary_sheets < 0:
        raise UsageError("--jobs 和 --summary-sheets 不能为负数")
    chosen = at_hand(scheme_sources, say)
    schemes = schemes_of_stage(chosen.schemes, stage)
    into = output or output_of(schemes[0])
    refuse_input_as_output(folder, into)
    told = list(chosen.told)

    def tell(words: str) -> None:
        say(words)
        told.append(words)

    named = {Kind.ROSTER: roster, Kind.EXEMPTIONS: accept, Kind.OFFICIAL: official, Kind.APPROVED: targets}
    given = {kind: path for kind, path in named.items() if path is not None}
    # Before the long work: who names last year's results wants them.
    years = years_of(previous, PREVIOUS, schemes, into, say, tell)
    lists = _lists(schemes, given, reviews, tell, say)
    options = RunOptions(
        jobs=jobs,
        scheduler=scheduler,
        limits=limits_from(limits),
        lists=lists,
        department_sheets=summary_sheets,
        department_books=not no_department_books,
        copies_for_all=copies == "all",
        joint=joint,
        notes=tuple(told),
        bureau=FOLDER,
        previous=tuple(years),
    )
    return schemes, options


def waiting_words(output: Path) -> str:
    """What is said where another run holds the output folder."""
    return f"另一次运行正在写入“{output}”，等它结束后继续（按 Ctrl+C 可停止）。"


def _lists(
    schemes: Sequence[Scheme],
    named: Mapping[Kind, Path],
    reviews: Sequence[Path],
    tell: Callable[[str], None],
    say: Callable[[str], None],
) -> Lists:
    """The bureau's lists: those that options name, else those that stand in its folder. Tells which are used.

    reviews: review workbooks, or folders of them, that options name. tell: takes what should stand in the results too.
    """
    from perfxl.run.gather import gather

    lists = gather(FOLDER, named, schemes, other_schemes, tell, reviews=reviews)
    for item in lists.used:
        say(item.told)
    return lists


def _tell_lights(batch: Batch, scheme: Scheme) -> None:
    """The lights of a period in a line; a batch that is too large to be kept has them in its summary alone."""
    from perfxl.results.watch import SHOWN, watch_of

    if batch.details is not None:
        return
    own = batch.of(scheme)
    watch = watch_of(own, scheme, own.departments)
    whole = [row.state.whole for row in watch.ranked]
    echo("综合：" + "，".join(f"{light.label} {whole.count(light)}" for light in SHOWN))
    counts = watch.whole.counts
    echo("指标：" + "，".join(f"{light.label} {counts[light]}" for light in SHOWN))


def _closing(report: RunReport, folder: Path, *, opens: bool) -> None:
    """What came of it, in a few lines. opens: whether the summary is opened."""
    from perfxl.cli.opening import open_file
    from perfxl.intake.known_lists import FROM_OUTSIDE
    from perfxl.register.model import FILE_NAME as REGISTER
    from perfxl.results.words import NO_ROSTER

    batch = report.batch
    counts = {status: sum(record.status is status for record in batch.files) for status in Status}
    # The lists of the bureau were not sent by anybody.
    outside = [item for item in batch.files if item.status is Status.LIST and item.reason.startswith(FROM_OUTSIDE)]
    counts[Status.LIST] = len(outside)
    received = sum(counts.values()) - counts[Status.MISSING]
    echo(f"收到 {received} 个文件，用时 {batch.seconds:.1f} 秒：")
    for status, count in counts.items():
        if count:
            echo(f"  {status.label_where(scored=batch.scheme.asks_scores)} {count}")
    if missing := missing_words(batch.files):
        echo(missing)
    if not batch.rostered:
        echo(f"  {Status.MISSING.label} {NO_ROSTER}")
    for item in report.used:
        if item.early is None:
            record = next(record for record in batch.files if record.path == item.path)
            echo(f"{item.kind.label}：{item.path}  {record.reason}")
    if batch.register:
        words = f"共 {len(batch.register)} 行，退回 {report.returned} 行"
        echo(f"往来登记：{report.output / REGISTER}（{words}）")
    for record in outside:
        echo(f"注意：{record.named}  {record.reason}")
    for scheme in batch.all_schemes:
        ranked = batch.of(scheme).ranked
        if len(batch.all_schemes) > 1:
            what = "参加排名" if scheme.asks_scores else "没有错误"
            echo(f"{scheme.header.title}：{len(ranked)} 个{what}")
        if ranked and scheme.asks_scores:
            for word, result in (("最高", ranked[0]), ("最低", ranked[-1])):
                # Several units may have a project of one name.
                unit = f"（{result.name}）" if result.project else ""
                echo(f"{word} {result.total} {result.grade}  {result.title}{unit}")
        if is_monitoring(str(scheme.stage)):
            _tell_lights(batch, scheme)
    faulty = [record for record in batch.files if record.status in (Status.REJECTED, Status.RETURNED)]
    for record in faulty[:FAULTY_SHOWN]:
        echo(f"{record.status.label}：{record.named}  {record.reason}")
    if len(faulty) > FAULTY_SHOWN:
        echo(f"另有 {len(faulty) - FAULTY_SHOWN} 个退回修改或无法受理，见汇总工作簿的“收件清单”")
    if batch.copies:
        echo(f"已为 {len(batch.copies)} 个部门写好退回件，见“退回修改”文件夹")
    for words in report.told:
        echo(words)
    for old, new in report.renamed.items():
        echo(f"“{old}”正被打开，新结果另存为“{new}”。请关闭后再运行一次。")
    for old, new in report.kept.items():
        echo(f"“{old}”不是本程序写的文件，已改名为“{new}”保留。")
    echo(f"结果在：{report.summary}")
    if opens:
        echo(open_file(report.summary))
    if words := to_be_said(batch, report.output):
        echo(words)
    for words in conclusion(batch, folder, report.output):
        echo(words)
