"""LibreOffice as a second opinion: opens workbooks as a user would, calculates every formula, saves them again."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

needs_libreoffice = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on the PATH"),
]
"""For `pytestmark` of a module, or spread over a test."""

# By default LibreOffice trusts the values that another program cached; 0 means: always calculate on loading.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
           xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""

# Comma, quotes, UTF-8, from the first line; numbers as they are and not as they are shown; values; -1: every sheet.
ALL_SHEETS = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def recalculate(paths: Sequence[Path], out_dir: Path, fmt: str = "xlsx", *, timeout: float = 900) -> list[Path]:
    """Each workbook calculated anew and saved in `out_dir` under its own name, as `fmt`, in the order given.

    One LibreOffice for all of them, with a profile of its own, so that it neither meets one that is open nor
    follows its settings. Names must differ, `out_dir` must not be where the workbooks are. Raises
    `subprocess.TimeoutExpired` after `timeout` seconds and `RuntimeError` where a workbook has not come back.
    """
    said = _convert(paths, out_dir, fmt, timeout)
    converted = [out_dir / f"{path.stem}.{fmt.partition(':')[0]}" for path in paths]
    missing = [path.name for path in converted if not path.exists()]
    if missing:
        raise RuntimeError(f"LibreOffice did not write {', '.join(missing)}: {said}")
    return converted


def calculated(
    paths: Sequence[Path], out_dir: Path, sheets: Sequence[str], *, timeout: float = 900
) -> list[dict[str, list[list[str]]]]:
    """What these sheets of each workbook show once calculated anew: rows of cells as text, numbers with all digits.

    Half the time of `recalculate`, which writes whole workbooks, and nothing to be opened afterwards. Names must
    differ. Raises as `recalculate` does.
    """
    said = _convert(paths, out_dir, f"csv:{ALL_SHEETS}", timeout)
    values = []
    for path in paths:
        files = {sheet: out_dir / f"{path.stem}-{sheet}.csv" for sheet in sheets}
        if missing := [file.name for file in files.values() if not file.exists()]:
            raise RuntimeError(f"LibreOffice did not write {', '.join(missing)}: {said}")
        values.append({sheet: _rows(file) for sheet, file in files.items()})
    return values


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def _convert(paths: Sequence[Path], out_dir: Path, fmt: str, timeout: float) -> str:
    """One LibreOffice over all workbooks; what it said."""
    assert SOFFICE is not None
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lo-profile-", ignore_cleanup_errors=True) as profile:
        settings = Path(profile) / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(ALWAYS_RECALCULATE, "utf-8")
        command = [SOFFICE, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", fmt, "--outdir", str(out_dir), *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    return done.stdout + done.stderr
