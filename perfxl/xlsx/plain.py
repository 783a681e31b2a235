"""The plain writer: the workbooks of the quick one through what XlsxWriter promises in its manual, four times as slow.

It is used where the quick writer is not proved, and is what the tests hold the quick one against. A style is the place
of a format in its workbook, so that cells with shared styles can stand in another workbook too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeVar
from zipfile import ZipFile

import xlsxwriter

from perfxl.deflate import COMPACT
from perfxl.xlsx.archive import Archive, pack
from perfxl.xlsx.marks import with_marks
from perfxl.xlsx.plain_sheet import PlainForm, PlainSheet
from perfxl.xlsx.shared_formulas import with_shared_formulas

Make = Callable[..., dict[str, Any]]
_Sheet = TypeVar("_Sheet", bound=PlainSheet)
_BUFFER = 1 << 18


class PlainWorkbook:
    """A workbook by the public methods of XlsxWriter's, of which all others stay at hand.

    target: where it is written when it is closed, a path or an open file; raises OSError where that cannot be. level:
    QUICK or COMPACT.
    """

    def __init__(self, target: Path | BinaryIO, options: dict[str, Any], level: int = COMPACT) -> None:
        self._target, self._level = target, level
        self._written = BytesIO()
        self._workbook = xlsxwriter.Workbook(self._written, options)
        self._sheets: list[PlainSheet] = []
        self._formats: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._workbook, name)

    def __enter__(self) -> PlainWorkbook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_page(self, name: str) -> PlainSheet:
        """Adds a sheet of results."""
        return self._added(PlainSheet(self._workbook.add_worksheet(name), self._formats, kept=True))

    def add_long_page(self, name: str, waiting: Callable[[], IO[str]]) -> PlainSheet:
        """Adds a sheet of any number of rows, all of which are in memory here."""
        return self._added(PlainSheet(self._workbook.add_worksheet(name), self._formats))

    def add_form(self, name: str, *, anew: bool = True, sharing: bool = False) -> PlainForm:
        """Adds a sheet to be filled by hand; here each is written anew. sharing: of formulas that are the same."""
        form = self._added(PlainForm(self._workbook.add_worksheet(name), self._formats))
        form.sharing = sharing
        return form

    def _added(self, sheet: _Sheet) -> _Sheet:
        self._sheets.append(sheet)
        return sheet

    def style(self, make: Make, *look: Hashable) -> int:
        """A style of the properties that `make(*look)` gives, its font among them; a new one each time."""
        # The font's own name counts, and not that of the theme.
        self._formats.append(self._workbook.add_format({**make(*look), "font_scheme": "none"}))
        return len(self._formats) - 1

    def shared_styles(self, make: Make, looks: tuple[Hashable, ...]) -> dict[Hashable, int]:
        """The styles that a workbook begins with, by their looks; the same ones in all workbooks."""
        return {look: self.style(make, look) for look in looks}

    def new_chart(self, sheet: str, kind: str, key: Hashable, set_up: Callable[[Any, str], None]) -> Any:
        """A chart of kind `bar` or `column` of what stands on a sheet.

        set_up: sets up a new chart for a sheet that it is given the name of. key: says all else that it does.
        """
        chart = self._workbook.add_chart({"type": kind})
        set_up(chart, sheet)
        return chart

    def close(self) -> None:
        """Writes the workbook, with the marks that XlsxWriter has no method for."""
        self._workbook.close()
        marked = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(self._sheets, 1)}
        target = self._target
        with (
            ZipFile(self._written) as parts,
            Path(target).open("wb", _BUFFER) if isinstance(target, (str, Path)) else nullcontext(target) as file,
        ):
            archive = Archive(file)
            for name in parts.namelist():
                text = parts.read(name).decode("utf-8")
                if name in marked:
                    text = with_marks(text, marked[name].fitting, marked[name].texts)
                    if marked[name].sharing:
                        text = with_shared_formulas(text)
                archive.add(pack(name, text, self._level))
            archive.close()
