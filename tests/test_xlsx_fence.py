"""The fence around XlsxWriter: its inner workings are known in one place, and used with proved versions only."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.vml import Vml
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

import perfxl
from perfxl.xlsx import self_check, writer
from perfxl.xlsx.plain import PlainWorkbook
from perfxl.xlsx.quick import sheet as quick_sheet
from perfxl.xlsx.quick.workbook import FastWorkbook
from perfxl.xlsx.writer import PROVED, SWITCH, choice, new_workbook, notice

ROOT = Path(perfxl.__file__).parent.parent
ENVIRONMENT = os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
QUICK = ROOT / "perfxl" / "xlsx" / "quick"


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(SWITCH, raising=False)
    writer._choice.cache_clear()
    yield
    writer._choice.cache_clear()


def sources() -> Iterator[tuple[Path, str]]:
    return ((path, path.read_text("utf-8")) for path in sorted((ROOT / "perfxl").rglob("*.py")))


def test_inner_names_of_xlsxwriter_are_used_in_one_place() -> None:
    classes = (Workbook, Worksheet, Format, Packager, SharedStrings, ChartBar, Vml)
    inner = {name for kind in classes for name in dir(kind) if name.startswith("_") and not name.startswith("__")}
    inner |= {name for kind in (Workbook, Worksheet) for name in vars(kind()) if not name.startswith("_")} & {
        "xf_format_indices", "dxf_format_indices", "str_table", "row_sizes", "col_info", "worksheets_objs",
    }  # fmt: skip
    used = re.compile(rf"(?:sheet|book|workbook|chart|form|xl|format|packager)\.({'|'.join(map(re.escape, inner))})\b")
    found = {path.name: used.findall(text) for path, text in sources() if QUICK not in path.parents}
    assert {name: names for name, names in found.items() if names} == {}
    assert any(used.search(text) for path, text in sources() if QUICK in path.parents)


def test_only_the_choice_leads_to_the_quick_writer() -> None:
    imports = re.compile(r"(?:from|import) perfxl\.xlsx\.quick")
    found = [path.name for path, text in sources() if imports.search(text) and QUICK not in path.parents]
    assert found == ["self_check.py", "writer.py"]


def test_the_pin_allows_what_is_proved() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pin = next(item for item in project["dependencies"] if item.startswith("xlsxwriter"))
    assert pin == f"xlsxwriter>={PROVED[0]},<={PROVED[-1]}"
    assert list(PROVED) == sorted(PROVED, key=lambda version: [int(part) for part in version.split(".")])


def test_a_proved_version_has_the_quick_writer(tmp_path: Path) -> None:
    assert xlsxwriter.__version__ in PROVED
    assert choice() == (True, "") and notice() == ""
    assert isinstance(new_workbook(tmp_path / "x.xlsx", {}), FastWorkbook)


@pytest.mark.parametrize("version", ["3.2.9", "3.3.2", "4.0"])
def test_any_other_version_has_the_plain_one_and_says_so(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(xlsxwriter, "__version__", version)
    assert notice() == ""  # nothing is written yet
    assert isinstance(new_workbook(Path("x.xlsx"), {}), PlainWorkbook)
    assert f"XlsxWriter {version} 未经验证" in notice() and "\n" not in notice()


@pytest.mark.parametrize("changed", ["gone", "raises", "misplaced"])
def test_a_changed_library_is_found_by_the_self_check(monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    if changed == "gone":
        monkeypatch.setitem(sys.modules, "perfxl.xlsx.self_check", ModuleType("empty"))
    elif changed == "raises":
        monkeypatch.setattr(FastWorkbook, "_prepare_drawings", None)
    else:
        # As in XlsxWriter 3.3.0 without its flag: all rows above a chart are taken for equal.
        monkeypatch.setattr(quick_sheet.FastSheet, "_size_row", lambda *_: 20)
        assert "xl/drawings/drawing1.xml" in self_check.differing_parts()
    assert not choice().quick
    assert "与原版不同" in notice()


@pytest.mark.parametrize(("asked", "quick"), [("plain", False), ("quick", True)])
def test_the_switch_chooses_in_silence(monkeypatch: pytest.MonkeyPatch, asked: str, quick: bool) -> None:
    monkeypatch.setenv(SWITCH, asked)
    monkeypatch.setattr(xlsxwriter, "__version__", "9.9")
    assert choice() == (quick, "")


def perfxl_with(version: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of perfxl with an XlsxWriter that says that it is of this version."""
    start = f"import xlsxwriter; xlsxwriter.__version__ = {version!r}; from perfxl.cli.app import main; main()"
    return subprocess.run(
        [sys.executable, "-c", start, *words],
        env=ENVIRONMENT,
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )


def test_one_line_on_the_console_and_the_same_template(tmp_path: Path) -> None:
    for version in (PROVED[-1], "99.0"):
        done = perfxl_with(version, tmp_path, "template", "-o", version)
        assert done.stderr.count("\n") == (version == "99.0")
        assert ("XlsxWriter 99.0 未经验证" in done.stderr) == (version == "99.0")
        assert "未经验证" not in perfxl_with(version, tmp_path, "--help").stderr
    first, second = (next((tmp_path / version).glob("*填报模板.xlsx")) for version in (PROVED[-1], "99.0"))
    one, other = (openpyxl.load_workbook(path) for path in (first, second))
    assert one.sheetnames == other.sheetnames
    for sheet in one:
        values = [[[cell.value for cell in row] for row in book[sheet.title].iter_rows()] for book in (one, other)]
        assert values[0] == values[1]


def test_help_loads_no_writer() -> None:
    script = """
import sys
sys.argv[1:] = ["--help"]
from perfxl.cli.app import main
try:
    main()
except SystemExit:
    assert not {"xlsxwriter", "perfxl.xlsx.plain", "perfxl.xlsx.quick"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, check=True, capture_output=True)
