"""Claims on money: budget and spending of the whole and of 基本支出 and 项目支出, rates with the budget they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfxl.reports.claims import ADJUSTED, BUDGET, INITIAL, RATE_OF, SPENT, Claim, Kind
from perfxl.reports.figures import MONEY, PERCENT, figure_of, money_of
from perfxl.reports.names import Names
from perfxl.reports.sentences import Sentence, clauses

_NOUN = r"(?:支出)?(?:总?数|总?额|总?金额|资金|安排数?|批复数?|总计|合计|规模)?"
_COLUMNS = (
    (
        INITIAL,
        re.compile(
            r"年初(?:部门|财政|的)*(?:批复|安排|核定|下达|申报)?(?:的)?(?:部门)?"
            rf"预算{_NOUN}|年初(?:批复|安排|核定)数?|预算年初数"
        ),
    ),
    (
        ADJUSTED,
        re.compile(
            rf"(?:年度|全年|年中|年末|当年)?调整后?(?:的)?(?:年度|全年|部门)*预算{_NOUN}|"
            rf"(?:年度|全年|当年)(?:部门|总|财政)*预算{_NOUN}|预算调整(?:数|后|为|至)+|调整(?:为|到|至|后)+"
        ),
    ),
    (BUDGET, re.compile(rf"(?:支出|部门|总)*预算{_NOUN}")),
    (
        SPENT,
        re.compile(
            rf"(?:实际|累计|全年|已|共)*(?:完成|执行|形成|发生)?(?:的)?支出(?:决算)?{_NOUN}|决算{_NOUN}|"
            rf"(?:实际|累计|已)+(?:执行|使用|完成|支付){_NOUN}|执行(?:数|金额)"
        ),
    ),
)
_RATE = (
    re.compile(
        r"(?:完成|占)(?:了)?(?P<base>年初|年度|全年|调整后?|当年)?(?:的)?(?:部门)?"
        r"预算(?:数|总额|金额)?(?:的)?(?:比例)?(?:为|是|达到?|：)?$"
    ),
    re.compile(
        r"(?P<base>年初|年度|全年|调整后?|当年)?(?:的)?(?:部门)?(?:预算|资金|支出)*"
        r"(?:支出|执行|完成|使用)(?:完成)?(?:率|进度|比例|比率)(?:分别)?(?:为|是|达到?|：)*$"
    ),
)
_BASES = {"年初": INITIAL, "年度": ADJUSTED, "全年": ADJUSTED, "当年": ADJUSTED, "调整": ADJUSTED, "调整后": ADJUSTED}
_FILLER = re.compile(
    r"其中|本年度?|本|我|该|全|区|部门|单位|局|年度|整体|年|共计|合计|总计|共|总额|总|实际|累计|完成|已|的|了|为|是|达到?|"
    r"分别|数额|金额|数|额|资金|安排|批复|核定|下达|使用|截至|12月31日|12月底|年底|年末|末|底|均|，|：|（|）|万|情况|收支|预算"
)
_EVIDENCE = re.compile(r"部门|单位|整体|合计|总计|总额|本年|我局|本局|全局|20\d\d年(?!初)")
_TASK = re.compile(r"任务|专项|课题|工程|项目(?!支出)")
_HEAD = 40
"""Characters at the beginning of a sentence that say what it is about."""
_OTHER = "?"
"""The subject of what speaks of other money."""


@dataclass
class _Scope:
    """What a sentence speaks of up to now."""

    subject: str = ""
    column: str = ""


def funds_claims(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """Amounts and rates of the funds table."""
    if not names.funds:
        return
    scope = _Scope()
    plain = sentence.plain
    if (
        sentence.first
        and re.search(r"收支|预算执行|资金使用|支出情况", sentence.heading)
        and "三公" not in sentence.heading
    ):
        scope.subject = names.total
    for start, clause in clauses(plain):
        yield from _clause(sentence, start, clause, scope, names)


def _clause(sentence: Sentence, start: int, clause: str, scope: _Scope, names: Names) -> Iterator[Claim]:
    numbers = sorted((*MONEY.finditer(clause), *PERCENT.finditer(clause)), key=lambda match: match.start())
    begin = 0
    if not numbers:
        _without_number(clause, scope, names)
        return
    for match in numbers:
        lead = clause[begin : match.start()]
        begin = match.end()
        rate = match.re is PERCENT
        column = _rate_column(lead) if rate else _column(lead, names)
        rest = _name(lead, scope, names, rate=rate)
        if rest:
            scope.subject = scope.column = _OTHER
        if not rate and column:
            scope.column = column
        if rate and not rest and scope.subject in ("", _OTHER) and names.spending:
            # The reason beside the score of the spending rate speaks of the whole.
            behind = sentence.plain.rfind(names.spending, 0, start)
            if behind >= 0 and "；" not in sentence.plain[behind:start]:
                scope.subject = names.total
        if not scope.subject or scope.subject == _OTHER or (rate and not column):
            continue
        column = column or scope.column
        if not column or column == _OTHER:
            continue
        figure = figure_of(match) if rate else money_of(match)
        where = start + match.start()
        first = start + (clause[: match.start()].rfind(lead) if lead else match.start())
        yield Claim(Kind.FUNDS, scope.subject, column, sentence, max(first, 0), where + len(match[0]), figure)


def _without_number(clause: str, scope: _Scope, names: Names) -> None:
    """A clause without money may change what the next speak of."""
    if (key := names.funds.get(clause)) is not None:
        scope.subject = key
        return
    rest = _FILLER.sub("", _own_year(names.department_pattern.sub("", clause), names.year))
    if rest:
        scope.subject = _OTHER
    elif _EVIDENCE.search(clause):
        scope.subject = names.total


def _column(lead: str, names: Names) -> str:
    """Which column an amount belongs to by the words before it; empty where they do not say or say two."""
    for label in names.funds:
        lead = lead.replace(label, "")
    for column, pattern in _COLUMNS:
        match = pattern.search(lead)
        if match is None:
            continue
        if column in (INITIAL, ADJUSTED, BUDGET):
            behind = lead[match.end() :]
            spent = _COLUMNS[-1][1].search(behind)
            if spent is not None:
                # 年度预算实际支出 …: of the budget that much was spent.
                return SPENT if re.search(r"实际|完成|累计|已|决算", behind) else ""
        return column
    return ""


def _rate_column(lead: str) -> str:
    for pattern in _RATE:
        match = pattern.search(lead)
        if match is not None and "得分" not in lead[-8:]:
            return RATE_OF[_BASES.get(match["base"] or "", BUDGET)]
    return ""


def _name(lead: str, scope: _Scope, names: Names, *, rate: bool) -> str:
    """Finds the subject in the words before a number; what of these words is not understood."""
    bare = _own_year(names.department_pattern.sub("部门", lead), names.year)
    found = [(bare.rfind(label), label) for label in names.funds if label in bare]
    for _, label in found:
        bare = bare.replace(label, "", 1)
    stripped = bare
    for pattern in _RATE if rate else (pattern for _, pattern in _COLUMNS):
        stripped = pattern.sub("", stripped)
    rest = _FILLER.sub("", stripped)
    named = names.means_department(rest)
    if rest and not named:
        return rest
    if len(found) == 1:
        scope.subject = names.funds[found[0][1]]
    elif found:
        return bare
    elif named or _EVIDENCE.search(stripped) or _EVIDENCE.search(lead[:7]):
        scope.subject = names.total
    return ""


def _own_year(text: str, year: int) -> str:
    """The text without the year of the scheme, which changes nothing; another one stays."""
    return re.sub(rf"{year}年度?(?!初)|{year}(?=年初)", "", text) if f"{year}" in text else text


def is_about_task(sentence: Sentence, names: Names) -> bool:
    """Whether a sentence speaks of a task, whose money is not that of the department."""
    if names.task_pattern.search(sentence.plain) is not None:
        return True
    word = _TASK.search(sentence.plain)
    return word is not None and word.start() < _HEAD
