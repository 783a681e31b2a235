"""What a page of the documentation names: commands, options, links; shared by the tests of README and handbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from perfxl.checks.listing import all_checks
from perfxl.cli.app import perfxl

ROOT = Path(__file__).parent.parent
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


def text_of(page: str) -> str:
    """The text of a page, named by its path below the repository."""
    return (ROOT / page).read_text("utf-8")


def code(page: str) -> Iterator[str]:
    """Every piece of code on a page: the lines of its blocks and its spans."""
    text = text_of(page)
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


def assert_calls_exist(page: str) -> None:
    """Fails for a call of the program on the page whose command, or an option of it, does not exist."""
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


def assert_lone_options_exist(page: str) -> None:
    """Fails for an option that is named on the page by itself and that no command has."""
    every = set().union(*(options(command) for command in commands().values()))
    for piece in code(page):
        if match := re.match(r"(--?[a-z][a-z-]*)(?:[ =].*)?$", piece):
            assert match[1] in every, f"{page}: no command has an option {match[1]}"


def silent_commands(page: str) -> list[str]:
    """Commands of which the page does not speak."""
    known = commands()
    told = {named(words, known) for words in calls(page)}
    return [
        " ".join(path) for path, command in known.items() if not isinstance(command, click.Group) and path not in told
    ]


def links(page: str) -> Iterator[str]:
    """The targets of the links and pictures on a page."""
    yield from re.findall(r"\]\(([^)]+)\)", text_of(page))


def assert_links_lead_somewhere(page: str) -> None:
    """Fails for a link to a missing file or to a missing heading of the page itself."""
    anchors = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)}
    for target in links(page):
        if target.startswith("#"):
            assert target[1:] in anchors, f"{page}: no heading {target}"
            continue
        path = target.partition("#")[0]
        assert target.startswith("https://") or ((ROOT / page).parent / path).is_file(), f"{page}: {target}"


def anchor(heading: str) -> str:
    """What a link within a page calls a heading: small letters, no punctuation, hyphens for blanks."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def unknown_codes(page: str) -> set[str]:
    """What looks like the code of a finding on a page and is none."""
    named_codes = set(re.findall(r"(?<![\w.])[FEWI]\d{3}(?![\w.])", text_of(page)))
    return named_codes - {check.code for check in all_checks()}
