"""Moves the finished results of a run to where they belong; only what a run has made is ever removed.

Everything is done by renames within the output folder, in an order that can be taken up again after a kill: what is
still to be moved lies in the folder of finished results, and what was there before is known from a plan beside them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from perfxl.results.context import DEPARTMENT_FOLDER, PROVISIONAL_FOLDER
from perfxl.results.manifest import add_results, results_below, results_of
from perfxl.results.names import MANIFEST
from perfxl.results.returned import RETURNED_FOLDER

RESULT_FOLDERS = (DEPARTMENT_FOLDER, PROVISIONAL_FOLDER, RETURNED_FOLDER)
"""Folders of the results. What runs have made in them goes with the old results."""
PLAN, OTHER_NAMES = ".plan", ".other-names"
"""Beside the finished results: what is old and what is new; the other names that results had to take."""


@dataclass
class Published:
    """How the results came to stand. Both by their old names and as they are called now.

    renamed: results whose old version is held open. kept: files that no run has made, which stood in a result's place.
    """

    renamed: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


def write_plan(staging: Path, output: Path, ours: Sequence[str] = ()) -> None:
    """Keeps what must be known to the end: once some results are in place it could not be told any more.

    ours: what runs have made beside the results that the last run.json names.
    """
    plan = {
        "old": [*results_of(output / MANIFEST, RESULT_FOLDERS), *ours],
        "new": [*results_below(staging), MANIFEST],
    }
    with (staging / PLAN).open("w", encoding="utf-8") as file:
        # Piece by piece: as one text the names of tens of thousands take more than they themselves.
        json.dump(plan, file)


class Placing:
    """Results on their way from the folder `ready` into the output folder; what they replace goes into `old`."""

    def __init__(self, output: Path, ready: Path, old: Path) -> None:
        self._output, self._ready, self._old = output, ready, old
        if (ready / PLAN).exists():
            plan = json.loads((ready / PLAN).read_text("utf-8"))
        else:
            plan = {"old": results_of(output / MANIFEST, RESULT_FOLDERS), "new": results_below(ready)}
        self._made, self._new = _composed(plan["old"]), _composed(plan["new"])
        self._left: list[str] = []
        self.published = Published()

    def finish(self) -> Published:
        """Moves all that is not yet in its place. Raises OSError; can be taken up again then."""
        self._old.mkdir(exist_ok=True)
        for name in RESULT_FOLDERS:
            if not any(path.startswith(f"{name}/") for path in self._new):
                self._clear(self._output / name)
        # run.json last: who sees the new one sees all the rest.
        for item in sorted(self._ready.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
            if item.name.startswith("."):
                continue
            target = self._output / item.name
            if item.is_dir():
                self._replace_folder(item, target)
                continue
            if item.name == MANIFEST and (more := [*self._left, *self._other_names()]):
                add_results(item, more)
            self._replace_file(item, target)
        shutil.rmtree(self._ready, ignore_errors=True)
        return self.published

    def _name(self, path: Path) -> str:
        return unicodedata.normalize("NFC", path.relative_to(self._output).as_posix())

    def _is_foreign(self, path: Path) -> bool:
        return path.is_dir() or self._name(path) not in self._made

    def _clear(self, folder: Path) -> None:
        """Removes what runs have made in a folder that this one does not write, and the folder if nothing is left."""
        if folder.is_symlink() or not folder.is_dir():
            return
        paths = sorted(folder.iterdir())
        if not any(map(self._is_foreign, paths)):
            with contextlib.suppress(PermissionError):
                self._set_aside(folder)
                return
        self._remove(path for path in paths if not self._is_foreign(path))
        with contextlib.suppress(OSError):
            folder.rmdir()

    def _remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            try:
                self._set_aside(path)
            except OSError:
                # Held open: the next run removes it.
                self._left.append(self._name(path))

    def _replace_folder(self, item: Path, target: Path) -> None:
        if os.path.lexists(target) and (target.is_symlink() or not target.is_dir()):
            self._keep(target)
        try:
            if target.exists() and not self._begun(item, target):
                for path in sorted(filter(self._is_foreign, target.iterdir())):
                    self._bring(path, item)
                self._set_aside(target)
            if not target.exists():
                item.rename(target)
                return
        except PermissionError:
            # A workbook inside is open: its folder cannot move, but the others in it can be replaced one by one.
            target.mkdir(exist_ok=True)
        for path in sorted(item.iterdir()):
            self._replace_file(path, target / path.name)
        old = (path for path in sorted(target.iterdir()) if not self._is_foreign(path))
        self._remove(path for path in old if self._name(path) not in self._new)

    def _begun(self, item: Path, target: Path) -> bool:
        """Whether a run that was killed has replaced files of the folder one by one."""
        waiting = {path.name for path in item.iterdir()}
        return any(self._name(path) in self._new and path.name not in waiting for path in target.iterdir())

    def _bring(self, path: Path, item: Path) -> None:
        """Moves a file that no run has made into the folder that takes the place of its own."""
        place = item / path.name
        if os.path.lexists(place):
            place = _free(item, path, "原有 ")
        with contextlib.suppress(PermissionError):
            path.rename(place)
            if place.name != path.name:
                self.published.kept[path.name] = place.name

    def _keep(self, path: Path) -> None:
        other = _free(path.parent, path, "原有 ")
        path.rename(other)
        self.published.kept[path.name] = other.name

    def _replace_file(self, item: Path, target: Path) -> None:
        try:
            if os.path.lexists(target) and self._is_foreign(target):
                self._keep(target)
            item.replace(target)
        except PermissionError:
            other = _free(target.parent, target, "")
            with (self._ready / OTHER_NAMES).open("a", encoding="utf-8") as file:
                file.write(f"{self._name(other)}\n")
            item.replace(other)
            self.published.renamed[target.name] = other.name

    def _other_names(self) -> list[str]:
        names = self._ready / OTHER_NAMES
        noted = names.read_text("utf-8").splitlines() if names.exists() else []
        # A run that was killed may have noted a name and not come to use it.
        return [name for name in noted if os.path.lexists(self._output / name)]

    def _set_aside(self, target: Path) -> None:
        aside = self._old / target.name
        number = 0
        while os.path.lexists(aside):
            number += 1
            aside = self._old / f"{target.name}.{number}"
        target.rename(aside)


def _free(folder: Path, path: Path, words: str) -> Path:
    """A name that nothing in the folder has, made of the name of `path` and the time."""
    stem = f"{path.stem}（{words}{datetime.now():%H%M%S}"
    name, number = f"{stem}）{path.suffix}", 1
    while os.path.lexists(folder / name):
        number += 1
        name = f"{stem}-{number}）{path.suffix}"
    return folder / name


def _composed(names: Iterable[str]) -> set[str]:
    """Names as they compare: some file systems take letters with accents apart."""
    return {unicodedata.normalize("NFC", name) for name in names}
