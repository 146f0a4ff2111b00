"""Which sentences the source can speak: every text that may reach ``sentence`` as a code.

A code is a constant, or an f-string such as ``f"unit.{code}"``. The values of what stands in the
braces are followed through the source: assignments, loops over written-out values, what callers
hand to a parameter, what a function returns, the code that a private ``_Fault`` was raised with.
Where the value comes from data (``status`` of a record), ``FROM_DATA`` says which values the data
can have, taken from the data itself. Nothing else is allowed: an f-string that cannot be followed
fails the test.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from sources import MODULES, PACKAGE, label, tree

Values = frozenset[str]
Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@cache
def parents(path: Path) -> dict[ast.AST, ast.AST]:
    """Return the node above each node of the module."""
    return {child: node for node in ast.walk(tree(path)) for child in ast.iter_child_nodes(node)}


def above(path: Path, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes above `node`, the nearest first."""
    up = parents(path)
    while node in up:
        node = up[node]
        yield node


def scopes(path: Path, node: ast.AST) -> list[ast.AST]:
    """Return the functions and comprehensions around `node`, the nearest first, and the module."""
    kinds = Function | Comprehension | ast.Module
    return [up for up in above(path, node) if isinstance(up, kinds)]


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope without those of the scopes inside it."""
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, Function | Comprehension):
            todo.extend(ast.iter_child_nodes(node))


def called(call: ast.Call) -> str:
    """Return the last name of what is called: ``fault`` of ``self.fault(…)``."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def parameters(function: Function) -> list[str]:
    """Return the names of the parameters, ``*args`` in the place where it begins."""
    given = function.args
    rest = [given.vararg] if given.vararg else []
    return [arg.arg for arg in (*given.posonlyargs, *given.args, *rest, *given.kwonlyargs)]


def is_vararg(function: Function, name: str) -> bool:
    return function.args.vararg is not None and function.args.vararg.arg == name


class Follower:
    """Follows an expression of one module to the texts that it can be."""

    def __init__(self, from_data: Mapping[tuple[str, str], Values]) -> None:
        self.from_data = from_data
        self.asked: set[tuple[str, str]] = set()  # entries of `from_data` that were needed
        self.lost: list[str] = []  # expressions that could not be followed
        self._open: set[tuple[Path, str, int]] = set()

    def values(self, path: Path, node: ast.AST) -> Values | None:
        """Return every text that `node` can be; None where that is not known."""
        key = (label(path), ast.unparse(node))
        if key in self.from_data:
            self.asked.add(key)
            return self.from_data[key]
        if isinstance(node, ast.Constant):
            return frozenset({node.value}) if isinstance(node.value, str) else frozenset()
        if isinstance(node, ast.FormattedValue):
            return self.values(path, node.value)
        if isinstance(node, ast.JoinedStr):
            parts = [self.values(path, part) for part in node.values]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return frozenset("".join(texts) for texts in itertools.product(*known))
        if isinstance(node, ast.IfExp):
            return self.union(path, [node.body, node.orelse])
        if isinstance(node, ast.BoolOp):
            return self.union(path, node.values)
        if isinstance(node, ast.Dict):
            return self.union(path, node.values)
        if isinstance(node, ast.Tuple | ast.List):
            return self.union(path, node.elts)
        if isinstance(node, ast.Call):
            return self.of_call(path, node)
        if isinstance(node, ast.Attribute) and node.attr == "code":
            raised = [call.args[0] for call in self.calls(path, "_Fault") if call.args]
            return self.union(path, raised) if raised else None
        return self.of_name(path, node) if isinstance(node, ast.Name) else None

    def union(self, path: Path, nodes: list[ast.expr]) -> Values | None:
        found: set[str] = set()
        for node in nodes:
            one = self.values(path, node)
            if one is None:
                return None
            found |= one
        return frozenset(found)

    def of_call(self, path: Path, call: ast.Call) -> Values | None:
        """Follow ``{…}.get(…)``, ``str(…)``, and functions of the module."""
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get":
            return self.values(path, call.func.value)
        if called(call) == "str" and call.args:
            return self.values(path, call.args[0])
        for node in ast.walk(tree(path)):
            if isinstance(node, Function) and node.name == called(call):
                returns = [n.value for n in own_nodes(node)
                           if isinstance(n, ast.Return) and n.value is not None]  # fmt: skip
                return self.union(path, returns)
        return None

    def of_name(self, path: Path, name: ast.Name) -> Values | None:
        """Follow a name to its assignments, its loop, or the callers of its function."""
        for scope in scopes(path, name):
            mark = (path, name.id, getattr(scope, "lineno", 0))
            if mark in self._open:  # x = x or …: what else it can be was followed already
                return frozenset()
            bound = list(bindings(scope, name.id))
            is_parameter = isinstance(scope, Function) and name.id in parameters(scope)
            if not bound and not is_parameter:
                continue
            self._open.add(mark)
            try:
                found = self.union(path, bound)
                if found is not None and is_parameter:
                    assert isinstance(scope, Function)
                    given = self.handed(path, scope, name.id)
                    found = None if given is None else found | given
            finally:
                self._open.discard(mark)
            return None if found is None else found - excluded(path, name)
        return None

    def handed(self, path: Path, function: Function, name: str) -> Values | None:
        """Return what callers hand to a parameter, with its default."""
        names = parameters(function)
        over = parents(path)[function]
        position = names.index(name) - (1 if isinstance(over, ast.ClassDef) else 0)
        found: set[str] = set()
        by_position = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
        defaults = dict(
            zip(reversed(by_position), reversed(function.args.defaults), strict=False)
        )
        if name in defaults:
            found |= self.values(path, defaults[name]) or set()
        # A method is reached through the classes of the module that inherit it, too.
        imported = [function.name] if not isinstance(over, ast.ClassDef) else [
            node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)
            and over.name in (node.name, *map(ast.unparse, node.bases))
        ]  # fmt: skip
        for module in MODULES:
            # functions of the parser are handed to modules of commands as a Making
            if module != path and not (any(self.knows(module, path, one) for one in imported)
                                       or self.knows(module, path, "Making")):  # fmt: skip
                continue
            for call in self.calls(module, function.name):
                if module == path and not self.reaches(path, function, call):
                    continue
                keyword = [k.value for k in call.keywords if k.arg == name]
                end = None if is_vararg(function, name) else position + 1
                for given in keyword or call.args[position:end]:
                    one = self.values(module, given)
                    if one is None:
                        return None
                    found |= one
        return frozenset(found)

    @staticmethod
    def calls(path: Path, name: str) -> list[ast.Call]:
        return [node for node in ast.walk(tree(path))
                if isinstance(node, ast.Call) and called(node) == name]  # fmt: skip

    @staticmethod
    def knows(module: Path, path: Path, name: str) -> bool:
        """Whether `module` imports `name` from the module at `path`."""
        home = "sxsh_audit." + label(path).removesuffix(".py").replace("/", ".")
        return any(
            isinstance(node, ast.ImportFrom) and node.module == home
            and name in {alias.name for alias in node.names}
            for node in ast.walk(tree(module))
        )  # fmt: skip

    @staticmethod
    def reaches(path: Path, function: Function, call: ast.Call) -> bool:
        """Whether `call` means `function` and no other of its name in the same module."""
        namesakes = [node for node in ast.walk(tree(path))
                     if isinstance(node, Function) and node.name == function.name]  # fmt: skip
        if len(namesakes) == 1:
            return True
        home = scopes(path, function)[0]
        return home in scopes(path, call) and not any(
            node is not function and scopes(path, node)[0] in scopes(path, call)[:1]
            for node in namesakes
        )


