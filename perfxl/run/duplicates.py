"""Identical copies of one file (重复): one of them counts, and what becomes of it is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from perfxl.results.batch import Status
from perfxl.run.details import Entry


def set_duplicates_aside(entries: Sequence[Entry]) -> None:
    """Of files with the same bytes the first counts, as sent when the last of them was. entries: by their paths.

    One that was read counts before one that a busy machine gave up.

    Of those that say of no department (blank templates, files that cannot be read) only what has the same name is a
    copy: two departments may have sent the same empty file, and each must be told.
    """
    first: dict[tuple[str, str], Entry] = {}
    for item in sorted(entries, key=lambda one: one.result is None):
        if not item.record.sha256 or item.record.status is Status.LIST:
            continue
        result = item.result
        named = result is not None and bool(result.code or result.name)
        own = "" if named else PurePosixPath(item.record.path).name
        kept = first.setdefault((item.record.sha256, own), item)
        if kept is item:
            continue
        kept.modified = max(kept.modified, item.modified)
        reason = f"与“{kept.record.path}”内容完全相同，只处理那一份"
        item.record = replace(item.record, status=Status.DUPLICATE, reason=reason)
