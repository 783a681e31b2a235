"""Puts together what is said of a scheme."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.documents.whole import matters, reporting, scores
from perfxl.documents.whole.counted import RunCount, SchemeCount
from perfxl.documents.whole.records import Group
from perfxl.results.several import short_titles
from perfxl.results.words import Words


def words_of(count: RunCount) -> dict[str, str]:
    """What each scheme evaluates, 部门 or 项目, by its code."""
    return {own.scheme.id: Words.of(own.scheme.evaluated).one for own in count.schemes}


def shorts_of(count: RunCount) -> dict[str, str]:
    """The headings of schemes where there are several, by code."""
    return dict(short_titles([own.scheme for own in count.schemes]))


def groups_of(count: RunCount) -> tuple[Group, ...]:
    """What is said of each scheme."""
    words, shorts = words_of(count), shorts_of(count)
    return tuple(_group(own, words[own.scheme.id], shorts, count.rostered) for own in count.schemes)


def _group(own: SchemeCount, one: str, shorts: Mapping[str, str], rostered: bool) -> Group:
    labels, found = matters.labels_of(own), matters.findings(own)
    reviewed = matters.reviews(own)
    return Group(
        name=own.scheme.header.results_title,
        short=shorts[own.scheme.id],
        one=one,
        projects=own.scheme.evaluated.is_project,
        ranked=len(own.ranked),
        score_words=tuple(scores.score_words(own, one)),
        grades=scores.grades(own),
        grade_chart=scores.grade_chart(own, one),
        category_words=tuple(scores.category_words(own)),
        categories=scores.categories(own, rostered),
        category_chart=scores.category_chart(own),
        indicator_words=tuple(scores.indicator_words(own, one)),
        levels=scores.levels(own),
        level_chart=scores.level_chart(own),
        indicators=scores.indicators(own),
        indicator_chart=scores.indicator_chart(own),
        losses=scores.losses(own),
        finding_words=tuple(matters.finding_words(own, one)),
        findings=found,
        common=found[: matters.COMMON],
        near_words=tuple(matters.near_words(own, one)),
        near=matters.near(own),
        gap_words=tuple(matters.gap_words(own, one)),
        gaps=matters.gaps(own),
        reviewed=bool(reviewed),
        review_words=tuple(matters.review_words(own, one)),
        reviews=reviewed,
        review_indicators=matters.review_indicators(own),
        review_chart=matters.review_chart(own),
        funds_words=tuple(matters.funds_words(own, one)),
        adjusted_label=labels[0],
        spent_label=labels[1],
        funds=matters.funds(own),
        funds_chart=matters.funds_chart(own),
        low=matters.low(own),
        ranking=scores.ranking(own),
        units=scores.units(own),
        states=tuple(reporting.states(own)),
        departments=tuple(reporting.departments(own)),
    )
