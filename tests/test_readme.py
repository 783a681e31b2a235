"""What the README files and the changelog say about the command line is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from perfxl.cli.app import perfxl

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")
PAGES = (*READMES, "CHANGELOG.md")
# Written as prose beside a command that has it, in the words of click.
EVERYWHERE = {"--help", "-h"}


def commands(group: click.Group = perfxl, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    """Every command of the program by its words, `("scheme", "export")`; `()` is the program itself."""
    found: dict[tuple[str, ...], click.Command] = {path: group}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"{name} is listed but cannot be had"
        if isinstance(command, click.Group):
            found |= commands(command, (*path, name))
        else:
            found[*path, name] = command
    return found


def options(command: click.Command) -> set[str]:
    """Every spelling of the options of a command."""
    return {spelling for param in command.params for spelling in param.opts} | EVERYWHERE


def code(page: str) -> Iterator[str]:
    """Every piece of code on a page: the lines of its blocks and its spans."""
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    for block in blocks:
        yield from block.splitlines()
    prose = re.sub(r"^ *```\w*\n.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", prose)


def calls(page: str) -> Iterator[list[str]]:
    """The words behind `perfxl` for every call of the program on a page."""
    for piece in code(page):
        for part in piece.split("&&"):
            words = re.sub(r"[\[\]]", " ", part).split()
            if words and re.split(r"[/\\]", words[0])[-1] == "perfxl":
                yield words[1:]


def named(words: list[str], known: dict[tuple[str, ...], click.Command]) -> tuple[str, ...]:
    """The longest command that the words begin with."""
    for length in range(len(words), -1, -1):
        if tuple(words[:length]) in known:
            return tuple(words[:length])
    raise AssertionError("() is always known")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_named_exists(page: str) -> None:
    known = commands()
    for words in calls(page):
        path = named(words, known)
        command = known[path]
        if isinstance(command, click.Group):
            others = [word for word in words[len(path) :] if not word.startswith("-")]
            assert not others, f"{page}: perfxl {' '.join(words)}: no such command"
        for word in words[len(path) :]:
            if word.startswith("-"):
                assert word in options(command), f"{page}: perfxl {' '.join(path)} has no option {word}"


@pytest.mark.parametrize("page", PAGES)
def test_every_option_named_alone_exists(page: str) -> None:
    every = set().union(*(options(command) for command in commands().values()))
    for piece in code(page):
        if re.fullmatch(r"--?[a-z-]+", piece):
            assert piece in every, f"{page}: no command has an option {piece}"


@pytest.mark.parametrize("page", READMES)
def test_every_command_is_told(page: str) -> None:
    known = commands()
    told = {named(words, known) for words in calls(page)}
    silent = [
        " ".join(path) for path, command in known.items() if not isinstance(command, click.Group) and path not in told
    ]
    assert not silent


@pytest.mark.parametrize("page", READMES)
@pytest.mark.parametrize(("name", "ending"), [("run", "perfxl run"), ("test", "-m pytest")])
def test_marked_command_is_one_line(page: str, name: str, ending: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(rf"<!-- command: {name} -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 1
    lines = blocks[0].splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv .venv && ")
    assert lines[0].endswith(ending)


def test_readmes_give_the_same_commands() -> None:
    pattern = r"<!-- command: (\w+) -->\n```sh\n(.*)\n```"
    first, second = (dict(re.findall(pattern, (ROOT / page).read_text("utf-8"))) for page in READMES)
    assert first == second


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / page).read_text("utf-8")):
        assert target.startswith("https://") or (ROOT / target).is_file(), f"{page}: {target}"


def test_folders_named_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for folder in re.findall(r"^\| `([\w./]+/)` \|", text, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
    packages = {path.parent.name for path in (ROOT / "perfxl").glob("*/__init__.py")}
    table = text[text.index("| package | part |") : text.index("**To add a rule kind**")]
    assert set(re.findall(r"`(\w+)`(?=[^|]*\|[^|]*\|$)", table, re.MULTILINE)) - {"Rule"} >= packages
