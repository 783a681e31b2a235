"""Approved targets (核定目标): what the bureau has passed at the beginning of the year counts until its end.

An `Authority`, whose word takes the place of the department's: targets, symbols, units and weights of the KPIs that it
passed. What is missing of them is put back into the table, and scores nothing; what was added counts for nothing.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.caches import cached
from perfxl.decimals import ZERO
from perfxl.intake.cell import Cell
from perfxl.intake.submission import Intake, Submission
from perfxl.layout import Place
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import open_row_key
from perfxl.official.heirs import joined
from perfxl.official.values import Index, Records, in_memory, on_disk, read_index
from perfxl.rules.base import equal_shares
from perfxl.scheme.model import Scheme, Stage
from perfxl.submission.identity import identity_of, name_key
from perfxl.submission.official import Official
from perfxl.submission.values import Reading

SOURCE = "核定目标"
PASSED, RETURNED = OPINIONS = ("通过", "退回")
"""What the bureau says of a department's targets, or of one of them."""
FILE_ON_DISK = ".approved"
_WORDS = ("level1", "level2", "name", "symbol", "unit")


class ApprovedKpi(NamedTuple):
    """One target as the list has it. opinion: of its own, empty where that of the department holds. place: in the list.

    weight: None where none is written. last, basis, problems: as they stood in the workbook, for the bureau's eyes.
    """

    level1: str
    level2: str
    name: str
    symbol: str
    target: Decimal | str | None
    unit: str = ""
    weight: Decimal | None = None
    last: str = ""
    basis: str = ""
    problems: str = ""
    opinion: str = ""
    words: str = ""
    place: str = ""


@dataclass(frozen=True)
class ApprovedRecord:
    """What the list says of a department, or project. sha256: of the workbook that was looked at, empty where the line
    was written by hand. opinion, words, person, day: what was said of all targets, by whom and when."""

    scheme: str
    code: str
    name: str
    project: str = ""
    category: str = ""
    opinion: str = ""
    words: str = ""
    person: str = ""
    day: str = ""
    sha256: str = ""
    file: str = ""
    place: str = ""
    kpis: tuple[ApprovedKpi, ...] = ()

    def passes(self, item: ApprovedKpi) -> bool:
        """Whether one of its targets is approved."""
        return (item.opinion or self.opinion) == PASSED

    @property
    def passed(self) -> tuple[ApprovedKpi, ...]:
        """The targets that are approved."""
        return tuple(filter(self.passes, self.kpis))

    @property
    def returned(self) -> tuple[ApprovedKpi, ...]:
        """The targets that go back by themselves."""
        return tuple(item for item in self.kpis if item.opinion == RETURNED)


