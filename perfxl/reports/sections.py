"""The narrative of a report by its headings: which paragraphs belong to which part of the scheme's narrative."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from perfxl.reports.lines import MARK
from perfxl.reports.sentences import is_heading
from perfxl.reports.text import Block
from perfxl.scheme.model import Scheme
from perfxl.text import fold_all

_WORDS = {
    "duties": r"主要职[责能]",
    "organisation": r"机构设置|机构情况",
    "annual_work": r"年度总体工作|年度工作(?:任务|情况)?$|年度主要工作|总体工作和重点工作",
    "management": r"运行监控|绩效管理情况",
    "achievements": r"工作成效|主要成效|主要成绩",
    "problems": r"存在的?(?:主要)?问题|不足",
    "measures": r"改进措施|下一步|改进意见",
}
"""Headings of the usual parts."""
_ENDING = re.compile(r"^\s*附\s*件")


def narrative(blocks: Sequence[Block], scheme: Scheme) -> Mapping[str, str]:
    """The texts by key of the narrative. A heading that is finer takes the place of the one above it."""
    texts: dict[str, list[str]] = {}
    depth: dict[str, int] = {}
    key, level = "", 0
    for block in blocks:
        if block.table:
            continue
        if _ENDING.match(block.text):
            key = ""
            continue
        if is_heading(block.text) or _bare_heading(block.text, scheme):
            own, deep = _key(block.text, scheme), _level(block.text)
            if own:
                if own in depth and depth[own] < deep:
                    texts.pop(own, None)
                key, level = own, deep
                depth[own] = deep
            elif deep <= level or key == "":
                key = ""
            continue
        if key:
            texts.setdefault(key, []).append(block.text.strip())
    return {key: "\n".join(lines) for key, lines in texts.items()}


def _key(heading: str, scheme: Scheme) -> str:
    title = fold_all(MARK.sub("", heading, count=1))
    keys = {part.key: fold_all(part.label) for part in scheme.narrative}
    for key, label in keys.items():
        if title == label:
            return key
    return next((key for key, words in _WORDS.items() if key in keys and re.search(words, title)), "")


def _bare_heading(text: str, scheme: Scheme) -> bool:
    return fold_all(text) in {fold_all(part.label) for part in scheme.narrative}


def _level(heading: str) -> int:
    """How deep a heading stands: 一、 1, （一） 2, 1. 3, (1) 4."""
    text = heading.strip()
    if re.match(r"第?[一二三四五六七八九十]+[、．.章节部]", text):
        return 1
    if re.match(r"[（(][一二三四五六七八九十]", text):
        return 2
    return 3 if re.match(r"\d{1,2}[.．、]", text) else 4
