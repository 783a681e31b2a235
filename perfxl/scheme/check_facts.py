"""Checks of what departments state and of what is worked out of it: keys, sheets, tables, parts and signed sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfxl.rules.base import NUMBERS
from perfxl.rules.quotient import MINUS, unsigned
from perfxl.scheme.fact_types import DERIVED, TYPE_WORDS, FactTypes, fact_types, fund_columns
from perfxl.scheme.funds import ADJUSTED, PREFIX, SPENT, STANDARD_COLUMNS, TOTAL, fund_key, is_fund_key
from perfxl.scheme.lines import Draft, Line
from perfxl.scheme.words import hint, near_miss
from perfxl.text import fold_all

FIXED_SHEETS = (
    "填报说明",
    "基本信息",
    "绩效指标",
    "重点任务",
    "自评得分",
    "审核意见",
    "原表其他内容",
    "_meta",
    "History",
)
"""Sheets of every template, and the one name that Excel keeps for itself."""
SHEET_LENGTH = 31
MOST_SHEETS = 20
_SHEETS = (("evaluated", "funds_sheet"), ("facts", "sheet"), (DERIVED, "sheet"))
_NO_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_SIGN_INSIDE = re.compile(r"[-－−–+＋]")


def check_facts(draft: Draft) -> None:
    """Add the faults of facts, derived facts, the funds table and their sheets to the draft."""
    known = fact_types(draft)
    _keys(draft)
    _funds(draft)
    _bureau(draft)
    _sheets(draft)
    _tables(draft)
    _parts(draft, known)
    _derived(draft, known)
    _spending_rate(draft, known)
    _rectified(draft, known)


def _keys(draft: Draft) -> None:
    """Facts, derived facts and the funds table share one name space."""
    first: dict[str, tuple[str, str]] = {}
    for line in draft.valued("funds", "key"):
        for name in fund_columns(draft):
            first[fold_all(fund_key(line["key"], name))] = ("收支表已有", "请换一个代码")
    for table, title in (("facts", "事项代码"), (DERIVED, "事项代码")):
        for line in draft.valued(table, "key"):
            key, place = line["key"], line.place("key")
            if (other := first.get(fold_all(key))) is not None:
                draft.fault(place, f"{title}“{key}”重复，{other[0]}", other[1])
            elif is_fund_key(key):
                what = f"{title}“{key}”以“{PREFIX}”开头，这样的代码只属于收支表"
                draft.fault(place, what, "请换一个代码；收支表要加一行，请在“收支表行”中加")
            else:
                first[fold_all(key)] = (f"{place}已有", "请改成不同的内容，或删去一处")


def _funds(draft: Draft) -> None:
    """One total and parts of it, or no row at all; the columns that the program needs."""
    if not (draft.sure("funds", "role") and draft.raw.tables["funds"].rows):
        return
    rows = draft.lines("funds")
    totals = [line for line in rows if line["role"] == TOTAL]
    for line in totals[1:]:
        draft.fault(line.place("role"), "收支表有不止一行“合计”", "只留一行合计，其余改为分项")
    if not totals:
        draft.fault(draft.place("funds"), "收支表没有“合计”行", "请把一行的性质改为合计")
    if len(totals) == len(rows):
        draft.fault(draft.place("funds"), "收支表没有“分项”行", "请至少加一行分项，例如基本支出")
    if draft.sure("fund_columns", "key"):
        keys = fund_columns(draft)
        for name in (ADJUSTED, SPENT):
            if name not in keys and (meant := near_miss(name, keys)) is None:
                what = f"收支表没有键为“{name}”的列"
                draft.fault(draft.place("fund_columns"), what, f"请补上（{STANDARD_COLUMNS[name]}），程序要用")
            elif name not in keys:
                line = next(line for line in draft.lines("fund_columns") if line["key"] == meant)
                what = f"收支表没有键为“{name}”的列"
                draft.fault(line.place("key"), what, f"“{meant}”是否应为“{name}”？请改正")


def _bureau(draft: Draft) -> None:
    """The columns of a funds row that the bureau supplies are columns of the table, each named once."""
    if not draft.sure("fund_columns", "key"):
        return
    keys = fund_columns(draft)
    for line in draft.valued("funds", "bureau"):
        place = line.place("bureau")
        for name in line["bureau"] or ():
            if name not in keys:
                what = f"{draft.label('funds', 'bureau')}中的“{name}”不是收支表的列"
                draft.fault(place, what, hint(name, keys, f"可以写：{'、'.join(keys)}"))
        for name in _twice(line["bureau"] or ()):
            draft.fault(place, f"{draft.label('funds', 'bureau')}中“{name}”写了不止一次", "请删去一处")


def _sheets(draft: Draft) -> None:
    """Sheets that the scheme names: names that Excel takes, that no other sheet has, each written in one way."""
    fixed = {fold_all(name): name for name in FIXED_SHEETS}
    written: dict[str, tuple[str, str]] = {}
    told: set[str] = set()
    for table, column in _SHEETS:
        if table == "evaluated" and not draft.lines("funds"):
            continue
        for line in draft.valued(table, column):
            name, place = line[column], line.place(column)
            if name in told:
                continue
            label = draft.label(table, column)
            if wrong := _not_a_sheet(name):
                told.add(name)
                draft.fault(place, f"{label}不能是“{name}”：{wrong}", "这是模板中工作表的名称，请换一个")
            elif (other := fixed.get(fold_all(name))) is not None:
                told.add(name)
                own = "是 Excel 自己用的名称" if other == "History" else f"模板中已有工作表“{other}”"
                draft.fault(place, f"{label}不能是“{name}”：{own}", "请换一个名称")
            elif (first := written.setdefault(fold_all(name), (name, place)))[0] != name:
                told.add(name)
                what = f"工作表“{name}”与“{first[0]}”（{first[1]}）只有大小写、全半角或空格不同"
                draft.fault(place, what, "是同一张表的，请写成一样；不是的，请换一个名称")
    if len(written) > MOST_SHEETS:
        what = f"填报事项分在 {len(written)} 张工作表，最多 {MOST_SHEETS} 张"
        draft.fault(draft.place("facts"), what, "请合并一些")


def _not_a_sheet(name: str) -> str:
    if (length := len(name.encode("utf-16-le")) // 2) > SHEET_LENGTH:
        return f"有 {length} 个字符，工作表名称最多 {SHEET_LENGTH} 个"
    if found := _NO_SHEET.search(name):
        return (
            "不能以单引号开头或结尾"
            if found.group() == "'"
            else f"含有“{found.group()}”，工作表名称不能用 []:*?/\\ 和换行"
        )
    return ""


def _tables(draft: Draft) -> None:
    """Labels of row and column stand together, and no two facts of a table in one place."""
    cells: dict[tuple[str, ...], tuple[str, str]] = {}
    for line in draft.valued("facts", "row_label", "column_label"):
        row, column = line["row_label"], line["column_label"]
        if bool(row) != bool(column):
            name = "column_label" if row else "row_label"
            what = f"没有填写{draft.label('facts', name)}"
            draft.fault(line.place(name), what, "行名称和列名称要么都填，要么都留空")
        elif row and line["sheet"] and line["section"]:
            where = tuple(map(fold_all, (line["sheet"], line["section"], row, column)))
            first = cells.setdefault(where, (line["key"] or "", line.place("column_label")))
            if first[1] != line.place("column_label") or first[0] != (line["key"] or ""):
                what = f"“{line['section']}”表的“{row}”行“{column}”列已由“{first[0]}”（{first[1]}）占用"
                draft.fault(line.place("column_label"), what, "一格只能填一项，请改行名称或列名称")
            if line["type"] == "text":
                draft.fault(line.place("type"), "文字不能成表排列", "请把行名称和列名称留空，或改类型")


def _parts(draft: Draft, known: FactTypes) -> None:
    """part_of names another number of the same type."""
    for line in draft.valued("facts", "key", "part_of"):
        whole, place = line["part_of"], line.place("part_of")
        if not whole:
            continue
        if whole == line["key"]:
            draft.fault(place, f"“{whole}”不能不大于自己", "请填另一事项代码，或留空")
        elif whole not in known.types:
            if known.sure:
                draft.fault(place, f"没有事项代码“{whole}”", _term_hint(whole, known, "请填已有的事项代码，或留空"))
        elif known.types[whole] == DERIVED:
            draft.fault(place, f"“{whole}”是计算事项，不能作为上限", "请填一个填报事项，或留空")
        elif (
            line["type"] and known.types[whole] and (line["type"] != known.types[whole] or line["type"] not in NUMBERS)
        ):
            what = f"类型是{TYPE_WORDS[line['type']]}，不能与“{whole}”（{known.word(whole)}）比较大小"
            draft.fault(place, what, "两者应同为金额、个数、数值或百分数")


def _derived(draft: Draft, known: FactTypes) -> None:
    """Signed sums over facts that are numbers and over derived facts of earlier lines."""
    earlier: set[str] = set()
    for line in draft.lines(DERIVED):
        for column in ("numerator", "denominator"):
            for term in line[column] or ():
                _term(draft, line, column, term, known, earlier)
            for term in _twice(line[column] or ()):
                what = f"{draft.label(DERIVED, column)}中“{term}”写了不止一次"
                draft.fault(line.place(column), what, "请删去一处")
        if line["factor"] == 0:
            draft.fault(line.place("factor"), f"{draft.label(DERIVED, 'factor')}不能是 0", "不用倍数的填 1 或留空")
        if line["key"]:
            earlier.add(line["key"])


def _term(draft: Draft, line: Line, column: str, term: str, known: FactTypes, earlier: Iterable[str]) -> None:
    key, place, label = unsigned(term), line.place(column), draft.label(DERIVED, column)
    if key not in known.types:
        if known.sure:
            if _SIGN_INSIDE.search(key):
                advice = "每一项是一个代码，用顿号分开，要减去的在代码前加减号，例如 a、-b"
            else:
                advice = _term_hint(term, known, "请先在填报事项中加上，或改用已有的事项代码")
            draft.fault(place, f"{label}中没有事项代码“{key}”", advice)
    elif known.types[key] == DERIVED and key not in earlier:
        itself = key == line["key"]
        what = f"{label}用到了{'自己' if itself else f'后面的计算事项“{key}”'}"
        advice = (
            "计算事项不能用自己算自己" if itself else "只能用前面各行的计算事项，请把被用到的移到前面；互相引用的要改"
        )
        draft.fault(place, what, advice)
    elif not known.is_number(key):
        draft.fault(place, f"“{key}”的类型是{known.word(key)}，不能用来计算", "请填金额、个数、数值或百分数的事项")


def _term_hint(term: str, known: FactTypes, otherwise: str) -> str:
    """Advice for a term whose key is none: the near miss with the sign of the term."""
    meant = near_miss(unsigned(term), known.types)
    sign = MINUS if term.startswith(MINUS) else ""
    return f"是否应为“{sign}{meant}”？请改正" if meant else otherwise


def _twice(terms: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for term in terms:
        if unsigned(term) in seen:
            yield unsigned(term)
        seen.add(unsigned(term))


def _spending_rate(draft: Draft, known: FactTypes) -> None:
    """The derived fact that is the spending rate is one, and a rate."""
    line = draft.record("evaluated")
    key = line["spending_rate"]
    if not key:
        return
    place, derived = line.place("spending_rate"), {one["key"]: one for one in draft.valued(DERIVED, "key")}
    if key in derived:
        if derived[key]["percent"] is False:
            what = f"支出率“{key}”不是按百分比的计算事项"
            draft.fault(place, what, "请把该计算事项的“按百分比”改为“是”，或改填另一个")
    elif key in known.types:
        draft.fault(place, f"支出率“{key}”不是计算事项", "请填计算事项的代码；留空即 合计行的支出数 ÷ 调整预算数")
    elif known.sure and draft.sure(DERIVED, "key"):
        draft.fault(place, f"没有代码为“{key}”的计算事项", hint(key, derived, "请先在“计算事项”中定义，或留空"))


def _rectified(draft: Draft, known: FactTypes) -> None:
    """The fact that claims the rectification of last year's findings is there, and answered by yes or no."""
    line = draft.record("evaluated")
    key = line["rectified"]
    if not key:
        return
    place = line.place("rectified")
    if key in known.types:
        if known.types[key] not in ("yes_no", None):
            draft.fault(place, f"上年整改事项“{key}”不是填是或否的事项", "请改填类型为“是/否”的事项，或留空")
    elif known.sure:
        draft.fault(place, f"没有代码为“{key}”的事项", hint(key, known.types, "请先在“基础数据”中定义，或留空"))
