"""The package's modules as the architecture tests see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "sxsh_audit"
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))


def label(path: Path) -> str:
    """Return the path as a test's name shows it."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _only_for_types(node: ast.AST) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imports(path: Path, *, lazy: bool) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of everything that the module imports.

    Imports for type checkers only do not count; those inside functions only with ``lazy``.
    """
    here = ["sxsh_audit", *path.relative_to(PACKAGE).with_suffix("").parts]
    todo: list[ast.AST] = [tree(path)]
    while todo:
        node = todo.pop()
        if _only_for_types(node):
            todo.extend(node.orelse)
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not lazy:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*here[: len(here) - node.level], node.module or ""] if node.level else []
            module = ".".join(filter(None, base)) if node.level else node.module or ""
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)
        todo.extend(ast.iter_child_nodes(node))
