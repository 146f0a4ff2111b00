"""Loads of pollutants in waste water, and whether a value keeps its limit."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import floats, plain, refuse, times
from sxsh_audit.language.formatting import Language

__all__ = ["LimitStatus", "limit_status", "load_sd", "pollutant_load"]

#: Rounding within which a value still lies on its limit, relative.
_EDGE = 1e-12


class LimitStatus(StrEnum):
    """Whether a value keeps its limit; the position is the code."""

    WITHIN = "within"
    OVER = "over"
    CANNOT_TELL = "cannot_tell"
    UNKNOWN = "unknown"


_WITHIN, _OVER, _CANNOT_TELL, _UNKNOWN = np.arange(4, dtype=np.int8)


def pollutant_load(
    volume: ArrayLike, concentration: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Load of a pollutant in a stream.

    Parameters
    ----------
    volume : float or array
        Volume of the stream in the period. [m³]
    concentration : float or array
        Mean concentration of the pollutant (COD, BOD, TSS …). [t/m³]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        volume × concentration [t]; 1 mg/L is 10⁻⁶ t/m³. 0 where no water flows or none of the
        pollutant is in it, ``nan`` where either is not known.

    Raises
    ------
    RangeError
        If a volume or a concentration is negative.

    Examples
    --------
    12,000 m³ with 250 mg/L of COD:

    >>> pollutant_load(12_000.0, 250e-6)
    3.0
    """
    water, part = floats(volume), floats(concentration)
    refuse("emissions.negative", water < 0, water, language)
    refuse("emissions.negative", part < 0, part, language)
    return plain(times(water, part))


def load_sd(
    volume: ArrayLike,
    concentration: ArrayLike,
    volume_sd: ArrayLike,
    concentration_sd: ArrayLike,
    *,
    language: Language = "vi",
) -> Any:
    r"""Work out the standard deviation of a load from those of its two factors.

    Parameters
    ----------
    volume : float or array
        Volume of the stream. [m³]
    concentration : float or array
        Mean concentration of the pollutant. [t/m³]
    volume_sd : float or array
        Standard deviation of the volume. [m³]
    concentration_sd : float or array
        Standard deviation of the mean concentration. [t/m³]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Standard deviation of the load. [t]

    Raises
    ------
    RangeError
        If a value or a standard deviation is negative.

    Notes
    -----
    Two independent errors, their product kept, so that it is exact also for large ones:

    .. math:: u^2 = (c\,u_V)^2 + (V\,u_c)^2 + (u_V u_c)^2

    References
    ----------
    .. [1] Goodman, "On the exact variance of products", JASA 55 (1960) 708–713.

    Examples
    --------
    >>> round(load_sd(12_000.0, 250e-6, 600.0, 25e-6), 4)
    0.3357
    """
    water, part = floats(volume), floats(concentration)
    water_sd, part_sd = floats(volume_sd), floats(concentration_sd)
    for values in (water, part, water_sd, part_sd):
        refuse("emissions.negative", values < 0, values, language)
    return plain(np.sqrt((part * water_sd) ** 2 + (water * part_sd) ** 2
                         + (water_sd * part_sd) ** 2))  # fmt: skip


def limit_status(
    value: ArrayLike,
    limit: ArrayLike,
    sd: ArrayLike | None = None,
    *,
    lowest: ArrayLike | None = None,
    confidence: float = 0.9,
    language: Language = "vi",
) -> Any:
    r"""Say whether values keep their limits, as far as their errors let one say so.

    Parameters
    ----------
    value : float or array
        What was measured. [unit of the limit]
    limit : float or array
        Highest value allowed; ``nan`` where none is known. [same unit]
    sd : float or array, optional
        Standard deviation of the value. Where it is left out, ``nan`` or 0 the value is compared
        as it stands. [same unit]
    lowest : float or array, optional
        Lowest value allowed, for a range such as that of pH; ``nan`` for none. [same unit]
    confidence : float
        Probability from which one may speak of ``within`` or ``over``. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    LimitStatus or Coded
        ``within`` (a value on the limit is within it), ``over``, ``cannot_tell``, or ``unknown``
        where the value or the limit is missing.

    Raises
    ------
    RangeError
        If a standard deviation is negative.
    ValueError
        If `confidence` is not between 0.5 and 1.

    Notes
    -----
    With a normal error the conformance probability is

    .. math:: p = \Phi\!\left(\frac{limit - value}{u}\right)
       - \Phi\!\left(\frac{lowest - value}{u}\right)

    ``within`` from p ≥ confidence, ``over`` from 1 − p ≥ confidence.

    References
    ----------
    .. [1] JCGM 106:2012, Evaluation of measurement data – The role of measurement uncertainty in
       conformity assessment.

    Examples
    --------
    >>> limit_status([60.0, 90.0, 76.0], 75.0, 5.0).tolist()
    ['within', 'over', 'cannot_tell']
    >>> limit_status(75.0, 75.0).value
    'within'
    """
    if not 0.5 < confidence < 1:
        raise ValueError(f"confidence must be between 0.5 and 1, not {confidence}")
    error = floats(0.0 if sd is None else sd)
    refuse("emissions.negative", error < 0, error, language)
    low = floats(-np.inf if lowest is None else lowest)
    found, high, error, low = np.broadcast_arrays(floats(value), floats(limit), error, low)
    low = np.where(np.isnan(low), -np.inf, low)
    unsure = error > 0
    width = np.where(unsure, error, 1.0)
    with np.errstate(invalid="ignore"):
        probability = ndtr((high - found) / width) - ndtr((low - found) / width)
        room = _EDGE * np.abs(np.where(np.isfinite(high), high, 0.0))
        floor = _EDGE * np.abs(np.where(np.isfinite(low), low, 0.0))
        kept = (found <= high + room) & (found >= low - floor)
    codes = np.where(kept, _WITHIN, _OVER)
    by_error = np.full(found.shape, _CANNOT_TELL)
    by_error = np.where(probability >= confidence, _WITHIN, by_error)
    by_error = np.where(1 - probability >= confidence, _OVER, by_error)
    codes = np.where(unsure, by_error, codes)
    codes = np.where(np.isnan(found) | np.isnan(high), _UNKNOWN, codes)
    return Coded(codes, LimitStatus)[()]
