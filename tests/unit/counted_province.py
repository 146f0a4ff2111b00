"""A province of eight plants whose every count was worked out on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from sxsh_audit.tables.register import Register

D = dt.date


def frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


ESTABLISHMENTS = frame(
    "establishment name ownership sector vsic vsic_version district zone_kind pollution "
    "employees revenue capital opened closed as_of",
    ("A", "Bia A", "enterprise", "beverage", "1103", "2007", "Đồng Hới", "outside", "no",
     150, 90e9, 15e9, None, None, D(2014, 6, 30)),
    ("B", "Giấy B", "enterprise", "paper", "1701", "2007", "Bố Trạch", "industrial_park", "yes",
     250, 300e9, 60e9, None, None, D(2014, 6, 30)),
    ("C", "Gạch C", "enterprise", "brick", "2392", "2007", "Lệ Thủy", "residential", "yes",
     400, 500e9, 150e9, None, None, D(2014, 6, 30)),
    ("D", "Tinh bột D", "enterprise", "starch", "1062", "2007", "Bố Trạch", "outside", "yes",
     8, 2e9, 1e9, None, None, D(2014, 6, 30)),
    ("E", "Hộ E", "household", "food", "1020", "2007", "Quảng Ninh", "residential", "",
     4, None, None, None, None, D(2014, 6, 30)),
    ("F", "Hộ F", "household", "food", "10204", "2007", "", "residential", "no",
     3, None, None, None, None, D(2014, 6, 30)),
    ("G", "Đóng cửa G", "enterprise", "paper", "1701", "2007", "Bố Trạch", "outside", "yes",
     50, None, None, None, D(2014, 3, 1), D(2014, 6, 30)),
    ("H", "Chưa mở H", "enterprise", "paper", "1701", "2007", "Bố Trạch", "outside", "no",
     50, None, None, D(2015, 2, 1), None, D(2014, 6, 30)),
    ("I", "Chưa rõ I", "", "", "", "", "", "", "", None, None, None, None, None, D(2014, 6, 30)),
)  # fmt: skip

STATUSES = frame(
    "establishment indicator value date evidence reported_by",
    ("A", "reached", "no", D(2013, 10, 1), "", "Sở"),  # the event of 2014 is later
    ("C", "reached", "yes", D(2014, 5, 1), "Phiếu 1", "Bố Trạch"),
    ("C", "reached", "no", D(2014, 5, 1), "Phiếu 2", "Sở"),  # contradicted: unknown
    ("D", "reached", "no", D(2014, 5, 1), "Phiếu 3", "Sở"),
    ("E", "reached", "yes", D(2013, 12, 1), "Phiếu 4", "Quảng Ninh"),
    ("F", "aware", "no", None, "", "Sở"),  # undated
    ("B", "capable", "yes", D(2014, 1, 5), "", "Sở"),
    ("C", "capable", "no", D(2014, 1, 5), "", "Sở"),
    ("D", "capable", "yes", D(2014, 1, 5), "", "Sở"),
    ("B", "applying", "no", D(2014, 7, 1), "", "Sở"),
    ("C", "applying", "no", D(2014, 7, 1), "", "Sở"),
    ("D", "applying", "yes", D(2014, 7, 1), "", "Sở"),
    ("D", "applying", "no", D(2015, 1, 1), "", "Sở"),  # after the cut-off
    ("A", "specialised_unit", "yes", D(2014, 7, 1), "QĐ 12", "Sở"),
    ("G", "reached", "yes", D(2013, 10, 1), "", "Sở"),  # closed
    ("X", "reached", "yes", D(2013, 10, 1), "", "Sở"),  # not in the list
)  # fmt: skip

EVENTS = frame(
    "event kind title date task people officers",
    ("L1", "training", "Tập huấn 1", D(2014, 3, 10), "1.1", 20, 5),
    ("L2", "seminar", "Hội thảo 2", D(2014, 8, 10), "1.1", None, 2),
    ("L0", "training", "Tập huấn 0", D(2013, 11, 10), "1.1", 10, 10),
    ("L9", "training", "Tập huấn 9", D(2015, 3, 10), "1.1", 99, 9),
)  # fmt: skip

PARTICIPANTS = frame(
    "event establishment agency people",
    ("L1", "A", "", 2), ("L1", "B", "", 1), ("L2", "B", "", 1), ("L1", "", "Sở TN&MT", 3),
    ("L9", "I", "", 1),
)  # fmt: skip

# A: 2013 b = 10 kWh/t, c = 9, Q = 1 000 t; 2014 c = 8, Q = 2 000 t.
# B: 2014 b = 20, c = 21, Q = 100.
RESULTS = frame(
    "establishment study resource category counted unit output_unit baseline reporting "
    "output_reporting adjusted_baseline absolute_saving saving price money_saving money_baseline "
    "energy_saving energy_unit quality start end programme phase factor_set currency",
    ("A", "A1", "electricity", "purchased_energy", "yes", "kWh", "t", 10, 9, 1000, 10_000, 1_000,
     0.1, 1500, 1.5e6, 15e6, 0.1543, "TOE", "billed", D(2013, 10, 1), D(2013, 12, 31),
     "vn-qb-2384", "2013-2015", "vn-3505", "VND"),
    ("A", "A2", "electricity", "purchased_energy", "yes", "kWh", "t", 10, 8, 2000, 20_000, 4_000,
     0.2, 1500, 6e6, 30e6, 0.6172, "TOE", "billed", D(2014, 1, 1), D(2014, 6, 30),
     "vn-qb-2384", "2013-2015", "vn-3505", "VND"),
    ("A", "A2", "water", "water", "no", "m3", "t", 5, 4, 2000, 10_000, 2_000, 0.2, None, None,
     None, None, "", "billed", D(2014, 1, 1), D(2014, 6, 30), "vn-qb-2384", "2013-2015",
     "vn-3505", "VND"),
    ("B", "B1", "electricity", "purchased_energy", "yes", "kWh", "t", 20, 21, 100, 2_000, -100,
     -0.05, 1500, -150e3, 3e6, -0.01543, "TOE", "estimated", D(2014, 1, 1), D(2014, 9, 30),
     "vn-qb-2384", "2013-2015", "vn-3505", "VND"),
    ("B", "B2", "electricity", "purchased_energy", "yes", "kWh", "t", 20, 10, 100, 2_000, 1_000,
     0.5, 1500, 1.5e6, 3e6, 0.1543, "TOE", "billed", D(2014, 6, 1), D(2015, 3, 31),
     "vn-qb-2384", "2013-2015", "vn-3505", "VND"),
)  # fmt: skip

VERDICTS = frame(
    "establishment study saving status reached_low rule start end report_date programme phase",
    ("A", "A1", 0.1, "above", "yes", "cost_weighted", D(2013, 10, 1), D(2013, 12, 31), None,
     "vn-qb-2384", "2013-2015"),
    ("A", "A2", 0.2, "above", "yes", "cost_weighted", D(2014, 1, 1), D(2014, 6, 30), None,
     "vn-qb-2384", "2013-2015"),
    ("B", "B1", -0.05, "worse", "no", "cost_weighted", D(2014, 1, 1), D(2014, 9, 30), None,
     "vn-qb-2384", "2013-2015"),
    ("B", "B2", 0.5, "above", "yes", "cost_weighted", D(2014, 6, 1), D(2015, 3, 31), None,
     "vn-qb-2384", "2013-2015"),
)  # fmt: skip

OPTIONS = frame(
    "establishment study option name status date",
    ("A", "A2", "o1", "Bảo ôn", "implemented", D(2014, 2, 1)),
    ("B", "B1", "o1", "Thu hồi", "approved", None),
)  # fmt: skip

TASKS = frame(
    "task year status progress result next_year date reported_by",
    ("1.1", 2014, "in_progress", 0.4, "2 lớp", "3 lớp", D(2014, 11, 1), "Sở"),
    ("1.1", 2014, "in_progress", 0.2, "1 lớp", "", D(2014, 10, 1), "Bố Trạch"),
    ("2.1", 2014, "in_progress", 0.9, "", "", D(2014, 11, 1), "Sở"),
    ("3.1", 2013, "done", 1.0, "Đã ban hành", "", D(2013, 11, 1), "Sở"),
)  # fmt: skip

BUDGET = frame(
    "item year task source establishment purpose planned spent whole_cost date",
    ("b1", 2014, "1.1", "local", "", "training", 100e6, 60e6, None, D(2014, 5, 1)),
    ("b2", 2014, "4.3", "central", "A", "consulting_cost", 50e6, 40e6, 60e6, D(2014, 6, 1)),
    ("b3", 2014, "4.3", "establishment", "A", "consulting_cost", 20e6, 20e6, 60e6,
     D(2014, 6, 1)),
    ("b4", 2014, "4.3", "local", "B", "consulting_cost", 60e6, 55e6, 200e6, D(2014, 6, 1)),
    ("b5", 2014, "", "aid", "", "media", None, 5e6, None, D(2014, 6, 1)),
    ("b6", 2013, "1.1", "local", "", "training", 30e6, 30e6, None, D(2013, 11, 1)),
    ("b7", 2014, "4.3", "local", "D", "consulting_cost", 10e6, 10e6, None, D(2014, 6, 1)),
    ("b8", 2015, "1.1", "local", "", "training", 70e6, 70e6, None, D(2015, 2, 1)),
)  # fmt: skip


def counted_province(**changed: pd.DataFrame) -> Register:
    """Return the province, some tables of it exchanged."""
    tables = {
        "establishments": ESTABLISHMENTS, "statuses": STATUSES, "events": EVENTS,
        "participants": PARTICIPANTS, "results": RESULTS, "verdicts": VERDICTS,
        "options": OPTIONS, "tasks": TASKS, "budget": BUDGET,
    }  # fmt: skip
    return Register.from_frames(**{**tables, **changed})
