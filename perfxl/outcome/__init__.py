"""The outcome (认定结果): what follows from a department's scores, each step as a number and as an Excel expression.

The one home of it: scoring asks for it first, whatever changes a department later (the bureau's lists, a review) asks
again, and the template writes the expressions. `accepted` is the score that counts of one indicator, `finish` all that
follows from them.
"""

from perfxl.outcome.accepted import accepted, accepted_formula
from perfxl.outcome.finish import DepartmentOutcome, finish
from perfxl.outcome.grade import (
    grade_formula,
    grade_of,
    is_near_threshold,
    to_next_grade,
    to_next_grade_formula,
)
from perfxl.outcome.total import capped, capped_formula, has_caps, held_formula

__all__ = [
    "DepartmentOutcome",
    "accepted",
    "accepted_formula",
    "capped",
    "capped_formula",
    "finish",
    "grade_formula",
    "grade_of",
    "has_caps",
    "held_formula",
    "is_near_threshold",
    "to_next_grade",
    "to_next_grade_formula",
]
