"""The roster (部门名录): who has to send a workbook, under which name and category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from perfxl.errors import Fault, ListError
from perfxl.lists.table import Entry, Heading, read_list, write_list
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.library import builtin_entries
from perfxl.scheme.model import Evaluated, Scheme
from perfxl.submission.identity import code_key, name_key
from perfxl.text import fold, fold_all

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
SCHEME = Heading(
    "scheme", "评分方案", required=False, width=24, note="方案的代码或标题；不填即第一个有这一类别的方案"
)  # fmt: skip
"""By which scheme the row is evaluated."""


def headings_of(schemes: Schemes) -> tuple[Heading, ...]:
    """The columns of the roster, called as the first scheme calls them; the words of the others and the usual hold too.

    The column 评分方案 may always stand there.
    """
    called = [_called(scheme.evaluated) for scheme in as_schemes(schemes)]
    columns = [*HEADINGS, SCHEME]
    if any(scheme.evaluated.is_project for scheme in as_schemes(schemes)):
        columns.insert(2, PROJECT)
    return tuple(
        replace(
            heading,
            text=called[0].get(heading.key, heading.text),
            usual=heading.text,
            others=tuple(words[heading.key] for words in called[1:] if heading.key in words),
        )
        for heading in columns
    )


def _called(words: Evaluated) -> dict[str, str]:
    return {
        "code": words.code_label, "name": words.name_label, "category": words.category_label,
        "project": words.project_label,
    }  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A department of the roster, or a project of one. scheme: the code of the one that it is evaluated by."""

    code: str
    name: str
    category: str
    contact: str
    phone: str
    project: str = ""
    scheme: str = ""


@dataclass(frozen=True)
class Roster:
    """The departments of the roster by code, in its order.

    listed: every row, where projects are evaluated and a department may have several. parts: the roster of each scheme
    by its code, where there are several.
    """

    departments: Mapping[str, Listed]
    listed: Sequence[Listed] = ()
    parts: Mapping[str, Roster] = field(default_factory=dict)

    def of(self, scheme: Scheme) -> Roster:
        """Who is evaluated by a scheme."""
        return self.parts.get(scheme.id, self)

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


def _builtin() -> Iterable[Scheme]:
    return (entry.scheme for entry in builtin_entries() if entry.scheme is not None)


def read_roster(
    path: Path,
    schemes: Schemes,
    others: Callable[[], Iterable[Scheme]] = _builtin,
    tell: Callable[[str], None] = lambda words: None,
) -> Roster | None:
    """The roster in a workbook, None where it has no entry of these schemes (the blank one of the templates has none).

    others: gives the schemes that there are besides; rows that name one of them are passed over and told, for a roster
    serves for all schemes, also where a run is by one of them. Raises UsageError where the file cannot be read,
    ListError with all its faults where it does not hold.
    """
    schemes = as_schemes(schemes)
    headings = headings_of(schemes)
    entries = _of_these(read_list(path, headings) or [], schemes, others, tell)
    words = {heading.key: heading.text for heading in headings}
    owed = [_scheme_of(entry, schemes) for entry in entries]
    faults: list[Fault] = []
    for scheme in schemes:
        twice = _projects_twice if scheme.evaluated.is_project else _twice
        faults += twice([entry for entry, own in zip(entries, owed, strict=True) if own is scheme], words)
    for entry, own in zip(entries, owed, strict=True):
        faults += _unknown_scheme(entry, schemes) if own is None else _unknown_category(entry, own, schemes)
    if faults:
        raise ListError(path.name, faults)
    rows = [_listed(entry, own) for entry, own in zip(entries, owed, strict=True) if own is not None]
    if not rows:
        return None
    parts = {
        scheme.id: _roster([row for row in rows if row.scheme == scheme.id], projects=scheme.evaluated.is_project)
        for scheme in schemes
    }
    return parts[schemes[0].id] if len(parts) == 1 else replace(_roster(rows, projects=True), parts=parts)


