"""One file of the input folder becomes a submission, or a refusal with its reason. Nothing else comes out of here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from perfxl.errors import system_words
from perfxl.intake.applicable import Applying, set_aside
from perfxl.intake.besides import besides_of
from perfxl.intake.cell import Cell
from perfxl.intake.cells import Cells, read_cells
from perfxl.intake.found import Found, read_found
from perfxl.intake.known_lists import instead, list_in, not_from_here
from perfxl.intake.locate import Located, blocks_to_fill, locate
from perfxl.intake.named_scheme import FORMAT, several
from perfxl.intake.overtyped import Overtyped, overtyped
from perfxl.intake.seen import Seen, see
from perfxl.layout import Layout, Place
from perfxl.layout.fields import VALUE, FieldId
from perfxl.layout.template_layout import FORMAT_VERSION
from perfxl.submission.besides import Besides
from perfxl.submission.document import Document, spec_of, to_document
from perfxl.submission.official import Official
from perfxl.submission.reading import read_fields, texts
from perfxl.submission.spelling import respell
from perfxl.submission.values import Reading, Trouble, Value, as_written
from perfxl.text import is_blank
from perfxl.workbook.container import RESEND
from perfxl.workbook.limits import Limits, RefusalError

_WORDS = ("text", "long_text", "code")
_TOLD_OF_WORDS = {
    Trouble.STRUCK: "按全部文字读取（其中有加了删除线或上下标的）",
    Trouble.SHOWN_OTHERWISE: "按单元格里的文字读取（单元格格式没有显示或另作显示）",
}


@dataclass(slots=True)
class Submission:
    """What one workbook says. fields: every field of the template, those without a place included.

    unseen: cells of fields that are filled where nobody sees them, and why. applying: what applies to its department,
    None where all does. official: the bureau's values, which stand in `fields`; written: what the department wrote
    there. pending: codes of the indicators that wait for values of the bureau. strangers: names of KPIs for which the
    bureau has a target and which are not in the table, with it. absent: rows of approved KPIs that the department left
    out and that were put back; added: rows of KPIs that were never approved. unapproved: why targets that the bureau
    should have passed are the department's own, by the row, all of them by an empty one. opinion: what it says of those
    that are asked for (`perfxl.official.approved.ApprovedRecord`), None where it has not looked at them.
    overtyped: what stands in the place of the template's formulas. besides: what else the workbook holds.
    """

    fields: dict[FieldId, Cell]
    located: Located
    cells: Cells
    unseen: list[tuple[str, Place]]
    applying: Applying | None = None
    official: dict[FieldId, Official] = field(default_factory=dict)
    written: dict[FieldId, Cell] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    strangers: list[tuple[str, Official]] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    unapproved: Mapping[str, str] = field(default_factory=dict)
    opinion: Any = None
    overtyped: Sequence[Overtyped] = ()
    besides: Besides | None = None

    @property
    def layout(self) -> Layout:
        """The layout that it was read by."""
        return self.cells.layout

    @property
    def meta(self) -> Mapping[str, str]:
        """What its hidden sheet says."""
        return self.cells.meta

    def value(self, table: str, key: str, column: str = VALUE) -> Value:
        """The value of a field, None where it gives none."""
        cell = self.fields.get((table, key, column))
        return cell.reading.value if cell else None

    def place_of(self, table: str, key: str, column: str = VALUE) -> str:
        """Where a field stands, `绩效指标!F12` by the name that its sheet has in the workbook; empty where nowhere."""
        cell = self.fields.get((table, key, column))
        return f"{self.cells.titles.get(cell.place.sheet, cell.place.sheet)}!{cell.place.cell}" if cell else ""

    def values(self) -> dict[FieldId, Decimal | str]:
        """The value of every field that gives one."""
        return {name: value for name, cell in self.fields.items() if (value := cell.reading.value) is not None}

    def applies(self, table: str, key: str) -> bool:
        """Whether a row of a table applies to the department."""
        return self.applying is None or (table, key) not in self.applying.aside

    def contents(self) -> dict[FieldId, Decimal | str]:
        """What to write into a fresh template: the value of every field, or what stands in a cell that gives none."""
        found: dict[FieldId, Decimal | str] = dict(self.values())
        for name, cell in self.fields.items():
            if name not in found and cell.reading.trouble is not None and not is_blank(cell.raw):
                found[name] = as_written(cell.raw)
        return found

    def text(self, key: str) -> str:
        """An identity field as text, empty where blank."""
        value = self.value("identity", key)
        return "" if value is None else str(value).strip()

    def rows(self, table: str) -> list[str]:
        """Row keys of an open table, in order."""
        return list(dict.fromkeys(key for name, key, _ in self.fields if name == table))


@dataclass(slots=True)
class Intake:
    """A file that was looked at. Exactly one of submission and refusal is set.

    path: below the input folder, with `/`. modified: of the file, in nanoseconds.
    """

    path: str
    sha256: str
    bytes: int
    modified: int
    submission: Submission | None = None
    refusal: RefusalError | None = None
    notes: list[str] = field(default_factory=list)


def take_in(found: Found, layouts: Layout | Sequence[Layout], limits: Limits) -> Intake:
    """Reads one file. A file that cannot be read or is not our template comes back with its refusal.

    Only to be called in a process that may be lost: no parser is safe from every file.
    """
    if found.refused:
        what, _, advice = found.refused.rstrip("。").partition("。")
        return Intake(found.shown, "", found.bytes, 0, refusal=RefusalError(what, advice, found.code))
    try:
        data, modified = read_found(found, limits)
    except RefusalError as refusal:
        return Intake(found.shown, "", found.bytes, 0, refusal=instead(_name(found), refusal))
    except OSError as error:
        words = f"文件打不开（{system_words(error)}）"
        advice = "请确认文件没有被其他程序占用、有读取权限，再运行一次"
        closed = instead(_name(found), RefusalError(words, advice, "F107"))
        return Intake(found.shown, "", found.bytes, 0, refusal=closed)
    intake = Intake(found.shown, hashlib.sha256(data).hexdigest(), len(data), modified)
    try:
        intake.submission = read_submission(data, layouts, limits, _name(found))
    except RefusalError as refusal:
        intake.refusal = instead(_name(found), refusal)
    return intake


def _name(found: Found) -> str:
    return PurePosixPath(found.shown).name


def read_submission(data: bytes, layouts: Layout | Sequence[Layout], limits: Limits, file_name: str = "") -> Submission:
    """The submission in a workbook, by the layout of the scheme that it names. file_name: of its file.

    Raises RefusalError where it is not our template, or is one of another scheme.
    """
    cells = read_cells(data, several(layouts), limits)
    layout = cells.layout
    located = locate(cells)
    _check_format(cells, located, file_name)
    over = overtyped(cells, located)
    seen = see(located.cells, cells)
    for name, text in seen.spelt.items():
        if (spec := spec_of(layout, name)) is not None and spec.type in _WORDS:
            # 001234 is another code than 1234.
            seen.contents[name] = text
    readings = read_fields(seen.contents, layout)
    fields = {name: Cell(place, *readings[name]) for name, (place, _) in located.cells.items()}
    for name in (*seen.doubtful, *seen.otherwise):
        fields[name].reading = _as_seen(fields[name].reading, name, seen, layout)
    for name in located.merged:
        reading = fields[name].reading
        fields[name].reading = replace(reading, note=reading.note or "按合并单元格首格的内容读取")
    for name in located.missing:
        expected = layout.places.get(layout.keyed(name))
        if expected is not None:
            fields[name] = Cell(expected, None, Reading(None, Trouble.NO_PLACE))
    return Submission(
        fields, located, cells, seen.unseen, set_aside(fields, layout),
        overtyped=over, besides=besides_of(cells, located, over),
    )  # fmt: skip


def _as_seen(reading: Reading, name: FieldId, seen: Seen, layout: Layout) -> Reading:
    """The reading of a field, or the doubt about what is seen in its cell."""
    doubt = seen.doubtful.get(name)
    if doubt is not None:
        told = _TOLD_OF_WORDS.get(doubt.trouble) if doubt.trouble is not None else None
        spec = spec_of(layout, name) if told else None
        if spec is not None and spec.type in ("text", "long_text"):
            # Words are read by people, who are told.
            return replace(reading, note=told or "")
        return doubt
    if reading.trouble is not None and name in seen.otherwise:
        return Reading(None, Trouble.SHOWN_OTHERWISE, seen.otherwise[name])
    return reading


def _check_format(cells: Cells, located: Located, file_name: str) -> None:
    """Refuses what is not our template, or is a format of it that cannot be read by this program."""
    layout = cells.layout
    lost = len(located.missing_blocks)
    lost += sum(len(layout.once(blocks_to_fill, name)) for name in located.missing_sheets)
    if lost == sum(len(layout.once(blocks_to_fill, name)) for name in layout.sheets):
        rows = {**cells.others, **{cells.titles[proper]: rows for proper, rows in cells.sheets.items()}}
        if (known := list_in(file_name, list(rows), rows.__getitem__)) is not None:
            raise not_from_here(known.kind.label)
        seen = "、".join([*cells.titles.values(), *cells.others][:3])
        more = " 等" if len(cells.titles) + len(cells.others) > 3 else ""
        raise RefusalError(f"是 Excel 工作簿，但不是填报模板（工作表：{seen}{more}）", RESEND, "F110")
    version = cells.meta.get(FORMAT, str(FORMAT_VERSION))
    if version != str(FORMAT_VERSION):
        newer = version.isdecimal() and len(version) < 10 and int(version) > FORMAT_VERSION
        raise RefusalError(
            f"模板格式版本是“{version}”，本程序使用的是“{FORMAT_VERSION}”，模板{'比程序新' if newer else '已经过时'}",
            "请升级 perfxl 后再处理" if newer else "请用新下发的模板重新填报",
            "F112",
        )


def document_of(submission: Submission, layout: Layout) -> Document:
    """The submission document of a workbook, in the spelling of the document that it was filled from."""
    readings = {
        name: (cell.raw, cell.reading)
        for name, cell in submission.fields.items()
        if cell.reading.trouble != Trouble.NO_PLACE
    }
    return respell(to_document(texts(readings), layout.scheme), submission.meta)
