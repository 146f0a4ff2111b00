"""Savings against baselines that are stated: a base load beside the ratio, or one handed in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.candidates import bent
from sxsh_audit.assessment.baselines.comparing import (
    SCATTER_ROWS,
    FigureErrors,
    Model,
    forecast,
    joined,
    model_of,
    own_errors,
    put,
    rows_like,
)
from sxsh_audit.assessment.baselines.series import Packed, Series
from sxsh_audit.assessment.baselines.terms import Judging
from sxsh_audit.calc.baseline import Baseline
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.calc.regression import LinearFit
from sxsh_audit.tables.study import PHASES

__all__ = ["base_loads", "given_baselines"]


def base_loads(
    table: pd.DataFrame, variances: pd.DataFrame, models: dict[int, Model], chosen: pd.DataFrame,
    rows: pd.DataFrame, packed: tuple[Packed, Packed], errors: FigureErrors, added: Floats,
    judging: Judging, months: tuple[float, float],
) -> None:
    """Compare by the ratio with a stated base load, from intervals known in both periods.

    Where there are totals alone, by these: periods without dates are taken as a year each.

    Parameters
    ----------
    table, variances, models : DataFrame, DataFrame, dict
        What is written to.
    chosen : DataFrame
        Kinds that were chosen.
    rows : DataFrame
        Plain ratios of the pairs.
    packed : pair of Packed
        Intervals of both periods.
    errors : FigureErrors
        Errors of the four totals.
    added : array
        Non-routine amounts. [unit]
    judging : Judging
        The base loads.
    months : tuple of float
        Lengths of both periods. [month]
    """
    for pair in np.flatnonzero((chosen["kind"] == "base_load_ratio").to_numpy()):
        load = judging.base_load.get(str(rows["resource"].iloc[pair]))
        if load is None:
            continue
        sums = []
        for side in packed:
            known = ~np.isnan(side.use[pair]) & ~np.isnan(side.drivers[pair, :, 0])
            sums.append([side.use[pair, known], side.drivers[pair, known, 0],
                         side.length[pair, known]])  # fmt: skip
        n, m = len(sums[0][0]), len(sums[1][0])
        if not n or not m:
            sums = [[np.array([float(rows[f"{name}_{phase}"].iloc[pair])]) for name in (
                "use", "output")] + [np.array([span])] for phase, span in zip(
                PHASES, months, strict=True)]  # fmt: skip
        (u, q, length), (v, made, span) = sums
        if not q.sum() > 0:
            continue
        share = load.share * u.sum() / length.sum()
        base = float(load.amount if np.isnan(share) else share)
        slope = (u.sum() - base * length.sum()) / q.sum()
        left = u - base * length - slope * q
        sigma2 = float(left @ left) / (n - 1) if n > 1 else 0.0
        expected = base * span.sum() + slope * made.sum() + added[pair]
        relative = n * sigma2 / u.sum() ** 2
        row = float(length.mean())
        like = int(rows_like(span.sum(), row, len(v)))
        at = np.array([pair])
        own = own_errors(np.array([1 - v.sum() / expected]), errors, at, n < SCATTER_ROWS,
                         slope * made.sum() / expected)  # fmt: skip
        found, parts = joined(
            np.array([expected]), np.array([v.sum()]),
            np.array([relative * (expected - added[pair]) ** 2]),
            np.array([sigma2 * like]), (max(n - 1, 1), max(n - 1, 1)), own, one_scatter=True,
        )  # fmt: skip
        put(table, variances, at, found, parts, (n, m), np.sqrt(relative))
        coefficients = np.array([base, slope])
        models[int(pair)] = Model(
            coefficients, (OUTPUT,), np.nan, relative * np.outer(coefficients, coefficients),
            float(np.sqrt(sigma2)), 0.0, max(n - 1, 1), row=row)  # fmt: skip


def given_baselines(
    table: pd.DataFrame, variances: pd.DataFrame, models: dict[int, Model], chosen: pd.DataFrame,
    series: Series, packed: tuple[Packed, Packed], errors: FigureErrors, added: Floats,
    judging: Judging,
) -> None:
    """Compare with baselines that were fitted before and handed in.

    Parameters
    ----------
    table, variances, models : DataFrame, DataFrame, dict
        What is written to.
    chosen : DataFrame
        Kinds that were chosen.
    series : Series
        Use, output and drivers by interval.
    packed : pair of Packed
        Intervals of both periods.
    errors : FigureErrors
        Errors of the four totals.
    added : array
        Non-routine amounts. [unit]
    judging : Judging
        The baselines.
    """
    for pair in np.flatnonzero((chosen["why"] == "given").to_numpy()):
        resource = str(series.pairs["resource"].iloc[pair])
        baseline: Baseline = judging.given_for(resource)  # type: ignore[assignment]
        plant = str(series.pairs["facility"].iloc[pair])
        slot_of = {OUTPUT: OUTPUT, **{name: slot for slot, name in series.names[plant].items()}}
        slots = tuple(slot_of[name] for name in baseline.drivers)
        where = [series.slots.index(slot) for slot in slots]
        x = packed[1].drivers[[pair]][..., where]
        if baseline.change_point is not None:
            x = bent(x, packed[1].length[[pair]], baseline.change_point, baseline.side)
        after = np.concatenate([packed[1].length[[pair]][..., None], x], axis=-1)
        unknown = np.isnan(packed[1].use[[pair]]) | np.isnan(after).any(axis=-1)
        after = np.where(unknown[..., None], np.nan, after)
        size = len(baseline.coefficients)
        covariance = np.array(baseline.covariance) if baseline.covariance else np.full(
            (size, size), np.nan)  # fmt: skip
        none = np.array([np.nan])
        fit = LinearFit(
            np.array([baseline.coefficients]), covariance[None],
            np.array([np.nan if baseline.sigma is None else baseline.sigma]),
            np.array([baseline.dof]), np.array([baseline.n]), none, none, none, none, none, none,
            none, none, none, np.array([True]), np.array([baseline.rho]),
        )  # fmt: skip
        at = np.array([pair])
        row = baseline.length / baseline.n if baseline.n else np.nan
        found, parts, n, sd = forecast(fit, after, packed[1].use[at], added[at], errors, at, slots,
                                       row)  # fmt: skip
        put(table, variances, at, found, parts, (baseline.n, n), sd)
        point = np.nan if baseline.change_point is None else baseline.change_point
        models[int(pair)] = model_of(fit, 0, slots, point, row)._replace(side=baseline.side)
