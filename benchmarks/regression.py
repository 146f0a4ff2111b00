"""Fits of use on output for many plants, against their limit and their peers.

The limit of a fit is reading the data once (the sum of both columns). The peers: ``numpy``'s
``lstsq`` in a loop with what R² and the standard errors take beside it, ``scipy.stats.linregress``
in a loop, and ``statsmodels`` if it is installed. A loop is run on the first plants only and
scaled to all of them; the row says on how many. All take turns in one process; figures are
medians. What each finds is compared before anything is timed.
"""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from _timing import medians, row
from scipy.stats import linregress

from sxsh_audit.calc.bills import merge_estimated, sum_to_intervals
from sxsh_audit.calc.regression import (
    fit_autoregressive,
    fit_change_point,
    fit_line,
    fit_linear,
)

MONTHS = 36


def peer_model() -> Any:
    """Return statsmodels' least squares, or None where it is not installed."""
    try:
        return importlib.import_module("statsmodels.regression.linear_model").OLS
    except ModuleNotFoundError:
        return None


def plants(size: int, drivers: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return use and drivers of plants with a base load."""
    random = np.random.default_rng(2384)
    made = random.lognormal(5.0, 0.3, (size, MONTHS, drivers))
    use = 200 + made @ np.linspace(3.0, 1.0, drivers) + random.normal(0, 20, (size, MONTHS))
    return use, made


def by_lstsq(use: np.ndarray, drivers: np.ndarray) -> np.ndarray:
    """Return coefficients, standard errors and R² as one would write them down, plant by plant."""
    count = drivers.shape[2] + 1
    found = np.empty((len(use), 2 * count + 1))
    for i, (y, made) in enumerate(zip(use, drivers, strict=True)):
        x = np.column_stack([np.ones(len(y)), made])
        coefficients, left, _, _ = np.linalg.lstsq(x, y, rcond=None)
        variance = left[0] / (len(y) - count)
        found[i, :count] = coefficients
        found[i, count:-1] = np.sqrt(variance * np.diag(np.linalg.inv(x.T @ x)))
        found[i, -1] = 1 - left[0] / ((y - y.mean()) ** 2).sum()
    return found


def lines(size: int, runs: int) -> list[dict[str, Any]]:
    use, drivers = plants(size)
    output = np.ascontiguousarray(drivers[..., 0])
    some = min(size, 1000)
    few = min(size, 200)
    line, expected = fit_line(use, output), by_lstsq(use[:some], drivers[:some])
    for i, column in enumerate((line.base_load, line.slope, line.se_base_load, line.se_slope,
                                line.r2)):  # fmt: skip
        np.testing.assert_allclose(column[:some], expected[:, i], rtol=1e-9)
    works = {
        "ours": lambda: fit_line(use, output),
        "read": lambda: use.sum() + output.sum(),
        "lstsq": lambda: by_lstsq(use[:some], drivers[:some]),
        "scipy": lambda: [linregress(output[i], use[i]) for i in range(few)],
    }
    model = peer_model()
    if model is not None:
        columns = np.stack([np.ones_like(output), output], axis=-1)

        def statsmodels() -> list[Any]:
            fits = (model(use[i], columns[i]).fit() for i in range(few))
            return [(fit.params, fit.bse, fit.rsquared) for fit in fits]

        np.testing.assert_allclose([each[0][1] for each in statsmodels()], line.slope[:few])
        works["statsmodels"] = statsmodels
    took = medians(runs, **works)
    name = f"line, base load, R2, standard errors: {size:,} x {MONTHS} months"
    found = [
        row(name, took["ours"], "reading the data once", took["read"], 4, limit=True),
        row(name, took["ours"], f"numpy lstsq, loop, scaled from {some:,} plants",
            took["lstsq"] * size / some),
        row(name, took["ours"], f"scipy linregress, loop, scaled from {few:,} plants",
            took["scipy"] * size / few, 500),
    ]  # fmt: skip
    if model is not None:
        found.append(row(name, took["ours"], f"statsmodels, loop, scaled from {few:,} plants",
                         took["statsmodels"] * size / few, 500))  # fmt: skip
    return found


def planes(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure the full fit with p-values, several drivers, missing months and correlated errors."""
    use, drivers = plants(size, 3)
    use[::7, 5] = np.nan
    some, few, fewer = min(size, 500), min(size, 200), min(size, 20)
    whole = ~np.isnan(use[:some]).any(axis=1)
    known = use[:some][whole], drivers[:some][whole]
    fit = fit_linear(use[:some], drivers[:some])
    np.testing.assert_allclose(fit.coefficients[whole], by_lstsq(*known)[:, :4], rtol=1e-8)
    output = np.ascontiguousarray(drivers[..., 0])
    took = medians(
        runs,
        ours=lambda: fit_linear(use, drivers),
        lstsq=lambda: by_lstsq(*known),
        persistent=lambda: fit_autoregressive(use[:few], drivers[:few]),
        bent=lambda: fit_change_point(use[:fewer], output[:fewer]),
    )
    loop = took["lstsq"] / whole.sum()
    peer = "numpy lstsq, loop, scaled"
    return [
        row(f"3 drivers with p-values, {size:,} x {MONTHS} months", took["ours"],
            f"{peer} from {whole.sum():,} plants", loop * size),
        row(f"3 drivers, autoregressive errors, {few:,} plants", took["persistent"], peer,
            loop * few),
        row(f"change point with its interval, {fewer:,} plants", took["bent"], peer,
            loop * fewer),
    ]  # fmt: skip


def bills(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure bills of many meters against one sort of them by meter and day."""
    random = np.random.default_rng(889)
    length = random.integers(25, 36, (size, MONTHS))
    end = 16_000 + np.cumsum(length, axis=1)
    start = end - length + 1
    key = np.repeat(np.arange(size), MONTHS)
    order = random.permutation(key.size)
    start, end, key = start.reshape(-1)[order], end.reshape(-1)[order], key[order]
    amount, guessed = random.lognormal(5.0, 0.5, key.size), random.random(key.size) < 0.1
    made = np.tile(np.arange(16_000, 16_000 + 31 * MONTHS, 7), size)
    maker = np.repeat(np.arange(size), made.size // size)
    merged = merge_estimated(start, end, amount, guessed, key)
    np.testing.assert_allclose(merged.amount.sum(), amount.sum())
    took = medians(
        runs,
        merge=lambda: merge_estimated(start, end, amount, guessed, key),
        total=lambda: sum_to_intervals(made, made + 6, 1.0, start, end, maker, key),
        sort=lambda: np.lexsort((end, start, key)),
    )
    peer = "one lexsort of the bills"
    return [
        row(f"estimates merged, {key.size:,} bills", took["merge"], peer, took["sort"], limit=True),
        row(f"{made.size:,} weeks of output summed to {key.size:,} bills", took["total"], peer,
            took["sort"], limit=True),
    ]  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    options_given = parser.parse_args()
    smoke = options_given.smoke
    size, fewer, runs = (1_000, 100, 2) if smoke else (10**5, 10**4, 9)
    found = [*lines(size, runs), *planes(fewer, runs), *bills(fewer, runs)]
    for each in found:
        goal = ""
        if "goal" in each:
            goal = f" (goal {each['goal']}: {'reached' if each['reached'] else 'not reached'})"
        print(
            f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} {each['peer_ms']:.2f} ms, "
            f"ratio {each['ratio']:.2f}{goal}"
        )
    if peer_model() is None:
        print("statsmodels is not installed: its loop was not measured")
    if options_given.json:
        options_given.json.write_text(
            json.dumps({"rows": found, "smoke": smoke, "statsmodels": peer_model() is not None},
                       indent=2), encoding="utf-8",
        )  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
