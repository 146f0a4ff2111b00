"""A plant against a programme of your own, from the file beside this script."""

from pathlib import Path

import sxsh_audit as sx

mine = sx.programme(Path(__file__).resolve().parent / "chuong-trinh-cua-toi.toml")
print(mine.title("en"))
for phase in mine.phases:
    print(" ", phase.label("en"), phase.low, phase.high)

# One figure …
print(mine.verdict(0.06, "31/12/2024", "water").status)

# … or a whole plant (invented figures).
study = sx.Study.from_totals(
    "Example plant",
    output=("5200 t", "5350 t"),
    settings={"baseline": "2021", "reporting": "2024"},
    electricity=("3120000 kWh", "3017400 kWh"),
    water=("78000 m3", "73830 m3"),
)
result = sx.assess(study, programme=Path(__file__).resolve().parent / "chuong-trinh-cua-toi.toml")
for row in result.savings:
    print(f"{row.resource}: {row.saving:.1%} ({row.status})")
print(f"overall, {result.verdict.rule}: {result.verdict.saving:.1%} ({result.verdict.status})")
