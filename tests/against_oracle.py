"""What perfxl made of documents, held against the oracle: one department, the template's cells, a whole run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl.workbook import Workbook

from perfxl.layout import layout_of
from perfxl.outcome import WAITING
from perfxl.scheme.model import Scheme
from perfxl.scoring import DepartmentResult
from tests.oracle import score_document
from tests.oracle_batch import grades_under_quotas, ranks, weighted_mean

Table = dict[str, Any]


def result_differences(result: DepartmentResult, wanted: Table) -> list[str]:
    """Where the result of a department is not that of `score_document`."""
    found = []
    for score in result.scores:
        mine = wanted["scores"][score.code]
        own = {"accepted": score.score, "applies": score.applies, "computed": score.computed}
        if not score.applies:
            # What a rule would have given does not matter.
            own["computed"] = mine["computed"]
        found += [f"{score.code} {name}: {own[name]} and not {mine[name]}" for name in own if own[name] != mine[name]]
    pairs: Table = {name: getattr(result, name) for name in ("total", "grade", "self_total", "self_grade")}
    pairs |= {name: getattr(result, name) for name in ("base", "bonus", "penalty")}
    pairs |= {"near": result.near_threshold, "uncapped": result.total}
    if result.capped_from is not None:
        pairs["uncapped"] = result.capped_from
    pairs["total_grade"] = result.grade_from or result.grade
    found += [f"{name}: {value} and not {wanted[name]}" for name, value in pairs.items() if value != wanted[name]]
    if len(result.limits) != len(wanted["limits"]):
        found.append(f"limits {result.limits} and not {wanted['limits']}")
    return found


def _cents(value: object) -> Decimal | str | None:
    """A cell as the number that it shows; None where it shows nothing, or waits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(Decimal(str(value)), 2)
    return None if value in (None, "", WAITING) else str(value)


def template_differences(book: Workbook, scheme: Scheme, wanted: Table) -> list[str]:
    """Where the scores, totals and grades that a template shows are not those of `score_document`.

    book: opened with its values. Of what cannot be told yet a template shows nothing, where a run counts 0.
    """
    found = []
    block = layout_of(scheme).block("scores")
    sheet = book[block.sheet]
    for line in block.lines:
        mine = wanted["scores"][line.key]
        computed, accepted = (_cents(sheet[block.place(line, name).cell].value) for name in ("computed", "accepted"))
        if mine["applies"] and computed != mine["computed"]:
            found.append(f"{line.key} computed: {computed} and not {mine['computed']}")
        if mine["applies"] and (accepted or 0) != mine["accepted"]:
            found.append(f"{line.key} accepted: {accepted} and not {mine['accepted']}")
    names = {"自评总分": "self_total", "认定总分": "total", "自评等级": "self_grade", "认定等级": "grade"}
    for title, name in names.items():
        ((place, cell),) = book.defined_names[title].destinations
        shown = _cents(book[place][cell.replace("$", "")].value)
        if shown is not None and shown != wanted[name]:
            found.append(f"{title}: {shown} and not {wanted[name]}")
    return found


def run_differences(run: Table, documents: Mapping[str, Table], table: Table) -> list[str]:
    """Where run.json is not what the oracle makes of the documents, by file: scores, ranks, grades under quotas."""
    found = []
    wanted = {file: score_document(document, table) for file, document in documents.items()}
    departments = {item["file"]: item for item in run["departments"]}
    if set(departments) != set(wanted):
        return [f"files {sorted(departments)} and not {sorted(wanted)}"]
    ranked = [item for item in run["departments"] if item["status"] == "scored"]
    expected: dict[str, Table] = {
        item["file"]: {"total": f"{wanted[item['file']]['total']}", "grade": wanted[item["file"]]["grade"]}
        | {"rank": None, "category_rank": None, "grade_from": wanted[item["file"]]["total_grade"]}
        for item in run["departments"]
    }
    before = [(wanted[i["file"]]["total"], i["category"], wanted[i["file"]]["grade"]) for i in ranked]
    after = grades_under_quotas(before, table)
    for item, rank, grade in zip(ranked, ranks([total for total, _, _ in before]), after, strict=True):
        own = [(total, place) for place, (total, category, _) in enumerate(before) if category == item["category"]]
        within = ranks([total for total, _ in own])
        expected[item["file"]] |= {"rank": rank, "grade": grade}
        expected[item["file"]]["category_rank"] = within[[ranked[place] is item for _, place in own].index(True)]
    for file, mine in expected.items():
        theirs = departments[file]
        mine["grade_from"] = "" if mine["grade_from"] == mine["grade"] else mine["grade_from"]
        found += [f"{file} {name}: {theirs[name]} and not {mine[name]}" for name in mine if theirs[name] != mine[name]]
        for score in theirs["scores"]:
            accepted = f"{wanted[file]['scores'][score['indicator']]['accepted']}"
            if score["score"] != accepted:
                found.append(f"{file} {score['indicator']}: {score['score']} and not {accepted}")
    return found + unit_differences(run, ranked, documents, table)


def unit_differences(run: Table, ranked: Sequence[Table], documents: Mapping[str, Table], table: Table) -> list[str]:
    """Where the units of a run over projects have not the mean of these."""
    if table.get("evaluated", {}).get("kind") != "project":
        return [f"units {run['units']}"] if run.get("units") else []
    whole = next((row["key"] for row in table.get("funds", ()) if row["role"] == "合计"), "")
    groups: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for item in ranked:
        money = documents[item["file"]]["funds"].get(whole, {}).get("adjusted")
        groups.setdefault(item["code"], []).append((Decimal(item["total"]), Decimal(money or 0)))
    mine = {code: f"{weighted_mean(projects)}" for code, projects in groups.items()}
    theirs = {unit["code"]: unit["weighted_total"] for unit in run["units"]}
    return [] if mine == theirs else [f"units {theirs} and not {mine}"]
