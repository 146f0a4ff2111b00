"""What the site tells of groups: nothing of one establishment, also beside the published cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from sxsh_audit.assessment.programmes import programme
from sxsh_audit.assessment.province.progress import programme_progress
from sxsh_audit.reports.site.protected import (
    OTHERS,
    GroupCount,
    TargetCount,
    resource_savings,
    target_counts,
)
from sxsh_audit.tables.register import Register

LAW = programme("vn-qb-2384")
DAY = dt.date(2014, 6, 1)


def register(groups: dict[str, tuple[int, int]], reached: tuple[int, int, int]) -> Register:
    """Return establishments by sector with how many of them apply; yes, no, unknown of reached."""
    rows, statuses = [], []
    for sector, (total, applying) in groups.items():
        for number in range(total):
            code = f"{sector}{number}"
            rows.append({"establishment": code, "sector": sector})
            statuses.append({"establishment": code, "indicator": "applying", "date": DAY,
                             "value": "yes" if number < applying else "no"})  # fmt: skip
    yes, no, _ = reached
    for place, row in enumerate(rows[: yes + no]):
        statuses.append({"establishment": row["establishment"], "indicator": "reached",
                         "date": DAY, "value": "yes" if place < yes else "no"})  # fmt: skip
    return Register.from_frames(establishments=pd.DataFrame(rows),
                                statuses=pd.DataFrame(statuses))  # fmt: skip


def counted(
    records: Register, published: Any = (), minimum: int = 3
) -> tuple[dict[str, TargetCount], dict[str, GroupCount]]:
    progress = programme_progress(records, LAW, 2014)
    targets, groups = target_counts(records, progress, published, minimum=minimum)
    first = {one.row["indicator"]: one for one in targets if one.row["phase"] == "2013-2015"}
    return first, {one.group: one for one in groups if one.grouping == "sector"}


def test_safe_figures_are_those_counted_by_hand() -> None:
    targets, groups = counted(register({"x": (20, 5), "y": (20, 10)}, (24, 10, 6)))
    reached = targets["reached"]
    assert (reached.yes, reached.no, reached.unknown, reached.base) == (24, 10, 6, 40)
    assert reached.share == pytest.approx(0.6)
    assert reached.highest == pytest.approx(0.75)  # (24 + 6) / 40
    assert {key: (one.total, one.applying) for key, one in groups.items()} == {
        "x": (20, 5), "y": (20, 10)}  # fmt: skip


def test_a_count_of_two_is_withheld_and_cannot_be_worked_out() -> None:
    targets, _ = counted(register({"x": (40, 10)}, (24, 14, 2)))
    reached = targets["reached"]
    # 40 − yes − no would be the 2: one more figure must be missing
    assert reached.unknown is None
    assert [reached.yes, reached.no, reached.base].count(None) >= 1


def test_small_groups_are_put_together() -> None:
    _, groups = counted(register({"x": (30, 15), "a": (2, 1), "b": (5, 2), "c": (6, 3)},
                                 (30, 13, 0)))  # fmt: skip
    assert set(groups) == {"x", OTHERS}
    assert (groups[OTHERS].total, groups[OTHERS].applying) == (13, 6)  # 2+5+6, 1+2+3


def test_who_is_published_is_known_and_hides_nobody() -> None:
    """Four apply, two of them are published: the figure 4 would tell of the other two."""
    records = register({"x": (20, 4), "y": (20, 10)}, (40, 0, 0))
    assert counted(records)[1]["x"].applying == 4
    assert counted(records, {"x0", "x1"})[1]["x"].applying is None
    # where all four are published, nobody else is told of
    assert counted(records, {"x0", "x1", "x2", "x3"})[1]["x"].applying == 4


def test_that_none_of_two_apply_is_not_told() -> None:
    _, groups = counted(register({"x": (20, 10), "a": (2, 0)}, (22, 0, 0)))
    assert (groups[OTHERS].total, groups[OTHERS].applying) == (None, None)


def results(*saved: float, baseline: float = 100.0) -> Register:
    rows = [{"establishment": f"P{place}", "study": "s", "resource": "electricity", "unit": "kWh",
             "category": "purchased_energy", "absolute_saving": one,
             "adjusted_baseline": baseline} for place, one in enumerate(saved)]  # fmt: skip
    keys = [{"establishment": row["establishment"]} for row in rows]
    verdicts = [{**key, "study": "s", "end": DAY, "programme": LAW.id} for key in keys]
    return Register.from_frames(
        establishments=pd.DataFrame(keys), results=pd.DataFrame(rows),
        verdicts=pd.DataFrame(verdicts))  # fmt: skip


def saving(records: Register, published: Any = ()) -> tuple[float | None, float]:
    found = resource_savings(records, programme_progress(records, LAW, 2014), published)
    (one,) = found
    return one.saved, one.saving


def test_savings_are_summed_over_what_would_have_been_used() -> None:
    saved, share = saving(results(10, 5, -3))
    assert saved == pytest.approx(12)
    assert share == pytest.approx(0.04)  # 12 / 300


def test_sums_of_two_and_sums_that_one_makes_up_are_withheld() -> None:
    assert saving(results(10, 5))[0] is None
    assert saving(results(100, 1, 1))[0] is None  # 98 % is one plant's


def test_a_sum_beside_published_cases_hides_nobody() -> None:
    records = results(10, 5, 5, 4)
    assert saving(records)[0] == pytest.approx(24)
    assert saving(records, {("P0", "s"), ("P1", "s")})[0] is None  # two others
    assert saving(records, {("P0", "other study")})[0] == pytest.approx(24)


def test_a_phase_that_is_over_is_told_as_of_its_last_day() -> None:
    """24 were reached by 2014; ten that were not are by 2017: a yes of the later phase alone."""
    records = register({"x": (20, 5), "y": (20, 10)}, (24, 10, 6))
    later = records.statuses
    late = later[(later["indicator"] == "reached") & (later["value"] == "no")].copy()
    late["date"], late["value"] = dt.date(2017, 6, 1), "yes"
    records = records.with_tables(statuses=pd.concat([later, late], ignore_index=True))
    progress = programme_progress(records, LAW, 2018)
    targets, _ = target_counts(records, progress, ())
    reached = {one.row["phase"]: one for one in targets if one.row["indicator"] == "reached"}
    assert (reached["2013-2015"].yes, reached["2013-2015"].no) == (24, 10)
    assert (reached["2016-2020"].yes, reached["2016-2020"].no) == (34, 0)
    for one in targets:
        if one.yes is not None and one.no is not None:
            assert (one.yes, one.no) == (one.row["yes"], one.row["no"])
