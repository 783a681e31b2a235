"""Checks of the names and codes of a scheme: well formed, not twice, and known where they are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from perfxl.scheme.funds import FUNDS_COLUMNS, PREFIX, TOTAL, fund_key, is_fund_key
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.model import FACT_TYPE_WORDS, FACT_TYPES, TableColumn
from perfxl.scheme.rule_settings import facts_named
from perfxl.scheme.words import hint, near_miss
from perfxl.text import fold_all

# Table, columns that together may not occur twice, what they are called.
UNIQUE = (
    ("categories", ("name",), "部门类别"),
    ("levels", ("name",), "指标名称"),
    ("indicators", ("code",), "指标代码"),
    ("funds", ("key",), "键"),
    ("facts", ("key",), "事实代码"),
    ("kpi_levels", ("level1", "level2"), "一级、二级指标"),
    ("columns", ("table", "key"), "列"),
    ("grades", ("set", "name"), "等级"),
    ("grades", ("set", "floor"), "等级下限"),
    ("caps", ("rate",), "支出率下限"),
    ("narrative", ("key",), "键"),
)
# Table and column of the codes that programs read, with their pattern.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
DOTTED_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
CODES = (
    ("header", "id", ID, "英文字母、数字、点和连字符"),
    ("funds", "key", KEY, "英文字母、数字和下划线，以字母开头"),
    ("facts", "key", DOTTED_KEY, "英文字母、数字、下划线和点，以字母开头"),
    ("narrative", "key", KEY, "英文字母、数字和下划线，以字母开头"),
)
# Columns whose texts stand in the template's formulas, with the characters that would change their meaning there.
IN_FORMULAS = (
    ("symbols", "symbol", re.compile('"')),
    ("shares", "label", re.compile('"')),
    ("kpi_levels", "level1", re.compile('["*?~]|^[<>=]')),
)
# The columns that the program reads from the two open tables of the template, with their types.
TABLE_COLUMNS = {
    "kpis": {
        "level1": "choice",
        "level2": "choice",
        "name": "text",
        "symbol": "choice",
        "target": "value",
        "unit": "text",
        "actual": "value",
        "weight": "points",
        "self_score": "points",
        "reason": "text",
        "evidence": "text",
    },
    "tasks": {"name": "text", "budget": "money", "spent": "money", "result": "text", "reason": "text"},
}
_COLUMN_TYPES = TableColumn.__dataclass_fields__["type"].metadata["column"]
_TABLE_WORDS = dict(zip(("kpis", "tasks"), ("绩效指标", "重点任务"), strict=True))
_TYPE_WORDS = dict(zip(_COLUMN_TYPES.choices, _COLUMN_TYPES.words, strict=True))
_FACT_WORDS = dict(zip(FACT_TYPES, FACT_TYPE_WORDS, strict=True))


def check_names(draft: Draft) -> None:
    """Add the faults of names and codes to the draft."""
    for key, name, pattern, allowed in CODES:
        for line in draft.valued(key, name):
            if not pattern.fullmatch(line[name]):
                draft.fault(line.place(name), f"{draft.label(key, name)}不能是“{line[name]}”", f"只能用{allowed}")
    for key, name, pattern in IN_FORMULAS:
        for line in draft.valued(key, name):
            if found := pattern.search(line[name]):
                what = f"{draft.label(key, name)}“{line[name]}”含有“{found.group()}”，不能用在公式里"
                draft.fault(line.place(name), what, "请换一种写法")
    for key, names, title in UNIQUE:
        values = draft.valued(key, *names)
        _not_twice(draft, title, ((names[-1], _shown(line, names), line) for line in values), fold_all)
    _written_forms(draft, "symbols", "symbol", "符号")
    _written_forms(draft, "shares", "label", "定性结果")
    _fund_keys(draft)
    _parts_and_places(draft)
    _unused_facts(draft)
    _table_columns(draft)


def _shown(line: Line, names: Iterable[str]) -> str:
    return " ".join(_TABLE_WORDS.get(str(line[name]), str(line[name])) for name in names)


def _not_twice(draft: Draft, title: str, entries: Iterable[tuple[str, str, Line]], same: Callable[[str], str]) -> None:
    """Every entry is (column, what is written, line); the second of two alike is a fault."""
    first: dict[str, str] = {}
    for name, written, line in entries:
        place = line.place(name)
        if same(written) in first:
            what = f"{title}“{written}”重复，{first[same(written)]}已有"
            draft.fault(place, what, "请改成不同的内容，或删去一处")
        else:
            first[same(written)] = place


def _written_forms(draft: Draft, key: str, name: str, title: str) -> None:
    """No two records may be written alike, other ways of writing included; within a record widths may differ."""
    owner: dict[str, Line] = {}
    for line in draft.valued(key, name, "aliases"):
        exact: set[str] = set()
        for column, written in ((name, line[name]), *(("aliases", alias) for alias in line["aliases"])):
            other = owner.setdefault(fold_all(written), line)
            if other is not line:
                what = f"{title}写法“{written}”重复，“{other[name]}”已有"
                draft.fault(line.place(column), what, "一种写法只能属于一个，请删去一处")
            elif written in exact:
                draft.fault(line.place(column), f"{title}写法“{written}”写了两次", "请删去一处")
            exact.add(written)


def _fund_keys(draft: Draft) -> None:
    fund_keys = {fund_key(line["key"], name) for line in draft.valued("funds", "key") for name in FUNDS_COLUMNS}
    for line in draft.valued("facts", "key"):
        if line["key"] in fund_keys:
            draft.fault(line.place("key"), f"事实代码“{line['key']}”重复，收支表已有", "请换一个代码")
        elif is_fund_key(line["key"]):
            what = f"事实代码“{line['key']}”以“{PREFIX}”开头，这样的代码只属于收支表"
            draft.fault(line.place("key"), what, "请换一个代码；收支表要加一行，请在“收支表行”中加")
    rows = list(draft.valued("funds", "role"))
    if not draft.sure("funds", "role"):
        return
    totals = [line for line in rows if line["role"] == TOTAL]
    for line in totals[1:]:
        draft.fault(line.place("role"), "收支表有不止一行“合计”", "只留一行合计，其余改为分项")
    if not totals:
        draft.fault(draft.place("funds"), "收支表没有“合计”行", "请把一行的性质改为合计")
    if len(totals) == len(rows):
        draft.fault(draft.place("funds"), "收支表没有“分项”行", "请至少加一行分项，例如基本支出")


def _parts_and_places(draft: Draft) -> None:
    """part_of names another number; the labels of row and column stand together."""
    funds = [fund_key(line["key"], name) for line in draft.valued("funds", "key") for name in FUNDS_COLUMNS]
    types = dict.fromkeys(funds, "money") | {line["key"]: line["type"] for line in draft.valued("facts", "key")}
    for line in draft.valued("facts", "key", "part_of"):
        whole, place = line["part_of"], line.place("part_of")
        if not whole:
            continue
        if whole == line["key"]:
            draft.fault(place, f"“{whole}”不能不大于自己", "请填另一事实代码，或留空")
        elif whole not in types:
            if draft.sure("facts", "key") and draft.sure("funds", "key"):
                draft.fault(place, f"没有事实代码“{whole}”", hint(whole, types, "请填已有的事实代码，或留空"))
        elif line["type"] and types[whole] and (line["type"] != types[whole] or line["type"] in ("text", "yes_no")):
            what = f"类型是{_FACT_WORDS[line['type']]}，不能与“{whole}”（{_FACT_WORDS[types[whole]]}）比较大小"
            draft.fault(place, what, "两者应同为金额或同为个数")
    for line in draft.valued("facts", "row_label", "column_label"):
        if bool(line["row_label"]) != bool(line["column_label"]):
            name = "column_label" if line["row_label"] else "row_label"
            draft.fault(line.place(name), f"没有填写{draft.label('facts', name)}", "行名称和列名称要么都填，要么都留空")


def _unused_facts(draft: Draft) -> None:
    if not (draft.sure("settings", "value") and draft.sure("indicators", "code")):
        return
    named = facts_named(draft) | {line["part_of"] for line in draft.valued("facts", "part_of")}
    for line in draft.valued("facts", "key", "type"):
        if line["type"] != "text" and line["key"] not in named:
            what = f"事实“{line['key']}”没有任何评分规则使用"
            draft.fault(line.place("key"), what, "请在评分规则中使用，或删去这一项，免得部门白填")


def _table_columns(draft: Draft) -> None:
    given = {(line["table"], line["key"]) for line in draft.valued("columns", "table", "key")}
    for line in draft.valued("columns", "table", "key"):
        table, key = line["table"], line["key"]
        wanted = TABLE_COLUMNS[table].get(key)
        if wanted is None:
            given.add((table, near_miss(key, TABLE_COLUMNS[table]) or key))
            what = f"“{_TABLE_WORDS[table]}”表没有键为“{key}”的列"
            draft.fault(line.place("key"), what, hint(key, TABLE_COLUMNS[table], "程序不使用这一列，请删去"))
        elif line["type"] not in (None, wanted):
            what = f"列“{key}”的类型应为{_TYPE_WORDS[wanted]}"
            draft.fault(line.place("type"), what, "类型由程序使用，请改回")
    if draft.sure("columns", "table", "key"):
        for table, keys in TABLE_COLUMNS.items():
            for key in keys:
                if (table, key) not in given:
                    what = f"“{_TABLE_WORDS[table]}”表缺少键为“{key}”的列"
                    draft.fault(draft.place("columns"), what, "请补上这一行，程序要用")
