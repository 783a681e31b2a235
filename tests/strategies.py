"""Hypothesis strategies for submission documents that hold.

A document is `make_document` of a drawn seed, in which drawn texts and KPI values then replace some: so the
whole is quick and varied, and what Hypothesis invents and shrinks lies where it matters.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.documents import make_document, random_document
from tests.random_schemes import schemes
from tests.values import AWKWARD, plain

__all__ = ["documents", "make_document", "numbers", "random_document", "schemes", "texts"]

Table = dict[str, Any]


def _visible(text: str) -> bool:
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def texts() -> st.SearchStrategy[str]:
    """Text that XML can carry and a person can see: no surrogates, no control characters but \\n and \\t."""
    letters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")
    return st.sampled_from(AWKWARD) | st.text(letters, min_size=1, max_size=60).filter(_visible)


def numbers(least: int = 0, most: int = 10**6, places: int = 6) -> st.SearchStrategy[Decimal]:
    """Exact numbers with up to `places` decimals, of no more than the 15 digits that Excel keeps."""
    return st.integers(0, places).flatmap(
        lambda scale: st.integers(least * 10**scale, most * 10**scale).map(lambda n: Decimal(n).scaleb(-scale))
    )


def _text_fields(document: Table) -> list[tuple[Table, str]]:
    """Where free text may be replaced: the table and its key."""
    fields = [(document["narrative"], key) for key in document["narrative"]]
    fields += [(document["department"], key) for key in ("contact", "phone")]
    for row in document.get("kpis", ()):
        fields += [(row, key) for key in ("name", "unit", "reason", "evidence")]
    for row in document.get("tasks", ()):
        fields += [(row, key) for key in ("name", "result", "reason")]
    fields += [(row, "reason") for row in document["scores"].values()]
    return fields


@st.composite
def documents(draw: st.DrawFn, scheme: Table, *, aimed: bool = False) -> Table:
    """Submission documents without errors for a scheme (the plain table of its TOML file).

    aimed: whether facts are put where the rules of the scheme turn.
    """
    document = make_document(draw(st.integers(0, 999_999)), scheme, aimed=aimed)
    for table, key in draw(st.lists(st.sampled_from(_text_fields(document)), max_size=4)):
        table[key] = draw(texts())
    qualitative = {row["symbol"] for row in scheme.get("symbols", ()) if row["direction"] == "qualitative"}
    numeric = [row for row in document.get("kpis", ()) if row["symbol"] not in qualitative]
    for row in draw(st.lists(st.sampled_from(numeric), max_size=3)) if numeric else ():
        target = draw(numbers(most=10**4, places=4))
        row["target"] = plain(target)
        row["actual"] = plain(draw(st.sampled_from((target, 2 * target)) | numbers(-10, 10**4, places=4)))
    return document
