"""The command `perfxl`: its group of commands, and the one place where errors become words and an exit status."""

from __future__ import annotations

import sys

import click

from perfxl import __version__
from perfxl.cli.chinese import ChineseGroup, explain
from perfxl.cli.terminal import echo, in_utf8, lost_output, prepare_streams
from perfxl.cli.verdict import tell_starter
from perfxl.errors import PerfxlError, words_of

COMMANDS = {
    "init": ("perfxl.cli.init:init", "建立一个年度的文件夹，里面有双击就能用的启动文件"),
    "run": ("perfxl.cli.run:run", "给文件夹里的填报工作簿评分、排名，写出结果"),
    "monitor": ("perfxl.cli.monitor:monitor", "年中运行监控：亮灯、预测全年得分、列出进度落后的和建议调减的"),
    "watch": ("perfxl.cli.watch:watch", "自动检查：放进一个工作簿就检查一个，随后更新汇总"),
    "review": ("perfxl.cli.review:review", "用上次运行的结果制作复核表，分给复核人"),
    "template": ("perfxl.cli.template:template", "生成空白填报模板"),
    "check": ("perfxl.cli.check:check", "只检查填报工作簿，列出问题，不写文件"),
    "fill": ("perfxl.cli.documents:fill", "把填报文档（JSON）写成填好的工作簿"),
    "read": ("perfxl.cli.documents:read", "把填好的工作簿读成填报文档（JSON）"),
    "documents": ("perfxl.cli.word:documents", "按最近一次运行的结果写 Word 文书"),
    "status": ("perfxl.cli.state:status", "看一个年度的文件夹到了哪一步，下一步做什么"),
    "scheme": ("perfxl.cli.scheme:scheme", "列出、新建、导出、检查、比较评分方案"),
}


@click.group(cls=ChineseGroup, lazy=COMMANDS, invoke_without_command=True)
@click.version_option(__version__, "-V", "--version", message="perfxl %(version)s", help="显示版本号")
@click.pass_context
def perfxl(ctx: click.Context) -> None:
    """部门整体支出绩效自评：收集填报、检查、评分、排名。

    把各部门填好的工作簿放进 input 文件夹，运行 perfxl run，结果在 output 文件夹，用 Excel 或 WPS 打开。
    """
    if ctx.invoked_subcommand is None:
        echo(ctx.get_help())


@perfxl.result_callback()
def _say_how_written(status: object, **_: object) -> object:
    """One line where workbooks had to be written in the slower way."""
    from perfxl.xlsx.writer import notice

    if words := notice():
        echo(words, err=True)
    return status


def main() -> None:
    """Runs the command line and ends with its exit status: 0, 3 (some returned or rejected), 2 or 1."""
    in_utf8()
    prepare_streams()
    status = _status()
    tell_starter(status)
    sys.exit(1 if lost_output() else status)


def _status() -> int:
    try:
        status = perfxl.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        echo(error.format_message())
        return 2
    except click.ClickException as error:
        echo(explain(error), err=True)
        return 2
    except PerfxlError as error:
        echo(f"错误：{error}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        echo("已停止，原有结果没有改动。", err=True)
        return 1
    except Exception as error:
        if sys.flags.dev_mode and not isinstance(error, OSError):
            # python -X dev -m perfxl: for whoever mends it.
            raise
        echo(f"错误：{words_of(error)}", err=True)
        return 1
    return status if isinstance(status, int) else 0
