"""Laws of splitting a change: what must hold of volume, mix and efficiency of any plant."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.decomposition import (
    ProductSplit,
    decompose_change,
    decompose_factors,
    decompose_total,
)
from sxsh_audit.calc.logarithmic_mean import logarithmic_mean

TIGHT = 1e-12
some = st.floats(1e-3, 1e9, allow_subnormal=False)
Plant = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def plants(draw: st.DrawFn, zeros: bool = True) -> Plant:
    """Use and output by product of two periods; products come, go, and take nothing."""
    size = draw(st.integers(1, 6))
    columns = [np.array(draw(st.lists(some, min_size=size, max_size=size))) for _ in range(4)]
    use_0, output_0, use_1, output_1 = columns
    if zeros:
        for use, output in ((use_0, output_0), (use_1, output_1)):
            made = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
            takes = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
            output *= made
            use *= made & takes  # nothing is used for what is not made
    return use_0, output_0, use_1, output_1


def terms(split: ProductSplit) -> np.ndarray:
    return np.array([split.volume, split.mix, split.efficiency])


def size_of(plant: Plant, split: ProductSplit) -> float:
    """What a rounding error is measured against: the uses and the effects that cancel."""
    parts = (split.volume_by_product, split.mix_by_product, split.efficiency_by_product)
    return float(plant[0].sum() + plant[2].sum() + np.abs(parts).sum())


@given(plants())
def test_the_effects_add_up_to_the_change(plant: Plant) -> None:
    found = decompose_change(*plant)
    assert abs(terms(found).sum() - (plant[2].sum() - plant[0].sum())) <= TIGHT * size_of(
        plant, found
    )


@given(plants())
@settings(max_examples=25)
def test_the_parts_by_product_add_up_to_the_effects_and_to_the_change_of_the_product(
    plant: Plant,
) -> None:
    found = decompose_change(*plant)
    parts = np.array(found[4:])
    room = TIGHT * size_of(plant, found)
    assert np.all(np.abs(parts.sum(axis=1) - terms(found)) <= room)
    assert np.all(np.abs(parts.sum(axis=0) - (plant[2] - plant[0])) <= room)


@given(plants())
@settings(max_examples=25)
def test_swapping_the_periods_turns_every_effect(plant: Plant) -> None:
    use_0, output_0, use_1, output_1 = plant
    forth = decompose_change(*plant)
    back = decompose_change(use_1, output_1, use_0, output_0)
    for one, other in zip(forth, back, strict=True):
        np.testing.assert_array_equal(one, -np.asarray(other))


@given(plants(zeros=False))
@settings(max_examples=25)
def test_indices_multiply_to_the_ratio_and_turn_over_with_the_periods(plant: Plant) -> None:
    use_0, output_0, use_1, output_1 = plant
    forth = decompose_change(*plant, form="multiplicative")
    back = decompose_change(use_1, output_1, use_0, output_0, form="multiplicative")
    additive = decompose_change(*plant)
    # the logarithms carry the rounding of effects that cancel
    scale = 1 + size_of(plant, additive) / logarithmic_mean(use_0.sum(), use_1.sum())
    logs = np.log(terms(forth))
    assert abs(logs.sum() - np.log(forth.change)) <= TIGHT * scale
    np.testing.assert_allclose(np.log(terms(back)), -logs, rtol=0, atol=TIGHT * scale)


@given(plants(), st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
@settings(max_examples=25)
def test_units_of_use_and_output_do_not_matter(plant: Plant, use: float, output: float) -> None:
    found = decompose_change(*plant)
    other = decompose_change(plant[0] * use, plant[1] * output, plant[2] * use, plant[3] * output)
    room = TIGHT * size_of(plant, found)
    np.testing.assert_allclose(terms(other) / use, terms(found), rtol=0, atol=room)


@given(plants(zeros=False), st.floats(0.1, 10))
@settings(max_examples=25)
def test_equal_shares_leave_no_mix(plant: Plant, grown: float) -> None:
    use_0, output_0, use_1, _ = plant
    found = decompose_change(use_0, output_0, use_1, output_0 * grown)
    assert np.all(np.abs(found.mix_by_product) <= TIGHT * (use_0 + use_1))


@given(plants(zeros=False))
@settings(max_examples=25)
def test_equal_specific_consumption_leaves_no_efficiency(plant: Plant) -> None:
    use_0, output_0, _, output_1 = plant
    found = decompose_change(use_0, output_0, use_0 / output_0 * output_1, output_1)
    room = TIGHT * (use_0 + use_0 / output_0 * output_1)
    assert np.all(np.abs(found.efficiency_by_product) <= room)


@given(plants(zeros=False))
@settings(max_examples=25)
def test_one_product_has_no_mix_and_its_split_is_that_of_its_meter(plant: Plant) -> None:
    one = tuple(column[:1] for column in plant)
    found = decompose_change(*one)
    assert found.mix == 0
    total = decompose_total(one[0][0], one[1], one[2][0], one[3], [3.0])
    room = TIGHT * size_of(one, found)
    np.testing.assert_allclose(total[1:], terms(found), rtol=0, atol=room)


@given(plants(), st.data())
@settings(max_examples=25)
def test_splitting_a_product_into_equal_lots_changes_nothing(
    plant: Plant, data: st.DataObject
) -> None:
    part = data.draw(st.floats(0.05, 0.95))
    found = decompose_change(*plant)
    split = decompose_change(*(
        np.concatenate((column[:-1], column[-1:] * part, column[-1:] * (1 - part)))
        for column in plant
    ))  # fmt: skip
    room = TIGHT * size_of(plant, found)
    np.testing.assert_allclose(terms(split), terms(found), rtol=0, atol=room)


@given(plants(zeros=False), st.data())
@settings(max_examples=25)
def test_mix_within_groups_and_between_groups_add_up_to_the_mix(
    plant: Plant, data: st.DataObject
) -> None:
    """Consistency in aggregation: volume × share of the group × share in it × efficiency."""
    use_0, output_0, use_1, output_1 = plant
    size = use_0.size
    group = np.array(data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)))
    levels = []
    for use, output in ((use_0, output_0), (use_1, output_1)):
        inside = np.bincount(group, output)[group]
        total = np.full(size, output.sum())
        levels.append(np.stack((total, inside / total, output / inside, use / output), axis=1))
    fine = decompose_factors(*levels)
    found = decompose_change(*plant)
    volume, between, within, efficiency = fine.effects
    room = TIGHT * (size_of(plant, found) + float(np.abs(fine.by_category).sum()))
    np.testing.assert_allclose([volume, between + within, efficiency], terms(found), rtol=0,
                               atol=room)  # fmt: skip


@given(plants())
@settings(max_examples=25)
def test_the_order_of_the_products_does_not_matter(plant: Plant) -> None:
    found = decompose_change(*plant)
    other = decompose_change(*(column[::-1] for column in plant))
    room = TIGHT * size_of(plant, found)
    np.testing.assert_allclose(other.mix_by_product[::-1], found.mix_by_product, rtol=0, atol=room)


@given(st.lists(plants(), min_size=2, max_size=4))
@settings(max_examples=25)
def test_many_plants_at_once_are_each_alone(many: list[Plant]) -> None:
    size = min(plant[0].size for plant in many)
    columns = [np.stack([plant[k][:size] for plant in many]) for k in range(4)]
    together = decompose_change(*columns)
    for k in range(len(many)):
        alone = decompose_change(*(column[k] for column in columns))
        for one, all_of_them in zip(alone, together, strict=True):
            np.testing.assert_array_equal(np.asarray(all_of_them)[k], one)


@given(plants(zeros=False), st.floats(1e-3, 1e3), st.data())
@settings(max_examples=25)
def test_only_the_ratios_of_the_equivalence_coefficients_matter(
    plant: Plant, factor: float, data: st.DataObject
) -> None:
    use_0, output_0, use_1, output_1 = plant
    weights = np.array(data.draw(st.lists(st.floats(0.1, 10), min_size=use_0.size,
                                          max_size=use_0.size)))  # fmt: skip
    both = use_0.sum() + use_1.sum()
    found = decompose_total(use_0.sum(), output_0, use_1.sum(), output_1, weights)
    other = decompose_total(use_0.sum(), output_0, use_1.sum(), output_1, weights * factor)
    room = TIGHT * (both + float(np.abs(found[1:]).sum()))
    np.testing.assert_allclose(other, found, rtol=0, atol=room)
    assert abs(sum(found[1:]) - found.change) <= room


@given(plants(zeros=False), st.floats(0.5, 2))
@settings(max_examples=25)
def test_coefficients_that_are_the_true_consumptions_see_the_common_saving(
    plant: Plant, saved: float
) -> None:
    """Every product takes `saved` times what it took: one meter shows just that."""
    use_0, output_0, _, output_1 = plant
    each = use_0 / output_0
    use_1 = saved * each * output_1
    found = decompose_total(use_0.sum(), output_0, use_1.sum(), output_1, each,
                            form="multiplicative")  # fmt: skip
    np.testing.assert_allclose(found.efficiency, saved, rtol=1e-9)


@given(some, some)
@settings(max_examples=25)
def test_the_logarithmic_mean_lies_between_the_geometric_and_the_arithmetic(
    one: float, other: float
) -> None:
    mean = logarithmic_mean(one, other)
    assert np.sqrt(one * other) * (1 - TIGHT) <= mean <= (one + other) / 2 * (1 + TIGHT)
    assert mean == logarithmic_mean(other, one)
