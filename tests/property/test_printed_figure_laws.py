"""Laws of printed figures: what is printed never contradicts what was decided from it."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_calc import positive, saving

from sxsh_audit.calc.bands import EDGE_TOLERANCE, status
from sxsh_audit.calc.savings import saving_fraction
from sxsh_audit.display.wording import saving_text

#: Bands as decisions write them; None where the target has no upper end.
BANDS = ((0.05, 0.08), (0.08, 0.13), (0.015, None), (0.1, 0.15), (0.03, 0.05))


def printed(value: float, low: float, high: float | None) -> float:
    """Return the fraction that a reader takes from the printed percentage."""
    text = saving_text(value, (0.0, low, high), "en")
    return float(Decimal(text.replace("−", "-").replace(",", "").rstrip("%")) / 100)


@st.composite
def near_an_edge(draw: st.DrawFn) -> tuple[float, float, float, float | None]:
    """Draw b and c = (1 − edge)·b·(1 + k·1e-13), and the band the edge is of."""
    low, high = draw(st.sampled_from(BANDS))
    edge = draw(st.sampled_from([end for end in (0.0, low, high) if end is not None]))
    before = draw(positive)
    after = (1 - edge) * before * (1 + draw(st.integers(-30, 30)) * 1e-13)
    return before, after, low, high


@given(near_an_edge())
def test_the_printed_figure_has_the_status_of_the_saving(
    case: tuple[float, float, float, float | None],
) -> None:
    before, after, low, high = case
    value = float(saving_fraction(before, after))
    assert status(printed(value, low, high), low, high) == status(value, low, high)


@given(saving, st.sampled_from(BANDS))
def test_so_it_does_far_from_every_edge(value: float, band: tuple[float, float | None]) -> None:
    if not math.isnan(value):
        assert status(printed(value, *band), *band) == status(value, *band)


@pytest.mark.parametrize(("low", "high"), BANDS)
@pytest.mark.parametrize("side", [-1, 1])
def test_so_do_the_neighbours_of_the_tolerance(low: float, high: float | None, side: int) -> None:
    for edge in (0.0, low, high):
        if edge is None:
            continue
        value = edge + side * EDGE_TOLERANCE
        for neighbour in (math.nextafter(value, -1), value, math.nextafter(value, 1)):
            seen = printed(neighbour, low, high)
            assert status(seen, low, high) == status(neighbour, low, high), neighbour
