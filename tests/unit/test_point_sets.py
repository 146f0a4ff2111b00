"""Points of a simulation: spread as they should be, the same whichever part is asked for."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import qmc

from sxsh_audit.calc.point_sets import Method, PointSet


def every(points: PointSet, options: int, draws: int) -> np.ndarray:
    found = points.own(slice(0, options), slice(0, draws))
    return np.stack([found[k] for k in sorted(found)])


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(("options", "own"), [(7, 3), (700, 4)])
def test_every_part_is_the_same_as_in_the_whole(method: Method, options: int, own: int) -> None:
    points = PointSet(options, own, 2, 100, 3, method, 4)
    whole = every(points, options, 100)
    again = PointSet(options, own, 2, 100, 3, method, 4)
    for first, last in ((0, 4), (4, options), (options // 4 * 4, options)):
        for start, stop in ((0, 1), (17, 63), (99, 100)):
            part = again.own(slice(first, last), slice(start, stop), [0, 2])
            assert list(part) == [0, 2]
            for k, values in part.items():
                np.testing.assert_array_equal(values, whole[k, first:last, start:stop])
    np.testing.assert_array_equal(again.shared(), points.shared())


@pytest.mark.parametrize("method", Method)
def test_another_seed_or_stream_is_another_set(method: Method) -> None:
    sets = [PointSet(3, 2, 1, 64, seed, method, 4, stream) for seed, stream in
            ((1, 0), (2, 0), (1, 1))]  # fmt: skip
    wholes = [every(one, 3, 64) for one in sets]
    for one, other in itertools.combinations(wholes, 2):
        assert not (one == other).any()


@pytest.mark.parametrize("options", [5, 700])
def test_sobol_puts_one_draw_of_every_input_into_every_stratum(options: int) -> None:
    # The law of a scrambled net: with 2^m draws each of 2^m equal intervals holds one.
    draws = 256
    points = PointSet(options, 3, 2, draws, 11, Method.SOBOL, 4)
    rows = np.concatenate([points.shared(), every(points, options, draws).reshape(-1, draws)])
    strata = np.sort((rows * draws).astype(int), axis=1)
    np.testing.assert_array_equal(strata, np.broadcast_to(np.arange(draws), rows.shape))


def test_first_two_inputs_are_a_net_in_every_shape_of_box() -> None:
    # The first two dimensions of Sobol' are a (0, m, 2)-net, and scrambling keeps it one.
    points = PointSet(1, 0, 2, 256, 4, Method.SOBOL, 1).shared()
    for split in range(9):
        x, y = (points * [[2**split], [2 ** (8 - split)]]).astype(int)
        assert len(set(zip(x, y, strict=True))) == 256


def test_scrambled_points_are_as_even_as_those_of_scipy() -> None:
    ours = PointSet(1, 6, 0, 1024, 4, Method.SOBOL, 1)
    theirs = qmc.Sobol(6, scramble=True, seed=4).random(1024)
    discrepancy = qmc.discrepancy(every(ours, 1, 1024)[:, 0].T)
    assert discrepancy < 2 * qmc.discrepancy(theirs)
    random = PointSet(1, 6, 0, 1024, 4, Method.RANDOM, 1)
    assert discrepancy < qmc.discrepancy(every(random, 1, 1024)[:, 0].T) / 5


@pytest.mark.parametrize("method", Method)
def test_inputs_of_different_options_are_independent(method: Method) -> None:
    # Some thirty sequences follow one another: none may follow another one. A correlation of
    # 4096 independent pairs has deviation 1/64; of a million pairs none goes beyond 5.5.
    draws = 4096
    points = PointSet(700, 3, 1, draws, 8, method, 4)
    whole = every(points, 700, draws)
    rows = np.concatenate([points.shared(), whole[:, ::2].reshape(-1, draws)])
    off = np.abs(np.corrcoef(rows) - np.eye(len(rows)))
    assert off.max() < 5.5 / 64
    # Nor may they depend in another way: near the middle at the same time. A few pairs inside one
    # sequence do a little.
    halves = np.abs(np.corrcoef(np.abs(rows - 0.5)) - np.eye(len(rows)))
    assert np.sort(halves, axis=None)[-20] < 5.5 / 64


@pytest.mark.parametrize("draws", [1, 2, 127, 128, 129, 1000])
def test_points_by_number_are_those_of_the_draws(draws: int) -> None:
    # The order of a group is a permutation: draw and price that met before still meet.
    options = 150
    points = PointSet(options, 3, 2, draws, 5, Method.SOBOL, 4)
    whole, prices = every(points, options, draws), points.shared()
    parts = points.parts(4)
    covered = [option for part in parts for option in range(part.start, part.stop)]
    assert covered == list(range(options))
    kept = points.deviates([0, 2], 1 << 20)
    for part in parts:
        moved = points.by_number(prices, part)
        for start, stop in ((0, draws), (draws // 3, draws // 2 + 1)):
            numbered = points.own(part, slice(start, stop), in_order=False)
            at = points.rows_of(part, slice(start, stop), in_order=False)
            for k in kept:
                np.testing.assert_array_equal(ndtri(numbered[k]), kept[k][at])
        numbered = points.own(part, slice(0, draws), in_order=False)
        for option in range(part.start, part.stop):
            rows = [numbered[k][option - part.start] for k in range(3)]
            met = np.stack([*rows, *moved])
            expected = np.stack([*whole[:, option], *prices])
            np.testing.assert_array_equal(met[:, met[0].argsort()],
                                          expected[:, expected[0].argsort()])  # fmt: skip
        at = points.rows_of(part, slice(0, draws), in_order=True)
        for k in kept:
            np.testing.assert_array_equal(ndtri(whole[k, part]), kept[k][at])


def test_deviates_are_not_kept_where_they_would_not_be_used_or_fill_the_memory() -> None:
    assert PointSet(20, 3, 1, 100, 5, Method.SOBOL, 4).deviates([0], 1 << 20) == {}
    assert PointSet(99, 3, 1, 100, 5, Method.RANDOM, 4).deviates([0], 1 << 20) == {}
    many = PointSet(99, 3, 1, 100, 5, Method.SOBOL, 4)  # 21 options a sequence
    assert many.deviates([0, 1], 2 * 21 * 100 - 1) == {}
    assert [each.shape for each in many.deviates([0, 1], 2 * 21 * 100).values()] == [(21, 100)] * 2


def test_points_never_touch_the_ends() -> None:
    for method in Method:
        points = every(PointSet(8, 4, 0, 2048, 0, method, 4), 8, 2048)
        assert points.min() > 0
        assert points.max() < 1


def test_any_count_of_draws_is_served() -> None:
    for draws in (1, 2, 3, 1000):
        points = PointSet(2, 2, 1, draws, 0, Method.SOBOL, 1)
        assert every(points, 2, draws).shape == (2, 2, draws)
        assert points.shared().shape == (1, draws)
