"""Simulation of options against closed forms, scipy and figures worked out by hand."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sxsh_audit.calc import option_risk
from sxsh_audit.calc.cashflows import option_cashflows
from sxsh_audit.calc.discounting import npv
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.option_risk import OptionRisk, SimulationCancelled, simulate_options
from sxsh_audit.calc.point_sets import Method, PointSet
from sxsh_audit.calc.ranges import (
    fixed,
    join_ranges,
    normal,
    pert,
    samples,
    triangular,
    uniform,
)
from sxsh_audit.calc.ranking import rank_options, simple_payback

TEN_YEARS = 6.144567105704683  # (1 − 1.1⁻¹⁰) ÷ 0.1: 1 a year over ten years at 10 %


def five(**changed: Any) -> OptionRisk:
    """Five options on two resources, everything a range."""
    given: dict[str, Any] = {
        "cost": triangular([90.0, 40.0, 10.0, 300.0, 0.0], [100.0, 50.0, 20.0, 350.0, 0.0],
                           [130.0, 80.0, 30.0, 500.0, 0.0]),
        "quantity": uniform([[10.0, 0.0], [3.0, 1.0], [1.0, 1.0], [30.0, 5.0], [0.5, -0.2]],
                            [[15.0, 0.0], [4.0, 2.0], [2.0, 2.0], [40.0, 9.0], [1.0, -0.1]]),
        "price": pert([1.5, 2.0], [2.0, 3.0], [3.0, 4.0]),
        "lifetime": normal([10.0, 8.0, 5.0, 15.0, 10.0], [1.0, 1.0, 0.5, 2.0, 1.0]),
        "rate": 0.1, "seed": 2384, "draws": 512,
    }  # fmt: skip
    return simulate_options(**(given | changed))


def test_share_of_gains_is_that_of_the_normal_distribution() -> None:
    # NPV = 6.1446 · 100 − C, C normal: P(NPV > 0) = Φ((614.46 − mean) ÷ deviation).
    mean, deviation = np.array([600.0, 500.0, 700.0, 614.4567]), 60.0
    expected = stats.norm.cdf((100 * TEN_YEARS - mean) / deviation)
    for method, error in (("sobol", 2 / 4096), ("random", 4 * 0.5 / np.sqrt(4096))):
        found = simulate_options(normal(mean, deviation), np.full((4, 1), 100.0), [1.0], 10.0,
                                 rate=0.1, seed=5, method=method)  # fmt: skip
        # Quasi-random: one draw in each of 4,096 strata. Random: four standard errors.
        np.testing.assert_allclose(found.p_npv, expected, rtol=0, atol=error)
        values = np.array([stats.norm.ppf(1 - p, mean, deviation) for p in (0.05, 0.5, 0.95)]).T
        np.testing.assert_allclose(found.npv, 100 * TEN_YEARS - values, atol=60 * 8 * error)


def test_share_that_pays_back_is_that_of_the_uniform_cost() -> None:
    # Payback = C ÷ 50 with C uniform on 100 … 300: below 3 years with (150 − 100) ÷ 200.
    found = simulate_options(uniform([100.0], [300.0]), [[25.0]], [2.0], 10.0, rate=0.0,
                             seed=0, payback_limit=3.0)  # fmt: skip
    assert found.p_payback[0] == pytest.approx(0.25, abs=1 / 4096)
    np.testing.assert_allclose(found.payback[0], [2.2, 4.0, 5.8], atol=2e-3)


def test_certain_inputs_give_the_plain_figures_exactly() -> None:
    cost = np.array([1300e9, 500.0, 0.0, 100.0, 50.0])
    saving = np.array([1400e9, 100.0, 20.0, 0.0, -5.0])
    found = simulate_options(cost, saving[:, None], [1.0], 10.0, rate=0.1, seed=1, draws=7,
                             payback_limit=5.0)  # fmt: skip
    plain = simple_payback(cost, saving)
    years = np.where(plain.payback_class == "worse", np.inf, plain.years)
    np.testing.assert_array_equal(found.payback, np.repeat(years[:, None], 3, axis=1))
    np.testing.assert_allclose(found.npv[:, 1], saving * TEN_YEARS - cost, rtol=1e-12)
    np.testing.assert_array_equal(found.npv, np.repeat(found.median_npv[:, None], 3, axis=1))
    # A payback of exactly the limit is not below it.
    assert found.p_payback.tolist() == [1.0, 0.0, 1.0, 0.0, 0.0]
    assert found.p_npv.tolist() == [1.0, 1.0, 1.0, 0.0, 0.0]
    # 7,302 billion, 614.5 − 500 = 114, 122.9, −100 and −30.7 − 50 = −81
    np.testing.assert_array_equal(found.mean_rank, [1, 3, 2, 5, 4])
    assert found.p_top.tolist() == [1.0, 1.0, 1.0, 0.0, 0.0]
    np.testing.assert_array_equal(found.rank_share.sum(axis=1), np.ones(5))
    np.testing.assert_array_equal(found.tornado, np.broadcast_to(
        found.median_npv[:, None, None], (5, 6, 2)))  # fmt: skip
    assert np.isnan(found.sobol_first).all()


def test_construction_takes_its_time() -> None:
    # The flows written out year by year, of 0, 1 and 3 years of construction.
    built, cost = np.array([0.0, 1.0, 3.0]), np.array([500.0, 600.0, 900e9])
    saving = np.array([150.0, 150.0, 250e9])
    found = simulate_options(
        cost, saving[:, None], [1.0], [10.0, 7.0, 15.0], rate=[0.1, 0.0, 0.08], seed=1,
        draws=8, growth=-0.02, further=[0.0, 20.0, 0.0], construction_years=built)  # fmt: skip
    flows = option_cashflows(cost, saving, [10.0, 7.0, 15.0], saving_growth=-0.02,
                             construction_years=built)  # fmt: skip
    expected = np.add(npv([0.1, 0.0, 0.08], flows), [0.0, 20.0, 0.0])
    for column in (*found.npv.T, found.median_npv, *found.tornado.reshape(3, -1).T):
        np.testing.assert_allclose(column, expected, rtol=1e-12)
    np.testing.assert_allclose(found.payback[:, 1], cost / saving, rtol=1e-15)


def test_quantiles_with_construction_are_those_of_a_plain_simulation() -> None:
    # Two years to build at 10 %: half of the cost now, half after a year; savings in years 3 … 12.
    found = simulate_options(
        triangular([90.0], [100.0], [160.0]), uniform([[20.0]], [[40.0]]), [1.0], 10.0, rate=0.1,
        seed=1, draws=1 << 14, construction_years=2, index_draws=1 << 12)  # fmt: skip
    random = np.random.default_rng(4)
    cost = random.triangular(90.0, 100.0, 160.0, 1 << 20)
    saving = random.uniform(20.0, 40.0, 1 << 20)
    later = sum(1.1**-t for t in range(3, 13))
    plain = saving * later - cost * (1 + 1 / 1.1) / 2
    np.testing.assert_allclose(found.npv[0], np.quantile(plain, [0.05, 0.5, 0.95]), atol=0.3)
    assert found.p_npv[0] == pytest.approx((plain > 0).mean(), abs=2e-3)
    # The variance of a sum is shared out: of the cost (a = 90, c = 100, b = 160) and the saving.
    of_cost = ((1 + 1 / 1.1) / 2) ** 2 * (90**2 + 100**2 + 160**2 - 9000 - 14400 - 16000) / 18
    of_saving = later**2 * 20**2 / 12
    shares = np.array([of_cost, of_saving]) / (of_cost + of_saving)
    np.testing.assert_allclose(found.sobol_first[0, :2], shares, atol=0.01)


def test_ranks_by_payback_are_those_of_rank_options() -> None:
    cost = np.array([100.0, 50.0, 0.0, 30.0, 30.0, 10.0, -5.0, 60.0])
    saving = np.array([50.0, 25.0, 1.0, 0.0, -1.0, 0.1, 0.0, 1.0])
    found = simulate_options(cost, saving[:, None], [1.0], 10.0, rate=0.1, seed=1, draws=3,
                             rank_by="payback")  # fmt: skip
    np.testing.assert_array_equal(found.mean_rank, rank_options(cost, saving).rank)


def test_equal_options_share_a_rank_in_every_draw() -> None:
    # Both depend on the shared price alone, so they are equal whatever it is.
    found = simulate_options([100.0, 100.0, 500.0], [[10.0], [10.0], [1.0]],
                             uniform([1.0], [3.0]), 10.0, rate=0.1, seed=1)  # fmt: skip
    np.testing.assert_array_equal(found.rank_share, [[1, 0, 0], [1, 0, 0], [0, 0, 1]])
    assert found.mean_rank.tolist() == [1.0, 1.0, 3.0]


def test_one_draw_of_a_price_holds_for_all_options() -> None:
    # Option 1 saves 12 units and costs more; it is ahead of option 0 whenever
    # 12 p A − 30 > 10 p A: p > 30 ÷ 2A = 2.4412, which has a share of (3 − 2.4412) ÷ 2.
    found = simulate_options([0.0, 30.0], [[10.0], [12.0]], uniform([1.0], [3.0]), 10.0,
                             rate=0.1, seed=1)  # fmt: skip
    assert found.rank_share[1, 0] == pytest.approx((3 - 15 / TEN_YEARS) / 2, abs=1 / 4096)


def test_costs_of_different_options_are_independent() -> None:
    # Two costs of one normal distribution moved apart by d: the cheaper one in mean is ahead
    # with Φ(d ÷ (σ √2)). With one random number for both it would always be.
    for method in ("sobol", "random"):
        found = simulate_options(normal([100.0, 110.0], 10.0), [[10.0], [10.0]], [5.0], 10.0,
                                 rate=0.1, seed=3, draws=1 << 14, method=method)  # fmt: skip
        expected = stats.norm.cdf(10 / (10 * np.sqrt(2)))
        assert found.rank_share[0, 0] == pytest.approx(expected, abs=4 * 0.43 / 128)


def test_order_by_net_present_value_and_by_payback_differ() -> None:
    # 10 for 30 a year pays back in four months; 1000 for 600 a year takes longer and gains more.
    given: dict[str, Any] = {"rate": 0.1, "seed": 1, "draws": 64}
    cost, saving = normal([10.0, 1000.0], [0.1, 10.0]), [[30.0], [600.0]]
    by_npv = simulate_options(cost, saving, [1.0], 10.0, **given)
    by_payback = simulate_options(cost, saving, [1.0], 10.0, rank_by="payback", **given)
    assert by_npv.mean_rank.tolist() == [2.0, 1.0]
    assert by_payback.mean_rank.tolist() == [1.0, 2.0]


def test_draws_that_never_pay_or_make_worse_do_not_pay_back() -> None:
    # The saving is −1, 0, 1 or 2 with a quarter each: paybacks of 10 and 5 years, and two not.
    found = simulate_options([10.0], samples([[[-1.0, 0.0, 1.0, 2.0]]]), [1.0], 20.0, rate=0.0,
                             seed=1)  # fmt: skip
    assert found.p_payback[0] == 0.5
    assert found.payback[0].tolist() == [5.0, 10.0, np.inf]
    # NPV −30, −10, 10, 30
    assert found.npv[0].tolist() == [-30.0, -10.0, 30.0]
    assert found.p_npv[0] == 0.5


def test_what_is_not_known_stays_so_and_stands_last() -> None:
    found = simulate_options(uniform([10.0, np.nan, 10.0], [20.0, 5.0, 20.0]),
                             [[5.0], [5.0], [np.nan]], [1.0], 10.0, rate=0.1, seed=1)  # fmt: skip
    for field in ("p_npv", "p_payback", "npv", "payback", "p_top", "mean_rank", "rank_share",
                  "median_npv", "tornado"):  # fmt: skip
        values = np.asarray(getattr(found, field)).reshape(3, -1)
        assert np.isnan(values[1:]).all(), field
        assert not np.isnan(values[0]).any(), field
    assert found.mean_rank[0] == 1.0


@pytest.mark.parametrize("method", ["sobol", "random"])
@pytest.mark.parametrize("rank_by", ["npv", "payback"])
def test_threads_change_no_bit(method: str, rank_by: str) -> None:
    many = 70
    random = np.random.default_rng(2)
    cost = random.lognormal(3, 1, many)
    given = {
        "cost": normal(cost, cost / 5), "quantity": uniform(np.zeros((many, 2)), cost[:, None]),
        "price": uniform([0.1, 0.2], [0.3, 0.4]), "lifetime": uniform(3.0, 12.0),
        "rate": 0.1, "seed": 9, "draws": 5000, "method": method, "rank_by": rank_by,
    }  # fmt: skip
    one, two, three = (simulate_options(**given, threads=n) for n in (1, 2, 3))  # type: ignore[arg-type]
    for name, values in one._asdict().items():
        np.testing.assert_array_equal(values, getattr(two, name), err_msg=name)
        np.testing.assert_array_equal(values, getattr(three, name), err_msg=name)


def by_loop(draws: int, seed: int, given: dict[str, Any]) -> np.ndarray:
    """Net present values not exceeded in 5, 50 and 95 %, option by option and year by year."""
    many = given["cost"].shape[0]
    points = PointSet(many, 3, 2, draws, seed, Method.SOBOL, 1)
    own, prices = points.own(slice(0, many), slice(0, draws)), points.shared()
    found = np.empty((many, 3))
    for i in range(many):
        mean, deviation = (each[i] for each in given["cost"].parameters)
        low, high = (each[i] for each in given["lifetime"].parameters)
        cost = stats.norm.ppf(own[0][i], mean, deviation)
        quantity = stats.norm.ppf(own[1][i], *(each[i, 0] for each in given["quantity"].parameters))
        years = low + (high - low) * own[2][i]
        first, second = (
            a + (b - a) * row for a, b, row in zip(*given["price"].parameters, prices, strict=True)
        )
        saving = quantity * first + given["quantity"].parameters[0][i, 1] * second
        values = -cost
        for year in range(1, int(high) + 2):
            values += np.clip(years - year + 1, 0, 1) * saving / 1.1**year
        place = [max(0, int(np.ceil(share * draws)) - 1) for share in (0.05, 0.5, 0.95)]
        found[i] = np.sort(values)[place]
    return found


@pytest.mark.parametrize("money", [1.0, 1e13])
@pytest.mark.parametrize("draws", [1, 63, 64, 65, 129])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_blocks_are_those_of_a_loop(
    monkeypatch: pytest.MonkeyPatch, draws: int, threads: int, money: float
) -> None:
    # Blocks of 64 draws, and sequences of some twenty options: 70 options are four of them.
    monkeypatch.setattr(option_risk, "_PIECE", 64)
    monkeypatch.setattr(option_risk, "_TILE", 64)
    many = 70
    cost = np.random.default_rng(3).lognormal(3, 1, many) * money
    spread = np.stack([cost / money / 9, np.zeros(many)], axis=1)
    given: dict[str, Any] = {
        "cost": normal(cost, cost / 5), "lifetime": uniform(cost / money / 9, 9.0 + cost / money),
        "quantity": normal(np.stack([cost / money, np.full(many, 2.0)], 1), spread),
        "price": uniform([0.1 * money, 0.0], [0.3 * money, 0.4 * money]),
    }  # fmt: skip
    given["quantity"].parameters[0].setflags(write=False)
    found = simulate_options(**given, rate=0.1, seed=9, draws=draws, threads=threads,
                             index_draws=0)  # fmt: skip
    expected = by_loop(draws, 9, given)
    scale = np.abs(expected).max(axis=1, keepdims=True) + cost[:, None]
    np.testing.assert_allclose(found.npv / scale, expected / scale, rtol=0, atol=1e-12)


def test_same_seed_same_figures_and_another_seed_others() -> None:
    one, same, other = five(), five(), five(seed=2385)
    np.testing.assert_equal(one._asdict(), same._asdict())
    assert not np.array_equal(one.npv, other.npv)


def test_both_methods_agree_within_their_error() -> None:
    spread, random = five(draws=1 << 14), five(draws=1 << 14, method="random")
    for name in ("p_npv", "p_payback", "p_top"):
        one, other = getattr(spread, name), getattr(random, name)
        np.testing.assert_allclose(one, other, rtol=0, atol=4 * 0.5 / 128)


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_counts_every_block_once(threads: int) -> None:
    told: list[tuple[int, int]] = []
    five(threads=threads, progress=lambda done, of: told.append((done, of)))
    blocks = told[-1][1]
    assert blocks >= 4
    assert told == [(done, blocks) for done in range(blocks + 1)]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_simulation_that_is_called_off_stops_and_says_so(threads: int) -> None:
    asked = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) == 3

    with pytest.raises(SimulationCancelled, match="called off"):
        five(draws=1 << 14, threads=threads, cancelled=cancelled, language="en")
    assert len(asked) == 3


def test_tornado_moves_one_input_at_a_time() -> None:
    found = simulate_options(
        uniform([90.0], [110.0]), uniform([[10.0]], [[20.0]]), uniform([1.0], [3.0]),
        uniform([5.0], [15.0]), rate=0.0, seed=1, draws=16,
        extra_cost=uniform([0.0], [2.0]))  # fmt: skip
    # At the medians 15 · 2 − 1 = 29 a year for 10 years less 100. The 5 % ends: cost 91,
    # quantity 10.5, price 1.1, lifetime 5.5, extra cost 0.1; the 95 % ends are as far above.
    assert found.inputs == ("cost", "quantity 0", "price 0", "lifetime", "extra_cost",
                            "other_benefit")  # fmt: skip
    assert found.median_npv[0] == pytest.approx(190.0)
    expected = [[199.0, 181.0], [20.0 * 10 - 100, 38.0 * 10 - 100],
                [15.5 * 10 - 100, 42.5 * 10 - 100], [29 * 5.5 - 100, 29 * 14.5 - 100],
                [199.0, 181.0], [190.0, 190.0]]  # fmt: skip
    np.testing.assert_allclose(found.tornado[0], expected, rtol=1e-12)


def test_indices_of_a_sum_are_its_shares_of_the_variance() -> None:
    # NPV = A · q − C with q and C independent and normal: shares A²σq² and σC² of their sum.
    scale = 1e13
    found = simulate_options(
        normal([scale], [0.2 * scale]), normal([[scale]], [[0.05 * scale]]), [1.0], 10.0,
        rate=0.1, seed=1, draws=16, index_draws=1 << 14)  # fmt: skip
    parts = np.array([0.2**2, (TEN_YEARS * 0.05) ** 2, 0.0, 0.0, 0.0, 0.0])
    for indices in (found.sobol_first[0], found.sobol_total[0]):
        np.testing.assert_allclose(indices, parts / parts.sum(), atol=0.01)


def test_indices_of_a_product_are_those_worked_out_by_hand() -> None:
    # NPV = A · q · p − C with q on 10 … 20 and p on 1 … 3: V = E q² E p² − (E q E p)². Alone
    # each explains (E of the other)² × its variance; the rest they explain only together.
    found = simulate_options([50.0], uniform([[10.0]], [[20.0]]), uniform([1.0], [3.0]), 10.0,
                             rate=0.1, seed=1, draws=16, index_draws=1 << 14)  # fmt: skip
    spread_q, spread_p = 10**2 / 12, 2**2 / 12
    whole = (15**2 + spread_q) * (2**2 + spread_p) - (15 * 2) ** 2
    alone = np.array([2**2 * spread_q, 15**2 * spread_p]) / whole
    np.testing.assert_allclose(found.sobol_first[0, 1:3], alone, atol=0.01)
    np.testing.assert_allclose(found.sobol_total[0, 1:3], 1 - alone[::-1], atol=0.01)


def test_indices_are_those_of_scipy() -> None:
    found = simulate_options(
        triangular([90.0], [100.0], [200.0]), uniform([[10.0]], [[20.0]]),
        uniform([1.0], [3.0]), uniform([2.0], [15.0]), rate=0.1, seed=1, draws=16,
        index_draws=1 << 14)  # fmt: skip

    def npv(x: np.ndarray) -> np.ndarray:
        cost, quantity, price, years = x
        whole = np.floor(years)
        factor = (1 - 1.1**-whole) / 0.1 + (years - whole) * 1.1 ** -(whole + 1)
        gained: np.ndarray = quantity * price * factor - cost
        return gained

    theirs = stats.sobol_indices(
        func=npv, n=1 << 14, rng=np.random.default_rng(1),
        dists=[stats.triang(10 / 110, 90, 110), stats.uniform(10, 10), stats.uniform(1, 2),
               stats.uniform(2, 13)])  # fmt: skip
    np.testing.assert_allclose(found.sobol_first[0, :4], theirs.first_order, atol=0.01)
    np.testing.assert_allclose(found.sobol_total[0, :4], theirs.total_order, atol=0.01)
    # Price and quantity are multiplied: together they explain more than each alone.
    assert (found.sobol_total[0, 1:4] > found.sobol_first[0, 1:4] + 0.01).all()


def test_mixed_kinds_of_ranges_stand_side_by_side() -> None:
    cost = join_ranges([fixed(100.0), uniform(90.0, 110.0), samples([95.0, 105.0])])
    found = simulate_options(cost, np.full((3, 1), 20.0), [1.0], 10.0, rate=0.0, seed=1)
    np.testing.assert_allclose(found.npv[:, [0, 2]],
                               [[100, 100], [91, 109], [95, 105]], atol=0.01)  # fmt: skip


def test_a_part_left_out_is_not_there() -> None:
    found = five(rank_by=None, index_draws=0)
    assert np.isnan(found.mean_rank).all()
    assert np.isnan(found.sobol_first).all()
    np.testing.assert_array_equal(found.p_npv, five().p_npv)


def test_most_ranks_limits_the_table() -> None:
    found, whole = five(most_ranks=2), five()
    assert found.rank_share.shape == (5, 2)
    np.testing.assert_array_equal(found.rank_share, whole.rank_share[:, :2])
    np.testing.assert_array_equal(found.mean_rank, whole.mean_rank)


def test_working_memory_is_bounded() -> None:
    # 300 options × 20,000 draws are 46 MiB for one figure each; results are some 100 KiB.
    cost = np.linspace(10.0, 90.0, 300)
    given: dict[str, Any] = {"rate": 0.1, "seed": 1, "draws": 20_000, "index_draws": 0}
    simulate_options(normal(cost, cost / 9), cost[:, None], [0.2], 9.0, **(given | {"draws": 9}))
    tracemalloc.start()
    simulate_options(normal(cost, cost / 9), normal(cost[:, None], 5.0), uniform([0.1], [0.3]),
                     uniform(5.0, 9.0), **given)  # fmt: skip
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 16 * 2**20


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"rate": -1.0}, "finance.rate"),
        ({"growth": -1.1}, "finance.growth"),
        ({"lifetime": normal(1.0, 5.0)}, "option_risk.lifetime"),
        ({"construction_years": 0.5}, "finance.whole_years"),
        ({"construction_years": -1.0}, "finance.years"),
        ({"payback_limit": 0.0}, "option_risk.payback_limit"),
        ({"payback_limit": np.nan}, "option_risk.payback_limit"),
    ],
)
def test_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(RangeError) as refused:
        five(**changed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "changed",
    [
        {"cost": 5.0}, {"quantity": np.ones((5, 3))}, {"price": 1.0},
        {"lifetime": np.ones(4)}, {"draws": 0}, {"threads": 0}, {"seed": -1},
        {"rank_by": "irr"}, {"method": "halton"},
        {"price": np.ones(0), "quantity": np.ones((5, 0))},
    ],
)  # fmt: skip
def test_a_wrong_call(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cost|quantity|lifetime|draws|rank_by|halton"):
        five(**changed)


def test_lifetimes_below_zero_count_as_none() -> None:
    # A lifetime of −1 in one draw of forty: the quantile at 5 % is 10.
    lifetime = samples([[-1.0] + [10.0] * 39])
    found = simulate_options([0.0], [[1.0]], [1.0], lifetime, rate=0.1, seed=1, draws=4000)
    assert found.p_npv[0] == pytest.approx(39 / 40, abs=1e-3)


def test_no_options_give_an_empty_result() -> None:
    for rank_by in ("npv", None):
        found = simulate_options([], np.empty((0, 1)), [1.0], 5, rate=0.1, seed=0,
                                 rank_by=rank_by)  # type: ignore[arg-type]  # fmt: skip
        assert found.p_npv.shape == (0,)
        assert found.npv.shape == (0, 3)
        assert found.rank_share.shape == (0, 0)
        assert found.tornado.shape == (0, 6, 2)


def test_a_part_of_a_year_counts_as_in_the_cash_flows() -> None:
    # Half of the eighth year's saving comes at its end: not (1 − 1.1^−7.5) ÷ 0.1.
    found = simulate_options([100.0], [[30.0]], [1.0], 7.5, rate=0.1, seed=0, draws=4)
    expected = npv(0.1, option_cashflows([100.0], 30.0, 7.5))
    np.testing.assert_allclose(found.npv[0], np.repeat(expected, 3), rtol=1e-12)


def test_prices_may_be_ranges_of_different_kinds() -> None:
    price = join_ranges([fixed(2.0), samples([1.0, 3.0]), uniform(0.0, 4.0)])
    found = simulate_options([0.0], [[1.0, 10.0, 0.0]], price, 1.0, rate=0.0, seed=1)
    # 2 + 10 or 2 + 30, half of the draws each; the third price has no quantity
    assert found.npv[0].tolist() == [12.0, 12.0, 32.0]
    assert found.tornado[0, 4:7].tolist() == [[12.0, 12.0], [12.0, 32.0], [12.0, 12.0]]
