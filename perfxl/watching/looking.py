"""Looks at the watched folder and waits for the next look, also where the folder goes away and comes back."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

from perfxl.watching.bell import Bell, bell_of
from perfxl.watching.pace import Pace
from perfxl.watching.scan import LostFolderError, Scan, scan
from perfxl.watching.screen import Screen

COST = 4
"""Waits are so many times as long as a look at the least: looking must not be all that a slow network does."""


class Lookout:
    """A folder under watch. further: another folder whose changes end a wait too.

    poll: whether it is looked at again and again and no events are asked for.
    """

    def __init__(self, folder: Path, further: Path, output: Path, screen: Screen, pace: Pace, *, poll: bool) -> None:
        self._folder, self._further, self._output = folder, further, output
        self._screen, self._pace, self._poll = screen, pace, poll
        self._bell: Bell | None = None
        self._device: int | None = None
        self._lost = self._told = False
        self._cost = 0.0

    def look(self, besides: Collection[Path]) -> Scan | None:
        """The folder as it is now; None where it cannot be read, so that nothing is taken for removed.

        besides: see `discover`.
        """
        started = time.monotonic()
        try:
            seen = scan(self._folder, self._output, besides)
            if not seen.files and self._device not in (None, seen.device):
                # The empty place at which a drive has been.
                raise LostFolderError("磁盘或网络已断开")
        except LostFolderError as error:
            if not self._lost:
                self._screen.say(f"文件夹“{self._folder}”暂时打不开（{error}），等它恢复后继续")
                self._lost = True
                self.close()
            return None
        self._device, self._cost = seen.device, time.monotonic() - started
        if self._lost:
            self._screen.say(f"文件夹“{self._folder}”又能打开了，继续检查")
            self._lost = False
            self.close()
        return seen

    def wait(self, *, busy: bool) -> None:
        """Waits until it is to be looked again. busy: whether something is under way."""
        pace = self._pace
        if self._bell is None:
            self._bell = self._hung_up()
        seconds = pace.look if busy else pace.idle if self._bell.events else pace.polled
        seconds = max(seconds, COST * self._cost)
        try:
            self._bell.wait(pace.polled if self._lost else seconds)
        except Exception:
            # The system tells no more: another bell is hung up at the next turn.
            self.close()
            time.sleep(pace.look)

    def close(self) -> None:
        """Listens no more, until the next wait."""
        if self._bell is not None:
            self._bell.close()
        self._bell = None

    def _hung_up(self) -> Bell:
        bell = bell_of([self._folder, self._further], self._output, poll=self._poll or self._lost)
        if not (bell.events or self._poll or self._lost or self._told):
            self._told = True
            self._screen.say("系统不通知这个文件夹的变化，改为每隔一两秒查看一次")
        return bell
