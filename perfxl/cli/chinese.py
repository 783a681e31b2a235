"""click in Chinese: help pages and error messages that a clerk reads."""

from __future__ import annotations

import importlib
from typing import Any

import click

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class ChineseCommand(click.Command):
    """A command whose help page is Chinese throughout."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        kwargs.setdefault("context_settings", HELP_OPTIONS)
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option with its words in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`用法：perfxl run ...`."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options under their Chinese heading."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        _section(formatter, "选项", [record for option in options if (record := option.get_help_record(ctx))])


class ChineseGroup(ChineseCommand, click.Group):
    """A group whose commands are imported only when they are called, so that `--help` stays quick.

    lazy: module and short help of each command by its name, in the order of the help page.
    """

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "命令 ...")
        super().__init__(*args, **kwargs)
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which a bureau needs them."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now if it was not."""
        if cmd_name in self.lazy:
            module, _, name = self.lazy[cmd_name][0].partition(":")
            command: click.Command = getattr(importlib.import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then the commands with their short help."""
        ChineseCommand.format_options(self, ctx, formatter)
        rows = [(name, words) for name, (_, words) in self.lazy.items()]
        rows += [
            (name, command.get_short_help_str(60)) for name, command in self.commands.items() if not command.hidden
        ]
        _section(formatter, "命令", rows)


def _section(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        formatter.write_paragraph()
        formatter.write(f"{heading}：\n")
        with formatter.indentation():
            formatter.write_dl(rows)


def explain(error: click.ClickException) -> str:
    """A click error in Chinese: what is wrong with the call and where help stands."""
    words = error.format_message()
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
        words = f"没有选项 {error.option_name}{near}"
    elif isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        words = f"缺少参数 {name}"
    elif isinstance(error, click.BadOptionUsage):
        alone = "does not take a value" in error.message
        words = f"选项 {error.option_name} 用法不对，{'后面不能跟值' if alone else '后面应跟一个值'}"
    elif isinstance(error, click.BadParameter):
        name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
        words = f"参数 {name} 不对：{_plain(error.message)}"
    elif isinstance(error, click.UsageError):
        words = _plain(error.message)
    ctx = getattr(error, "ctx", None)
    help_line = f"\n用“{ctx.command_path} --help”查看说明。" if ctx is not None else ""
    return f"错误：{words}。{help_line}"


_PHRASES = (
    ("No such command", "没有命令"),
    ("Missing command.", "缺少命令"),
    ("Got unexpected extra arguments", "多出了参数"),
    ("Got unexpected extra argument", "多出了参数"),
    ("is not a valid integer range", "不是范围内的整数"),
    ("is not a valid integer", "不是整数"),
    ("is not a valid float", "不是数"),
    ("is not a valid boolean", "不是“是”或“否”"),
    ("is not in the range", "超出范围"),
    ("is not one of", "不在可用的值中："),
    ("is not writable", "不能写入"),
    ("Did you mean one of:", "是不是"),
    ("Did you mean", "是不是"),
    ("does not exist", "不存在"),
    ("is a directory", "是文件夹"),
    ("is a file", "是文件"),
    ("is not readable", "不能读取"),
    ("Directory", "文件夹"),
    ("File", "文件"),
    ("Path", "路径"),
)


def _plain(message: str) -> str:
    for english, chinese in _PHRASES:
        message = message.replace(english, chinese)
    return message.rstrip(".")
