"""The files of an input folder: which are workbooks to read, and which are set aside and why.

Subfolders are walked, since departments send folders. A .zip is treated like a folder: what is in it is shown as
`包.zip/文件.xlsx`. Nothing is unpacked to disk, and nothing is opened here: what a name does not tell is found out in
a process of its own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from perfxl.errors import UsageError, system_words
from perfxl.intake.file_names import WORKBOOKS, ignored_by_name
from perfxl.intake.found import Found, read_found
from perfxl.intake.looks import look_into
from perfxl.processes import Lost, Pool
from perfxl.workbook.limits import Limits

__all__ = ["WORKBOOKS", "Found", "discover", "discover_files", "read_found", "walk"]

HIDDEN, SYSTEM = 0x2, 0x4
_ALLOW = "请设置读取权限，或把里面的工作簿直接放入文件夹，再运行一次。"


def discover(
    folder: Path, limits: Limits, *, without: Path | None = None, besides: Collection[Path] = ()
) -> list[Found]:
    """Every file below a folder, in the order of their paths. without: a folder to leave out (the output folder).

    besides: files and further folders that are not what was sent in, resolved.

    A subfolder that cannot be entered is one of them. Raises UsageError where the folder itself cannot be read.
    """
    return _told_apart(walk(folder, without, besides), limits)


def discover_files(paths: Iterable[Path], folder: Path, limits: Limits) -> list[Found]:
    """The same of some files below the folder only, such as those that have just come."""
    return _told_apart((Found(path, _shown(path, folder)) for path in paths), limits)


def _told_apart(files: Iterable[Found], limits: Limits) -> list[Found]:
    found: list[Found] = []
    unclear: list[Found] = []
    for item in files:
        if item.ignored_because or item.refused:
            found.append(item)
            continue
        clear = _by_name(item)
        (unclear if clear is None else found).append(clear or item)
    if unclear:
        with Pool(1) as pool:
            for items, seen in pool.map(partial(look_into, limits=limits), [unclear], limits.seconds):
                found += [_lost(items[0], seen)] if isinstance(seen, Lost) else seen
    return sorted(found, key=lambda item: item.shown)


def walk(folder: Path, without: Path | None, besides: Collection[Path]) -> Iterator[Found]:
    """The files below a folder, and the subfolders that are not entered, not looked at. Arguments as for `discover`.

    Raises UsageError where the folder itself cannot be read.
    """
    excluded = {*besides, without.resolve()} if without else set(besides)
    closed: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=closed.append):
        inside = [Path(root) / name for name in folders]
        inside = [path for path in inside if not excluded or path.resolve() not in excluded]
        linked = [path for path in inside if path.is_symlink()]
        folders[:] = [path.name for path in inside if path not in linked]
        for path in linked:
            words = "这是指向其他文件夹的链接，程序不进入。请把其中的工作簿直接放入文件夹，再运行一次。"
            yield Found(path, _shown(path, folder), refused=words, code="F107")
        for name in names:
            path = Path(root) / name
            if not besides or path.resolve() not in excluded:
                yield Found(path, _shown(path, folder))
    for error in closed:
        path = Path(error.filename)
        if path == folder:
            raise UsageError(f"文件夹“{folder}”打不开（{system_words(error)}）。请检查读取权限")
        words = f"这个文件夹打不开，里面的文件都没有读取。{_ALLOW}"
        yield Found(path, _shown(path, folder), refused=words, code="F107")


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _by_name(found: Found) -> Found | None:
    """What name and kind of a file tell, None where its content must be looked into."""
    path, shown = found.path, found.shown
    try:
        about = path.stat()
    except PermissionError:
        words = f"所在的文件夹没有进入的权限，文件没有读取。{_ALLOW}"
        return Found(path, shown, refused=words, code="F107")
    except OSError:
        # A link that leads nowhere is told when it is read.
        return _without_look(path, shown) or Found(path, shown)
    if not stat.S_ISREG(about.st_mode):
        # A pipe, for one, would be waited for without end.
        return Found(path, shown, ignored_because="不是普通文件")
    if getattr(about, "st_file_attributes", 0) & (HIDDEN | SYSTEM) and not path.name.startswith("~$"):
        # Windows hides files by a mark; elsewhere there is none.
        return Found(path, shown, ignored_because="系统文件或隐藏文件")
    return _without_look(path, shown)


def _without_look(path: Path, shown: str) -> Found | None:
    if path.name.startswith("~$"):
        return None
    if aside := ignored_by_name(path.name):
        return Found(path, shown, ignored_because=aside)
    return Found(path, shown) if path.suffix.lower() in WORKBOOKS else None


def _lost(found: Found, lost: Lost) -> Found:
    if aside := ignored_by_name(found.path.name):
        return Found(found.path, found.shown, ignored_because=aside)
    return Found(
        found.path, found.shown, refused=f"{lost.why}。请核对这个文件，需要时重新打包或另存后放入。", code="F108"
    )
