"""`perfxl monitor`: how the year stands in its middle. The same job as `perfxl run`, at another stage of the year."""

from __future__ import annotations

from typing import Any

import click

from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.run import carry_out, run

_NOT_HERE = ("stage", "joint", "reviews", "previous")
"""What a run may be told and monitoring not."""
_HELP = """检查文件夹（默认 input）里的运行监控填报表：亮红黄绿蓝灯，预测全年得分，列出进度落后的和建议调减的。

结果默认写到 output/运行监控加期间，例如 output/运行监控1—7月，各期互不覆盖，也不影响自评的结果。
填报表用 perfxl template --stage 监控 生成。灯的界线、监控期间在方案中设定。

结束状态：0 全部受理；3 有退回或无法受理的；2 用法或方案有错；1 其他错误。
"""


def _monitor(period: str, **asked: Any) -> int:
    return carry_out(stage=f"监控:{period}", **asked)


def _params() -> list[click.Parameter]:
    """The options of a run that are the same here, and the period."""
    words = "监控哪个期间，例如 1—7月，或方案中的第几个；默认第一个"
    period = click.Option(["--period"], metavar="期间", default="", help=words)
    own: list[click.Parameter] = []
    for param in run.params:
        if param.name == "output":
            own.append(
                click.Option(
                    ["-o", "--output"],
                    metavar="文件夹",
                    type=param.type,
                    help="结果放在哪里，默认 output/运行监控加期间",
                )
            )
        elif param.name not in _NOT_HERE:
            own.append(param)
    return [own[0], period, *own[1:]]


monitor = ChineseCommand("monitor", callback=_monitor, params=_params(), help=_HELP)
