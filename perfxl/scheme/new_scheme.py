"""A new scheme to go on from: a small one that holds, or another one under a new code and year."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from perfxl.scheme import load_scheme
from perfxl.scheme.check_names import ID
from perfxl.scheme.faults import build_scheme
from perfxl.scheme.model import Header, Scheme
from perfxl.scheme.toml_file import read_toml
from perfxl.text import trimmed

_STARTER = Path(__file__).parent / "starter.toml"
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NEW = "new"


def starter() -> Scheme:
    """The small scheme: an example of every usual rule kind."""
    return build_scheme(read_toml(_STARTER.read_text("utf-8"), _STARTER.name))


def new_scheme(name: str, base: str | None = None) -> Scheme:
    """A scheme of that name, from the small one or from another (a code or a file).

    name: a code (`district-2023`) or a title; the year in it is the scheme's, else the other scheme's, or last year.
    """
    name = trimmed(name)
    scheme = starter() if base is None else load_scheme(base)
    year = _year(name) or (date.today().year - 1 if base is None else scheme.year)
    return replace(scheme, header=_header(scheme.header, name, year, base))


def _header(old: Header, name: str, year: int, base: str | None) -> Header:
    is_code = ID.fullmatch(name) is not None
    code = name if is_code else _code(old.id if base is not None else _NEW, year)
    title, results = (text.replace(str(old.year), str(year)) for text in (old.title, old.results))
    note = old.note
    if base is not None:
        note = f"由“{old.title}”（{old.id}）改编，改了什么请写在这里。\n{note}".rstrip()
    return replace(
        old,
        id=code,
        version="1.0",
        year=year,
        title=title if is_code else name,
        results=results if is_code else "",
        deadline=old.deadline if year == old.year else "",
        note=note,
    )


def _year(name: str) -> int | None:
    found = _YEAR.search(name)
    return int(found[0]) if found else None


def _code(old: str, year: int) -> str:
    """A code of the year, after an older one and different from it."""
    code = f"{_YEAR.sub('', old).strip('-._') or _NEW}-{year}"
    return f"{code}-2" if code == old else code
