"""Quick ways for many options: at the edges of blocks and with every kind of row they are right.

What is expected comes from outside the quick ways: the sum in exact figures changes its sign next
to a rate, the companion matrix, the class tables written out, or the search of few rows at a time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from sxsh_audit.calc import (
    blocks,
    irr_one_outlay,
    level_irr_table,
    payback,
    payback_one_outlay,
)
from sxsh_audit.calc.finance import (
    IRR,
    discounted_payback,
    irr,
    level_irr,
    option_cashflows,
)
from sxsh_audit.calc.payback import simple_payback

NAN, INF = math.nan, math.inf
#: Blocks are made this small, so that their edges are quickly reached.
SMALL = 300
SIZES = (0, 1, SMALL - 1, SMALL, SMALL + 1, 2 * SMALL + 1)


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level_irr_table, "_ROWS", SMALL)
    monkeypatch.setattr(irr_one_outlay, "_ROWS", SMALL)
    monkeypatch.setattr(irr_one_outlay, "_FEWEST", 1)
    monkeypatch.setattr(payback, "_BLOCK", SMALL)
    monkeypatch.setattr(blocks, "NUMBERS", SMALL * 8)
    monkeypatch.setattr(payback_one_outlay, "_ROWS", 3 * SMALL)


def in_few(
    work: Callable[[np.ndarray], IRR], table: np.ndarray, few: int
) -> tuple[list[float], list[str]]:
    """Return rates and statuses found in pieces too small for the quick way."""
    found = [work(table[start : start + few]) for start in range(0, len(table), few)]
    rates = [each.rate for each in found]
    return np.concatenate([*rates, []]).tolist(), [word for each in found for word in each.status]


def value_at(rate: Fraction, flows: list[float]) -> Fraction:
    factor, total = 1 / (1 + rate), Fraction(0)
    for flow in reversed(flows):
        total = total * factor + Fraction(flow)
    return total


def assert_rate_is_exact(rate: float, flows: list[float], within: float) -> None:
    """In exact figures the sum changes its sign within a few last digits of 1 + rate."""
    gap = Fraction(within) * (1 + Fraction(rate))
    low, high = value_at(Fraction(rate) - gap, flows), value_at(Fraction(rate) + gap, flows)
    assert low * high <= 0


# Internal rate of return of written flows


def mixed_flows(rows: int, years: int = 7) -> np.ndarray:
    """Return flows at đồng scale of which some have no rate, some several, some are not known."""
    random = np.random.default_rng(rows + 9)
    flows = random.lognormal(23.0, 1.0, (rows, years + 1))
    flows[:, 0] = -(10 ** random.uniform(9, 13, rows))
    flows[:, 1:] *= (-flows[:, 0] / 3e10 * random.uniform(0.3, 3.0, rows))[:, None]
    kind = random.integers(0, 20, rows)
    flows[kind == 1, 3] = NAN
    flows[kind == 2, 2] = INF
    flows[kind == 3] = 0.0
    flows[kind == 4] *= -1.0  # borrowed and paid back
    flows[kind == 5, 1] *= -1.0  # two years of building
    flows[kind == 6, -1] *= -0.8  # a dear end
    flows[kind == 7, 0] *= 1e3  # never comes back: a rate below 0
    flows[kind == 8, 0] = 0.0
    flows[kind == 9, 2:] = 0.0
    flows[kind == 10] *= 1e-120
    flows[kind == 11] *= 1e200
    flows[kind == 12, 0] *= 1e-9  # an enormous rate
    flows[kind == 13, 1:] = -flows[kind == 13, :1] / years * (1 + 1e-9)  # a rate of nearly 0
    return flows


@pytest.mark.usefixtures("_small_blocks")
@pytest.mark.parametrize("rows", SIZES)
def test_irr_of_many_rows_is_that_of_few(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    flows = mixed_flows(rows)
    found = irr(flows)
    monkeypatch.setattr(irr_one_outlay, "_FEWEST", 10**9)
    rates, words = in_few(irr, flows, 100)
    assert found.status.tolist() == words
    np.testing.assert_allclose(1 + found.rate, 1 + np.array(rates), rtol=2e-14)
    np.testing.assert_allclose(found.rate, rates, rtol=1e-9, atol=1e-15)


def test_irr_of_many_rows_in_blocks_of_their_real_size() -> None:
    size = irr_one_outlay._ROWS
    for rows in (size - 1, size, size + 1, 2 * size + 1):
        flows = mixed_flows(rows, 3)
        found = irr(flows)
        rates, words = in_few(irr, flows, 200)
        assert found.status.tolist() == words
        np.testing.assert_allclose(1 + found.rate, 1 + np.array(rates), rtol=2e-14)


@pytest.mark.parametrize("years", [1, 2, 3, 15, 40])
def test_the_sum_changes_its_sign_at_the_rate_in_exact_figures(years: int) -> None:
    random = np.random.default_rng(years)
    flows = random.lognormal(23.0, 1.0, (400, years + 1))
    flows[:, 0] = -flows[:, 1:].sum(axis=1) * random.uniform(0.05, 0.99, 400)
    _, rest = irr_one_outlay.rates_of_one_outlay(flows)
    assert rest.size < 100
    found = irr(flows)
    assert (found.status == "unique").all()
    for rate, row in zip(found.rate[::8].tolist(), flows[::8].tolist(), strict=True):
        assert_rate_is_exact(rate, row, 4e-15)


def test_rates_of_the_quick_way_are_the_eigenvalues() -> None:
    flows = mixed_flows(300, 5)
    flows = flows[(flows[:, 0] < 0) & (flows[:, 1:] > 0).all(axis=1)]
    flows = np.concatenate([flows, flows * 7.0])
    for row, rate in zip(flows[::5], irr(flows).rate[::5], strict=True):
        if np.isfinite(row).all():
            factor = np.roots(row[::-1])
            real = factor.real[(np.abs(factor.imag) < 1e-9 * np.abs(factor)) & (factor.real > 0)]
            assert rate == pytest.approx(1 / real[0] - 1, rel=1e-8, abs=1e-9)


def shapes_of(table: np.ndarray) -> dict[str, np.ndarray]:
    """Return the same table laid out in other ways."""
    frozen = table.copy()
    frozen.flags.writeable = False
    spread = np.empty((2 * len(table), table.shape[1] + 3))
    spread[::2, 2:-1] = table
    return {
        "by column": np.asfortranarray(table),
        "read-only": frozen,
        "every second": spread[::2, 2:-1],
        "backwards": table[::-1, ::-1].copy()[::-1, ::-1],
        "three axes": table.reshape(2, -1, table.shape[1]),
    }


@pytest.mark.parametrize("layout", ["by column", "read-only", "every second", "backwards",
                                    "three axes"])  # fmt: skip
def test_how_a_table_lies_in_memory_changes_nothing(layout: str) -> None:
    table = mixed_flows(1000)
    other = shapes_of(table)[layout]
    assert np.array_equal(other.reshape(table.shape), table, equal_nan=True)
    before = other.copy()
    one, two = irr(table), irr(other)
    assert two.rate.shape == other.shape[:-1]
    assert np.asarray(two.status).reshape(-1).tolist() == one.status.tolist()
    np.testing.assert_allclose(two.rate.reshape(-1), one.rate, rtol=1e-12)
    for rate in (0.1, -0.05):
        first, second = discounted_payback(rate, table), discounted_payback(rate, other)
        np.testing.assert_allclose(second.years.reshape(-1), first.years, rtol=1e-12)
        words = np.asarray(second.payback_class).reshape(-1)
        assert words.tolist() == first.payback_class.tolist()
    assert np.array_equal(other, before, equal_nan=True)  # nothing is written into the input


def test_single_precision_and_repeated_rows_are_taken_as_they_are() -> None:
    row = np.array([-1000.0, 300.0, 400.0, 500.0, 100.0], np.float32)
    found = irr(np.broadcast_to(row, (3, 500, 5)))
    assert found.rate.shape == (3, 500)
    np.testing.assert_allclose(found.rate, irr(row.astype(float)).rate, rtol=1e-14)
    back = discounted_payback(0.1, np.broadcast_to(row, (3, 500, 5)))
    np.testing.assert_allclose(back.years, discounted_payback(0.1, row).years, rtol=1e-14)
    rates = level_irr(np.full(600, 1000, np.float32), np.float32(250.0), np.int8(6))
    np.testing.assert_allclose(rates.rate, level_irr(1000.0, 250.0, 6).rate, rtol=1e-13)


# Internal rate of return of level savings


def mixed_options(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return costs, savings, years and changes, of which some have no rate or no table."""
    random = np.random.default_rng(rows + 5)
    cost = 10 ** random.uniform(9, 13, rows)
    saving = cost / random.lognormal(1.3, 0.9, rows)
    years, change = random.integers(1, 30, rows).astype(float), random.uniform(-0.1, 0.1, rows)
    kind = random.integers(0, 30, rows)
    for number, (column, value) in enumerate((
        (cost, NAN), (saving, NAN), (years, NAN), (change, NAN), (cost, INF), (saving, INF),
        (cost, 0.0), (saving, 0.0), (years, 0.0), (years, 7.5), (years, 63.0), (years, 64.0),
        (years, 300.0), (change, -1.0), (saving, cost / 1e7), (saving, cost * 1e7),
        (saving, -saving), (saving, cost / np.maximum(years, 1)),
    )):  # fmt: skip
        column[kind == number] = (
            value[kind == number] if isinstance(value, np.ndarray) else value
        )
    cost[kind == 20] *= -1.0
    saving[kind == 20] *= -1.0
    return cost, saving, years, change


