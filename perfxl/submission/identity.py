"""Who or what a workbook speaks of, without what two writings of the same one may differ in."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.text import fold, fold_all


class Identity(NamedTuple):
    """A department by its code and name, or a project of one; free of spelling, empty where blank.

    project, project_code: empty where departments are evaluated.
    """

    code: str
    name: str
    project: str = ""
    project_code: str = ""

    def may_be(self, other: Identity) -> bool:
        """Whether it lacks something that the other has, agrees with it in the rest, and knows enough to be it."""
        if self == other or not (other.code and other.name) or not (self.code or self.name):
            return False
        if other.project and not (self.project or self.project_code):
            # A unit has many projects: which one is meant nothing tells.
            return False
        return all(own in ("", its) for own, its in zip(self, other, strict=True))


def identity_of(code: str, name: str, project: str = "", project_code: str = "") -> Identity:
    """The identity of what was filled in."""
    return Identity(code_key(code), name_key(name), name_key(project), code_key(project_code))


def code_key(code: str) -> str:
    """A code free of its spelling: width, case, spaces and leading zeros, which Excel drops from a number."""
    plain = fold_all(code)
    return plain.lstrip("0") or plain[:1]


def name_key(name: str) -> str:
    """A name free of its spelling: spaces and width."""
    return "".join(fold(name).split())
