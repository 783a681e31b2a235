"""Chinese names of facts in the scheme workbook: what a clerk chooses, and the keys that are meant.

A fact is named by its label; where that would not be clear, as 名称〔代码〕, or by its key. A key is always understood.
The hidden sheet `_scheme` keeps the labels of the export, so that a fact that was given another label is still found
by the old one, and one without a key gets the key that its label had.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from perfxl.errors import Fault
from perfxl.rules import Rule
from perfxl.scheme.check_names import KEY_LENGTH
from perfxl.scheme.convert import UnfitError, terms, text, texts
from perfxl.scheme.funds import STANDARD_COLUMNS, fund_key
from perfxl.scheme.model import Scheme
from perfxl.scheme.placeholders import Texts
from perfxl.scheme.raw_scheme import MALFORMED, Cell, RawTable, Row
from perfxl.scheme.rule_settings import SIGNS, rule_kind, setting_name
from perfxl.scheme.words import hint
from perfxl.scheme.workbook_layout import FACT_KINDS, KEYED
from perfxl.text import fold, fold_all, is_blank

MARK = "_scheme"
"""The hidden sheet by which a scheme workbook is known, with its format and the labels of the export."""
FORMAT = 3
FORMAT_ROW = "格式"
FACT_ROW = "事项"
"""In the first column of the hidden sheet, before the key, the label and the name of a fact."""
SEPARATOR = "、"
_WITH_KEY = re.compile(r"^(.*)〔(.+)〕$", re.DOTALL)
_AWKWARD = ("\n", "〔", "〕")
_SOURCES = ("funds", "fund_columns", "facts", "derived")
Tables = dict[str, RawTable]


# --- for the writer


def written_labels(scheme: Scheme) -> dict[str, str]:
    """The label of every fact and derived fact as the workbook shows it, with its placeholders."""
    texts_of = Texts(scheme)
    labels = {fact.key: fact.label for fact in scheme.fund_facts}
    for key in ("facts", "derived"):
        labels |= {record.key: texts_of.as_written(key, record, "label") for record in getattr(scheme, key)}
    return labels


def fact_names(scheme: Scheme) -> dict[str, str]:
    """What every fact and derived fact is called in drop-downs and settings, by key."""
    labels = written_labels(scheme)
    counts = Counter(map(fold_all, labels.values()))
    keys = {fold_all(key): key for key in labels}
    # In a list, names that are parts of a longer one would be read as that one.
    pieces = {fold_all(part) for label in labels.values() if SEPARATOR in label for part in label.split(SEPARATOR)}
    found = {}
    for key, label in labels.items():
        folded = fold_all(label)
        other = keys.get(folded, key) != key or counts[folded] > 1 or folded in pieces
        if awkward(label):
            found[key] = key
        else:
            found[key] = f"{label}〔{key}〕" if other else label
    return found


def awkward(label: str) -> bool:
    """Whether a label cannot stand for its fact, behind a sign or before its key."""
    return not label or label[0] in SIGNS or any(sign in label for sign in _AWKWARD)


def listed_columns(scheme: Scheme, keys: Iterable[str]) -> str:
    """Columns of the funds table in a cell: each by its label, where that is clear, else by its key."""
    columns = scheme.funds_table.columns
    folded = Counter(map(fold_all, (*columns, *columns.values())))

    def named(key: str) -> str:
        label = columns.get(key, "")
        return label if texts(label) == (label,) and folded[fold_all(label)] == 1 else key

    return SEPARATOR.join(map(named, keys))


def signed(term: str, names: Mapping[str, str]) -> str:
    """A term of a signed sum by name."""
    minus = term.startswith("-")
    return ("-" if minus else "") + names[term[1:] if minus else term]


# --- for the reader


def with_keys(tables: Tables, old: Mapping[str, str]) -> Tables:
    """The tables with a key for every record that has a label and no key. old: keys of the export, by label."""
    return tables | {name: _keyed(tables[name], old if name in ("facts", "derived") else {}) for name in KEYED}


def _keyed(table: RawTable, old: Mapping[str, str]) -> RawTable:
    taken = {fold_all(str(row.cells["key"].value)) for row in table.rows if "key" in row.cells}
    rows = []
    for row in table.rows:
        cell, label = row.cells.get("key"), row.cells.get("label")
        if cell is not None and is_blank(cell.value) and label is not None and not is_blank(label.value):
            key = _new_key(str(label.value), taken, old)
            taken.add(fold_all(key))
            rows.append(replace(row, cells={**row.cells, "key": Cell(key, cell.place)}))
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows))


def _new_key(label: str, taken: set[str], old: Mapping[str, str]) -> str:
    before = old.get(fold_all(label))
    if before and fold_all(before) not in taken:
        return before
    kept = "".join(sign for sign in fold(label) if sign.isalnum() or sign == "_").lstrip("_")
    base = (kept if kept[:1].isalpha() else f"事项{kept}")[: KEY_LENGTH - 3]
    number = 1
    while fold_all(key := base if number == 1 else f"{base}{number}") in taken:
        number += 1
    return key


def with_facts_named(tables: Tables, old: Mapping[str, str]) -> tuple[Tables, list[Fault]]:
    """The tables with keys where facts are named in Chinese, and the faults of names that mean nothing."""
    if not all(tables[name].whole for name in _SOURCES):
        return tables, []
    namer = _Namer(tables, old)
    changed = {
        "settings": namer.settings(tables["settings"], tables["indicators"]),
        "facts": namer.column(tables["facts"], "part_of"),
        "derived": namer.sums(tables["derived"]),
        "evaluated": namer.column(namer.column(tables["evaluated"], "spending_rate"), "rectified"),
        "caps": namer.column(tables["caps"], "fact"),
        "funds": _with_columns_named(tables),
    }
    return tables | changed, namer.faults


def _with_columns_named(tables: Tables) -> RawTable:
    """The rows of the funds table with keys where columns are named by their headings; what means none stays."""
    own = [(_words(row, "key"), _words(row, "label")) for row in tables["fund_columns"].rows]
    columns = own or list(STANDARD_COLUMNS.items())
    keys = {fold_all(label): key for key, label in reversed(columns)} | {fold_all(key): key for key, _ in columns}

    def named(cell: Cell) -> Any:
        return (
            cell.value
            if isinstance(cell.value, tuple)
            else tuple(keys.get(fold_all(part), part) for part in texts(cell.value))
        )

    return _mapped(tables["funds"], "bureau", named)


class _Namer:
    def __init__(self, tables: Tables, old: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self.labels: dict[str, list[str]] = {}
        self.shown: list[str] = []
        self.keys: dict[str, str] = {}
        for key, label in _facts(tables):
            self.keys.setdefault(fold_all(key), key)
            if label:
                self.labels.setdefault(fold_all(label), []).append(key)
                self.shown.append(label)
        self.old = {label: key for label, key in old.items() if fold_all(key) in self.keys}

    def key(self, written: str) -> str | None:
        """The key that is meant; None where nothing is. Where two are, their names are a fault."""
        folded = fold_all(written)
        if folded in self.keys:
            return self.keys[folded]
        match = _WITH_KEY.match(written)
        if match and (key := self.keys.get(fold_all(match[2]))):
            return key
        found = self.labels.get(folded, [])
        if len(found) == 1:
            return found[0]
        return self.old.get(folded) if not found else None

    def value(self, written: str, place: str, before: str = "", sign: str = "") -> Any:
        """The key that is meant, or `MALFORMED` with a fault. sign: what stands before the name."""
        key = self.key(written)
        if key is not None:
            return key
        if found := self.labels.get(fold_all(written)):
            names = "、".join(f"“{written}〔{one}〕”" for one in found)
            what = f"叫“{written}”的事项有 {len(found)} 个"
            self.faults.append(Fault(place, before + what, f"请写明是哪一个：{names}"))
        else:
            words = [sign + word for word in (*self.shown, *self.keys.values())]
            advice = hint(sign + written, words, "请从下拉列表中选择，或先在“填报事项”中加上")
            self.faults.append(Fault(place, f"{before}没有名称或代码为“{written}”的事项", advice))
        return MALFORMED

    def parts(self, written: str) -> tuple[str, ...]:
        """The names in a list with 、 between them, which may stand in a name too: the longest that is known counts."""
        words = texts(written)
        found: list[str] = []
        while words:
            count = next((n for n in range(len(words), 1, -1) if self.is_known(words[:n])), 1)
            found.append(SEPARATOR.join(words[:count]))
            words = words[count:]
        return tuple(found)

    def is_known(self, words: Sequence[str]) -> bool:
        """Whether these parts are one name, perhaps with a sign."""
        name = SEPARATOR.join(words)
        return any(self._is_one(one) for one in (name, name[1:] if name[:1] in SIGNS else name))

    def _is_one(self, name: str) -> bool:
        """A name by its label; before a key too there must be one label, as other names may stand there."""
        match = _WITH_KEY.match(name)
        if match is None or fold_all(match[2]) not in self.keys:
            return self.key(name) is not None
        label = fold_all(match[1])
        return label in self.labels or label in self.old

    def column(self, table: RawTable, name: str) -> RawTable:
        """A table with a column of single facts."""
        return _mapped(table, name, lambda cell: self.value(text(cell.value), cell.place))

    def sums(self, table: RawTable) -> RawTable:
        """The derived facts with their signed sums."""
        for name in ("numerator", "denominator"):
            table = _mapped(table, name, self._sum)
        return table

    def _sum(self, cell: Cell) -> Any:
        found = []
        for term in terms(self.parts(text(cell.value))):
            sign = "-" if term.startswith("-") else ""
            key = self.value(term.removeprefix("-"), cell.place, sign=sign)
            if key is MALFORMED:
                return MALFORMED
            found.append(sign + key)
        return tuple(found)

    def settings(self, table: RawTable, indicators: RawTable) -> RawTable:
        """The settings of the rules; several facts in one cell become as many rows."""
        kinds = {_words(row, "code"): rule_kind(_words(row, "kind")) for row in indicators.rows}
        rows: list[Row] = []
        for row in table.rows:
            code = _words(row, "indicator")
            kind = _setting_kind(kinds.get(code), _words(row, "setting"))
            cell = row.cells.get("value")
            written = _words(row, "value") if kind in FACT_KINDS else ""
            # What is no text is told where the rules are built.
            rows += self._setting(row, cell, written, code, kind) if cell is not None and written else [row]
        return replace(table, rows=tuple(rows))

    def _setting(self, row: Row, cell: Cell, written: str, code: str, kind: str) -> Iterable[Row]:
        parts = self.parts(written) if kind == "facts" else [written]
        for part in parts:
            # What has a sign is told where the rules are built.
            value = part if part[:1] in SIGNS else self.value(part, cell.place, f"指标 {code} 的规则：")
            yield replace(row, cells={**row.cells, "value": Cell(value, cell.place)})


def _setting_kind(rule: type[Rule] | None, written: str) -> str:
    name = setting_name(rule, written) if rule is not None else None
    return rule.settings()[name].kind if rule is not None and name is not None else ""


def _facts(tables: Tables) -> Iterable[tuple[str, str]]:
    """Key and label of every fact and derived fact."""
    columns = [(_words(row, "key"), _words(row, "label")) for row in tables["fund_columns"].rows]
    for row in tables["funds"].rows:
        for name, heading in columns or STANDARD_COLUMNS.items():
            yield fund_key(_words(row, "key"), name), f"{_words(row, 'label')}{heading}"
    for table in ("facts", "derived"):
        for row in tables[table].rows:
            if key := _words(row, "key"):
                yield key, _words(row, "label")


def _words(row: Row, name: str) -> str:
    """A cell as text; empty where it is blank or none."""
    cell = row.cells.get(name)
    if cell is None or cell.value is MALFORMED or is_blank(cell.value):
        return ""
    try:
        return text(cell.value)
    except UnfitError:
        return ""


def _mapped(table: RawTable, name: str, change: Any) -> RawTable:
    """A table with the filled cells of a column changed; what is no text is left for the checks."""
    rows = []
    for row in table.rows:
        changed, cell = row, row.cells.get(name)
        if cell is not None and cell.value is not MALFORMED and not is_blank(cell.value):
            with contextlib.suppress(UnfitError):
                changed = replace(row, cells={**row.cells, name: Cell(change(cell), cell.place)})
        rows.append(changed)
    return replace(table, rows=tuple(rows))
