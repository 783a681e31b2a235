"""One word for one thing: what stands in `docs/terms.py` as wrong is nowhere in what people see."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from click.testing import CliRunner

from docs.terms import ALLOWED, PLACES, TERMS, misused
from perfxl.cli.app import perfxl
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from tests.pages import ROOT, commands, text_of

PAGES = ("docs/使用手册.md", "README.zh.md")
SOURCES = sorted((ROOT / "perfxl").rglob("*.py"))
DATA = sorted((ROOT / "perfxl").rglob("*.toml"))


def faults(texts: Iterator[tuple[str, str]]) -> list[str]:
    """Every wrong word in texts with their places."""
    return [f"{place}: {word}: {text[:60]}" for place, text in texts for word in misused(text)]


def literals(path: Path) -> Iterator[tuple[str, str]]:
    """Every text in a module but the docstrings, which nobody but developers reads."""
    tree = ast.parse(path.read_text("utf-8"))
    silent = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent:
            yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node.value


def seen(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a workbook: names of sheets, cells, notes, prompts of validations, headers on paper."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        yield path.name, sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    yield f"{path.name} {sheet.title}!{cell.coordinate}", cell.value
                if cell.comment is not None:
                    yield f"{path.name} {sheet.title}!{cell.coordinate}", cell.comment.text
        for rule in sheet.data_validations.dataValidation:
            yield f"{path.name} {sheet.title} {rule.sqref}", f"{rule.promptTitle} {rule.prompt} {rule.error}"
        yield path.name, f"{sheet.oddHeader.left.text} {sheet.oddHeader.center.text} {sheet.oddFooter.center.text}"
    for name in book.defined_names:
        yield path.name, name


def departments_texts() -> list[str]:
    """What the departments of the examples wrote themselves, in words of their own, longest first."""
    texts: set[str] = set()

    def gather(item: Any) -> None:
        if isinstance(item, str):
            texts.update(part for part in (item.strip(), *item.split("\n")) if len(part) > 3)
        elif isinstance(item, dict | list):
            for inner in item.values() if isinstance(item, dict) else item:
                gather(inner)

    for path in sorted((ROOT / "examples" / "documents").glob("*.json")):
        gather(json.loads(path.read_text("utf-8")))
    return sorted(texts, key=len, reverse=True)


def test_no_text_of_the_program_has_another_word() -> None:
    files = (path for path in SOURCES if not str(path.relative_to(ROOT).as_posix()).startswith(tuple(PLACES)))
    assert not faults(text for path in files for text in literals(path))


def test_no_scheme_that_is_built_in_has_another_word() -> None:
    lines = (
        (f"{path.name}:{number}", line)
        for path in DATA
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    )
    assert not faults(lines)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_another_word(page: str) -> None:
    assert not faults((f"{page}:{number}", line) for number, line in enumerate(text_of(page).splitlines(), 1))


def test_no_help_has_another_word() -> None:
    helps = []
    for words, command in commands().items():
        helps.append((" ".join(words), command.get_help(click.Context(command, info_name="perfxl"))))
    assert len(helps) > 10
    assert not faults(iter(helps))


def test_no_workbook_of_a_run_has_another_word(scheme: Scheme, tmp_path: Path) -> None:
    """The example year: summary, departments, copies to mend, the register; blank templates and the bureau's lists."""
    report = run_folder(ROOT / "input", tmp_path / "output", scheme, RunOptions(jobs=1))
    done = CliRunner().invoke(perfxl, ["template", "-o", str(tmp_path / "blank")])
    assert done.exit_code == 0, done.output
    books = [*report.output.rglob("*.xlsx"), *(tmp_path / "blank").rglob("*.xlsx")]
    assert len(books) > 15
    written = departments_texts()

    def without(text: str) -> str:
        for own in written:
            text = text.replace(own, "")
        return text

    assert not faults((place, without(text)) for path in books for place, text in seen(path))


def test_every_word_stands_in_the_handbook_once() -> None:
    page = text_of("docs/使用手册.md")
    page = page[page.index("## 七、术语") :]
    assert [page.count(f"\n| {term.word} |") for term in TERMS] == [1] * len(TERMS)
    assert not {word for term in TERMS for word in term.never} & {term.word for term in TERMS}


def test_what_is_allowed_is_still_needed() -> None:
    """An exception that nothing needs any more would let a wrong word in."""
    words = [text for path in [*SOURCES, *DATA] for text in path.read_text("utf-8").splitlines()]
    words += [text for path in SOURCES for _, text in literals(path)] + text_of(PAGES[0]).splitlines()
    assert not {right for right in ALLOWED if not any(re.search(right, text) for text in words)}
    assert all(any(str(path.relative_to(ROOT).as_posix()).startswith(place) for path in SOURCES) for place in PLACES)


@pytest.mark.parametrize(
    ("text", "word"), [("请在花名册里核对", "花名册"), ("就低得分", "就低得分"), ("某区财政局、财政局", "财政局")]
)
def test_another_word_is_noticed(text: str, word: str) -> None:
    assert list(misused(text)) == [word]
