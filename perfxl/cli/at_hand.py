"""The option --scheme, which may be given several times, and the schemes that a command works by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.terminal import echo
from perfxl.folders import BUREAU_FOLDER, PREVIOUS_FOLDER

if TYPE_CHECKING:
    from perfxl.scheme.at_hand import AtHand
    from perfxl.scheme.model import Scheme

FOLDER = Path(BUREAU_FOLDER)
"""Where the bureau keeps its own schemes."""
PREVIOUS = Path(PREVIOUS_FOLDER)
"""Where it puts the results of years before."""

scheme_option = click.option(
    "--scheme",
    "scheme_sources",
    metavar="方案",
    multiple=True,
    help="评分方案：内置代码，或 .toml、.xlsx 文件；可写多次。不写时使用 workbook_templates 里的方案，没有的用内置方案",
)


def other_schemes(folder: Path = FOLDER) -> list[Scheme]:
    """The schemes that there are whether a command works by them or not: the built-in ones and those of the folder."""
    from perfxl.scheme.library import builtin_entries, entries_of

    return [entry.scheme for entry in (*entries_of(folder), *builtin_entries()) if entry.scheme is not None]


def on_stderr(words: str) -> None:
    """Says something that is no result."""
    echo(words, err=True)


def at_hand(sources: tuple[str, ...], say: Callable[[str], None] = on_stderr) -> AtHand:
    """The schemes that a command works by. say: takes which were found in the folder, and which are not used."""
    from perfxl.scheme.at_hand import schemes_at_hand

    chosen = schemes_at_hand(sources, FOLDER)
    for path, scheme in zip(chosen.found, chosen.schemes, strict=False):
        say(f"使用评分方案：{path}（{scheme.header.title}）")
    for words in chosen.told:
        say(words)
    return chosen
