"""The sheet 三级指标 of the scheme workbook: one line an indicator, with the settings of its rule beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from perfxl.decimals import plain
from perfxl.references import column_letters
from perfxl.rules import SettingSpec
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.placeholders import RECORDS, Texts, fill, rates_of, scores_rate, slots
from perfxl.scheme.raw_scheme import TABLE_BY_KEY, given_settings
from perfxl.scheme.shown import shown_value
from perfxl.scheme.workbook_layout import (
    FACT_KINDS,
    INDICATORS,
    content_heading,
    listed_setting,
    parameters,
    position,
)
from perfxl.scheme.workbook_lists import TOP, Lists
from perfxl.scheme.workbook_looks import HEADING_ROW

SPARE = 30
"""Lines below the last that have formulas, for what is added."""
Shown = str | Decimal


@dataclass
class Line:
    """A line of the sheet: of an indicator, or one on which its settings go on (`is_first` False)."""

    item: Indicator
    is_first: bool
    row: int  # in the sheet, from 1
    contents: dict[int, Shown] = field(default_factory=dict)
    listed: tuple[Shown, Decimal] | None = None


def lines_of(scheme: Scheme, names: Mapping[str, str]) -> list[Line]:
    """The lines of all indicators. names: what facts are called, by key."""
    found: list[Line] = []
    for item in scheme.indicators:
        given = given_settings(item.rule)
        columns = {
            number: _contents(item.rule.settings()[name], given[name], names)
            for number, name in enumerate(parameters(type(item.rule)), 1)
            if name in given
        }
        listed = listed_setting(type(item.rule))
        pairs = [(_content(content, names), points) for content, points in given.get(listed, ())] if listed else []
        count = max(1, len(pairs), *map(len, columns.values()))
        for number in range(count):
            contents = {at: values[number] for at, values in columns.items() if number < len(values)}
            pair = pairs[number] if number < len(pairs) else None
            found.append(Line(item, number == 0, TOP + len(found), contents, pair))
    return found


def _contents(spec: SettingSpec, value: Any, names: Mapping[str, str]) -> list[Shown]:
    values = value if isinstance(value, tuple) else (value,)
    return [_content(one, names if spec.kind in FACT_KINDS else {}) for one in values]


def _content(value: Any, names: Mapping[str, str]) -> Shown:
    return value if isinstance(value, Decimal) else names.get(value, str(value))


@dataclass(frozen=True)
class IndicatorCells:
    """The formulas of the sheet, for a row from 1, and what they come to as exported."""

    scheme: Scheme
    lists: Lists
    lines: Sequence[Line]

    def letter(self, name: str) -> str:
        """The column of a heading or of a column of the table."""
        return column_letters(position(INDICATORS, name))

    def ref(self, name: str, row: int) -> str:
        """A cell of the sheet itself."""
        return f"${self.letter(name)}{row}"

    @property
    def bottom(self) -> int:
        """The last row with formulas."""
        return TOP + len(self.lines) + SPARE - 1

    def column(self, name: str) -> str:
        """A column as other sheets refer to it."""
        letter = self.letter(name)
        return f"'{TABLE_BY_KEY[INDICATORS].sheet}'!${letter}${TOP}:${letter}${self.bottom}"

    def level1(self, row: int) -> str:
        """The first level that belongs to the second."""
        level2 = self.ref("level2", row)
        return f'=IF({level2}="","",IFERROR({self.level1_of(level2)},""))'

    def level1_of(self, level2: str) -> str:
        """The first level that belongs to a second, an error where there is none."""
        return f'INDEX({_levels("parent")},MATCH({level2},{_levels("name")},0))&""'

    def line_of(self, number: int) -> str:
        """On which line below the headings the indicator of a number stands, by the codes alone; blank without one."""
        codes = self.column("code")
        from_below = f'({codes}<>"")*(ROWS({codes})+MIN(ROW({codes}))-ROW({codes}))'
        found = f"ROWS({codes})+1-SUMPRODUCT(LARGE({from_below},{number}))"
        return f'=IF({number}>SUMPRODUCT(--({codes}<>"")),"",{found})'

    def points_of_nature(self, nature: str) -> str:
        """What the indicators below first levels of a nature come to."""
        level2, points = self.column("level2"), self.column("points")
        belongs = f'COUNTIFS({_levels("name")},{_levels("parent")},{_levels("nature")},"{nature}")'
        return f"SUMPRODUCT({belongs},SUMIF({level2},{_levels('name')},{points}))"

    def sum_note(self, row: int) -> str:
        """On the first line of a second level: whether its indicators add up to its points."""
        level2 = self.ref("level2", row)
        letter, points = self.letter("level2"), self.letter("points")
        above = f"${letter}${TOP - 1}:${letter}{row - 1}"
        own = f"${letter}${TOP}:${letter}${self.bottom}"
        total = f"ROUND(SUMPRODUCT(--({own}={level2}),${points}${TOP}:${points}${self.bottom}),2)"
        wanted = f"INDEX({_levels('points')},MATCH({level2},{_levels('name')},0))"
        fits = f'IF({total}={wanted},"合计 "&{total},"合计 "&{total}&"，应为 "&{wanted})'
        note = f'IF({_outside(level2)},"",IFERROR({fits},"没有这个二级指标"))'
        return f'=IF({level2}="","",IF(SUMPRODUCT(--({above}={level2}))>0,"",{note}))'

    def kind(self, row: int) -> str:
        """Which rule kind holds on the line, by its number in the list; 0 where none."""
        own, code, column = self.ref("kind", row), self.ref("code", row), f"${self.letter('规则')}"
        # Not the cell above by its name: that would be lost where the clerk deletes the line above.
        above = f"OFFSET({code},-1,COLUMN({column}$1)-COLUMN({code}))"
        return f'=IF({own}<>"",IFERROR(MATCH({own},{self.lists.titles()},0),0),IF({code}<>"",0,N({above})))'

    def name(self, number: int, row: int) -> str:
        """The name of a parameter beside its content; number 0: of what has points."""
        heading = content_heading(number) if number else "明细内容"
        code, content, kind = self.ref("code", row), self.ref(heading, row), self.ref("规则", row)
        return f'=IF(OR({code}<>"",{content}<>""),IF({kind}>0,{self.lists.label_of(number, kind)},""),"")'

    def standard(self, line: Line | None, row: int) -> str:
        """The standard with its placeholders filled from the cells that they stand for."""
        formula = own = self.ref("standard", row)
        values = {"points": self.ref("points", row)}
        if line is not None:
            written = Texts(self.scheme).as_written(INDICATORS, line.item, "standard")
            known = Texts(self.scheme).values(line.item)
            values |= self._values(line)
            named = [slot for slot in slots(written) if slot.name in known]
            for slot in dict.fromkeys(named):
                value = values.get(slot.name or "", _quoted(known[slot.name or ""]))
                formula = f"SUBSTITUTE({formula},{_quoted(slot.written)},{value})"
            if "{{" in written or "}}" in written:
                formula = f'SUBSTITUTE(SUBSTITUTE({formula},"{{{{","{{"),"}}}}","}}")'
        else:
            formula = f'SUBSTITUTE({own},"{{points}}",{values["points"]})'
        return f'=IF({own}="","",{formula})'

    def filled(self, line: Line) -> str:
        """What `standard` comes to."""
        texts = Texts(self.scheme)
        return fill(texts.as_written(INDICATORS, line.item, "standard"), texts.values(line.item))

    def _values(self, first: Line) -> dict[str, str]:
        """The cells behind the names that a standard may have, as Excel expressions of their text."""
        rule, is_rate = first.item.rule, rates_of(self.scheme)
        rated = scores_rate(rule, is_rate)
        values = {}
        for number, name in enumerate(parameters(type(rule)), 1):
            spec = rule.settings()[name]
            if spec.kind == "number" and number in first.contents:
                values[name] = _as_text(self.ref(content_heading(number), first.row), rate=spec.rate and rated)
        listed = listed_setting(type(rule))
        if listed is not None:
            spec = rule.settings()[listed]
            for number, (content, _) in enumerate(getattr(rule, listed), 1):
                row = first.row + number - 1
                points = _as_text(self.ref("明细分值", row), rate=False)
                if spec.kind == "fact_points":
                    values[str(content)] = points
                else:
                    bound = self.ref("明细内容", row)
                    values[f"{listed}.{number}"] = _as_text(bound, rate=spec.rate and rated)
                    values[f"{listed}.{number}.points"] = points
        for key in RECORDS:
            table = TABLE_BY_KEY[key]
            for at, column in enumerate(table.columns):
                if column.spec.kind in ("number", "whole"):
                    place = f"'{table.sheet}'!$B${HEADING_ROW + 2 + at}"
                    values.setdefault(column.name, _as_text(place, rate=column.spec.rate))
        return values


def _as_text(place: str, *, rate: bool) -> str:
    """A number as a text shows it: a rate in percent."""
    return f'ROUND({place}*100,8)&"%"' if rate else f'{place}&""'


def _quoted(words: str) -> str:
    # A text in a formula has at most 255 characters.
    parts = [words[at : at + 250].replace('"', '""') for at in range(0, len(words), 250)] or [""]
    return "&".join(f'"{part}"' for part in parts)


def _levels(name: str) -> str:
    letter = column_letters(position("levels", name))
    return f"'{TABLE_BY_KEY['levels'].sheet}'!${letter}${TOP}:${letter}${TOP + 220}"


def _outside(level2: str) -> str:
    """Whether a second level is outside the hundred: its indicators need not add up to anything."""
    parent = f"INDEX({_levels('parent')},MATCH({level2},{_levels('name')},0))"
    nature = f'IFERROR(INDEX({_levels("nature")},MATCH({parent},{_levels("name")},0)),"")'
    return f'OR({nature}="加分",{nature}="扣分")'


def sum_note_value(scheme: Scheme, item: Indicator) -> str:
    """What `sum_note` comes to on the line of an indicator."""
    same = [other for other in scheme.indicators if other.level2 == item.level2]
    if same[0] is not item or item.nature != "计分":
        return ""
    return f"合计 {plain(sum((other.points for other in same), Decimal(0)))}"


def shown_indicator(item: Indicator, name: str, written: str | None = None) -> Any:
    """A cell of an indicator as the workbook shows it. written: of a text with placeholders."""
    column = TABLE_BY_KEY[INDICATORS].by_name[name]
    if name == "kind":
        return type(item.rule).title
    return shown_value(column, getattr(item, name) if written is None else written)
