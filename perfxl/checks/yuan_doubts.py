"""What speaks for amounts in 元 where 万元 belongs, in words, and when it is certain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from perfxl.layout.fields import FieldId

SUM, FORBIDDEN, COLUMN, GROUP, PAIR, SCALE, TABLE, OTHERS, WHOLE, HUGE, SAID = range(11)
WORDS = {
    SUM: "除以 10000 后分项与合计正好相符",
    FORBIDDEN: "大于不能大于的数，约是它的一万倍",
    COLUMN: "同一栏每一行都约是旁边的一万倍",
    GROUP: "这类金额没有一个小于 1000 万元，除以 10000 后都与全年资金相称",
    PAIR: "约是旁边同类数的一万倍",
    SCALE: "是本部门全年资金的几百倍以上",
    TABLE: "这一表的金额没有一个小于 1000 万元，合起来大于本部门全年资金",
    OTHERS: "全年资金是其余各项金额的几千倍以上",
    WHOLE: "各项金额没有一个小于 1000 万元（可能都是按元填的）",
    HUGE: "全年资金在 1000 亿元以上",
    SAID: "表上写的单位是“元”",
}
_CERTAIN = frozenset({SUM, FORBIDDEN, COLUMN, GROUP})
"""Signs of which each is two that don't follow from each other."""


@dataclass
class Doubts:
    """The amounts of one workbook that seem to be in 元: the signs by field."""

    signs: dict[FieldId, set[int]] = field(default_factory=dict)

    def add(self, name: FieldId, sign: int) -> None:
        """A sign of an amount."""
        self.signs.setdefault(name, set()).add(sign)

    def decided(self, name: FieldId) -> bool:
        """Whether two signs that don't follow from each other agree on an amount."""
        signs = self.signs[name]
        return bool(signs & _CERTAIN) or (SAID in signs and len(signs) > 1) or signs >= {OTHERS, WHOLE}

    @property
    def certain(self) -> bool:
        """Whether that is so of any amount."""
        return any(map(self.decided, self.signs))

    def ordered(self, fields: Iterable[FieldId]) -> list[FieldId]:
        """The amounts, those before others of which more is certain. fields: in their own order."""
        return sorted(
            (name for name in fields if name in self.signs),
            key=lambda name: (not self.decided(name), -len(self.signs[name])),
        )
