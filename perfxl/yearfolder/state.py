"""Where a year's folder stands: lines to show, and the one that says what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from perfxl.errors import PerfxlError
from perfxl.folders import BUREAU_FOLDER, INPUT_FOLDER, OUTPUT_FOLDER, PREVIOUS_FOLDER
from perfxl.processes import told_of
from perfxl.results.kept_years import SELF_EVALUATION
from perfxl.review.record import Reviewed
from perfxl.run.standing_years import HOW, manifests_in
from perfxl.status import Status
from perfxl.yearfolder.changed import Changed, Seen, changed_since, seen_in
from perfxl.yearfolder.following import following, rejected_files, stage_of, without_run
from perfxl.yearfolder.runs import Runs, RunState, Used, read_run, runs_in
from perfxl.yearfolder.ways import Ways

INPUT, OUTPUT = INPUT_FOLDER, OUTPUT_FOLDER
NAMED = 8
TYPED = Ways()
_SHORT = 12
_TIME = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class State:
    """What is told of a folder. lines: heading and words of each; following: what to do next."""

    lines: tuple[tuple[str, str], ...]
    following: str


def state_of(folder: Path, today: date, ways: Ways = TYPED) -> State:
    """Looks at a year's folder, or at the one that the folder is a part of; changes nothing in it.

    ways: how the person who is told does what comes next.
    """
    folder = _whole(folder)
    bureau, sent = folder / BUREAU_FOLDER, folder / INPUT
    found = runs_in(folder, frozenset({BUREAU_FOLDER, INPUT, PREVIOUS_FOLDER}), today)
    files = seen_in(sent, frozenset(run.place.resolve() for run in found.runs))
    lines = [("文件夹", folder.resolve().as_posix())]
    run = _current(found, folder, files)
    if run is None or folder / OUTPUT in found.broken:
        lines += [("阶段", "运行结果读不出来" if found.broken else "还没有运行结果")]
        lines += [("其他运行", _other(one)) for one in found.runs] + _broken(found) + _previous(folder, today)
        lines += [("收到", f"{INPUT} 里有 {len(files)} 个文件" if sent.is_dir() else f"没有 {INPUT} 文件夹")]
        return State(tuple(lines), without_run(len(files), bureau, ways, broken=bool(found.broken)))
    changed = changed_since(run, files, sent, bureau) if sent.is_dir() else Changed()
    lines += [("阶段", f"{run.year} 年度 {stage_of(run)}"), ("最近运行", _ran(run))]
    lines += _who(run) + _made_of(run, changed)
    lines += [("其他运行", _other(one)) for one in found.runs if one is not run]
    lines += _broken(found) + _previous(folder, today)
    return State(tuple(lines), following(run, changed, sent, ways))


PARTS = (INPUT, OUTPUT, BUREAU_FOLDER, PREVIOUS_FOLDER)
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


def _ran(run: RunState) -> str:
    return f"{run.started.strftime(_TIME)}，{run.tool}，结果在 {run.place.as_posix()}"


def _other(run: RunState) -> str:
    return f"{run.year} 年度 {stage_of(run)}，{run.started.strftime(_TIME)}，{run.place.as_posix()}"


def _broken(found: Runs) -> list[tuple[str, str]]:
    return [("读不出来", words) for words in found.broken.values()]


def _previous(folder: Path, today: date) -> list[tuple[str, str]]:
    """The results of years before that were put there to compare with; a folder without any is told where it is."""
    place = folder / PREVIOUS_FOLDER
    lines = []
    for manifest in manifests_in(place):
        try:
            year = told_of(manifest, read_run, manifest, today).year
            words = f"{year} 年度，{manifest.parent.relative_to(folder).as_posix()}"
        except PerfxlError as error:
            words = str(error)
        lines.append((PREVIOUS_FOLDER, words))
    if not lines and place.is_dir():
        lines.append((PREVIOUS_FOLDER, f"没有放；要与上年对比的，{HOW}"))
    return lines


def _who(run: RunState) -> list[tuple[str, str]]:
    """Who sent, was late, was returned, was reviewed."""
    scored, returned, missing = (run.count(one) for one in (Status.SCORED, Status.RETURNED, Status.MISSING))
    taken = Status.SCORED.label_where(scored=run.stage == SELF_EVALUATION)
    counts = f"{taken} {scored} 个，退回修改 {returned} 个，"
    lines = [("报送", counts + (f"未报送 {missing} 个" if run.rostered else "没有部门名录，不知道谁没有报送"))]
    rejected = rejected_files(run)
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


def _made_of(run: RunState, changed: Changed) -> list[tuple[str, str]]:
    """What the results were made of, and what has changed since."""
    lines = [("评分方案", _scheme(one)) for one in run.schemes]
    for path, item in run.files.items():
        if item.is_list:
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
