"""Laws of the check against a band."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_calc import amount, bands, edge, positive, saving

from sxsh_audit.calc.bands import (
    Status,
    decimals_needed,
    status,
    status_codes,
    status_codes_of,
    status_of,
)
from sxsh_audit.calc.savings import saving_fraction
from sxsh_audit.language.formatting import format_percent


@given(saving, bands())
def test_exactly_one_status_holds(value: float, band: tuple[float, float]) -> None:
    low, high = band
    tolerance = 1e-12
    holds = {
        Status.UNKNOWN: math.isnan(value),
        Status.WORSE: value < -tolerance,
        Status.BELOW: -tolerance <= value < low - tolerance,
        Status.WITHIN: low - tolerance <= value <= high + tolerance,
        Status.ABOVE: value > high + tolerance,
    }
    assert [name for name, true in holds.items() if true] == [status(value, low, high)]


@given(saving, saving, bands())
def test_a_larger_saving_never_has_a_lower_status(
    one: float, other: float, band: tuple[float, float]
) -> None:
    assume(not math.isnan(one) and not math.isnan(other))
    less, more = sorted((one, other))
    codes = status_codes([less, more], *band)
    assert codes[0] <= codes[1]


@given(positive, edge)
def test_a_saving_on_the_low_edge_is_within(baseline: float, low: float) -> None:
    post = baseline * (1 - low)
    assert status(saving_fraction(baseline, post), low, 1.0) == "within"
    assert status_of(baseline, post, low, 1.0) == "within"


@given(positive, edge)
def test_a_saving_on_the_high_edge_is_within(baseline: float, high: float) -> None:
    post = baseline * (1 - high)
    assert status(saving_fraction(baseline, post), high / 2, high) == "within"
    assert status_of(baseline, post, high / 2, high) == "within"


@given(st.integers(1, 10**9), st.integers(-6, 6))
def test_five_percent_is_five_percent_for_every_baseline(whole: int, power: int) -> None:
    baseline, post = whole * 100 * 10.0**power, whole * 95 * 10.0**power
    assert status(saving_fraction(baseline, post), 0.05, 0.08) == "within"
    assert status_of(baseline, post, 0.05, 0.08) == "within"


@given(positive)
def test_no_change_is_not_worse(baseline: float) -> None:
    assert status_of(baseline, baseline, 0.05, 0.08) == "below"
    assert status(saving_fraction(baseline, baseline), 0.05, 0.08) == "below"


@given(positive, bands(), st.sampled_from([1e-9, -1e-9]), st.sampled_from([0, 1, 2]))
def test_a_billionth_beside_an_edge_is_seen(
    baseline: float, band: tuple[float, float], step: float, which: int
) -> None:
    low, high = band
    at = (0.0, low, high)[which] + step
    wanted = (
        "worse" if at < 0
        else "below" if at < low
        else "within" if at <= high
        else "above"
    )  # fmt: skip
    assert status_of(baseline, baseline * (1 - at), low, high) == wanted
    assert status(at, low, high) == wanted


@given(positive, amount, bands())
def test_both_ways_to_check_agree_away_from_the_edges(
    baseline: float, post: float, band: tuple[float, float]
) -> None:
    value = saving_fraction(baseline, post)
    assume(all(abs(value - end) > 1e-11 for end in (0.0, *band)))
    assert int(status_codes(value, *band)) == int(status_codes_of(baseline, post, *band))


@given(positive, amount, bands(), st.floats(1e-6, 1e6))
def test_status_does_not_depend_on_the_unit(
    baseline: float, post: float, band: tuple[float, float], unit: float
) -> None:
    value = saving_fraction(baseline, post)
    on_edge = any(0 < abs(value - end) < 2e-12 for end in (0.0, *band))
    assume(not on_edge)
    assert status_of(baseline, post, *band) == status_of(baseline * unit, post * unit, *band)


@given(st.lists(saving, max_size=8), bands())
def test_arrays_give_what_each_scalar_gives(
    values: list[float], band: tuple[float, float]
) -> None:
    found = status(np.array(values), *band)
    assert list(found) == [status(value, *band) for value in values]


@given(saving, edge)
def test_a_one_sided_target_is_never_exceeded(value: float, low: float) -> None:
    assert status(value, low) in {"worse", "below", "within", "unknown"}


@given(saving, bands())
def test_what_is_not_counted_has_no_status(value: float, band: tuple[float, float]) -> None:
    assert status(value, *band, counted=False) == "not_counted"


@given(
    st.one_of(
        saving,
        st.tuples(bands(), st.floats(-1e-4, 1e-4)).map(lambda pair: pair[0][0] + pair[1]),
    ),
    bands(),
)
def test_printed_percentage_never_contradicts_the_status(
    value: float, band: tuple[float, float]
) -> None:
    assume(not math.isnan(value))
    decimals = decimals_needed(value, band)
    printed = Decimal(repr(value)) * 100
    shown = printed.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert status(float(shown) / 100, *band) == status(value, *band)
    if decimals > 1:
        shorter = printed.quantize(Decimal(1).scaleb(1 - decimals), rounding=ROUND_HALF_UP)
        assert status(float(shorter) / 100, *band) != status(value, *band)
    text = format_percent(value, "en", decimals=decimals).replace(",", "").replace("−", "-")
    assert status(float(text.rstrip("%")) / 100, *band) == status(value, *band)
