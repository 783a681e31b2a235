"""元 typed where 万元 belongs: amounts that stand ten thousand times too high beside the others of their workbook.

Each sign compares an amount with what else the department wrote. One sign is a warning; an amount that two signs tell
of is an error. An amount below a thousand, or with more than two decimals, is none in 元; what the bureau itself
supplied is compared with and never doubted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from perfxl.checks.catalogue import check, label_of
from perfxl.checks.covers import COVERS, Covers
from perfxl.checks.finding import Finding, Severity
from perfxl.checks.table_rows import Hit, hit, shared, total
from perfxl.decimals import CENT, ZERO, amount
from perfxl.findings.funds import BUDGET_CHANGE_REASON, LOW_RATE_REASON
from perfxl.findings.yuan import IN_YUAN, MONEY_DOUBTED, MONEY_SURE
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT, is_fund_key
from perfxl.scheme.model import Scheme
from perfxl.text import fold_all

YUAN = Decimal(10_000)
LEAST = Decimal(1_000)
"""An amount in 元 is no smaller."""
ON_MONEY = frozenset({"E202", "E203", "W204", "W205", "W206", "I212", "I213", "E207", "W209"})
"""Findings that compare amounts with each other."""
_SURELY, _ROUGHLY, _SPENT = (5_000, 20_000), (3_000, 30_000), (1_000, 50_000)
"""How many times as high as its neighbour an amount in 元 is: where the neighbour may honestly be tiny, where the two
are alike, and where it cannot honestly be smaller at all."""
_BEYOND = 300
"""No single amount is so many times the department's whole money."""
_ALL_OTHERS = 5_000
"""Nor is its whole money so many times the largest of all its other amounts."""
_FEW, _MANY, _SOME, _LARGE = 3, 5, 6, Decimal(1_000_000)
_SAID = re.compile(r"(?:金额)?单位[::]?(?:人民币)?元(?!素)|.{0,12}\((?:单位[::])?(?:人民币)?元\)")
_HALF = Decimal("0.01")

SUM, PAIR, SCALE, SEVERAL, OTHERS, WHOLE, SAID = range(7)
_WORDS = {
    SUM: "除以 10000 后分项与合计正好相符",
    PAIR: "约是旁边同类数的一万倍",
    SCALE: "是本部门全年资金的几百倍以上",
    SEVERAL: "这样的金额有多处",
    OTHERS: "全年资金是其余各项金额的几千倍以上",
    WHOLE: "各项金额没有一个小于 1000 万元（可能都是按元填的）",
    SAID: "表上写的单位是“元”",
}


@dataclass
class Doubts:
    """The amounts of one workbook that seem to be in 元: the signs by field, each with what it was found beside."""

    signs: dict[FieldId, set[tuple[int, str]]] = field(default_factory=dict)

    def add(self, name: FieldId, sign: int, beside: str = "") -> None:
        """A sign of an amount; one of the same kind beside something else is another."""
        self.signs.setdefault(name, set()).add((sign, beside))

    @property
    def certain(self) -> bool:
        """Whether two signs agree on one amount. A sum that only comes out in 元 is two: that it doesn't, and does."""
        return any(len(signs) > 1 or (SUM, "") in signs for signs in self.signs.values())


class _Amounts:
    """The amounts of one workbook, by field."""

    def __init__(self, tables: Tables, file: str) -> None:
        self.scheme, self.submission = tables.scheme, tables.submissions[file]
        self.given: dict[FieldId, Decimal] = {}
        values = tables.values[file]
        self.facts = {fact.key: fact for fact in self.scheme.fact_by_key.values() if fact.type == "money"}
        tasks = [("tasks", key, name) for key in self.submission.rows("tasks") for name in ("budget", "spent")]
        for name in (*(("facts", key, VALUE) for key in self.facts), *tasks):
            value = values.get(name)
            if isinstance(value, Decimal) and value:
                self.given[name] = value

    def fact(self, key: str) -> Decimal:
        """A fact's amount, 0 where it has none."""
        return self.given.get(("facts", key, VALUE), ZERO)

    def may_be_yuan(self, name: FieldId) -> bool:
        """Whether an amount could be one in 元, and is the department's own."""
        value = self.given.get(name, ZERO)
        return value >= LEAST and value == value.quantize(CENT) and name not in self.submission.official

    @property
    def whole(self) -> tuple[Decimal, Decimal]:
        """The smaller and the larger of the total's budget and spending; 0 where they aren't both there."""
        row = self.scheme.funds_table.total
        if row is None:
            return ZERO, ZERO
        low, high = sorted((self.fact(row.fact(ADJUSTED)), self.fact(row.fact(SPENT))))
        return (low, high) if low > 0 and high < 100 * low else (ZERO, ZERO)


