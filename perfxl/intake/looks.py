"""Looks into files whose names do not tell enough: zips, odd endings, lock files. Done in a bounded process only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from perfxl.files import open_regular, read_regular
from perfxl.intake.file_names import REPORTS, WORKBOOKS, ignored_by_name, other_format
from perfxl.intake.found import Found
from perfxl.workbook.container import BAD_ZIP, OLE, ZIP, zip_kind
from perfxl.workbook.limits import Limits, RefusalError

_OLE_WORKBOOK = "Workbook".encode("utf-16-le")
_LOCK_BYTES = 200
_REPORT_HEAD, _LEAST = 1024, 64


def look_into(files: Sequence[Found], tell: Callable[[int], None], *, limits: Limits) -> list[Found]:
    """What the files are by their content; a zip becomes itself and all that is in it. tell: which one begins."""
    seen: list[Found] = []
    for number, found in enumerate(files):
        tell(number)
        seen += _look(found.path, found.shown, limits)
    tell(len(files))
    return seen


def _look(path: Path, shown: str, limits: Limits) -> list[Found]:
    if path.name.startswith("~$"):
        words = f"Excel 的锁定文件：{_lock_owner(path)}正打开“{path.name[2:]}”，请关闭后再运行一次"
        return [Found(path, shown, ignored_because=words)]
    suffix = path.suffix.lower()
    kind = _sniff(path)
    if kind == "workbook":
        return [Found(path, shown)]
    if suffix in REPORTS and _is_report(_head_of(path)):
        return [Found(path, shown, report=True)]
    if suffix == ".zip" or (kind == "zip" and not suffix):
        return _look_into_zip(path, shown, limits)
    return [Found(path, shown, ignored_because=other_format(suffix))]


def _sniff(path: Path) -> str:
    """What a file with another ending really is: `workbook`, `zip` or nothing of interest."""
    try:
        with open_regular(path) as file:
            head = file.read(8)
            if head == OLE:
                return "workbook" if _OLE_WORKBOOK in file.read(1_000_000) else ""
            if not head.startswith(ZIP):
                return ""
            file.seek(0)
            with zipfile.ZipFile(file) as archive:
                zip_kind(archive)
                return "workbook"
    except RefusalError:
        return "zip"
    except BAD_ZIP:
        return ""


def _head_of(path: Path) -> bytes:
    try:
        return read_regular(path, _REPORT_HEAD)
    except OSError:
        # It is told when it is read.
        return ZIP.ljust(_LEAST)


def _is_report(head: bytes) -> bool:
    """Whether what begins so can be a Word document, be it an encrypted one, or a PDF."""
    return len(head) >= _LEAST and (head.startswith((ZIP, OLE)) or b"%PDF-" in head)


def _look_into_zip(path: Path, shown: str, limits: Limits) -> list[Found]:
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
    except BAD_ZIP:
        return [Found(path, shown, refused="压缩包已损坏，打不开。请重新打包后放入。")]
    if len(members) > limits.members:
        words = f"压缩包里有 {len(members)} 个文件，超过上限 {limits.members} 个（包内文件数）。请解压后放入文件夹。"
        return [Found(path, shown, refused=words)]
    inside: list[Found] = []
    names: set[str] = set()
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            for number, member in enumerate(members, 1):
                found = _member(path, shown, member, limits, archive)
                if found.shown in names:
                    words = "压缩包里有同名的文件，分不清以哪一个为准。请重新打包。"
                    place = f"{found.shown}（第 {number} 个）"
                    found = Found(path, place, found.member, refused=words, size=member.file_size)
                names.add(found.shown)
                inside.append(found)
    except BAD_ZIP:
        return [Found(path, shown, refused="压缩包已损坏，打不开。请重新打包后放入。")]
    words = f"已展开其中 {len(inside)} 个文件，各有一行"
    return [Found(path, shown, ignored_because=words, archive=True), *inside]


def _member(path: Path, shown: str, member: zipfile.ZipInfo, limits: Limits, archive: zipfile.ZipFile) -> Found:
    return replace(_kind_of(path, shown, member, limits, archive), size=member.file_size)


def _kind_of(path: Path, shown: str, member: zipfile.ZipInfo, limits: Limits, archive: zipfile.ZipFile) -> Found:
    name = _chinese_name(member).replace("\\", "/")
    place = f"{shown}/{name}"
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or ":" in name:
        return Found(path, place, member.filename, refused="压缩包内的路径不安全（含 .. 或绝对路径）。请重新打包。")
    if aside := ignored_by_name(parts.name):
        return Found(path, place, member.filename, ignored_because=aside)
    suffix = parts.suffix.lower()
    if suffix == ".zip":
        return Found(path, place, member.filename, ignored_because="压缩包里的压缩包，不再展开；请解压后放入文件夹")
    other = suffix not in WORKBOOKS and not _is_workbook(archive, member, limits)
    if other and not (suffix in REPORTS and _may_be_report(archive, member)):
        return Found(path, place, member.filename, ignored_because=other_format(suffix))
    if member.flag_bits & 1:
        return Found(
            path, place, member.filename, refused="压缩包设有密码，无法读取。请取消密码后重新打包。", report=other
        )
    if member.file_size > limits.file_bytes:
        words = f"展开后有 {member.file_size / 1e6:.0f} MB，超过上限 {limits.file_mb} MB（文件大小）。请核对。"
        return Found(path, place, member.filename, refused=words, report=other)
    return Found(path, place, member.filename, report=other)


def _may_be_report(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if member.flag_bits & 1:
        return True
    with archive.open(member) as file:
        return _is_report(file.read(_REPORT_HEAD))


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
        return is_workbook(data)
    except BAD_ZIP:
        return False


def is_workbook(data: bytes) -> bool:
    """Whether a file of another ending is a workbook by its content."""
    if data.startswith(OLE):
        return _OLE_WORKBOOK in data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            zip_kind(archive)
            return True
    except (RefusalError, *BAD_ZIP):
        return False


def _chinese_name(member: zipfile.ZipInfo) -> str:
    """Finder and `zip` pack names in UTF-8, Windows in GBK without saying so, and zipfile takes both for cp437.

    Chinese in GBK is hardly ever UTF-8 too, Chinese in UTF-8 is often GBK too.
    """
    if member.flag_bits & 0x800:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return member.filename.encode("cp437").decode(encoding)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return member.filename


def _lock_owner(path: Path) -> str:
    """Who holds the workbook open: the lock file begins with the length of the user's name, then the name."""
    try:
        data = read_regular(path, _LOCK_BYTES)
    except OSError:
        return "有人"
    # Behind the 8-bit name stands the same name in UTF-16, which holds Chinese names too.
    wide = data[55:163].decode("utf-16-le", "ignore").split("\0")[0].strip() if len(data) > 57 else ""
    length = data[0] if data else 0
    narrow = data[1 : 1 + length].decode("gbk", "ignore").strip(" \0")
    owner = wide if wide and wide.isprintable() else narrow
    return f"{owner} " if owner and owner.isprintable() else "有人"
