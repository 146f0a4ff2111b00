"""A folder of records to a verdict, a ranked list of options, and charts beside it.

    python assess_folder.py [FOLDER] [WHERE TO WRITE]
"""

import sys
from pathlib import Path

import sxsh_audit as sx

here = Path(__file__).resolve().parent
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "roasting"
out = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("results")
out.mkdir(parents=True, exist_ok=True)

result = sx.assess(sx.read_study(folder, language="en"), language="en")
for row in result.savings:
    print(f"{row.resource}: {row.saving:.1%} ({row.status})")
for plant in result.verdict:
    print(f"overall, {plant.rule}: {plant.saving:.1%} ({plant.status})" if plant.saving is not None
          else f"overall: {plant.status}")  # fmt: skip
for option in result.options:
    print(f"{option.rank}. {option.option} {option.name}: {option.payback_class}")

charts = {
    "savings": sx.charts.savings(result, language="en"),
    "specific_consumption": sx.charts.specific_consumption(result, language="en"),
}
if len(result.options):
    charts["payback_ladder"] = sx.charts.payback_ladder(result, language="en")
for name, chart in charts.items():
    print("written:", sx.charts.save(chart, out / f"{name}.png").name)
