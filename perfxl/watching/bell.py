"""When to look at the folder again: when the system tells of a change, or after a time where it cannot."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from perfxl.intake.file_names import ignored_by_name

_STEP = 200
"""Milliseconds after which it is looked whether the time is over; so quick is Ctrl-C too."""


class Bell(Protocol):
    """Tells when something may have changed. events: whether the system says so, and not only the time."""

    events: bool

    def wait(self, seconds: float) -> bool:
        """Waits so long at most; whether it is to be looked at now."""

    def close(self) -> None:
        """Listens no more."""


class Polling:
    """Every time is a time to look."""

    events = False

    def wait(self, seconds: float) -> bool:
        """See `Bell`."""
        time.sleep(seconds)
        return True

    def close(self) -> None:
        """See `Bell`."""


class Events:
    """What the system tells of changes below some folders, those of `without` and of passing files left out.

    Raises Exception where it cannot tell: the package is missing, there are too many listeners, a folder is gone.
    """

    events = True

    def __init__(self, folders: Sequence[Path], without: Path) -> None:
        from watchfiles import watch

        output = without.resolve()

        def counts(_: Any, path: str) -> bool:
            return not ignored_by_name(Path(path).name) and not Path(path).is_relative_to(output)

        self._changes = watch(
            *(folder.resolve() for folder in folders),
            watch_filter=counts,
            debounce=2 * _STEP,
            step=50,
            rust_timeout=_STEP,
            yield_on_timeout=True,
            force_polling=False,
            ignore_permission_denied=True,
        )
        # Only now does it begin to listen.
        self._heard = bool(next(self._changes))

    def wait(self, seconds: float) -> bool:
        """See `Bell`. Raises Exception where the system tells no more."""
        until = time.monotonic() + seconds
        while not self._heard and time.monotonic() < until:
            self._heard = bool(next(self._changes))
        heard, self._heard = self._heard, False
        return heard

    def close(self) -> None:
        """See `Bell`."""
        with contextlib.suppress(Exception):
            self._changes.close()


def bell_of(folders: Sequence[Path], without: Path, *, poll: bool) -> Bell:
    """Events where they can be had, else time alone. poll: no events, for folders on other computers."""
    if not poll:
        with contextlib.suppress(Exception):
            return Events([folder for folder in folders if folder.is_dir()], without)
    return Polling()
