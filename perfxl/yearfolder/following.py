"""What comes next in a year's folder: one sentence, from the state of its last run and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from perfxl.folders import BUREAU_FOLDER, INPUT_FOLDER, PREVIOUS_FOLDER
from perfxl.lists.approved_columns import FILE_NAME as APPROVED
from perfxl.results.kept_years import SELF_EVALUATION
from perfxl.results.targets import OPEN
from perfxl.review.layout import FOLDER as REVIEWS
from perfxl.review.record import Reviewed
from perfxl.status import Status
from perfxl.yearfolder.changed import Changed
from perfxl.yearfolder.runs import RunState
from perfxl.yearfolder.ways import Ways

INPUT = INPUT_FOLDER
COMMANDS: Mapping[str, str] = {
    SELF_EVALUATION: "perfxl run", "目标": "perfxl run --stage 目标", "监控": "perfxl monitor"
}  # fmt: skip
"""What runs each stage of the year anew."""


def without_run(files: int, bureau: Path, ways: Ways, *, broken: bool) -> str:
    """Where nothing was run, or its results cannot be read. files: how many were sent."""
    if files:
        again = "重新" if broken else ""
        do = ways.do(COMMANDS[SELF_EVALUATION])
        return f"{again}{do}，给 {INPUT} 里的 {files} 个文件评分{_other_stages(SELF_EVALUATION, ways)}"
    if not bureau.is_dir() or not any(bureau.glob("*填报模板.xlsx")):
        return f"{ways.do('perfxl template')} 生成填报模板和名单，写到 {BUREAU_FOLDER}"
    run = ways.do(COMMANDS[SELF_EVALUATION])
    return f"把 {BUREAU_FOLDER} 里的填报模板发给各部门，收回的工作簿放进 {INPUT}，再{run}"


def following(run: RunState, changed: Changed, sent: Path, ways: Ways) -> str:
    """After a run. sent: the folder of what was sent."""
    do = ways.do(_command(run))
    if not sent.is_dir():
        again = ways.do(COMMANDS[SELF_EVALUATION])
        return f"没有 {INPUT} 文件夹，不能核对收到的文件；把收回的工作簿放进 {INPUT}，再{again}"
    if changed:
        count = len(changed.new) + len(changed.other) + len(changed.gone) + len(changed.lists)
        # Which stage a new workbook belongs to is known only when it is read.
        others = _other_stages(run.stage, ways) if changed.new else ""
        return f"运行后有 {count} 个文件是新的、改过或不见了，请{ways.again(_command(run))}{others}"
    if run.returned:
        return (
            f"把“{run.place.as_posix()}/退回修改”里的退回件发给 {len(run.returned)} 个部门，收回后放进 {INPUT}，再{do}"
        )
    if rejected := rejected_files(run):
        return f"按“收件清单”写的原因处理 {rejected} 个无法受理的文件，改好的放进 {INPUT}，再{do}"
    urge = f"按汇总工作簿的“催报清单”催报 {len(run.missing)} 个部门" if run.missing else ""
    if not run.decisions and urge:
        return urge
    taken = _when_taken(run, ways)
    return f"{urge}；{taken}" if urge else taken


def rejected_files(run: RunState) -> int:
    """How many files could not be taken."""
    return sum(one.status == Status.REJECTED.value for one in run.files.values())


def stage_of(run: RunState) -> str:
    """The stage of a run in words, with its period."""
    return f"{run.stage}（{run.period}）" if run.period else run.stage


def _when_taken(run: RunState, ways: Ways) -> str:
    """What comes next where all that was sent is taken."""
    do = ways.do(_command(run))
    if not run.count(Status.SCORED):
        return f"还没有收到这个阶段的工作簿；收回后放进 {INPUT}，再{do}"
    if left := run.decisions.get(OPEN):
        where = f"在“{run.place.as_posix()}/{APPROVED}”里填意见，保存到 {BUREAU_FOLDER}"
        return f"还有 {left} 个没有审核：{where}，再{do}"
    if run.decisions:
        return (
            f"{stage_of(run)}已经全部完成；{ways.do('perfxl template --prefilled --stage 监控')}，"
            "把填好核定目标的监控模板发给各部门（没有部门名录的先填部门名录）"
        )
    if run.stage != SELF_EVALUATION:
        write = ways.do(f"perfxl documents {_argument(run.place)}")
        letters = "" if run.documents else f"；要发预警函的，{write}"
        return f"{stage_of(run)}已经全部完成；把部门工作簿发回去，按年度安排做下一阶段{letters}"
    documents = ways.do("perfxl documents")
    if not run.reviewed and not run.documents:
        made = run.place / REVIEWS
        if any(made.glob("*.xlsx")):
            return (
                f"复核表在“{made.as_posix()}”里，发给复核人；填好的放进 {BUREAU_FOLDER}，再{do}。"
                f"不复核的，{documents} 写文书"
            )
        return f"需要复核的，{ways.do('perfxl review')} 制作复核表；不复核的，{documents} 写文书"
    waiting = sum(run.reviewed.get(status.value, 0) for status in (Reviewed.PARTLY, Reviewed.NOT))
    if run.reviewed and waiting and not run.documents:
        return f"还有 {waiting} 个没有复核完；填好的复核表放进 {BUREAU_FOLDER}，再{do}"
    if not run.documents:
        return f"{documents} 写文书，把“部门结果”里的工作簿发回各部门"
    place = run.place.as_posix()
    option = "" if ways.clicked else f"（或用 --previous {place}）"
    return (
        f"本年度自评已经全部完成；明年把“{place}”复制到新一年文件夹的“{PREVIOUS_FOLDER}”里，评分时就与本年对比{option}"
    )


def _command(run: RunState) -> str:
    """The command of a stage, with the period that it was run for."""
    command = COMMANDS.get(run.stage, COMMANDS[SELF_EVALUATION])
    return f"{command} --period {run.period}" if run.period else command


def _argument(place: Path) -> str:
    """A folder as it is typed: in quotation marks where its name has blanks."""
    text = place.as_posix()
    return f'"{text}"' if " " in text else text


def _other_stages(stage: str, ways: Ways) -> str:
    """What runs the other stages, for workbooks of which nobody knows yet to which they belong."""
    told = "，".join(f"{other}的{ways.do(command)}" for other, command in COMMANDS.items() if other != stage)
    return f"（属于其他阶段的：{told}）"
