"""The built-in schemes from end to end, each with its example documents, whose totals the independent oracle gives."""

from __future__ import annotations

import json
import shutil
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from perfxl.cli.app import perfxl
from perfxl.scheme import DEFAULT, builtin_ids, load_scheme
from perfxl.scheme.library import entries_of, is_scheme_workbook, scheme_files
from perfxl.scheme.workbook_file import scheme_workbook
from tests.oracle import score_document
from tests.scheme_files import BUILTIN, LIBRARY, OTHER_BUILTIN, form

EXAMPLES = Path(__file__).parent.parent / "examples" / "documents"
TOTALS = {
    "chongqing-2021": {"示例市生态环境局": "97.60", "示例市总工会": "98.55", "示例市体育事业发展中心": "63.88"},
    "gongxing-2013": {"示例县水利局": "96.85", "示例县疾病预防控制中心": "83.09", "示例县档案馆": "66.03"},
    "xiangmu-2020": {
        "示例校园信息化建设项目": "98.01",
        "示例农村学校厕所改造项目": "87.48",
        "示例高标准农田建设项目": "99.83",
        "示例文旅宣传推广项目": "55.75",
    },
}


def documents(code: str) -> dict[str, dict[str, Any]]:
    """The example documents of a scheme by the name of their file."""
    folder = EXAMPLES if code == DEFAULT else EXAMPLES / code
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def call(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(perfxl, list(words), standalone_mode=False)
    assert result.exception is None, result.exception
    assert (result.return_value or 0) == code, result.output
    return result


def test_every_scheme_says_where_it_comes_from() -> None:
    for code in builtin_ids():
        note = load_scheme(code).header.note
        assert 20 < len(note.splitlines()[0]) < 60
        assert "来源：" in note and "可以确定的：" in note and "编者选择的：" in note


def test_the_list_names_each_scheme_with_year_title_and_what_it_is(here: Path) -> None:
    lines = call("scheme", "list").output.splitlines()
    for code in builtin_ids():
        scheme = load_scheme(code)
        at = lines.index(f"  {code}  {scheme.year}  {scheme.header.title}（版本 {scheme.header.version}）")
        assert lines[at + 1] == f"      {scheme.header.note_head}"
    assert "workbook_templates" not in "".join(lines)


def test_the_list_shows_what_stands_in_the_folder(here: Path) -> None:
    folder = here / "workbook_templates"
    folder.mkdir()
    (folder / "本区.toml").write_text(form("district"), "utf-8")
    (folder / "改过的.xlsx").write_bytes(scheme_workbook(load_scheme("xiangmu-2020")))
    (folder / "坏.toml").write_text(BUILTIN.replace("floor = 0.6", 'floor = "六"'), "utf-8")
    (folder / "名录.xlsx").write_bytes(b"PK")
    (folder / "~$改过的.xlsx").write_bytes(b"x")
    output = call("scheme", "list").output
    own = output[output.index("workbook_templates") :]
    assert "本区.toml" in own and "xiangmu-2020  2022" in own and "改过的.xlsx" in own
    assert "有 1 处错误，用 perfxl scheme check 查看" in own
    assert "名录" not in own and "~$" not in own
    assert [Path(entry.source).name for entry in entries_of(folder)] == ["坏.toml", "改过的.xlsx", "本区.toml"]


def test_workbooks_of_departments_are_no_schemes(here: Path) -> None:
    shutil.copy(EXAMPLES.parent.parent / "input" / "示例教育局.xlsx", here)
    assert not is_scheme_workbook(here / "示例教育局.xlsx")
    assert scheme_files(here) == scheme_files(here / "没有") == []


@pytest.mark.parametrize("code", OTHER_BUILTIN)
def test_examples_are_invented_and_of_their_scheme(code: str) -> None:
    found = documents(code)
    assert set(found) == set(TOTALS[code])
    for name, document in found.items():
        assert document["scheme"] == code
        assert document["year"] == load_scheme(code).year
        assert name.startswith("示例") and document["department"]["name"].startswith("示例")
        assert "虚构" in document["department"]["remark"]
    assert {document["department"]["category"] for document in found.values()} == {
        category.name for category in load_scheme(code).categories
    }


@pytest.mark.parametrize("code", OTHER_BUILTIN)
def test_totals_of_the_examples_are_those_of_the_oracle(code: str) -> None:
    table = tomllib.loads((LIBRARY / f"{code}.toml").read_text("utf-8"), parse_float=Decimal)
    totals = {name: str(score_document(document, table)["total"]) for name, document in documents(code).items()}
    assert totals == TOTALS[code]


@pytest.mark.parametrize("code", builtin_ids())
def test_from_the_list_to_the_results(code: str, here: Path) -> None:
    """As a bureau goes: list, export, check, template, fill, run with the exported workbook."""
    assert code in call("scheme", "list").output
    book, filled, out = (str(here / name) for name in ("方案.xlsx", "in", "out"))
    call("scheme", "export", code, "-o", book)
    assert "没有错误" in call("scheme", "check", book).output
    call("template", "--scheme", book, "-o", str(here / "模板"))
    assert len(list((here / "模板").glob("*填报模板.xlsx"))) == 1
    folder = EXAMPLES if code == DEFAULT else EXAMPLES / code
    paths = [str(path) for path in sorted(folder.glob("*.json"))]
    call("fill", *paths, "--scheme", book, "-o", filled)
    # Of the examples of the default scheme one is returned.
    call("run", filled, "-o", out, "--scheme", book, code=3 if code == DEFAULT else 0)
    run = json.loads((here / "out" / "run.json").read_text("utf-8"))
    assert run["scheme"]["id"] == code
    got = {Path(item["file"]).stem: item for item in run["departments"] if item["status"] == "scored"}
    table = tomllib.loads((LIBRARY / f"{code}.toml").read_text("utf-8"), parse_float=Decimal)
    assert set(got) == set(TOTALS[code]) if code in TOTALS else len(got) == len(paths) - 2
    for name, document in documents(code).items():
        if name not in got:
            continue
        # One department writes its unit beside a number, which the oracle does not read.
        plain = json.loads(json.dumps(document, ensure_ascii=False).replace('"35场"', '"35"'))
        expected = score_document(plain, table)
        assert Decimal(str(got[name]["total"])) == expected["total"]
        assert got[name]["grade"] == expected["grade"]


def test_the_published_total_of_chongqing() -> None:
    """A published form: 执行率 76% gives 7.6, the indicators 90, together 97.6."""
    assert TOTALS["chongqing-2021"]["示例市生态环境局"] == "97.60"
