"""Present value, rates of return and discounted payback against their peers.

The limit of a present value is one matrix-vector product. The peers: pyxirr and numpy-financial in
a loop over rows (they take one row at a time), the cumulative sum with ``argmax`` for the
discounted payback, ``scipy.optimize.newton`` over all rows at once (no guarantee) and
``scipy.optimize.elementwise.find_root`` (guaranteed, bracketed) for uneven flows; the annuities of
numpy-financial and plain products of arrays for what has a closed form. A loop is run on
the first rows only and scaled to all of them; the row says on how many. All take turns in one
process; figures are medians. What each finds is compared before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy_financial
import pyxirr
from _timing import medians
from scipy.optimize import elementwise, newton

from sxsh_audit.calc.finance import (
    annuity_factor,
    discounted_payback,
    equivalent_annual_value,
    irr,
    level_discounted_payback,
    level_irr,
    level_npv,
    levelised_cost,
    mirr,
    npv,
    option_cashflows,
    profitability_index,
    real_rate,
)

YEARS = 15
RATE = 0.1


def extra_memory(work: Callable[[], Any]) -> float:
    """Return the peak memory beside inputs and result [MiB]."""
    tracemalloc.start()
    kept = work()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return (peak - held) / 2**20


def row(
    work: str, ours: float, peer: str, peer_ms: float, goal: float | None = None, *,
    limit: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Return a record; `limit`: the goal is the most that ours may take over the peer."""
    ratio = ours / peer_ms if limit else peer_ms / ours
    if goal is None:
        return {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms, "ratio": ratio}
    sign, reached = ("<=", ratio <= goal) if limit else (">=", ratio >= goal)
    return {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms, "ratio": ratio,
            "goal": f"{sign} {goal:g} x", "reached": reached}  # fmt: skip