@shared
def _doubts(tables: Tables) -> Mapping[str, Doubts]:
    found = {}
    for file in tables.submissions:
        amounts, doubts = _Amounts(tables, file), Doubts()
        if any(amounts.may_be_yuan(name) for name in amounts.given):
            _by_sums(amounts, doubts)
            _by_neighbours(amounts, doubts)
            _by_scale(amounts, doubts)
            _by_all(amounts, doubts)
            _by_words(amounts, doubts)
        if doubts.signs:
            found[file] = doubts
    return found


def _by_sums(amounts: _Amounts, doubts: Doubts) -> None:
    """A total that is that of its parts only with one of them taken for 元."""
    table = amounts.scheme.funds_table
    for column in table.columns if table.total is not None and table.parts else ():
        assert table.total is not None
        keys = [row.fact(column) for row in table.parts]
        whole, parts = table.total.fact(column), [amounts.fact(key) for key in keys]
        added, slack = total(parts), _HALF * len(parts)
        if abs(amounts.fact(whole) - added) <= slack:
            continue
        if (
            added >= 1
            and amounts.may_be_yuan(("facts", whole, VALUE))
            and abs(amounts.fact(whole) / YUAN - added) <= slack
        ):
            doubts.add(("facts", whole, VALUE), SUM)
        for key, part in zip(keys, parts, strict=True):
            right = amounts.fact(whole) - added + part
            fits = right >= Decimal("0.1") and abs(part / YUAN - right) <= slack
            if fits and part > amounts.fact(whole) and amounts.may_be_yuan(("facts", key, VALUE)):
                doubts.add(("facts", key, VALUE), SUM)


def _by_neighbours(amounts: _Amounts, doubts: Doubts) -> None:
    """An amount some ten thousand times its neighbour: the same row's, or the whole that it is part of."""
    _, whole = amounts.whole
    for high, low, (least, most) in chain(_in_funds(amounts.scheme), _in_facts(amounts), _in_tasks(amounts)):
        small, large = amounts.given.get(low, ZERO), amounts.given.get(high, ZERO)
        if not (small > 0 and least * small <= large <= most * small and amounts.may_be_yuan(high)):
            continue
        # A tiny part of a large whole is honest, as long as the department has so much money at all.
        if is_fund_key(high[1]) or (least, most) == _SPENT or 0 < whole < large:
            doubts.add(high, PAIR, f"{low}")


Pair = tuple[FieldId, FieldId, tuple[int, int]]
"""The amount in doubt, its neighbour, and how many times as high it is where it is in 元."""


def _in_funds(scheme: Scheme) -> Iterator[Pair]:
    table = scheme.funds_table
    for row in table.rows:
        at = {name: ("facts", row.fact(name), VALUE) for name in (INITIAL, ADJUSTED, SPENT) if name in table.columns}
        for high, own in at.items():
            for low, other in at.items():
                if high != low and (row.is_total or high == SPENT or low != SPENT):
                    yield own, other, _SPENT if high == SPENT else _SURELY if low == SPENT else _ROUGHLY


def _in_facts(amounts: _Amounts) -> Iterator[Pair]:
    """Parts and wholes, and facts that stand in one row of a table: budgets come before what was spent."""
    rows: dict[tuple[str, str, str], list[FieldId]] = {}
    for key, fact in amounts.facts.items():
        if is_fund_key(key):
            continue
        name = ("facts", key, VALUE)
        if fact.part_of in amounts.facts:
            yield name, ("facts", fact.part_of, VALUE), _SPENT
            yield ("facts", fact.part_of, VALUE), name, _SURELY
        if fact.row_label:
            rows.setdefault((fact.sheet, fact.section, fact.row_label), []).append(name)
    for names in rows.values():
        for place, first in enumerate(names):
            for second in names[place + 1 :]:
                yield second, first, _SPENT
                yield first, second, _SURELY


def _in_tasks(amounts: _Amounts) -> Iterator[Pair]:
    for key in amounts.submission.rows("tasks"):
        budget, spent = ("tasks", key, "budget"), ("tasks", key, "spent")
        yield spent, budget, _SPENT
        yield budget, spent, _SURELY


def _by_scale(amounts: _Amounts, doubts: Doubts) -> None:
    """An amount far beyond all the money that the department has."""
    _, whole = amounts.whole
    beyond = [
        name for name, value in amounts.given.items()
        if whole and value >= _BEYOND * whole and not is_fund_key(name[1]) and amounts.may_be_yuan(name)
    ]  # fmt: skip
    for name in beyond:
        doubts.add(name, SCALE)
        if len(beyond) >= _MANY:
            doubts.add(name, SEVERAL)


