"""How far off a figure may be by its stated quality, where the study says nothing better."""

from __future__ import annotations

from typing import NamedTuple

from sxsh_audit.data import load_rows

__all__ = ["FigureError", "figure_errors"]


class FigureError(NamedTuple):
    """Error of a figure of one quality, as ``sxsh_audit.calc.uncertainty`` takes it."""

    size: float
    """Relative size, 0.02 for ± 2 %. [1]"""
    meaning: str
    """``limit``, ``confidence_95`` or ``sigma``."""
    kind: str
    """``random``, ``period`` or ``common``."""
    source: str
    """Where the size is from, or that it is our choice."""


def figure_errors() -> dict[str, FigureError]:
    """Return the default error of a figure by its quality.

    Returns
    -------
    dict of str to FigureError
        Keys ``measured``, ``billed``, ``estimated`` and ``nameplate``.

    Notes
    -----
    A figure of no stated quality has none: its error is not known, which is not 0.

    Examples
    --------
    >>> error = figure_errors()["billed"]
    >>> error.size, error.meaning, error.kind
    (0.02, 'limit', 'period')
    >>> from sxsh_audit.calc.uncertainty import period_uncertainty
    >>> round(period_uncertainty([1250.0], *error[:3]).total, 5)
    0.01155
    """
    return {
        row["quality"]: FigureError(float(row["size"]), row["meaning"], row["kind"], row["source"])
        for row in load_rows("figure_errors.csv")
    }
