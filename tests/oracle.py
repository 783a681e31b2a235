"""An independent scorer: the rules of scoring-scheme.md again, in fractions, sharing no code with perfxl.

Where this and perfxl disagree, one of them misread the text. A submission document and a scheme as plain tables go in
(`tomllib.load(..., parse_float=Decimal)`), scores come out. Nothing is cached and nothing is quick; every number is a
`fractions.Fraction` until it is rounded, by whole-number arithmetic.

Facts and derived facts: `oracle_facts`. KPI rows: `oracle_kpis`. Rules: `oracle_rules`. Ranks, quotas and the units'
means of a whole batch: `oracle_batch`. Here: what counts of an indicator, and what follows from all of them.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.oracle_facts import (
    LackingError,
    NoRateError,
    Table,
    fact,
    half_up,
    number,
    plain_keys,
    quotient,
    require,
    value,
    within,
)
from tests.oracle_kpis import counted_scores, kpi_score, kpi_scores, weights
from tests.oracle_rules import computed_score, facts_of

__all__ = [
    "NOT_APPLICABLE",
    "Table",
    "applies",
    "computed_score",
    "counted_scores",
    "fact",
    "fact_applies",
    "grade",
    "half_up",
    "kpi_score",
    "kpi_scores",
    "nature_of",
    "number",
    "score_document",
    "weights",
]

ZERO = Fraction(0)
FULL = Fraction(100)
NOT_APPLICABLE = "不适用"


# One indicator


def nature_of(indicator: Table, scheme: Table) -> str:
    """Whether an indicator is of the hundred, a bonus or a penalty: what its first level says."""
    parents = {level["name"]: level.get("parent", "") for level in scheme["levels"]}
    first = parents[indicator["level2"]]
    return next(str(level.get("nature", "计分")) for level in scheme["levels"] if level["name"] == first)


def applies(indicator: Table, document: Table) -> bool:
    """Whether an indicator applies: by the department's category, and where it may, by what the department declares."""
    category = document["department"].get("category")
    if indicator.get("categories") and category and category not in indicator["categories"]:
        return False
    own = document["scores"].get(indicator["code"], {}).get("self")
    return not (indicator.get("declared", False) and own == NOT_APPLICABLE)


def bureau_facts(scheme: Table) -> list[str]:
    """The facts that the bureau supplies: by themselves, by a column or by a row of the funds table."""
    found = [row["key"] for row in scheme.get("facts", ()) if row.get("source") == "财政"]
    columns = scheme.get("fund_columns") or [{"key": key} for key in ("initial", "adjusted", "spent")]
    for row in scheme.get("funds", ()):
        own = [one["key"] for one in columns if one.get("source") == "财政" or one["key"] in row.get("bureau", ())]
        found += [f"funds.{row['key']}.{column}" for column in own]
    return found


def waits(indicator: Table, document: Table, scheme: Table) -> bool:
    """Whether an indicator hangs on a fact that the bureau supplies and has not given (no document holds it)."""
    needed = set(plain_keys(scheme, facts_of(indicator))) & set(bureau_facts(scheme))
    return applies(indicator, document) and any(fact_applies(key, document, scheme) for key in needed)


def is_out(indicator: Table, document: Table, scheme: Table) -> bool:
    """Whether an indicator waits and is left out of the points meanwhile."""
    return scheme["options"].get("pending", "不计") == "不计" and waits(indicator, document, scheme)


def fact_applies(key: str, document: Table, scheme: Table) -> bool:
    """Whether a fact is asked of a department: by its own categories, and by what uses it.

    That is a rule that applies, the spending rate, or a cap or veto: nobody gets out of these by calling an indicator
    不适用. The funds table and what nothing uses are asked of everybody.
    """
    if key.startswith("funds."):
        return True
    row = next((row for row in scheme.get("facts", ()) if row["key"] == key), {})
    category = document["department"].get("category")
    if row.get("categories") and category and category not in row["categories"]:
        return False
    users = [item for item in scheme["indicators"] if key in plain_keys(scheme, facts_of(item))]
    anyway = spending_facts(scheme) + [fact for row in caps_in_force(scheme) for fact in cap_facts(row, scheme)]
    capped = key in plain_keys(scheme, anyway)
    return capped or not users or any(applies(item, document) for item in users)


