"""Official values (财政核定数) as any process finds them: by scheme and department, or project, a record of its own.

A province has 20,000 departments with forty values each. What is sent with every chunk of files is therefore no more
than the path of a file: the index is read once in each process, and of the records only those that are asked for.
"""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from perfxl.caches import cached
from perfxl.intake.submission import Intake, Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.funds import SPENT, is_fund_key
from perfxl.scheme.model import Stage
from perfxl.submission.identity import Identity, identity_of, name_key
from perfxl.submission.official import Official

SOURCE = "财政核定数"
FILE_ON_DISK = ".official"
Who = tuple[str, str, str]
"""Scheme, code or name, project; free of spelling, the project empty where departments are evaluated."""


class Given(NamedTuple):
    """One value as the list gives it. place: sheet and cell. name: of a KPI as the list writes it. corrects: whether it
    stands among the corrections."""

    value: Decimal | str
    place: str
    basis: str = ""
    person: str = ""
    day: str = ""
    name: str = ""
    corrects: bool = False


@dataclass(frozen=True)
class Record:
    """What the bureau says of one department or project. facts: by key. targets: of its KPIs, by `name_key`."""

    facts: dict[str, Given] = field(default_factory=dict)
    targets: dict[str, Given] = field(default_factory=dict)

    def with_those_of(self, other: Record) -> Record:
        """Both together; of one item a correction counts before what else is given, else this one."""
        facts, targets = (
            {
                **its,
                **{key: given for key, given in own.items() if not (key in its and its[key].corrects > given.corrects)},
            }
            for own, its in ((self.facts, other.facts), (self.targets, other.targets))
        )
        return Record(facts, targets)

    def __reduce__(self) -> tuple[Any, ...]:
        # Plain tuples are a third of the bytes.
        plain = ({key: tuple(given) for key, given in part.items()} for part in (self.facts, self.targets))
        return _record, tuple(plain)


def _record(facts: Mapping[str, tuple[Any, ...]], targets: Mapping[str, tuple[Any, ...]]) -> Record:
    return Record(*({key: Given(*given) for key, given in part.items()} for part in (facts, targets)))


class Owner(NamedTuple):
    """Of whom a record is, free of spelling. shown: as it is written. values, lines: how many the record has, from how
    many lines of the list. also: the numbers of the records of each of these lines that speaks of several, by an item
    that several schemes have.
    """

    scheme: str
    code: str
    name: str
    project: str
    shown: str
    place: str
    values: int
    lines: int
    also: tuple[tuple[int, ...], ...] = ()


class Passed(NamedTuple):
    """A line that is passed over. sheet, cell: where it stands. what: why, in words."""

    sheet: str
    cell: str
    what: str


class Records(Protocol):
    """The packed records of a list."""

    def read(self, number: int) -> bytes:
        """The packed record of this number."""
        ...


@dataclass(frozen=True)
class _InMemory:
    packed: Sequence[bytes]

    def read(self, number: int) -> bytes:
        return self.packed[number]


def in_memory(records: Sequence[Any]) -> Records:
    """Records packed, as they are kept where the list was read."""
    return _InMemory([pickle.dumps(item, pickle.HIGHEST_PROTOCOL) for item in records])


def on_disk(path: Path, head: tuple[Any, ...], records: Records, count: int) -> int:
    """Writes so many records to a file, behind them what is read first (head); where that begins. Raises OSError."""
    spots: list[tuple[int, int]] = []
    with path.open("wb") as file:
        for number in range(count):
            data = records.read(number)
            spots.append((file.tell(), len(data)))
            file.write(data)
        start = file.tell()
        pickle.dump((head, spots), file, pickle.HIGHEST_PROTOCOL)
    return start


def read_index(path: Path, start: int) -> tuple[tuple[Any, ...], Records]:
    """The head of a file of `on_disk`, and its records. Raises OSError."""
    with path.open("rb") as file:
        file.seek(start)
        head, spots = pickle.load(file)
    return head, _OnDisk(path, spots)


@dataclass(frozen=True)
class Index:
    """Which record is whose. codes, names: the numbers of records, of a name that two have -1. count: how many values
    there are in all. owners: of each record, by its number. lines: how many lines of the list say something.
    """

    codes: Mapping[Who, int]
    names: Mapping[Who, int]
    count: int = 0
    owners: Sequence[Owner] = ()
    lines: int = 0

    def lost(self, known: Collection[int]) -> Iterator[tuple[Owner, int, int]]:
        """The owners that are none of those known by their numbers, with how many lines and values found nobody.

        A line that speaks of several is not lost where one of them is known, and is counted with the first.
        """
        for number, owner in enumerate(self.owners):
            if number in known:
                continue
            found = sum(min(all_) < number or any(one in known for one in all_) for all_ in owner.also)
            if lines := owner.lines - found:
                yield owner, lines, max(1, owner.values - found)

    def numbers_of(self, scheme: str, who: Identity) -> tuple[int, ...]:
        """By code, and by name what the list says without a code; where the code is blank or unknown, by name alone."""
        code = self.codes.get((scheme, who.code, who.project)) if who.code else None
        name = self.names.get((scheme, who.name, who.project)) if who.name else None
        if name is not None and (name < 0 or (code is not None and self.owners[name].code)):
            name = None
        return tuple(dict.fromkeys(number for number in (code, name) if number is not None))


