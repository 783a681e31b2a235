"""The templates of a whole roster: shared out among processes they are those that one process writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.run import workers
from perfxl.run.prefilled import Prefilled, write_templates
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.template import write_template


@pytest.fixture
def schemes(scheme: Scheme) -> dict[str, Scheme]:
    projects = load_scheme("xiangmu-2020")
    return {scheme.id: scheme, projects.id: projects}


def wanted(schemes: dict[str, Scheme], folder: Path) -> list[Prefilled]:
    return [
        Prefilled(key, folder / f"{key}-{number}.xlsx", {("identity", "department.name", "value"): f"第{number}局"})
        for key in schemes
        for number in range(3)
    ]


def test_processes_write_what_one_writes_and_say_how_far_they_are(
    here: Path, monkeypatch: pytest.MonkeyPatch, schemes: dict[str, Scheme]
) -> None:
    monkeypatch.setattr(workers, "POOL_FROM", 2)
    told: list[tuple[int, int]] = []
    folder = Path("预填")
    folder.mkdir()
    write_templates(schemes, wanted(schemes, folder), 2, lambda done, total: told.append((done, total)))
    assert told[0] == (0, 6) and told[-1] == (6, 6)
    for item in wanted(schemes, folder):
        write_template(schemes[item.scheme], here / "alone.xlsx", item.values)
        assert item.path.read_bytes() == (here / "alone.xlsx").read_bytes()


def test_what_a_process_cannot_write_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schemes: dict[str, Scheme]
) -> None:
    monkeypatch.setattr(workers, "POOL_FROM", 2)
    with pytest.raises(OSError):
        write_templates(schemes, wanted(schemes, tmp_path / "not there"), 2)
