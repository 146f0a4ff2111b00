"""The picture of how times grow: the same bytes from the same figures."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from _rows import slope

# Black, then Okabe and Ito's colours without the yellow, which is lost on white; every line has a
# sign of its own beside its colour.
COLOURS = (
    "#000000",
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#666666",
    "#8c510a",
    "#000000",
    "#882255",
)
SIGNS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*", "p")
SETTINGS: Any = {
    "svg.hashsalt": "sxsh-audit",
    "svg.fonttype": "path",
    "font.size": 15,
    "font.family": "DejaVu Sans",
}


def fingerprint(growth: Mapping[str, Any]) -> str:
    """Return what tells a picture of these figures from one of others."""
    return hashlib.sha256(json.dumps(growth, sort_keys=True).encode()).hexdigest()[:16]


def draw(growth: Mapping[str, Any], kernels: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw two panels: time against size, and the time for each."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(12, 11.5), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True)
        for number, kernel in enumerate(kernels):
            grown = growth.get(kernel["kernel"])
            if not grown:
                continue
            sizes, times = grown["sizes"], grown["ms"]
            look = {"color": COLOURS[number], "marker": SIGNS[number], "markersize": 8, "lw": 2}
            label = f"{kernel['name'].replace('`', '')}: {slope(sizes, times):.2f}"
            above.loglog(sizes, times, label=label, **look)
            each = [t / n * 1e6 for t, n in zip(times, sizes, strict=True)]
            below.loglog(sizes, each, **look)
        above.set_ylabel("time [ms]")
        below.set_ylabel("time for each [ns]")
        below.set_xlabel("rows, options or plants")
        for axes in (above, below):
            axes.grid(color="#d9d9d9", lw=0.8)
            axes.spines[["top", "right"]].set_visible(False)
        figure.legend(
            loc="outside lower center",
            ncols=2,
            frameon=False,
            fontsize=13,
            title="slope over the last two decades",
            title_fontsize=13,
        )
        written = io.StringIO()
        figure.savefig(
            written,
            format="svg",
            metadata={
                "Date": None,
                "Creator": None,
                "Description": f"figures {fingerprint(growth)}",
            },
        )
    path.write_text(written.getvalue(), encoding="utf-8")
