"""Where each key of a TOML text stands: `tomllib` gives the values, but not their lines.

Only for text that `tomllib` has accepted: the scanner knows strings, comments and brackets, and nothing else.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_KEY_PART = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+')
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'",
    re.DOTALL,
)


class KeyLines:
    """Line numbers by path: `("indicators", 3, "settings", "na")`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0] + [match.end() for match in re.finditer("\n", text)]
        self._lines: dict[Path, int] = {}
        self._counts: Counter[Path] = Counter()
        self._scan()

    def line(self, *path: str | int) -> int:
        """The line of a path; of the nearest table around it where it has no line of its own."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def _scan(self) -> None:
        text, position = self._text, 0
        table: Path = ()
        while position < len(text):
            position = self._skip_space(position)
            if text.startswith("[[", position):
                parts, end = self._key(position + 2)
                table = self._open_array(parts)
                self._note(table[:-1], position)
                self._note(table, position)
                position = self._line_end(end)
            elif text.startswith("[", position):
                parts, end = self._key(position + 1)
                table = self._inside(parts)
                self._note(table, position)
                position = self._line_end(end)
            elif text[position : position + 1] in ("", "\n", "#", "\r"):
                position = self._line_end(position)
            else:
                parts, end = self._key(position)
                for length in range(1, len(parts) + 1):
                    self._note((*table, *parts[:length]), position)
                position = self._value_end(end)

    def _note(self, path: Path, position: int) -> None:
        self._lines.setdefault(path, bisect.bisect_right(self._starts, position))

    def _skip_space(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        return match.end() if match else position

    def _line_end(self, position: int) -> int:
        end = self._text.find("\n", position)
        return len(self._text) if end < 0 else end + 1

    def _key(self, position: int) -> tuple[list[str], int]:
        parts: list[str] = []
        while True:
            match = _KEY_PART.match(self._text, self._skip_space(position))
            if not match:
                return parts, position
            part = match.group()
            parts.append(part[1:-1] if part[0] in "\"'" else part)
            position = self._skip_space(match.end())
            if self._text[position : position + 1] != ".":
                return parts, position
            position += 1

    def _inside(self, parts: list[str]) -> Path:
        """The path of a table header: inside the last element of every array of tables on its way."""
        path: Path = ()
        for part in parts:
            path = (*path, part)
            if self._counts[path]:
                path = (*path, self._counts[path] - 1)
        return path

    def _open_array(self, parts: list[str]) -> Path:
        array = (*self._inside(parts[:-1]), parts[-1])
        self._counts[array] += 1
        return (*array, self._counts[array] - 1)

    def _value_end(self, position: int) -> int:
        text, depth = self._text, 0
        while position < len(text):
            char = text[position]
            if char in "\"'" and (match := _STRING.match(text, position)):
                position = match.end()
                continue
            if char == "#":
                position = self._line_end(position) - 1
                if position >= len(text) - 1 and not text.endswith("\n"):
                    return len(text)
                continue
            if char in "[{":
                depth += 1
            elif char in "]}":
                depth -= 1
            elif char == "\n" and depth == 0:
                return position + 1
            position += 1
        return position
