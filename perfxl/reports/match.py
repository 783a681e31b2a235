"""Which department a report is of: by its title, the name of its file, the folder, at last by its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfxl.reports.sentences import plain_of, title_of
from perfxl.reports.text import ReportText
from perfxl.text import fold_all

_TITLED = re.compile(
    r"(?:20\d\d|[二〇○Ｏ零]{2}[一二三四五六七八九〇零]{2})年度?(?P<name>[^，。：]{2,40}?)(?:部门|单位|项目)?(?:整体)?(?:支出)?(?:项目支出)?(?:预算)?(?:绩效|自评)"
)
_REGION = re.compile(r"^(?:[^省市区县]{1,8}?[省市])?(?:[^省市区县]{1,6}?[市区县])?(?=.{3})")
_TEXT = 4_000
"""Characters of the text in which a department is looked for at last."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a report says of its own department. title: the lines before the first chapter. text: where it begins."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Matched:
    """place: number of the department among the candidates, −1 where there is none. why: how it was found, or not."""

    place: int
    why: str


def head_of(report: ReportText) -> Head:
    """The head of a report."""
    text = plain_of("\n".join(block.text for block in report.blocks[:200]))[0][:_TEXT]
    return Head(_plain(title_of(report.blocks)), text)


def match(head: Head, shown: str, candidates: Sequence[tuple[str, str]], missing: Iterable[str] = ()) -> Matched:
    """The candidate (name and code) that a report is of. shown: its path. missing: names of those that sent nothing."""
    names = [_plain(name) for name, _ in candidates]
    *folders, file = shown.split("/")
    places = [("标题", head.title), ("文件名", _plain(file))]
    places += [("文件夹", _plain(folder)) for folder in reversed(folders)]
    titled = _TITLED.search(head.title)
    for where, text in places:
        found = _named(text, names) or _shortened(text, names)
        if not found and where == "文件名":
            found = [number for number, (_, code) in enumerate(candidates) if len(code) >= 4 and fold_all(code) in text]
        if not found and where == "标题" and titled is not None:
            found = _spelt(titled["name"], names)
            absent = next((name for name in missing if _plain(name) in head.title), None)
            if not found and absent is not None:
                return Matched(-1, f"它是“{absent}”的，“{absent}”没有报送工作簿")
            if not found and not _general(titled["name"]) and len(titled["name"]) >= 4:
                return Matched(-1, f"标题里的“{titled['name']}”不在本次报送的工作簿中")
        if len(found) == 1:
            return Matched(found[0], where)
        if len(found) > 1:
            told = "、".join(f"“{candidates[number][0]}”" for number in found[:3])
            return Matched(-1, f"按{where}可能是{told}，分不清是哪一个")
    found = _named(head.text, names)
    if len(found) == 1:
        return Matched(found[0], "正文")
    return Matched(-1, "标题、文件名和文件夹里都没有找到本次报送的部门名称")


def titled_name(title: str) -> str:
    """The department in a title, as it is written without spaces; empty where it names none."""
    match = _TITLED.search(plain_of(title)[0])
    name = re.sub(r"(?:部门|单位)$", "", match["name"]) if match else ""
    return "" if _general(name) else name


def _plain(text: str) -> str:
    return fold_all(plain_of(text)[0])


def _named(text: str, names: Sequence[str]) -> list[int]:
    """Whose names stand in a text, without those that are only part of another one there."""
    found = [number for number, name in enumerate(names) if len(name) >= 2 and name in text]
    return [
        number for number in found if not any(names[number] != names[n] and names[number] in names[n] for n in found)
    ]


def _shortened(text: str, names: Sequence[str]) -> list[int]:
    """Whose names stand there without their region."""
    short = [_REGION.sub("", name) for name in names]
    found = [n for n in _named(text, short) if len(short[n]) >= 3 and short.count(short[n]) == 1]
    # Another region before the name makes it another department.
    return [
        n
        for n in found
        if re.search(r"[省市区县]$", text[: text.find(short[n])]) is None or _tail(text, short[n], names[n])
    ]


def _tail(text: str, short: str, name: str) -> bool:
    """Whether what stands before a shortened name is part of the region that was left out."""
    region = name[: len(name) - len(short)]
    before = text[: text.find(short)]
    return any(before.endswith(region[start:]) for start in range(len(region)))


def _spelt(called: str, names: Sequence[str]) -> list[int]:
    """Whose names are shortened to that, letter by letter: 增城区科协."""
    if len(called) < 3:
        return []
    found = []
    for number, name in enumerate(names):
        rest = iter(name)
        if all(letter in rest for letter in called):
            found.append(number)
    return found


def _general(name: str) -> bool:
    """Whether a title speaks of nobody by name."""
    return re.fullmatch(r"(?:本|我|全)?(?:部门|单位|项目|局|区级?|市级?|预算)*(?:整体|支出|绩效)*", name) is not None
