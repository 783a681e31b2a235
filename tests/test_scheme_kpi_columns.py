"""Columns of the KPI table that are a scheme's own: filled, read, shown, and without effect on scores."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import openpyxl

from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.template.fill import fill_template
from tests.documents import make_document
from tests.scheme_files import edited, toml_faults, toml_scheme

OWN = """[[columns]]
table = "kpis"
key = "{key}"
label = "年初指标值"
type = "{type}"
required = false

[[columns]]
table = "kpis"
key = "target"
"""
TARGET = '[[columns]]\ntable = "kpis"\nkey = "target"\n'


def _with(key: str = "initial_target", type_: str = "text") -> str:
    return edited((TARGET, OWN.format(key=key, type=type_)))


def _scores(output: Path) -> list[tuple[str, str]]:
    department = json.loads((output / "run.json").read_text("utf-8"))["departments"][0]
    return [(item["computed"], item["score"]) for item in department["scores"]]


def test_it_is_filled_and_shown_and_changes_no_score(tmp_path: Path) -> None:
    plain, own = toml_scheme(edited()), toml_scheme(_with("年初值"))
    document = make_document(3, tomllib.loads(edited(), parse_float=Decimal))
    for name, scheme in (("plain", plain), ("own", own)):
        (tmp_path / name).mkdir()
        if scheme is own:
            for number, row in enumerate(document["kpis"]):
                row["年初值"] = f"约 {number} 场"
        fill_template(document, scheme, tmp_path / name / "甲.xlsx", "甲.json")
        run_folder(tmp_path / name, tmp_path / f"{name}-out", scheme, RunOptions(jobs=1))
    assert _scores(tmp_path / "own-out") == _scores(tmp_path / "plain-out")
    (book,) = (tmp_path / "own-out" / "部门结果").iterdir()
    sheet = openpyxl.load_workbook(book)["指标完成"]
    (column,) = [cell.column for cell in sheet[3] if cell.value == "年初指标值"]
    shown = [sheet.cell(4 + number, column).value for number in range(len(document["kpis"]))]
    assert shown == [row["年初值"] for row in document["kpis"]]


def test_what_it_may_not_be() -> None:
    assert "不能是“computed”" in str(toml_faults(_with("computed"))[0])
    (fault,) = toml_faults(_with(type_="points"))
    assert "类型不能是分值" in str(fault)


def test_a_misspelt_column_is_none() -> None:
    (fault,) = toml_faults(edited(('table = "kpis"\nkey = "target"', 'table = "kpis"\nkey = "targets"')))
    assert "target" in str(fault)
