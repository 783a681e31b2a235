"""The copy that goes back to a department to be mended (退回修改): its own data in a fresh template, faults marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from perfxl.checks.finding import Finding, by_severity
from perfxl.layout.fields import FieldId
from perfxl.layout.sheets import MENDS
from perfxl.scheme.model import Scheme
from perfxl.template import write_template
from perfxl.template.correction import CorrectionNote

RETURNED_FOLDER = "退回修改"


def write_returned_copy(
    scheme: Scheme, findings: Sequence[Finding], contents: Mapping[FieldId, Decimal | str], path: Path, sha256: str = ""
) -> None:
    """Writes the copy: drop-downs and formulas whole again, 审核意见 first, each faulty cell with its finding.

    contents: what the department wrote, by field. sha256: of the file that it mends, which its hidden sheet names, so
    that it is known to come after that, whatever date is typed. Raises OSError where the file cannot be written.
    """
    ordered = by_severity(findings)
    marks: dict[FieldId, str] = {}
    for finding in ordered:
        words = f"{finding.severity.label}：{finding.message}。{finding.advice}。"
        for field in finding.fields:
            marks[field] = f"{marks[field]}\n{words}" if field in marks else words
    meta = {MENDS: sha256} if sha256 else {}
    write_template(scheme, path, contents, meta=meta, marks=marks, review=[_line(finding) for finding in ordered])


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
