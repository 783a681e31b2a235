"""`perfxl documents`: the Word documents of the last run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from perfxl.cli.at_hand import FOLDER
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.terminal import echo
from perfxl.cli.verdict import finished


@click.command(cls=ChineseCommand)
@click.argument("output", metavar="[结果文件夹]", default="output", type=click.Path(path_type=Path))
@click.option(
    "--kind", "kinds", metavar="种类", multiple=True, help="只写哪种文书，可写多次；不写即全部，写错时会列出全部"
)
@click.option(
    "--department", "departments", metavar="部门", multiple=True, help="只写哪些部门，名称或代码，可写多次；不写即全部"
)
@click.option(
    "--due", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="整改期限，例如 2023-06-30，默认 30 天后"
)
@click.option("--jobs", metavar="个数", type=int, default=0, help="同时工作的进程数，默认每个处理器核心一个")
def documents(
    output: Path, kinds: tuple[str, ...], departments: tuple[str, ...], due: datetime | None, jobs: int
) -> None:
    """按最近一次运行的结果写 Word 文书，放在结果文件夹（默认 output）的“文书”里。

    不重新评分。文书按 workbook_templates 里的文书模板写；没有的用内置的。要改模板，先运行 perfxl template --documents。
    """
    from perfxl.cli.progress import progress
    from perfxl.documents.needed import require
    from perfxl.errors import UsageError

    require()
    if jobs < 0:
        raise UsageError("--jobs 不能为负数")
    from perfxl.documents.write import Wanted, write_documents

    wanted = Wanted(kinds, departments, FOLDER, due=due.date() if due else None, jobs=jobs)
    with progress() as show:
        written = write_documents(
            output, wanted, lambda done, total: show("写文书", done, total),
            lambda: echo(f"另一次运行正在写入“{output}”，等它结束后继续（按 Ctrl+C 可停止）。", err=True),
        )  # fmt: skip
    for path in written.edited:
        echo(f"使用文书模板：{path}", err=True)
    for name, count in written.counts.items():
        echo(f"{name} {count} 份")
    for old, new in written.shelved.renamed.items():
        echo(f"“{old}”正被打开，新的另存为“{new}”。请关闭后再运行一次。")
    for old, new in written.shelved.kept.items():
        echo(f"“{old}”被人改过，已改名为“{new}”保留。")
    if written.checked:
        echo(f"已逐个检查 {written.checked} 个公开文件：没有批注、修订痕迹、作者和单位属性、隐藏内容、宏和外部链接。")
    echo(f"文书在：{written.folder}")
    finished(f"文书写好了 {sum(written.counts.values())} 份", f"核对“{written.folder}”里的各份，再发出")
