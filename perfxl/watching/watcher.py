"""The watch itself: looks, checks what has come, renews the results when the folder is quiet, and waits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from perfxl.processes import Pool
from perfxl.results.batch import Batch, FileRecord
from perfxl.run.pipeline import not_sent
from perfxl.watching import words
from perfxl.watching.arrivals import Arrivals, Known
from perfxl.watching.bureau import BureauFiles
from perfxl.watching.checking import AT_ONCE, check_files, digest_of
from perfxl.watching.looking import Lookout
from perfxl.watching.pace import Pace
from perfxl.watching.renewing import Planning, Renewal
from perfxl.watching.screen import Screen
from perfxl.watching.whole import Wholeness

OLD = 600
"""Seconds after its last change a part of a file is all that will come: at the start it is not waited for."""


@dataclass(frozen=True)
class Watched:
    """What is watched. bureau: its folder; named: further files of the bureau that options name.

    poll: whether to look again and again rather than wait for what the system tells.
    """

    folder: Path
    output: Path
    bureau: Path
    named: Sequence[Path]
    planning: Planning
    poll: bool = False
    pace: Pace = field(default_factory=Pace)


class Watcher:
    """A watch from its start until it is interrupted. renewal: its runs."""

    def __init__(self, watched: Watched, screen: Screen) -> None:
        folder, output, pace = watched.folder, watched.output, watched.pace
        self._folder, self._pace, self._screen = folder, pace, screen
        self._bureau = BureauFiles(watched.bureau, watched.named, folder, output)
        self.renewal = Renewal(folder, output, watched.planning, screen, pace)
        self._lookout = Lookout(folder, watched.bureau, output, screen, pace, poll=watched.poll)
        self._arrivals = Arrivals(pace)
        self._pool = Pool(1)
        self._moved = time.monotonic()
        self._at_first: frozenset[Path] | None = None

    @property
    def behind(self) -> bool:
        """Whether something has happened that no run has taken in."""
        return self.renewal.due or bool(self._arrivals.waiting or self._arrivals.gone)

    def watch(self) -> None:
        """Watches until KeyboardInterrupt, which it raises. Nobody else may watch for the same output folder."""
        with self._pool:
            try:
                while True:
                    self.step()
                    self._lookout.wait(busy=self.behind)
            finally:
                self._lookout.close()

    def step(self) -> None:
        """One look, and all that is to be done after it."""
        seen = self._lookout.look(self._besides())
        now = time.monotonic()
        if seen is not None and self._at_first is None:
            self._at_first = frozenset(seen.files)
        if seen is None:
            # A run may just have read half of it.
            self.renewal.owe()
            self._moved = now
            return
        if self._arrivals.see(seen, now):
            self._moved = now
        if changed := self._bureau.changed():
            self._moved = now
            self.renewal.plan_anew()
            if self.renewal.begun:
                self._screen.say(words.listed(changed))
        ready = self._arrivals.ready(now)
        if not self.renewal.begun:
            # What stood there already is not checked one by one: the first run says what is wrong. What comes while
            # that run waits for files that are under way is.
            there = {path for path in ready if path in (self._at_first or ())} | {*self._old_parts()}
            for path in there:
                self._arrivals.take(path, "", ())
            ready = [path for path in ready if path not in there]
        for start in range(0, len(ready), AT_ONCE):
            self._take_in(ready[start : start + AT_ONCE])
        for path, state in self._arrivals.to_tell(now):
            self._screen.say(words.waited_for(self._shown(path), state))
        for path in self._arrivals.removed(now):
            records = self._arrivals.forget(path).records
            self.renewal.owe()
            self._screen.say(words.removed(self._shown(path), records))
        if self.renewal.due and self._is_quiet(now) and not (ready and self.renewal.begun):
            self._renew()

    def _besides(self) -> set[Path]:
        """What stands below the folder and was not sent. Where there is nothing, looks need not resolve every path."""
        plan, folder = self.renewal.known_plan, self._folder.resolve()
        return {path for path in not_sent(self._folder, plan.options) if path.is_relative_to(folder)} if plan else set()

    def _is_quiet(self, now: float) -> bool:
        if not self.renewal.may_begin or self._arrivals.holds_up(now) or self._arrivals.gone:
            return False
        pace = self._pace
        most = min(max(pace.quiet, self.renewal.seconds), pace.longest_quiet)
        return not self.renewal.begun or now - self._moved >= most

    def _old_parts(self) -> list[Path]:
        """Files that are not whole and were left so long ago."""
        return [
            path
            for path, item in self._arrivals.waiting.items()
            if item.state is Wholeness.PART and time.time() - item.stamp.modified / 1e9 > OLD
        ]

    def _take_in(self, paths: Sequence[Path]) -> None:
        """Files that have come or changed: told, and checked where their bytes are new."""
        plan = self.renewal.plan()
        if plan is None:
            return
        digests = {path: digest_of(path) for path in paths}
        new = [
            path for path in paths if not (self._is_touched(path, digests[path]) or self._is_moved(path, digests[path]))
        ]
        if not new:
            return
        for path, checked in check_files(self._pool, new, self._folder, *plan).items():
            self._arrivals.take(path, checked.sha256 or digests[path], checked.records)
            self.renewal.owe()
            for status, line in checked.lines:
                self._screen.say(line, status)

    def _is_touched(self, path: Path, sha256: str) -> bool:
        known, waiting = self._arrivals.known.get(path), self._arrivals.waiting[path]
        if known is None or not sha256 or known.sha256 != sha256:
            return False
        if known.stamp.modified != waiting.stamp.modified:
            # Of two workbooks of a department the time may say which counts.
            self.renewal.owe(only_times=True)
        self._arrivals.take(path, sha256, known.records)
        return True

    def _is_moved(self, path: Path, sha256: str) -> bool:
        """Whether it is a known file under another name."""
        known = self._arrivals.known
        old = next((gone for gone in self._arrivals.gone if sha256 and known[gone].sha256 == sha256), None)
        if old is None:
            return False
        before, after = self._shown(old), self._shown(path)
        records = [
            replace(record, path=after + record.path.removeprefix(before))
            for record in self._arrivals.forget(old).records
        ]
        self._arrivals.take(path, sha256, records)
        self.renewal.owe()
        self._screen.say(words.renamed(before, after, records))
        return True

    def _renew(self) -> None:
        told = {record.path: record for known in self._arrivals.known.values() for record in known.records}
        batch = self.renewal.renew(told)
        if batch is not None:
            self._bureau.settle()
            self._take_records(batch)

    def _take_records(self, batch: Batch) -> None:
        """What the run says of the files is what was told of them last."""
        shown = {self._shown(path): known for path, known in self._arrivals.known.items()}
        found: dict[str, list[FileRecord]] = {}
        for record in batch.files:
            if (place := _place(record.path, shown)) is not None:
                found.setdefault(place, []).append(record)
        for place, records in found.items():
            known = shown[place]
            known.records = records
            if len(records) == 1 and records[0].path == place and records[0].sha256:
                known.sha256 = records[0].sha256

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()


def _place(path: str, shown: dict[str, Known]) -> str | None:
    """The file that a path of a run stands for: itself, or the archive that it is in."""
    while path not in shown:
        path = path.rpartition("/")[0]
        if not path:
            return None
    return path
