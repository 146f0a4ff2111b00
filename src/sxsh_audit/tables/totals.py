"""Two totals per resource as raw tables, so that they are checked like everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sxsh_audit.findings import Place
from sxsh_audit.tables.raw import RawTable

__all__ = ["Total", "totals_to_raw"]

Total: TypeAlias = Sequence[Any]
"""(baseline, reporting) as two texts with their unit, or (baseline, reporting, unit)."""

PHASES = ("baseline", "reporting")


def _split(name: str, total: Total) -> tuple[Any, Any, Any]:
    if isinstance(total, str) or len(total) not in (2, 3):
        raise TypeError(
            f"{name}: give two totals with their unit, ('1200 kWh', '1100 kWh'), "
            f"or two numbers and a unit, (1200, 1100, 'kWh'); not {total!r}"
        )
    before, after, *unit = total
    return before, after, unit[0] if unit else None


def totals_to_raw(
    output: Total,
    resources: Mapping[str, Total],
    prices: Mapping[str, str],
    categories: Mapping[str, str],
    product: str,
) -> dict[str, RawTable]:
    """Write the totals into the tables of a study.

    Parameters
    ----------
    output : pair or triple
        Good output.
    resources : mapping of str to pair or triple
        Totals by resource.
    prices, categories : mapping
        By resource.
    product : str
        Name of the product.
    """
    before, after, unit = _split("output", output)
    production: list[Sequence[Any]] = [("product", "phase", "quantity", "unit")]
    production += [(product, phase, value, unit)
                   for phase, value in zip(PHASES, (before, after), strict=True)]  # fmt: skip
    consumption: list[Sequence[Any]] = [("resource", "phase", "quantity", "unit")]
    for name, total in resources.items():
        before, after, unit = _split(name, total)
        consumption += [(name, phase, value, unit)
                        for phase, value in zip(PHASES, (before, after), strict=True)]  # fmt: skip
    tables = {"production": production, "consumption": consumption}
    if prices:
        tables["prices"] = [("resource", "price", "vat"),
                            *((name, price, "excluded")
                              for name, price in prices.items())]  # fmt: skip
    if categories:
        tables["resources"] = [("resource", "category"), *categories.items()]
    raw = {name: RawTable.from_rows(rows, file="", sheet=name) for name, rows in tables.items()}
    told = {
        "production": ["output"] * 2,
        "consumption": [name for name in resources for _ in PHASES],
        "prices": [f'prices["{name}"]' for name in prices],
        "resources": [f'categories["{name}"]' for name in categories],
    }
    return {name: replace(table, told_as=_places(told[name], name)) for name, table in raw.items()}


def _places(arguments: Sequence[str], table: str) -> dict[int, Place]:
    """Argument and period of each row: a caller never saw the table."""
    dated = table in ("production", "consumption")
    return {i + 2: Place(sheet=argument, cell=PHASES[i % 2] if dated else "")
            for i, argument in enumerate(arguments)}  # fmt: skip
