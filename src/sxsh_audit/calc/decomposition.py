"""Why the use changed: volume, mix of products, efficiency (LMDI-I).

The logarithmic mean Divisia index leaves no residual and gives the same figures with the sign
turned when the two periods change places. Each effect is worked out by its own formula; that they
add up to the change is a check and not a definition.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats, floats, plain, refuse_negative
from sxsh_audit.calc.logarithmic_mean import log_ratio, logarithmic_mean
from sxsh_audit.language.formatting import Language

__all__ = [
    "ChangeSplit",
    "DecompositionForm",
    "FactorSplit",
    "ProductSplit",
    "decompose_change",
    "decompose_factors",
    "decompose_total",
]

DecompositionForm = Literal["additive", "multiplicative"]
"""``additive``: effects in the unit of the use that add up to the change; ``multiplicative``:
indices that multiply to the ratio of the two uses."""


class FactorSplit(NamedTuple):
    """Change of an aggregate, split over any factors."""

    change: Any
    """Σ value₁ − Σ value₀ [unit of the value], or their ratio [1]; shape (…)."""
    effects: Floats
    """Effect of each factor, shape (…, factors). [as ``change``]"""
    by_category: Floats
    """Effect of each factor through each category, shape (…, categories, factors).
    [as ``change``]"""


class ProductSplit(NamedTuple):
    """Change of a use that is known by product; floats, or arrays of shape (…)."""

    change: Any
    """Use of the second period − use of the first [e.g. kWh], or their ratio [1]."""
    volume: Any
    """Effect of how much was made in all. [as ``change``]"""
    mix: Any
    """Effect of the shares of the products. [as ``change``]"""
    efficiency: Any
    """Effect of the specific consumption of each product; below 0 (or 1) is a saving.
    [as ``change``]"""
    volume_by_product: Floats
    """Part of ``volume`` through each product, shape (…, products). [as ``change``]"""
    mix_by_product: Floats
    """Part of ``mix`` through each product, shape (…, products). [as ``change``]"""
    efficiency_by_product: Floats
    """Part of ``efficiency`` through each product, shape (…, products). [as ``change``]"""


class ChangeSplit(NamedTuple):
    """Change of a use that one meter counts for all products; floats, or arrays of shape (…)."""

    change: Any
    """Use of the second period − use of the first [e.g. kWh], or their ratio [1]."""
    volume: Any
    """Effect of how much was made in all. [as ``change``]"""
    mix: Any
    """Effect of the equivalence coefficient of the average product. [as ``change``]"""
    efficiency: Any
    """Effect of the use per unit of equivalent output; below 0 (or 1) is a saving.
    [as ``change``]"""


def _effects(value_0: Floats, value_1: Floats, factors_0: Floats, factors_1: Floats) -> Floats:
    """Return L(v₁, v₀) ln(x₁ ÷ x₀) by its limits where a value is 0: shape (…, factors)."""
    mean = floats(logarithmic_mean(value_1, value_0))[..., None]
    with np.errstate(invalid="ignore"):
        effects = mean * log_ratio(factors_1, factors_0)
    for start, end, factors, sign in ((value_0, value_1, factors_0, 1.0),
                                      (value_1, value_0, factors_1, -1.0)):  # fmt: skip
        # from nothing to something: all of it belongs to the factor that was 0
        appears = ((start == 0) & (end > 0))[..., None]
        zero = factors == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            part = sign * end[..., None] / zero.sum(axis=-1, keepdims=True)
        effects = np.where(appears, np.where(zero, part, 0.0), effects)
    never = ((value_0 == 0) & (value_1 == 0))[..., None]
    return np.where(never, 0.0, effects)


def _in_form(
    effects: Floats, value_0: Floats, value_1: Floats, form: DecompositionForm
) -> tuple[Any, Floats, Floats]:
    """Return the change, the effects of all categories together and those of each category."""
    if form not in ("additive", "multiplicative"):
        raise ValueError(f'form must be "additive" or "multiplicative", not {form!r}')
    start, end = value_0.sum(axis=-1), value_1.sum(axis=-1)
    if form == "additive":
        # category by category: two large uses that differ little lose no digits
        return plain((value_1 - value_0).sum(axis=-1)), effects.sum(axis=-2), effects
    both = (start > 0) & (end > 0)
    weight = np.where(both, logarithmic_mean(start, end), np.nan)
    logs = effects / weight[..., None, None]
    ratio = np.where(both, end, np.nan) / np.where(both, start, 1.0)
    return plain(ratio), np.exp(logs.sum(axis=-2)), np.exp(logs)


def decompose_factors(
    factors_0: ArrayLike,
    factors_1: ArrayLike,
    *,
    form: DecompositionForm = "additive",
    language: Language = "vi",
) -> FactorSplit:
    r"""Split the change of a sum of products of factors over those factors.

    Parameters
    ----------
    factors_0 : array, shape (…, categories, factors)
        Factors of the first period, whose product is the value of the category.
        [units whose product is one unit]
    factors_1 : array, shape (…, categories, factors)
        Factors of the second period. [same units]
    form : {"additive", "multiplicative"}
        Effects that add up to the change, or indices that multiply to the ratio.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    FactorSplit
        ``change``, ``effects`` and ``by_category``.

    Raises
    ------
    RangeError
        If a factor is negative; it names the positions.

    Notes
    -----
    With :math:`v_i = \prod_k x_{ik}` and the logarithmic mean L,

    .. math:: \Delta_k = \sum_i L(v_{i1}, v_{i0}) \ln \frac{x_{ik1}}{x_{ik0}}, \qquad
       D_k = \exp \frac{\Delta_k}{L(\sum_i v_{i1}, \sum_i v_{i0})}

    A zero is not replaced by a small number, which leaves an error that grows with the count of
    zeros; the limits are used: a category that appears adds its whole value to the factor that
    was 0, one that vanishes takes it away. Several factors that are 0 together share it
    evenly, the limit where they go to 0 alike. Of a ratio there is no such split where one of the
    two sums is 0: ``nan``.

    References
    ----------
    .. [1] Ang, "The LMDI approach to decomposition analysis: a practical guide", Energy Policy 33
       (2005) 867–871.
    .. [2] Wood & Lenzen, "Zero-value problems of the logarithmic mean Divisia index decomposition
       method", Energy Policy 34 (2006) 1326–1331.
    .. [3] Ang & Liu, "Handling zero values in the logarithmic mean Divisia index decomposition
       approach", Energy Policy 35 (2007) 238–246.

    Examples
    --------
    >>> found = decompose_factors([[1.0, 10.0], [0.0, 5.0]], [[4.0, 5.0], [3.0, 5.0]])
    >>> found.change, found.by_category[1]
    (25.0, array([15.,  0.]))
    """
    before, after = np.broadcast_arrays(floats(factors_0), floats(factors_1))
    refuse_negative(before, "factor", language)
    refuse_negative(after, "factor", language)
    value_0, value_1 = before.prod(axis=-1), after.prod(axis=-1)
    return FactorSplit(
        *_in_form(_effects(value_0, value_1, before, after), value_0, value_1, form)
    )


def _over(above: Floats, below: Floats) -> Floats:
    """Divide; 0 ÷ 0 is 1: a share or specific consumption of nothing that has no effect."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((above == 0) & (below == 0), 1.0, above / below)


