"""The command line of the builder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bundle import collect, folder, frozen, offline, portable, prove
from bundle.errors import BundleError
from bundle.targets import KNOWN, PLATFORMS, PYTHONS, USUAL, Target


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds what is asked for; 0 where it is complete."""
    parser = argparse.ArgumentParser(prog="python .ci/bundle", description="制作离线安装包")
    forms = parser.add_subparsers(dest="form", required=True, metavar="形式")
    form = forms.add_parser("offline", help="全部组件和安装程序：目标电脑上只需要 Python")
    form.add_argument("--platform", action="append", choices=PLATFORMS, help="只做这些系统（可重复）")
    form.add_argument("--python", action="append", choices=KNOWN, help="只做这些 Python 版本（可重复）")
    form.set_defaults(build=_offline)
    form = forms.add_parser("windows", help="Windows 免安装版：自带 Python")
    form.add_argument(
        "--embedded",
        type=Path,
        required=True,
        metavar="ZIP",
        help="从 python.org 下载好的 python-3.1x.y-embed-amd64.zip，或 NuGet 的 python.3.1x.y.nupkg",
    )
    form.set_defaults(build=_windows)
    form = forms.add_parser("frozen", help="本机系统的免安装版（PyInstaller）")
    form.add_argument("--wheels", type=Path, help="用这个离线安装包里的组件；不写则从软件源取")
    form.set_defaults(build=_frozen)
    for form in forms.choices.values():
        form.add_argument("-o", "--output", type=Path, default=Path("dist"), help="放在这个文件夹，默认 dist")
        form.add_argument("--zip", action="store_true", help="再压成 .zip")
    form = forms.add_parser("prove", help="在本机断网试装、试运行，与源码运行的结果比较")
    form.add_argument("bundles", type=Path, nargs="+", metavar="文件夹", help="做好的安装包")
    form.add_argument(
        "--against", type=Path, default=collect.ROOT / "output", help="源码运行 input 的结果，默认 output"
    )
    asked = parser.parse_args(arguments)
    try:
        if asked.form == "prove":
            prove.prove(asked.bundles, asked.against, _say)
            return 0
        root: Path = asked.build(asked)
        print(f"完成：{root}")
        if asked.zip:
            print(f"完成：{folder.pack(root)}")
    except (BundleError, OSError) as error:
        print(f"没有做成：{error}", file=sys.stderr)
        return 1
    return 0


def _offline(asked: argparse.Namespace) -> Path:
    targets = [
        Target(PLATFORMS[platform], python)
        for platform in asked.platform or USUAL
        for python in asked.python or PYTHONS
    ]
    return offline.build(asked.output, targets, _say)


def _windows(asked: argparse.Namespace) -> Path:
    return portable.build(asked.output, asked.embedded, _say)


def _frozen(asked: argparse.Namespace) -> Path:
    return frozen.build(asked.output, asked.wheels, _say)


def _say(line: str) -> None:
    print(line, flush=True)
