"""Specific consumption beside the published norm or figure of the sector: told, never judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.energy import ENERGY, energy_factors
from sxsh_audit.assessment.plausibility.told import Told
from sxsh_audit.data import load_rows
from sxsh_audit.findings import Finding, Place
from sxsh_audit.tables.schema import plain_word
from sxsh_audit.tables.sectors import sector_by_name
from sxsh_audit.units import parse_unit

__all__ = [
    "described_norm", "norm_findings", "norms_in_time", "norms_of_product", "sector_of",
]  # fmt: skip

FAR = 5.0
"""Times a norm or figure beyond which a unit or a figure is likely wrong. Plants of one product lie
apart by scale, moisture and depth of processing: published norms of one product differ by a factor
of 2.4 (beer), best practice and average of the world by 1.5, and the basis (12 % moisture or 55 %
dry matter) by 1.6; 2.4 · 1.5 is 3.6, so that five times is beyond all of them together."""

Row = dict[str, str]


def sector_of(text: str) -> str:
    """Key of the sector that a word names; empty where no norm of it was read.

    Examples
    --------
    >>> sector_of("Sản xuất bia"), sector_of("pulp and paper"), sector_of("dệt may")
    ('beverage', 'paper', '')
    """
    found = sector_by_name(text)
    listed = {row["sector"] for row in load_rows("norms.csv")}
    return found.id if found is not None and found.id in listed else ""


def norm_findings(told: Told, savings: pd.DataFrame) -> None:
    """Tell how the specific consumption lies to each norm of the plant's sector.

    Parameters
    ----------
    told : Told
        The study.
    savings : DataFrame
        Both periods beside each other, one row per plant and resource.
    """
    study = told.study
    stated = dict(zip(study.tables.facility["facility"], study.tables.facility["sector"],
                      strict=True))  # fmt: skip
    if not len(savings) or not (study.settings.sector or any(stated.values())):
        return
    for facility, rows in savings.groupby("facility", sort=True):
        text = str(stated.get(facility, "") or study.settings.sector)
        sector = sector_of(text)
        if sector:
            _tell_plant(told, str(facility), rows, sector, text)


def _tell_plant(told: Told, facility: str, rows: pd.DataFrame, sector: str, text: str) -> None:
    made = told.study.tables.production
    products = [str(name) for name in made.loc[made["facility"] == facility, "product"].unique()]
    rule = told.study.settings.output
    place = Place(facility=facility)
    if len(products) > 1 and rule not in products:
        told.findings.append(Finding("plausible.norm_several", "note", place, "",
                                     {"products": products[:5]}))  # fmt: skip
        return
    product = rule if rule in products else next(iter(products), "")
    names = told.study.tables.products
    full = names.loc[(names["facility"] == facility) & (names["product"] == product), "name"]
    described = " ".join(filter(None, [product, *map(str, full)])) or text
    known = [row for row in load_rows("norms.csv") if row["sector"] == sector]
    chosen = norms_of_product(known, described)
    if not chosen:
        listed = sorted({row["product_vi"].split(",")[0] for row in known})
        listed_en = sorted({row["product_en"].split(",")[0] for row in known})
        told.findings.append(Finding("plausible.norm_which", "note", place, "",
                                     {"vi": listed, "en": listed_en}))  # fmt: skip
        return
    day = _last_day(told)
    for norm in norms_in_time(_of_scale(chosen, told, rows), day):
        _tell_norm(told, facility, rows, norm, chosen, day)


def norms_of_product(known: Sequence[Row], described: str) -> list[Row]:
    """Norms whose words the product or the sector contains; those without words fit the sector."""
    plain = f" {plain_word(described)} "
    named = [row for row in known if any(
        f" {plain_word(word)} " in plain for word in row["words"].split("|") if word)]  # fmt: skip
    # Of two names that both fit, the longer one is meant: «nước giải khát không ga».
    rest = [row for row in known if not row["words"]]
    return named + rest


def _last_day(told: Told) -> dt.date | None:
    period = told.study.settings.reporting or told.study.settings.baseline
    return None if period is None else period.end


def _of_scale(norms: Sequence[Row], told: Told, rows: pd.DataFrame) -> list[Row]:
    """Norms of the plant's scale: its capacity where it is given, else the output of a year."""
    made, unit = _yearly(told, rows)
    kept = []
    for norm in norms:
        if not norm["scale_unit"]:
            kept.append(norm)
            continue
        scale = parse_unit(norm["scale_unit"])
        if scale.canonical != unit or np.isnan(made):
            continue
        size = made / float(scale.factor)
        low, high = (float(norm[end]) if norm[end] else limit
                     for end, limit in (("scale_low", 0.0), ("scale_high", np.inf)))  # fmt: skip
        if low <= size < high:
            kept.append(norm)
    return kept


