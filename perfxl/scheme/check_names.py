"""Checks of the names and codes of a scheme: well formed, not twice, and known where they are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from perfxl.scheme.evaluated import FORMER_TITLES
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.model import Evaluated, TableColumn
from perfxl.scheme.words import hint
from perfxl.text import fold, fold_all

# Table, columns that together may not occur twice, what they are called. Facts share their names with derived ones and
# the funds table (`check_facts`).
UNIQUE = (
    ("categories", ("name",), "部门类别"),
    ("levels", ("name",), "指标名称"),
    ("indicators", ("code",), "指标代码"),
    ("funds", ("key",), "键"),
    ("fund_columns", ("key",), "键"),
    ("kpi_levels", ("level1", "level2"), "一级、二级指标"),
    ("columns", ("table", "key"), "列"),
    ("grades", ("category", "set", "name"), "等级"),
    ("grades", ("category", "set", "floor"), "等级下限"),
    ("quotas", ("scope", "grade"), "名额的等级"),
    ("review_reasons", ("text",), "理由"),
    ("narrative", ("key",), "键"),
    ("stages", ("stage", "period"), "阶段和期间"),
    ("stage_fields", ("stage", "table", "key"), "列"),
)
# Table and column of the codes that programs read, with their pattern.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KEY = re.compile(r"[^\W\d_]\w*")
DOTTED_KEY = re.compile(r"[^\W\d_]\w*(\.\w+)*")
PLAIN_KEY, DOTTED = (
    "汉字、英文字母、数字和下划线，以汉字或字母开头",
    "汉字、英文字母、数字、下划线和点，以汉字或字母开头",
)
CODES = (
    ("header", "id", ID, "英文字母、数字、点和连字符"),
    ("funds", "key", KEY, PLAIN_KEY),
    ("fund_columns", "key", KEY, PLAIN_KEY),
    ("facts", "key", DOTTED_KEY, DOTTED),
    ("derived", "key", DOTTED_KEY, DOTTED),
    ("narrative", "key", KEY, PLAIN_KEY),
)
KEY_LENGTH = 100
# Columns whose texts stand in the template's formulas, with the characters that would change their meaning there.
IN_FORMULAS = (
    ("symbols", "symbol", re.compile('["\n\t]')),
    ("shares", "label", re.compile('["\n\t]')),
    ("kpi_levels", "level1", re.compile('["*?~\n\t]|^[<>=]')),
    ("kpi_levels", "level2", re.compile('["*?~\n\t]|^[<>=]')),
    ("categories", "name", re.compile('["\n\t]')),
    ("grades", "name", re.compile('["\n\t]')),
    ("indicators", "code", re.compile('["\n\t]')),
)
LABELS = {f"{part}_label": part for part in FORMER_TITLES}
# Tables and columns with the names of categories.
_CATEGORIES = (("indicators", "categories"), ("facts", "categories"), ("grades", "category"))
_COLUMN_TYPES = TableColumn.__dataclass_fields__["table"].metadata["column"]
TABLE_WORDS = dict(zip(_COLUMN_TYPES.choices, _COLUMN_TYPES.words, strict=True))


def check_names(draft: Draft) -> None:
    """Add the faults of names and codes to the draft."""
    for key, name, pattern, allowed in CODES:
        for line in draft.valued(key, name):
            _code(draft, draft.label(key, name), line[name], line.place(name), pattern, allowed)
    for key, name, forbidden in IN_FORMULAS:
        for line in draft.valued(key, name):
            if found := forbidden.search(line[name]):
                sign = "换行或制表符" if found.group() in "\n\t" else f"“{found.group()}”"
                what = f"{draft.label(key, name)}“{line[name]}”含有{sign}，不能用在公式里"
                draft.fault(line.place(name), what, "请换一种写法")
    for key, names, title in UNIQUE:
        values = draft.valued(key, *names)
        _not_twice(draft, title, ((names[-1], _shown(line, names), line) for line in values), fold_all)
    _written_forms(draft, "symbols", "symbol", "符号")
    _written_forms(draft, "shares", "label", "定性结果")
    _categories(draft)
    _identity_labels(draft)


def _code(draft: Draft, label: str, code: str, place: str, pattern: re.Pattern[str], allowed: str) -> None:
    if fold(code) != code:
        draft.fault(place, f"{label}“{code}”含有全角或看不见的字符", f"请改为半角：“{fold(code)}”")
    elif not pattern.fullmatch(code):
        draft.fault(place, f"{label}不能是“{code}”", f"只能用{allowed}")
    elif len(code) > KEY_LENGTH:
        draft.fault(place, f"{label}有 {len(code)} 个字符", f"最多 {KEY_LENGTH} 个，请缩短")


def _shown(line: Line, names: Iterable[str]) -> str:
    return " ".join(TABLE_WORDS.get(str(line[name]), str(line[name])) for name in names if line[name] != "")


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


def _categories(draft: Draft) -> None:
    """Categories that are named are there."""
    if not draft.sure("categories", "name"):
        return
    known = [line["name"] for line in draft.lines("categories")]
    for key, name in _CATEGORIES:
        for line in draft.valued(key, name):
            named = line[name] if isinstance(line[name], tuple) else (line[name],) if line[name] else ()
            for written in named:
                if written not in known:
                    what = f"{draft.label(key, name)}中没有部门类别“{written}”"
                    draft.fault(
                        line.place(name), what, hint(written, known, "请填“部门类别”表中的类别，或先在那里加上")
                    )
            if len(set(named)) < len(named):
                draft.fault(line.place(name), f"{draft.label(key, name)}中有类别写了两次", "请删去一处")


def _identity_labels(draft: Draft) -> None:
    """The words for code, name, category and project stand under one another in the template: no two are alike."""
    line = draft.record("evaluated")
    given = {name: line[name] for name in ("kind", "noun", *LABELS) if line[name]}
    words = Evaluated(**given)
    entries = [
        (label, words.titles[part], line) for label, part in LABELS.items() if words.is_project or "project" not in part
    ]
    # What follows from the word stands there first: the fault is told where something is written.
    _not_twice(draft, "名称", sorted(entries, key=lambda entry: entry[0] in given), fold_all)
