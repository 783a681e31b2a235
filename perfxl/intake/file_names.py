"""What the name of a file tells: workbooks, and what is set aside and why."""

from __future__ import annotations

from pathlib import PurePosixPath

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".ods", ".et", ".ett"})
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"})
_TEMPORARY = frozenset({".tmp", ".temp", ".bak", ".part", ".crdownload", ".download", ".lnk", ".url"})
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
    named = f"{suffix} 文件" if suffix else "没有扩展名的文件"
    return f"{named}，不是 Excel 工作簿；如是填报内容，请用模板填写后以 .xlsx 报送"
