"""Starting: import and ``--help`` over bare Python, first assessment over numpy and pandas, first
chart over a first empty one.

Each figure is the median time of whole processes, ours and the peer started in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from _timing import medians

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "sao-xanh"
BARE = ["-c", "pass"]
ASSESS = f"import sxsh_audit as sx; sx.assess(sx.read_study({str(EXAMPLE)!r}))"

FIVE = "import numpy, pandas, scipy.stats, scipy.optimize, pint, matplotlib.figure"
CHART = """
from sxsh_audit import charts
from sxsh_audit.charts.files import picture
from sxsh_audit.display.records import SavingBar
bars = [SavingBar("Điện", 0.0496, "below", True, 0.05, 0.08),
        SavingBar("Than cám 5", 0.0724, "within", True, 0.05, 0.08),
        SavingBar("Nước", 0.141, "not_counted", False, 0.05, 0.08)]
figure = charts.savings(bars).figure
assert len(picture(figure, "png")) > 1000
"""
EMPTY = """
import io
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
figure = Figure(figsize=(12, 5))
FigureCanvasAgg(figure)
figure.add_subplot()
figure.savefig(io.BytesIO(), dpi=160, format="png")
"""

# work, ours, peer, words after `python` of both, goal: milliseconds over the peer or a ratio to it
WORK: tuple[tuple[str, list[str], str, list[str], str, float], ...] = (
    ("import sxsh_audit", ["-c", "import sxsh_audit"], "bare Python", BARE, "over", 10.0),
    ("sxsh-audit --help", ["-m", "sxsh_audit", "--help"], "bare Python", BARE, "over", 150.0),
    (
        "first assessment",
        ["-c", ASSESS],
        "import numpy, pandas",
        ["-c", "import numpy, pandas"],
        "ratio",
        2.0,
    ),
    ("first chart", ["-c", CHART], "empty savefig", ["-c", EMPTY], "ratio", 2.0),
    ("import sxsh_audit", ["-c", "import sxsh_audit"], "the five libraries", ["-c", FIVE], "ratio",
     1.0),
)  # fmt: skip


def environment() -> dict[str, str]:
    """Return an environment in which modules are compiled once, as on a person's machine."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}


def started(words: list[str]) -> None:
    """Run one process to its end."""
    subprocess.run(
        [sys.executable, *words],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="one run each")
    wanted = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for work, ours, peer_name, peer, kind, goal in WORK:
        took = medians(
            1 if wanted.smoke else 15,
            ours=lambda words=ours: started(words), peer=lambda words=peer: started(words),
        )  # fmt: skip
        mine, theirs = took["ours"], took["peer"]
        over, ratio = mine - theirs, mine / theirs
        rows.append(
            {
                "work": work,
                "ours_ms": round(mine, 2),
                "peer": peer_name,
                "peer_ms": round(theirs, 2),
                "over_ms": round(over, 2),
                "ratio": round(ratio, 3),
                "goal": f"≤ {goal:g} ms over" if kind == "over" else f"≤ {goal:g} ×",
                "reached": bool((over if kind == "over" else ratio) <= goal),
            }
        )
        row = rows[-1]
        print(
            f"{work:<20} {mine:8.1f} ms   {peer_name:<21} {theirs:8.1f} ms   "
            f"+{over:.1f} ms, {ratio:.2f} ×   goal {row['goal']}: "
            + ("reached" if row["reached"] else "not reached")
        )
    if wanted.json:
        text = json.dumps({"rows": rows}, indent=1, ensure_ascii=False)
        wanted.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
