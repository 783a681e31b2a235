"""Notes on facts: what a cell cannot hold, a part above its whole, and what the funds table must agree with."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfxl.decimals import ZERO, half_up, plain
from perfxl.layout import Block, FieldSpec
from perfxl.layout import finding_words as words
from perfxl.layout.fields import VALUE
from perfxl.layout.finding_words import FindingWords
from perfxl.rules.ratio import Ratio
from perfxl.rules.tiers import Tiers
from perfxl.scheme.model import FUNDS_COLUMNS, FundsRow, Scheme
from perfxl.template.expressions import MICRO
from perfxl.template.live import Live
from perfxl.template.notes import Note, blank, is_blank, note, where_numbers

NANO = Decimal("0.000000001")


def cell_notes(scheme: Scheme, key: str, spec: FieldSpec, live: Live) -> list[Note[Live]]:
    """What can be wrong with the cell of one fact, the first that holds to be shown."""
    where = live.layout.fact(key)

    def value(live: Live) -> Decimal | str | None:
        return live.value(("facts", key, VALUE))

    def number(live: Live) -> Decimal:
        return live.fact(key) or ZERO

    if spec.choices:
        others = ",".join(f'{where}<>"{choice}"' for choice in spec.choices)
        off_list = f"AND(LEN({where})>0,{others})"
        return [note(words.OFF_LIST, off_list, lambda live: value(live) not in (None, *spec.choices))]
    if not spec.numeric:
        return []
    found: list[Note[Live]] = [note(words.NOT_NUMBER, f"ISTEXT({where})", lambda live: isinstance(value(live), str))]
    if not spec.negative:
        found.append(note(words.NEGATIVE, f"N({where})<0", lambda live: number(live) < 0))
    if spec.type == "count":
        not_whole = f"N({where})<>INT(N({where}))"
        found.append(note(words.NOT_WHOLE, not_whole, lambda live: number(live) != number(live).to_integral_value()))
    if whole := scheme.fact_by_key[key].part_of:
        found.append(_part_note(key, whole, live))
    found += _denominator_notes(scheme, key, live)
    return found


def _part_note(key: str, whole: str, live: Live) -> Note[Live]:
    part_cell, whole_cell = live.layout.fact(key), live.layout.fact(whole)

    def above(live: Live) -> bool:
        numbers = live.facts(key, whole)
        return numbers is not None and numbers[0] > numbers[1]

    condition = where_numbers((part_cell, whole_cell), f"{part_cell}>{whole_cell}")
    return note(words.PART_ABOVE_WHOLE, condition, above, more=f"不大于“{live.scheme.fact_labels[whole]}”")


def _denominator_notes(scheme: Scheme, key: str, live: Live) -> list[Note[Live]]:
    """A whole of 0 where the scheme gives no full points for that; the funds table has its own note."""
    found = []
    for indicator in scheme.indicators:
        rule = indicator.rule
        if isinstance(rule, Ratio | Tiers) and not rule.na and rule.denominator[0] == key and "." not in key:
            keys = rule.denominator
            cells = [live.layout.fact(each) for each in keys]
            condition = where_numbers(cells, f"ROUND({'+'.join(cells)},6)=0")

            def is_zero(live: Live, keys: tuple[str, ...] = tuple(keys)) -> bool:
                numbers = live.facts(*keys)
                return numbers is not None and half_up(sum(numbers, ZERO), MICRO) == 0

            found.append(note(words.DENOMINATOR_ZERO, condition, is_zero, more=f"{indicator.code} 无法计算"))
    return found


def matrix_notes(scheme: Scheme, block: Block, live: Live) -> list[Note[Live]]:
    """What can be wrong with the facts of a table, all that hold to be shown below it."""
    keys = [f"{line.key}.{column}" for line in block.lines for column in line.specs]
    found: list[Note[Live]] = []
    for key in keys:
        spec = live.layout.specs["facts", key, VALUE]
        label = scheme.fact_labels[key]
        own = cell_notes(scheme, key, spec, live)
        found += [note(item.words, item.formula, item.holds, about=label) for item in own]
    return found + (_funds_notes(scheme, live) if block.key == "funds" else [])


def _funds_notes(scheme: Scheme, live: Live) -> list[Note[Live]]:
    by_role: dict[str, list[FundsRow]] = {"合计": [], "分项": []}
    for row in scheme.funds:
        by_role[row.role].append(row)
    found: list[Note[Live]] = []
    for whole in by_role["合计"][:1]:
        found.append(_adjusted_zero(whole, live))
        if by_role["分项"]:
            found += [_parts_note(whole, by_role["分项"], name, live) for name in FUNDS_COLUMNS]
        found.append(_overspent(words.OVERSPENT, whole, live, zero_too=False))
        found += [_overspent(words.PART_OVERSPENT, row, live, zero_too=True) for row in by_role["分项"]]
        found += [change_note(scheme, whole, live), rate_note(scheme, whole, live)]
    return [item for item in found if item.formula]


def _adjusted_zero(whole: FundsRow, live: Live) -> Note[Live]:
    key = f"funds.{whole.key}.adjusted"
    where = live.layout.fact(key)
    return note(
        words.ADJUSTED_ZERO,
        where_numbers((where,), f"{where}=0"),
        lambda live: live.fact(key) == 0,
        more=words.ADJUSTED_ZERO.advice,
    )


def _parts_note(whole: FundsRow, parts: list[FundsRow], name: str, live: Live) -> Note[Live]:
    keys = [f"funds.{row.key}.{name}" for row in (whole, *parts)]
    total, *others = (live.layout.fact(key) for key in keys)

    def differ(live: Live) -> bool:
        numbers = live.facts(*keys)
        return numbers is not None and half_up(sum(numbers[1:], ZERO) - numbers[0], MICRO) != 0

    condition = where_numbers((total, *others), f"ROUND({'+'.join(others)}-{total},6)<>0")
    more = words.PARTS_DO_NOT_ADD.advice
    return note(words.PARTS_DO_NOT_ADD, condition, differ, about=FUNDS_COLUMNS[name], more=more)


def _overspent(kind: FindingWords, row: FundsRow, live: Live, *, zero_too: bool) -> Note[Live]:
    """zero_too: whether to speak of a budget of 0, which for the total has a note of its own."""
    spent, adjusted = f"funds.{row.key}.spent", f"funds.{row.key}.adjusted"
    spent_cell, adjusted_cell = live.layout.fact(spent), live.layout.fact(adjusted)
    least = "" if zero_too else f",{adjusted_cell}>0"

    def over(live: Live) -> bool:
        numbers = live.facts(spent, adjusted)
        return numbers is not None and numbers[0] > numbers[1] and (zero_too or numbers[1] > 0)

    condition = where_numbers((spent_cell, adjusted_cell), f"AND({spent_cell}>{adjusted_cell}{least})")
    return note(kind, condition, over, about=row.label, more=kind.advice)


def change_note(scheme: Scheme, whole: FundsRow, live: Live) -> Note[Live]:
    """The budget was changed by more than the scheme's share, and nobody says why. No formula: no fact to say it in."""
    initial, adjusted = (f"funds.{whole.key}.{name}" for name in ("initial", "adjusted"))
    limit = scheme.thresholds.budget_change
    before, now = live.layout.fact(initial), live.layout.fact(adjusted)
    changed = where_numbers((before, now), f"AND({before}>0,ROUND(ABS({now}-{before})-{plain(limit)}*{before},9)>0)")

    def is_changed(live: Live) -> bool:
        numbers = live.facts(initial, adjusted)
        if numbers is None or numbers[0] <= 0:
            return False
        return half_up(abs(numbers[1] - numbers[0]) - limit * numbers[0], NANO) > 0

    return _unexplained(scheme, words.CHANGE_UNEXPLAINED, words.BUDGET_CHANGE_REASON, changed, is_changed, live)


