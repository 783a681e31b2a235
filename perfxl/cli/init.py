"""`perfxl init`: a year's folder, for people who have no command line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.at_hand import other_schemes
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.terminal import echo
from perfxl.folders import BUREAU_FOLDER, PREFILLED_FOLDER

if TYPE_CHECKING:
    from perfxl.desk.place import Placed
    from perfxl.desk.scheme import FolderScheme

NAMED = 20
"""More names of one folder than that are counted."""


@click.command(cls=ChineseCommand)
@click.argument("name", metavar="文件夹")
@click.option(
    "--scheme",
    "scheme_sources",
    metavar="方案",
    multiple=True,
    help="评分方案：内置代码，或 .toml、.xlsx 文件；可写多次，会放进去。不写时用内置方案，年份按文件夹名称",
)
@click.option(
    "--roster", metavar="文件", type=click.Path(path_type=Path), help="部门名录：放进去，并为每个部门生成一份预填模板"
)
@click.option(
    "--system",
    "systems",
    metavar="windows|macos|linux|all",
    multiple=True,
    type=click.Choice(["windows", "macos", "linux", "all"], case_sensitive=False),
    help="给哪种电脑双击用，可写多次，默认本机这种；其余的放在“其他系统”里",
)
@click.option("--force", is_flag=True, help="说明和启动文件被改过的，也换成新的")
def init(
    name: str, scheme_sources: tuple[str, ...], roster: Path | None, systems: tuple[str, ...], force: bool
) -> None:
    """建立一个年度的文件夹：input、output、workbook_templates（模板和名单）、说明，以及双击就能用的启动文件。

    已有的文件夹也可以再运行一次：缺的补上；已有的模板、名单和改过的文件都不动；没有改过的启动文件换成新版。
    """
    from perfxl.desk.folder import cannot_write, make_parts, put_starters, refuse
    from perfxl.desk.scheme import folder_scheme
    from perfxl.errors import UsageError

    if not name.strip():
        # To the system it means the folder where it stands, and to a person nothing.
        raise UsageError("请写文件夹的名称，例如 perfxl init 2023年度绩效评价")
    folder = Path(name)
    bureau = folder / BUREAU_FOLDER
    try:
        refuse(folder)
        chosen = folder_scheme(folder, bureau, scheme_sources)
        _look_at_roster(chosen, roster, bureau)
        made = make_parts(folder)
        added, left = _fill_bureau(bureau, chosen, roster)
        placed = put_starters(folder, chosen.schemes, _systems(systems), force=force)
    except OSError as error:
        raise cannot_write(folder, error) from error
    _tell(folder, made, added, left, placed)
    for words in chosen.told:
        echo(words)
    echo(f"下一步：打开文件夹“{folder}”，先看“说明.xlsx”。")


def _systems(names: Sequence[str]) -> tuple[str, ...]:
    from perfxl.desk.starters import SYSTEMS, this_system

    if "all" in names:
        return SYSTEMS
    return tuple(system for system in SYSTEMS if system.lower() in names) or (this_system(),)


def _look_at_roster(chosen: FolderScheme, roster: Path | None, bureau: Path) -> None:
    """Raises UsageError, ListError where the roster cannot be used: then nothing has been made yet."""
    from functools import partial

    from perfxl.errors import UsageError
    from perfxl.files import read_regular
    from perfxl.lists.roster import read_roster

    for name, data in chosen.files.items():
        standing = bureau / name
        if standing.exists() and not (standing.is_file() and read_regular(standing) == data):
            raise UsageError(f"“{standing}”已存在，内容不同，没有覆盖。请把其中一个改名，或去掉 --scheme")
    if roster is None:
        return
    if read_roster(roster, chosen.schemes, partial(other_schemes, bureau)) is None:
        raise UsageError(f"部门名录“{roster}”里没有本次要评的部门。请先填写，或用 --scheme 加上它写明的方案")
    target = _place_of(roster, bureau)
    if target.exists() and not (target.is_file() and read_regular(target) == read_regular(roster)):
        raise UsageError(f"“{target}”已存在，内容不同，没有覆盖。请先核对，只留一份")


def _place_of(roster: Path, bureau: Path) -> Path:
    from perfxl.lists.roster import FILE_NAME

    return bureau / Path(FILE_NAME).with_suffix(roster.suffix.lower())


def _fill_bureau(bureau: Path, chosen: FolderScheme, roster: Path | None) -> tuple[list[Path], list[Path]]:
    """Schemes, roster, templates and lists that are not there yet. Returns what was written, and what was left."""
    from perfxl.cli.template import write_blank, write_prefilled, write_word_templates
    from perfxl.documents.needed import is_there
    from perfxl.files import read_regular

    before = set(bureau.rglob("*"))
    copies = {bureau / name: data for name, data in chosen.files.items()}
    if roster is not None:
        copies[_place_of(roster, bureau)] = read_regular(roster)
    for path, data in copies.items():
        if not path.exists():
            path.write_bytes(data)
    prefilled = bureau / PREFILLED_FOLDER
    if roster is not None and not (prefilled.is_dir() and any(prefilled.iterdir())):
        listed = _place_of(roster, bureau)
        _whole(prefilled, lambda place: write_prefilled(chosen.schemes, place, listed, None, bureau))
    write_blank(chosen.schemes, bureau, keep=lambda path: True)
    if is_there():
        write_word_templates(bureau, lambda path: None)
    else:
        echo("没有装写 Word 文书的部件，没有放文书模板。需要时请安装：pip install 'perfxl[documents]'，再运行一次。")
    after = [path for path in sorted(bureau.rglob("*")) if path.is_file()]
    return [path for path in after if path not in before], [path for path in after if path in before]


def _whole(folder: Path, write: Callable[[Path], object]) -> None:
    """A new folder with all that is written into it, or none: half of the templates would pass for all of them."""
    passing = folder.with_name(f".perfxl-{os.getpid()}.tmp")
    try:
        passing.mkdir()
        write(passing)
        if folder.is_dir():
            folder.rmdir()
        passing.rename(folder)
    finally:
        shutil.rmtree(passing, ignore_errors=True)


def _tell(folder: Path, made: Sequence[str], added: Sequence[Path], left: Sequence[Path], placed: Placed) -> None:
    new = [*made, *_below(folder, added), *placed.added]
    for title, paths, advice in (
        ("新建", new, ""),
        ("换成新版", placed.renewed, ""),
        ("方案中没有这个期间了，已删去", placed.retired, ""),
        ("被改过，没有改动", placed.changed, "，要换成新的请加 --force"),
        ("原来就有，没有改动", _below(folder, left), ""),
    ):
        if paths:
            echo(f"{title}（{len(paths)} 个{advice}）：")
        for words in _by_folder(paths):
            echo(f"  {words}")
    if not new and not placed.renewed and not placed.retired:
        echo("已经齐全，没有需要新建的。")
    echo(f"年度文件夹：{folder.absolute()}")


def _below(folder: Path, paths: Sequence[Path]) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def _by_folder(paths: Sequence[str]) -> Iterator[str]:
    """The names, one line a folder; those of a folder with many are only counted."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        parent, _, name = path.rpartition("/")
        folders.setdefault(parent, []).append(name)
    for parent, names in folders.items():
        counted = f"{len(names)} 个文件" if len(names) > NAMED else "、".join(names)
        yield f"{parent}：{counted}" if parent else counted
