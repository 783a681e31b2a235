"""Which lines of the register speak of the same department, or of the same project of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfxl.register.model import Line
from perfxl.submission.identity import Identity, identity_of


class Known(NamedTuple):
    """What is needed of a line to judge another file of the department."""

    sha256: str
    file: str
    identity: Identity
    scheme: str
    year: str
    counted: int
    number: str
    received: str
    seen: str
    returned: str
    mends: str
    problems: str


def known_of(line: Line) -> Known:
    """What is needed of a line. A return that does not count is none; one written by hand is as old as can be."""
    who = identity_of(line.own_code, line.own_name, line.own_project, line.own_project_code)
    counted = int(line.counted) if line.counted.isdecimal() else 0
    returned = line.returned if line.counts_as_return else ""
    return Known(
        line.sha256, line.file, who, line.scheme, line.year, counted, line.number, line.received, line.seen, returned,
        line.mends, line.problems,
    )  # fmt: skip


def same(one: Identity, other: Identity) -> bool:
    """Whether two identities are one: alike in all that both have, and in a name or code at least."""
    if not _agree((one.code, one.name), (other.code, other.name)):
        return False
    own, its = (one.project, one.project_code), (other.project, other.project_code)
    return own == its or _agree(own, its)


def may_mend(one: Identity, other: Identity) -> bool:
    """Whether one may be the other mended: the same, or with another code under the same name."""
    unit = bool(one.name) and one.name == other.name
    if not (unit or same(one, other)):
        return False
    own, its = (one.project, one.project_code), (other.project, other.project_code)
    return own == its or _agree(own, its) or (bool(one.project) and one.project == other.project)


def _agree(one: tuple[str, str], other: tuple[str, str]) -> bool:
    shared = [own == its for own, its in zip(one, other, strict=True) if own and its]
    return bool(shared) and all(shared)


class Lines:
    """Lines by what they are looked for: the bytes of their files, and whom they speak of."""

    def __init__(self, lines: Iterable[Known]) -> None:
        self.by_file: dict[str, list[Known]] = {}
        self._by_code: dict[str, list[Known]] = {}
        self._by_name: dict[str, list[Known]] = {}
        for line in lines:
            if line.sha256:
                self.by_file.setdefault(line.sha256, []).append(line)
            if line.identity.code:
                self._by_code.setdefault(line.identity.code, []).append(line)
            if line.identity.name:
                self._by_name.setdefault(line.identity.name, []).append(line)

    def of(self, who: Identity) -> Iterator[Known]:
        """Those of a department or project."""
        near = [*self._by_code.get(who.code, ()), *self._by_name.get(who.name, ())]
        yield from (line for line in dict.fromkeys(near) if same(line.identity, who))

    def mended_by(self, sha256: str, mark: str, who: Identity) -> Iterator[Known]:
        """The files that a file mends, one after the other: the one that its mark names, the one that this mends.

        mark: SHA-256 in the file's mark, empty where it has none. A mark that names another's file leads nowhere.
        """
        passed = {sha256}
        while mark and mark not in passed:
            passed.add(mark)
            line = next((one for one in self.by_file.get(mark, ()) if may_mend(who, one.identity)), None)
            if line is None:
                return
            yield line
            who, mark = line.identity, line.mends
