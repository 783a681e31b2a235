"""Installs perfxl from the folder above into an environment of its own, without a network. Standard library only.

It is run by the starters with whatever Python the machine has; everything that it says is for a clerk.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

SUMS = "SHA256SUMS"
VENV = "perfxl-venv"
MANY = 5
"""So many names are said, then only how many more."""


class InstallError(Exception):
    """What is wrong and what to do."""


def sum_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def broken(root: Path) -> list[str]:
    """What is not as SHA256SUMS says: files changed or missing, and files that it does not know."""
    try:
        lines = (root / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [SUMS]
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = {file.relative_to(root).as_posix() for file in root.glob("wheels/*")}
    wrong = {name for name, digest in sums.items() if not (root / name).is_file() or sum_of(root / name) != digest}
    return sorted(wrong | (there - set(sums)))


def home() -> Path:
    """The folder of perfxl on this machine, where the starters of a year's folder look for it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "perfxl"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "perfxl"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "perfxl"


def python_of(environment: Path) -> Path:
    """The Python of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def this_platform() -> str:
    """This system as bundles name it; empty where none is for it."""
    system = {"win32": "windows", "linux": "linux", "darwin": "macos"}.get(sys.platform, "")
    machine = {"amd64": "x64", "x86_64": "x64", "arm64": "arm64", "aarch64": "arm64"}.get(platform.machine().lower())
    return f"{system}-{machine}" if system and machine and sys.maxsize > 2**32 else ""


def check_machine(bundle: dict[str, object]) -> None:
    """Raises InstallError where this Python or this system is none that the bundle is for."""
    pythons, platforms = bundle["pythons"], bundle["platforms"]
    assert isinstance(pythons, list)
    assert isinstance(platforms, dict)
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if here not in pythons or sys.implementation.name != "cpython":
        raise InstallError(
            f"这台电脑的 Python 是 {here}，这个安装包只有 Python {'、'.join(pythons)} 的组件。请安装其中一个。"
        )
    if this_platform() not in platforms:
        raise InstallError(
            f"这个安装包没有这台电脑（{platform.system()} {platform.machine()}）的组件，"
            f"只有：{'、'.join(platforms.values())}。请向提供安装包的人索取。"
        )
    name, version = platform.libc_ver() if sys.platform == "linux" else ("glibc", "")
    if name != "glibc" or (version and _numbers(version) < _numbers(str(bundle["glibc"]))):
        raise InstallError(f"这台电脑的系统太旧（{name or 'libc'} {version}），需要 glibc {bundle['glibc']} 或更新。")
    if sys.platform == "darwin" and _numbers(platform.mac_ver()[0]) < _numbers(str(bundle["macos"])):
        raise InstallError(f"这台电脑的 macOS 太旧（{platform.mac_ver()[0]}），需要 macOS {bundle['macos']} 或更新。")


def install(root: Path, bundle: dict[str, object], place: Path) -> Path:
    """The Python of a new environment with perfxl, made from the wheels alone. An old one stands until it is done.

    Raises InstallError; what was installed before is then as it was.
    """
    environment, old = place / VENV, place / f"{VENV}.old"
    try:
        place.mkdir(parents=True, exist_ok=True)
        if environment.exists():
            shutil.rmtree(old, ignore_errors=True)
            environment.rename(old)
    except OSError as error:
        raise InstallError(
            f"“{place}”里的 perfxl 不能更换（{error.strerror}）。请关闭 perfxl 的窗口，核对文件夹权限，再装一次。"
        ) from error
    try:
        _fill(root, bundle, environment, place / "安装记录.txt")
    except BaseException:
        shutil.rmtree(environment, ignore_errors=True)
        if old.exists():
            old.rename(environment)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return python_of(environment)


def _fill(root: Path, bundle: dict[str, object], environment: Path, log: Path) -> None:
    try:
        # pip comes with the bundle: the Python of some systems has none for a new environment.
        venv.EnvBuilder(with_pip=False, clear=True, symlinks=os.name != "nt").create(environment)
    except OSError as error:
        raise InstallError(f"“{environment}”写不进去（{error.strerror}）。请核对磁盘空间和文件夹权限。") from error
    wheels = root / "wheels"
    pip = max(wheels.glob("pip-*.whl"))
    python = python_of(environment)
    _run(
        [
            *(python, "-I", pip / "pip", "install", "--no-index", "--find-links", wheels, "--no-cache-dir"),
            *("--disable-pip-version-check", "--no-warn-script-location", str(bundle["requirement"])),
        ],
        log,
        "组件装不上",
    )
    with tempfile.TemporaryDirectory() as work:
        # What needs most of the parts: a scheme is read, a workbook is written.
        _run([python, "-I", "-m", "perfxl", "template", "-o", Path(work) / "t"], log, "装好的 perfxl 不能运行")


def _run(command: Sequence[str | Path], log: Path, failure: str) -> None:
    """Runs it in the environment of a bare machine: settings of pip or Python that stand there do not count."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    done = subprocess.run(
        [str(part) for part in command],
        env={**bare, "PIP_CONFIG_FILE": os.devnull},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        with contextlib.suppress(OSError):
            log.write_bytes(done.stdout)
        raise InstallError(
            f"{failure}。请核对磁盘空间，关闭拦截程序的安全软件后再装一次；仍不行时，请把“{log}”交给技术人员。"
        )


