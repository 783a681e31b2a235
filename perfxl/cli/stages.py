"""The option --stage: at which stage of the year (目标, 监控, 自评) a command works, and the schemes of that stage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from perfxl.scheme.model import Scheme, Stage

SELF_REVIEW = "自评"
IN_ASCII = {"targets": "目标", "monitoring": "监控", "self-review": SELF_REVIEW}
"""Names of the stages for scripts that must be plain ASCII, such as batch files, which cmd reads in any code page."""
stage_option = click.option(
    "--stage",
    metavar="阶段",
    default=SELF_REVIEW,
    help="目标 = 绩效目标申报；监控 = 运行监控，期间写在冒号后，如 监控:1—7月；自评（默认）。"
    "也可写 targets、monitoring、self-review",
)


def is_monitoring(stage: str) -> bool:
    """Whether a stage as it is written is that of the middle of the year."""
    return _parted(stage)[0] in ("监控", "运行监控", "绩效运行监控")


def _parted(written: str) -> tuple[str, str]:
    """The name of a stage, in Chinese where it is one in ASCII, and its period."""
    name, _, period = written.replace("：", ":").partition(":")
    return IN_ASCII.get(name.strip().lower(), name.strip()), period.strip()


def output_of(scheme: Scheme) -> Path:
    """Where the results of a stage stand: those of the self-review in `output`, those of the others within it."""
    from perfxl.results.names import stage_folder

    whole = Path("output")
    return whole if scheme.asks_scores else whole / stage_folder(scheme.stage.label.removeprefix("绩效"), scheme.period)


def usual_output(written: str) -> Path:
    """`output_of` where no scheme is at hand yet, of a stage without periods. Raises as `schemes_of_stage`."""
    from perfxl.scheme import load_scheme

    return output_of(schemes_of_stage([load_scheme()], written)[0])


def schemes_of_stage(schemes: Sequence[Scheme], written: str) -> tuple[Scheme, ...]:
    """The schemes at a stage as it is written on the command line; those that have no such period are left out, and
    told. Raises UsageError where there is none such.
    """
    from perfxl.errors import UsageError
    from perfxl.scheme.stages import Stage

    name, period = _parted(written)
    for stage in Stage:
        if name in (str(stage), stage.label, stage.label.removeprefix("绩效")):
            if period and stage is not Stage.MONITORING:
                raise UsageError(f"--stage {name} 没有期间，请去掉冒号和后面的内容")
            return _at_stage(schemes, stage, period)
    names = f"{'、'.join(map(str, Stage))}，也可写 {'、'.join(IN_ASCII)}"
    raise UsageError(f"没有阶段“{written}”。可选：{names}；监控的期间写在冒号后，如 监控:1—7月")


def _at_stage(schemes: Sequence[Scheme], stage: Stage, period: str) -> tuple[Scheme, ...]:
    from perfxl.cli.terminal import echo
    from perfxl.errors import UsageError
    from perfxl.scheme.stages import scheme_at

    found, lacking = [], []
    for scheme in schemes:
        try:
            found.append(scheme_at(scheme, stage, period))
        except UsageError as error:
            lacking.append((scheme, error))
    if not found and lacking:
        raise lacking[0][1]
    for scheme, _ in lacking:
        echo(f"方案“{scheme.id}”没有监控期间“{found[0].period}”，这次不处理（{scheme.header.title}）", err=True)
    return tuple(found)
