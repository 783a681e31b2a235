"""Whether a text gives a reason: what people write where they have none, and what only points elsewhere.

Where points were lost the reason may stand in another paper; a low rate or a changed budget is explained where that is
asked, since the explanation takes the place of the finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from perfxl.findings.in_excel import Cell, blank, is_blank
from perfxl.findings.one_field import OfOneField

_PLACES = (
    "附件", "附件1", "附件2", "附件一", "附件二", "附表", "附表1", "附件说明", "附件材料", "说明", "情况说明",
    "自评报告", "报告", "备注", "附注", "材料", "文件", "上", "下",
)  # fmt: skip
SAYS_NOTHING = (
    "无", "没有", "暂无", "空", "/", "-", "—", "——", "...", "……", "略", "不适用", "不涉及", "不存在", "N/A", "NA",
    "无说明", "无原因", "待定", "待补充", "待说明", "是", "否",
)  # fmt: skip
"""What people write where they have nothing to say: no explanation and no reason."""
COULD_STAND_ANYWHERE = (
    "同上", "按要求", "按规定", "按要求执行", "按规定执行", "按实际", "正常", "正常支出", "正常扣分", "其他",
    "其他原因", "客观原因", "特殊原因", "工作需要", "实际情况", "实际需要", "已说明",
)  # fmt: skip
"""What explains nothing. Why points were lost is thinly said with it, but said: no workbook is returned for it."""
REFERS_ONLY = (*(f"{see}{place}" for see in ("见", "详见", "参见") for place in _PLACES), "另附", "另附说明", "后附")
"""What only points elsewhere: who reads it learns nothing. Longer texts that name what is there say something."""
_AROUND = (" ", "　", "。", "；", "，", "：", "（", "）", "(", ")")
"""Signs that add nothing to such a word."""


def bare(text: str) -> str:
    """The words of a text without the signs around them, in one case."""
    for sign in _AROUND:
        text = text.replace(sign, "")
    return text.casefold()


NO_REASON, NO_EXPLANATION = "清单非理由", "清单非说明"
LISTS = {
    NO_REASON: tuple(dict.fromkeys(map(bare, SAYS_NOTHING))),
    NO_EXPLANATION: tuple(dict.fromkeys(map(bare, (*SAYS_NOTHING, *COULD_STAND_ANYWHERE, *REFERS_ONLY)))),
}
"""The words by the names under which the template's formulas look them up."""
_NOTHING, _NOTHING_EITHER = map(frozenset, LISTS.values())


def gives_reason(value: object) -> bool:
    """Whether a text says anything, be it where more is to be read: that is enough for why points were lost."""
    return not is_blank(value) and bare(str(value)) not in _NOTHING


def explains(value: object) -> bool:
    """Whether a text says anything itself, so that it can explain something."""
    return not is_blank(value) and bare(str(value)) not in _NOTHING_EITHER


def _listed(where: str, name: str) -> str:
    """An Excel condition: the bare text of a cell is one of the words under that name of the workbook."""
    for sign in _AROUND:
        where = f'SUBSTITUTE({where},"{sign}","")'
    return f"SUMPRODUCT(--({name}={where}))>0"


def no_reason(where: str) -> str:
    """`gives_reason`, denied, as an Excel condition on a cell."""
    return f"OR({blank(where)},{_listed(where, NO_REASON)})"


@dataclass(frozen=True)
class NoReason(OfOneField):
    """Nothing stands in the field that could be a reason."""

    name: str

    def formula(self, cell: Cell) -> str:
        return no_reason(cell(self.name))

    def is_met(self, value: Any) -> bool:
        return not gives_reason(value)


@dataclass(frozen=True)
class Unexplained(OfOneField):
    """Nothing stands in the field that could explain anything."""

    name: str

    def formula(self, cell: Cell) -> str:
        where = cell(self.name)
        return f"OR({blank(where)},{_listed(where, NO_EXPLANATION)})"

    def is_met(self, value: Any) -> bool:
        return not explains(value)
