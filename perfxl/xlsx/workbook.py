"""A workbook of fast sheets: what is the same in many workbooks is written and packed once in a process.

Formats are made once and copied into each workbook, and its lesser parts are kept by what they depend on. Knows
XlsxWriter's inner workings, as `perfxl.xlsx.sheet` does.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager

from perfxl.caches import cached, kept
from perfxl.deflate import COMPACT
from perfxl.xlsx.archive import Archive, pack
from perfxl.xlsx.long_sheet import LongSheet
from perfxl.xlsx.shared_texts import shared_texts
from perfxl.xlsx.sheet import FastSheet
from perfxl.xlsx.texts import in_attribute

BUFFER = 1 << 18  # bytes: a department's workbook is written at once
PARTS_KEPT = 300  # of a few KB each; departments in the same state have the same
DRAWINGS_KEPT = 100
MARK = "\ud800"  # half a character: no text that is written has one
_parts = kept()
_drawings = kept()


class FastWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of `FastSheet`s with cells, links, comments, conditional formats and charts, and nothing else.

    target: where it is written when it is closed, a path or an open file; raises OSError where that cannot be. level:
    QUICK or COMPACT, for the parts that differ from workbook to workbook.
    """

    def __init__(self, target: Path | BinaryIO, options: dict[str, Any], level: int = COMPACT) -> None:
        super().__init__(str(target) if isinstance(target, Path) else target, options)
        self.worksheet_class = FastSheet
        self.level = level

    def _store_workbook(self) -> None:
        if not self.worksheets_objs:
            self.add_worksheet()
        active = self.worksheets_objs[self.worksheet_meta.activesheet]
        active.active = active.selected = 1
        if any(sheet.has_comments for sheet in self.worksheets_objs):
            self._prepare_vml()
        self._prepare_defined_names()
        self._prepare_drawings()
        self._add_chart_data()
        target = self.filename
        with Path(target).open("wb", BUFFER) if isinstance(target, str) else nullcontext(target) as file:
            _FastPackager(self, file).write()

    def _add_chart_data(self) -> None:
        read: dict[str, list[Any]] = {}
        for chart in self.charts:
            for cells, number in chart.formula_ids.items():
                if cells not in read:
                    sheet, place = _place(cells)
                    read[cells] = self.sheetnames[sheet]._get_range_data(*place)
                chart.formula_data[number] = read[cells]

    _escape_attributes = FastSheet._escape_attributes

    def _prepare_format_properties(self) -> None:
        self._prepare_formats()
        self.styles_key = (
            "styles",
            tuple(form._get_format_key() for form in self.xf_formats),
            tuple(form._get_format_key() for form in self.dxf_formats),
        )
        if self.styles_key not in _parts:
            super()._prepare_format_properties()


@cached(maxsize=500)
def _place(cells: str) -> tuple[str, tuple[int, ...]]:
    """The sheet, first row and column, last row and column of a range as a chart has it."""
    sheet, place = Workbook._get_chart_range(None, cells)
    return sheet, tuple(place)