def _by_all(amounts: _Amounts, doubts: Doubts) -> None:
    """The whole table of funds beside everything else, and a workbook without a single small amount."""
    row, (whole, _) = amounts.scheme.funds_table.total, amounts.whole
    funds = [name for name in amounts.given if is_fund_key(name[1])]
    facts = [name for name in amounts.given if name[0] == "facts" and not is_fund_key(name[1])]
    tasks = [value for name, value in amounts.given.items() if name[0] == "tasks"]
    if row is None or not whole or not all(amounts.may_be_yuan(name) for name in funds):
        return
    at = ("facts", row.fact(ADJUSTED), VALUE)
    none_small = len(facts) >= _SOME and whole >= _LARGE and all(amounts.may_be_yuan(name) for name in facts)
    if none_small:
        doubts.add(at, WHOLE)
    others = tasks if none_small else [*tasks, *(amounts.given[name] for name in facts)]
    if len(others) >= (1 if none_small else _FEW) and whole >= _ALL_OTHERS * max(others):
        doubts.add(at, OTHERS)


def _by_words(amounts: _Amounts, doubts: Doubts) -> None:
    """A heading or a note of the sheet was changed to say 元."""
    said = {sheet for sheet, rows in amounts.submission.cells.sheets.items() if any(map(_says_yuan, rows))}
    for name in amounts.given if said else ():
        cell = amounts.submission.fields.get(name)
        if cell is not None and cell.place.sheet in said and amounts.may_be_yuan(name):
            doubts.add(name, SAID)


def _says_yuan(row: Iterable[object]) -> bool:
    return any(
        isinstance(cell, str) and "元" in cell and len(cell) < 40 and _SAID.fullmatch(fold_all(cell)) for cell in row
    )


@check(
    "W210", Severity.WARNING, "疑似按元填报",
    message="{label} {value}{more}疑似按“元”填报：{why}",
    advice="金额单位是万元；如按元填了，请除以 10000 后重新填写。属实的不用修改",
    expected="{expected_amount}",
)  # fmt: skip
def perhaps_yuan(tables: Tables) -> Iterator[Hit]:
    """One sign that amounts are in 元: one line a workbook."""
    return _hits(tables, certain=False)


@check(
    "E211", Severity.ERROR, "按元填报",
    message="{label} {value}{more}应是按“元”填报的：{why}", advice="金额单位是万元，请除以 10000 后重新填写",
    expected="{expected_amount}",
)  # fmt: skip
def surely_yuan(tables: Tables) -> Iterator[Hit]:
    """Two signs agree that an amount is in 元: one line a workbook."""
    return _hits(tables, certain=True)


def _hits(tables: Tables, *, certain: bool) -> Iterator[Hit]:
    for file, doubts in _doubts(tables).items():
        if doubts.certain is not certain:
            continue
        submission = tables.submissions[file]
        names = sorted(doubts.signs, key=lambda name: (-len(doubts.signs[name]), list(submission.fields).index(name)))
        first, others = names[0], names[1:]
        value = submission.value(*first)
        assert isinstance(value, Decimal)
        labels = [label_of(name, submission, tables.layout) for name in others[:2]]
        more = f"（还有{'、'.join(labels)}{f'等共 {len(names)} 处' if len(others) > 2 else ''}）" if others else ""
        kinds = sorted({sign for sign, _ in doubts.signs[first]})
        yield hit(
            file, *first, why="，".join(_WORDS[kind] for kind in kinds), more=more, value=amount(value),
            expected_amount=amount(value / YUAN),
        ) | {COVERS: _covers(tables, names)}  # fmt: skip


def _covers(tables: Tables, names: Iterable[FieldId]) -> Covers:
    """What follows from amounts in 元: comparisons with their rows, columns, parts and wholes, and the scores."""
    scheme, keys = tables.scheme, {name[1] for name in names if name[0] == "facts"}
    beside = set(keys)
    for key in keys:
        if is_fund_key(key):
            beside |= {row.fact(column) for row in scheme.funds_table.rows for column in scheme.funds_table.columns}
            beside |= {BUDGET_CHANGE_REASON, LOW_RATE_REASON}
        else:
            beside |= {fact.key for fact in scheme.facts if key in (fact.part_of, fact.key) and fact.type == "money"}
    rows = frozenset(beside | {name[1] for name in names if name[0] == "tasks"})
    codes = frozenset(item.code for key in keys for item in scheme.users_of(key))
    return Covers(codes=ON_MONEY, rows=rows, indicators=codes)


def money_of(submission: Submission, findings: Iterable[Finding]) -> str:
    """Whether the amounts of the total row can be relied on, as the result of a department says it."""
    row = submission.layout.scheme.funds_table.total
    names = {("facts", row.fact(column), VALUE) for column in (ADJUSTED, SPENT)} if row is not None else set()
    if any(finding.code in IN_YUAN and not names.isdisjoint(finding.fields) for finding in findings):
        return MONEY_DOUBTED
    values = [submission.value(*name) for name in names]
    fine = [value for value in values if isinstance(value, Decimal) and value != value.quantize(CENT)]
    return MONEY_SURE if fine or not names.isdisjoint(submission.official) else ""
