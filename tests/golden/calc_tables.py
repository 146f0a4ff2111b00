"""Reading of the published tables beside the golden tests of the arithmetic."""

from __future__ import annotations

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a golden CSV file as text, comment lines left out."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def number(text: str) -> float:
    """Return a cell as a number; an empty one is not known."""
    return float(text) if text else float("nan")


def decimals(text: str) -> int:
    """Return how many decimals a cell prints."""
    return len(text.partition(".")[2])


def interval(text: str) -> tuple[float, float]:
    """Return the numbers that round to a printed one."""
    half = 0.5 * 10.0 ** -decimals(text)
    return float(text) - half, float(text) + half
