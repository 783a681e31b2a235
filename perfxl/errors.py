"""The exceptions that reach a person, each with its words in Chinese and its exit status.

    PerfxlError            1  anything else that ends a command with a message
    ├── UsageError         2  the command was called wrongly
    ├── SchemeError        2  the scheme does not hold: all its faults at once
    ├── DocumentError      2  a submission document does not hold
    ├── ListError          2  a list of the bureau (roster, accepted findings) does not hold
    ├── ListsError         2  the same of several lists
    ├── TemplateFaultError 2  a Word template of the bureau cannot be filled
    └── OutputError        1  the results cannot be written where they should

A workbook that cannot be read is never an exception to the user: it becomes a file status
with a reason (see `perfxl.intake`).
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class PerfxlError(Exception):
    """Ends a command; `str()` is what the user reads, in Chinese."""

    exit_code = 1


class UsageError(PerfxlError):
    """The command was called with something that cannot be used."""

    exit_code = 2


class OutputError(PerfxlError):
    """The results cannot be written (no space, no permission, a workbook held open)."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file that a person edits: where, what is wrong, what to do."""

    place: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.place}：{self.what}。{self.advice}。"


class _FaultyFileError(PerfxlError):
    exit_code = 2
    subject = ""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        lines = "\n".join(f"  {number}. {fault}" for number, fault in enumerate(self.faults, 1))
        super().__init__(f"{self.subject}“{source}”有 {len(self.faults)} 处错误：\n{lines}")

    def __reduce__(self) -> tuple[type[_FaultyFileError], Any]:
        """Whole when it comes from another process."""
        return type(self), (self.source, self.faults)


class SchemeError(_FaultyFileError):
    """A scheme that does not hold never scores anything."""

    subject = "评分方案"


class DocumentError(_FaultyFileError):
    """A submission document that cannot be turned into a workbook."""

    subject = "填报文档"


class ListError(_FaultyFileError):
    """A list that the bureau keeps (roster, accepted findings) and that does not hold."""

    subject = "名单"


class ListsError(PerfxlError):
    """Several lists of the bureau at once, each with what is wrong with it."""

    exit_code = 2

    def __init__(self, errors: Sequence[PerfxlError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, errors)))

    def __reduce__(self) -> tuple[type[ListsError], Any]:
        """Whole when it comes from another process."""
        return type(self), (self.errors,)


class TemplateFaultError(_FaultyFileError):
    """A Word template that the bureau has edited and that cannot be filled."""

    subject = "文书模板"


_SYSTEM_WORDS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限，或正被其他程序打开",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EEXIST: "同名的文件已经存在",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENAMETOOLONG: "文件名或路径太长",
    errno.EIO: "磁盘或网络读写出错",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件太大",
    errno.EROFS: "磁盘是只读的",
    errno.EXDEV: "不在同一个磁盘",
    errno.ELOOP: "链接互相指向，没有尽头",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "系统打开的文件太多",
    errno.ENOMEM: "内存不足",
    errno.EBUSY: "正被其他程序使用",
    errno.ETXTBSY: "正被其他程序使用",
    errno.EINVAL: "系统不接受这个名称或操作",
    errno.EILSEQ: "文件名中有系统不认识的字符",
    errno.ENODEV: "没有这个设备",
    errno.ENXIO: "没有这个设备",
    errno.ESTALE: "网络文件夹已断开",
    errno.ETIMEDOUT: "等待超时",
    errno.ECONNREFUSED: "对方没有响应",
    errno.ECONNRESET: "连接中断",
    errno.EHOSTUNREACH: "网络不通",
    errno.ENETUNREACH: "网络不通",
    errno.EPIPE: "接收的程序已经结束",
}


def system_words(error: OSError) -> str:
    """What the system says of a failure, in Chinese; its own number where there are no words for it."""
    number = error.errno
    if number is None:
        return "系统没有说明原因"
    if number == 0 and error.strerror:
        # Ours, in Chinese already.
        return error.strerror
    return _SYSTEM_WORDS.get(number, f"系统错误 {number}")


def words_of(error: Exception) -> str:
    """What a person reads of any failure, in Chinese."""
    if isinstance(error, PerfxlError):
        return str(error)
    if isinstance(error, OSError):
        place = f"“{error.filename}”" if isinstance(error.filename, str) else ""
        return f"{place}{system_words(error)}。请检查路径、权限和磁盘。"
    words = "内存不足" if isinstance(error, MemoryError) else f"程序内部错误（{type(error).__name__}）"
    return f"{words}。请核对输入的文件；仍不行时，请把命令和文件交给技术人员（python -X dev 显示详情）。"
