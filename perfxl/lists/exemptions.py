"""Accepted findings (豁免): what the bureau lets pass for a department, with its reason, its person and its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from perfxl.checks.batch import WITHOUT_EFFECT
from perfxl.checks.finding import Finding, Severity
from perfxl.errors import Fault, ListError
from perfxl.lists.table import Heading, read_list, write_list
from perfxl.submission.numbers import date_in, fold

FILE_NAME = "豁免.xlsx"
SHEET = "豁免"
HEADINGS = (
    Heading("department", "单位代码", width=18, note="也可以填单位名称"),
    Heading("code", "问题代码", width=12, note="问题清单中的代码，例如 E302"),
    Heading("reason", "理由", width=44),
    Heading("person", "批准人", width=12),
    Heading("day", "批准日期", width=14, note="例如 2023-04-10"),
    Heading("until", "有效期至", required=False, width=14, note="留空为本年度有效"),
    Heading("cell", "单元格", required=False, width=12, note="只豁免某一单元格时填写，例如 C12"),
)


@dataclass(frozen=True)
class Exemption:
    """One accepted finding. row: in the list, as a person counts. until: None without an end."""

    row: int
    department: str
    code: str
    reason: str
    person: str
    day: date
    until: date | None
    cell: str

    @property
    def department_key(self) -> str:
        """The code or the folded name of its department."""
        return fold(self.department)

    def holds_on(self, day: date) -> bool:
        """Whether it has not expired."""
        return self.until is None or self.until >= day

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding of its department."""
        return self.code == finding.code and self.cell in ("", finding.cell)


def read_exemptions(path: Path, *, in_roster: bool = False) -> tuple[Exemption, ...]:
    """The accepted findings of a list, or of the sheet 豁免 in a roster.

    Raises UsageError where the file cannot be read, ListError with all its faults where it does not hold.
    """
    entries = read_list(path, HEADINGS, SHEET if in_roster else None) or []
    faults: list[Fault] = []
    exemptions = []
    for entry in entries:
        day, until = date_in(entry["day"]), date_in(entry["until"])
        for key, words, value in (("day", "批准日期", day), ("until", "有效期至", until)):
            if entry[key] and value is None:
                faults.append(Fault(f"第 {entry.row} 行", f"{words}“{entry[key]}”不是日期", "请写成 2023-04-10 的样式"))
        if day is not None:
            exemptions.append(
                Exemption(
                    entry.row, entry["department"], fold(entry["code"]).upper(), entry["reason"], entry["person"], day,
                    until, fold(entry["cell"]).upper(),
                )
            )  # fmt: skip
    if faults:
        raise ListError(path.name, faults)
    return tuple(exemptions)


def accept(finding: Finding, exemption: Exemption) -> Finding:
    """The finding as it stays listed: told as accepted, no longer an error."""
    words = f"{finding.message}（已豁免：{exemption.reason}；{exemption.person}，{exemption.day.isoformat()}）"
    return replace(finding, severity=Severity.INFO, title=f"{finding.title}（已豁免）", message=words)


def without_effect(
    exemptions: Sequence[Exemption], used: set[Exemption], known_codes: set[str], today: date, source: str
) -> list[Finding]:
    """W606: entries that are expired, name a code that does not exist, or fit no finding of this run."""
    found = []
    for item in exemptions:
        if item.until is not None and not item.holds_on(today):
            why, advice = f"已于 {item.until.isoformat()} 到期，没有采用", "如仍需豁免，请更新“有效期至”"
        elif item.code not in known_codes:
            why, advice = f"问题代码“{item.code}”不存在", "请核对问题代码"
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
