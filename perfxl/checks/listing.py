"""Every finding that perfxl can make, for `perfxl check --list` and the handbook."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfxl.checks.batch import BATCH_CHECKS
from perfxl.checks.catalogue import catalogue
from perfxl.checks.declared import Declaration
from perfxl.checks.files import FILE_CHECKS
from perfxl.checks.reports import REPORT_CHECKS
from perfxl.checks.review import REVIEW_CHECKS
from perfxl.checks.years import YEARS_CHECKS
from perfxl.findings.named import USUAL_NAMES

_PLACE = re.compile(r"\{\w+\}")


def all_checks() -> Sequence[Declaration]:
    """Files first, then what one workbook can have, then what only the whole batch shows."""
    own = (*catalogue(), *BATCH_CHECKS, *REVIEW_CHECKS, *REPORT_CHECKS, *YEARS_CHECKS)
    return (*FILE_CHECKS, *sorted(own, key=lambda check: (check.code[1:], check.code[0])))


def plain_words(text: str) -> str:
    """A message without a case: dots where a hit puts its own words."""
    return _PLACE.sub(lambda found: USUAL_NAMES.get(found[0][1:-1], "……"), text)
