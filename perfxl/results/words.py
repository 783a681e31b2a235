"""What the results call those that are evaluated, and what heads their columns, in the scheme's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfxl.scheme.model import BASE, Evaluated, Indicator

FINDINGS = "问题清单"
"""The sheet of the findings, to which much of what is told leads."""
NO_ROSTER = "—（未提供部门名录）"
"""Instead of how many sent nothing, where nobody knows who should have."""


@dataclass(frozen=True)
class Words:
    """one: one that is evaluated, 部门. title: the heading of what it is called in lists, 部门名称; code: of its code.

    category: of its category. unit: of the unit's name, which stands beside the title where projects are evaluated.
    """

    one: str
    title: str
    code: str
    category: str
    unit: str

    @classmethod
    def of(cls, evaluated: Evaluated) -> Words:
        """The words of a scheme."""
        title = evaluated.project_title if evaluated.is_project else evaluated.name_title
        return cls(evaluated.word, title, evaluated.code_title, evaluated.category_title, evaluated.name_title)

    @classmethod
    def joined(cls, several: Iterable[Words]) -> Words:
        """The words for what one or another scheme evaluates, `部门名称／项目名称`."""
        all_ = list(several)
        one = "、".join(dict.fromkeys(item.one for item in all_))
        title, code, category = (
            "／".join(dict.fromkeys(words))
            for words in zip(*((item.title, item.code, item.category) for item in all_), strict=True)
        )
        units = [item.unit for item in all_ if item.unit != item.title]
        return cls(one, title, code, category, units[0] if units else all_[0].unit)

    def count(self, number: int) -> str:
        """So many of them, `98 个部门`."""
        return f"{number} 个{self.one}"


def outside_name(indicator: Indicator) -> str:
    """An indicator's name, which tells where its points do not make up the hundred."""
    return tell_nature(indicator.name, indicator.nature)


def tell_nature(name: str, nature: str, between: str = "") -> str:
    """The name of an indicator or level, with 加分 or 扣分 where its points lie outside the hundred.

    between: what stands between the two, a new line in narrow cells.
    """
    return name if nature == BASE or nature in name else f"{name}{between}（{nature}）"
