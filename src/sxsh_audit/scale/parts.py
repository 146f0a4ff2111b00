"""Parts of a dataset: files whose plants are read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sxsh_audit.scale.parquet import Span
from sxsh_audit.scale.table_files import BIG

__all__ = ["MOST_ROWS", "Part", "parts_of"]

MOST_ROWS = 4_000_000
"""Records of a part: more are refused, since a part is held in memory."""


@dataclass(frozen=True, slots=True)
class Part:
    """Whole plants that are read together.

    Parameters
    ----------
    number : int
        From 0, in the order of the plants.
    first, last : str
        First and last plant by name.
    consumption, production : tuple of str
        Files, from the folder of the dataset.
    rows : int
        Records of both tables.
    """

    number: int
    first: str
    last: str
    consumption: tuple[str, ...]
    production: tuple[str, ...]
    rows: int


def parts_of(spans: Mapping[str, Span]) -> tuple[Part, ...]:
    """Put files together whose plants overlap.

    Parameters
    ----------
    spans : mapping of str to Span
        Plants of each file, by its name from the folder of the dataset, ``consumption/…`` or
        ``production/…``.

    Returns
    -------
    tuple of Part
        In the order of their plants; no plant is in two of them.

    Examples
    --------
    >>> spans = {"consumption/1": Span("A", "C", 9, 0), "consumption/2": Span("D", "E", 6, 0),
    ...          "production/1": Span("B", "C", 2, 0), "production/2": Span("D", "E", 2, 0)}
    >>> [(part.first, part.last, part.rows) for part in parts_of(spans)]
    [('A', 'C', 11), ('D', 'E', 8)]
    """
    ordered = sorted((span.first, span.last, name) for name, span in spans.items() if span.rows)
    groups: list[tuple[str, list[str]]] = []
    for first, last, name in ordered:
        if groups and first <= groups[-1][0]:
            groups[-1] = (max(groups[-1][0], last), [*groups[-1][1], name])
        else:
            groups.append((last, [name]))
    parts = []
    for number, (last, names) in enumerate(groups):
        first = min(spans[name].first for name in names)
        rows = sum(spans[name].rows for name in names)
        files = {table: tuple(sorted(name for name in names if name.startswith(f"{table}/")))
                 for table in BIG}  # fmt: skip
        parts.append(Part(number, first, last, files[BIG[0]], files[BIG[1]], rows))
    return tuple(parts)
