"""Checks of a workbook of monitoring that hang on lights: reasons and measures, chances against numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit, shared
from perfxl.checks.unread import unread_cells
from perfxl.decimals import decimal_of
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.monitoring.chances import Chance, chance_of, contradiction
from perfxl.monitoring.lights import Light, gravest
from perfxl.monitoring.states import (
    CAUSE,
    CHANCE,
    EXPECTED_SPENT,
    MEASURES,
    REASON,
    KpiRates,
    Yardstick,
    chance_words,
    money_state,
    rates_by_row,
    yardstick_of,
)
from perfxl.rules.percentages import percent_beside
from perfxl.scheme.funds import SPENT
from perfxl.scheme.model import Stage
from perfxl.submission.values import Value
from perfxl.text import is_blank


@shared
def _rates(tables: Tables) -> Mapping[str, Mapping[str, KpiRates]]:
    """How far each KPI row is, by file and key; nothing at another stage of the year."""
    if tables.scheme.stage is not Stage.MONITORING or not tables.layout.has("kpis"):
        return {}
    yardstick = yardstick_of(tables.scheme)
    found = {}
    for file, submission in tables.submissions.items():
        # What the bureau has put back has a finding of its own.
        gone = set(submission.absent)
        rows = [key for key in submission.rows("kpis") if submission.applies("kpis", key) and key not in gone]
        found[file] = rates_by_row(yardstick, tables.inputs[file], rows, _value_in(submission))
    return found


def _value_in(submission: Submission) -> Callable[[str, str], Value]:
    return lambda key, column: submission.value("kpis", key, column)


@check(
    "W854", Severity.WARNING, "完成可能性与数字矛盾",
    message="{label}填“{value}”，但{why}", advice="请核对完成可能性和完成值",
)  # fmt: skip
def chance_contradicts(tables: Tables) -> Iterator[Hit]:
    """确定能 beside an expected value below the target, 完全不可能 beside one that reaches it."""
    words = chance_words(tables.scheme)
    for file, rows in _rates(tables).items():
        for key, rates in rows.items():
            chance = chance_of(_text(tables.submissions[file].value("kpis", key, CHANCE)), words)
            # A word whose band ends at the whole says that the target is reached, whatever is judged within it.
            found = contradiction(chance, rates.reached, rates.at_best, timed=rates.timed)
            if found is None:
                continue
            if not found.expects:
                why = "已完成值达到年度指标值"
            else:
                expected = rates.expected if found.chance is Chance.SURE else rates.at_best
                rate = percent_beside(decimal_of(expected), (Decimal(1),)) if expected is not None else ""
                reached = "低于" if found.chance is Chance.SURE else "达到"
                why = f"全年预计完成率为 {rate}，{reached}年度指标值"
            yield hit(file, "kpis", key, CHANCE, why=why)


@check(
    "E855", Severity.ERROR, "红灯、黄灯没有写原因",
    message="“{name}”为{light}（{rate}），没有填写{lacks}", advice="请选择偏差原因并写明具体情况",
)  # fmt: skip
def light_without_reason(tables: Tables) -> Iterator[Hit]:
    """A red or yellow light, now or at the end of the year, without its kind of cause or a word on it."""
    yield from _lacking(tables, (CAUSE, REASON))


@check(
    "W856", Severity.WARNING, "红灯、黄灯没有改进措施",
    message="“{name}”为{light}（{rate}），没有填写{lacks}", advice="请写明怎样赶上、何时完成",
)  # fmt: skip
def light_without_measures(tables: Tables) -> Iterator[Hit]:
    """A red or yellow light without what is done about it."""
    yield from _lacking(tables, (MEASURES,))


@check(
    "W858", Severity.WARNING, "任务进度落后没有写原因",
    message="“{name}”{why}，没有填写{lacks}", advice="请选择偏差原因并写明具体情况",
)  # fmt: skip
def task_without_reason(tables: Tables) -> Iterator[Hit]:
    """A task whose money lags, now or at the end of the year, or that will never be done, without a word on it."""
    if tables.scheme.stage is not Stage.MONITORING or not tables.layout.has("tasks"):
        return
    labels = {column.key: column.label for column in tables.scheme.table_columns("tasks")}
    yardstick, unread = yardstick_of(tables.scheme), unread_cells(tables)
    words = chance_words(tables.scheme, "tasks")
    for file, submission in tables.submissions.items():
        for key in submission.rows("tasks"):
            said = {name: submission.value("tasks", key, name) for name in ("name", "budget", SPENT, EXPECTED_SPENT)}
            chance = _text(submission.value("tasks", key, CHANCE))
            money = money_state(
                yardstick,
                _text(said["name"]),
                budget=_number(said["budget"]),
                spent=_number(said[SPENT]),
                expected=_number(said[EXPECTED_SPENT]),
            )
            light, rate = (
                (money.light, money.pace) if money.light.warns else (money.expected_light, money.expected_rate)
            )
            why = f"为{light.label}（{yardstick.bounds.shown(rate)}）" if light.warns and rate is not None else ""
            if chance_of(chance, words) is Chance.NEVER:
                why = "、".join(filter(None, (why, f"完成可能性为“{chance}”")))
            blank = [
                column
                for column in (CAUSE, REASON)
                if column in labels
                and is_blank(submission.value("tasks", key, column))
                and (file, "tasks", key, column) not in unread
            ]
            if why and blank:
                lacks = "、".join(labels[column] for column in blank)
                yield hit(file, "tasks", key, blank[0], name=money.label or f"第 {key} 项", why=why, lacks=lacks)


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _lacking(tables: Tables, columns: tuple[str, ...]) -> Iterator[Hit]:
    labels = {column.key: column.label for column in tables.scheme.table_columns("kpis")}
    asked = [column for column in columns if column in labels]
    unread = unread_cells(tables)
    for file, rows in _rates(tables).items():
        yardstick, submission = yardstick_of(tables.scheme), tables.submissions[file]
        for key, rates in rows.items():
            light, words = _warning(yardstick, rates)
            if not light.warns:
                continue
            blank = [
                column
                for column in asked
                if is_blank(submission.value("kpis", key, column)) and (file, "kpis", key, column) not in unread
            ]
            if blank:
                name = _text(submission.value("kpis", key, "name")) or f"第 {key} 项"
                lacks = "、".join(labels[column] for column in blank)
                yield hit(file, "kpis", key, blank[0], name=name, light=light.label, rate=words, lacks=lacks)


def _warning(yardstick: Yardstick, rates: KpiRates) -> tuple[Light, str]:
    """The graver of both lights, and the rate that it tells of."""
    now, then = yardstick.bounds.light(rates.pace), yardstick.bounds.light(rates.expected)
    light = gravest(one for one in (now, then) if one.warns)
    rate, words = (rates.pace, "进度") if light is now else (rates.expected, "全年预计完成率")
    return light, f"{words} {yardstick.bounds.shown(decimal_of(rate))}" if rate is not None else ""


def _text(value: Value) -> str:
    return "" if value is None else str(value)
