"""Where each establishment stands at a cut-off date: what is known of it, and from which record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit.data import load_toml
from sxsh_audit.findings import Finding, Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sxsh_audit.tables.register import Register

__all__ = [
    "INDICATORS", "Standing", "frame_at", "indicator_facts", "iso_days", "rows_of", "standing_at",
]  # fmt: skip

_UNDATED = dt.date.min
IMPLEMENTED = "implemented"


def indicator_facts() -> Mapping[str, Mapping[str, Any]]:
    """Return each indicator with its definition, proof and survey question, in order.

    Examples
    --------
    >>> indicator_facts()["applying"]["implies"]
    ['capable', 'aware']
    """
    return {entry["id"]: entry for entry in load_toml("evidence.toml")["indicator"]}


INDICATORS = tuple(indicator_facts())
"""Indicators of an establishment, in order."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Answers of the establishments of a frame at a cut-off date.

    Parameters
    ----------
    answers : mapping of str to array of int8
        By indicator: 1 yes, 0 no, −1 not known, in the order of the frame.
    records : DataFrame
        The record that decides each known answer: position, indicator, value (yes, no), date,
        basis, record, reported_by.
    findings : tuple of Finding
        Contradictions and records without a day or outside the frame.
    """

    answers: Mapping[str, NDArray[np.int8]]
    records: pd.DataFrame
    findings: tuple[Finding, ...]


def frame_at(register: Register, cutoff: dt.date) -> pd.DataFrame:
    """Return the establishments in operation on a day; an unknown day leaves one in.

    Parameters
    ----------
    register : Register
        The records of a programme.
    cutoff : date
        Last day that counts.

    Returns
    -------
    DataFrame
        Rows of ``establishments``, sorted by establishment.
    """
    frame = register.tables["establishments"]
    open_ = np.array([day is None or day <= cutoff for day in frame["opened"]], dtype=bool)
    going = np.array([day is None or day > cutoff for day in frame["closed"]], dtype=bool)
    found: pd.DataFrame = frame[open_ & going]
    return found.sort_values("establishment").reset_index(drop=True)


def standing_at(register: Register, frame: pd.DataFrame, cutoff: dt.date) -> Standing:
    """Answer every indicator for every establishment of a frame.

    Parameters
    ----------
    register : Register
        The records of a programme.
    frame : DataFrame
        Establishments that count, of :func:`frame_at`.
    cutoff : date
        Last day that counts.

    Returns
    -------
    Standing

    Notes
    -----
    The latest record counts; two values of one day contradict each other and count as unknown.
    What is proved by an event, a study or an option and *lasts* (to have been reached, assessed,
    to have implemented something) stays a yes whatever is reported later. Where nothing is
    recorded of an indicator, another one may imply it (who applies is able to).
    """
    positions = pd.Series(np.arange(len(frame)), index=frame["establishment"])
    findings: list[Finding] = []
    stated = _stated(register, cutoff)
    outside = ~stated["establishment"].isin(positions.index)
    every = set(register.tables["establishments"]["establishment"])
    strange = sorted(set(stated.loc[outside, "establishment"]) - every)
    if strange:
        numbers = {"count": len(strange), "first": strange[:5]}
        findings.append(Finding("progress.not_in_list", "warning", numbers=numbers))
    rows = pd.concat([stated[~outside], _proved(register, cutoff, positions)], ignore_index=True)
    rows["position"] = positions.reindex(rows["establishment"]).to_numpy(dtype=np.int64)
    undated = int((rows["date"] == _UNDATED).sum())
    if undated:
        findings.append(Finding("progress.undated", "note", numbers={"count": undated}))
    decided, contradicted = _decided(rows)
    findings += [
        Finding("progress.contradicted", "warning",
                Place(facility=str(frame.at[row.position, "establishment"])),
                numbers={**_names(row.indicator), "day": _iso(row.date)})
        for row in rows_of(contradicted)
    ]  # fmt: skip
    decided, denied = _implied(decided, contradicted, cutoff)
    findings += [
        Finding("progress.denied", "warning",
                Place(facility=str(frame.at[position, "establishment"])),
                numbers=_names(indicator, implied))
        for position, indicator, implied in denied
    ]  # fmt: skip
    answers = {}
    for indicator in INDICATORS:
        column = np.full(len(frame), -1, dtype=np.int8)
        rows = decided[decided["indicator"] == indicator]
        column[rows["position"].to_numpy(dtype=np.int64)] = (rows["value"] == "yes").to_numpy()
        answers[indicator] = column
    return Standing(answers, decided.reset_index(drop=True), tuple(findings))


COLUMNS = ["establishment", "indicator", "value", "date", "basis", "record", "reported_by"]


def _stated(register: Register, cutoff: dt.date) -> pd.DataFrame:
    """Return what was reported up to the cut-off; an undated record is older than every other."""
    table = register.tables["statuses"]
    dates = [day or _UNDATED for day in table["date"]]
    rows = table.assign(date=dates, basis="stated", record=table["evidence"])[COLUMNS]
    known = table["value"].isin(["yes", "no"]) & table["indicator"].isin(INDICATORS)
    return rows[known & np.array([day <= cutoff for day in dates], dtype=bool)]


def _proved(register: Register, cutoff: dt.date, positions: pd.Series) -> pd.DataFrame:
    """Return what events, studies and options prove."""
    events = register.tables["events"].set_index("event")["date"]
    taken = register.tables["participants"]
    verdicts, options = register.tables["verdicts"], register.tables["options"]
    ends = verdicts.groupby(["establishment", "study"])["end"].first().to_dict()
    done = options[options["status"] == IMPLEMENTED]
    rows = [
        (row.establishment, "reached", events.get(row.event), "event", row.event, row.reported_by)
        for row in rows_of(taken) if row.establishment
    ]  # fmt: skip
    rows += [(row.establishment, "assessed", row.end, "study", row.study, "")
             for row in rows_of(verdicts)]  # fmt: skip
    for row in rows_of(done):
        day = row.date or ends.get((row.establishment, row.study))
        name = f"{row.study}: {row.option}"
        rows += [(row.establishment, indicator, day, "option", name, "")
                 for indicator in ("implemented", "applying")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "value"])
    frame["date"] = [day or _UNDATED for day in frame["date"]]
    frame.insert(2, "value", "yes")
    in_time = np.array([day <= cutoff for day in frame["date"]], dtype=bool)
    return frame[in_time & frame["establishment"].isin(positions.index).to_numpy(dtype=bool)]


def _decided(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the deciding record of each answer, and the contradicted ones."""
    facts = indicator_facts()
    lasting = rows["indicator"].map({name: facts[name]["lasting"] for name in facts}).astype(bool)
    proof = (lasting & (rows["basis"] != "stated")).to_numpy(dtype=bool)
    # the first proof of what lasts comes before everything that was merely stated
    keys = ["position", "indicator"]
    # of several records of the day that decides, the choice must not depend on their order
    order = ["record", "reported_by", "basis"]
    proved = rows[proof].sort_values([*keys, "date", *order]).drop_duplicates(keys)
    rest = rows[~proof].merge(proved[keys], on=keys, how="left", indicator=True)
    rest = rest[rest["_merge"] == "left_only"].drop(columns="_merge")
    if len(rest):
        latest = rest.groupby(keys)["date"].transform("max")
        rest = rest[rest["date"] == latest]
    values = rest.groupby(keys)["value"].transform("nunique") if len(rest) else rest["value"]
    clash = (values.to_numpy() == 2) if len(rest) else np.zeros(0, dtype=bool)
    agreed = rest[~clash].sort_values([*keys, *order]).drop_duplicates(keys)
    return (pd.concat([proved, agreed], ignore_index=True),
            rest[clash].drop_duplicates(keys).sort_values(keys))  # fmt: skip