def bindings(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what `name` is set to in a scope: by assignment, or by a loop over written values."""
    for node in own_nodes(scope):
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.For | ast.comprehension):
            target, looped = node.target, node.iter
            if isinstance(looped, ast.Call) and called(looped) == "enumerate":
                assert isinstance(target, ast.Tuple)
                target, looped = target.elts[1], looped.args[0]
            written = isinstance(looped, ast.Tuple | ast.List)
            several = looped.elts if written else [looped]  # type: ignore[attr-defined]
            pairs = [(target, value) for value in several]
        for target, value in pairs:
            yield from _bound(target, value, name)


def _bound(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple):
        if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            for one, given in zip(target.elts, value.elts, strict=True):
                yield from _bound(one, given, name)
        elif any(isinstance(one, ast.Name) and one.id == name for one in target.elts):
            yield value


def excluded(path: Path, name: ast.Name) -> Values:
    """Return what a name is not: inside `if name != "from":`, or empty inside `if name:`."""
    below: ast.AST = name
    found: set[str] = set()
    for node in above(path, name):
        inside = (isinstance(node, ast.If) and below in node.body) or (
            isinstance(node, ast.IfExp) and below is node.body
        )
        if inside:
            assert isinstance(node, ast.If | ast.IfExp)
            test = node.test
            if isinstance(test, ast.Name) and test.id == name.id:
                found.add("")
            elif (
                isinstance(test, ast.Compare)
                and isinstance(test.ops[0], ast.NotEq)
                and ast.unparse(test.left) == name.id
                and isinstance(test.comparators[0], ast.Constant)
            ):
                found.add(str(test.comparators[0].value))
        below = node
    return frozenset(found)


def places(
    topics: list[str], is_code: Callable[[str, str], bool]
) -> Iterator[tuple[Path, ast.AST]]:
    """Yield every constant and f-string in the source that is, or begins as, a code.

    A constant that something is compared with speaks nothing, nor does a key of a dictionary from
    codes to words.
    """
    for path in MODULES:
        if path.parent == PACKAGE:  # the door names modules the same way
            continue
        up = parents(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr) and node.values:
                first = node.values[0]
                head = first.value if isinstance(first, ast.Constant) else ""
                topic, dot, rest = str(head).partition(".")
                if dot and topic in topics and (not rest or rest.replace("_", "").isalnum()):
                    yield path, node
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                over = up.get(node)
                looked_up = (
                    isinstance(over, ast.Dict)
                    and node in over.keys
                    and all(isinstance(value, ast.Constant) for value in over.values)
                )
                silent = looked_up or isinstance(over, ast.Compare | ast.JoinedStr)
                if not silent and is_code(node.value, handed_to(over, node)):
                    yield path, node


def handed_to(over: ast.AST | None, node: ast.AST) -> str:
    """Return the name of what `node` is the first argument of."""
    if isinstance(over, ast.Call) and over.args and over.args[0] is node:
        return called(over)
    return ""
