"""Laws of material flow cost accounting on random networks with loops, dead ends and unknowns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.mfca import (
    allocation_shares,
    centre_costs,
    cost_trail,
    hot_spots,
    loss_split,
    loss_trail,
    true_cost,
    waste_costs,
)


class Plant(NamedTuple):
    source: np.ndarray
    target: np.ndarray
    amount: np.ndarray
    own: np.ndarray
    steps: int


@st.composite
def plants(draw: st.DrawFn, exits: bool = True) -> Plant:
    """Random networks; with `exits` every step has a flow to the outside world."""
    steps = draw(st.integers(1, 7))
    step = st.integers(0, steps - 1)
    flows = draw(st.lists(st.tuples(step, st.integers(-1, steps - 1)), max_size=16))
    if exits:
        flows += [(place, -1) for place in range(steps)]
    size = st.floats(0.01, 1e6)
    amount = draw(st.lists(size, min_size=len(flows), max_size=len(flows)))
    own = draw(st.lists(st.floats(0, 1e9), min_size=3 * steps, max_size=3 * steps))
    source, target = np.array(flows, np.intp).reshape(-1, 2).T
    return Plant(source, target, np.array(amount), np.array(own).reshape(3, steps), steps)


def dense(plant: Plant, share: np.ndarray) -> np.ndarray:
    """Solve (I − Rᵀ) C = N the textbook way."""
    matrix = np.zeros((plant.steps, plant.steps))
    for start, end, part in zip(plant.source, plant.target, share, strict=True):
        if end >= 0:
            matrix[start, end] += part
    return np.linalg.solve(np.eye(plant.steps) - matrix.T, plant.own.T).T


def close(found: np.ndarray, wanted: np.ndarray, scale: float) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9 * max(scale, 1e-300))


@given(plants())
@settings(max_examples=40)
def test_cost_in_is_cost_out_at_every_centre(plant: Plant) -> None:
    share = allocation_shares(plant.source, plant.amount, plant.steps)
    found = centre_costs(plant.source, plant.target, share, plant.own, plant.steps)
    scale = float(np.abs(found.cost).max())
    close(found.difference, np.zeros(plant.own.shape), scale)
    close(found.leaving, plant.own.sum(axis=-1), scale)
    close(found.cost, dense(plant, share), scale)
    assert not found.trapped.any()


@given(plants(exits=False))
@settings(max_examples=40)
def test_what_does_not_leave_is_kept_and_named(plant: Plant) -> None:
    share = allocation_shares(plant.source, plant.amount, plant.steps)
    found = centre_costs(plant.source, plant.target, share, plant.own, plant.steps)
    total = plant.own.sum(axis=-1)
    close(found.leaving + found.kept.sum(axis=-1), total, float(total.max(initial=0)))
    assert not found.kept[~found.trapped].any()
    assert np.isfinite(found.cost[~found.trapped]).all()


@given(plants(exits=False), st.data())
@settings(max_examples=25)
def test_the_order_of_flows_and_the_names_of_steps_do_not_matter(
    plant: Plant, data: st.DataObject
) -> None:
    order = np.array(data.draw(st.permutations(range(plant.source.size))), np.intp)
    name = np.array([*data.draw(st.permutations(range(plant.steps))), -1], np.intp)
    share = allocation_shares(plant.source, plant.amount, plant.steps)
    found = centre_costs(plant.source, plant.target, share, plant.own, plant.steps)
    own = np.empty_like(plant.own)
    own[:, name[:-1]] = plant.own
    other = centre_costs(name[plant.source[order]], name[plant.target[order]], share[order], own,
                         plant.steps)  # fmt: skip
    scale = float(np.nanmax(np.abs(found.cost), initial=0))
    close(other.carried, found.carried[:, order], scale)
    close(other.cost[:, name[:-1]], found.cost, scale)
    np.testing.assert_array_equal(other.trapped[:, name[:-1]], found.trapped)


@given(plants(), st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
@settings(max_examples=25)
def test_units_of_key_and_money_do_not_matter(plant: Plant, key: float, money: float) -> None:
    share = allocation_shares(plant.source, plant.amount, plant.steps)
    close(allocation_shares(plant.source, plant.amount * key, plant.steps), share, 1.0)
    found = centre_costs(plant.source, plant.target, share, plant.own, plant.steps)
    other = centre_costs(plant.source, plant.target, share, plant.own * money, plant.steps)
    close(other.carried / money, found.carried, float(found.cost.max()))


@given(plants(exits=False), st.data())
@settings(max_examples=40)
def test_what_is_not_known_changes_nothing_that_it_does_not_reach(
    plant: Plant, data: st.DataObject
) -> None:
    share = allocation_shares(plant.source, plant.amount, plant.steps)
    full = centre_costs(plant.source, plant.target, share, plant.own, plant.steps)
    place = data.draw(st.integers(0, plant.steps - 1))
    own = plant.own.copy()
    own[1, place] = np.nan
    found = centre_costs(plant.source, plant.target, share, own, plant.steps)
    np.testing.assert_array_equal(np.isnan(found.cost[[0, 2]]), np.isnan(full.cost[[0, 2]]))
    known = ~np.isnan(found.cost)
    scale = float(np.nanmax(np.abs(full.cost), initial=0))
    close(found.cost[known], full.cost[known], scale)
    # known costs are those that do not depend on the unknown one at all
    more = plant.own.copy()
    more[1, place] = more[1, place] * 2 + 1e9
    other = centre_costs(plant.source, plant.target, share, more, plant.steps)
    close(other.cost[known], full.cost[known], scale)


@given(plants())
@settings(max_examples=25)
def test_the_trail_adds_up_by_rows_and_columns(plant: Plant) -> None:
    share = allocation_shares(plant.source, plant.amount, plant.steps)
    step = np.tile(np.arange(plant.steps), 3)
    found = cost_trail(plant.source, plant.target, share, step, plant.own.reshape(-1), plant.steps)
    costs = centre_costs(plant.source, plant.target, share, plant.own.sum(axis=0), plant.steps)
    scale = float(plant.own.sum())
    close(found.amount.sum(axis=1), plant.own.reshape(-1), scale)
    close(found.amount.sum(axis=0), costs.carried[found.ends], scale)


@given(plants(exits=False), st.data())
@settings(max_examples=40)
def test_waste_management_is_attributed_to_the_last_dong(
    plant: Plant, data: st.DataObject
) -> None:
    marks = st.lists(st.booleans(), min_size=plant.steps, max_size=plant.steps)
    treatment = np.array(data.draw(marks))
    fee = plant.amount / 7
    cost = np.where(treatment, plant.own[0], 0.0)
    found = waste_costs(plant.source, plant.target, plant.amount, treatment, cost, fee, plant.steps)
    total = float(cost.sum() + fee.sum())
    close(np.asarray(found.total), np.asarray(total), total)
    assert not found.cost[treatment[plant.source] & (plant.target >= 0)].any()


@given(plants(exits=False), st.data())
@settings(max_examples=40)
def test_losses_and_product_are_all_there_is(plant: Plant, data: st.DataObject) -> None:
    size = plant.source.size
    treatment = np.array(data.draw(st.lists(st.booleans(), min_size=plant.steps,
                                            max_size=plant.steps)))  # fmt: skip
    lost = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), np.bool_)
    share = allocation_shares(plant.source, plant.amount, plant.steps)
    fee = plant.amount / 7
    found = loss_split(plant.source, plant.target, share, plant.own, lost, plant.steps,
                       treatment=treatment, fee=fee, waste_key=plant.amount)  # fmt: skip
    total = float(plant.own.sum() + fee.sum())
    parts = found.lost.sum() + found.product.sum() + found.stuck.sum()
    close(parts, np.asarray(total), total)
    close(found.cost.sum(axis=-1), found.lost, total)
    close(found.step_loss.sum(axis=-1), found.lost, total)


@given(plants(), st.data())
@settings(max_examples=25)
def test_a_heavier_loss_never_costs_less_without_a_recycle(
    plant: Plant, data: st.DataObject
) -> None:
    forward = (plant.target < 0) | (plant.target > plant.source)
    source, target = plant.source[forward], plant.target[forward]
    amount = plant.amount[forward]
    place = data.draw(st.sampled_from(np.flatnonzero(target < 0).tolist()))
    lost = np.arange(source.size) == place
    more = np.where(lost, amount * 1.5, amount)
    costs = [
        loss_split(source, target, allocation_shares(source, each, plant.steps), plant.own, lost,
                   plant.steps).total[0]
        for each in (amount, more)
    ]  # fmt: skip
    assert costs[1] >= costs[0] * (1 - 1e-12)


@given(st.lists(st.one_of(st.just(np.nan), st.floats(0, 1e12)), max_size=12), st.data())
def test_hot_spots_are_ranked_once_each_whatever_the_order(
    total: list[float], data: st.DataObject
) -> None:
    cost, ids = np.array(total, float), np.arange(len(total))
    order = np.array(data.draw(st.permutations(range(len(total)))), np.intp)
    found, other = hot_spots(cost, ids), hot_spots(cost[order], ids[order])
    np.testing.assert_array_equal(ids[order][other.order], found.order)
    np.testing.assert_array_equal(other.rank, found.rank[order])
    known = cost[found.order][~np.isnan(cost[found.order])]
    assert np.all(known[:-1] >= known[1:] * (1 - 1e-11))
    assert np.isnan(cost[found.order][known.size :]).all()


@given(plants())
@settings(max_examples=25)
def test_what_water_costs_leaves_with_the_water(plant: Plant) -> None:
    source = np.concatenate([np.full(plant.steps, -1), plant.source])
    target = np.concatenate([np.arange(plant.steps), plant.target])
    amount = np.concatenate([np.full(plant.steps, 10.0), plant.amount])
    paid = np.where(source < 0, 3.0, 0.0) * amount
    away = np.where(target < 0, 0.5, 0.0) * amount
    found = true_cost(source, target, amount, paid, plant.own[:2], away, plant.steps)
    ends = found.flow[:, (source >= 0) & (target < 0)].sum(axis=1)
    total = float(plant.own[:2].sum() + paid.sum() + away.sum())
    close(ends, found.component * found.intake, total)
    close(np.asarray(found.total * found.intake), np.asarray(total), total)


@given(plants(exits=False), st.data())
@settings(max_examples=40)
def test_every_dong_ends_in_a_loss_a_product_or_is_named_as_stuck(
    plant: Plant, data: st.DataObject
) -> None:
    size, steps = plant.source.size, plant.steps
    treatment = np.array(data.draw(st.lists(st.booleans(), min_size=steps, max_size=steps)))
    lost = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), np.bool_)
    share = allocation_shares(plant.source, plant.amount, steps)
    found = loss_trail(plant.source, plant.target, share, lost, np.tile(np.arange(steps), 3),
                       np.repeat([0, 1, 2], steps), plant.own.reshape(-1), steps,
                       treatment=treatment, waste_key=plant.amount)  # fmt: skip
    split = loss_split(plant.source, plant.target, share, plant.own, lost, steps,
                       treatment=treatment, waste_key=plant.amount)  # fmt: skip
    total = float(plant.own.sum())
    close(found.amount.sum(axis=1) + found.product + found.stuck, plant.own.reshape(-1), total)
    np.testing.assert_array_equal(found.flow, split.flow)
    close(found.amount.sum(axis=0), split.total, total)
    close(found.product.sum(), split.product.sum(), total)
    close(found.stuck.sum(), split.stuck.sum(), total)


@given(plants(exits=False), plants(exits=False), st.integers(0, 2))
@settings(max_examples=25)
def test_plants_side_by_side_are_solved_as_each_alone(one: Plant, two: Plant, far: int) -> None:
    """Also past the size from which sparse factors are used."""
    shift = one.steps + 40 * far
    steps = shift + two.steps
    source = np.concatenate([one.source, two.source + shift])
    target = np.concatenate([one.target, np.where(two.target < 0, -1, two.target + shift)])
    own = np.zeros((3, steps))
    own[:, : one.steps], own[:, shift:] = one.own, two.own
    share = allocation_shares(source, np.concatenate([one.amount, two.amount]), steps)
    found = centre_costs(source, target, share, own, steps)
    for plant, places in ((one, slice(0, one.steps)), (two, slice(shift, None))):
        part = allocation_shares(plant.source, plant.amount, plant.steps)
        alone = centre_costs(plant.source, plant.target, part, plant.own, plant.steps)
        scale = float(plant.own.max())
        np.testing.assert_array_equal(found.trapped[:, places], alone.trapped)
        close(found.kept[:, places], alone.kept, scale)
        close(found.cost[:, places], alone.cost, float(np.nanmax(alone.cost, initial=0)))
