"""Laws of balances and reconciliation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.balance import (
    FlowReconciliation,
    closures,
    flow_kinds,
    incidence,
    plant_closure,
    possible_ranges,
    reconcile_concentrations,
    reconcile_flows,
)

amounts = st.floats(1e-3, 1e6) | st.sampled_from((0.0, -5.0, 1.0, 1000.0))
errors = st.floats(1e-3, 1e3)


class Sheet(NamedTuple):
    """A layer of a flow sheet; every step balances."""

    source: np.ndarray
    target: np.ndarray
    read: np.ndarray
    sd: np.ndarray
    steps: int


@st.composite
def sheets(draw: st.DrawFn, lost: bool = True) -> Sheet:
    steps = draw(st.integers(1, 5))
    ends = st.tuples(st.integers(-1, steps - 1), st.integers(-1, steps - 1))
    flows = draw(st.lists(ends.filter(lambda pair: pair[0] != pair[1]), min_size=2, max_size=12))
    size = len(flows)
    read = np.array(draw(st.lists(amounts, min_size=size, max_size=size)))
    sd = np.array(draw(st.lists(errors, min_size=size, max_size=size)))
    if lost:
        gone = np.array(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))) == 0
        read = np.where(gone, np.nan, read)
    source, target = np.array(flows, dtype=int).T
    return Sheet(source, target, read, sd, steps)


def solved(sheet: Sheet, **given: object) -> FlowReconciliation:
    return reconcile_flows(*sheet, balanced=np.ones(sheet.steps, dtype=bool), **given)  # type: ignore[arg-type]


def largest(sheet: Sheet) -> float:
    return float(np.nanmax(np.abs(sheet.read), initial=0.0)) or 1.0


def room(sheet: Sheet) -> float:
    """Return rounding: of an amount that is unsure by more than it is, that of its error."""
    return 1e-9 * max(largest(sheet), float(sheet.sd.max()))


def balances_left(sheet: Sheet, amount: np.ndarray) -> np.ndarray:
    """Return what the balances leave open, joined over flows that nothing tells."""
    full = incidence(sheet.source, sheet.target, sheet.steps).toarray()
    unknown = np.isnan(amount)
    left, size, _ = np.linalg.svd(full[:, unknown])
    rank = int((size > 1e-9).sum())
    return left[:, rank:].T @ full @ np.where(unknown, 0.0, amount)


@given(sheets())
@settings(max_examples=25)
def test_reconciled_flows_close_to_a_billionth_of_the_largest(sheet: Sheet) -> None:
    for lower in (None, -10.0):
        amount = solved(sheet, lower=lower).amount
        size = float(np.nanmax(np.abs(amount), initial=0.0))  # of the reconciled flows
        assert np.abs(balances_left(sheet, amount)).max(initial=0.0) <= 1e-9 * size


@given(sheets(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_the_rows_does_not_matter(sheet: Sheet, random: object) -> None:
    order = np.arange(sheet.read.size)
    random.shuffle(order)  # type: ignore[attr-defined]
    found = solved(sheet)
    other = solved(Sheet(*(column[order] for column in sheet[:4]), sheet.steps))
    np.testing.assert_allclose(other.amount, found.amount[order], rtol=1e-9, atol=room(sheet))
    np.testing.assert_allclose(other.sd, found.sd[order], rtol=1e-7, atol=1e-9 * sheet.sd.max())
    assert other.kind.tolist() == found.kind[order].tolist()
    sets = {frozenset(int(order[flow]) for flow in each) for each in other.alike}
    assert sets == {frozenset(each) for each in found.alike}
    assert other.dof == found.dof
    np.testing.assert_allclose(other.statistic, found.statistic, rtol=1e-6, atol=1e-9)


@given(sheets(), st.floats(1e-6, 1e6))
@settings(max_examples=25)
def test_the_unit_does_not_matter(sheet: Sheet, factor: float) -> None:
    found = solved(sheet)
    other = solved(sheet._replace(read=sheet.read * factor, sd=sheet.sd * factor))
    np.testing.assert_allclose(other.amount / factor, found.amount, rtol=1e-9, atol=room(sheet))
    np.testing.assert_allclose(other.sd / factor, found.sd, rtol=1e-7, atol=1e-9 * sheet.sd.max())
    np.testing.assert_allclose(other.detectability, found.detectability, rtol=1e-9)
    assert other.kind.tolist() == found.kind.tolist()


@given(sheets(), st.data())
@settings(max_examples=25)
def test_a_flow_drawn_the_other_way_with_its_sign_turned_is_the_same(
    sheet: Sheet, data: st.DataObject
) -> None:
    turned = np.array(data.draw(st.lists(
        st.booleans(), min_size=sheet.read.size, max_size=sheet.read.size)))  # fmt: skip
    sign = np.where(turned, -1.0, 1.0)
    other = Sheet(
        np.where(turned, sheet.target, sheet.source), np.where(turned, sheet.source, sheet.target),
        sheet.read * sign, sheet.sd, sheet.steps,
    )  # fmt: skip
    found, mirror = reconcile_flows(*sheet), reconcile_flows(*other)  # steps left to the default
    np.testing.assert_array_equal(mirror.balanced, found.balanced)
    np.testing.assert_allclose(mirror.amount, found.amount * sign, rtol=1e-9, atol=room(sheet))
    np.testing.assert_allclose(mirror.sd, found.sd, rtol=1e-7, atol=1e-9 * sheet.sd.max())
    assert mirror.kind.tolist() == found.kind.tolist()
    first, second = closures(*sheet[:3], sheet.steps), closures(*other[:3], sheet.steps)
    np.testing.assert_allclose(first.inflow, second.inflow, rtol=1e-14)
    assert first.status.tolist() == second.status.tolist()


@given(sheets())
@settings(max_examples=25)
def test_reconciling_twice_changes_nothing(sheet: Sheet) -> None:
    once = solved(sheet).amount
    twice = solved(sheet._replace(read=np.where(np.isnan(sheet.read), np.nan, once))).amount
    np.testing.assert_allclose(twice, once, rtol=1e-9, atol=room(sheet))


@given(sheets(lost=False), st.data())
@settings(max_examples=25)
def test_data_that_balance_stay(sheet: Sheet, data: st.DataObject) -> None:
    full = incidence(sheet.source, sheet.target, sheet.steps).toarray()
    _, size, right = np.linalg.svd(full)
    rings = right[int((size > 1e-9).sum()) :]
    mix = data.draw(st.lists(st.floats(-100, 100), min_size=len(rings), max_size=len(rings)))
    true = np.array(mix) @ rings if len(rings) else np.zeros(sheet.read.size)
    lost = np.isnan(data.draw(sheets_like(sheet)))
    read = np.where(lost, np.nan, true)
    found = solved(sheet._replace(read=read))
    told = ~np.isnan(found.amount)
    np.testing.assert_allclose(found.amount[told], true[told], rtol=0, atol=1e-9)
    assert found.passed is not False
    assert found.suspects == ()


def sheets_like(sheet: Sheet) -> st.SearchStrategy[np.ndarray]:
    return st.lists(st.sampled_from((0.0, 1.0, np.nan)), min_size=sheet.read.size,
                    max_size=sheet.read.size).map(np.array)  # fmt: skip


@given(sheets(), st.integers(0, 11), errors)
@settings(max_examples=25)
def test_one_more_measurement_never_raises_a_variance(
    sheet: Sheet, place: int, sd: float
) -> None:
    lost = np.flatnonzero(np.isnan(sheet.read))
    assume(lost.size)
    flow = lost[place % lost.size]
    read, error = sheet.read.copy(), sheet.sd.copy()
    read[flow], error[flow] = 7.0, sd
    before, after = solved(sheet), solved(sheet._replace(read=read, sd=error))
    known = np.where(np.isnan(before.sd), np.inf, before.sd)
    assert np.all((after.sd <= known * (1 + 1e-7) + 1e-9 * sheet.sd.max()) | np.isinf(known))


@given(sheets())
@settings(max_examples=25)
def test_no_measurement_gets_less_sure(sheet: Sheet) -> None:
    found = solved(sheet)
    seen = ~np.isnan(sheet.read)
    assert np.all(found.sd[seen] <= sheet.sd[seen] * (1 + 1e-12))
    assert np.all(found.adjustability[seen] >= -1e-12)
    assert np.all((found.detectability[seen] >= 0) & (found.detectability[seen] <= 1))
    only = found.kind == "nonredundant"
    np.testing.assert_array_equal(found.adjustment[only], 0.0)


@given(sheets())
@settings(max_examples=25)
def test_the_balances_taken_away_count_the_leverage(sheet: Sheet) -> None:
    """The trace of a projection is its rank: Σ detectability² = degrees of freedom."""
    found = solved(sheet)
    assert np.nansum(found.detectability**2) == np.float64(found.dof) or abs(
        np.nansum(found.detectability**2) - found.dof
    ) <= 1e-6 * max(found.dof, 1)


@given(sheets())
@settings(max_examples=25)
def test_kinds_are_those_of_linear_algebra(sheet: Sheet) -> None:
    """Observable: the null space of the balances of the unmeasured does not move it."""
    seen = ~np.isnan(sheet.read)
    kinds = flow_kinds(sheet.source, sheet.target, seen, sheet.steps).tolist()
    full = incidence(sheet.source, sheet.target, sheet.steps).toarray()

    def told(flow: int, lost: np.ndarray) -> bool:
        some = full[:, lost]
        unit = np.eye(full.shape[1])[flow, lost]
        return bool(np.linalg.matrix_rank(np.vstack((some, unit))) == np.linalg.matrix_rank(some))

    for flow, kind in enumerate(kinds):
        lost = ~seen
        if seen[flow]:
            lost = lost.copy()
            lost[flow] = True
            assert (kind == "redundant") == told(flow, lost)
        else:
            assert (kind == "observable") == told(flow, lost)


@given(sheets())
@settings(max_examples=25)
def test_unaccounted_parts_add_up_to_that_of_the_plant(sheet: Sheet) -> None:
    found = closures(*sheet[:3], sheet.steps)
    whole = plant_closure(*sheet[:3], sheet.steps)
    if not np.isnan(found.unaccounted).any():
        np.testing.assert_allclose(
            found.unaccounted.sum(), whole.unaccounted, rtol=0, atol=1e-12 * 12 * largest(sheet)
        )


@given(sheets(), st.floats(-50, 0), st.floats(1, 100))
@settings(max_examples=25)
def test_narrower_bounds_never_come_nearer_to_the_measured(
    sheet: Sheet, low: float, wider: float
) -> None:
    """Σ ((x − y) ÷ sd)² grows with every bound; 0 everywhere balances and keeps them all."""
    seen = ~np.isnan(sheet.read)

    def cost(lower: float | None) -> float:
        found = solved(sheet, lower=lower)
        told = ~np.isnan(found.amount)
        if lower is not None:
            assert (found.amount[told] >= lower - room(sheet)).all()
        return float((((found.amount - sheet.read) / sheet.sd)[seen] ** 2).sum())

    free, wide, narrow = cost(None), cost(low * wider), cost(low)
    slack = 1e-6 * (1 + narrow)
    assert free <= wide + slack
    assert wide <= narrow + slack


@given(st.floats(0.05, 0.9), st.floats(0.01, 0.5), st.floats(0.5, 0.95), st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_components_close_and_do_not_mind_the_unit(
    split: float, low: float, high: float, seed: int
) -> None:
    """A splitter behind a mixer with a recycle; errors of 1 % in all figures."""
    source = np.array([-1, 0, 1, 1, 1])
    target = np.array([0, 1, 0, -1, -1])
    fed, back = 100.0, 100.0 * split
    flow = np.array([fed, fed + back, back, 0.3 * fed, 0.7 * fed])
    top, rest = high * 0.5, low * 0.1
    leaving = (0.3 * fed * top + 0.7 * fed * rest) / fed
    part = np.array([leaving, (fed * leaving + back * low) / (fed + back), low, top, rest])
    random = np.random.default_rng(seed)
    read = flow * random.normal(1, 0.01, 5)
    seen = part * random.normal(1, 0.01, 5)
    given_ = (source, target, read, flow * 0.01, [seen, 1 - seen],
              [part * 0.01, (1 - part) * 0.01], 2)  # fmt: skip
    found = reconcile_concentrations(*given_)
    assert found.converged
    signed = incidence(source, target, 2).toarray()
    carried = found.fraction * found.amount
    assert np.abs(signed @ found.amount).max() <= 1e-9 * found.amount.max()
    assert (np.abs(signed @ carried.T).max(axis=0) <= 1e-9 * carried.max(axis=1)).all()
    other = reconcile_concentrations(
        source, target, read * 1e3, flow * 10, np.array(given_[4]) * 1e6,
        np.array(given_[5]) * 1e6, 2,
    )  # fmt: skip
    np.testing.assert_allclose(other.amount / 1e3, found.amount, rtol=1e-8)
    np.testing.assert_allclose(other.fraction / 1e6, found.fraction, rtol=1e-8)
    np.testing.assert_allclose(other.amount_sd / 1e3, found.amount_sd, rtol=1e-6)
    again = reconcile_concentrations(source, target, found.amount, flow * 0.01, found.fraction,
                                     given_[5], 2)  # fmt: skip
    np.testing.assert_allclose(again.amount, found.amount, rtol=1e-9)
    np.testing.assert_allclose(again.fraction, found.fraction, rtol=1e-9)


@given(sheets())
@settings(max_examples=25)
def test_a_flow_that_can_be_told_has_a_range_without_width(sheet: Sheet) -> None:
    found = solved(sheet)
    size = max(largest(sheet), float(np.nanmax(np.abs(found.amount), initial=0.0)))
    bound = 100 * size
    seen = ~np.isnan(sheet.read)
    ranges = possible_ranges(
        sheet.source, sheet.target, np.where(seen, found.amount, np.nan), sheet.steps,
        lower=-bound, upper=bound, balanced=np.ones(sheet.steps, dtype=bool),
    )  # fmt: skip
    assert ranges.possible
    told = ~np.isnan(found.amount)
    for end in (ranges.low, ranges.high):
        np.testing.assert_allclose(end[told], found.amount[told], rtol=0, atol=1e-6 * bound)
    assert np.all(ranges.high[~told] - ranges.low[~told] >= 0.9 * bound)
