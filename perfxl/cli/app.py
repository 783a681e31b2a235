"""The command `perfxl`: its group of commands, and the one place where errors become words and an exit status."""

from __future__ import annotations

import contextlib
import sys

import click

from perfxl import __version__
from perfxl.cli.chinese import ChineseGroup, explain
from perfxl.errors import PerfxlError

COMMANDS = {
    "run": ("perfxl.cli.run:run", "给文件夹里的填报工作簿评分、排名，写出结果"),
    "template": ("perfxl.cli.template:template", "生成空白填报模板"),
    "check": ("perfxl.cli.check:check", "只检查填报工作簿，列出问题，不写文件"),
    "fill": ("perfxl.cli.documents:fill", "把填报文档（JSON）写成填好的工作簿"),
    "read": ("perfxl.cli.documents:read", "把填好的工作簿读成填报文档（JSON）"),
    "scheme": ("perfxl.cli.scheme:scheme", "导出、检查评分方案"),
}


@click.group(cls=ChineseGroup, lazy=COMMANDS, invoke_without_command=True)
@click.version_option(__version__, "-V", "--version", message="perfxl %(version)s", help="显示版本号")
@click.pass_context
def perfxl(ctx: click.Context) -> None:
    """部门整体支出绩效自评：收集填报、检查、评分、排名。

    把各部门填好的工作簿放进 input 文件夹，运行 perfxl run，结果在 output 文件夹，用 Excel 或 WPS 打开。
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@perfxl.result_callback()
def _say_how_written(status: object, **_: object) -> object:
    """One line where workbooks had to be written in the slower way."""
    from perfxl.xlsx.writer import notice

    if words := notice():
        click.echo(words, err=True)
    return status


def main() -> None:
    """Runs the command line and ends with its exit status: 0, 3 (some returned or rejected), 2 or 1."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may not know every character of a department's name.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        status = perfxl.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        click.echo(explain(error), err=True)
        sys.exit(2)
    except PerfxlError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已停止，原有结果没有改动。", err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)
