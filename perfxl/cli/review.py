"""`perfxl review`: the review workbooks of the last run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.at_hand import FOLDER, PREVIOUS, other_schemes
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.terminal import echo
from perfxl.cli.verdict import finished, ways

if TYPE_CHECKING:
    from perfxl.results.kept_results import LastRun
    from perfxl.review_books.candidates import Candidate
    from perfxl.review_books.previous import Previous
    from perfxl.review_books.propose import Choice

_BETWEEN = re.compile(r"[、，,;；\s]+")


@click.command(cls=ChineseCommand)
@click.argument("output", metavar="[结果文件夹]", default="output", type=click.Path(path_type=Path))
@click.option(
    "--departments",
    metavar="名称",
    multiple=True,
    help="只复核这些部门：名称或代码，可写多次；也可以是列出它们的 .txt、.xlsx 文件。不写即全部已评分的",
)
@click.option(
    "--propose", metavar="个数", help="由程序提出要复核的部门：个数（12）或比例（20%），按预算规模、风险和类别，附理由"
)
@click.option("--seed", metavar="文字", help="抽取用的种子，相同的种子抽出相同的部门；默认为评价年度")
@click.option(
    "--reviewers", metavar="姓名", multiple=True, help="分给哪些复核人，例如 张三,李四；不写时按部门名录的“复核人”一列"
)
@click.option("--each", metavar="人数", type=int, default=1, help="每个部门由几人分别复核，默认 1")
@click.option("--ask", "asks", is_flag=True, help="在窗口里问要复核哪些部门（双击“制作复核表”时用）")
@click.option(
    "--roster",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="部门名录；不写时使用 workbook_templates 里的",
)
@click.option(
    "--previous", metavar="文件", type=click.Path(path_type=Path),
    help="上年的 run.json 或上年的结果文件夹：复核表里列出上年得分，抽取时考虑变化；不写时使用“上年结果”文件夹里的",
)  # fmt: skip
def review(
    output: Path,
    departments: tuple[str, ...],
    propose: str | None,
    seed: str | None,
    reviewers: tuple[str, ...],
    each: int,
    asks: bool,
    roster: Path | None,
    previous: Path | None,
) -> int:
    """用上次运行的结果制作复核表：每个部门一页，黄色单元格填复核得分、理由和依据。

    复核表放在结果文件夹的“复核”文件夹里，每个复核人一个；已经填写过的不会被覆盖。填好后放进 workbook_templates
    文件夹，再运行一次 perfxl run。

    结束状态：0 已制作；2 用法有错；1 其他错误。
    """
    from perfxl.cli.asking import asked_choices
    from perfxl.errors import UsageError
    from perfxl.results.kept_results import last_run
    from perfxl.review_books.candidates import candidates_of
    from perfxl.review_books.earlier import earlier_of
    from perfxl.review_books.make import make_books, source_of
    from perfxl.review_books.split import split
    from perfxl.run.publish import output_error

    if departments and propose is not None:
        raise UsageError("--departments 和 --propose 只能用一个")
    if seed is not None and propose is None:
        raise UsageError("--seed 要和 --propose 一起用")
    last = last_run(output)
    if not last.schemes[0].asks_scores:
        raise UsageError(f"“{output}”里是{last.schemes[0].stage.label}的结果，复核表只用于绩效自评")
    before = _before(previous, last, output)
    candidates = candidates_of(last, before)
    if not candidates:
        raise UsageError(f"“{output}”里没有已评分的部门，不能制作复核表")
    seed = seed or str(last.document["year"])
    if asks and not departments and propose is None:
        choices, chosen = asked_choices(candidates, seed)
    else:
        choices, chosen = _choices(candidates, departments, propose, seed)
    names = list(dict.fromkeys(name for text in reviewers for name in _BETWEEN.split(text) if name))
    fixed: Mapping[str, Sequence[str]] = {}
    if not names:
        fixed = _of_roster(last, roster, [choice.candidate for choice in choices])
        names = list(dict.fromkeys(name for own in fixed.values() for name in own))
    if each != 1 and not names:
        raise UsageError("--each 要有复核人：请写 --reviewers，或在部门名录的“复核人”一列填写")
    parts = split(choices, names, each, fixed)
    try:
        made = make_books(source_of(last, before, earlier_of(last)), output, parts, chosen)
    except OSError as error:
        raise output_error(output, error) from error
    echo(f"要复核的部门 {len(choices)} 个，已评分的共 {len(candidates)} 个。{chosen}")
    for book in made:
        echo(f"已生成：{book.path}（{f'{book.reviewer}，' if book.reviewer else ''}{book.departments} 个部门）")
        if book.kept:
            echo(f"  “{book.kept}”已经填写过，或打不开，没有覆盖。")
    again = ways().again("perfxl run")
    finished(
        f"复核表做好了 {len(made)} 份，要复核的部门 {len(choices)} 个",
        f"发给复核人填写。填好后，把复核表放进 {FOLDER} 文件夹，{again}",
    )
    return 0


def _before(named: Path | None, last: LastRun, output: Path) -> Previous | None:
    """Last year's results: those that an option names, else those of the bureau's folder for them."""
    from perfxl.review_books.previous import previous_results, results_of
    from perfxl.run.standing_years import standing_years

    if named:
        return previous_results(named)
    years = standing_years(PREVIOUS, last.schemes, output, echo, echo)
    return results_of(years[0]) if years else None


def _choices(
    candidates: Sequence[Candidate], departments: Sequence[str], proposed: str | None, seed: str
) -> tuple[list[Choice], str]:
    """Who is to be reviewed, and a sentence on how that came about; none where all are."""
    from perfxl.cli.asking import drawn, everybody
    from perfxl.review_books.chosen import named
    from perfxl.review_books.propose import number_of

    if departments:
        return named(candidates, departments), ""
    if proposed is None:
        return everybody(candidates), ""
    return drawn(candidates, number_of(proposed, len(candidates)), seed)


def _of_roster(last: LastRun, roster: Path | None, candidates: Sequence[Candidate]) -> dict[str, list[str]]:
    """The reviewers that the roster names for departments, by the key of each; none where there is no roster."""
    from perfxl.layout.list_marks import Kind
    from perfxl.lists.roster import read_roster
    from perfxl.lists.standing import standing
    from perfxl.submission.identity import name_key

    there = standing(FOLDER, {Kind.ROSTER: roster} if roster else {})
    opened = there.lists.get(Kind.ROSTER)
    if opened is None:
        if roster is not None and there.errors:
            raise there.errors[0]
        return {}
    listed = read_roster(opened, last.schemes, other_schemes, partial(echo, err=True))
    if listed is None:
        return {}
    found: dict[str, list[str]] = {}
    for item in candidates:
        part = listed.of(item.scheme)
        department = part.of_code(item.department.code) or part.of_name(item.department.name)
        rows = part.rows_of(department) if department else ()
        own = [row for row in rows if not row.project or name_key(row.project) == item.identity.project]
        names = [name for row in own for name in _BETWEEN.split(row.reviewer) if name]
        if names:
            found[item.key] = list(dict.fromkeys(names))
    if found:
        echo(f"按部门名录分给复核人：{opened.path}", err=True)
    return found
