"""What is known of each establishment by each criterion of choice, and why a figure is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.province.benchmark import FAR, Benchmark, benchmark, quantile_name
from sxsh_audit.assessment.province.comparable import latest_rows
from sxsh_audit.assessment.province.norm_gaps import norm_gaps
from sxsh_audit.calc.domain import Floats, floats
from sxsh_audit.calc.standing import standing
from sxsh_audit.errors import Refusal
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import fold
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.sectors import sector_by_name

__all__ = [
    "CRITERIA", "FACTS", "PROVED", "TOLD", "UNKNOWN", "Criterion", "Gaps", "criterion_of",
    "expected_gaps",
]  # fmt: skip

CRITERIA: Mapping[str, tuple[str, ...]] = {
    "rapid": ("saving", "size", "pollution", "data", "cost"),
    "demonstration": ("saving", "size", "pollution", "data", "cost", "followers"),
}
"""Criteria of each kind of choice, in order."""

FACTS: Mapping[str, tuple[str, ...]] = {
    "rapid": ("sector", "product", "output", "output_unit", "energy_toe", "employees"),
    "demonstration": ("sector", "product", "output", "output_unit", "energy_toe", "employees",
                      "saving", "quality", "months"),
}  # fmt: skip
"""What a choice of each kind needs to know; what of it is known is the criterion ``data``."""

PROVED = ("saving", "quality", "months")
"""Those of them that only a study can tell."""

TOLD = (
    "peers", "norm_legal", "norm_benchmark", "reached", "size_energy", "size_money",
    "size_employees", "pollution", "data_whole", "data_missing", "cost_stated", "cost_options",
    "followers",
)  # fmt: skip
"""Where a figure comes from."""

UNKNOWN = (
    "few_peers", "far", "spread", "far_norm", "no_study", "no_saving", "no_record", "no_size",
    "no_cost", "no_sector",
)  # fmt: skip
"""Why a figure is not known, beside the reasons for which plants cannot be compared."""

METERED = ("measured", "billed")
YEAR = 12
MEDIAN = 0.5

Sources = list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Criterion:
    """A criterion for all candidates, in the order of the frame.

    Parameters
    ----------
    name : str
        Its key.
    values : array
        Figure of each candidate; ``nan`` where it is not known. [unit]
    unit : str
        Unit of the figures; empty for a share.
    scores : array
        Score between 0 and 1. [1]
    told : list of dict
        Where each figure comes from, or why it is not known (``code`` and numbers).
    """

    name: str
    values: Floats
    unit: str
    scores: Floats
    told: Sources


@dataclass(frozen=True, eq=False)
class Gaps:
    """Expected savings: how far each plant is above its peers or the norm of its product."""

    by_establishment: Mapping[str, tuple[float, dict[str, Any]]]
    """Gap [1], and what it is told with."""
    reasons: Mapping[str, str]
    """Why another plant has none."""
    findings: tuple[Finding, ...] = ()
    """What was found on the way."""

    def of(self, name: str) -> tuple[float, dict[str, Any]]:
        """Return the gap of an establishment, or nan with the reason."""
        unknown = {"code": "unknown", "reason": self.reasons.get(name, "no_figure")}
        return self.by_establishment.get(name, (np.nan, unknown))


def expected_gaps(
    register: Register, *, resource: str, by: Sequence[str], quantile: float, minimum: int,
    scale: Sequence[float], against: Sequence[str], language: Language,
) -> Gaps:
    """Return what each plant would save if it took no more than its better peers, or the norm.

    Parameters
    ----------
    register : Register
        The records of a programme.
    resource, by, minimum, scale
        As in :func:`sxsh_audit.benchmark`.
    quantile : float
        Quantile of the peers that is thought within reach. [1]
    against : sequence of {"peers", "norm"}
        What to lay a plant against; the first that there is for it.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Gaps
        1 − reference ÷ figure [1]; below 0 for a plant that is better than its reference.
    """
    found: dict[str, tuple[float, dict[str, Any]]] = {}
    reasons: dict[str, str] = {}
    findings: tuple[Finding, ...] = ()
    for source in against:
        if source == "norm":
            for name, gap in norm_gaps(register, resource).items():
                if not gap.limit / FAR <= gap.figure <= gap.limit * FAR:
                    reasons.setdefault(name, "far_norm")
                    continue
                found.setdefault(name, (1 - gap.limit / gap.figure, {
                    "code": f"norm_{gap.kind}", "figure": gap.figure, "reference": gap.limit,
                    "unit": gap.unit, "norm": gap.norm, **gap.told,
                }))  # fmt: skip
            continue
        try:
            compared = benchmark(register, resource=resource, by=by, minimum=minimum,
                                 quantiles=sorted({quantile, MEDIAN}), scale=scale,
                                 language=language)  # fmt: skip
        except Refusal as refusal:
            if refusal.code != "benchmark.no_resource":
                raise
            continue
        findings = tuple(compared.findings)
        reasons |= {row["establishment"]: row["reason"] for row in compared.left_out.rows}
        peers, without = _peer_gaps(compared, quantile)
        found = {**peers, **found}
        reasons |= without
    return Gaps(found, reasons, findings)


def _peer_gaps(
    compared: Benchmark, quantile: float
) -> tuple[dict[str, tuple[float, dict[str, Any]]], dict[str, str]]:
    """Return the gap of each plant to its peers, and why another one has none."""
    groups = {row["group"]: row for row in compared.groups.rows}
    found, without = {}, {}
    for row in compared.plants.rows:
        group, name = groups[row["group"]], str(row["establishment"])
        cut, middle = group[quantile_name(quantile)], group[quantile_name(MEDIAN)]
        if cut is None or middle is None:
            without[name] = "few_peers"
        elif not middle / FAR <= row["value"] <= middle * FAR:
            without[name] = "far"
        elif not middle / FAR <= cut <= middle * FAR:
            without[name] = "spread"
        else:
            found[name] = (1 - cut / row["value"], {
                "code": "peers", "figure": row["value"], "reference": cut, "quantile": quantile,
                "peers": group["plants"], "unit": f"{row['unit']}/{row['output_unit']}",
            })  # fmt: skip
    return found, without


def criterion_of(
    name: str, frame: pd.DataFrame, register: Register, *, kind: str, gaps: Gaps, size: str,
    costs: Mapping[str, float],
) -> Criterion:
    """Return a criterion of all candidates of a frame.

    Parameters
    ----------
    name : str
        Key of the criterion.
    frame : DataFrame
        Rows of ``establishments`` of the candidates.
    register : Register
        The records of a programme.
    kind : {"rapid", "demonstration"}
        What the candidates are chosen for.
    gaps : Gaps
        Expected savings.
    size : {"energy", "money", "employees"}
        What size is measured by.
    costs : mapping of str to float
        Cost for the programme by establishment, where the user states it. [money]

    Returns
    -------
    Criterion
    """
    names = [str(each) for each in frame["establishment"]]
    if name == "pollution":
        values = floats(frame["pollution"].map({"yes": 1.0, "no": 0.0}))
        told = _plain(values, "pollution", "no_record")
        return Criterion(name, values, "", values, told)
    if name == "data":
        values, told = _facts(frame, register, kind)
        return Criterion(name, values, "", values, told)
    unit, values = "", floats([])
    if name == "saving" and kind == "rapid":
        pairs = [gaps.of(each) for each in names]
        values, told = floats([gap for gap, _ in pairs]), [each for _, each in pairs]
    elif name == "saving":
        values, told = _reached(names, register)
    elif name == "size":
        values, unit, told = _size(frame, register, size)
    elif name == "cost":
        values, unit, told = _costs(names, register, kind, costs)
    else:
        values = _followers(frame)
        told = _plain(values, "followers", "no_sector")
    return Criterion(name, values, unit, standing(values, falling=name == "cost"), told)


def _plain(values: Floats, code: str, reason: str) -> Sources:
    return [{"code": "unknown", "reason": reason} if np.isnan(each) else {"code": code}
            for each in values]  # fmt: skip


def _latest_verdicts(register: Register) -> dict[str, dict[str, Any]]:
    rows: Any = register.verdicts.to_dict("records")
    rows.sort(key=lambda row: (row["end"] or dt.date.min, row["study"]))
    return {str(row["establishment"]): row for row in rows}


def _reached(names: Sequence[str], register: Register) -> tuple[Floats, Sources]:
    """Overall saving of the latest study of each plant."""
    verdicts = _latest_verdicts(register)
    values = floats([verdicts.get(each, {}).get("saving", np.nan) for each in names])
    told: Sources = [
        {"code": "unknown", "reason": "no_study" if each not in verdicts else "no_saving"}
        if np.isnan(value) else {"code": "reached", "study": verdicts[each]["study"]}
        for each, value in zip(names, values, strict=True)
    ]  # fmt: skip
    return values, told


def _size(frame: pd.DataFrame, register: Register, size: str) -> tuple[Floats, str, Sources]:
    if size != "money":
        column, unit = ("employees", "") if size == "employees" else ("energy_toe", "TOE")
        values = floats(frame[column])
        return values, unit, _plain(values, f"size_{size}", "no_size")
    rows = latest_rows(register.results)
    # a resource nobody knows the price of is unknown money, not none
    rows["_money"] = (rows["reporting"] * rows["output_reporting"] * rows["price"]
                      * YEAR / rows["months"].where(rows["months"] > 0))  # fmt: skip
    kept = rows[rows["currency"] != ""]
    currencies = sorted(set(kept["currency"]))
    sums = kept.groupby("establishment")["_money"].agg(lambda each: each.sum(skipna=False))
    if len(currencies) > 1:  # money of several currencies is not compared without a rate
        sums = sums * np.nan
    values = floats(sums.reindex(frame["establishment"].astype(str)))
    return values, next(iter(currencies), ""), _plain(values, "size_money", "no_size")


def _costs(
    names: Sequence[str], register: Register, kind: str, costs: Mapping[str, float]
) -> tuple[Floats, str, Sources]:
    """Cost as the user states it; of a demonstration else that of the options not yet done."""
    values = floats([costs.get(each, np.nan) for each in names])
    told = _plain(values, "cost_stated", "no_cost")
    unit = str(register.settings.get("currency", "") or "VND")
    if kind != "demonstration":
        return values, unit, told
    options = register.options
    planned = options[~options["status"].isin(["implemented", "dropped"])]
    sums = planned.groupby("establishment")["cost"].agg(lambda each: each.sum(skipna=False))
    counts = planned.groupby("establishment").size()
    one = planned["currency"].replace("", unit).eq(unit).groupby(planned["establishment"]).all()
    for place, each in enumerate(names):
        if np.isnan(values[place]) and each in sums.index and one[each]:
            values[place] = float(sums[each])
            if not np.isnan(values[place]):
                told[place] = {"code": "cost_options", "options": int(counts[each])}
    return values, unit, told


def _followers(frame: pd.DataFrame) -> Floats:
    """Other candidates of the same sector: who could follow the example."""
    known = [sector_by_name(text) for text in frame["sector"]]
    keys = pd.Series([found.id if found else fold(text)
                      for found, text in zip(known, frame["sector"], strict=True)], dtype=object)
    counts = keys.map(keys.value_counts()).to_numpy(float) - 1
    return np.where(keys == "", np.nan, counts)


def _facts(frame: pd.DataFrame, register: Register, kind: str) -> tuple[Floats, Sources]:
    """Share of the needed facts that are known, and which are missing."""
    verdicts = _latest_verdicts(register)
    results = latest_rows(register.results)
    metered = results["quality"].isin(METERED).groupby(results["establishment"]).all()
    months = (results["months"] >= YEAR).groupby(results["establishment"]).all()
    values: list[float] = []
    told: Sources = []
    for row in frame.to_dict("records"):
        name = str(row["establishment"])
        proved = {
            "saving": not np.isnan(verdicts.get(name, {}).get("saving", np.nan)),
            "quality": bool(metered.get(name, False)), "months": bool(months.get(name, False)),
        }
        missing = [fact for fact in FACTS[kind]
                   if not (proved[fact] if fact in proved else _known(row[fact]))]
        values.append(1 - len(missing) / len(FACTS[kind]))
        told.append({"code": "data_missing" if missing else "data_whole", "missing": missing})
    return floats(values), told


def _known(value: Any) -> bool:
    return value != "" if isinstance(value, str) else value is not None and value == value