def accepted_score(indicator: Table, document: Table, scheme: Table) -> Decimal:
    """What counts of an indicator that applies: 就低不就高; 0 where something that it hangs on is missing.

    A deduction outside the hundred counts at its higher value.
    """
    points = Fraction(indicator["points"])
    own = number(document["scores"].get(indicator["code"], {}).get("self"))
    computed = computed_score(indicator, document, scheme)
    by_rule = None if computed is None else Fraction(computed)
    if indicator["kind"] == "kpi" and by_rule is not None:
        by_rule = sum((part or ZERO for part in counted_scores(indicator, document, scheme)), ZERO)
    if indicator["kind"] == "judged":
        return within(own or ZERO, points)
    if by_rule is None:
        return half_up(ZERO)
    if own is None:
        return within(by_rule if scheme["options"].get("blank_self") == "按计算得分" else ZERO, points)
    harsher = max if nature_of(indicator, scheme) == "扣分" else min
    return within(harsher(own, by_rule), points)


# The total


def outside(nature: str, scores: dict[str, Fraction], scheme: Table) -> Fraction:
    """What bonus or penalty indicators come to, those of a first level at most its points."""
    total = ZERO
    for level in scheme["levels"]:
        if not level.get("parent") and level.get("nature", "计分") == nature:
            seconds = {second["name"] for second in scheme["levels"] if second.get("parent") == level["name"]}
            own = [scores[row["code"]] for row in scheme["indicators"] if row["level2"] in seconds]
            total += min(sum(own, ZERO), Fraction(level["points"]))
    return total


def total_of(scores: dict[str, Fraction], document: Table, scheme: Table) -> tuple[Fraction, Table]:
    """The total before caps, not rounded, and its parts. scores: by code; 0 where an indicator does not apply.

    An indicator that does not apply has full marks, or the others are scaled up to the hundred.
    """
    base, left_out = ZERO, ZERO
    for row in scheme["indicators"]:
        if nature_of(row, scheme) != "计分":
            continue
        if is_out(row, document, scheme):
            left_out += Fraction(row["points"])
        elif applies(row, document):
            base += scores[row["code"]]
        elif row.get("na", "满分") == "满分":
            base += Fraction(row["points"])
        else:
            left_out += Fraction(row["points"])
    applied = FULL - left_out
    if left_out:
        base = base * FULL / applied if applied else ZERO
    bonus, penalty = outside("加分", scores, scheme), outside("扣分", scores, scheme)
    total = base + bonus - penalty
    if any(nature_of(row, scheme) != "计分" for row in scheme["indicators"]):
        total = max(total, ZERO)
        if not scheme["options"].get("over_full", False):
            total = min(total, FULL)
    return total, {"base": half_up(base), "bonus": half_up(bonus), "penalty": half_up(penalty)}


# Caps and veto


def spending_rate(document: Table, scheme: Table) -> Fraction | None:
    """The 支出率: what the scheme names, else spent ÷ adjusted budget of the total row; None where there is none."""
    named = scheme.get("evaluated", {}).get("spending_rate")
    whole = next((row["key"] for row in scheme.get("funds", ()) if row["role"] == "合计"), None)
    try:
        if named:
            require(document, scheme, [named])
            return value(document, scheme, named)
        if whole is None:
            return None
        return quotient(document, scheme, [f"funds.{whole}.spent"], [f"funds.{whole}.adjusted"])
    except (LackingError, NoRateError):
        return None


def caps_in_force(scheme: Table) -> list[Table]:
    """The caps and vetoes, none where the scheme has them switched off."""
    return list(scheme.get("caps", ())) if scheme["options"].get("caps_on", False) else []


def cap_facts(row: Table, scheme: Table) -> list[str]:
    """What the condition of a cap or veto is on."""
    return [row["fact"]] if row.get("fact") else spending_facts(scheme)


def spending_facts(scheme: Table) -> list[str]:
    """What the spending rate is worked out of."""
    named = scheme.get("evaluated", {}).get("spending_rate")
    if named:
        return [named]
    whole = next((line["key"] for line in scheme.get("funds", ()) if line["role"] == "合计"), None)
    return [] if whole is None else [f"funds.{whole}.spent", f"funds.{whole}.adjusted"]


def holds(row: Table, document: Table, scheme: Table) -> bool:
    """Whether the condition of a cap or veto holds; it does not where its fact is missing, or not asked for."""
    if not all(fact_applies(key, document, scheme) for key in plain_keys(scheme, cap_facts(row, scheme))):
        return False
    if row.get("fact") and row["value"] in ("是", "否"):
        return bool(fact(document, row["fact"]) == row["value"])
    try:
        if row.get("fact"):
            require(document, scheme, [row["fact"]])
            found: Fraction | None = value(document, scheme, row["fact"])
        else:
            found = spending_rate(document, scheme)
    except (LackingError, NoRateError):
        found = None
    bound = number(row["value"])
    assert bound is not None
    if found is None:
        return False
    return {
        "<": found < bound,
        "≤": found <= bound,
        ">": found > bound,
        "≥": found >= bound,
        "=": found == bound,
    }[row["sign"]]


