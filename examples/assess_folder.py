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
print(result.show("en"))  # print(result) in Vietnamese

# The same figures for a program:
best = [f"{row.option} ({row.payback_class})" for row in result.options if row.rank == 1]
print("overall:", *(f"{plant.saving:.1%} {plant.status}" for plant in result.verdict
                    if plant.saving is not None))  # fmt: skip
print("first option:", ", ".join(best) or "none")

charts = {
    "savings": sx.charts.savings(result, language="en"),
    "specific_consumption": sx.charts.specific_consumption(result, language="en"),
}
if len(result.options):
    charts["payback_ladder"] = sx.charts.payback_ladder(result, language="en")
for name, chart in charts.items():
    print("written:", sx.charts.save(chart, out / f"{name}.png").name)
