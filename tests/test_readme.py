"""What the README files and the changelog say about the command line is true."""

from __future__ import annotations

import re

import pytest

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

READMES = ("README.md", "README.zh.md")
PAGES = (*READMES, "CHANGELOG.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_named_exists(page: str) -> None:
    assert_calls_exist(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_option_named_alone_exists(page: str) -> None:
    assert_lone_options_exist(page)


@pytest.mark.parametrize("page", READMES)
def test_every_command_is_told(page: str) -> None:
    assert not silent_commands(page)


@pytest.mark.parametrize("page", READMES)
@pytest.mark.parametrize(("name", "ending"), [("run", "perfxl run"), ("test", "-m pytest -n auto --dist loadfile")])
def test_marked_command_is_one_line(page: str, name: str, ending: str) -> None:
    blocks = re.findall(rf"<!-- command: {name} -->\n```sh\n(.*?)```", text_of(page), re.DOTALL)
    assert len(blocks) == 1
    lines = blocks[0].splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv .venv && ")
    assert lines[0].endswith(ending)


def test_readmes_give_the_same_commands() -> None:
    pattern = r"<!-- command: (\w+) -->\n```sh\n(.*)\n```"
    first, second = (dict(re.findall(pattern, text_of(page))) for page in READMES)
    assert first == second


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    assert_links_lead_somewhere(page)


@pytest.mark.parametrize("page", PAGES)
def test_codes_of_findings_exist(page: str) -> None:
    assert not unknown_codes(page)


def test_folders_named_exist() -> None:
    text = text_of("README.md")
    for folder in re.findall(r"^\| `([\w./]+/)` \|", text, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
    packages = {path.parent.name for path in (ROOT / "perfxl").glob("*/__init__.py")}
    table = text[text.index("| package | part |") : text.index("**To add a rule kind**")]
    assert set(re.findall(r"`(\w+)`(?=[^|]*\|[^|]*\|$)", table, re.MULTILINE)) - {"Rule"} >= packages


@pytest.mark.parametrize(("page", "year", "details"), [
    ("README.md", "Through a year", "The year in detail"), ("README.zh.md", "一年怎样用", "各步的细节")
])  # fmt: skip
def test_what_matters_fits_on_two_screens(page: str, year: str, details: str) -> None:
    """What it is, a picture, how to run it, a year in ten lines; then the details."""
    text = text_of(page)
    top = text[: text.index(f"\n## {details}\n")]
    assert top.count("\n") <= 90
    assert "docs/pictures/overview.png" in top and "<!-- command: run -->" in top
    steps = top[top.index(f"\n## {year}\n") :]
    assert re.findall(r"^(\d+)\. ", steps, re.MULTILINE) == [str(number) for number in range(1, 11)]
    assert all(len(line) <= 200 for line in steps.splitlines())


def test_readmes_show_the_same() -> None:
    first, second = (set(links(page)) - {"README.md", "README.zh.md"} for page in READMES)
    pictures = [{target for target in targets if target.endswith(".png")} for targets in (first, second)]
    assert pictures[0] == pictures[1]
    steps = [re.findall(r"^\d+\. \*\*", text_of(page), re.MULTILINE) for page in READMES]
    assert len(steps[0]) == len(steps[1])
