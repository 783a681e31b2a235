"""Accepted findings (豁免): what the bureau lets pass for a department, with its reason, its person and its date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from perfxl.checks.batch import WITHOUT_EFFECT
from perfxl.checks.finding import Finding, Severity
from perfxl.errors import Fault, ListError
from perfxl.layout.list_marks import Kind, Mark
from perfxl.lists.columns import Heading, known_also
from perfxl.lists.look import ListSheet, Row, write_book
from perfxl.lists.opened import OpenList, open_list
from perfxl.lists.table import Entry, table_in
from perfxl.submission.identity import code_key, name_key
from perfxl.submission.numbers import date_in
from perfxl.text import fold

FILE_NAME = "豁免.xlsx"
SHEET = "豁免"
HEADINGS = (
    replace(
        known_also("code", width=22, type="code"), key="department", note="也可以填部门名称；评价项目的也可以填项目名称"
    ),
    Heading("code", "问题代码", width=12, type="code", note="“问题清单”中的代码，例如 E302"),
    Heading("reason", "理由", width=44, note="为什么可以不改，有文件依据的写明文号"),
    Heading("person", "批准人", width=12),
    Heading("day", "批准日期", width=14, type="date", note="例如 2023-04-10"),
    Heading("until", "有效期至", required=False, width=14, type="date", note="到这一天为止；留空为一直有效"),
    Heading("cell", "单元格", required=False, width=18, note="只豁免某一单元格时填写，例如 管理效率!C12；留空为全部"),
)
HOW = (
    "黄色单元格填写。经批准不再要求修改的问题一行写一个；问题仍会列在“问题清单”，标为“已豁免”，不再退回。",
    "放在 workbook_templates 文件夹里，运行时自动使用；部门代码、问题代码从“问题清单”复制即可。",
)


@dataclass(frozen=True)
class Exemption:
    """One accepted finding. row: in the list, as a person counts. until: None without an end.

    cell, sheet: empty where all cells, all sheets are meant. title, place: sheet and cell of the list where it stands.
    """

    row: int
    department: str
    code: str
    reason: str
    person: str
    day: date
    until: date | None
    cell: str
    sheet: str = ""
    title: str = field(default=SHEET, compare=False)
    place: str = field(default="", compare=False)

    def holds_on(self, day: date) -> bool:
        """Whether it has not expired."""
        return self.until is None or self.until >= day

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding of its department, where it is not `ambiguous`."""
        place = self.cell in ("", finding.cell) and self.sheet in ("", finding.sheet)
        return self.code == finding.code and place

    def ambiguous(self, findings: Iterable[Finding]) -> bool:
        """Whether it names a cell without its sheet and its department's findings of the code stand on several."""
        if not self.cell or self.sheet:
            return False
        return len({finding.sheet for finding in findings if finding.code == self.code}) > 1


class ByDepartment:
    """Exemptions by whom they speak of, so that a province's list is not gone through for each of its departments."""

    def __init__(self, exemptions: Iterable[Exemption]) -> None:
        self._all = list(exemptions)
        self._by_code: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        for number, item in enumerate(self._all):
            self._by_code.setdefault(code_key(item.department), []).append(number)
            self._by_name.setdefault(name_key(item.department), []).append(number)

    def of(self, code: str, name: str, project: str, today: date) -> list[Exemption]:
        """Those that hold on a day for a department, by its code or name, or for a project by its name; in the order of
        the list."""
        names = {name_key(name), name_key(project) or name_key(name)}
        found = {*self._by_code.get(code_key(code), ()), *(one for key in names for one in self._by_name.get(key, ()))}
        return [item for number in sorted(found) if (item := self._all[number]).holds_on(today)]


def _none(words: str) -> None:
    """Nobody to tell."""


_CELL = re.compile(r"(?:(.+)!)?(\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?::\$?[A-Z]{1,3}\$?[1-9]\d{0,6})?)", re.IGNORECASE)


def cell_in(text: str) -> tuple[str, str] | None:
    """Sheet and cell as people and Excel write them (C58, $C$58, 管理效率!C58, '管理效率'!$C$58); None for no cell.

    The sheet is empty where none is named.
    """
    match = _CELL.fullmatch(fold(text).replace("‘", "'").replace("’", "'"))
    if match is None:
        return None
    sheet = (match[1] or "").strip()
    if len(sheet) > 1 and sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'").strip()
    if match[1] is not None and not sheet:
        return None
    return sheet, match[2].replace("$", "").upper()