@dataclass(frozen=True)
class ApprovedTargets:
    """The bureau's list of approved targets; an `Authority`. file: its name. lines: how many it has.

    heirs: the records of whoever has those of others too, by scheme, code or name, and project.
    """

    file: str
    index: Index
    records: Records
    lines: int = 0
    heirs: Mapping[tuple[str, str, str], tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: str, index: Index, records: Sequence[ApprovedRecord], lines: int) -> ApprovedTargets:
        """From the records of a list that was read."""
        return cls(file, index, in_memory(records), lines)

    def record_of(self, scheme: str, code: str, name: str, project: str = "") -> ApprovedRecord | None:
        """What the list says of a department or project, None where it says nothing."""
        numbers = self.knows(scheme, code, name, project)
        return joined([self.record(number) for number in numbers]) if numbers else None

    def knows(self, scheme: str, code: str, name: str, project: str = "") -> tuple[int, ...]:
        """The numbers of its records."""
        who = identity_of(code, name, project)
        for key in (who.code, who.name) if self.heirs else ():
            if numbers := self.heirs.get((scheme, key, who.project)):
                return numbers
        return self.index.numbers_of(scheme, who)[:1]

    def all(self) -> Iterator[ApprovedRecord]:
        """Every record, in the order of the list."""
        return (self.record(number) for number in range(len(self.index.owners)))

    def record(self, number: int) -> ApprovedRecord:
        """The record of a number."""
        found: ApprovedRecord = pickle.loads(self.records.read(number))
        return found

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """The values for a workbook. At 目标 none: there the submission is told what the bureau says of it."""
        submission = intake.submission
        assert submission is not None
        scheme = submission.layout.scheme
        project = submission.text("department.project") if scheme.evaluated.is_project else ""
        record = self.record_of(
            scheme.id, submission.text("department.code"), submission.text("department.name"), project
        )
        if not scheme.has_kpis:
            return {}
        if scheme.stage is Stage.TARGETS:
            if record is not None and record.sha256 == intake.sha256:
                submission.opinion = record
            return {}
        if record is None or not record.passed:
            if scheme.id in self._schemes:
                submission.unapproved = {"": _why_not(record)}
            return {}
        return _put(submission, record, self.file)

    @cached_property
    def _schemes(self) -> frozenset[str]:
        """The schemes of which the list speaks at all."""
        return frozenset(owner.scheme for owner in self.index.owners)

    def on_disk(self, folder: Path) -> ApprovedOnDisk:
        """The same, its records in a file of a folder, to be sent with every chunk of files. Raises OSError."""
        path = folder / FILE_ON_DISK
        count = len(self.index.owners)
        return ApprovedOnDisk(path, on_disk(path, (self.file, self.index, self.lines, self.heirs), self.records, count))


@dataclass(frozen=True)
class ApprovedOnDisk:
    """Approved targets whose records wait on disk; an `Authority`. start: where the index stands in the file."""

    path: Path
    start: int

    def values_of(self, intake: Intake) -> Mapping[FieldId, Official]:
        """As `ApprovedTargets.values_of`."""
        return _loaded(str(self.path), self.start, self.path.stat().st_mtime_ns).values_of(intake)


@cached(maxsize=2)
def _loaded(path: str, start: int, stamp: int) -> ApprovedTargets:
    (file, index, lines, heirs), records = read_index(Path(path), start)
    return ApprovedTargets(file, index, records, lines, heirs)


# What a list does to a workbook.


def _why_not(record: ApprovedRecord | None, item: ApprovedKpi | None = None) -> str:
    """Why a target, or all of them, is not approved."""
    opinion, words = ("", "") if record is None else (record.opinion, record.words)
    if item is not None and item.opinion:
        opinion, words = item.opinion, item.words
    if opinion == RETURNED:
        return f"{RETURNED}：{words}" if words else f"已{RETURNED}"
    return "还没有审核" if record is not None and record.kpis and not opinion else "核定表中没有"


def _put(submission: Submission, record: ApprovedRecord, file: str) -> dict[FieldId, Official]:
    scheme = submission.layout.scheme
    weights = approved_weights(scheme, record.kpis)
    left = dict(enumerate(record.kpis))
    passed = frozenset(number for number, item in left.items() if record.passes(item))
    found: dict[FieldId, Official] = {}
    added: list[str] = []
    unapproved: dict[str, str] = {}
    counted = {level for item in record.passed for level in _levels(scheme, item.level1)}
    for row in submission.rows("kpis"):
        name, level1 = submission.value("kpis", row, "name"), submission.value("kpis", row, "level1")
        number = _match(left, name if isinstance(name, str) else "", level1)
        if number is not None:
            item = left.pop(number)
            # What the bureau has not passed stays as the department has it.
            if number in passed:
                found |= _values(submission, row, item, weights[number], record, file)
            else:
                unapproved[row] = _why_not(record, item)
        elif level1 in counted:
            added.append(row)
            # Its own score goes with its weight; a target that the bureau should supply is not waited for.
            for key in ("weight", "self_score", *(("target",) if scheme.bureau_targets else ())):
                if key != "self_score" or submission.value("kpis", row, key) is not None:
                    found["kpis", row, key] = _official(ZERO, record, file, record.place)
    submission.added, submission.unapproved = tuple(added), unapproved
    lost = {_restored(submission, item, weights[number]): item for number, item in left.items() if number in passed}
    submission.absent = tuple(lost)
    if scheme.bureau_targets:
        found |= {
            ("kpis", row, "target"): _official(item.target, record, file, item.place)
            for row, item in lost.items()
            if item.target is not None
        }
    return found


