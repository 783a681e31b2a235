"""Proves bundles on the system that runs: sums, installation without a network, the same results as the checkout's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bundle import collect
from bundle.errors import BundleError
from bundle.frozen_entry import PROVE
from bundle.shipped.install import VENV, broken, python_of

TIMES = ("started", "seconds")
DONE = (0, 3)
"""Exit statuses of a run that has accounted for every file."""
NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody is: what would reach for the network fails, also where it cannot be cut off."""


def prove(bundles: Sequence[Path], against: Path, say: Callable[[str], None]) -> None:
    """Raises BundleError where one does not hold. against: `output/` of a run over the checkout's `input/`."""
    cut = without_network()
    say(f"断网方式：{' '.join(cut) or '无效的代理'}")
    for root in bundles:
        with tempfile.TemporaryDirectory() as work:
            # Moved, for a bundle holds no path of where it was made; into a folder such as clerks have.
            place = Path(work) / "离线 安装 (1) & 试"
            shutil.copytree(root, place, symlinks=True)
            _sums(place)
            home = Path(work) / "家 目录"
            home.mkdir()
            program = _frozen(place, cut, home) if (place / "perfxl").is_file() else _installed(place, cut, home)
            _run_is_same(program, Path(work), cut, home, against)
        say(f"成立：{root.name}")


def without_network() -> list[str]:
    """The start of a command that has no network, as far as this system lets one."""
    for command in (["unshare", "-n"], ["unshare", "-rn"]):
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return []


def differences(one: Any, other: Any, place: str = "run.json") -> list[str]:
    """Where two runs are not the same, times aside."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted((set(one) | set(other)) - set(TIMES if place == "run.json" else ()))
        return [line for name in names for line in differences(one.get(name), other.get(name), f"{place}.{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            line for n, pair in enumerate(zip(one, other, strict=True)) for line in differences(*pair, f"{place}[{n}]")
        ]
    return [] if one == other else [f"{place}：{one!r} ≠ {other!r}"]


def _sums(root: Path) -> None:
    if wrong := broken(root):
        raise BundleError(f"校验和不符：{'、'.join(wrong)}")
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=root, check=False)
    if checked.returncode:
        raise BundleError("sha256sum -c 不通过")


def _installed(root: Path, cut: list[str], home: Path) -> list[str | Path]:
    """Installs with the starter of this system; how the installed perfxl is started."""
    starter = "安装.command" if sys.platform == "darwin" else "安装.sh"
    _call([*cut, root / starter, "--no-folder"], home)
    (environment,) = home.rglob(VENV)
    return [python_of(environment), "-m", "perfxl"]


def _frozen(root: Path, cut: list[str], home: Path) -> list[str | Path]:
    _call([*cut, root / "perfxl", PROVE], home)
    return [root / "perfxl"]


def _run_is_same(program: Sequence[str | Path], work: Path, cut: list[str], home: Path, against: Path) -> None:
    for part in ("input", "workbook_templates"):
        shutil.copytree(collect.ROOT / part, work / part)
    # The register of the run that is compared with knows what came before.
    (work / "workbook_templates" / "往来登记.xlsx").unlink(missing_ok=True)
    _call([*cut, *program, "run"], home, work, DONE)
    runs = [json.loads((folder / "run.json").read_text("utf-8")) for folder in (against, work / "output")]
    if different := differences(*runs):
        raise BundleError("结果与源码运行的不同：\n" + "\n".join(different[:20]))
    _call([*cut, *program, "documents"], home, work)


def _call(command: Sequence[str | Path], home: Path, where: Path | None = None, good: Sequence[int] = (0,)) -> None:
    """Runs it as on a machine that has only the system's own programs and no settings."""
    bare = {
        **{"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8", "PIP_NO_INDEX": "1"},
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NOWHERE),
    }
    python = Path(sys.executable).resolve().parent
    bare["PATH"] = os.pathsep.join([str(python), bare["PATH"], "/usr/bin"])
    done = subprocess.run(
        command,
        cwd=where,
        env=bare,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in good:
        raise BundleError(f"{command}：结束状态 {done.returncode}\n{(done.stdout + done.stderr)[-2000:]}")
