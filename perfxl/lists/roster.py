"""The roster (部门名录): who has to send a workbook, under which name and category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from perfxl.errors import Fault, ListError
from perfxl.lists.table import Entry, Heading, read_list, write_list
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import code_key, name_key
from perfxl.text import fold

FILE_NAME = "部门名录.xlsx"
HEADINGS = (
    Heading("code", "单位代码", width=18, note="预算单位代码，不能重复"),
    Heading("name", "单位名称", width=40, note="单位全称，结果表按此显示"),
    Heading("category", "部门类别", width=16, note="评分方案中的部门类别，分类排名的口径"),
    Heading("contact", "联系人", required=False, width=14),
    Heading("phone", "联系电话", required=False, width=18),
)


PROJECT = Heading("project", "项目名称", required=False, width=40, note="一个项目一行；不填即该单位至少报送一个项目")
"""Where projects are evaluated."""


def headings_of(scheme: Scheme) -> tuple[Heading, ...]:
    """The columns of the roster, called as the scheme calls them; the usual words hold too."""
    words = scheme.evaluated
    called = {
        "code": words.code_label, "name": words.name_label, "category": words.category_label,
        "project": words.project_label,
    }  # fmt: skip
    columns = [*HEADINGS]
    if words.is_project:
        columns.insert(2, PROJECT)
    return tuple(
        replace(heading, text=called.get(heading.key, heading.text), usual=heading.text) for heading in columns
    )


@dataclass(frozen=True)
class Listed:
    """A department of the roster, or a project of one."""

    code: str
    name: str
    category: str
    contact: str
    phone: str
    project: str = ""


@dataclass(frozen=True)
class Roster:
    """The departments of the roster by code, in its order.

    listed: every row, where projects are evaluated and a department may have several.
    """

    departments: Mapping[str, Listed]
    listed: Sequence[Listed] = ()

    @property
    def rows(self) -> Sequence[Listed]:
        """Everyone who owes a workbook: each department, or each project; one without a project owes one at least."""
        return self.listed or tuple(self.departments.values())

    def rows_of(self, department: Listed) -> Sequence[Listed]:
        """The rows of a department."""
        return self._rows_by_code.get(department.code, ()) if self.listed else (department,)

    @cached_property
    def _rows_by_code(self) -> Mapping[str, Sequence[Listed]]:
        found: dict[str, list[Listed]] = {}
        for row in self.listed:
            found.setdefault(row.code, []).append(row)
        return found

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
    headings = headings_of(scheme)
    entries = read_list(path, headings) or []
    words = {heading.key: heading.text for heading in headings}
    twice = _projects_twice if scheme.evaluated.is_project else _twice
    faults = [*twice(entries, words), *_categories(entries, scheme)]
    if faults:
        raise ListError(path.name, faults)
    rows = [Listed(**{**entry.values, "code": fold(entry["code"])}) for entry in entries]
    departments: dict[str, Listed] = {}
    for row in rows:
        departments.setdefault(row.code, row)
    if not rows:
        return None
    return Roster(departments, rows if scheme.evaluated.is_project else ())


def _twice(entries: list[Entry], called: Mapping[str, str]) -> list[Fault]:
    faults = []
    for key, words in (("code", called["code"]), ("name", called["name"])):
        seen: dict[str, Entry] = {}
        for entry in entries:
            plain = code_key(entry[key]) if key == "code" else entry[key]
            first = seen.setdefault(plain, entry)
            if first is not entry:
                how = "重复" if entry[key] == first[key] else f"的“{first[key]}”只有写法不同"
                what = f"{words}“{entry[key]}”与第 {first.row} 行{how}"
                faults.append(Fault(f"第 {entry.row} 行", what, "请更正或删去一行"))
    return faults


def _projects_twice(entries: list[Entry], called: Mapping[str, str]) -> list[Fault]:
    """A project stands there once, and a department under one name and one code."""
    faults = []
    projects: dict[tuple[str, str], Entry] = {}
    units: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        code, name = code_key(entry["code"]), name_key(entry["name"])
        first = projects.setdefault((code, name_key(entry["project"])), entry)
        if first is not entry:
            what = f"{called['code']}“{entry['code']}”的项目“{entry['project']}”与第 {first.row} 行重复"
            faults.append(Fault(f"第 {entry.row} 行", what, "请更正或删去一行"))
        for key, other, own, its in (("code", "name", code, name), ("name", "code", name, code)):
            first = units.setdefault((key, own), entry)
            written = name_key(first["name"]) if other == "name" else code_key(first["code"])
            if written != its:
                what = f"{called[key]}“{entry[key]}”与第 {first.row} 行相同，{called[other]}却不同"
                faults.append(Fault(f"第 {entry.row} 行", what, "同一单位各行的代码和名称应当一致，请更正"))
    return faults


def _categories(entries: list[Entry], scheme: Scheme) -> list[Fault]:
    known = [category.name for category in scheme.categories]
    return [
        Fault(
            f"第 {entry.row} 行",
            f"{scheme.evaluated.category_label}“{entry['category']}”不在评分方案中",
            f"应为：{'、'.join(known)}",
        )
        for entry in entries
        if entry["category"] not in known
    ]


def write_roster(path: Path, scheme: Scheme | None = None) -> None:
    """A blank roster for the bureau to fill, with the columns of a scheme. Raises OSError."""
    who = "项目" if scheme is not None and scheme.evaluated.is_project else "部门"
    note = f"填好后放在 input 文件夹或本文件夹，运行时自动使用；没有报送的{who}会列为“未报送”。"
    write_list(path, "部门名录", HEADINGS if scheme is None else headings_of(scheme), note)
