"""The last words of a command: who is missing, what came of a run and what comes next."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.cli.status import PARTLY_DONE
from perfxl.cli.terminal import echo
from perfxl.status import Status

if TYPE_CHECKING:
    from perfxl.results.batch import Batch, FileRecord
    from perfxl.yearfolder.ways import Ways

MISSING_SHOWN = 20
"""Names of departments that sent nothing; more push everything else off the screen."""
WORDS = {"自评": ("评分", "排名"), "监控": ("受理", "红黄灯清单"), "目标": ("受理", "目标清单")}
"""By stage of the year: what is done with workbooks, and the sheet of the summary to look at first."""
STARTER = "PERFXL_STARTER"
"""The environment variable with which a starter says its name: its window closes when a key is pressed."""


def missing_words(files: Sequence[FileRecord]) -> str:
    """Who is on the roster and sent nothing, by name; empty where nobody is."""
    names = [record.department for record in files if record.status is Status.MISSING]
    if not names:
        return ""
    more = len(names) - MISSING_SHOWN
    rest = f"，另有 {more} 个，见汇总工作簿的“收件清单”" if more > 0 else ""
    return f"没有报送的：{'、'.join(names[:MISSING_SHOWN])}{rest}"


def conclusion(batch: Batch, folder: Path, output: Path) -> Iterator[str]:
    """What came of a run and what comes next, in two lines."""
    from perfxl.results.context import DEPARTMENT_FOLDER
    from perfxl.results.returned import RETURNED_FOLDER

    counts = {status: sum(record.status is status for record in batch.files) for status in Status}
    told = (Status.SCORED, Status.RETURNED, Status.REJECTED, Status.MISSING)
    scores = batch.scheme.asks_scores
    done, first = WORDS[str(batch.scheme.stage)]
    parts = [f"{status.label_where(scored=scores)} {counts[status]}" for status in told if counts[status]]
    returned, rejected, missing = (
        counts[status] for status in (Status.RETURNED, Status.REJECTED, Status.MISSING)
    )  # fmt: skip
    if not any(counts[status] for status in told[:3]):
        yield from _nothing_to_do(done, folder, counts[Status.OTHER_STAGE])
        return
    if returned or rejected:
        yield f"结论：{done}已完成，有退回或无法受理的：{'，'.join(parts)}。"
        steps = [f"把“{output / RETURNED_FOLDER}”里的文件发回部门"] if batch.copies else []
        steps += ["无法受理的按“收件清单”写的原因处理"] if rejected else []
        yield f"下一步：{'；'.join(steps or ['按“问题清单”请部门修改'])}；改好的放进“{folder}”，再运行一次。"
        return
    yield f"结论：收到的全部{done}，没有退回：{'，'.join(parts)}。"
    urge = "催还没有报送的部门（见“催报清单”）；" if missing else ""
    books = output / DEPARTMENT_FOLDER
    send = f"，把“{books}”里的文件发给部门" if books.is_dir() else ""
    yield f"下一步：{urge}核对汇总工作簿的“{first}”和“问题清单”{send}。"


def _nothing_to_do(done: str, folder: Path, others: int) -> Iterator[str]:
    """A folder in which there is no workbook of the stage. others: how many there are of other stages."""
    told = f"（其中 {others} 个是其他阶段的填报表，见“收件清单”）" if others else ""
    yield f"结论：“{folder}”里没有可以{done}的工作簿{told}。"
    more = "；其他阶段的用那个阶段的命令" if others else ""
    yield f"下一步：把各部门填好的工作簿放进“{folder}”，再运行一次{more}。"


def to_be_said(batch: Batch, output: Path) -> str:
    """Of a round of targets, of which the bureau has not said all: where it does; empty where there is nothing."""
    from perfxl.folders import BUREAU_FOLDER
    from perfxl.lists.approved_columns import FILE_NAME, OPINION_SHEET
    from perfxl.results.targets import OPEN

    left = sum(item.decision == OPEN and item.record is not None for item in batch.targets)
    if not left:
        return ""
    where = f"“{output / FILE_NAME}”的“{OPINION_SHEET}”"
    return f"待审核 {left} 份：在{where}里填意见，保存到 {BUREAU_FOLDER} 文件夹，再运行一次。"


def ways() -> Ways:
    """How whoever reads this does what comes next: in the window of a starter nobody types commands."""
    from perfxl.yearfolder.ways import Ways

    return Ways(clicked=bool(os.environ.get(STARTER)))


def finished(done: str, following: str) -> None:
    """The last two lines of what is no run: what has been made, and what comes next."""
    echo(f"结论：{done}。")
    echo(f"下一步：{following}。")


def tell_starter(status: int) -> None:
    """What the window of a starter says last: how it ended where that was not said yet, and how it closes."""
    starter = os.environ.get(STARTER)
    if not starter:
        return
    if status not in (0, PARTLY_DONE):
        wrong = status == 2
        echo(f"\n结论：{'没有做成，请先改正' if wrong else '没有做完'}。原有结果没有改动。")
        again = f"再双击一次“{starter}”"
        if wrong:
            echo(f"下一步：按上面“错误”后面的话改好，{again}。")
        else:
            echo(f"下一步：按上面的话处理，{again}；仍不行时，请把这个窗口的内容交给技术人员。")
    echo("\n按任意键关闭窗口。" if os.name == "nt" else "\n按回车键关闭窗口。")
