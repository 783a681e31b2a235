"""The bureau's own files that a run goes by: whether they have changed since they were read."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from perfxl.folders import PREVIOUS_FOLDER
from perfxl.intake.file_names import WORKBOOKS, ignored_by_name
from perfxl.lists.standing import SUBFOLDER
from perfxl.register.keep import safe_path
from perfxl.register.model import FILE_NAME as REGISTER
from perfxl.results.names import MANIFEST
from perfxl.run.standing_years import manifests_in
from perfxl.watching.scan import Stamp, stamp_of


class BureauFiles:
    """The files of the bureau's folder, the register, and others. named: files or folders that options name.

    The register is written by every run and may be edited by the bureau: only what comes after a run counts, of
    whoever that run was. Those of other output folders are no business of this one.
    """

    def __init__(self, bureau: Path, named: Sequence[Path], folder: Path, output: Path) -> None:
        self._places = (bureau, bureau / SUBFOLDER, *named)
        self._previous = bureau.with_name(PREVIOUS_FOLDER)
        registers = [output / REGISTER, *filter(None, [safe_path(output, folder)])]
        self._registers = {path.absolute() for path in registers}
        self._manifest = output / MANIFEST
        self._seen = self._now()
        self._run = stamp_of(self._manifest)

    def changed(self) -> list[Path]:
        """The files that are other than at the last call, or came, or went."""
        if stamp_of(self._manifest) != self._run:
            self.settle()
        before, self._seen = self._seen, self._now()
        return sorted(path for path in {*before, *self._seen} if before.get(path) != self._seen.get(path))

    def settle(self) -> None:
        """A run is over: the registers are as it wrote them."""
        self._run = stamp_of(self._manifest)
        now = self._now()
        self._seen = {path: stamp for path, stamp in self._seen.items() if path not in self._registers}
        self._seen |= {path: stamp for path, stamp in now.items() if path in self._registers}

    def _now(self) -> dict[Path, Stamp]:
        found = {}
        for path in [path.absolute() for place in self._places for path in _inside(place)]:
            if _counts(path) and (stamp := stamp_of(path)):
                found[path] = stamp
        for path in (*self._registers, *(path.absolute() for path in manifests_in(self._previous))):
            if stamp := stamp_of(path):
                found[path] = stamp
        return found


def _counts(path: Path) -> bool:
    name = path.name
    if name.startswith(REGISTER.removesuffix(".xlsx")) or ignored_by_name(name):
        return False
    return path.suffix.lower() in WORKBOOKS or path.suffix.lower() == ".toml"


def _inside(place: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return list(place.iterdir()) if place.is_dir() else [place]
    return []
