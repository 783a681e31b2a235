"""The workbooks that are measured hold what the tables say of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.kinds import SLIPS, WITH_SLIPS
from benchmarks.validation import is_there, with_crease, with_perfxl
from perfxl.intake.discover import discover
from perfxl.run.chunk import process_chunk
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import filled
from tests.documents import make_document


@pytest.fixture
def folder(scheme: Scheme, scheme_table: dict[str, Any], tmp_path: Path) -> Path:
    for seed in range(3):
        filled(WITH_SLIPS.change(make_document(seed, scheme_table)), scheme, tmp_path / f"{seed}.xlsx")
    return tmp_path


def test_ten_slips_are_ten_findings_on_ten_fields(folder: Path, scheme: Scheme) -> None:
    for one in process_chunk(discover(folder, Limits()), scheme, Limits()):
        slips = [finding for finding in one.findings if finding.code.startswith("E1")]
        assert len({name for finding in slips for name in finding.fields}) == len(slips) == SLIPS
    assert with_perfxl(str(folder)) == 3 * SLIPS


@pytest.mark.skipif(not is_there(), reason="crease is not installed")
def test_crease_finds_the_same_number(folder: Path) -> None:
    assert with_crease(str(folder)) == 3 * SLIPS
