"""Facts over facts: what a rule or a scheme calls a rate or a derived fact, as exact number and as Excel expression.

Keys name facts; one that begins with a minus is subtracted. Without a denominator the quotient is the sum itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from perfxl.decimals import ONE, decimal_of, plain

if TYPE_CHECKING:
    from perfxl.rules.inputs import Inputs

MINUS = "-"


class Refs(Protocol):
    """Where the inputs stand in the template, as absolute Excel references."""

    def fact(self, key: str) -> str:
        """The cell of a fact or derived fact."""
        ...

    def number(self, key: str) -> str:
        """The value of a fact as an expression: percent facts are typed in points and count as rates."""
        ...

    def kpi(self, column: str) -> str:
        """The range of one column of the KPI table over all its rows."""
        ...

    def definition(self, key: str) -> Quotient | None:
        """How a derived fact is worked out, None for a plain one."""
        ...


def unsigned(term: str) -> str:
    """The key of a term without its minus."""
    return term.removeprefix(MINUS)


@dataclass(frozen=True)
class Quotient:
    """The sum of some facts over the sum of others, times a factor.

    absolute: without its sign. percent: whether it is shown and scored as a rate (1 = 100%).
    """

    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    absolute: bool = False
    factor: Decimal = ONE
    percent: bool = True

    def keys(self) -> tuple[str, ...]:
        """The facts that it names, each once."""
        return tuple(dict.fromkeys(unsigned(term) for term in (*self.numerator, *self.denominator)))

    def parts(self, inputs: Inputs) -> tuple[Fraction, Fraction] | None:
        """Dividend (sign and factor included) and divisor above 0; None where the divisor is not above 0.

        To be asked only where no fact is missing.
        """
        part = inputs.total(self.numerator)
        whole = inputs.total(self.denominator) if self.denominator else Fraction(1)
        if part is None or whole is None or whole <= 0:
            return None
        return (abs(part) if self.absolute else part) * Fraction(self.factor), whole

    def exact(self, inputs: Inputs) -> Fraction | None:
        """The exact quotient; None where the divisor is not above 0. Only where no fact is missing."""
        # Score and explanation ask for the same. Kept with the quotient itself, or another could come to have its id.
        known = inputs.memo.get(id(self))
        if known is None:
            known = inputs.memo[id(self)] = self, self._exact(inputs)
        found: Fraction | None = known[1]
        return found

    def _exact(self, inputs: Inputs) -> Fraction | None:
        part = inputs.plain_total(self.numerator)
        whole = inputs.plain_total(self.denominator) if self.denominator else ONE
        if part is not None and whole is not None and self.factor == ONE:
            if whole <= 0:
                return None
            # One fraction and no more: this is asked of every rate of every department.
            (over, under), (times, by) = part.as_integer_ratio(), whole.as_integer_ratio()
            return Fraction((abs(over) if self.absolute else over) * by, under * times)
        parts = self.parts(inputs)
        return None if parts is None else parts[0] / parts[1]

    def value(self, inputs: Inputs) -> Decimal | None:
        """The quotient (1 = 100%) to 60 digits; None where a fact is missing or the divisor is not above 0."""
        if inputs.missing(self.keys()):
            return None
        found = self.exact(inputs)
        return None if found is None else decimal_of(found)

    def sums(self, refs: Refs) -> tuple[str, str]:
        """Dividend and divisor as Excel expressions; the divisor empty where there is none."""
        part = sum_of(refs, self.numerator)
        if self.absolute:
            part = f"ABS({part})"
        if self.factor != ONE:
            part = f"{bracketed(part)}*{plain(self.factor)}"
        return part, sum_of(refs, self.denominator) if self.denominator else ""

    def given_formula(self, refs: Refs) -> str:
        """An Excel condition: every fact and derived fact that it names is a number (one that is unknown is not)."""
        return "AND(" + ",".join(f"ISNUMBER({refs.fact(key)})" for key in self.keys()) + ")"

    def known_formula(self, refs: Refs, known: str, unknown: str) -> str:
        """An Excel expression where the quotient is known, another where it is not."""
        whole = self.sums(refs)[1]
        inner = f"IF({whole}>0,{known},{unknown})" if whole else known
        return f"IF({self.given_formula(refs)},{inner},{unknown})"

    def quotient_formula(self, refs: Refs) -> str:
        """The quotient as an Excel expression, for where it is known."""
        part, whole = self.sums(refs)
        return f"{bracketed(part)}/{bracketed(whole)}" if whole else part

    def value_formula(self, refs: Refs) -> str:
        """The quotient as an Excel expression, an empty text where it is unknown."""
        return self.known_formula(refs, self.quotient_formula(refs), '""')

    def compare_formula(self, refs: Refs, sign: str, bound: Decimal) -> str:
        """An Excel condition for where the quotient is known: it stands to a bound as a sign (`>=`, `<`) says.

        Multiplied out, so that no division falls short of the bound by a binary fraction.
        """
        part, whole = self.sums(refs)
        times = f"{plain(abs(bound))}*{bracketed(whole)}" if whole else plain(abs(bound))
        return f"ROUND({part}{'+' if bound < 0 else '-'}{times},9){sign}0"


def bracketed(expression: str) -> str:
    """The expression as a factor: in brackets where it is more than a cell, a number or one function."""
    depth, quote = 0, ""
    for sign in expression:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        else:
            depth += (sign == "(") - (sign == ")")
            if depth == 0 and sign in "+-*/<>=&":
                return f"({expression})"
    return expression


def plain_keys(keys: Sequence[str], definitions: Mapping[str, Quotient]) -> tuple[str, ...]:
    """The plain facts behind facts and derived facts, each once, in order. Terms may have their minus."""
    found: dict[str, None] = {}
    for term in keys:
        key = unsigned(term)
        definition = definitions.get(key)
        found.update(dict.fromkeys((key,) if definition is None else plain_keys(definition.keys(), definitions)))
    return tuple(found)


def numbers_given(refs: Refs, keys: Sequence[str]) -> str:
    """An Excel condition: the plain facts behind these keys are all numbers."""
    found: dict[str, None] = {}

    def add(keys: Sequence[str]) -> None:
        for term in keys:
            key = unsigned(term)
            definition = refs.definition(key)
            if definition is None:
                found[key] = None
            else:
                add(definition.keys())

    add(keys)
    return "AND(" + ",".join(f"ISNUMBER({refs.fact(key)})" for key in found) + ")"


def where_known(refs: Refs, terms: Sequence[str], expression: str, otherwise: str) -> str:
    """An Excel expression where all derived facts among these are known, else another: an unknown one is no number."""
    derived = [key for key in map(unsigned, terms) if refs.definition(key) is not None]
    tests = ",".join(f"ISNUMBER({refs.fact(key)})" for key in dict.fromkeys(derived))
    return f"IF(AND({tests}),{expression},{otherwise})" if derived else expression


def sum_of(refs: Refs, terms: Sequence[str]) -> str:
    """The signed sum of facts as an Excel expression, without the noise of binary floats."""
    signed = "".join(f"{'-' if term.startswith(MINUS) else '+'}{refs.number(unsigned(term))}" for term in terms)
    signed = signed.removeprefix("+")
    # Money has six places; a percentage in points has two more as a rate, and a derived fact any number of them.
    keys = [unsigned(term) for term in terms]
    places = 6 if all(refs.number(key) == refs.fact(key) for key in keys) else 9
    if any(refs.definition(key) is not None for key in keys):
        places = 12
    return signed if len(terms) == 1 else f"ROUND({signed},{places})"