@pytest.mark.usefixtures("_small_blocks")
@pytest.mark.parametrize("rows", SIZES)
@pytest.mark.parametrize("one_life", [True, False])
def test_level_irr_of_many_options_is_that_of_few(
    rows: int, one_life: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cost, saving, years, change = mixed_options(rows)
    life = np.array(12.0) if one_life else years
    monkeypatch.setattr("sxsh_audit.calc.level_irr.worth_a_table", lambda size, lives: size > 1)
    found = level_irr(cost, saving, life, change)
    monkeypatch.setattr("sxsh_audit.calc.level_irr.worth_a_table", lambda size, lives: False)
    slow = level_irr(cost, saving, life, change)
    assert found.status.tolist() == slow.status.tolist()
    np.testing.assert_allclose(1 + found.rate, 1 + slow.rate, rtol=4e-14)
    np.testing.assert_allclose(found.rate, slow.rate, rtol=1e-9, atol=1e-13)
    assert found.roots.shape == (rows, 1)


def test_level_irr_in_blocks_of_their_real_size() -> None:
    size = level_irr_table._ROWS
    for rows in (511, 512, size - 1, size, size + 1, 2 * size + 1):
        cost, saving, _, _ = mixed_options(rows)
        found = level_irr(cost, saving, 9)
        few = [level_irr(cost[at : at + 500], saving[at : at + 500], 9)
               for at in range(0, rows, 500)]  # fmt: skip
        assert found.status.tolist() == [word for each in few for word in each.status]
        slow = np.concatenate([each.rate for each in few])
        np.testing.assert_allclose(1 + found.rate, 1 + slow, rtol=2e-14)


@pytest.mark.parametrize("years", [1, 2, 3, 10, 25, 63])
def test_the_recovery_factor_at_a_level_rate_is_exact(years: int) -> None:
    random = np.random.default_rng(years)
    cost = 10 ** random.uniform(9, 13, 600)
    saving = cost / (years * random.uniform(0.005, 1.99, 600))
    rates = level_irr(cost, saving, years).rate
    with localcontext() as context:
        context.prec = 60
        for rate, c, s in zip(rates[::20].tolist(), cost[::20], saving[::20], strict=True):

            def over(r: Decimal, c: float = float(c), s: float = float(s)) -> Decimal:
                return (1 - (1 + r) ** -years) / r * Decimal(s) - Decimal(c)

            gap = Decimal("2e-14") * (1 + Decimal(rate))
            assert over(Decimal(rate) - gap) > 0 > over(Decimal(rate) + gap)


def test_level_irr_of_broadcast_columns_keeps_the_shape() -> None:
    cost = np.linspace(1e9, 9e9, 40)[:, None]
    life = np.arange(1, 21)
    change = np.array([-0.02, 0.0, 0.03])[:, None, None]
    found = level_irr(cost, 1.5e9, life, change)
    assert found.rate.shape == (3, 40, 20)
    each = level_irr(cost[7], 1.5e9, 13, 0.03)
    np.testing.assert_allclose(found.rate[2, 7, 12], each.rate[0], rtol=1e-12)
    flows = option_cashflows(cost, 1.5e9, life, saving_growth=change)
    np.testing.assert_allclose(found.rate, irr(flows).rate, rtol=1e-10, atol=1e-13)


# Discounted payback


def payback_by_hand(rate: float, flows: list[float]) -> tuple[float, str]:
    """Return years and class of one cost and gains after it, in exact figures."""
    before = total = Fraction(0)
    for year, flow in enumerate(flows):
        before, total = total, total + Fraction(flow) / (1 + Fraction(rate)) ** year
        if total >= 0:
            return float(year - total / (total - before)), "years"
    return INF, "never"


@pytest.mark.usefixtures("_small_blocks")
@pytest.mark.parametrize("years", [0, 1, 6, 7, 8, 15, 16, 63, 64])
def test_discounted_payback_of_many_rows_is_exact(years: int) -> None:
    random = np.random.default_rng(years)
    quick = payback_one_outlay.OneOutlay(max(years, 1) + 1, 0.12, 10**6)
    piece, block = quick.piece, quick.rows
    rows = 2 * block + 1
    flows = random.lognormal(23.0, 1.5, (rows, years + 1))
    flows[:, 0] = -(10 ** random.uniform(9, 13, rows))
    found = discounted_payback(0.12, flows)
    for edge in (0, piece, 2 * piece, block, block + piece, rows - 1):
        for place in range(max(edge - 1, 0), min(edge + 2, rows)):
            years_, word = payback_by_hand(0.12, flows[place].tolist())
            assert found.payback_class[place] == word
            assert found.years[place] == pytest.approx(years_, rel=1e-12)


@pytest.mark.usefixtures("_small_blocks")
@pytest.mark.parametrize("rows", [*SIZES, 863, 864, 865, 899, 900, 901, 2100])
@pytest.mark.parametrize("years", [6, 7])
@pytest.mark.parametrize("crossing", ["first", "last"])
def test_discounted_payback_with_every_kind_of_row_in_a_block(
    rows: int, years: int, crossing: str
) -> None:
    # With eight flows a block has 864 rows here, with seven 900.
    flows = mixed_flows(rows, years)
    flows[np.isinf(flows)] = NAN
    found = discounted_payback(0.08, flows, crossing=crossing)  # type: ignore[arg-type]
    # A rate for each row goes year by year through rows of any signs.
    each = discounted_payback(np.full(rows, 0.08), flows, crossing=crossing)  # type: ignore[arg-type]
    assert found.payback_class.tolist() == each.payback_class.tolist()
    np.testing.assert_allclose(found.years, each.years, rtol=1e-12)
    if rows > SMALL:
        assert min(found.payback_class.counts().values()) > 0


def test_what_meets_the_cost_to_the_last_digit_is_paid_back_in_every_place() -> None:
    rows = np.tile([-0.3, 0.1, 0.1, 0.1], (1000, 1))  # 0.1 + 0.1 + 0.1 − 0.3 is not 0 in floats
    found = discounted_payback(0.0, rows)
    assert (found.years == 3.0).all()
    assert (found.payback_class == "years").all()


def test_a_year_of_minus_nothing_is_a_year_of_nothing() -> None:
    rows = np.array([
        [-1000.0, -0.0, 600.0, 800.0, -0.0, 9.0],
        [-1000.0, 600.0, -0.0, 800.0, -0.0, 9.0],
        [-1000.0, 600.0, 800.0, -0.0, -0.0, -0.0],
        [-1000.0, -0.0, 6.0, -0.0, -0.0, -0.0],
    ])  # fmt: skip
    for table in (rows, rows[:, :5]):
        found = discounted_payback(0.0, table)
        assert found.years.tolist() == [2.5, 2.5, 1.5, INF]
        assert found.payback_class.tolist() == ["years"] * 3 + ["never"]


@pytest.mark.parametrize("rate", [-0.999999, -0.5, 0.0, 4.0, 1e5])
@pytest.mark.parametrize("years", [2, 15, 62, 63])
def test_discounted_payback_at_rates_far_from_usual(rate: float, years: int) -> None:
    random = np.random.default_rng(years)
    flows = random.lognormal(0.0, 1.5, (200, years + 1))
    flows[:, 0] *= -np.geomspace(1e-9, 10.0, 200) * years
    flows[::9, years] = 1e300
    found = discounted_payback(rate, flows)
    for place in range(200):
        years_, word = payback_by_hand(rate, flows[place].tolist())
        assert found.payback_class[place] == word
        assert found.years[place] == pytest.approx(years_, rel=1e-12)


# Simple payback

AMOUNTS = (NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 7e13, -7e13, 5e-324, -5e-324, 1e308, 1e-308)


def class_by_hand(cost: float, saved: float) -> tuple[float, str]:
    """Return years and class by the table in the documentation, row by row."""
    if math.isnan(cost) or math.isnan(saved) or (math.isinf(cost) and math.isinf(saved)):
        return NAN, "unknown"
    if saved > 0:
        return (float(np.divide(cost, saved)), "years") if cost > 0 else (0.0, "immediate")
    if saved == 0 and cost >= 0:
        return INF, "never"
    return NAN, "worse"


@pytest.mark.usefixtures("_small_blocks")
@pytest.mark.parametrize("rows", SIZES)
@pytest.mark.parametrize("plain_rows", [0, SMALL])
def test_simple_payback_by_the_table_of_classes(rows: int, plain_rows: int) -> None:
    pairs = itertools.islice(itertools.cycle(itertools.product(AMOUNTS, AMOUNTS)), rows)
    table = np.array([*[(300.0, 100.0)] * plain_rows, *pairs]).reshape(-1, 2)
    with np.errstate(all="ignore"):
        expected = [class_by_hand(*pair) for pair in table.tolist()]
    found = simple_payback(table[:, 0], table[:, 1])
    assert found.payback_class.tolist() == [word for _, word in expected]
    np.testing.assert_array_equal(found.years, [years for years, _ in expected])
    assert not np.signbit(found.years[found.years == 0]).any()
