"""As many submission documents as are wanted, made of a few: each a department of its own."""

from __future__ import annotations

import copy
from typing import Any


def many(documents: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """So many documents, the first ones as they are."""
    made = []
    for number in range(count):
        document = copy.deepcopy(documents[number % len(documents)])
        if number >= len(documents):
            document["department"]["name"] += f"（{number}）"
            document["department"]["code"] = f"9{number:08d}"
        made.append(document)
    return made
