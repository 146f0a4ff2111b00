"""Facts: files with a source column, and the two functions that load them.

No module outside ``data`` carries a factor, a spelling, a band or a sentence. Loaders return
plain mappings and rows of text; they hold no logic, so that a fact can be reviewed in its file.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["load_rows", "load_toml", "names_in", "open_fact"]

# Plain paths, and no more modules than a file needs: --help would load importlib.resources,
# pathlib and what they load for nothing else.
HERE = os.path.dirname(os.path.abspath(__file__))


def _text(name: str) -> str:
    with open(os.path.join(HERE, *name.split("/")), encoding="utf-8") as stream:
        return stream.read()


def open_fact(name: str) -> Path:
    """Return the shipped file `name` (``"units.csv"``, ``"programmes/vn-1419.toml"``)."""
    from pathlib import Path

    return Path(HERE, *name.split("/"))


@cache
def load_toml(name: str) -> dict[str, Any]:
    """Return the shipped TOML file `name`. The result is shared: do not change it."""
    import tomllib

    return tomllib.loads(_text(name))


@cache
def load_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the shipped CSV file `name` as text, lines that start with # left out."""
    import csv

    return tuple(csv.DictReader(line for line in _text(name).splitlines()
                                if not line.startswith("#")))  # fmt: skip


@cache
def names_in(folder: str, ending: str) -> tuple[str, ...]:
    """Return the sorted names, without `ending`, of the shipped files in `folder`."""
    found = os.listdir(os.path.join(HERE, *folder.split("/")))
    return tuple(sorted(name.removesuffix(ending) for name in found if name.endswith(ending)))