def _yearly(told: Told, rows: pd.DataFrame) -> tuple[float, str]:
    """Output a year of the plant [output unit]; a total without dates is taken as a year."""
    row = rows.iloc[0]
    facility = row["facility"]
    listed = told.study.tables.products
    capacity = listed.loc[(listed["facility"] == facility) & (listed["capacity"] > 0), "capacity"]
    if len(capacity) == 1:
        return float(capacity.iloc[0]), str(row["output_unit"])
    for phase in ("reporting", "baseline"):
        value = rows[f"output_{phase}"].max()
        if not np.isnan(value):
            months = int(rows[f"months_{phase}"].max())
            return float(value) * (12 / months if months else 1.0), str(row["output_unit"])
    return np.nan, str(row["output_unit"])


def norms_in_time(norms: Sequence[Row], day: dt.date | None) -> list[Row]:
    """Of the periods of one norm that which holds on `day`, else the last one before it."""
    groups: dict[tuple[str, str, str, str], list[Row]] = {}
    for norm in norms:
        key = (norm["product_vi"], norm["unit"], norm["resource"], norm["kind"])
        groups.setdefault(key, []).append(norm)
    found = []
    for rows in groups.values():
        rows = sorted(rows, key=lambda row: row["valid_to"])
        iso = "" if day is None else day.isoformat()
        later = [row for row in rows if iso and iso <= row["valid_to"]]
        found.append(later[0] if later else rows[-1])
    return found


def _validity(norm: Row, day: dt.date | None) -> str:
    """Code of the sentence that says whether the norm holds on `day`."""
    if norm["kind"] == "benchmark":
        return "plausible.benchmark"
    if day is None:
        return "plausible.norm_no_date"
    iso = day.isoformat()
    if norm["valid_from"] and iso < norm["valid_from"]:
        return "plausible.norm_not_yet"
    return "plausible.norm_ended" if iso > norm["valid_to"] else "plausible.norm"


def _tell_norm(
    told: Told, facility: str, rows: pd.DataFrame, norm: Row, alike: Sequence[Row],
    day: dt.date | None,
) -> None:
    place = Place(facility=facility)
    numbers: dict[str, Any] = {
        "vi": described_norm(norm, "vi"), "en": described_norm(norm, "en"), "unit": norm["unit"],
        "published": _range(norm), "legal_ref": norm["legal_ref"] or "–",
        "valid_from": norm["valid_from"] or "–", "valid_to": norm["valid_to"] or "–",
        "factor_set": norm["factor_set"] or "–", "source": norm["source"],
        "confidence": norm["confidence"], "id": norm["id"], "year": norm["year"] or "–",
    }  # fmt: skip
    if norm["compare"] != "yes":
        told.findings.append(Finding("plausible.norm_basis", "note", place, "", numbers))
        return
    unit, _, per = norm["unit"].partition("/")
    denominator = parse_unit(per)
    if denominator.canonical != str(rows["output_unit"].iloc[0]):
        numbers["output_unit"] = str(rows["output_unit"].iloc[0])
        told.findings.append(Finding("plausible.norm_output_unit", "note", place, "", numbers))
        return
    actual, missing, used = _actual(told, rows, norm, unit)
    if not used:
        return  # the study does not speak of what the norm is about
    scale = float(denominator.factor)
    values = {phase: actual[phase] * scale for phase in actual}
    shown = values["reporting"] if not np.isnan(values["reporting"]) else values["baseline"]
    if np.isnan(shown):
        return
    numbers |= {phase: [float(f"{value:.4g}")] if not np.isnan(value) else ["–"]
                for phase, value in values.items()}  # fmt: skip
    if missing:
        numbers["missing"] = missing
        told.findings.append(Finding("plausible.norm_incomplete", "note", place, "", numbers))
    else:
        told.findings.append(Finding(_validity(norm, day), "note", place, "", numbers))
    _tell_far(told, place, norm, alike, shown, bool(missing), numbers)


