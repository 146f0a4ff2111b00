"""Savings of several resources judged together: they share the output and so its error.

A baseline output that is stated too high lowers the specific consumption of every resource at
once. "Each resource reached its target" is a joint statement and no product of chances.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import Floats, floats, refuse_negative
from sxsh_audit.calc.error_classes import Errors, squared_errors
from sxsh_audit.calc.target_probability import target_probability
from sxsh_audit.language.formatting import Language

__all__ = ["JointProbability", "joint_saving_covariance", "joint_target_probability"]


class JointProbability(NamedTuple):
    """Probabilities that the statement holds for every resource at once."""

    reach: float
    """Every saving at or above its low end. [1]"""
    within: float
    """Every saving within its band. [1]"""
    each: Floats
    """Probability of reaching for each resource alone, shape (resources,). [1]"""


def joint_saving_covariance(
    savings: ArrayLike,
    use_baseline: Errors,
    output_baseline: Errors,
    use_reporting: Errors,
    output_reporting: Errors,
    *,
    language: Language = "vi",
) -> Floats:
    r"""Covariance of the savings of resources that are divided by the same output.

    Parameters
    ----------
    savings : array, shape (…, resources)
        Savings as fractions. [1]
    use_baseline : PeriodUncertainty or array, shape (…, resources)
        Relative standard uncertainty of the use of each resource before. [1]
    output_baseline : PeriodUncertainty or array, shape (…,)
        That of the output that they share. [1]
    use_reporting : PeriodUncertainty or array, shape (…, resources)
        As `use_baseline`, of the reporting period. [1]
    output_reporting : PeriodUncertainty or array, shape (…,)
        As `output_baseline`, of the reporting period. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    array, shape (…, resources, resources)
        The diagonal is the square of
        :func:`~sxsh_audit.calc.error_classes.ratio_saving_uncertainty`. [1]

    Raises
    ------
    RangeError
        If an uncertainty is negative.

    Notes
    -----
    .. math:: \Sigma_{rq} = (1 - s_r)(1 - s_q) \bigl(u_Q^2 + \delta_{rq} u_{E_r}^2\bigr)

    Examples
    --------
    >>> found = joint_saving_covariance([0.0, 0.0], [0.01, 0.02], 0.01, 0.0, 0.0)
    >>> (found * 1e4).round(6)
    array([[2., 1.],
           [1., 5.]])
    """
    left = 1.0 - floats(savings)
    squares = squared_errors(
        use_baseline, output_baseline, use_reporting, output_reporting, language
    )
    used = squares["use_baseline"] + squares["use_reporting"] + squares["use_common"]
    made = squares["output_baseline"] + squares["output_reporting"] + squares["output_common"]
    own = np.broadcast_to(used, left.shape)
    shared = np.asarray(made)[..., None, None]
    count = left.shape[-1]
    inner = shared + own[..., :, None] * np.eye(count)
    found: Floats = left[..., :, None] * left[..., None, :] * inner
    return found


def joint_target_probability(
    savings: ArrayLike,
    covariance: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    seed: int = 0,
    language: Language = "vi",
) -> JointProbability:
    r"""Probability that every resource reaches its target, with the errors that they share.

    Parameters
    ----------
    savings : array, shape (resources,)
        Savings as fractions. [1]
    covariance : array, shape (resources, resources)
        From :func:`joint_saving_covariance`. [1]
    low, high : float or array, shape (resources,), optional
        Ends of the band of each, as in
        :func:`~sxsh_audit.calc.target_probability.target_probability`. [1]
    seed : int
        Of the numerical integration, which is random from four resources on.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    JointProbability
        ``reach``, ``within`` and ``each``; ``nan`` where anything is not known.

    Raises
    ------
    RangeError
        If a variance is negative.
    ValueError
        If the shapes do not fit.

    Notes
    -----
    The multivariate normal law. Never above the smallest single probability, which the result
    of the integration is held to.

    References
    ----------
    .. [1] Genz, "Numerical computation of multivariate normal probabilities", Journal of
       Computational and Graphical Statistics 1 (1992) 141–149.

    Examples
    --------
    Two resources whose doubt is all in the output stand and fall together:

    >>> shared = joint_saving_covariance([0.06, 0.06], 0.0, 0.02, 0.0, 0.0)
    >>> found = joint_target_probability([0.06, 0.06], shared, 0.05)
    >>> round(found.reach, 3), found.each.round(3)
    (0.703, array([0.703, 0.703]))
    """
    middle, spread = floats(savings), floats(covariance)
    if middle.ndim != 1 or spread.shape != (middle.size, middle.size):
        raise ValueError(f"savings {middle.shape} and covariance {spread.shape}: (n,) and (n, n)")
    variance = np.diagonal(spread)
    refuse_negative(variance, "variance", language)
    sd = np.sqrt(variance)
    alone = target_probability(middle, sd, low, high, language=language)
    each, band = np.atleast_1d(alone.reach), np.atleast_1d(alone.within)
    if np.isnan(each).any() or np.isnan(spread).any():
        return JointProbability(float("nan"), float("nan"), each)
    # What is exact is decided already and takes no part in the integral.
    open_ = sd > 0
    bottom = np.broadcast_to(np.maximum(0.0 if low is None else floats(low), 0.0), sd.shape)
    top = np.broadcast_to(np.inf if high is None else floats(high), sd.shape)
    top = np.where(np.isnan(top), np.inf, top)
    certain_reach, certain_band = each[~open_].min(initial=1.0), band[~open_].min(initial=1.0)
    reach = _inside(middle, spread, open_, bottom, np.full(sd.shape, np.inf), seed)
    within = _inside(middle, spread, open_, bottom, np.maximum(top, bottom), seed)
    reach = min(reach, *each.tolist(), certain_reach)
    return JointProbability(reach, min(within, reach, *band.tolist(), certain_band), each)


def _inside(
    middle: Floats, spread: Floats, open_: Any, low: Floats, high: Floats, seed: int
) -> float:
    """Probability of a box under the normal law of the resources that are not exact."""
    # Here, for scipy.stats takes longer to import than a plant to assess.
    from scipy.stats import multivariate_normal

    if not open_.any():
        return 1.0
    sd = np.sqrt(np.diagonal(spread)[open_])
    # In standard deviations, or variances of 1e-6 would drown in the tolerance of the rank.
    matrix = spread[np.ix_(open_, open_)] / np.outer(sd, sd)
    law = multivariate_normal(np.zeros(sd.size), matrix, allow_singular=True, seed=seed)
    bottom, top = ((end[open_] - middle[open_]) / sd for end in (low, high))
    return float(np.clip(law.cdf(top, lower_limit=bottom), 0.0, 1.0))
