"""Our own 自评报告, written and read: the same figures, no finding; one changed figure, exactly its finding."""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest

from perfxl.checks.finding import Finding
from perfxl.reports.as_document import document_of_report
from perfxl.reports.text import read_report
from perfxl.results.batch import Status
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from perfxl.template.fill import filled_template
from perfxl.workbook.limits import Limits
from tests.report_files import REFERENCE, docx_of
from tests.test_run import perfxl
from tests.word_files import examples_of, write

FULL = [item for item in examples_of("guangzhou-2022") if "首次" not in item["department"]["name"]]


def money(rng: random.Random, most: Decimal = Decimal(900)) -> Decimal:
    return Decimal(rng.randint(100, int(most * 100))) / 100


def random_department(seed: int) -> dict[str, Any]:
    """A department with random money, results and scores, which holds together."""
    rng = random.Random(seed)
    document: dict[str, Any] = copy.deepcopy(FULL[seed % len(FULL)])
    document["department"] |= {"code": f"77{seed:07d}", "name": f"示例第{seed}局"}
    document["narrative"] = dict.fromkeys(document["narrative"], "按要求做好各项工作。")
    basic, project = [sorted((money(rng), money(rng), money(rng)), reverse=True) for _ in range(2)]
    for row, amounts in (
        ("basic", basic),
        ("project", project),
        ("total", [sum(x) for x in zip(basic, project, strict=True)]),
    ):
        document["funds"][row] = dict(zip(("initial", "adjusted", "spent"), map(str, amounts), strict=True))
    for task in document["tasks"]:
        budget = money(rng, Decimal(90))
        task |= {
            "budget": str(budget),
            "spent": str(budget - rng.randint(0, 99) / Decimal(100)),
            "result": "已完成",
            "reason": None,
        }
    for row in document["kpis"]:
        row["reason"] = None
        if row["symbol"] == "≥" and row["target"].isdigit():
            row["actual"] = str(int(row["target"]) + rng.randint(0, 1))
    for code, one in document["scores"].items():
        one["reason"] = one["reason"] and "酌情扣减"
        if rng.random() < 0.4 and one["self"] and not code.startswith("A0"):
            one |= {
                "self": str(max(Decimal(one["self"]) - Decimal(rng.randint(0, 4)) / 4, Decimal(0))),
                "reason": "酌情扣减",
            }
    document["facts"] |= {"budget_change_reason": "按实际需要调整", "low_rate_reason": "据实列支"}
    return document


def books_and_reports(documents: list[dict[str, Any]], tmp_path: Path, scheme: Scheme) -> Path:
    """A folder with the workbooks of the documents, and our own reports beside them."""
    folder, output = tmp_path / "books", tmp_path / "first"
    folder.mkdir()
    for document in documents:
        data = filled_template(document, scheme, "document")
        (folder / f"{document['department']['name']}.xlsx").write_bytes(data)
    run_folder(folder, output, scheme, RunOptions(jobs=1, department_sheets=0, department_books=False))
    write(output, "自评报告")
    for path in (output / "文书" / "自评报告").glob("*.docx"):
        shutil.copy(path, folder)
    return folder


def held(folder: Path, scheme: Scheme) -> list[Finding]:
    report = run_folder(
        folder, folder.parent / "second", scheme, RunOptions(jobs=1, department_sheets=0, department_books=False)
    )
    reports = [record for record in report.batch.files if record.status is Status.REPORT]
    assert reports
    assert all(record.department and "核对了" in record.reason for record in reports), reports
    return [finding for finding in report.batch.findings if finding.code.startswith("W66")]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_our_own_reports_hold_and_a_changed_figure_is_found(seed: int, tmp_path: Path, scheme: Scheme) -> None:
    documents = [random_department(100 * seed + number) for number in range(12)]
    folder = books_and_reports(documents, tmp_path, scheme)
    assert held(folder, scheme) == []
    rng = random.Random(seed)
    changed = {path.stem: change_one(path, rng) for path in sorted(folder.glob("*.docx"))}
    found: dict[str, list[Finding]] = {}
    for finding in held(folder, scheme):
        found.setdefault(finding.department, []).append(finding)
    for name, (before, after) in changed.items():
        told = found.pop(name, [])
        assert [one.code for one in told] == ["W662"], (name, before, after, told)
        assert after in told[0].message.replace(" ", ""), (before, after, told[0].message)
    assert found == {}


def change_one(path: Path, rng: random.Random) -> tuple[str, str]:
    """Changes one figure of a report; what stood there and what stands there now."""
    document = docx.Document(str(path))
    figure = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?=\s*(?:万元|分[，。]|%))")
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    places = [(run, match) for run in runs for match in figure.finditer(run.text)]
    cells = [row.cells[3] for table in document.tables for row in table.rows[1:]]
    in_cells = [(run, re.search(r"\d+(?:\.\d+)?", run.text)) for cell in cells for run in cell.paragraphs[0].runs]
    places += [(run, match) for run, match in in_cells if match]
    run, match = rng.choice(places)
    before = match[0]
    after = format(Decimal(before) + rng.choice((1, 3, 7)), "f")
    run.text = run.text[: match.start()] + after + run.text[match.end() :]
    document.save(str(path))
    return before, after


@pytest.mark.slow
def test_read_gives_back_every_figure_that_went_in(tmp_path: Path, scheme: Scheme) -> None:
    documents = [random_department(number) for number in range(8)]
    folder = books_and_reports(documents, tmp_path, scheme)
    for document in documents:
        path = folder / f"{document['department']['name']}.docx"
        ours, _ = document_of_report(read_report(path.read_bytes(), Limits()), scheme)
        assert ours["department"]["name"] == document["department"]["name"]
        assert numbers(ours["funds"]) == numbers(document["funds"])
        for part, columns in (
            ("tasks", ("name", "budget", "spent", "result")),
            ("kpis", ("name", "level1", "target", "actual")),
        ):
            for column in columns:
                own, theirs = ([numbers(row[column]) for row in one[part]] for one in (ours, document))
                assert own == theirs, (part, column)
        assert numbers({code: one["self"] for code, one in ours["scores"].items()}) == numbers(
            {code: one["self"] for code, one in document["scores"].items()}
        )
        assert ours["narrative"]["duties"] == document["narrative"]["duties"]


def numbers(value: Any) -> Any:
    """Texts that are numbers as numbers: 12.50 is 12.5."""
    if isinstance(value, dict):
        return {key: numbers(one) for key, one in value.items()}
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) else value


def test_read_makes_a_document_of_an_old_report_and_fill_a_workbook(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(docx_of(REFERENCE.read_text("utf-8").splitlines()))
    done = perfxl("read", path, "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    document, known = json.loads((tmp_path / "报告.json").read_text("utf-8")), case["submission"]
    assert document["funds"] == known["funds"]
    assert document["tasks"][0]["budget"] == "35.35"
    assert document["department"]["name"] == known["department"]["name"]
    for code, one in document["scores"].items():
        assert one["self"] == (None if code.startswith("B4") else known["scores"][code]["self"]), code
    assert document["narrative"]["problems"].startswith("通过部门整体支出绩效评价工作的开展")
    for words in ("部门代码", "B41、B42、B43", "绩效指标：整张表"):
        assert words in done.stderr, done.stderr
    assert perfxl("fill", tmp_path / "报告.json", "-o", tmp_path).returncode == 0
    assert (tmp_path / "报告.xlsx").exists()
