"""Imports point down, and each outside package is known only to the floors named here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sources import MODULES, PACKAGE, imports, label

# From the top down; neighbours on one floor do not know each other.
FLOORS = (
    ("cli",),
    ("reports",),
    ("charts", "store", "forms", "scale"),
    ("assessment",),
    ("calc", "tables"),
    ("display", "units", "files"),
    ("language",),
    ("data",),
    ("findings",),
    ("errors",),
)
HEIGHT = {room: -floor for floor, rooms in enumerate(FLOORS) for room in rooms}

# The rooms that may import an outside package at all, and those that may do so at their top.
ALLOWED = {
    "numpy": {"calc", "tables", "units", "language", "assessment", "charts", "forms", "reports",
              "store", "scale", "cli"},
    "scipy": {"calc"},
    "pandas": {"tables", "assessment", "charts", "reports", "store", "scale", "cli", "units"},
    "xlsxwriter": {"forms", "reports"},
    "pint": {"units"},
    "openpyxl": {"tables", "reports", "cli"},
    "matplotlib": {"charts", "reports", "cli", "forms"},
    "rich": {"cli", "display"},
    "typst": {"reports"},
    "docx": {"reports"},
    "docxtpl": {"reports"},
    "jinja2": {"reports"},
    "pptx": {"reports"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "psycopg": {"store"},
    "duckdb": {"reports", "scale"},
    "dask": {"scale"},
    "distributed": {"scale"},
}
AT_TOP = {
    "numpy": {"calc", "tables", "units", "assessment", "charts", "reports", "scale"},
    "scipy": {"calc"},
    "pandas": {"tables", "assessment", "charts", "reports", "store", "scale"},
    "pint": set(),
    "openpyxl": {"tables", "reports"},
    "xlsxwriter": {"forms", "reports"},
    "matplotlib": {"charts", "reports"},
    "rich": {"cli"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def inside() -> list[Path]:
    """Return the modules that live on a floor (not the package's door)."""
    return [path for path in MODULES if room_of(path) not in ("__init__", "__main__")]


def test_every_room_stands_on_a_floor() -> None:
    assert {room_of(path) for path in inside()} <= set(HEIGHT)


@pytest.mark.parametrize("path", inside(), ids=label)
def test_imports_point_down(path: Path) -> None:
    here = room_of(path)
    wrong = []
    for line, name in imports(path, lazy=True):
        package, _, rest = name.partition(".")
        there = rest.split(".")[0]
        if package == "sxsh_audit" and there in HEIGHT and there != here:
            if HEIGHT[there] >= HEIGHT[here]:
                wrong.append(f"{label(path)}:{line} imports {name}")
        elif package == "sxsh_audit" and there not in HEIGHT and there != "__version__":
            wrong.append(f"{label(path)}:{line} imports {name} through the package's door")
    assert not wrong


@pytest.mark.parametrize("path", inside(), ids=label)
@pytest.mark.parametrize("lazy", [True, False], ids=["anywhere", "at the top"])
def test_outside_packages_stay_in_their_rooms(path: Path, lazy: bool) -> None:
    rule = ALLOWED if lazy else AT_TOP
    here = room_of(path)
    wrong = []
    for line, name in imports(path, lazy=lazy):
        package = name.split(".")[0]
        if package == "sxsh_audit" or package in sys.stdlib_module_names:
            continue
        if here not in rule.get(package, set()):
            wrong.append(f"{label(path)}:{line} imports {name}")
    assert not wrong