def usual_folder() -> Path:
    """Where the folder of the year that is scored now goes, unless the clerk says: on the desktop, if there is one."""
    places = [Path.home() / name for name in ("Desktop", "桌面", "Documents", "文档")]
    return next((place for place in places if place.is_dir()), Path.home()) / f"{date.today().year - 1}年度绩效评价"


def ask_for_folder() -> Path | None:
    """The folder that the clerk names; None where it is not wanted, or where nobody can be asked."""
    usual = usual_folder()
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    print("\n现在建立本年度的工作文件夹吗？里面有 input、output、模板和可以双击的运行程序。")
    print(f"  直接按回车：建在 {usual}")
    print("  或输入别的位置（可以把文件夹拖进这个窗口）后按回车；不建，输入 n。")
    try:
        said = input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        return None
    if said.lower() in {"n", "no", "否", "不"}:
        return None
    # A folder that is dropped into a terminal comes in quotes, or with backslashes before blanks.
    said = said.strip("\"'") if os.name == "nt" else said.strip("\"'").replace("\\", "")
    return Path(said).expanduser() if said else usual


def make_folder(program: Iterable[str | Path], folder: Path) -> bool:
    """Whether `perfxl init` has made the year's folder; it says itself what it did."""
    done = subprocess.run([*map(str, program), "init", str(folder.absolute())], check=False)
    return done.returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Installs, and makes the year's folder; 0 where perfxl is installed and the folder, if wanted, is made."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(description="离线安装 perfxl")
    parser.add_argument("--portable", action="store_true", help="不安装，用这个文件夹里的 Python 建立年度文件夹")
    parser.add_argument("--folder", type=Path, help="装好后在这里建立年度文件夹，不再询问")
    parser.add_argument("--no-folder", action="store_true", help="不建年度文件夹，不询问")
    asked = parser.parse_args(arguments)
    root = Path(__file__).resolve().parent.parent
    try:
        python = _beside(root) if asked.portable else _install(root)
    except InstallError as error:
        print(f"\n没有装好：{error}")
        return 1
    except OSError as error:
        print(f"\n没有装好：“{error.filename or root}”{error.strerror}。请核对磁盘空间和文件夹权限。")
        return 1
    except KeyboardInterrupt:
        print("\n已停止，没有装好。")
        return 1
    folder = None if asked.no_folder else asked.folder or ask_for_folder()
    if folder is None:
        print(f"\n完成。以后建立年度文件夹，再运行一次本程序，或运行：\n  {python} -m perfxl init 文件夹")
        return 0
    if not make_folder([python, "-m", "perfxl"], folder):
        print("\nperfxl 可以用了，但年度文件夹没有建成，原因见上面。改好后再运行一次本程序。")
        return 1
    print(f"\n完成。请打开 {folder}，先看里面的说明。")
    if asked.portable:
        print(f"{root} 请不要移动或删除：年度文件夹里的运行程序要用它。")
    return 0


def _beside(root: Path) -> Path:
    """The Python that runs this, which has perfxl beside it."""
    print("核对文件……", flush=True)
    _check_sums(root)
    return Path(sys.executable)


def _install(root: Path) -> Path:
    print("1/3 核对安装包……", flush=True)
    try:
        bundle = json.loads((root / "app" / "bundle.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InstallError("安装包不完整。请先把压缩包全部解压，再运行安装程序。") from error
    _check_sums(root)
    check_machine(bundle)
    print(f"    完好（Python {platform.python_version()}，{bundle['platforms'][this_platform()]}）。")
    print("2/3 安装（约一分钟）……", flush=True)
    place = home()
    python = install(root, bundle, place)
    print(f"3/3 perfxl {bundle['version']} 已装好，试运行正常，位置：{place / VENV}")
    return python


def _check_sums(root: Path) -> None:
    if wrong := broken(root):
        more = f"等 {len(wrong)} 个文件" if len(wrong) > MANY else ""
        raise InstallError(f"文件不完整或被改动过：{'、'.join(wrong[:MANY])}{more}。请重新拷贝，全部解压后再试。")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


if __name__ == "__main__":
    sys.exit(main())