def limits(document: Table, scheme: Table) -> list[Table]:
    """The caps and vetoes that hold for a document."""
    return [row for row in caps_in_force(scheme) if holds(row, document, scheme)]


def grades(scheme: Table, category: str = "") -> list[Table]:
    """The grades in force for a category, highest first: its own set, else that of all others."""
    chosen = "五档" if scheme["options"].get("five_grades") else "四档"
    rows = [row for row in scheme["grades"] if row["set"] == chosen]
    own = [row for row in rows if category and row.get("category", "") == category]
    general = [row for row in rows if not row.get("category", "")]
    if not own and not general:
        # Every category has a set of its own, and this is none of them.
        general = [row for row in rows if row["category"] == rows[0]["category"]]
    return sorted(own or general, key=lambda row: -row["floor"])


def grade(total: Decimal, scheme: Table, category: str = "") -> str:
    """The grade of a rounded total; intervals are closed below."""
    return next(str(row["name"]) for row in grades(scheme, category) if total >= row["floor"])


def lower_grade(one: str, other: str, scheme: Table, category: str = "") -> str:
    """The lower of two grades."""
    names = [row["name"] for row in grades(scheme, category)]
    return max(one, other, key=names.index) if other in names else one


def near(total: Decimal, scheme: Table, category: str = "") -> bool:
    """临界: the total lies within the margin of a threshold. The lowest grade's floor is none."""
    margin = Fraction(scheme.get("thresholds", {}).get("near_grade", Decimal("0.5")))
    return any(abs(Fraction(total) - Fraction(row["floor"])) <= margin for row in grades(scheme, category)[:-1])


# The whole document


def score_document(document: Table, scheme: Table) -> Table:
    """Scores, total and grade of one submission document.

    {"scores": {code: {"computed": Decimal or None, "accepted": Decimal, "applies": bool}}, "total", "uncapped",
    "grade", "total_grade" (before a veto), "near": bool, "self_total", "self_grade", "base", "bonus", "penalty",
    "limits": rows that hold, "second_level": {name: Decimal}}.
    """
    category = document["department"].get("category") or ""
    scores: Table = {}
    second_level: dict[str, Decimal] = {}
    accepted: dict[str, Fraction] = {}
    own: dict[str, Fraction] = {}
    for indicator in scheme["indicators"]:
        code, level = indicator["code"], indicator["level2"]
        if waits(indicator, document, scheme):
            full = scheme["options"].get("pending") == "满分" and nature_of(indicator, scheme) == "计分"
            computed, score = None, half_up(Fraction(indicator["points"]) if full else ZERO)
        elif applies(indicator, document):
            computed = computed_score(indicator, document, scheme)
            score = accepted_score(indicator, document, scheme)
        else:
            full = indicator.get("na", "满分") == "满分" and nature_of(indicator, scheme) == "计分"
            computed, score = None, half_up(Fraction(indicator["points"]) if full else ZERO)
        counts = applies(indicator, document) and not is_out(indicator, document, scheme)
        scores[code] = {"computed": computed, "accepted": score, "applies": counts}
        second_level[level] = second_level.get(level, Decimal("0.00")) + score
        accepted[code] = Fraction(score)
        stated = number(document["scores"].get(code, {}).get("self"))
        left_to_rule = stated is None and scheme["options"].get("blank_self") == "按计算得分"
        own[code] = Fraction(score) if left_to_rule or not counts else stated or ZERO
    exact, parts = total_of(accepted, document, scheme)
    # A negative one is an error that is told; it is no part of what is compared.
    own_total = half_up(max(total_of(own, document, scheme)[0], ZERO))
    held = limits(document, scheme)
    uncapped = half_up(exact)
    total = min([uncapped, *(half_up(Fraction(row["cap"])) for row in held if row.get("cap") is not None)])
    by_total = final = grade(total, scheme, category)
    for row in held:
        if row.get("grade"):
            final = lower_grade(final, row["grade"], scheme, category)
    return parts | {
        "scores": scores,
        "total": total,
        "uncapped": uncapped,
        "grade": final,
        "total_grade": by_total,
        "near": near(total, scheme, category),
        "self_total": own_total,
        "self_grade": grade(own_total, scheme, category),
        "limits": held,
        "second_level": second_level,
    }
