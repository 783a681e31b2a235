"""The one-page 说明 of a year's folder."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.desk.page import FILE_NAME, explaining_page
from perfxl.desk.starters import STARTERS
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.xlsx.writer import SWITCH
from tests.libreoffice import needs_libreoffice
from tests.paper import assert_readable, print_books


def texts(data: bytes) -> list[str]:
    """What stands in its cells."""
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_it_names_every_starter_and_the_files_of_its_scheme(scheme: Scheme) -> None:
    said = "\n".join(texts(explaining_page([scheme])))
    assert all(f"“{starter.name}”" in said for starter in STARTERS)
    assert f"{scheme.year}年度绩效评价汇总.xlsx" in said and f"{scheme.header.title}填报模板.xlsx" in said


def test_it_is_the_same_bytes_each_time_and_the_same_words_by_either_writer(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The next version would take it for changed by a person.
    once = explaining_page([scheme])
    assert explaining_page([scheme]) == once
    monkeypatch.setenv(SWITCH, "plain")
    assert texts(explaining_page([scheme])) == texts(once)


@needs_libreoffice[0]
@needs_libreoffice[1]
@pytest.mark.parametrize("count", [1, 4])
def test_it_is_one_printed_page(count: int, tmp_path: Path) -> None:
    schemes = [load_scheme(code) for code in builtin_ids()][:count]
    (tmp_path / FILE_NAME).write_bytes(explaining_page(schemes))
    (printed,) = print_books([tmp_path / FILE_NAME], tmp_path / "pdf").values()
    assert_readable(printed)
    (page,) = ("".join(sheet.text.split()) for sheet in printed)
    # The last words of the longest cell and of the last row are there.
    assert "请放快捷方式。" in page and "重做perfxlinit。" in page
