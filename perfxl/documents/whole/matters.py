"""What stands out in a scheme: problems, who is near to a grade, self scores far above, reviews, spending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.checks.listing import all_checks, plain_words
from perfxl.decimals import ZERO, half_up, plain
from perfxl.documents.chart import BAR, RATE, Chart, Series
from perfxl.documents.whole.counted import REVIEWED, Row, SchemeCount, spending_of
from perfxl.documents.whole.records import FindingLine, GapLine, NearLine, ReviewLine, SpendingLine
from perfxl.documents.whole.words import NONE, money_shown, named, rate_shown, score, share, short, signed
from perfxl.results.statistics import mean
from perfxl.results.words import outside_name
from perfxl.review.record import Reviewed
from perfxl.scheme.funds import ADJUSTED, SPENT, STANDARD_COLUMNS

WATCH, REPORT = "关注", "通报"
COMMON, LOW, CHARTED = 10, 30, 12
_LEVELS = {"error": "错误", "warning": "提醒"}


def findings(own: SchemeCount) -> tuple[FindingLine, ...]:
    """Every kind of problem, errors before warnings where they are as many."""
    titles = {check.code: plain_words(check.title) for check in all_checks()}
    found = sorted(own.found.values(), key=lambda one: (-one.count, one.severity, one.code))
    return tuple(
        FindingLine(titles.get(one.code, one.code), _LEVELS[one.severity], one.count, len(one.files)) for one in found
    )


def finding_words(own: SchemeCount, one: str) -> Iterator[str]:
    """How many errors and warnings there are, on how many."""
    if not own.rows:
        return
    counts = [
        f"{word} {count} 个"
        for severity, word in _LEVELS.items()
        if (count := sum(item.count for item in own.found.values() if item.severity == severity))
    ]
    if not counts:
        yield "审核没有发现错误和需要提醒的问题。"
        return
    files = set().union(*(item.files for item in own.found.values()))
    yield f"审核发现{'、'.join(counts)}，涉及 {len(files)} 个{one}，占报送的 {share(len(files), len(own.rows))}。"


def near(own: SchemeCount) -> tuple[NearLine, ...]:
    """Those of the ranked that are near to a grade, best first."""
    return tuple(_near(own, row) for row in own.ranked if row.near)


def _near(own: SchemeCount, row: Row) -> NearLine:
    # The last grade begins at nothing.
    bands = own.scheme.bands_of(row.category)[:-1]
    band = min(bands, key=lambda one: abs(one.floor - row.total))
    words = f"{band.name}（{plain(band.floor)} 分）"
    return NearLine(row.title, row.category, score(row.total), row.grade, words, signed(row.total - band.floor))


def near_words(own: SchemeCount, one: str) -> Iterator[str]:
    """How many are near to a grade."""
    names = [row.title for row in own.ranked if row.near]
    if names:
        bound = plain(own.scheme.thresholds.near_grade)
        yield f"距等级线不超过 {bound} 分的临界{one}有 {len(names)} 个：{named(names)}。"


def _flag(own: SchemeCount, row: Row) -> str:
    if row.review not in REVIEWED:
        return ""
    bounds = own.scheme.thresholds
    return REPORT if row.over > bounds.review_report else WATCH if row.over > bounds.review_watch else ""


def _gap(own: SchemeCount, row: Row) -> GapLine:
    before = row.total_before if row.review in REVIEWED else None
    return GapLine(
        row.title, row.category, row.review or NONE, score(row.self_total), score(before), score(row.total),
        signed(None if before is None else row.total - before), signed(row.over), _flag(own, row),
    )  # fmt: skip


def over_watch(own: SchemeCount) -> list[Row]:
    """The ranked whose self score lies further above the accepted one than the scheme lets pass, furthest first."""
    bound = own.scheme.thresholds.review_watch
    return sorted((row for row in own.ranked if row.over > bound), key=lambda row: -row.over)


def gaps(own: SchemeCount) -> tuple[GapLine, ...]:
    """`over_watch` as lines."""
    return tuple(_gap(own, row) for row in over_watch(own))


def gap_words(own: SchemeCount, one: str) -> Iterator[str]:
    """How far self scores lie from accepted ones."""
    ranked = own.ranked
    if not ranked:
        return
    above = [row for row in ranked if row.over > 0]
    below = sum(row.over < 0 for row in ranked)
    even = len(ranked) - len(above) - below
    parts = [f"{word}认定得分的 {count} 个"
             for word, count in (("高于", len(above)), ("等于", even), ("低于", below)) if count]  # fmt: skip
    if len(ranked) == 1:
        row = ranked[0]
        what = f"高 {score(row.over)} 分" if above else f"低 {score(-row.over)} 分" if below else "相同"
        yield (
            f"自评得分 {score(row.self_total)} 分，认定得分 {score(row.total)} 分，自评比认定{what}。"
            if (above or below)
            else f"自评得分与认定得分{what}，均为 {score(row.total)} 分。"
        )
    else:
        yield f"参加排名的{one}中，自评得分{'，'.join(parts)}。"
        if above:
            most = max(row.over for row in above)
            names = named([row.title for row in above if row.over == most], 3)
            average = f"平均高 {score(mean([row.over for row in above]))} 分，偏高最多的" if len(above) > 1 else ""
            yield f"自评偏高的{average}是{names}，高 {score(most)} 分。"
    over = over_watch(own)
    if over:
        bound = plain(own.scheme.thresholds.review_watch)
        yield f"自评高于认定超过 {bound} 分的有 {len(over)} 个：{named([row.title for row in over])}。"


def _reviewed(own: SchemeCount) -> list[Row]:
    return sorted((row for row in own.rows if row.review in REVIEWED), key=lambda row: -row.over)


def review_words(own: SchemeCount, one: str) -> Iterator[str]:
    """How much was reviewed and what it changed."""
    reviewed = _reviewed(own)
    if not reviewed:
        return
    states = [(state, sum(row.review == state for row in own.rows)) for state in map(str, Reviewed)]
    yield f"报送的{one}中，{'，'.join(f'{state} {count} 个' for state, count in states if count)}。"
    looked, changed = (sum(getattr(item, name) for item in own.reviews.values()) for name in ("reviewed", "changed"))
    moves = [row.total - row.total_before for row in reviewed if row.total_before is not None]
    counts = [(word, sum(test)) for word, test in (
        ("调减", [move < 0 for move in moves]), ("调增", [move > 0 for move in moves]),
        ("不变", [move == 0 for move in moves]))]  # fmt: skip
    words = "，".join(f"{word} {count} 个" for word, count in counts if count)
    yield f"共复核 {looked} 项次指标，改分 {changed} 项次；总分{words}。"
    if len(reviewed) > 1 and moves:
        before, after = (mean([value for value in values if value is not None]) for values in (
            [row.total_before for row in reviewed],
            [row.total for row in reviewed if row.total_before is not None]))  # fmt: skip
        yield f"复核的{one}平均得分，复核前 {score(before)} 分，复核后 {score(after)} 分。"
    regraded = [row.title for row in reviewed if row.grade_before and row.grade_before != row.grade]
    if regraded:
        yield f"等级因复核改变的有 {len(regraded)} 个：{named(regraded)}。"
    bounds = own.scheme.thresholds
    for flag, bound in ((WATCH, bounds.review_watch), (REPORT, bounds.review_report)):
        names = [row.title for row in reviewed if _flag(own, row) == flag]
        if names:
            yield f"自评高于复核后得分超过 {plain(bound)} 分、列为{flag}的有 {len(names)} 个：{named(names)}。"


def reviews(own: SchemeCount) -> tuple[GapLine, ...]:
    """The reviewed ones."""
    return tuple(_gap(own, row) for row in _reviewed(own))


def review_indicators(own: SchemeCount) -> tuple[ReviewLine, ...]:
    """The indicators whose scores reviews changed, in the order of the scheme."""
    return tuple(
        ReviewLine(outside_name(item), found.reviewed, found.changed, signed(found.moved))
        for item in own.scheme.indicators
        if (found := own.reviews.get(item.code)) is not None and found.changed
    )


def review_chart(own: SchemeCount) -> Chart | None:
    """Self scores beside those after review, of those that differ most."""
    rows = _reviewed(own)[:CHARTED]
    if not rows:
        return None
    series = (
        Series("自评得分", tuple(row.self_total for row in rows)),
        Series("复核后得分", tuple(row.total for row in rows)),
    )
    return Chart("自评得分和复核后得分", "名称", tuple(short(row.title) for row in rows), series, BAR)


def _spending(name: str, rows: Sequence[Row]) -> SpendingLine:
    adjusted, spent, rate = spending_of(rows)
    initials = [row.initial for row in rows if row.initial is not None]
    both = [row for row in rows if row.adjusted is not None and row.spent is not None]
    return SpendingLine(
        name, len(rows), money_shown(sum(initials, ZERO) if initials else None),
        money_shown(adjusted if both else None), money_shown(spent if both else None), rate_shown(rate),
        money_shown(adjusted - spent if both else None),
    )  # fmt: skip


def _with_money(own: SchemeCount) -> list[Row]:
    return [row for row in own.ranked if row.adjusted is not None and row.spent is not None]


def _categories(own: SchemeCount) -> list[tuple[str, list[Row]]]:
    found = [(name, [row for row in _with_money(own) if row.category == name]) for name in own.categories]
    return [(name, rows) for name, rows in found if rows]


def funds(own: SchemeCount) -> tuple[SpendingLine, ...]:
    """The categories, and all together where there are several."""
    groups = _categories(own)
    lines = [_spending(name, rows) for name, rows in groups]
    return tuple(lines if len(lines) < 2 else [*lines, _spending("合计", _with_money(own))])


def funds_chart(own: SchemeCount) -> Chart | None:
    """The spending rate of each category."""
    found = [(name, spending_of(rows)[2]) for name, rows in _categories(own)]
    rates = [(name, value) for name, value in found if value is not None]
    if len(rates) < 2:
        return None
    names, values = tuple(name for name, _ in rates), tuple(value for _, value in rates)
    return Chart("各类别支出率", "类别", names, (Series("支出率", values),), number=RATE)


def below_rate(own: SchemeCount) -> list[Row]:
    """The ranked with a spending rate below the scheme's bound, the lowest first."""
    bound = own.scheme.thresholds.low_rate
    return sorted(
        (row for row in own.ranked if row.rate is not None and row.rate < bound), key=lambda row: row.rate or ZERO
    )


