"""What the register knows of two facts: whether a workbook came in time, and whether it had been returned before."""

from __future__ import annotations

import itertools
import os
import pickle
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from perfxl.caches import cached
from perfxl.intake.submission import Intake, Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.sheets import MENDS
from perfxl.register.extensions import Extensions
from perfxl.register.same import Known, Lines
from perfxl.scheme.model import Scheme
from perfxl.scheme.records import NOT_RETURNED, ON_TIME
from perfxl.submission.identity import Identity, identity_of
from perfxl.submission.numbers import date_in
from perfxl.submission.official import Official

SOURCE = "往来登记"
YES, NO = "是", "否"
_numbers = itertools.count()


def stated_identity(submission: Submission) -> Identity:
    """Who a workbook says it is from."""
    keys = ("department.code", "department.name", "department.project", "department.project_code")
    return identity_of(*map(submission.text, keys))


class RegisterAuthority:
    """The word of the register. Sent to many processes, each of which reads lines and extensions from a file once.

    lines: as `known_of` makes them. folder: where the file may stand while the run goes on. today: the day of the run.
    extended: until when those of the roster may send. Raises OSError.
    """

    def __init__(self, lines: Iterable[Known], folder: Path, today: date, extended: Extensions) -> None:
        self._path = folder / ".register"
        # In one process there may be several runs, and a process that reads may serve several of them.
        self._name = f"{os.getpid()}.{next(_numbers)}.{self._path}"
        self._today = today
        with self._path.open("wb") as file:
            pickle.dump(([tuple(line) for line in lines], extended), file, pickle.HIGHEST_PROTOCOL)

    @property
    def lines(self) -> Lines:
        """The lines, in this process."""
        return _kept(self._name, self._path)[0]

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """What the register knows of the workbook, by field; nothing of what it does not know."""
        submission = intake.submission
        if submission is None:
            return {}
        scheme = submission.layout.scheme
        found: dict[FieldId, Official] = {}
        for fact in scheme.facts:
            field = ("facts", fact.key, VALUE)
            if fact.source == ON_TIME:
                word = self._on_time(intake.sha256, submission, scheme, submission.value(*field))
            elif fact.source == NOT_RETURNED:
                word = self._not_returned(intake.sha256, submission, scheme)
            else:
                continue
            if word is not None:
                found[field] = word
        return found

    def _on_time(self, sha256: str, submission: Submission, scheme: Scheme, stated: object) -> Official | None:
        who = stated_identity(submission)
        due, words = date_in(scheme.header.deadline), "报送截止"
        if (extended := _kept(self._name, self._path)[1].until(scheme.id, who)) is not None:
            due, words = extended, "延期后的报送截止"
        if due is None:
            return None
        own = self.lines.by_file.get(sha256, ())
        received = min((day for line in own if (day := self._past(line.received))), default=None)
        day, what = received, "收到日期"
        if day is None and scheme.options.first_seen_counts:
            day, what = min((day for line in own if (day := self._past(line.seen))), default=self._today), "首次见到"
        if day is None:
            day, what = self._past(submission.text("department.filled_on")), "填报日期"
        if day is None:
            return None
        if day > due:
            return _word(NO, f"{what} {day.isoformat()} 晚于{words} {due.isoformat()}")
        if received is not None and stated != YES:
            return _word(YES, f"收到日期 {day.isoformat()} 不晚于{words} {due.isoformat()}")
        return None

    def _past(self, text: str) -> date | None:
        """A day that is not still to come."""
        day = date_in(text)
        return day if day is not None and day <= self._today else None

    def _not_returned(self, sha256: str, submission: Submission, scheme: Scheme) -> Official | None:
        """The last return of another file of the department in this round, before this file came."""
        own = [line.counted for line in self.lines.by_file.get(sha256, ())]
        first = min(own, default=None)
        returns = [
            line
            for line in self._of(sha256, submission)
            if line.returned
            and line.sha256 != sha256
            and line.scheme in ("", scheme.id)
            and line.year in ("", str(scheme.year))
            and (first is None or line.counted < first)
        ]
        if not returns:
            return None
        last = max(returns, key=lambda line: (line.returned, line.counted, line.file))
        which = f"第 {last.number} 次报送的" if last.number else "此前报送的"
        named = f"“{last.file}”" if last.file else "填报"
        return _word(NO, f"{which}{named}已于 {last.returned} 退回修改")

    def _of(self, sha256: str, submission: Submission) -> Iterator[Known]:
        who = stated_identity(submission)
        yield from self.lines.of(who)
        yield from self.lines.mended_by(sha256, submission.meta.get(MENDS, ""), who)

    def mended(self, intake: Intake) -> Known | None:
        """What the register knows of the file that a workbook mends."""
        submission = intake.submission
        if submission is None or not (mark := submission.meta.get(MENDS, "")):
            return None
        return next(self.lines.mended_by(intake.sha256, mark, stated_identity(submission)), None)


def _word(value: str, basis: str) -> Official:
    # Days and files stand in the words.
    return Official(value, SOURCE, basis)


@cached(maxsize=2)
def _kept(name: str, path: Path) -> tuple[Lines, Extensions]:
    # The bytes are this run's own.
    lines, extended = pickle.loads(path.read_bytes())
    return Lines(Known(*line) for line in lines), extended