def cost_and_saving(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return costs and first savings of options that pay back after a few years, mostly."""
    random = np.random.default_rng(2384)
    saving = random.lognormal(16.0, 1.0, size)
    return saving * random.lognormal(1.2, 0.6, size), saving


def uneven(size: int) -> np.ndarray:
    """Return flows of one investment and savings that differ from year to year."""
    cost, saving = cost_and_saving(size)
    random = np.random.default_rng(889)
    flows = np.empty((size, YEARS + 1))
    flows[:, 0] = -cost
    flows[:, 1:] = saving[:, None] * random.lognormal(0.0, 0.5, (size, YEARS))
    return flows


def present_values(size: int, runs: int) -> list[dict[str, Any]]:
    flows, (cost, saving) = uneven(size), cost_and_saving(size)
    weights = (1 + RATE) ** -np.arange(YEARS + 1.0)
    some = flows[: max(size // 1000, 100)].tolist()
    np.testing.assert_allclose(npv(RATE, flows), flows @ weights, rtol=1e-12)
    np.testing.assert_allclose(npv(RATE, some), [pyxirr.npv(RATE, each) for each in some])
    took = medians(
        runs,
        ours=lambda: npv(RATE, flows),
        product=lambda: flows @ weights,
        level=lambda: level_npv(RATE, cost, saving, YEARS),
        pyxirr=lambda: [pyxirr.npv(RATE, each) for each in some],
        financial=lambda: [numpy_financial.npv(RATE, each) for each in some],
    )
    scale = size / len(some)
    name = f"NPV, {size:,} x {YEARS} years"
    loops = f"loop, scaled from {len(some):,} rows"
    return [
        row(name, took["ours"], "one matrix-vector product", took["product"], 1.1, limit=True),
        row(f"{name}, level savings", took["level"], "one matrix-vector product",
            took["product"], 1.0, limit=True),
        row(name, took["ours"], f"pyxirr, {loops}", took["pyxirr"] * scale, 100),
        row(name, took["ours"], f"numpy-financial, {loops}", took["financial"] * scale, 500),
    ]  # fmt: skip


def summed(flows: np.ndarray) -> np.ndarray:
    """Return discounted paybacks by a cumulative sum and argmax, as one would write it down."""
    total = np.cumsum(flows * (1 + RATE) ** -np.arange(flows.shape[1]), axis=1)
    paid = total >= 0
    year = np.argmax(paid, axis=1)
    rows = np.arange(len(flows))
    after, before = total[rows, year], total[rows, year - 1]
    return np.where(paid.any(axis=1), year - after / (after - before), np.inf)


def paybacks(size: int, runs: int) -> list[dict[str, Any]]:
    flows, (cost, saving) = uneven(size), cost_and_saving(size)
    level = option_cashflows(cost, saving, YEARS)
    np.testing.assert_allclose(discounted_payback(RATE, flows).years, summed(flows), rtol=1e-9)
    np.testing.assert_allclose(
        level_discounted_payback(RATE, cost, saving, YEARS).years, summed(level), rtol=1e-9
    )
    del level
    took = medians(
        runs,
        ours=lambda: discounted_payback(RATE, flows),
        level=lambda: level_discounted_payback(RATE, cost, saving, YEARS),
        sums=lambda: summed(flows),
    )
    name, peer = f"discounted payback, {size:,} x {YEARS}", "cumsum and argmax"
    found = [
        row(name, took["ours"], peer, took["sums"], 5),
        row(f"{name}, level savings", took["level"], peer, took["sums"], 5),
    ]
    found[0]["extra_MiB"] = extra_memory(lambda: discounted_payback(RATE, flows))
    found[0]["peer_extra_MiB"] = extra_memory(lambda: summed(flows))
    return found


def level_rates(size: int, runs: int) -> list[dict[str, Any]]:
    cost, saving = cost_and_saving(size)
    random = np.random.default_rng(1419)
    years, growth = random.integers(5, 26, size), random.uniform(-0.05, 0.05, size)
    found = []
    for name, life, change in (
        (f"IRR, {size:,} options of level savings, {YEARS} years", YEARS, 0.0),
        (f"IRR, {size:,} options of escalating savings, 5-25 years", years, growth),
    ):
        flows = option_cashflows(cost, saving, life, saving_growth=change)
        lengths = np.broadcast_to(life, size)
        some = [flows[i, : lengths[i] + 1] / flows[i, 1] for i in range(max(size // 100, 100))]
        few = some[: len(some) // 10]
        lists = [each.tolist() for each in some]
        mine = level_irr(cost, saving, life, change).rate
        np.testing.assert_allclose(
            mine[: len(lists)], [pyxirr.irr(each) for each in lists], rtol=1e-7, atol=1e-9
        )
        took = medians(
            runs,
            ours=lambda life=life, change=change: level_irr(cost, saving, life, change),
            pyxirr=lambda lists=lists: [pyxirr.irr(each) for each in lists],
            financial=lambda few=few: [numpy_financial.irr(each) for each in few],
        )
        for peer, count, goal in (("pyxirr", len(some), 50), ("numpy-financial", len(few), 1000)):
            key = "pyxirr" if peer == "pyxirr" else "financial"
            found.append(row(name, took["ours"], f"{peer}, loop, scaled from {count:,} rows",
                             took[key] * size / count, goal))  # fmt: skip
    return found


def uneven_rates(size: int, runs: int) -> list[dict[str, Any]]:
    flows = uneven(size)
    some = flows[: max(size // 100, 100)].tolist()
    scaled = flows / np.abs(flows[:, :1])
    powers = np.arange(YEARS + 1.0)

    def value(rate: np.ndarray) -> np.ndarray:
        found: np.ndarray = scaled[:, -1].copy()
        factor = 1 / (1 + rate)
        for year in range(YEARS - 1, -1, -1):
            found = found * factor + scaled[:, year]
        return found

    def slope(rate: np.ndarray) -> np.ndarray:
        factor = 1 / (1 + rate)
        found: np.ndarray = powers[-1] * scaled[:, -1]
        for year in range(YEARS - 1, -1, -1):
            found = found * factor + powers[year] * scaled[:, year]
        return -found * factor

    def bracketed(rate: np.ndarray, *columns: np.ndarray) -> np.ndarray:
        found: np.ndarray = columns[-1]
        factor = 1 / (1 + rate)
        for column in columns[-2::-1]:
            found = found * factor + column
        return found

    # From 0 Newton's method climbs to every root above 0 without fail: the flows are convex.
    guess = np.zeros(size)
    args = tuple(scaled.T.copy())
    low, high = np.full(size, -0.99), np.full(size, 1e3)
    mine = irr(flows).rate
    np.testing.assert_allclose(
        mine[: len(some)], [pyxirr.irr(each) for each in some], rtol=1e-7, atol=1e-9
    )
    took = medians(
        runs,
        ours=lambda: irr(flows),
        newton=lambda: newton(value, guess, fprime=slope, maxiter=30, tol=1e-10),
        root=lambda: elementwise.find_root(bracketed, (low, high), args=args),
        pyxirr=lambda: [pyxirr.irr(each) for each in some],
    )
    name = f"IRR, {size:,} options of uneven savings, {YEARS} years"
    return [
        row(name, took["ours"], f"pyxirr, loop, scaled from {len(some):,} rows",
            took["pyxirr"] * size / len(some), 10),
        row(name, took["ours"], "scipy.optimize.newton, all rows", took["newton"], 1),
        row(name, took["ours"], "elementwise.find_root", took["root"], 1),
    ]  # fmt: skip


def closed_forms(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure what is a formula of a few columns, each option with a rate and life of its own."""
    cost, saving = cost_and_saving(size)
    random = np.random.default_rng(31)
    rate, years = random.uniform(0.02, 0.2, size), random.integers(3, 26, size).astype(float)
    rise = random.uniform(0.0, 0.06, size)

    def annuity() -> np.ndarray:
        return -numpy_financial.pv(rate, years, 1.0)

    def spread() -> np.ndarray:
        return -numpy_financial.pmt(rate, years, cost)

    def unit_cost() -> np.ndarray:
        factor = annuity()
        found: np.ndarray = (cost + saving * factor) / (saving * factor)
        return found

    np.testing.assert_allclose(annuity_factor(rate, years), annuity(), rtol=1e-12)
    np.testing.assert_allclose(equivalent_annual_value(rate, cost, years), spread(), rtol=1e-12)
    np.testing.assert_allclose(levelised_cost(rate, cost, saving, saving, years), unit_cost())
    took = medians(
        runs,
        annuity=lambda: annuity_factor(rate, years), their_annuity=annuity,
        spread=lambda: equivalent_annual_value(rate, cost, years), their_spread=spread,
        unit=lambda: levelised_cost(rate, cost, saving, saving, years), their_unit=unit_cost,
        real=lambda: real_rate(rate, rise), quotient=lambda: (1 + rate) / (1 + rise) - 1,
    )  # fmt: skip
    name = f"{size:,} options, rate and life of each"
    return [
        row(f"annuity factor, {name}", took["annuity"], "numpy_financial.pv",
            took["their_annuity"]),
        row(f"equivalent annual value, {name}", took["spread"], "numpy_financial.pmt",
            took["their_spread"]),
        row(f"levelised cost, {name}", took["unit"], "numpy_financial.pv", took["their_unit"]),
        row(f"real rate, {size:,} rates", took["real"], "one quotient", took["quotient"],
            limit=True),
    ]  # fmt: skip


def measures_of_flows(size: int, runs: int) -> list[dict[str, Any]]:
    flows = uneven(size)
    some = flows[: max(size // 1000, 100)].tolist()
    weights = (1 + RATE) ** -np.arange(YEARS + 1.0)
    cost = -flows[:, 0]
    np.testing.assert_allclose(profitability_index(RATE, flows), 1 + flows @ weights / cost)
    np.testing.assert_allclose(
        mirr(flows[: len(some)], RATE, 0.08), [pyxirr.mirr(each, RATE, 0.08) for each in some]
    )
    took = medians(
        runs,
        index=lambda: profitability_index(RATE, flows),
        product=lambda: 1 + flows @ weights / cost,
        mirr=lambda: mirr(flows, RATE, 0.08),
        pyxirr=lambda: [pyxirr.mirr(each, RATE, 0.08) for each in some],
        financial=lambda: [numpy_financial.mirr(each, RATE, 0.08) for each in some],
    )
    scale, loops = size / len(some), f"loop, scaled from {len(some):,} rows"
    return [
        row(f"profitability index, {size:,} x {YEARS} years", took["index"],
            "one matrix-vector product", took["product"], limit=True),
        row(f"MIRR, {size:,} x {YEARS} years", took["mirr"], f"pyxirr, {loops}",
            took["pyxirr"] * scale),
        row(f"MIRR, {size:,} x {YEARS} years", took["mirr"], f"numpy-financial, {loops}",
            took["financial"] * scale),
    ]  # fmt: skip


def taxed_flows(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure flows after tax against the same table written down for this one case."""
    cost, saving = cost_and_saving(size)
    year = np.arange(YEARS + 1.0)

    def ours() -> np.ndarray:
        return option_cashflows(
            cost, saving, YEARS, saving_growth=0.02, tax_rate=0.2, depreciation_years=10
        )

    def plain() -> np.ndarray:
        gain = saving[:, None] * 1.02 ** np.maximum(year - 1, 0) * (year > 0)
        written = cost[:, None] / 10 * ((year > 0) & (year <= 10))
        found: np.ndarray = gain - 0.2 * (gain - written)
        found[:, 0] -= cost
        return found

    np.testing.assert_allclose(ours(), plain(), rtol=1e-12, atol=1e-9)
    took = medians(runs, ours=ours, plain=plain)
    return [row(f"cash flows after tax, {size:,} x {YEARS} years", took["ours"],
                "this case in plain numpy", took["plain"], limit=True)]  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    options_given = parser.parse_args()
    smoke = options_given.smoke
    size, fewer, runs = (2_000, 2_000, 2) if smoke else (10**6, 10**5, 9)
    found = [
        *present_values(size, runs),
        *paybacks(size, runs),
        *level_rates(fewer, runs),
        *uneven_rates(fewer, runs),
        *closed_forms(size, runs),
        *measures_of_flows(size, runs),
        *taxed_flows(fewer, runs),
    ]
    for each in found:
        goal = ""
        if "goal" in each:
            goal = f" (goal {each['goal']}: {'reached' if each['reached'] else 'not reached'})"
        print(
            f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} {each['peer_ms']:.2f} ms, "
            f"ratio {each['ratio']:.2f}{goal}"
        )
    if options_given.json:
        options_given.json.write_text(
            json.dumps({"rows": found, "smoke": smoke}, indent=2), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
