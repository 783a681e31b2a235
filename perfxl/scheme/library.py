"""Which schemes there are: the built-in ones, and those that stand in the bureau's folder."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import unescape

from perfxl.errors import PerfxlError, SchemeError
from perfxl.files import read_regular
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.workbook_faults import RESULT_SHEET
from perfxl.scheme.workbook_names import MARK

_SHEETS = ("方案信息", "三级指标")
_MOST_BYTES = 20_000_000
_MOST_PART = 1_000_000  # of the part that names the sheets


@dataclass(frozen=True)
class Entry:
    """A scheme that can be named by `source`, or why it cannot be used (`trouble`, without a scheme)."""

    source: str
    scheme: Scheme | None
    trouble: str = ""


def builtin_entries() -> list[Entry]:
    """The built-in schemes by code."""
    return [Entry(code, load_scheme(code)) for code in builtin_ids()]


def entries_of(folder: Path) -> list[Entry]:
    """The schemes that stand in a folder, by file name."""
    return [_entry(path) for path in scheme_files(folder)]


def _entry(path: Path) -> Entry:
    try:
        return Entry(str(path), load_scheme(path.absolute()))
    except SchemeError as error:
        return Entry(str(path), None, f"有 {len(error.faults)} 处错误，用 perfxl scheme check 查看")
    except PerfxlError as error:
        return Entry(str(path), None, str(error))


def scheme_files(folder: Path) -> list[Path]:
    """The files of a folder that are schemes by their looks: any .toml, and .xlsx workbooks with a scheme's sheets."""
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(("~$", ".")))
    return [path for path in files if path.suffix.lower() == ".toml" or is_scheme_workbook(path)]


def is_scheme_workbook(path: Path) -> bool:
    """Whether a file is an .xlsx workbook that has the sheets of a scheme. Looks at the names of the sheets only.

    The copy that `scheme check` leaves beside a faulty one is none: it would stay faulty for ever.
    """
    if path.suffix.lower() != ".xlsx":
        return False
    try:
        data = io.BytesIO(read_regular(path, _MOST_BYTES))
        with zipfile.ZipFile(data) as archive, archive.open("xl/workbook.xml") as part:
            names = unescape(part.read(_MOST_PART).decode("utf-8", "replace"))
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        return False
    if f'"{RESULT_SHEET}"' in names:
        return False
    return f'"{MARK}"' in names or all(f'"{sheet}"' in names for sheet in _SHEETS)
