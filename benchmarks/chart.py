"""A standard chart, drawn and saved as PNG, over an empty chart of the same size.

The peer is what matplotlib itself needs for such a file: a Figure with one empty Axes and
``Figure.savefig``, with the same pixels. ``charts.save`` compresses less and hints no letters,
so the empty chart is also written by it, and ``ratio_same_writer`` compares with that. All are
made anew each time and take turns; figures are medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _timing import timed
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sxsh_audit import charts
from sxsh_audit.display.flow_records import FlowBand, LossStep, LossStream
from sxsh_audit.display.records import (
    CashBar,
    CostStep,
    FrontierPoint,
    IntensityPair,
    NpvCurve,
    PaybackStep,
    RankSpread,
    SavingBar,
    TornadoBar,
)

GOAL = 2.0
DPI = 160  # as charts.save has it
BARS = [
    SavingBar("Điện", 0.0496, "below", True, 0.05, 0.08),
    SavingBar("Than cám 5", 0.0724, "within", True, 0.05, 0.08),
    SavingBar("Nguyên liệu", 0.112, "above", True, 0.05, 0.08),
    SavingBar("Nước", 0.141, "not_counted", False, 0.05, 0.08),
    SavingBar("Tổng hợp theo chi phí", 0.0621, "within", True, 0.05, 0.08, overall=True),
]
PAIRS = [
    IntensityPair("Điện", 1200.0, 1100.0, "kWh/t"),
    IntensityPair("Than cám 5", 0.412, 0.382, "t/t"),
    IntensityPair("Nguyên liệu", 1.08, 1.02, "t/t"),
    IntensityPair("Nước", 12.4, 10.7, "m³/t"),
]
STEPS = [
    PaybackStep("GP1", "Quản lý nội vi", 0.0, "immediate", 0.0, 36e6),
    PaybackStep("GP2", "Bảo ôn đường ống hơi", 0.35, "years", 35e6, 100e6),
    PaybackStep("GP3", "Lắp biến tần cho quạt lò", 1.4, "years", 140e6, 100e6),
    PaybackStep("GP4", "Thay lò hơi đốt than", 4.6, "years", 1.3e9, 282.6e6),
    PaybackStep("GP5", "Sơn lại nhà xưởng", float("inf"), "never", 50e6, 0.0),
]
NAMES = ("Quản lý nội vi", "Bảo ôn đường ống hơi", "Lắp biến tần cho quạt lò",
         "Thay lò hơi đốt than", "Thu hồi nước ngưng")
LADDER = [PaybackStep(f"GP{k + 1}", name, 0.5 + k, "years", 1e8 * (k + 1), 1e8, low=0.3 + 0.7 * k,
                      high=0.9 + 1.6 * k) for k, name in enumerate(NAMES)]
RATES = [k / 100 for k in range(41)]
CURVES = [NpvCurve(f"GP{k + 1}", name, RATES, [1e9 * (0.1 + 0.06 * k - rate) for rate in RATES],
                   0.1 + 0.06 * k) for k, name in enumerate(NAMES)]
COSTS = [CostStep(f"GP{k + 1}", name, 20.0 + 9 * k, 4e5 * (k - 1.5), "tCO₂/năm")
         for k, name in enumerate(NAMES)]
POINTS = [FrontierPoint(3e7 * k * k, 0.02 * k, NAMES[:k], low=0.05, high=0.08)
          for k in range(6)]
INPUTS = [TornadoBar(name, 1.2e9 - 1e8 * k, 1.2e9 + 8e7 * k, 1.2e9, "VND", "5 %", "15 %")
          for k, name in enumerate(("giá điện", "chi phí", "tuổi thọ", "giá than", "lãi suất"), 1)]
RANKS = [RankSpread(f"GP{k + 1}", name, k + 1,
                    [0.6 if j == k else 0.1 for j in range(len(NAMES))])
         for k, name in enumerate(NAMES)]
YEARS = [CashBar(t, 2.8e8 if t else -1.3e9, 2.8e8 * t - 1.3e9, 1.9e8 * t - 1.3e9)
         for t in range(13)]
def sheet_of(steps: int, more: int) -> list[FlowBand]:
    """Return a line of steps, each with a loss, and `more` flows into and beside it."""
    made = [FlowBand(f"bán thành phẩm {k}", f"công đoạn {k}" if k else "", f"công đoạn {k + 1}",
                     100.0 - 4 * k, "t", "internal" if k else "input") for k in range(steps)]
    made += [FlowBand(f"nước thải {k}", f"công đoạn {k + 1}", "", 4.0, "t", "waste_water")
             for k in range(steps)]
    made.append(FlowBand("sản phẩm", f"công đoạn {steps}", "", 100.0 - 4 * steps, "t", "product"))
    for k in range(more):
        source = f"công đoạn {steps - k % 3}" if k % 5 == 0 else ""
        made.append(FlowBand(f"nước cấp {k}", source, f"công đoạn {k % (steps - 3) + 1}", 3.0 + k,
                             "t", "recycle" if source else "input"))
    return made


THIRTEEN, FORTY = sheet_of(4, 4), sheet_of(12, 15)
LOST = [LossStep("input", "", 2.1e9), LossStep("product", "", 2.1e9 - 15e7),
        *(LossStep("loss", name, 1e7 * (k + 1)) for k, name in enumerate(NAMES))]
STREAMS = [LossStream(f"nước thải {k + 1}", name, 9e8 / (k + 1), 3e8 / (k + 1), 1e8, 5e7)
           for k, name in enumerate(NAMES)]
CHARTS: dict[str, Callable[[], Any]] = {
    "savings": lambda: charts.savings(BARS),
    "specific_consumption": lambda: charts.specific_consumption(PAIRS),
    "payback_ladder": lambda: charts.payback_ladder(STEPS),
    "ladder of intervals": lambda: charts.payback_ladder(LADDER),
    "npv_profile": lambda: charts.npv_profile(CURVES),
    "cost_curve": lambda: charts.cost_curve(COSTS),
    "frontier": lambda: charts.frontier(POINTS),
    "tornado": lambda: charts.tornado(INPUTS),
    "rank_stability": lambda: charts.rank_stability(RANKS),
    "cash_flow": lambda: charts.cash_flow(YEARS),
    "sankey": lambda: charts.sankey(THIRTEEN),
    "sankey of 40 flows": lambda: charts.sankey(FORTY),
    "loss_waterfall": lambda: charts.loss_waterfall(LOST),
    "loss_pareto": lambda: charts.loss_pareto(STREAMS),
}


def empty(size: tuple[float, float]) -> Any:
    """Return the Axes of an empty Figure of the same size."""
    figure = Figure(figsize=size, dpi=100)
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def ours(draw: Callable[[], Any], path: Path) -> float:
    """Return the time to draw a chart and to save it [ms]."""
    return timed(lambda: charts.save(draw(), path, dpi=DPI))


def peer(size: tuple[float, float], path: Path) -> float:
    """Return the time to make an empty chart and to save it [ms]."""
    return timed(lambda: empty(size).figure.savefig(path, dpi=DPI))


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--smoke", action="store_true", help="one run each")
    wanted = parser.parse_args()
    runs = 1 if wanted.smoke else 25
    rows: list[dict[str, Any]] = []
    for name, draw in CHARTS.items():
        size = tuple(draw().figure.get_size_inches())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "chart.png"
            ours(draw, path)
            peer(size, path)
            times = [
                (ours(draw, path), peer(size, path), ours(lambda s=size: empty(s), path))
                for _ in range(runs)
            ]
        mine, theirs, same = (statistics.median(column) for column in zip(*times, strict=True))
        ratio = mine / theirs
        rows.append(
            {
                "work": f"chart {name}",
                "ours_ms": round(mine, 2),
                "peer": "empty Figure.savefig",
                "peer_ms": round(theirs, 2),
                "ratio": round(ratio, 3),
                "ratio_same_writer": round(mine / same, 3),
                "goal": f"≤ {GOAL:g} ×",
                "reached": ratio <= GOAL,
            }
        )
        print(
            f"{name:<22} {mine:7.1f} ms   empty Figure.savefig {theirs:7.1f} ms   {ratio:.2f} × "
            f"({mine / same:.2f} × with the same writer)   goal ≤ {GOAL:g} ×: "
            + ("reached" if ratio <= GOAL else "not reached")
        )
    if wanted.json:
        text = json.dumps({"rows": rows}, indent=1, ensure_ascii=False)
        wanted.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
