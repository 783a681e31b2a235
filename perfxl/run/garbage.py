"""Garbage collection in long work: Python's usual way looks at all living objects over and over."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """What refers to itself in a circle is looked for once, among the objects that were made inside."""
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if usual:
            gc.enable()
