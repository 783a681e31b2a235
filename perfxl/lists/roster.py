"""The roster (部门名录): who has to send a workbook, under which name and category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from perfxl.errors import Fault, ListError
from perfxl.lists.table import Entry, Heading, read_list, write_list
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import code_key
from perfxl.text import fold

FILE_NAME = "部门名录.xlsx"
HEADINGS = (
    Heading("code", "单位代码", width=18, note="预算单位代码，不能重复"),
    Heading("name", "单位名称", width=40, note="单位全称，结果表按此显示"),
    Heading("category", "部门类别", width=16, note="评分方案中的部门类别，分类排名的口径"),
    Heading("contact", "联系人", required=False, width=14),
    Heading("phone", "联系电话", required=False, width=18),
)


@dataclass(frozen=True)
class Listed:
    """A department of the roster."""

    code: str
    name: str
    category: str
    contact: str
    phone: str


@dataclass(frozen=True)
class Roster:
    """The departments of the roster by code, in its order."""

    departments: Mapping[str, Listed]

    def of_code(self, code: str) -> Listed | None:
        """The department of that code, however it is spelled."""
        return self.departments.get(code) or self._by_code_key.get(code_key(code))

    def of_name(self, name: str) -> Listed | None:
        """The department of that name."""
        return self._by_name.get(fold(name))

    @cached_property
    def _by_code_key(self) -> Mapping[str, Listed]:
        keys = Counter(map(code_key, self.departments))
        return {key: listed for code, listed in self.departments.items() if keys[key := code_key(code)] == 1}

    @cached_property
    def _by_name(self) -> Mapping[str, Listed]:
        # Of several the first counts.
        return {fold(listed.name): listed for listed in reversed(list(self.departments.values()))}


def read_roster(path: Path, scheme: Scheme) -> Roster | None:
    """The roster in a workbook, None where it has no entry (the blank one of the templates).

    Raises UsageError where the file cannot be read, ListError with all its faults where it does not hold.
    """
    entries = read_list(path, HEADINGS) or []
    faults = [*_twice(entries), *_categories(entries, scheme)]
    if faults:
        raise ListError(path.name, faults)
    listed = {fold(entry["code"]): Listed(**{**entry.values, "code": fold(entry["code"])}) for entry in entries}
    return Roster(listed) if listed else None


def _twice(entries: list[Entry]) -> list[Fault]:
    faults = []
    for key, words in (("code", "单位代码"), ("name", "单位名称")):
        seen: dict[str, Entry] = {}
        for entry in entries:
            plain = code_key(entry[key]) if key == "code" else entry[key]
            first = seen.setdefault(plain, entry)
            if first is not entry:
                how = "重复" if entry[key] == first[key] else f"的“{first[key]}”只有写法不同"
                what = f"{words}“{entry[key]}”与第 {first.row} 行{how}"
                faults.append(Fault(f"第 {entry.row} 行", what, "请更正或删去一行"))
    return faults


def _categories(entries: list[Entry], scheme: Scheme) -> list[Fault]:
    known = [category.name for category in scheme.categories]
    return [
        Fault(f"第 {entry.row} 行", f"部门类别“{entry['category']}”不在评分方案中", f"应为：{'、'.join(known)}")
        for entry in entries
        if entry["category"] not in known
    ]


def write_roster(path: Path) -> None:
    """A blank roster for the bureau to fill. Raises OSError."""
    note = "填好后放在 input 文件夹或本文件夹，运行时自动使用；没有报送的部门会列为“未报送”。"
    write_list(path, "部门名录", HEADINGS, note)
