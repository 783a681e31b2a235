"""Names that Windows, Excel and WPS accept, made from whatever a department is called.

Forbidden characters become their full-width twins, so that a name stays readable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from perfxl.scheme.model import Scheme, Stage

SHEET_LENGTH = 31  # UTF-16 units, Excel's limit
SHORT_LENGTH = 19  # leaves room for the name of a sheet and the number of one that goes on
FILE_LENGTH = 80  # UTF-16 units, leaves room in a Windows path of 260
MANIFEST = "run.json"
FILE_BYTES = 200  # UTF-8, file systems stop at 255 with ending and number

_Fit = Callable[[str, str], str]

# `#` and `%` are legal in a file name, but a link takes them as an anchor and an escape.
_FILE_TWINS = str.maketrans('<>:"/\\|?*#%', "＜＞：＂／＼｜？＊＃％")
_SHEET_TWINS = str.maketrans("[]:*?/\\", "［］：＊？／＼")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_LIKE_ESCAPES = re.compile("_(?=x[0-9a-fA-F]{4}_)")  # how a package writes a sign that XML cannot hold
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?$", re.IGNORECASE)


def file_names(names: Sequence[str]) -> list[str]:
    """A file name without its ending for each name, in order, no two alike whatever the case."""
    chosen = _unique((_file_stem(name) for name in names), (), _fit_file)
    # Nearly all keep their name: one text serves for both.
    return [name if file == name else file for name, file in zip(names, chosen, strict=True)]


def distinct(stems: Sequence[str]) -> list[str]:
    """Names of files for stems that are names of files already, no two alike whatever the case."""
    return _unique(stems, (), lambda stem, ending: stem + ending)


def summary_name(year: int) -> str:
    """The file name of the summary of a year."""
    return f"{year}年度绩效评价汇总.xlsx"


def summary_of(scheme: Scheme) -> str:
    """The file name of the summary of a scheme's year, at the stage of the scheme."""
    if scheme.asks_scores:
        return summary_name(scheme.year)
    word = "绩效目标申报" if scheme.stage is Stage.TARGETS else f"{_file_stem(scheme.period)}运行监控"
    return f"{scheme.year}年度{word}汇总.xlsx"


def stage_folder(word: str, period: str, around: str = "{}") -> str:
    """The name of a folder for what a stage makes, whatever sign its period holds. around: the rest of the name."""
    return file_names([around.format(word + period)])[0]


def template_name(title: str) -> str:
    """The file name of the template of a scheme with this title, which may hold any sign."""
    return f"{file_names([title])[0]}填报模板.xlsx"


def sheet_names(names: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """A sheet name for each name, in order, no two alike whatever the case and none of those taken."""
    return _unique((_sheet_stem(name) for name in names), (*taken, "History"), _fit_sheet)


def continued(sheet: str, parts: int) -> list[str]:
    """The names of the sheets of a list that goes on over so many."""
    return [sheet, *(f"{sheet}（{number}）" for number in range(2, parts + 1))]


def short_names(names: Sequence[str]) -> list[str]:
    """What stands behind the name of a sheet for each name, `项目支出` in 排名（项目支出）.

    No two are alike whatever the case, none has a sign that a condition of COUNTIFS takes for a pattern.
    """
    return _unique((_sheet_stem(name).replace("~", "～") for name in names), (), _fit_short)


def behind(sheet: str, short: str) -> str:
    """The name of a sheet with a short name behind it; the sheet's own name where there is none."""
    return f"{sheet}（{short}）" if short else sheet


def quoted(sheet: str) -> str:
    """A sheet name as a formula or an internal link writes it."""
    return "'" + sheet.replace("'", "''") + "'"


def _file_stem(name: str) -> str:
    clean = _visible(name).translate(_FILE_TWINS).strip(" .~")
    return f"_{clean}" if not clean or _RESERVED.match(clean) else clean


def _sheet_stem(name: str) -> str:
    return _LIKE_ESCAPES.sub("＿", _visible(name).translate(_SHEET_TWINS)).strip(" '") or "_"


def _visible(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", _UNPRINTABLE.sub(" ", name)).split())


def _fit_file(name: str, ending: str) -> str:
    name = name[:FILE_LENGTH]
    while _units(name + ending) > FILE_LENGTH or len((name + ending).encode()) > FILE_BYTES:
        name = name[:-1]
    return name.rstrip(" .") + ending


def _fit_sheet(name: str, ending: str) -> str:
    name = name[:SHEET_LENGTH]
    while _units(name + ending) > SHEET_LENGTH:
        name = name[:-1]
    return name.rstrip(" '") + ending


def _fit_short(name: str, ending: str) -> str:
    while _units(name + ending) > SHORT_LENGTH:
        name = name[:-1]
    return name.rstrip(" '") + ending


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _unique(stems: Iterable[str], taken: Iterable[str], fit: _Fit) -> list[str]:
    used = {_folded(name) for name in taken}
    numbers: dict[str, int] = {}
    chosen: list[str] = []
    for stem in stems:
        name = fit(stem, "")
        base = _folded(name)
        while _folded(name) in used:
            # Counting on from the last number keeps thousands of like names quick.
            numbers[base] = numbers.get(base, 1) + 1
            name = fit(stem, f"({numbers[base]})")
        used.add(_folded(name))
        chosen.append(name)
    return chosen


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
