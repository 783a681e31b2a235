"""The plans of a summary: one, or where a run has several schemes one for each and one for what they have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from perfxl.results.batch import Batch
from perfxl.results.context import Context
from perfxl.results.names import behind, short_names
from perfxl.results.plan import OVERVIEW, SummaryPlan
from perfxl.results.summary_sheet import SummarySheet
from perfxl.results.words import Words
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import annual

_YEAR = re.compile(r"\d{4}\s*年度?")
_KIND = re.compile(r"绩效(自评|评价)(结果)?")


@dataclass(frozen=True)
class SchemePlan:
    """One scheme of several with its plan, and its sheets in their order; none where nobody handed in for it."""

    scheme: Scheme
    plan: SummaryPlan
    sheets: Sequence[SummarySheet]


def short_titles(schemes: Sequence[Scheme]) -> dict[str, str]:
    """What stands behind the names of each scheme's sheets, `项目支出`, by the scheme's code.

    The title without its year and what all have in common; the code where nothing is left or two would be alike.
    """
    # At every stage of the year a scheme is called the same.
    whole = [annual(scheme).header.results_title for scheme in schemes]
    titles = [_KIND.sub("", _YEAR.sub("", title)).strip() for title in whole]
    alike = Counter(title.casefold() for title in titles)
    chosen = [
        title if title and alike[title.casefold()] == 1 else scheme.id
        for scheme, title in zip(schemes, titles, strict=True)
    ]
    return dict(zip((scheme.id for scheme in schemes), short_names(chosen), strict=True))


def plans_of(
    batch: Batch,
    contexts: Mapping[str, Context],
    sheets: Sequence[SummarySheet],
    *,
    department_sheets: bool,
    department_books: bool,
) -> tuple[SummaryPlan, list[SchemePlan]]:
    """The plan of what all schemes have in common, and that of each scheme in the order of the batch."""
    shorts = short_titles(batch.all_schemes)
    parts = [(scheme, batch.of(scheme)) for scheme in batch.all_schemes]
    own = {
        scheme.id: [sheet for sheet in sheets if not sheet.common and sheet.wanted(scheme) and sheet.present(part)]
        if part.departments
        else []
        for scheme, part in parts
    }
    fixed = [behind(sheet.name, shorts[code]) for code, all_ in own.items() for sheet in all_]
    main = next(iter(contexts.values()))
    whole = SummaryPlan(
        batch,
        replace(main, words=Words.joined(context.words for context in contexts.values()), findings={}),
        [OVERVIEW, *fixed, *(sheet.name for sheet in sheets if sheet.common)],
        department_sheets,
        department_books,
        shorts=shorts,
    )
    plans = [
        SchemePlan(
            scheme,
            SummaryPlan(
                part, contexts[scheme.id], (), department_sheets, department_books, short=shorts[scheme.id], whole=whole
            ),
            own[scheme.id],
        )
        for scheme, part in parts
    ]
    return whole, plans
