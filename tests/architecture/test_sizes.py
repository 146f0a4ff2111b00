"""Modules stay small enough to read, and each has a name that says what is in it."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest
from sources import MODULES, label, tree

MOST_LINES_OF_CODE = 600
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def lines_of_code(path: Path) -> int:
    """Count the lines that hold code: no blanks, comments or docstrings."""
    source = path.read_text(encoding="utf-8")
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            code.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree(path)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            text = node.body[0]
            code.difference_update(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return len(code)


def test_lines_of_code_are_counted_without_text(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('"""Text\nof two lines."""\n\n# why\nx = (\n    1\n)\n', encoding="utf-8")
    assert lines_of_code(path) == 3


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_module_is_not_too_long(path: Path) -> None:
    assert lines_of_code(path) <= MOST_LINES_OF_CODE


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_name_says_what_is_inside(path: Path) -> None:
    assert not NAMES_THAT_SAY_NOTHING.intersection(path.with_suffix("").parts[-3:])


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in MODULES}
    assert [label(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
