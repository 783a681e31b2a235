"""What is on paper: pages of a PDF as LibreOffice prints a workbook, with the sizes of their letters as they are drawn.

A size is that of the font times the scale of the matrix that it is drawn with, so the scale of a page counts; letters
that a cell shrinks have their own.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from tests.libreoffice import recalculate

LEAST = 7.0
"""Points that everything has on A4 that carries meaning."""
A4 = (595, 842)
BROKEN = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "Err:5", "###")
SMALLEST_PAGE = 50
"""Signs; a page that a stray row or column makes has fewer."""
FOOT = 42.0
"""Points from below within which only the number of the page stands."""


@dataclass(frozen=True)
class Printed:
    """A page. sides: of the paper, the short one first. text: without blanks. sizes: letters by size in points.

    smallest: the letters of the smallest size. filled: how far down it is written on, as a share of its height.
    """

    book: str
    number: int
    sides: tuple[int, int]
    text: str
    sizes: Counter[float]
    smallest: str
    filled: float


def print_books(paths: Sequence[Path], folder: Path) -> dict[str, list[Printed]]:
    """The pages of workbooks by their names without ending, which must differ."""
    return {path.stem: list(pages_of(path)) for path in recalculate(paths, folder, "pdf")}


def pages_of(pdf: Path) -> Iterator[Printed]:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            yield _page(pdf.stem, number + 1, page.get_size(), text)
            text.close()
            page.close()
    finally:
        document.close()


def _page(book: str, number: int, size: tuple[float, float], text: pypdfium2.PdfTextPage) -> Printed:
    sizes: Counter[float] = Counter()
    letters: dict[float, list[str]] = {}
    found, lowest = [], size[1]
    matrix, left, base = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for at in range(pdfium.FPDFText_CountChars(text)):
        sign = chr(pdfium.FPDFText_GetUnicode(text, at))
        if not sign.strip() or sign == "\0":
            continue
        pdfium.FPDFText_GetMatrix(text, at, matrix)
        points = round(pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d), 2)
        sizes[points] += 1
        letters.setdefault(points, []).append(sign)
        found.append(sign)
        pdfium.FPDFText_GetCharOrigin(text, at, left, base)
        if base.value > FOOT:
            lowest = min(lowest, base.value)
    smallest = "".join(letters[min(letters)]) if letters else ""
    short, long = sorted(map(round, size))
    return Printed(book, number, (short, long), "".join(found), sizes, smallest, 1 - lowest / size[1])


def assert_readable(pages: Sequence[Printed]) -> None:
    """Fails for a page of A4 with letters that are too small, and for any that is broken or next to empty."""
    for page in pages:
        where = f"{page.book}, page {page.number}"
        assert not [word for word in BROKEN if word in page.text], (where, page.text[:200])
        assert len(page.text) > SMALLEST_PAGE, (where, page.text)
        assert page.sides != A4 or min(page.sizes) >= LEAST, (where, min(page.sizes), page.smallest[:100])


def cut_texts(pdf: Path, within: float = 1.5) -> list[tuple[int, str]]:
    """Texts of a PDF that are not seen in full, with their pages: what is clipped, or beyond the edge of the paper.

    within: points that a text may reach beyond what it is clipped to. What is wholly above or below is no text of the
    page: cells that are merged over the end of a page are drawn on both.
    """
    found = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            texts = page.get_textpage()
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                text = _text_of(item, texts)
                left, low, right, high = item.get_bounds()
                box = _clipped_to(item, (0.0, 0.0, width, height))
                if not text or low > box[3] or high < box[1]:
                    continue
                if max(box[0] - left, right - box[2], box[1] - low, high - box[3]) > within:
                    found.append((number, text))
            texts.close()
            page.close()
    finally:
        document.close()
    return found


def _text_of(item: pypdfium2.PdfObject, texts: pypdfium2.PdfTextPage) -> str:
    size = pdfium.FPDFTextObj_GetText(item.raw, texts.raw, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFTextObj_GetText(item.raw, texts.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw.decode("utf-16-le", "ignore").strip("\0").strip()


def _clipped_to(item: pypdfium2.PdfObject, page: tuple[float, float, float, float]) -> tuple[float, ...]:
    """The rectangle that an object is clipped to."""
    box = list(page)
    clip = pdfium.FPDFPageObj_GetClipPath(item.raw)
    for path in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0)) if clip else ():
        points = []
        for number in range(pdfium.FPDFClipPath_CountPathSegments(clip, path)):
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append((x.value, y.value))
        if points:
            across, up = zip(*points, strict=True)
            box = [max(box[0], min(across)), max(box[1], min(up)), min(box[2], max(across)), min(box[3], max(up))]
    return tuple(box)


def filled_to(pdf: Path) -> list[float]:
    """How far down each page of a PDF is drawn on, lines and colours too, as a share of what is between its margins."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    try:
        for page in document:
            shades = page.render(scale=0.5, grayscale=True).to_numpy()
            foot = len(shades) - int(FOOT * 0.55)
            drawn = [number for number, row in enumerate(shades[:foot], 1) if row.min() < 250]
            found.append(max(drawn, default=0) / foot)
            page.close()
    finally:
        document.close()
    return found


def assert_nothing_cut(sheet: Worksheet) -> bool:
    """Fails where what runs over several columns is cut by the end of a page; whether the sheet goes on beside."""
    if not sheet.print_title_cols:
        return False
    again = column_index_from_string(sheet.print_title_cols.rpartition("$")[2])
    breaks = [one.id for one in sheet.col_breaks.brk]
    assert breaks, sheet.title
    edges = [again, *breaks, sheet.max_column]
    merged = {one.coord.partition(":")[0]: one for one in sheet.merged_cells.ranges}
    first = next(cell for cell in sheet[1] if cell.value)
    # On every page, and on as many lines as it takes.
    assert merged[first.coordinate].max_col == again and first.alignment.wrap_text, sheet.title
    for one in merged.values():
        inside = one.max_col <= again or any(
            start < one.min_col and one.max_col <= end for start, end in pairwise(edges)
        )
        assert inside, (sheet.title, one.coord)
    return True
