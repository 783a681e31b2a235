"""A workbook of fast sheets: what is the same in many workbooks is written and packed once in a process.

Formats are made once and copied into each workbook, and its lesser parts are kept by what they depend on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import nullcontext
from functools import partial
from io import StringIO
from pathlib import Path
from typing import IO, Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.packager import Packager

from perfxl.caches import cached, kept
from perfxl.deflate import COMPACT
from perfxl.xlsx.archive import Archive, pack
from perfxl.xlsx.quick.chart import chart_of
from perfxl.xlsx.quick.fitting_sheet import FittingSheet
from perfxl.xlsx.quick.formats import copy_format, prototype_of, share_formats, shared_styles, style_of
from perfxl.xlsx.quick.kept import MARK, keep
from perfxl.xlsx.quick.long_sheet import LongSheet
from perfxl.xlsx.quick.refused import refuse
from perfxl.xlsx.quick.shared_texts import shared_texts
from perfxl.xlsx.quick.sheet import FastSheet
from perfxl.xlsx.quick.stamp import Stamp, StampedSheet
from perfxl.xlsx.texts import in_attribute

BUFFER = 1 << 18  # bytes: a department's workbook is written at once
VERY_HIDDEN = 2
SHARED_TEXTS = "xl/sharedStrings.xml"
CORE_PROPERTIES = {"title", "subject", "author", "keywords", "comments", "category", "status", "created"}
PARTS_KEPT = 300  # of a few KB each; departments in the same state have the same
DRAWINGS_KEPT = 100
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
        self.begun_as: Stamp | None = None
        self.styles_key: Hashable = None

    def begin_as(self, stamp: Stamp) -> None:
        """Begins a new workbook as another was; its forms of the same names are those of the other."""
        self.begun_as = stamp
        stamp.begin(self)

    def stamp(self) -> Stamp:
        """What it is now, for others that begin so. It is neither written nor written to afterwards."""
        return Stamp(self)

    def add_page(self, name: str) -> FastSheet:
        """Adds a sheet of results."""
        sheet: FastSheet = self.add_worksheet(name, worksheet_class=FastSheet)
        return sheet

    def add_long_page(self, name: str, waiting: Callable[[], IO[str]]) -> LongSheet:
        """Adds a sheet of any number of rows. waiting: gives the files in which finished rows and links wait."""
        sheet: LongSheet = self.add_worksheet(name, worksheet_class=LongSheet)
        sheet.waiting, sheet.waiting_links, sheet.waiting_targets = (waiting() for _ in range(3))
        return sheet

    def add_form(self, name: str, *, anew: bool = False) -> FittingSheet:
        """Adds a sheet to be filled by hand. anew: though the workbook that this one begins as has one of that name."""
        if not anew and self.begun_as is not None and name in self.begun_as.sheets:
            stamp = partial(StampedSheet, self.begun_as.sheets[name])
            stamped: StampedSheet = self.add_worksheet(name, worksheet_class=stamp)
            return stamped
        sheet: FittingSheet = self.add_worksheet(name, worksheet_class=FittingSheet)
        return sheet

    def style(self, make: Callable[..., dict[str, Any]], *look: Hashable) -> str:
        """A style of the properties that `make(*look)` gives, its font among them; a new one each time."""
        return style_of(copy_format(prototype_of(make, *look), self))

    def shared_styles(self, make: Callable[..., dict[str, Any]], looks: tuple[Hashable, ...]) -> dict[Hashable, str]:
        """The styles that a workbook begins with, by their looks; the same ones in all workbooks."""
        formats, styles = shared_styles(make, looks)
        share_formats(formats, self)
        return styles

    def new_chart(self, sheet: str, kind: str, key: Hashable, set_up: Callable[[Any, str], None]) -> Any:
        """A chart of kind `bar` or `column` of what stands on a sheet.

        set_up: sets up a new chart for a sheet that it is given the name of. key: says all else that it does.
        """
        return chart_of(self, sheet, kind, key, set_up)

    def close(self) -> None:
        """Writes the workbook. Raises OSError where that cannot be, ValueError where it has what is refused."""
        try:
            super().close()
        except FileCreateError as error:
            # XlsxWriter wraps what the system says.
            raise error.args[0] from error
        self._let_go()

    def _let_go(self) -> None:
        """Parts the objects of a workbook that is written: they refer to each other, and would stay until a collection
        that looks at everything made since. The collector is paused where many are written."""
        for made in (*self.worksheets_objs, *self.charts, *self.drawings):
            vars(made).clear()
        for made in (self.worksheets_objs, self.charts, self.drawings):
            made.clear()
        self.sheetnames.clear()

    def _store_workbook(self) -> None:
        if not self.worksheets_objs:
            self.add_worksheet()
        active = self.worksheets_objs[self.worksheet_meta.activesheet]
        active.active = active.selected = 1
        for sheet in self.worksheets_objs:
            # XlsxWriter 3.3.0 takes all rows for equal without this flag, and misplaces charts and comments.
            sheet.row_size_changed = bool(sheet.row_sizes)
        if any(sheet.has_comments for sheet in self.worksheets_objs):
            self._prepare_vml()
        self._prepare_defined_names()
        self._prepare_drawings()
        refuse(self)
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

    def _prepare_defined_names(self) -> None:
        prepare = super()._prepare_defined_names
        if self.begun_as is None:
            prepare()
        else:
            self.begun_as.prepare_names(self, prepare)

    def _prepare_format_properties(self) -> None:
        begun = self.begun_as
        if begun is not None and len(self.formats) == len(begun.formats) and self.has_comments in begun.styles_keys:
            self.styles_key = begun.styles_keys[self.has_comments]
            if self.styles_key in _parts:
                return
        self._prepare_formats()
        self.styles_key = (
            "styles",
            tuple(form._get_format_key() for form in self.xf_formats),
            tuple(form._get_format_key() for form in self.dxf_formats),
            self.has_comments,
        )
        if begun is not None and len(self.formats) == len(begun.formats):
            begun.styles_keys[self.has_comments] = self.styles_key
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

    def _write_shared_strings_file(self) -> None:
        self._filename(SHARED_TEXTS).writelines(shared_texts(self.workbook.str_table))

    def _write_drawing_files(self) -> None:
        for number, drawing in enumerate(self.workbook.drawings, 1):
            self._filename(f"xl/drawings/drawing{number}.xml").write(_drawing_text(drawing))


def _book_key(book: FastWorkbook) -> Hashable:
    """What the list of sheets and names depends on; a lone workbook is not worth keeping."""
    sheets = tuple((sheet.name, sheet.hidden) for sheet in book.worksheets_objs)
    opened = (book.worksheet_meta.activesheet, book.worksheet_meta.firstsheet)
    return ("book", sheets, opened, tuple(map(tuple, book.defined_names)))


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
