"""What every test may ask for: the built-in scheme as plain table and as object, and the published case."""

from __future__ import annotations

import json
import signal
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import perfxl.scheme
from perfxl.processes import end_calling
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.scheme.model import Scheme

# A busy machine is no failure, and the database of examples is no part of the checkout.
settings.register_profile("perfxl", deadline=None, database=None)
settings.register_profile("same", settings.get_profile("perfxl"), derandomize=True)
settings.load_profile("perfxl")

# Whoever starts the tests in the background may have Ctrl-C ignored, which commands that they start would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """LibreOffice takes seconds to start: what needs it is slow."""
    for item in items:
        if item.get_closest_marker("libreoffice"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def scheme_table() -> dict[str, Any]:
    """The built-in scheme as its TOML file has it; not to be changed."""
    path = Path(perfxl.scheme.__file__).parent / "builtin" / f"{DEFAULT}.toml"
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    """The built-in scheme."""
    return load_scheme(DEFAULT)


@pytest.fixture
def case() -> dict[str, Any]:
    """The published case: `submission`, and under `expected` what the bureau published."""
    path = Path(__file__).parent / "cases" / "zengcheng-kexie-2022.json"
    return dict(json.loads(path.read_text("utf-8")))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, also for the process that reads: it is started anew, before and after."""
    end_calling()
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    end_calling()
