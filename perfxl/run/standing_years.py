"""The results of years before that stand in the bureau's folder for them: a run compares with them by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from perfxl.errors import PerfxlError
from perfxl.folders import BUREAU_FOLDER, INPUT_FOLDER, PREVIOUS_FOLDER
from perfxl.results.names import MANIFEST
from perfxl.run.yearly import previous_years, with_year
from perfxl.scheme.model import Scheme
from perfxl.years.model import Year

EXPLANATION = "说明.txt"
"""What `perfxl init` puts there; it is not taken for something that somebody put there."""
HOW = "请把上年度的整个 output 文件夹复制进去（压缩包先解压，快捷方式不行）"
_DEEPEST = 3
_MOST = 50
# A whole year's folder may have been copied: what others sent in it says nothing, nor do the years before it.
_BESIDES = frozenset({BUREAU_FOLDER, INPUT_FOLDER, PREVIOUS_FOLDER})


def manifests_in(folder: Path) -> list[Path]:
    """The run.json of the results that were put there, as they are, in folders, or in whole year's folders."""
    found: list[Path] = []
    level = [folder]
    for _ in range(_DEEPEST + 1):
        below: list[Path] = []
        for place in level:
            has_results, folders = _look(place)
            if has_results:
                # What stands below results are those of other stages.
                found.append(place / MANIFEST)
            else:
                below += folders
        level = below[:_MOST]
    return found[:_MOST]


def _look(place: Path) -> tuple[bool, list[Path]]:
    """Whether a folder is one of results, and the folders in it; nothing of one that must not be looked into."""
    try:
        with os.scandir(place) as items:
            inner = [(item.name, item.is_dir()) for item in items if item.name == MANIFEST or item.is_dir()]
    except OSError:
        return False, []
    names = sorted(name for name, is_folder in inner if is_folder)
    folders = [place / name for name in names if name not in _BESIDES and not name.startswith(".")]
    return (MANIFEST, False) in inner, folders


def years_of(
    named: Sequence[Path],
    folder: Path,
    schemes: Sequence[Scheme],
    output: Path,
    say: Callable[[str], None],
    refuse: Callable[[str], None],
) -> list[Year]:
    """The years before that a run compares with: those that are named, else at self-review those of the folder.

    Raises UsageError where one that is named cannot be used. See `standing_years`.
    """
    if named:
        return previous_years(named, schemes, output)
    return standing_years(folder, schemes, output, say, refuse) if schemes[0].asks_scores else []


def standing_years(
    folder: Path, schemes: Sequence[Scheme], output: Path, say: Callable[[str], None], refuse: Callable[[str], None]
) -> list[Year]:
    """The years before of a folder, the year last gone first; none where there is no folder, or nothing in it.

    No score hangs on them, so what cannot be used stops nobody. say: takes what is used; refuse: what is not, and why.
    """
    years: list[Year] = []
    manifests = manifests_in(folder)
    for manifest in manifests:
        try:
            years = with_year(years, manifest.parent, schemes, output)
        except PerfxlError as error:
            refuse(f"“{folder}”里有不能用来对比的，其余照常。{error}")
    if not manifests and _holds_something(folder):
        refuse(f"“{folder}”里没有上年的结果（没有 {MANIFEST}），没有与上年对比。{HOW}")
    for year in years:
        say(f"与 {year.year} 年度的结果对比：{year.source}")
    return years


def _holds_something(folder: Path) -> bool:
    try:
        with os.scandir(folder) as items:
            return any(item.name != EXPLANATION and not item.name.startswith((".", "~$")) for item in items)
    except OSError:
        return False
