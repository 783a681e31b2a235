"""A workbook's package, found part by part as Excel finds them, and taken apart by nothing that could be harmed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from perfxl.references import column_letters
from perfxl.workbook.comments import Comment, read_comments
from perfxl.workbook.container import (
    OLE,
    SAVE_AGAIN,
    check_shell,
    check_sizes,
    damaged,
    ole_kind,
    opened,
    password_refusal,
    xlsb_refusal,
    zip_kind,
)
from perfxl.workbook.drawings import Drawings, read_drawings
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.ods.content import ods_as_xlsx
from perfxl.workbook.parts import Parts, main_part, read_book
from perfxl.workbook.shared_texts import SharedTexts, read_texts
from perfxl.workbook.sheet_anew import write_anew
from perfxl.workbook.sheet_cells import SheetCells, values_of
from perfxl.workbook.sheet_known import known_sheet
from perfxl.workbook.sheet_xml import take_apart, too_far
from perfxl.workbook.styles import Looks, read_looks
from perfxl.xlsx.archive import Archive, store

Choice = Callable[[Sequence[str]], Collection[str]]
"""Of the names of all sheets with cells those that are to be read."""


@dataclass(slots=True)
class Package:
    """A workbook taken apart. kind: xlsx, xlsm, ods or xls. strict: Strict Open XML.

    sheets: the cells of those that were read, by their names. states: of all sheets by name, in their order: visible,
    hidden or veryHidden. comments, drawings: of the sheets that have any, by their names; none are known of ods and
    xls. charts: the names of the sheets that are a chart and hold no cells.
    """

    kind: str
    sheets: dict[str, SheetCells] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    strict: bool = False
    comments: dict[str, tuple[Comment, ...]] = field(default_factory=dict)
    drawings: dict[str, Drawings] = field(default_factory=dict)
    charts: tuple[str, ...] = ()


def read_package(data: bytes, limits: Limits, choose: Choice = lambda names: names) -> Package:
    """The workbook in the bytes. choose: which sheets are read.

    Raises RefusalError for what is none, what would harm, and where what Excel shows cannot be told for certain.
    """
    check_shell(data, limits)
    if data.startswith(OLE):
        # Few workbooks are of this kind, and its reader takes long to import.
        from perfxl.workbook.xls.book import xls_as_xlsx

        kind = ole_kind(data)
        return _look_at_parts(kind, xls_as_xlsx(data, limits), limits, choose)
    with opened(data) as archive:
        check_sizes(archive, len(data), limits)
        kind = zip_kind(archive)
        parts = Parts(archive)
        if kind == "xlsb":
            raise xlsb_refusal()
        if kind == "ods":
            manifest = parts.find("META-INF/manifest.xml")
            if manifest and b"encryption-data" in parts.read(manifest):
                raise password_refusal()
            content, styles = parts.read(parts.find("content.xml")), parts.find("styles.xml")
            written = ods_as_xlsx(content, parts.read(styles) if styles else None, limits)
            return _look_at_parts(kind, written, limits, choose)
        return _look_at(kind, parts, limits, choose)


def _look_at_parts(kind: str, written: Mapping[str, bytes], limits: Limits, choose: Choice) -> Package:
    """A workbook of another format, which was written anew as one of this."""
    stream = io.BytesIO()
    archive = Archive(stream)
    for name, data in written.items():
        archive.add(store(name, data))
    archive.close()
    with zipfile.ZipFile(stream) as opened_again:
        return _look_at(kind, Parts(opened_again), limits, choose)


def _look_at(kind: str, parts: Parts, limits: Limits, choose: Choice) -> Package:
    main = main_part(parts)
    if not main:
        raise RefusalError("工作簿缺少主要部件，文件已损坏", SAVE_AGAIN, "F104")
    book = read_book(parts, main)
    macros = kind == "xlsx" and any(name.endswith("vbaproject.bin") for name in parts.names)
    package = Package("xlsm" if macros else kind, strict=book.strict)
    package.states = {sheet.title: sheet.state for sheet in book.sheets}
    looks = read_looks(parts.read(book.styles)) if book.styles else Looks()
    texts = read_texts(parts.read(book.texts)) if book.texts else SharedTexts()
    with_cells = [sheet for sheet in book.sheets if sheet.part]
    if any("comments" in name for name in parts.names):
        for sheet in with_cells:
            if notes := read_comments(parts, sheet.part):
                package.comments[sheet.title] = notes
    if any("drawing" in name and not name.endswith((".vml", ".vml.rels")) for name in parts.names):
        for sheet in with_cells:
            if any(drawings := read_drawings(parts, sheet.part)):
                package.drawings[sheet.title] = drawings
    package.charts = tuple(sheet.title for sheet in book.sheets if not sheet.part)
    chosen = choose([sheet.title for sheet in with_cells])
    for sheet in with_cells:
        if sheet.title not in chosen:
            continue
        part = parts.read(sheet.part)
        cells = known_sheet(part, texts, looks, since_1904=book.since_1904)
        if cells is None:
            cells = _cells_of(part, sheet.title, texts, looks, limits, since_1904=book.since_1904)
        _refuse_far_cells(cells, sheet.title, limits)
        package.sheets[sheet.title] = cells
    return package


def _cells_of(
    part: bytes, title: str, texts: SharedTexts, looks: Looks, limits: Limits, *, since_1904: bool
) -> SheetCells:
    """The cells of a sheet of any writing."""
    usual, struck = take_apart(part), {}
    if usual is None:
        anew = write_anew(part, title, limits)
        usual, struck = take_apart(anew.xml), anew.struck
        if usual is None:
            raise damaged()
    cells = values_of(usual, texts, looks, since_1904=since_1904)
    cells.struck.update(struck)
    return cells


def _refuse_far_cells(cells: SheetCells, title: str, limits: Limits) -> None:
    rows = len(cells.rows)
    if rows > limits.rows:
        raise too_far(title, f"{column_letters(max(len(cells.rows[-1]) - 1, 0))}{rows}", limits)
    row, width = max(enumerate(map(len, cells.rows), 1), key=itemgetter(1), default=(0, 0))
    if width > limits.columns:
        raise too_far(title, f"{column_letters(width - 1)}{row}", limits)
