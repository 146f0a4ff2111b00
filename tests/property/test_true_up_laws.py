"""Laws of estimated bills and the readings that make them good."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.tables.columns import ColumnReader, Reading
from sxsh_audit.tables.raw import RawTable
from sxsh_audit.tables.schema import table_spec
from sxsh_audit.tables.true_ups import replaced_estimates

BILLS = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 40), st.integers(0, 25),
              st.sampled_from(["actual", "estimated", ""]), st.sampled_from([1.0, np.nan])),
    min_size=1, max_size=25,
)  # fmt: skip


def replaced(bills: list[tuple[str, int, int, str, float]]) -> list[bool]:
    frame = pd.DataFrame({"Resource": ["x"] * len(bills)})
    reader = ColumnReader(table_spec("consumption"), RawTable.from_frame(frame, "consumption"),
                          Reading())  # fmt: skip
    meter, start, length, reading, value = (list(part) for part in zip(*bills, strict=True))
    first = np.array(start, dtype=np.int64)
    return replaced_estimates(
        reader, [np.array(meter, dtype=object)], first, first + np.array(length),
        np.array(reading, dtype=object), np.array(value),
    ).tolist()  # fmt: skip


@settings(max_examples=25)
@given(BILLS)
def test_an_estimate_is_replaced_where_one_reading_holds_all_of_its_days(
    bills: list[tuple[str, int, int, str, float]],
) -> None:
    """Compare with looking at every pair of bills."""
    ends = {(meter, start + length) for meter, start, length, _, _ in bills}
    expected = []
    for meter, start, length, reading, _ in bills:
        # The day of a reading belongs to the bill that ended with it.
        days = set(range(start + ((meter, start) in ends and length > 0), start + length + 1))
        expected.append(reading == "estimated" and any(
            other == meter and how == "actual" and not np.isnan(value)
            and days <= set(range(begun, begun + long + 1))
            for other, begun, long, how, value in bills))  # fmt: skip
    assert replaced(bills) == expected


@settings(max_examples=25)
@given(BILLS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    bills: list[tuple[str, int, int, str, float]], draw: object
) -> None:
    order = list(range(len(bills)))
    draw.shuffle(order)  # type: ignore[attr-defined]
    straight = replaced(bills)
    assert replaced([bills[i] for i in order]) == [straight[i] for i in order]


@settings(max_examples=25)
@given(BILLS)
def test_what_is_read_is_never_left_out(bills: list[tuple[str, int, int, str, float]]) -> None:
    gone = [bill for bill, out in zip(bills, replaced(bills), strict=True) if out]
    assert {bill[3] for bill in gone} <= {"estimated"}
