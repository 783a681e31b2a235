"""Workbooks with one cell or sheet changed as XML, and what must become of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from perfxl.checks.finding import Finding, Severity
from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.results.batch import Status
from perfxl.run.chunk import Scored
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import Document, cell_of, edited, process
from tests.findings import clean_document, patch_cell, patch_part, sheet_part
from tests.test_fault_matrix import FIELDS

ACTUAL, PERCENT, NAME = ("kpis", "6", "actual"), ("kpis", "9", "actual"), ("kpis", "6", "name")
COUNT, CODE = FIELDS["count"], FIELDS["code"]
PATHS = {ACTUAL: "kpis.5.actual", PERCENT: "kpis.8.actual", COUNT: "facts.contracts_total", CODE: "department.code"}
Change = Callable[[str], str | bytes]
KPIS = "绩效指标"


def read(path: Path, scheme: Scheme) -> Document:
    """The submission document of a workbook."""
    layout = layout_of(scheme)
    return document_of(read_submission(path.read_bytes(), layout, Limits()), layout)


def assert_reads(path: Path, scheme: Scheme, *changes: Any) -> Scored:
    """The workbook is scored, and says what the clean one says but for the changes."""
    done = process(path, scheme)
    assert done.record.status is Status.SCORED, done.record.reason
    assert read(path, scheme) == edited(clean_document(), *changes)
    return done


def assert_refused(path: Path, scheme: Scheme, code: str = "F104") -> None:
    done = process(path, scheme)
    assert done.record.status is Status.REJECTED
    assert [item.code for item in done.findings] == [code]


def in_sheet(path: Path, change: Change, sheet: str = KPIS) -> Path:
    """Changes the XML of a sheet."""

    def apply(xml: bytes) -> bytes:
        text = xml.decode()
        changed = change(text)
        assert changed not in (text, xml), "nothing was changed"
        return changed if isinstance(changed, bytes) else changed.encode()

    return patch_part(path, sheet_part(path, sheet), apply)


def in_cell(path: Path, scheme: Scheme, field: FieldId, attributes: str, inside: str) -> Path:
    """Writes a field's cell as XML, its look kept."""
    return patch_cell(path, *cell_of(scheme, field), attributes, inside)


def assert_told(path: Path, scheme: Scheme, field: FieldId, code: str, *words: str) -> Finding:
    """The workbook is returned, for that field with this code and these words, and for no other of its kind."""
    done = process(path, scheme)
    assert done.record.status is Status.RETURNED
    (found,) = (item for item in done.findings if item.severity is Severity.ERROR and item.code < "E2")
    assert (found.code, found.sheet, found.cell, found.fields) == (code, *cell_of(scheme, field), (field,))
    for word in words:
        assert word in found.message, found.message
    return found


def assert_warned(path: Path, scheme: Scheme, code: str, place: tuple[str, str], *words: str) -> None:
    """The workbook is scored as before, with one warning more."""
    (found,) = assert_reads(path, scheme).findings
    assert (found.code, found.severity, found.sheet, found.cell) == (code, Severity.WARNING, *place)
    for word in words:
        assert word in found.message, found.message


def add_style(path: Path, *, code: str = "General", font: str = "", fill: str = "") -> int:
    """A cell format; its number."""
    numbers: list[int] = []

    def change(xml: bytes) -> bytes:
        text = xml.decode()
        numbers.append(int(re.findall(r'<cellXfs count="(\d+)"', text)[0]))
        # Looks by condition, further behind, have fonts and fills of their own.
        before = text.partition("<cellStyleXfs")[0]
        fonts, fills = before.count("<font>"), before.count("<fill>")
        escaped = code.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        text = text.replace("</numFmts>", f'<numFmt numFmtId="{200 + numbers[0]}" formatCode="{escaped}"/></numFmts>')
        text = text.replace("</fonts>", f"<font>{font}</font></fonts>")
        text = text.replace("</fills>", f"<fill>{fill or '<patternFill/>'}</fill></fills>")
        look = f'<xf numFmtId="{200 + numbers[0]}" fontId="{fonts}" fillId="{fills}" borderId="0" xfId="0"/>'
        text = text.replace("</cellXfs>", f"{look}</cellXfs>")
        return text.replace(f'<cellXfs count="{numbers[0]}"', f'<cellXfs count="{numbers[0] + 1}"').encode()

    patch_part(path, "xl/styles.xml", change)
    return numbers[0]


def styled(path: Path, scheme: Scheme, field: FieldId, style: int, content: str | None = None) -> Path:
    """Gives a field's cell a look, and another content where one is told."""
    sheet, cell = cell_of(scheme, field)

    def change(xml: bytes) -> bytes:
        text, count = re.subn(rf'<c r="{cell}" s="\d+"([^>]*>)', rf'<c r="{cell}" s="{style}"\1', xml.decode())
        assert count == 1
        return text.encode()

    patch_part(path, sheet_part(path, sheet), change)
    if content is not None:
        part = sheet_part(path, sheet)
        patch_part(path, part, lambda xml: re.sub(rf'(<c r="{cell}" s="\d+")[^>]*?(?:/>|>.*?</c>)'.encode(),
                                                  rf"\1><v>{content}</v></c>".encode(), xml, count=1))  # fmt: skip
    return path
