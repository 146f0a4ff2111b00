"""The docstring of a public function is a contract: it names what the function takes."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import sxsh_audit
from sxsh_audit import assessment, calc, charts, language, tables, units

PACKAGES = (assessment, calc, charts, language, tables, units)
Function = Callable[..., Any]


def modules() -> Iterator[Any]:
    yield sxsh_audit
    for package in PACKAGES:
        yield package
        for entry in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(entry.name)


def public_functions() -> dict[str, Function]:
    """Return the public functions, and the public methods of public classes, by full name."""
    found: dict[str, Function] = {}
    for module in modules():
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                found[f"{thing.__module__}.{name}"] = thing
            elif inspect.isclass(thing) and thing.__module__.startswith("sxsh_audit"):
                for method, value in vars(thing).items():
                    plain = getattr(value, "__func__", value)
                    if not method.startswith("_") and inspect.isfunction(plain):
                        found[f"{thing.__module__}.{name}.{method}"] = plain
    return found


FUNCTIONS = public_functions()
# ``calc.domain`` checks numbers of any unit.
ARITHMETIC = {
    name: each
    for name, each in FUNCTIONS.items()
    if ".calc." in name and ".domain." not in name
}
ROOT_FUNCTIONS = [
    name for name in sxsh_audit.__all__ if inspect.isfunction(getattr(sxsh_audit, name))
]


def section(function: Function, title: str) -> str:
    """Return a section of a numpydoc docstring."""
    text = inspect.getdoc(function) or ""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\S[^\n]*\n-{{3,}}$|\Z)", text, re.M | re.S)
    return found[1] if found else ""


def entries(function: Function, title: str = "Parameters") -> dict[str, tuple[str, str]]:
    """Return name → (type, description) of a section; names of one line share them."""
    found: dict[str, tuple[str, str]] = {}
    pattern = r"^(\*{0,2}[A-Za-z_][^\n:]*?)(?: : ([^\n]*))?\n((?:[ ]+[^\n]*\n?|\n)*)"
    for names, kind, told in re.findall(pattern, section(function, title) + "\n", re.M):
        for name in names.split(", "):
            found[name.lstrip("*")] = (kind, told)
    return found


def taken(function: Function) -> list[str]:
    given = inspect.signature(function).parameters
    return [name for name in given if name not in ("self", "cls")]


def test_there_are_functions() -> None:
    assert len(FUNCTIONS) > 60


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_parameter_is_documented_that_is_not_taken(name: str) -> None:
    assert set(entries(FUNCTIONS[name])) <= set(taken(FUNCTIONS[name]))


@pytest.mark.parametrize("name", [*sorted(ARITHMETIC), *ROOT_FUNCTIONS])
def test_every_parameter_is_documented(name: str) -> None:
    function = ARITHMETIC.get(name) or getattr(sxsh_audit, name)
    if len(taken(function)) > 1 or section(function, "Parameters"):
        assert list(entries(function)) == taken(function)
    assert (inspect.getdoc(function) or "").strip()


@pytest.mark.parametrize("name", sorted(ARITHMETIC))
def test_a_quantity_names_its_unit(name: str) -> None:
    """A number among the parameters of the arithmetic has its unit in [brackets]."""
    for parameter, (kind, told) in entries(ARITHMETIC[name]).items():
        if re.match(r"float|array(?! of (int|bool|str|object))", kind):
            assert re.search(r"\[[^\]]+\]", told), parameter


@pytest.mark.parametrize("name", ROOT_FUNCTIONS)
def test_names_of_the_package_root_say_what_they_return_and_refuse(name: str) -> None:
    function = getattr(sxsh_audit, name)
    if name != "programmes":
        assert section(function, "Returns").strip()
    if name not in {"programmes", "simple_payback"}:  # they refuse nothing
        assert section(function, "Raises").strip()
    if name not in {"read_study", "check_study"}:  # they read files of the reader's
        assert ">>>" in section(function, "Examples")
