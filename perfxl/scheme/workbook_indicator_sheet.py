"""Writes the sheet 三级指标: lines, formulas, drop-downs that follow the rule kind, shades for what is not needed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from perfxl.references import column_letters
from perfxl.rules import rule_kinds
from perfxl.scheme.placeholders import Texts
from perfxl.scheme.raw_scheme import TABLE_BY_KEY
from perfxl.scheme.workbook_indicators import IndicatorCells, Line, shown_indicator, sum_note_value
from perfxl.scheme.workbook_layout import (
    AUTO,
    INDICATORS,
    ITEM,
    ITEM_POINTS,
    content_heading,
    listed_setting,
    most_parameters,
    name_heading,
    parameters,
    places,
    position,
)
from perfxl.scheme.workbook_lists import TOP
from perfxl.scheme.workbook_looks import (
    FREE_HEIGHT,
    HEADING_ROW,
    Looks,
    free_lines,
    height,
    page_room,
    print_beside,
    write_value,
)
from perfxl.xlsx.flow import balanced_breaks

NOTE = "一行一个指标，灰色的不用填；加在下面空行，或复制一整行再插入"
# Over the columns that are not printed again on every page.
_RULE_NOTE = "选好“规则类型”，右边就显示它有哪些参数。一个参数有几项内容的，写在下面几行的同一列，其他列留空。"
_WIDTHS = {
    "level2": 13, "code": 8, "name": 23, "points": 7, "kind": 12, "standard": 50, "categories": 14, "na": 9,
    "declared": 15,
}  # fmt: skip
_FREE_PRINTED = 3
_SMALLEST = 9.0
"""Points of the smallest text: the names of parameters."""
_LEVEL1, _SUM_NOTE, _NAME, _CONTENT, _ITEM, _POINTS = 11, 15, 11, 15, 24, 8
_HIDDEN = ("规则", "标准")
_FACT_NOTE = "选“规则类型”后，左边显示参数的名称；事项、选项从下拉列表选，数值直接填，比例写小数（0.1 即 10%）。"


def write_indicators(looks: Looks, sheet: Any, cells: IndicatorCells) -> None:
    """The sheet of the indicators, but for the drop-downs of its plain columns."""
    _Writer(looks, sheet, cells).write()


class _Writer:
    def __init__(self, looks: Looks, sheet: Any, cells: IndicatorCells) -> None:
        self.looks = looks
        self.sheet = sheet
        self.cells = cells
        self.texts = Texts(cells.scheme)
        self.places = places(TABLE_BY_KEY[INDICATORS])
        self.heights: dict[int, float] = {}

    def write(self) -> None:
        """Headings, lines, room for more."""
        self.headings()
        for line in self.cells.lines:
            self.line(line, line.row)
        for row in range(TOP + len(self.cells.lines), self.cells.bottom + 1):
            self.line(None, row)
        self.drop_downs()
        self.shades()
        frozen = position(INDICATORS, "points")
        self.sheet.freeze_panes(HEADING_ROW + 1, frozen)
        self.sheet.write_string(0, 0, NOTE, self.looks.note)
        self.sheet.write_string(0, frozen, _RULE_NOTE, self.looks.note)
        last = self.places.index(next(place for place in self.places if place.heading == f"{_HIDDEN[0]}{AUTO}")) - 1
        # All columns on one page would be too small: several beside each other, each with code and name.
        widths = [self.width(at) for at in range(last + 1)]
        print_beside(self.sheet, widths, frozen, self.groups(frozen, last), size=_SMALLEST)
        # No indicator is cut, and no page is left with a line or two.
        written = TOP + len(self.cells.lines) - 1
        heights = [self.heights.get(row, FREE_HEIGHT) for row in range(min(written + _FREE_PRINTED, self.cells.bottom))]
        starts = [line.row - 1 for line in self.cells.lines if line.is_first]
        room = page_room(_SMALLEST) - self.heights[HEADING_ROW]
        breaks = balanced_breaks(heights, starts, room)
        self.sheet.set_h_pagebreaks(breaks)
        # With the free lines that the last page has room for, so that what is added is printed too.
        more = free_lines(room - sum(heights[breaks[-1] if breaks else 0 :]))
        self.sheet.print_area(0, 0, min(len(heights) + more, self.cells.bottom) - 1, last)

    def groups(self, first: int, last: int) -> list[int]:
        """How many columns belong together on a page, from the first behind those that stand on every page."""
        begins = [self.at(name_heading(pair)) for pair in range(most_parameters() + 1)]
        begins += [self.at("standard"), self.at("standard") + 1]
        edges = [first, *sorted(at for at in begins if first < at <= last), last + 1]
        return [end - start for start, end in pairwise(edges)]

    def headings(self) -> None:
        for at, place in enumerate(self.places):
            bare = place.heading.removesuffix(AUTO)
            options: dict[str, Any] = {}
            if bare in _HIDDEN:
                options["hidden"] = True
            self.sheet.set_column(at, at, self.width(at), self.looks.plain, options)
            shown = bare if place.column is None and place.heading.endswith(AUTO) else place.heading
            # On two lines, which reading takes for one.
            self.sheet.write_string(HEADING_ROW, at, place.heading.replace(AUTO, f"\n{AUTO}"), self.looks.heading)
            note = ""
            if place.column is not None:
                spec = place.column.spec
                note = spec.note if place.column.name != "kind" else "从下拉列表选；各种规则怎样计分见“规则说明”表"
            elif shown == ITEM:
                note = "核对项、扣分项、计次项选事项，档次填界线；一行一项，写在指标所在行和它下面的行"
            elif shown == ITEM_POINTS:
                note = "这一项的分值"
            elif shown == content_heading(1):
                note = _FACT_NOTE
            if note:
                self.sheet.write_comment(HEADING_ROW, at, note, {"x_scale": 1.6, "y_scale": 0.9, "font_size": 9})
        self.heights[HEADING_ROW] = 36
        self.sheet.set_row(HEADING_ROW, 36)

    def width(self, at: int) -> int:
        place = self.places[at]
        if place.column is not None:
            return _WIDTHS[place.column.name]
        bare = place.heading.removesuffix(AUTO)
        known = {"一级指标": _LEVEL1, "分值核对": _SUM_NOTE, ITEM: _ITEM, ITEM_POINTS: _POINTS}
        if bare in known:
            return known[bare]
        return _NAME if bare.endswith("名称") else _CONTENT

    def line(self, line: Line | None, row: int) -> None:
        """A line; `None` for one that is free."""
        looks, cells, number = self.looks, self.cells, row - 1
        first = line if line is not None and line.is_first else None
        texts = []
        for at, place in enumerate(self.places):
            if place.column is None:
                continue
            name = place.column.name
            value = None
            if first is not None:
                written = self.texts.as_written(INDICATORS, first.item, name) if name == "standard" else None
                value = shown_indicator(first.item, name, written)
                texts.append((str(value or ""), self.width(at)))
            look = looks.text if name in ("level2", "name", "standard", "categories") else looks.centred
            write_value(self.sheet, number, at, value, look)
        kinds = list(rule_kinds().values())
        rule = type(line.item.rule) if line is not None else None
        self.formula(number, "一级指标", cells.level1(row), looks.computed, first.item.level1 if first else "")
        note = sum_note_value(cells.scheme, first.item) if first else ""
        self.formula(number, "分值核对", cells.sum_note(row), looks.warning, note)
        # A free line goes on with the kind of the last indicator.
        holding = rule or type(cells.lines[-1].item.rule)
        self.formula(number, "规则", cells.kind(row), looks.unseen, kinds.index(holding) + 1)
        filled = cells.filled(first) if first else ""
        self.formula(number, "标准", cells.standard(first, row), looks.unseen, filled)
        for pair in range(1, most_parameters() + 1):
            content = line.contents.get(pair) if line is not None else None
            name = ""
            if rule is not None and pair <= len(parameters(rule)) and (first is not None or content is not None):
                name = rule.settings()[parameters(rule)[pair - 1]].label
            self.formula(number, name_heading(pair), cells.name(pair, row), looks.label, name)
            write_value(self.sheet, number, self.at(content_heading(pair)), content, looks.text)
            texts.append((str(content or ""), _CONTENT))
        item, points = line.listed if line is not None and line.listed is not None else (None, None)
        listed = listed_setting(rule) if rule is not None and (first is not None or item is not None) else None
        label = rule.settings()[listed].label if rule is not None and listed else ""
        self.formula(number, name_heading(0), cells.name(0, row), looks.label, label)
        write_value(self.sheet, number, self.at(ITEM), item, looks.text)
        write_value(self.sheet, number, self.at(ITEM_POINTS), points, looks.centred)
        texts.append((str(item or ""), _ITEM))
        if line is not None:
            self.heights[number] = height(texts)
            self.sheet.set_row(number, self.heights[number])

    def at(self, heading: str) -> int:
        return position(INDICATORS, heading)

    def formula(self, number: int, heading: str, formula: str, look: Any, value: Any) -> None:
        self.sheet.write_formula(number, self.at(heading), formula, look, value)

    def drop_downs(self) -> None:
        """Contents are chosen from the list that their parameter has."""
        kind = f"${column_letters(self.at('规则'))}{TOP}"
        for pair in range(most_parameters() + 1):
            at = self.at(content_heading(pair) if pair else ITEM)
            # What is typed is told by the check: numbers have no list, and facts may be several.
            options = {"validate": "list", "source": self.cells.lists.choice_of(pair, kind), "show_error": False}
            self.sheet.data_validation(HEADING_ROW + 1, at, self.cells.bottom - 1, at, options)

    def shades(self) -> None:
        """Contents without a parameter are shaded; sums that do not fit are red."""
        bottom, code = self.cells.bottom - 1, f"${column_letters(self.at('code'))}{TOP}"
        for pair in range(most_parameters() + 1):
            name = self.at(name_heading(pair))
            # On an indicator's own line the name says what belongs there.
            formula = f'=AND({code}<>"",${column_letters(name)}{TOP}="")'
            last = name + (1 if pair else 2)
            options = {"type": "formula", "criteria": formula, "format": self.looks.not_used}
            self.sheet.conditional_format(HEADING_ROW + 1, name, bottom, last, options)
        # A line that was inserted blank has no formulas: the first level and the names of parameters stay away.
        level, kind = self.at("一级指标"), f"${column_letters(self.at('规则'))}{TOP}"
        options = {"type": "formula", "criteria": f'=AND({code}<>"",ISBLANK({kind}))', "format": self.looks.lacking}
        self.sheet.conditional_format(HEADING_ROW + 1, level, bottom, level, options)
        at = self.at("分值核对")
        fits = {"type": "text", "criteria": "begins with", "value": "合计", "format": self.looks.grey}
        misfit = {"type": "text", "criteria": "containing", "value": "应为", "format": self.looks.red}
        for rule in (misfit | {"stop_if_true": True}, fits):
            self.sheet.conditional_format(HEADING_ROW + 1, at, bottom, at, rule)
