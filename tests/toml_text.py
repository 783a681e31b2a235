"""Plain tables of a scheme as TOML text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

Table = dict[str, Any]


def toml_of(table: Table) -> str:
    """Plain tables as TOML."""
    parts = []
    for key, value in table.items():
        for row in value if isinstance(value, list) else [value]:
            lines = [f"[[{key}]]" if isinstance(value, list) else f"[{key}]"]
            for name, content in row.items():
                if isinstance(content, dict):
                    lines += [f"{name}.{part} = {_literal(inner)}" for part, inner in content.items()]
                else:
                    lines.append(f"{name} = {_literal(content)}")
            parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, int | Decimal):
        return format(Decimal(value), "f")
    return json.dumps(value, ensure_ascii=False)
