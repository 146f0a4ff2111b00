"""Unit texts met in published documents: each is a unit, or refused for a stated reason."""

from __future__ import annotations

from fractions import Fraction

import pytest
from unit_tables import rows

from sxsh_audit.errors import UnitError
from sxsh_audit.units import parse_unit


@pytest.mark.parametrize("row", rows("unit_spellings.csv"), ids=lambda row: row["raw"])
def test_published_unit_text(row: dict[str, str]) -> None:
    if row["code"]:
        with pytest.raises(UnitError) as refused:
            parse_unit(row["raw"])
        assert refused.value.code == row["code"]
        return
    unit = parse_unit(row["raw"])
    assert unit.symbol == row["symbol"]
    assert unit.factor == Fraction(row["factor"])
    assert unit.canonical == row["canonical"]
    assert unit.qualifiers == tuple(filter(None, row["qualifiers"].split("|")))
    assert unit.text == row["raw"]
