"""The form that needs nothing on the system that builds it: a folder with one program, made by PyInstaller.

It runs on systems whose glibc is as new as that of the machine which built it: build on the oldest that is served.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from bundle import collect, folder, offline, wheels
from bundle.errors import BundleError
from bundle.shipped.install import python_of, this_platform
from bundle.targets import PLATFORMS, Target

PROGRAM = "perfxl"
HERE = Path(__file__).parent


def build(place: Path, bundle: Path | None, say: Callable[[str], None]) -> Path:
    """The folder, new in its place. bundle: an offline bundle whose wheels are taken. Raises BundleError."""
    version = str(collect.project()["version"])
    name = this_platform()
    if name not in PLATFORMS:
        raise BundleError(f"不能在这种系统（{platform.system()} {platform.machine()}）上做免安装版")
    root = place / f"perfxl-免安装-{name}-{version}"
    with tempfile.TemporaryDirectory() as work_:
        work = Path(work_)
        store = bundle / "wheels" if bundle else _collected(work / "wheels", say)
        python = _environment(work / "venv", store, say)
        say("PyInstaller……")
        _run([python, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", *_places(work), HERE / "frozen.spec"])
        offline.fresh(root)
        shutil.copytree(work / "dist" / PROGRAM, root, symlinks=True, dirs_exist_ok=True)
        folder.ship("new-folder.sh", root / "建立年度文件夹.sh", {})
        if sys.platform == "darwin":
            folder.ship("new-folder.sh", root / "建立年度文件夹.command", {})
        glibc = " ".join(platform.libc_ver())
        folder.ship(
            "guide-frozen.txt", root / "使用说明.txt", {"VERSION": version, "SYSTEM": glibc or platform.platform()}
        )
        target = Target(PLATFORMS[name], _python_here())
        parts = wheels.closure(wheels.in_folder(store), collect.roots(), target).wheels
        folder.write_list(root, [wheel for wheel in parts if wheel.name != "pip"])
    folder.write_sums(root)
    return root


def _python_here() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _collected(store: Path, say: Callable[[str], None]) -> Path:
    """Wheels for this system from the index."""
    target = Target(PLATFORMS[this_platform()], _python_here())
    store.mkdir()
    collect.collect([target], store, say)
    return store


def _environment(environment: Path, store: Path, say: Callable[[str], None]) -> Path:
    """The Python of an environment with perfxl from the wheels, and PyInstaller, which is taken from this one."""
    say("装入组件……")
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(environment)
    python = python_of(environment)
    pip = max(store.glob("pip-*.whl")) / "pip"
    _run([python, pip, "install", "-q", "--no-index", "--find-links", store, str(collect.roots()[0])])
    known = collect.project()["optional-dependencies"]
    assert isinstance(known, dict)
    _run([python, pip, "install", "-q", *(name for name in known["bundle"] if name.startswith("pyinstaller"))])
    return python


def _places(work: Path) -> Sequence[str | Path]:
    return ["--distpath", work / "dist", "--workpath", work / "build"]


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BundleError(f"免安装版没有做成。{collect.NO_INDEX}\n{(done.stderr or done.stdout)[-1500:]}")
