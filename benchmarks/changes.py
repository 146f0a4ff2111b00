"""Change splits, claims and the reference fit of many plants, against what they must at least do.

The limit of a split is its formula in plain numpy, without the limits for zeros and without checks;
that of a reconciliation the sums and one quantile. The reference fit has the ordinary fit as its
peer, since the search for the autocorrelation is what it adds. All take turns in one process;
figures are medians. What each finds is compared before anything is timed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from _timing import medians
from scipy.special import ndtri

from sxsh_audit.calc.claims import reconcile_claims
from sxsh_audit.calc.decomposition import decompose_change, decompose_total
from sxsh_audit.calc.reference_fit import reference_fit
from sxsh_audit.calc.regression import fit_linear

PRODUCTS, MONTHS = 5, 24


def row(work: str, ours: float, peer: str, peer_ms: float) -> dict[str, Any]:
    """Return a record; the ratio is what ours takes over the peer."""
    return {"work": work, "ours_ms": ours, "peer": peer, "peer_ms": peer_ms,
            "ratio": ours / peer_ms}  # fmt: skip


def splits(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure LMDI-I by product and with one meter."""
    random = np.random.default_rng(2384)
    made_0, made_1 = random.lognormal(4.0, 0.4, (2, size, PRODUCTS))
    used_0, used_1 = made_0 * 10.0, made_1 * random.lognormal(2.2, 0.1, (size, PRODUCTS))
    weights = np.linspace(1.0, 2.0, PRODUCTS)

    def formula() -> np.ndarray:
        mean = (used_1 - used_0) / np.log(used_1 / used_0)
        shares_0 = made_0 / made_0.sum(axis=1, keepdims=True)
        shares_1 = made_1 / made_1.sum(axis=1, keepdims=True)
        return (mean * np.log(shares_1 / shares_0)).sum(axis=1)

    def of_total() -> np.ndarray:
        total_0, total_1 = used_0.sum(axis=1), used_1.sum(axis=1)
        mean = (total_1 - total_0) / np.log(total_1 / total_0)
        mix_0, mix_1 = (made @ weights / made.sum(axis=1) for made in (made_0, made_1))
        return mean * np.log(mix_1 / mix_0)

    totals = used_0.sum(axis=1), made_0, used_1.sum(axis=1), made_1, weights
    np.testing.assert_allclose(decompose_change(used_0, made_0, used_1, made_1).mix, formula(),
                               rtol=1e-8, atol=1e-8)  # fmt: skip
    np.testing.assert_allclose(decompose_total(*totals).mix, of_total(), rtol=1e-8, atol=1e-8)
    took = medians(
        runs,
        ours=lambda: decompose_change(used_0, made_0, used_1, made_1), formula=formula,
        total=lambda: decompose_total(*totals), of_total=of_total,
    )
    return [
        row(f"change by {PRODUCTS} products, {size:,} plants", took["ours"],
            "the mix alone, plain numpy", took["formula"]),
        row(f"change with one meter, {size:,} plants", took["total"],
            "the mix alone, plain numpy", took["of_total"]),
    ]  # fmt: skip


def claims(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure the reconciliation of claims with meters."""
    random = np.random.default_rng(889)
    claimed, measured = random.lognormal(4.0, 0.3, (2, size, 3))
    sd = measured * 0.1

    def sums() -> np.ndarray:
        half = ndtri(0.95) * np.hypot(sd, 0.0)
        return np.stack([measured - claimed - half, measured - claimed + half])

    found = reconcile_claims(claimed, measured, 0.0, sd)
    np.testing.assert_allclose([found.residual_low, found.residual_high], sums(), rtol=1e-9)
    took = medians(runs, ours=lambda: reconcile_claims(claimed, measured, 0.0, sd), sums=sums)
    return [row(f"claims against 3 meters, {size:,} plants", took["ours"],
                "residuals and ends, plain numpy", took["sums"])]  # fmt: skip


def references(size: int, runs: int) -> list[dict[str, Any]]:
    """Measure what allowing for autocorrelation costs."""
    random = np.random.default_rng(1419)
    made = random.lognormal(5.0, 0.3, (size, MONTHS, 1))
    use = 200 + 3 * made[..., 0] + random.normal(0, 20, (size, MONTHS))
    plain, fit = fit_linear(use, made), reference_fit(use, made)
    alone = np.asarray(fit.rho) == 0
    np.testing.assert_allclose(fit.coefficients[alone], plain.coefficients[alone])
    took = medians(runs, ours=lambda: reference_fit(use, made), plain=lambda: fit_linear(use, made))
    return [row(f"reference fit, {size:,} plants x {MONTHS} months", took["ours"],
                "ordinary least squares", took["plain"])]  # fmt: skip


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="small sizes, two runs each")
    given = parser.parse_args()
    size, few, runs = (500, 50, 2) if given.smoke else (10**5, 10**3, 5)
    found = [*splits(size, runs), *claims(size, runs), *references(few, runs)]
    for each in found:
        print(f"{each['work']}: {each['ours_ms']:.2f} ms, {each['peer']} "
              f"{each['peer_ms']:.2f} ms, ratio {each['ratio']:.2f}")  # fmt: skip
    if given.json:
        given.json.write_text(json.dumps({"rows": found, "smoke": given.smoke}, indent=2),
                              encoding="utf-8")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
