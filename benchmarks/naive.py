"""The program that most offices would write: pandas.read_excel and openpyxl in a loop, plain Python between.

It is honest: it reads the same sheets once, scores every indicator (in a simpler way: self scores against points, KPIs
by completion), ranks, and writes the same cells with fonts and borders that are made once. It does without the looks
into the files, the checks, explanations, charts and formulas of the real thing.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from benchmarks.cells import Book, load_wanted

FORMS = ("基本信息", "收支情况", "管理效率")
FONT = Font(name="微软雅黑", size=10)
THIN = Side(style="thin", color="BCC6D1")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAP = Alignment(vertical="center", wrap_text=True)


def naive(folder: str, output: str, wanted: str, count: int) -> dict[str, float]:
    """Scores the first `count` workbooks of a folder; seconds for them and, beside that, for the summary."""
    books = load_wanted(wanted)
    target = Path(output)
    target.mkdir(parents=True)
    started = time.perf_counter()
    departments = [score(read(path)) for path in sorted(Path(folder).glob("*.xlsx"))[:count]]
    departments.sort(key=lambda item: -item["total"])
    for rank, department in enumerate(departments, 1):
        department["rank"] = rank
        write(books.departments[(rank - 1) % len(books.departments)], target / f"{rank:05d}.xlsx")
    each = time.perf_counter() - started
    started = time.perf_counter()
    write(books.summary, target / "summary.xlsx")
    return {"departments": each, "summary": time.perf_counter() - started}


def read(path: Path) -> dict[str, pd.DataFrame]:
    """All sheets of a workbook."""
    return pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl", keep_default_na=False)


def score(sheets: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Total and parts of one department."""
    facts: dict[str, Any] = {}
    for name in FORMS:
        for row in sheets[name].itertuples(index=False, name=None):
            if row[0] != "" and not str(row[0]).startswith("@"):
                facts[row[0]] = [row[column] for column in range(2, min(5, len(row)))]
    kpis = score_kpis(table(sheets["绩效指标"], "@kpis"))
    tasks = table(sheets["重点任务"], "@tasks")
    spent = sum(number(task["spent"]) for task in tasks)
    scores = {}
    for line in table(sheets["自评得分"], "@scores"):
        scores[line["code"]] = min(number(line["self"]), number(line["points"]))
    total = round(sum(scores.values()), 2)
    return {"facts": facts, "kpis": kpis, "spent": spent, "scores": scores, "total": total}


def table(frame: pd.DataFrame, mark: str) -> list[dict[str, Any]]:
    """The rows below the hidden row of column keys that begins with a mark."""
    start = next(number for number in range(len(frame)) if frame.iat[number, 0] == mark)
    keys = [str(key) for key in frame.iloc[start]]
    rows = []
    for number in range(start + 2, len(frame)):
        if frame.iat[number, 0] in ("", "@end"):
            break
        row = dict(zip(keys, frame.iloc[number], strict=True))
        if any(value != "" for key, value in row.items() if key != mark):
            rows.append(row)
    return rows


def score_kpis(rows: list[dict[str, Any]]) -> list[float]:
    """Completion times weight of each KPI."""
    found = []
    for row in rows:
        target, actual = number(row["target"]), number(row["actual"])
        completion = min(actual / target, 1) if target else 1.0
        found.append(round(completion * number(row["weight"]), 2))
    return found


def number(value: Any) -> float:
    """The number in a cell, 0 where there is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def write(book: Book, path: Path) -> None:
    """Writes one workbook."""
    workbook = Workbook()
    workbook.remove(workbook[workbook.sheetnames[0]])
    for name, cells in book.sheets:
        sheet = workbook.create_sheet(name)
        for row, column, value in cells:
            cell = sheet.cell(row + 1, column + 1)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.font = FONT
            cell.border = BORDER
            cell.alignment = WRAP
    workbook.save(path)
