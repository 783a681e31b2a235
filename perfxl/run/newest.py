"""Which of several workbooks of one department, or of one project, counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from perfxl.checks.batch import FILLED_ON, FUTURE_DATE, ODD_DATE, ORDER_IN_DOUBT, on_identity
from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Finding
from perfxl.layout.fields import filling_window
from perfxl.register.same import Lines
from perfxl.results.batch import Status
from perfxl.run.details import Entry
from perfxl.run.mended import Mended
from perfxl.submission.identity import Identity, identity_of
from perfxl.submission.numbers import date_in

DAY = 86_400 * 10**9
"""In nanoseconds, as the times of files are."""
LONG_PAST = 366
"""Days that no department waits to send what it has filled in."""


def supersede(
    entries: Sequence[Entry], today: date, year: int = 0, lines: Lines | None = None, *, within: bool = False
) -> None:
    """Of several workbooks of one department, or of one project of it, the newest counts.

    By the date of the cover, then by the time of the file. A date after today is none, and where one of the workbooks
    has none, all of them go by the times of the files: so any two of them are compared in the same way. Before all that
    a copy of ours that was mended comes after the file that it mends. year: that is evaluated, 0 where dates are not to
    be told by it; within: whether workbooks are filled in its course, or before it. lines: of the register, which knows
    what files that are gone have mended.
    """
    for item in entries:
        if item.result is not None and (day := date_in(item.filled_on)) is not None:
            _tell_of_date(item, day, today, year, lines, within=within)
    mended = Mended(entries, lines)
    for group in mended.joined(_groups(entries)):
        if len(group) > 1:
            _choose(group, today, mended.last(group))


def _tell_of_date(item: Entry, day: date, today: date, year: int, lines: Lines | None, *, within: bool) -> None:
    """Findings on a date of filling that can hardly be right."""
    if day > today:
        item.added += (_finding(FUTURE_DATE, item, item.filled_on, today=today.isoformat()),)
        return
    own = lines.by_file.get(item.record.sha256, ()) if lines else ()
    days = [known for line in own if (known := date_in(line.received)) is not None and known <= today]
    received = min(days, default=None)
    why, window = "", None if within else filling_window(year)
    if year and day.year < year - within:
        why = f"早于评价年度（{year} 年），可能填错了年份"
    elif window and day < window[0]:
        why = f"早于评价年度结束（{window[0].isoformat()}）"
    elif received is not None and (received - day).days > LONG_PAST:
        why = f"比收到日期 {received.isoformat()} 早一年以上"
    elif received is not None and day > received:
        why = f"晚于收到日期 {received.isoformat()}"
    if why:
        item.added += (_finding(ODD_DATE, item, item.filled_on, why=why),)


def _groups(entries: Sequence[Entry]) -> dict[Identity, list[Entry]]:
    groups: dict[Identity, list[Entry]] = {}
    for item in entries:
        result = item.result
        if result is not None and (result.code or result.name):
            key = identity_of(result.code, result.name, result.project, result.project_code)
            groups.setdefault(key, []).append(item)
    _join_blanks(groups)
    return groups


def _join_blanks(groups: dict[Identity, list[Entry]]) -> None:
    """A workbook whose code or name is blank belongs to the one that has it and the rest alike."""
    lacking = [key for key in groups if not (key.code and key.name and bool(key.project) == bool(key.project_code))]
    if not lacking:
        return
    alike: dict[tuple[str, str], list[Identity]] = {}
    for key in groups:
        alike.setdefault((key.code, ""), []).append(key)
        alike.setdefault(("", key.name), []).append(key)
    for key in lacking:
        others = alike[(key.code, "") if key.code else ("", key.name)]
        same = [other for other in others if key.may_be(other)]
        if len(same) == 1:
            groups[same[0]] += groups.pop(key)


def _choose(whole: Sequence[Entry], today: date, mended: Mapping[str, Entry]) -> None:
    """mended: those that another of them mends, with that one."""
    # In a circle of marks none has any effect, so that at least one is left.
    group = [item for item in whole if item.record.path not in mended]
    days = {item.record.path: _day(item, today) for item in group}
    by_date = None not in days.values()
    *older, newest = sorted(
        group, key=lambda item: (days[item.record.path] if by_date else today, item.modified, item.record.path)
    )
    last = days[newest.record.path]
    for item in whole:
        if (by := mended.get(item.record.path)) is not None:
            how = "它由本文件的退回件改成" if by is newest else f"“{by.record.path}”由本文件的退回件改成"
            reason = f"同一{_kind(newest)}另有“{newest.record.path}”，{how}，以后者为准"
            item.record = replace(item.record, status=Status.SUPERSEDED, reason=reason)
    for item in older:
        day = days[item.record.path]
        how = _why(item, newest, today, day if by_date else None, last)
        reason = f"同一{_kind(newest)}另有“{newest.record.path}”，{how}，以后者为准"
        item.record = replace(item.record, status=Status.SUPERSEDED, reason=reason)
        if day is None or last is None or day == last or abs(item.modified - newest.modified) <= DAY:
            continue
        if (day > last) != (item.modified > newest.modified):
            words = {"other": item.record.path, "other_day": day.isoformat(), "by": "日期" if by_date else "修改时间"}
            newest.added += (_finding(ORDER_IN_DOUBT, newest, newest.filled_on, **words),)


def _day(item: Entry, today: date) -> date | None:
    """The date of the cover where it counts."""
    day = date_in(item.filled_on)
    return day if day is not None and day <= today else None


def _why(item: Entry, newest: Entry, today: date, day: date | None, last: date | None) -> str:
    """What decided between two workbooks. day: None where the dates could not decide."""
    if day is not None and day != last:
        return f"填报日期 {newest.filled_on} 更新"
    if day is not None:
        before = "填报日期相同"
    elif any((own := date_in(one.filled_on)) is not None and own > today for one in (item, newest)):
        before = "填报日期晚于今天，不作数"
    elif last is None or _day(item, today) is None:
        before = "都没有填报日期" if last is _day(item, today) else "有一份没有填报日期"
    else:
        before = f"该{_kind(newest)}另有一份没有可用的填报日期"
    return f"{before}，文件修改时间更新" if item.modified != newest.modified else f"{before}，修改时间也相同"


def _kind(item: Entry) -> str:
    """What there are several workbooks of."""
    return "项目" if item.result is not None and item.result.project else "部门"


def _finding(check: Declaration, item: Entry, value: str, **words: str) -> Finding:
    assert item.result is not None
    return on_identity(check, item.record.path, item.result.title, value, FILLED_ON, department=item.title, **words)
