"""The outcome (认定结果): what follows from a department's scores, each step as a number and as an Excel expression.

The one home of it: scoring asks for it first, whatever changes a department later (the bureau's lists, a review) asks
again, and the template writes the expressions. `applicable` says which indicators count, `accepted` the score that
counts of one of them, `finish` all that follows from them, `quota` what the ranking makes of the grades.
"""

from perfxl.outcome.accepted import accepted, accepted_formula
from perfxl.outcome.applicable import (
    NOT_APPLICABLE,
    applies_formula,
    applying,
    fact_applies,
    fact_applies_formula,
    full_where_not_applying,
    score_where_not_applying,
)
from perfxl.outcome.finish import DepartmentOutcome, finish
from perfxl.outcome.grade import (
    BY_RANK,
    QUOTA,
    VETO,
    by_category_formula,
    grade_formula,
    grade_of,
    is_near_threshold,
    to_next_grade,
    to_next_grade_formula,
)
from perfxl.outcome.limits import (
    best_place,
    best_place_formula,
    capped,
    capped_formula,
    has_caps,
    has_vetoes,
    held_formula,
    limit_condition_formula,
    limit_effect,
    limit_rule_words,
    limit_words,
    limits_that_hold,
)
from perfxl.outcome.pending import (
    WAITING,
    left_out,
    pending,
    pending_formula,
    score_while_pending,
    shown_while_pending,
    words_while_pending,
)
from perfxl.outcome.quota import apply_quotas
from perfxl.outcome.total import (
    Scores,
    Sums,
    applied_formula,
    base_formula,
    outside_formula,
    outside_levels,
    sums_of,
    total_formula,
)

__all__ = [
    "BY_RANK",
    "NOT_APPLICABLE",
    "QUOTA",
    "VETO",
    "WAITING",
    "DepartmentOutcome",
    "Scores",
    "Sums",
    "accepted",
    "accepted_formula",
    "applied_formula",
    "applies_formula",
    "apply_quotas",
    "applying",
    "base_formula",
    "best_place",
    "best_place_formula",
    "by_category_formula",
    "capped",
    "capped_formula",
    "fact_applies",
    "fact_applies_formula",
    "finish",
    "full_where_not_applying",
    "grade_formula",
    "grade_of",
    "has_caps",
    "has_vetoes",
    "held_formula",
    "is_near_threshold",
    "left_out",
    "limit_condition_formula",
    "limit_effect",
    "limit_rule_words",
    "limit_words",
    "limits_that_hold",
    "outside_formula",
    "outside_levels",
    "pending",
    "pending_formula",
    "score_where_not_applying",
    "score_while_pending",
    "shown_while_pending",
    "sums_of",
    "to_next_grade",
    "to_next_grade_formula",
    "total_formula",
    "words_while_pending",
]
