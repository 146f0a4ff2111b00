"""Bootstrap of a saving: months are drawn again, use and output of a month together.

The draws are the same for all plants, so that a thousand plants cost two matrix products a block
and results of different plants can be compared draw by draw.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, stdtrit

from sxsh_audit.calc.domain import Floats, floats, plain, refuse_negative
from sxsh_audit.calc.student_t import refuse_confidence
from sxsh_audit.language.formatting import Language

__all__ = ["BootstrapSaving", "bootstrap_ratio", "resampling_weights"]

#: Savings a block: of 24 plants with 1,999 draws, 384 KB. Fewer rows make slower products.
_BLOCK = 3 << 14
#: Multiplications up to which a matrix product stays on one thread (OpenBLAS shares above it, and
#: two threads that wait for each other take many times as long on a busy machine).
_ONE_THREAD = 1 << 17


class BootstrapSaving(NamedTuple):
    """Saving of two periods with its bootstrap interval. Floats, or arrays of one shape."""

    saving: Any
    """Saving of the data themselves as a fraction. [1]"""
    sd: Any
    """Standard deviation over the draws. [1]"""
    low: Any
    """Low end of the interval. [1]"""
    high: Any
    """High end of the interval. [1]"""


def resampling_weights(
    months: int, draws: int, generator: np.random.Generator, block: int = 1
) -> Floats:
    """How often each month is drawn.

    Parameters
    ----------
    months : int
        Months in the period. [count]
    draws : int
        Draws. [count]
    generator : numpy.random.Generator
        Source of the random numbers.
    block : int
        Months drawn together, in a circle, to keep what one month has to do with the next.
        [count]

    Returns
    -------
    array, shape (months, draws)
        Whole numbers; each column sums up to `months`. [count]

    Examples
    --------
    >>> resampling_weights(12, 3, np.random.default_rng(1)).sum(axis=0)
    array([12., 12., 12.])
    """
    return np.ascontiguousarray(_counts(months, draws, generator, block).T, dtype=np.float64)


def _counts(
    months: int, draws: int, generator: np.random.Generator, block: int
) -> NDArray[np.intp]:
    """How often each month is drawn, shape (draws, months)."""
    block = max(block, 1)
    pieces = -(-months // block)
    starts = generator.integers(0, months, size=(draws, pieces))
    places = starts
    if block > 1:
        places = (starts[:, :, None] + np.arange(block)).reshape(draws, -1)[:, :months] % months
    places += np.arange(0, draws * months, months)[:, None]
    return np.bincount(places.reshape(-1), minlength=draws * months).reshape(draws, months)


def _tail(confidence: float, months: int, expanded: bool) -> float:
    """Part of the draws outside each end."""
    tail = (1.0 - confidence) / 2.0
    if expanded and months > 1:
        # Hesterberg: as wide as the interval of Student's t with the divisor n − 1 would be.
        tail = float(ndtr(np.sqrt(months / (months - 1)) * stdtrit(months - 1, tail)))
    return tail


def _ends(savings: Floats, tail: float) -> tuple[Floats, Floats]:
    """Order statistics at `tail` × (draws + 1) from both sides, between two in proportion.

    Puts `savings` out of order.
    """
    draws = savings.shape[-1]
    place = min(max(tail * (draws + 1), 1.0), (draws + 1) / 2)
    part = place - int(place)
    low, high = int(place) - 1, draws - int(place)  # the outer one of each pair
    # One place after the other: numpy looks for several at once by a road ten times as slow.
    savings.partition(low, axis=-1)
    bottom = savings[..., low].copy()
    right = savings[..., low + 1 :]
    inner = bottom if low + 1 >= draws else right.min(axis=-1)
    bottom = bottom * (1 - part) + inner * part
    if high > low:
        right.partition(high - low - 1, axis=-1)
    top = savings[..., high].copy()
    inner = top if high == 0 else savings[..., :high].max(axis=-1)
    top = top * (1 - part) + inner * part
    return bottom, top


def _in_pieces(counts: NDArray[np.intp], pieces: int) -> Floats:
    """Turn counts into weights of a few draws each.

    Shape (pieces, months, draws of a piece); the last piece is filled up with draws of nothing.
    """
    draws, months = counts.shape
    width = -(-draws // pieces)
    found = np.zeros((pieces * width, months))
    found[:draws] = counts
    return found.reshape(pieces, width, months).swapaxes(1, 2)


def _product(rows: Floats, pieces: Floats, out: Floats) -> Floats:
    """Multiply by weights in pieces, shape (rows, draws of all pieces)."""
    count, _, width = pieces.shape
    # One call for all pieces: a call for each would take as long as its product.
    into = out[: rows.shape[0]]
    np.matmul(rows, pieces, out=into.reshape(-1, count, width).swapaxes(0, 1))
    return into


def bootstrap_ratio(
    use_baseline: ArrayLike,
    output_baseline: ArrayLike,
    use_reporting: ArrayLike,
    output_reporting: ArrayLike,
    draws: int = 1999,
    *,
    confidence: float = 0.9,
    seed: int | np.random.Generator = 0,
    block: int = 1,
    expanded: bool = True,
    language: Language = "vi",
) -> BootstrapSaving:
    r"""Interval around the saving of a plain ratio from the scatter of its months.

    Parameters
    ----------
    use_baseline, output_baseline : array, shape (…, n)
        Use and output of the months of the baseline period. [unit of use], [unit of output]
    use_reporting, output_reporting : array, shape (…, m)
        The same of the reporting period. [unit of use], [unit of output]
    draws : int
        Draws. With 1999 the ends of a 90 % interval are order statistics. [count]
    confidence : float
        Probability that the interval covers. [1]
    seed : int or numpy.random.Generator
        Of the draws; the same number gives the same result.
    block : int
        Months drawn together, for months that resemble their neighbours. [count]
    expanded : bool
        Whether the percentiles are moved out for few months, or taken as they are.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    BootstrapSaving
        ``saving``, ``sd``, ``low``, ``high``: floats or shape (…,). ``nan`` where a month is not
        known (leave it out on both sides first) or a draw has no output.

    Raises
    ------
    RangeError
        If a use or an output is negative, or the confidence not between 0 and 1.
    ValueError
        If there are no draws or no months.

    Notes
    -----
    With weights :math:`w` that are the same for all plants,

    .. math:: s^* = 1 - \frac{w_1 \cdot E_1}{w_1 \cdot Q_1} \Big/
              \frac{w_0 \cdot E_0}{w_0 \cdot Q_0}

    The plain percentile interval is too short for twelve months: its tails are taken at
    :math:`\Phi(\sqrt{n/(n-1)}\, t_{\alpha,n-1})`, n the months of the shorter period. It knows
    of scatter between months and nothing of the errors of meters that months share.

    References
    ----------
    .. [1] Davison, Hinkley, "Bootstrap methods and their application", Cambridge 1997, 2.4, 5.
    .. [2] Hesterberg, "What teachers should know about the bootstrap", The American Statistician
       69 (2015) 371–386.

    Examples
    --------
    >>> use = np.array([101.0, 98.0, 103.0, 99.0, 97.0, 102.0] * 2)
    >>> found = bootstrap_ratio(use, np.ones(12), use * 0.94, np.ones(12))
    >>> round(found.saving, 3), found.low < 0.06 < found.high
    (0.06, True)
    """
    refuse_confidence(confidence, language)
    before = np.broadcast_arrays(floats(use_baseline), floats(output_baseline))
    after = np.broadcast_arrays(floats(use_reporting), floats(output_reporting))
    for used, made in (before, after):
        refuse_negative(used, "use", language)
        refuse_negative(made, "output", language)
    n, m = before[0].shape[-1], after[0].shape[-1]
    if draws < 1 or n < 1 or m < 1:
        raise ValueError(f"{draws} draws of {n} and {m} months: at least one of each")
    shape = np.broadcast_shapes(before[0].shape[:-1], after[0].shape[:-1])
    use_0, made_0 = (np.broadcast_to(one, (*shape, n)).reshape(-1, n) for one in before)
    use_1, made_1 = (np.broadcast_to(one, (*shape, m)).reshape(-1, m) for one in after)
    generator = np.random.default_rng(seed)
    plants = use_0.shape[0]
    step = min(max(_BLOCK // draws, 1), max(plants, 1))
    # Products of so few draws that they stay on one thread.
    pieces = -(-draws // max(_ONE_THREAD // (step * max(n, m)), 1))
    pieces_0 = _in_pieces(_counts(n, draws, generator, block), pieces)
    pieces_1 = _in_pieces(_counts(m, draws, generator, block), pieces)
    tail = _tail(confidence, min(n, m), expanded)
    squares, sums, low, high = np.empty((4, plants))
    with np.errstate(divide="ignore", invalid="ignore"):
        left = use_1.sum(-1) / made_1.sum(-1) / (use_0.sum(-1) / made_0.sum(-1))
        left = np.where((made_0.sum(-1) > 0) & np.isfinite(left), left, np.nan)
        # Drawn figures, and what they are multiplied or divided by next, while it is in the cache:
        # whole rows, with what fills up the last piece, go through quicker than parts of rows.
        space, other_0, other_1 = (np.empty((step, pieces_0[:, 0].size)) for _ in range(3))
        for start in range(0, plants, step):
            rows = slice(start, start + step)
            drawn = _product(use_1[rows], pieces_1, space)
            output = _product(made_0[rows], pieces_0, other_0)
            if (made_0[rows] == 0).any():  # a draw of idle months has no specific consumption
                output[output == 0] = np.nan
            drawn *= output
            under = _product(use_0[rows], pieces_0, other_0)
            under *= _product(made_1[rows], pieces_1, other_1)
            drawn /= under  # a division takes as long as four products
            # As distances from the saving of the data: their squares keep all digits.
            np.subtract(left[rows, None], drawn, out=drawn)
            drawn = drawn[:, :draws]
            squares[rows], sums[rows] = np.vecdot(drawn, drawn), np.add.reduce(drawn, axis=-1)
            low[rows], high[rows] = _ends(drawn, tail)
        variance = squares / draws - (sums / draws) ** 2
        sd = np.where(np.isfinite(variance), np.sqrt(np.maximum(variance, 0.0)), np.nan)
    saving = 1.0 - left
    # A draw without output or baseline is no number: it would sort to an end and pass for one.
    lost = np.where(np.isnan(sd), np.nan, saving)
    found = (saving, sd, lost + low, lost + high)
    return BootstrapSaving(*(plain(one.reshape(shape)) for one in found))
