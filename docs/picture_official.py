"""The pictures of official values: the list blank and filled, grey cells of a template, and a department's result."""

from __future__ import annotations

import dataclasses
import shutil
from decimal import Decimal
from pathlib import Path

from docs.picture import Picture
from perfxl.lists.official_columns import CORRECTIONS, FACT, FILE_NAME
from perfxl.lists.official_reader import read_official
from perfxl.lists.official_writer import write_official
from perfxl.lists.roster import Roster
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import BY_BUREAU, Scheme
from perfxl.template import write_template

SUPPLIED = (
    "minor_findings", "major_findings", "procurement_violations", "procurement_total", "procurement_sme",
    "fixed_assets_total", "fixed_assets_in_use",
)  # fmt: skip
SHOWN = "示例民政局"
GIVEN = {
    "440118903": ("1", "0", "0", "362.5", "96.2", "6420", "5650"),
    "440118904": ("0", "0", "0", "95.2", "60", "830", "812.4"),
}


def official_pictures(folder: Path, scheme: Scheme, filled: Path, roster: Roster) -> list[Picture]:
    """The built-in scheme with some facts from the bureau."""
    own = dataclasses.replace(
        scheme,
        facts=tuple(
            dataclasses.replace(fact, source=BY_BUREAU) if fact.key in SUPPLIED else fact for fact in scheme.facts
        ),
        funds=tuple(
            dataclasses.replace(row, bureau=("adjusted", "spent")) if row.is_total else row for row in scheme.funds
        ),
    )
    place = folder / "official"
    for name in ("blank", "filled", "input"):
        (place / name).mkdir(parents=True)
    blank, full = place / "blank" / FILE_NAME, place / "filled" / FILE_NAME
    write_official(blank, own, roster)
    shown = next(item for item in roster.departments.values() if item.name == SHOWN)
    numbers = [*GIVEN.values()]
    codes = [shown.code, *(code for code in roster.departments if code != shown.code)]
    keys = [f"{FACT}{key}" for key in SUPPLIED]
    rows = [
        {"code": code, **dict(zip(keys, map(Decimal, numbers[at % 2]), strict=True))}
        for at, code in enumerate(codes[:8])
    ]
    funds = [
        {
            "code": shown.code,
            f"{FACT}funds.total.adjusted": Decimal("24318.46"),
            f"{FACT}funds.total.spent": Decimal("23098.12"),
        }
    ]
    more = {"basis": "区审〔2023〕5号审计报告", "person": "李示例", "day": "2023-04-10"}
    corrections = [
        {"code": shown.code, "name": SHOWN, "item": "当年全面盘点资产并处理差异", "value": "否", **more},
        {"code": codes[1], "name": roster.departments[codes[1]].name, "item": "合计年初预算数", "value": "1860.75",
         "basis": "2022年部门预算批复", "person": "李示例", "day": "2023-04-06"},
    ]  # fmt: skip
    write_official(full, own, roster, {"管理效率": rows, "收支情况": funds, CORRECTIONS: corrections})
    write_template(own, place / "template.xlsx")
    shutil.copy(filled / f"{SHOWN}.xlsx", place / "input")
    values = read_official(full, own)
    options = RunOptions(jobs=1, lists=Lists(authorities=() if values is None else (values,)))
    report = run_folder(place / "input", place / "output", own, options)
    return [
        Picture("official-blank", blank, "财务管理一般问题数", bottom=0.5),
        Picture("official", full, "财务管理一般问题数", bottom=0.5),
        Picture("official-corrections", full, "当年全面盘点资产并处理差异", bottom=0.5),
        Picture("template-supplied", place / "template.xlsx", "一、预算编制", top=0.05, bottom=0.3),
        Picture("department-official", report.output / "部门结果" / f"{SHOWN}.xlsx", "财政核定数和填报数", bottom=0.4),
    ]
