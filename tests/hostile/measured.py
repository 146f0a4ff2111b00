"""Check one study in a process of its own; print its codes, peak memory and seconds as JSON."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

from sxsh_audit import check_study


def main() -> None:
    start = time.process_time()
    found = check_study(sys.argv[1], language="en")
    seconds = time.process_time() - start  # of the processor: others may use it too
    faults = found[found["severity"] == "error"]
    # ru_maxrss would count the memory of the process that started this one
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps({
        "errors": faults["code"].tolist(), "codes": found["code"].tolist(),
        "places": faults["cell"].tolist(), "rules": faults["rule"].tolist(),
        "peak": int(peak[1]) if peak else 0, "seconds": seconds,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