def approved_weights(scheme: Scheme, items: Sequence[ApprovedKpi]) -> list[Decimal | None]:
    """The weight of each target: as it is written, or where an indicator has none at all shares of its points."""
    weights = [item.weight for item in items]
    for indicator in scheme.kpi_indicators:
        own = [number for number, item in enumerate(items) if item.level1 in indicator.rule.kpi_levels]
        if own and all(weights[number] is None for number in own):
            for number, share in zip(own, equal_shares(indicator.points, len(own)), strict=True):
                weights[number] = share
    return weights


def _levels(scheme: Scheme, level1: str) -> tuple[str, ...]:
    owner = scheme.kpi_indicator.get(level1)
    return tuple(owner.rule.kpi_levels) if owner is not None else (level1,)


def _match(left: Mapping[int, ApprovedKpi], name: str, level1: object) -> int | None:
    """The target of that name, of the same first level where several have it."""
    key = name_key(name)
    same = [number for number, item in left.items() if key and name_key(item.name) == key]
    return next((number for number in same if left[number].level1 == level1), same[0] if same else None)


def _values(
    submission: Submission, row: str, item: ApprovedKpi, weight: Decimal | None, record: ApprovedRecord, file: str
) -> dict[FieldId, Official]:
    values = {
        "symbol": item.symbol, "target": item.target, "unit": item.unit, "weight": weight, "level1": item.level1,
    }  # fmt: skip
    own = {key: submission.value("kpis", row, key) for key in values}
    found: dict[FieldId, Official] = {}
    for key, value in values.items():
        if value is None or value == "":
            continue
        if key == "unit" and name_key(str(own[key] or "")) == name_key(item.unit):
            continue
        if own[key] == value and not (key == "target" and submission.layout.scheme.bureau_targets):
            # Where the bureau supplies the targets, one that it has not given would be blank.
            continue
        if key in ("weight", "unit") and own[key] is None:
            # All weights of the department may be blank: that is no other weight; nor is a blank another unit.
            name = ("kpis", row, key)
            if (cell := submission.fields.get(name)) is not None:
                submission.fields[name] = Cell(cell.place, value, Reading(value))
            continue
        found["kpis", row, key] = _official(value, record, file, item.place)
    return found


def _official(value: Decimal | str, record: ApprovedRecord, file: str, place: str) -> Official:
    return Official(value, SOURCE, record.words, record.person, record.day, f"{file} {place}".strip())


def _restored(submission: Submission, item: ApprovedKpi, weight: Decimal | None) -> str:
    """Puts a target back that the table lacks; the number of its row."""
    rows = [int(row) for row in submission.rows("kpis")]
    row = str(max(rows, default=0) + 1)
    values: dict[str, Any] = {key: getattr(item, key) for key in _WORDS} | {"target": item.target, "weight": weight}
    for column in submission.layout.scheme.table_columns("kpis"):
        value = values.get(column.key)
        place = _place(submission, row, column.key)
        value = None if value == "" else value
        submission.fields["kpis", row, column.key] = Cell(place, value, Reading(value))
    return row


def _place(submission: Submission, row: str, column: str) -> Place:
    """Where a row would stand: below the last of the table, else where the template has it."""
    before = submission.fields.get(("kpis", str(int(row) - 1), column))
    if before is not None:
        return Place(before.place.sheet, before.place.row + 1, before.place.col)
    return submission.layout.places["kpis", open_row_key("kpis", 1), column]