def _implied(
    decided: pd.DataFrame, contradicted: pd.DataFrame, cutoff: dt.date
) -> tuple[pd.DataFrame, list[tuple[int, str, str]]]:
    """Add what a yes implies where nothing is recorded of it, and tell what denies it."""
    known = {(row.position, row.indicator): row.value for row in rows_of(decided)}
    unsure = {(row.position, row.indicator) for row in rows_of(contradicted)}
    facts = indicator_facts()
    added, denied = [], []
    for row in rows_of(decided[decided["value"] == "yes"]):
        for implied in facts[row.indicator]["implies"]:
            key = (row.position, implied)
            if key not in known and key not in unsure:
                known[key] = "yes"
                added.append({"establishment": row.establishment, "position": row.position,
                              "indicator": implied, "value": "yes", "date": row.date,
                              "basis": "implied", "record": row.indicator,
                              "reported_by": row.reported_by})  # fmt: skip
            elif known.get(key) == "no":
                denied.append((int(row.position), str(row.indicator), str(implied)))
    if added:
        decided = pd.concat([decided, pd.DataFrame(added)], ignore_index=True)
    return decided, denied


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a frame as named tuples."""
    return iter(frame.itertuples(index=False))


def _names(*indicators: str) -> dict[str, str]:
    """Return the names of indicators in both languages, for a finding."""
    facts = indicator_facts()
    return {language: " / ".join(str(facts[name][language]) for name in indicators)
            for language in ("vi", "en")}  # fmt: skip


def _iso(day: dt.date) -> str | None:
    return None if day == _UNDATED else day.isoformat()


def iso_days(days: pd.Series) -> list[str | None]:
    """Return days as ISO texts; a record without one has None."""
    return [_iso(day) for day in days]
