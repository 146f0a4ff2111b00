"""Facts of counting: size classes by the decree of the day, evidence, the annex of 2384."""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path

import pytest

from sxsh_audit.assessment.programmes import programmes
from sxsh_audit.assessment.province.size_classes import SIZES, decree_on, possible_sizes
from sxsh_audit.assessment.province.standing import INDICATORS, indicator_facts
from sxsh_audit.assessment.province.tasks import task_facts
from sxsh_audit.data import load_toml

D2015, D2020 = dt.date(2015, 12, 31), dt.date(2020, 12, 31)


@pytest.mark.parametrize(
    ("day", "people", "revenue", "capital", "vsic", "expected"),
    [
        # Decree 39/2018: people AND (revenue OR capital), in billion đồng
        (D2020, 10, 3, 99, "10", ("micro",)),
        (D2020, 11, 3, 1, "10", ("small",)),
        (D2020, 10, 4, 4, "10", ("small",)),
        (D2020, 200, 201, 100, "10", ("medium",)),
        (D2020, 201, 1, 1, "10", ("large",)),
        (D2020, 100, 51, 20.5, "10", ("medium",)),
        (D2020, 60, 60, 60, "47", ("medium",)),  # trade: small up to 50 people
        (D2020, 300, math.nan, math.nan, "", ("large",)),
        (D2020, 8, math.nan, math.nan, "", SIZES),
        (D2020, 8, 2, math.nan, "", ("micro",)),
        (D2020, math.nan, 300, 200, "", ("large",)),
        # Decree 56/2009: by capital first, very small by people
        (D2015, 10, math.nan, 500, "", ("micro",)),
        (D2015, 250, math.nan, 20, "", ("small",)),
        (D2015, 250, math.nan, math.nan, "", ("medium",)),
        (D2015, 301, math.nan, math.nan, "", ("large",)),
        (D2015, math.nan, math.nan, 20, "", ("micro", "small")),
        (D2015, math.nan, math.nan, math.nan, "", SIZES),
        (D2015, 60, math.nan, 5, "47", SIZES),  # its row of trade was not read
        (dt.date(2009, 6, 1), 5, 1, 1, "", SIZES),  # no decree in the file
    ],
)
def test_size_classes(
    day: dt.date, people: float, revenue: float, capital: float, vsic: str,
    expected: tuple[str, ...],
) -> None:  # fmt: skip
    found = possible_sizes(day, people=people, revenue=revenue * 1e9, capital=capital * 1e9,
                           vsic=vsic)  # fmt: skip
    assert found == expected


def test_the_decree_of_the_day() -> None:
    assert [(decree_on(day) or {}).get("id") for day in (
        dt.date(2009, 12, 31), dt.date(2018, 3, 10), dt.date(2018, 3, 11), dt.date(2021, 10, 15),
    )] == [None, "56/2009/NĐ-CP", "39/2018/NĐ-CP", "80/2021/NĐ-CP"]  # fmt: skip


def test_each_indicator_says_what_proves_it() -> None:
    for name, fact in indicator_facts().items():
        for key in ("definition", "evidence", "question"):
            assert fact[f"{key}_vi"], name
            assert fact[f"{key}_en"], name
        assert fact["source"] == "ours"
        assert set(fact["implies"]) <= set(INDICATORS)


def test_every_indicator_of_every_programme_is_defined_or_not_countable() -> None:
    kinds = {entry.kind for item in programmes() for entry in item.indicators}
    assert kinds <= {*INDICATORS, "departments_with_staff"}


def test_choices_of_a_register_know_the_indicators() -> None:
    assert set(load_toml("register_choices.toml")["indicator"]) <= set(INDICATORS)


def squeezed(text: str) -> str:
    """Return a text without spaces and hyphens: the copy joins words and splits lines."""
    return re.sub(r"[\s\-]+", "", text).casefold()


# The official text as it is printed online (luatminhkhue.vn), with its joined words.
DECISION = Path(__file__).parents[1] / "golden" / "data" / "quyet-dinh-2384-QD-UBND.txt"


def test_the_annex_is_verbatim() -> None:
    """Every phrase of the file stands in the decision's text, spaces apart."""
    text = squeezed(DECISION.read_text(encoding="utf-8"))
    for fact in task_facts("vn-qb-2384").values():
        for phrase in (fact["action"], fact["lead"], fact["partners"], fact["group"],
                       *fact["content"], *fact["expected"]):  # fmt: skip
            assert squeezed(phrase) in text, phrase
