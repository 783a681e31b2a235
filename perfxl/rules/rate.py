"""What rules that score a rate have in common: facts over facts, or one fact or derived fact that is the rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfxl.decimals import decimal_of, plain
from perfxl.rules.base import NUMBERS, Inputs, Rule, setting
from perfxl.rules.percentages import full_percent, percent_beside
from perfxl.rules.quotient import Quotient, Refs

NA_NOTE = "满分 = 无此事项得满分；留空 = 得 0 分"


@dataclass(frozen=True)
class RateRule(Rule):
    """A rule over numerator ÷ denominator, or over the value of one fact. Either the one or the other is given.

    na: whether a denominator of 0 (nothing to do, nothing missed) gives full marks.
    """

    numerator: tuple[str, ...] = setting(
        "分子", "facts", "事项代码，可多行，合计", fact_types=NUMBERS, default=(), aliases=("added", "追加额")
    )
    denominator: tuple[str, ...] = setting(
        "分母", "facts", "事项代码，可多行，合计", fact_types=NUMBERS, default=(), aliases=("base", "基数")
    )
    value: str = setting(
        "数值", "fact", "不用分子、分母时：一个计算事项、百分数或数值的代码", fact_types=NUMBERS, default=""
    )
    na: str = setting("分母为零时", "choice", NA_NOTE, choices=("满分",), default="")

    @cached_property
    def quotient(self) -> Quotient:
        """The rate that is scored."""
        return Quotient((self.value,), percent=False) if self.value else Quotient(self.numerator, self.denominator)

    @property
    def full_at_zero(self) -> bool:
        return bool(self.na)

    @property
    def zero_whole(self) -> tuple[str, ...]:
        return () if self.na else self.denominator

    def faults(self, points: Decimal) -> list[tuple[str, str]]:
        if self.value and (self.numerator or self.denominator):
            return [("value", "“数值”和“分子”“分母”只能用一种")]
        if not self.value and not (self.numerator and self.denominator):
            return [("numerator", "应填“分子”和“分母”，或只填“数值”")]
        return []

    # The rate of one department.

    def scored(self, source: Inputs | Refs) -> Quotient:
        """The quotient that is scored; that of a derived fact where the value is one."""
        if self.value:
            definitions = source.definitions.get if isinstance(source, Inputs) else source.definition
            return definitions(self.value) or self.quotient
        return self.quotient

    def is_rate(self, inputs: Inputs) -> bool:
        """Whether the number is a rate (1 = 100%), and not of another unit."""
        return inputs.is_rate(self.value) if self.value else True

    def bound_words(self, inputs: Inputs, bound: Decimal) -> str:
        """A bound in the words of the number."""
        return full_percent(bound) if self.is_rate(inputs) else inputs.shown(bound, (self.value,))

    def rate_words(self, inputs: Inputs, bounds: Iterable[Decimal], *, exactly: bool = False) -> str:
        """How the rate comes about: `630.00 ÷ 642.40 = 98.07%`. bounds: on whose right side it must be seen to be.

        exactly: see `percent_beside`.
        """
        exact = self.scored(inputs).exact(inputs)
        assert exact is not None
        value = decimal_of(exact)
        if self.is_rate(inputs):
            shown = percent_beside(value, bounds, exactly=exactly)
        else:
            shown = inputs.shown(value, (self.value,))
        if not self.value:
            return f"{inputs.in_words(self.numerator)} ÷ {inputs.in_words(self.denominator)} = {shown}"
        working = quotient_words(inputs, inputs.definitions.get(self.value))
        return f"{inputs.label(self.value)} {working}{shown}"


def quotient_words(inputs: Inputs, quotient: Quotient | None) -> str:
    """How a derived fact comes about, `(120.00 − 100.00) ÷ 100.00 = `; empty for a plain fact."""
    if quotient is None:
        return ""
    part = signed_words(inputs, quotient.numerator)
    whole = signed_words(inputs, quotient.denominator) if quotient.denominator else ""
    if quotient.absolute:
        part = f"|{part}|"
    elif whole and len(quotient.numerator) > 1:
        part = f"（{part}）"
    if whole:
        part += f" ÷ （{whole}）" if len(quotient.denominator) > 1 else f" ÷ {whole}"
    factor = "" if quotient.factor == 1 else f" × {plain(quotient.factor)}"
    bare = not whole and not factor and len(quotient.numerator) == 1 and not quotient.absolute
    return "= " if bare else f"= {part}{factor} = "


def signed_words(inputs: Inputs, terms: tuple[str, ...]) -> str:
    """A signed sum with its numbers."""
    words = ""
    for term in terms:
        key = term.removeprefix("-")
        sign = " − " if term.startswith("-") else " + "
        words += f"{sign}{inputs.in_words((key,))}"
    return words.removeprefix(" + ").strip()
