"""The handbook says what the program does: generated parts are fresh, all that it names exists."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest

from perfxl.checks.listing import all_checks
from perfxl.results.batch import Status
from perfxl.rules import rule_kinds
from perfxl.scheme.workbook_guide import GUIDE_SHEET, sheet_notes
from tests.pages import (
    ROOT,
    assert_calls_exist,
    assert_links_lead_somewhere,
    assert_lone_options_exist,
    links,
    silent_commands,
    text_of,
    unknown_codes,
)

HANDBOOK = "docs/使用手册.md"
PAGES = tuple(sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")))
LARGEST = 250_000


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that writes the generated parts."""
    spec = importlib.util.spec_from_file_location("make_handbook", ROOT / "docs" / "make_handbook.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_parts_are_fresh(maker: ModuleType) -> None:
    text = text_of(HANDBOOK)
    assert maker.renewed(text) == text, "run: python docs/make_handbook.py"


def test_every_part_stands_in_the_handbook_once(maker: ModuleType) -> None:
    marked = re.findall(r"<!-- generated: (\w+) -->", text_of(HANDBOOK))
    assert sorted(marked) == sorted(maker.PARTS)
    assert re.findall(r"<!-- end: (\w+) -->", text_of(HANDBOOK)) == marked


def test_writing_again_changes_nothing(maker: ModuleType) -> None:
    once = maker.renewed("<!-- generated: limits -->\nold\n<!-- end: limits -->\n手写的文字\n")
    assert "文件大小" in once and "old" not in once and once.endswith("-->\n手写的文字\n")
    assert maker.renewed(once) == once


def test_every_finding_is_explained(maker: ModuleType) -> None:
    assert not maker.ungrouped()
    explained = re.findall(r"^\| ([FEWI]\d{3}) \|", maker.findings(), re.MULTILINE)
    assert sorted(explained) == sorted(check.code for check in all_checks())


def test_every_rule_kind_has_a_section(maker: ModuleType) -> None:
    sections = re.findall(r"^### .+（(\w+)）$", maker.rules(), re.MULTILINE)
    assert sections == list(rule_kinds())


def test_examples_of_rules_can_be_computed(maker: ModuleType) -> None:
    assert "缺少" not in maker.rules()
    assert set(maker.SAMPLES) <= set(rule_kinds())


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_named_exists(page: str) -> None:
    assert_calls_exist(page)
    assert_lone_options_exist(page)


def test_every_command_is_told() -> None:
    assert not silent_commands(HANDBOOK)


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    assert_links_lead_somewhere(page)


@pytest.mark.parametrize("page", PAGES)
def test_codes_of_findings_exist(page: str) -> None:
    assert not unknown_codes(page)


def test_every_status_of_a_file_is_explained() -> None:
    rows = re.findall(r"^\| (\S+) \|", text_of(HANDBOOK), re.MULTILINE)
    assert {status.label for status in Status} <= set(rows)


def test_every_picture_is_shown_made_and_small() -> None:
    pages = ("README.md", "README.zh.md", *PAGES)
    shown = {target.rpartition("/")[2] for page in pages for target in links(page) if target.endswith(".png")}
    scripts = "".join(
        text_of(f"docs/{name}.py") for name in sorted(path.stem for path in (ROOT / "docs").glob("*picture*.py"))
    )
    made = {f"{name}.png" for name in re.findall(r'Picture\("([\w-]+)"', scripts)}
    files = {path.name: path.stat().st_size for path in (ROOT / "docs" / "pictures").iterdir()}
    assert shown == made == set(files)
    assert not {name for name, size in files.items() if size > LARGEST}


def test_every_sheet_of_a_form_made_in_excel_has_its_picture() -> None:
    pictured = re.findall(r'Picture\("[\w-]+", form, "(\w+)第"', text_of("docs/picture_form.py"))
    assert list(dict.fromkeys(pictured)) == [GUIDE_SHEET, *(title for title, _ in sheet_notes())]


def test_readmes_link_the_handbook() -> None:
    assert {HANDBOOK} <= set(links("README.md")) & set(links("README.zh.md"))
