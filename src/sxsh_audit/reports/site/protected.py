"""What of a programme's progress may be published: sums that give no establishment away.

A reader knows the published cases, so that what is protected are the others: a figure is shown
only where the same figure over the establishments that are *not* published may be shown too
(their difference is known).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.counting import grouped_frame, member_answers
from sxsh_audit.assessment.province.standing import frame_at, records_of, standing_at
from sxsh_audit.calc.disclosure import Published, Why, suppress, unsafe
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.sectors import sector_by_name

if TYPE_CHECKING:

    from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
    from sxsh_audit.tables.register import Register

__all__ = ["GROUPINGS", "OTHERS", "GroupCount", "ResourceSaving", "TargetCount", "group_counts",
           "resource_savings", "target_counts"]  # fmt: skip

GROUPINGS = ("sector", "district", "zone_kind")
"""Groups by which those that apply are counted; few, since every further table gives more away."""

OTHERS = "·others"
"""Groups that are put together, each with too few establishments to be told of by itself."""

_MERGED = 4
"""Groups of fewer establishments than so many minima are put together: a group of ten has hardly
three of every answer, and a table full of withheld cells tells nothing."""

ANSWERS = {1: "yes", 0: "no", -1: "unknown"}
UNSURE = "unsure"
"""Label of an establishment of which it is not known whether it belongs to the base."""


@dataclass(frozen=True, slots=True)
class TargetCount:
    """A target beside what was reached; None is withheld.

    Parameters
    ----------
    row : mapping
        Row of ``ProgrammeProgress.indicators``.
    yes, no, unknown, base : int or None
        Establishments; the base has all three. [-]
    unsure : int or None
        Establishments of which it is not known whether they belong to the base. [-]
    known : bool
        Whether a register can answer at all.
    """

    row: Mapping[str, Any]
    yes: int | None
    no: int | None
    unknown: int | None
    base: int | None
    known: bool
    unsure: int | None = 0

    @property
    def share(self) -> float:
        """Share of the yes [1]; nan where it is withheld or not known."""
        return self.yes / self.base if self.base and self.yes is not None else math.nan

    @property
    def highest(self) -> float:
        """Share if everything unknown were a yes [1]; nan where it is withheld or the base open."""
        if not self.base or self.yes is None or self.unknown is None or self.unsure != 0:
            return math.nan
        return (self.yes + self.unknown) / self.base


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group of establishments and how many of it apply; None is withheld."""

    grouping: str
    group: str
    total: int | None
    applying: int | None


@dataclass(frozen=True, slots=True)
class ResourceSaving:
    """What the latest studies saved of a resource; None is withheld."""

    resource: str
    unit: str
    plants: int
    saved: float | None
    adjusted_baseline: float | None

    @property
    def saving(self) -> float:
        """Σ (b − c) Q₁ ÷ Σ b Q₁ [1]; nan where it is withheld."""
        if self.saved is None or not self.adjusted_baseline:
            return math.nan
        return self.saved / self.adjusted_baseline


def target_counts(
    register: Register, progress: ProgrammeProgress,
    published: Iterable[str], *, minimum: int = 3, language: Language = "vi",
) -> tuple[tuple[TargetCount, ...], tuple[GroupCount, ...]]:
    """Return targets and groups as they may be published, protected together.

    Parameters
    ----------
    register : Register
        The records.
    progress : ProgrammeProgress
        What was counted.
    published : iterable of str
        Establishments with a page of their own.
    minimum : int
        Least number of establishments behind a figure. [-]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    tuple of TargetCount, tuple of GroupCount
    """
    known = set(published)
    names, whole = _tables(register, progress, minimum)
    rest = [code not in known for code in names]
    hidden = suppress(
        {name: {column: [label for label, keep in zip(labels, rest, strict=True) if keep]
                for column, labels in columns.items()} for name, columns in whole.items()},
        minimum=minimum, dominance=None, language=language,
    )  # fmt: skip
    targets = []
    for place, row in enumerate(progress.indicators.rows):
        labels = whole.get(f"target-{place}", {}).get("answer")
        if labels is None:
            targets.append(TargetCount(row, None, None, None, None, known=False))
            continue
        counted = Counter(label for label in labels if label is not None)
        table = f"target-{place}"
        whole_open = _open(hidden, table, None)
        shown = {answer: counted[answer] if whole_open and _open(hidden, table, answer) else None
                 for answer in ANSWERS.values()}  # fmt: skip
        unsure = counted.pop(UNSURE, 0)
        base = sum(counted.values()) if whole_open and _open(hidden, table, UNSURE) else None
        targets.append(TargetCount(row, shown["yes"], shown["no"], shown["unknown"], base,
                                   known=True, unsure=None if base is None else unsure))
    return tuple(targets), tuple(group_counts(whole, hidden))


