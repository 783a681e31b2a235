"""Who has sent, was returned, was late or is missing, in sentences and as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfxl.documents.figures import day
from perfxl.documents.kind import Json
from perfxl.documents.whole.counted import RunCount, SchemeCount
from perfxl.documents.whole.records import DepartmentLine, StateLine
from perfxl.documents.whole.words import NONE, named, rate_shown, score, share
from perfxl.results.words import outside_name
from perfxl.status import Status
from perfxl.submission.numbers import date_in

LATE, RETURNED_BEFORE, OWED, NAMED_LOSSES = "逾期报送", "曾被退回", "退回未重报", 3


def title_of(entry: Json) -> str:
    """What an entry of run.json is called: the project, or the department."""
    return str(entry.get("project") or entry["name"] or entry["code"])


def reporting(count: RunCount, shorts: Mapping[str, str], words: Mapping[str, str]) -> Iterator[str]:
    """How many had to send and have, scheme by scheme. shorts: before each where there are several; words: what is
    evaluated, both by the scheme's code."""
    for own in count.schemes:
        before = f"{shorts[own.scheme.id]}：" if len(count.schemes) > 1 else ""
        sentences = _reporting(own, words[own.scheme.id], count.rostered)
        yield before + "".join(sentences)
    if count.rejected:
        yield f"另有 {count.rejected} 个文件无法受理。"


def _reporting(own: SchemeCount, one: str, rostered: bool) -> Iterator[str]:
    sent, missing, returned = len(own.rows), len(own.missing), len(own.returned)
    if not sent:
        yield f"应报送 {missing} 个{one}，都没有报送。" if missing else f"没有{one}报送。"
        return
    if rostered and missing:
        yield f"应报送 {sent + missing} 个{one}，已报送 {sent} 个，报送率 {share(sent, sent + missing)}，"
        yield f"未报送 {missing} 个。"
    else:
        yield f"应报送的 {sent} 个{one}全部报送。" if rostered else f"共有 {sent} 个{one}报送。"
    if not returned:
        yield "审核后全部评分。"
    elif returned == sent:
        yield "审核后全部退回修改。"
    else:
        yield f"审核后评分 {sent - returned} 个，退回修改 {returned} 个。"
    again = sum(number > 1 for number in own.sent_counts)
    if again:
        yield f"累计收到 {own.received} 份填报，报送两次及以上的 {again} 个，最多的报送 {max(own.sent_counts)} 次。"
    if own.returns:
        yield f"累计退回 {own.returns} 次。"


def by_name(count: RunCount, shorts: Mapping[str, str]) -> Iterator[str]:
    """Who is missing, was returned or late, by name, scheme by scheme. shorts: as for `reporting`."""
    for own in count.schemes:
        before = f"{shorts[own.scheme.id]}：" if len(count.schemes) > 1 else ""
        yield from (before + words for words in _by_name(own))


def _by_name(own: SchemeCount) -> Iterator[str]:
    named_groups = (
        ("未报送", [title_of(entry) for entry in own.missing]),
        ("退回修改、尚未重新报送", [row.title for row in own.returned]),
        ("逾期报送", [row.title for row in own.rows if row.late]),
        ("曾被退回、修改后重新报送", [row.title for row in own.rows if row.returned_before]),
    )
    for words, names in named_groups:
        if names:
            yield f"{words}的有 {len(names)} 个：{named(names)}。"


def states(own: SchemeCount) -> Iterator[StateLine]:
    """The same as lines, all of them."""
    for entry in own.missing:
        owed = _owed(own, entry["code"] or entry["name"], entry.get("project") or "")
        due = f"报送截止 {_day(owed['due'])}" if owed.get("due") else NONE
        yield StateLine(title_of(entry), entry["category"] or "未分类", Status.MISSING.label, due)
    for row in own.returned:
        owed = _owed(own, row.code or row.unit, row.title if row.title != row.unit else "")
        days = (("退回", owed.get("returned")), ("重报期限", owed.get("due")))
        words = "，".join(f"{word} {_day(text)}" for word, text in days if text)
        yield StateLine(row.title, row.category, OWED, words or NONE)
    for row in own.rows:
        if row.late:
            yield StateLine(row.title, row.category, LATE, row.late)
        if row.returned_before:
            yield StateLine(row.title, row.category, RETURNED_BEFORE, row.returned_before)


def _owed(own: SchemeCount, who: str, project: str) -> Json:
    return own.owed.get((who, project)) or own.owed.get((who, "")) or {}


def _day(text: str) -> str:
    found = date_in(text)
    return day(found) if found else text


def departments(own: SchemeCount) -> Iterator[DepartmentLine]:
    """Everybody in a line each: ranked, returned, missing."""
    names = own.scheme.indicator_by_code
    for number, row in enumerate(own.rows, 1):
        losses = "、".join(
            f"{outside_name(names[code])} {score(lost)}" for code, lost in row.losses[:NAMED_LOSSES] if code in names
        )
        # What was returned has no result yet.
        valid = row.status != Status.RETURNED
        yield DepartmentLine(
            number, row.title, row.status.label, score(row.total) if valid else NONE, row.grade if valid else NONE,
            rate_shown(row.rate), (losses or "没有扣分") if valid else NONE, row.findings,
        )  # fmt: skip
    for number, entry in enumerate(own.missing, len(own.rows) + 1):
        yield DepartmentLine(number, title_of(entry), Status.MISSING.label, NONE, NONE, NONE, NONE, 0)
