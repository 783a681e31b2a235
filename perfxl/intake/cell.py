"""One field of a submission."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.layout import Place
from perfxl.submission.values import Reading
from perfxl.workbook.sheet_cells import Raw


@dataclass(slots=True)
class Cell:
    """One field of a submission: where it stands, what stands there and what it was read as."""

    place: Place
    raw: Raw
    reading: Reading