def group_counts(
    whole: Mapping[str, Mapping[str, Sequence[str | None]]], hidden: Published
) -> Iterable[GroupCount]:
    """Yield the groups with the figures that may be shown.

    Parameters
    ----------
    whole : mapping
        Labels of every establishment, by table and column.
    hidden : Published
        What of the others may be shown.
    """
    for grouping in GROUPINGS:
        columns = whole.get(grouping)
        if columns is None:
            continue
        totals = Counter(group for group in columns["group"] if group is not None)
        applying = Counter(group for group, answer in zip(
            columns["group"], columns["applying"], strict=True) if answer == "yes")  # fmt: skip
        for group in sorted(totals, key=lambda one: (str(one) in ("", OTHERS), str(one))):
            # that none of two apply would tell of both, though a count of none is of nobody
            whole_open = _open(hidden, grouping, group, None)
            part_open = whole_open and _open(hidden, grouping, group, "yes")
            yield GroupCount(grouping, str(group), totals[group] if whole_open else None,
                             applying[group] if part_open else None)  # fmt: skip


def resource_savings(
    register: Register, progress: ProgrammeProgress,
    published: Iterable[tuple[str, str]], *,
    minimum: int = 3,
) -> tuple[ResourceSaving, ...]:
    """Return what the latest studies saved of each resource, as it may be published.

    Parameters
    ----------
    register : Register
        The records.
    progress : ProgrammeProgress
        What was counted.
    published : iterable of (str, str)
        Establishment and study of each published case.
    minimum : int
        Least number of establishments behind a sum. [-]

    Returns
    -------
    tuple of ResourceSaving
        Resources counted by nobody are not in it.
    """
    import numpy as np

    latest = {(row["establishment"], row["study"]) for row in progress.studies.rows
              if row["latest"]}  # fmt: skip
    known = set(published)
    results = register.tables["results"]
    keys = list(zip(results["establishment"], results["study"], strict=True))
    found = results[np.array([key in latest for key in keys], dtype=bool)]
    found = found[found["absolute_saving"].notna() & found["adjusted_baseline"].notna()]
    made = []
    for (resource, unit), rows in found.groupby(["resource", "unit"], sort=True):
        rest = np.array([key not in known for key in zip(
            rows["establishment"], rows["study"], strict=True)], dtype=bool)  # fmt: skip
        sums: dict[str, float | None] = {}
        for name in ("absolute_saving", "adjusted_baseline"):
            amounts = rows[name].to_numpy(dtype=float)
            why = unsafe(amounts[rest], minimum=minimum) if rest.any() else Why.SHOWN
            sums[name] = math.fsum(amounts) if why is Why.SHOWN else None
        if None in sums.values():  # the share would give the other one away
            sums = dict.fromkeys(sums)
        made.append(ResourceSaving(str(resource), str(unit), rows["establishment"].nunique(),
                                   sums["absolute_saving"], sums["adjusted_baseline"]))
    return tuple(made)


def _tables(
    register: Register, progress: ProgrammeProgress, minimum: int
) -> tuple[list[str], dict[str, dict[str, list[str | None]]]]:
    """Return the fixed set of tables that is published, as labels of each establishment.

    A target of a phase that is over is answered as of its last day, so that an establishment may
    be in the table of one day and not in that of another.
    """
    records = records_of(register)
    today = progress.settings["cutoff"]
    days = dict.fromkeys([today, *(row["as_of"] for row in progress.indicators.rows)])
    frames = {day: frame_at(register, dt.date.fromisoformat(day)) for day in days}
    names = sorted({name for frame in frames.values() for name in frame["establishment"]})
    places = {name: place for place, name in enumerate(names)}
    found = {day: standing_at(records, frame, dt.date.fromisoformat(day)).answers
             for day, frame in frames.items()}  # fmt: skip

    def spread(day: str, labels: Sequence[str | None]) -> list[str | None]:
        column: list[str | None] = [None] * len(names)
        for name, label in zip(frames[day]["establishment"], labels, strict=True):
            column[places[name]] = label
        return column

    tables: dict[str, dict[str, list[str | None]]] = {}
    for place, row in enumerate(progress.indicators.rows):
        day, answers = row["as_of"], found[row["as_of"]]
        grouped = grouped_frame(frames[day], dt.date.fromisoformat(day))
        members = member_answers(row["denominator"], grouped, answers)
        if members is None or row["indicator"] not in answers:
            continue
        given = [ANSWERS[int(one)] for one in answers[row["indicator"]]]
        tables[f"target-{place}"] = {"answer": spread(day, [
            {1: answer, 0: None, -1: UNSURE}[int(member)]
            for answer, member in zip(given, members, strict=True)])}  # fmt: skip
    applying = ["yes" if one == 1 else "other" for one in found[today]["applying"]]
    for grouping in GROUPINGS:
        labels = [_group(grouping, str(one)) for one in frames[today][grouping]]
        sizes = Counter(labels)
        merged = [label if sizes[label] >= _MERGED * minimum else OTHERS for label in labels]
        if len(set(merged)) > 1:
            tables[grouping] = {"group": spread(today, merged),
                                "applying": spread(today, applying)}
    return names, tables


def _group(grouping: str, text: str) -> str:
    """Return the group of a text of the register; one sector has many spellings."""
    sector = sector_by_name(text) if grouping == "sector" and text else None
    return sector.id if sector else text


def _open(published: Published, table: str, *labels: str | None) -> bool:
    """Whether a figure over the others may be shown; where there are none, nobody is told of."""
    cell = published.cell(table, *labels)
    return cell is None or cell.contributors is not None
