"""How probable it is that the true saving lies in each part of a programme's band."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.bands import EDGE_TOLERANCE
from sxsh_audit.calc.coded import Coded
from sxsh_audit.calc.domain import Floats, floats, plain, refuse_negative
from sxsh_audit.calc.student_t import t_probability
from sxsh_audit.language.formatting import Language

__all__ = [
    "LIKELY_FROM",
    "SHOWN_FROM",
    "SHOWN_NOT_TO",
    "TargetDecision",
    "TargetProbability",
    "decision",
    "highest_within",
    "target_probability",
]

#: Probability from which reaching the low end counts as shown (our rule, printed).
SHOWN_FROM = 0.9
#: Probability from which it is called likely (our rule, printed).
LIKELY_FROM = 2 / 3
#: Probability up to which not reaching it counts as shown (our rule, printed).
SHOWN_NOT_TO = 0.1


class TargetDecision(StrEnum):
    """What may be said of reaching the low end; the position is the code."""

    SHOWN_NOT = "shown_not"
    CANNOT_TELL = "cannot_tell"
    LIKELY = "likely"
    SHOWN = "shown"
    UNKNOWN = "unknown"


class TargetProbability(NamedTuple):
    """Probabilities [1] of the true saving: floats, or arrays of one shape."""

    reach: Any
    """At or above the low end: within + above."""
    within: Any
    """Inside the band, both ends closed."""
    above: Any
    """Past the high end; 0 without one."""
    below: Any
    """Under the low end, what got worse among it. below + within + above = 1."""
    worse: Any
    """Under 0: a part of ``below``."""


def _past(saving: Floats, edge: Floats, sd: Floats, dof: Floats, closed: bool) -> Floats:
    """Probability of lying at or past an edge; an exact saving obeys the rule of the bands."""
    on = saving >= edge - EDGE_TOLERANCE if closed else saving > edge + EDGE_TOLERANCE
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(sd > 0, (saving - edge) / sd, np.where(on, np.inf, -np.inf))
    return np.asarray(t_probability(apart, dof))


def target_probability(
    saving: ArrayLike,
    sd: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    dof: ArrayLike = np.inf,
    *,
    language: Language = "vi",
) -> TargetProbability:
    r"""Probability that the true saving reaches a target, lies within its band, above or below.

    Parameters
    ----------
    saving : float or array
        The saving as a fraction. [1]
    sd : float or array
        Its standard deviation as a fraction; 0 for a saving without doubt. [1]
    low : float or array, optional
        Low end of the band. Left out, or below 0: whatever did not get worse reaches it, as in
        :func:`~sxsh_audit.calc.bands.status_codes`. [1]
    high : float or array, optional
        High end; left out or ``nan`` for a one-sided target. [1]
    dof : float or array
        Degrees of freedom behind `sd`; ``inf`` for the normal law. [count]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    TargetProbability
        ``reach``, ``within``, ``above``, ``below``, ``worse``; ``nan`` where the saving, its
        standard deviation or the low end is not known.

    Raises
    ------
    RangeError
        If a standard deviation is negative.

    Notes
    -----
    .. math:: P(s \ge L) = F_\nu\Bigl(\frac{\hat s - L}{\sigma}\Bigr), \quad
              P(L \le s \le U) = F_\nu\Bigl(\frac{\hat s - L}{\sigma}\Bigr)
              - F_\nu\Bigl(\frac{\hat s - U}{\sigma}\Bigr)

    with Student's distribution function F: the conformance probability of a measured value
    without other knowledge of the saving.

    References
    ----------
    .. [1] JCGM 106:2012, "The role of measurement uncertainty in conformity assessment", 7.

    Examples
    --------
    6.1 % ± 2.4 percentage points (90 %) against 5–8 %:

    >>> found = target_probability(0.061, 0.024 / 1.645, 0.05, 0.08)
    >>> round(found.reach, 2), round(found.within, 2)
    (0.77, 0.68)
    """
    none = np.float64(np.inf)
    floor = np.float64(0.0) if low is None else floats(low)
    middle, spread, bottom, top, freedom = np.broadcast_arrays(
        floats(saving), floats(sd), floor, none if high is None else floats(high), floats(dof)
    )
    refuse_negative(spread, "sd", language)
    unknown = np.isnan(middle) | np.isnan(spread) | np.isnan(bottom) | ~(freedom > 0)
    middle = np.where(unknown, np.nan, middle)
    freedom = np.where(unknown, np.nan, freedom)
    bottom = np.maximum(bottom, 0.0)
    # A high end under the low one leaves nothing within, as in the bands.
    top = np.maximum(np.where(np.isnan(top), np.inf, top), bottom)
    reach = _past(middle, bottom, spread, freedom, True)
    above = _past(middle, top, spread, freedom, False)
    below = np.asarray(t_probability(-_distance(middle, bottom, spread), freedom))
    worse = np.asarray(t_probability(-_distance(middle, np.zeros_like(middle), spread), freedom))
    return TargetProbability(
        plain(reach), plain(reach - above), plain(above), plain(below), plain(worse)
    )


def _distance(saving: Floats, edge: Floats, sd: Floats) -> Floats:
    """Distance past a closed edge in standard deviations."""
    on = saving >= edge - EDGE_TOLERANCE
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(sd > 0, (saving - edge) / sd, np.where(on, np.inf, -np.inf))
    return found


def highest_within(
    sd: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    dof: ArrayLike = np.inf,
    *,
    language: Language = "vi",
) -> Any:
    r"""Work out how probable "within the band" can become at best, whatever the saving.

    Parameters
    ----------
    sd : float or array
        Standard deviation of the saving as a fraction. [1]
    low, high : float or array
        Ends of the band; a high end that is ``nan`` or ``inf`` is none. [1]
    dof : float or array
        Degrees of freedom behind `sd`; ``inf`` for the normal law. [count]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Probability with the saving in the middle of the band; where it is under
        :data:`SHOWN_FROM`, figures of this quality can never show it. [1]

    Raises
    ------
    RangeError
        If a standard deviation is negative.

    Notes
    -----
    .. math:: 2 F_\nu\Bigl(\frac{U - L}{2 \sigma}\Bigr) - 1

    Examples
    --------
    Four figures ± 2 % (95 %) give 1.92 points at a saving of 6 %; the band of 5–8 %:

    >>> round(highest_within(0.0192, 0.05, 0.08), 2)
    0.57
    """
    bottom, top, spread, freedom = np.broadcast_arrays(*map(floats, (low, high, sd, dof)))
    middle = np.where(np.isfinite(top), (bottom + top) / 2, bottom)
    within = target_probability(middle, spread, bottom, top, freedom, language=language).within
    # Without a high end a saving that is large enough is always within.
    one = np.where(np.isnan(within), np.nan, 1.0)
    return plain(np.where(np.isfinite(top), within, one))


def decision(reach: ArrayLike) -> Any:
    """Put the probability of reaching the low end into one word.

    Parameters
    ----------
    reach : float or array
        Probability from :func:`target_probability`. [1]

    Returns
    -------
    TargetDecision or Coded
        ``shown`` (≥ 0.9), ``likely`` (≥ 2/3), ``cannot_tell``, ``shown_not`` (≤ 0.1), or
        ``unknown`` where the probability is not known.

    Examples
    --------
    >>> decision(0.77)
    <TargetDecision.LIKELY: 'likely'>
    >>> decision([0.95, 0.5, 0.02, float("nan")])
    Coded(['shown', 'cannot_tell', 'shown_not', 'unknown'])
    """
    chance = floats(reach)
    code = (chance > SHOWN_NOT_TO).astype(np.int8) + (chance >= LIKELY_FROM)
    code = code + (chance >= SHOWN_FROM)
    return Coded(np.where(np.isnan(chance), 4, code).astype(np.int8), TargetDecision)[()]
