"""Number texts met in published documents: each is a value, or refused for a stated reason."""

from __future__ import annotations

import math
from typing import Any

import pytest
from unit_tables import rows

from sxsh_audit.errors import Refusal
from sxsh_audit.language.numbers import parse_number
from sxsh_audit.units import parse_quantity


@pytest.mark.parametrize(
    "row", rows("number_strings.csv"), ids=lambda row: f"{row['raw']} {row['locale']}"
)
def test_published_number_text(row: dict[str, str]) -> None:
    locale: Any = row["locale"]

    def read() -> tuple[float, str]:
        if row["reader"] == "number":
            return parse_number(row["raw"], locale), ""
        quantity = parse_quantity(row["raw"], locale)
        return quantity.value, quantity.unit.symbol

    if row["code"]:
        with pytest.raises(Refusal) as refused:
            read()
        assert refused.value.code == row["code"]
        return
    value, unit = read()
    expected = float(row["value"])
    assert value == expected or (math.isnan(value) and math.isnan(expected))
    assert unit == row["unit"]
