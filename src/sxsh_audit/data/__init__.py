"""Facts: files with a source column, and the two functions that load them.

No module outside ``data`` carries a factor, a spelling, a band or a sentence. Loaders return
plain mappings and rows of text; they hold no logic, so that a fact can be reviewed in its file.
"""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["load_rows", "load_toml", "names_in", "open_fact"]


def open_fact(name: str) -> Traversable:
    """Return the shipped file `name` (``"units.csv"``, ``"programmes/vn-1419.toml"``)."""
    return files(__name__).joinpath(*name.split("/"))


@cache
def load_toml(name: str) -> dict[str, Any]:
    """Return the shipped TOML file `name`. The result is shared: do not change it."""
    return tomllib.loads(open_fact(name).read_text(encoding="utf-8"))


@cache
def load_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the shipped CSV file `name` as text, lines that start with # left out."""
    text = open_fact(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@cache
def names_in(folder: str, ending: str) -> tuple[str, ...]:
    """Return the sorted names, without `ending`, of the shipped files in `folder`."""
    found = (entry.name for entry in open_fact(folder).iterdir())
    return tuple(sorted(name.removesuffix(ending) for name in found if name.endswith(ending)))
