"""What a list of official values says, gathered line by line into one record for each department or project."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.decimals import plain
from perfxl.errors import Fault
from perfxl.lists.firsts import Firsts
from perfxl.lists.table import Entry
from perfxl.official.values import Given, Index, OfficialValues, Owner, Passed, Record
from perfxl.submission.identity import identity_of, name_key


class Spoken(NamedTuple):
    """Of whom a line speaks, free of spelling. shown: as it is written."""

    code: str
    name: str
    project: str
    shown: str

    @classmethod
    def of(cls, code: str, name: str, project: str) -> Spoken:
        """From what stands in a line."""
        plainly = identity_of(code, name, project)
        return cls(plainly.code, plainly.name, plainly.project, project or name or code)


_Line = tuple[Spoken, str, str, Given, Entry | None]


@dataclass
class Book:
    """The lines of the list. supplied: of the wide sheets; targets, corrections: of the long ones, which count more.
    passed: those that are passed over."""

    supplied: list[_Line] = field(default_factory=list)
    targets: list[_Line] = field(default_factory=list)
    corrections: list[_Line] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    _rows: Firsts = field(default_factory=Firsts)
    _said: Firsts = field(default_factory=Firsts)

    def row(self, sheet: str, who: Spoken, entry: Entry, faults: list[Fault]) -> None:
        """A row of a wide sheet; a department or project that stands there twice is a fault."""
        first = self._rows.of((sheet,), who, entry)
        if first is not entry:
            what = f"“{who.shown}”与第 {first.row} 行重复"
            faults.append(Fault(entry.place("code"), what, "一个部门（项目）只写一行，请合并后删去一行"))

    def supply(self, who: Spoken, scheme: str, key: str, given: Given) -> None:
        """A value of a wide sheet."""
        self.supplied.append((who, scheme, key, given, None))

    def say(self, who: Spoken, scheme: str, key: str, given: Given, entry: Entry, faults: list[Fault]) -> None:
        """A line of a long sheet; key: of the fact, empty for a KPI target. Two that disagree are a fault."""
        what_of = key or f"kpi:{name_key(given.name)}"
        first, its = self._said.of((entry.sheet, scheme, what_of), who, (given, entry))
        if first.value != given.value:
            values = [value if isinstance(value, str) else plain(value) for value in (given.value, first.value)]
            what = f"“{who.shown}”的这一项写的是 {values[0]}，第 {its.row} 行写的是 {values[1]}"
            faults.append(Fault(entry.place("value"), what, "同一项只能有一个值，请更正或删去一行"))
        (self.corrections if given.corrects else self.targets).append((who, scheme, key, given, entry))

    def values(self, file: str) -> OfficialValues | None:
        """The list as it is asked, None where it says nothing."""
        lines = [*self.supplied, *self.targets, *self.corrections]
        if not lines and not self.passed:
            return None
        codes_of: dict[tuple[str, str], str] = {}
        for who, *_ in lines:
            if who.code and who.name:
                codes_of.setdefault((who.name, who.project), who.code)
        records: list[Record] = []
        firsts: list[tuple[str, str, str, str, str, str]] = []
        rows: list[set[str]] = []
        numbers: dict[tuple[str, str, str], int] = {}
        codes: dict[tuple[str, str, str], int] = {}
        names: dict[tuple[str, str, str], int] = {}
        for who, scheme, key, given, _ in lines:
            # A line without a code speaks of the one whose name stands elsewhere with one.
            code = who.code or codes_of.get((who.name, who.project), "")
            number = numbers.setdefault((scheme, code or f"name:{who.name}", who.project), len(records))
            if number == len(records):
                records.append(Record())
                rows.append(set())
                firsts.append((scheme, code, who.name, who.project, who.shown, given.place))
            if code:
                codes[scheme, code, who.project] = number
            if who.name and names.setdefault((scheme, who.name, who.project), number) != number:
                # Two departments of one name: by their names alone nobody can tell them apart.
                names[scheme, who.name, who.project] = -1
            rows[number].add(_row_of(given.place))
            if key:
                records[number].facts[key] = given
            else:
                records[number].targets[name_key(given.name)] = given
        sizes = [len(record.facts) + len(record.targets) for record in records]
        of_row: dict[str, list[int]] = {}
        for number, own in enumerate(rows):
            for row in own:
                of_row.setdefault(row, []).append(number)
        several = {row: tuple(of) for row, of in of_row.items() if len(of) > 1}
        owners = [
            Owner(*owner, values, len(own), tuple(several[row] for row in sorted(own & several.keys())))
            for owner, values, own in zip(firsts, sizes, rows, strict=True)
        ]
        return OfficialValues.of(file, Index(codes, names, sum(sizes), owners, len(of_row)), records, self.passed)


def _row_of(place: str) -> str:
    """Sheet and row of a cell: `管理效率!D8` → `管理效率!8`."""
    sheet, _, cell = place.rpartition("!")
    return f"{sheet}!{cell.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
