"""Where a year's folder stands: lines to show, and the one that says what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from perfxl.folders import BUREAU_FOLDER, INPUT_FOLDER, OUTPUT_FOLDER
from perfxl.lists.approved_columns import FILE_NAME as APPROVED
from perfxl.results.kept_years import SELF_EVALUATION
from perfxl.results.targets import OPEN
from perfxl.review.record import Reviewed
from perfxl.status import Status
from perfxl.yearfolder.changed import Changed, Seen, changed_since, seen_in
from perfxl.yearfolder.runs import Runs, RunState, Used, runs_in

INPUT, OUTPUT = INPUT_FOLDER, OUTPUT_FOLDER
NAMED = 8
COMMANDS = {SELF_EVALUATION: "perfxl run", "目标": "perfxl run --stage 目标", "监控": "perfxl monitor"}
"""What runs each stage of the year anew."""
_SHORT = 12
_TIME = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class State:
    """What is told of a folder. lines: heading and words of each; following: what to do next."""

    lines: tuple[tuple[str, str], ...]
    following: str


def state_of(folder: Path, today: date) -> State:
    """Looks at a year's folder, or at the one that the folder is a part of; changes nothing in it."""
    folder = _whole(folder)
    bureau, sent = folder / BUREAU_FOLDER, folder / INPUT
    found = runs_in(folder, frozenset({BUREAU_FOLDER, INPUT}), today)
    files = seen_in(sent, frozenset(run.place.resolve() for run in found.runs))
    lines = [("文件夹", folder.resolve().as_posix())]
    run = _current(found, folder, files)
    if run is None or folder / OUTPUT in found.broken:
        lines += [("阶段", "运行结果读不出来" if found.broken else "还没有运行结果")]
        lines += [("其他运行", _other(one)) for one in found.runs] + _broken(found)
        lines += [("收到", f"{INPUT} 里有 {len(files)} 个文件" if sent.is_dir() else f"没有 {INPUT} 文件夹")]
        return State(tuple(lines), _without_run(found, bureau, len(files)))
    changed = changed_since(run, files, sent, bureau) if sent.is_dir() else Changed()
    lines += [("阶段", f"{run.year} 年度 {_stage(run)}"), ("最近运行", _ran(run))]
    lines += _who(run) + _made_of(run, changed)
    lines += [("其他运行", _other(one)) for one in found.runs if one is not run]
    lines += _broken(found)
    return State(tuple(lines), _following(run, changed, sent))


PARTS = (INPUT, OUTPUT, BUREAU_FOLDER)
_DEEPEST_PART = 3


def _whole(folder: Path) -> Path:
    """The year's folder, where somebody stands in a folder of it: what is told of that alone would lead astray."""
    if any((folder / part).is_dir() for part in PARTS):
        return folder
    full = folder.resolve()
    for place in (full, *full.parents)[:_DEEPEST_PART]:
        if place.name in PARTS and any((place.parent / part).is_dir() for part in PARTS if part != place.name):
            return place.parent
    return folder


def _current(found: Runs, folder: Path, files: Sequence[Seen]) -> RunState | None:
    """The last run of the latest year; where `output` has none, one that has read any of the files that are there."""
    there = {item.path for item in files}
    own = [one for one in found.runs if (folder / OUTPUT) in (one.place, *one.place.parents)]
    others = [one for one in found.runs if not there or not there.isdisjoint(one.files)]
    return max(own or [one for one in others if one.place.parent == folder], key=_when, default=None)


def _when(run: RunState) -> tuple[int, datetime]:
    return run.year, run.started


def _stage(run: RunState) -> str:
    return f"{run.stage}（{run.period}）" if run.period else run.stage


def _ran(run: RunState) -> str:
    return f"{run.started.strftime(_TIME)}，{run.tool}，结果在 {run.place.as_posix()}"


def _other(run: RunState) -> str:
    return f"{run.year} 年度 {_stage(run)}，{run.started.strftime(_TIME)}，{run.place.as_posix()}"


def _broken(found: Runs) -> list[tuple[str, str]]:
    return [("读不出来", words) for words in found.broken.values()]


def _who(run: RunState) -> list[tuple[str, str]]:
    """Who sent, was late, was returned, was reviewed."""
    scored, returned, missing = (run.count(one) for one in (Status.SCORED, Status.RETURNED, Status.MISSING))
    taken = Status.SCORED.label_where(scored=run.stage == SELF_EVALUATION)
    counts = f"{taken} {scored} 个，退回修改 {returned} 个，"
    lines = [("报送", counts + (f"未报送 {missing} 个" if run.rostered else "没有部门名录，不知道谁没有报送"))]
    rejected = _rejected(run)
    named = (
        ("无法受理", f"{rejected} 个文件" if rejected else ""),
        ("退回修改", names(run.returned)),
        ("未报送", names(run.missing)),
        ("逾期报送", names(run.late)),
        ("已过期限", names(run.overdue)),
    )
    lines += [(heading, words) for heading, words in named if words]
    if run.decisions:
        lines.append(("审核", "，".join(f"{word} {count} 个" for word, count in run.decisions.items())))
    if run.reviewed:
        told = "，".join(
            f"{status.value} {count} 个" for status in Reviewed if (count := run.reviewed.get(status.value))
        )
        lines.append(("复核", told))
    elif run.stage == SELF_EVALUATION:
        lines.append(("复核", "没有复核"))
    if run.documents:
        lines.append(("文书", f"已写 {run.documents} 份"))
    return lines


def _rejected(run: RunState) -> int:
    """How many files could not be taken."""
    return sum(one.status == Status.REJECTED.value for one in run.files.values())


