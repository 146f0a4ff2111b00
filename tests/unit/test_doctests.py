"""Every example in a docstring runs, with warnings as errors, also when only ``tests`` is run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import sxsh_audit

MODULES = sorted(
    entry.name
    for entry in pkgutil.walk_packages(sxsh_audit.__path__, "sxsh_audit.")
    if not entry.name.endswith("__main__")
)


@pytest.mark.parametrize("name", ["sxsh_audit", *MODULES])
def test_examples_in_docstrings(name: str) -> None:
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    found = doctest.testmod(importlib.import_module(name), optionflags=flags)
    assert found.failed == 0
