"""Money of several options together, year by year: what they save meets in the same end uses.

Options last for different years, start at different times, and their savings fade or grow. In
each year those that work then share the end uses of that year.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.cashflows import option_cashflows
from sxsh_audit.calc.discounting import npv
from sxsh_audit.calc.domain import Floats, floats

__all__ = ["PresentCells", "joint_flows", "present_cells", "working_parts"]


def working_parts(
    years: ArrayLike, growth: ArrayLike, construction_years: ArrayLike, last: int
) -> Floats:
    """Part of its first year's saving that each option saves in the years 1 to `last`.

    Parameters
    ----------
    years : array, shape (options,)
        Years that the option works, part years counted in part; nan where it is not known.
        [year]
    growth : array, shape (options,)
        Change of the saving from year to year. [1/year]
    construction_years : array, shape (options,)
        Whole years before the first saving. [year]
    last : int
        Last year looked at. [year]

    Returns
    -------
    array, shape (options, last)
        0 while it is built and when it is worn out, and where its years are not known. [1]

    Notes
    -----
    The savings of :func:`~sxsh_audit.calc.cashflows.option_cashflows` for 1 in the first year.

    Examples
    --------
    >>> working_parts([2.5], [0.1], [1.0], 5)
    array([[0.   , 1.   , 1.1  , 0.605, 0.   ]])
    """
    lives = np.nan_to_num(floats(years), nan=0.0)
    flows = option_cashflows(0.0, 1.0, lives, horizon=last, saving_growth=growth,
                             construction_years=construction_years)  # fmt: skip
    return flows[..., 1:] + 0.0


def _saved(fractions: Floats, worth: Floats, parts: Floats) -> Floats:
    """Worth of what options save together in each year, shape (years,)."""
    grown = np.minimum(fractions[:, :, None] * parts[:, None, :], 1.0)
    together: Floats = worth @ (1.0 - np.prod(1.0 - grown, axis=0))
    return together


def joint_flows(
    flows: ArrayLike,
    fractions: ArrayLike,
    worth: ArrayLike,
    parts: ArrayLike,
    chosen: ArrayLike,
    done: ArrayLike,
) -> Floats:
    r"""Work out the flows of what is still to be done of a set of options.

    Parameters
    ----------
    flows : array, shape (options, years + 1)
        Flows of each option by itself from t = 0. [money]
    fractions : array, shape (options, cells)
        Part of each cell that the option saves alone in its first year; below 0 where it uses
        more. [1]
    worth : array, shape (cells,)
        Worth of the whole cell a year. [money/year]
    parts : array, shape (options, years)
        Part of its first saving that each saves in each year, from :func:`working_parts`. [1]
    chosen, done : array of bool, shape (options,)
        The set, and which of it is there already: its flows do not count, its savings take their
        part of the cells.

    Returns
    -------
    array, shape (years + 1,)
        nan in the years of an option whose flows are not known. [money]

    Notes
    -----
    With :math:`s_{ict} = \min(s_{ic} p_{it}, 1)`, the set S and what is done D of it,

    .. math:: F_t = \sum_{i \in S \setminus D} \Bigl(F_{it} - \sum_c m_c s_{ic} p_{it}\Bigr)
              + \sum_c m_c \Bigl(\prod_{i \in D} (1 - s_{ict}) - \prod_{i \in S} (1 - s_{ict})\Bigr)

    What the flows of an option hold beside its cells adds up. An option that outgrows its cell
    saves all of it and no more.

    Examples
    --------
    Two halves of one end use that costs 600 a year leave a quarter:

    >>> joint_flows([[-100.0, 300.0], [-100.0, 300.0]], [[0.5], [0.5]], [600.0],
    ...             [[1.0], [1.0]], [True, True], [False, False])
    array([-200.,  450.])
    """
    each, shares, money, working = (floats(one) for one in (flows, fractions, worth, parts))
    whole, there = np.asarray(chosen, bool), np.asarray(done, bool)
    todo = whole & ~there
    total = each[todo].sum(axis=0)
    apart = money @ (shares[todo][:, :, None] * working[todo][:, None, :]).sum(axis=0)
    both = _saved(shares[whole], money, working[whole])
    before = _saved(shares[whole & there], money, working[whole & there])
    total[1:] += both - before - apart
    return np.asarray(total)


class PresentCells(NamedTuple):
    """Cells by end use and span of years in which the same options work, at present value."""

    fractions: Floats
    """Part of each cell that the option saves, shape (options, cells × spans). [1]"""
    worth: Floats
    """Present worth of the whole cell, shape (cells × spans,). [money]"""
    alone: Floats
    """Present worth of what the option saves in its cells by itself, however far it outgrows
    them, shape (options,). [money]"""


def present_cells(
    rate: float, fractions: ArrayLike, worth: ArrayLike, parts: ArrayLike
) -> PresentCells:
    r"""Turn yearly cells into cells at present value, for the choice of the best set.

    Parameters
    ----------
    rate : float
        Discount rate. [1/year]
    fractions : array, shape (options, cells)
        Part of each cell that the option saves alone in its first year. [1]
    worth : array, shape (cells,)
        Worth of the whole cell a year. [money/year]
    parts : array, shape (options, years)
        Part of its first saving that each saves in each year, from :func:`working_parts`. [1]

    Returns
    -------
    PresentCells
        With values :math:`v_i = NPV_i - alone_i` the objective of
        :func:`~sxsh_audit.calc.portfolio.select_options`,
        :math:`\sum v_i + \sum_c m_c (1 - \prod (1 - s_{ic}))`, is the net present value of
        :func:`joint_flows`.

    Notes
    -----
    Years in which every option saves the same part are one span, whose discount factors add up:
    options of three lifetimes that neither fade nor grow have three spans and not thirty years.

    Examples
    --------
    >>> found = present_cells(0.0, [[0.5], [0.5]], [600.0], [[1.0, 1.0], [1.0, 0.0]])
    >>> found.fractions.shape, found.alone
    ((2, 2), array([600., 300.]))
    """
    shares, money, working = floats(fractions), floats(worth), floats(parts)
    spans, where = np.unique(working, axis=1, return_inverse=True)
    places: NDArray[np.intp] = np.asarray(where).reshape(-1)
    weights = npv(rate, np.eye(working.shape[1] + 1)[1:])
    discount = np.bincount(places, weights, minlength=spans.shape[1])
    grown = shares[:, :, None] * spans[:, None, :]
    present = money[:, None] * discount[None, :]
    shape = (shares.shape[0], shares.shape[1] * spans.shape[1])
    return PresentCells(
        np.minimum(grown, 1.0).reshape(shape), present.reshape(-1),
        (grown * present[None]).sum(axis=(1, 2)),
    )  # fmt: skip
