"""From a submission document to the workbook that a department would have filled."""

from __future__ import annotations

from pathlib import Path

from perfxl.scheme.model import Scheme
from perfxl.submission.document import Document, check_document, field_values
from perfxl.submission.spelling import spelling_rows


def fill_template(document: Document, scheme: Scheme, path: Path, source: str) -> None:
    """Writes the filled workbook. Raises DocumentError, naming `source`, where the document's shape does not hold."""
    from perfxl.template import write_template

    check_document(document, scheme, source)
    write_template(scheme, path, field_values(document, scheme), meta=spelling_rows(document, scheme))
