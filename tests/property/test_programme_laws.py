"""Laws of counting a programme, on random registers."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sxsh_audit.assessment.province.counting import GROUPINGS
from sxsh_audit.assessment.province.progress import programme_progress
from sxsh_audit.assessment.province.progress_result import ProgrammeProgress
from sxsh_audit.assessment.province.standing import INDICATORS
from sxsh_audit.tables.register import Register

FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = [f"E{i}" for i in range(8)]
DAYS = st.one_of(st.none(), st.dates(dt.date(2013, 1, 1), dt.date(2015, 12, 31)))


@st.composite
def registers(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    n = draw(st.integers(1, 8))
    known = NAMES[:n]

    def column(*values: Any) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=n, max_size=n))

    establishments = pd.DataFrame({
        "establishment": known, "ownership": column("enterprise", "household", ""),
        "sector": column("paper", "", "brick"), "vsic": column("1701", "2392", ""),
        "vsic_version": column("2007", "2018"), "district": column("Bố Trạch", "", "Lệ Thủy"),
        "zone_kind": column("residential", "outside", ""), "pollution": column("yes", "no", ""),
        "employees": column(5.0, 150.0, 400.0, None), "capital": column(1e9, 5e10, None),
        "opened": column(None, dt.date(2014, 3, 1)), "closed": column(None, dt.date(2014, 9, 1)),
    })  # fmt: skip
    status = st.tuples(st.sampled_from(known), st.sampled_from(INDICATORS),
                       st.sampled_from(["yes", "no"]), DAYS,
                       st.sampled_from(["Sở", "huyện"]))  # fmt: skip
    statuses = pd.DataFrame(draw(st.lists(status, max_size=25)), columns=[
        "establishment", "indicator", "value", "date", "reported_by"])  # fmt: skip
    study = st.tuples(st.sampled_from(known), st.integers(0, 30), st.integers(1, 18),
                      st.floats(-50, 50), st.floats(1, 1000))  # fmt: skip
    rows = [
        {"establishment": name, "study": f"s{i}", "start": start, "resource": "electricity",
         "end": start + dt.timedelta(days=30 * length), "unit": "kWh", "currency": "VND",
         "category": "purchased_energy", "absolute_saving": saved, "adjusted_baseline": used}
        for i, (name, after, length, saved, used) in enumerate(draw(st.lists(study, max_size=8)))
        for start in [dt.date(2013, 1, 1) + dt.timedelta(days=30 * after)]
    ]  # fmt: skip
    results = pd.DataFrame(rows)
    keys = [key for key in ("establishment", "study", "start", "end") if len(results)]
    return {"establishments": establishments, "statuses": statuses, "results": results,
            "verdicts": results[keys] if len(results) else results}  # fmt: skip


def progress(tables: dict[str, pd.DataFrame]) -> ProgrammeProgress:
    return programme_progress(Register.from_frames(**tables), "vn-qb-2384", 2014)


@FEW
@given(registers())
def test_any_grouping_sums_to_the_whole(tables: dict[str, pd.DataFrame]) -> None:
    found = progress(tables)
    whole = {row["indicator"]: row for row in found.counts.rows}
    for grouping in GROUPINGS:
        for indicator in INDICATORS:
            rows = [row for row in found.groups.rows
                    if (row["grouping"], row["indicator"]) == (grouping, indicator)]  # fmt: skip
            for name in ("yes", "no", "unknown", "total"):
                assert sum(row[name] for row in rows) == whole[indicator][name]


@FEW
@given(registers())
def test_the_changes_of_the_years_sum_to_what_there_is(tables: dict[str, pd.DataFrame]) -> None:
    found = progress(tables)
    for indicator in INDICATORS:
        changes = [row["change"] for row in found.years.rows if row["indicator"] == indicator]
        assert sum(changes) == found.counts[indicator].yes


@FEW
@given(registers(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(
    tables: dict[str, pd.DataFrame], random: Any
) -> None:
    shuffled = {}
    for name, frame in tables.items():
        order = list(range(len(frame)))
        random.shuffle(order)
        shuffled[name] = frame.iloc[order]
    assert progress(shuffled).to_dict() == progress(tables).to_dict()


@FEW
@given(registers())
def test_what_is_not_known_lies_between_no_and_yes(tables: dict[str, pd.DataFrame]) -> None:
    """An indicator over all: stating every unknown as no, or as yes, gives the two ends."""
    found = progress(tables)
    names = tables["establishments"]["establishment"]
    for indicator in ("reached", "specialised_unit"):
        row = found.counts[indicator]
        known = {r["establishment"] for r in found.evidence.rows if r["indicator"] == indicator}
        for value, end in (("no", row.lowest), ("yes", row.highest)):
            more = pd.DataFrame({
                "establishment": [name for name in names if name not in known],
                "indicator": indicator, "value": value, "date": dt.date(2014, 12, 31),
            })  # fmt: skip
            # what contradicts itself on the last day of all cannot be mended by a record more
            rest = tables["statuses"]
            rest = rest[[day != dt.date(2014, 12, 31) for day in rest["date"]]]
            again = progress({**tables, "statuses": pd.concat([rest, more])})
            if len(rest) == len(tables["statuses"]):
                assert again.counts[indicator].share == end


@FEW
@given(registers())
def test_the_first_and_the_latest_study_are_among_those_added_up(
    tables: dict[str, pd.DataFrame],
) -> None:
    found = progress(tables)
    for row in found.studies.rows:
        assert not ((row["first"] or row["latest"]) and row["overlapping"])
    by_plant: dict[str, list[Any]] = {}
    for row in found.studies.rows:
        if not row["overlapping"]:
            by_plant.setdefault(row["establishment"], []).append(row)
    for rows in by_plant.values():
        assert [row["first"] for row in rows] == [True] + [False] * (len(rows) - 1)
        assert [row["latest"] for row in rows] == [False] * (len(rows) - 1) + [True]
        for earlier, later in pairwise(rows):
            assert earlier["end"] < later["start"]


@FEW
@given(registers())
def test_from_dict_gives_it_back(tables: dict[str, pd.DataFrame]) -> None:
    record = progress(tables).to_dict()
    assert ProgrammeProgress.from_dict(record).to_dict() == record
