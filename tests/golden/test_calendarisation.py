"""Meter readings of the Roasting plant spread to calendar months, against VERIFI's own months.

The convention that reproduces them: a reading covers the days after the reading before, up to
and including the day of reading.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from calc_tables import rows

from sxsh_audit.calc.bills import calendarise
from sxsh_audit.calc.calendar import month_totals

# VERIFI: source energy, three times the site's electricity; 1 MMBtu = 1055.06 MJ.
FACTOR = {"Electricity": 3 * 3.6 / 1055.06, "Natural Gas": 1.0}
EPOCH = dt.date(1970, 1, 1)


def readings(meter: str) -> tuple[np.ndarray, np.ndarray]:
    found = [row for row in rows("verifi_roasting_readings.csv") if row["meter"] == meter]
    days = [(dt.date.fromisoformat(row["read_date"]) - EPOCH).days for row in found]
    return np.array(days), np.array([float(row["use"]) for row in found])


@pytest.mark.parametrize("meter", ["Electricity", "Natural Gas"])
def test_months_equal_those_of_verifi(meter: str) -> None:
    days, use = readings(meter)
    found = month_totals(days[:-1] + 1, days[1:], use[1:])
    published = [row for row in rows("verifi_roasting_months.csv") if row["meter"] == meter]
    assert len(published) == 12
    for row in published:
        month = (int(row["year"]) - 1970) * 12 + int(row["month"]) - 1
        (place,) = np.flatnonzero(found.month == month)
        assert found.known[place]
        ours = found.amount[place] * FACTOR[meter]
        assert ours == pytest.approx(float(row["energy_mmbtu"]), rel=1e-9)


@pytest.mark.parametrize("meter", ["Electricity", "Natural Gas"])
def test_readings_of_both_meters_in_any_order_become_the_same_months(meter: str) -> None:
    both = [readings(each) for each in FACTOR]
    days, use = (np.concatenate(column) for column in zip(*both, strict=True))
    key = np.repeat([0, 1], [each.size for each, _ in both])
    order = np.random.default_rng(1).permutation(days.size)
    found = calendarise(days[order], use[order], key[order])
    published = [row for row in rows("verifi_roasting_months.csv") if row["meter"] == meter]
    first = (int(published[0]["year"]) - 1970) * 12
    own = (found.key == list(FACTOR).index(meter)) & (found.month >= first)
    expected = [float(row["energy_mmbtu"]) for row in published]
    np.testing.assert_allclose(found.amount[own][:12] * FACTOR[meter], expected, rtol=1e-9)


@pytest.mark.parametrize("meter", ["Electricity", "Natural Gas"])
def test_the_other_convention_does_not_reproduce_them(meter: str) -> None:
    days, use = readings(meter)
    found = month_totals(days[:-1], days[1:] - 1, use[1:])
    published = [row for row in rows("verifi_roasting_months.csv") if row["meter"] == meter]
    month = (int(published[0]["year"]) - 1970) * 12
    (place,) = np.flatnonzero(found.month == month)
    ours = found.amount[place] * FACTOR[meter]
    assert abs(ours / float(published[0]["energy_mmbtu"]) - 1) > 0.01


def test_a_month_at_the_end_of_the_readings_is_not_known() -> None:
    days, use = readings("Electricity")
    found = month_totals(days[:-1] + 1, days[1:], use[1:])
    assert not found.known[0]
    assert not found.known[-1]
    assert np.isnan(found.amount[[0, -1]]).all()
    assert found.overlaps.later.size == 0
