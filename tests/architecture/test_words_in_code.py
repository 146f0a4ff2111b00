"""What a user reads is in the catalogues; the code itself holds no sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from sources import MODULES, ROOT, label, tree
from spoken import above, called, parents

PROSE = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){3,}")
MARKED = re.compile(  # a Vietnamese word, not a single letter of the alphabet
    "[a-zà-ỹ]*[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ][a-zà-ỹ]+"
)
MARKED_WORDS = re.compile(rf"{MARKED.pattern} [a-zà-ỹ]+|[a-zà-ỹ]+ {MARKED.pattern}")
# Raised for a wrong call in Python or a damaged file of facts: they speak to a programmer.
PROGRAMMING = {"TypeError", "ValueError", "KeyError", "AttributeError", "DataError"}
# Written to be compared with what others wrote: argparse's words.
COMPARED = {"_FAULTS"}


def is_docstring(path: Path, node: ast.AST) -> bool:
    return isinstance(parents(path).get(node), ast.Expr)


def is_programming_error(path: Path, node: ast.AST) -> bool:
    return any(
        isinstance(up, ast.Raise) and isinstance(up.exc, ast.Call) and called(up.exc) in PROGRAMMING
        for up in above(path, node)
    )


def is_compared(path: Path, node: ast.AST) -> bool:
    """Whether a text is a pattern: handed to ``re``, or among argparse's own words."""
    for up in above(path, node):
        if isinstance(up, ast.Call) and ast.unparse(up.func).startswith("re."):
            return True
        if isinstance(up, ast.Assign) and {ast.unparse(name) for name in up.targets} & COMPARED:
            return True
    return False


@pytest.mark.parametrize("path", MODULES, ids=map(label, MODULES))
def test_no_sentence_stands_in_the_code(path: Path) -> None:
    found = [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and (PROSE.search(node.value) or MARKED_WORDS.search(node.value))
        and not is_docstring(path, node)
        and not is_programming_error(path, node)
        and not is_compared(path, node)
    ]
    assert found == []


def commands_named(text: str) -> list[str]:
    """Return what a help shows as commands: the words in front of the explanations."""
    shown = re.findall(r"^    (python3 run\.py.*?)(?:  +\S.*)?$", text, re.MULTILINE)
    return [re.sub(r"\b(?:FOLDER|THƯ_MỤC)\b", "FOLDER", line).strip() for line in shown]


def test_run_py_says_everything_in_both_languages() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    module = ast.parse(source)
    vietnamese = next(
        node.value.value
        for node in module.body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "HELP_VI"
        and isinstance(node.value, ast.Constant)
    )
    english = ast.get_docstring(module, clean=False) or ""
    assert commands_named(str(vietnamese)) == commands_named(english) != []
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    said = [call for call in calls if called(call) == "say"]
    assert len(said) > 2
    for call in said:
        vi, en = (ast.unparse(argument) for argument in call.args)
        assert MARKED.search(vi)
        assert not MARKED.search(en)
    for call in calls:  # what cannot be said in one language is said in both at once
        told = ast.unparse(call)
        if called(call) in {"SetupError", "print"} and PROSE.search(told):
            assert MARKED.search(told), told
