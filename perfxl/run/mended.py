"""Copies of ours that were mended: each comes after the file that it mends, whatever date is typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from perfxl.checks.batch import MARK_IN_CIRCLE, MARK_OF_ANOTHER, on_identity
from perfxl.checks.declared import Declaration
from perfxl.register.same import Lines, may_mend
from perfxl.run.details import Entry
from perfxl.submission.identity import Identity, identity_of


def identity_of_entry(item: Entry) -> Identity:
    """Who a workbook says it is from."""
    return identity_of(*item.own)


class Mended:
    """Which files of a run are mended by which others.

    before: by the SHA-256 of a copy those of the files that it mends, one after the other. A mark has no effect, and is
    told, where it names a file of another department or project, or leads back to the copy itself.
    """

    def __init__(self, entries: Sequence[Entry], lines: Lines | None) -> None:
        self._lines = lines or Lines(())
        self._there: dict[str, Entry] = {}
        for item in entries:
            if item.result is not None and item.record.sha256:
                self._there.setdefault(item.record.sha256, item)
        self.before: dict[str, tuple[str, ...]] = {}
        for item in entries:
            if item.result is not None and item.result.mends:
                self.before[item.record.sha256] = self._passed(item)

    def _passed(self, item: Entry) -> tuple[str, ...]:
        assert item.result is not None
        own, mark, who = item.record.sha256, item.result.mends, identity_of_entry(item)
        passed: list[str] = []
        while mark and mark not in passed:
            if mark == own:
                self._tell(MARK_IN_CIRCLE, item, item.record.path)
                return ()
            found = self._file_of(mark)
            if found is None:
                # Nothing is known of that file, nor of one that it may have mended.
                return (*passed, mark)
            named, its, further = found
            if not may_mend(who, its):
                if not passed:
                    self._tell(MARK_OF_ANOTHER, item, named)
                break
            passed.append(mark)
            mark, who = further, its
        return tuple(passed)

    def _file_of(self, sha256: str) -> tuple[str, Identity, str] | None:
        """Path, identity and mark of a file of this run or of the register."""
        item = self._there.get(sha256)
        if item is not None and item.result is not None:
            return item.record.path, identity_of_entry(item), item.result.mends
        line = next(iter(self._lines.by_file.get(sha256, ())), None)
        return None if line is None else (line.file, line.identity, line.mends)

    def _tell(self, check: Declaration, item: Entry, named: str) -> None:
        assert item.result is not None
        told = on_identity(check, item.record.path, item.result.title, "", department=item.title, other=named)
        item.added += (told,)

    def joined(self, groups: Mapping[Identity, list[Entry]]) -> list[list[Entry]]:
        """The groups of workbooks of one department, those in one that a mark joins: a mended code is another code."""
        places = {item.record.sha256: key for key, group in groups.items() for item in group}
        into: dict[Identity, Identity] = {}

        def root(key: Identity) -> Identity:
            while key in into:
                key = into[key]
            return key

        for sha256, before in self.before.items():
            for other in before:
                one, its = root(places[sha256]) if sha256 in places else None, places.get(other)
                if one is not None and its is not None and (its := root(its)) != one:
                    into[its] = one
        found: dict[Identity, list[Entry]] = {}
        for key, group in groups.items():
            found.setdefault(root(key), []).extend(group)
        return list(found.values())

    def last(self, group: Iterable[Entry]) -> dict[str, Entry]:
        """Of a group the files that another one mends, by path, each with one that mends it."""
        group = list(group)
        found: dict[str, Entry] = {}
        for item in group:
            before = self.before.get(item.record.sha256, ())
            found |= {other.record.path: item for other in group if other.record.sha256 in before}
        return found
