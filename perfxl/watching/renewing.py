"""The results of a watch: an ordinary run whenever they are owed, and what is told of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import PerfxlError, words_of
from perfxl.results.batch import Batch, FileRecord
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.scheme.model import Scheme
from perfxl.status import Status
from perfxl.watching import words
from perfxl.watching.pace import Pace
from perfxl.watching.scan import Stamp, stamp_of
from perfxl.watching.screen import Screen

MOST_SAID = 20
"""Files whose verdict has changed that are told after a run."""
FAULTY = (Status.RETURNED, Status.REJECTED)


class Plan(NamedTuple):
    """What runs go by: their schemes and options, with the bureau's lists."""

    schemes: tuple[Scheme, ...]
    options: RunOptions


Planning = Callable[[Callable[[str], None]], Plan]
"""Reads schemes and lists as they are now, and says which. Raises PerfxlError where they do not hold."""


class Renewal:
    """Runs of a folder into its results. begun: whether there was a run, or one that failed; seconds: of the last one.

    due: whether results are owed. exit_status: of the last run where it failed, else 0. statuses: of the files of the
    last run that did not. Raises PerfxlError where schemes or lists do not hold at the start.
    """

    def __init__(self, folder: Path, output: Path, planning: Planning, screen: Screen, pace: Pace) -> None:
        self._folder, self._output, self._planning = folder, output, planning
        self._screen, self._pace = screen, pace
        self.due, self.begun, self.seconds, self.exit_status = True, False, 0.0, 0
        self.statuses: frozenset[Status] = frozenset()
        self._only_times = False
        self._not_before = 0.0
        self._failed = ""
        self._said: frozenset[str] = frozenset()
        self._told: frozenset[str] = frozenset()
        self._others: dict[Path, Stamp | None] = {}
        self._plan: Plan | None = self._planned()

    def owe(self, *, only_times: bool = False) -> None:
        """Something has changed. only_times: no more than the times of files, which seldom matters."""
        self._only_times = only_times and (self._only_times or not self.due)
        self.due, self._not_before = True, 0.0

    def plan_anew(self) -> None:
        """Schemes or lists have changed."""
        self._plan = None
        self.owe()

    @property
    def known_plan(self) -> Plan | None:
        """What the last run went by, None where it must be read anew."""
        return self._plan

    @property
    def may_begin(self) -> bool:
        """Whether it is not too soon after a failure."""
        return time.monotonic() >= self._not_before

    def plan(self) -> Plan | None:
        """What runs go by now; None where it does not hold, which is told once and tried again later."""
        if self._plan is None and self.may_begin:
            try:
                self._plan = self._planned()
            except Exception as error:
                self._fail(error)
        return self._plan

    def _planned(self) -> Plan:
        said: list[str] = []
        plan = self._planning(said.append)
        for line in said:
            if line not in self._said:
                self._screen.say(line)
        self._said = frozenset(said)
        return plan

    def renew(self, told: dict[str, FileRecord]) -> Batch | None:
        """One run; its batch, None where it failed. told: what was told last of the files, by their paths."""
        plan = self.plan()
        if plan is None:
            return None
        started = time.monotonic()
        try:
            report = run_folder(
                self._folder, self._output, plan.schemes, plan.options, self._screen.busy, self._wait_for_another
            )
        except Exception as error:
            self._fail(error)
            return None
        self.seconds = time.monotonic() - started
        self.due, self.begun, self.exit_status, self._failed = False, True, 0, ""
        self.statuses = frozenset(record.status for record in report.batch.files)
        self._tell(report, told)
        self._clear_other_names(report)
        return report.batch

    def _wait_for_another(self) -> None:
        self._screen.say(f"另一次运行正在写入“{self._output}”，等它结束后更新汇总")

    def _fail(self, error: Exception) -> None:
        self.begun = True
        self.exit_status = error.exit_code if isinstance(error, PerfxlError) else 1
        self._not_before = time.monotonic() + self._pace.again
        said = words_of(error)
        if said != self._failed:
            for line in f"汇总没有更新，处理后会自动再试。{said}".splitlines():
                self._screen.say(line)
        self._failed = said

    def _tell(self, report: RunReport, told: dict[str, FileRecord]) -> None:
        changed = [record for record in report.batch.files if record.path and _is_news(record, told.get(record.path))]
        if changed or not self._only_times:
            self._screen.say(words.renewed(report.batch, report.summary))
        for record in changed[:MOST_SAID]:
            self._screen.say(words.of_record(record), record.status)
        if len(changed) > MOST_SAID:
            self._screen.say(f"另有 {len(changed) - MOST_SAID} 个文件，见汇总工作簿的“收件清单”")
        self._only_times = False
        told_before, self._told = self._told, frozenset(report.told)
        said = [line for line in report.told if line not in told_before]
        said += [
            f"“{old}”正被打开，新结果另存为“{new}”。关闭后下次更新时换回原名" for old, new in report.renamed.items()
        ]
        said += [f"“{old}”不是本程序写的文件，已改名为“{new}”保留" for old, new in report.kept.items()]
        for line in said:
            self._screen.say(line)

    def _clear_other_names(self, report: RunReport) -> None:
        """Removes results that had to take other names, once there are newer ones; what somebody has changed stays."""
        for path, stamp in list(self._others.items()):
            with contextlib.suppress(OSError):
                if stamp is not None and stamp_of(path) == stamp:
                    path.unlink()
            if stamp_of(path) != stamp or stamp is None:
                del self._others[path]
        for name in report.renamed.values():
            path = self._output / name
            if path.is_file():
                self._others[path] = stamp_of(path)


def _is_news(record: FileRecord, before: FileRecord | None) -> bool:
    if before is None:
        return record.status in FAULTY
    return (record.status, record.reason) != (before.status, before.reason)
