"""The systems that are served: what markers say there, and which wheels fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

PYTHONS = ("3.11", "3.12", "3.13")
"""What a bundle is for where nothing else is said."""
KNOWN = (*PYTHONS, "3.14")
GLIBC = (2, 28)
"""The oldest glibc served: 银河麒麟 V10, 统信 UOS 20, Debian 10, RHEL 8."""
MACOS = (12, 0)
"""The oldest macOS served."""


@dataclass(frozen=True)
class Platform:
    """A system and its processor. markers: what PEP 508 calls them there. uv: its name for uv's resolver."""

    name: str
    words: str
    system: str
    machine: str
    markers: tuple[str, str, str]
    uv: str

    @property
    def tags(self) -> list[str]:
        """The platform tags of wheels that run there, best first."""
        if self.system == "win32":
            return ["win_amd64"]
        if self.system == "darwin":
            return list(mac_platforms(MACOS, self.machine))
        return list(_manylinux(self.machine))


PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform(
            "windows-x64", "Windows（64 位）", "win32", "AMD64", ("nt", "win32", "Windows"), "x86_64-pc-windows-msvc"
        ),
        Platform("linux-x64", "Linux x86_64", "linux", "x86_64", ("posix", "linux", "Linux"), "x86_64-manylinux_2_28"),
        Platform(
            "linux-arm64", "Linux arm64", "linux", "aarch64", ("posix", "linux", "Linux"), "aarch64-manylinux_2_28"
        ),
        Platform(
            "macos-x64", "macOS（Intel）", "darwin", "x86_64", ("posix", "darwin", "Darwin"), "x86_64-apple-darwin"
        ),
        Platform(
            "macos-arm64", "macOS（M 系列）", "darwin", "arm64", ("posix", "darwin", "Darwin"), "aarch64-apple-darwin"
        ),
    )
}
USUAL = ("windows-x64", "linux-x64", "macos-x64", "macos-arm64")
"""What a bundle holds where nothing else is said; linux-arm64 (飞腾, 鲲鹏) only where it is asked for."""


@dataclass(frozen=True)
class Target:
    """A system with a Python."""

    platform: Platform
    python: str

    def __str__(self) -> str:
        return f"{self.platform.words} · Python {self.python}"

    @property
    def version(self) -> tuple[int, int]:
        """The Python as numbers."""
        major, minor = self.python.split(".")
        return int(major), int(minor)

    @property
    def environment(self) -> dict[str, str]:
        """What every marker of a requirement says there, whatever runs here."""
        os_name, sys_platform, system = self.platform.markers
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": os_name,
            "platform_machine": self.platform.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": system,
            "platform_version": "",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": sys_platform,
        }

    @property
    def tags(self) -> list[Tag]:
        """The tags of wheels that fit, best first."""
        interpreter = f"cp{self.python.replace('.', '')}"
        platforms = self.platform.tags
        return [
            *cpython_tags(self.version, [interpreter], platforms),
            *compatible_tags(self.version, interpreter, platforms),
        ]


def _manylinux(machine: str) -> Iterator[str]:
    old = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
    oldest = 5 if machine == "x86_64" else 17
    for minor in range(GLIBC[1], oldest - 1, -1):
        yield f"manylinux_{GLIBC[0]}_{minor}_{machine}"
        if minor in old:
            yield f"{old[minor]}_{machine}"
    yield f"linux_{machine}"