def read_exemptions(
    source: Path | OpenList, *, in_roster: bool = False, today: date | None = None, tell: Callable[[str], None] = _none
) -> tuple[Exemption, ...]:
    """The accepted findings of a list, or of the sheet 豁免 in a roster. today: the day of the run.

    tell: takes what is passed over. Raises UsageError where the file cannot be read, ListError with all its faults
    where it does not hold.
    """
    opened = source if isinstance(source, OpenList) else open_list(source)
    table = table_in(opened, HEADINGS, SHEET if in_roster else None)
    if table is None:
        return ()
    for notice in table.notices:
        tell(f"{opened.path.name}：{notice}")
    faults = list(table.faults)
    exemptions = []
    today = today or date.today()
    for entry in table.whole:
        day, until = date_in(entry["day"]), date_in(entry["until"])
        for key, words, value in (("day", "批准日期", day), ("until", "有效期至", until)):
            if entry[key] and value is None:
                faults.append(Fault(entry.place(key), f"{words}“{entry[key]}”不是日期", "请写成 2023-04-10 的样式"))
        faults += _against_time(entry, day, until, today)
        place = cell_in(entry["cell"]) if entry["cell"] else ("", "")
        if place is None:
            what = f"“{entry['cell']}”不是单元格"
            faults.append(Fault(entry.place("cell"), what, "请写成 管理效率!C58 或 C58 的样式，或留空"))
        elif day is not None:
            exemptions.append(
                Exemption(
                    entry.row, entry["department"], fold(entry["code"]).upper(), entry["reason"], entry["person"], day,
                    until, place[1], place[0], entry.sheet, entry.cell("department"),
                )
            )  # fmt: skip
    if faults:
        raise ListError(opened.path.name, faults)
    return tuple(exemptions)


def _against_time(entry: Entry, day: date | None, until: date | None, today: date) -> list[Fault]:
    faults = []
    if day is not None and day > today:
        what = f"批准日期“{entry['day']}”晚于今天（{today.isoformat()}）"
        faults.append(Fault(entry.place("day"), what, "请核对批准日期"))
    if day is not None and until is not None and day > until:
        what = f"批准日期“{entry['day']}”晚于有效期至“{entry['until']}”"
        faults.append(Fault(entry.place("day"), what, "请核对两个日期"))
    return faults


ACCEPTED = "（已豁免："
"""What the message of an accepted finding goes on with, after which its severity is `info`."""
ACCEPTED_TITLE = "（已豁免）"
"""What its title ends with: unlike a message, no department has a word in it."""


def accept(finding: Finding, exemption: Exemption) -> Finding:
    """The finding as it stays listed: told as accepted, no longer an error."""
    words = f"{finding.message}{ACCEPTED}{exemption.reason}；{exemption.person}，{exemption.day.isoformat()}）"
    return replace(finding, severity=Severity.INFO, title=f"{finding.title}{ACCEPTED_TITLE}", message=words)


def is_accepted(finding: Finding) -> bool:
    """Whether the bureau has accepted a finding, which then is no more than told."""
    return finding.severity is Severity.INFO and finding.title.endswith(ACCEPTED_TITLE)


def without_effect(
    exemptions: Sequence[Exemption],
    used: set[Exemption],
    unclear: set[Exemption],
    known_codes: set[str],
    today: date,
    source: str,
) -> list[Finding]:
    """W606: entries that are expired, name a code that does not exist, or fit no finding of this run.

    unclear: those whose cell may be on several sheets.
    """
    found = []
    for item in exemptions:
        if item.until is not None and not item.holds_on(today):
            why, advice = f"已于 {item.until.isoformat()} 到期，没有采用", "如仍需豁免，请更新“有效期至”"
        elif item.code not in known_codes:
            why, advice = f"问题代码“{item.code}”不存在", "请核对问题代码"
        elif item in unclear:
            why = f"问题 {item.code} 出现在几个工作表，单元格“{item.cell}”没有写明是哪一个，没有采用"
            advice = f"请写上工作表，例如 管理效率!{item.cell}"
        elif item not in used:
            why, advice = f"“{item.department}”本次没有问题 {item.code}，没有用上", "请核对部门和问题代码，或删去这一行"
        else:
            continue
        words = {"row": item.row, "why": why, "advice": advice, "value": item.code}
        found.append(WITHOUT_EFFECT.finding(source, "", words, sheet=item.title, cell=item.place or f"A{item.row}"))
    return found


def write_exemptions(path: Path, rows: Sequence[Row] = ()) -> None:
    """A list of accepted findings for the bureau to fill. rows: what it begins with. Raises OSError."""
    write_book(path, Mark(Kind.EXEMPTIONS), [ListSheet(SHEET, "豁免名单", HOW, HEADINGS, rows)])
