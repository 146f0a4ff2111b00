"""Run every benchmark script beside this file and collect what they measured.

    python3 run.py bench [--smoke] [--only NAME ...] [--json PATH] [--repeat N] [--page]

Each script measures one group of work in one process, ours and its peer in turn, prints its own
table and, with ``--json PATH``, writes a document whose ``rows`` are records such as
``{"work": …, "ours_ms": …, "peer": …, "peer_ms": …}``; _rows.py says what else they may have.
``--smoke`` asks for small sizes: it proves that the scripts run, not how fast they are.
``--page`` stores what was measured in docs/explanation/performance.json, holds it against
goals.toml, and writes the page and its picture again; with ``--only`` the rest stays as it was.
``--page-only`` measures nothing and writes the page again from what is stored.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from _page import DATA, faults, read_data, write_page
from _rows import all_goals, answers, measured, read_goals, read_reasons, rows_of

HERE = Path(__file__).resolve().parent
PACKAGES = ("numpy", "scipy", "pandas", "pint", "matplotlib", "pyarrow", "duckdb", "polars", "dask",
            "pyxirr", "numpy-financial", "statsmodels", "uncertainties")  # fmt: skip
OWN_PAGES = ("coverage", "plausibility")
"""Scripts that measure how often a method is right; each stores and shows that by itself."""


def machine() -> dict[str, Any]:
    """Return what the times depend on: nothing that names the machine or whose it is."""
    found = {"python": platform.python_version(), "system": platform.system()}
    found |= {"processor": platform.machine(), "cores": str(os.cpu_count())}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def store(runs: dict[str, list[Any]], loads: dict[str, float], day: str) -> None:
    """Put what was measured beside what was measured before."""
    data, goals = read_data(), read_goals()
    data["machine"] = machine()
    for script, documents in runs.items():
        if script in OWN_PAGES:
            continue
        data["scripts"][script] = {"date": day, "runs": len(documents), "load": loads[script]}
        if script == "scaling":
            data["growth"] |= documents[-1]["growth"]
            continue
        if script == "many":
            data["growth"] |= {"many": grown(rows_of(documents[-1]))}
        records = [rows_of(document) for document in documents]
        mine = [goal for goal in all_goals(goals) if goal["script"] == script]
        for goal in mine:
            data["rows"].pop(goal["id"], None)
            if found := measured(goal, records):
                data["rows"][goal["id"]] = {key: rounded(value) for key, value in found.items()}
        data["others"][script] = [
            {"work": row["work"], "ours": rounded(row["ours_ms"]), "peer": row["peer"],
             "peer_ms": rounded(row["peer_ms"])}
            for row in records[-1]
            if row.get("peer_ms") and "ours_ms" in row
            and not any(answers(row, goal) for goal in mine)
        ]  # fmt: skip
    text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True)
    DATA.write_text(text + "\n", encoding="utf-8")


def grown(records: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Return the sizes and times of many plants whose tables are in order."""
    found = {row["size"]: row["ours_ms"] for row in records
             if row["work"].startswith("assess") and row["work"].endswith("months")}  # fmt: skip
    return {"sizes": sorted(found), "ms": [rounded(found[size]) for size in sorted(found)]}


def rounded(value: float) -> float:
    """Return four digits: more would change with every run and say nothing."""
    return float(f"{value:.4g}")


def cell(value: Any) -> str:
    """Return a value as the table shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)


def table(rows: list[dict[str, Any]]) -> str:
    """Return the records as text columns, with every simple field that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    names = [n for n in names if not any(isinstance(r.get(n), dict | list) for r in rows)]
    lines = [names] + [[cell(row.get(name)) for name in names] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(names))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def run_script(script: Path, folder: Path, smoke: bool) -> Any:
    """Run one script and return what it wrote; None if it failed."""
    answer = folder / f"{script.stem}.json"
    answer.unlink(missing_ok=True)
    command = [sys.executable, str(script), "--json", str(answer)]
    code = subprocess.run(
        command + ["--smoke"] * smoke, stdin=subprocess.DEVNULL, check=False
    ).returncode
    if code or not answer.exists():
        print(f"failed with exit code {code}", file=sys.stderr, flush=True)
        return None
    return json.loads(answer.read_text(encoding="utf-8"))


def load() -> float:
    """Return the load of the machine; what cannot be asked is none."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0


def main() -> int:
    """Run the scripts; fail if one of them fails."""
    parser = argparse.ArgumentParser(description="Run the benchmarks and collect their results.")
    parser.add_argument("--smoke", action="store_true", help="small sizes, to see that they run")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="scripts to run, without .py")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all results to PATH")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run each N times")
    parser.add_argument("--page", action="store_true", help="store the results, write the page")
    parser.add_argument("--page-only", action="store_true", help="write the page, measure nothing")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day that the page names")
    wanted = parser.parse_args()
    if wanted.page_only:
        return tell_page()
    if wanted.page and wanted.smoke:
        parser.error("--smoke measures nothing that a page could show")
    scripts = sorted(path for path in HERE.glob("*.py") if path.name != Path(__file__).name)
    scripts = [path for path in scripts if not path.name.startswith("_")]
    if wanted.page:
        scripts = [path for path in scripts if path.stem not in OWN_PAGES]
    if wanted.only:
        scripts = [path for path in scripts if path.stem in wanted.only]
    runs: dict[str, list[Any]] = {}
    loads: dict[str, float] = {}
    failed = []
    day = wanted.date or datetime.date.today().isoformat()
    with tempfile.TemporaryDirectory() as folder:
        for script in scripts:
            for time in range(max(wanted.repeat, 1)):
                print(f"\n== {script.stem}" + f", run {time + 1}" * (wanted.repeat > 1), flush=True)
                loads[script.stem] = max(loads.get(script.stem, 0.0), load())
                found = run_script(script, Path(folder), wanted.smoke)
                if found is None:
                    failed.append(script.stem)
                    break
                runs.setdefault(script.stem, []).append(found)
            if wanted.page and script.stem in runs:  # an interrupted run keeps what it measured
                store({script.stem: runs[script.stem]}, loads, day)
    results = {name: documents[-1] for name, documents in runs.items()}
    print("\n== all", *(f"{name} {text}" for name, text in machine().items()), sep="  ")
    for name, document in results.items():
        print(f"\n{name}\n{table(rows_of(document))}")
    if wanted.json:
        collected = {"machine": machine(), "smoke": wanted.smoke, "results": results}
        wanted.json.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(collected, indent=1, ensure_ascii=False)
        wanted.json.write_text(text + "\n", encoding="utf-8")
    if wanted.page:
        tell_page()
    if failed:
        print("\nfailed: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


def tell_page() -> int:
    """Write the page, and say which reasons it still lacks or has too many of."""
    write_page()
    wrong = faults(read_data(), read_goals(), read_reasons())
    for line in wrong:
        print(f"reasons.toml: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
