"""Puts the documents of one call in place: all of them together or none, and never over what a person has changed.

The folder 文书 keeps a list of what was written into it. A document that is no longer as it was written has been edited
in Word: it is kept under another name.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

STAGING, READY, LIST = ".perfxl-new", ".perfxl-ready", ".perfxl-list.json"
_GONE = ".gone"


@dataclass
class Shelved:
    """renamed: documents whose old version is held open; kept: edited ones, which have another name now. By the names
    that they had, with their new ones.
    """

    renamed: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


class Shelf:
    """The folder of the documents. Raises OSError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
        if (folder / READY).is_dir():
            # A call that was killed while it put its documents in place.
            self._place(Shelved())
        self.staging = folder / f"{STAGING}-{os.getpid()}"
        self.staging.mkdir()

    def discard(self) -> None:
        """Clears what was not put in place; the old documents stay."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def publish(self, whole: Collection[str]) -> Shelved:
        """Puts everything staged in place. whole: folders of which all documents are written anew: others that were
        written there before go.
        """
        written = self._written()
        staged = {path.relative_to(self.staging).as_posix() for path in _files(self.staging)}
        gone = [name for name in written if name.split("/")[0] in whole and name not in staged]
        (self.staging / _GONE).write_text(json.dumps(gone), "utf-8")
        for path in _files(self.staging):
            with path.open("rb") as file:
                os.fsync(file.fileno())
        self.staging.rename(self.folder / READY)
        shelved = Shelved()
        self._place(shelved)
        return shelved

    def _written(self) -> dict[str, str]:
        try:
            listed = json.loads((self.folder / LIST).read_bytes())
            return {str(name): str(mark) for name, mark in listed.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def _place(self, shelved: Shelved) -> None:
        ready, written = self.folder / READY, self._written()
        try:
            gone = json.loads((ready / _GONE).read_bytes())
        except (OSError, ValueError):
            gone = []
        staged = [path.relative_to(ready).as_posix() for path in _files(ready)]
        # Listed before they are there: what a killed call has placed is known to be ours.
        marks = {name: _mark(ready / name) for name in staged}
        for name in gone:
            if self._ours(name, written):
                try:
                    (self.folder / name).unlink(missing_ok=True)
                    written.pop(name, None)
                except PermissionError:
                    continue
        for name in sorted(staged):
            self._replace(ready, name, written, marks, shelved)
        self._list({**written, **marks})
        shutil.rmtree(ready, ignore_errors=True)

    def _replace(
        self, ready: Path, name: str, written: dict[str, str], marks: dict[str, str], shelved: Shelved
    ) -> None:
        target = self.folder / name
        target.parent.mkdir(exist_ok=True)
        try:
            if os.path.lexists(target) and not self._ours(name, written) and _mark(target) != marks[name]:
                other = _free(target, "改过 ")
                target.rename(other)
                shelved.kept[name] = other.name
            (ready / name).replace(target)
        except PermissionError:
            other = _free(target, "")
            (ready / name).replace(other)
            shelved.renamed[name] = other.name
            marks[other.relative_to(self.folder).as_posix()] = marks.pop(name)

    def _ours(self, name: str, written: dict[str, str]) -> bool:
        """Whether a document is as it was written."""
        return name in written and _mark(self.folder / name) == written[name]

    def _list(self, marks: dict[str, str]) -> None:
        passing = self.folder / f"{LIST}.tmp"
        passing.write_text(json.dumps(marks, ensure_ascii=False, indent=0), "utf-8", errors="backslashreplace")
        passing.replace(self.folder / LIST)


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _mark(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _free(path: Path, words: str) -> Path:
    stem = f"{path.stem}（{words}{datetime.now():%Y%m%d-%H%M%S}"
    other, number = path.with_name(f"{stem}）{path.suffix}"), 1
    while os.path.lexists(other):
        number += 1
        other = path.with_name(f"{stem}-{number}）{path.suffix}")
    return other
