"""What kind of file this is by its content, and whether its outer shell is safe to open.

The name's ending is not trusted: an .xls renamed .xlsx reads, a Word document renamed .xlsx is told as one.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from perfxl import deflate
from perfxl.workbook.limits import Limits, RefusalError

RESEND = "请用财政部门下发的模板填写，另存为 .xlsx 后重新报送"
SAVE_AGAIN = "请在 Excel 中打开原文件，另存为 .xlsx 后重新报送"
BAD_ZIP = (
    zipfile.BadZipFile, zlib.error, deflate.Error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    KeyError, struct.error, OverflowError,
)  # fmt: skip
"""What comes out of zipfile for a damaged or hostile archive."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"{\\rtf", "RTF 文档"),
)
_OLE_STREAMS = (("EncryptedPackage", "password"), ("WordDocument", "word"), ("PowerPoint Document", "powerpoint"),
                ("Workbook", "xls"), ("Book", "xls"))  # fmt: skip
_ZIP_PARTS = (("word/document.xml", "Word 文档"), ("ppt/presentation.xml", "PowerPoint 演示文稿"))


def check_shell(data: bytes, limits: Limits) -> None:
    """Raises RefusalError, with its own words, for what is neither a zip nor an OLE file of a size to be read."""
    if not data.strip(b"\0 \r\n\t"):
        raise RefusalError("文件是空的，没有任何内容", "请核对是否保存成功，" + RESEND, "F101")
    if len(data) > limits.file_bytes:
        raise too_large(len(data), limits)
    if not data.startswith((OLE, b"PK")):
        raise _not_a_workbook(data)


def too_large(size: int, limits: Limits) -> RefusalError:
    """A file that is not even read."""
    return RefusalError(
        f"文件有 {size / 1e6:.1f} MB，超过上限 {limits.file_mb} MB（文件大小）",
        "请删去图片和无关的工作表后重新保存",
        "F105",
    )


def _not_a_workbook(data: bytes) -> RefusalError:
    for signature, words in _SIGNATURES:
        if data.startswith(signature):
            return RefusalError(f"这是{' ' if words[0].isascii() else ''}{words}，不是 Excel 工作簿", RESEND, "F103")
    head = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        return RefusalError("这是网页（HTML）文件，不是真正的 Excel 工作簿", SAVE_AGAIN, "F103")
    if head.startswith(b"<?xml") or head.startswith(b"<workbook"):
        return RefusalError("这是 XML 文件，不是真正的 Excel 工作簿", SAVE_AGAIN, "F103")
    if b"\0" not in data[:2000]:
        return RefusalError("这是纯文本文件（如 CSV），不是 Excel 工作簿", RESEND, "F103")
    return RefusalError("不是 Excel 工作簿，或文件已损坏", RESEND, "F103")


def ole_kind(data: bytes) -> str:
    """The kind of workbook in an OLE file. Raises RefusalError where it is none."""
    kind = next((kind for stream, kind in _OLE_STREAMS if stream.encode("utf-16-le") in data), "")
    if kind == "password":
        raise password_refusal()
    if kind == "word":
        raise RefusalError("这是 Word 文档，不是 Excel 工作簿", RESEND, "F103")
    if kind == "powerpoint":
        raise RefusalError("这是 PowerPoint 演示文稿，不是 Excel 工作簿", RESEND, "F103")
    if not kind:
        raise RefusalError("不是 Excel 工作簿，或文件已损坏", RESEND, "F103")
    return kind


def password_refusal() -> RefusalError:
    """A workbook that is encrypted.

    With a password of the department's, or with one that Excel sets by itself for a protected workbook and never asks
    for: the words hold for both.
    """
    return RefusalError(
        "工作簿设有打开密码，或因设过保护而加了密（打开时不问密码），无法读取",
        "请在 Excel 中打开，在“文件 > 信息 > 保护工作簿”中取消密码和各项保护，另存为新的 .xlsx 后重新报送",
        "F102",
    )


