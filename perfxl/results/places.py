"""Where the summary's links on names lead: each department's sheet, or its workbook where it has no sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key


class Places:
    """The targets of links, as `perfxl.results.cells.Link` takes them; empty where there is nothing to lead to.

    departments: those that have a place. place: gives it. Nothing is worked out beforehand: there may be thousands.
    """

    def __init__(self, departments: Iterable[DepartmentResult], place: Callable[[DepartmentResult], str]) -> None:
        self._place = place
        self._of_files: dict[str, DepartmentResult] = {}
        self._of_titles: dict[str, DepartmentResult | list[DepartmentResult]] = {}
        for item in departments:
            self._of_files[item.file] = item
            key = name_key(item.title)
            # Nearly all are written as they are compared: one text serves for both.
            key = item.title if key == item.title else key
            before = self._of_titles.setdefault(key, item)
            if isinstance(before, list):
                before.append(item)
            elif before is not item:
                self._of_titles[key] = [before, item]

    def of(self, file: str) -> str:
        """The place of the department whose result is of a file."""
        item = self._of_files.get(file)
        return "" if item is None else self._place(item)

    def called(self, title: str, *, scheme: str = "", code: str = "", unit: str = "") -> str:
        """The place of the department or project with a title; nowhere if that may be several.

        scheme, code, unit: what is known besides, where empty nothing.
        """
        if not self._of_titles or not title:
            return ""
        known = (scheme, code_key(code), name_key(unit))
        called = self._of_titles.get(name_key(title), ())
        found = [
            item
            for item in (called if isinstance(called, Sequence) else (called,))
            if all(own in ("", its) or not its for own, its in zip(known, _known(item), strict=True))
        ]
        return self._place(found[0]) if len(found) == 1 else ""

    def find(self, file: str, title: str, *, scheme: str = "") -> str:
        """By the file, else by the title: an older file, or a finding on the batch, names somebody all the same."""
        return self.of(file) or self.called(title, scheme=scheme)


def _known(item: DepartmentResult) -> tuple[str, str, str]:
    return item.scheme, code_key(item.code), name_key(item.name)
