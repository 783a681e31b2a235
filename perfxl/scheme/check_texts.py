"""Checks of the placeholders in texts: each names a number of the scheme, and braces stand in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.rules import Rule
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.placeholders import COLUMNS, HEADER, RECORDS, Slot, record_numbers, rule_values, slots
from perfxl.scheme.words import listed, near_miss

_OFFERED = 6
_BRACES = "要写花括号本身，请写两个：{{ 或 }}"


def check_texts(draft: Draft, tried: Mapping[str, Rule]) -> None:
    """Add the faults of placeholders to the draft. tried: the rule of each indicator as far as it could be built."""
    names = _Names(draft, tried)
    for key, columns in COLUMNS.items():
        for line in draft.lines(key):
            for column in columns:
                for slot in slots(line[column] or ""):
                    _check(draft, draft.label(key, column), line.place(column), slot, names.of(key, line))


class _Names:
    """What texts may name, by the record that they stand in."""

    def __init__(self, draft: Draft, tried: Mapping[str, Rule]) -> None:
        self.general = [*HEADER, *(name for record in RECORDS.values() for name in record_numbers(record))]
        self.own = {line["code"]: self._own(line, tried) for line in draft.valued("indicators", "code")}
        self.of_others = [f"{code}.{name}" for code, names in self.own.items() for name in names or ()]
        # Indicators whose rules are not known, or all of them: of their numbers nothing can be said.
        unsure = draft.sure("indicators", "code") and draft.sure("settings", "indicator")
        self.unsure = tuple(f"{code}." for code, names in self.own.items() if names is None) if unsure else None

    @staticmethod
    def _own(line: Line, tried: Mapping[str, Rule]) -> list[str] | None:
        rule = tried.get(line["code"])
        if rule is None or line["points"] is None:
            return None
        return list(rule_values(rule, line["points"], lambda key: True))

    def of(self, key: str, line: Line) -> _Known:
        """What the texts of a record may name."""
        own = self.own.get(line["code"]) if key == "indicators" else []
        return _Known([*(own or []), *self.general, *self.of_others], own is not None, self.unsure)


@dataclass(frozen=True)
class _Known:
    """names: those that are known. whole: whether there are no others of the record's own. unsure: beginnings of names
    that may be right; None where any name of an indicator may be."""

    names: list[str]
    whole: bool
    unsure: tuple[str, ...] | None

    def refuses(self, name: str) -> bool:
        """Whether there is certainly no such name."""
        if name in self.names or not self.whole:
            return False
        return "." not in name if self.unsure is None else not name.startswith(self.unsure)


def _check(draft: Draft, label: str, place: str, slot: Slot, known: _Known) -> None:
    if slot.name is None:
        draft.fault(place, f"{label}中的“{slot.written}”没有成对", f"占位符写成 {{名称}}；{_BRACES}")
    elif known.refuses(slot.name):
        code, dot, _ = slot.name.partition(".")
        # The number of another indicator is no slip of the pen.
        near = [name for name in known.names if not dot or name.startswith(f"{code}.")]
        meant = near_miss(slot.name, near)
        offered = listed(f"{{{name}}}" for name in [name for name in known.names if "." not in name][:_OFFERED])
        advice = f"是否应为“{{{meant}}}”？请改正" if meant else f"可以用{offered}等；{_BRACES}"
        draft.fault(place, f"{label}中的占位符“{slot.written}”不是方案中的数", advice)
