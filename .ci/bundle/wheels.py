"""Wheels in a folder: what each says of itself, and whether a folder holds all that a target needs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from bundle.targets import Target

LONGEST_LICENCE = 60
"""Letters: what is longer is the text of a licence and not its name."""


@dataclass(frozen=True)
class Wheel:
    """A wheel on disk."""

    path: Path

    @cached_property
    def _parts(self) -> tuple[str, Version, frozenset[Tag]]:
        name, version, _, tags = parse_wheel_filename(self.path.name)
        return name, version, tags

    @property
    def name(self) -> str:
        """Its canonical name."""
        return self._parts[0]

    @property
    def version(self) -> Version:
        """Its version."""
        return self._parts[1]

    @cached_property
    def metadata(self) -> Message:
        """Its METADATA."""
        with zipfile.ZipFile(self.path) as archive:
            name = next(
                name for name in archive.namelist() if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
            )
            return BytesParser().parsebytes(archive.read(name), headersonly=True)

    @property
    def requirements(self) -> list[Requirement]:
        """What it needs, with markers."""
        return [Requirement(text) for text in self.metadata.get_all("Requires-Dist", [])]

    @property
    def licence(self) -> str:
        """The name of its licence, as far as it says one."""
        classifiers = [
            text.rpartition(" :: ")[2]
            for text in self.metadata.get_all("Classifier", [])
            if text.startswith("License ::") and text != "License :: OSI Approved"
        ]
        for words in (self.metadata.get("License-Expression"), "; ".join(classifiers), self.metadata.get("License")):
            if words and len(first := words.strip().splitlines()[0]) <= LONGEST_LICENCE:
                return first
        return "见组件内的许可文件"

    def fits(self, target: Target, tags: frozenset[Tag]) -> bool:
        """Whether it can be installed there. tags: those of the target."""
        wanted = SpecifierSet(self.metadata.get("Requires-Python") or "")
        return not tags.isdisjoint(self._parts[2]) and wanted.contains(f"{target.python}.0")


def in_folder(folder: Path) -> list[Wheel]:
    """The wheels of a folder, by name."""
    return [Wheel(path) for path in sorted(folder.glob("*.whl"))]


@dataclass(frozen=True)
class Closure:
    """What is installed on a target, and what is needed and not there: words with the requirement and who needs it."""

    wheels: tuple[Wheel, ...]
    missing: tuple[str, ...]


def closure(wheels: Iterable[Wheel], roots: Sequence[Requirement], target: Target) -> Closure:
    """What pip would install on the target from these wheels alone: of each package the newest that fits.

    Every marker is taken as the target would, and every requirement of every wheel chosen must hold for what is chosen.
    """
    tags = frozenset(target.tags)
    fitting: dict[str, list[Wheel]] = {}
    for wheel in wheels:
        if wheel.fits(target, tags):
            fitting.setdefault(wheel.name, []).append(wheel)
    asked: dict[str, set[tuple[str, str]]] = {}
    extras: dict[str, set[str]] = {}
    chosen: dict[str, Wheel] = {}
    waiting = [(root, "") for root in roots]
    while waiting:
        requirement, by = waiting.pop()
        name = canonicalize_name(requirement.name)
        before = (len(asked.setdefault(name, set())), len(extras.setdefault(name, set())))
        asked[name].add((str(requirement.specifier), by))
        extras[name] |= requirement.extras
        if before == (len(asked[name]), len(extras[name])):
            continue
        bounds = SpecifierSet(",".join(text for text, _ in asked[name] if text))
        best = max((w for w in fitting.get(name, []) if w.version in bounds), key=lambda w: w.version, default=None)
        if best is None:
            chosen.pop(name, None)
            continue
        chosen[name] = best
        waiting += [(needed, name) for needed in _needed(best, extras[name], target)]
    missing = [
        f"{target}：缺少 {name} {'、'.join(sorted(text for text, _ in users if text))}".rstrip()
        + f"（{'、'.join(sorted(by for _, by in users if by)) or '安装包'} 需要）"
        for name, users in sorted(asked.items())
        if name not in chosen
    ]
    return Closure(tuple(chosen[name] for name in sorted(chosen)), tuple(missing))


def _needed(wheel: Wheel, extras: set[str], target: Target) -> Iterator[Requirement]:
    for requirement in wheel.requirements:
        marker = requirement.marker
        if marker is None or any(marker.evaluate({**target.environment, "extra": name}) for name in ("", *extras)):
            yield requirement
