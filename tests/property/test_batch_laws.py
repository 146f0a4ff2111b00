"""Laws of plants that come in a stream: the cut into frames changes nothing."""

from __future__ import annotations

import itertools
import pickle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Finding

PLAN = Plan({"baseline": "2013", "reporting": "2014"}, programme="vn-qb-2384")
TABLES = ("consumption", "production")
LETTER = st.sampled_from("ABđẽ→𝒜")
# Đồng, tonnes of a cement works, figures that no binary fraction holds, and what is missing.
FIGURE = st.sampled_from([0.1, 0.3, 7.0, 1234.567, 1e9 + 0.1, 3.3e13, 0.0, -1.0, float("nan")])
RECORD = st.tuples(
    st.sampled_from(TABLES), st.sampled_from(["electricity", "water", "gạo"]),
    st.sampled_from(["2013", "2014", "03/2014", "", "2099"]), FIGURE,
    st.sampled_from(["kWh", "m3", "tấn", "?"]), FIGURE,
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> pd.DataFrame:
    """Return the records of both tables of some plants, sorted by plant."""
    names = sorted(draw(st.sets(st.text(LETTER, min_size=1, max_size=3), min_size=1, max_size=4)))
    rows = []
    for name in names:
        # Most plants can be assessed; what is drawn beside that makes some of them messy.
        plain = [("consumption", "electricity", "2013", 100.1, "kWh", 5e9),
                 ("consumption", "electricity", "2014", 90.3, "kWh", 4e9),
                 ("production", "", "2013", 10.7, "t", None),
                 ("production", "", "2014", 10.9, "t", None)]  # fmt: skip
        rows += [(name, *row) for row in draw(st.permutations(plain))]
        rows += [(name, *row) for row in draw(st.lists(RECORD, max_size=2))]
    frame = pd.DataFrame(
        rows, columns=["facility", "table", "resource", "period", "quantity", "unit", "cost"]
    )
    made = frame["table"] == "production"
    return frame.assign(resource=frame["resource"].mask(made), cost=frame["cost"].mask(made))


def in_two(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records as a plan takes them: each table with its own columns."""
    used, made = (frame[frame["table"] == name].drop(columns="table") for name in TABLES)
    return used.reset_index(drop=True), made.drop(columns=["resource", "cost"])


def cut(frame: pd.DataFrame, places: list[int]) -> list[pd.DataFrame]:
    bounds = [0, *sorted(place % (len(frame) + 1) for place in places), len(frame)]
    return [frame.iloc[start:end] for start, end in itertools.pairwise(bounds)]


@settings(max_examples=12)
@given(records(), st.lists(st.integers(0, 50), max_size=8), st.integers(1, 30))
def test_any_cut_of_the_stream_gives_the_same(
    frame: pd.DataFrame, places: list[int], rows: int
) -> None:
    whole = PLAN.assess(*in_two(frame))
    parts = list(PLAN.batches(cut(frame, places), rows=rows))
    texts = [name for name, kind in PLAN.meta.dtypes.items() if kind == "str"]
    for part in parts:
        assert {str(kind) for kind in part[texts].dtypes} == {"object"}
    found = pd.concat(parts, ignore_index=True).astype(PLAN.meta.dtypes)
    pd.testing.assert_frame_equal(found, whole, check_exact=True)


def test_a_column_that_the_other_table_has_is_as_good_as_none() -> None:
    used = pd.DataFrame({
        "facility": "A", "resource": "electricity", "period": ["2013", "2014"],
        "quantity": [100.0, 90.0], "unit": "kWh", "meter": "1", "opening_stock": [1.0, 2.0],
        "closing_stock": [2.0, 1.0],
    })  # fmt: skip
    made = pd.DataFrame({
        "facility": "A", "start": pd.to_datetime(["2013-01-01", "2014-01-01"]).date,
        "end": pd.to_datetime(["2013-12-31", "2014-12-31"]).date, "quantity": [10.0, 10.0],
        "unit": "t", "basis": "dry",
    })  # fmt: skip
    both = pd.concat([used.assign(table="consumption"), made.assign(table="production")])
    (found,) = PLAN.batches([both])
    pd.testing.assert_frame_equal(found.astype(PLAN.meta.dtypes), PLAN.assess(used, made))
    assert found["saving"].tolist() == pytest.approx([1 - 91 / 99], rel=1e-15)


def test_no_records_give_no_frames() -> None:
    assert list(PLAN.batches([])) == []
    assert list(PLAN.batches([pd.DataFrame(), pd.DataFrame({"any": []})])) == []


def refused(*frames: pd.DataFrame) -> list[Finding]:
    with pytest.raises(StudyError) as caught:
        list(PLAN.batches(frames, rows=1))
    return list(caught.value.findings)


def one(facility: object, table: object = "consumption") -> pd.DataFrame:
    return pd.DataFrame({"facility": [facility], "table": [table], "quantity": [1.0]})


@pytest.mark.parametrize("frames", [
    [one("A"), one("B"), one("A")], [pd.concat([one("A"), one("B"), one("A")])],
    [one("B"), one("A")],
])  # fmt: skip
def test_a_plant_that_comes_again_is_refused(frames: list[pd.DataFrame]) -> None:
    (fault,) = refused(*frames)
    assert (fault.code, fault.value) == ("batches.not_sorted", "A")
    assert fault.numbers == {"before": "B"}


@pytest.mark.parametrize(("frame", "codes"), [
    (one(None), ["no_facility"]), (one("  "), ["no_facility"]), (one(7), ["facility_not_text"]),
    (one("A", None), ["unknown_table"]), (one("A", "prices"), ["unknown_table"]),
    (one("A").drop(columns=["table", "facility"]), ["no_column", "no_column"]),
    (one("A").assign(n=1, when=2), ["unknown_column", "unknown_column"]),
    (one("A", "tiêu thụ").assign(n=1), ["unknown_column", "unknown_table"]),
])  # fmt: skip
def test_every_fault_of_a_stream_is_told(frame: pd.DataFrame, codes: list[str]) -> None:
    assert [fault.code for fault in refused(frame)] == [f"batches.{code}" for code in codes]


def test_a_refusal_reaches_the_one_who_started_the_engine() -> None:
    """Engines pickle what a worker raises."""
    with pytest.raises(StudyError) as caught:
        list(PLAN.batches([one("B"), one("A")], rows=1))
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.findings == caught.value.findings
    assert "«facility»" in str(again)


def test_the_schema_for_spark_has_the_columns_of_meta() -> None:
    words = [part.split("` ") for part in PLAN.spark_schema.split(", ")]
    assert [name.lstrip("`") for name, _ in words] == list(PLAN.meta.columns)
    kinds = {"str": "STRING", "float64": "DOUBLE", "int64": "BIGINT", "bool": "BOOLEAN"}
    assert [kind for _, kind in words] == [kinds[str(kind)] for kind in PLAN.meta.dtypes]