@dataclass(frozen=True)
class OfficialValues:
    """The bureau's list of official values; an `Authority`. file: its name. passed: lines of which nobody knows what
    they speak of."""

    file: str
    index: Index
    records: Records
    passed: Sequence[Passed] = ()

    @classmethod
    def of(cls, file: str, index: Index, records: Sequence[Record], passed: Sequence[Passed] = ()) -> OfficialValues:
        """From the records of a list that was read."""
        return cls(file, index, in_memory(records), passed)

    @property
    def lines(self) -> int:
        """How many lines of the list say something, those that are passed over included."""
        return self.index.lines + len(self.passed)

    def record_of(self, scheme: str, code: str, name: str, project: str = "") -> Record | None:
        """What the list says of a department or project, None where it says nothing."""
        found: Record | None = None
        for number in self.knows(scheme, code, name, project):
            record: Record = pickle.loads(self.records.read(number))
            found = record if found is None else found.with_those_of(record)
        return found

    def knows(self, scheme: str, code: str, name: str, project: str = "") -> tuple[int, ...]:
        """The numbers of the records of a department or project: one, or two where lines have its code or its name."""
        return self.index.numbers_of(scheme, identity_of(code, name, project))

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """The values for the department of a workbook. KPI targets go by the names of the KPIs; of names that its table
        does not have, `Submission.strangers` is told."""
        submission = intake.submission
        assert submission is not None
        scheme = submission.layout.scheme
        if scheme.stage is Stage.TARGETS:
            # What the year came to says nothing of what is asked before it.
            return {}
        project = submission.text("department.project") if scheme.evaluated.is_project else ""
        code, name = submission.text("department.code"), submission.text("department.name")
        record = self.record_of(scheme.id, code, name, project)
        if record is None:
            return {}
        found: dict[FieldId, Official] = {
            ("facts", key, VALUE): self._official(given)
            for key, given in record.facts.items()
            # In the middle of the year its whole spending is not known.
            if scheme.asks_scores or not (is_fund_key(key) and key.endswith(f".{SPENT}"))
        }
        if record.targets:
            found |= self._targets(record, submission)
        return found

    def _targets(self, record: Record, submission: Submission) -> dict[FieldId, Official]:
        found: dict[FieldId, Official] = {}
        names: set[str] = set()
        for row in submission.rows("kpis"):
            name = submission.value("kpis", row, "name")
            key = name_key(name) if isinstance(name, str) else ""
            if (given := record.targets.get(key)) is not None:
                names.add(key)
                found["kpis", row, "target"] = self._official(given)
        told = {name for name, _ in submission.strangers}
        submission.strangers += [
            (given.name, self._official(given))
            for key, given in record.targets.items()
            if key not in names and given.name not in told
        ]
        return found

    def _official(self, given: Given) -> Official:
        return Official(given.value, SOURCE, given.basis, given.person, given.day, f"{self.file} {given.place}")

    def on_disk(self, folder: Path) -> OfficialOnDisk:
        """The same, its records in a file of a folder, to be sent with every chunk of files. Raises OSError."""
        path = folder / FILE_ON_DISK
        count = max([-1, *self.index.codes.values(), *self.index.names.values()]) + 1
        return OfficialOnDisk(path, on_disk(path, (self.file, self.index), self.records, count))


@dataclass(frozen=True)
class _OnDisk:
    path: Path
    spots: Sequence[tuple[int, int]]

    def read(self, number: int) -> bytes:
        # Opened anew each time: a file that stays open could not be removed on Windows.
        start, size = self.spots[number]
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(size)


@dataclass(frozen=True)
class OfficialOnDisk:
    """Official values whose records wait on disk; an `Authority`. start: where the index stands in the file."""

    path: Path
    start: int

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """As `OfficialValues.values_of`."""
        return _loaded(str(self.path), self.start, self.path.stat().st_mtime_ns).values_of(intake)


@cached(maxsize=2)
def _loaded(path: str, start: int, stamp: int) -> OfficialValues:
    """The index, read once in a process. stamp: tells a file from another that stood there before."""
    (name, index), records = read_index(Path(path), start)
    return OfficialValues(name, index, records)
