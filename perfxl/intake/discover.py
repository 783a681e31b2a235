"""The files of an input folder: which are workbooks to read, and which are set aside and why.

Subfolders are walked, since departments send folders. A .zip is treated like a folder: what is in it is shown as
`包.zip/文件.xlsx`. Nothing is unpacked to disk.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from perfxl.intake.container import BAD_ZIP, OLE, ZIP, opened, too_large, zip_kind
from perfxl.intake.limits import Limits, RefusalError

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".ods", ".et", ".ett"})
SPECIAL = frozenset({"部门名录.xlsx", "豁免.xlsx"})
"""The bureau's own lists, which may stand among the workbooks."""
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"})
_TEMPORARY = frozenset({".tmp", ".temp", ".bak", ".part", ".crdownload", ".download", ".lnk", ".url"})
_ARCHIVES = {".rar": "RAR 压缩包", ".7z": "7z 压缩包", ".gz": "压缩包", ".tar": "压缩包"}
HIDDEN, SYSTEM = 0x2, 0x4
_OLE_WORKBOOK = "Workbook".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the folder. shown: its path below the folder, with `/`. member: its name inside the zip at `path`.

    aside: why it is not read, else empty. refused: why it cannot be taken, else empty.
    """

    path: Path
    shown: str
    member: str = ""
    aside: str = ""
    refused: str = ""


def discover(folder: Path, limits: Limits, *, without: Path | None = None) -> list[Found]:
    """Every file below a folder, in the order of their paths. without: a folder to leave out (the output folder)."""
    found: list[Found] = []
    for path, shown in _walk(folder, without):
        found += _look(path, shown, limits)
    return sorted(found, key=lambda item: item.shown)


def _walk(folder: Path, without: Path | None) -> Iterator[tuple[Path, str]]:
    excluded = without.resolve() if without else None
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if excluded is None or (Path(root) / name).resolve() != excluded]
        for name in names:
            path = Path(root) / name
            yield path, path.relative_to(folder).as_posix()


def _look(path: Path, shown: str, limits: Limits) -> list[Found]:
    aside = _aside_by_name(path.name) or _hidden(path)
    if path.name.startswith("~$"):
        aside = f"Excel 的锁定文件：{_lock_owner(path)}正打开“{path.name[2:]}”，请关闭后再运行一次"
    elif path.exists() and not path.is_file():
        # A pipe, for one, would be waited for without end.
        aside = "不是普通文件"
    if aside:
        return [Found(path, shown, aside=aside)]
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        return [Found(path, shown)]
    kind = _sniff(path)
    if kind == "workbook":
        return [Found(path, shown)]
    if suffix == ".zip" or (kind == "zip" and not suffix):
        return _look_into_zip(path, shown, limits)
    return [Found(path, shown, aside=_other_format(suffix))]


def _aside_by_name(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    if name.startswith("~$"):
        return f"Excel 的锁定文件：有人正打开“{name[2:]}”，请关闭后再打包"
    if name.lower() in _SYSTEM or name.startswith("."):
        return "系统文件或隐藏文件"
    if suffix in _TEMPORARY or name.startswith("~"):
        return "临时文件"
    if name in SPECIAL:
        return f"财政部门的{PurePosixPath(name).stem}，不是填报工作簿"
    return ""


def _hidden(path: Path) -> str:
    """Files that Windows hides; elsewhere there is no such mark."""
    attributes = getattr(path.stat(), "st_file_attributes", 0) if os.name == "nt" else 0
    return "系统文件或隐藏文件" if attributes & (HIDDEN | SYSTEM) else ""


def _other_format(suffix: str) -> str:
    kind = _ARCHIVES.get(suffix)
    if kind:
        return f"{kind}，请解压后把其中的工作簿放入文件夹，或改用 .zip"
    named = f"{suffix} 文件" if suffix else "没有扩展名的文件"
    return f"{named}，不是 Excel 工作簿；如是填报内容，请用模板填写后以 .xlsx 报送"


def _sniff(path: Path) -> str:
    """What a file with another ending really is: `workbook`, `zip` or nothing of interest."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            if head == OLE:
                return "workbook" if _OLE_WORKBOOK in file.read(1_000_000) else ""
            if not head.startswith(ZIP):
                return ""
        with zipfile.ZipFile(path) as archive:
            zip_kind(archive)
            return "workbook"
    except RefusalError:
        return "zip"
    except BAD_ZIP:
        return ""


