"""The list of targets that an earlier run wrote: where the bureau has filled it in, it is not written over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from perfxl.errors import OutputError, PerfxlError, system_words
from perfxl.folders import BUREAU_FOLDER
from perfxl.lists.approved_columns import FILE_NAME
from perfxl.lists.approved_reader import read_approved
from perfxl.official import ApprovedRecord, ApprovedTargets
from perfxl.results.targets import OPEN, decision_of, same_said
from perfxl.scheme.model import Scheme


def keep_edited(output: Path, schemes: Sequence[Scheme], used: ApprovedTargets | None) -> str:
    """Gives the list another name where it says what the list that the run used does not; what is to be told of it.

    Raises OutputError where that cannot be done: what the bureau wrote would be lost.
    """
    path = output / FILE_NAME
    if not path.exists():
        return ""
    try:
        found = read_approved(path, schemes)
        if found is None or same_said(found, used) or not any(map(_says, found.all())):
            return ""
        why = "里有填好的意见"
    except PerfxlError:
        why = "改过，有的内容读不出"
    other = path.with_name(f"{path.stem}（原有 {datetime.now():%Y%m%d-%H%M%S}）.xlsx")
    try:
        path.rename(other)
    except OSError as error:
        raise OutputError(
            f"“{path}”{why}，也改不了名（{system_words(error)}）。"
            f"请关闭正打开它的程序，把它移到 {BUREAU_FOLDER} 再运行。"
        ) from error
    return f"“{path}”{why}，已改名为“{other.name}”保留。要采用的，请移到 {BUREAU_FOLDER} 文件夹再运行一次。"


def _says(record: ApprovedRecord) -> bool:
    return decision_of(record) != OPEN
