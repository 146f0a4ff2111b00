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
    "INDICATORS", "Standing", "frame_at", "indicator_facts", "iso_days", "outside_list",
    "records_of", "rows_of", "standing_at",
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


def records_of(register: Register) -> pd.DataFrame:
    """Return every record that says yes or no of an establishment, whatever its day.

    Parameters
    ----------
    register : Register
        The records of a programme.

    Returns
    -------
    DataFrame
        Columns establishment, indicator, value, date, basis, record, reported_by, and ``day``,
        the date as a number, by which they are compared; a record without a date comes first.
    """
    table = register.tables["statuses"]
    known = table["value"].isin(["yes", "no"]) & table["indicator"].isin(INDICATORS)
    stated = table.assign(basis="stated", record=table["evidence"])[known][COLUMNS]
    rows = pd.concat([stated, _proved(register)], ignore_index=True)
    rows["date"] = [day or _UNDATED for day in rows["date"]]
    return rows.assign(day=[day.toordinal() for day in rows["date"]])


def standing_at(records: pd.DataFrame, frame: pd.DataFrame, cutoff: dt.date) -> Standing:
    """Answer every indicator for every establishment of a frame.

    Parameters
    ----------
    records : DataFrame
        Of :func:`records_of`.
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
    places = pd.Index(frame["establishment"]).get_indexer(records["establishment"])
    here = (places >= 0) & (records["day"] <= cutoff.toordinal()).to_numpy(dtype=bool)
    rows = records[here].assign(position=places[here])
    decided, contradicted = _decided(rows)
    undated = int((rows["date"] == _UNDATED).sum())
    findings = [Finding("progress.undated", "note", numbers={"count": undated})] if undated else []
    names = frame["establishment"].to_numpy()
    findings += [
        Finding("progress.contradicted", "warning", Place(facility=str(names[row.position])),
                numbers={**_names(row.indicator), "day": _iso(row.date)})
        for row in rows_of(contradicted)
    ]  # fmt: skip
    decided, denied = _implied(decided, contradicted)
    findings += [
        Finding("progress.denied", "warning", Place(facility=str(names[position])),
                numbers=_names(indicator, implied))
        for position, indicator, implied in denied
    ]  # fmt: skip
    answers = {}
    for indicator in INDICATORS:
        column = np.full(len(frame), -1, dtype=np.int8)
        found = decided[decided["indicator"] == indicator]
        column[found["position"].to_numpy(dtype=np.int64)] = (found["value"] == "yes").to_numpy()
        answers[indicator] = column
    return Standing(answers, decided.drop(columns="day"), tuple(findings))


def outside_list(register: Register) -> list[str]:
    """Return the establishments of which something is stated though the list lacks them."""
    known = set(register.tables["establishments"]["establishment"])
    return sorted(set(register.tables["statuses"]["establishment"]) - known)


COLUMNS = ["establishment", "indicator", "value", "date", "basis", "record", "reported_by"]


def _proved(register: Register) -> pd.DataFrame:
    """Return what events, studies and options prove."""
    events = dict(zip(*(register.tables["events"][name] for name in ("event", "date")),
                      strict=True))  # fmt: skip
    taken = register.tables["participants"]
    verdicts, options = register.tables["verdicts"], register.tables["options"]
    done = options[options["status"] == IMPLEMENTED]
    ends = {(row.establishment, row.study): row.end for row in rows_of(verdicts)}
    rows = [
        (row.establishment, "reached", "yes", events.get(row.event), "event", row.event,
         row.reported_by)
        for row in rows_of(taken) if row.establishment
    ]  # fmt: skip
    rows += [(row.establishment, "assessed", "yes", row.end, "study", row.study, "")
             for row in rows_of(verdicts)]  # fmt: skip
    for row in rows_of(done):
        day = row.date or ends.get((row.establishment, row.study))
        name = f"{row.study}: {row.option}"
        rows += [(row.establishment, indicator, "yes", day, "option", name, "")
                 for indicator in ("implemented", "applying")]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _decided(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the deciding record of each answer, and the contradicted ones."""
    keys = ["position", "indicator"]
    lasting = [name for name, fact in indicator_facts().items() if fact["lasting"]]
    proof = rows["indicator"].isin(lasting) & (rows["basis"] != "stated")
    # of several records of the day that decides, the choice must not depend on their order
    order = ["record", "reported_by", "basis"]
    # the first proof of what lasts comes before everything that was merely stated
    proved = rows[proof].sort_values([*keys, "day", *order]).drop_duplicates(keys)
    pairs = pd.MultiIndex.from_frame(rows[keys])
    rest = rows[~pairs.isin(pd.MultiIndex.from_frame(proved[keys]))]
    rest = rest[rest["day"] == rest.groupby(keys)["day"].transform("max")]
    yes = (rest["value"] == "yes").groupby([rest[key] for key in keys]).transform("mean")
    clash = (yes > 0) & (yes < 1)
    agreed = rest[~clash].sort_values([*keys, *order]).drop_duplicates(keys)
    return (pd.concat([proved, agreed], ignore_index=True),
            rest[clash].sort_values(keys).drop_duplicates(keys))  # fmt: skip


def _implied(
    decided: pd.DataFrame, contradicted: pd.DataFrame
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
