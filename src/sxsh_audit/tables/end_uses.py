"""End uses: for what a resource is used, such as boiler, compressed air, lighting, washing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sxsh_audit.language.text import nearest
from sxsh_audit.tables.columns import ColumnReader, Texts
from sxsh_audit.tables.fractions import read_fractions
from sxsh_audit.tables.keys import frame_of, look_up, report_repeats
from sxsh_audit.tables.schema import plain_word

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.tables.checking import TableCheck

__all__ = ["end_uses_table", "named_end_uses"]

A_YEAR = {"/year": 1.0, "/month": 12.0, "/day": 365.0}
ROUNDING = 1e-9
"""What a sum of shares may be above 1: 0.1 + 0.2 + 0.7 is not 1 to the last digit."""


def end_uses_table(check: TableCheck, resources: pd.DataFrame) -> pd.DataFrame:
    """Check the end uses: a share of the resource, or a quantity of a year."""
    reader = check.readers["end_uses"]
    facilities, keys = check.facilities(reader), check.resource_keys(reader)
    uses = reader.texts("end_use")
    folded = np.array([*map(plain_word, uses), None], dtype=object)[:-1]
    report_repeats(reader, [facilities, keys, folded], "end_use")
    shares = read_fractions(reader, "share", whole=True)
    _sums(reader, facilities, keys, shares)
    fallback = look_up(resources, "resource", facilities, keys, "unit")
    amounts = reader.amounts("quantity", "unit", fallback)
    quantity, units = amounts.canonical(), amounts.names()
    where = "unit" if reader.has("unit") else "quantity"
    for i in np.flatnonzero(~np.isnan(quantity)):
        for ending, times in A_YEAR.items():
            if units[i].endswith(ending):
                units[i], quantity[i] = units[i].removesuffix(ending), quantity[i] * times
        expected = check.units.get(("resource", facilities[i], keys[i]))
        if keys[i] and expected and units[i] and units[i] != expected:
            reader.report("table.two_dimensions", "error", int(i), where,
                          amounts.units[amounts.codes[i]].text, key=keys[i],
                          first=expected, second=units[i])  # fmt: skip
    for i in np.flatnonzero(np.isnan(shares) & np.isnan(quantity)):
        if not reader.faulty(int(i), "share", "quantity", "unit", "end_use"):
            name = "share" if reader.has("share") or not reader.has("quantity") else "quantity"
            reader.report("table.missing_share", "warning", int(i), name)
    return frame_of(reader, facility=facilities, resource=keys, end_use=uses, share=shares,
                    quantity=quantity, unit=units)  # fmt: skip


def _sums(reader: ColumnReader, facilities: Texts, keys: Texts, shares: np.ndarray) -> None:
    """Report a resource of which more than the whole is used."""
    sums: dict[tuple[str, str], float] = {}
    last: dict[tuple[str, str], int] = {}
    for i in np.flatnonzero(~np.isnan(shares)).tolist():
        key = (facilities[i], keys[i])
        if keys[i]:
            sums[key] = sums.get(key, 0.0) + float(shares[i])
            last[key] = i
    for key, total in sums.items():
        if total > 1 + ROUNDING:
            reader.report("table.shares_over_whole", "error", last[key], "share",
                          reader.raw.columns[reader.index["share"]][last[key]],
                          key=key[1], sum=total)  # fmt: skip


def named_end_uses(
    reader: ColumnReader, facilities: Texts, keys: Texts, end_uses: pd.DataFrame
) -> Texts:
    """End use of each saving, spelt as in the table of them.

    One that the table does not list is a fault where it lists any of the resource.
    """
    uses = reader.texts("end_use")
    listed: dict[tuple[str, str], dict[str, str]] = {}
    for plant, key, use in zip(end_uses["facility"], end_uses["resource"], end_uses["end_use"],
                               strict=True):  # fmt: skip
        listed.setdefault((plant, key), {}).setdefault(plain_word(use), use)
    own: dict[tuple[str, str, str], str] = {}
    for i in np.flatnonzero(uses != ""):
        known, word = listed.get((facilities[i], keys[i]), {}), plain_word(uses[i])
        if not known:
            uses[i] = own.setdefault((facilities[i], keys[i], word), uses[i])
        elif word in known:
            uses[i] = known[word]
        elif keys[i]:
            close = nearest(word, tuple(known), 3) if reader.looks() else ()
            near = [known[one] for one in close] or list(known.values())[:5]
            reader.report("table.unknown_end_use", "error", int(i), "end_use", uses[i],
                          key=keys[i], near=near)  # fmt: skip
    return uses
