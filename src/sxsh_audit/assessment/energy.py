"""Energy of one unit of each resource, by one named factor set."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sxsh_audit.assessment.cells import cells_of
from sxsh_audit.assessment.prices import KEYS
from sxsh_audit.errors import ConversionError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.schema import known_resources
from sxsh_audit.tables.study import Study
from sxsh_audit.units import convert, factor_set

__all__ = ["ENERGY", "energy_factors"]

ENERGY = ("purchased_energy", "fuel")


def energy_factors(
    study: Study, intensities: pd.DataFrame | None, name: str, language: Language
) -> tuple[pd.DataFrame, str, list[Finding]]:
    """Return the energy in one canonical unit of each purchased energy and fuel.

    Parameters
    ----------
    study : Study
        Checked records; its resources may name the factor they go by.
    intensities : DataFrame or None
        Plants and resources with their units.
    name : str
        Factor set; empty for none.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    DataFrame
        Columns ``facility, resource, energy_factor`` [TOE or MJ per unit].
    str
        Unit of the factors; empty without a factor set.
    list of Finding
        Resources that the factor set does not cover, with its reason.
    """
    empty = pd.DataFrame(columns=[*KEYS, "energy_factor"]).astype({"energy_factor": float})
    if not name or intensities is None:
        return empty, "", []
    targets = {factor.to_unit.canonical for factor in factor_set(name, language=language).factors}
    unit = "TOE" if "TOE" in targets else "MJ"
    own = dict(zip(study.tables.resources["resource"], study.tables.resources["factor"],
                   strict=True))  # fmt: skip
    stated = dict(zip(study.tables.resources["resource"], study.tables.resources["category"],
                      strict=True))  # fmt: skip
    findings: list[Finding] = []
    named = cells_of(intensities, ["resource", "unit"])
    pairs = intensities[["resource", "unit"]].take(named.first)
    factors = np.full(len(named), np.nan)
    for place, (resource, canonical) in enumerate(pairs.itertuples(index=False, name=None)):
        if pd.isna(canonical):
            continue
        fact = known_resources().get(resource)
        category = stated.get(resource) or (fact.category if fact else "")
        if category not in ENERGY:
            continue
        try:
            factors[place] = float(convert(
                1.0, canonical, unit, factor_set=name, resource=own.get(resource) or resource,
                language=language))  # fmt: skip
        except ConversionError as error:
            reason = {"code": error.code, "numbers": error.numbers}
            numbers = {"resource": resource, "factor_set": name, "reason": reason}
            findings.append(
                Finding("assess.no_energy_factor", "warning", Place(resource=resource), "", numbers)
            )
    findings.sort(key=lambda item: item.place)
    return intensities[KEYS].assign(energy_factor=factors[named.code]), unit, findings
