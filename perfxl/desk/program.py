"""Where the perfxl stands that made a year's folder: the first place where its starters look."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from perfxl.desk.windows import CODE_PAGES, PROGRAM


def program_files() -> Iterator[tuple[str, bytes | None]]:
    """Name and content of the files that name the program, one for each way of reading them; None: none is possible.

    Only the system that this is has them anew: a folder on a network may be used from several.
    """
    if not sys.executable:
        return
    if os.name == "nt":
        for page, encoding in CODE_PAGES.items():
            try:
                yield f"{PROGRAM}.{page}.txt", f"{sys.executable}\r\n".encode(encoding)
            except UnicodeEncodeError:
                yield f"{PROGRAM}.{page}.txt", None
    else:
        yield f"{PROGRAM}.txt", os.fsencode(sys.executable) + b"\n"
