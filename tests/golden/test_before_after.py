"""Published before/after pairs: equal after rounding, or a documented disagreement."""

from __future__ import annotations

import math

import pytest
from calc_tables import decimals, interval, number, rows

from sxsh_audit.calc.savings import saving_fraction

ROWS = rows("before_after_specific.csv")

# Rows that are no before/after pair of specific consumption, each with its reason.
NOT_PAIRS = {
    "BA015": "the baseline is not printed (2008 was restated from 96 to 93)",
    "BA030": "the process share of total CO2, not a change in time",
}
# Rows that print no saving of their own: only our computed column to compare with.
UNPUBLISHED = {
    "BA001": "three years of a series, no percentage printed",
    "BA011": "an increase after a change of definition",
    "BA027": "no percentage printed",
    "BA029": "no percentage printed",
    "BA036": "concentration at the end of the line, not per tonne",
    "BA038": "concentration, printed 'Nil' after",
    "BA040": "concentration; a worse indicator of a cleaner-production case",
    "BA043": "concentration; a worse indicator of a cleaner-production case",
    "BA044": "concentration",
}


def ours(row: dict[str, str]) -> float:
    return 100 * saving_fraction(number(row["baseline"]), number(row["post"]))


def having(check: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["check"] == check and row["id"] not in NOT_PAIRS]


def possible(row: dict[str, str]) -> tuple[float, float]:
    """Return the least and the largest saving that the printed inputs allow [%]."""
    (b_low, b_high), (c_low, c_high) = interval(row["baseline"]), interval(row["post"])
    return 100 * saving_fraction(b_low, c_high), 100 * saving_fraction(b_high, c_low)


def test_every_row_is_used_or_named() -> None:
    checked = {row["id"] for check in ("ok", "ok within input rounding", "INCONSISTENT")
               for row in having(check)}
    assert {row["id"] for row in ROWS} == checked | NOT_PAIRS.keys() | UNPUBLISHED.keys()


@pytest.mark.parametrize("row", having("ok"), ids=lambda row: row["id"])
def test_saving_equals_the_published_one_at_its_digits(row: dict[str, str]) -> None:
    published = row["published_saving_pct"]
    assert round(ours(row), decimals(published)) == float(published)


@pytest.mark.parametrize("row", having("ok within input rounding"), ids=lambda row: row["id"])
def test_saving_equals_the_published_one_within_the_rounding_of_its_inputs(
    row: dict[str, str],
) -> None:
    low, high = possible(row)
    published_low, published_high = interval(row["published_saving_pct"])
    assert low <= published_high
    assert published_low <= high


@pytest.mark.parametrize("row", having("INCONSISTENT"), ids=lambda row: row["id"])
def test_published_saving_that_its_own_inputs_exclude(row: dict[str, str]) -> None:
    low, high = possible(row)
    published_low, published_high = interval(row["published_saving_pct"])
    assert high < published_low or published_high < low
    assert round(ours(row), 4) == number(row["computed_saving_pct"])


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["computed_saving_pct"]], ids=lambda row: row["id"]
)
def test_saving_equals_the_one_worked_out_apart(row: dict[str, str]) -> None:
    computed = row["computed_saving_pct"]
    assert round(ours(row), decimals(computed)) == float(computed)


def test_missing_baseline_stays_unknown() -> None:
    (row,) = (row for row in ROWS if row["id"] == "BA015")
    assert row["baseline"] == ""
    assert math.isnan(ours(row))
