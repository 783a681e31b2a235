"""The bureau's lists that templates of departments are filled from: where they stand, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.cli.terminal import echo

if TYPE_CHECKING:
    from perfxl.layout.list_marks import Kind
    from perfxl.lists.roster import Roster
    from perfxl.lists.standing import Standing
    from perfxl.official import ApprovedTargets, OfficialValues
    from perfxl.scheme.model import Scheme


class Lists:
    """The bureau's lists that templates are filled from. beside: the folder of the roster; bureau: the bureau's."""

    def __init__(self, beside: Path, bureau: Path) -> None:
        self.beside, self._bureau = beside, bureau
        self._found: Standing | None = None

    def path_of(self, kind: Kind, usual: str) -> Path | None:
        """Where the list of a kind stands, None where nowhere. usual: its name beside the roster.

        Raises UsageError where two stand there that differ, or it cannot be opened.
        """
        from perfxl.lists.standing import standing
        from perfxl.run.gather import BLANK

        beside = self.beside / usual
        if beside.exists() and self.beside.resolve() != self._bureau.resolve():
            return beside
        if self._found is None:
            self._found = standing(self._bureau, {}, BLANK)
        if kind in self._found.lists:
            return self._found.lists[kind].path
        for error in self._found.errors:
            if kind.label in str(error):
                raise error
        return beside if beside.exists() else None


def approved_of(
    schemes: Sequence[Scheme], targets: Path | None, lists: Lists, listed: Roster
) -> ApprovedTargets | None:
    """The approved targets that are there: named, or found. At the stage of targets there are none."""
    from perfxl.layout.list_marks import Kind
    from perfxl.lists.approved_columns import FILE_NAME
    from perfxl.lists.approved_heirs import with_heirs
    from perfxl.lists.approved_reader import read_approved
    from perfxl.scheme.stages import Stage

    if schemes[0].stage is Stage.TARGETS:
        return None
    path = targets or lists.path_of(Kind.APPROVED, FILE_NAME)
    if path is None:
        return None
    values = read_approved(path, schemes, tell=partial(echo, err=True))
    if values is not None:
        echo(f"已填入核定目标：{path}", err=True)
        values = with_heirs(values, listed, schemes, partial(echo, err=True))
    return values


def official_of(
    schemes: Sequence[Scheme], official: Path | None, lists: Lists, listed: Roster
) -> OfficialValues | None:
    """The official values that are there; where there are none yet the list is written for the departments."""
    from perfxl.files import read_regular
    from perfxl.layout.list_marks import Kind
    from perfxl.lists.official_columns import FILE_NAME
    from perfxl.lists.official_reader import read_official
    from perfxl.lists.official_writer import write_official

    path = official or lists.path_of(Kind.OFFICIAL, FILE_NAME)
    values = read_official(path, schemes, tell=partial(echo, err=True)) if path is not None else None
    if values is not None:
        echo(f"已填入财政核定数：{path}", err=True)
    elif not official:
        # A list that the bureau has begun to fill is not written over; a blank one gets its rows.
        path = path or lists.beside / FILE_NAME
        passing = path.with_name(f".{path.name}.tmp")
        try:
            write_official(passing, schemes, listed)
            # One that has them stays as it is: a new time would pass for a change since the last run.
            if not path.exists() or read_regular(path) != read_regular(passing):
                passing.replace(path)
                echo(f"已生成：{path}")
        finally:
            passing.unlink(missing_ok=True)
    return values
