"""Checks of what a scheme says of the stages of its year: periods, and the columns and texts of each stage."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.scheme.check_kpis import COMPUTED_COLUMNS
from perfxl.scheme.check_names import KEY
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.records import TABLE_COLUMNS
from perfxl.scheme.stage_records import EARLIER, FUNDS, KPIS, MONTHS, NARRATIVE, TASKS, Stage, StageField, plain_period
from perfxl.scheme.words import hint

_TARGETS, _MONITORING = EARLIER
_KPI = ("level1", "level2", "name", "symbol", "target", "unit", "weight")
NEEDED: Mapping[tuple[str, str], tuple[str, ...]] = {
    (_TARGETS, FUNDS): (INITIAL,),
    (_TARGETS, KPIS): _KPI,
    (_TARGETS, TASKS): ("name", "budget"),
    (_MONITORING, FUNDS): (ADJUSTED, SPENT, "expected"),
    (_MONITORING, KPIS): (*_KPI, "actual", "expected"),
    (_MONITORING, TASKS): ("name", "budget", "spent"),
}
"""Columns that the program reads, and without which a stage has no sense."""
NOT_ASKED: Mapping[str, tuple[str, ...]] = {_TARGETS: ("actual", "self_score", "spent"), _MONITORING: ("self_score",)}
TYPES: Mapping[str, Mapping[str, str]] = {
    KPIS: {
        **TABLE_COLUMNS[KPIS], "last": "value", "basis": "text", "expected": "value", "likelihood": "choice",
        "cause": "choice", "measures": "text", "request_target": "value", "request_reason": "text",
    },
    TASKS: {
        **TABLE_COLUMNS[TASKS], "goal": "text", "expected": "text", "likelihood": "choice", "cause": "choice",
        "measures": "text",
    },
}  # fmt: skip
"""The types of the columns that the program reads, by table and key."""
OWN_LISTS = ("level1", "level2", "symbol")
"""Columns whose choices are those of the scheme."""
_COLUMN = {name: StageField.__dataclass_fields__[name].metadata["column"] for name in ("table", "type")}
_TABLE_WORDS, _TYPE_WORDS = (
    dict(zip(column.choices, column.words, strict=True)) for column in (_COLUMN["table"], _COLUMN["type"])
)


def check_stages(draft: Draft) -> None:
    """Add the faults of the stages to the draft."""
    _rows(draft)
    for line in draft.valued("stage_fields", "stage", "table", "key"):
        _field(draft, line)
    _lacking(draft)
    for line in draft.valued("facts", "stages"):
        for written in line["stages"]:
            if written not in EARLIER:
                advice = hint(written, EARLIER, f"只能是{'、'.join(EARLIER)}；自评总要填，不用写")
                draft.fault(line.place("stages"), f"{draft.label('facts', 'stages')}中没有阶段“{written}”", advice)


def _rows(draft: Draft) -> None:
    known: dict[str, str] = {}
    for line in draft.valued("stages", "stage", "period", "months"):
        monitored = line["stage"] == _MONITORING
        if monitored and not line["period"]:
            draft.fault(line.place("period"), "监控没有写期间", "请填写，例如 1—7月")
        if not monitored and line["period"]:
            draft.fault(line.place("period"), f"“{line['stage']}”没有期间", "期间只用于监控，请删去")
        first = known.setdefault(plain_period(line["period"]), line["period"]) if monitored else line["period"]
        if first != line["period"]:
            what = f"期间“{line['period']}”与“{first}”相同，只是写法不同"
            draft.fault(line.place("period"), what, "一个期间只写一行，请改成不同的期间，或删去一行")
        months = line["months"]
        if monitored and (months is None or not 0 < months <= MONTHS):
            draft.fault(line.place("months"), "监控的已过月数应在 0 和 12 之间", "期末过了几个月就填几，1—7月填 7")
        if not monitored and months is not None:
            draft.fault(line.place("months"), f"“{line['stage']}”没有已过月数", "已过月数只用于监控，请删去")


def _field(draft: Draft, line: Line) -> None:
    stage, table, key = line["stage"], line["table"], line["key"]
    where = f"{stage}阶段“{_TABLE_WORDS[table]}”"
    if key in NOT_ASKED[stage] and table != NARRATIVE:
        draft.fault(line.place("key"), f"{where}不能有键为“{key}”的列", "这一阶段还没有它，请删去")
        return
    if key in COMPUTED_COLUMNS or not KEY.fullmatch(key):
        draft.fault(line.place("key"), f"键不能是“{key}”", "请换一个代码：字母或汉字开头，不与程序的列相同")
        return
    wanted = TYPES.get(table, {}).get(key)
    if not line["label"] and key not in _annual(draft, table):
        draft.fault(line.place("label"), f"{where}的“{key}”没有名称", "自评没有同名的列，请填写名称")
    # A column that is called as in the self-review is of its type.
    if wanted is not None and line["label"] and line["type"] not in (None, wanted):
        draft.fault(line.place("type"), f"列“{key}”的类型应为{_TYPE_WORDS[wanted]}", "类型由程序使用，请改回")
    if line["type"] == "choice" and key not in OWN_LISTS and not line["choices"]:
        draft.fault(line.place("choices"), f"{where}的“{key}”没有选项", "请填写可选的内容，用顿号分开")
    if any('"' in choice or len(choice) > 100 for choice in line["choices"] or ()):
        draft.fault(line.place("choices"), "选项中有英文引号，或超过 100 个字符", "请改写")


def _annual(draft: Draft, table: str) -> set[str]:
    """The keys of the self-review's columns."""
    if table == FUNDS:
        own = {line["key"] for line in draft.valued("fund_columns", "key")}
        return own or {INITIAL, ADJUSTED, SPENT}
    if table == NARRATIVE:
        return set()
    return {line["key"] for line in draft.valued("columns", "table", "key") if line["table"] == table}


def _lacking(draft: Draft) -> None:
    """A stage that has columns of a table of its own has all that the program needs."""
    if not draft.sure("stage_fields", "stage", "table", "key"):
        return
    given: dict[tuple[str, str], set[str]] = {}
    for line in draft.lines("stage_fields"):
        given.setdefault((line["stage"], line["table"]), set()).add(line["key"])
    for (stage, table), keys in given.items():
        for key in NEEDED.get((stage, table), ()):
            if key not in keys:
                what = f"{Stage(stage).label}的“{_TABLE_WORDS[table]}”缺少键为“{key}”的列"
                advice = "请补上这一行；要用通行格式的，请删去该阶段这张表的全部行"
                draft.fault(draft.place("stage_fields"), what, advice)
