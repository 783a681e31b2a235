"""The sheet 预览 of the scheme workbook: the form as the template will show it, by formulas that follow every edit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from perfxl.decimals import plain
from perfxl.references import column_letters
from perfxl.scheme.funds import STANDARD_COLUMNS
from perfxl.scheme.placeholders import Texts
from perfxl.scheme.raw_scheme import TABLE_BY_KEY
from perfxl.scheme.records import BY_BUREAU, FACT_TYPE_WORDS, FACT_TYPES, UNITS
from perfxl.scheme.workbook_guide import PREVIEW_SHEET
from perfxl.scheme.workbook_indicators import IndicatorCells, Line
from perfxl.scheme.workbook_lists import TOP, cells, nth
from perfxl.scheme.workbook_looks import FREE_HEIGHT, HEADING_ROW, Looks, free_lines, height, print_on_fewer
from perfxl.scheme.workbook_names import listed_columns

NOTE = "自动显示，不用填：改了其他表，这里跟着变。新写的占位符、提示等以生成的模板为准。"
_WIDTHS = (16, 18, 34, 9, 71)
_AT = len(_WIDTHS)  # the hidden column with the line of an indicator in its sheet
_OUTSIDE = ("加分", "扣分")
SUPPLIED = "由财政部门提供。"
"""Before the hint of a fact that departments do not fill."""
_FACT_COLUMNS = ("sheet", "section", "label", "type", "unit", "hint", "source")
_FREE_PRINTED = 5
_SPARE_INDICATORS, _SPARE_FACTS, _FUND_COLUMNS = 12, 20, 12
_UNIT_WORDS = {word: UNITS[kind] for kind, word in zip(FACT_TYPES, FACT_TYPE_WORDS, strict=True)}


def write_preview(looks: Looks, of: IndicatorCells) -> None:
    """The sheet."""
    sheet = looks.book.add_worksheet(PREVIEW_SHEET)
    looks.page(sheet)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width, looks.plain)
    sheet.set_column(_AT, _AT, 6, looks.plain, {"hidden": True})
    _Preview(looks, sheet, of).write()


class _Preview:
    def __init__(self, looks: Looks, sheet: Any, of: IndicatorCells) -> None:
        self.looks = looks
        self.sheet = sheet
        self.of = of
        self.scheme = of.scheme
        self.row = 0
        self.heights: dict[int, float] = {}

    def write(self) -> None:
        """Title, indicators, funds, facts."""
        self.title()
        self.indicators()
        self.funds()
        self.facts()

    def title(self) -> None:
        header = self.scheme.header
        names = list(TABLE_BY_KEY["header"].by_name)
        title, year, code = (f"'方案信息'!$B${HEADING_ROW + 2 + names.index(name)}" for name in ("title", "year", "id"))
        self.sheet.write_formula(0, 0, f'={title}&""', self.looks.title, header.title)
        self.sheet.set_row(0, 28)
        words = f'="评价年度 "&{year}&"，方案代码 "&{code}'
        self.sheet.write_formula(1, 0, words, self.looks.line, f"评价年度 {header.year}，方案代码 {header.id}")
        self.sheet.write_string(2, 0, NOTE, self.looks.note)
        self.row = 4

    def heading(self, title: str, headings: Sequence[str]) -> None:
        """A part with its headings. title: blank where a formula comes to stand there."""
        if title:
            self.sheet.write_string(self.row, 0, title, self.looks.strong_line)
        for at, heading in enumerate(headings):
            self.sheet.write_string(self.row + 1, at, heading, self.looks.heading)
        self.row += 2

    def indicators(self) -> None:
        """Levels, indicators, points and standards."""
        of = self.of
        self.heading("", ("一级指标", "二级指标", "三级指标", "分值", "评分标准"))
        count = len(self.scheme.indicators) + _SPARE_INDICATORS
        self.sums(self.row - 2, count)
        top = self.row
        firsts = [line for line in of.lines if line.is_first]
        for number in range(count):
            at, above = (f"${column_letters(_AT)}${row}" for row in (self.row + 1, self.row))
            level2 = f"INDEX({of.column('level2')},{at})"
            formulas = [
                of.level1_of(level2),
                f'{level2}&""',
                f'INDEX({of.column("name")},{at})&""',
                f"INDEX({of.column('points')},{at})",
                self.standard(at),
            ]
            if number:
                # A level stands on its first line only.
                before = f"INDEX({of.column('level2')},{above})"
                formulas[0] = f'IF({of.level1_of(before)}={formulas[0]},"",{formulas[0]})'
                formulas[1] = f'IF({before}={level2},"",{level2})'
            values = self.indicator_values(firsts, number)
            for column, (formula, value) in enumerate(zip(formulas, values, strict=True)):
                look = self.looks.bare_centred if column == 3 else self.looks.bare
                self.sheet.write_formula(self.row, column, f'=IF({at}="","",IFERROR({formula},""))', look, value)
            line = firsts[number].row - TOP + 1 if number < len(firsts) else ""
            self.sheet.write_formula(self.row, _AT, of.line_of(number + 1), self.looks.unseen, line)
            self.fit(values, free=number >= len(firsts))
            self.row += 1
        self.frame(top + 1, "C", len(_WIDTHS))
        self.row += 1

    def standard(self, at: str) -> str:
        """The filled standard; what is written where it is lost.

        A line that was inserted blank has no formulas, and one may name cells of a line that was deleted.
        """
        filled, written, points = (f"INDEX({self.of.column(name)},{at})" for name in ("标准", "standard", "points"))
        plainly = f'SUBSTITUTE({written}&"","{{points}}",{points})'
        return f'IF(IFERROR({filled}="",TRUE),{plainly},{filled})'

    def indicator_values(self, firsts: Sequence[Line], number: int) -> list[Any]:
        """What the formulas of a line come to."""
        if number >= len(firsts):
            return [""] * len(_WIDTHS)
        item, before = firsts[number].item, firsts[number - 1].item if number else None
        return [
            "" if before is not None and before.level1 == item.level1 else item.level1,
            "" if before is not None and before.level2 == item.level2 else item.level2,
            item.name,
            float(item.points),
            self.of.filled(firsts[number]),
        ]

    def sums(self, row: int, shown: int) -> None:
        """Above the indicators, how many there are and what they come to; what is outside the hundred by itself."""
        codes, points = self.of.column("code"), self.of.column("points")
        count = f'SUMPRODUCT(--({codes}<>""))'
        parts = [f'SUMPRODUCT(--({codes}<>""),{points})', *map(self.of.points_of_nature, _OUTSIDE)]
        own, *outside = (f"ROUND({part},2)" for part in ("-".join(parts), *parts[1:]))
        words = f'="评分指标：共 "&{count}&" 个，计分合计 "&{own}&" 分"'
        sums = {nature: Decimal(0) for nature in ("计分", *_OUTSIDE)}
        for item in self.scheme.indicators:
            sums[item.nature] += item.points
        value = f"评分指标：共 {len(self.scheme.indicators)} 个，计分合计 {plain(sums['计分'])} 分"
        for nature, formula in zip(_OUTSIDE, outside, strict=True):
            words += f'&IF({formula}=0,"","，{nature}合计 "&{formula}&" 分")'
            value += f"，{nature}合计 {plain(sums[nature])} 分" if sums[nature] else ""
        words += f'&IF({count}>{shown},"（这里只显示前 {shown} 个）","")'
        self.sheet.write_formula(row, 0, words, self.looks.strong_line, value)

    def fit(self, values: Sequence[Any], *, free: bool) -> None:
        """The height of a row. One that is free has none of its own: Excel fits it to what comes to stand there."""
        if not free:
            self.heights[self.row] = height([(str(v), w) for v, w in zip(values, _WIDTHS, strict=True)])
            self.sheet.set_row(self.row, self.heights[self.row])

    def frame(self, top: int, column: str, count: int) -> None:
        """Borders around the lines that have something."""
        rule = {"type": "formula", "criteria": f'=${column}{top}<>""', "format": self.looks.framed}
        self.sheet.conditional_format(top - 1, 0, self.row - 1, count - 1, rule)

    def funds(self) -> None:
        """The rows and columns of the funds table, where there is one."""
        if not self.scheme.funds:
            return
        names = list(TABLE_BY_KEY["evaluated"].by_name)
        sheet = f"'评价对象'!$B${HEADING_ROW + 2 + names.index('funds_sheet')}"
        own = [nth("fund_columns", "label", at) for at in range(_FUND_COLUMNS)]
        listed = "&".join(f'IF({one}="","","、"&{one})' for one in own)
        standard = "、".join(STANDARD_COLUMNS.values())
        columns = f'IF(COUNTA({cells("fund_columns", "label", _FUND_COLUMNS)})=0,"{standard}",MID({listed},2,500))'
        value = "、".join(self.scheme.funds_table.columns.values())
        self.sheet.write_formula(
            self.row,
            0,
            f'="收支表（工作表“"&{sheet}&"”，万元），各列："&{columns}',
            self.looks.strong_line,
            f"收支表（工作表“{self.scheme.evaluated.funds_sheet}”，万元），各列：{value}",
        )
        self.row += 1
        for at, heading in enumerate(("行", "性质", "由财政提供的列")):
            self.sheet.write_string(self.row, at, heading, self.looks.heading)
        self.row += 1
        top = self.row + 1
        for number in range(len(self.scheme.funds) + 3):
            row = self.scheme.funds[number] if number < len(self.scheme.funds) else None
            for at, name in enumerate(("label", "role", "bureau")):
                formula = f'={nth("funds", name, number)}&""'
                value = getattr(row, name, "")
                if name == "bureau":
                    value = listed_columns(self.scheme, value or ())
                self.sheet.write_formula(self.row, at, formula, self.looks.bare, value)
            self.row += 1
        self.frame(top, "A", 3)
        self.row += 1

    def facts(self) -> None:
        """The facts by sheet and section, with unit and hint."""
        self.heading("填报事项", ("填报表", "分组", "名称", "单位", "填报提示"))
        top = self.row + 1
        facts = self.scheme.facts
        texts_of = Texts(self.scheme)
        reach = len(facts) + 60
        columns = {name: cells("facts", name, reach) for name in _FACT_COLUMNS}
        for number in range(len(facts) + _SPARE_FACTS):
            fact = facts[number] if number < len(facts) else None
            before = facts[number - 1] if fact is not None and number else None
            row = self.of.lists.fact_row(str(number + 1))
            above = self.of.lists.fact_row(str(number))
            part = {name: f"INDEX({column},{row})" for name, column in columns.items()}
            last = {name: f"INDEX({columns[name]},{above})" for name in ("sheet", "section")}
            unit = "".join(f'IF({part["type"]}="{word}","{unit}",' for word, unit in _UNIT_WORDS.items() if unit)
            unit = f'IF({part["unit"]}<>"",{part["unit"]},{unit}""{")" * sum(map(bool, _UNIT_WORDS.values()))})'
            same_sheet = f"IFERROR({last['sheet']}={part['sheet']},FALSE)" if number else "FALSE"
            same = f"AND({same_sheet},IFERROR({last['section']}={part['section']},FALSE))" if number else "FALSE"
            formulas = (
                f'IF({same_sheet},"",{part["sheet"]}&"")',
                f'IF({same},"",{part["section"]}&"")',
                self.named(part["label"]),
                unit,
                self.named(f'IF({part["source"]}="{BY_BUREAU}","{SUPPLIED}","")&{part["hint"]}'),
            )
            values = ["", "", "", "", ""]
            if fact is not None:
                in_sheet = before is not None and before.sheet == fact.sheet
                values = [
                    "" if in_sheet else fact.sheet,
                    "" if in_sheet and before is not None and before.section == fact.section else fact.section,
                    self.shown(texts_of.as_written("facts", fact, "label")),
                    fact.shown_unit,
                    (SUPPLIED if fact.source == BY_BUREAU else "")
                    + self.shown(texts_of.as_written("facts", fact, "hint")),
                ]
            for at, (formula, value) in enumerate(zip(formulas, values, strict=True)):
                look = self.looks.bare_centred if at == 3 else self.looks.bare
                self.sheet.write_formula(self.row, at, f'=IFERROR({formula},"")', look, value)
            self.fit(values, free=fact is None)
            self.row += 1
        self.frame(top, "C", len(_WIDTHS))
        # Without pages of free rows.
        end = top - 1 + len(facts) + _FREE_PRINTED - 1
        end = min(end, self.row - 1)
        left = print_on_fewer(self.sheet, _WIDTHS, [self.heights.get(row, FREE_HEIGHT) for row in range(end + 1)])
        # What is added is printed too, as far as the last page has room for it.
        self.sheet.print_area(0, 0, min(end + free_lines(left), self.row - 1), len(_WIDTHS) - 1)

    # The bounds that texts usually name.

    _NAMED = ("budget_change", "low_rate")

    def named(self, text: str) -> str:
        """A text with the usual placeholders filled."""
        names = list(TABLE_BY_KEY["thresholds"].by_name)
        for name in self._NAMED:
            place = f"'检查界线'!$B${HEADING_ROW + 2 + names.index(name)}"
            text = f'SUBSTITUTE({text},"{{{name}}}",ROUND({place}*100,8)&"%")'
        return text

    def shown(self, written: str) -> str:
        """What `named` comes to."""
        known = Texts(self.scheme).general
        for name in self._NAMED:
            written = written.replace(f"{{{name}}}", known[name])
        return written
