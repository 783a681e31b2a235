"""Workbooks with so many KPIs or so many errors, for the question how time grows with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from benchmarks.data import Document, Kind

PLAIN = Kind("plain")
_NUMBERS = ("self_score", "weight", "target", "actual")


def with_kpis(count: int) -> Kind:
    """The KPI rows of the document over and over, up to `count` of them, equally weighted, all first levels in turn.

    So no indicator is without a KPI, which would be an error and cost a copy to mend.
    """

    def change(document: Document) -> Document:
        levels: dict[str, list[Document]] = {}
        for row in document["kpis"]:
            levels.setdefault(row["level1"], []).append(dict(row) | {"weight": None})
        turns = cycle([cycle(rows) for rows in levels.values()])
        return document | {"kpis": [next(turn) for turn in islice(turns, count)]}

    return Kind(f"kpis-{count}", change)


def with_errors(count: int) -> Kind:
    """Words where numbers belong, no two alike, so that none are told together. At most some 100."""

    def change(document: Document) -> Document:
        rows = [dict(row) for row in islice(cycle(document["kpis"]), 25)]
        changed = document | {
            "kpis": rows,
            "funds": {key: dict(row) for key, row in document["funds"].items()},
            "scores": {code: dict(score) for code, score in document["scores"].items()},
        }
        for number, (holder, key) in enumerate(islice(_number_cells(changed), count)):
            holder[key] = f"大约{number + 1}左右"
        return changed

    return Kind(f"errors-{count}", change)


def _number_cells(document: Document) -> Iterator[tuple[Document, str]]:
    for name in _NUMBERS:
        for row in document["kpis"]:
            # A word is no error where the symbol asks for one.
            if name in ("self_score", "weight") or row["symbol"] in (">", "<", "=", "≥", "≤", "≧", "≦"):
                yield row, name
    for holder in (*document["funds"].values(), *document["scores"].values()):
        for key in holder:
            if key != "reason":
                yield holder, key


def _with_slips(document: Document) -> Document:
    rows = [dict(row) for row in document["kpis"]]
    scores = {code: dict(score) for code, score in document["scores"].items()}
    changed = document | {"kpis": rows, "scores": scores, "facts": document["facts"] | _SLIPS}
    rows[0]["self_score"] = "十分左右"
    rows[1]["symbol"] = "约"
    scores["A01"]["self"] = "满分"
    return changed


_SLIPS = {
    "three_public.abroad.budget": "三万上下",
    "three_public.reception.budget": "-5",
    "new_projects_due": "2.5",
    "budget_published_on_time": "也许",
    "rules_for_targets": None,
    "assets_over_standard": "若干",
    "contracts_total": "-3",
}
WITH_SLIPS = Kind("slips", _with_slips)
"""Ten slips of single cells, no two alike: words for amounts, counts and scores, negative amounts and counts, a part of
one, words that are on no list, a blank. Each is a finding of its own to whoever tells cells one by one."""
SLIPS = len(_SLIPS) + 3
