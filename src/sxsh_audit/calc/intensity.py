"""Specific consumption (suất tiêu hao): what one unit of good product takes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, plain, refuse_negative
from sxsh_audit.calc.rollup import group_known
from sxsh_audit.language.formatting import Language

__all__ = ["PeriodConsumption", "period_consumption", "specific_consumption"]


def specific_consumption(
    use: ArrayLike, output: ArrayLike, *, language: Language = "vi"
) -> Any:
    """Divide the use of a resource by the product made.

    Parameters
    ----------
    use : float or array
        Use of the resource. [canonical unit, e.g. kWh]
    output : float or array
        Good product made, broadcast against `use`. [canonical unit, e.g. t]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    float or array
        Use ÷ output [e.g. kWh/t]. ``nan`` (not known) where the output is 0 or anything is
        missing: a stopped month has no ratio, and its use counts in the sums of
        :func:`period_consumption`.

    Raises
    ------
    RangeError
        If a use or an output is negative; it names the positions.

    References
    ----------
    .. [1] Ministry of Industry and Trade, cleaner production site: baseline data are the
       actual consumption per unit of product.
       http://sxsh.vn/default.aspx?page=faq&do=detail&nav-id=15&id=44

    Examples
    --------
    >>> specific_consumption(144_000, 1200)
    120.0
    >>> specific_consumption([50.0, 50.0], [10.0, 0.0])
    array([ 5., nan])
    """
    used, made = floats(use), floats(output)
    refuse_negative(used, "use", language)
    refuse_negative(made, "output", language)
    # nan instead of 0 beforehand: use / 0 would be inf and look like a number to a ranking.
    return plain(used / np.where(made == 0, np.nan, made))


class PeriodConsumption(NamedTuple):
    """Specific consumption of a set of months, with the months it rests on."""

    value: Any
    use: Any
    output: Any
    known: Any
    months: Any


def period_consumption(
    use: ArrayLike,
    output: ArrayLike,
    groups: ArrayLike | None = None,
    n_groups: int | None = None,
    *,
    language: Language = "vi",
) -> PeriodConsumption:
    r"""Work out the specific consumption of whole periods: Σ use ÷ Σ output where both are known.

    Parameters
    ----------
    use : array, shape (rows,)
        Use per month. [canonical unit]
    output : array, shape (rows,)
        Good product made per month. [canonical unit]
    groups : array of int, shape (rows,), optional
        Period (× facility × resource) of each row; all rows are one period when left out.
    n_groups : int, optional
        Count of groups; by default the largest code + 1.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    PeriodConsumption
        ``value`` [use per output], ``use`` and ``output`` summed over the months where both
        are known, ``known`` of ``months`` [count]. Floats and ints without `groups`, arrays of
        shape (n_groups,) with them.

    Raises
    ------
    RangeError
        If a use or an output is negative, or a group code out of range.

    Notes
    -----
    A mean of monthly ratios would give a month with a tenth of the output the weight of a
    full one; a month with use and no output would have to be dropped. Both stay right in

    .. math:: e = \sum_m E_m / \sum_m P_m

    Examples
    --------
    >>> period_consumption([100.0, 90.0, 40.0], [10.0, 0.0, float("nan")])
    PeriodConsumption(value=19.0, use=190.0, output=10.0, known=2, months=3)
    """
    used, made = np.broadcast_arrays(floats(use).reshape(-1), floats(output).reshape(-1))
    refuse_negative(used, "use", language)
    refuse_negative(made, "output", language)
    codes: NDArray[Any] = (
        np.zeros(used.shape, np.intp) if groups is None else np.asarray(groups).reshape(-1)
    )
    n = n_groups if n_groups is not None else int(codes.max(initial=0)) + 1
    both = ~(np.isnan(used) | np.isnan(made))
    total_use = group_known(codes, np.where(both, used, np.nan), n, language=language)
    total_made = group_known(codes, np.where(both, made, np.nan), n, language=language)
    value: Floats = specific_consumption(total_use.total, total_made.total, language=language)
    found = (value, total_use.total, total_made.total, total_use.known, total_use.rows)
    if groups is None and n == 1:
        return PeriodConsumption(*(column[0].item() for column in found))
    return PeriodConsumption(*found)
