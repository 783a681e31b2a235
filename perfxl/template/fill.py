"""From a submission document to the workbook that a department would have filled."""

from __future__ import annotations

from pathlib import Path

from perfxl.scheme.model import Scheme
from perfxl.submission.document import Document, check_document, field_values
from perfxl.submission.spelling import spelling_rows


def fill_template(document: Document, scheme: Scheme, path: Path, source: str) -> None:
    """Writes the filled workbook. Raises DocumentError, naming `source`, where the document's shape does not hold."""
    path.write_bytes(filled_template(document, scheme, source))


def filled_template(document: Document, scheme: Scheme, source: str) -> bytes:
    """The filled workbook. Raises DocumentError, naming `source`, where the document's shape does not hold."""
    # XlsxWriter is loaded only where a workbook is written, so that commands answer quickly.
    from perfxl.template.writer import template_bytes

    check_document(document, scheme, source)
    return template_bytes(scheme, field_values(document, scheme), spelling_rows(document, scheme), None, {})
