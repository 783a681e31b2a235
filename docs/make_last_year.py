"""Writes `examples/2021/run.json`, last year's results of the example departments: `python -m docs.make_last_year`.

They are made of the examples of 2022: targets and results somewhat lower, some facts better or worse, one department
under its former name, one under a former code, one that is no more, one that was not there yet. All of it is invented,
that of the real department too; the document says so.
"""

from __future__ import annotations

import copy
import json
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.results.manifest import MANIFEST
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.submission.numbers import number_in
from perfxl.template.fill import fill_template

ROOT = Path(__file__).parent.parent
DOCUMENTS = ROOT / "examples" / "documents"
TARGET = ROOT / "examples" / "2021"
NOTE = "2021 年度的数据都是示例，由 2022 年度的示例改成，广州市增城区科学技术协会的也是虚构的，不是它的实际结果"
YEAR = 2021
STARTED = datetime(2022, 4, 6, 9, 30, tzinfo=UTC)
NEW = ("示例新城街道办事处", "示例街道办事处（首次报送）")
FORMER_NAMES = {"示例园区建设服务中心": "示例园区管理委员会"}
FORMER_CODES = {"示例图书馆": "440118994"}
GONE = ("示例民政局", "示例档案局", "440118995")
LOWER, MORE, LESS = Decimal("0.9"), Decimal("1.1"), Decimal("0.3")
OVER = ("示例水务局", "示例图书馆", "示例妇女联合会")
AT_MOST = ("≤", "<")
# What was better then: most of those who stand low now stood higher.
BETTER = {
    "示例水务局": {
        "rules_for_evaluation": "是", "rules_for_results_use": "是", "results_tied_to_budget": "是",
        "targets_on_time": "是", "self_review_not_returned": "是", "minor_findings": "1",
    },
    "示例镇人民政府": {"minor_findings": "0", "major_findings": "0", "results_tied_to_budget": "是"},
}  # fmt: skip
WORSE = {
    "示例教育局": {"rules_for_results_use": "否", "monitored_twice": "否", "inventory_done": "否"},
    "示例农业农村局": {"monitored_twice": "否", "rules_for_evaluation": "否", "inventory_done": "否"},
    "示例疾病预防控制中心": {"results_tied_to_budget": "否"},
    "广州市增城区科学技术协会": {"results_tied_to_budget": "否", "targets_published": "否"},
}


def last_years_scheme() -> Scheme:
    """The scheme of the year before: the same under its own code."""
    scheme = load_scheme()
    title = scheme.header.title.replace("2022", str(YEAR))
    results = scheme.header.results.replace("2022", str(YEAR))
    return replace(scheme, header=replace(scheme.header, id="guangzhou-2021", year=YEAR, title=title, results=results))


def last_years_documents() -> dict[str, dict[str, Any]]:
    """The submission documents of the year before, by the names of their files."""
    documents = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(DOCUMENTS.glob("*.json"))}
    scheme = last_years_scheme()
    found = {}
    for name, document in documents.items():
        if name not in NEW:
            found[FORMER_NAMES.get(name, name)] = _before(name, document, scheme)
    gone = copy.deepcopy(found[GONE[0]])
    gone["department"] |= {"name": GONE[1], "code": GONE[2]}
    return found | {GONE[1]: gone}


def _before(name: str, document: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    document = copy.deepcopy(document)
    department = document["department"]
    document |= {"scheme": scheme.id, "year": YEAR}
    department["name"] = FORMER_NAMES.get(name, department["name"])
    department["code"] = FORMER_CODES.get(name, department["code"])
    department["filled_on"] = "2022-03-28"
    department["remark"] = NOTE
    document["facts"] |= BETTER.get(name, {}) | WORSE.get(name, {})
    for number, kpi in enumerate(document["kpis"]):
        now, reached = (number_in(kpi[column], ("%",)) for column in ("target", "actual"))
        if now is None or reached is None:
            continue
        less = kpi["symbol"] in AT_MOST
        if kpi["unit"] != "%" and not less:
            kpi["target"] = _scaled(now, LOWER)
            reached *= LOWER
        # What asks for less than was reached is to be seen, and not with everybody.
        reached = now * MORE if name in OVER and number == 0 else max(now, reached) if less else min(now, reached)
        kpi["actual"] = _scaled(reached, Decimal(1))
    if name in BETTER:
        for code, score in document["scores"].items():
            score["self"] = str(scheme.indicator_by_code[code].points)
    for code in list(document["scores"])[len(name) % 5 :: 6]:
        score = document["scores"][code]
        score["self"] = str(max(Decimal(score["self"]) - LESS, Decimal(0)))
        score["reason"] = score["reason"] or "示例：材料不齐，扣分"
    return document


def _scaled(number: Decimal, by: Decimal) -> str:
    number *= by
    return str(number.to_integral_value() if number > 100 else number.quantize(Decimal("0.1")).normalize() + 0)


def results(folder: Path) -> str:
    """The run.json of the year before. folder: to work in."""
    scheme, workbooks = last_years_scheme(), folder / "input"
    workbooks.mkdir()
    for name, document in last_years_documents().items():
        fill_template(document, scheme, workbooks / f"{name}.xlsx", name)
    options = RunOptions(jobs=1, department_books=False, started=STARTED)
    run_folder(workbooks, folder / "output", scheme, options)
    text = (folder / "output" / MANIFEST).read_text("utf-8")
    lines = []
    for line in text.splitlines(keepends=True):
        # How long it took is not the same twice, and the workbooks are not shipped.
        lines.append('  "seconds": 1.0,\n' if line.startswith('  "seconds": ') else line)
        if line.startswith('  "tool": '):
            lines.append(f'  "note": {json.dumps(NOTE, ensure_ascii=False)},\n')
    return "".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        TARGET.mkdir(exist_ok=True)
        (TARGET / MANIFEST).write_text(results(Path(name)), "utf-8", newline="\n")
