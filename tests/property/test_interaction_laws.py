"""Laws of interactions: never more saved than used, no order, bounds that hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.contributions import marginal_savings, ordered_savings
from sxsh_audit.calc.interactions import combine_savings, end_use_fractions

saved = st.one_of(st.sampled_from([0.0, 1.0, 1e-12, -0.1]), st.floats(-0.5, 1))
degree = st.sampled_from([0.0, 0.3, 1.0, 1.0])


def drawn(draw: st.DrawFn, values: st.SearchStrategy[float], *shape: int) -> np.ndarray:
    count = int(np.prod(shape))
    return np.array(draw(st.lists(values, min_size=count, max_size=count))).reshape(shape)


@st.composite
def resources(draw: st.DrawFn, least: float = -0.5) -> tuple[np.ndarray, np.ndarray]:
    """Shares of end uses with some rest, and the fractions that options save of them."""
    uses, options = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    parts = drawn(draw, st.integers(0, 10).map(float), uses + 1)
    shares = parts[:-1] / max(float(parts.sum()), 1.0)
    return shares, np.maximum(drawn(draw, saved, options, uses), least)


@given(resources())
def test_never_more_is_saved_than_used(table: tuple[np.ndarray, np.ndarray]) -> None:
    shares, fractions = table
    assert combine_savings(shares, fractions).saving <= shares.sum() + 1e-15


@given(resources(), st.data())
def test_the_order_of_independent_options_does_not_matter(
    table: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    shares, fractions = table
    order = data.draw(st.permutations(range(len(fractions))))
    first, second = combine_savings(shares, fractions), combine_savings(shares, fractions[order])
    assert second.saving == pytest.approx(first.saving, rel=1e-12, abs=1e-15)


@given(resources(), st.data())
def test_contributions_in_any_order_add_up(
    table: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    shares, fractions = table
    order = data.draw(st.permutations(range(len(fractions))))
    each = ordered_savings(shares, fractions, order)
    assert each.sum() == pytest.approx(combine_savings(shares, fractions).saving, abs=1e-13)
    # The first saves what it saves alone, the last what is lost without it.
    assert each[order[0]] == pytest.approx(float(shares @ fractions[order[0]]), abs=1e-13)
    marginal = marginal_savings(shares, fractions)
    assert each[order[-1]] == pytest.approx(marginal[order[-1]], abs=1e-13)


@given(resources(), st.data())
def test_marginal_is_the_difference_of_two_totals(
    table: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    shares, fractions = table
    chosen = drawn(data.draw, degree, len(fractions))
    found = marginal_savings(shares, fractions, chosen)
    total = combine_savings(shares, fractions, chosen).saving
    for place in range(len(fractions)):
        without = chosen.copy()
        without[place] = 0.0
        rest = combine_savings(shares, fractions, without).saving
        assert found[place] == pytest.approx(total - rest, abs=1e-13)


@given(resources(least=0.0))
def test_overlap_only_takes_away(table: tuple[np.ndarray, np.ndarray]) -> None:
    found = combine_savings(*table)
    assert found.saving <= found.added + 1e-13
    assert found.saving >= (table[1] @ table[0]).max() - 1e-13


@given(resources())
def test_end_uses_are_additive(table: tuple[np.ndarray, np.ndarray]) -> None:
    shares, fractions = table
    each = [combine_savings(shares[[u]], fractions[:, [u]]).saving for u in range(shares.size)]
    assert combine_savings(shares, fractions).saving == pytest.approx(sum(each), abs=1e-13)


@given(resources(), st.integers(2, 4))
def test_splitting_an_end_use_changes_nothing(
    table: tuple[np.ndarray, np.ndarray], parts: int
) -> None:
    shares, fractions = table
    finer = combine_savings(np.repeat(shares / parts, parts), np.repeat(fractions, parts, axis=1))
    assert finer.saving == pytest.approx(combine_savings(shares, fractions).saving, abs=1e-13)


@given(resources(), st.floats(1, 1e13))
def test_amounts_and_fractions_are_one(
    table: tuple[np.ndarray, np.ndarray], use: float
) -> None:
    shares, fractions = table
    there = np.where(shares > 0, fractions, 0.0)
    found = end_use_fractions(use, shares, there * shares * use)
    np.testing.assert_allclose(found.fractions, there, rtol=1e-12, atol=1e-300)
    assert not found.exceeds.any()


@st.composite
def hidden(draw: st.DrawFn) -> dict[str, Any]:
    """Options of known and of unknown end uses, with what the unknown ones really do.

    Each named end use and the rest falls into finer ones. An option of unknown end use saves
    any part of each of them; one that uses more has finer end uses of its own.
    """
    shares, fractions = draw(resources())
    options, unknown = len(fractions), draw(st.integers(1, 4))
    finer = draw(st.integers(1, 4))
    rest = max(1.0 - float(shares.sum()), 0.0)
    size = np.repeat(np.array([*shares, rest]) / finer, finer)
    truth = np.repeat(np.column_stack([fractions, np.zeros(options)]), finer, axis=1)
    part = st.one_of(st.sampled_from([0.0, 0.0, 1.0]), st.floats(0, 1))
    extra = np.zeros((unknown, size.size))
    owner = drawn(draw, st.integers(0, unknown - 1).map(float), size.size)
    for option in range(unknown):
        if draw(st.booleans()):
            extra[option] = drawn(draw, part, size.size)
        else:
            extra[option] = -3 * drawn(draw, part, size.size) * (owner == option)
    return {
        "shares": shares, "size": size, "truth": np.vstack([truth, extra]),
        "fractions": np.vstack([fractions, np.zeros((unknown, shares.size))]),
        "unknown": np.array([*np.zeros(options), *extra @ size]),
        "chosen": drawn(draw, degree, options + unknown),
    }  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(hidden(), st.booleans())
def test_bounds_hold_whatever_the_unknown_end_uses_are(
    case: dict[str, Any], phased: bool
) -> None:
    chosen = case["chosen"] if phased else np.ones(len(case["unknown"]))
    left = np.prod((1 - case["truth"]) ** chosen[:, None], axis=0)
    really = 1.0 - float(case["size"] @ left)
    found = combine_savings(case["shares"], case["fractions"], chosen, unknown=case["unknown"])
    assert found.low - 1e-12 <= really <= found.high + 1e-12
    assert found.high <= 1


@given(resources())
def test_known_end_uses_leave_no_room(table: tuple[np.ndarray, np.ndarray]) -> None:
    found = combine_savings(*table, unknown=np.zeros(len(table[1])))
    assert found.low == found.saving == found.high
