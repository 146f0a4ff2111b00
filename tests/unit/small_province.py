"""A small made-up province for the tests of the site: 60 establishments, two published cases."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import sxsh_audit as sx
from sxsh_audit.tables.register import Register

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = "vn-qb-2384"
HOSTILE = "</script><script>alert(1)</script> \u202exấu <b>&amp; " + "rất-dài" * 45
SECRET = "Xưởng Không Đồng Ý"
"""A plant with a study that was chosen, but that did not agree."""


@cache
def studies() -> tuple[sx.Assessment, ...]:
    """Return three studies: two of plants that agreed, one of a plant that did not."""
    return tuple(sx.assess(sx.read_study(ROOT / "examples" / name))
                 for name in ("giay-bao-goi", "sao-xanh", "thuy-san"))  # fmt: skip


def province(**changes: Any) -> Register:
    """Return the register; `changes` are columns of single establishments: ``E7={"sector": …}``.

    Of 60 establishments 35 are in paper, 18 in seafood, 7 in other sectors; every second one of
    paper, every third of seafood and all others apply.
    """
    rows, statuses = [], []
    for number in range(1, 58):
        code = f"E{number}"
        sector = "giấy" if number <= 34 else "thủy sản" if number <= 51 else f"ngành {number}"
        rows.append({"establishment": code, "name": f"Cơ sở {number}", "sector": sector,
                     "zone_kind": "industrial_park" if number % 2 else "residential",
                     "district": "Đồng Hới" if number % 3 else "Bố Trạch", "publish": ""})
        applies = number % 2 == 0 if number <= 34 else number % 3 == 0 or number > 51
        told = {"reached": "yes" if number <= 40 else "no" if number <= 50 else "",
                "capable": "yes" if number <= 45 else "no",
                "applying": "yes" if applies else "no"}  # fmt: skip
        statuses += [{"establishment": code, "indicator": kind, "value": value,
                      "date": dt.date(2014, 6, 1)} for kind, value in told.items() if value]
    for code, name, sector, publish in (
        ("giay-bao-goi", HOSTILE, "giấy", "yes"), ("sao-xanh", "Xưởng đúc Sao Xanh", "đúc", "yes"),
        ("thuy-san", SECRET, "thủy sản", ""),
    ):
        rows.append({"establishment": code, "name": name, "sector": sector, "publish": publish,
                     "zone_kind": "outside", "district": "Đồng Hới"})  # fmt: skip
    for row in rows:
        row.update(changes.get(row["establishment"], {}))
    return Register.from_frames(establishments=pd.DataFrame(rows),
                                statuses=pd.DataFrame(statuses))  # fmt: skip
