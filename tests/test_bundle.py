"""What offices without internet install from: markers and wheels of other systems, sums, starters, texts."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.pages import ROOT

sys.path.insert(0, str(ROOT / ".ci"))

from bundle import collect, command, folder, offline, portable, wheels
from bundle.errors import BundleError
from bundle.prove import differences
from bundle.shipped import install
from bundle.targets import KNOWN, PLATFORMS, PYTHONS, USUAL, Target

WINDOWS, LINUX = (Target(PLATFORMS[name], "3.12") for name in ("windows-x64", "linux-x64"))
INTEL, ARM = (Target(PLATFORMS[name], "3.13") for name in ("macos-x64", "macos-arm64"))
EVERY = [Target(PLATFORMS[platform], python) for platform in USUAL for python in PYTHONS]
ANYWHERE = "py3-none-any"
MakeWheel = Callable[..., Path]


@pytest.fixture
def make_wheel(tmp_path: Path) -> MakeWheel:
    """Makes a wheel with nothing in it but what it says of itself and one module."""

    def make(name: str, version: str = "1.0", tag: str = ANYWHERE, needs: tuple[str, ...] = (), **said: str) -> Path:
        place = tmp_path / "wheels"
        place.mkdir(exist_ok=True)
        info = f"{name}-{version}.dist-info"
        lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}"]
        lines += [f"{key.replace('_', '-')}: {value}" for key, value in said.items()]
        lines += [f"Requires-Dist: {text}" for text in needs]
        path = place / f"{name}-{version}-{tag}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{name}/__init__.py", "")
            archive.writestr(f"{info}/METADATA", "\n".join([*lines, "", "of no matter"]))
            archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
            archive.writestr(f"{info}/RECORD", "")
        return path

    return make


def closure(path: Path, target: Target, *roots: str) -> wheels.Closure:
    """What is installed from the folder of a wheel."""
    return wheels.closure(wheels.in_folder(path.parent), [Requirement(text) for text in roots], target)


def names(found: wheels.Closure) -> list[str]:
    """The file names of the wheels chosen."""
    return [wheel.path.name for wheel in found.wheels]


@pytest.mark.parametrize(
    ("marker", "where"),
    [
        ("sys_platform != 'linux'", {"windows-x64", "macos-x64", "macos-arm64"}),
        ("platform_machine in 'x86_64 AMD64 aarch64 arm64'", set(USUAL)),
        ("platform_machine == 'AMD64'", {"windows-x64"}),
        ("platform_system == 'Darwin' and platform_machine == 'arm64'", {"macos-arm64"}),
        ("os_name == 'nt'", {"windows-x64"}),
        ("sys_platform == 'emscripten'", set()),
    ],
)
def test_markers_are_those_of_the_target(make_wheel: MakeWheel, marker: str, where: set[str]) -> None:
    make_wheel("needed")
    path = make_wheel("asks", needs=(f"needed ; {marker}",))
    assert {t.platform.name for t in EVERY if len(names(closure(path, t, "asks"))) == 2} == where


def test_markers_of_the_python_are_those_of_the_target(make_wheel: MakeWheel) -> None:
    make_wheel("old")
    path = make_wheel("asks", needs=("old>=1; python_version < '3.12'", "old>=1; python_full_version < '3.11'"))
    assert {t.python for t in EVERY if len(names(closure(path, t, "asks"))) == 2} == {"3.11"}


@pytest.mark.parametrize(
    ("tag", "target", "fits"),
    [
        ("cp312-cp312-win_amd64", WINDOWS, True),
        ("cp311-cp311-win_amd64", WINDOWS, False),
        ("cp312-cp312-win32", WINDOWS, False),
        ("cp37-abi3-win_amd64", WINDOWS, True),
        ("py3-none-win_amd64", WINDOWS, True),
        ("cp313-abi3-win_amd64", WINDOWS, False),
        ("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", LINUX, True),
        ("cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64", LINUX, True),
        ("cp312-cp312-manylinux_2_34_x86_64", LINUX, False),
        ("cp312-cp312-musllinux_1_2_x86_64", LINUX, False),
        ("cp312-cp312-manylinux_2_28_aarch64", LINUX, False),
        ("cp313-cp313-macosx_10_13_x86_64", INTEL, True),
        ("cp313-cp313-macosx_11_0_arm64", INTEL, False),
        ("cp313-cp313-macosx_11_0_arm64", ARM, True),
        ("cp313-cp313-macosx_10_9_universal2", ARM, True),
        ("cp313-cp313-macosx_99_0_arm64", ARM, False),
        ("cp313-cp313t-macosx_11_0_arm64", ARM, False),
    ],
)
def test_a_wheel_fits_only_where_its_tags_are(make_wheel: MakeWheel, tag: str, target: Target, fits: bool) -> None:
    found = closure(make_wheel("one", tag=tag), target, "one")
    assert (not found.missing) is fits


def test_what_is_missing_is_told_with_who_needs_it(make_wheel: MakeWheel) -> None:
    make_wheel("part", tag="cp312-cp312-win_amd64")
    path = make_wheel("whole", needs=("part>=1", "gone>2; extra == 'more'"))
    assert closure(path, WINDOWS, "whole").missing == ()
    assert closure(path, WINDOWS, "whole[more]").missing == (f"{WINDOWS}：缺少 gone >2（whole 需要）",)
    assert closure(path, LINUX, "whole").missing == (f"{LINUX}：缺少 part >=1（whole 需要）",)
    assert closure(path, LINUX, "other==3").missing == (f"{LINUX}：缺少 other ==3（安装包 需要）",)


def test_all_who_need_a_package_must_be_content(make_wheel: MakeWheel) -> None:
    for version in ("1.0", "1.5", "2.0"):
        make_wheel("shared", version)
    make_wheel("new", needs=("shared>=1.2",))
    path = make_wheel("old", needs=("shared<2",))
    assert "shared-1.5-py3-none-any.whl" in names(closure(path, LINUX, "new", "old"))
    make_wheel("older", needs=("shared<1.2",))
    (line,) = closure(path, LINUX, "new", "old", "older").missing
    assert "new、old、older" in line


def test_a_version_for_other_pythons_is_passed_over(make_wheel: MakeWheel) -> None:
    path = make_wheel("num", "1.0")
    make_wheel("num", "2.0", Requires_Python=">=3.13")
    assert names(closure(path, LINUX, "num")) == ["num-1.0-py3-none-any.whl"]
    assert names(closure(path, ARM, "num")) == ["num-2.0-py3-none-any.whl"]


def test_packages_that_need_each_other_come_to_an_end(make_wheel: MakeWheel) -> None:
    make_wheel("a", needs=("b[x]",))
    path = make_wheel("b", needs=("a", "c; extra == 'x'"))
    make_wheel("c")
    assert len(names(closure(path, LINUX, "a"))) == 3


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ({"License_Expression": "MIT"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD License"),
        ({"License": "Apache 2.0"}, "Apache 2.0"),
        ({"License": "x" * 100}, "见组件内的许可文件"),
        ({}, "见组件内的许可文件"),
    ],
)
def test_the_name_of_a_licence_is_found(make_wheel: MakeWheel, said: dict[str, str], licence: str) -> None:
    assert wheels.Wheel(make_wheel("one", **said)).licence == licence


@pytest.fixture
def bundle(make_wheel: MakeWheel, tmp_path: Path) -> Path:
    """A bundle furnished around wheels that hold nothing."""
    root = tmp_path / "离线 包"
    version = str(collect.project()["version"])
    needs = tuple(f"part; extra == '{name}'" for name in collect.extras())
    for path in (make_wheel("perfxl", version, needs=needs), make_wheel("pip"), make_wheel("part")):
        (root / "wheels").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, root / "wheels")
    assert len(offline.checked(root / "wheels", EVERY)) == 3
    offline.furnish(root, EVERY)
    return root


def test_a_bundle_lacking_a_wheel_is_not_made(bundle: Path) -> None:
    next(bundle.glob("wheels/part-*")).unlink()
    with pytest.raises(BundleError) as told:
        offline.checked(bundle / "wheels", EVERY)
    assert str(told.value).count("缺少 part") == len(EVERY)


def test_sums_hold_and_any_change_breaks_them(bundle: Path) -> None:
    assert install.broken(bundle) == []
    if shutil.which("sha256sum"):
        assert subprocess.run(["sha256sum", "-c", "--quiet", install.SUMS], cwd=bundle, check=False).returncode == 0
    known = {line.partition("  ")[2] for line in (bundle / install.SUMS).read_text("utf-8").splitlines()}
    assert known == set(folder.files(bundle)) - {install.SUMS}
    wheel = next(bundle.glob("wheels/part-*"))
    wheel.write_bytes(wheel.read_bytes() + b"x")
    (bundle / "安装.sh").unlink()
    (bundle / "wheels" / "more-1-py3-none-any.whl").write_bytes(b"")
    assert install.broken(bundle) == sorted([f"wheels/{wheel.name}", "安装.sh", "wheels/more-1-py3-none-any.whl"])
    (bundle / install.SUMS).unlink()
    assert install.broken(bundle) == [install.SUMS]


def test_a_zip_keeps_names_and_what_can_be_started(bundle: Path) -> None:
    first = folder.pack(bundle).read_bytes()
    assert folder.pack(bundle).read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
        # Explorer shows Chinese names where they are marked as UTF-8.
        assert all(info.flag_bits & 0x800 for info in archive.infolist())
    assert {name.partition("/")[2] for name in modes} == set(folder.files(bundle))
    for name in ("安装.sh", "安装.command"):
        assert modes[f"{bundle.name}/{name}"] & 0o111
    assert not modes[f"{bundle.name}/安装说明.txt"] & 0o111


BATS = ("install.bat", "new-folder.bat", "perfxl.bat")


@pytest.mark.parametrize("source", BATS)
def test_starters_for_windows_are_right_in_every_code_page(source: str, tmp_path: Path) -> None:
    target = tmp_path / source
    folder.ship(source, target, {"FIRST": "(3, 11)", "LAST": "(3, 13)", "PYTHONS": "3.13 3.11"})
    data = target.read_bytes()
    assert data.isascii()
    assert data.count(b"\r\n") == data.count(b"\n")
    text = data.decode().replace("\r\n", "\n")
    assert text.startswith("@echo off\n")
    assert not re.search(r"@\w+@", text)
    labels = set(re.findall(r"^:(\w+)$", text, re.MULTILINE))
    assert set(re.findall(r"(?:goto|call :)\s*(\w+)", text)) == labels
    assert all(line.count('"') % 2 == 0 for line in text.splitlines())
    assert '"%~dp0' in text
    # A value that is read in the line which sets it, and a name with an exclamation mark, are the usual traps.
    assert "DisableDelayedExpansion" in text or "setlocal" not in text
    if labels:
        assert re.search(r"\npause\npopd\nexit /b %status%\n", text)


def test_texts_open_in_notepad_and_have_all_their_figures(bundle: Path) -> None:
    data = (bundle / "安装说明.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")
    for name in ("安装说明.txt", "安装.sh", "安装.command", "安装.bat", "app/no-python.txt"):
        assert not re.search(r"@[A-Z]+@", (bundle / name).read_text("utf-8")), name
    text = data.decode("utf-8-sig")
    assert "3.11、3.12、3.13" in text
    # One page.
    assert len(text.splitlines()) <= 50
    assert all(word in text for word in offline.STARTERS)
    listed = (bundle / folder.LIST).read_bytes().decode("utf-8-sig").splitlines()
    assert listed[0] == "组件,版本,许可"
    assert len(listed) == 4


def test_what_stands_in_place_of_a_bundle_is_not_removed(bundle: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "数据.xlsx").write_bytes(b"")
    with pytest.raises(BundleError, match="没有覆盖"):
        offline.fresh(kept)
    offline.fresh(bundle)
    assert folder.files(bundle) == []


def start(bundle: Path, home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The starter of this system, as a person starts it."""
    return subprocess.run(
        ["/bin/sh", bundle / "安装.sh", *arguments],
        env={"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


needs_sh = pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs /bin/sh")


@needs_sh
def test_without_a_python_the_starter_says_what_to_do(bundle: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "cat", "uname"):
        (tools / name).symlink_to(str(shutil.which(name)))
    if any(Path(f"/usr/local/bin/python{python}").exists() for python in PYTHONS):
        pytest.skip("the starter looks there too")
    done = start(bundle, tmp_path, PATH=str(tools))
    assert done.returncode == 1
    assert "没有找到可用的 Python（需要 3.11、3.12、3.13 之一" in done.stdout


@needs_sh
def test_half_a_package_says_what_to_do(bundle: Path, tmp_path: Path) -> None:
    shutil.rmtree(bundle / "app")
    done = start(bundle, tmp_path)
    assert (done.returncode, "全部解压" in done.stdout) == (1, True)


def run_installer(bundle: Path, home: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Installs from the copy of the installer that lies in the bundle."""
    monkeypatch.setattr(install, "home", lambda: home)
    monkeypatch.setattr(install, "__file__", str(bundle / "app" / "install.py"))
    return install.main(arguments)


def test_a_broken_package_is_not_installed(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = next(bundle.glob("wheels/part-*"))
    wheel.write_bytes(b"other")
    assert run_installer(bundle, tmp_path / "home", monkeypatch) == 1
    assert f"文件不完整或被改动过：wheels/{wheel.name}。" in capsys.readouterr().out
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pythons": ["3.99"]}, "这个安装包只有 Python 3.99 的组件"),
        ({"platforms": {"amiga-68k": "Amiga"}}, "只有：Amiga"),
        ({"glibc": "99.0", "macos": "99.0"}, "太旧"),
    ],
)
def test_another_machine_is_told_what_it_lacks(bundle: Path, change: dict[str, object], words: str) -> None:
    described = json.loads((bundle / "app" / "bundle.json").read_text("utf-8"))
    described |= {"pythons": [f"3.{sys.version_info[1]}"], "platforms": {install.this_platform(): "x"}, **change}
    if sys.platform == "win32" and "太旧" in words:
        pytest.skip("Windows has no such bound")
    with pytest.raises(install.InstallError, match=words):
        install.check_machine(described)


def test_what_was_installed_stands_where_the_new_one_fails(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wheels hold no program, so that the trial fails; pip, which is none here, fails even before."""
    home = tmp_path / "perfxl"
    (home / install.VENV).mkdir(parents=True)
    (home / install.VENV / "kept").write_text("old")
    monkeypatch.setattr(install, "check_machine", lambda bundle: None)
    monkeypatch.setattr(install, "this_platform", lambda: "linux-x64")
    assert run_installer(bundle, home, monkeypatch, "--no-folder") == 1
    assert "安装记录.txt" in capsys.readouterr().out
    assert (home / install.VENV / "kept").read_text() == "old"
    assert sorted(path.name for path in home.iterdir()) == [install.VENV, "安装记录.txt"]


@pytest.fixture
def embedded(tmp_path: Path) -> Callable[..., Path]:
    """Makes the like of a Python for Windows: of python.org, or of NuGet."""

    def make(version: str = "312", machine: int = 0x8664, start: str = "") -> Path:
        path = tmp_path / "python.zip"
        program = bytearray(b"MZ".ljust(0x80, b"\0") + b"PE\0\0" + machine.to_bytes(2, "little"))
        program[0x3C] = 0x80
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{start}python.exe", bytes(program))
            archive.writestr(f"{start}python3.dll", b"")
            archive.writestr(f"{start}python{version}.dll", b"")
            if start:
                archive.writestr(f"{start}Lib/os.py", "")
                archive.writestr("python.nuspec", "")
            else:
                archive.writestr(f"python{version}.zip", b"")
                archive.writestr(f"python{version}._pth", f"python{version}.zip\n.\n#import site\n")
        return path

    return make


@pytest.mark.parametrize("start", ["", "tools/"])
def test_a_windows_folder_with_its_own_python(
    embedded: Callable[..., Path], bundle: Path, tmp_path: Path, start: str
) -> None:
    python = tmp_path / "python"
    version = portable.unpack_python(embedded(start=start), python)
    root = portable.assemble(tmp_path / "out", python, bundle / "wheels", Target(PLATFORMS["windows-x64"], version))
    there = set(folder.files(root))
    packages = f"python/{portable.PACKAGES}"
    assert {"python/python.exe", "python/python312.dll", f"{packages}/perfxl/__init__.py"} <= there
    assert {"perfxl.bat", "建立年度文件夹.bat", "使用说明.txt", "app/install.py", folder.LIST} <= there
    assert not any(name.startswith((f"{packages}/pip/", f"{packages}/bin/")) for name in there)
    first = ["python312.zip", "."] if not start else ["Lib", "DLLs", "."]
    lines = (root / "python" / "python312._pth").read_bytes().decode().split("\r\n")
    assert lines == [*first, "Lib\\site-packages", ""]
    assert install.broken(root) == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [({"machine": 0x14C}, "不是 64 位"), ({"machine": 0xAA64}, "不是 64 位"), ({"version": "310"}, "Python 3.10")],
)
def test_another_python_is_told(
    embedded: Callable[..., Path], tmp_path: Path, kind: dict[str, object], words: str
) -> None:
    with pytest.raises(BundleError, match=words):
        portable.unpack_python(embedded(**kind), tmp_path / "python")


def test_a_file_that_is_no_python_is_told(
    tmp_path: Path, make_wheel: MakeWheel, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "x.zip"
    other.write_bytes(b"no zip")
    for path in (other, tmp_path / "none.zip", make_wheel("one")):
        assert command.main(["windows", "--embedded", str(path), "-o", str(tmp_path / "out")]) == 1
        assert str(path) in capsys.readouterr().err


def test_runs_differ_where_anything_but_their_time_does() -> None:
    one = {"started": "a", "seconds": 1, "files": [{"path": "x", "status": "scored"}], "year": 2022}
    assert differences(one, {**one, "started": "b", "seconds": 2}) == []
    assert differences(one, {**one, "files": [{"path": "x", "status": "returned"}]}) == [
        "run.json.files[0].status：'scored' ≠ 'returned'"
    ]
    assert differences(one, {**one, "files": []})
    assert differences(one, {**one, "new": 1})


def test_every_python_served_is_one_that_perfxl_takes() -> None:
    wanted = Requirement(f"python{collect.project()['requires-python']}").specifier
    assert all(python in wanted for python in KNOWN)
    assert set(PYTHONS) <= set(KNOWN)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("wine"), reason="needs wine")
def test_the_starter_runs_in_the_command_processor_of_windows(bundle: Path, tmp_path: Path) -> None:
    place = tmp_path / "中文 文件夹" / bundle.name
    shutil.copytree(bundle, place)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "WINEPREFIX": str(tmp_path / "wine"), "WINEDEBUG": "-all"}
    done = subprocess.run(
        ["wine", "cmd", "/c", f"Z:{place}\\安装.bat".replace("/", "\\")],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
    )
    subprocess.run(["wineserver", "-k"], env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert "没有找到可用的 Python（需要 3.11、3.12、3.13 之一" in done.stdout.decode("utf-8", "replace")
