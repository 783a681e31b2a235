"""Packs the parts of a workbook of fast sheets in XlsxWriter's order: what is the same in many is kept as packed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from io import StringIO
from typing import Any, BinaryIO

from xlsxwriter.packager import Packager

from perfxl.caches import kept
from perfxl.deflate import COMPACT
from perfxl.xlsx.archive import Archive, pack
from perfxl.xlsx.quick.comments import FastVml
from perfxl.xlsx.quick.kept import MARK, keep
from perfxl.xlsx.quick.long_sheet import LongSheet
from perfxl.xlsx.quick.shared_texts import shared_texts
from perfxl.xlsx.quick.sheet import FastSheet
from perfxl.xlsx.quick.stamp import StampedSheet
from perfxl.xlsx.texts import in_attribute

VERY_HIDDEN = 2
SHARED_TEXTS = "xl/sharedStrings.xml"
CORE_PROPERTIES = {"title", "subject", "author", "keywords", "comments", "category", "status", "created"}
PARTS_KEPT = 300  # of a few KB each; departments in the same state have the same
DRAWINGS_KEPT = 100
parts_kept = kept()
"""Packed parts by what they depend on."""
_drawings = kept()


class FastPackager(Packager):  # type: ignore[misc]
    """Writes and packs the parts in XlsxWriter's order."""

    filenames: list[tuple[StringIO, str, bool]]

    def __init__(self, workbook: Any, file: BinaryIO) -> None:
        super().__init__()
        self._set_in_memory(True)
        self._add_workbook(workbook)
        self._archive = Archive(file)

    def write(self) -> None:
        """Writes all parts."""
        book, sheets = self.workbook, self.workbook.worksheets_objs
        shared = bool(book.str_table.count)
        shape = (len(sheets), len(book.charts), len(book.drawings), book.num_comment_files, shared)
        names = tuple(sheet.name for sheet in sheets if sheet.hidden != VERY_HIDDEN)
        # Title, author, date and the like stand in core.xml, which no two workbooks share.
        properties = tuple(sorted((k, v) for k, v in book.doc_properties.items() if k not in CORE_PROPERTIES))
        self._part(self._write_content_types_file, ("types", shape))
        self._part(self._write_root_rels_file, "relations")
        self._part(self._write_workbook_rels_file, ("relations", shape))
        for number, sheet in enumerate(sheets, 1):
            self._write_sheet(number, sheet)
        self._part(self._write_workbook_file, book.begun_as and _book_key(book))
        self._part(self._write_chart_files)
        self._part(self._write_drawing_files)
        self._part(self._write_vml_files)
        self._part(self._write_comment_files)
        if shared and book.begun_as is not None:
            self._archive.add(book.begun_as.shared_texts(SHARED_TEXTS, book.str_table, book.level))
        elif shared:
            self._part(self._write_shared_strings_file)
        if book.styles_key is None:  # the list of sheets prepares the formats where it is written
            book._prepare_format_properties()
        self._part(self._write_styles_file, book.styles_key)
        self._part(self._write_theme_file, ("theme", book.theme_xml))
        for sheet in sheets:
            if isinstance(sheet, LongSheet):
                sheet.take_drawings()
        self._part(self._write_worksheet_rels_files, _sheet_links(sheets))
        for number, sheet in enumerate(sheets, 1):
            self._write_links(number, sheet)
        self._part(self._write_drawing_rels_files, ("charts", _links(sheet.drawing_links for sheet in sheets)))
        self._part(self._write_core_file)
        self._part(self._write_app_file, ("app", names, tuple(self.named_ranges), properties, book.read_only))
        self._archive.close()

    def _part(self, write: Callable[[], None], key: Hashable = None) -> None:
        """Writes one part or several. key: says all that they depend on; without one they are not kept."""
        members = parts_kept.get(key) if key else None
        if members is None:
            self.filenames = []
            write()
            level = COMPACT if key else self.workbook.level
            members = [pack(name, file.getvalue(), level) for file, name, _ in self.filenames]
            if key:
                keep(parts_kept, key, members, PARTS_KEPT)
        for member in members:
            self._archive.add(member)

    def _write_sheet(self, number: int, sheet: FastSheet) -> None:
        name = f"xl/worksheets/sheet{number}.xml"
        if isinstance(sheet, LongSheet):
            with self._archive.long_part(name, self.workbook.level) as sheet.fh:
                sheet._assemble_xml_file()
            return
        if isinstance(sheet, StampedSheet):
            self._archive.add(sheet.packed(name, self.workbook.level))
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

    def _write_styles_file(self) -> None:
        # Not before: a part that was kept when the list of sheets was written may be gone by now.
        self.workbook.prepare_styles()
        super()._write_styles_file()

    def _write_vml_files(self) -> None:
        sheets = [sheet for sheet in self.workbook.worksheets_objs if sheet.has_vml or sheet.has_header_vml]
        if any(sheet.has_header_vml for sheet in sheets):
            super()._write_vml_files()
            return
        for number, sheet in enumerate(sheets, 1):
            vml = FastVml()
            vml._set_xml_writer(self._filename(f"xl/drawings/vmlDrawing{number}.vml"))
            vml._assemble_xml_file(sheet.vml_data_id, sheet.vml_shape_id, sheet.comments_list, sheet.buttons_list)

    def _write_shared_strings_file(self) -> None:
        self._filename(SHARED_TEXTS).writelines(shared_texts(self.workbook.str_table))

    def _write_drawing_files(self) -> None:
        for number, drawing in enumerate(self.workbook.drawings, 1):
            self._filename(f"xl/drawings/drawing{number}.xml").write(_drawing_text(drawing))


def _book_key(book: Any) -> Hashable:
    """What the list of sheets and names depends on; a lone workbook is not worth keeping."""
    return ("book", sheets_key(book), tuple(map(tuple, book.defined_names)))


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


def sheets_key(book: Any) -> Hashable:
    """The sheets, and which stand in front."""
    sheets = tuple([(sheet.name, sheet.hidden) for sheet in book.worksheets_objs])
    return sheets, book.worksheet_meta.activesheet, book.worksheet_meta.firstsheet
