"""A year's folder: what is put into it beside templates and lists, and what it must not be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from perfxl.desk.page import FILE_NAME, explaining_page
from perfxl.desk.place import Place, Placed
from perfxl.desk.program import program_files
from perfxl.desk.starters import REVIEW, RUN, WATCH, is_of_period, shared_periods, starter_files
from perfxl.desk.words import word_files
from perfxl.errors import OutputError, UsageError, system_words
from perfxl.folders import BUREAU_FOLDER, INPUT_FOLDER, OUTPUT_FOLDER, PREVIOUS_FOLDER
from perfxl.run.standing_years import EXPLANATION, HOW
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import periods_of

PARTS = (INPUT_FOLDER, OUTPUT_FOLDER, BUREAU_FOLDER, PREVIOUS_FOLDER)
_PREVIOUS = (
    f"{HOW}，“{RUN.name}”“{WATCH.name}”“{REVIEW.name}”就会自动与上年对比。要比几个年度的，每个年度各放一个文件夹。"
    "没有上年结果的，空着就行。"
)


def refuse(folder: Path) -> None:
    """Raises UsageError where no year's folder can be made at a path."""
    whole = folder.absolute()
    for place in (whole, *whole.parents):
        if place.exists() and not place.is_dir():
            raise UsageError(f"“{place}”是文件，不是文件夹。请换一个名称")
    for part in PARTS:
        if (whole / part).exists() and not (whole / part).is_dir():
            raise UsageError(f"“{folder / part}”是文件，应当是文件夹。请先把它改名或移走")


def cannot_write(folder: Path, error: OSError) -> OutputError:
    """What a person reads where the folder cannot be made or written."""
    place = error.filename if isinstance(error.filename, str) else str(folder)
    return OutputError(f"“{place}”写不进去：{system_words(error)}。请检查权限和磁盘，或换一个位置再运行一次。")


def make_parts(folder: Path) -> list[str]:
    """Makes the folder and those in it; the names of those that were not there. Raises OSError."""
    made = [part for part in PARTS if not (folder / part).is_dir()]
    for part in PARTS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    return made


def put_starters(folder: Path, schemes: Sequence[Scheme], systems: tuple[str, ...], *, force: bool) -> Placed:
    """Puts the starters and the 说明 into the folder, or renews them. Raises OSError.

    systems: whose starters stand in the folder itself. force: whether those that a person changed are renewed too.
    """
    place = Place(folder, force=force)
    for name, data in (*word_files(), *program_files()):
        place.note(name, data)
    place.put(FILE_NAME, explaining_page(schemes))
    # The mark at its beginning tells the editor of an older Windows that it is UTF-8.
    place.put(f"{PREVIOUS_FOLDER}/{EXPLANATION}", f"{_PREVIOUS}\r\n".encode("utf-8-sig"))
    for file in starter_files(systems, shared_periods(map(periods_of, schemes))):
        place.put(file.path, file.data, executable=file.executable)
    # They are called after a period and name it by its number: of another scheme that would be another one.
    place.retire(is_of_period)
    return place.finish()
