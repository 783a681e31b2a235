"""Accepted findings (豁免): what the bureau lets pass for a department, with its reason, its person and its date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from perfxl.checks.batch import WITHOUT_EFFECT
from perfxl.checks.finding import Finding, Severity
from perfxl.errors import Fault, ListError
from perfxl.lists.table import Entry, Heading, read_list, write_list
from perfxl.submission.identity import code_key, name_key
from perfxl.submission.numbers import date_in
from perfxl.text import fold

FILE_NAME = "豁免.xlsx"
SHEET = "豁免"
HEADINGS = (
    Heading("department", "单位代码", width=18, note="也可以填单位名称；评价项目的也可以填项目名称"),
    Heading("code", "问题代码", width=12, note="问题清单中的代码，例如 E302"),
    Heading("reason", "理由", width=44),
    Heading("person", "批准人", width=12),
    Heading("day", "批准日期", width=14, note="例如 2023-04-10"),
    Heading("until", "有效期至", required=False, width=14, note="留空为本年度有效"),
    Heading("cell", "单元格", required=False, width=12, note="只豁免某一单元格时填写，例如 管理效率!C12"),
)


@dataclass(frozen=True)
class Exemption:
    """One accepted finding. row: in the list, as a person counts. until: None without an end.

    cell, sheet: empty where all cells, all sheets are meant.
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

    def is_for(self, code: str, name: str, project: str = "") -> bool:
        """Whether it speaks of a department, by `code_key` or `name_key` of that, or of a project by its name's."""
        return self._keys[0] == code or self._keys[1] in (name, project or name)

    @cached_property
    def _keys(self) -> tuple[str, str]:
        return code_key(self.department), name_key(self.department)

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


def read_exemptions(path: Path, *, in_roster: bool = False, today: date | None = None) -> tuple[Exemption, ...]:
    """The accepted findings of a list, or of the sheet 豁免 in a roster. today: the day of the run.

    Raises UsageError where the file cannot be read, ListError with all its faults where it does not hold.
    """
    entries = read_list(path, HEADINGS, SHEET if in_roster else None) or []
    faults: list[Fault] = []
    exemptions = []
    today = today or date.today()
    for entry in entries:
        day, until = date_in(entry["day"]), date_in(entry["until"])
        for key, words, value in (("day", "批准日期", day), ("until", "有效期至", until)):
            if entry[key] and value is None:
                faults.append(Fault(f"第 {entry.row} 行", f"{words}“{entry[key]}”不是日期", "请写成 2023-04-10 的样式"))
        faults += _against_time(entry, day, until, today)
        place = cell_in(entry["cell"]) if entry["cell"] else ("", "")
        if place is None:
            what = f"单元格“{entry['cell']}”不是单元格"
            faults.append(Fault(f"第 {entry.row} 行", what, "请写成 管理效率!C58 或 C58 的样式，或留空"))
        elif day is not None:
            exemptions.append(
                Exemption(
                    entry.row, entry["department"], fold(entry["code"]).upper(), entry["reason"], entry["person"], day,
                    until, place[1], place[0],
                )
            )  # fmt: skip
    if faults:
        raise ListError(path.name, faults)
    return tuple(exemptions)


def _against_time(entry: Entry, day: date | None, until: date | None, today: date) -> list[Fault]:
    place, faults = f"第 {entry.row} 行", []
    if day is not None and day > today:
        what = f"批准日期“{entry['day']}”晚于今天（{today.isoformat()}）"
        faults.append(Fault(place, what, "请核对批准日期"))
    if day is not None and until is not None and day > until:
        what = f"批准日期“{entry['day']}”晚于有效期至“{entry['until']}”"
        faults.append(Fault(place, what, "请核对两个日期"))
    return faults


ACCEPTED = "（已豁免："
"""What the message of an accepted finding goes on with, after which its severity is `info`."""


def accept(finding: Finding, exemption: Exemption) -> Finding:
    """The finding as it stays listed: told as accepted, no longer an error."""
    words = f"{finding.message}{ACCEPTED}{exemption.reason}；{exemption.person}，{exemption.day.isoformat()}）"
    return replace(finding, severity=Severity.INFO, title=f"{finding.title}（已豁免）", message=words)


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
            why, advice = f"“{item.department}”本次没有问题 {item.code}，没有用上", "请核对单位和问题代码，或删去这一行"
        else:
            continue
        words = {"row": item.row, "why": why, "advice": advice, "value": item.code}
        found.append(WITHOUT_EFFECT.finding(source, "", words, sheet=SHEET, cell=f"A{item.row}"))
    return found


def write_exemptions(path: Path) -> None:
    """A blank list of accepted findings for the bureau to fill. Raises OSError."""
    note = "经批准不再要求修改的问题写在这里，运行时用 --accept 指定本文件；问题仍会列出，标为“已豁免”。"
    write_list(path, SHEET, HEADINGS, note)
