"""The page docs/explanation/performance.md, written again from what was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from _rows import Record, all_goals, reached, read_goals, read_reasons, slope, verdicts

DOCS = Path(__file__).resolve().parents[1] / "docs" / "explanation"
PAGE, DATA, PICTURE = (DOCS / f"performance{ending}" for ending in (".md", ".json", ".svg"))
BEGIN = "<!-- measured: begin (python3 run.py bench --page) -->"
END = "<!-- measured: end -->"
FIXED = "\u00a0"  # a space at which no line is broken


def read_data(path: Path = DATA) -> dict[str, Any]:
    """Return what was measured last."""
    if not path.exists():
        return {"machine": {}, "scripts": {}, "rows": {}, "others": {}, "growth": {}}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def figure(value: float) -> str:
    """Return a number with two or three digits that count."""
    if value >= 999.5:
        return f"{float(f'{value:.2g}'):,.0f}"
    if value >= 99.5:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"


def amount(value: float | None, memory: bool = False) -> str:
    """Return a time or an amount of memory."""
    if value is None:
        return "–"
    if memory:
        return f"{figure(value)}{FIXED}MiB"
    if value >= 999.5:
        return f"{figure(value / 1e3)}{FIXED}s"
    for unit, scale in (("ms", 1.0), ("µs", 1e3)):
        if value * scale >= 0.1:
            return f"{figure(value * scale)}{FIXED}{unit}"
    return f"{figure(value * 1e6)}{FIXED}ns"


def ratio(goal: Record, row: Record) -> str:
    """Return the figure that is held against the goal, with its range over the runs."""
    if "equal" in goal:
        return "identical" if row["value"] == 1.0 else "not identical"
    before, after = "", f"{FIXED}×"
    if "over_ms" in goal:
        before, after = f"+{FIXED}", f"{FIXED}ms"
    elif "within_s" in goal:
        after = f"{FIXED}s"
    elif "mib" in goal:
        after = f"{FIXED}MiB"
    elif "at_most" not in goal and not goal.get("limit"):
        after = f"{FIXED}× faster"
    if row["value"] == float("inf"):
        return "gap too wide"
    low, high = figure(row["low"]), figure(row["high"])
    spread = f" ({low} – {high})" if low != high else ""
    return f"{before}{figure(row['value'])}{after}{spread}"


def compared(ours: float, peer: float) -> str:
    """Return the ratio of two times that have no goal."""
    return (
        f"{figure(peer / ours)}{FIXED}× faster"
        if ours < peer
        else f"{figure(ours / peer)}{FIXED}× its time"
    )


def wanted(goal: Record) -> str:
    """Return the goal in a few signs."""
    if "equal" in goal:
        return "identical"
    for key, sign, after in (
        ("at_most", "≤", "×"),
        ("at_least", "≥", "×"),
        ("over_ms", "≤ +", "ms"),
        ("within_s", "≤", "s"),
        ("mib", "≤", "MiB"),
    ):
        if key in goal:
            gap = {1e-4: ", gap ≤ 10⁻⁴", 0.01: ", gap ≤ 1 %"}.get(goal.get("gap", 0.0), "")
            return f"{sign}{FIXED}{goal[key]:,}{FIXED}{after}{gap}"
    return "–"


def verdict_text(value: bool | None) -> str:
    """Return what the last column says."""
    return {True: "reached", False: "**missed**", None: ""}[value]


def group_lines(
    group: Record, data: Record, reasons: Mapping[str, str], verdict: Mapping[str, bool | None]
) -> list[str]:
    """Return the table of one group, and why what is missed is missed."""
    lines = [
        f"### {group['title']}",
        "",
        "| Work | Against | Ours | Theirs | Ratio | Goal | |",
        "|---|---|---|---|---|---|---|",
    ]
    notes = []
    for goal in (goal for row in group["row"] for goal in row["goals"]):
        row = data["rows"].get(goal["id"])
        if row is None:
            told = ["–", "–", "–", wanted(goal), "not measured"]
        else:
            memory = bool(row.get("mib"))
            told = [
                amount(row.get("ours"), memory),
                amount(row.get("peer"), memory),
                ratio(goal, row),
                wanted(goal),
                verdict_text(reached(goal, row["value"])),
            ]
        lines.append("| " + " | ".join([goal["name"], goal["shown"], *told]) + " |")
        if goal["id"] in reasons:
            notes.append(
                f"- **{subject(group, goal)}**, against {goal['shown']}: {reasons[goal['id']]}"
            )
    return [*lines, "", *notes, *([""] if notes else [])]


def subject(group: Record, goal: Record) -> str:
    """Return the full name of what a goal asks: "the same" says nothing away from its table."""
    if not goal["name"].startswith("the same"):
        return str(goal["name"])
    row = next(row for row in group["row"] if goal in row["goals"])
    return f"{row['goals'][0]['name']}{goal['name'].removeprefix('the same')}"


def growth_lines(
    data: Record, goals: Record, reasons: Mapping[str, str], verdict: Mapping[str, bool | None]
) -> list[str]:
    """Return the table of how times grow, beside the picture."""
    bounds = goals["growth"]
    lines = [
        "### How the time grows",
        "",
        "```{image} performance.svg",
        f":alt: {alternative(data, goals)}",
        ":width: 100%",
        "```",
        "",
        f"The slope is that of log time on log size over the last two decades; 1 is linear, and "
        f"the goal is {bounds['at_least']} to {bounds['at_most']}. Before that, what every call "
        "costs is most of the time. The picture has the same figures.",
        "",
        "| Work | Sizes | Each, at the largest | Slope | |",
        "|---|---|---|---|---|",
    ]
    notes = []
    for kernel in bounds["kernels"]:
        grown = data["growth"].get(kernel["kernel"])
        if grown:
            found = slope(grown["sizes"], grown["ms"])
            told = [
                f"{grown['sizes'][0]:,} – {grown['sizes'][-1]:,} {kernel['unit']}s",
                amount(grown["ms"][-1] / grown["sizes"][-1]),
                f"{found:.2f}",
            ]
        else:
            told = ["–", "–", "–"]
        told.append(verdict_text(verdict[kernel["id"]]) if grown else "not measured")
        lines.append("| " + " | ".join([kernel["name"], *told]) + " |")
        if kernel["id"] in reasons:
            notes.append(f"- **{kernel['name']}**: {reasons[kernel['id']]}")
    return [*lines, "", *notes, *([""] if notes else [])]


def alternative(data: Record, goals: Record) -> str:
    """Return what the picture says, for whoever cannot see it."""
    said = [
        f"{kernel['name']} {slope(grown['sizes'], grown['ms']):.2f}"
        for kernel in goals["growth"]["kernels"]
        if (grown := data["growth"].get(kernel["kernel"]))
    ]
    return (
        "Two panels on logarithmic scales: time against size, and time for each row, option or "
        "plant against size, which is level where the time is linear. Slopes over the last two "
        f"decades: {'; '.join(said)}."
    )


def other_lines(data: Record) -> list[str]:
    """Return what was measured and has no goal."""
    lines = [
        "### What else was measured, without a goal",
        "",
        "| Work | Against | Ours | Theirs | Ratio |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['work']} | {row['peer']} | {amount(row['ours'])} | {amount(row['peer_ms'])} "
        f"| {compared(row['ours'], row['peer_ms'])} |"
        for script in sorted(data["others"])
        for row in data["others"][script]
    ]
    return [*lines, ""] if len(lines) > 4 else []


def when(data: Record) -> str:
    """Return on what and when everything was measured."""
    machine, scripts = data["machine"], data["scripts"]
    names = (
        "python",
        "numpy",
        "scipy",
        "pandas",
        "pint",
        "matplotlib",
        "duckdb",
        "polars",
        "pyxirr",
        "numpy-financial",
        "statsmodels",
        "uncertainties",
    )
    versions = ", ".join(
        f"{name.capitalize() if name == 'python' else name} {machine[name]}"
        for name in names
        if name in machine
    )
    days = sorted({each["date"] for each in scripts.values()})
    runs = sorted({each["runs"] for each in scripts.values()})
    load = max((each["load"] for each in scripts.values()), default=0.0)
    many = f"{runs[0]}" if len(runs) < 2 else f"{runs[0]} to {runs[-1]}"
    return (
        f"Measured on {' and '.join(days)} on {machine.get('cores', '?')} cores "
        f"({machine.get('processor', '')}, {machine.get('system', '')}) with {versions}. "
        f"Every script ran {many} time{'s' if runs[-1:] != [1] else ''}; the load of the machine "
        f"when one began was at most {load:.1f}."
    )


def counted(verdict: Mapping[str, bool | None]) -> str:
    """Return how many goals are reached."""
    goals = [value for value in verdict.values() if value is not None]

    return f"**{sum(goals)} of {len(goals)} goals are reached.**"


def measured_part(data: Record, goals: Record, reasons: Mapping[str, str]) -> str:
    """Return the generated part of the page."""
    verdict = verdicts(data, goals)
    lines = [BEGIN, "", counted(verdict) + " " + when(data), ""]
    for group in goals["group"]:
        lines += group_lines(group, data, reasons, verdict)
    lines += growth_lines(data, goals, reasons, verdict) + other_lines(data)
    return "\n".join([*lines, END])


def page_with(part: str, page: str) -> str:
    """Return the page with its generated part replaced."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + part + after


def write_page() -> None:
    """Write the picture and the page again from what was measured last."""
    data, goals, reasons = read_data(), read_goals(), read_reasons()
    if data["growth"]:
        from _picture import draw

        draw(data["growth"], goals["growth"]["kernels"], PICTURE)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page_with(measured_part(data, goals, reasons), page), encoding="utf-8")


def faults(data: Record, goals: Record, reasons: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the reasons: missing, needless, or of nothing we know."""
    verdict = verdicts(data, goals)
    known = {goal["id"] for goal in all_goals(goals)}
    known |= {kernel["id"] for kernel in goals["growth"]["kernels"]}
    found = [
        f"{key}: missed, and no reason"
        for key, value in verdict.items()
        if value is False and not reasons.get(key)
    ]
    found += [f"{key}: no such goal" for key in reasons if key not in known]
    found += [
        f"{key}: a reason, and it is reached"
        for key in reasons
        if verdict.get(key) is not False and key in known
    ]
    return found
