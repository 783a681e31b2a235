"""The runs that a year's folder holds the results of, each read from its run.json in a process that may be lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.errors import PerfxlError, UsageError
from perfxl.intake.known_lists import FROM_OUTSIDE
from perfxl.processes import told_of
from perfxl.results.kept_years import SELF_EVALUATION
from perfxl.results.manifest_reader import entries
from perfxl.results.names import MANIFEST
from perfxl.status import Status

DEEPEST = 3
"""So many folders below that of the year may hold results, 结果/运行监控/1—7月."""
_MOST = 200
_LONGEST = 200
_FAULTY = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Recorded(NamedTuple):
    """A file as a run saw it. sha256: empty where it was not read. outside: a list that others sent, never used."""

    bytes: int
    sha256: str
    status: str
    outside: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is one of the bureau's own lists: what a run was made of, and not sent."""
        return self.status == Status.LIST.value and not self.outside


class Used(NamedTuple):
    """A scheme of a run."""

    id: str
    version: str
    title: str
    sha256: str


@dataclass(frozen=True)
class RunState:
    """What a run.json says. place: its folder; stage: 自评, 目标, 监控; period: of a monitoring, empty elsewhere.

    statuses: how many departments have each. returned, missing, late: their names. overdue: who is past the day on
    which it was due. reviewed: how many departments are reviewed in each way. decisions: of a round of
    targets, of how many departments the bureau says what (通过, 退回, 待审核). documents: Word documents written since.
    """

    place: Path
    year: int
    stage: str
    period: str
    tool: str
    started: datetime
    schemes: tuple[Used, ...]
    files: Mapping[str, Recorded]
    statuses: Mapping[str, int]
    returned: tuple[str, ...]
    missing: tuple[str, ...]
    late: tuple[str, ...]
    overdue: tuple[str, ...]
    reviewed: Mapping[str, int]
    decisions: Mapping[str, int]
    documents: int
    rostered: bool

    def count(self, status: Status) -> int:
        """How many departments have a status."""
        return self.statuses.get(status.value, 0)


@dataclass(frozen=True)
class Runs:
    """The runs of a folder, the last one first. broken: what cannot be read, and why, by the folder."""

    runs: tuple[RunState, ...] = ()
    broken: Mapping[Path, str] = field(default_factory=dict)


def runs_in(folder: Path, besides: frozenset[str], today: date) -> Runs:
    """The runs below a folder. besides: names of folders in it that hold no results."""
    found, broken = [], {}
    for manifest in _manifests(folder, besides):
        try:
            found.append(told_of(manifest, read_run, manifest, today))
        except PerfxlError as error:
            broken[manifest.parent] = str(error)
    return Runs(tuple(sorted(found, key=lambda one: one.started, reverse=True)), broken)


def _manifests(folder: Path, besides: frozenset[str]) -> Iterator[Path]:
    level = [folder]
    for depth in range(DEEPEST + 1):
        below: list[Path] = []
        for place in level:
            if (place / MANIFEST).is_file():
                yield place / MANIFEST
            if depth < DEEPEST:
                below += _folders(place, besides if depth == 0 else frozenset())
        level = below[:_MOST]


def _folders(place: Path, besides: frozenset[str]) -> list[Path]:
    try:
        inner = [item for item in place.iterdir() if item.is_dir() and not item.is_symlink()]
    except OSError:
        return []
    return sorted(item for item in inner if item.name not in besides and not item.name.startswith("."))


def read_run(manifest: Path, today: date) -> RunState:
    """What a run.json says, read in this process. Raises UsageError where it cannot be read."""
    try:
        return _Reader(manifest, today).state()
    except _FAULTY as error:
        raise UsageError(f"“{manifest}”已损坏，或不是 perfxl 的运行结果") from error


class _Reader:
    def __init__(self, manifest: Path, today: date) -> None:
        self.manifest, self.today = manifest, today
        self.head: dict[str, Any] = {}
        self.schemes: list[Used] = []
        self.deadlines: dict[str, str] = {}
        self.files: dict[str, Recorded] = {}
        self.statuses: Counter[str] = Counter()
        self.reviewed: Counter[str] = Counter()
        self.decisions: Counter[str] = Counter()
        self.names: dict[str, list[str]] = {Status.RETURNED.value: [], Status.MISSING.value: []}
        self.late: dict[str, None] = {}
        self.overdue: list[str] = []
        self.documents = 0

    def state(self) -> RunState:
        take = {
            "files": self._file, "departments": self._department, "schemes": self._scheme,
            "register": self._line, "owed": self._owed, "results": self._result,
        }  # fmt: skip
        for key, value in entries(self.manifest):
            if key in take:
                take[key](value)
            elif not isinstance(value, (list, dict)):
                self.head[key] = value
        if not _text(self.head["tool"]).startswith("perfxl "):
            raise ValueError("not ours")
        started = datetime.fromisoformat(self.head["started"])
        return RunState(
            self.manifest.parent,
            int(self.head["year"]),
            _text(self.head.get("stage")) or SELF_EVALUATION,
            _text(self.head.get("period")),
            _text(self.head["tool"]),
            started if started.tzinfo else started.astimezone(),
            tuple(self.schemes),
            self.files,
            dict(self.statuses),
            tuple(self.names[Status.RETURNED.value]),
            tuple(self.names[Status.MISSING.value]),
            tuple(self.late),
            tuple(self.overdue),
            dict(self.reviewed),
            dict(self.decisions),
            self.documents,
            self.head.get("rostered") is True,
        )

    def _file(self, item: Mapping[str, Any]) -> None:
        outside = _text(item.get("reason")).startswith(FROM_OUTSIDE)
        self.files[str(item["path"])] = Recorded(int(item["bytes"]), str(item["sha256"]), str(item["status"]), outside)

    def _department(self, item: Mapping[str, Any]) -> None:
        status = _text(item["status"])
        self.statuses[status] += 1
        if status in self.names:
            self.names[status].append(_text(item.get("project")) or _text(item["name"]))
        # What was returned is looked at when it has come back.
        if "decision" in item and status == Status.SCORED.value:
            self.decisions[_text(item["decision"])] += 1
        review = item.get("review")
        if isinstance(review, dict):
            self.reviewed[_text(review.get("status"))] += 1

    def _scheme(self, item: Mapping[str, Any]) -> None:
        used = Used(_text(item["id"]), _text(item["version"]), _text(item["title"]), _text(item["sha256"]))
        self.schemes.append(used)
        self.deadlines[used.id] = _text(item.get("deadline"))

    def _line(self, item: Mapping[str, Any]) -> None:
        """The first workbook of each tells whether it was late; where nobody wrote when it came, nothing does."""
        deadline, received = self.deadlines.get(_text(item.get("scheme")), ""), _text(item.get("received"))
        if item.get("number") == 1 and deadline and received > deadline and item.get("excused") is not True:
            self.late[_text(item.get("project")) or _text(item.get("name"))] = None

    def _owed(self, item: Mapping[str, Any]) -> None:
        due = _text(item.get("due"))
        if due and due < self.today.isoformat():
            self.overdue.append(_text(item.get("project")) or _text(item.get("name")))

    def _result(self, item: object) -> None:
        text = _text(item)
        self.documents += text.startswith("文书/") and text.endswith(".docx")


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
