"""Claims on the money of key tasks, by their names; and the names of tasks where no workbook gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfxl.reports.claims import BUDGET, RATE_OF, SPENT, Claim, Kind
from perfxl.reports.figures import MONEY, PERCENT, figure_of, money_of
from perfxl.reports.names import Names
from perfxl.reports.sentences import Sentence

_BUDGET = re.compile(r"(?:预算|安排)(?:安排|资金|金额|数|总?额|支出)*(?:为|是|共|：)?$")
_SPENT = re.compile(r"(?:支出|使用|支付|执行)(?:资金|金额|数|总?额)*(?:为|是|共|：|了)?$")
_RATE = re.compile(r"(?:执行|支出|使用|完成)(?:率|进度)(?:为|是|达到?|：)*$")
_LISTED = re.compile(r"(?:年度)?(?:重点|主要)(?:工作)?任务(?:为|是|有|包括|分别为|分别是)：?(?P<names>[^。；]+)")
_HEAD = re.compile(
    r"^(?:\d{1,2}[.、．]|[（(][一二三四五六七八九十\d]{1,3}[)）])?(?P<name>[^，。；：]{2,40}?)[，：]?(?:项目支出|项目)?预算"
)


def task_claims(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """Budget, spending and rate of tasks that are named in the sentence."""
    found = list(names.task_pattern.finditer(sentence.plain))
    for number, match in enumerate(found):
        stop = found[number + 1].start() if number + 1 < len(found) else len(sentence.plain)
        stops = [place for mark in ("；", "其中") if (place := sentence.plain.find(mark, match.end(), stop)) >= 0]
        yield from _of_task(sentence, match[0], match.end(), min((stop, *stops)))


def _of_task(sentence: Sentence, name: str, start: int, stop: int) -> Iterator[Claim]:
    text, seen, begin = sentence.plain[:stop], set(), start
    for match in sorted(
        (*MONEY.finditer(text, start), *PERCENT.finditer(text, start)), key=lambda match: match.start()
    ):
        lead = text[max(begin, text.rfind("，", start, match.start()) + 1) : match.start()]
        begin = match.end()
        if match.re is PERCENT:
            column = RATE_OF[BUDGET] if _RATE.search(lead) else ""
        else:
            column = BUDGET if _BUDGET.search(lead) else SPENT if _SPENT.search(lead) else ""
        # What is far from the name may speak of something else.
        if not column or column in seen or _strange(lead):
            continue
        seen.add(column)
        figure = figure_of(match) if match.re is PERCENT else money_of(match)
        yield Claim(Kind.TASK, name, column, sentence, match.start() - len(lead), match.end(), figure)


def _strange(lead: str) -> bool:
    """Whether the words before an amount say more than what amount it is."""
    rest = re.sub(
        r"项目|支出|预算|实际|完成|安排|资金|金额|执行|使用|支付|率|进度|年度|全年|年初|调整后?|数|总|额|为|是|共|达到?|了|"
        r"20\d\d年?|[：”“》《（）]|其|该|任务|财政|的|已|累计|，",
        "",
        lead,
    )
    return bool(rest)


def tasks_listed(sentences: Iterable[Sentence]) -> list[str]:
    """The names of the tasks that a report lists, as it writes them."""
    listed: list[str] = []
    for sentence in sentences:
        if match := _LISTED.search(sentence.plain):
            names = re.split(r"，(?=项目支出|预算|实际)", match["names"])[0]
            listed += [name for name in names.rstrip("。").split("、") if 2 <= len(name) <= 40]
        elif "任务" in sentence.heading and (match := _HEAD.match(sentence.plain)) and MONEY.search(sentence.plain):
            name = match["name"]
            if not any(other in name or name in other for other in listed):
                listed.append(name)
    return list(dict.fromkeys(listed))
