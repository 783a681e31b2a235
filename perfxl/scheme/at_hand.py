"""The schemes of a run: those that are named, or those that stand in the bureau's folder, each once and of one year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from perfxl.scheme import load_scheme
from perfxl.scheme.library import scheme_files
from perfxl.scheme.model import Scheme

Schemes = Scheme | Sequence[Scheme]
"""One scheme or several, of which the first is the main one."""


@dataclass(frozen=True)
class AtHand:
    """The schemes of a run, at least one. told: a sentence on each that is not used, and why.

    found: the files of the folder that are used, none where the schemes were named or the default one is used.
    """

    schemes: tuple[Scheme, ...]
    told: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def as_schemes(schemes: Schemes) -> tuple[Scheme, ...]:
    """One scheme or several as a tuple."""
    return (schemes,) if isinstance(schemes, Scheme) else tuple(schemes)


def schemes_at_hand(sources: Sequence[str | Path], folder: Path | None = None) -> AtHand:
    """The schemes that are named by `sources`; else those that stand in the folder; else the default one.

    Of several years the newest counts, of several with one code the highest version. Raises as `load_scheme` where one
    of them does not hold: a run by the rest would reject the workbooks of that one.
    """
    if sources:
        loaded = [(str(source), load_scheme(source)) for source in sources]
    else:
        loaded = [(str(path), load_scheme(path.absolute())) for path in (scheme_files(folder) if folder else ())]
    if not loaded:
        return AtHand((load_scheme(),))
    schemes, told, used = _newest(loaded)
    return AtHand(schemes, told, () if sources else used)


def _newest(loaded: Sequence[tuple[str, Scheme]]) -> tuple[tuple[Scheme, ...], tuple[str, ...], tuple[str, ...]]:
    """The schemes that count, what is told of the others, and the sources of those that count."""
    year = max(scheme.year for _, scheme in loaded)
    told = [
        f"评分方案“{source}”是 {scheme.year} 年度的，本次使用较新的 {year} 年度方案，没有使用它。"
        for source, scheme in loaded
        if scheme.year != year
    ]
    chosen: dict[str, tuple[str, Scheme]] = {}
    for source, scheme in loaded:
        if scheme.year != year:
            continue
        other = chosen.get(scheme.id)
        if other is None:
            chosen[scheme.id] = source, scheme
        elif _version(scheme) > _version(other[1]):
            told.append(_same_code(other, (source, scheme)))
            chosen[scheme.id] = source, scheme
        else:
            told.append(_same_code((source, scheme), other))
    sources, schemes = zip(*chosen.values(), strict=True)
    return schemes, tuple(told), sources


def _version(scheme: Scheme) -> tuple[int, ...]:
    """As people count versions: 1.10 is higher than 1.9."""
    numbers = [int(number) for number in re.findall(r"\d+", scheme.header.version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _same_code(left: tuple[str, Scheme], kept: tuple[str, Scheme]) -> str:
    """What is told of a scheme whose code another one has too."""
    (source, scheme), (other, used) = left, kept
    if _version(scheme) != _version(used):
        why = f"版本 {scheme.header.version} 低于 {used.header.version}"
    elif scheme == used:
        why = "内容也相同"
    else:
        why = f"版本同为 {used.header.version}，内容却不同，请核对"
    return f"评分方案“{source}”与“{other}”的代码都是“{scheme.id}”，{why}，没有使用它。"
