"""Pictures of the clerk's desk: a year's folder, its 说明, and the window of a starter when it is done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from docs.picture import Picture
from perfxl.cli.verdict import STARTER
from perfxl.desk.folder import make_parts, put_starters
from perfxl.desk.page import FILE_NAME
from perfxl.desk.place import HIDDEN
from perfxl.desk.starters import RUN, WINDOWS
from perfxl.scheme.model import Scheme
from perfxl.template.styles import FONT

KINDS = {"": "文件夹", ".bat": "Windows 批处理文件", ".xlsx": "Excel 工作表"}
BOX = {"border": 1, "border_color": "#C3CAD3", "indent": 1, "valign": "vcenter"}
WINDOW = {"bg_color": "#1B2430", "font_color": "#FFFFFF", "valign": "vcenter"}


def desk_pictures(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    """Makes a year's folder as it is on Windows, scores some workbooks in it, and what is to be shown of both."""
    year = folder / "2022年度绩效评价"
    make_parts(year)
    put_starters(year, [scheme], (WINDOWS,), force=False)
    shown, window = folder / "desk-folder.xlsx", folder / "desk-window.xlsx"
    _sheet(shown, [(year.name, ""), *_listing(year)], (40, 30), BOX)
    for path in sorted(filled.glob("*.xlsx")):
        shutil.copy(path, year / "input")
    _sheet(window, [(line,) for line in _window(year)], (100,), WINDOW)
    return [
        Picture("desk-folder", shown, "运行评分"),
        Picture("desk-window", window, "结论"),
        Picture("desk-page", year / FILE_NAME, "怎样使用这个文件夹"),
    ]


def _listing(year: Path) -> list[tuple[str, str]]:
    """What the folder shows: folders first, endings hidden, as Windows does."""
    paths = [path for path in year.iterdir() if path.name != HIDDEN]
    paths.sort(key=lambda path: (path.is_file(), path.name))
    return [(f"{'▣' if path.is_dir() else '▤'}  {path.stem}", KINDS[path.suffix]) for path in paths]


def _window(year: Path) -> list[str]:
    """The last words of the starter, without the seconds that it took, which differ from one run to another."""
    desktop = ("DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in desktop} | {STARTER: RUN.name}
    command = [sys.executable, "-P", "-m", "perfxl", *RUN.arguments[:1]]
    done = subprocess.run(command, cwd=year, env=environment, capture_output=True, encoding="utf-8", check=False)
    return [line.partition("，用时")[0] + "：" if "，用时" in line else line for line in done.stdout.splitlines()]


def _sheet(path: Path, rows: Sequence[Sequence[str]], widths: Sequence[int], look: dict[str, Any]) -> None:
    """A page that looks like what a screen shows."""
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    page, style = workbook.add_worksheet(), workbook.add_format({"font_name": FONT, "font_size": 10, **look})
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for number, row in enumerate(rows):
        page.set_row(number, 20)
        page.write_row(number, 0, row, style)
    page.fit_to_pages(1, 1)
    workbook.close()
