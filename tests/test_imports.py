"""Data goes one way through `perfxl/`: no package imports a later one of the README's table, and no module a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "perfxl"
_ROWS = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
ORDER = re.findall(r"`(\w+)`", "".join(_ROWS))
"""The packages as the README has them: each may import those before it."""


def modules() -> dict[str, Path]:
    """Every module of perfxl by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def imported(path: Path, known: dict[str, Path], *, while_typing: bool = False) -> Iterator[str]:
    """The modules of perfxl that a module imports, at its head or inside a function."""
    for node in _nodes(ast.parse(path.read_text("utf-8")), while_typing=while_typing):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module or ""


def _nodes(tree: ast.AST, *, while_typing: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not while_typing and isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            continue
        yield node
        yield from _nodes(node, while_typing=while_typing)


def test_every_package_has_its_line_in_the_readme() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert packages <= set(ORDER)


def test_no_package_imports_a_later_one() -> None:
    known = modules()
    upward = [
        f"{name} imports {other}"
        for name, path in known.items()
        for other in imported(path, known, while_typing=True)
        if _rank(other) > _rank(name)
    ]
    assert upward == []


def test_no_module_imports_itself_over_others() -> None:
    known = modules()
    graph = {name: set(imported(path, known)) - {name} for name, path in known.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(known)


def _rank(name: str) -> int:
    """The place of a module's package in the README; modules beside the packages come before all, the entry last."""
    parts = name.split(".")
    if parts[-1] == "__main__":
        return len(ORDER)
    return ORDER.index(parts[1]) if len(parts) > 1 and parts[1] in ORDER else -1


def test_the_picture_of_the_imports_is_as_they_are() -> None:
    from docs.make_imports import TARGET, drawn

    assert TARGET.read_text("utf-8") == drawn()
