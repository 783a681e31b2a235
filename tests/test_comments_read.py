"""Comments of a workbook from outside: read where they can be, and never a reason to refuse it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from perfxl.intake.submission import read_submission
from perfxl.layout import layout_of
from perfxl.scheme.model import Scheme
from perfxl.submission.besides import COMMENT
from perfxl.workbook.limits import Limits
from tests.books import filled
from tests.findings import clean_document

PART = "xl/comments/comment1.xml"


@pytest.fixture
def commented(scheme: Scheme, tmp_path: Path) -> Path:
    path = filled(clean_document(), scheme, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    book["收支情况"]["E6"].comment = Comment("按决算口径", "张会计")
    book["基本信息"]["C4"].comment = Comment("错误：我们认为不是错误", "张会计")
    book.save(path)
    return path


def read(path: Path, scheme: Scheme) -> list[tuple[str, str, str]]:
    submission = read_submission(path.read_bytes(), layout_of(scheme), Limits())
    besides = submission.besides
    return [(note.sheet, note.cell, note.text) for note in besides.notes if note.kind == COMMENT] if besides else []


def test_comments_are_read_with_their_cells(commented: Path, scheme: Scheme) -> None:
    """One of a person that begins like one of ours is the person's."""
    assert sorted(read(commented, scheme)) == sorted(
        [("收支情况", "E6", "按决算口径"), ("基本信息", "C4", "错误：我们认为不是错误")]
    )


@pytest.mark.parametrize(
    "xml",
    [
        b"<comments",
        b"",
        b'<!DOCTYPE x [<!ENTITY a "b">]><comments/>',
        b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><commentList>'
        b'<comment ref="A1" authorId="99999999999"><text><t>x</t></text></comment></commentList></comments>',
    ],
)
def test_damaged_comments_are_left_alone(commented: Path, scheme: Scheme, xml: bytes) -> None:
    with zipfile.ZipFile(commented) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert PART in parts
    parts[PART] = xml
    with zipfile.ZipFile(commented, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert len(read(commented, scheme)) <= 2
    assert read_submission(commented.read_bytes(), layout_of(scheme), Limits()).text("department.name")
