"""Which baselines the data of a plant allow, and why not the others.

Every candidate of every plant and resource is fitted at once, by the shape of its drivers; what
is checked is the same for all of them and stands in :data:`LIMITS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.baselines.series import Packed, Series
from sxsh_audit.calc.change_point import fit_change_point, past_change_point
from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.calc.regression import LinearFit, fit_linear

__all__ = [
    "LIMITS",
    "MOST_SEARCHED",
    "REASONS",
    "Candidate",
    "bent",
    "candidate_table",
    "candidates_of",
    "named",
    "rule_choice",
]

LIMITS: Mapping[str, float] = {
    "points": 12,
    "f_p": 0.1,
    "p": 0.2,
    "best_p": 0.1,
    "r2": 0.5,
    "cv_rmse": 0.25,
    "spreads": 3.0,
    "gain_p": 0.05,
}
"""What a regression must keep: rows; p of the whole, of each driver and of the best one; R² and
CV(RMSE) (Superior Energy Performance as VERIFI applies it; ASHRAE Guideline 14 for the last);
standard deviations that the mean of the reporting period may lie beyond the baseline's range;
p of the gain of a change point over a straight line (ours)."""

REASONS = (
    "few_points", "no_spread", "weak_fit", "low_r2", "scatter", "weak_driver", "no_strong_driver",
    "negative_slope", "negative_base", "no_reporting", "extrapolation", "no_gain",
)  # fmt: skip
"""Codes of what a candidate can break."""
CHANGE_POINT_ROWS = 15
"""Rows from which a change point is looked for: it costs two parameters more than a mean."""
MOST_SEARCHED = 2000
"""Pairs up to which change points are looked for one by one."""


class Candidate(NamedTuple):
    """One kind of baseline with its drivers, fitted for the pairs that have them."""

    kind: str
    slots: tuple[str, ...]
    pairs: np.ndarray[Any, np.dtype[np.intp]]
    """Positions of the pairs that have the drivers."""
    fit: LinearFit
    points: Floats
    """Change points; nan for a straight line."""
    before: Floats
    """Rows of the baseline as the coefficients multiply them, shape (pairs, n, p)."""
    after: Floats
    """Rows of the reporting period."""
    reasons: list[list[dict[str, Any]]]
    """Why it does not apply, per pair; nothing where it does."""


@dataclass(frozen=True)
class _Data:
    series: Series
    baseline: Packed
    reporting: Packed

    def columns(self, pairs: Any, slots: tuple[str, ...]) -> tuple[Floats, Floats]:
        where = [self.series.slots.index(slot) for slot in slots]
        return (self.baseline.drivers[pairs][..., where],
                self.reporting.drivers[pairs][..., where])  # fmt: skip


def candidates_of(series: Series) -> list[Candidate]:
    """Fit every regression that the drivers of the plants allow.

    Parameters
    ----------
    series : Series
        Use, output and drivers by interval.

    Returns
    -------
    list of Candidate
        Straight lines and planes first, then change points.
    """
    data = _Data(series, series.packed("baseline"), series.packed("reporting"))
    found: list[Candidate] = []
    if not data.baseline.use.shape[1]:  # totals alone
        return found
    for slots in _combinations(series.slots):
        pairs = _having(series, slots)
        if len(pairs):
            found.append(_fitted(data, "regression", pairs, slots))
    if 0 < len(series.pairs) <= MOST_SEARCHED:
        known = ~np.isnan(data.baseline.use) & ~np.isnan(data.baseline.drivers[..., 0])
        long = np.flatnonzero(known.sum(axis=1) >= CHANGE_POINT_ROWS)
        if len(long):
            found.append(_fitted(data, "change_point", long, (OUTPUT,)))
    return found


def _combinations(slots: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Drivers of the regressions: output, or the single products, with up to two drivers more."""
    products = [slot for slot in slots if slot.startswith("product_")]
    drivers = [slot for slot in slots if slot.startswith("driver_")]
    more = [(), *((one,) for one in drivers),
            *((a, b) for i, a in enumerate(drivers) for b in drivers[i + 1 :])]  # fmt: skip
    for extra in more:
        yield (OUTPUT, *extra)
    for count in range(2, len(products) + 1):
        for extra in more:
            yield (*products[:count], *extra)


