"""Which department of a run a review speaks of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from perfxl.review.layout import Target
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import Identity, identity_of

Key = Callable[[Identity], Hashable]
_KEYS: tuple[Key, ...] = (
    lambda who: who,
    lambda who: (who.code, who.project or who.project_code) if who.code else None,
    lambda who: (who.name, who.project or who.project_code) if who.name else None,
)
"""The surest first: all alike, then the code, then the name; those of a project with the project."""


class Whom:
    """The departments of a run, to be found by what a review workbook says of them."""

    def __init__(self, results: Iterable[DepartmentResult], digests: Mapping[str, str]) -> None:
        """digests: the SHA-256 of their files by path."""
        self._found: dict[tuple[int, str, Hashable], list[DepartmentResult]] = {}
        self._files: dict[tuple[str, str], list[DepartmentResult]] = {}
        for item in results:
            who = identity_of(item.code, item.name, item.project, item.project_code)
            self._files.setdefault((item.scheme, digests.get(item.file, "")), []).append(item)
            for number, key in enumerate(_KEYS):
                if (own := key(who)) is not None:
                    self._found.setdefault((number, item.scheme, own), []).append(item)

    def of(self, target: Target) -> DepartmentResult | None:
        """The one that is meant; None where there is none, or it cannot be told which."""
        who = target.identity
        for number, key in enumerate(_KEYS):
            own = key(who)
            found = self._found.get((number, target.scheme, own), []) if own is not None else []
            if len(found) == 1 and _may_be(found[0], who):
                return found[0]
        found = self._files.get((target.scheme, target.file_sha256), []) if target.file_sha256 else []
        return found[0] if len(found) == 1 else None


def _may_be(item: DepartmentResult, who: Identity) -> bool:
    """Whether nothing speaks against it: another code under the same name is another department."""
    own = identity_of(item.code, item.name, item.project, item.project_code)
    return not (own.code and who.code and own.code != who.code) and not (
        own.project and who.project and own.project != who.project
    )
