"""Change points against a search over a fine grid, and where the data allow none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import f as f_distribution

from sxsh_audit.calc.regression import fit_change_point, past_change_point

Plant = tuple[np.ndarray, np.ndarray]


def plant(seed: int, n: int = 24, noise: float = 3.0, point: float = 20.0) -> Plant:
    random = np.random.default_rng(seed)
    x = random.uniform(5.0, 32.0, n).round(1)  # some values twice
    return 50.0 + 4.0 * np.maximum(x - point, 0.0) + random.normal(0, noise, n), x


def squares(use: np.ndarray, x: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Sums of squared residuals with a bend at each of `points`, by lstsq."""
    found = []
    for point in points:
        columns = np.column_stack([np.ones(x.size), np.maximum(x - point, 0.0)])
        e = use - columns @ np.linalg.lstsq(columns, use)[0]
        found.append(e @ e)
    return np.array(found)


@pytest.mark.parametrize("seed", range(6))
def test_no_point_of_a_fine_grid_is_better(seed: int) -> None:
    use, x = plant(seed)
    fit = fit_change_point(use, x)
    ranked = np.sort(x)
    points = np.linspace(ranked[2], ranked[-3], 4001)
    all_squares = squares(use, x, points)
    own = fit.sigma**2 * fit.dof
    assert own <= all_squares.min() * (1 + 1e-9)
    assert own == pytest.approx(squares(use, x, np.array([fit.change_point]))[0], rel=1e-9)
    # The interval is where the sum of squares is not too far from its least.
    level = own * (1 + f_distribution.ppf(0.95, 1, fit.dof) / fit.dof)
    inside = points[all_squares <= level]
    step = points[1] - points[0]
    for end, last, bound in ((fit.low, inside[0], points[0]), (fit.high, inside[-1], points[-1])):
        if np.isinf(end):
            assert last == pytest.approx(bound)
        else:
            assert end == pytest.approx(last, abs=step * 1.001)


def test_bend_without_noise_is_found() -> None:
    x = np.arange(5.0, 30.0)
    fit = fit_change_point(50.0 + 4.0 * np.maximum(x - 17.3, 0.0), x)
    assert (fit.change_point, fit.base_load, fit.slope) == pytest.approx((17.3, 50.0, 4.0))
    assert fit.r2 == pytest.approx(1.0)
    assert (fit.low, fit.high) == pytest.approx((17.3, 17.3), abs=1e-5)
    assert fit.gain_p < 1e-10


def test_heating_mirrors_cooling() -> None:
    use, x = plant(1)
    above, below = fit_change_point(use, x), fit_change_point(use, -x, "below")
    assert (below.change_point, below.low, below.high) == pytest.approx(
        (-above.change_point, -above.high, -above.low)
    )
    assert below[3:] == pytest.approx(above[3:])
    column = past_change_point(-x, below.change_point, "below")
    assert column == pytest.approx(past_change_point(x, above.change_point))


def test_statistics_by_hand() -> None:
    use, x = plant(3)
    fit = fit_change_point(use, x)
    left = squares(use, x, np.array([fit.change_point]))[0]
    straight = squares(use, x, np.array([x.min()]))[0]
    total = ((use - use.mean()) ** 2).sum()
    assert (fit.n, fit.dof) == (24, 21)
    assert fit.r2 == pytest.approx(1 - left / total)
    assert fit.cv_rmse == pytest.approx((left / 21) ** 0.5 / use.mean())
    assert fit.gain_f == pytest.approx((straight - left) / (left / 21))
    assert fit.gain_p == pytest.approx(f_distribution.sf(fit.gain_f, 1, 21))


def test_a_straight_line_gains_nothing_and_bounds_nothing() -> None:
    x = np.arange(24.0)
    use = 50.0 + 4.0 * x + np.tile([1.0, -1.0], 12)
    fit = fit_change_point(use, x)
    assert fit.gain_f < 0  # worse than the line, and not made 0
    assert fit.gain_p == 1.0


def test_pure_noise_does_not_bound_the_point() -> None:
    use, x = plant(4, point=99.0)
    fit = fit_change_point(use, x)
    assert np.isinf([fit.low, fit.high]).all()


def test_plants_are_fitted_one_by_one_and_unknown_rows_left_out() -> None:
    use, x = (np.stack(each) for each in zip(plant(1), plant(2), strict=True))
    use[1, 5] = np.nan
    both = fit_change_point(use, x)
    rest = np.arange(24) != 5
    for i, alone in enumerate(
        (fit_change_point(use[0], x[0]), fit_change_point(use[1, rest], x[1, rest]))
    ):
        assert [each[i] for each in both] == pytest.approx(list(alone))
    assert both.n.tolist() == [24, 23]


@pytest.mark.parametrize(
    ("use", "x"),
    [
        ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0]),  # too few
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [2.0] * 6),
        ([0.1] * 8, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], [1.0, 1, 1, 1, 1, 1, 8]),
        ([1.0, 2.0, np.inf, 4.0, 5.0, 6.0, 7.0], [1.0, 2, 3, 4, 5, 6, 7]),
        ([np.nan] * 6, [1.0, 2, 3, 4, 5, 6]),
    ],
)
def test_no_point_where_the_data_allow_none(use: list[float], x: list[float]) -> None:
    fit = fit_change_point(use, x)
    assert np.isnan([fit.change_point, fit.low, fit.slope, fit.sigma, fit.gain_p]).all()
    assert fit.n == np.isfinite(use).sum() + np.isinf(use).sum()


@pytest.mark.parametrize(
    "wrong", [{"side": "both"}, {"confidence": 1.0}, {"confidence": 0.0}, {"fewest": 1}]
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="given"):
        fit_change_point(*plant(1), **wrong)  # type: ignore[arg-type]


def test_rows_must_agree() -> None:
    with pytest.raises(ValueError, match="same rows"):
        fit_change_point([1.0, 2.0], [1.0, 2.0, 3.0])
