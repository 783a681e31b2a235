"""Reads 绩效目标核定表.xlsx: what the bureau says of targets, and all that is wrong at once, with sheet and cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from perfxl.errors import Fault, ListError
from perfxl.layout.template_layout import layout_of
from perfxl.lists.approved_columns import OPINION_SHEET, TARGET_SHEET, kpi_headings, opinion_headings
from perfxl.lists.columns import Heading
from perfxl.lists.firsts import Firsts
from perfxl.lists.opened import OpenList, open_list
from perfxl.lists.table import Entry, table_in
from perfxl.official.approved import OPINIONS, ApprovedKpi, ApprovedRecord, ApprovedTargets
from perfxl.official.values import Index, Owner
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import annual
from perfxl.submission.identity import Identity, identity_of, name_key
from perfxl.submission.numbers import date_in
from perfxl.submission.values import Trouble, read_value
from perfxl.text import fold


def _nobody(words: str) -> None:
    """Nobody to tell."""


def read_approved(
    source: Path | OpenList, schemes: Schemes, *, today: date | None = None, tell: Callable[[str], None] = _nobody
) -> ApprovedTargets | None:
    """The approved targets of a list, None where it has no line. tell: takes what is passed over.

    Raises UsageError where the file cannot be read, ListError with all its faults where it does not hold.
    """
    opened = source if isinstance(source, OpenList) else open_list(source)
    reader = _Reader([annual(scheme) for scheme in as_schemes(schemes)], today or date.today(), opened)
    reader.read()
    for words in reader.notices:
        tell(f"{opened.path.name}：{words}")
    if reader.faults:
        raise ListError(opened.path.name, reader.faults)
    return reader.targets()


@dataclass
class _Reader:
    schemes: Sequence[Scheme]
    today: date
    opened: OpenList
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    records: dict[tuple[str, Identity], ApprovedRecord] = field(default_factory=dict)
    lines: int = 0
    _keys: Firsts = field(default_factory=Firsts)
    _strangers: set[str] = field(default_factory=set)

    def read(self) -> None:
        """Both sheets; one of them may be missing, but not both."""
        opinions = self._entries(OPINION_SHEET, opinion_headings(self.schemes))
        targets = self._entries(TARGET_SHEET, kpi_headings(self.schemes))
        if opinions is None and targets is None:
            what = f"没有“{OPINION_SHEET}”“{TARGET_SHEET}”两张表"
            self.faults.append(Fault(f"“{self.opened.path.name}”", what, "请核对是否用错了文件；工作表不要改名"))
        for entry in opinions or ():
            self._opinion(entry)
        for entry in targets or ():
            self._target(entry)
        for code in sorted(self._strangers):
            self.notices.append(f"评分方案“{code}”本次没有使用，它的各行没有读取。")

    def _entries(self, sheet: str, headings: Sequence[Heading]) -> list[Entry] | None:
        table = table_in(self.opened, headings, sheet)
        if table is None:
            return None
        self.faults += table.faults
        self.notices += map(str, table.notices)
        return table.whole

    def _fault(self, entry: Entry, key: str, what: str, advice: str) -> None:
        self.faults.append(Fault(entry.place(key), what, advice))

    def _who(self, entry: Entry) -> tuple[Scheme, Identity] | None:
        """Scheme and identity of a line; None where it is of a scheme that is not used, or of nobody."""
        code = entry.values.get("scheme", "")
        scheme = next((one for one in self.schemes if code in ("", one.id)), None)
        if scheme is None:
            self._strangers.add(code)
            return None
        if not entry["code"] and not entry["name"]:
            self._fault(
                entry, "code", f"没有写{scheme.evaluated.code_title}或{scheme.evaluated.name_title}", "请至少写一个"
            )
            return None
        project = entry.values.get("project", "") if scheme.evaluated.is_project else ""
        if scheme.evaluated.is_project and not project:
            self._fault(entry, "project", "没有写项目名称", "评价项目的，请写明是哪一个项目")
            return None
        return scheme, identity_of(entry["code"], entry["name"], project)

    def _said(self, entry: Entry) -> str:
        """The opinion of a line, empty where there is none."""
        written = fold(entry["opinion"])
        if not written:
            return ""
        if written in OPINIONS:
            return written
        self._fault(entry, "opinion", f"意见“{entry['opinion']}”不在可选范围内", f"请选：{'、'.join(OPINIONS)}，或留空")
        return ""

    def _opinion(self, entry: Entry) -> None:
        who = self._who(entry)
        if who is None:
            return
        scheme, identity = who
        self.lines += 1
        key = (scheme.id, identity)
        if self._keys.of((scheme.id,), identity, key) in self.records:
            self._fault(
                entry, "code", f"“{entry['name'] or entry['code']}”有两行", "一个部门（项目）只写一行，请删去一行"
            )
            return
        self.records[key] = ApprovedRecord(
            scheme.id, entry["code"], entry["name"], entry.values.get("project", ""), entry.values.get("category", ""),
            self._said(entry), entry["words"], entry["person"], self._day(entry), entry.values.get("sha256", ""),
            entry.values.get("file", ""), f"{entry.sheet}!{entry.cell('opinion') or f'A{entry.row}'}",
        )  # fmt: skip

    def _target(self, entry: Entry) -> None:
        who = self._who(entry)
        if who is None:
            return
        scheme, identity = who
        self.lines += 1
        key = self._keys.of((scheme.id,), identity, (scheme.id, identity))
        record = self.records.get(key) or ApprovedRecord(
            scheme.id, entry["code"], entry["name"], entry.values.get("project", "")
        )
        item = self._kpi(entry, scheme)
        if any(name_key(one.name) == name_key(item.name) and one.level1 == item.level1 for one in record.kpis):
            what = f"“{record.project or record.name or record.code}”的指标“{item.name}”有两行"
            self._fault(entry, "kpi", what, "一项指标只写一行，请删去一行或改名")
        self.records[key] = replace(record, kpis=(*record.kpis, item))

    def _kpi(self, entry: Entry, scheme: Scheme) -> ApprovedKpi:
        specs = layout_of(scheme).open_specs.get("kpis", {})
        texts = {key: entry.values.get(column, "") for key, column in _COLUMNS.items()}
        for key in ("level1", "level2", "symbol"):
            if not texts[key] or key not in specs:
                continue
            reading = read_value(texts[key], specs[key])
            if reading.trouble is not None:
                choices = "、".join(specs[key].choices)
                self._fault(entry, _COLUMNS[key], f"“{texts[key]}”不在可选范围内", f"应为：{choices}")
            else:
                texts[key] = str(reading.value or "")
        direction = scheme.kpi_method.symbols.get(texts["symbol"])
        return ApprovedKpi(
            texts["level1"], texts["level2"], texts["name"], texts["symbol"],
            self._number(entry, "target", scheme, qualitative=direction == QUALITATIVE), texts["unit"],
            self._weight(entry, scheme), entry.values.get("last", ""), entry.values.get("basis", ""),
            entry.values.get("problems", ""), self._said(entry), entry.values.get("words", ""),
            f"{entry.sheet}!{entry.cell('target') or f'A{entry.row}'}",
        )  # fmt: skip

    def _weight(self, entry: Entry, scheme: Scheme) -> Decimal | None:
        value = self._number(entry, "weight", scheme, qualitative=False)
        return value if isinstance(value, Decimal) else None

    def _number(self, entry: Entry, key: str, scheme: Scheme, *, qualitative: bool) -> Decimal | str | None:
        text, spec = entry.values.get(key, ""), layout_of(scheme).open_specs.get("kpis", {}).get(key)
        if not text or spec is None:
            return None
        if key in entry.percents:
            what = f"“{text}”的单元格格式是百分比，不能确定是哪个数字"
            self._fault(entry, key, what, "请把单元格格式改为“常规”，重新输入")
            return None
        signs = [sign for symbol in scheme.symbols for sign in (symbol.symbol, *symbol.aliases)]
        own = () if key != "target" else signs
        reading = read_value(text, spec, unit=entry.values.get("unit", ""), qualitative=qualitative, signs=own)
        if reading.trouble is None or reading.trouble == Trouble.BLANK:
            return reading.value
        self._fault(entry, key, f"“{text}”不能确定是哪个数字", "请只写数字")
        return None

    def _day(self, entry: Entry) -> str:
        text = entry["day"]
        if not text:
            return ""
        day = date_in(text)
        if day is None:
            self._fault(entry, "day", f"日期“{text}”不是日期", "请写成 2022-02-10 的样式")
            return ""
        if day > self.today:
            self._fault(entry, "day", f"日期“{text}”晚于今天（{self.today.isoformat()}）", "请核对日期")
        return day.isoformat()

    def targets(self) -> ApprovedTargets | None:
        """The list as it is asked, None where it has no line."""
        if not self.records:
            return None
        codes: dict[tuple[str, str, str], int] = {}
        names: dict[tuple[str, str, str], int] = {}
        owners = []
        for number, ((scheme, who), record) in enumerate(self.records.items()):
            if who.code:
                codes[scheme, who.code, who.project] = number
            if who.name and names.setdefault((scheme, who.name, who.project), number) != number:
                names[scheme, who.name, who.project] = -1
            shown = record.project or record.name or record.code
            owners.append(Owner(scheme, who.code, who.name, who.project, shown, record.place, len(record.kpis),
                                len(record.kpis) + bool(record.place)))  # fmt: skip
        index = Index(codes, names, len(owners), owners, self.lines)
        return ApprovedTargets.of(self.opened.path.name, index, list(self.records.values()), self.lines)


_COLUMNS = {"level1": "level1", "level2": "level2", "name": "kpi", "symbol": "symbol", "unit": "unit"}
"""The columns of the list by the keys of the KPI table."""
