"""How often does an interval of 90 % hold the true saving? Each method in each scenario, simulated.

    python benchmarks/coverage.py            # prints the table
    python benchmarks/coverage.py --store    # writes docs/explanation/coverage.csv and the page

The scenarios were fixed before anything was measured, and several are built to break the methods.
The true saving is the part by which the plant uses less than it would have used for the same
output. Each draw is a new plant: new output, new months, new errors of the figures; the draws of
all methods in a scenario are the same. Beside the coverage it counts how often "shown"
(P(s ≥ low) ≥ 0.9) is said of a plant that misses the low end by a hair: 10 % by definition, more is
a fault of the method.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sxsh_audit.calc.bootstrap import bootstrap_ratio
from sxsh_audit.calc.regression import (
    LinearFit,
    fit_autoregressive,
    fit_linear,
    prediction_variance,
)
from sxsh_audit.calc.uncertainty import (
    PeriodUncertainty,
    ashrae_uncertainty,
    combine_errors,
    effective_dof,
    fieller_interval,
    join_systematic,
    period_uncertainty,
    predicted_saving,
    ratio_saving_uncertainty,
    ratio_scatter,
    saving_interval,
    scatter_saving,
)

ROOT = Path(__file__).resolve().parents[1]
CSV = ROOT / "docs" / "explanation" / "coverage.csv"
PAGE = ROOT / "docs" / "explanation" / "coverage.md"
DRAWS, SMOKE_DRAWS = 4_000, 100
CONFIDENCE = 0.9
#: Coverage below which a method is called approximate in a scenario.
LEAST = 0.85

#: A stated error: relative size, meaning, kind (as calc.uncertainty takes them).
Error = tuple[float, str, str]


@dataclass(frozen=True)
class Scenario:
    """What a plant and its figures are like. Shares and relative sizes are fractions."""

    title: str
    #: Methods that should cover here; empty where the scenario is built to break methods.
    meant_for: tuple[str, ...]
    months: tuple[int, int] = (12, 12)
    saving: float = 0.06
    #: Part of the baseline use that does not depend on output.
    base: float = 0.4
    #: Output of the reporting period ÷ that of the baseline, and spread of months.
    output: float = 0.9
    spread: float = 0.15
    #: Standard deviation of a month about its expected use ÷ mean baseline use; its correlation.
    noise: float = 0.03
    rho: float = 0.0
    law: str = "normal"
    #: Whether the scatter grows with the output.
    proportional: bool = False
    use_errors: tuple[Error, ...] = ((0.01, "confidence_95", "common"),)
    output_errors: tuple[Error, ...] = ((0.01, "confidence_95", "random"),)
    #: Factor on the use of one baseline month.
    outlier: float = 1.0
    #: Share of a product that takes twice the energy, before and after; nobody records it.
    mix: tuple[float, float] = (0.0, 0.0)
    #: Use grows by this over the whole time without anything being done.
    drift: float = 0.0
    #: Curvature: use per unit of output rises by this per unit of relative output.
    curve: float = 0.0


TOTAL = ("stated",)
RATIOS = ("scatter", "scatter_stated", "fieller_ratio", "bootstrap")
FITS = ("ols", "ols_stated", "fieller_fit", "ar1_stated")
#: Errors of figures when nothing is measured well.
TWO_PERCENT = ((0.02, "confidence_95", "period"),)

SCENARIOS: dict[str, Scenario] = {
    "two_totals": Scenario(
        "Two totals, four figures ± 2 % (95 %)", TOTAL, (1, 1), base=0.0, noise=0.0,
        use_errors=TWO_PERCENT, output_errors=TWO_PERCENT,
    ),
    "two_totals_limits": Scenario(
        "Two totals, ± 3 % as limits", TOTAL, (1, 1), base=0.0, noise=0.0,
        use_errors=((0.03, "limit", "period"),), output_errors=((0.03, "limit", "period"),),
    ),
    "two_totals_scatter": Scenario(
        "Two totals ± 1 % (95 %), the plant itself scatters by 1 % a period", (), (1, 1), base=0.0,
        noise=0.01, use_errors=((0.01, "confidence_95", "period"),),
        output_errors=((0.01, "confidence_95", "period"),),
    ),
    "common_gain": Scenario(
        "Meter gain ± 5 % common, monthly reading errors ± 3 %",
        ("stated", *RATIOS), base=0.0, noise=0.0,
        use_errors=((0.05, "confidence_95", "common"), (0.03, "confidence_95", "random")),
        output_errors=((0.03, "confidence_95", "random"),),
    ),
    "meter_replaced": Scenario(
        "Meter replaced: gain ± 3 % differs between the periods",
        ("scatter_stated", "ols_stated", "ar1_stated"), base=0.0,
        use_errors=((0.03, "confidence_95", "period"),),
    ),
    "no_base_load": Scenario(
        "Use in proportion to output", (*RATIOS, *FITS, "ashrae"), base=0.0, proportional=True,
    ),
    "base_load": Scenario(
        "Base load 40 %, output −30 %", (*FITS, "ar1"), output=0.7,
    ),
    "autocorrelated": Scenario(
        "Autocorrelation 0.5, 12 + 12 months", ("ar1_stated",), rho=0.5,
    ),
    "autocorrelated_24": Scenario(
        "Autocorrelation 0.5, 24 + 12 months", ("ar1", "ar1_stated"), (24, 12), rho=0.5,
    ),
    "mix_unseen": Scenario(
        "Unseen change of mix: 20 → 30 % of a product that takes twice the energy", (),
        mix=(0.2, 0.3),
    ),
    "outlier": Scenario("One baseline month 50 % too high", (), outlier=1.5),
    "heavy_tails": Scenario("Scatter with heavy tails (t, 3)", FITS, law="t3"),
    "skewed": Scenario("Skewed scatter (exponential)", FITS, law="exponential"),
    "proportional": Scenario(
        "Scatter in proportion to output, output −30 %", FITS, output=0.7, proportional=True,
    ),
    "short_baseline": Scenario("6 + 12 months", FITS, (6, 12)),
    "extrapolation": Scenario("Output + 60 %, past all of the baseline", FITS, output=1.6),
    "extrapolation_curved": Scenario(
        "The same, use per unit rises with output", (), output=1.6, curve=0.15,
    ),
    "output_badly_measured": Scenario(
        "Monthly output ± 15 %, base load, output −30 %", (), output=0.7,
        output_errors=((0.15, "confidence_95", "random"),),
    ),
    "drift": Scenario("Use drifts up by 6 % without cause", (), drift=0.06),
    "near_zero": Scenario(
        "Rare use: months scatter by 90 %", ("fieller_ratio",), base=0.0, noise=0.9,
        law="exponential", output=1.0,
    ),
}  # fmt: skip


class Found(NamedTuple):
    """What a method says, one entry a draw."""

    saving: np.ndarray
    low: np.ndarray
    high: np.ndarray
    #: Low end of the interval of 80 %: "shown" where it is at or above the target.
    shown_from: np.ndarray


class Draws(NamedTuple):
    """Figures as recorded, shape (draws, months), and their stated errors."""

    use_0: np.ndarray
    made_0: np.ndarray
    use_1: np.ndarray
    made_1: np.ndarray
    errors: tuple[PeriodUncertainty, ...]
    """Of use_0, made_0, use_1, made_1."""


def scatter(scenario: Scenario, shape: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """Return errors of unit variance, correlated in time."""
    if scenario.law == "t3":
        fresh = random.standard_t(3, shape) / np.sqrt(3.0)
    elif scenario.law == "exponential":
        fresh = random.exponential(1.0, shape) - 1.0
    else:
        fresh = random.standard_normal(shape)
    if not scenario.rho:
        return fresh
    found = np.empty(shape)
    found[:, 0] = fresh[:, 0]
    for month in range(1, shape[1]):
        found[:, month] = (
            scenario.rho * found[:, month - 1]
            + np.sqrt(1 - scenario.rho**2) * fresh[:, month]
        )  # fmt: skip
    return found


def mistakes(
    errors: tuple[Error, ...], periods: tuple[int, int], draws: int, random: np.random.Generator
) -> list[np.ndarray]:
    """Return factors on the figures of the two periods."""
    factors = [np.ones((draws, months)) for months in periods]
    for size, meaning, kind in errors:

        def drawn(months: int, size: float = size, meaning: str = meaning) -> np.ndarray:
            if meaning == "limit":
                return size * random.uniform(-1, 1, (draws, months))
            divisor = 1.96 if meaning == "confidence_95" else 1.0
            return size / divisor * random.standard_normal((draws, months))

        both = drawn(1)
        for period, months in enumerate(periods):
            own = both if kind == "common" else drawn(months if kind == "random" else 1)
            factors[period] = factors[period] * (1 + own)
    return factors


def stated(amounts: np.ndarray, errors: tuple[Error, ...]) -> PeriodUncertainty:
    return combine_errors(*(period_uncertainty(amounts, *error) for error in errors))


def simulate(scenario: Scenario, draws: int, random: np.random.Generator) -> Draws:
    """Draw plants of a scenario."""
    months = sum(scenario.months)
    late = np.arange(months) >= scenario.months[0]
    output = np.maximum(1 + scenario.spread * random.standard_normal((draws, months)), 0.2)
    output = output * np.where(late, scenario.output, 1.0)
    heavy = np.where(late, scenario.mix[1], scenario.mix[0])
    per_unit = (1 - scenario.base) * (1 + heavy) * (1 + scenario.curve * (output - 1))
    noise = scenario.noise * scatter(scenario, (draws, months), random)
    if scenario.proportional:
        noise = noise * output
    drift = 1 + scenario.drift * np.arange(months) / (months - 1)
    use = (scenario.base + per_unit * output) * drift
    use = np.where(late, 1 - scenario.saving, 1.0) * use + noise
    use[np.arange(draws), random.integers(0, scenario.months[0], draws)] *= scenario.outlier
    use = np.maximum(use, 0.0)
    true = [(use[:, ~late], use[:, late]), (output[:, ~late], output[:, late])]
    (use_0, use_1), (made_0, made_1) = (
        [figure * factor for figure, factor in
         zip(pair, mistakes(errors, scenario.months, draws, random), strict=True)]
        for pair, errors in zip(true, (scenario.use_errors, scenario.output_errors), strict=True)
    )  # fmt: skip
    known = tuple(
        stated(amounts, errors)
        for amounts, errors in (
            (use_0, scenario.use_errors), (made_0, scenario.output_errors),
            (use_1, scenario.use_errors), (made_1, scenario.output_errors),
        )
    )  # fmt: skip
    return Draws(use_0, made_0, use_1, made_1, known)


def symmetric(saving: np.ndarray, sd: np.ndarray, dof: Any = np.inf) -> Found:
    wide, narrow = (saving_interval(saving, sd, level, dof) for level in (CONFIDENCE, 0.8))
    return Found(saving, wide.low, wide.high, narrow.low)


def plain_ratio(data: Draws) -> np.ndarray:
    before = data.use_0.sum(-1) / data.made_0.sum(-1)
    found: np.ndarray = 1 - data.use_1.sum(-1) / data.made_1.sum(-1) / before
    return found


def shared_sd(data: Draws, saving: np.ndarray) -> np.ndarray:
    """Return the part of the spread that months do not show: errors shared by a whole period."""
    shared = [each._replace(random=0.0) for each in data.errors]
    return np.asarray(ratio_saving_uncertainty(saving, *shared))


def by_stated(data: Draws) -> Found:
    saving = plain_ratio(data)
    return symmetric(saving, ratio_saving_uncertainty(saving, *data.errors))


def by_scatter(data: Draws) -> Found:
    found = scatter_saving(*data[:4])
    return symmetric(found.saving, found.sd, found.dof)


def by_scatter_and_stated(data: Draws) -> Found:
    found = scatter_saving(*data[:4])
    return symmetric(
        found.saving, *join_systematic(found.sd, found.dof, shared_sd(data, found.saving))
    )


def both_levels(interval: Callable[[float], Any], saving: np.ndarray) -> Found:
    wide, narrow = interval(CONFIDENCE), interval(0.8)
    return Found(saving, wide.low, wide.high, narrow.low)


def by_fieller_ratio(data: Draws) -> Found:
    before, after = ratio_scatter(*data[:2]), ratio_scatter(*data[2:4])
    dof = scatter_saving(*data[:4]).dof
    return both_levels(
        lambda level: fieller_interval(
            before.ratio, after.ratio, before.ratio * before.relative_sd,
            after.ratio * after.relative_sd, 0.0, level, dof,
        ),
        plain_ratio(data),
    )  # fmt: skip


def by_bootstrap(data: Draws) -> Found:
    return both_levels(lambda level: bootstrap_ratio(*data[:4], confidence=level, seed=1),
                       plain_ratio(data))  # fmt: skip


def by_percentiles(data: Draws) -> Found:
    return both_levels(
        lambda level: bootstrap_ratio(*data[:4], confidence=level, seed=1, expanded=False),
        plain_ratio(data),
    )


class Predicted(NamedTuple):
    """Savings against the adjusted baselines of a fit."""

    expected: np.ndarray
    saving: np.ndarray
    sd: np.ndarray
    fit_variance: np.ndarray
    scatter_variance: np.ndarray
    fit: LinearFit


def predicted(data: Draws, fit: LinearFit) -> Predicted:
    months = data.made_1.shape[1]
    sums = np.stack([np.full(len(data.made_1), float(months)), data.made_1.sum(-1)], axis=-1)
    expected = np.vecdot(fit.coefficients, sums)
    whole = prediction_variance(fit, sums, months)
    own = np.einsum("ij,ijk,ik->i", sums, fit.covariance, sums)
    saving, sd, _ = predicted_saving(expected, data.use_1.sum(-1), own, whole - own)
    return Predicted(expected, saving, sd, own, whole - own, fit)


def ordinary(data: Draws) -> Predicted:
    return predicted(data, fit_linear(data.use_0, data.made_0[..., None]))


def by_ols(data: Draws) -> Found:
    found = ordinary(data)
    return symmetric(found.saving, found.sd, found.fit.dof)


def by_ols_and_stated(data: Draws) -> Found:
    found = ordinary(data)
    return symmetric(
        found.saving, *join_systematic(found.sd, found.fit.dof, shared_sd(data, found.saving))
    )


def by_ar1(data: Draws) -> Found:
    found = predicted(data, fit_autoregressive(data.use_0, data.made_0[..., None]))
    return symmetric(found.saving, found.sd, found.fit.dof)


def by_ar1_and_stated(data: Draws) -> Found:
    rho = fit_autoregressive(data.use_0, data.made_0[..., None]).rho
    # A correlation below 0 would narrow, and in a dozen months it is mostly chance.
    fit = fit_autoregressive(data.use_0, data.made_0[..., None], rho=np.maximum(rho, 0.0))
    found = predicted(data, fit)
    dof = effective_dof(fit.n, fit.rho)
    return symmetric(found.saving, *join_systematic(found.sd, dof, shared_sd(data, found.saving)))


def by_fieller_fit(data: Draws) -> Found:
    found = ordinary(data)
    return both_levels(
        lambda level: fieller_interval(
            found.expected, data.use_1.sum(-1), np.sqrt(found.fit_variance),
            np.sqrt(found.scatter_variance), 0.0, level, found.fit.dof,
        ),
        found.saving,
    )  # fmt: skip


def by_ashrae(data: Draws, kind: str = "guideline_14") -> Found:
    found = ordinary(data)
    n, m = data.use_0.shape[1], data.use_1.shape[1]
    known = ashrae_uncertainty(
        found.fit.cv_rmse, n, m, found.saving, rho=found.fit.autocorrelation, kind=kind
    )
    return symmetric(found.saving, known.sd, known.dof)


def by_sun_baltazar(data: Draws) -> Found:
    return by_ashrae(data, "sun_baltazar_monthly")


METHODS: dict[str, tuple[str, Callable[[Draws], Found]]] = {
    "stated": ("Ratio, stated errors", by_stated),
    "scatter": ("Ratio, scatter of months", by_scatter),
    "scatter_stated": ("Ratio, scatter and stated errors", by_scatter_and_stated),
    "fieller_ratio": ("Ratio, scatter, Fieller", by_fieller_ratio),
    "bootstrap": ("Ratio, bootstrap, expanded", by_bootstrap),
    "percentiles": ("Ratio, bootstrap, plain percentiles", by_percentiles),
    "ols": ("Regression, least squares", by_ols),
    "ols_stated": ("Regression and stated errors", by_ols_and_stated),
    "ar1": ("Regression, AR(1)", by_ar1),
    "ar1_stated": (
        "Regression, AR(1) not below 0, effective freedom, and stated errors",
        by_ar1_and_stated,
    ),
    "fieller_fit": ("Regression, Fieller", by_fieller_fit),
    "ashrae": ("ASHRAE Guideline 14", by_ashrae),
    "sun_baltazar": ("ASHRAE, Sun and Baltazar", by_sun_baltazar),
}

#: Used unless the user names another: by what the data are.
DEFAULTS = {
    "two totals": "stated",
    "months, no base load": "scatter_stated",
    "months, base load": "ar1_stated",
}


def applicable(scenario: Scenario) -> list[str]:
    """Return the methods that the data of a scenario allow: two totals have no scatter."""
    return list(METHODS) if min(scenario.months) > 2 else ["stated"]


def rows(draws: int) -> Iterator[dict[str, Any]]:
    """Measure every method in every scenario."""
    for number, (name, scenario) in enumerate(SCENARIOS.items()):
        data = simulate(scenario, draws, np.random.default_rng([2384, number]))
        true = scenario.saving
        for method in applicable(scenario):
            found = METHODS[method][1](data)
            covered = (found.low <= true) & (true <= found.high)
            half = (found.high - found.low) / 2
            bounded = np.isfinite(half)
            coverage = float(covered.mean())
            yield {
                "method": method,
                "scenario": name,
                "meant_for": "yes" if method in scenario.meant_for else "no",
                "draws": draws,
                "coverage": round(coverage, 4),
                "half_width_points": round(100 * float(half[bounded].mean()), 3),
                "median_half_width_points": round(100 * float(np.nanmedian(half)), 3),
                "bias_points": round(100 * float(np.nanmedian(found.saving) - true), 3),
                "false_shown": round(float((found.shown_from > true).mean()), 4),
                "unbounded": round(float(1 - bounded.mean()), 4),
                "label": "approximate" if coverage < LEAST else "covers",
            }


def as_csv(found: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def as_table(found: list[dict[str, Any]]) -> str:
    """Return the coverage of every method in every scenario as Markdown, approximate in italics."""
    cells = {(str(row["scenario"]), str(row["method"])): row for row in found}
    lines = ["| Scenario | " + " | ".join(f"`{name}`" for name in METHODS) + " |",
             "|---|" + "---|" * len(METHODS)]  # fmt: skip

    def cell(scenario: str, method: str) -> str:
        row = cells.get((scenario, method))
        if row is None:
            return "–"
        text = f"{100 * float(row['coverage']):.0f}"
        if row["label"] == "approximate":
            return f"*{text}*"
        return f"**{text}**" if row["meant_for"] == "yes" else text

    for name, scenario in SCENARIOS.items():
        shown = " | ".join(cell(name, method) for method in METHODS)
        lines.append(f"| {scenario.title} | {shown} |")
    return "\n".join(lines)


def store(found: list[dict[str, Any]]) -> None:
    """Write the CSV and put the table into the page."""
    CSV.write_text(as_csv(found), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split("<!-- coverage: begin -->\n")
    _, tail = rest.split("<!-- coverage: end -->")
    PAGE.write_text(
        f"{head}<!-- coverage: begin -->\n{as_table(found)}\n<!-- coverage: end -->{tail}",
        encoding="utf-8",
    )


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="few draws")
    parser.add_argument("--store", action="store_true", help="write what the page shows")
    wanted = parser.parse_args()
    found = list(rows(SMOKE_DRAWS if wanted.smoke else DRAWS))
    print(as_csv(found), end="")
    if wanted.json:
        wanted.json.write_text(json.dumps({"rows": found}, indent=2), encoding="utf-8")
    if wanted.store:
        store(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
