"""What goes to the terminal: made harmless, and never a reason to fail.

File names come from strangers and may hold control characters; a pipe may be closed and a disk full while a run still
works. All words of the commands go through `echo`.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import re
import sys
import unicodedata
from typing import TextIO

import click

from perfxl.errors import system_words

_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
"""Unicode has a visible picture of each control character."""
_QUOTED_SHOWN, _RUN_SHOWN = 300, 260
"""Letters of a quoted text, and of a name without quotes, that are shown; a file's name has no more than 255."""
_LONG = re.compile(rf"(?<=“)[^“”]{{{_QUOTED_SHOWN + 1},}}(?=”)|[^\s、；。，：“”（）/\\]{{{_RUN_SHOWN + 1},}}")
_BEGINNING = 80


def harmless(text: str) -> str:
    """The text with everything that moves a cursor, changes colours or turns the reading direction made visible."""
    if text.isprintable():
        return text
    return "".join(letter if letter in "\n\t" or letter.isprintable() else _shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if picture := _PICTURES.get(ord(letter)):
        return chr(picture)
    # Spaces of other widths and parts of emoji are only unusual.
    usual = unicodedata.category(letter) in ("Zs", "Co", "Cn") or letter in "\u200c\u200d"
    return letter if usual else "\ufffd"


def escaped(text: str) -> str:
    """A JSON document that says the same with such characters written as escapes."""
    return "".join(
        letter if letter == "\n" or letter.isprintable() or _shown(letter) == letter else json.dumps(letter)[1:-1]
        for letter in text
    )


def for_screen(text: str) -> str:
    """The text, harmless; of a name or a quoted text that fills a whole cell only the beginning, as what is said of it
    counts."""
    if len(text) > _RUN_SHOWN:
        text = _LONG.sub(lambda found: f"{found[0][:_BEGINNING]}…", text)
    return harmless(text)


def echo(text: str, *, err: bool = False, nl: bool = True, whole: bool = False) -> None:
    """Shows a text, on stderr where `err`. whole: nothing of it is left out, however long."""
    click.echo(harmless(text) if whole else for_screen(text), err=err, nl=nl)


class _Steady(io.FileIO):
    """A file descriptor whose failures to write are remembered and not raised."""

    failure: OSError | None = None

    def write(self, data: object, /) -> int:
        """How many bytes were taken: all of them once writing has failed."""
        if self.failure is None:
            try:
                return super().write(data)  # type: ignore[arg-type]
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes  # type: ignore[arg-type]


def prepare_streams() -> None:
    """Makes stdout and stderr take every character, and outlive a closed pipe and a full disk."""
    sys.stdout, sys.stderr = _prepared(sys.stdout), _prepared(sys.stderr)


def _prepared(stream: TextIO) -> TextIO:
    # None where a program has no console at all.
    if stream is None:
        return stream
    try:
        encoding, number, terminal = stream.encoding, stream.fileno(), stream.isatty()
        if os.name == "nt" and terminal:
            # A Windows console has a way of its own; it may not know every character of a department's name.
            stream.reconfigure(errors="replace")  # type: ignore[attr-defined]
            return stream
        # A system without a language (LC_ALL=C) says that it knows ASCII only; the terminal shows Chinese all the same.
        encoding = "utf-8" if _is_ascii(encoding) else encoding
        stream.flush()
        raw = _Steady(number, "w", closefd=False)
    except (AttributeError, ValueError, OSError):
        return stream
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, "replace", line_buffering=terminal)


def _is_ascii(encoding: str) -> bool:
    try:
        "中".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def lost_output() -> bool:
    """Whether words could not be shown for another reason than that nobody reads on; says so on stderr."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    failure = raw.failure if isinstance(raw, _Steady) else None
    if failure is None or failure.errno == errno.EPIPE:
        return False
    echo(f"错误：屏幕输出没有写完（{system_words(failure)}）。", err=True)
    return True


def in_utf8() -> None:
    """Starts the program anew where the system cannot name files in Chinese (LC_ALL=POSIX without UTF-8)."""
    marker = "PYTHONUTF8"
    if os.name != "posix" or not _is_ascii(sys.getfilesystemencoding()) or os.environ.get(marker) == "1":
        return
    with contextlib.suppress(OSError):
        arguments = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
        os.execve(sys.executable, arguments, {**os.environ, marker: "1"})
