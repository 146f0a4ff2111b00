"""What many plants saved together, added up so that no cut into parts moves a digit.

A :class:`Tally` holds the counts and the exact sums of some plants; tallies of parts join to
that of the whole, whatever the cut and the order.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sxsh_audit.assessment.energy import ENERGY
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.calc.bands import Status, status
from sxsh_audit.calc.exact_sums import exact_parts, joined_parts
from sxsh_audit.calc.programme_counts import Share, share_of

__all__ = ["STATUSES", "Key", "Tally", "counts_of", "joined", "roll_up", "tally"]

STATUSES = ("above", "within", "below", "worse", "unknown", "not_counted")
SCOPES = ("overall", "group", "resource")
MEASURES = ("money", "energy", "amount")

_READ = (
    "facility", "resource", "category", "counted", "measured", "status", "unit", "energy_unit",
    "baseline", "output_reporting", "price", "energy_factor", "absolute_saving", "money_saving",
    "energy_saving",
)  # fmt: skip

Row = dict[str, Any]


class Key(NamedTuple):
    """What sums may be added: never over mixed units."""

    scope: str
    name: str
    category: str
    counted: bool | None
    measure: str
    unit: str

    @property
    def place(self) -> tuple[Any, ...]:
        """Where the row stands in a table."""
        return (SCOPES.index(self.scope), self.name, self.category, self.counted is not True,
                MEASURES.index(self.measure), self.unit)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and exact sums of some plants.

    Parameters
    ----------
    plants, refused : int
        Plants, and those of them whose records have faults. [count]
    statuses : mapping of str to int
        Plants by the status of their overall result. [count]
    findings : mapping of str to int
        Plants by the code of a finding. [count]
    sums : mapping of Key to mapping
        ``plants``, ``known`` and ``unknown`` rows, ``unmeasured`` known rows, count of each
        status, and the exact sums ``saved`` and ``baseline``.
    """

    plants: int = 0
    refused: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[Key, Mapping[str, Any]] = field(default_factory=dict)

    def to_dict(self) -> Row:
        """Return the tally as JSON types; its floats keep every digit."""
        return {
            "plants": self.plants, "refused": self.refused, "statuses": dict(self.statuses),
            "findings": dict(self.findings),
            "sums": [{**key._asdict(), **found} for key, found in self.sums.items()],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Tally:
        """Build a tally from :meth:`to_dict`."""
        sums = {
            Key(*(row[name] for name in Key._fields)):
                {name: value for name, value in row.items() if name not in Key._fields}
            for row in record["sums"]
        }  # fmt: skip
        return cls(record["plants"], record["refused"], record["statuses"], record["findings"],
                   sums)  # fmt: skip


def tally(
    savings: pd.DataFrame, groups: pd.DataFrame, verdicts: pd.DataFrame, currency: str
) -> Tally:
    """Count and add up what a plan says of some plants.

    Parameters
    ----------
    savings, groups, verdicts : DataFrame
        Of :meth:`Plan.assess`, :meth:`Plan.groups` and :meth:`Plan.verdicts`.
    currency : str
        What money is in.

    Returns
    -------
    Tally

    Notes
    -----
    Of each row (b − c) Q₁ and b Q₁ are summed, in the unit of the resource, through the factor
    of the factor set and at the baseline price; a row of which one is not known is in neither
    sum. Rows of the scope ``group`` and of the overall result in money are those that the
    programme counts; energy of the overall result is of all carriers, as in the rule
    ``energy_total``.
    """
    refused = savings["refused"].to_numpy(bool)
    rows = savings.loc[~refused, list(_READ)]  # every column that is there is copied many times
    rows["facility"] = pd.factorize(rows["facility"])[0]
    # in the order in which the register multiplies them, for the same last bits
    adjusted = rows["baseline"] * rows["output_reporting"]
    rows = rows.assign(
        amount_saving=rows["absolute_saving"], amount_baseline=adjusted, amount_unit=rows["unit"],
        money_baseline=adjusted * rows["price"], money_unit=currency,
        energy_baseline=adjusted * rows["energy_factor"],
    )  # fmt: skip
    sums: dict[Key, Mapping[str, Any]] = {}
    for key, part, statuses in _parts(rows, groups, verdicts):
        sums[key] = _summed(key.measure, part, statuses)
    told = Counter[str]()
    for text in savings["findings"]:
        if text:
            told.update({item["code"] for item in json.loads(text)})
    return Tally(
        plants=len(verdicts) + int(refused.sum()), refused=int(refused.sum()),
        statuses=_counted(verdicts["status"]), findings=dict(sorted(told.items())),
        sums=dict(sorted(sums.items(), key=lambda item: item[0].place)),
    )  # fmt: skip


def _parts(
    rows: pd.DataFrame, groups: pd.DataFrame, verdicts: pd.DataFrame
) -> Iterator[tuple[Key, pd.DataFrame, pd.Series]]:
    """Yield the rows that may be added up, with the statuses of the plants that they tell of."""
    counted, carriers = rows[rows["counted"]], rows[rows["category"].isin(ENERGY)]
    for name, part in carriers[carriers["energy_unit"] != ""].groupby("energy_unit"):
        key = Key("overall", "", "", None, "energy", str(name))
        yield key, part, verdicts["energy_total_status"]
    for name, part in counted.groupby("money_unit"):
        key = Key("overall", "", "", True, "money", str(name))
        yield key, part, verdicts["cost_weighted_status"]
    by_group = dict(iter(groups.groupby("group")["status"]))
    for measure in MEASURES[:2]:
        for (group, unit), part in _in_units(counted, ["category"], measure):
            key = Key("group", group, group, True, measure, unit)
            yield key, part, by_group[group]
    for measure in MEASURES:
        for found, part in _in_units(rows, ["resource", "category", "counted"], measure):
            name, category, counts, unit = found
            yield Key("resource", name, category, bool(counts), measure, unit), part, part["status"]


def _in_units(
    rows: pd.DataFrame, keys: list[str], measure: str
) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Yield the rows of each combination of keys and unit; of energy those of carriers."""
    of_kind = rows[rows["category"].isin(ENERGY)] if measure == "energy" else rows
    of_kind = of_kind[of_kind[f"{measure}_unit"] != ""]
    for found, part in of_kind.groupby([*keys, f"{measure}_unit"]):
        yield tuple(plain(value) for value in found), part


def _summed(measure: str, part: pd.DataFrame, statuses: pd.Series) -> Row:
    saved, baseline = (part[f"{measure}_{name}"].to_numpy() for name in ("saving", "baseline"))
    known = np.isfinite(saved) & np.isfinite(baseline)
    return {
        "plants": int(part["facility"].nunique()),
        "known": int(known.sum()), "unknown": int((~known).sum()),
        "unmeasured": int((known & ~part["measured"].to_numpy(bool)).sum()),
        **_counted(statuses),
        "saved": list(exact_parts(saved[known].tolist())),
        "baseline": list(exact_parts(baseline[known].tolist())),
    }  # fmt: skip


def _counted(statuses: pd.Series) -> dict[str, int]:
    found = statuses.value_counts().to_dict()
    return {f"plants_{name}": int(found.get(name, 0)) for name in STATUSES}


def joined(tallies: Iterable[Tally]) -> Tally:
    """Join tallies of different plants.

    Parameters
    ----------
    tallies : iterable of Tally
        No plant may be in two of them.

    Returns
    -------
    Tally
        The same, to the last bit, as of all the plants at once.
    """
    plants = refused = 0
    statuses, findings = Counter[str](), Counter[str]()
    rows: dict[Key, list[Mapping[str, Any]]] = {}
    for one in tallies:
        plants, refused = plants + one.plants, refused + one.refused
        statuses.update(one.statuses)
        findings.update(one.findings)
        for key, found in one.sums.items():
            rows.setdefault(key, []).append(found)
    sums = {key: _added(rows[key]) for key in sorted(rows, key=lambda key: key.place)}
    return Tally(plants, refused, dict(statuses), dict(sorted(findings.items())), sums)


def _added(rows: list[Mapping[str, Any]]) -> Row:
    """Add counts, and join exact sums."""
    return {
        name: list(joined_parts(row[name] for row in rows)) if isinstance(value, (list, tuple))
        else sum(row[name] for row in rows)
        for name, value in rows[0].items()
    }  # fmt: skip


def counts_of(found: Tally) -> Row:
    """Return how many plants there are, how many were assessed, and what came of it.

    Parameters
    ----------
    found : Tally
        Of all the plants.

    Returns
    -------
    dict
        ``plants``, ``assessed``, ``refused`` [count]; plants by status; ``reached`` and
        ``not_reached`` the low end; ``share`` of the assessed plants that reached it, and
        ``lowest`` and ``highest``: that share if none, or all, of those that are not known or
        were refused had reached it [1]; ``findings``, plants by code.
    """
    statuses = {name: found.statuses.get(f"plants_{name}", 0) for name in STATUSES}
    share = _share(statuses, found.refused)
    return {
        "plants": found.plants, "assessed": found.plants - found.refused,
        "refused": found.refused, **_named(statuses), **_told(share),
        "findings": dict(found.findings),
    }  # fmt: skip


def roll_up(found: Tally, settings: Mapping[str, Any]) -> list[Row]:
    r"""Return what the plants saved together: overall, by group, by resource.

    Parameters
    ----------
    found : Tally
        Of all the plants.
    settings : mapping
        ``programme`` (empty for none), ``low`` and ``high``, as :meth:`Target.record` has them.

    Returns
    -------
    list of dict
        ``scope`` (overall, group, resource), ``name``, ``category``, ``counted``, ``measure``
        (money at baseline prices, energy through the factor set, amount), ``unit``, ``plants``,
        ``known`` and ``unknown`` rows, ``unmeasured`` known rows; ``saved`` and
        ``adjusted_baseline`` [unit], ``saving`` their ratio [1] and its ``status``; plants by
        their own status, and the share that reached the low end, as in :func:`counts_of`.

    Notes
    -----
    .. math:: s = \frac{\sum (b - c)\, Q_1}{\sum b\, Q_1}

    over the plants, each sum correctly rounded: never a mean of percentages, and never over
    mixed units. A plant that got worse counts against it.
    """
    rows = []
    for key, sums in found.sums.items():
        saved, baseline = (_rounded(sums, name) for name in ("saved", "baseline"))
        saving = saved / baseline if baseline else float("nan")
        statuses = {name: sums[f"plants_{name}"] for name in STATUSES}
        rows.append({
            **key._asdict(),
            **{name: sums[name] for name in ("plants", "known", "unknown", "unmeasured")},
            "saved": plain(saved), "adjusted_baseline": plain(baseline), "saving": plain(saving),
            "status": _status(saving, key.counted is not False, settings),
            **_named(statuses), **_told(_share(statuses)),
        })  # fmt: skip
    return rows


def _status(saving: float, counted: bool, settings: Mapping[str, Any]) -> str | None:
    if not settings["programme"]:
        return None
    if settings["low"] is None:
        return str(Status.UNKNOWN if counted else Status.NOT_COUNTED)
    return str(status(saving, settings["low"], settings["high"], counted=counted))


def _rounded(sums: Mapping[str, Any], name: str) -> float:
    if not sums["known"]:
        return float("nan")
    return float(sums[name][0]) if sums[name] else 0.0


def _share(statuses: Mapping[str, int], refused: int = 0) -> Share:
    """Share of plants that reached the low end; a refused plant may be one, or none."""
    yes = statuses["above"] + statuses["within"]
    no = statuses["below"] + statuses["worse"]
    unknown = statuses["unknown"]
    judged = refused if yes + no + unknown else 0
    counts = [yes, no, unknown, judged]
    return share_of(np.repeat([1, 0, -1, -1], counts), np.repeat([1, 1, 1, -1], counts))


def _named(statuses: Mapping[str, int]) -> Row:
    return {f"plants_{name}": count for name, count in statuses.items()}


def _told(share: Share) -> Row:
    return {
        "reached": share.yes, "not_reached": share.no, "share": plain(share.share),
        "lowest": plain(share.lowest), "highest": plain(share.highest),
    }  # fmt: skip