def xlsb_refusal() -> RefusalError:
    """A binary workbook, of which no parser here tells what a person sees."""
    return RefusalError("这是二进制工作簿（.xlsb），程序不读取这种格式", SAVE_AGAIN, "F103")


def damaged() -> RefusalError:
    """A file that begins as it should and then does not go on."""
    return RefusalError("文件已损坏（可能没有传完或没有正常保存），打不开", SAVE_AGAIN, "F104")


@contextmanager
def opened(source: bytes | BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive in the bytes or file; whatever zipfile raises inside becomes the refusal of a damaged file."""
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            yield archive
    except RefusalError:
        raise
    except BAD_ZIP as error:
        raise damaged() from error


def inflate(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part, whole: one that goes on behind its declared size would show a parser more than was looked at.

    Raises RefusalError for such a part, and for ways of packing that no spreadsheet program uses.
    """
    part, file = archive.getinfo(name), archive.fp
    assert file is not None
    file.seek(part.header_offset)
    header = file.read(30)
    if not header.startswith(ZIP):
        raise damaged()
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    file.seek(name_length + extra_length, os.SEEK_CUR)
    packed = file.read(part.compress_size)
    if part.compress_type == zipfile.ZIP_DEFLATED:
        inflater = deflate.decompressobj(deflate.RAW)
        data = inflater.decompress(packed, part.file_size + 1)
        whole = inflater.eof
    else:
        data, whole = packed, part.compress_type == zipfile.ZIP_STORED
    if not whole or len(data) != part.file_size or deflate.crc32(data) != part.CRC:
        raise damaged()
    return data


def check_sizes(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    """Raises RefusalError for an archive of `size` bytes that says it holds too much, one part twice or a secret."""
    parts = archive.infolist()
    inflated = sum(part.file_size for part in parts)
    if len(parts) > limits.parts:
        raise RefusalError(f"文件内部有 {len(parts)} 个部件，超过上限 {limits.parts} 个（部件数）", RESEND, "F105")
    if inflated > limits.inflated_bytes:
        raise RefusalError(
            f"展开后有 {inflated / 1e6:.0f} MB，超过上限 {limits.inflated_mb} MB（展开大小），可能不是正常的工作簿",
            RESEND,
            "F105",
        )
    if inflated > 10_000_000 and inflated > size * limits.ratio:
        raise RefusalError(
            f"展开后是文件的 {inflated // max(size, 1)} 倍，超过上限 {limits.ratio} 倍（压缩倍数），"
            "可能不是正常的工作簿",
            RESEND,
            "F105",
        )
    if len({part.filename for part in parts}) < len(parts):
        # Which of two parts with one name a parser takes cannot be known.
        raise damaged()
    if any(part.flag_bits & 1 for part in parts):
        raise RefusalError("文件内容加了密码，无法读取", "请取消密码后重新报送", "F102")


def zip_kind(archive: zipfile.ZipFile) -> str:
    """The kind of workbook in a zip archive. Raises RefusalError where it is none."""
    names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
    if "mimetype" in names:
        with archive.open(names["mimetype"]) as file:
            kind = file.read(200)
        if b"opendocument.spreadsheet" in kind and "content.xml" in names:
            return "ods"
        if b"opendocument" in kind:
            raise RefusalError("这是 OpenDocument 文档，不是工作簿", RESEND, "F103")
    for part, words in _ZIP_PARTS:
        if part in names:
            raise RefusalError(f"这是 {words}，不是 Excel 工作簿", RESEND, "F103")
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "_rels/.rels" in names:
        return "xlsx"
    if "[content_types].xml" in names or any(name.startswith("xl/") for name in names):
        raise RefusalError("工作簿缺少主要部件，文件已损坏", SAVE_AGAIN, "F104")
    raise RefusalError("这是压缩包，不是 Excel 工作簿", "请把扩展名改回 .zip，或解压后把其中的工作簿放入文件夹", "F103")