def _stray(use: Floats, output: Floats) -> NDArray[np.bool_]:
    """Whether something was used while nothing was made: no specific consumption explains it."""
    found: NDArray[np.bool_] = (use > 0) & (output == 0)
    return found


def decompose_change(
    use_0: ArrayLike,
    output_0: ArrayLike,
    use_1: ArrayLike,
    output_1: ArrayLike,
    *,
    form: DecompositionForm = "additive",
    language: Language = "vi",
) -> ProductSplit:
    r"""Split the change of a use that is known by product into volume, mix and efficiency.

    Parameters
    ----------
    use_0 : array, shape (…, products)
        Use of each product in the first period, from sub-meters or a stated allocation.
        [one unit, e.g. kWh]
    output_0 : array, shape (…, products)
        Good product made in the first period; the outputs are added up, so they have one unit.
        [one unit, e.g. t]
    use_1, output_1 : array, shape (…, products)
        The same of the second period. [same units]
    form : {"additive", "multiplicative"}
        Effects in the unit of the use that add up to the change, or indices that multiply to the
        ratio of the two uses.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ProductSplit
        ``nan`` where a figure is missing, and where something was used for a product of which
        nothing was made: no specific consumption explains that.

    Raises
    ------
    RangeError
        If a use or an output is negative; it names the positions.

    Notes
    -----
    The use of product i is :math:`E_i = Q \, S_i \, I_i`: total output, share, specific
    consumption. With the logarithmic mean L,

    .. math:: \Delta_{volume} = \sum_i L(E_{i1}, E_{i0}) \ln \frac{Q_1}{Q_0}, \quad
       \Delta_{mix} = \sum_i L_i \ln \frac{S_{i1}}{S_{i0}}, \quad
       \Delta_{efficiency} = \sum_i L_i \ln \frac{I_{i1}}{I_{i0}}

    A product that is new or given up counts as mix, one that begins or ceases to use the
    resource as efficiency, a plant that starts or stops as volume: the limits of the formulae.

    The mix of all products together has a meaning: it is above 0 where the shares moved to
    products that take more. That of one product only says whether its own share grew.

    References
    ----------
    .. [1] Ang, "The LMDI approach to decomposition analysis: a practical guide", Energy Policy 33
       (2005) 867–871.
    .. [2] Wood & Lenzen, "Zero-value problems of the logarithmic mean Divisia index decomposition
       method", Energy Policy 34 (2006) 1326–1331.
    .. [3] Ang & Liu, "Handling zero values in the logarithmic mean Divisia index decomposition
       approach", Energy Policy 35 (2007) 238–246.
    .. [4] Roux & Plank, "The misinterpretation of structure effects of the LMDI and an alternative
       index decomposition", MethodsX 9 (2022) 101698.

    Examples
    --------
    Twice the output of every product at 10 % less per tonne:

    >>> found = decompose_change([100.0, 50.0], [10.0, 10.0], [180.0, 90.0], [20.0, 20.0])
    >>> found.change, found.mix, round(found.volume, 2), round(found.efficiency, 2)
    (120.0, 0.0, 141.51, -21.51)
    """
    use = [floats(use_0), floats(use_1)]
    made = [floats(output_0), floats(output_1)]
    for column, name in ((use[0], "use"), (made[0], "output"), (use[1], "use"),
                         (made[1], "output")):  # fmt: skip
        refuse_negative(column, name, language)
    use[0], made[0], use[1], made[1] = np.broadcast_arrays(use[0], made[0], use[1], made[1])
    factors = []
    for spent, output in zip(use, made, strict=True):
        total = np.broadcast_to(output.sum(axis=-1, keepdims=True), output.shape)
        factors.append(np.stack((total, _over(output, total), _over(spent, output)), axis=-1))
    effects = _effects(use[0], use[1], factors[0], factors[1])
    unknown = np.isnan(factors[0] + factors[1]).any(axis=-1)
    unknown |= _stray(use[0], made[0]) | _stray(use[1], made[1])
    effects = np.where(unknown[..., None], np.nan, effects)
    change, together, each = _in_form(effects, use[0], use[1], form)
    return ProductSplit(
        change, *(plain(together[..., k]) for k in range(3)), *(each[..., k] for k in range(3))
    )


