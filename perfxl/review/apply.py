"""Reviews that were read back, put into the results of a run: which score stands, and what each came to.

A review replaces the accepted score of its indicator (the lower of self score and computed score) where it lies within
the points, has a reason where it differs, and was made of what is still so (`fingerprint`). All else stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Finding
from perfxl.checks.review import AGAINST_ITSELF, CHANGED, DISAGREE, NO_REASON, NO_SCORE, NOBODY_FOR_IT
from perfxl.decimals import plain, two_places
from perfxl.review.layout import DepartmentReview, Judged, Judgement, ReviewBook, fingerprint, unreviewed
from perfxl.review.record import AgreedRecord, Effect, Reviewed, ReviewRecord
from perfxl.review.standing import Standing, after_review, standing
from perfxl.review.votes import Vote, resolve
from perfxl.review.whom import Whom
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore
from perfxl.submission.identity import name_key
from perfxl.text import fold

Full = Callable[[DepartmentResult], DepartmentResult]
NOT_NAMED = "未署名"
LONGEST_NAME = 60


@dataclass
class Outcome:
    """What reviews came to. Departments whose reviews have any effect are changed in place."""

    records: list[ReviewRecord] = field(default_factory=list)
    agreed: list[AgreedRecord] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Part:
    """What one workbook says of one department."""

    book: ReviewBook
    review: DepartmentReview
    reviewer: str

    @property
    def key(self) -> str:
        """Who it is, free of spelling; where nobody signed, one workbook is one reviewer."""
        return _key(self.book, self.review) or f"\n{self.book.mark.book or self.book.file}"

    @property
    def filled(self) -> bool:
        return bool(self.review.judgements or self.review.agreed)


def _named(book: ReviewBook, review: DepartmentReview) -> str:
    return fold(review.person or book.mark.reviewer)[:LONGEST_NAME]


def _key(book: ReviewBook, review: DepartmentReview) -> str:
    return name_key(_named(book, review)).casefold()


def apply_reviews(
    schemes: Mapping[str, Scheme],
    books: Sequence[ReviewBook],
    results: Sequence[DepartmentResult],
    digests: Mapping[str, str],
    full: Full,
) -> Outcome:
    """Puts the reviews into the results, whose totals are to be worked out again. schemes: of the run, by code.

    results: the departments that count. digests: the SHA-256 of their files. full: gives a department with its
    explanations and KPIs.
    """
    outcome, whom = Outcome(), Whom(results, digests)
    parts: dict[str, list[_Part]] = {}
    # One writing of each name, so that what somebody did can be counted by it.
    names: dict[str, str] = {"": NOT_NAMED}
    for book in books:
        for review in book.reviews:
            name = names.setdefault(_key(book, review), _named(book, review))
            part = _Part(book, review, name)
            if not part.filled:
                continue
            item = whom.of(review.target) if review.target.scheme in schemes else None
            if item is None:
                _nobody(outcome, part, known=review.target.scheme in schemes)
            else:
                parts.setdefault(item.file, []).append(part)
    for item in results:
        if own := parts.get(item.file):
            _Department(schemes[item.scheme], item, full(item), own, outcome).apply()
    if outcome.records or outcome.agreed:
        for item in results:
            item.review_status = item.review_status or Reviewed.NOT.value
    return outcome


def _nobody(outcome: Outcome, part: _Part, *, known: bool) -> None:
    target = part.review.target
    title = target.project or target.name
    why = "不在本次结果中" if known else f"是按方案“{target.scheme[:40]}”复核的，本次没有使用这个方案"
    first = next(iter(part.review.judgements.values()), None)
    sheet, cell = (first.sheet, first.cell) if first else (target.sheet, "")
    words = {"department": title, "why": why}
    outcome.findings.append(NOBODY_FOR_IT.finding(part.book.file, title, words, sheet=sheet, cell=cell))
    who = (target.scheme, "", target.code, target.name, target.project, target.category)
    for item in part.review.judgements.values():
        then = target.judged[item.code]
        scores = (then.points, then.self_score, then.accepted)
        outcome.records.append(_record(part, item, who, item.code, scores, None, None, Effect.NONE, why))
    if part.review.agreed:
        outcome.agreed.append(AgreedRecord(target.scheme, "", title, part.reviewer, part.book.file, 0))


def _record(
    part: _Part,
    item: Judgement,
    who: tuple[str, str, str, str, str, str],
    label: str,
    scores: tuple[Decimal | None, Decimal | None, Decimal | None],
    score: Decimal | None,
    final: Decimal | None,
    effect: Effect,
    why: str,
) -> ReviewRecord:
    day = part.review.day.isoformat() if part.review.day else ""
    return ReviewRecord(
        *who, item.code, label, *scores, item.written, score, final, effect, why, part.reviewer, day, item.reason,
        item.basis, part.book.file, item.sheet, item.cell,
    )  # fmt: skip


class _Department:
    """One department and all that reviewers say of it."""

    def __init__(
        self, scheme: Scheme, item: DepartmentResult, full: DepartmentResult, parts: Sequence[_Part], outcome: Outcome
    ) -> None:
        self.scheme, self.item, self.full, self.outcome = scheme, item, full, outcome
        self.parts = sorted(parts, key=lambda part: (part.book.mark.started, part.book.file))
        self.scores = {score.code: score for score in item.scores}
        self.prints = {
            score.code: fingerprint(scheme.indicator_by_code[score.code], full, score)
            for score in full.scores
            if score.code in scheme.indicator_by_code
        }
        self.why: dict[tuple[int, str], tuple[Effect, str]] = {}
        self.votes: dict[str, list[tuple[int, Vote]]] = {}

    def apply(self) -> None:
        for number, part in enumerate(self.parts):
            for judgement in part.review.judgements.values():
                self._say(number, part, judgement)
        settled: set[str] = set()
        agreed = self._agreed()
        for score in self.item.scores:
            votes = self._of_each(score.code, self.votes.get(score.code, []))
            implied = agreed.get(score.code, [])
            if not votes:
                # What somebody tried to score waits until that is mended.
                if implied and not any(score.code in part.review.judgements for part in self.parts):
                    settled.add(score.code)
                continue
            spoken = {vote.key for _, vote in votes}
            others = [vote for vote in implied if vote.key not in spoken]
            if self._settle(score, votes, others):
                settled.add(score.code)
        self._finish(settled)

    def _say(self, number: int, part: _Part, judgement: Judgement) -> None:
        """Whether what a reviewer filled in stands; then it is a vote."""
        code = judgement.code
        score = self.scores.get(code)
        if score is None or not score.applies:
            what = "方案里没有这项指标了" if score is None else "这项指标不适用于它"
            self._refuse(number, part, judgement, CHANGED, what=what)
            return
        if part.review.target.judged[code].fingerprint != self.prints[code]:
            what = self._difference(part.review.target.judged[code], score)
            self._refuse(number, part, judgement, CHANGED, what=what)
            return
        accepted = unreviewed(score)
        stands = standing(judgement.score, score.points, accepted, judgement.reason)
        if judgement.score is None:
            # The reader told already what is wrong with what is written.
            self.why[number, code] = Effect.NONE, "复核得分不是数字" if judgement.written else "没有填复核得分"
        elif stands is Standing.OUTSIDE:
            why = f"复核得分 {plain(judgement.score)} 不在 0 到 {plain(score.points)} 之间"
            self._refuse(number, part, judgement, NO_SCORE, why=why)
        elif stands is Standing.NO_REASON:
            self._refuse(number, part, judgement, NO_REASON, accepted=two_places(accepted))
        else:
            value = after_review(judgement.score, score.points, accepted, judgement.reason)
            vote = Vote(part.key, part.reviewer, value, part.book.mark.started, part.book.file)
            self.votes.setdefault(code, []).append((number, vote))

    def _refuse(self, number: int, part: _Part, judgement: Judgement, check: Declaration, **words: Any) -> None:
        self.why[number, judgement.code] = Effect.NONE, str(words.get("what") or words.get("why") or check.title)
        self._tell(check, part.book.file, judgement.code, judgement.sheet, judgement.cell, judgement.written, **words)

    def _tell(
        self, check: Declaration, book: str, code: str, sheet: str, cell: str, value: str = "", /, **words: Any
    ) -> None:
        indicator = self.scheme.indicator_by_code.get(code)
        label = f"{code} {indicator.name}" if indicator else code
        given = {"department": self.item.title, "indicator": label, "value": value, **words}
        finding = check.finding(book, self.item.title, given, sheet=sheet, cell=cell)
        self.outcome.findings.append(finding)

    def _difference(self, then: Judged, score: IndicatorScore) -> str:
        """What has changed since the review workbook was made."""
        pairs = (
            ("分值", then.points, score.points),
            ("自评得分", then.self_score, score.self_score),
            ("计算得分", then.computed, score.computed),
            ("认定得分", then.accepted, unreviewed(score)),
        )
        words = [f"{name}由 {_shown(old)} 变为 {_shown(new)}" for name, old, new in pairs if old != new]
        return "，".join(words) or "计算说明、扣分原因、佐证材料或评分标准有改动"

    def _agreed(self) -> dict[str, list[Vote]]:
        """Who left an indicator as it is, by its code: all that were so when the workbook was made and still are."""
        found: dict[str, list[Vote]] = {}
        for part in self.parts:
            if not part.review.agreed:
                continue
            count = 0
            for code, then in part.review.target.judged.items():
                score = self.scores.get(code)
                if code in part.review.judgements:
                    continue
                if score is None or not score.applies or then.fingerprint != self.prints[code]:
                    gone = "方案里没有这项指标了" if score is None else "这项指标不适用于它"
                    what = gone if score is None or not score.applies else self._difference(then, score)
                    self._tell(CHANGED, part.book.file, code, part.review.target.sheet, "", what=what)
                    continue
                count += 1
                vote = Vote(part.key, part.reviewer, unreviewed(score), part.book.mark.started, part.book.file, False)
                found.setdefault(code, []).append(vote)
            title = self.item.title
            self.outcome.agreed.append(
                AgreedRecord(self.item.scheme, self.item.file, title, part.reviewer, part.book.file, count)
            )
        return {code: list({vote.key: vote for vote in votes}.values()) for code, votes in found.items()}

    def _of_each(self, code: str, votes: Sequence[tuple[int, Vote]]) -> list[tuple[int, Vote]]:
        """One vote of each reviewer: of several workbooks the one made last; none where two of these differ."""
        by_key: dict[str, list[tuple[int, Vote]]] = {}
        for number, vote in votes:
            by_key.setdefault(vote.key, []).append((number, vote))
        kept = []
        for own in by_key.values():
            last = max(vote.started for _, vote in own)
            newest = [(number, vote) for number, vote in own if vote.started == last]
            for number, vote in own:
                if vote.started != last:
                    why = f"同一复核人另有较新的复核表“{newest[0][1].book}”"
                    self.why[number, code] = Effect.NONE, why
            if len({vote.score for _, vote in newest}) > 1:
                told = "、".join(f"{vote.reviewer}在“{vote.book}”填 {two_places(vote.score)}" for _, vote in newest)
                for number, _ in newest:
                    self.why[number, code] = Effect.NONE, AGAINST_ITSELF.title
                judgement = self.parts[newest[0][0]].review.judgements[code]
                place = (judgement.sheet, judgement.cell)
                self._tell(AGAINST_ITSELF, newest[0][1].book, code, *place, scores=told)
                continue
            # Copies of one workbook with the same score are one vote.
            kept += newest
        return kept

    def _settle(self, score: IndicatorScore, votes: Sequence[tuple[int, Vote]], others: Sequence[Vote]) -> bool:
        """Puts the score in place that the votes come to; whether there is one."""
        code = score.code
        all_ = [*{vote.key: vote for _, vote in votes}.values(), *others]
        resolved = resolve(all_, self.scheme.options.review_rule, score.nature)
        if resolved.disagree:
            judgement = self.parts[votes[0][0]].review.judgements[code]
            scores = "，".join(vote.words for vote in all_)
            place = (judgement.sheet, judgement.cell)
            self._tell(DISAGREE, votes[0][1].book, code, *place, scores=scores, result=resolved.words)
        effect = Effect.WAITS if resolved.score is None else Effect.STANDS
        for number, _ in votes:
            self.why[number, code] = effect, f"与他人不一致：{resolved.words}" if resolved.disagree else ""
        if resolved.score is None:
            return False
        said = [self.parts[number].review.judgements[code] for number, _ in votes]
        self.scores[code] = replace(
            score,
            review=resolved.score,
            score=resolved.score,
            before=unreviewed(score),
            review_reason=_joined(item.reason for item in said),
            review_basis=_joined(item.basis for item in said),
        )
        return True

    def _finish(self, settled: set[str]) -> None:
        item = self.item
        item.scores = tuple([self.scores[score.code] for score in item.scores])
        applying = {score.code for score in item.scores if score.applies}
        done = settled & applying
        status = Reviewed.WHOLE if done == applying else Reviewed.PARTLY if done else Reviewed.NOT
        item.review_status = status.value
        item.reviewers = tuple(dict.fromkeys(part.reviewer for part in self.parts))
        who = (item.scheme, item.file, item.code, item.name, item.project, item.category)
        order = {score.code: place for place, score in enumerate(item.scores)}
        found = []
        for number, part in enumerate(self.parts):
            for judgement in part.review.judgements.values():
                code = judgement.code
                effect, why = self.why[number, code]
                vote = next((vote for at, vote in self.votes.get(code, []) if at == number), None)
                score, indicator = self.scores.get(code), self.scheme.indicator_by_code.get(code)
                scores = (score.points, score.self_score, unreviewed(score)) if score else (None, None, None)
                value = vote.score if vote is not None and effect is not Effect.NONE else None
                label = indicator.name if indicator else code
                final = score.score if score else None
                record = _record(part, judgement, who, label, scores, value, final, effect, why)
                found.append((order.get(code, len(order)), record))
        self.outcome.records += [record for _, record in sorted(found, key=lambda pair: pair[0])]


def _joined(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(text for text in texts if text))


def _shown(value: Decimal | None) -> str:
    return "空" if value is None else two_places(value)
