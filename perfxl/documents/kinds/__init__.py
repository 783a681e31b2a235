"""The kinds of documents: each is a module of this folder with its declaration `KIND`; it is found by being here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence

from perfxl.caches import cached
from perfxl.documents.kind import Kind
from perfxl.errors import UsageError


def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in the order of lists."""
    return _kinds(tuple(__path__))


@cached(maxsize=8)
def _kinds(folders: tuple[str, ...]) -> tuple[Kind, ...]:
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(folders)]
    kinds = [module.KIND for module in modules if hasattr(module, "KIND")]
    return tuple(sorted(kinds, key=lambda kind: (kind.order, kind.name)))


def kinds_named(words: Sequence[str]) -> tuple[Kind, ...]:
    """The kinds that are meant, all where none is named. Raises UsageError."""
    kinds = all_kinds()
    if not words:
        return kinds
    chosen: list[Kind] = []
    for word in words:
        found = [kind for kind in kinds if kind.answers_to(word)]
        if not found:
            raise UsageError(f"没有文书“{word}”。可用的有：{'、'.join(kind.name for kind in kinds)}")
        chosen += found
    return tuple(kind for kind in kinds if kind in chosen)