def _having(series: Series, slots: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Pairs whose plant has just these products, if any, and at least these drivers."""
    products = {slot for slot in slots if slot.startswith("product_")}
    wanted = {slot for slot in slots if slot.startswith("driver_")}
    plants = {
        plant for plant, named in series.names.items()
        if wanted <= named.keys()
        and (not products or products == {n for n in named if n.startswith("product_")})
    }  # fmt: skip
    return np.flatnonzero(series.pairs["facility"].isin(plants).to_numpy())


def _fitted(
    data: _Data, kind: str, pairs: np.ndarray[Any, np.dtype[np.intp]], slots: tuple[str, ...]
) -> Candidate:
    x, later = data.columns(pairs, slots)
    use, length = data.baseline.use[pairs], data.baseline.length[pairs]
    points, gain = np.full(len(pairs), np.nan), np.full(len(pairs), np.nan)
    raw, raw_later = x, later
    if kind == "change_point":
        turn = fit_change_point(use / length, x[..., 0] / length)  # a bill by its month
        points, gain = np.asarray(turn.change_point), np.asarray(turn.gain_p)
        x = bent(x, length, points[:, None, None])
        later = bent(later, data.reporting.length[pairs], points[:, None, None])
    fit = fit_linear(use, x, length)
    before = np.concatenate([length[..., None], x], axis=-1)
    after = np.concatenate([data.reporting.length[pairs][..., None], later], axis=-1)
    unknown = np.isnan(data.reporting.use[pairs]) | np.isnan(after).any(axis=-1)
    after = np.where(unknown[..., None], np.nan, after)
    before = np.where((np.isnan(use) | np.isnan(before).any(axis=-1))[..., None], np.nan, before)
    # By the month: a bill of two months is no output beyond that of one.
    later_length = data.reporting.length[pairs][..., None]
    reasons = _reasons(data.series, pairs, slots, fit, gain,
                       np.where(unknown[..., None], np.nan, raw_later / later_length),
                       raw / length[..., None])  # fmt: skip
    return Candidate(kind, slots, pairs, fit, points, before, after, reasons)


def bent(x: Floats, length: Floats, point: Any, side: str = "above") -> Floats:
    """Part of a driver past a change point that is told by the month, shape of `x`."""
    months = length[..., None]
    return np.asarray(past_change_point(x / months, point, side) * months)  # type: ignore[arg-type]


def _reasons(
    series: Series, pairs: Any, slots: tuple[str, ...], fit: LinearFit, gain: Floats,
    later: Floats, x: Floats,
) -> list[list[dict[str, Any]]]:
    """Say for each pair which limits the candidate breaks."""
    plants = series.pairs["facility"].to_numpy()[pairs]
    out: list[list[dict[str, Any]]] = [[] for _ in pairs]

    def say(code: str, wrong: Any, slot: str = "", **numbers: Any) -> None:
        for i in np.flatnonzero(wrong):
            told = {key: _plain(np.asarray(value)[i]) if np.ndim(value) else value
                    for key, value in numbers.items()}  # fmt: skip
            if slot:
                told["driver"] = series.names[str(plants[i])].get(slot, slot)
            out[i].append({"code": code, **told})

    n, ok = np.asarray(fit.n), np.asarray(fit.rank_ok, bool) & (np.asarray(fit.dof) > 0)
    enough = n >= LIMITS["points"]
    say("few_points", ~enough, n=n, least=int(LIMITS["points"]))
    judged = enough & ok
    say("no_spread", enough & ~ok)
    with np.errstate(invalid="ignore"):
        say("weak_fit", judged & ~(fit.f_p <= LIMITS["f_p"]), p=fit.f_p, limit=LIMITS["f_p"])
        say("low_r2", judged & ~(fit.r2 >= LIMITS["r2"]), r2=fit.r2, limit=LIMITS["r2"])
        say("scatter", judged & ~(fit.cv_rmse <= LIMITS["cv_rmse"]), cv=fit.cv_rmse,
            limit=LIMITS["cv_rmse"])  # fmt: skip
        b, p = fit.coefficients, fit.p
        say("negative_base", judged & (b[:, 0] < 0) & (p[:, 0] < LIMITS["best_p"]), p=p[:, 0])
        for k, slot in enumerate(slots, start=1):
            say("weak_driver", judged & ~(p[:, k] <= LIMITS["p"]), slot, p=p[:, k],
                limit=LIMITS["p"])  # fmt: skip
            if not slot.startswith("driver_"):
                say("negative_slope", judged & (b[:, k] < 0), slot)
        if len(slots) > 1:
            best = p[:, 1:].min(axis=1)
            say("no_strong_driver", judged & ~(best < LIMITS["best_p"]) & (best <= LIMITS["p"]),
                p=best)  # fmt: skip
        rows = (~np.isnan(later).any(axis=-1)).sum(axis=-1)
        say("no_reporting", judged & (rows == 0))
        for k, slot in enumerate(slots):
            _beyond(say, judged & (rows > 0), slot, x[..., k], later[..., k])
        if not np.isnan(gain).all():
            say("no_gain", judged & ~(gain <= LIMITS["gain_p"]), p=gain, limit=LIMITS["gain_p"])
    return out


def _beyond(say: Any, judged: Any, slot: str, x: Floats, later: Floats) -> None:
    """Tell where the mean of the reporting period lies beyond what the baseline has seen."""
    from warnings import catch_warnings, simplefilter

    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)  # pairs without any known row
        low, high = np.nanmin(x, axis=1), np.nanmax(x, axis=1)
        mean, spread = np.nanmean(x, axis=1), np.nanstd(x, axis=1, ddof=1)
        now = np.nanmean(later, axis=1)
    inside = (now >= low) & (now <= high)
    near = np.abs(now - mean) <= LIMITS["spreads"] * spread
    say("extrapolation", judged & ~inside & ~near, slot, mean=now, low=low, high=high)


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not np.isfinite(value) else value


def rule_choice(found: list[Candidate], count: int) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Position of the candidate that our rule takes for each pair; −1 for none of them.

    Parameters
    ----------
    found : list of Candidate
        What was fitted.
    count : int
        Pairs.

    Returns
    -------
    array of int, shape (pairs,)

    Notes
    -----
    Among those that break no limit, the highest adjusted R²; of equal ones the first, which has
    the fewest drivers.
    """
    best, taken = np.full(count, -np.inf), np.full(count, -1)
    for number, candidate in enumerate(found):
        fine = np.array([not reasons for reasons in candidate.reasons], dtype=bool)
        quality = np.where(fine, candidate.fit.adjusted_r2, -np.inf)
        better = quality > best[candidate.pairs] + 1e-12
        best[candidate.pairs[better]] = quality[better]
        taken[candidate.pairs[better]] = number
    return taken


def named(series: Series, facility: str, slots: tuple[str, ...]) -> list[str]:
    """Names of drivers as the study calls them."""
    own = series.names.get(facility, {})
    return [own.get(slot, slot) for slot in slots]


def candidate_table(
    series: Series, found: list[Candidate], chosen: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per plant, resource and kind of baseline that was looked at.

    Parameters
    ----------
    series : Series
        Whose names the drivers have.
    found : list of Candidate
        What was fitted.
    chosen : DataFrame
        Indexed like the pairs, with ``number``, the candidate that was taken (−1 for none).
    """
    frames = []
    taken = chosen["number"].to_numpy()
    for number, candidate in enumerate(found):
        fit, pairs = candidate.fit, candidate.pairs
        plants = series.pairs["facility"].to_numpy()[pairs]
        known = np.asarray(fit.rank_ok, bool)
        names = {plant: named(series, plant, candidate.slots) for plant in dict.fromkeys(plants)}
        figures = {name: _listed(np.asarray(getattr(fit, name), float)) for name in (
            "r2", "adjusted_r2", "cv_rmse", "f_p", "autocorrelation", "sigma")}  # fmt: skip
        lists = {name: [row if fine else [] for row, fine in zip(
            _listed(np.asarray(values, float)), known, strict=True)] for name, values in (
            ("coefficients", fit.coefficients), ("standard_errors", fit.se), ("p", fit.p))}
        frames.append(pd.DataFrame({
            "facility": plants, "resource": series.pairs["resource"].to_numpy()[pairs],
            "kind": candidate.kind, "drivers": [names[plant] for plant in plants],
            "applicable": [not reasons for reasons in candidate.reasons],
            "chosen": taken[pairs] == number, "reasons": candidate.reasons,
            "n": np.asarray(fit.n).astype(int), **_objects(figures),
            **_objects({"change_point": _listed(candidate.points), **lists}),
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _listed(values: Floats) -> list[Any]:
    """Return figures as nested lists of plain types; None where they are not known."""
    found = values.astype(object)
    found[~np.isfinite(values)] = None
    listed: list[Any] = found.tolist()
    return listed


def _objects(columns: Mapping[str, list[Any]]) -> dict[str, pd.Series]:
    return {name: pd.Series(values, dtype=object) for name, values in columns.items()}
