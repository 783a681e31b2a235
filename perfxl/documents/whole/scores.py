"""Scores of a scheme: means, grades, categories, levels and indicators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.decimals import ZERO, half_up, plain
from perfxl.documents.chart import BAR, RATE, WHOLE, Chart, Series
from perfxl.documents.whole.counted import Points, Row, SchemeCount, mean_of
from perfxl.documents.whole.records import CategoryLine, GradeLine, IndicatorLine, LevelLine, RankLine, UnitLine
from perfxl.documents.whole.words import NONE, named, rate_shown, score, share
from perfxl.results.statistics import mean, median
from perfxl.results.words import outside_name
from perfxl.scheme.model import BASE

CHARTED, MOST_LOST, LOWEST = 15, 10, 5


def score_words(own: SchemeCount, one: str) -> Iterator[str]:
    """Mean, highest, lowest, grades, and whose total or grade was held down."""
    ranked = own.ranked
    if not ranked:
        yield f"报送的{one}全部退回修改，尚无得分和等级。" if own.rows else f"没有{one}报送，没有得分和等级。"
        return
    if len(ranked) == 1:
        only = ranked[0]
        yield f"参加排名的只有{only.title}，得分 {score(only.total)} 分，等级为{only.grade}。"
    else:
        totals = [row.total for row in ranked]
        best, worst = max(totals), min(totals)
        words = f"参加排名的 {len(ranked)} 个{one}，平均得分 {score(mean(totals))} 分，"
        words += f"中位数 {score(median(totals))} 分"
        if best == worst:
            yield f"{words}，得分相同。"
        else:
            tops, lows = (named([row.title for row in ranked if row.total == end], 3) for end in (best, worst))
            yield f"{words}；最高 {score(best)} 分（{tops}），最低 {score(worst)} 分（{lows}）。"
        lines = [f"{line.name} {line.count} 个，占 {line.share}" for line in grades(own) if line.count]
        yield f"按等级分：{'；'.join(lines)}。"
    held = [row.title for row in ranked if row.held]
    if held:
        yield f"受封顶、一票否决或名额限制的有 {len(held)} 个：{named(held)}。"


def grades(own: SchemeCount) -> tuple[GradeLine, ...]:
    """Every grade in force with how many there are."""
    ranked = own.ranked
    counts = Counter(row.grade for row in ranked)
    return tuple(GradeLine(name, counts[name], share(counts[name], len(ranked))) for name in own.grades if ranked)


def grade_chart(own: SchemeCount, one: str) -> Chart | None:
    """How many there are of each grade."""
    lines = grades(own)
    if not lines:
        return None
    counts = tuple(Decimal(line.count) for line in lines)
    names = tuple(line.name for line in lines)
    return Chart("等级分布", "等级", names, (Series(f"{one}个数", counts),), number=WHOLE)


def _by_category(own: SchemeCount) -> list[tuple[str, list[Row]]]:
    ranked: dict[str, list[Row]] = {name: [] for name in own.categories}
    for row in own.ranked:
        ranked[row.category].append(row)
    return list(ranked.items())


def categories(own: SchemeCount, rostered: bool) -> tuple[CategoryLine, ...]:
    """The categories where there are several."""
    if len(own.categories) < 2:
        return ()
    sent = Counter(row.category for row in own.rows)
    missing = Counter(str(entry["category"] or "") or "未分类" for entry in own.missing)
    return tuple(
        CategoryLine(
            name,
            sent[name],
            str(missing[name]) if rostered else NONE,
            len(rows),
            score(mean_of(rows)),
            score(max((row.total for row in rows), default=None)),
            score(min((row.total for row in rows), default=None)),
            score(mean([row.self_total for row in rows])),
            _grades_of(own, rows) or NONE,
        )
        for name, rows in _by_category(own)
    )


def _grades_of(own: SchemeCount, rows: Sequence[Row]) -> str:
    counts = Counter(row.grade for row in rows)
    return "、".join(f"{name} {counts[name]}" for name in own.grades if counts[name])


def _means(own: SchemeCount) -> list[tuple[str, Decimal]]:
    found = [(name, average) for name, rows in _by_category(own) if (average := mean_of(rows)) is not None]
    return [(name, half_up(average)) for name, average in found]


def category_words(own: SchemeCount) -> Iterator[str]:
    """Which category is highest and lowest."""
    means = _means(own)
    if len(means) < 2:
        return
    best, worst = max(value for _, value in means), min(value for _, value in means)
    if best == worst:
        yield f"{len(means)} 个类别的平均得分相同，均为 {score(best)} 分。"
        return
    tops, lows = ("、".join(name for name, value in means if value == end) for end in (best, worst))
    yield (
        f"{len(means)} 个类别中，平均得分最高的是{tops}（{score(best)} 分），"
        f"最低的是{lows}（{score(worst)} 分），相差 {score(best - worst)} 分。"
    )


def category_chart(own: SchemeCount) -> Chart | None:
    """The mean of each category."""
    means = _means(own)
    if len(means) < 2:
        return None
    names, values = tuple(name for name, _ in means), tuple(value for _, value in means)
    return Chart("各类别平均得分", "类别", names, (Series("平均得分", values),))


def levels(own: SchemeCount) -> tuple[LevelLine, ...]:
    """The second-level indicators that make up the hundred."""
    return tuple(
        LevelLine(level.parent, level.name, plain(level.points), score(points.mean), rate_shown(points.rate),
                  points.losing)
        for level in own.scheme.base_levels
        if (points := own.levels.get(level.name)) is not None and points.applies
    )  # fmt: skip


def level_chart(own: SchemeCount) -> Chart | None:
    """得分率 of the second-level indicators."""
    found = [(level.name, own.levels[level.name].rate) for level in own.scheme.base_levels if level.name in own.levels]
    rates = [(name, value) for name, value in found if value is not None]
    if len(rates) < 2:
        return None
    names, values = tuple(name for name, _ in rates[:30]), tuple(value for _, value in rates[:30])
    return Chart("二级指标得分率", "二级指标", names, (Series("得分率", values),), BAR, RATE)


def indicators(own: SchemeCount) -> tuple[IndicatorLine, ...]:
    """The third-level indicators in the order of the scheme."""
    codes = [item.code for item in own.scheme.indicators if item.code in own.indicators]
    return tuple(_indicator(own, code) for code in codes)


def _indicator(own: SchemeCount, code: str) -> IndicatorLine:
    item, points = own.scheme.indicator_by_code[code], own.indicators[code]
    return IndicatorLine(
        code,
        item.level2,
        outside_name(item),
        plain(item.points),
        score(points.mean),
        rate_shown(points.rate) if item.nature == BASE else "",
        points.losing,
        share(points.losing, points.applies),
        score(points.lost),
    )


def _losing(own: SchemeCount) -> list[tuple[str, Points]]:
    """The indicators with points lost, of which most are lost first."""
    order = {item.code: place for place, item in enumerate(own.scheme.indicators)}
    found = [(code, points) for code, points in own.indicators.items() if points.losing]
    return sorted(found, key=lambda pair: (-pair[1].lost, order[pair[0]]))


def losses(own: SchemeCount) -> tuple[IndicatorLine, ...]:
    """Those that most points are lost on."""
    return tuple(_indicator(own, code) for code, _ in _losing(own)[:MOST_LOST])


def lowest(own: SchemeCount) -> list[tuple[str, Decimal]]:
    """Names and 得分率 of the indicators of the hundred that any points are lost on, the lowest first."""
    base = own.scheme.indicator_by_code
    found = [
        (base[code].name, points.rate)
        for code, points in _losing(own)
        if base[code].nature == BASE and points.rate is not None
    ]
    return sorted(((name, rate) for name, rate in found if rate is not None), key=lambda pair: pair[1])


def indicator_words(own: SchemeCount, one: str) -> Iterator[str]:
    """How many indicators lose points, which most."""
    if not own.ranked:
        return
    losing, count = _losing(own), len(own.indicators)
    if not losing:
        yield f"{count} 项三级指标都没有扣分。"
        return
    lost = sum((points.lost for _, points in losing), ZERO)
    full = f"{count - len(losing)} 项没有扣分，" if count > len(losing) else ""
    words = f"{count} 项三级指标中，{full}{len(losing)} 项有扣分" if full else f"{count} 项三级指标都有扣分"
    words += f"，共扣 {score(lost)} 分"
    yield f"{words}，平均每个{one}扣 {score(lost / len(own.ranked))} 分。" if len(own.ranked) > 1 else f"{words}。"
    low = [f"{name}（{rate_shown(rate)}）" for name, rate in lowest(own)]
    if len(low) > 1:
        yield f"得分率最低的是{'、'.join(low[:LOWEST])}。"
    names = own.scheme.indicator_by_code
    if len(own.ranked) > 1:
        code, points = max(losing, key=lambda pair: (pair[1].losing, pair[1].lost))
        yield (
            f"扣分面最广的是{outside_name(names[code])}，{points.losing} 个{one}扣分，"
            f"占 {share(points.losing, points.applies)}，共扣 {score(points.lost)} 分。"
        )


def indicator_chart(own: SchemeCount) -> Chart | None:
    """得分率 of the lowest third-level indicators."""
    low = lowest(own)[:CHARTED]
    if not low:
        return None
    title = f"得分率最低的 {len(low)} 项三级指标" if len(low) == CHARTED else "有扣分的三级指标得分率"
    names, values = tuple(name for name, _ in low), tuple(rate for _, rate in low)
    return Chart(title, "三级指标", names, (Series("得分率", values),), BAR, RATE)


def ranking(own: SchemeCount) -> tuple[RankLine, ...]:
    """The ranking."""
    return tuple(
        RankLine(row.rank or 0, row.title, row.unit, row.category, str(row.category_rank or NONE),
                 score(row.self_total), score(row.total), row.grade)
        for row in own.ranked
    )  # fmt: skip


def units(own: SchemeCount) -> tuple[UnitLine, ...]:
    """The units that have projects, as run.json has them."""
    return tuple(
        UnitLine(str(unit["rank"] or NONE), unit["name"], unit["projects"], unit["weighted_total"] or NONE,
                 unit["grade"] or NONE)
        for unit in own.units
    )  # fmt: skip
