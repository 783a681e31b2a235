"""Whether a folder lies on another computer: no events come from there, so it must be looked at again and again."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path

_REMOTE = 4
"""What Windows calls such a drive (DRIVE_REMOTE)."""
_KINDS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afpfs",
        "afs",
        "9p",
        "drvfs",
        "davfs",
        "webdav",
        "ncpfs",
        "ceph",
        "lustre",
        "gpfs",
        "beegfs",
        "glusterfs",
        "gfs2",
        "ocfs2",
        "vboxsf",
        "prl_fs",
        "vmhgfs",
        "virtiofs",
        "acfs",
    }
)
_LOCAL_FUSE = frozenset({"fuseblk", "fuse.ntfs-3g", "fuse.exfat", "fuse.lxcfs", "fuse.fuse-overlayfs"})
_MOUNTS = Path("/proc/self/mounts")


def is_remote(folder: Path) -> bool:
    """Whether a folder lies on a network drive or is shared with another system; False where that cannot be told."""
    with contextlib.suppress(Exception):
        whole = folder.resolve()
        if sys.platform == "win32":
            return _windows(whole)
        if _MOUNTS.exists():
            mounts = _MOUNTS.read_text("utf-8", "surrogateescape")
            return is_remote_kind(kind_of(whole, [(line[1], line[2]) for line in map(str.split, mounts.splitlines())]))
        import psutil

        parts = psutil.disk_partitions(all=True)
        return is_remote_kind(kind_of(whole, [(part.mountpoint, part.fstype) for part in parts]))
    return False


def kind_of(folder: Path, mounts: list[tuple[str, str]]) -> str:
    """The kind of file system that an absolute folder lies on. mounts: where each is, as the system writes it, and its
    kind; of two at one place the later one is on top."""
    found, depth = "", -1
    for where, kind in mounts:
        # Spaces and such are written as octal numbers.
        place = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), where))
        if folder.is_relative_to(place) and len(place.parts) >= depth:
            found, depth = kind, len(place.parts)
    return found


def is_remote_kind(kind: str) -> bool:
    """Whether the changes on a file system of that kind may be another computer's."""
    kind = kind.lower()
    return kind in _KINDS or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)


def _windows(folder: Path) -> bool:
    if str(folder).startswith("\\\\"):
        return not str(folder).startswith("\\\\?\\") or str(folder).startswith("\\\\?\\UNC\\")
    import ctypes

    return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _REMOTE)  # type: ignore[attr-defined,unused-ignore]
