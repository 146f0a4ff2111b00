"""Use beside output: sums over the months in which both are known, of many plants at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, refuse_negative
from sxsh_audit.calc.intensity import specific_consumption
from sxsh_audit.calc.known_months import TOTAL, Slots, Table
from sxsh_audit.language.formatting import Language

__all__ = ["JointSums", "joint_sums"]

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class JointSums(NamedTuple):
    """Use and output over the months of a period in which both are known; shape (wholes,)."""

    use: Floats
    """Σ use; ``nan`` without such a month. [unit of the use]"""
    output: Floats
    """Σ output; ``nan`` without such a month. [unit of the output]"""
    value: Floats
    """Σ use ÷ Σ output; ``nan`` where it is not known or the output is 0."""
    months: Whole
    """Count of months; 0 where totals of the period were compared. [month]"""
    season: Whole
    """Calendar months among them, January as bit 0."""
    idle: tuple[Whole, Whole]
    """Whole and month of use without output; the month is TOTAL for a total."""


def joint_sums(
    use: Table, use_total: Table, output: Table, output_total: Table, plant: ArrayLike,
    slots: Slots, period: int, *, language: Language = "vi",
) -> JointSums:  # fmt: skip
    r"""Add use and output over the months of a period in which both are known.

    Parameters
    ----------
    use, use_total, output, output_total : Table
        By month, shapes (slots, wholes) and (slots, plants), and totals by period, shapes
        (periods, wholes) and (periods, plants): totals are compared only where no month is
        known of both. [one unit of use, one of output]
    plant : array of int, shape (wholes,)
        Plant whose output belongs to each use; −1 for none.
    slots : Slots
        Months.
    period : int
        Position of the period.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    JointSums

    Raises
    ------
    RangeError
        If a use or an output that counts is negative.

    Notes
    -----
    .. math:: e = \sum_m E_m / \sum_m P_m

    Examples
    --------
    >>> from sxsh_audit.calc.known_months import month_slots, slot_totals
    >>> slots = month_slots([(0, 58)])
    >>> used = slot_totals([0, 31], [30, 58], [100.0, 90.0], [0, 0], 1, slots)
    >>> made = slot_totals([0, 31], [30, 58], [10.0, 0.0], [0, 0], 1, slots)
    >>> none = Table(np.zeros((1, 1)), np.zeros((1, 1), bool))
    >>> found = joint_sums(used, none, made, none, [0], slots, 0)
    >>> found.value, found.months, found.idle
    (array([19.]), array([2]), (array([0]), array([1])))
    """
    home = np.asarray(plant, np.int64)
    apart = home < 0
    count = home.size
    used, made = np.zeros(count), np.zeros(count)
    months, season = np.zeros(count, np.int64), np.zeros(count, np.int64)
    idle: list[tuple[Whole, Whole]] = []

    def add(both: Flags, amount: Floats, output_row: Floats, month: int) -> None:
        of_use, of_output = np.where(both, amount, 0.0), np.where(both, output_row, 0.0)
        refuse_negative(of_use, "use", language)
        refuse_negative(of_output, "output", language)
        np.add(used, of_use, out=used)
        np.add(made, of_output, out=made)
        still = np.flatnonzero(both & (of_output == 0) & (of_use > 0))
        if still.size:
            idle.append((still, np.full(still.size, month)))

    if output.value.shape[1]:
        for place in range(*slots.of(period).indices(slots.month.size)):
            both = use.known[place] & output.known[place].take(home) & ~apart
            month = int(slots.month[place])
            add(both, use.value[place], output.value[place].take(home), month)
            months += both
            season |= np.where(both, 1 << month % 12, 0)
        both = use_total.known[period] & output_total.known[period].take(home) & ~apart
        both &= months == 0
        add(both, use_total.value[period], output_total.value[period].take(home), TOTAL)
    else:
        both = np.zeros(count, bool)
    nothing = (months == 0) & ~both
    used[nothing], made[nothing] = np.nan, np.nan
    value = floats(specific_consumption(used, made, language=language))
    none = np.empty(0, np.int64)
    where = (np.concatenate([pair[side] for pair in idle]) if idle else none for side in (0, 1))
    whole, when = where
    return JointSums(used, made, value, months, season, (whole, when))