def _of_these(
    entries: Sequence[Entry],
    schemes: Sequence[Scheme],
    others: Callable[[], Iterable[Scheme]],
    tell: Callable[[str], None],
) -> list[Entry]:
    """The entries but for those that name a scheme which is there and not used in this run."""
    strange = {fold_all(entry["scheme"]) for entry in entries if _scheme_of(entry, schemes) is None}
    if not strange:
        return list(entries)
    passed: dict[str, str] = {}
    for other in others():
        for name in strange & _names_of(other):
            passed.setdefault(name, f"“{other.id}”（{other.header.title}）")
    for title in dict.fromkeys(passed.values()):
        rows = [entry.row for entry in entries if passed.get(fold_all(entry["scheme"])) == title]
        tell(f"部门名录中有 {len(rows)} 行（第 {rows[0]} 行起）写的评分方案是{title}，本次没有使用它，这些行没有处理。")
    return [entry for entry in entries if fold_all(entry["scheme"]) not in passed]


def _listed(entry: Entry, scheme: Scheme) -> Listed:
    values = {**entry.values, "code": fold(entry["code"]), "scheme": scheme.id}
    if not scheme.evaluated.is_project:
        values.pop("project", "")
    return Listed(**values)


def _roster(rows: Sequence[Listed], *, projects: bool) -> Roster:
    departments: dict[str, Listed] = {}
    for row in rows:
        departments.setdefault(row.code, row)
    return Roster(departments, rows if projects else ())


def _scheme_of(entry: Entry, schemes: Sequence[Scheme]) -> Scheme | None:
    """The scheme that a row names; where it names none the first that has its category, or else the first of all."""
    named = fold_all(entry["scheme"])
    if named:
        return next((scheme for scheme in schemes if named in _names_of(scheme)), None)
    return next((scheme for scheme in schemes if entry["category"] in _category_names(scheme)), schemes[0])


def _names_of(scheme: Scheme) -> set[str]:
    """What a scheme is called in the roster."""
    return {fold_all(scheme.id), fold_all(scheme.header.title)}


def _category_names(scheme: Scheme) -> list[str]:
    return [category.name for category in scheme.categories]


def _unknown_scheme(entry: Entry, schemes: Sequence[Scheme]) -> list[Fault]:
    known = "、".join(f"{scheme.id}（{scheme.header.title}）" for scheme in schemes)
    what = f"{SCHEME.text}“{entry['scheme']}”不在本次使用的方案中，也没有这样的内置方案"
    advice = f"应为：{known}；确应按它评价的，请用 --scheme 加上该方案，或把它放进 workbook_templates 文件夹"
    return [Fault(entry.cells[SCHEME.key], what, advice)]


def _twice(entries: Sequence[Entry], called: Mapping[str, str]) -> list[Fault]:
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


def _projects_twice(entries: Sequence[Entry], called: Mapping[str, str]) -> list[Fault]:
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


def _unknown_category(entry: Entry, scheme: Scheme, schemes: Sequence[Scheme]) -> list[Fault]:
    """A category that the scheme does not have, or none of the schemes where the row names none."""
    several, named = len(schemes) > 1, entry["scheme"]
    known = [name for one in ((scheme,) if named else schemes) for name in _category_names(one)]
    if entry["category"] in known:
        return []
    where = f"评分方案“{scheme.header.title}”" if several and named else "评分方案"
    what = f"{scheme.evaluated.category_label}“{entry['category']}”不在{where}中"
    return [Fault(f"第 {entry.row} 行", what, f"应为：{'、'.join(dict.fromkeys(known))}")]


def write_roster(path: Path, schemes: Schemes = ()) -> None:
    """A blank roster for the bureau to fill, with the columns that the schemes need. Raises OSError."""
    schemes = as_schemes(schemes)
    projects = {scheme.evaluated.is_project for scheme in schemes} or {False}
    who = "部门和项目" if len(projects) > 1 else "项目" if True in projects else "部门"
    note = f"填好后放在 input 文件夹或本文件夹，运行时自动使用；没有报送的{who}会列为“未报送”。"
    columns = headings_of(schemes) if schemes else HEADINGS
    # With one scheme nobody needs to name it.
    write_list(path, "部门名录", [item for item in columns if len(schemes) > 1 or item.key != SCHEME.key], note)