def _made_of(run: RunState, changed: Changed) -> list[tuple[str, str]]:
    """What the results were made of, and what has changed since."""
    lines = [("评分方案", _scheme(one)) for one in run.schemes]
    for path, item in run.files.items():
        if item.status == Status.LIST.value:
            lines.append(("名单", f"{path}（sha256 {item.sha256[:_SHORT]}…）"))
    told = (
        ("新的文件", changed.new), ("改过的文件", changed.other), ("不见的文件", changed.gone),
        ("改过的名单方案", changed.lists),
    )  # fmt: skip
    lines += [(heading, names(paths)) for heading, paths in told if paths]
    if not changed:
        lines.append(("运行后", "没有新的或改过的文件"))
    return lines


def _scheme(used: Used) -> str:
    """The scheme, and whether the built-in one of its code is another one by now."""
    from perfxl.scheme import builtin_ids, load_scheme, scheme_sha256

    words = f"{used.title}（{used.id}，版本 {used.version}，sha256 {used.sha256[:_SHORT]}…）"
    if used.id in builtin_ids() and scheme_sha256(load_scheme(used.id)) != used.sha256:
        words += "；与程序现在自带的同名方案不同"
    return words


def names(items: Sequence[str]) -> str:
    """The first of them, and how many there are."""
    if not items:
        return ""
    shown = "、".join(items[:NAMED])
    return f"{len(items)} 个：{shown}{' 等' if len(items) > NAMED else ''}"


def _without_run(found: Runs, bureau: Path, files: int) -> str:
    if files:
        again = "重新" if found.broken else ""
        return f"{again}运行 perfxl run，给 {INPUT} 里的 {files} 个文件评分{_other_stages(SELF_EVALUATION)}"
    if not bureau.is_dir() or not any(bureau.glob("*填报模板.xlsx")):
        return f"运行 perfxl template 生成填报模板和名单，写到 {BUREAU_FOLDER}"
    return f"把 {BUREAU_FOLDER} 里的填报模板发给各部门，收回的工作簿放进 {INPUT}，再运行 perfxl run"


def _following(run: RunState, changed: Changed, sent: Path) -> str:
    if not sent.is_dir():
        return f"没有 {INPUT} 文件夹，不能核对收到的文件；把收回的工作簿放进 {INPUT}，再运行 perfxl run"
    if changed:
        count = len(changed.new) + len(changed.other) + len(changed.gone) + len(changed.lists)
        # Which stage a new workbook belongs to is known only when it is read.
        others = _other_stages(run.stage) if changed.new else ""
        return f"运行后有 {count} 个文件是新的、改过或不见了，请再运行一次{_command(run)}{others}"
    if run.returned:
        return (
            f"把“{run.place.as_posix()}/退回修改”里的退回件发给 {len(run.returned)} 个部门，收回后放进 {INPUT}，再运行"
            + _command(run)
        )
    if rejected := _rejected(run):
        return f"按“收件清单”写的原因处理 {rejected} 个无法受理的文件，改好的放进 {INPUT}，再运行" + _command(run)
    urge = f"按汇总工作簿的“催报清单”催报 {len(run.missing)} 个部门" if run.missing else ""
    if not run.decisions and urge:
        return urge
    return f"{urge}；{_when_taken(run)}" if urge else _when_taken(run)


def _when_taken(run: RunState) -> str:
    """What comes next where all that was sent is taken."""
    if not run.count(Status.SCORED):
        return f"还没有收到这个阶段的工作簿；收回后放进 {INPUT}，再运行{_command(run)}"
    if left := run.decisions.get(OPEN):
        return (
            f"还有 {left} 个没有审核：在“{run.place.as_posix()}/{APPROVED}”里填意见，保存到 {BUREAU_FOLDER}，再运行"
            + _command(run)
        )
    if run.decisions:
        return (
            f"{_stage(run)}已经全部完成；运行 perfxl template --prefilled --stage 监控，"
            "把填好核定目标的监控模板发给各部门（没有部门名录的先填部门名录）"
        )
    if run.stage != SELF_EVALUATION:
        letters = "" if run.documents else f"；要发预警函的，运行 perfxl documents {_argument(run.place)}"
        return f"{_stage(run)}已经全部完成；把部门工作簿发回去，按年度安排做下一阶段{letters}"
    if not run.reviewed and not run.documents:
        return "需要复核的，运行 perfxl review 制作复核表；不复核的，运行 perfxl documents 写文书"
    waiting = sum(run.reviewed.get(status.value, 0) for status in (Reviewed.PARTLY, Reviewed.NOT))
    if run.reviewed and waiting and not run.documents:
        return f"还有 {waiting} 个没有复核完；填好的复核表放进 {BUREAU_FOLDER}，再运行 perfxl run"
    if not run.documents:
        return "运行 perfxl documents 写文书，把“部门结果”里的工作簿发回各部门"
    return f"本年度自评已经全部完成；明年运行时用 --previous {run.place.as_posix()} 与本年对比"


def _command(run: RunState) -> str:
    """The command of a stage, with the period that it was run for."""
    command = COMMANDS.get(run.stage, COMMANDS[SELF_EVALUATION])
    return f" {command} --period {run.period}" if run.period else f" {command}"


def _argument(place: Path) -> str:
    """A folder as it is typed: in quotation marks where its name has blanks."""
    text = place.as_posix()
    return f'"{text}"' if " " in text else text


def _other_stages(stage: str) -> str:
    """What runs the other stages, for workbooks of which nobody knows yet to which they belong."""
    told = "，".join(f"{other}的运行 {command}" for other, command in COMMANDS.items() if other != stage)
    return f"（属于其他阶段的：{told}）"
