"""The parts of a workbook that were looked at, packed anew for the parser.

So it sees these bytes and no others, whatever the archive that came in hides from zipfile, and inflates nothing.
"""

from __future__ import annotations

import io
import struct
import zlib

_LOCAL, _ENTRY, _END = (struct.Struct(form) for form in ("<4s5H3L2H", "<4s6H3L5H2L", "<4s4H2LH"))
_VERSION, _UTF8_NAME, _DATE = 20, 0x800, 0x21


class StoredParts:
    """A zip archive in memory whose parts are not packed."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._entries: list[bytes] = []
        self._size = 0

    def add(self, name: str, data: bytes) -> None:
        """Adds a part. Raises struct.error where the archive grows beyond 4 GB."""
        title, size = name.encode(), len(data)
        about = (_VERSION, _UTF8_NAME, 0, 0, _DATE, zlib.crc32(data), size, size, len(title), 0)
        self._entries.append(_ENTRY.pack(b"PK\x01\x02", _VERSION, *about, 0, 0, 0, 0, self._size) + title)
        head = _LOCAL.pack(b"PK\x03\x04", *about) + title
        self._pieces += (head, data)
        self._size += len(head) + size

    def finish(self) -> io.BytesIO:
        """The archive, to be read from its beginning."""
        directory, count = b"".join(self._entries), len(self._entries)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), self._size, 0)
        return io.BytesIO(b"".join((*self._pieces, directory, end)))
