"""One word for one thing: what stands in `docs/terms.py` as wrong is nowhere in what people see."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from docs.terms import ALLOWED, PLACES, TERMS, misused
from perfxl.cli.app import perfxl
from perfxl.documents.write import Wanted, write_documents
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.yearly import previous_years
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from tests.books import filled
from tests.pages import ROOT, commands, text_of
from tests.shown_texts import texts_in

PAGES = ("docs/使用手册.md", "README.zh.md")
SOURCES = sorted((ROOT / "perfxl").rglob("*.py"))
DATA = sorted((ROOT / "perfxl").rglob("*.toml"))


def faults(texts: Iterator[tuple[str, str]]) -> list[str]:
    """Every wrong word in texts, and every date that is written otherwise, with their places."""
    return [f"{place}: {word}: {text[:60]}" for place, text in texts for word in (*misused(text), *odd_dates(text))]


def odd_dates(text: str) -> list[str]:
    """Dates as nobody should write them, but where it is said so."""
    return [] if "不要" in text else re.findall(r"(?<!\d)(?:19|20)\d\d[./]\d{1,2}[./]\d{1,2}(?!\d)", text)


def literals(path: Path) -> Iterator[tuple[str, str]]:
    """Every text in a module but the docstrings, which nobody but developers reads, and words of before, which are only
    read: those in constants called FORMER…."""
    tree = ast.parse(path.read_text("utf-8"))
    former = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and ast.unparse(node).startswith("FORMER_")
        for inner in ast.walk(node)
    }
    silent = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent | former:
            yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node.value


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


def test_nothing_of_a_run_has_another_word(scheme: Scheme, tmp_path: Path) -> None:
    """The example year beside the one before: summary, departments, copies to mend, register, reviews, documents; then
    blank templates of Excel and Word, the bureau's lists, and the page that explains a year's folder."""
    output = tmp_path / "output"
    years = tuple(previous_years([ROOT / "examples" / "2021"], [scheme], output))
    run_folder(ROOT / "input", output, scheme, RunOptions(jobs=1, previous=years))
    documents = write_documents(output, Wanted(jobs=1))
    blank, desk = tmp_path / "blank", tmp_path / "desk"
    invoke("template", "--documents", "-o", blank)
    invoke("review", output, "--departments", "示例教育局", "--roster", blank / "部门名录.xlsx")
    invoke("init", desk)
    assert sum(documents.counts.values()) > 30
    books = {path.stem for folder in (output, blank, desk) for path in folder.rglob("*.xlsx")}
    assert len(books) > 20 and {"复核表", "往来登记", "说明", "公开清单"} <= books
    assert not faults(texts_in([output, blank, desk]))


@pytest.mark.parametrize("stage", [Stage.TARGETS, Stage.MONITORING])
def test_nothing_of_the_other_stages_has_another_word(stage: Stage, scheme: Scheme, tmp_path: Path) -> None:
    """Template and lists, copies to mend, results, what the bureau approves, and warnings."""
    at = scheme_at(scheme, stage)
    paths = sorted((ROOT / "examples" / "year" / stage.value).glob("*.json"))
    assert len(paths) > 3
    for path in paths[:4]:
        document = json.loads(path.read_text("utf-8"))
        filled(document, at, tmp_path / "in" / f"{path.stem}.xlsx")
    # One that comes back.
    document["kpis"][0]["weight"], document["department"]["code"] = "很多", "999"
    document["department"]["name"] = "示例退回局"
    filled(document, at, tmp_path / "in" / "示例退回局.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    invoke("template", "--stage", stage.value, "-o", tmp_path / "blank")
    if stage is Stage.MONITORING:
        assert write_documents(report.output, Wanted(jobs=1)).counts
    books = {path.stem for path in report.output.rglob("*.xlsx")}
    assert "示例退回局" in books and (stage is Stage.MONITORING or "绩效目标核定表" in books)
    assert not faults(texts_in([report.output, tmp_path / "blank"]))


def test_nothing_of_projects_has_another_word(tmp_path: Path) -> None:
    scheme = load_scheme("xiangmu-2020")
    for path in sorted((ROOT / "examples" / "documents" / scheme.id).glob("*.json")):
        filled(json.loads(path.read_text("utf-8")), scheme, tmp_path / "in" / f"{path.stem}.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", scheme, RunOptions(jobs=1))
    write_documents(report.output, Wanted(jobs=1))
    invoke("template", "--scheme", scheme.id, "-o", tmp_path / "blank")
    invoke("scheme", "export", scheme.id, "-o", tmp_path / "blank" / "方案.xlsx")
    assert not faults(texts_in([report.output, tmp_path / "blank"]))


def invoke(*words: str | Path) -> None:
    """Runs a command that must succeed."""
    done = CliRunner().invoke(perfxl, [str(word) for word in words])
    assert done.exit_code == 0, done.output


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
    ("text", "word"),
    [
        ("于2023/4/10报送", "2023/4/10"),
        ("请在花名册里核对", "花名册"),
        ("就低得分", "就低得分"),
        ("某区财政局、财政局", "财政局"),
    ],
)
def test_another_word_is_noticed(text: str, word: str) -> None:
    assert [*misused(text), *odd_dates(text)] == [word]
