"""The form for Windows that needs nothing: perfxl beside a Python of its own.

The Python comes as a file that python.org (embeddable package) or NuGet (package `python`) offers; what perfxl needs is
unpacked into it from the wheels for Windows, which any system can do.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from bundle import collect, folder, offline, wheels
from bundle.errors import BundleError
from bundle.targets import KNOWN, PLATFORMS, Target

PACKAGES = "Lib/site-packages"
IN_NUPKG = "tools/"
"""Where a package of NuGet has its Python."""


def build(place: Path, embedded: Path, say: Callable[[str], None]) -> Path:
    """The folder, new in its place. Raises BundleError where the Python is none, or something has no wheel for it."""
    with tempfile.TemporaryDirectory() as work:
        python = Path(work) / "python"
        version = unpack_python(embedded, python)
        target = Target(PLATFORMS["windows-x64"], version)
        store = Path(work) / "wheels"
        store.mkdir()
        collect.collect([target], store, say)
        offline.checked(store, [target])
        return assemble(place, python, store, target)


def unpack_python(embedded: Path, folder_: Path) -> str:
    """Unpacks it; its version, such as 3.12. Raises BundleError where it is no 64-bit Python for Windows served."""
    try:
        with zipfile.ZipFile(embedded) as archive:
            names = archive.namelist()
            start = IN_NUPKG if f"{IN_NUPKG}python.exe" in names else ""
            dll = next((found for name in names if (found := re.fullmatch(rf"{start}python3(\d\d)\.dll", name))), None)
            if dll is None or f"{start}python.exe" not in names:
                raise BundleError(
                    f"“{embedded}”里没有 Windows 的 Python。要的是 python-3.1x.y-embed-amd64.zip 或 python.3.1x.y.nupkg"
                )
            if _machine(archive.read(f"{start}python.exe")) != _AMD64:
                raise BundleError(f"“{embedded}”不是 64 位（x64）的 Python。要的是名字里有 amd64 的那一个")
            archive.extractall(folder_, [name for name in names if name.startswith(start)])
    except (OSError, zipfile.BadZipFile) as error:
        raise BundleError(f"“{embedded}”打不开：{error}。请从 python.org 下载 python-3.1x.y-embed-amd64.zip") from error
    if start:
        for path in (folder_ / start).iterdir():
            shutil.move(path, folder_ / path.name)
    version = f"3.{dll[1]}"
    if version not in KNOWN:
        raise BundleError(f"“{embedded}”是 Python {version}，要的是 {'、'.join(KNOWN)}")
    return version


_AMD64 = 0x8664


def _machine(program: bytes) -> int:
    """For which processor a Windows program is, by its PE header."""
    head = int.from_bytes(program[0x3C:0x40], "little")
    return int.from_bytes(program[head + 4 : head + 6], "little") if program[:2] == b"MZ" else 0


def assemble(place: Path, python: Path, store: Path, target: Target) -> Path:
    """The folder of a Python that is unpacked and the wheels for it."""
    version = str(collect.project()["version"])
    root = place / f"perfxl-免安装-windows-{version}"
    offline.fresh(root)
    shutil.copytree(python, root / "python", dirs_exist_ok=True)
    chosen = [
        wheel
        for wheel in wheels.closure(wheels.in_folder(store), collect.roots(), target).wheels
        if wheel.name != "pip"
    ]
    unpack(chosen, root / "python" / PACKAGES, target)
    set_path(root / "python", target)
    figures = {"VERSION": version, "PYTHON": target.python}
    for source in ("perfxl.bat", "new-folder.bat"):
        name = "建立年度文件夹.bat" if source == "new-folder.bat" else source
        folder.ship(source, root / name, figures)
    (root / "app").mkdir()
    shutil.copy(folder.SHIPPED / "install.py", root / "app" / "install.py")
    folder.ship("guide-windows.txt", root / "使用说明.txt", figures)
    folder.write_list(root, chosen)
    folder.write_sums(root)
    return root


def unpack(chosen: list[wheels.Wheel], packages: Path, target: Target) -> None:
    """Puts wheels into a folder of packages, as pip does it on the target, without its programs."""
    done = subprocess.run(
        [
            *[sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-compile"],
            *[f"--platform={tag}" for tag in target.platform.tags],
            *["--target", str(packages), "--python-version", target.python, "--only-binary=:all:"],
            *[wheel.path for wheel in chosen],
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BundleError(f"组件不能解开：{done.stderr[-1500:]}")
    # Programs of this system, not of Windows.
    shutil.rmtree(packages / "bin", ignore_errors=True)


def set_path(python: Path, target: Target) -> None:
    """Writes the file that says where this Python looks for modules: in its own folders and nowhere else."""
    name = f"python{target.python.replace('.', '')}"
    library = [f"{name}.zip", "."] if (python / f"{name}.zip").exists() else ["Lib", "DLLs", "."]
    lines = [*library, PACKAGES.replace("/", "\\")]
    (python / f"{name}._pth").write_bytes("".join(f"{line}\r\n" for line in lines).encode())
