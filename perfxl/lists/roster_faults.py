"""What does not hold in a roster: entries that stand twice, contradict each other, or name what there is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.errors import Fault
from perfxl.lists.roster_columns import EXTENDED, SCHEME
from perfxl.lists.table import Entry
from perfxl.scheme.model import Scheme
from perfxl.submission.identity import code_key, name_key
from perfxl.submission.numbers import date_in
from perfxl.text import fold_all


def faults_in(
    entries: Sequence[Entry],
    owed: Sequence[Scheme | None],
    schemes: Sequence[Scheme],
    called: Mapping[str, str],
) -> list[Fault]:
    """All that does not hold. owed: the scheme of each entry. called: the words of the columns."""
    faults = _no_days(entries)
    for scheme in schemes:
        twice = _projects_twice if scheme.evaluated.is_project else _twice
        faults += twice([entry for entry, own in zip(entries, owed, strict=True) if own is scheme], called)
    for entry, own in zip(entries, owed, strict=True):
        faults += _unknown_scheme(entry, schemes) if own is None else _unknown_category(entry, own, schemes)
    return faults


def scheme_of(entry: Entry, schemes: Sequence[Scheme]) -> Scheme | None:
    """The scheme that a row names; where it names none the first that has its category, or else the first of all."""
    named = fold_all(entry["scheme"])
    if named:
        return next((scheme for scheme in schemes if named in names_of(scheme)), None)
    return next((scheme for scheme in schemes if entry["category"] in category_names(scheme)), schemes[0])


def names_of(scheme: Scheme) -> set[str]:
    """What a scheme is called in the roster."""
    return {fold_all(scheme.id), fold_all(scheme.header.title)}


def category_names(scheme: Scheme) -> list[str]:
    return [category.name for category in scheme.categories]


def _no_days(entries: Sequence[Entry]) -> list[Fault]:
    key = EXTENDED.key
    return [
        Fault(entry.place(key), f"{EXTENDED.text}“{entry[key]}”不是日期", "请写成 2023-04-20 的样式，或留空")
        for entry in entries
        if entry[key] and date_in(entry[key]) is None
    ]


def _unknown_scheme(entry: Entry, schemes: Sequence[Scheme]) -> list[Fault]:
    known = "、".join(f"{scheme.id}（{scheme.header.title}）" for scheme in schemes)
    what = f"{SCHEME.text}“{entry['scheme']}”不在本次使用的方案中，也没有这样的内置方案"
    advice = f"应为：{known}；确应按它评价的，请用 --scheme 加上该方案，或把它放进 workbook_templates 文件夹"
    return [Fault(entry.place(SCHEME.key), what, advice)]


def _twice(entries: Sequence[Entry], called: Mapping[str, str]) -> list[Fault]:
    """Codes and names that stand there twice, in whatever spelling: workbooks are held against them free of it."""
    faults = []
    for key, words, plainly in (("code", called["code"], code_key), ("name", called["name"], name_key)):
        seen: dict[str, Entry] = {}
        for entry in entries:
            plain = plainly(entry[key])
            first = seen.setdefault(plain, entry)
            if first is not entry:
                how = "重复" if entry[key] == first[key] else f"的“{first[key]}”只有写法不同"
                what = f"{words}“{entry[key]}”与第 {first.row} 行{how}"
                faults.append(Fault(entry.place(key), what, "请更正或删去一行"))
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
            faults.append(Fault(entry.place("project"), what, "请更正或删去一行"))
        for key, other, own, its in (("code", "name", code, name), ("name", "code", name, code)):
            first = units.setdefault((key, own), entry)
            written = name_key(first["name"]) if other == "name" else code_key(first["code"])
            if written != its:
                what = f"{called[key]}“{entry[key]}”与第 {first.row} 行相同，{called[other]}却不同"
                faults.append(Fault(entry.place(key), what, "各行的代码和名称应当一致，请更正"))
    return faults


def _unknown_category(entry: Entry, scheme: Scheme, schemes: Sequence[Scheme]) -> list[Fault]:
    """A category that the scheme does not have, or none of the schemes where the row names none."""
    several, named = len(schemes) > 1, entry["scheme"]
    known = [name for one in ((scheme,) if named else schemes) for name in category_names(one)]
    if entry["category"] in known:
        return []
    where = f"评分方案“{scheme.header.title}”" if several and named else "评分方案"
    what = f"{scheme.evaluated.category_title}“{entry['category']}”不在{where}中"
    return [Fault(entry.place("category"), what, f"应为：{'、'.join(dict.fromkeys(known))}")]
