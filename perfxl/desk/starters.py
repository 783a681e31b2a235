"""What is double-clicked in a year's folder, for each system: one file a job, that finds perfxl and holds its window.

A starter holds no path: its bytes are the same in every folder of a version, so that one that a person has changed is
known. What differs from machine to machine stands beside, in the folder `.perfxl`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from perfxl.desk import unix, windows
from perfxl.folders import INPUT_FOLDER
from perfxl.scheme.stage_records import plain_period

WINDOWS, MACOS, LINUX = "Windows", "macOS", "Linux"
SYSTEMS = (WINDOWS, MACOS, LINUX)
OTHERS = "其他系统"
"""The folder of the starters for other systems than those that a year's folder is made for."""
EARLIER = "年初和年中"
"""The folder of the starters for the stages of the year before the self-review."""


@dataclass(frozen=True)
class Starter:
    """One job to double-click. arguments: what `perfxl` is called with, plain ASCII. does: in words for the clerk.

    folder: that beside the other starters in which it stands; empty where it stands among them.
    """

    name: str
    arguments: tuple[str, ...]
    does: str
    folder: str = ""


RUN = Starter("运行评分", ("run", "--open"), "检查、评分、排名，做完自动打开汇总工作簿")
WATCH = Starter("自动检查", ("watch", INPUT_FOLDER), "开着它，放进 input 的工作簿随到随查，汇总随时更新；关窗口即停")
TEMPLATES = Starter("生成部门模板", ("template", "--prefilled"), "按填好的部门名录，为每个部门做一份预填模板")
REVIEW = Starter("制作复核表", ("review", "--ask"), "评分以后，为复核人做复核表；窗口里会问复核哪些部门")
DOCUMENTS = Starter("写文书", ("documents",), "按最近一次评分写 Word 文书：自评报告、反馈意见、通报等")
STATUS = Starter("查看进度", ("status",), "谁报了、谁没报，到了哪一步，下一步做什么；只看，不改任何文件")
TARGET_TEMPLATES = Starter(
    "生成目标模板", ("template", "--prefilled", "--stage", "targets"), "年初：为每个部门做一份绩效目标申报表", EARLIER
)
TARGETS = Starter(
    "审核目标",
    ("run", "--stage", "targets", "--open"),
    "年初：检查收到的绩效目标申报表，做完自动打开汇总工作簿",
    EARLIER,
)
MONITORING_TEMPLATES = Starter(
    "生成监控模板",
    ("template", "--prefilled", "--stage", "monitoring"),
    "年中：为每个部门做一份监控填报表",
    EARLIER,
)
MONITORING = Starter("运行监控", ("monitor", "--open"), "年中：亮灯、预测全年得分，做完自动打开汇总工作簿", EARLIER)
STARTERS = (
    TEMPLATES, WATCH, RUN, REVIEW, DOCUMENTS, STATUS, TARGET_TEMPLATES, TARGETS, MONITORING_TEMPLATES, MONITORING
)  # fmt: skip


_NAMING = re.compile(r"[\w—–～-]{1,20}")
"""Signs of a period that may stand in the name of a starter: none that a shell or a file system takes for its own."""


def starters_of(periods: Sequence[str] = ()) -> tuple[Starter, ...]:
    """All jobs. periods: those that are monitored; each after the first has starters of its own, named after it."""
    more: list[Starter] = []
    for number, period in enumerate(periods[1:], 2):
        shown = period if _NAMING.fullmatch(period) else f"第{number}期"
        more += (
            replace(
                MONITORING_TEMPLATES,
                name=f"{MONITORING_TEMPLATES.name}（{shown}）",
                arguments=(*MONITORING_TEMPLATES.arguments[:-1], f"{MONITORING_TEMPLATES.arguments[-1]}:{number}"),
            ),
            replace(
                MONITORING,
                name=f"{MONITORING.name}（{shown}）",
                arguments=(MONITORING.arguments[0], "--period", str(number), *MONITORING.arguments[1:]),
            ),
        )
    return (*STARTERS, *more)


def is_of_period(path: str) -> bool:
    """Whether a starter, by its path, is that of one period."""
    name = path.rpartition("/")[2]
    return name.startswith((f"{MONITORING_TEMPLATES.name}（", f"{MONITORING.name}（"))


def shared_periods(periods: Iterable[Sequence[str]]) -> Sequence[str]:
    """The periods that starters can name by their number: as far as the schemes that have them call them the same.

    periods: those of each scheme. Which one is the first is each scheme's own matter.
    """
    each = list(periods)
    found = [own[0] for own in each[:1]]
    for number in range(1, max(map(len, each), default=0)):
        names = [own[number] for own in each if len(own) > number]
        if len(set(map(plain_period, names))) > 1:
            break
        found.append(names[0])
    return found


@dataclass(frozen=True)
class StarterFile:
    """A starter for one system. path: below the year's folder, with `/`."""

    path: str
    data: bytes
    executable: bool


def this_system() -> str:
    """The system of this machine; Linux for all that is neither Windows nor macOS."""
    return {"win32": WINDOWS, "darwin": MACOS}.get(sys.platform, LINUX)


def starter_files(systems: tuple[str, ...], periods: Sequence[str] = ()) -> Iterator[StarterFile]:
    """All starters: those of the named systems in the year's folder itself, the others a folder below.

    periods: as in `starters_of`.
    """
    for system in SYSTEMS:
        place = "" if system in systems else f"{OTHERS}/{system}/"
        for starter in starters_of(periods):
            inner = f"{place}{starter.folder}/" if starter.folder else place
            for ending, data in _of(system, starter):
                yield StarterFile(f"{inner}{starter.name}{ending}", data, system != WINDOWS)


def above(starter: Starter) -> tuple[int, ...]:
    """How many folders above its own the year's may be: no other one, which might hold an earlier year."""
    return (1, 3) if starter.folder else (2,)


def _of(system: str, starter: Starter) -> Iterator[tuple[str, bytes]]:
    if system == WINDOWS:
        yield ".bat", windows.batch(starter.arguments, above(starter))
        return
    script = unix.script(starter.arguments, above(starter))
    yield (".command" if system == MACOS else ".sh"), script
    if system == LINUX:
        yield ".desktop", unix.desktop_entry(starter.name, starter.does)
