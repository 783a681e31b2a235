"""Asks a clerk in the window of a starter, who cannot write options, which departments are to be reviewed."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from perfxl.cli.terminal import echo

if TYPE_CHECKING:
    from perfxl.review_books.candidates import Candidate
    from perfxl.review_books.propose import Choice

_SHARE = re.compile(r"[0-9.．０-９]+ ?[%％]?")
_BETWEEN = re.compile(r"[、，,;；]+")
_LONGEST_NUMBER = 5
"""Signs of a number of departments; a longer one is a code."""


def asked_choices(candidates: Sequence[Candidate], seed: str) -> tuple[list[Choice], str]:
    """Who is to be reviewed as it was answered, and how it came about; all where nobody can be asked.

    Asks again until the answer can be used. Raises click.Abort where there is none.
    """
    if not (sys.stdin and sys.stdin.isatty()):
        return everybody(candidates), ""
    echo(f"已评分的共 {len(candidates)} 个。要复核哪些？")
    echo("  直接按回车：全部")
    echo("  写个数或比例，例如 5 或 20%：由程序按预算规模、风险和类别抽取")
    echo("  写名称或代码，几个的用顿号隔开：只复核这些")
    while True:
        answer = click.prompt("复核", default="", show_default=False, prompt_suffix="：")
        try:
            return chosen_by(answer, candidates, seed)
        except click.ClickException as error:
            echo(error.format_message())


def chosen_by(answer: str, candidates: Sequence[Candidate], seed: str) -> tuple[list[Choice], str]:
    """Who is meant by an answer, and how it came about. Raises ClickException where nobody is."""
    from perfxl.errors import UsageError
    from perfxl.review_books.chosen import named
    from perfxl.review_books.propose import number_of

    answer = answer.strip()
    if answer in ("", "全部"):
        return everybody(candidates), ""
    counted = answer.removesuffix("个").rstrip()
    share = _SHARE.fullmatch(counted) is not None
    answer = counted if share else answer
    try:
        # A code may be a number too.
        is_code = len(answer) > _LONGEST_NUMBER or (answer.startswith("0") and answer.isdigit() and answer.strip("0"))
        if share and not is_code:
            return drawn(candidates, number_of(answer, len(candidates)), seed)
        return named(candidates, [name.strip() for name in _BETWEEN.split(answer) if name.strip()]), ""
    except UsageError as error:
        # Options are what a person at a command line writes.
        words = str(error).removeprefix("--propose").removeprefix("--departments").lstrip()
        raise click.ClickException(words) from error


def everybody(candidates: Sequence[Candidate]) -> list[Choice]:
    """All of them, for no reason of their own."""
    from perfxl.review_books.propose import Choice

    return [Choice(item, "") for item in candidates]


def drawn(candidates: Sequence[Candidate], number: int, seed: str) -> tuple[list[Choice], str]:
    """So many that the program proposes, and how."""
    from perfxl.review_books.propose import propose

    return propose(candidates, number, seed), f"按预算规模、风险和类别抽取 {number} 个，种子“{seed}”。"
