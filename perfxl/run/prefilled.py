"""Writes the templates of a roster, each with what the bureau knows of the department, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple

from perfxl.layout.fields import FieldId
from perfxl.processes import Lost
from perfxl.run.garbage import gc_paused
from perfxl.run.workers import Workers
from perfxl.scheme.model import Scheme

BOOKS_AT_ONCE = 64


class Prefilled(NamedTuple):
    """A template to be written, with the values that stand in it from the beginning. fixed: nobody may change these."""

    scheme: str
    path: Path
    values: Mapping[FieldId, Decimal | str]
    fixed: Collection[FieldId] = ()


def write_templates(
    schemes: Mapping[str, Scheme],
    wanted: Sequence[Prefilled],
    jobs: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Writes them all. schemes: by id. jobs: processes, 0 for one per core. progress: how many are written, of all.

    Raises KeyError, ValueError or OSError as `perfxl.template.write_template`.
    """
    with Workers(jobs, len(wanted)) as workers:
        calls = []
        for key, scheme in schemes.items():
            # Workers may have been started while another folder was the current one.
            own = [item._replace(path=item.path.absolute()) for item in wanted if item.scheme == key]
            calls += [partial(_write, scheme, some) for some in workers.chunks(own, BOOKS_AT_ONCE)]
        progress(done := 0, len(wanted))
        workers.start(calls)
        for number, answer in workers.finish():
            # What a worker has not written is written here, and raises here what it may.
            done += calls[number]() if isinstance(answer, Lost) else answer
            progress(done, len(wanted))


def _write(scheme: Scheme, wanted: Sequence[Prefilled]) -> int:
    from perfxl.template import write_template

    with gc_paused():
        for item in wanted:
            write_template(scheme, item.path, item.values, fixed=item.fixed)
    return len(wanted)
