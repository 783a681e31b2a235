"""Where the register stands, and how it is read and kept: in the output folder, and a safe copy in the bureau's folder.

The copy in the output folder is published with the results; the safe copy is written when they are in place. Whenever a
run is killed one of the two is whole.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path

from perfxl.errors import OutputError, system_words
from perfxl.files import read_regular
from perfxl.folders import BUREAU_FOLDER
from perfxl.intake.file_names import WORKBOOKS
from perfxl.register.merge import Copy, merged
from perfxl.register.model import FILE_NAME, Register
from perfxl.register.workbook import NoRegisterError, UnreadableError, read_register, write_register

USUAL_OUTPUT = "output"
_STEM = FILE_NAME.removesuffix(".xlsx")
_BROKEN, _FOREIGN, _UNREAD = "已损坏", "原有", "读不出"
"""In the names of what was found in a register's place: the first two are none, and are not looked at again."""


@dataclass
class Kept:
    """The register of an output folder as a run finds it. told: what is to be told of it, in words.

    spare: further copies in the output folder, under other names, by their digests. ours: its own name, where the copy
    in the output folder was read, whose place the next one may take.
    """

    register: Register
    told: list[str] = field(default_factory=list)
    spare: dict[Path, str] = field(default_factory=dict)
    ours: list[str] = field(default_factory=list)


def safe_path(output: Path, folder: Path | None = None) -> Path | None:
    """Where the safe copy stands; None where that would be among the workbooks to read, in `folder`."""
    whole = output.resolve()
    # The results of a stage of the year stand in a folder of their own among those of the year.
    place = (whole.parent.parent if whole.parent.name == USUAL_OUTPUT else whole.parent) / BUREAU_FOLDER
    if folder is not None and place.is_relative_to(folder.resolve()):
        return None
    own = whole.name
    return place / (FILE_NAME if own == USUAL_OUTPUT else f"{_STEM}（{own}）.xlsx")


def read_kept(output: Path, safe: Path | None, scheme: str, year: str) -> Kept:
    """What the copies of the register hold together. Nobody else may be writing to the output folder.

    scheme, year: see `read_register`. A copy that cannot be used is put aside under another name, so that nothing is
    written over it. Raises OutputError where that cannot be done, or no copy can be read and one is there.
    """
    kept = Kept(Register())
    copies: list[Copy] = []
    same_bytes: set[str] = set()
    unread: dict[Path, str] = {}
    own = (output / FILE_NAME, safe)
    for path, working in _candidates(output, safe):
        try:
            digest = hashlib.sha256(read_regular(path)).hexdigest()
            if digest in same_bytes:
                # The usual case: both copies as the last run wrote them.
                _note(copies, kept, output, path, digest, working=working)
                continue
            copy, of = read_register(path, _shown(path, output), working=working, scheme=scheme, year=year)
        except FileNotFoundError:
            continue
        except (OSError, UnreadableError) as error:
            unread[path] = system_words(error) if isinstance(error, OSError) else str(error)
            continue
        except NoRegisterError as error:
            if path in own:
                _put_aside(path, _BROKEN if error.damaged else _FOREIGN, str(error), kept)
            elif error.damaged:
                kept.told.append(f"往来登记“{path}”不能用（{error}），没有采用。")
            continue
        if not working and path not in own and of != output.resolve().name:
            continue
        same_bytes.add(digest)
        copies.append(copy)
        _note(copies, kept, output, path, digest, working=working)
    if unread and not copies:
        path, why = next(iter(unread.items()))
        raise OutputError(
            f"往来登记“{path}”读不出（{why}）。请关闭正打开它的程序、核对文件，再运行一次。原有结果没有改动。"
        )
    for path in _other_formats(output, safe):
        kept.told.append(
            f"“{path.parent.name}/{path.name}”不是 .xlsx，没有采用。其中有要采用的内容，请打开它，另存为“{FILE_NAME}”；"
            "没有的，请移走。"
        )
    for path, why in unread.items():
        if path in own:
            _put_aside(path, _UNREAD, why, kept)
        else:
            kept.told.append(f"往来登记“{path}”读不出（{why}），没有采用。")
    if copies:
        kept.register, told = merged(copies)
        kept.told += told
        _tell_restored(copies, kept, output, safe)
    return kept


def _note(copies: Sequence[Copy], kept: Kept, output: Path, path: Path, digest: str, *, working: bool) -> None:
    for copy in copies:
        if copy.sha256 == digest:
            copy.working = copy.working or working
            copy.safe = copy.safe or not working
    if path == output / FILE_NAME:
        kept.ours.append(FILE_NAME)
    elif working:
        kept.spare[path] = digest


