"""The true cost of a resource such as water: from the purchase to the discharge fee."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.allocation import allocation_shares
from sxsh_audit.calc.centre_costs import centre_costs
from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.flow_ends import OUTSIDE, flow_ends, step_sums
from sxsh_audit.language.formatting import Language

__all__ = ["TrueCost", "true_cost"]


class TrueCost(NamedTuple):
    """Cost of one unit of a resource, by component: purchase, each kind of handling, discharge."""

    component: Floats
    """Cost per unit taken in, shape (kinds + 2,). [currency/unit]"""
    total: Any
    """Sum of the components. [currency/unit]"""
    intake: Any
    """What is taken in from outside. [unit]"""
    flow: Floats
    """Cost of each flow as it stands, shape (kinds + 2, m): what was paid and done up to there,
    and what its own discharge costs. [currency]"""
    flow_unit: Floats
    """The same per unit of the flow, shape (m,); ``nan`` for a flow of nothing. [currency/unit]"""
    kept: Floats
    """What stays in steps without a way out, shape (kinds + 2,). [currency]"""


def true_cost(
    source: ArrayLike,
    target: ArrayLike,
    amount: ArrayLike,
    purchase: ArrayLike,
    handling: ArrayLike,
    discharge: ArrayLike,
    steps: int,
    *,
    language: Language = "vi",
) -> TrueCost:
    r"""Add up what a resource costs from the purchase to the discharge.

    Parameters
    ----------
    source : array of int, shape (m,)
        Step that each flow of the resource leaves; −1 is the outside world.
    target : array of int, shape (m,)
        Step that each flow enters; −1 is the outside world.
    amount : array, shape (m,)
        Amount of the resource in each flow, such as its water. [one unit, e.g. m³]
    purchase : float or array, shape (m,)
        What was paid for each flow from outside; not read elsewhere. [currency]
    handling : array, shape (kinds, steps)
        What each step spends on the resource: pumping, heating, treating before use. [currency]
    discharge : float or array, shape (m,)
        Treatment and fee of each flow, from
        :func:`~sxsh_audit.calc.waste_costs.waste_costs`. [currency]
    steps : int
        Count of steps.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    TrueCost
        ``nan`` where an intake or a cost is not known.

    Raises
    ------
    RangeError
        If an end is no step or an amount is negative.

    Notes
    -----
    Costs follow the amounts through the network, recycles solved, so a cubic metre at the boiler
    has its own cost, and one that is used twice is paid for once:

    .. math:: c = \frac{\sum purchase + \sum handling + \sum discharge}{\sum intake}

    References
    ----------
    .. [1] The components are those of the "true cost of water" in MEASUR (Oak Ridge National
       Laboratory): intake, treatment, pumping and heating energy, waste water treatment and
       disposal.

    Examples
    --------
    100 m³ at 10, pumped for 300, of which 80 m³ are discharged at a cost of 400:

    >>> found = true_cost([-1, 0, 0], [0, -1, -1], [100.0, 80.0, 20.0], [1000.0, 0.0, 0.0],
    ...                   [[300.0]], [0.0, 400.0, 0.0], 1)
    >>> found.component, found.total
    (array([10.,  3.,  4.]), 17.0)
    """
    start, end = flow_ends(source, target, steps, language=language)
    size = floats(amount)
    share = allocation_shares(start, size, steps, language=language)
    enters = (start == OUTSIDE) & (end != OUTSIDE)
    paid = np.where(enters, np.broadcast_to(floats(purchase), start.shape), 0.0)
    spent, away = floats(handling), np.broadcast_to(floats(discharge), start.shape)
    own = np.concatenate([step_sums(end, paid, steps)[None], spent.reshape(-1, steps)])
    found = centre_costs(start, end, share, own, steps, language=language)
    carried = found.carried.copy()
    carried[0] += paid  # a flow from outside costs what was paid for it
    intake = size[enters].sum()
    components = np.append(own.sum(axis=-1), away.sum())
    each = components / (intake if intake != 0 else np.nan)
    flow = np.concatenate([carried, away[None]])
    with np.errstate(divide="ignore", invalid="ignore"):
        per_unit = np.where(size == 0, np.nan, flow.sum(axis=0) / size)
    kept = np.append(found.kept.sum(axis=-1), 0.0)
    return TrueCost(each, float(each.sum()), float(intake), flow, per_unit, kept)
