"""What the name of a file tells: workbooks, and what is set aside and why."""

from __future__ import annotations

from pathlib import PurePosixPath

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".ods", ".et", ".ett"})
REPORTS = frozenset({".docx", ".docm", ".pdf"})
"""Endings of the departments' own reports."""
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"})
_TEMPORARY = frozenset({".tmp", ".temp", ".bak", ".part", ".crdownload", ".download", ".lnk", ".url"})
_OLD_WORD = frozenset({".doc", ".dot", ".wps", ".rtf", ".odt", ".ofd"})
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp"})
_ARCHIVES = {".rar": "RAR 压缩包", ".7z": "7z 压缩包", ".gz": "压缩包", ".tar": "压缩包"}


def ignored_by_name(name: str) -> str:
    """Why a file of that name is not read, empty where it may be."""
    suffix = PurePosixPath(name).suffix.lower()
    if name.startswith("~$"):
        return f"Excel 的锁定文件：有人正打开“{name[2:]}”，请关闭后再打包"
    if name.lower() in _SYSTEM or name.startswith("."):
        return "系统文件或隐藏文件"
    if suffix in _TEMPORARY or name.startswith("~"):
        return "临时文件"
    return ""


def other_format(suffix: str) -> str:
    """Why a file of that ending is not read, whose content is no workbook."""
    kind = _ARCHIVES.get(suffix)
    if kind:
        return f"{kind}，请解压后把其中的工作簿放入文件夹，或改用 .zip"
    if suffix in REPORTS:
        return f"{suffix} 文件，内容不是 Excel 工作簿，也不是 Word 文档或 PDF，可能没有传完；请打开核对，另存后重新放入"
    if suffix in _OLD_WORD:
        return f"{suffix} 文档，程序不读取；如是自评报告，请另存为 .docx 或 PDF 后放入"
    if suffix in _PICTURES:
        return "图片，程序不识别其中的文字；如是自评报告，请提供 Word 原文或带文字的 PDF"
    named = f"{suffix} 文件" if suffix else "没有扩展名的文件"
    return f"{named}，不是 Excel 工作簿；如是填报内容，请用模板填写后以 .xlsx 报送"
