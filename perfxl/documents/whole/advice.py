"""What follows for the bureau, each sentence from figures of the run; none where nothing calls for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from perfxl.decimals import plain
from perfxl.documents.whole.counted import RunCount, SchemeCount
from perfxl.documents.whole.matters import below_rate, findings, over_watch
from perfxl.documents.whole.scores import lowest
from perfxl.documents.whole.words import all_of, rate_shown
from perfxl.review.record import Reviewed

LOW_RATE = Decimal("0.9")
"""Below this 得分率 an indicator is named here."""
NAMED = 5


def advice(count: RunCount, shorts: Mapping[str, str], words: Mapping[str, str]) -> Iterator[str]:
    """The sentences, scheme by scheme. shorts: before each where there are several; words: what is evaluated, both by
    the scheme's code."""
    for own in count.schemes:
        before = f"{shorts[own.scheme.id]}：" if len(count.schemes) > 1 else ""
        yield from (before + sentence for sentence in _advice(own, words[own.scheme.id]))


def _advice(own: SchemeCount, one: str) -> Iterator[str]:
    left = len(own.missing) + len(own.returned)
    if left:
        parts = [f"未报送的 {len(own.missing)} 个"] if own.missing else []
        parts += [f"退回修改的 {len(own.returned)} 个"] if own.returned else []
        yield (
            f"{'、'.join(parts)}{one}没有有效的绩效自评结果，建议限期报送，"
            f"逾期的在安排{own.scheme.year + 2}年度预算时从严审核。"
        )
    low = [f"{name}（{rate_shown(rate)}）" for name, rate in lowest(own) if rate < LOW_RATE]
    if low:
        count = f"等 {len(low)} 项" if len(low) > NAMED else f" {len(low)} 项"
        yield (
            f"{'、'.join(low[:NAMED])}{count}指标得分率低于 {rate_shown(LOW_RATE)}，"
            "建议有关部门逐项分析原因，作为下一年度绩效管理的重点。"
        )
    slow = below_rate(own)
    if slow:
        bound = rate_shown(own.scheme.thresholds.low_rate)
        yield (
            f"{all_of([row.title for row in slow], one, NAMED)}支出率低于 {bound}，"
            "建议说明未支出的原因，并在安排预算时核减不能按期支出的资金。"
        )
    over = over_watch(own)
    unreviewed = [row for row in over if row.review != Reviewed.WHOLE.value]
    if over:
        bound = plain(own.scheme.thresholds.review_watch)
        words = "建议列为复核对象" if unreviewed else "建议要求说明自评依据"
        rows = unreviewed or over
        yield f"{all_of([row.title for row in rows], one, NAMED)}自评高于认定超过 {bound} 分，{words}。"
    worst = [row for row in own.ranked if row.grade == own.scheme.bands_of(row.category)[-1].name]
    if worst:
        grade = worst[0].grade
        yield (
            f"{all_of([row.title for row in worst], one, NAMED)}等级为{grade}，"
            "建议提出书面整改计划，并将整改情况与下一年度预算安排挂钩。"
        )
    found = [line for line in findings(own) if line.departments > 1][:3]
    if found:
        names = "、".join(f"“{line.name}”（{line.departments} 个{one}）" for line in found)
        yield f"填报中最常见的问题是{names}，建议在下一次布置填报时专门说明。"
