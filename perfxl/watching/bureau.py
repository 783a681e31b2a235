"""The bureau's own files that a run goes by: whether they have changed since they were read."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from perfxl.intake.file_names import WORKBOOKS, ignored_by_name
from perfxl.lists.standing import SUBFOLDER
from perfxl.watching.scan import Stamp, stamp_of


class BureauFiles:
    """The files of the bureau's folder, and others. named: files or folders that options name.

    ours: files that runs write and the bureau may edit, such as the register: only what comes after a run counts.
    """

    def __init__(self, folder: Path, named: Sequence[Path], ours: Sequence[Path]) -> None:
        self._folder, self._named, self._ours = folder, named, ours
        self._seen = self._now()

    def changed(self) -> list[Path]:
        """The files that are other than at the last call, or came, or went."""
        before, self._seen = self._seen, self._now()
        return sorted(path for path in {*before, *self._seen} if before.get(path) != self._seen.get(path))

    def settle(self) -> None:
        """A run is over: what stands in place of its own files now is what it wrote."""
        ours = {path.absolute() for path in self._ours}
        now = self._now()
        self._seen = {path: stamp for path, stamp in self._seen.items() if path not in ours}
        self._seen |= {path: stamp for path, stamp in now.items() if path in ours}

    def _now(self) -> dict[Path, Stamp]:
        found = {}
        for place in (self._folder, self._folder / SUBFOLDER, *self._named):
            for path in _inside(place):
                counts = path.suffix.lower() in WORKBOOKS or path.suffix.lower() == ".toml"
                if counts and not ignored_by_name(path.name) and (stamp := stamp_of(path)):
                    found[path.absolute()] = stamp
        for path in self._ours:
            if stamp := stamp_of(path):
                found[path.absolute()] = stamp
        return found


def _inside(place: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return list(place.iterdir()) if place.is_dir() else [place]
    return []
