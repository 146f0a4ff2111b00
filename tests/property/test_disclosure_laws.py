"""Laws of disclosure control, by solving the system that a reader of the tables can write down."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.calc.disclosure import Published, Why, suppress


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    size = draw(st.integers(1, 24))
    one, two = (draw(st.lists(st.sampled_from(names), min_size=size, max_size=size))
                for names in ("ABCD", "xyz"))  # fmt: skip
    big = st.integers(0, 1000).map(float)
    energy = draw(st.lists(big | st.just(math.nan), min_size=size, max_size=size))
    return {"one": one, "two": two, "energy": energy}


def published(case: dict[str, Any], **rules: Any) -> Published:
    tables = {"a": {"one": case["one"]}, "b": {"two": case["two"]},
              "ab": {"one": case["one"], "two": case["two"]}}  # fmt: skip
    return suppress(tables, {"energy": case["energy"]}, **rules)


def cells(found: Published, figure: str) -> list[tuple[tuple[Any, Any], float | None, Why]]:
    """All cells as pairs of labels, whatever table they stand in."""
    listed = []
    for table, rows in found.tables.items():
        for cell in rows:
            first = cell.labels[0]
            pair = {"a": (first, None), "b": (None, first)}.get(table, cell.labels)
            value = cell.contributors if figure == "count" else cell.values[figure]
            listed.append((pair, value, cell.why[figure]))  # type: ignore[arg-type]
    return listed  # type: ignore[return-value]


def member(pair: tuple[Any, Any], atoms: list[tuple[str, str]]) -> np.ndarray:
    return np.array([all(want in (None, has) for want, has in zip(pair, atom, strict=True))
                     for atom in atoms], float)  # fmt: skip


@given(records())
@settings(deadline=None, max_examples=60)
def test_no_withheld_figure_is_a_combination_of_published_ones(case: dict[str, Any]) -> None:
    found = published(case)
    for figure in ("count", "energy"):
        known = [True if figure == "count" else not math.isnan(value) for value in case["energy"]]
        atoms = sorted({pair for pair, use in zip(zip(case["one"], case["two"], strict=True),
                                                  known, strict=True) if use})  # fmt: skip
        if not atoms:
            continue
        listed = cells(found, figure)
        shown = [member(pair, atoms) for pair, _, why in listed if why is Why.SHOWN]
        base = np.array([row for row in shown if row.any()]).reshape(-1, len(atoms))
        rank = np.linalg.matrix_rank(base) if len(base) else 0
        for pair, value, why in listed:
            assert (value is None) == (why is not Why.SHOWN)
            if why in (Why.FEW, Why.DOMINANT):
                more = np.vstack([base, member(pair, atoms)])
                assert np.linalg.matrix_rank(more) == rank + 1


@given(records().filter(lambda case: len(case["one"]) <= 9))
@settings(deadline=None, max_examples=25)
def test_another_world_has_the_same_published_counts(case: dict[str, Any]) -> None:
    """Found by trying all of them: the withheld count is another one, no withheld cell empty."""
    found = published(case)
    listed = cells(found, "count")
    atoms = sorted(set(zip(case["one"], case["two"], strict=True)))
    true = np.array([sum(pair == atom for pair in zip(case["one"], case["two"], strict=True))
                     for atom in atoms])  # fmt: skip
    if len(atoms) > 5:
        return
    worlds = np.array(list(product(*(range(int(count) + 4) for count in true))))
    for pair, value, why in listed:
        reads = worlds @ member(pair, atoms)
        worlds = worlds[reads == value] if why is Why.SHOWN else worlds[reads >= 1]
    for pair, _, why in listed:
        if why is Why.FEW:
            assert len({*(worlds @ member(pair, atoms))}) > 1


@given(records(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_order_of_the_records_does_not_matter(case: dict[str, Any], chance: Any) -> None:
    order = list(range(len(case["one"])))
    chance.shuffle(order)
    mixed = {name: [column[place] for place in order] for name, column in case.items()}
    one, other = published(case), published(mixed)
    assert repr(one.tables) == repr(other.tables)


@given(records())
@settings(deadline=None, max_examples=25)
def test_unit_of_a_measure_does_not_matter(case: dict[str, Any]) -> None:
    other = {**case, "energy": [value * 3600.0 for value in case["energy"]]}
    patterns = [[why for _, _, why in cells(published(each), "energy")] for each in (case, other)]
    assert patterns[0] == patterns[1]


@given(records())
@settings(deadline=None, max_examples=25)
def test_published_figures_are_the_true_ones(case: dict[str, Any]) -> None:
    pairs = list(zip(case["one"], case["two"], strict=True))
    for pair, value, why in cells(published(case), "energy"):
        inside = [energy for has, energy in zip(pairs, case["energy"], strict=True)
                  if member(pair, [has])[0] and not math.isnan(energy)]  # fmt: skip
        if why is Why.SHOWN:
            assert value == sum(inside) if inside else math.isnan(value)  # type: ignore[arg-type]