def _tell_far(
    told: Told, place: Place, norm: Row, alike: Sequence[Row], shown: float, partial: bool,
    numbers: dict[str, Any],
) -> None:
    """Warn where the figure is far from every published one of the product and resource."""
    same = [row for row in alike if row["resource"] == norm["resource"]
            and row["unit"] == norm["unit"] and row["compare"] == "yes"]  # fmt: skip
    ends = [float(row[end]) for row in same for end in ("low", "high") if row[end]]
    low, high = min(ends), max(ends)
    far = shown > FAR * high or (shown < low / FAR and not partial)
    code = "plausible.far_from_norm"
    told_of = {"resource": norm["resource"], "unit": norm["unit"]}
    again = any(item.code == code and item.place == place
                and all(item.numbers[key] == told_of[key] for key in told_of)
                for item in told.findings)  # fmt: skip
    if far and not again:
        nearest = high if shown > high else low
        times = shown / nearest if shown > nearest else nearest / shown
        told.findings.append(Finding(code, "warning", place, "", {
            **told_of, "vi": numbers["vi"], "en": numbers["en"], "figure": float(f"{shown:.4g}"),
            "nearest": nearest, "times": float(f"{times:.3g}"), "source": norm["source"],
        }))  # fmt: skip


def _range(norm: Row) -> list[Any]:
    """One figure, or both ends where they differ."""
    ends = [float(norm[end]) for end in ("low", "high") if norm[end]]
    return ends[:1] if len(set(ends)) == 1 else ends


def described_norm(norm: Row, language: str) -> str:
    """Product of the norm with its basis."""
    basis = norm[f"basis_{language}"]
    return f"{norm[f'product_{language}']} ({basis})" if basis else norm[f"product_{language}"]


def _actual(
    told: Told, rows: pd.DataFrame, norm: Row, unit: str
) -> tuple[dict[str, float], list[dict[str, Any]], bool]:
    """Specific consumption of both periods in `unit` per canonical output, and what is missing."""
    phases = ("baseline", "reporting")
    size = float(parse_unit(unit).factor)
    if norm["resource"] not in ("energy", "fuel"):
        mine = rows[rows["resource"] == norm["resource"]]
        if not len(mine) or parse_unit(unit).canonical != str(mine["unit"].iloc[0]):
            return dict.fromkeys(phases, np.nan), [], False
        return {phase: float(mine[phase].iloc[0]) / size for phase in phases}, [], True
    wanted = ENERGY if norm["resource"] == "energy" else ("fuel",)
    mine = rows[rows["category"].isin(wanted)]
    if not len(mine):
        return dict.fromkeys(phases, np.nan), [], False
    factors, _, lacking = energy_factors(told.study, mine, norm["factor_set"], "en")
    factor = mine["resource"].map(dict(zip(factors["resource"], factors["energy_factor"],
                                           strict=True)))  # fmt: skip
    missing = [dict(item.numbers["reason"]) for item in lacking]
    of_energy = float(parse_unit("MJ").factor) / size
    found = {}
    for phase in phases:
        part = mine[phase].where(factor.notna(), 0.0) * factor.fillna(0.0)
        found[phase] = float(part.sum(skipna=False)) * of_energy
    return found, missing, bool(factor.notna().any())
