"""What the machine must do anyway: read every sheet with calamine, write the cells with XlsxWriter. Nothing else.

No look into the files, no checks, no scores, no styles; in memory and with typed writes, on as many processes as
perfxl uses, in chunks, the summary written by the parent meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.cells import Book, Wanted, load_wanted

CHUNK = 32
_wanted: list[Wanted] = []


def floor(folder: str, output: str, wanted: str, jobs: int) -> int:
    """Reads all workbooks of a folder and writes as many; how many."""
    paths = sorted(str(path) for path in Path(folder).glob("*.xlsx"))
    Path(output).mkdir(parents=True)
    starts = range(0, len(paths), CHUNK)
    if jobs == 1:
        _start(wanted)
        for start in starts:
            read(paths[start : start + CHUNK])
        write_book(_wanted[0].summary, str(Path(output) / "summary.xlsx"))
        for start in starts:
            write(output, start, min(start + CHUNK, len(paths)))
        return len(paths)
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(wanted,)) as pool:
        list(pool.map(read, [paths[start : start + CHUNK] for start in starts]))
        writing = [pool.submit(write, output, start, min(start + CHUNK, len(paths))) for start in starts]
        write_book(load_wanted(wanted).summary, str(Path(output) / "summary.xlsx"))
        for future in writing:
            future.result()
    return len(paths)


def _start(wanted: str) -> None:
    _wanted[:] = [load_wanted(wanted)]


def read(paths: Sequence[str]) -> int:
    """Reads all sheets of some workbooks; how many rows there were."""
    rows = 0
    for path in paths:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            rows += len(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
    return rows


def write(output: str, start: int, end: int) -> None:
    """Writes the workbooks of the departments from `start` up to `end`."""
    books = _wanted[0].departments
    for number in range(start, end):
        write_book(books[number % len(books)], f"{output}/{number:05d}.xlsx")


def write_book(book: Book, path: str) -> None:
    """Writes one workbook."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as workbook:
        for name, cells in book.sheets:
            sheet = workbook.add_worksheet(name)
            for row, column, value in cells:
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                else:
                    sheet.write_number(row, column, value)
