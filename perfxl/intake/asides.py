"""Rows within an open table that are no rows of it: subtotals, signatures, notes and headings between.

People put them where a form on paper has them. What they say is certain, so that they are told once and read as what
they are, and not as an indicator or a task with everything missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from perfxl.layout import Block, Place
from perfxl.layout.fields import FieldSpec
from perfxl.layout.signatures import SEAL as SEAL_ON_PAPER
from perfxl.submission.numbers import DASHES, NOTHING
from perfxl.text import fold, fold_all, is_blank
from perfxl.workbook.sheet_cells import Raw


class Kind(StrEnum):
    """What such a row is."""

    SUBTOTAL = "小计"
    SIGNATURE = "签名"
    NOTE = "说明"


class Aside(NamedTuple):
    """Such a row: its table, its first filled cell and what stands there."""

    block: Block
    place: Place
    kind: Kind
    text: str


SEAL = fold(SEAL_ON_PAPER)
_SUBTOTALS = frozenset(
    {"小计", "合计", "总计", "共计", "累计", "本页小计", "本页合计", "分值合计", "权重合计", "得分合计"}
)
_NAMES = frozenset({"level1", "level2", "name"})
"""The columns in which a row says what it is."""
_SUMS = ("小计", "合计")
_WHO = (
    r"(?:填报|填表|制表|审核|复核|审批|经办|校对|联系|分管|主管|财务|单位|部门|项目)*"
    r"(?:人员|人|领导|负责人|日期|时间|电话|公章|盖章|签字|签章|签名)"
)
_MARK = r"\s*(?:\((?:签字|签章|签名|盖章|公章|手写)\))?\s*"
_SIGNATURE = re.compile(rf"(?:{_WHO}|制表|审核|复核|填报|填表|经办|单位|日期){_MARK}:|{_WHO}{_MARK}$")
_NOTE = re.compile(r"(?:注|备注|说明|填表说明|填报说明)\s*\d*\s*[::、.)]|[※★*]")
_NOTED = re.compile(r"(?:注|备注|说明|填表说明|填报说明)\s*\d*\s*[::、.)]?$")
"""The word alone, with what is noted in the next cell."""
_SENTENCE = 8
"""Signs from which on what alone stands in a row, in a column of choices and none of them, is a remark."""
_ABOVE = re.compile(r"(?:以上|上述|其中)?(?P<rest>.*?)(?:权重|分值|得分|指标)*(?:小计|合计|总计|共计)")
_HEADING = re.compile(r"(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\))")


def aside_of(contents: Mapping[str, Raw], specs: Mapping[str, FieldSpec], levels: Sequence[str]) -> Kind | None:
    """What a row is where it is none of the table's; None for a row of the table.

    contents: of its input columns, by key. levels: first-level names, before which people write 小计.
    """
    filled = {key: content for key, content in contents.items() if not is_blank(content)}
    data = any(_is_data(content, specs[key]) for key, content in filled.items())
    # Nearly all rows are the table's, and none of their names has the sign of a sum.
    if data and not any("计" in content for key in _NAMES if isinstance(content := filled.get(key), str)):
        return None
    texts = [(key, fold(content)) for key, content in filled.items() if isinstance(content, str)]
    if not texts:
        return None
    # No indicator or task has such a name, whatever sums stand beside it.
    names = [text for key, text in texts if key in _NAMES]
    named = any(fold_all(text).rstrip(":") in _SUBTOTALS for text in names)
    if named and not any(_is_choice(content, specs[key]) for key, content in filled.items()):
        return Kind.SUBTOTAL
    if data:
        return None
    if any(_is_subtotal(text, levels) for text in names):
        return Kind.SUBTOTAL
    first = fold(content) if isinstance(content := next(iter(filled.values())), str) else ""
    if _SIGNATURE.match(first) and (len(filled) > 1 or ":" in first) and _may_be_signature(list(filled.values())):
        return Kind.SIGNATURE
    if len(filled) == 1 and (
        _NOTE.match(first) or _HEADING.match(first) or _is_remark(first, specs[next(iter(filled))])
    ):
        return Kind.NOTE
    if len(filled) == len(texts) == 2 and _NOTED.match(first):
        return Kind.NOTE
    return None


def _is_remark(text: str, spec: FieldSpec) -> bool:
    """Whether a text that is all of a row is no choice of its column, and too long to be one that is misspelt."""
    longest = max(map(len, spec.choices), default=0)
    return spec.type == "choice" and len(text) > max(longest, _SENTENCE) and text not in (*spec.choices, *spec.aliases)


def signs(row: Sequence[Raw]) -> bool:
    """Whether somebody signs in a row below a table: a word for who stands in one of its cells, or room for the seal.

    A name may have been typed over the word before it.
    """
    texts = [fold(content) for content in row if isinstance(content, str)]
    return any(text.startswith(SEAL) or (":" in text and _SIGNATURE.match(text)) for text in texts)


def _is_data(content: Raw, spec: FieldSpec) -> bool:
    """Whether a cell holds what only a row of the table holds: a choice of its column, a target or a result."""
    if spec.type == "value":
        return not (isinstance(content, str) and not _is_result(content, spec))
    return _is_choice(content, spec)


def _is_choice(content: Raw, spec: FieldSpec) -> bool:
    """Whether a cell holds a choice that is a sign or a short word, as those of symbols are."""
    if spec.type != "choice" or not spec.choices:
        return False
    folded = fold(content) if isinstance(content, str) else ""
    return folded in (*spec.choices, *spec.aliases) and len(folded) < 3


def _is_result(text: str, spec: FieldSpec) -> bool:
    """Whether a text may be a target or a result: a word of the scheme, or something with a number."""
    folded = fold(text.translate(DASHES))
    if folded in NOTHING or ":" in folded:
        return False
    return folded in (*spec.choices, *spec.aliases) or any(letter.isdigit() for letter in folded)


def _is_subtotal(text: str, levels: Sequence[str]) -> bool:
    whole = fold_all(text).rstrip(":")
    if whole in _SUBTOTALS:
        return True
    if any(whole == f"{level}{word}" for level in levels for word in _SUMS):
        return True
    above = _ABOVE.fullmatch(whole)
    return above is not None and above["rest"] in ("", *levels, *(f"{level}指标" for level in levels))


def _may_be_signature(contents: Sequence[Raw]) -> bool:
    """Whether no number stands in the row but behind a colon, such as a telephone's."""
    before = ""
    for content in contents:
        if not isinstance(content, str | date | datetime) and not before.endswith(":"):
            return False
        before = fold(content) if isinstance(content, str) else ""
    return True
