"""Two schemes, 600 and 400 workbooks, one run: scores and places by the oracle, the same as two runs."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.template.fill import fill_template
from tests.documents import make_document
from tests.oracle import score_document
from tests.oracle_batch import ranks
from tests.scheme_files import LIBRARY

COUNTS = {"guangzhou-2022": 600, "xiangmu-2020": 400}
AT_ONCE = RunOptions(jobs=2, department_sheets=0, department_books=False, joint=True)


def send(code: str, count: int, folder: Path) -> dict[str, dict[str, Any]]:
    """Workbooks of a scheme as departments send them; what the oracle gives each, by file."""
    table = tomllib.loads((LIBRARY / f"{code}.toml").read_text("utf-8"), parse_float=Decimal)
    folder.mkdir()
    found = {}
    for number in range(count):
        document = make_document(number, table)
        name = f"{code}-{number:04d}.xlsx"
        fill_template(document, load_scheme(code), folder / name, name)
        found[f"{code}/{name}"] = score_document(document, table)
    return found


def run(folder: Path, output: Path, schemes: tuple[Scheme, ...]) -> list[dict[str, Any]]:
    run_folder(folder, output, schemes, AT_ONCE)
    return list(json.loads((output / "run.json").read_text("utf-8"))["departments"])


def scores(departments: list[dict[str, Any]]) -> dict[str, Any]:
    """What each file came to, without the places among all and the folder that it lay in."""
    apart = ("joint_rank", "file")
    return {
        item["file"].rpartition("/")[2]: {key: value for key, value in item.items() if key not in apart}
        for item in departments
    }


@pytest.mark.slow
def test_a_thousand_workbooks_of_two_schemes(tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    expected: dict[str, dict[str, Any]] = {}
    for code, count in COUNTS.items():
        expected |= send(code, count, root / code)
    schemes = tuple(load_scheme(code) for code in COUNTS)
    alone = [run(root / one.id, tmp_path / f"{one.id}-out", (one,)) for one in schemes]
    departments = run(root, tmp_path / "out", schemes)
    assert len(departments) == sum(COUNTS.values())
    for item in departments:
        assert Decimal(item["total"]) == expected[item["file"]]["total"], item["file"]
    scored = [item for item in departments if item["status"] == "scored"]
    assert len(scored) > len(departments) / 2
    assert [item["joint_rank"] for item in scored] == ranks([Decimal(item["total"]) for item in scored])
    for code in COUNTS:
        own = [item for item in scored if item["scheme"] == code]
        assert [item["rank"] for item in own] == ranks([Decimal(item["total"]) for item in own])
    assert scores(departments) == {name: item for found in alone for name, item in scores(found).items()}
