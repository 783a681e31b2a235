"""The register in a run: read before the workbooks are, filled when they are judged, published with the results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from perfxl.lists.roster import Listed, Roster
from perfxl.register.answers import with_states
from perfxl.register.authority import RegisterAuthority
from perfxl.register.extensions import Extensions
from perfxl.register.keep import clear_spare, read_kept, safe_path, stage_register, write_safe
from perfxl.register.model import FILE_NAME, Line, Register, line_key
from perfxl.register.owed import NEVER, RETURNED, Owed, due_day, urge
from perfxl.register.problems import problems_text
from perfxl.register.record import Seen, record
from perfxl.register.same import Lines, known_of
from perfxl.register.waiting import WaitingLines, put_down, taken_up
from perfxl.register.workbook import order_of
from perfxl.results.batch import Answered, Batch, Status
from perfxl.results.manifest import results_of
from perfxl.results.names import MANIFEST
from perfxl.run.details import DetailsFile, Entry
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import Identity, code_key, identity_of, name_key
from perfxl.submission.numbers import date_in


class Registering:
    """The register of one run. Made while nobody else writes to the output folder, after a killed run was completed.

    told: what is to be told of it, in words. ours: see `Kept`. returned: how many returns there are, once it is filled.
    Raises OSError where the staging folder cannot be written.
    """

    def __init__(
        self, folder: Path, output: Path, staging: Path, schemes: Sequence[Scheme], roster: Roster | None, today: date
    ) -> None:
        self._output, self._staging, self._today, self._roster = output, staging, today, roster
        self._schemes = {scheme.id: scheme for scheme in schemes}
        self._safe = safe_path(output, folder)
        one = schemes[0].id if len(schemes) == 1 else ""
        self._kept = read_kept(output, self._safe, one, str(schemes[0].year))
        self.register: Register = self._kept.register
        self.told = self._kept.told
        self.told += _still_to_come(self.register.lines.values(), today)
        self._extended = Extensions.of(roster, schemes)
        self.authority = RegisterAuthority(map(known_of, self.register.lines.values()), staging, today, self._extended)
        self.ours = self._kept.ours
        self._written = b""
        self.returned = 0

    @property
    def lines(self) -> Lines:
        """The lines as earlier runs left them."""
        return self.authority.lines

    def record(self, batch: Batch, entries: Sequence[Entry], details: DetailsFile) -> None:
        """Puts the files of the run into the register, and into the batch what is shown of it. Nothing is written."""
        days = {scheme.id: scheme.options.resubmit_days for scheme in self._schemes.values()}
        record(self.register, self._seen(batch, entries, details), self._today, days)
        stored = details.stored
        batch.register = sorted(self.register.lines.values(), key=order_of)
        self.returned = sum(line.counts_as_return for line in batch.register)
        batch.owed = urge(self.register, self._owed(batch), self._today, self._rounds())
        batch.answered = [
            Answered(result, earlier, state)
            for item in entries
            if (result := item.result) is not None and result.mends and item.record.status is not Status.SUPERSEDED
            for earlier, state in with_states(stored.result(result).earlier, stored[result.file])
        ]

    def _seen(self, batch: Batch, entries: Sequence[Entry], details: DetailsFile) -> Iterator[Seen]:
        """The workbooks of the run, as the register takes them."""
        stored, found = details.stored, {item.record.path: item for item in entries}
        for file in batch.files:
            item = found.get(file.path)
            if file.status is Status.MISSING or item is None:
                continue
            # Of who is not counted nobody put the names of the roster in place.
            result, scheme = item.result, self._schemes.get(file.scheme)
            returned = file.status is Status.RETURNED
            about = {}
            if result is not None and scheme is not None:
                about = {"scheme": scheme.id, "year": str(scheme.year), "code": result.code, "name": result.name}
                about |= {"project": result.project, "mends": result.mends}
            problems = problems_text(stored[file.path]) if returned else ""
            yield Seen(file.path, file.sha256, file.status, item.errors, own=item.own, problems=problems, **about)

    def staging(self, batch: Batch) -> Callable[[], int]:
        """The call that writes it among the results of the run, in any process. Raises OSError.

        Of a large batch it is on disk from now on.
        """
        waiting = self._staging / ".register-lines"
        put_down(self.register, batch.register, waiting)
        if batch.details is not None:
            batch.register = WaitingLines(waiting, len(batch.register))
            self.register = Register()
        return partial(_stage, waiting, self._staging, self._output, self._called())

    def staged(self) -> None:
        """It is written. Raises OSError."""
        self._written = (self._staging / FILE_NAME).read_bytes()

    def _called(self) -> dict[str, str]:
        """What the schemes call code, name and category."""
        titles = [scheme.evaluated.titles for scheme in self._schemes.values()]
        return {part: "／".join(dict.fromkeys(own[part] for own in titles)) for part in ("code", "name", "category")}

    def _rounds(self) -> list[tuple[str, str]]:
        """The rounds of which it is known who is on the list."""
        return [(scheme.id, str(scheme.year)) for scheme in self._schemes.values()]

    def _owed(self, batch: Batch) -> list[Owed]:
        found = []
        gone = self._gone(batch)
        listed = {(code_key(row.code), row.project): row for row in (self._roster.rows if self._roster else ())}
        units = {code_key(row.code): row for row in reversed(self._roster.rows if self._roster else ())}
        for file in batch.files:
            scheme = self._schemes.get(file.scheme)
            if file.status is not Status.MISSING or scheme is None:
                continue
            project = file.department if scheme.evaluated.is_project else ""
            row = listed.get((code_key(file.code), project)) or units.get(code_key(file.code))
            name = row.name if row else file.department
            project = row.project if row else ""
            due = self._due(scheme, identity_of(file.code, name, project))
            about = (scheme.id, str(scheme.year), *_reach(row))
            back = gone.pop(_key(scheme.id, file.code, name, project), None)
            if back is None:
                found.append(Owed(file.category, file.code, name, project, NEVER, due, *about))
            else:
                due = due_day(back.due) or due
                found.append(Owed(file.category, file.code, name, project, RETURNED, due, *about, back.returned))
        digests = {file.path: file.sha256 for file in batch.files}
        for item in batch.departments:
            scheme = self._schemes[item.scheme]
            if item.status is not Status.RETURNED:
                continue
            line = self.register.lines.get(line_key(digests.get(item.file, ""), item.file), Line())
            row, full = units.get(code_key(item.code)), batch.full_result(item)
            contact, phone = _reach(row)
            due = due_day(line.due) or self._due(scheme, identity_of(item.code, item.name, item.project))
            found.append(
                Owed(
                    item.category, item.code, item.name, item.project, RETURNED, due, scheme.id, str(scheme.year),
                    contact or full.contact, phone or full.phone, line.returned,
                )
            )  # fmt: skip
        for line in gone.values():
            row, scheme = units.get(code_key(line.code)), self._schemes[line.scheme]
            due = due_day(line.due) or self._due(scheme, identity_of(line.code, line.name, line.project))
            about = (scheme.id, str(scheme.year), *_reach(row))
            category = row.category if row else ""
            found.append(Owed(category, line.code, line.name, line.project, RETURNED, due, *about, line.returned))
        return found

    def _gone(self, batch: Batch) -> dict[tuple[str, str, str], Line]:
        """The last workbooks of those who have none in this run, where they were returned: the clerk has put the file
        away, and still waits for another."""
        here = {_key(item.scheme, item.code, item.name, item.project) for item in batch.departments}
        mended = {line.mends for line in self.register.lines.values()}
        last: dict[tuple[str, str, str], Line] = {}
        for line in sorted(self.register.lines.values(), key=lambda one: known_of(one).counted):
            scheme = self._schemes.get(line.scheme)
            if scheme is None or line.year != str(scheme.year) or not (line.sha256 and (line.code or line.name)):
                continue
            aside = line.status in (Status.SUPERSEDED.label, Status.DUPLICATE.label)
            key = _key(line.scheme, line.code, line.name, line.project)
            if not aside and key not in here and line.sha256 not in mended:
                last[key] = line
        return {
            key: line for key, line in last.items() if line.status == Status.RETURNED.label and line.counts_as_return
        }

    def _due(self, scheme: Scheme, who: Identity) -> date | None:
        return self._extended.until(scheme.id, who) or due_day(scheme.header.deadline)

    def published(self) -> list[str]:
        """The results are in place: writes the safe copy; what is to be told of it."""
        failed = write_safe(self._written, self._safe)
        return [failed] if failed else []

    def clear(self, renamed: bool, made: set[str]) -> None:
        """Removes copies that had to take other names, where the register has its own name again."""
        if not renamed:
            clear_spare(self._kept, made)

    def made_before(self) -> set[str]:
        """What runs have made in the output folder up to now."""
        return set(results_of(self._output / MANIFEST, ()))


def _stage(waiting: Path, staging: Path, output: Path, called: dict[str, str]) -> int:
    """Writes the register that waits there; how many workbooks for departments that makes."""
    stage_register(taken_up(waiting), staging, output, called)
    return 0


def _reach(row: Listed | None) -> tuple[str, str]:
    return (row.contact, row.phone) if row else ("", "")


def _key(scheme: str, code: str, name: str, project: str) -> tuple[str, str, str]:
    return scheme, code_key(code) or name_key(name), name_key(project)


def _still_to_come(lines: Collection[Line], today: date) -> list[str]:
    """Days of the register that cannot be yet: mistyped, most likely."""
    told = []
    for name, heading, effect in (("received", "收到日期", "没有作数，"), ("returned", "退回日期", "")):
        late = [line for line in lines if (day := date_in(getattr(line, name))) is not None and day > today]
        if late:
            example = f"“{late[0].name or late[0].code}”{getattr(late[0], name)}"
            told.append(f"往来登记中有 {len(late)} 行的{heading}晚于今天，例如{example}，{effect}请核对。")
    return told
