"""监控预警函: how a department stands in the middle of the year, what lags, what is forecast, what may be taken back.

It goes to those that have a red or yellow light, or money to be taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfxl.decimals import percent, plain, two_places
from perfxl.documents.figures import day, ended, money
from perfxl.documents.kind import Case, Json, Kind
from perfxl.documents.kinds._warning_form import draw
from perfxl.documents.said import said
from perfxl.monitoring.lights import Bounds, Light
from perfxl.monitoring.records import Monitored, TakeBack
from perfxl.results.watch import Warned, warnings_of
from perfxl.scheme.model import Scheme, Stage
from perfxl.scheme.stages import annual, period_share
from perfxl.status import Status

_WARNS = (Light.RED.value, Light.YELLOW.value)


@dataclass(frozen=True)
class Lagging:
    """A red or yellow light."""

    number: int = said("序号", "从 1 数起")
    kind: str = said("类别", "支出、绩效指标或重点任务")
    name: str = said("名称", "指标或任务的名称；支出为“合计”")
    target: str = said("目标", "预算数，或年度指标值和单位")
    done: str = said("完成", "到期末的执行数或完成值")
    pace: str = said("进度", "与时间进度或全年目标比的百分数")
    light: str = said("灯", "红灯、黄灯等")
    expected: str = said("预计", "全年预计执行数或完成值")
    expected_light: str = said("预计灯", "全年预计的灯")
    chance: str = said("可能性", "部门填的完成可能性，没有的为空")
    cause: str = said("原因", "部门写的偏差原因和说明，没有的为空")
    measures: str = said("措施", "部门写的改进措施，没有的为空")


@dataclass(frozen=True)
class Taken:
    """Money that may be taken back."""

    scope: str = said("范围", "部门整体，或任务名称")
    amount: str = said("金额", "建议调减多少万元")
    why: str = said("理由", "一句话")


@dataclass(frozen=True)
class Letter:
    """The letter to a department."""

    year: int = said("年度", "评价年度")
    title: str = said("事项", "如 2022年度部门整体支出绩效运行监控（1—7月）")
    period: str = said("期间", "监控期间，如 1—7月")
    name: str = said("名称", "部门或项目的名称")
    unit: str = said("单位", "部门名称，主送")
    bureau: str = said("财政部门", "落款，方案中的财政部门")
    contact: str = said("联系人", "方案中的联系人及电话，没有的为空")
    day: str = said("日期", "成文日期")
    due: str = said("期限", "报送整改情况的期限")
    time: str = said("时间进度", "期末过去了全年的百分之几")
    whole: str = said("综合灯", "支出和指标两灯中较重的")
    state: tuple[str, ...] = said("情况", "支出和指标总的情况，各一句")
    bounds: str = said("界线", "灯的界线，一句")
    warnings: tuple[Lagging, ...] = said("预警", "红灯和黄灯，红灯在前")
    forecast: tuple[str, ...] = said("预测", "全年得分预测，各一句")
    taken: tuple[Taken, ...] = said("调减", "调减建议，没有的为空")
    provisional: bool = said("退回", "填报表是否退回修改，以上为暂定")


def letter_of(case: Case) -> Letter:
    """The letter to a department."""
    scheme, department = case.scheme, case.department
    state, header = department.monitored or Monitored(), scheme.header
    share = period_share(scheme)
    time = f"{share.numerator}/{share.denominator}"
    found = sorted(warnings_of(department, state), key=lambda one: one.gravity is not Light.RED)
    return Letter(
        year=scheme.year,
        title=header.title,
        period=scheme.period,
        name=department.title,
        unit=department.name or department.title,
        bureau=header.bureau,
        contact=header.contact,
        day=day(case.today),
        due=day(case.due),
        time=f"{percent(state.share)}（{time}）",
        whole=state.whole.label,
        state=tuple(_state(scheme, state)),
        bounds=Bounds.of(scheme).words,
        warnings=tuple(_warning(Bounds.of(scheme), number, one) for number, one in enumerate(found, 1)),
        forecast=tuple(_forecast(case, state)),
        taken=tuple(_taken(one) for one in state.take_back),
        provisional=department.status == Status.RETURNED,
    )


def _state(scheme: Scheme, state: Monitored) -> Iterator[str]:
    total, bounds = state.total, Bounds.of(scheme)
    if total is not None and total.rate is not None and total.pace is not None:
        words = f"预算 {money(total.budget)} 万元，{scheme.period}执行 {money(total.spent)} 万元"
        words += f"，执行率 {percent(total.rate)}，支出进度 {bounds.shown(total.pace)}，为{state.funds.label}"
        if total.expected_rate is not None:
            words += f"；全年预计执行 {money(total.expected)} 万元，预计执行率 {bounds.shown(total.expected_rate)}"
        yield f"{words}。"
    if state.kpi_states and state.kpi_rate is not None:
        counts = [f"{light.label} {count} 项" for light, count in state.counts.items() if count and light != Light.NONE]
        yield (
            f"绩效指标 {len(state.kpi_states)} 项，其中{'、'.join(counts)}；"
            f"指标进度 {bounds.shown(state.kpi_rate)}，为{state.kpis.label}。"
        )


def _warning(bounds: Bounds, number: int, one: Warned) -> Lagging:
    return Lagging(
        number=number,
        kind=one.kind,
        name=one.name,
        target=one.target,
        done=one.done,
        pace=bounds.shown(one.pace) if one.pace is not None else "",
        light=one.light.label,
        expected=one.expected,
        expected_light=one.expected_light.label,
        chance=one.chance,
        cause="：".join(filter(None, (one.cause, ended(one.reason)))),
        measures=ended(one.measures),
    )


def _forecast(case: Case, state: Monitored) -> Iterator[str]:
    department, forecast = case.department, state.forecast
    if forecast is None:
        return
    yield f"按你单位全年预计数和评分办法，全年得分预测为 {two_places(department.total)} 分，等级“{department.grade}”。"
    if forecast.assumed and forecast.known_total is not None:
        full = plain(annual(case.scheme).full_points)
        yield (
            f"其中监控不填报的 {len(forecast.assumed)} 个指标按满分预测；只算能预测的指标，得分 "
            f"{two_places(forecast.known_score)} 分（满分 {plain(forecast.known_points)} 分），折算为 "
            f"{two_places(forecast.known_total)} 分（满分 {full} 分）。"
        )


def _taken(one: TakeBack) -> Taken:
    scope = one.task or "部门整体"
    return Taken(f"其中：{scope}" if one.within else scope, money(one.amount), one.why)


def _wanted(entry: Json) -> bool:
    """Whether there is anything to warn of."""
    lights = entry.get("lights")
    if entry["file"] is None or not isinstance(lights, dict):
        return False
    states = [*filter(_is_total, entry.get("money", ())), *entry.get("kpis", ()), *entry.get("tasks", ())]
    warned = any(state[key] in _WARNS for state in states for key in ("light", "expected_light"))
    return warned or bool(entry.get("take_back"))


def _is_total(state: Json) -> bool:
    return bool(state["total"])


KIND = Kind(
    name="监控预警函",
    words="运行监控时，有红灯、黄灯或建议调减的部门每个一份：总体情况、预警事项、得分预测、调减建议、整改期限，附回执",
    record=Letter,
    draw=draw,
    title=lambda letter: f"{letter.title}预警函（{letter.name}）",
    of_department=letter_of,
    wanted=_wanted,
    aliases=("预警函",),
    stages=(Stage.MONITORING,),
    order=60,
)
