"""How fast a watch goes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Times of a watch in seconds, all of them of a clock that nobody sets.

    look: between two looks while something is under way. idle: the same while nothing is and the system tells of
    changes, polled: where it does not. still: how long a file must not change before it is read; unmarked: the same for
    formats that do not show whether they are whole. part: how long one that is not whole is waited for after its last
    change, locked: one that another program holds. told: when that it is waited for is said. gone: how long after its
    removal a file may come back, as programs do that save by renaming. quiet: how long nothing must happen before the
    summary is renewed, where the last run took longer so long, longest_quiet at most. again: after a run that failed.
    """

    look: float = 0.4
    idle: float = 5.0
    polled: float = 1.0
    still: float = 0.7
    unmarked: float = 2.0
    part: float = 15.0
    locked: float = 15.0
    told: float = 3.0
    gone: float = 1.5
    quiet: float = 3.0
    longest_quiet: float = 60.0
    again: float = 30.0
