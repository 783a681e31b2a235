"""Wheels for targets from the package index that pip knows, and perfxl's own from the checkout. Needs uv and pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.requirements import Requirement

from bundle.errors import BundleError
from bundle.targets import MACOS, Target

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = ("documents", "reports", "watch")
"""What a clerk may need beside perfxl itself, as far as pyproject.toml has it."""
PARTS = ("pyproject.toml", "README.md", "LICENSE", "perfxl")
"""What the wheel is made of."""
AT_ONCE = 4
"""So many targets are asked for at a time; most of it is waiting for the index."""
NO_INDEX = "软件源里没有，或连不上软件源。需要能连到 PyPI 或其镜像（pip config set global.index-url 镜像地址）"


def project() -> dict[str, object]:
    """The table [project] of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def extras() -> list[str]:
    """The extras that go into a bundle."""
    known = project().get("optional-dependencies", {})
    assert isinstance(known, Mapping)
    return [name for name in EXTRAS if name in known]


def roots() -> list[Requirement]:
    """What is installed: perfxl with its extras; pip, which does it, comes along."""
    return [Requirement(f"perfxl[{','.join(extras())}]=={project()['version']}"), Requirement("pip")]


def build_own(folder: Path) -> Path:
    """The wheel of the checkout in a folder. It is built from a copy: building leaves things behind."""
    with tempfile.TemporaryDirectory() as work:
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, Path(work) / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, work)
        _run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, work], "perfxl 打包失败")
    (wheel,) = folder.glob("perfxl-*.whl")
    return wheel


def resolve(target: Target) -> str:
    """The packages beside perfxl that the target needs, pinned, as lines of a requirements file.

    pip itself takes markers for the Python that runs it, so what psutil or tzdata are needed for on another system
    would be missing; uv takes them for the target. Raises BundleError where something has no wheel for it.
    """
    command: list[str | Path] = [
        *("uv", "pip", "compile", "-q", "--no-header", "--no-annotate", "--only-binary", ":all:"),
        *("--python-platform", target.platform.uv, "--python-version", target.python),
        *(f"--extra={name}" for name in extras()),
    ]
    with tempfile.TemporaryDirectory() as work:
        pip = Path(work) / "pip.in"
        pip.write_text("pip\n", "utf-8")
        return _run([*command, ROOT / "pyproject.toml", pip], f"{target}：不能确定要用哪些组件")


def collect(targets: Sequence[Target], folder: Path, say: Callable[[str], None]) -> None:
    """The wheels of perfxl and of all that the targets need. Raises BundleError where one is not to be had."""
    say("perfxl 打包……")
    build_own(folder)
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(AT_ONCE) as pool:
        # Each has a folder of its own: pip does not expect another one to write the same file.
        places = [Path(work) / str(number) for number in range(len(targets))]
        for target, place, _ in zip(targets, places, pool.map(_collect_one, targets, places), strict=True):
            say(f"{target}：{len(list(place.iterdir()))} 个组件")
            for wheel in place.iterdir():
                wheel.replace(folder / wheel.name)


def _collect_one(target: Target, place: Path) -> None:
    place.mkdir()
    download(target, resolve(target), place)


def download(target: Target, pinned: str, folder: Path) -> None:
    """The wheels of the pinned packages that fit the target. Raises BundleError where one is not to be had."""
    platforms = [f"--platform={tag}" for tag in target.platform.tags]
    if target.platform.system == "darwin":
        # pip knows all older versions of macOS from the newest.
        platforms = platforms[:1]
    with tempfile.TemporaryDirectory() as work:
        file = Path(work) / "pinned.txt"
        file.write_text(pinned, "utf-8")
        _run(
            [
                *[sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"],
                *platforms,
                *["--python-version", target.python, "-r", str(file), "-d", str(folder)],
            ],
            f"{target}：组件下载失败",
        )


def _run(command: Sequence[str | Path], failure: str) -> str:
    """Its output. Raises BundleError with its last words."""
    environment = {
        **os.environ,
        "MACOSX_DEPLOYMENT_TARGET": f"{MACOS[0]}.{MACOS[1]}",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    except FileNotFoundError as error:
        raise BundleError(f"{failure}：没有 {command[0]}。请先安装：pip install '.[bundle]'") from error
    if done.returncode:
        said = "\n".join(line for line in done.stderr.splitlines() if line.strip())
        raise BundleError(f"{failure}。{NO_INDEX}\n{said[-1500:]}")
    return done.stdout
