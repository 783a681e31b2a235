"""Notes on facts: what a cell cannot hold, a part above its whole, and what the funds table must agree with."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfxl.decimals import ZERO, half_up, plain
from perfxl.layout import Block, Layout
from perfxl.layout import finding_words as words
from perfxl.layout.fields import VALUE
from perfxl.layout.finding_words import FindingWords
from perfxl.scheme.funds import ADJUSTED, FUNDS_COLUMNS, INITIAL, SPENT, FundsRow, FundsTable, is_fund_key
from perfxl.template.expressions import MICRO
from perfxl.template.live import Live
from perfxl.template.notes import Note, blank, is_blank, note, where_numbers

NANO = Decimal("0.000000001")


def cell_notes(layout: Layout, key: str) -> list[Note[Live]]:
    """What can be wrong with the cell of one fact, the first that holds to be shown."""
    where, spec = layout.fact(key), layout.specs["facts", key, VALUE]

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
    if whole := layout.scheme.fact_by_key[key].part_of:
        found.append(_part_note(layout, key, whole))
    found += _denominator_notes(layout, key)
    return found


def _part_note(layout: Layout, key: str, whole: str) -> Note[Live]:
    part_cell, whole_cell = layout.fact(key), layout.fact(whole)

    def above(live: Live) -> bool:
        numbers = live.facts(key, whole)
        return numbers is not None and numbers[0] > numbers[1]

    condition = where_numbers((part_cell, whole_cell), f"{part_cell}>{whole_cell}")
    return note(words.PART_ABOVE_WHOLE, condition, above, more=f"不大于“{layout.scheme.fact_labels[whole]}”")


def _denominator_notes(layout: Layout, key: str) -> list[Note[Live]]:
    """A whole of 0 where the scheme gives no full points for that; the funds table has its own note."""
    found = []
    for indicator in layout.scheme.indicators:
        keys = indicator.rule.zero_whole
        if keys and keys[0] == key and not is_fund_key(key):
            cells = [layout.fact(each) for each in keys]
            condition = where_numbers(cells, f"ROUND({'+'.join(cells)},6)=0")

            def is_zero(live: Live, keys: tuple[str, ...] = keys) -> bool:
                numbers = live.facts(*keys)
                return numbers is not None and half_up(sum(numbers, ZERO), MICRO) == 0

            found.append(note(words.DENOMINATOR_ZERO, condition, is_zero, more=f"{indicator.code} 无法计算"))
    return found


def matrix_notes(layout: Layout, block: Block) -> list[Note[Live]]:
    """What can be wrong with the facts of a table, all that hold to be shown below it."""
    keys = [f"{line.key}.{column}" for line in block.lines for column in line.specs]
    found: list[Note[Live]] = []
    for key in keys:
        label, own = layout.scheme.fact_labels[key], cell_notes(layout, key)
        found += [note(item.words, item.formula, item.holds, about=label) for item in own]
    return found + (_funds_notes(layout) if block.key == "funds" else [])


def _funds_notes(layout: Layout) -> list[Note[Live]]:
    table = layout.scheme.funds_table
    found = [
        _adjusted_zero(layout, table.total),
        *(_parts_note(layout, table, name) for name in FUNDS_COLUMNS),
        _overspent(layout, words.OVERSPENT, table.total),
        *(_overspent(layout, words.PART_OVERSPENT, row) for row in table.parts),
        change_note(layout),
        rate_note(layout),
    ]
    return [item for item in found if item.formula]


def _adjusted_zero(layout: Layout, whole: FundsRow) -> Note[Live]:
    key = whole.fact(ADJUSTED)
    where = layout.fact(key)
    return note(
        words.ADJUSTED_ZERO,
        where_numbers((where,), f"{where}=0"),
        lambda live: live.fact(key) == 0,
        more=words.ADJUSTED_ZERO.advice,
    )


def _parts_note(layout: Layout, table: FundsTable, name: str) -> Note[Live]:
    keys = [row.fact(name) for row in table.total_first()]
    total, *others = (layout.fact(key) for key in keys)

    def differ(live: Live) -> bool:
        numbers = live.facts(*keys)
        return numbers is not None and half_up(sum(numbers[1:], ZERO) - numbers[0], MICRO) != 0

    condition = where_numbers((total, *others), f"ROUND({'+'.join(others)}-{total},6)<>0")
    more = words.PARTS_DO_NOT_ADD.advice
    return note(words.PARTS_DO_NOT_ADD, condition, differ, about=FUNDS_COLUMNS[name], more=more)


def _overspent(layout: Layout, kind: FindingWords, row: FundsRow) -> Note[Live]:
    spent, adjusted, zero_too = row.fact(SPENT), row.fact(ADJUSTED), not row.is_total
    spent_cell, adjusted_cell = layout.fact(spent), layout.fact(adjusted)
    # A budget of 0 has a note of its own for the total.
    least = "" if zero_too else f",{adjusted_cell}>0"

    def over(live: Live) -> bool:
        numbers = live.facts(spent, adjusted)
        return numbers is not None and numbers[0] > numbers[1] and (zero_too or numbers[1] > 0)

    condition = where_numbers((spent_cell, adjusted_cell), f"AND({spent_cell}>{adjusted_cell}{least})")
    return note(kind, condition, over, about=row.label, more=kind.advice)


def change_note(layout: Layout) -> Note[Live]:
    """The budget was changed by more than the scheme's share, and nobody says why. No formula: no fact to say it in."""
    total = layout.scheme.funds_table.total
    initial, adjusted = total.fact(INITIAL), total.fact(ADJUSTED)
    limit = layout.scheme.thresholds.budget_change
    before, now = layout.fact(initial), layout.fact(adjusted)
    changed = where_numbers((before, now), f"AND({before}>0,ROUND(ABS({now}-{before})-{plain(limit)}*{before},9)>0)")

    def is_changed(live: Live) -> bool:
        numbers = live.facts(initial, adjusted)
        if numbers is None or numbers[0] <= 0:
            return False
        return half_up(abs(numbers[1] - numbers[0]) - limit * numbers[0], NANO) > 0

    return _unexplained(layout, words.CHANGE_UNEXPLAINED, words.BUDGET_CHANGE_REASON, changed, is_changed)


