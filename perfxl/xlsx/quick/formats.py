"""Formats that are made once in a process and copied into each workbook, and how a cell refers to them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from xlsxwriter.format import Format

from perfxl.caches import cached

LOOKS_KEPT = 2000


def prototype(properties: dict[str, Any]) -> Format:
    """A format of no workbook, to be copied into many."""
    form = Format(properties)
    form._get_format_key()
    return form


def copy_format(form: Format, workbook: Any) -> Format:
    """A format for a workbook, as `add_format` would make it of the same properties."""
    copied = _copy(form, workbook.xf_format_indices, workbook.dxf_format_indices)
    workbook.formats.append(copied)
    return copied


def _copy(form: Format, numbers: dict[Any, int], numbers_in_conditions: dict[Any, int]) -> Format:
    copied = Format.__new__(Format)
    copied.__dict__ = form.__dict__.copy()
    copied.xf_format_indices = numbers
    copied.dxf_format_indices = numbers_in_conditions
    return copied


class SharedFormats:
    """Formats that many workbooks begin with: the same objects, with the same numbers, in all of them."""

    def __init__(self, prototypes: Iterable[Format]) -> None:
        self.numbers: dict[Any, int] = {}
        self.formats = [_copy(form, self.numbers, {}) for form in prototypes]
        for form in self.formats:
            form._get_xf_index()


def share_formats(shared: SharedFormats, workbook: Any) -> None:
    """Gives a workbook without formats of its own those that it shares."""
    workbook.formats += shared.formats
    workbook.xf_format_indices.update(shared.numbers)


def take_formats(formats: list[Format], numbers: dict[Any, int], in_conditions: dict[Any, int], workbook: Any) -> None:
    """Gives a workbook without formats of its own those of another. numbers, in_conditions: how they are numbered."""
    workbook.formats = formats.copy()
    workbook.xf_format_indices, workbook.dxf_format_indices = numbers.copy(), in_conditions.copy()


def style_of(form: Format) -> str:
    """A format as a cell refers to it: what stands between its reference and its type."""
    return f'" s="{form._get_xf_index()}"'


@cached(maxsize=LOOKS_KEPT)
def prototype_of(make: Callable[..., dict[str, Any]], *look: Hashable) -> Format:
    """The format of the properties that `make(*look)` gives, made once."""
    return prototype(make(*look))


@cached(maxsize=50)
def shared_styles(
    make: Callable[..., dict[str, Any]], looks: tuple[Hashable, ...]
) -> tuple[SharedFormats, dict[Hashable, str]]:
    """Formats that many workbooks begin with, and how cells refer to them by their looks."""
    formats = SharedFormats([prototype_of(make, look) for look in looks])
    return formats, dict(zip(looks, map(style_of, formats.formats), strict=True))
