"""Where the summary's links on names lead: each department's sheet, or its workbook where it has no sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key


class _Place(NamedTuple):
    scheme: str
    code: str
    unit: str
    target: str


class Places:
    """The targets of links, as `perfxl.results.cells.Link` takes them; empty where there is nothing to lead to."""

    def __init__(self, targets: Iterable[tuple[DepartmentResult, str]]) -> None:
        self._of_files: dict[str, str] = {}
        self._of_titles: dict[str, list[_Place]] = defaultdict(list)
        for item, target in targets:
            self._of_files[item.file] = target
            place = _Place(item.scheme, code_key(item.code), name_key(item.name), target)
            self._of_titles[name_key(item.title)].append(place)

    def of(self, file: str) -> str:
        """The place of the department whose result is of a file."""
        return self._of_files.get(file, "")

    def called(self, title: str, *, scheme: str = "", code: str = "", unit: str = "") -> str:
        """The place of the department or project with a title; nowhere if that may be several.

        scheme, code, unit: what is known besides, where empty nothing.
        """
        if not self._of_titles or not title:
            return ""
        known = (scheme, code_key(code), name_key(unit))
        found = [
            place.target
            for place in self._of_titles.get(name_key(title), ())
            if all(own in ("", its) or not its for own, its in zip(known, place, strict=False))
        ]
        return found[0] if len(found) == 1 else ""

    def find(self, file: str, title: str, *, scheme: str = "") -> str:
        """By the file, else by the title: an older file, or a finding on the batch, names somebody all the same."""
        return self.of(file) or self.called(title, scheme=scheme)
