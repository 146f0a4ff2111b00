"""Laws of the tables of savings: a plant among many is the plant alone, text or numbers."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsh_audit as sx
from sxsh_audit.assessment.cells import joined
from sxsh_audit.assessment.saving_tables import SavingTables, saving_tables
from sxsh_audit.assessment.target import target_of

EXAMPLES = max(settings().max_examples // 12, 1)
UNITS = {"electricity": "kWh", "coal": "t", "water": "m3", "diesel": "l"}
BILLED = ("consumption", "production", "prices")


def spans(year: int, chance: random.Random) -> list[tuple[str, str]]:
    """Bills of one year: of its months, of odd days, or one of the whole year."""
    style = chance.random()
    if style < 0.1:
        return [(f"{year}-01-01", f"{year}-12-31")]
    if style < 0.6:
        first = pd.date_range(f"{year}-01-01", periods=12, freq="MS")
        kept = [day for day in first if chance.random() > 0.05]
        return [(str(day.date()), str((day + pd.offsets.MonthEnd()).date())) for day in kept]
    found, day = [], pd.Timestamp(f"{year}-01-01")
    while day.year == year:
        last = min(day + pd.Timedelta(days=chance.randint(9, 60)), pd.Timestamp(f"{year}-12-31"))
        if chance.random() > 0.04:
            found.append((str(day.date()), str(last.date())))
        day = last + pd.Timedelta(days=1)
    return found


@cache
def plants(seed: int) -> sx.Study:
    """Some plants with gaps, idle months, several meters and products, stated prices."""
    chance = random.Random(seed)
    used, made, priced = [], [], []
    scale = chance.choice([1, 1, 10**7])

    def bills(out: list[dict[str, object]], name: str, **keys: str) -> None:
        for year in (2013, 2014):
            for start, end in spans(year, chance):
                amount = chance.choice([0.0, *[round(chance.uniform(1, 99) * scale, 2)] * 30])
                quality = chance.choice(["measured"] * 6 + ["estimated"])
                row = {**keys, "start": start, "end": end, name: amount, "quality": quality}
                if name == "purchases" and chance.random() < 0.9:
                    row["cost"] = round(amount * chance.choice([1490, 1510.5]))
                out.append(row)

    for plant in chance.sample([f"Nhà máy {i:02d}" for i in range(40)], chance.randint(2, 6)):
        for product in ("P1", "P2")[: chance.randint(1, 2)]:
            bills(made, "quantity", facility=plant, product=product, unit="t")
        for resource in chance.sample(sorted(UNITS), chance.randint(1, 4)):
            for meter in "ABC"[: chance.choice([1, 1, 1, 2, 3])]:
                bills(used, "purchases", facility=plant, resource=resource, meter=meter,
                      unit=UNITS[resource])  # fmt: skip
            for year in ("", "2013", "2014")[: chance.choice([0, 0, 1, 3])]:
                priced.append({"facility": plant, "resource": resource, "price_year": year,
                               "price": f"{chance.choice([900, 1000])} đồng/{UNITS[resource]}",
                               "kind": chance.choice(["average", "marginal"])})  # fmt: skip
    prices = {"prices": pd.DataFrame(priced)} if priced else {}
    return sx.Study(consumption=pd.DataFrame(used), production=pd.DataFrame(made), output="mass",
                    baseline="2013", reporting="2014", locale="en", **prices)  # fmt: skip


def with_tables(study: sx.Study, **tables: pd.DataFrame) -> sx.Study:
    """Return the study with other checked tables."""
    state = {name: getattr(study, name) for name in study.__slots__ if not name.startswith("_")}
    state |= {"_tables": replace(study.tables, **tables), "_places": study.places}
    return sx.Study._restored(*(state[name] for name in study.__slots__))


def as_numbers(study: sx.Study, chance: random.Random) -> sx.Study:
    """Return the study with its columns of text as Categoricals, in any order of their texts."""

    def numbered(column: pd.Series) -> pd.Series:
        texts = [*column.unique(), "không có dòng nào"]
        chance.shuffle(texts)
        return column.astype(pd.CategoricalDtype(texts))

    return with_tables(study, **{
        name: table.assign(**{
            column: numbered(table[column]) for column in table
            if not pd.api.types.is_numeric_dtype(table[column])
        })
        for name in ("consumption", "production")
        for table in [getattr(study.tables, name)]
    })  # fmt: skip


def work_out(study: sx.Study, programme: str = "vn-qb-2384") -> SavingTables:
    target = target_of(programme, None, None, "", study, "vi")
    return saving_tables(study, target, "physical", "vi")


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows as plain values, what is missing as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(row) for row in plain.to_dict("records")]


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 60))
def test_numbers_of_texts_say_what_the_texts_say(seed: int) -> None:
    study = plants(seed)
    texts, numbers = work_out(study), work_out(as_numbers(study, random.Random(seed)))
    assert texts.findings == numbers.findings
    for name in ("savings", "groups", "verdict", "prices", "intensities"):
        pd.testing.assert_frame_equal(getattr(texts, name), getattr(numbers, name),
                                      check_exact=True)  # fmt: skip


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 60), programme=st.sampled_from(["vn-qb-2384", ""]))
def test_a_plant_alone_is_the_plant_among_many_to_the_last_bit(seed: int, programme: str) -> None:
    study = plants(seed)
    together = work_out(study, programme)
    for plant in study.tables.consumption["facility"].unique():
        mine = {name: table[table["facility"] == plant].reset_index(drop=True)
                for name in BILLED for table in [getattr(study.tables, name)]}  # fmt: skip
        alone = work_out(with_tables(study, **mine), programme)
        for name in ("savings", "groups", "verdict", "prices"):
            frame = getattr(together, name)
            assert records(frame[frame["facility"] == plant]) == records(getattr(alone, name))
        told = [item for item in together.findings if item.place.facility == plant]
        assert told == [item for item in alone.findings if item.place.facility]


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 60), order=st.randoms(use_true_random=False))
def test_the_order_of_the_plants_decides_nothing(seed: int, order: random.Random) -> None:
    study = plants(seed)
    names = list(study.tables.consumption["facility"].unique())
    order.shuffle(names)
    mixed = with_tables(study, **{
        name: table.iloc[table["facility"].map(names.index).argsort(kind="stable")].reset_index(
            drop=True)
        for name in ("consumption", "production") for table in [getattr(study.tables, name)]
    })  # fmt: skip
    one, two = work_out(study), work_out(mixed)
    assert records(one.savings) == records(two.savings)
    assert records(one.prices) == records(two.prices)
    for name, keys in (("groups", ["facility", "group"]), ("verdict", ["facility"])):
        left, right = (getattr(found, name).sort_values(keys) for found in (one, two))
        assert records(left) == records(right)


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 60))
def test_groups_list_their_resources_in_order_and_what_got_worse(seed: int) -> None:
    found = work_out(plants(seed))
    counted = found.savings[found.savings["counted"]]
    for row in records(found.groups):
        mine = counted[(counted["facility"] == row["facility"])
                       & (counted["category"] == row["group"])]  # fmt: skip
        assert row["resources"] == ", ".join(sorted(mine["resource"]))
    for row in records(found.verdict):
        mine = found.groups[found.groups["facility"] == row["facility"]]
        assert row["worse"] == ", ".join(mine.loc[mine["saving"] < -1e-12, "group"])


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "b", "", "ấ, b"]))))
def test_a_list_of_names_is_the_joined_names(rows: list[tuple[int, str]]) -> None:
    cell = pd.Series([row[0] for row in rows], dtype="int64").to_numpy()
    found = joined(cell, 4, pd.Series([row[1] for row in rows], dtype="str"))
    assert found.tolist() == [", ".join(n for c, n in rows if c == one) for one in range(4)]


@pytest.mark.parametrize("seed", range(3))
def test_the_plants_of_these_laws_have_savings_gaps_and_silent_meters(seed: int) -> None:
    found = work_out(plants(seed))
    assert found.savings["saving"].notna().any()
    assert found.findings