def decompose_total(
    use_0: ArrayLike,
    outputs_0: ArrayLike,
    use_1: ArrayLike,
    outputs_1: ArrayLike,
    equivalence: ArrayLike,
    *,
    form: DecompositionForm = "additive",
    language: Language = "vi",
) -> ChangeSplit:
    r"""Split the change of a use that one meter counts into volume, equivalence mix, efficiency.

    Parameters
    ----------
    use_0 : float or array, shape (…)
        Use of all products together in the first period. [e.g. kWh]
    outputs_0 : array, shape (…, products)
        Good product made in the first period; the outputs are added up, so they have one unit.
        [one unit, e.g. t]
    use_1 : float or array, shape (…)
        Use of the second period. [same unit]
    outputs_1 : array, shape (…, products)
        Output of the second period. [same unit]
    equivalence : array, shape (…, products)
        How many units of the reference product take as much as one unit of each; the same in
        both periods. Only their ratios matter. [1]
    form : {"additive", "multiplicative"}
        Effects in the unit of the use that add up to the change, or indices that multiply to the
        ratio of the two uses.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ChangeSplit
        ``nan`` where a figure is missing, and where something was used while nothing was made.

    Raises
    ------
    RangeError
        If a use, an output or a coefficient is negative; it names the positions.

    Notes
    -----
    With coefficients w the use is
    :math:`E = Q \cdot \frac{\sum_i w_i q_i}{Q} \cdot \frac{E}{\sum_i w_i q_i}`, where
    :math:`Q = \sum_i q_i`, and each effect is L(E₁, E₀) times the logarithm of the ratio of its
    factor. The efficiency is as good as the coefficients: an error in them passes between mix
    and efficiency, the volume is free of it.

    Examples
    --------
    As many tonnes, but half of them of a grade that takes twice as much:

    >>> found = decompose_total(1000.0, [10.0, 0.0], 1500.0, [5.0, 5.0], [1.0, 2.0])
    >>> found.change, found.volume, round(found.mix, 6), found.efficiency
    (500.0, 0.0, 500.0, 0.0)
    """
    weights = floats(equivalence)
    refuse_negative(weights, "equivalence", language)
    use = [floats(use_0), floats(use_1)]
    made = [floats(outputs_0), floats(outputs_1)]
    factors, stray = [], np.array(False)
    for spent, outputs in zip(use, made, strict=True):
        refuse_negative(spent, "use", language)
        refuse_negative(outputs, "output", language)
        total, equal = np.broadcast_arrays(outputs.sum(axis=-1), (weights * outputs).sum(axis=-1))
        parts = (total, _over(equal, total), _over(spent, equal))
        factors.append(np.stack(np.broadcast_arrays(*parts), axis=-1))
        stray = stray | _stray(spent, total) | _stray(spent, equal)
    before, after = np.broadcast_arrays(*factors)
    shape = before.shape[:-1]
    value_0, value_1 = (np.broadcast_to(spent, shape) for spent in use)
    effects = _effects(value_0, value_1, before, after)
    unknown = np.isnan(before + after).any(axis=-1) | stray
    effects = np.where(unknown[..., None], np.nan, effects)
    change, together, _ = _in_form(
        effects[..., None, :], value_0[..., None], value_1[..., None], form
    )
    return ChangeSplit(change, *(plain(together[..., k]) for k in range(3)))
