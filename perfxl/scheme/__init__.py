"""Schemes (评分方案): the built-in ones and those that a bureau edits, loaded and checked.

A scheme is a TOML file or the Excel workbook that `workbook_file.write_scheme_workbook` writes; both hold the same
tables and give equal schemes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from perfxl.caches import cached
from perfxl.errors import Fault, SchemeError, UsageError
from perfxl.files import read_regular
from perfxl.processes import told_of
from perfxl.scheme.faults import build_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.toml_file import dump_toml, read_toml

__all__ = ["DEFAULT", "Scheme", "builtin_ids", "dump_toml", "load_scheme", "scheme_of_toml", "scheme_sha256"]

DEFAULT = "guangzhou-2022"
_BUILTIN = Path(__file__).parent / "builtin"
_MOST_BYTES = 20_000_000


def builtin_ids() -> tuple[str, ...]:
    """The codes of the built-in schemes."""
    return tuple(sorted(path.stem for path in _BUILTIN.glob("*.toml")))


def load_scheme(source: str | Path | None = None) -> Scheme:
    """The scheme of a .toml or .xlsx file, of a built-in code, or the default one.

    Raises `SchemeError` with all faults where the scheme does not hold, `UsageError` where there is no such file
    or it is of another kind.
    """
    if source is None:
        return _builtin(DEFAULT)
    if str(source) in builtin_ids():
        return _builtin(str(source))
    # What a person hands over is read where it can do no harm.
    return told_of(source, _load_file, Path(source))


def scheme_of_toml(text: str, name: str) -> Scheme:
    """The scheme of a TOML text. name: of its file, for messages. Raises `SchemeError` with all faults."""
    return build_scheme(read_toml(text, name))


def scheme_sha256(scheme: Scheme) -> str:
    """The SHA-256 of what the scheme says, the same from TOML and Excel, and at every stage of its year."""
    return hashlib.sha256(dump_toml(scheme.annual or scheme, comments=False).encode()).hexdigest()


@cached(maxsize=16)
def _builtin(code: str) -> Scheme:
    return _load_file(_BUILTIN / f"{code}.toml")


def _load_file(path: Path) -> Scheme:
    suffix = path.suffix.lower()
    if suffix not in (".toml", ".xlsx"):
        known = "、".join(builtin_ids())
        message = f"“{path}”不能作为评分方案。请给出 .xlsx 或 .toml 文件，或内置方案的代码（{known}）。"
        if suffix in (".xls", ".et", ".xlsm", ".ods"):
            message = f"评分方案“{path}”不是 .xlsx 文件。请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。"
        raise UsageError(message)
    try:
        data = read_regular(path, _MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise UsageError(f"没有找到评分方案“{path}”。请检查文件名和所在文件夹。") from error
    except OSError as error:
        raise UsageError(f"无法读取评分方案“{path}”。请检查是否有权限，或文件是否正被其他程序占用。") from error
    if len(data) > _MOST_BYTES:
        raise UsageError(f"评分方案“{path}”超过 {_MOST_BYTES // 1_000_000} MB，不像评分方案。请核对文件。")
    if suffix == ".xlsx":
        # Most runs never see one; its sheets and texts are much to load.
        from perfxl.scheme.workbook_file import read_workbook

        return build_scheme(read_workbook(data, path.name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = Fault(f"{path.name} 第 {line} 行", "文字不是 UTF-8 编码", "请用记事本另存为 UTF-8 编码后重试")
        raise SchemeError(path.name, [fault]) from error
    return scheme_of_toml(text, path.name)
