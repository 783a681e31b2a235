"""A register on its way to the process that writes it: on disk, since who hands it over has no room for it twice."""

from __future__ import annotations

import pickle
from itertools import islice
from pathlib import Path

from perfxl.register.model import Register

_AT_ONCE = 256
"""Lines that are pickled together: texts that they share are one text again when they are read."""


def put_down(register: Register, path: Path) -> None:
    """Writes a register to a file of the run, for `taken_up`. Raises OSError."""
    with path.open("wb") as file:
        pickle.dump((register.run, register.taken), file)
        for kind in (register.lines, register.reminders):
            rows = iter(kind.values())
            while some := list(islice(rows, _AT_ONCE)):
                pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
            pickle.dump([], file)


def taken_up(path: Path) -> Register:
    """The register in a file of this run. Raises OSError."""
    with path.open("rb") as file:
        # The bytes are this run's own.
        run, taken = pickle.load(file)
        register = Register(run, taken=taken)
        for kind in (register.lines, register.reminders):
            while some := pickle.load(file):
                kind |= {row.key: row for row in some}
    return register