def low(own: SchemeCount) -> tuple[SpendingLine, ...]:
    """`below_rate` as lines."""
    return tuple(
        SpendingLine(row.title, 1, money_shown(row.initial), money_shown(row.adjusted), money_shown(row.spent),
                     rate_shown(row.rate), money_shown(_left(row)))
        for row in below_rate(own)[:LOW]
    )  # fmt: skip


def _left(row: Row) -> Decimal | None:
    return None if row.adjusted is None or row.spent is None else row.adjusted - row.spent


def funds_words(own: SchemeCount, one: str) -> Iterator[str]:
    """Budget, spending and rate of all, and how many have a low one."""
    rows = _with_money(own)
    if rows:
        adjusted, spent, rate = spending_of(rows)
        labels = labels_of(own)
        whole = f"参加排名的 {len(rows)} 个{one}" if len(rows) > 1 else rows[0].title
        words = f"{whole}，{labels[0]}{'合计' if len(rows) > 1 else ''} {money_shown(adjusted)} 万元，"
        yield f"{words}{labels[1]} {money_shown(spent)} 万元，支出率 {rate_shown(rate)}。"
        rates = [(name, half_up(value, Decimal("0.0001"))) for name, own_rows in _categories(own)
                 if (value := spending_of(own_rows)[2]) is not None]  # fmt: skip
        if len(rates) > 1 and len({value for _, value in rates}) > 1:
            (top, best), (bottom, worst) = (end(rates, key=lambda pair: pair[1]) for end in (max, min))
            yield f"支出率最高的类别是{top}（{rate_shown(best)}），最低的是{bottom}（{rate_shown(worst)}）。"
    slow = below_rate(own)
    rated = sum(row.rate is not None for row in own.ranked)
    bound = rate_shown(own.scheme.thresholds.low_rate)
    if slow:
        left = [value for row in slow if (value := _left(row)) is not None]
        words = f"，未支出 {money_shown(sum(left, ZERO))} 万元" if left else ""
        yield f"支出率低于 {bound} 的有 {len(slow)} 个{words}：{named([row.title for row in slow])}。"
    elif rated > 1:
        yield f"各{one}支出率都不低于 {bound}。"


def labels_of(own: SchemeCount) -> tuple[str, str]:
    """What the scheme calls adjusted budget and spending."""
    columns = own.scheme.funds_table.columns if own.scheme.funds_table else STANDARD_COLUMNS
    return columns.get(ADJUSTED, STANDARD_COLUMNS[ADJUSTED]), columns.get(SPENT, STANDARD_COLUMNS[SPENT])
