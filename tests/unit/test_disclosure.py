"""Disclosure control, case by case, worked out by hand."""

from __future__ import annotations

import math

import pytest

from sxsh_audit.calc.disclosure import Why, suppress, unsafe
from sxsh_audit.calc.disclosure_cells import cell_set, relations_of
from sxsh_audit.calc.domain import RangeError


def sector(*counts: int) -> list[str]:
    return [name for name, count in zip("ABCDEFGH", counts, strict=False) for _ in range(count)]


@pytest.mark.parametrize(("sizes", "rules", "why"), [
    ([], {}, Why.SHOWN),                              # nothing is there: no one's secret
    ([5, 5], {}, Why.FEW),
    ([5, 5, 5], {}, Why.SHOWN),
    ([5, 5, 5], {"minimum": 4}, Why.FEW),
    ([85, 10, 5], {}, Why.SHOWN),                     # 85 % is not more than 85 %
    ([86, 10, 4], {}, Why.DOMINANT),
    ([-86, 10, 4], {}, Why.DOMINANT),                 # a loss is as telling as a saving
    ([50, 40, 10], {"dominance": (2, 0.85)}, Why.DOMINANT),
    ([100, 50, 9.9], {"p_percent": 0.1}, Why.DOMINANT),  # 9.9 < 0.1 · 100
    ([100, 50, 10], {"p_percent": 0.1}, Why.SHOWN),
    ([0, 0, 0], {}, Why.SHOWN),
])  # fmt: skip
def test_rules(sizes: list[float], rules: dict[str, object], why: Why) -> None:
    assert unsafe(sizes, **rules) is why  # type: ignore[arg-type]


def counts(found: object, table: str) -> dict[object, int | None]:
    return {cell.labels[0]: cell.contributors for cell in found.tables[table]}  # type: ignore[attr-defined]


def test_two_singles_need_a_third() -> None:
    # A and B have one plant each: with 8 − 6 published the two of them would know each other.
    found = suppress({"t": {"sector": sector(1, 1, 3, 3)}})
    shown = counts(found, "t")
    assert shown["A"] is shown["B"] is None
    assert [shown["C"], shown["D"]].count(None) == 1
    assert shown[None] == 8


def test_nothing_is_withheld_where_all_is_safe() -> None:
    found = suppress({"t": {"sector": sector(3, 4, 5)}}, {"energy": [10.0] * 12})
    assert found.hidden == {"count": 0, "energy": 0}
    assert found.cell("t", "B").values == {"energy": 40.0}  # type: ignore[union-attr]


def test_a_margin_shared_by_two_tables_is_one_cell() -> None:
    names, place = sector(4, 4, 4), ["north", "south"] * 6
    found = suppress({"a": {"sector": names}, "b": {"sector": names, "place": place}})
    by_sector = {cell.labels: cell.contributors for cell in found.tables["a"]}
    assert all(by_sector[cell.labels[:1]] == cell.contributors for cell in found.tables["b"]
               if cell.labels[1] is None)  # fmt: skip


def test_difference_of_two_tables() -> None:
    # All 9 and the 8 of them that were assessed: the ninth is known by subtraction.
    everyone = ["yes"] * 9
    assessed = ["yes"] * 8 + [None]
    found = suppress({"all": {"there": everyone}, "assessed": {"there": assessed}})
    assert found.hidden["count"] == 1


def test_a_sum_over_few_known_is_withheld_and_the_count_is_not() -> None:
    energy = [5.0, 6.0, math.nan, math.nan, *[7.0] * 8]
    found = suppress({"t": {"sector": sector(4, 4, 4)}}, {"energy": energy})
    cell = found.cell("t", "A")
    assert cell is not None
    assert cell.contributors == 4
    assert cell.values == {"energy": None}
    assert cell.why == {"count": Why.SHOWN, "energy": Why.FEW}


def test_unknown_everywhere_is_unknown_and_no_secret() -> None:
    found = suppress({"t": {"sector": sector(3, 3)}}, {"energy": [math.nan] * 3 + [1.0] * 3})
    assert math.isnan(found.cell("t", "A").values["energy"])  # type: ignore[union-attr, arg-type]


def test_three_rows_of_one_establishment_are_one() -> None:
    found = suppress({"t": {"sector": sector(3, 4, 5)}}, contributors=["x"] * 3 + list("abcdefghi"))
    assert found.cell("t", "A").why["count"] is Why.FEW  # type: ignore[union-attr]


def test_districts_of_a_region_are_seen_across_tables() -> None:
    district = ["d1"] * 3 + ["d2"] * 2 + ["d3"] * 4 + ["d4"] * 4
    region = ["r1"] * 5 + ["r2"] * 8
    cells = cell_set({"d": {"d": district}, "r": {"r": region}}, 13)
    wholes = {(one.whole, tuple(one.parts)) for one in relations_of(cells)}
    at = {name: cells.places[table][(name,)] for table, name in
          [("d", "d1"), ("d", "d2"), ("r", "r1")]}  # fmt: skip
    assert (at["r1"], (at["d1"], at["d2"])) in wholes
    found = suppress({"d": {"d": district}, "r": {"r": region}})
    # d2 has 2 plants; d1 has to go with it, since the region is published
    assert counts(found, "d") == {"d1": None, "d2": None, "d3": 4, "d4": 4, None: 13}
    assert counts(found, "r") == {"r1": 5, "r2": 8, None: 13}


def test_every_withheld_cell_holds_one_at_least() -> None:
    # 1 + 1 + 1 = 3: whoever sees three withheld cells and the total knows them all.
    found = suppress({"t": {"sector": sector(1, 1, 1)}})
    assert counts(found, "t") == {"A": None, "B": None, "C": None, None: None}


@pytest.mark.parametrize("rules", [{"minimum": 0}, {"dominance": (0, 0.8)}, {"dominance": (1, 85)},
                                   {"p_percent": 0.0}, {"width": 2.0}])  # fmt: skip
def test_rules_out_of_range_are_refused(rules: dict[str, object]) -> None:
    with pytest.raises(RangeError) as caught:
        suppress({"t": {"sector": ["a"]}}, **rules)  # type: ignore[arg-type]
    assert caught.value.code in {"disclosure.minimum", "disclosure.share"}


def test_infinite_is_refused_and_lengths_are_told() -> None:
    with pytest.raises(RangeError):
        suppress({"t": {"sector": ["a"]}}, {"energy": [math.inf]})
    with pytest.raises(ValueError, match="2 records"):
        suppress({"t": {"sector": ["a", "b"]}}, {"energy": [1.0]})
    with pytest.raises(ValueError, match="one label for each of 2"):
        suppress({"t": {"sector": ["a", "b"]}, "u": {"sector": ["a"]}})
    with pytest.raises(ValueError, match="no columns"):
        suppress({"t": {}})


def test_no_records_no_cells() -> None:
    assert suppress({"t": {"sector": []}}).tables == {"t": ()}
