"""The copy that goes back to a department to be mended (退回修改): its own data in a fresh template, faults marked."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from perfxl.checks.finding import Finding, by_severity
from perfxl.layout import Layout, layout_of
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import FIXED_SHEETS, MENDS
from perfxl.layout.signatures import CHECKED, HEAD
from perfxl.results.names import sheet_names
from perfxl.scheme.model import Scheme
from perfxl.submission.besides import BESIDE, Besides, Note
from perfxl.submission.values import as_written
from perfxl.template import write_template
from perfxl.template.correction import CorrectionNote, Returning
from perfxl.workbook.limits import Limits
from perfxl.workbook.package import read_package

Spot = tuple[int, int]
RETURNED_FOLDER = "退回修改"


def write_returned_copy(
    scheme: Scheme,
    findings: Sequence[Finding],
    contents: Mapping[FieldId, Decimal | str],
    path: Path,
    sha256: str = "",
    returning: Returning | None = None,
) -> None:
    """Writes the copy: drop-downs and formulas whole again, 审核意见 first, each faulty cell with its finding.

    contents: what the department wrote, by field. sha256: of the file that it mends, which its hidden sheet names, so
    that it is known to come after that, whatever date is typed. returning: when it was reviewed and is due, and what
    else the workbook held, as it was gathered: what the template has itself is left out here. Raises OSError where the
    file cannot be written.
    """
    ordered = by_severity(findings)
    marks: dict[FieldId, str] = {}
    for finding in ordered:
        words = f"{finding.severity.label}：{finding.message}。{finding.advice}。"
        for field in finding.fields:
            marks[field] = f"{marks[field]}\n{words}" if field in marks else words
    meta = {MENDS: sha256} if sha256 else {}
    if returning is not None and returning.besides is not None:
        returning = replace(returning, besides=_foreign(scheme, returning.besides))
    lines = [_line(finding) for finding in ordered]
    write_template(scheme, path, contents, meta=meta, marks=marks, review=lines, returning=returning)


def _foreign(scheme: Scheme, besides: Besides) -> Besides | None:
    """What of it the template does not have, sheets under names that are free in the copy."""
    layout = layout_of(scheme)
    spots, texts = layout.once(_of_the_template)
    notes = tuple(note for note in besides.notes if note.kind != BESIDE or _typed(note, spots, texts))
    titles = sheet_names([sheet.title for sheet in besides.sheets], (*FIXED_SHEETS, *layout.sheets))
    sheets = tuple(sheet._replace(title=title) for sheet, title in zip(besides.sheets, titles, strict=True))
    found = besides._replace(notes=notes, sheets=sheets)
    return found if any(found) else None


def _typed(note: Note, spots: Container[tuple[str, Spot | None]], texts: Container[tuple[str, str]]) -> bool:
    """Whether somebody has typed a text beside a table; who signs does so behind the words that stand there."""
    free = (note.sheet, note.spot) not in spots or note.text.startswith((CHECKED, HEAD))
    return free and (note.sheet, note.text) not in texts


def _of_the_template(layout: Layout) -> tuple[frozenset[tuple[str, Spot | None]], frozenset[tuple[str, str]]]:
    """The places of all that stands in a blank template, and its texts, by sheet."""
    # The writer is loaded only where a workbook is written.
    from perfxl.template.writer import template_bytes

    # Copies begin as the template with marks, so that this one is made in any case; its first sheet is not looked at.
    package = read_package(template_bytes(layout.scheme, {}, {}, None, {}, marked=True), Limits())
    spots: set[tuple[str, Spot | None]] = set()
    texts: set[tuple[str, str]] = set()
    for title in layout.sheets:
        for number, row in enumerate(package.sheets[title].rows):
            for col, raw in enumerate(row):
                if raw is not None and (raw != "" or (number, col) in package.sheets[title].formulas):
                    spots.add((title, (number, col)))
                    texts.add((title, as_written(raw).strip()))
    return frozenset(spots), frozenset(texts)


def _line(finding: Finding) -> CorrectionNote:
    return CorrectionNote(
        severity=finding.severity.label,
        code=finding.code,
        title=finding.title,
        message=finding.message,
        advice=finding.advice,
        field=finding.fields[0] if finding.fields else None,
        sheet=finding.sheet,
    )
