"""Writes `docs/reports.md`, how well claims of reports are found: `python -m docs.make_report_page`."""

from __future__ import annotations

from pathlib import Path

from tests.report_sentences import CLAIMS, NO_CLAIMS

TARGET = Path(__file__).parent / "reports.md"


def drawn(wrong: int, missed: int, count: int) -> str:
    """The page. wrong: what is found and not said, missed: what is said and not found, of so many claims."""
    found = count - missed
    precision, recall = found / (found + wrong), found / count
    return f"""# How well the claims of reports are found

`perfxl run` reads the departments' own reports (自评报告) and holds what they claim against the workbooks. A sentence
that is not understood for certain claims nothing: a false alarm costs a clerk more than a contradiction unseen. The
corpus in `tests/report_sentences.py` has {len(CLAIMS)} sentences with {count} claims, several ways of saying each kind,
and {len(NO_CLAIMS)} that claim nothing though they look like it (other years, other money, wishes, other counts). Over
the corpus, as `tests/test_reports_claims.py` asserts:

| | |
| --- | ---: |
| precision: of what is found, so much is said | {precision:.1%} |
| recall: of what is said, so much is found | {recall:.1%} |

The patterns were written beside the corpus, so both figures are those of sentences of known kinds; in a report that
says things in ways of its own less is found. Written by `python -m docs.make_report_page`.
"""


if __name__ == "__main__":
    import json

    from perfxl.reports.names import names_of
    from perfxl.scheme import DEFAULT, load_scheme
    from tests.test_reports_claims import measured

    document = json.loads(Path("tests/cases/zengcheng-kexie-2022.json").read_text("utf-8"))["submission"]
    kpis = [(row["name"], row["unit"] or "") for row in document["kpis"]]
    tasks = [row["name"] for row in document["tasks"]]
    wrong, missed, count = measured(names_of(load_scheme(DEFAULT), document["department"]["name"], tasks, kpis))
    TARGET.write_text(drawn(len(wrong), len(missed), count), "utf-8", newline="\n")
