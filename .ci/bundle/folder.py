"""What all forms have in common: shipped texts with their figures, list of components, sums, a zip."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from bundle.shipped.install import SUMS, sum_of
from bundle.wheels import Wheel

SHIPPED = Path(__file__).parent / "shipped"
LIST = "组件清单.csv"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same input gives the same bytes."""
_EXECUTABLE, _PLAIN = 0o100755, 0o100644


def ship(source: str, target: Path, figures: Mapping[str, str]) -> None:
    """Puts a text of `shipped/` in place: .bat and .txt with the line ends of Windows, .txt to open marked as UTF-8."""
    text = (SHIPPED / source).read_text("utf-8")
    for name, value in figures.items():
        text = text.replace(f"@{name}@", value)
    target.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode("utf-8")
    if target.suffix in {".bat", ".txt"}:
        data = data.replace(b"\n", b"\r\n")
    if target.suffix == ".txt" and target.parent.name != "app":
        # A text that is shown by `type` and `cat` goes without: consoles draw the mark.
        data = "\ufeff".encode() + data
    target.write_bytes(data)
    if target.suffix in {".sh", ".command"}:
        target.chmod(0o755)


def write_list(root: Path, wheels: Iterable[Wheel]) -> None:
    """The list of components with versions and licences, for Excel."""
    rows = sorted({(wheel.name, str(wheel.version), wheel.licence) for wheel in wheels})
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([("组件", "版本", "许可"), *rows])
    (root / LIST).write_text(text.getvalue(), "utf-8-sig", newline="")


def write_sums(root: Path) -> None:
    """The sums of all files, as `sha256sum -c` takes them."""
    names = [name for name in files(root) if name != SUMS]
    (root / SUMS).write_text("".join(f"{sum_of(root / name)}  {name}\n" for name in names), "utf-8", newline="\n")


def files(root: Path) -> list[str]:
    """All files below a folder, with slashes, sorted."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def pack(root: Path) -> Path:
    """A zip beside the folder, with the folder in it; what was executable stays so where it is unpacked on Unix."""
    target = root.with_name(f"{root.name}.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in files(root):
            info = zipfile.ZipInfo(f"{root.name}/{name}", EARLIEST)
            info.create_system = 3
            info.external_attr = (_EXECUTABLE if os.access(root / name, os.X_OK) else _PLAIN) << 16
            # Wheels are packed already.
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(info, (root / name).read_bytes())
    return target
