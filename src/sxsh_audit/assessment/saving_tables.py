"""The tables of savings: specific consumption, saving, status, groups and overall result.

One function for one plant and for a hundred thousand: :func:`sxsh_audit.assess` and
:class:`~sxsh_audit.assessment.many.plan.Plan` both take their figures from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import cells_of, match
from sxsh_audit.assessment.energy import energy_factors
from sxsh_audit.assessment.intensities import intensity_table
from sxsh_audit.assessment.overall import group_table, verdict_table
from sxsh_audit.assessment.prices import KEYS, baseline_prices
from sxsh_audit.assessment.target import Target
from sxsh_audit.calc.savings import absolute_saving, saving_fraction
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.schema import known_resources
from sxsh_audit.tables.study import Study

__all__ = ["SAVINGS_COLUMNS", "SavingTables", "saving_tables"]

SAVINGS_COLUMNS = (
    "facility", "resource", "category", "counted", "unit", "output_unit",
    "use_baseline", "output_baseline", "baseline", "use_reporting", "output_reporting",
    "reporting", "saving", "status", "low", "high", "absolute_saving",
    "price", "price_source", "money_saving", "energy_factor", "energy_unit", "energy_saving",
    "months_baseline", "of_months_baseline", "months_reporting", "of_months_reporting",
    "quality", "output_quality", "measured", "purchases_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavingTables:
    """What is known of the savings of a study.

    Parameters
    ----------
    savings, groups, verdict : DataFrame
        One row per plant and resource, plant and group, plant.
    prices : DataFrame
        Baseline price of each plant and resource.
    intensities : DataFrame or None
        Use and output behind the savings; None without any consumption.
    energy_unit : str
        Unit of the energy totals; empty without a factor set.
    findings : list of Finding
        What was seen on the way.
    """

    savings: pd.DataFrame
    groups: pd.DataFrame
    verdict: pd.DataFrame
    prices: pd.DataFrame
    intensities: pd.DataFrame | None
    energy_unit: str
    findings: list[Finding]


def saving_tables(
    study: Study, target: Target, factor_set: str, language: Language = "vi"
) -> SavingTables:
    """Work out the savings of a study and judge them.

    Parameters
    ----------
    study : Study
        Checked records of one plant or of many.
    target : Target
        What they are judged by.
    factor_set : str
        Factor set of the energy totals; empty for none.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    SavingTables

    Raises
    ------
    ConversionError
        If there is no such factor set.

    Notes
    -----
    saving = (b − c) / b with b the specific consumption of the baseline and c that of the
    reporting period; absolute saving = (b − c) × reporting output.
    """
    findings: list[Finding] = []
    intensities = None
    wholes = cells_of(study.tables.consumption, KEYS)
    if len(study.tables.consumption):
        intensities, found = intensity_table(study, wholes)
        findings += found
    prices, found = baseline_prices(study, wholes)
    findings += found
    energy, energy_unit, found = energy_factors(study, intensities, factor_set, language)
    findings += found
    savings = _savings(study, intensities, prices, energy, energy_unit, target)
    groups = group_table(savings, target)
    verdict, found = verdict_table(savings, groups, target, energy_unit)
    findings += found
    return SavingTables(savings, groups, verdict, prices, intensities, energy_unit, findings)


def _savings(
    study: Study,
    intensities: pd.DataFrame | None,
    prices: pd.DataFrame,
    energy: pd.DataFrame,
    energy_unit: str,
    target: Target,
) -> pd.DataFrame:
    """One row per plant and resource: both periods, saving, status, and what it is worth."""
    if intensities is None:
        return pd.DataFrame(columns=list(SAVINGS_COLUMNS))
    row = match(intensities, prices, KEYS)
    beside = prices[["price", "price_source"]].reindex(row).reset_index(drop=True)
    frame = intensities.assign(**{name: intensities[name].astype(object) for name in KEYS})
    frame["price"], frame["price_source"] = beside["price"], beside["price_source"]
    row = match(intensities, energy, KEYS)
    frame["energy_factor"] = np.append(energy["energy_factor"].to_numpy(float), np.nan)[row]
    frame["category"] = _categories(study, frame)
    frame["saving"] = saving_fraction(frame["baseline"], frame["reporting"])
    frame["absolute_saving"] = absolute_saving(
        frame["baseline"], frame["reporting"], frame["output_reporting"]
    )
    frame["money_saving"] = frame["absolute_saving"] * frame["price"]
    frame["energy_saving"] = frame["absolute_saving"] * frame["energy_factor"]
    frame["energy_unit"] = energy_unit or None
    frame["counted"] = target.counted(frame["category"])
    frame["status"] = target.status(frame["saving"], frame["counted"])
    frame["low"], frame["high"] = target.low, target.high
    return frame[list(SAVINGS_COLUMNS)]


def _categories(study: Study, frame: pd.DataFrame) -> pd.Series:
    own = study.tables.resources
    stated = dict(zip(own["resource"], own["category"], strict=True))
    shipped = {key: fact.category for key, fact in known_resources().items()}
    return frame["resource"].map({**shipped, **stated})
