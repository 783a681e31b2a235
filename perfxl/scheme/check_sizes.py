"""Checks of how much a scheme holds: what the template's formulas, lists and sheets can carry, and a person can see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.errors import Fault
from perfxl.rules.quotient import Quotient
from perfxl.scheme.check_grades import chosen_set
from perfxl.scheme.convert import NO, YES
from perfxl.scheme.lines import Draft
from perfxl.scheme.model import SCALED, Cap, Indicator, Scheme

# Rows of a table.
MOST = {
    "categories": 60,
    "levels": 200,
    "indicators": 200,
    "funds": 40,
    "fund_columns": 12,
    "facts": 500,
    "derived": 100,
    "kpi_levels": 100,
    "symbols": 30,
    "shares": 100,
    "caps": 30,
    "quotas": 20,
    "review_reasons": 60,
    "narrative": 50,
    "stages": 20,
    "stage_fields": 200,
}
MOST_GRADES = 20
MOST_LISTED = 60
"""Rows of one setting of an indicator, and terms of one sum."""
MOST_IN_FORCE, MOST_OWN = 60, 15
"""Grades in force together, and categories with grades of their own: the template has them in one formula."""
MOST_SCALED = 60
"""Indicators that may not apply and are then scaled for: the template has them in one formula."""
# Characters of texts that stand in lists, formulas and narrow columns of the template. Other texts may fill a cell.
LENGTHS = {
    "evaluated": {
        "noun": 20, "code_label": 40, "name_label": 40, "category_label": 40, "project_label": 40,
        "project_code_label": 40, "funds_title": 60,
    },
    "categories": {"name": 40},
    "levels": {"name": 60},
    "indicators": {"code": 20, "name": 200},
    "funds": {"label": 60},
    "fund_columns": {"label": 40},
    "facts": {"label": 255, "section": 100, "row_label": 100, "column_label": 60, "unit": 20},
    "derived": {"label": 255, "section": 100, "unit": 20},
    "kpi_levels": {"level1": 40, "level2": 40},
    "columns": {"label": 40},
    "symbols": {"symbol": 20},
    "shares": {"label": 100},
    "grades": {"name": 20},
    "caps": {"words": 200},
    "review_reasons": {"text": 100},
    "narrative": {"label": 60},
    "stages": {"period": 20, "title": 100},
    "stage_fields": {"label": 60},
}  # fmt: skip
# What Excel takes of a formula, less what the template puts around one.
LONGEST, DEEPEST, WIDEST = 7_500, 60, 250
_TOKEN = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[(),]')


def check_sizes(draft: Draft) -> None:
    """Add what is too much to the draft."""
    for key, most in MOST.items():
        raw = draft.raw.tables[key]
        if len(raw.rows) > most:
            place = raw.rows[most].place
            draft.fault(place, f"“{raw.table.sheet}”有 {len(raw.rows)} 行，最多 {most} 行", "请减少")
    for key, columns in LENGTHS.items():
        for column, most in columns.items():
            for line in draft.valued(key, column):
                if (length := len(line[column].encode("utf-16-le")) // 2) > most:
                    what = f"{draft.label(key, column)}有 {length} 个字符，最多 {most} 个"
                    draft.fault(line.place(column), what, "请缩短")
    grades = Counter((line["set"], line["category"]) for line in draft.valued("grades", "set", "category"))
    for (name, category), count in grades.items():
        if count > MOST_GRADES:
            of = f"“{category}”的" if category else ""
            draft.fault(draft.place("grades"), f"{of}{name}等级有 {count} 档，最多 {MOST_GRADES} 档", "请减少")
    chosen = chosen_set(draft)
    own = {category for name, category in grades if name == chosen and category}
    in_force = sum(count for (name, _), count in grades.items() if name == chosen)
    if in_force > MOST_IN_FORCE or len(own) > MOST_OWN:
        what = f"{chosen}等级共 {in_force} 行，{len(own)} 类部门有单独一套；最多 {MOST_IN_FORCE} 行、{MOST_OWN} 类"
        draft.fault(draft.place("grades"), what, "请让标准相同的类别用通用的一套")
    scaled = [
        line for line in draft.lines("indicators") if line["na"] == SCALED and (line["categories"] or line["declared"])
    ]
    if len(scaled) > MOST_SCALED:
        what = f"不适用时折算的指标有 {len(scaled)} 个，最多 {MOST_SCALED} 个"
        draft.fault(scaled[MOST_SCALED].place("na"), what, "请减少，或改为不适用得满分")
    _long_lists(draft)


def _long_lists(draft: Draft) -> None:
    settings = Counter(
        (line["indicator"], line["setting"]) for line in draft.valued("settings", "indicator", "setting")
    )
    told: set[tuple[str, str]] = set()
    for line in draft.valued("settings", "indicator", "setting"):
        which = line["indicator"], line["setting"]
        if settings[which] > MOST_LISTED and which not in told:
            told.add(which)
            what = f"指标 {which[0]} 的参数“{which[1]}”有 {settings[which]} 行，最多 {MOST_LISTED} 行"
            draft.fault(line.row.place, what, "请先在“计算事项”中分段合计，再用合计的代码")
    for line in draft.lines("derived"):
        for column in ("numerator", "denominator"):
            if (count := len(line[column] or ())) > MOST_LISTED:
                what = f"{draft.label('derived', column)}有 {count} 项，最多 {MOST_LISTED} 项"
                draft.fault(line.place(column), what, "请分几个计算事项合计")


@dataclass(frozen=True)
class _FarCells:
    """References as long as they can be in a template of this scheme. `Refs` of the rules."""

    scheme: Scheme
    sheets: Mapping[str, str]

    def fact(self, key: str) -> str:
        return f"'{self.sheets[key]}'!$AA$9999"

    def number(self, key: str) -> str:
        return f"({self.fact(key)}/100)" if key in self.scheme.percent_facts else self.fact(key)

    def kpi(self, column: str) -> str:
        return "'绩效指标'!$AA$9999:$AA$9999"

    def definition(self, key: str) -> Quotient | None:
        return self.scheme.definitions.get(key)


def formula_faults(draft: Draft, scheme: Scheme) -> list[Fault]:
    """What Excel would not take as a formula, though each part of it is in bounds."""
    sheets = {key: fact.sheet for key, fact in scheme.fact_by_key.items()} | {
        one.key: one.sheet for one in scheme.derived
    }
    refs = _FarCells(scheme, {key: sheet.replace("'", "''") for key, sheet in sheets.items()})
    found = []
    for line, indicator in zip(draft.lines("indicators"), scheme.indicators, strict=True):
        if wrong := too_much(indicator.rule.formula(indicator.points, refs), _condition_length(indicator)):
            what = f"指标 {indicator.code} 的计分公式{wrong}"
            found.append(Fault(line.place("kind"), what, "请少用一些事项，或先在“计算事项”中合计"))
    for line, derived in zip(draft.lines("derived"), scheme.derived, strict=True):
        if wrong := too_much(derived.quotient.value_formula(refs), 0):
            what = f"计算事项“{derived.key}”的公式{wrong}"
            found.append(Fault(line.place("key"), what, "请少用一些事项，或分几个计算事项"))
    for line, fact in zip(draft.lines("facts"), scheme.facts, strict=True):
        users = scheme.users_of(fact.key)
        asked = [] if any(item.always for item in users) else [_condition_length(item) for item in users]
        if (length := sum(asked) + _names_length(fact.categories)) > LONGEST:
            what = f"事项“{fact.key}”要不要填的公式长达 {length} 个字符，Excel 放不下"
            found.append(
                Fault(line.place("key"), what, "请少写一些适用类别：适用于大多数类别的，不如为少数类别另设指标")
            )
    # The template says in one formula which of them hold.
    length = sum(len(_cap_condition(scheme, cap, refs)) + _cap_words(scheme, cap) for cap in scheme.caps)
    if length > LONGEST:
        what = f"“封顶和否决”各行的条件和说明合起来长达 {length} 个字符，Excel 放不下"
        found.append(Fault(draft.place("caps"), what, "请减少几行、缩短说明，或先在“计算事项”中合计"))
    return found


def _names_length(names: Sequence[str]) -> int:
    return sum(len(name) + 25 for name in names)


def _condition_length(indicator: Indicator) -> int:
    """About as long as the condition under which an indicator applies can be."""
    return 0 if indicator.always else 50 + _names_length(indicator.categories)


def _cap_condition(scheme: Scheme, cap: Cap, refs: _FarCells) -> str:
    quotient = scheme.spending_rate if not cap.fact else scheme.definitions.get(cap.fact) or Quotient((cap.fact,))
    if quotient is None or cap.value in (YES, NO):
        return "0" * 60
    return quotient.known_formula(refs, quotient.compare_formula(refs, "<=", Decimal(cap.value)), "FALSE")


def _cap_words(scheme: Scheme, cap: Cap) -> int:
    """About how long a cap is in words: what it says, of what, and what follows from it."""
    return len(cap.words) + len(scheme.fact_labels.get(cap.fact, "")) + 70


def too_much(formula: str, around: int) -> str:
    """What of a formula is more than Excel takes, empty where nothing is."""
    if (length := len(formula.encode("utf-16-le")) // 2 + around) > LONGEST:
        return f"长达 {length} 个字符，Excel 放不下"
    depth = deepest = 0
    arguments = [1]
    widest = 1
    for match in _TOKEN.finditer(formula):
        token = match.group()
        if token == "(":
            depth += 1
            arguments.append(1)
        elif token == ")":
            depth -= 1
            arguments.pop()
        elif token == ",":
            arguments[-1] += 1
        deepest, widest = max(deepest, depth), max(widest, arguments[-1] if arguments else 1)
    if deepest > DEEPEST:
        return f"嵌套 {deepest} 层，Excel 放不下"
    return f"有 {widest} 个参数，Excel 放不下" if widest > WIDEST else ""
