"""Savings against a programme's band.

worse < 0 ≤ below < low ≤ within ≤ high < above: both ends closed, which is our reading, since
the decisions say "từ 5 - 8 %" and no more. Above the band is an achievement.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import floats, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = [
    "EDGE_TOLERANCE",
    "Status",
    "decimals_needed",
    "status",
    "status_codes",
    "status_codes_of",
    "status_of",
]

#: How far beside an edge a saving still lies on it. Absolute on the fraction: cancellation in
#: (b − c) ÷ b moves an exact 5 % by up to 46 units in the last place of 0.05.
EDGE_TOLERANCE = 1e-12


class Status(StrEnum):
    """Result of the check against the target, in the order of the codes."""

    WORSE = "worse"
    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"
    UNKNOWN = "unknown"
    NOT_COUNTED = "not_counted"


_UNKNOWN = np.int8(4)
_NOT_COUNTED = np.int8(5)


def _end(edge: ArrayLike | None) -> NDArray[np.float64]:
    """Return an end of the band, a missing one as "no limit"."""
    values = np.asarray(np.inf if edge is None else edge, dtype=np.float64)
    return np.where(np.isnan(values), np.inf, values)


def _grade(
    reached: Sequence[NDArray[np.bool_]], unknown: NDArray[np.bool_], counted: ArrayLike
) -> NDArray[np.int8]:
    """Count how many of the three edges are reached: that count is the code."""
    code = reached[0].astype(np.int8) + reached[1] + reached[2]
    code = np.where(unknown, _UNKNOWN, code)
    return np.where(counted, code, _NOT_COUNTED).astype(np.int8, copy=False)


def status_codes(
    saving: ArrayLike,
    low: ArrayLike,
    high: ArrayLike | None = None,
    *,
    counted: ArrayLike = True,
) -> NDArray[np.int8]:
    """Status of savings as codes: the position in :class:`Status`.

    Parameters
    ----------
    saving : float or array
        Saving as a fraction; ``nan`` is not known. [1]
    low : float or array
        Low end of the band. [1]
    high : float or array, optional
        High end; left out, ``nan`` or ``inf`` for a one-sided target. [1]
    counted : bool or array of bool
        Whether the programme counts the resource. [-]

    Returns
    -------
    array of int8
        0 worse, 1 below, 2 within, 3 above, 4 unknown, 5 not counted; all inputs broadcast.

    Notes
    -----
    An edge is reached within 1e-12 of the fraction, 0 included:
    s ≥ −1e-12, s ≥ low − 1e-12, s > high + 1e-12.

    Examples
    --------
    >>> status_codes([-0.01, 0.0, 0.05, 0.08, 0.0801], 0.05, 0.08)
    array([0, 1, 2, 2, 3], dtype=int8)
    """
    values = floats(saving)
    with np.errstate(invalid="ignore"):
        not_worse = values >= -EDGE_TOLERANCE
        # An edge is only reached together with the ones below it, so a band with low < 0 or a
        # saving near two edges cannot skip a status.
        at_low = not_worse & (values >= _end(low) - EDGE_TOLERANCE)
        past_high = at_low & (values > _end(high) + EDGE_TOLERANCE)
    return _grade((not_worse, at_low, past_high), np.isnan(values), counted)


def status_codes_of(
    baseline: ArrayLike,
    post: ArrayLike,
    low: ArrayLike,
    high: ArrayLike | None = None,
    *,
    counted: ArrayLike = True,
    language: Language = "vi",
) -> NDArray[np.int8]:
    """Status from the two specific consumptions themselves, as codes.

    Parameters
    ----------
    baseline, post : float or array
        Specific consumption before and after. [same canonical unit]
    low, high, counted
        As in :func:`status_codes`. [1], [1], [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array of int8
        As in :func:`status_codes`; unknown where the baseline is 0 or anything is missing.

    Raises
    ------
    RangeError
        If a specific consumption is negative; it names the positions.

    Notes
    -----
    Compares c with (1 − edge) · b at relative 1e-12, also at 0: no cancellation, the same for
    every unit in which b and c may be given.

    Examples
    --------
    >>> status_codes_of([100.0, 100.0], [95.0, 100.1], 0.05, 0.08)
    array([2, 0], dtype=int8)
    """
    before, after = floats(baseline), floats(post)
    refuse_negative(before, "baseline", language)
    refuse_negative(after, "post", language)
    with np.errstate(invalid="ignore"):
        not_worse = after <= before * (1 + EDGE_TOLERANCE)
        at_low = not_worse & (after <= (1 - _end(low)) * before * (1 + EDGE_TOLERANCE))
        past_high = at_low & (after < (1 - _end(high)) * before * (1 - EDGE_TOLERANCE))
    unknown = np.isnan(before) | np.isnan(after) | (before == 0)
    return _grade((not_worse, at_low, past_high), unknown, counted)


def _words(codes: NDArray[np.int8]) -> Any:
    if codes.ndim == 0:
        return tuple(Status)[int(codes)]
    return Coded(codes, Status)


def status(
    saving: ArrayLike,
    low: ArrayLike,
    high: ArrayLike | None = None,
    *,
    counted: ArrayLike = True,
) -> Any:
    """Status of savings as words.

    Parameters
    ----------
    saving, low, high, counted
        As in :func:`status_codes`. [1], [1], [1], [-]

    Returns
    -------
    Status or Coded
        A :class:`Status` for scalars, else an array of them that compares with text.

    Examples
    --------
    >>> status(0.05, 0.05, 0.08)
    <Status.WITHIN: 'within'>
    >>> status([0.02, 0.09], 0.05, 0.08) == "above"
    array([False,  True])
    """
    return _words(status_codes(saving, low, high, counted=counted))


def status_of(
    baseline: ArrayLike,
    post: ArrayLike,
    low: ArrayLike,
    high: ArrayLike | None = None,
    *,
    counted: ArrayLike = True,
    language: Language = "vi",
) -> Any:
    """Status from the two specific consumptions themselves, as words.

    Parameters
    ----------
    baseline, post, low, high, counted, language
        As in :func:`status_codes_of`. [same unit twice], [1], [1], [-], [-]

    Returns
    -------
    Status or Coded
        As in :func:`status`.

    Raises
    ------
    RangeError
        If a specific consumption is negative; it names the positions.

    Examples
    --------
    >>> status_of(100.0, 95.0, 0.05, 0.08)
    <Status.WITHIN: 'within'>
    """
    codes = status_codes_of(baseline, post, low, high, counted=counted, language=language)
    return _words(codes)


#: A float64 fraction near 1 has no more decimals of a percentage than this.
_MOST_DECIMALS = 15


def decimals_needed(
    saving: float, edges: Sequence[float | None] = (), *, least: int = 1
) -> int:
    """Decimals that a printed percentage needs so that it never contradicts its status.

    Parameters
    ----------
    saving : float
        Saving as a fraction. [1]
    edges : sequence of float
        Low end of the band, or low and high end; empty where no target is checked. [1]
    least : int
        Fewest decimals. [count]

    Returns
    -------
    int
        Decimals of the percentage. [count]

    Notes
    -----
    The rounded figure is put to the same check as the saving, and decimals are added until
    both have one status: 4.96 % stays 4.96 % (not "5.0 %, below 5 %"), −0.04 % stays so.

    Examples
    --------
    >>> decimals_needed(0.0496, (0.05, 0.08)), decimals_needed(-0.0004, (0.05, 0.08))
    (2, 2)
    >>> decimals_needed(0.062, (0.05, 0.08))
    1
    """
    if not math.isfinite(saving):
        return least
    low = edges[0] if len(edges) > 0 else None
    high = edges[1] if len(edges) > 1 else None
    floor = math.inf if low is None else low
    wanted = int(status_codes(saving, floor, high))
    exact = Decimal(repr(float(saving))) * 100
    for decimals in range(least, _MOST_DECIMALS):
        shown = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        if int(status_codes(float(shown / 100), floor, high)) == wanted:
            return decimals
    return _MOST_DECIMALS
