"""What the tests of the checks share: a workbook without any finding, and one line a check of what sets it off."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from perfxl.checks.finding import Finding
from perfxl.decimals import plain
from perfxl.layout.fields import FieldId
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.template.writer import template_bytes
from tests.books import Document, Edit, cell_of, edited, filled, process, put

CASE = Path(__file__).parent / "cases" / "zengcheng-kexie-2022.json"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@lru_cache(maxsize=1)
def _case() -> str:
    return CASE.read_text("utf-8")


def clean_document(*edits: Edit) -> Document:
    """The published case without its two doubtful places, so that no check has a word to say; then the edits."""
    document: dict[str, Any] = json.loads(_case())["submission"]
    return edited(
        document,
        put("funds.total.initial", "690.00"),
        put("facts.budget_change_reason", "年中压减一般性支出"),
        put("scores.A03.reason", "部门预算资金支出进度为 99.49%"),
        *edits,
    )


@dataclass(frozen=True)
class Fires:
    """What sets a check off, and a near miss that does not.

    field: the cell to blame. value: what the finding shows of it. words: what its message must say. also: codes that
    rightly come along.
    """

    edits: tuple[Edit, ...]
    field: FieldId
    value: str
    words: tuple[str, ...]
    passes: tuple[Edit, ...] = ()
    also: tuple[str, ...] = ()


def beyond_clean(findings: Iterable[Finding], scheme: Scheme) -> list[Finding]:
    """The findings but for codes that the clean workbook has too.

    It has none, and one test says so: a check that is new and has a word to say of it breaks that test, and not every
    test that starts from the clean workbook.
    """
    known = codes_of_clean(scheme)
    return [item for item in findings if item.code not in known]


@lru_cache(maxsize=16)
def codes_of_clean(scheme: Scheme) -> frozenset[str]:
    """The codes of what is found in the clean workbook: none, as it should be. It is one of the built-in form."""
    if scheme.id != clean_document()["scheme"]:
        return frozenset()
    with TemporaryDirectory() as folder:
        scored = process(filled(clean_document(), scheme, Path(folder) / "clean.xlsx"), scheme)
    return frozenset(item.code for item in scored.findings)


def findings_of(document: Document, scheme: Scheme, path: Path) -> list[Finding]:
    """The findings of a workbook filled from a document, beyond those of the clean one."""
    return beyond_clean(process(filled(document, scheme, path), scheme).findings, scheme)


def assert_fires(code: str, case: Fires, scheme: Scheme, folder: Path) -> None:
    """The finding and no other, in its cell, with its value and words."""
    found = findings_of(clean_document(*case.edits), scheme, folder / "fires.xlsx")
    told = [f"{item.code} {item.sheet} {item.cell} {item.message}" for item in found]
    assert sorted(item.code for item in found) == sorted((code, *case.also)), told
    hit = next(item for item in found if item.code == code)
    assert (hit.sheet, hit.cell.partition(":")[0]) == cell_of(scheme, case.field), told
    assert hit.value == case.value
    assert case.field in hit.fields
    for words in case.words:
        assert words in f"{hit.message}。{hit.advice}", told
    assert "{" not in hit.message + hit.advice + hit.expected


def assert_passes(code: str, case: Fires, scheme: Scheme, folder: Path) -> None:
    """The near miss sets off nothing of this code."""
    found = findings_of(clean_document(*case.passes), scheme, folder / "passes.xlsx")
    assert code not in {item.code for item in found}


def write_values(scheme: Scheme, path: Path, changes: dict[FieldId, Decimal | str | None]) -> Path:
    """The clean workbook with some fields changed, its formulas calculated from what then stands there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(scheme, tuple(changes.items())))
    return path


@lru_cache(maxsize=64)
def _written(scheme: Scheme, changes: tuple[tuple[FieldId, Decimal | str | None], ...]) -> bytes:
    values: dict[FieldId, Decimal | str] = dict(field_values(clean_document(), scheme))
    for field, value in changes:
        values.pop(field, None)
        if value is not None:
            values[field] = value
    return template_bytes(scheme, values, {}, None, {})


