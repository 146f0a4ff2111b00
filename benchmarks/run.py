"""Run every benchmark script beside this file and collect what they measured.

    python3 run.py bench [--smoke] [--only NAME ...] [--json PATH]

Each script measures one group of work in one process, ours and its peer in turn, prints its own
table and, with ``--json PATH``, writes a document whose ``rows`` are records such as
``{"work": …, "ours_ms": …, "peer": …, "peer_ms": …, "ratio": …, "goal": …, "reached": …}``.
``--smoke`` asks for small sizes: it proves that the scripts run, not how fast they are.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGES = ("numpy", "scipy", "pandas", "pint", "matplotlib")


def machine() -> dict[str, Any]:
    """Return what the times depend on."""
    found = {"python": platform.python_version(), "system": platform.system()}
    found |= {"processor": platform.machine(), "cores": str(os.cpu_count())}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def rows_of(document: Any) -> list[dict[str, Any]]:
    """Return the records in what a script wrote."""
    if isinstance(document, list):
        return [row for row in document if isinstance(row, dict)]
    if isinstance(document, dict):
        if "rows" in document:
            return rows_of(document["rows"])
        for value in document.values():
            if rows := (rows_of(value) if isinstance(value, list) else []):
                return rows
        return [document]
    return []


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


def main() -> int:
    """Run the scripts; fail if one of them fails."""
    parser = argparse.ArgumentParser(description="Run the benchmarks and collect their results.")
    parser.add_argument("--smoke", action="store_true", help="small sizes, to see that they run")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="scripts to run, without .py")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all results to PATH")
    wanted = parser.parse_args()
    scripts = sorted(path for path in HERE.glob("*.py") if path.name != Path(__file__).name)
    scripts = [path for path in scripts if not path.name.startswith("_")]
    if wanted.only:
        scripts = [path for path in scripts if path.stem in wanted.only]
    results: dict[str, Any] = {}
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for script in scripts:
            print(f"\n== {script.stem}", flush=True)
            answer = Path(folder) / f"{script.stem}.json"
            command = [sys.executable, str(script), "--json", str(answer)]
            code = subprocess.run(
                command + ["--smoke"] * wanted.smoke, stdin=subprocess.DEVNULL, check=False
            ).returncode
            if code or not answer.exists():
                failed.append(script.stem)
                print(f"failed with exit code {code}", file=sys.stderr, flush=True)
                continue
            results[script.stem] = json.loads(answer.read_text(encoding="utf-8"))
    print("\n== all", *(f"{name} {text}" for name, text in machine().items()), sep="  ")
    for name, document in results.items():
        print(f"\n{name}\n{table(rows_of(document))}")
    if wanted.json:
        collected = {"machine": machine(), "smoke": wanted.smoke, "results": results}
        wanted.json.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(collected, indent=1, ensure_ascii=False)
        wanted.json.write_text(text + "\n", encoding="utf-8")
    if failed:
        print("\nfailed: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
