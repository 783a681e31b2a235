"""Folders of files as bureaus receive them, and what a run makes of them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from perfxl.checks.finding import Finding
from perfxl.results.batch import Batch, FileRecord
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.findings import beyond_clean, codes_of_clean


def run_batch(
    folder: Path,
    scheme: Scheme,
    *,
    lists: Lists | None = None,
    limits: Limits | None = None,
    output: Path | None = None,
) -> Batch:
    """What a run over the folder comes to, without the departments' workbooks; findings beyond those of a clean one."""
    options = RunOptions(
        jobs=1, lists=lists or Lists(), limits=limits or Limits(), department_sheets=0, department_books=False
    )
    batch = run_folder(folder, output or folder.with_name(f"{folder.name}-out"), scheme, options).batch
    if codes_of_clean(scheme):
        batch.findings = beyond_clean(batch.findings, scheme)
    return batch


def records(batch: Batch) -> dict[str, FileRecord]:
    """The record of each file by its path."""
    by_path = {record.path: record for record in batch.files if record.path}
    assert len(by_path) == len([record for record in batch.files if record.path]), "a file stands in the list twice"
    return by_path


def findings_on(batch: Batch, file: str) -> list[Finding]:
    """The findings on one file."""
    return [item for item in batch.findings if item.file == file]


def ole(stream: str) -> bytes:
    """The smallest thing that says it is a compound document with a stream of that name."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(10) + struct.pack("<IIIIIIII", 1, 1, 0, 0x1000, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (512 - len(header) - 4)
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504

    def entry(name: str, kind: int, child: int) -> bytes:
        raw = name.encode("utf-16-le")
        sibling = 0xFFFFFFFF
        return (
            raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, sibling, sibling, child) + bytes(36)
            + struct.pack("<IQ", 0xFFFFFFFE, 0)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1) + entry(stream, 2, 0xFFFFFFFF) + bytes(256)
    return header + fat + directory


def zipped(parts: Mapping[str, bytes], path: Path | None = None) -> bytes:
    """A zip archive of the parts; written to the path where one is given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(stream.getvalue())
    return stream.getvalue()


def parts_of(path: Path) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
