"""Standard deviation of a plain ratio from the scatter of its months.

No knowledge of the meters is needed, only months. What all months share (the gain of a meter, a
base load that meets another output) does not scatter and is not seen.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.domain import floats, plain, refuse_negative
from sxsh_audit.language.formatting import Language

__all__ = ["RatioScatter", "ScatterSaving", "ratio_scatter", "scatter_saving"]


class RatioScatter(NamedTuple):
    """Specific consumption of a period and its scatter. Floats, or arrays of one shape."""

    ratio: Any
    """Σ use ÷ Σ output. [unit of use/unit of output]"""
    relative_sd: Any
    """Its relative standard deviation. [1]"""
    dof: Any
    """Months − 1. [count]"""


class ScatterSaving(NamedTuple):
    """Saving of two ratios. Floats, or arrays of one shape."""

    saving: Any
    """1 − ratio after ÷ ratio before. [1]"""
    sd: Any
    """Its standard deviation as a fraction. [1]"""
    dof: Any
    """Effective degrees of freedom by Welch and Satterthwaite. [count]"""
    baseline_sd: Any
    """Relative standard deviation of the baseline ratio. [1]"""


def ratio_scatter(use: ArrayLike, output: ArrayLike, *, language: Language = "vi") -> RatioScatter:
    r"""Specific consumption of a period with the standard deviation that its months show.

    Parameters
    ----------
    use : array, shape (…, n)
        Use of each month. [unit of use]
    output : array, shape (…, n)
        Output of each month. [unit of output]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    RatioScatter
        ``ratio``, ``relative_sd`` and ``dof``. A month of which use or output is not known is
        left out of both; ``nan`` with fewer than two months or without use or output.

    Raises
    ------
    RangeError
        If a use or an output is negative.

    Notes
    -----
    The linearised variance of the ratio estimator R = Σ E ÷ Σ Q:

    .. math:: \frac{\sigma_R^2}{R^2} = \frac{n}{n-1}\,\frac{\sum (E_i - R Q_i)^2}{(\sum E_i)^2}

    References
    ----------
    .. [1] Cochran, "Sampling techniques", 3rd ed., Wiley 1977, 6.4.

    Examples
    --------
    >>> found = ratio_scatter([90.0, 110.0], [1.0, 1.0])
    >>> found.ratio, round(found.relative_sd, 4), found.dof
    (100.0, 0.1, 1.0)
    """
    used, made = np.broadcast_arrays(floats(use), floats(output))
    refuse_negative(used, "use", language)
    refuse_negative(made, "output", language)
    known = ~(np.isnan(used) | np.isnan(made))
    used, made = np.where(known, used, 0.0), np.where(known, made, 0.0)
    months = known.sum(axis=-1).astype(np.float64)
    total, output_total = used.sum(axis=-1), made.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = total / np.where(output_total > 0, output_total, np.nan)
        square = ((used - ratio[..., None] * made) ** 2).sum(axis=-1) / total**2
        relative = np.sqrt(months / (months - 1) * square)
    relative = np.where((months > 1) & (total > 0), relative, np.nan)
    return RatioScatter(plain(ratio), plain(relative), plain(np.asarray(months - 1)))


def scatter_saving(
    use_baseline: ArrayLike,
    output_baseline: ArrayLike,
    use_reporting: ArrayLike,
    output_reporting: ArrayLike,
    *,
    language: Language = "vi",
) -> ScatterSaving:
    r"""Work out the saving of the plain ratio with the standard deviation that its months show.

    Parameters
    ----------
    use_baseline, output_baseline : array, shape (…, n)
        Use and output of the months of the baseline period. [unit of use], [unit of output]
    use_reporting, output_reporting : array, shape (…, m)
        The same of the reporting period. [unit of use], [unit of output]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ScatterSaving
        ``saving``, ``sd``, ``dof`` and ``baseline_sd``, as
        :func:`~sxsh_audit.calc.saving_interval.saving_interval` takes them.

    Raises
    ------
    RangeError
        If a use or an output is negative.

    Notes
    -----
    .. math:: \sigma_s = (1 - s) \sqrt{u_0^2 + u_1^2}, \qquad
              \nu = \frac{(u_0^2 + u_1^2)^2}{u_0^4 / \nu_0 + u_1^4 / \nu_1}

    References
    ----------
    .. [1] JCGM 100:2008 (GUM), annex G.4 (Welch–Satterthwaite).

    Examples
    --------
    >>> found = scatter_saving([90.0, 110.0], [1.0, 1.0], [90.0, 90.0], [1.0, 1.0])
    >>> round(found.saving, 4), round(found.sd, 4), found.dof
    (0.1, 0.09, 1.0)
    """
    before = ratio_scatter(use_baseline, output_baseline, language=language)
    after = ratio_scatter(use_reporting, output_reporting, language=language)
    v_0, v_1 = floats(before.relative_sd) ** 2, floats(after.relative_sd) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        left = floats(after.ratio) / np.where(floats(before.ratio) > 0, before.ratio, np.nan)
        dof = (v_0 + v_1) ** 2 / (v_0**2 / before.dof + v_1**2 / after.dof)
    # No scatter at all: any freedom will do, and the smaller one claims least.
    dof = np.where(v_0 + v_1 == 0, np.minimum(before.dof, after.dof), dof)
    return ScatterSaving(
        plain(1.0 - left), plain(left * np.sqrt(v_0 + v_1)), plain(dof), before.relative_sd
    )