def _shown(path: Path, output: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent != output else f"{output.resolve().name}/{path.name}"


def _candidates(output: Path, safe: Path | None) -> list[tuple[Path, bool]]:
    """What may be a copy, with whether it stands in the output folder."""
    found: list[tuple[Path, bool]] = []
    for folder, working in ((output, True), (safe.parent if safe else None, False)):
        if folder is None or not folder.is_dir():
            continue
        with suppress(OSError):
            names = sorted(
                path.name for path in folder.iterdir() if path.name.startswith(_STEM) and path.suffix == ".xlsx"
            )
            found += [(folder / name, working) for name in names if _BROKEN not in name and _FOREIGN not in name]
    return found


def _other_formats(output: Path, safe: Path | None) -> list[Path]:
    """What a clerk may have saved a register as: the program keeps it in one format alone."""
    found: list[Path] = []
    for folder in (output.resolve(), safe.parent if safe else None):
        if folder is not None and folder.is_dir():
            with suppress(OSError):
                found += sorted(
                    path
                    for path in folder.iterdir()
                    if path.name.startswith(_STEM) and path.suffix.lower() in WORKBOOKS - {".xlsx"}
                )
    return found


def _put_aside(path: Path, word: str, why: str, kept: Kept) -> None:
    """Gives another name to what stands in the place of a register. Raises OutputError where that cannot be done."""
    other = path.with_name(f"{_STEM}（{word} {datetime.now():%Y%m%d-%H%M%S-%f}）.xlsx")
    try:
        path.rename(other)
    except OSError as cause:
        # It would be written over.
        raise OutputError(
            f"往来登记“{path}”不能用（{why}），也改不了名（{system_words(cause)}）。请关闭正打开它的程序，或把它移走。"
            "原有结果没有改动。"
        ) from cause
    kept.told.append(
        f"往来登记“{path}”不能用（{why}），已改名为“{other.name}”保留，改用另一份。请核对其中有没有要补录的内容。"
    )


def _tell_restored(copies: Sequence[Copy], kept: Kept, output: Path, safe: Path | None) -> None:
    """Where lines are missing that the other place still has."""
    lines = kept.register.lines
    working = [copy for copy in copies if copy.working]
    spare = [copy for copy in copies if copy.safe]
    missing = len(lines) - len(set().union(*(copy.register.lines for copy in working)))
    if not working and lines:
        place = safe.parent.name if safe else ""
        kept.told.append(f"输出文件夹里没有往来登记，已从“{place}/{safe.name if safe else ''}”恢复 {len(lines)} 行。")
    elif missing:
        kept.told.append(f"“{output.resolve().name}/{FILE_NAME}”缺少 {missing} 行，已从财政文件夹里的副本恢复。")
    if safe is not None and not spare and lines:
        kept.told.append(f"财政文件夹里没有往来登记的副本，已重新写到“{safe.parent.name}/{safe.name}”。")


def stage_register(register: Register, staging: Path, output: Path, called: Mapping[str, str]) -> bytes:
    """Writes the register among the results of a run; gives what was written. called: see `write_register`.

    Raises OSError.
    """
    stream = BytesIO()
    write_register(register, stream, output.resolve().name, called)
    (staging / FILE_NAME).write_bytes(stream.getvalue())
    return stream.getvalue()


def write_safe(written: bytes, safe: Path | None) -> str:
    """Puts the safe copy in place, whole or not at all; a sentence where that fails, else nothing."""
    if safe is None:
        return "输出文件夹在填报文件夹里，往来登记只写在输出文件夹，没有另存副本。"
    temporary = safe.with_name(f".{safe.name}.{os.getpid()}.tmp")
    try:
        safe.parent.mkdir(exist_ok=True)
        with temporary.open("wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(safe)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        return (
            f"往来登记的副本写不进“{safe}”（{system_words(error)}）。请关闭正打开它的程序；输出文件夹里的一份是完整的。"
        )
    return ""


def clear_spare(kept: Kept, made: set[str]) -> None:
    """Removes further copies that runs made under other names, once what is in them has been taken over.

    made: the names of what runs have made in the output folder. One that was changed meanwhile stays.
    """
    for path, digest in kept.spare.items():
        with suppress(OSError):
            if path.name in made and hashlib.sha256(read_regular(path)).hexdigest() == digest:
                path.unlink()
