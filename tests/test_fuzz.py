"""Thousands of mutants of good workbooks, each scored as a person sees it, or returned or refused.

They are the same each time. A few hundred of each family are made by default, all of them with the marker `slow`. A
process of its own reads them, so that one that aborts, hangs or fills the memory is seen as that.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("resource", reason="the memory of a process cannot be bounded here")

USUAL = {"same": 300, "changed": 300, "bytes": 200}
ALL = {"same": 5_000, "changed": 5_000, "bytes": 2_000}
STEP = 1_000
MEGABYTES, MOST_ADDRESSED = 1_000, 1_500
SECONDS_EACH = 3
"""Many times what a mutant takes; a hang takes longer than all of them."""
ROOT = Path(__file__).parent.parent


def fuzzed(family: str, first: int, last: int) -> Any:
    """What a process says of these mutants."""
    command = [sys.executable, "-m", "tests.fuzz", family, str(first), str(last), str(MOST_ADDRESSED)]
    seconds = 60 + SECONDS_EACH * (last - first)
    done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=seconds, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert sum(found["statuses"].values()) == last - first
    assert found["megabytes"] < MEGABYTES
    return found


def parts_of_all() -> list[Any]:
    """The first mutants of each family, and the others by the thousand."""
    first = [pytest.param(family, 0, count, id=f"{family} first") for family, count in USUAL.items()]
    return first + [
        pytest.param(family, max(start, USUAL[family]), start + STEP, id=f"{family} {start}", marks=pytest.mark.slow)
        for family, count in ALL.items()
        for start in range(0, count, STEP)
    ]


@pytest.mark.parametrize(("family", "first", "last"), parts_of_all())
def test_mutants(family: str, first: int, last: int) -> None:
    found = fuzzed(family, first, last)
    assert found["wrong"] == []
    scored = found["statuses"].get("scored", 0)
    if family == "same":
        # All of these writings are known: none needs to be refused.
        assert found["lost"] == []
    elif family == "changed":
        # The changes are neither all fatal nor all harmless, and none of them harms the file.
        assert (last - first) * 0.3 < scored < (last - first) * 0.7
        assert "rejected" not in found["statuses"]
        assert {"E101", "E102", "E105", "E106", "E107", "E114", "E115", "E116"} <= set(found["reasons"])
    else:
        assert {"scored", "rejected"} <= set(found["statuses"])
