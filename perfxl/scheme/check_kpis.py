"""Checks of the two open tables: their columns, the kinds of KPIs, and who counts them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from perfxl.rules import Rule
from perfxl.scheme.check_names import KEY, TABLE_WORDS
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.model import TableColumn
from perfxl.scheme.records import BY_BUREAU, BY_DEPARTMENT, TABLE_COLUMNS
from perfxl.scheme.words import hint, near_miss

OWN_TYPES = ("text", "number", "money")
"""Types of the further columns that a scheme may give the KPI table: they are filled and shown, and nothing is computed
of them."""
COMPUTED_COLUMNS = ("completion", "counted_weight", "computed", "counted", "note", "label", "value")
"""Keys that the template needs for columns of its own."""
MOST_OWN = 10
LEVELS_LENGTH = 150
"""Characters of all first levels that one indicator counts: the template names them in one note."""
_TYPES = TableColumn.__dataclass_fields__["type"].metadata["column"]
_TYPE_WORDS = dict(zip(_TYPES.choices, _TYPES.words, strict=True))


def check_kpis(draft: Draft, tried: Mapping[str, Rule]) -> None:
    """Add the faults of the open tables to the draft. tried: the rule of each indicator as far as it could be built."""
    _columns(draft)
    _symbols(draft)
    _levels(draft, tried)


def _columns(draft: Draft) -> None:
    """The columns of a table are all there, or none of them where the scheme has no such table."""
    given = {(line["table"], line["key"]) for line in draft.valued("columns", "table", "key")}
    for line in draft.valued("columns", "table", "key"):
        table, key = line["table"], line["key"]
        wanted = TABLE_COLUMNS[table].get(key)
        if line["source"] == BY_BUREAU and (table, key) != ("kpis", "target"):
            what = f"列“{key}”的{draft.label('columns', 'source')}不能是“{BY_BUREAU}”"
            advice = f"由财政部门核定的只能是绩效指标表的 target（年度指标值），请改为“{BY_DEPARTMENT}”"
            draft.fault(line.place("source"), what, advice)
        if wanted is None and _is_own(draft, line, given):
            continue
        if wanted is None:
            given.add((table, near_miss(key, TABLE_COLUMNS[table]) or key))
            what = f"“{TABLE_WORDS[table]}”表没有键为“{key}”的列"
            draft.fault(line.place("key"), what, hint(key, TABLE_COLUMNS[table], "程序不使用这一列，请删去"))
        elif line["type"] not in (None, wanted):
            what = f"列“{key}”的类型应为{_TYPE_WORDS[wanted]}"
            draft.fault(line.place("type"), what, "类型由程序使用，请改回")
    if not draft.sure("columns", "table", "key"):
        return
    for table, keys in TABLE_COLUMNS.items():
        if not any(name == table for name, _ in given):
            continue
        for key in keys:
            if (table, key) not in given:
                what = f"“{TABLE_WORDS[table]}”表缺少键为“{key}”的列"
                advice = f"请补上这一行，程序要用；不要这张表的，请删去“{TABLE_WORDS[table]}”的全部列"
                draft.fault(draft.place("columns"), what, advice)


def _is_own(draft: Draft, line: Line, given: Collection[tuple[str, str]]) -> bool:
    """Whether a column is a further one of the KPI table, and no misspelt one of those that the program reads."""
    table, key = line["table"], line["key"]
    meant = near_miss(key, TABLE_COLUMNS[table])
    if table != "kpis" or (meant is not None and (table, meant) not in given):
        return False
    if key in COMPUTED_COLUMNS or not KEY.fullmatch(key):
        draft.fault(line.place("key"), f"列的键不能是“{key}”", "请换一个代码：字母或汉字开头，不与程序的列相同")
    elif line["type"] not in (None, *OWN_TYPES):
        words = "、".join(_TYPE_WORDS[name] for name in OWN_TYPES)
        draft.fault(line.place("type"), f"自己加的列“{key}”的类型不能是{_TYPE_WORDS[line['type']]}", f"应为{words}之一")
    own = [other for table, other in given if table == "kpis" and other not in TABLE_COLUMNS["kpis"]]
    if len(own) > MOST_OWN and line is _last_own(draft):
        draft.fault(line.place("key"), f"绩效指标表自己加的列有 {len(own)} 个，最多 {MOST_OWN} 个", "请减少一些")
    return True


def _last_own(draft: Draft) -> Line | None:
    own = [
        line
        for line in draft.valued("columns", "table", "key")
        if line["table"] == "kpis" and line["key"] not in TABLE_COLUMNS["kpis"]
    ]
    return own[-1] if own else None


def has_kpis(draft: Draft) -> bool | None:
    """Whether the scheme has a KPI table; None where that cannot be told."""
    if any(line["table"] == "kpis" for line in draft.valued("columns", "table")):
        return True
    return False if draft.sure("columns", "table") else None


def _symbols(draft: Draft) -> None:
    """A KPI table has kinds of KPIs and symbols, and qualitative results where a symbol is qualitative."""
    if not has_kpis(draft):
        if draft.lines("kpi_levels") and has_kpis(draft) is False:
            what = "有绩效指标类别，但“表格列”中没有绩效指标表的列"
            draft.fault(draft.place("kpi_levels"), what, "请补上绩效指标表的列；没有绩效指标表的，请删去绩效指标类别")
        return
    for key, title in (("kpi_levels", "绩效指标类别"), ("symbols", "指标符号")):
        raw = draft.raw.tables[key]
        if raw.whole and not raw.rows:
            what = f"有绩效指标表，但“{title}”没有内容"
            draft.fault(raw.place, what, f"请至少填一行：{raw.table.note}；不要绩效指标表的，请删去它的全部列")
    qualitative = next((line for line in draft.lines("symbols") if line["direction"] == "qualitative"), None)
    if qualitative and draft.raw.tables["shares"].whole and not draft.lines("shares"):
        draft.fault(qualitative.place("direction"), "有定性指标，但没有定性结果的得分比例", "请填写定性结果")


def _levels(draft: Draft, rules: Mapping[str, Rule]) -> None:
    """Each first-level kind of KPI counts for one indicator: for none its points are lost, for two they count twice."""
    if not draft.sure("kpi_levels", "level1"):
        return
    known = dict.fromkeys(line["level1"] for line in draft.lines("kpi_levels"))
    counted: dict[str, str] = {}
    strays = False
    for line in draft.valued("settings", "indicator", "value"):
        rule = rules.get(line["indicator"])
        if rule is None or line["value"] not in rule.kpi_levels:
            continue
        code, level, place = line["indicator"], line["value"], line.place("value")
        if has_kpis(draft) is False:
            strays = True
            what = f"指标 {code} 按绩效指标计分，但方案没有绩效指标表"
            draft.fault(place, what, "请在“绩效指标类别”和“表格列”中加上绩效指标表，或换一种规则")
        elif level not in known:
            strays = True
            advice = hint(level, known, "请填绩效指标类别表中的一级指标")
            draft.fault(place, f"指标 {code} 的规则：绩效指标类别中没有一级指标“{level}”", advice)
        elif level in counted:
            what = f"一级指标“{level}”已由指标 {counted[level]} 计分，指标 {code} 不能再计"
            draft.fault(place, what, "一个一级指标只能由一个三级指标计分，请删去一处")
        counted.setdefault(level, code)
    for indicator in draft.valued("indicators", "code"):
        rule = rules.get(indicator["code"])
        length = sum(len(level) + 1 for level in rule.kpi_levels) if rule is not None else 0
        if length > LEVELS_LENGTH:
            what = f"指标 {indicator['code']} 所计的一级指标名称共 {length} 个字符，最多 {LEVELS_LENGTH} 个"
            draft.fault(indicator.place("kind"), what, "请缩短绩效指标的一级指标名称，或减少一些")
    unknown_rules = not draft.sure("indicators", "code") or len(rules) < len(draft.lines("indicators"))
    for line in draft.lines("kpi_levels"):
        level = line["level1"]
        if known.pop(level, "absent") is None and level not in counted and not strays and not unknown_rules:
            what = f"一级指标“{level}”没有三级指标为它计分"
            draft.fault(line.place("level1"), what, "请在规则为“绩效指标计分”的三级指标中加上它，或删去")
