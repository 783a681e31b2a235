"""The form that needs Python on the machine: all wheels, an installer with its starters, sums."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from bundle import collect, folder, wheels
from bundle.errors import BundleError
from bundle.shipped.install import SUMS
from bundle.targets import GLIBC, MACOS, Target

STARTERS = {"安装.bat": "install.bat", "安装.sh": "install.sh", "安装.command": "install.sh"}


def build(place: Path, targets: Sequence[Target], say: Callable[[str], None]) -> Path:
    """The folder of the bundle, new in its place. Raises BundleError, also where something is missing for a target."""
    root = place / f"perfxl-离线安装-{collect.project()['version']}"
    fresh(root)
    store = root / "wheels"
    store.mkdir()
    collect.collect(targets, store, say)
    used = checked(store, targets)
    for wheel in wheels.in_folder(store):
        # What a later target has a newer version of, and no target would take.
        if wheel.path.name not in used:
            wheel.path.unlink()
    furnish(root, targets)
    return root


def fresh(root: Path) -> None:
    """An empty folder in its place. What stood there goes only if it is a bundle."""
    if root.exists():
        if any(root.iterdir()) and not (root / SUMS).exists():
            raise BundleError(f"“{root}”已存在，里面不是安装包，没有覆盖。请换一个位置（-o）或移走它")
        shutil.rmtree(root)
    root.mkdir(parents=True)


def checked(store: Path, targets: Sequence[Target]) -> set[str]:
    """The names of the wheels that the targets take. Raises BundleError with all that is missing for any of them."""
    there = wheels.in_folder(store)
    found = [wheels.closure(there, collect.roots(), target) for target in targets]
    if missing := [line for closure in found for line in closure.missing]:
        raise BundleError("安装包不齐：\n" + "\n".join(missing))
    return {wheel.path.name for closure in found for wheel in closure.wheels}


def furnish(root: Path, targets: Sequence[Target]) -> None:
    """All that stands beside the wheels, the sums last."""
    pythons = sorted({target.python for target in targets}, key=lambda text: [int(part) for part in text.split(".")])
    platforms = {target.platform.name: target.platform.words for target in targets}
    glibc, macos = (".".join(map(str, version)) for version in (GLIBC, MACOS))
    first, last = (f"({text.replace('.', ', ')})" for text in (pythons[0], pythons[-1]))
    version = str(collect.project()["version"])
    figures = {"VERSION": version, "GLIBC": glibc, "MACOS": macos, "PLATFORMS": "、".join(platforms.values())}
    figures |= {"FIRST": first, "LAST": last, "PYTHONS": "、".join(pythons)}
    for name, source in STARTERS.items():
        # Newest first: it is the quickest.
        folder.ship(source, root / name, {**figures, "PYTHONS": " ".join(reversed(pythons))})
    folder.ship("guide.txt", root / "安装说明.txt", figures)
    folder.ship("no-python.txt", root / "app" / "no-python.txt", figures)
    shutil.copy(folder.SHIPPED / "install.py", root / "app" / "install.py")
    bundle = {
        "version": version,
        "requirement": str(collect.roots()[0]),
        "pythons": pythons,
        "platforms": platforms,
        "glibc": glibc,
        "macos": macos,
    }
    (root / "app" / "bundle.json").write_text(json.dumps(bundle, ensure_ascii=False, indent=1) + "\n", "utf-8")
    folder.write_list(root, wheels.in_folder(root / "wheels"))
    folder.write_sums(root)
