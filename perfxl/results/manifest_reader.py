"""run.json read back, of any version and as hostile as a file may be. Only in a process that may be lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LARGEST = 600_000_000
"""Bytes of a run.json: twice what a province of 20,000 departments makes."""
_LARGEST_WHOLE = 60_000_000
"""Bytes of one that is not written line by line and must be read whole."""


def entries(path: Path) -> Iterator[tuple[str, Any]]:
    """Every key with its value; of a list its items one after the other, each with the key of the list.

    As we write it, it is never in memory whole. Raises OSError, ValueError or RecursionError.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise ValueError("too large")
    with path.open(encoding="utf-8") as file:
        by_lines = file.readline() == "{\n" and file.readline().startswith('  "tool": "perfxl ')
    if by_lines:
        yield from _by_lines(path)
        return
    if size > _LARGEST_WHOLE:
        raise ValueError("too large")
    document = json.loads(path.read_bytes())
    if not isinstance(document, dict):
        raise ValueError("no object")
    for key, value in document.items():
        if isinstance(value, list):
            yield from ((key, item) for item in value)
        else:
            yield key, value


def _by_lines(path: Path) -> Iterator[tuple[str, Any]]:
    with path.open(encoding="utf-8") as file:
        next(file)
        ended, of = False, ""
        for line in file:
            if line.startswith("}"):
                ended = True
            elif line.startswith("    "):
                yield of, json.loads(line.strip().removesuffix(","))
            elif line.startswith('  "'):
                text = line.strip().removesuffix(",")
                if text.endswith(": ["):
                    of = str(json.loads(text.removesuffix(": [")))
                    continue
                ((key, value),) = json.loads(f"{{{text}}}").items()
                if isinstance(value, list):
                    yield from ((key, item) for item in value)
                else:
                    yield key, value
        if not ended:
            raise ValueError("cut off")
