"""A scheme as a TOML file: read into raw tables with line numbers, and written so that it reads back equal."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfxl.decimals import plain
from perfxl.errors import Fault
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.raw_scheme import (
    MALFORMED,
    TABLE_BY_KEY,
    TABLES,
    Cell,
    RawScheme,
    RawTable,
    Row,
    Table,
    given_settings,
    scheme_rows,
)
from perfxl.scheme.toml_lines import KeyLines
from perfxl.scheme.upgrade import OLD_COLUMNS
from perfxl.scheme.words import hint
from perfxl.text import is_blank

SETTINGS = "settings"
_LINE_WIDTH = 110
_SYNTAX = (
    ("Cannot overwrite", "同一个键写了两次", "请删去多余的一行"),
    ("Cannot declare", "同一个表写了两次", "多条记录的表用 [[表名]]，请改正或删去多余的一个"),
    ("Cannot mutate", "同一个表写了两次", "请合并到一处"),
    ("Expected newline", "值的后面还有多余的内容", "一行只写一个键，文字要加引号"),
    ("Invalid statement", "这一行不是“键 = 值”", "请改成“键 = 值”，说明文字前加 #"),
    ("Illegal character", "文字没有用引号结束，或者含有控制字符", "请检查引号是否成对"),
    ("Unterminated", "引号没有成对", "请补上引号"),
    ("Unclosed", "括号没有成对", "请补上括号"),
)
_ANY_SYNTAX = ["不是正确的 TOML 写法", "请检查引号、括号、等号和逗号是否都用半角并且成对，文字是否加引号"]


def read_toml(text: str, name: str) -> RawScheme:
    """The raw tables of a TOML text; `name` is the file's name for the places. Syntax errors are faults."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return RawScheme(name, {}, (_syntax_fault(str(error), text, name),), shows_keys=True)
    reader = _Reader(data, KeyLines(text.replace("\r\n", "\n")), name)
    return RawScheme(name, reader.tables(), tuple(reader.faults), shows_keys=True)


def _syntax_fault(message: str, text: str, name: str) -> Fault:
    found = re.search(r"at line (\d+)", message)
    line = int(found[1]) if found else text.count("\n") + 1
    what, advice = next((words for start, *words in _SYNTAX if message.startswith(start)), _ANY_SYNTAX)
    return Fault(f"{name} 第 {line} 行", what, advice)


class _Reader:
    def __init__(self, data: Mapping[str, Any], lines: KeyLines, name: str) -> None:
        self.data = data
        self.lines = lines
        self.name = name
        self.faults: list[Fault] = []

    def place(self, *path: str | int) -> str:
        return f"{self.name} 第 {self.lines.line(*path)} 行"

    def tables(self) -> dict[str, RawTable]:
        known = [table.key for table in TABLES if table.key != SETTINGS]
        for key in self.data:
            if key not in known:
                self.fault((key,), f"不认识的表“{key}”", hint(key, known, "请删去，或核对表名"))
        settings: list[Row] = []
        tables = {table.key: self.table(table, settings) for table in TABLES if table.key != SETTINGS}
        place = tables["indicators"].place
        return tables | {SETTINGS: RawTable(TABLE_BY_KEY[SETTINGS], place, tuple(settings))}

    def fault(self, path: tuple[str | int, ...], what: str, advice: str) -> None:
        self.faults.append(Fault(self.place(*path), what, advice))

    def table(self, table: Table, settings: list[Row]) -> RawTable:
        key = table.key
        if key not in self.data:
            # A vertical table that is left out has its defaults; the rows of the others are counted later.
            defaults = (Row(f"{self.name} 的 [{key}]", {}),)
            return RawTable(table, self.name, defaults if table.vertical else ())
        value, place = self.data[key], self.place(key, 0)
        records = [value] if table.vertical else value
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            brackets = f"[{key}]" if table.vertical else f"[[{key}]]"
            self.fault((key,), f"表“{key}”的写法不对", f"请写成 {brackets}，下面每行一个“键 = 值”")
            return RawTable(table, place, (), whole=False)
        rows = tuple(
            self.row(table, record, (key,) if table.vertical else (key, number), settings)
            for number, record in enumerate(records)
        )
        return RawTable(table, place, rows)

    def row(self, table: Table, record: Mapping[str, Any], path: tuple[str | int, ...], settings: list[Row]) -> Row:
        cells = {}
        for name, value in record.items():
            if name in table.by_name or name in OLD_COLUMNS.get(table.key, {}):
                cells[name] = Cell(value, self.place(*path, name))
            elif table.record is Indicator and name == SETTINGS:
                settings += self.setting_rows(record.get("code"), value, (*path, SETTINGS))
            else:
                known = [*table.by_name, SETTINGS] if table.record is Indicator else table.by_name
                self.fault((*path, name), f"不认识的键“{name}”", hint(name, known, "请删去，或核对键名"))
        return Row(self.place(*path), cells)

    def setting_rows(self, code: Any, value: Any, path: tuple[str | int, ...]) -> list[Row]:
        if is_blank(code):
            return []  # the blank code is a fault of its own
        if not isinstance(value, dict):
            self.fault(path, "规则参数的写法不对", "请写成 settings.参数名 = 内容")
            return [_setting_row(self.place(*path), code, MALFORMED, MALFORMED, None)]
        rows = []
        for name, content in value.items():
            for item in content if isinstance(content, list) else [content]:
                pair = item if isinstance(item, list) else [item, None]
                if len(pair) != 2 or any(isinstance(part, (list, dict)) for part in pair):
                    self.fault((*path, name), f"参数“{name}”的写法不对", "应为一个值、一组值，或一组 [内容, 分值]")
                    pair = [MALFORMED, None]
                rows.append(_setting_row(self.place(*path, name), code, name, *pair))
        return rows


def _setting_row(place: str, indicator: Any, setting: Any, value: Any, points: Any) -> Row:
    values = {"indicator": indicator, "setting": setting, "value": value, "points": points}
    return Row(place, {name: Cell(part, place) for name, part in values.items()})


def dump_toml(scheme: Scheme, *, comments: bool = True) -> str:
    """The scheme as a TOML text that loads to an equal scheme; a comment in Chinese above each table."""
    parts = ["# 评分方案。比例一律写小数（0.1 即 10%），金额单位万元。\n"] if comments else []
    for table in TABLES:
        if table.key == SETTINGS:
            continue
        for number, row in enumerate(scheme_rows(scheme, table)):
            lines = [f"# {table.sheet}：{table.note}"] if comments and number == 0 else []
            lines.append(f"[{table.key}]" if table.vertical else f"[[{table.key}]]")
            lines += [
                _assignment(column.name, row[column.name])
                for column in table.columns
                if table.vertical or row[column.name] != column.default
            ]
            if table.record is Indicator:
                lines += _setting_lines(scheme.indicators[number])
            parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _setting_lines(indicator: Indicator) -> list[str]:
    return [_assignment(f"{SETTINGS}.{name}", value) for name, value in given_settings(indicator.rule).items()]


def _assignment(name: str, value: Any) -> str:
    line = f"{name} = {_literal(value)}"
    if len(line) <= _LINE_WIDTH or not isinstance(value, tuple):
        return line
    return f"{name} = [\n" + "".join(f"    {_literal(item)},\n" for item in value) + "]"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, (int, Decimal)):
        return plain(Decimal(value))
    # JSON's escapes are TOML's too, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
