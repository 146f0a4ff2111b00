"""Which input moves the net present value of an option: one at a time, and by variance."""

from __future__ import annotations

import numpy as np

from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.option_model import OptionModel

__all__ = ["sobol_indices", "tornado"]

#: Quantiles of an input between which it is moved.
ENDS = (0.05, 0.95)


def tornado(model: OptionModel, chosen: slice, base: Floats, ends: Floats) -> None:
    """Move one input at a time to its ends, the others at their medians.

    Parameters
    ----------
    model : OptionModel
        The inputs.
    chosen : slice
        Options.
    base : array, shape (options,)
        Takes the net present value at the medians. [money]
    ends : array, shape (options, inputs, 2)
        Takes the net present values at the two ends of each input. [money]
    """
    middle = model.fixed_values(chosen, 0.5)
    base[chosen] = model.outcome(chosen, middle).npv[:, 0]
    for side, probability in enumerate(ENDS):
        moved = model.fixed_values(chosen, probability)
        for place, one in enumerate(model.inputs):
            if one.varies:
                values = [*middle[:place], moved[place], *middle[place + 1 :]]
                ends[chosen, place, side] = model.outcome(chosen, values).npv[:, 0]
            else:
                ends[chosen, place, side] = base[chosen]


def sobol_indices(
    model: OptionModel, chosen: slice, points: Floats, first: Floats, total: Floats
) -> None:
    """Share the variance of the net present value out among the inputs.

    Parameters
    ----------
    model : OptionModel
        The inputs.
    chosen : slice
        Options.
    points : array, shape (2 × inputs that vary, draws)
        Two independent point sets, one below the other. [1]
    first : array, shape (options, inputs)
        Takes the share that each input explains alone. [1]
    total : array, shape (options, inputs)
        Takes the share that each explains alone and with others. [1]

    Notes
    -----
    With A and B the two sets and A_i the first one with input i from the second:
    first = mean(f(B) (f(A_i) − f(A))) ÷ V, total = mean((f(A) − f(A_i))²) ÷ 2V.
    """
    varied = [place for place, one in enumerate(model.inputs) if one.varies]
    one_set, other_set = model.fixed_values(chosen, 0.5), model.fixed_values(chosen, 0.5)
    for row, place in enumerate(varied):
        one = model.inputs[place]
        spread = one.spread.rows(slice(0, 1) if one.shared else chosen)
        one_set[place] = spread.values_at(points[row][None])
        other_set[place] = spread.values_at(points[len(varied) + row][None])
    f_a, f_b = model.outcome(chosen, one_set).npv, model.outcome(chosen, other_set).npv
    middle = (f_a.mean(axis=1, keepdims=True) + f_b.mean(axis=1, keepdims=True)) / 2
    # Taken from the mean: products of amounts of one size would lose the digits that differ.
    variance = (np.square(f_a - middle).mean(axis=1) + np.square(f_b - middle).mean(axis=1)) / 2
    variance = np.where(variance > 0, variance, np.nan)
    for place in range(len(model.inputs)):
        if place not in varied:
            first[chosen, place] = total[chosen, place] = np.where(np.isnan(variance), np.nan, 0.0)
            continue
        values = [*one_set[:place], other_set[place], *one_set[place + 1 :]]
        change = model.outcome(chosen, values).npv - f_a
        first[chosen, place] = ((f_b - middle) * change).mean(axis=1) / variance
        total[chosen, place] = np.square(change).mean(axis=1) / 2 / variance
