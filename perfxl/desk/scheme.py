"""The scheme of a year's folder: the one that is named, the one that stands in it, or the built-in one of its year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from perfxl.errors import UsageError, system_words
from perfxl.files import read_regular
from perfxl.scheme import DEFAULT, builtin_ids, load_scheme
from perfxl.scheme.at_hand import schemes_at_hand
from perfxl.scheme.model import Scheme
from perfxl.scheme.new_scheme import new_scheme
from perfxl.scheme.workbook_file import scheme_workbook

_YEARS = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class FolderScheme:
    """The schemes of a year's folder. files: those that are to stand in the bureau's folder, by name.

    told: what the clerk should know of the choice, in sentences.
    """

    schemes: tuple[Scheme, ...]
    files: dict[str, bytes]
    told: tuple[str, ...]


def folder_scheme(folder: Path, bureau: Path, sources: Sequence[str]) -> FolderScheme:
    """What a year's folder is made by. bureau: the bureau's folder in it. sources: the schemes that are named.

    Raises as `load_scheme` where one does not hold.
    """
    year = year_in(folder.resolve().name)
    standing = schemes_at_hand(sources, bureau)
    if sources:
        files: dict[str, bytes] = {}
        for name, data in map(_named, sources):
            if files.setdefault(name, data) != data:
                raise UsageError(f"有两个不同的评分方案文件都叫“{name}”。请把其中一个改名")
        return FolderScheme(standing.schemes, files, (*standing.told, *_of_other_year(folder, year, standing.schemes)))
    if standing.found or year in (None, standing.schemes[0].year):
        return FolderScheme(standing.schemes, {}, (*standing.told, *_of_other_year(folder, year, standing.schemes)))
    made = new_scheme(f"{_YEARS.sub('', DEFAULT).strip('-')}-{year}", DEFAULT)
    name = _file_name(made)
    words = (
        f"按文件夹名称中的年份，评价年度是 {year} 年：已由内置方案 {DEFAULT} 换好年份，写成“{name}”。"
        "请按当年通知核对方案和填报截止日期；年度不对时，请用正确的年份另建一个文件夹。"
    )
    return FolderScheme((made,), {name: scheme_workbook(made)}, (words,))


def year_in(name: str) -> int | None:
    """The one year in the name of a folder; None where there is none, or several."""
    years = set(_YEARS.findall(name))
    return int(years.pop()) if len(years) == 1 else None


def _of_other_year(folder: Path, year: int | None, schemes: Sequence[Scheme]) -> list[str]:
    if year in (None, schemes[0].year):
        return []
    return [f"注意：文件夹名称里是 {year} 年，使用的方案是 {schemes[0].year} 年度的，模板按方案生成。请核对。"]


def _named(source: str) -> tuple[str, bytes]:
    """A scheme that is named, as a file of the bureau's folder: a file as it is, a built-in one as a workbook."""
    if source in builtin_ids():
        made = load_scheme(source)
        return _file_name(made), scheme_workbook(made)
    try:
        return Path(source).name, read_regular(Path(source), _MOST_BYTES)
    except OSError as error:
        raise UsageError(f"评分方案“{source}”打不开（{system_words(error)}）。请检查路径") from error


def _file_name(scheme: Scheme) -> str:
    return f"评分方案-{scheme.id}.xlsx"
