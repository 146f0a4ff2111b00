"""Laws of a whole assessment, from typed text to status and rank."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsh_audit as sx
from sxsh_audit.language.formatting import format_number

# (how it is written, canonical units per one of it)
ENERGY = [("kWh", 1), ("KWH", 1), ("MWh", 1000), ("MJ", Fraction(1, 36) * 10), ("nghìn kWh", 1000),
          ("triệu kWh", 10**6)]
MASS = [("tấn", 1), ("kg", Fraction(1, 1000)), ("T", 1), ("tạ", Fraction(1, 10)),
        ("nghìn tấn", 1000)]
# Baseline and reporting use in whole kWh, output in whole tonnes: both edges can be hit exactly.
AMOUNTS = st.integers(1, 10**6)
# Each example reads, checks and assesses whole studies.
EXAMPLES = max(settings().max_examples // 6, 1)


def typed(value: int, unit: tuple[str, Fraction], locale: str) -> str:
    """Write `value` canonical units in another unit and number format."""
    return f"{format_number(float(value / Fraction(unit[1])), locale)} {unit[0]}"


@settings(max_examples=EXAMPLES)
@given(b=AMOUNTS, c=AMOUNTS, made=st.tuples(AMOUNTS, AMOUNTS),
       energy=st.sampled_from(ENERGY), mass=st.sampled_from(MASS),
       locale=st.sampled_from(["vi", "en"]))
def test_saving_and_status_do_not_depend_on_the_unit_and_number_format_typed(
    b: int, c: int, made: tuple[int, int], energy: tuple[str, Fraction],
    mass: tuple[str, Fraction], locale: str,
) -> None:
    plain = sx.Study.from_totals("p", output=(*made, "t"), electricity=(b, c, "kWh"))
    other = sx.Study.from_totals(
        "p", output=tuple(typed(x, mass, locale) for x in made),
        electricity=tuple(typed(x, energy, locale) for x in (b, c)),
        settings={"locale": locale},
    )
    one, two = (sx.assess(study, programme="vn-qb-2384", phase="2013-2015").savings["electricity"]
                for study in (plain, other))
    assert two.saving == pytest.approx(one.saving, rel=1e-9, abs=1e-12)
    assert two.status == one.status


# Within a factor of ten: 1 − s loses digits to cancellation where s is close to 1.
NEAR = st.integers(1000, 10_000)


@settings(max_examples=EXAMPLES)
@given(b=NEAR, c=NEAR)
def test_swapped_periods_satisfy_one_minus_s_times_one_minus_s_is_one(b: int, c: int) -> None:
    forth = sx.Study.from_totals("p", output=(1, 1, "t"), electricity=(b, c, "kWh"))
    back = sx.Study.from_totals("p", output=(1, 1, "t"), electricity=(c, b, "kWh"))
    s, t = (sx.assess(study).savings["electricity"].saving for study in (forth, back))
    assert (1 - s) * (1 - t) == pytest.approx(1, rel=1e-12)


PAIRS = st.lists(st.tuples(st.sampled_from(["electricity", "coal"]),
                           st.floats(1, 1e6), st.floats(1, 1e6)), min_size=1, max_size=5)


@settings(max_examples=EXAMPLES)
@given(pairs=PAIRS, order=st.randoms(use_true_random=False))
def test_order_of_rows_and_splitting_a_bill_over_meters_do_not_move_the_overall_result(
    pairs: list[tuple[str, float, float]], order: object,
) -> None:
    def assess(scales: list[float]) -> sx.Assessment:
        """Assess the plant with every bill split into parts, each part on a meter of its own."""
        rows = [(resource, phase, f"M{i}-{k}", amount * scale)
                for i, (resource, b, c) in enumerate(pairs)
                for k, scale in enumerate(scales)
                for phase, amount in (("baseline", b), ("reporting", c))]
        order.shuffle(rows)  # type: ignore[attr-defined]
        consumption = pd.DataFrame(rows, columns=["resource", "phase", "meter", "quantity"])
        consumption["unit"] = consumption["resource"].map({"electricity": "kWh", "coal": "t"})
        production = pd.DataFrame({"phase": ["baseline", "reporting"], "quantity": 10.0,
                                   "unit": "t"})
        prices = pd.DataFrame({"resource": ["electricity", "coal"], "price": [1.0, 100.0],
                               "unit": ["VND/kWh", "VND/t"], "vat": "excluded"})
        study = sx.Study(production=production, consumption=consumption, prices=prices,
                         quality="billed")
        return sx.assess(study, programme="vn-qb-2384", phase="2013-2015")

    whole, halves = assess([1.0]).verdict, assess([0.5, 0.5]).verdict
    assert halves.saving == pytest.approx(whole.saving, rel=1e-9, abs=1e-12)
    rounding = 1e-12 * max(1.0, abs(whole.lowest), abs(whole.highest))
    assert whole.lowest - rounding <= whole.saving <= whole.highest + rounding


@settings(max_examples=EXAMPLES)
@given(share=st.floats(0, 1), before=st.integers(10, 1000), after=st.integers(1, 1000))
def test_fuel_switching_at_equal_cost_does_not_move_the_overall_result(
    share: float, before: int, after: int
) -> None:
    def overall(coal: float, lpg: float) -> float:
        consumption = pd.DataFrame({
            "resource": ["coal", "coal", "lpg", "lpg"], "unit": ["t", "t", "kg", "kg"],
            "phase": ["baseline", "reporting"] * 2, "quantity": [before, coal, 0.0, lpg]})
        production = pd.DataFrame({"phase": ["baseline", "reporting"], "quantity": 1.0,
                                   "unit": "t"})
        prices = pd.DataFrame({"resource": ["coal", "lpg"], "price": [100.0, 4.0],
                               "unit": ["VND/t", "VND/kg"], "vat": "excluded"})
        study = sx.Study(production=production, consumption=consumption, prices=prices,
                         quality="billed")
        return float(sx.assess(study).verdict.saving)

    # a tonne of coal costs as much as 25 kg of LPG
    assert overall(after * (1 - share), after * share * 25) == pytest.approx(
        overall(after, 0.0), rel=1e-9, abs=1e-9)


@settings(max_examples=EXAMPLES)
@given(plants=st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS), min_size=2, max_size=6))
def test_many_plants_give_what_each_gives_alone(plants: list[tuple[int, int, int, int]]) -> None:
    names = [f"P{i}" for i in range(len(plants))]
    phases = ["baseline", "reporting"] * len(plants)
    facility = [name for name in names for _ in range(2)]
    consumption = pd.DataFrame({
        "facility": facility, "resource": "electricity", "phase": phases,
        "quantity": [x for p in plants for x in p[:2]], "unit": "kWh"})
    production = pd.DataFrame({"facility": facility, "phase": phases,
                               "quantity": [x for p in plants for x in p[2:]], "unit": "t"})
    together = sx.assess(sx.Study(production=production, consumption=consumption),
                         programme="vn-qb-2384", phase="2013-2015")
    for name, (b, c, made, later) in zip(names, plants, strict=True):
        alone = sx.assess(
            sx.Study.from_totals(name, output=(made, later, "t"), electricity=(b, c, "kWh")),
            programme="vn-qb-2384", phase="2013-2015").savings["electricity"]
        mine = together.savings[name, "electricity"]
        assert (mine.saving, mine.status) == (alone.saving, alone.status)


@settings(max_examples=EXAMPLES)
@given(money=st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), min_size=1, max_size=8,
                      unique=True), unit=st.sampled_from([("đồng", 1), ("triệu đồng", 10**6)]),
       order=st.randoms(use_true_random=False))
def test_ranking_is_invariant_under_permutation_and_the_unit_of_money(
    money: list[tuple[int, int]], unit: tuple[str, int], order: object,
) -> None:
    def rank(scale: int, name: str, positions: list[int]) -> dict[str, int]:
        options = pd.DataFrame({
            "option": [f"O{i}" for i in positions],
            "cost": [f"{money[i][0] * 10**6 // scale} {name}" for i in positions]})
        savings = pd.DataFrame({
            "option": [f"O{i}" for i in positions],
            "money": [f"{money[i][1] * 10**6 // scale} {name}" for i in positions]})
        found = sx.assess(sx.Study(options=options, option_savings=savings)).options
        return {row.option: row.rank for row in found}

    positions = list(range(len(money)))
    first = rank(1, "đồng", positions)
    order.shuffle(positions)  # type: ignore[attr-defined]
    assert rank(unit[1], unit[0], positions) == first
