"""Files that a command writes by name: what stands there already is not written over unasked."""

from __future__ import annotations

import os
from pathlib import Path

import click

from perfxl.cli.terminal import echo
from perfxl.errors import OutputError, UsageError

NAMED_AT_MOST = 20
force_option = click.option("--force", is_flag=True, help="文件已存在而内容不同时，覆盖它")


class Targets:
    """The files of one command. force: whether others are written over."""

    def __init__(self, *, force: bool) -> None:
        self._force = force
        self._refused: list[Path] = []

    def write(self, path: Path, data: bytes, done: str) -> None:
        """Writes a file whole or not at all and tells so in the words `done`; puts off one that would be lost.

        Raises OutputError where it cannot be written.
        """
        from perfxl.run.publish import output_error

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_file() and not self._force and path.read_bytes() != data:
                self._refused.append(path)
                return
            _write(path, data)
        except IsADirectoryError as error:
            raise OutputError(f"“{path}”是文件夹，不能作为文件写入。请换一个名称。") from error
        except OSError as error:
            raise output_error(path.parent, error) from error
        echo(f"{done}：{path}")

    def finish(self) -> None:
        """Raises UsageError where a file was left as it is."""
        if not self._refused:
            return
        names = "、".join(f"“{path}”" for path in self._refused[:NAMED_AT_MOST])
        more = f"等 {len(self._refused)} 个文件" if len(self._refused) > NAMED_AT_MOST else ""
        raise UsageError(f"{names}{more}已存在，内容不同，没有覆盖。请用 -o 换一个位置；确实要覆盖时加 --force")


def _write(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        # A device or a pipe, or a folder, of which the system says so.
        path.write_bytes(data)
        return
    path = path.resolve()
    passing = path.with_name(f".perfxl-{os.getpid()}.tmp")
    try:
        passing.write_bytes(data)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)


def names_for(sources: tuple[Path, ...], ending: str) -> list[str]:
    """The name of what is made of each source, after its own, no two alike whatever the case: x.json, x(2).json."""
    from perfxl.results.names import distinct

    return [f"{stem}{ending}" for stem in distinct([source.stem for source in sources])]
