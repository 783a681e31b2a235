"""Word documents as a reader sees them, and the last run of a few departments to make them of."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import docx

from perfxl.documents.kinds import kinds_named
from perfxl.documents.template import Template
from perfxl.documents.write import Wanted, Written, write_documents
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import DEFAULT
from perfxl.scheme.model import Scheme
from perfxl.template.fill import filled_template

DAY = date(2023, 5, 4)


def run_of(documents: Iterable[dict[str, Any]], folder: Path, scheme: Scheme, **options: Any) -> Path:
    """The output folder of a run over the workbooks of submission documents."""
    source, output = folder / "in", folder / "out"
    source.mkdir()
    for number, document in enumerate(documents):
        (source / f"{number}.xlsx").write_bytes(filled_template(document, scheme, "document"))
    run_folder(source, output, scheme, RunOptions(jobs=1, department_sheets=0, department_books=False, **options))
    return output


def examples_of(code: str) -> list[dict[str, Any]]:
    """The shipped example documents of a built-in scheme."""
    folder = Path("examples/documents")
    folder = folder if code == DEFAULT else folder / code
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def write(output: Path, *kinds: str, **wanted: Any) -> Written:
    """Documents of that run, of a fixed date."""
    return write_documents(output, Wanted(kinds, today=DAY, jobs=1, **wanted))


def paragraphs(path: Path) -> list[str]:
    """The paragraphs of the text, without those of tables."""
    return [one.text for one in docx.Document(str(path)).paragraphs]


def rows(path: Path) -> list[list[str]]:
    """The rows of all tables."""
    return [[cell.text for cell in row.cells] for table in docx.Document(str(path)).tables for row in table.rows]


def whole_text(path: Path) -> str:
    """All text, that of tables behind."""
    return "\n".join([*paragraphs(path), *("\t".join(row) for row in rows(path))])


def edited(name: str, change: Callable[[Any], None]) -> bytes:
    """The template of a kind after somebody has edited it."""
    document = docx.Document(io.BytesIO(kinds_named([name])[0].draw()))
    change(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def template(name: str, data: bytes) -> Template:
    """A template of a kind, read."""
    kind = kinds_named([name])[0]
    return Template(data, kind.template, kind.record)


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a package."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
