"""A workbook of fast sheets: what is the same in many workbooks is written and packed once in a process.

Formats are made once and copied into each workbook, and its lesser parts are kept by what they depend on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from contextlib import nullcontext
from functools import partial
from io import StringIO
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from perfxl.caches import cached, kept
from perfxl.deflate import COMPACT
from perfxl.xlsx.quick.chart import chart_of
from perfxl.xlsx.quick.fitting_sheet import FittingSheet
from perfxl.xlsx.quick.formats import copy_format, prototype_of, share_formats, shared_styles, style_of
from perfxl.xlsx.quick.kept import MARK, keep
from perfxl.xlsx.quick.long_sheet import LongSheet
from perfxl.xlsx.quick.packager import FastPackager, sheets_key
from perfxl.xlsx.quick.places import between_tags
from perfxl.xlsx.quick.refused import refuse
from perfxl.xlsx.quick.sheet import FastSheet
from perfxl.xlsx.quick.stamp import Stamp, StampedSheet
from perfxl.xlsx.texts import in_attribute

BUFFER = 1 << 18  # bytes: a department's workbook is written at once
NAMES_KEPT = 100
_around_names = kept()
_settings = itemgetter(
    "read_only", "vba_codename", "date_1904", "default_theme_version", "x_window", "y_window", "window_width",
    "window_height", "tab_ratio", "calc_id", "calc_mode", "calc_on_load",
)  # fmt: skip
"""What the list of sheets depends on, of the attributes of a workbook, besides its sheets and names."""


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
        self.fh: Any = None
        self.marked = False  # whether a mark is written in place of the names

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

    def add_form(self, name: str, *, anew: bool = False, sharing: bool = False) -> FittingSheet:
        """Adds a sheet to be filled by hand. anew: though the workbook that this one begins as has one of that name.

        sharing: formulas that are the same but for their row are written once (`perfxl.xlsx.shared_formulas`).
        """
        if not anew and self.begun_as is not None and name in self.begun_as.sheets:
            stamp = partial(StampedSheet, self.begun_as.sheets[name])
            stamped: StampedSheet = self.add_worksheet(name, worksheet_class=stamp)
            return stamped
        sheet: FittingSheet = self.add_worksheet(name, worksheet_class=FittingSheet)
        sheet.sharing = sharing
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
            FastPackager(self, file).write()

    def _add_chart_data(self) -> None:
        read: dict[str, list[Any]] = {}
        for chart in self.charts:
            for cells, number in chart.formula_ids.items():
                if cells not in read:
                    sheet, place = _place(cells)
                    read[cells] = self.sheetnames[sheet]._get_range_data(*place)
                chart.formula_data[number] = read[cells]

    _escape_attributes = FastSheet._escape_attributes

    def _assemble_xml_file(self) -> None:
        """Writes the list of sheets and names: all but the names is the same in many workbooks."""
        self._prepare_format_properties()
        key = ("around names", _settings(vars(self)), sheets_key(self))
        pieces: list[str] | None = _around_names.get(key)
        if pieces is None:
            target, written = self.fh, StringIO()
            self.fh, self.marked = written, True
            super()._assemble_xml_file()
            self.fh, self.marked = target, False
            pieces = written.getvalue().split(MARK)
            keep(_around_names, key, pieces, NAMES_KEPT)
        before, behind = pieces
        self.fh.write(before)
        self._write_defined_names()
        self.fh.write(behind)

    def _write_defined_names(self) -> None:
        if self.marked:
            self.fh.write(MARK)
        elif self.defined_names:
            self.fh.write(f"<definedNames>{''.join(map(_name_text, self.defined_names))}</definedNames>")

    def _prepare_defined_names(self) -> None:
        prepare = super()._prepare_defined_names
        if self.begun_as is None:
            prepare()
        else:
            self.begun_as.prepare_names(self, prepare)

    def _prepare_format_properties(self) -> None:
        """Says what the part with the styles depends on; it is prepared where it is written, if it is."""
        begun = self.begun_as
        if begun is not None and len(self.formats) == len(begun.formats) and self.has_comments in begun.styles_keys:
            self.styles_key = begun.styles_keys[self.has_comments]
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

    def prepare_styles(self) -> None:
        """Numbers the formats, and their fonts, fills, borders and number formats, as the part with the styles does."""
        super()._prepare_format_properties()


@cached(maxsize=500)
def _place(cells: str) -> tuple[str, tuple[int, ...]]:
    """The sheet, first row and column, last row and column of a range as a chart has it."""
    sheet, place = Workbook._get_chart_range(None, cells)
    return sheet, tuple(place)


def _name_text(defined: Sequence[Any]) -> str:
    """A defined name as XML. defined: name, number of its sheet (-1 of the workbook's), range, whether it is hidden."""
    name, sheet, cells, hidden = defined
    local = "" if sheet == -1 else f' localSheetId="{sheet}"'
    unseen = ' hidden="1"' if hidden else ""
    return f'<definedName name="{in_attribute(name)}"{local}{unseen}>{between_tags(cells)}</definedName>'
