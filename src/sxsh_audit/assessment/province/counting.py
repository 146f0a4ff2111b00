"""Counts, groups and targets: what the answers of the establishments add up to."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sxsh_audit.assessment.province.size_classes import SIZES, SME, possible_sizes
from sxsh_audit.assessment.province.standing import INDICATORS, Standing
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.calc.bands import Status, status
from sxsh_audit.calc.programme_counts import count_answers, share_of, shares_of_groups

if TYPE_CHECKING:
    from sxsh_audit.assessment.programmes import Programme
    from sxsh_audit.tables.districts import Province

__all__ = [
    "GROUPINGS", "count_rows", "group_rows", "grouped_frame", "indicator_rows", "member_answers",
    "year_rows",
]  # fmt: skip

GROUPINGS = (
    "sector", "vsic", "district", "zone_kind", "pollution", "size_class", "ownership",
)  # fmt: skip
BASES_OF = {"event": "from_event", "study": "from_study", "option": "from_option"}
NOT_ENTERPRISES = ("household", "other")

Row = dict[str, Any]


def grouped_frame(
    frame: pd.DataFrame, day: dt.date, province: Province | None = None
) -> pd.DataFrame:
    """Return what establishments are grouped by, with their possible sizes.

    Parameters
    ----------
    frame : DataFrame
        Establishments.
    day : date
        Day whose decree classes them, and whose districts they lie in.
    province : Province, optional
        Whose districts are known with their days.

    Returns
    -------
    DataFrame
        A column for each of ``GROUPINGS``, and ``sizes``, the classes each can belong to.

    Notes
    -----
    A district that was split off later counts, before that day, as the one it was a part of. On
    a day without districts (from 1/7/2025) establishments are grouped by commune.
    """
    out = frame[["sector", "zone_kind", "pollution", "ownership"]].copy()
    out["district"] = frame["district"]
    if province is not None:
        out["district"] = [_place(str(district), str(commune), day, province) for
                           district, commune in zip(frame["district"], frame["commune"],
                                                    strict=True)]  # fmt: skip
    out["vsic"] = [
        f"{version}:{code.strip()[:2]}" if code.strip() else ""
        for code, version in zip(frame["vsic"], frame["vsic_version"], strict=True)
    ]
    sizes = [_sizes(row, day) for row in frame.itertuples()]
    out["sizes"] = pd.Series(sizes, index=out.index, dtype=object)
    out["size_class"] = [classes[0] if len(classes) == 1 else "" for classes in sizes]
    return out


def _place(district: str, commune: str, day: dt.date, province: Province) -> str:
    if not province.on(day):
        return commune
    known = province.district(district)
    if known is not None and known.start is not None and day < known.start:
        return known.split_from or district
    return district


def _sizes(row: Any, day: dt.date) -> tuple[str, ...]:
    if row.ownership in NOT_ENTERPRISES:
        return ()
    if row.size_class in SIZES:
        return (row.size_class,)
    return possible_sizes(day, people=row.employees, revenue=row.revenue, capital=row.capital,
                          vsic=row.vsic)  # fmt: skip


def member_answers(
    denominator: str, grouped: pd.DataFrame, answers: Mapping[str, NDArray[np.int8]]
) -> NDArray[np.int8] | None:
    """Say of each establishment whether it belongs to the base of an indicator.

    Parameters
    ----------
    denominator : str
        As the programme names it.
    grouped : DataFrame
        Of :func:`grouped_frame`.
    answers : mapping
        Answers by indicator.

    Returns
    -------
    array of int8 or None
        1, 0 or −1 (not known); None where a register of establishments cannot tell.
    """
    if denominator == "all_establishments":
        return np.ones(len(grouped), dtype=np.int8)
    if denominator == "capable_establishments":
        return answers["capable"]
    wanted = {"small_and_medium_enterprises": SME,
              "medium_and_large_enterprises": frozenset({"medium", "large"})}  # fmt: skip
    if denominator not in wanted:
        return None
    sizes = [frozenset(classes) for classes in grouped["sizes"]]
    member = [1 if found and found <= wanted[denominator]
              else 0 if not found & wanted[denominator] else -1 for found in sizes]  # fmt: skip
    column = np.array(member, dtype=np.int8)
    # whoever owns it is not known: it may be a household business, which is no enterprise
    column[(column == 1) & (grouped["ownership"] == "").to_numpy()] = -1
    return column


Answered = tuple[dt.date, pd.DataFrame, Mapping[str, NDArray[np.int8]]]
"""A day, the establishments with what they are grouped by, and their answers on it."""


def indicator_rows(
    programme: Programme, phase: str | None, answered: Mapping[str, Answered]
) -> list[Row]:
    """Put every target of a programme beside what was reached.

    Parameters
    ----------
    programme : Programme
        Its targets.
    phase : str or None
        Phase in force.
    answered : mapping of str to tuple
        By phase, the day on which its targets are looked at, the establishments of
        :func:`grouped_frame`, and their answers by indicator.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.indicators``.
    """
    rows = []
    for target in programme.indicators:
        day, grouped, answers = answered[target.phase]
        row: Row = {
            "phase": target.phase, "in_force": target.phase == phase, "indicator": target.kind,
            "denominator": target.denominator, "low": target.low, "high": target.high,
            "as_of": day.isoformat(),
        }  # fmt: skip
        members = member_answers(target.denominator, grouped, answers)
        if members is None or target.kind not in answers:
            row |= dict.fromkeys(("yes", "no", "unknown", "base", "base_unknown", "share",
                                  "lowest", "highest", "short_of_low"))  # fmt: skip
            row |= dict.fromkeys(("status", "status_lowest", "status_highest"),
                                 str(Status.UNKNOWN))  # fmt: skip
        else:
            found = share_of(answers[target.kind], members)
            row |= {name: plain(value) for name, value in found._asdict().items()}
            for name, share in (("status", found.share), ("status_lowest", found.lowest),
                                ("status_highest", found.highest)):  # fmt: skip
                row[name] = str(status(share, target.low, target.high))
            needed = math.ceil(target.low * found.base - 1e-9)
            row["short_of_low"] = max(0, needed - found.yes) if found.base else None
        row |= {"wording": target.wording, "legal_ref": programme.legal_ref,
                "source": programme.source, "confidence": programme.confidence}  # fmt: skip
        rows.append(row)
    return rows


def count_rows(standing: Standing, before: Mapping[str, set[str]], names: pd.Series) -> list[Row]:
    """Count every indicator over the whole frame.

    Parameters
    ----------
    standing : Standing
        Answers and the records behind them.
    before : mapping of str to set of str
        Establishments that were a yes at the end of the year before, by indicator.
    names : Series
        Establishments of the frame, in its order.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.counts``.
    """
    rows = []
    for indicator in INDICATORS:
        answers = standing.answers[indicator]
        known = _counted(answers, np.zeros(len(answers), dtype=np.int64), 1)[0]
        yes = set(names[answers == 1])
        records = standing.records
        here = records[(records["indicator"] == indicator) & (records["value"] == "yes")]
        told = here["basis"].value_counts()
        rows.append({
            "indicator": indicator, **known,
            "new_in_year": len(yes - before[indicator]),
            "stated": int(told.get("stated", 0)),
            **{name: int(told.get(basis, 0)) for basis, name in BASES_OF.items()},
            "implied": int(told.get("implied", 0)),
        })  # fmt: skip
    return rows


def group_rows(grouped: pd.DataFrame, answers: Mapping[str, NDArray[np.int8]]) -> list[Row]:
    """Count every indicator in every group of every grouping.

    Parameters
    ----------
    grouped : DataFrame
        Of :func:`grouped_frame`.
    answers : mapping
        Answers by indicator.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.groups``; "" is the group of those of whom it is not known.
    """
    rows: list[Row] = []
    for grouping in GROUPINGS:
        codes, labels = pd.factorize(grouped[grouping], sort=True)
        for indicator in INDICATORS:
            counted = _counted(answers[indicator], codes, len(labels))
            rows += [
                {"grouping": grouping, "group": str(label), "indicator": indicator,
                 **{key: value for key, value in row.items() if key != "share_known"}}
                for label, row in zip(labels, counted, strict=True)
            ]  # fmt: skip
    return rows


def year_rows(standings: Mapping[int, tuple[Standing, int]]) -> list[Row]:
    """Follow every indicator from year to year.

    Parameters
    ----------
    standings : mapping of int to tuple
        By year: the answers at its end, and the count of establishments.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.years``.
    """
    rows, last = [], dict.fromkeys(INDICATORS, 0)
    for year, (standing, total) in sorted(standings.items()):
        for indicator in INDICATORS:
            answers = standing.answers[indicator]
            counted = _counted(answers, np.zeros(total, dtype=np.int64), 1)[0]
            rows.append({
                "year": year, "indicator": indicator,
                **{key: counted[key] for key in ("yes", "no", "unknown", "total", "share")},
                "change": counted["yes"] - last[indicator],
            })  # fmt: skip
            last[indicator] = counted["yes"]
    return rows


def _counted(answers: NDArray[np.int8], groups: Any, n: int) -> list[Row]:
    counts = count_answers(answers, groups, n)
    known, lowest, highest = shares_of_groups(counts)
    return [
        {
            "yes": int(counts.yes[i]), "no": int(counts.no[i]),
            "unknown": int(counts.unknown[i]),
            "total": int(counts.yes[i] + counts.no[i] + counts.unknown[i]),
            "share": plain(lowest[i]), "share_known": plain(known[i]),
            "lowest": plain(lowest[i]), "highest": plain(highest[i]),
        }
        for i in range(n)
    ]  # fmt: skip
