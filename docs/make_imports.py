"""Draws `docs/imports.md`, which package of `perfxl/` imports which: `python -m docs.make_imports`."""

from __future__ import annotations

from pathlib import Path

from tests.test_imports import ORDER, imported, modules

TARGET = Path(__file__).parent / "imports.md"
HEAD = """# Which package imports which

An arrow goes from a package to one that it imports; where it reaches another over a third, the direct arrow is left
out. All point one way, which `tests/test_imports.py` asserts, and no module imports itself over others. Drawn by
`python -m docs.make_imports`.

```mermaid
flowchart TD
"""


def arrows() -> dict[str, set[str]]:
    """The other packages that each package imports, in its modules' heads, functions and types."""
    known = modules()
    found: dict[str, set[str]] = {name: set() for name in ORDER}
    for name, path in known.items():
        package = _package(name)
        if package:
            found[package] |= {_package(other) for other in imported(path, known, while_typing=True)} - {package, ""}
    return found


def drawn() -> str:
    """The text of the page."""
    direct = arrows()
    reached: dict[str, set[str]] = {}
    for name in ORDER:
        reached[name] = direct[name].union(*(reached.get(other, set()) for other in direct[name]))
    lines = [
        f"    {name} --> {other}"
        for name in reversed(ORDER)
        for other in sorted(direct[name], key=ORDER.index, reverse=True)
        if not any(other in reached.get(third, set()) for third in direct[name])
    ]
    return HEAD + "\n".join(lines) + "\n```\n"


def _package(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ORDER else ""


if __name__ == "__main__":
    TARGET.write_text(drawn(), "utf-8")
