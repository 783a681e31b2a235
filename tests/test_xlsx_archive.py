"""The quick zip file is one that `zipfile` reads, and would have written the same way."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from perfxl.deflate import COMPACT, QUICK
from perfxl.xlsx import archive as archive_module
from perfxl.xlsx.archive import Archive, Member, pack, store

PARTS = {"[Content_Types].xml": "<a/>", "xl/long.xml": "字" * 100_000, "empty.xml": ""}


def archive(members: list[Member]) -> bytes:
    stream = BytesIO()
    written = Archive(stream)
    for member in members:
        written.add(member)
    written.close()
    return stream.getvalue()


@pytest.mark.parametrize("level", [QUICK, COMPACT])
def test_what_goes_in_comes_out(level: int) -> None:
    with zipfile.ZipFile(BytesIO(archive([pack(name, text, level) for name, text in PARTS.items()]))) as read:
        assert read.testzip() is None
        assert {name: read.read(name).decode("utf-8") for name in read.namelist()} == PARTS


def test_the_records_are_those_of_zipfile() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in PARTS.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            written.writestr(info, text)
    with zipfile.ZipFile(BytesIO(archive([pack(name, text, COMPACT) for name, text in PARTS.items()]))) as read:
        kept = (
            "filename",
            "date_time",
            "CRC",
            "file_size",
            "external_attr",
            "create_system",
            "create_version",
            "extra",
        )
        records = [[getattr(info, field) for field in kept] for info in read.infolist()]
    assert records == [[getattr(info, field) for field in kept] for info in zipfile.ZipFile(stream).infolist()]


def test_long_parts_stand_between_others(tmp_path: Path) -> None:
    with (tmp_path / "a.zip").open("wb") as file:
        written = Archive(file)
        written.add(pack("first.xml", "<a/>", QUICK))
        for name in ("long.xml", "empty.xml"):
            with written.long_part(name, COMPACT) as part:
                for number in range(10_000 if name == "long.xml" else 0):
                    part.write(f"第 {number} 行")
        written.add(pack("last.xml", "<z/>", QUICK))
        written.close()
    with zipfile.ZipFile(tmp_path / "a.zip") as read:
        assert read.testzip() is None
        assert read.namelist() == ["first.xml", "long.xml", "empty.xml", "last.xml"]
        assert read.read("long.xml").decode() == "".join(f"第 {number} 行" for number in range(10_000))
        assert read.read("empty.xml") == b"" and read.read("last.xml") == b"<z/>"


def test_parts_are_stored_as_they_are() -> None:
    parts = {"xl/a.xml": b"<a/>", "说明.xml": b"", "b": bytes(100_000)}
    with zipfile.ZipFile(BytesIO(archive([store(name, data) for name, data in parts.items()]))) as read:
        assert read.testzip() is None
        assert {name: read.read(name) for name in read.namelist()} == parts


def test_nothing_makes_an_empty_archive() -> None:
    assert zipfile.ZipFile(BytesIO(archive([]))).namelist() == []


@pytest.mark.parametrize("limit", ["LARGEST", "MOST"])
def test_what_needs_zip64_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(archive_module, limit, 1)
    with pytest.raises(OSError, match="more than"):
        archive([pack(name, text, QUICK) for name, text in PARTS.items()])
