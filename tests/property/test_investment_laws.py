"""Laws of the columns of options: circles, spellings of fractions, sums of shares."""

from __future__ import annotations

from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sxsh_audit.findings import Finding
from sxsh_audit.tables.checking import CheckedTables, check_tables
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.settings import StudySettings


def checked(**frames: pd.DataFrame) -> tuple[CheckedTables, list[Finding]]:
    raw = {name: RawTable.from_frame(frame, name) for name, frame in frames.items()}
    tables, findings, _ = check_tables(raw, StudySettings(locale="vi"))
    return tables, findings


@given(st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_a_circle_is_told_exactly_where_the_options_have_no_order(needs: list[set[int]]) -> None:
    count = len(needs)
    wanted = {i: {j for j in ones if j < count and j != i} for i, ones in enumerate(needs)}
    frame = pd.DataFrame({"option": [f"G{i}" for i in wanted], "requires": [
        "; ".join(f"G{j}" for j in sorted(ones)) for ones in wanted.values()]})  # fmt: skip
    told = [item for item in checked(options=frame)[1] if item.code == "table.requires_circle"]
    try:
        list(TopologicalSorter(wanted).static_order())
    except CycleError:
        assert told
    else:
        assert not told
    for item in told:  # every circle that is told is one: each option requires the next
        ids = [int(name[1:]) for name in item.numbers["circle"].split(" → ")]
        assert ids[0] == ids[-1]
        assert all(after in wanted[one] for one, after in pairwise(ids))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_a_fraction_is_one_in_every_spelling(basis_points: list[int]) -> None:
    def of(cells: list[object], heading: str = "share") -> list[float]:
        frame = pd.DataFrame({"resource": "Điện", "end_use": [f"u{i}" for i in range(len(cells))],
                              heading: pd.Series(cells, dtype=object)})  # fmt: skip
        return list(checked(end_uses=frame)[0].end_uses["share"])

    exact = [Fraction(points, 10_000) for points in basis_points]
    decimal = [f"{points // 100},{points % 100:02d}" for points in basis_points]
    for cells in ([float(one) for one in exact], [f"{text} %" for text in decimal]):
        read = of(list(cells))
        assert all(abs(Fraction(a) - b) <= Fraction(1, 10**15)
                   for a, b in zip(read, exact, strict=True))  # fmt: skip


@given(st.lists(st.integers(1, 100), min_size=1, max_size=12))
def test_shares_are_refused_exactly_above_the_whole(percents: list[int]) -> None:
    frame = pd.DataFrame({"resource": "Điện", "end_use": [f"u{i}" for i in range(len(percents))],
                          "share": [one / 100 for one in percents]})  # fmt: skip
    told = [item for item in checked(end_uses=frame)[1] if item.code == "table.shares_over_whole"]
    assert bool(told) == (sum(percents) > 100)