def _look_into_zip(path: Path, shown: str, limits: Limits) -> list[Found]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
    except BAD_ZIP:
        return [Found(path, shown, refused="压缩包已损坏，打不开。请重新打包后放入。")]
    if len(members) > limits.members:
        words = f"压缩包里有 {len(members)} 个文件，超过上限 {limits.members} 个（包内文件数）。请解压后放入文件夹。"
        return [Found(path, shown, refused=words)]
    inside: list[Found] = []
    names: set[str] = set()
    try:
        with zipfile.ZipFile(path) as archive:
            for number, member in enumerate(members, 1):
                found = _member(path, shown, member, limits, archive)
                if found.shown in names:
                    words = "压缩包里有同名的文件，分不清以哪一个为准。请重新打包。"
                    found = Found(path, f"{found.shown}（第 {number} 个）", found.member, refused=words)
                names.add(found.shown)
                inside.append(found)
    except BAD_ZIP:
        return [Found(path, shown, refused="压缩包已损坏，打不开。请重新打包后放入。")]
    return [Found(path, shown, aside=f"压缩包，已展开其中 {len(inside)} 个文件"), *inside]


def _member(path: Path, shown: str, member: zipfile.ZipInfo, limits: Limits, archive: zipfile.ZipFile) -> Found:
    name = _chinese_name(member).replace("\\", "/")
    place = f"{shown}/{name}"
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or ":" in name:
        return Found(path, place, member.filename, refused="压缩包内的路径不安全（含 .. 或绝对路径）。请重新打包。")
    if aside := _aside_by_name(parts.name):
        return Found(path, place, member.filename, aside=aside)
    suffix = parts.suffix.lower()
    if suffix == ".zip":
        return Found(path, place, member.filename, aside="压缩包里的压缩包，不再展开；请解压后放入文件夹")
    if suffix not in WORKBOOKS and not _is_workbook(archive, member, limits):
        return Found(path, place, member.filename, aside=_other_format(suffix))
    if member.flag_bits & 1:
        return Found(path, place, member.filename, refused="压缩包设有密码，无法读取。请取消密码后重新打包。")
    if member.file_size > limits.file_bytes:
        words = f"展开后有 {member.file_size / 1e6:.0f} MB，超过上限 {limits.file_mb} MB（文件大小）。请核对。"
        return Found(path, place, member.filename, refused=words)
    return Found(path, place, member.filename)


def _is_workbook(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> bool:
    """Whether a file of another ending is a workbook by its content."""
    if member.flag_bits & 1 or member.file_size > limits.file_bytes:
        return False
    try:
        with archive.open(member) as file:
            head = file.read(8)
            if head != OLE and not head.startswith(ZIP):
                return False
            data = head + file.read(limits.file_bytes)
        if head == OLE:
            return _OLE_WORKBOOK in data
        with zipfile.ZipFile(io.BytesIO(data)) as inner:
            zip_kind(inner)
            return True
    except (RefusalError, *BAD_ZIP):
        return False


def _chinese_name(member: zipfile.ZipInfo) -> str:
    """Windows packs names in GBK without saying so, which zipfile takes for cp437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def read_found(found: Found, limits: Limits) -> tuple[bytes, int]:
    """The bytes of a file and when it was changed, in nanoseconds. Raises OSError, or RefusalError inside a zip."""
    modified = found.path.stat().st_mtime_ns
    if not found.member:
        with found.path.open("rb") as file:
            size = found.path.stat().st_size
            if size > limits.file_bytes:
                raise too_large(size, limits)
            return file.read(limits.file_bytes + 1), modified
    with opened(found.path) as archive, archive.open(found.member) as file:
        return file.read(limits.file_bytes + 1), _member_time(archive.getinfo(found.member), modified)


def _member_time(member: zipfile.ZipInfo, otherwise: int) -> int:
    """When a file in a zip was changed, in nanoseconds; that of the zip where the member does not say."""
    # 1980 is the first year that a zip knows, and what programs write that give no time.
    if member.date_time[0] <= 1980:
        return otherwise
    try:
        return int(datetime(*member.date_time).timestamp()) * 10**9
    except (ValueError, OverflowError, OSError):
        return otherwise


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
    owner = wide if wide and wide.isprintable() else narrow
    return f"{owner} " if owner and owner.isprintable() else "有人"
