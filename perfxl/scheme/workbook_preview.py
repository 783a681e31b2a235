"""The sheet 预览 of the scheme workbook: the form as the template will show it, by formulas that follow every edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from perfxl.decimals import plain
from perfxl.scheme.funds import STANDARD_COLUMNS
from perfxl.scheme.placeholders import Texts
from perfxl.scheme.raw_scheme import TABLE_BY_KEY
from perfxl.scheme.records import FACT_TYPE_WORDS, FACT_TYPES, UNITS
from perfxl.scheme.workbook_guide import PREVIEW_SHEET
from perfxl.scheme.workbook_indicators import IndicatorCells
from perfxl.scheme.workbook_lists import TOP, cell, cells
from perfxl.scheme.workbook_looks import HEADING_ROW, Looks, height

NOTE = "自动显示，不用填：改了其他表，这里跟着变。新写的占位符、提示等以生成的模板为准。"
_WIDTHS = (16, 18, 34, 9, 76)
_SPARE_INDICATORS, _SPARE_FACTS, _FUND_COLUMNS = 8, 20, 12
_UNIT_WORDS = {word: UNITS[kind] for kind, word in zip(FACT_TYPES, FACT_TYPE_WORDS, strict=True)}


def write_preview(looks: Looks, of: IndicatorCells) -> None:
    """The sheet."""
    sheet = looks.book.add_worksheet(PREVIEW_SHEET)
    looks.page(sheet)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width, looks.plain)
    _Preview(looks, sheet, of).write()


class _Preview:
    def __init__(self, looks: Looks, sheet: Any, of: IndicatorCells) -> None:
        self.looks = looks
        self.sheet = sheet
        self.of = of
        self.scheme = of.scheme
        self.row = 0

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
        """A part with its headings."""
        self.sheet.write_string(self.row, 0, title, self.looks.strong_line)
        for at, heading in enumerate(headings):
            self.sheet.write_string(self.row + 1, at, heading, self.looks.heading)
        self.row += 2

    def indicators(self) -> None:
        """Levels, indicators, points and standards."""
        of, top = self.of, self.row + 3
        self.heading("评分指标", ("一级指标", "二级指标", "三级指标", "分值", "评分标准"))
        items = self.scheme.indicators
        firsts = [line for line in of.lines if line.is_first]
        sources = [of.column(name) for name in ("一级指标", "level2", "name", "points", "标准")]
        for number in range(len(items) + _SPARE_INDICATORS):
            item = items[number] if number < len(items) else None
            before = items[number - 1] if item is not None and number else None
            found = f"MATCH({number + 1},{of.column('序号')},0)"
            standard = of.filled(firsts[number]) if item else ""
            values: list[Any] = ["", "", "", "", ""]
            if item is not None:
                same = before is not None and before.level2 == item.level2
                values = [
                    "" if before is not None and before.level1 == item.level1 else item.level1,
                    "" if same else item.level2,
                    item.name,
                    float(item.points),
                    standard,
                ]
            for at, source in enumerate(sources):
                own = f"INDEX({source},{found})"
                if at < 2:
                    # A level stands on its first line only.
                    above = f"INDEX({source},MATCH({number},{of.column('序号')},0))"
                    own = f'IF(IFERROR({above},"")={own},"",{own})' if number else own
                look = self.looks.bare_centred if at == 3 else self.looks.bare
                self.sheet.write_formula(self.row, at, f'=IFERROR({own},"")', look, values[at])
            texts = [(str(value), width) for value, width in zip(values, _WIDTHS, strict=True)]
            self.sheet.set_row(self.row, height(texts))
            self.row += 1
        self.frame(top - 1, "C", len(_WIDTHS))
        points = of.column("points")
        codes = of.column("code")
        total = f'ROUND(SUMPRODUCT(--({codes}<>""),{points}),2)'
        value = plain(sum((item.points for item in items), start=items[0].points * 0))
        self.sheet.write_formula(
            self.row, 2, f'="各三级指标分值合计 "&{total}', self.looks.strong_line, f"各三级指标分值合计 {value}"
        )
        self.row += 2

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
        own = [cell("fund_columns", "label", TOP + at) for at in range(_FUND_COLUMNS)]
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
        for at, heading in enumerate(("行", "性质")):
            self.sheet.write_string(self.row, at, heading, self.looks.heading)
        self.row += 1
        top = self.row + 1
        for number in range(len(self.scheme.funds) + 3):
            row = self.scheme.funds[number] if number < len(self.scheme.funds) else None
            for at, name in enumerate(("label", "role")):
                formula = f'={cell("funds", name, TOP + number)}&""'
                self.sheet.write_formula(self.row, at, formula, self.looks.bare, getattr(row, name, ""))
            self.row += 1
        self.frame(top, "A", 2)
        self.row += 1

    def facts(self) -> None:
        """The facts by sheet and section, with unit and hint."""
        self.heading("填报事项", ("填报表", "分组", "名称", "单位", "填报提示"))
        top = self.row + 1
        facts = self.scheme.facts
        texts_of = Texts(self.scheme)
        reach = len(facts) + 60
        columns = {name: cells("facts", name, reach) for name in ("sheet", "section", "label", "type", "unit", "hint")}
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
                f'IF({same_sheet},"",{part["sheet"]})',
                f'IF({same},"",{part["section"]})',
                self.named(part["label"]),
                unit,
                self.named(f'{part["hint"]}&""'),
            )
            values = ["", "", "", "", ""]
            if fact is not None:
                in_sheet = before is not None and before.sheet == fact.sheet
                values = [
                    "" if in_sheet else fact.sheet,
                    "" if in_sheet and before is not None and before.section == fact.section else fact.section,
                    self.shown(texts_of.as_written("facts", fact, "label")),
                    fact.shown_unit,
                    self.shown(texts_of.as_written("facts", fact, "hint")),
                ]
            for at, (formula, value) in enumerate(zip(formulas, values, strict=True)):
                look = self.looks.bare_centred if at == 3 else self.looks.bare
                self.sheet.write_formula(self.row, at, f'=IFERROR({formula},"")', look, value)
            self.sheet.set_row(self.row, height([(v, w) for v, w in zip(values, _WIDTHS, strict=True)]))
            self.row += 1
        self.frame(top, "C", len(_WIDTHS))

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