def rate_note(layout: Layout) -> Note[Live]:
    """Less was spent than the scheme's share of the adjusted budget, and nobody says why."""
    total = layout.scheme.funds_table.total
    adjusted, spent = total.fact(ADJUSTED), total.fact(SPENT)
    limit = layout.scheme.thresholds.low_rate
    budget, used = layout.fact(adjusted), layout.fact(spent)
    low = where_numbers((budget, used), f"AND({budget}>0,ROUND({used}-{plain(limit)}*{budget},9)<0)")

    def is_low(live: Live) -> bool:
        numbers = live.facts(adjusted, spent)
        return numbers is not None and numbers[0] > 0 and half_up(numbers[1] - limit * numbers[0], NANO) < 0

    return _unexplained(layout, words.LOW_RATE_UNEXPLAINED, words.LOW_RATE_REASON, low, is_low)


def _unexplained(
    layout: Layout,
    kind: FindingWords,
    reason: str,
    condition: str,
    holds: Callable[[Live], bool],
) -> Note[Live]:
    """The condition, where the explaining fact is blank."""
    if ("facts", reason, VALUE) not in layout.places:
        return note(kind, "", lambda live: False)
    where = layout.fact(reason)
    return note(
        kind,
        f"IF({blank(where)},{condition},FALSE)",
        lambda live: is_blank(live.value(("facts", reason, VALUE))) and holds(live),
        more=kind.advice.format(reason=layout.scheme.fact_labels[reason]),
    )
