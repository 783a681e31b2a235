"""Puts files into a year's folder, and never over what a person has there.

The hidden folder `.perfxl` keeps a list of what was written. A starter that is still as it was written is renewed by
a later version; one that was changed stays, unless its renewal is forced.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

HIDDEN, LIST = ".perfxl", "made.json"


@dataclass
class Placed:
    """What became of the files, by their paths below the folder. same: were there and are as they would be written.

    changed: were there and differ: changed by a person, or never ours; they were left as they are. retired: ours,
    unchanged and without a use by now; removed.
    """

    added: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)


class Place:
    """A year's folder that files are put into. force: whether changed ones are renewed too. Raises OSError."""

    def __init__(self, folder: Path, *, force: bool = False) -> None:
        self.folder = folder
        self.placed = Placed()
        self._force = force
        self._hidden = folder / HIDDEN
        self._hidden.mkdir(parents=True, exist_ok=True)
        _hide(self._hidden)
        self._made = self._read()

    def put(self, path: str, data: bytes, *, executable: bool = False) -> None:
        """A file that is ours as long as nobody changes it. path: below the folder, with `/`. Raises OSError."""
        target, mark = self.folder / path, sha256(data).hexdigest()
        if not os.path.lexists(target):
            self.placed.added.append(path)
        elif (standing := _mark(target)) == mark:
            self.placed.same.append(path)
            self._made[path] = mark
            if executable:
                _make_executable(target)
            return
        elif (standing and standing == self._made.get(path)) or (self._force and not target.is_dir()):
            self.placed.renewed.append(path)
        else:
            self.placed.changed.append(path)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, data, executable=executable)
        self._made[path] = mark

    def retire(self, is_meant: Callable[[str], bool]) -> None:
        """Removes those that were made before and not put this time, where nobody has changed them. Raises OSError."""
        placed = self.placed
        put = {*placed.added, *placed.renewed, *placed.same, *placed.changed}
        for path in [path for path in self._made if path not in put and is_meant(path)]:
            if (standing := _mark(self.folder / path)) and standing == self._made[path]:
                (self.folder / path).unlink()
                placed.retired.append(path)
            del self._made[path]

    def note(self, name: str, data: bytes | None) -> None:
        """A file of the hidden folder, always as it is now; None: there is none. Raises OSError."""
        if data is None:
            (self._hidden / name).unlink(missing_ok=True)
        elif _mark(self._hidden / name) != sha256(data).hexdigest():
            _write(self._hidden / name, data)

    def finish(self) -> Placed:
        """Keeps the list of what is ours; what became of the files. Raises OSError."""
        _write(self._hidden / LIST, json.dumps(self._made, ensure_ascii=False, indent=0, sort_keys=True).encode())
        return self.placed

    def _read(self) -> dict[str, str]:
        try:
            listed = json.loads((self._hidden / LIST).read_bytes())
            return {str(name): str(mark) for name, mark in listed.items()}
        except (OSError, ValueError, AttributeError):
            # Without the list nothing is known to be ours: it stays.
            return {}


def _mark(path: Path) -> str:
    """The SHA-256 of an ordinary file; empty for all else."""
    try:
        return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""


def _write(path: Path, data: bytes, *, executable: bool = False) -> None:
    """Whole or not at all."""
    passing = path.with_name(f".perfxl-{os.getpid()}.tmp")
    try:
        passing.write_bytes(data)
        if executable:
            _make_executable(passing)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)


def _make_executable(path: Path) -> None:
    """For everybody who may read it. A network folder without such rights has none to give."""
    with contextlib.suppress(OSError):
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o444) >> 2)


def _hide(folder: Path) -> None:
    """Windows does not hide names that begin with a dot."""
    if sys.platform == "win32":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.windll.kernel32.SetFileAttributesW(str(folder), 0x2)
