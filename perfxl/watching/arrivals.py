"""What is known of the files of a watched folder, and which have come, changed or gone since. Nothing is read here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.results.batch import FileRecord
from perfxl.watching.pace import Pace
from perfxl.watching.scan import Scan, Stamp
from perfxl.watching.whole import Wholeness, wholeness


@dataclass(slots=True)
class Known:
    """A file that was taken in. records: what became of it, one each of what is in an archive, none before the first
    run. sha256: of the bytes that were checked, empty where not known."""

    stamp: Stamp
    sha256: str = ""
    records: Sequence[FileRecord] = ()


@dataclass(slots=True)
class Waiting:
    """A file that came or changed. since: its last change that was seen; first: when it was seen first."""

    stamp: Stamp
    since: float
    first: float
    state: Wholeness = Wholeness.UNMARKED
    told: bool = False


@dataclass
class Arrivals:
    """The files by their paths. gone: when the known ones that stand there no more were missed first."""

    pace: Pace
    known: dict[Path, Known] = field(default_factory=dict)
    waiting: dict[Path, Waiting] = field(default_factory=dict)
    gone: dict[Path, float] = field(default_factory=dict)
    look_into: Callable[[Path], Wholeness] = wholeness

    def see(self, scan: Scan, now: float) -> bool:
        """Takes in a look at the folder; whether anything is other than at the one before."""
        moved = False
        for path, stamp in scan.files.items():
            moved |= self._seen(path, stamp, now)
            moved |= self.gone.pop(path, None) is not None
        for path in [path for path in self.waiting if path not in scan.files and not scan.is_unknown(path)]:
            del self.waiting[path]
            moved = True
        for path in self.known:
            if path not in scan.files and path not in self.gone and not scan.is_unknown(path):
                self.gone[path] = now
                moved = True
        return moved

    def _seen(self, path: Path, stamp: Stamp, now: float) -> bool:
        known, waiting = self.known.get(path), self.waiting.get(path)
        if known is not None and known.stamp == stamp:
            return self.waiting.pop(path, None) is not None
        if waiting is None:
            self.waiting[path] = Waiting(stamp, now, now)
        elif waiting.stamp != stamp:
            waiting.stamp, waiting.since = stamp, now
        else:
            return False
        return True

    def ready(self, now: float) -> list[Path]:
        """The files that can be read: they have rested and are whole, or were waited for long enough."""
        found = []
        for path, item in self.waiting.items():
            rested = now - item.since
            if rested < self.pace.still:
                continue
            item.state = self.look_into(path)
            if item.state is not Wholeness.LOCKED and rested >= self._needed(item.state):
                found.append(path)
        return sorted(found)

    def _needed(self, state: Wholeness) -> float:
        pace = self.pace
        return {
            Wholeness.WHOLE: pace.still,
            Wholeness.UNMARKED: pace.unmarked,
            Wholeness.PART: pace.part,
            Wholeness.LOCKED: pace.locked,
        }[state]

    def to_tell(self, now: float) -> list[tuple[Path, Wholeness]]:
        """The files that are waited for so long that a person should know, each once."""
        found = []
        for path, item in self.waiting.items():
            slow = item.state in (Wholeness.PART, Wholeness.LOCKED)
            if slow and not item.told and now - item.first >= self.pace.told:
                item.told = True
                found.append((path, item.state))
        return found

    def holds_up(self, now: float) -> bool:
        """Whether a run would find files that are still under way. One that stays locked is not waited for."""
        return any(
            item.state is not Wholeness.LOCKED or now - item.since < self.pace.locked for item in self.waiting.values()
        )

    def removed(self, now: float) -> list[Path]:
        """The files that are gone for good: they had time to come back, also under another name."""
        pace = self.pace
        most = pace.gone if not self.waiting else pace.part
        return sorted(path for path, since in self.gone.items() if now - since >= most)

    def take(self, path: Path, sha256: str, records: Sequence[FileRecord]) -> None:
        """A file was taken in as it was when it waited."""
        item = self.waiting.pop(path)
        self.known[path] = Known(item.stamp, sha256, records)

    def forget(self, path: Path) -> Known:
        """A known file is no more."""
        self.gone.pop(path, None)
        return self.known.pop(path)