def rate_note(scheme: Scheme, whole: FundsRow, live: Live) -> Note[Live]:
    """Less was spent than the scheme's share of the adjusted budget, and nobody says why."""
    adjusted, spent = (f"funds.{whole.key}.{name}" for name in ("adjusted", "spent"))
    limit = scheme.thresholds.low_rate
    budget, used = live.layout.fact(adjusted), live.layout.fact(spent)
    low = where_numbers((budget, used), f"AND({budget}>0,ROUND({used}-{plain(limit)}*{budget},9)<0)")

    def is_low(live: Live) -> bool:
        numbers = live.facts(adjusted, spent)
        return numbers is not None and numbers[0] > 0 and half_up(numbers[1] - limit * numbers[0], NANO) < 0

    return _unexplained(scheme, words.LOW_RATE_UNEXPLAINED, words.LOW_RATE_REASON, low, is_low, live)


def _unexplained(
    scheme: Scheme,
    kind: FindingWords,
    reason: str,
    condition: str,
    holds: Callable[[Live], bool],
    live: Live,
) -> Note[Live]:
    """The condition, where the explaining fact is blank."""
    if ("facts", reason, VALUE) not in live.layout.places:
        return note(kind, "", lambda live: False)
    where = live.layout.fact(reason)
    return note(
        kind,
        f"IF({blank(where)},{condition},FALSE)",
        lambda live: is_blank(live.value(("facts", reason, VALUE))) and holds(live),
        more=kind.advice.format(reason=scheme.fact_labels[reason]),
    )
