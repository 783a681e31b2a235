"""A register on disk for the time of a run: for the process that writes it, and for whoever reads its lines, which of
thousands of departments would take a good part of all that a run has in memory.
"""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from perfxl.register.model import Line, Register, Reminder

_AT_ONCE = 256
"""Lines that are pickled together: texts that they share are one text again when they are read."""


def put_down(register: Register, lines: Iterable[Line], path: Path) -> None:
    """Writes a register to a file of the run, for `taken_up` and `WaitingLines`. lines: all of it, in the order in
    which they are to be read. Raises OSError."""
    with path.open("wb") as file:
        pickle.dump((register.run, register.taken), file)
        for kind in (lines, register.reminders.values()):
            rows: Iterator[Line | Reminder] = iter(kind)
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


@dataclass(frozen=True)
class WaitingLines(Collection[Line]):
    """The lines of a register in a file of this run, read anew each time. count: how many there are.

    of_scheme: only those of this scheme, by its code; empty for all.
    """

    path: Path
    count: int
    of_scheme: str = ""

    def of(self, scheme: str) -> WaitingLines:
        """Those of one scheme."""
        return WaitingLines(self.path, sum(line.scheme == scheme for line in self), scheme)

    def __iter__(self) -> Iterator[Line]:
        with self.path.open("rb") as file:
            # The bytes are this run's own.
            pickle.load(file)
            while some := pickle.load(file):
                yield from (line for line in some if self.of_scheme in ("", line.scheme))

    def __len__(self) -> int:
        return self.count

    def __contains__(self, line: object) -> bool:
        return any(one == line for one in self)
