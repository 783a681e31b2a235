"""Documents of the whole run made of batches that tests make by code."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from perfxl.documents.kind import WholeRun
from perfxl.documents.kinds import kinds_named
from perfxl.documents.template import template_of
from perfxl.results.batch import Batch
from perfxl.results.kept_results import LastRun
from tests.review_runs import kept_run
from tests.word_files import DAY

DUE = date(2023, 6, 30)


def record_of(last: LastRun, kind: str) -> Any:
    """What a document of the whole run says."""
    (one,) = kinds_named([kind])
    assert one.of_run is not None
    return one.of_run(WholeRun(last, DAY, DUE))


def document_of(last: LastRun, kind: str, path: Path) -> Path:
    """The document, written with the template that the program brings."""
    (one,) = kinds_named([kind])
    record = record_of(last, kind)
    with path.open("wb") as file:
        template_of(one.draw(), one.template, one.record).fill(record, file, one.title(record), datetime(2023, 5, 4))
    return path


def both_of(batch: Batch, folder: Path) -> tuple[LastRun, Path, Path]:
    """The last run of a batch with both documents on it."""
    last = kept_run(batch, folder / "out")
    return last, document_of(last, "通报", folder / "通报.docx"), document_of(last, "汇总分析", folder / "汇总.docx")
