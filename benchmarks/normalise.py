"""Normalising a long column of figures to canonical units, against pint and the bare product.

Ratios are measured side by side in one run: ours and the peers in turn, the median of each.
Goals: kernel ≤ 1.25 × ``v * f``; ≥ 10 × faster than pint per group; ≥ 5,000 × faster than pint
per row; text units ≤ 1.3 × ``pandas.factorize`` alone.

    python benchmarks/normalise.py [--smoke] [--json PATH]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pint
from _timing import medians

from sxsh_audit.units import canonicalise, canonicalise_text, parse_unit

# Twenty units of a plant's records, with pint's own name for each.
UNITS = {
    "kWh": "kWh", "MWh": "MWh", "GJ": "GJ", "MJ": "MJ", "kcal": "1000 * cal_it",
    "Gcal": "1e9 * cal_it", "MMBtu": "1e6 * Btu_it", "tấn": "tonne", "kg": "kg", "tạ": "100 * kg",
    "g": "g", "lb": "lb", "short ton": "short_ton", "m3": "m**3", "lít": "liter",
    "hl": "hectoliter", "US gal": "gallon", "bbl": "oil_bbl", "giờ": "hour", "ngày": "day",
}
TARGET = {"kWh": "kWh", "t": "tonne", "m3": "m**3", "h": "hour"}


def run(rows: int, per_row: int, rounds: int) -> dict[str, Any]:
    """Measure everything on a column of `rows` figures."""
    generator = np.random.default_rng(20130930)
    values = generator.lognormal(5.0, 2.0, rows)
    codes = generator.integers(0, len(UNITS), rows).astype(np.int8)
    names = list(UNITS)
    column = pd.Series(pd.Categorical.from_codes(codes, categories=names))
    text = pd.Series(np.array(names, dtype=object)[codes], dtype="str")
    registry = pint.UnitRegistry()
    factors = np.array([float(parse_unit(name).factor) for name in names])
    whole = factors[codes]

    def per_group() -> np.ndarray[Any, Any]:
        out = np.empty(rows)
        for code, name in enumerate(names):
            chosen = np.flatnonzero(codes == code)
            target = TARGET[parse_unit(name).canonical]
            amount = registry.Quantity(values[chosen], UNITS[name].split(" * ")[-1])
            size = float(UNITS[name].split(" * ")[0]) if " * " in UNITS[name] else 1.0
            out[chosen] = amount.to(target).magnitude * size
        return out

    def one_by_one() -> None:
        for row in range(per_row):
            name = names[codes[row]]
            target = TARGET[parse_unit(name).canonical]
            registry.Quantity(values[row], UNITS[name].split(" * ")[-1]).to(target)

    def frame(threads: int = 1) -> pd.DataFrame:
        known = list(column.cat.categories)
        done = canonicalise(values, column.cat.codes.to_numpy(), known, threads=threads)
        units = pd.Categorical.from_codes(done.codes, categories=names, validate=False)
        return pd.DataFrame({"value": done.values, "unit": units}, copy=False)

    np.testing.assert_allclose(per_group(), canonicalise(values, codes, names).values, rtol=1e-12)
    found = medians(rounds, **{
        "bare product": lambda: values * whole,
        "ours, kernel": lambda: canonicalise(values, codes, names),
        "ours, frame": frame,
        "ours, kernel, two threads": lambda: canonicalise(values, codes, names, threads=2),
        "ours, frame, two threads": lambda: frame(2),
        "pint per group": per_group,
        "factorize alone": lambda: pd.factorize(text),
        "ours, text units": lambda: canonicalise_text(values, text),
    })
    found["pint per row"] = medians(1, row=one_by_one)["row"] * rows / per_row
    # work, ours, peer, goal; a goal for the peer's time over ours is a least, else a most
    lines = (
        ("normalise, unit codes", "ours, kernel", "bare product", "most", 1.25),
        ("normalise, frame", "ours, frame", "bare product", "most", 1.5),
        ("normalise, unit codes, two threads", "ours, kernel, two threads", "bare product",
         "most", 1.25),
        ("normalise, frame, two threads", "ours, frame, two threads", "bare product", "most", 1.5),
        ("normalise, unit codes", "ours, kernel", "pint per group", "least", 10.0),
        ("normalise, unit codes", "ours, kernel", "pint per row", "least", 5000.0),
        ("normalise, text units", "ours, text units", "factorize alone", "most", 1.3),
    )
    records = []
    for work, ours, peer, kind, goal in lines:
        ratio = found[ours] / found[peer] if kind == "most" else found[peer] / found[ours]
        records.append({
            "work": work, "ours_ms": found[ours], "peer": peer,
            "peer_ms": found[peer], "ratio": ratio,
            "goal": f"{'≤' if kind == 'most' else '≥'} {goal:g}",
            "reached": ratio <= goal if kind == "most" else ratio >= goal,
        })
    return {"rows": records, "size": rows, "units": len(UNITS), "per_row_sample": per_row}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = parser.parse_args()
    result = run(20_000, 50, 2) if chosen.smoke else run(10_000_000, 2_000, 7)
    print(f"{result['size']:,} rows, {result['units']} units")
    for row in result["rows"]:
        print(f"  {row['work']:<36}{row['ours_ms']:10.1f} ms   {row['peer']:<16}"
              f"{row['peer_ms']:14.1f} ms   ratio {row['ratio']:10.2f}   goal {row['goal']}")
    if chosen.json:
        chosen.json.write_text(
            json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
