"""How far off the totals of a period may be, by class: as stated row by row, else by quality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.figure_errors import figure_errors
from sxsh_audit.calc.calendar import overlap_days
from sxsh_audit.calc.error_classes import PeriodUncertainty, standard_uncertainty
from sxsh_audit.tables.columns import NO_DAY
from sxsh_audit.tables.study import PHASES, Study, phase_days

__all__ = ["CLASSES", "figure_uncertainty", "inside", "of_phase"]

CLASSES = ("random", "period", "common")


def figure_uncertainty(
    study: Study, table: pd.DataFrame, keys: Sequence[str], value: str
) -> pd.DataFrame:
    """Relative standard uncertainty of each total, by class.

    Parameters
    ----------
    study : Study
        Its settings say when the phases are.
    table : DataFrame
        Checked rows with ``phase, start, end, quality, error, error_meaning, error_kind``.
    keys : sequence of str
        Columns of the whole: plant and resource, or plant.
    value : str
        Column that is added up [canonical unit].

    Returns
    -------
    DataFrame
        Indexed by the keys, columns ``<class>_<phase>`` [1], and ``stated`` (whether any row
        states its own error). nan where the quality of a row is not known either.

    Notes
    -----
    Random errors in quadrature, those of the period and common ones as they add up: see
    :func:`~sxsh_audit.calc.error_classes.period_uncertainty`, of which this is the form for
    long tables.
    """
    shipped = figure_errors()
    stated = table["error"].notna().to_numpy()
    sizes = np.where(stated, table["error"], table["quality"].map(
        {name: fact.size for name, fact in shipped.items()}).astype(float))  # fmt: skip
    def told(column: str, fact: str) -> np.ndarray[Any, Any]:
        by_quality = table["quality"].map(
            {name: getattr(entry, fact) for name, entry in shipped.items()}).fillna("")  # fmt: skip
        return np.where(stated, table[column], by_quality).astype(str)

    meanings, kinds = told("error_meaning", "meaning"), told("error_kind", "kind")
    usable = (meanings != "") & (kinds != "")
    sd = np.full(len(table), np.nan)
    sd[usable] = standard_uncertainty(sizes[usable], meanings[usable])
    amount = table[value].abs().to_numpy(float)
    frames = []
    for phase in PHASES:
        part = inside(study, table, phase)
        share = amount * part
        rows = table[list(keys)].assign(amount=share)
        for name in CLASSES:
            error = np.where(usable & (kinds == name), share * sd, np.where(usable, 0.0, np.nan))
            rows[name] = error**2 if name == "random" else error
        rows = rows[(part > 0) & table[value].notna().to_numpy()]
        sums = _whole_sums(rows, keys)
        # A relative error of nothing is none: it scales a use of 0.
        total = sums["amount"].where(sums["amount"] > 0, 1.0)
        sums["random"] = np.sqrt(sums["random"])
        frames.append(sums[list(CLASSES)].div(total, axis=0).add_suffix(f"_{phase}"))
    found = pd.concat(frames, axis=1)
    said = pd.Series(stated, table.index).groupby([table[key] for key in keys]).any()
    return found.join(said.rename("stated"))


def _whole_sums(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Add up by key; what is not known in a row is not known of its sum."""
    grouped = rows.groupby(list(keys))
    sums = grouped[["amount", *CLASSES]].sum()
    gaps = rows[list(CLASSES)].isna().any(axis=1).groupby([rows[key] for key in keys]).any()
    for name in CLASSES:
        sums[name] = sums[name].mask(gaps)
    return sums


def inside(study: Study, table: pd.DataFrame, phase: str) -> np.ndarray[Any, Any]:
    """Return the part of each row that lies in a phase [1].

    Parameters
    ----------
    study : Study
        Its settings say when the phases are.
    table : DataFrame
        Checked rows.
    phase : {"baseline", "reporting"}
        Which one.
    """
    named = (table["phase"] == phase).to_numpy()
    days = phase_days(study.settings, phase)
    start, end = table["start"].to_numpy(), table["end"].to_numpy()
    dated = start != NO_DAY
    if days is None:
        return np.asarray(np.where(named, 1.0, 0.0))
    length = np.where(dated, end - start + 1, 1)
    part = np.where(dated, overlap_days(start, end, *days) / length, 0.0)
    return np.asarray(np.where(named & ~dated, 1.0, part))


def of_phase(frame: pd.DataFrame, phase: str) -> PeriodUncertainty:
    """Return the uncertainties of a phase as the arithmetic takes them."""
    return PeriodUncertainty(*(frame[f"{name}_{phase}"].to_numpy(float) for name in CLASSES))
