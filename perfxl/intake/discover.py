"""The files of an input folder: which are workbooks to read, and which are set aside and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".ods", ".et", ".ett"})
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"})
_TEMPORARY = frozenset({".tmp", ".temp", ".bak", ".part", ".crdownload", ".download", ".lnk", ".url"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the folder. shown: its path below the folder, with `/`. aside: why it is not read, else empty."""

    path: Path
    shown: str
    aside: str = ""


def discover(folder: Path, *, without: Path | None = None) -> list[Found]:
    """Every file below a folder, in the order of their paths. without: a folder to leave out (the output folder)."""
    found = [Found(path, shown, _reason_aside(path)) for path, shown in _walk(folder, without)]
    return sorted(found, key=lambda item: item.shown)


def _walk(folder: Path, without: Path | None) -> Iterator[tuple[Path, str]]:
    excluded = without.resolve() if without else None
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if (Path(root) / name).resolve() != excluded]
        for name in names:
            path = Path(root) / name
            yield path, path.relative_to(folder).as_posix()


def _reason_aside(path: Path) -> str:
    name, suffix = path.name, path.suffix.lower()
    if name.startswith("~$"):
        return f"Excel 的锁定文件：{_lock_owner(path)}正打开“{name[2:]}”，请关闭后再运行一次"
    if name.lower() in _SYSTEM or name.startswith("."):
        return "系统文件或隐藏文件"
    if suffix in _TEMPORARY or name.startswith("~"):
        return "临时文件"
    if suffix not in WORKBOOKS:
        kind = f"{suffix} 文件" if suffix else "没有扩展名的文件"
        return f"{kind}，不是 Excel 工作簿；如是填报内容，请用模板填写后以 .xlsx 报送"
    return ""


def _lock_owner(path: Path) -> str:
    """Who holds the workbook open: the lock file begins with the length of the user's name, then the name."""
    try:
        data = path.read_bytes()[:200]
    except OSError:
        return "有人"
    # Behind the 8-bit name stands the same name in UTF-16, which holds Chinese names too.
    wide = data[55:163].decode("utf-16-le", "ignore").split("\0")[0].strip() if len(data) > 57 else ""
    length = data[0] if data else 0
    narrow = data[1 : 1 + length].decode("gbk", "ignore").strip(" \0")
    owner = wide if wide.isprintable() and wide else narrow
    return f"{owner} " if owner and owner.isprintable() else "有人"
