"""What a worker process does to itself before it touches anything foreign: bounds, silence, no life of its own."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import wait

MEMORY_BYTES = 900_000_000
"""What a worker may take on top of its libraries: the largest harmless workbook needs some 700 MB, and with the
libraries (200 MB of address space) a worker stays near 1 GB."""
LIMITED = sys.platform == "linux"
"""Whether the system itself bounds the address space; elsewhere the parent looks at the memory of its workers."""
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_DEATH_OF_PARENT = 1


def bound_memory() -> None:
    """This process may not take more than MEMORY_BYTES beside what it has now."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            present = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = present + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (bound if hard < 0 else min(bound, hard), hard))


def one_thread() -> None:
    """Numeric libraries reserve address space for each of their threads, and a worker needs one: before imports."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def stay_quiet() -> None:
    """No trace of a parser on the terminal, no core with a department's data on disk; Ctrl-C is the parent's."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.disable()
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def end_with_parent(parent: int) -> None:
    """A worker does not outlive its run: one that is killed leaves no process behind that waits or works for ever."""
    if LIMITED:
        with contextlib.suppress(OSError, AttributeError):
            # The system does it even where a parser never lets another thread run.
            ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGKILL, 0, 0, 0)

    def watch() -> None:
        above = multiprocessing.parent_process()
        if os.name == "nt" and above is not None:
            wait([above.sentinel])
        while os.name != "nt" and os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
