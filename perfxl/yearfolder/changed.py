"""What has changed in a year's folder since a run: by size and time, by SHA-256 only where these leave a doubt."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import UsageError
from perfxl.folders import PREFILLED_FOLDER
from perfxl.intake.file_names import REPORTS, WORKBOOKS, ignored_by_name
from perfxl.layout.list_marks import Kind
from perfxl.lists.official_blank import is_blank_official
from perfxl.lists.opened import open_list
from perfxl.register.model import FILE_NAME as REGISTER
from perfxl.status import Status
from perfxl.yearfolder.runs import Recorded, RunState

MOST = 200_000
"""Files that are looked at."""
SUFFIXES = WORKBOOKS | REPORTS | {".zip"}
SLACK = 1
"""A run tells its beginning in whole seconds."""
_SCHEMES = frozenset({".toml", ".xlsx"})


class Seen(NamedTuple):
    """A file on disk. path: below its folder, with `/`; time: when it was changed, in seconds."""

    path: str
    bytes: int
    time: float


@dataclass(frozen=True)
class Changed:
    """What has changed since a run, as paths. lists: in the bureau's folder, new or changed since."""

    new: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.other or self.gone or self.lists)


def seen_in(folder: Path, besides: frozenset[Path]) -> list[Seen]:
    """The files below a folder that a run would read. besides: folders left out."""
    return list(_walk(folder, besides, SUFFIXES))


def _walk(folder: Path, besides: frozenset[Path], suffixes: frozenset[str]) -> Iterator[Seen]:
    count, waiting = 0, [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as items:
                inner = sorted(items, key=lambda item: item.name)
        except OSError:
            continue
        for item in inner:
            try:
                if item.is_dir(follow_symlinks=False):
                    if Path(item.path).resolve() not in besides:
                        waiting.append(Path(item.path))
                    continue
                if ignored_by_name(item.name) or Path(item.name).suffix.lower() not in suffixes:
                    continue
                about = item.stat()
            except OSError:
                continue
            count += 1
            if count > MOST:
                return
            yield Seen(Path(item.path).relative_to(folder).as_posix(), about.st_size, about.st_mtime)


def changed_since(run: RunState, files: list[Seen], folder: Path, bureau: Path) -> Changed:
    """What has changed since a run. files: those of `folder`, which it read; bureau: the bureau's folder."""
    started = run.started.timestamp()
    sent = {path: item for path, item in run.files.items() if not item.is_list}
    there = {item.path: item for item in files}
    new = [item.path for item in files if item.path not in sent]
    other = [
        item.path
        for item in files
        if item.path in sent and _differs(folder / item.path, item, sent[item.path], started)
    ]
    # What stood in an archive has no file of its own.
    archives = tuple(f"{path}/" for path, item in sent.items() if item.status == Status.ARCHIVE.value)
    gone = [
        path
        for path in sent
        if path not in there and not path.startswith(archives) and Path(path).suffix.lower() in SUFFIXES
        if not (folder / path).exists()
    ]
    return Changed(tuple(new), tuple(other), tuple(sorted(gone)), tuple(_lists(run, bureau, started)))


def _differs(path: Path, seen: Seen, recorded: Recorded, started: float) -> bool:
    if seen.bytes != recorded.bytes:
        return True
    # What was changed before the run is what the run read; what has another time may have been copied.
    if seen.time < started:
        return False
    if not recorded.sha256:
        return seen.time >= started + SLACK
    return _sha256(path) not in ("", recorded.sha256)


def _lists(run: RunState, bureau: Path, started: float) -> Iterator[str]:
    """What of the bureau's folder is new or changed since: lists, schemes, reviews."""
    known: Mapping[str, Recorded] = {Path(path).name: item for path, item in run.files.items() if item.is_list}
    stem = REGISTER.removesuffix(".xlsx")
    for item in _walk(bureau, frozenset(), _SCHEMES):
        name = item.path.rpartition("/")[2]
        # Templates are written there, for each department too, and the safe copy of the register by the run itself.
        if name.startswith(stem) or name.endswith("填报模板.xlsx") or item.path.startswith(PREFILLED_FOLDER):
            continue
        recorded = known.get(name)
        if recorded is not None:
            if _differs(bureau / item.path, item, recorded, started):
                yield item.path
        elif item.time >= started + SLACK and not _is_made(bureau / item.path):
            yield item.path


def _is_made(path: Path) -> bool:
    """Whether it is a list of official values as `template` writes it beside the templates of a stage: no value yet."""
    if path.suffix.lower() != ".xlsx":
        return False
    try:
        opened = open_list(path)
    except UsageError:
        return False
    return opened.known is not None and opened.known.kind is Kind.OFFICIAL and is_blank_official(opened)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