class _FastPackager(Packager):  # type: ignore[misc]
    """Writes and packs the parts in XlsxWriter's order."""

    filenames: list[tuple[StringIO, str, bool]]

    def __init__(self, workbook: FastWorkbook, file: BinaryIO) -> None:
        super().__init__()
        self._set_in_memory(True)
        self._add_workbook(workbook)
        self._archive = Archive(file)

    def write(self) -> None:
        """Writes all parts. Raises ValueError where the workbook has parts that are not written here."""
        book, sheets = self.workbook, self.workbook.worksheets_objs
        if book.image_types or any(sheet.tables or sheet.shapes for sheet in sheets):
            raise ValueError("tables, pictures and shapes are not written here")
        shared = bool(book.str_table.count)
        shape = (len(sheets), len(book.charts), len(book.drawings), book.num_comment_files, shared)
        names = tuple(sheet.name for sheet in sheets)
        self._part(self._write_content_types_file, ("types", shape))
        self._part(self._write_root_rels_file, "relations")
        self._part(self._write_workbook_rels_file, ("relations", shape))
        for number, sheet in enumerate(sheets, 1):
            self._write_sheet(number, sheet)
        self._part(self._write_workbook_file)
        self._part(self._write_chart_files)
        self._part(self._write_drawing_files)
        self._part(self._write_vml_files)
        self._part(self._write_comment_files)
        if shared:
            self._part(self._write_shared_strings_file)
        self._part(self._write_styles_file, book.styles_key)
        self._part(self._write_theme_file, "theme")
        self._part(self._write_worksheet_rels_files, _sheet_links(sheets))
        for number, sheet in enumerate(sheets, 1):
            self._write_links(number, sheet)
        self._part(self._write_drawing_rels_files, ("charts", _links(sheet.drawing_links for sheet in sheets)))
        self._part(self._write_core_file)
        self._part(self._write_app_file, ("app", names, tuple(self.named_ranges)))
        self._archive.close()

    def _part(self, write: Callable[[], None], key: Hashable = None) -> None:
        """Writes one part or several. key: says all that they depend on; without one they are not kept."""
        members = _parts.get(key) if key else None
        if members is None:
            self.filenames = []
            write()
            level = COMPACT if key else self.workbook.level
            members = [pack(name, file.getvalue(), level) for file, name, _ in self.filenames]
            if key:
                keep(_parts, key, members, PARTS_KEPT)
        for member in members:
            self._archive.add(member)

    def _write_sheet(self, number: int, sheet: FastSheet) -> None:
        name = f"xl/worksheets/sheet{number}.xml"
        if isinstance(sheet, LongSheet):
            with self._archive.long_part(name, self.workbook.level) as sheet.fh:
                sheet._assemble_xml_file()
            return
        sheet.fh = StringIO()
        sheet._assemble_xml_file()
        self._archive.add(pack(name, sheet.fh.getvalue(), self.workbook.level))

    def _write_links(self, number: int, sheet: FastSheet) -> None:
        """The links of a long sheet to other files; XlsxWriter writes those of the others."""
        if isinstance(sheet, LongSheet) and sheet.links_out:
            name = f"xl/worksheets/_rels/sheet{number}.xml.rels"
            with self._archive.long_part(name, self.workbook.level) as part:
                sheet.write_targets(part)

    def _write_shared_strings_file(self) -> None:
        self._filename("xl/sharedStrings.xml").writelines(shared_texts(self.workbook.str_table))

    def _write_drawing_files(self) -> None:
        for number, drawing in enumerate(self.workbook.drawings, 1):
            self._filename(f"xl/drawings/drawing{number}.xml").write(_drawing_text(drawing))


def _links(lists: Iterable[list[Any]]) -> tuple[Any, ...]:
    return tuple(tuple(map(tuple, links)) for links in lists)


def _sheet_links(sheets: list[FastSheet]) -> Hashable:
    """What the relations of the sheets depend on; None where there are links, which no other workbook has."""
    if any(sheet.external_hyper_links for sheet in sheets):
        return None
    lists = ("external_drawing_links", "external_vml_links", "external_comment_links")
    return ("drawings", *(_links(getattr(sheet, name) for sheet in sheets) for name in lists))


def _drawing_text(drawing: Any) -> str:
    """A drawing part: only the descriptions of its charts differ from workbook to workbook."""
    charts = [vars(chart) for chart in drawing.drawings]
    texts = [chart["_description"] for chart in charts if chart["_description"]]
    for chart in charts:
        chart["_description"] = chart["_description"] and MARK
    key = str(charts)
    pieces: list[str] | None = _drawings.get(key)
    if pieces is None:
        drawing.fh = StringIO()
        drawing._assemble_xml_file()
        pieces = drawing.fh.getvalue().split(MARK)
        keep(_drawings, key, pieces, DRAWINGS_KEPT)
    return pieces[0] + "".join(in_attribute(text) + piece for text, piece in zip(texts, pieces[1:], strict=True))


def keep(kept: dict[Hashable, Any], key: Hashable, value: Any, most: int) -> None:
    """Keeps a value, and drops all others where there are too many."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = value


def prototype(properties: dict[str, Any]) -> Format:
    """A format of no workbook, to be copied into many."""
    form = Format(properties)
    form._get_format_key()
    return form


def copy_format(form: Format, workbook: Any) -> Format:
    """A format for a workbook, as `add_format` would make it of the same properties."""
    copied = _copy(form, workbook.xf_format_indices, workbook.dxf_format_indices)
    workbook.formats.append(copied)
    return copied


def _copy(form: Format, numbers: dict[Any, int], numbers_in_conditions: dict[Any, int]) -> Format:
    copied = Format.__new__(Format)
    copied.__dict__ = form.__dict__.copy()
    copied.xf_format_indices = numbers
    copied.dxf_format_indices = numbers_in_conditions
    return copied


class SharedFormats:
    """Formats that many workbooks begin with: the same objects, with the same numbers, in all of them."""

    def __init__(self, prototypes: Iterable[Format]) -> None:
        self.numbers: dict[Any, int] = {}
        self.formats = [_copy(form, self.numbers, {}) for form in prototypes]
        for form in self.formats:
            form._get_xf_index()


def share_formats(shared: SharedFormats, workbook: Any) -> None:
    """Gives a workbook without formats of its own those that it shares."""
    workbook.formats += shared.formats
    workbook.xf_format_indices.update(shared.numbers)
