"""Packing and unpacking with isal, which is several times as quick as zlib and packs as small; without it with zlib.

What is unpacked here is always compared with the size and the checksum that the archive tells (`workbook.container`).
"""

from __future__ import annotations

import zlib

try:
    from isal import igzip_lib, isal_zlib

    compressobj, decompressobj, crc32 = isal_zlib.compressobj, isal_zlib.decompressobj, isal_zlib.crc32
    Error: type[Exception] = igzip_lib.IsalError  # type: ignore[assignment]
    QUICK, COMPACT = 1, 3
except ImportError:
    compressobj, decompressobj, crc32 = zlib.compressobj, zlib.decompressobj, zlib.crc32  # type: ignore[assignment]
    Error = zlib.error
    QUICK, COMPACT = 1, 6

DEFLATED, RAW = zlib.DEFLATED, -zlib.MAX_WBITS
"""The one method, and the window of a stream without a head of its own, as archives have it."""
