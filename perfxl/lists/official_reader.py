"""Reads 财政核定数.xlsx: every value for its department, and all that is wrong at once, with sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from perfxl.decimals import plain
from perfxl.errors import Fault, ListError
from perfxl.intake.known_lists import HEADING_ROWS, is_ours_otherwise
from perfxl.layout.fields import FieldSpec
from perfxl.layout.grid import MARK as KEY_SIGN
from perfxl.layout.inputs import HUNDRED
from perfxl.layout.list_marks import LIST_SHEET
from perfxl.layout.template_layout import layout_of
from perfxl.lists.columns import Heading
from perfxl.lists.official_blank import is_blank_official
from perfxl.lists.official_columns import (
    CORRECTIONS,
    FACT,
    OF,
    TARGETS,
    WideSheet,
    correction_headings,
    item_names,
    keys_named,
    spec_for,
    target_headings,
    wide_sheets,
)
from perfxl.lists.official_values import Book, Spoken
from perfxl.lists.opened import OpenList, open_list
from perfxl.lists.table import Entry, Table, table_in
from perfxl.official.values import Given, OfficialValues, Passed
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.model import Scheme
from perfxl.scheme.words import near_miss
from perfxl.submission.numbers import date_in
from perfxl.submission.values import Trouble, read_value
from perfxl.text import fold, fold_all

_PLAIN = re.compile(r"-?[0-9]{1,11}(\.[0-9]{1,10})?")
_WRONG = {
    Trouble.NOT_NUMBER: ("不能确定是哪个数字", "请只写数字"),
    Trouble.PLACEHOLDER: ("不是数字", "没有核定的留空，确实为零的写 0"),
    Trouble.NEGATIVE: ("是负数，该项不能为负", "请核对"),
    Trouble.NOT_WHOLE: ("不是整数", "请写整数"),
    Trouble.TOO_LARGE: ("大得不合常理", "请核对单位和小数点"),
    Trouble.DATE_FOR_NUMBER: ("是日期，应为数字", "请把单元格格式改为“常规”，重新输入"),
}


def _nobody(words: str) -> None:
    """Nobody to tell."""


def read_official(
    source: Path | OpenList,
    schemes: Schemes,
    *,
    today: date | None = None,
    tell: Callable[[str], None] = _nobody,
) -> OfficialValues | None:
    """The official values of a list, None where it has none yet. today: the day of the run.

    tell: takes what is passed over. Raises UsageError where the file cannot be read, ListError with all its faults
    where it does not hold.
    """
    opened = source if isinstance(source, OpenList) else open_list(source)
    reader = _Reader(as_schemes(schemes), today or date.today(), opened)
    reader.read()
    if passed := reader.book.passed:
        first = passed[0]
        reader.notices.append(f"有 {len(passed)} 行没有用上，例如“{first.sheet}”{first.cell}：{first.what}。")
    for words in reader.notices:
        tell(f"{opened.path.name}：{words}")
    if reader.faults:
        raise ListError(opened.path.name, reader.faults)
    return reader.book.values(opened.path.name)


@dataclass
class _Reader:
    schemes: Sequence[Scheme]
    today: date
    opened: OpenList
    book: Book = field(default_factory=Book)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Every sheet: the wide ones by their key, the long ones by their names."""
        wide = wide_sheets(self.schemes)
        ours = False
        known = {(sheet.scheme.id, sheet.form): sheet for sheet in wide}
        by_name = {fold_all(sheet.name): sheet for sheet in wide}
        done: set[str] = set()
        for title, content in self.opened.sheets.items():
            folded = fold(title)
            if folded == LIST_SHEET or not content.rows:
                continue
            code = _scheme_in(content.rows)
            ours |= code is not None or folded in (TARGETS, CORRECTIONS)
            if code is None and folded in (TARGETS, CORRECTIONS):
                self._long(title, folded)
            elif code is not None and code not in {scheme.id for scheme in self.schemes}:
                self.notices.append(f"工作表“{title}”属于评分方案“{code}”，本次没有使用它，没有读取。")
            elif (sheet := _wide_of(title, code, by_name, known)) is not None:
                if sheet.name in done:
                    self._fault(f"工作表“{title}”", f"与另一张工作表都是“{sheet.form}”", "只能有一张，请合并后删去一张")
                done.add(sheet.name)
                ours = True
                self._wide(title, sheet)
            else:
                self.notices.append(f"工作表“{title}”不是财政核定数的表，没有读取。")
        filled_form = is_ours_otherwise(list(self.opened.sheets))
        if filled_form or (not ours and not is_blank_official(self.opened)):
            self.notices.clear()
            names = "、".join(f"“{name}”" for name in (*(sheet.name for sheet in wide), CORRECTIONS))
            advice = "请核对是否用错了文件" if filled_form else f"请核对文件；工作表的名称应为{names}"
            self._fault(f"“{self.opened.path.name}”", "没有一张财政核定数的表", advice)

    def _who_words(self, between: str) -> str:
        """Code and name as the headings of the list have them."""
        words = self.schemes[0].evaluated
        return f"{words.code_title}{between}{words.name_title}"

    def _fault(self, place: str, what: str, advice: str) -> None:
        self.faults.append(Fault(place, what, advice))

    def _table(self, title: str, headings: Sequence[Heading]) -> Table | None:
        table = table_in(self.opened, headings, fold(title))
        if table is not None:
            self.faults += table.faults
            self.notices += map(str, table.notices)
        return table

    def _pass(self, entry: Entry, column: str, what: str) -> None:
        """An unknown line stops nothing else."""
        self.book.passed.append(Passed(entry.sheet, entry.cell(column) or f"A{entry.row}", what))

    # Wide sheets.

    def _wide(self, title: str, sheet: WideSheet) -> None:
        headings = sheet.headings
        table = self._table(title, headings)
        if table is None:
            return
        if "code" not in table.columns and "name" not in table.columns:
            self._fault(f"工作表“{title}”", f"没有{self._who_words('和')}的列", "请补上标题，一行一个部门")
            return
        keys = {FACT + fact.key: fact.key for fact in sheet.facts}
        for entry in table.whole:
            given = [(key, entry[column]) for column, key in keys.items() if entry[column]]
            who = self._who(entry, [sheet.scheme]) if given else None
            if who is None:
                continue
            self.book.row(sheet.name, who, entry, self.faults)
            for key, text in given:
                column = FACT + key
                value = self._value(entry, column, text, spec_for(sheet.scheme, key))
                if value is not None:
                    place = f"{entry.sheet}!{entry.cell(column)}"
                    self.book.supply(who, sheet.scheme.id, key, Given(value, place))

    # Long sheets.

    def _long(self, title: str, name: str) -> None:
        own = [scheme for scheme in self.schemes if scheme.bureau_targets] if name == TARGETS else self.schemes
        headings = (target_headings if name == TARGETS else correction_headings)(self.schemes)
        if not own:
            self.notices.append(f"工作表“{title}”没有用上：本次的评分方案没有由财政部门核定的年度指标值。")
            return
        table = self._table(title, headings)
        for entry in table.whole if table is not None else ():
            day = self._day(entry)
            if not entry["value"]:
                continue
            item = TARGETS if name == TARGETS else entry["item"]
            kpi = entry.values.get("kpi", "")
            if fold(item).startswith(f"{TARGETS}:"):
                item, kpi = TARGETS, fold(item)[len(TARGETS) + 1 :].strip()
            named = self._named(entry, item, kpi, own)
            fitting = [scheme for scheme, _ in named]
            who = self._who(entry, fitting) if named else None
            if who is None:
                continue
            for scheme, key in named:
                if scheme.evaluated.is_project != bool(who.project):
                    continue
                spec = spec_for(scheme, key) if key else layout_of(scheme).open_specs["kpis"]["target"]
                value = self._value(entry, "value", entry["value"], spec, scheme if not key else None)
                if value is None:
                    break
                place = f"{entry.sheet}!{entry.cell('value')}"
                name_of = "" if key else kpi
                given = Given(value, place, entry["basis"], entry["person"], day, name_of, name == CORRECTIONS)
                self.book.say(who, scheme.id, key, given, entry, self.faults)

    def _named(self, entry: Entry, item: str, kpi: str, schemes: Sequence[Scheme]) -> list[tuple[Scheme, str]]:
        """The schemes that have the item, with the key of its fact there, empty for a KPI target."""
        if fold(item) == TARGETS:
            if not kpi:
                self._fault(entry.place("kpi"), f"更正{TARGETS}的没有写指标名称", "请在“三级指标”一列写指标名称")
                return []
            return [(scheme, "") for scheme in schemes if scheme.has_kpis]
        found: list[tuple[Scheme, str]] = []
        for scheme in schemes:
            keys = keys_named(scheme, item)
            if len(keys) > 1:
                names = "、".join(f"“{item_names(scheme)[key]}”" for key in keys)
                self._fault(entry.place("item"), f"叫“{item}”的事项有 {len(keys)} 个", f"请写明是哪一个：{names}")
                return []
            found += [(scheme, key) for key in keys]
        if not found:
            words = [word for scheme in schemes for pair in item_names(scheme).items() for word in pair]
            meant = near_miss(item, words)
            # It may be of a scheme that this run does not use: a list serves for all of them.
            self._pass(entry, "item", f"没有名称或代码为“{item}”的事项" + (f"（是否应为“{meant}”）" if meant else ""))
        return found

    # What every line has.

    def _who(self, entry: Entry, schemes: Sequence[Scheme]) -> Spoken | None:
        code, name = entry.values.get("code", ""), entry.values.get("name", "")
        project = entry.values.get("project", "")
        if not code and not name:
            self._fault(entry.place("code"), f"没有写{self._who_words('或')}", "请至少写一个")
            return None
        if not project and all(scheme.evaluated.is_project for scheme in schemes):
            if all(scheme.evaluated.is_project for scheme in self.schemes):
                # It may speak of the department itself, by a scheme that this run does not use.
                self._pass(entry, "project", "没有写项目名称，本次评价的都是项目")
            else:
                self._fault(entry.place("project"), "没有写项目名称", "评价项目的，请写明是哪一个项目")
            return None
        if project and not any(scheme.evaluated.is_project for scheme in schemes):
            project = ""
        return Spoken.of(code, name, project)

    def _day(self, entry: Entry) -> str:
        """The date of a line as text, empty where there is none."""
        text = entry.values.get("day", "")
        if not text:
            return ""
        day = date_in(text)
        if day is None:
            self._fault(entry.place("day"), f"日期“{text}”不是日期", "请写成 2023-04-10 的样式")
            return ""
        if day > self.today:
            self._fault(entry.place("day"), f"日期“{text}”晚于今天（{self.today.isoformat()}）", "请核对日期")
        return day.isoformat()

    def _value(
        self, entry: Entry, column: str, text: str, spec: FieldSpec, kpis_of: Scheme | None = None
    ) -> Decimal | str | None:
        """What a cell says, None where it gives nothing. kpis_of: the scheme whose KPI target it is."""
        written = text
        if column in entry.percents:
            if spec.type != "percent":
                what = f"“{text}”的单元格格式是百分比，不能确定是哪个数字"
                self._fault(entry.place(column), what, "请把单元格格式改为“常规”，重新输入")
                return None
            # Excel keeps the fraction of what is shown as 95.5%.
            written = plain(Decimal(text) * HUNDRED)
        signs = [sign for symbol in kpis_of.symbols for sign in (symbol.symbol, *symbol.aliases)] if kpis_of else []
        # Nearly all are plain numbers, which need no second look.
        plainly = spec.numeric and _PLAIN.fullmatch(written) is not None
        reading = read_value(Decimal(written) if plainly else written, spec, signs=signs)
        if reading.trouble is None or reading.trouble == Trouble.BLANK:
            return reading.value
        if reading.trouble == Trouble.OFF_LIST:
            what, advice = f"“{text}”不在可选范围内", f"应为：{'、'.join(spec.choices)}"
        else:
            words, advice = _WRONG.get(reading.trouble, ("读不出内容", "请改正"))
            what = f"“{text}”{words}"
            if reading.trouble == Trouble.NOT_NUMBER and spec.unit:
                advice += f"，单位是{spec.unit}"
        label = "" if kpis_of else f"{spec.label}："
        self._fault(entry.place(column), f"{label}{what}", advice)
        return None


def _scheme_in(rows: Sequence[Sequence[object]]) -> str | None:
    """The code of the scheme in the hidden row of keys of a wide sheet."""
    sign = f"{KEY_SIGN}{OF}"
    return next(_codes(rows, sign), None)


def _codes(rows: Sequence[Sequence[object]], sign: str) -> Iterator[str]:
    for row in rows[:HEADING_ROWS]:
        for cell in row:
            if isinstance(cell, str) and cell.startswith(sign):
                yield cell.removeprefix(sign).strip()


def _wide_of(
    title: str, code: str | None, by_name: dict[str, WideSheet], known: dict[tuple[str, str], WideSheet]
) -> WideSheet | None:
    """The wide sheet that a sheet of the list is: by its name, or the only one of its scheme."""
    named = by_name.get(fold_all(title))
    if named is not None and code in (None, named.scheme.id):
        return named
    own = [sheet for (scheme, _), sheet in known.items() if scheme == code]
    return own[0] if len(own) == 1 else None
