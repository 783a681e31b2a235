"""Reviews in a run: which score stands, and all that follows from it, against an oracle of its own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from perfxl.decimals import half_up
from perfxl.results.batch import Batch
from perfxl.results.reviewers import reviewers_of
from perfxl.results.sheets.review_analysis import flag_of
from perfxl.review.record import Effect
from perfxl.review.votes import Vote, resolve
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.switches import REVIEW_RULES
from tests.oracle_review import cents, expected, places
from tests.review_cases import Said, book_of, departments, random_said, run, target
from tests.sample_schemes import district_scheme, project_scheme

FIRES = ("W644", "W645", "W648")
"""The findings that the tests of this module set off."""
SCHEMES = {scheme.id: scheme for scheme in (load_scheme(), district_scheme(), project_scheme())}
COUNT = 12


def with_rule(scheme: Scheme, rule: str) -> Scheme:
    return replace(scheme, options=replace(scheme.options, review_rule=rule))


@cache
def ruled(form: str, rule: str) -> Scheme:
    return with_rule(SCHEMES[form], rule)


def reviewed(scheme: Scheme, said: list[Said]) -> Batch:
    results = departments(scheme, COUNT)
    return run(scheme, results, [book_of(scheme, results, one, number) for number, one in enumerate(said, 1)])


# Nothing is gained by a smaller seed.
@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.sampled_from(sorted(SCHEMES)), st.sampled_from(REVIEW_RULES), st.integers(0, 10**6))
def test_all_that_follows_is_what_the_oracle_says(form: str, rule: str, seed: int) -> None:
    scheme = ruled(form, rule)
    results = departments(scheme, COUNT)
    said = random_said(scheme, results, seed)
    batch = reviewed(scheme, said)
    outcomes = {
        item.file: expected(scheme, item, [one for one in said if one.department == item.file]) for item in results
    }
    after = places(scheme, results, {file: one.reviews for file, one in outcomes.items()})
    before = places(scheme, results, {})
    by_file = {item.file: item for item in results}
    any_said = any(one.scores or one.agreed for one in said)
    for item in batch.departments:
        one, own = outcomes[item.file], by_file[item.file]
        then = {score.code: score for score in own.scores}
        for score in item.scores:
            assert (score.review is not None) == (score.code in one.reviews)
            assert cents(score.score) == one.reviews.get(score.code, cents(then[score.code].score))
            assert score.before == (then[score.code].score if score.code in one.reviews else None)
        place = after[item.file]
        assert (cents(item.total), item.grade, item.rank) == (place.total, place.grade, place.rank)
        assert item.self_total == own.self_total
        if not any_said:
            assert (item.review_status, item.total_before) == ("", None)
            continue
        applying = {score.code for score in own.scores if score.applies}
        status = "已复核" if one.settled == applying else "部分复核" if one.settled else "未复核"
        assert item.review_status == status
        past = before[item.file]
        assert item.total_before is not None
        assert (cents(item.total_before), item.grade_before, item.rank_before) == (past.total, past.grade, past.rank)
        over = item.self_total - item.total
        assert flag_of_(scheme, batch, item) == ("通报" if over > 10 else "关注" if over > 5 else "")
    assert len(batch.reviews) == sum(len(one.scores) for one in said)
    _analysis(batch, scheme, said)


def flag_of_(scheme: Scheme, batch: Batch, item: object) -> str:
    class Plan:
        def __init__(self) -> None:
            self.scheme = scheme

    return flag_of(Plan(), item)  # type: ignore[arg-type]


def _analysis(batch: Batch, scheme: Scheme, said: list[Said]) -> None:
    """What each reviewer changed: of all scores that stand, be it that others disagree."""
    results = {item.file: item for item in departments(scheme, COUNT)}
    changes: dict[str, list[Decimal]] = {}
    agreed: dict[str, int] = {}
    for one in said:
        for score in results[one.department].scores:
            if not score.applies or score.code in one.stale:
                continue
            if score.code in one.scores:
                value, reason = one.scores[score.code]
                if value is not None and 0 <= value <= score.points:
                    change = half_up(value) - score.score
                    if not change or reason.strip(" 　"):
                        changes.setdefault(one.reviewer, []).append(change)
            elif one.agreed:
                agreed[one.reviewer] = agreed.get(one.reviewer, 0) + 1
    found = {item.name: item for item in reviewers_of(batch)}
    assert found.keys() == changes.keys() | agreed.keys()
    for name, item in found.items():
        assert sorted(item.changes) == sorted(changes.get(name, []))
        assert item.agreed == agreed.get(name, 0)


@pytest.mark.parametrize(
    ("rule", "scores", "result"),
    [
        ("平均", ("3", "4"), "3.5"),
        ("平均", ("3.33", "3.34"), "3.34"),
        ("平均", ("1", "1", "2"), "1.33"),
        ("就低", ("3", "4", "2.5"), "2.5"),
        ("第三人", ("3", "4"), None),
        ("第三人", ("3", "3"), "3"),
        ("第三人", ("3", "4", "1"), "3"),
        ("第三人", ("3", "4", "4"), "4"),
        ("第三人", ("1", "2", "3.01", "4"), "2.51"),
    ],
)
def test_the_scheme_decides_where_reviewers_disagree(rule: str, scores: tuple[str, ...], result: str | None) -> None:
    votes = [Vote(str(n), str(n), Decimal(text), "", "") for n, text in enumerate(scores)]
    found = resolve(votes, rule, "计分").score
    assert found == (None if result is None else Decimal(result))


def test_of_a_deduction_the_higher_one_is_the_lower_total() -> None:
    votes = [Vote(text, text, Decimal(text), "", "") for text in ("1", "2")]
    assert resolve(votes, "就低", "扣分").score == 2


SCHEME = load_scheme()
RESULTS = departments(SCHEME, COUNT)
ONE = next(item for item in RESULTS if item.status == "scored" and not item.limits)
CODE = next(score.code for score in ONE.scores if score.score > 1)
THEN = next(score for score in ONE.scores if score.code == CODE)
LESS = half_up(THEN.score - 1)


def said(score: Decimal | None, reason: str = "佐证不足", reviewer: str = "甲", **more: object) -> Said:
    return Said(reviewer, ONE.file, {CODE: (score, reason)}, **more)  # type: ignore[arg-type]


def score_in(batch: Batch) -> Decimal:
    return next(item for item in batch.departments if item.file == ONE.file).score_of(CODE)


def codes(batch: Batch) -> list[str]:
    return sorted(item.code for item in batch.findings if item.code.startswith("W64"))


def test_what_changed_since_is_told_and_the_rest_stands() -> None:
    other = next(score for score in ONE.scores if score.code != CODE and score.score > 1)
    both = Said(
        "甲", ONE.file, {CODE: (LESS, "佐证不足"), other.code: (Decimal(0), "没有台账")}, stale=frozenset({CODE})
    )
    batch = reviewed(SCHEME, [both])
    assert score_in(batch) == THEN.score
    item = next(item for item in batch.departments if item.file == ONE.file)
    assert item.score_of(other.code) == 0
    (finding,) = (finding for finding in batch.findings if finding.code == "W643")
    assert (finding.sheet, finding.cell) == (ONE.title, "J9") and CODE in finding.message
    assert [record.effect for record in batch.reviews if record.indicator == CODE] == [Effect.NONE]


def test_the_difference_says_what_has_changed() -> None:
    book = book_of(SCHEME, RESULTS, said(LESS))
    scores = tuple(
        replace(score, self_score=Decimal("0.50"), score=Decimal("0.50")) if score.code == CODE else score
        for score in ONE.scores
    )
    results = [replace(item, scores=scores) if item is ONE else item for item in RESULTS]
    batch = run(SCHEME, results, [book])
    (finding,) = (finding for finding in batch.findings if finding.code == "W643")
    assert f"认定得分由 {THEN.score:.2f} 变为 0.50" in finding.message
    assert score_in(batch) == Decimal("0.50")


def test_copies_of_one_workbook_that_say_the_same_are_one_vote() -> None:
    third = with_rule(SCHEME, "第三人")
    results = departments(third, COUNT)
    books = [replace(book_of(third, results, said(LESS)), file=f"{n}.xlsx", sha256=str(n)) for n in range(3)]
    batch = run(third, results, [*books, book_of(third, results, said(THEN.score, reviewer="乙"), 9)])
    assert score_in(batch) == THEN.score
    assert codes(batch) == ["W644"]
    assert {record.effect for record in batch.reviews} == {Effect.WAITS}


def test_copies_of_one_workbook_that_differ_have_no_effect() -> None:
    books = [
        replace(book_of(SCHEME, RESULTS, said(score)), file=f"{n}.xlsx", sha256=str(n))
        for n, score in enumerate((LESS, Decimal(0)))
    ]
    batch = run(SCHEME, RESULTS, books)
    assert (score_in(batch), codes(batch)) == (THEN.score, ["W645"])


def test_copies_filled_by_two_people_are_two_reviews() -> None:
    books = [
        replace(book_of(SCHEME, RESULTS, said(score, reviewer=who)), file=who, sha256=who)
        for who, score in (("甲", LESS), ("乙", THEN.score))
    ]
    batch = run(SCHEME, RESULTS, books)
    assert (score_in(batch), codes(batch)) == (half_up((LESS + THEN.score) / 2), ["W644"])


def test_of_one_reviewer_the_workbook_of_the_later_run_counts() -> None:
    first = book_of(SCHEME, RESULTS, said(LESS), 1, "2023-05-01T08:00:00+08:00")
    later = book_of(SCHEME, RESULTS, said(THEN.score, reviewer=" 甲 "), 2, "2023-06-01T08:00:00+08:00")
    batch = run(SCHEME, RESULTS, [later, first])
    assert (score_in(batch), codes(batch)) == (THEN.score, [])
    assert [(record.effect.value, record.reviewer) for record in batch.reviews] == [
        ("没有生效", "甲"), ("生效", "甲"),
    ]  # fmt: skip


def test_a_department_that_is_not_there_is_told_and_recorded() -> None:
    book = book_of(SCHEME, RESULTS, said(LESS))
    review = book.reviews[0]
    who = replace(review.target, code="999", name="别处", file="x", file_sha256="")
    batch = run(SCHEME, RESULTS, [replace(book, reviews=[replace(review, target=who)])])
    assert codes(batch) == ["W648"]
    assert [(record.name, record.effect, record.why) for record in batch.reviews] == [
        ("别处", Effect.NONE, "不在本次结果中")
    ]
    other = replace(review.target, scheme="other-2020")
    batch = run(SCHEME, RESULTS, [replace(book, reviews=[replace(review, target=other)])])
    assert codes(batch) == ["W648"] and "other-2020" in str([item.message for item in batch.findings])


def test_a_department_is_found_by_its_code_where_its_name_is_another() -> None:
    book = book_of(SCHEME, RESULTS, said(LESS))
    review = book.reviews[0]
    batch = run(SCHEME, RESULTS, [replace(book, reviews=[replace(review, target=replace(review.target, name="旧名"))])])
    assert score_in(batch) == LESS


def test_two_departments_under_one_name_are_not_mixed_up() -> None:
    book = book_of(SCHEME, RESULTS, said(LESS))
    review = book.reviews[0]
    batch = run(SCHEME, RESULTS, [replace(book, reviews=[replace(review, target=replace(review.target, code="7"))])])
    assert codes(batch) == ["W648"]


def test_a_self_score_that_is_left_to_the_rule_stays_what_it_was() -> None:
    scheme = replace(SCHEME, options=replace(SCHEME.options, blank_self="按计算得分"))
    blank = tuple(replace(score, self_score=None) if score.code == CODE else score for score in ONE.scores)
    results = [replace(item, scores=blank) if item is ONE else item for item in RESULTS]
    plain = run(scheme, results)
    batch = run(scheme, results, [book_of(scheme, results, said(LESS))])
    own = {item.file: item.self_total for item in plain.departments}
    assert score_in(batch) == LESS
    assert {item.file: item.self_total for item in batch.departments} == own


def test_without_reviews_nothing_is_said_of_them() -> None:
    batch = run(SCHEME, RESULTS, [])
    assert not batch.reviewed and not batch.reviews
    assert {item.review_status for item in batch.departments} == {""}


def test_the_target_is_judged_as_it_is() -> None:
    assert target(SCHEME, ONE).judged[CODE].accepted == THEN.score