def sheet_part(path: Path, sheet: str) -> str:
    """The part of a worksheet by its name, in a workbook that XlsxWriter or openpyxl wrote."""
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml").decode()
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    element = re.search(rf'<sheet [^>]*name="{re.escape(sheet)}"[^>]*>', book)
    assert element is not None, sheet
    identity = re.search(r'r:id="([^"]+)"', element[0])
    assert identity is not None
    relation = re.search(rf'<Relationship [^>]*Id="{identity[1]}"[^>]*>', relations)
    assert relation is not None
    target = re.search(r'Target="([^"]+)"', relation[0])
    assert target is not None
    return "xl/" + target[1].removeprefix("/xl/")


def patch_part(path: Path, part: str, change: Any, target: Path | None = None) -> Path:
    """The workbook with one part changed: `change` takes its bytes and gives the new ones, None to drop it."""
    with zipfile.ZipFile(path) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
    changed = change(parts.pop(part, b""))
    if changed is not None:
        parts[part] = changed
    with zipfile.ZipFile(target or path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target or path


def patch_cell(path: Path, sheet: str, cell: str, attributes: str, inside: str) -> Path:
    """Writes a cell as raw XML into a workbook, and leaves every other byte of the sheet as it is."""

    def change(xml: bytes) -> bytes:
        text = xml.decode()
        pattern = re.compile(rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
        new, count = pattern.subn(lambda m: f'<c r="{cell}"{m[1] or ""} {attributes}>{inside}</c>', text, count=1)
        assert count == 1, f"{sheet} has no cell {cell}"
        return new.encode()

    return patch_part(path, sheet_part(path, sheet), change)


@dataclass(frozen=True)
class CellFault:
    """What a person or a program left in a cell.

    written: as the template's writer puts it, None for a blank cell; with `{}` for what stood there before. raw:
    attributes and content of the cell's XML in its place; formulas then show what they do without the cell. is_date:
    whether the cell gets a date format. wide: whether digits and signs are full-width.
    """

    written: Decimal | str | None
    raw: tuple[str, str] | None = None
    is_date: bool = False
    wide: bool = False


def faulty_cell(scheme: Scheme, path: Path, field: FieldId, fault: CellFault) -> Path:
    """The clean workbook with one faulty cell."""
    written = fault.written
    if isinstance(written, str) and "{}" in written:
        before = field_values(clean_document(put("department.filled_on", "2023-03-15")), scheme)[field]
        written = written.format(plain(before) if isinstance(before, Decimal) else before)
    if fault.wide:
        written = str(written).translate(WIDE)
    write_values(scheme, path, {field: written})
    sheet, cell = cell_of(scheme, field)
    if fault.raw is not None:
        patch_cell(path, sheet, cell, *fault.raw)
    if fault.is_date:
        style = _add_date_style(path)
        patch_part(path, sheet_part(path, sheet), lambda xml: _styled(xml, cell, style))
    return path


def _add_date_style(path: Path) -> int:
    """Adds a cell format for dates; its number."""
    count = 0

    def change(xml: bytes) -> bytes:
        nonlocal count
        text = xml.decode()
        found = re.search(r'<cellXfs count="(\d+)">', text)
        assert found is not None
        count = int(found[1])
        style = '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        text = text.replace(found[0], f'<cellXfs count="{count + 1}">')
        return text.replace("</cellXfs>", style + "</cellXfs>").encode()

    patch_part(path, "xl/styles.xml", change)
    return count


def _styled(xml: bytes, cell: str, style: int) -> bytes:
    text, changed = re.subn(rf'<c r="{cell}"(?: s="\d+")?', f'<c r="{cell}" s="{style}"', xml.decode())
    assert changed == 1
    return text.encode()
