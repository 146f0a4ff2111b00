"""A small register with known counts, for tests of the yearly report."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from sxsh_audit.tables.register import Register

DAY = dt.date(2018, 10, 31)
PLANTS = 12


def year_register() -> Register:
    """Twelve plants: 9 reached, 1 not, 2 unknown; 5 apply, 3 do not, 4 unknown; two studies."""
    names = [f"C{number:02d}" for number in range(1, PLANTS + 1)]
    districts = ["Đồng Hới", "Bố Trạch", "Lệ Thủy"]
    plants = pd.DataFrame({
        "establishment": names, "name": [f"Cơ sở số {number}" for number in range(1, PLANTS + 1)],
        "district": [districts[number % 3] for number in range(PLANTS)],
        "ownership": ["enterprise"] * 8 + ["household"] * 4,
        "sector": ["paper", "seafood"] * 6,
        "employees": [15.0] * 6 + [60.0] * 3 + [float("nan")] * 3,
        "pollution": ["yes"] * 3 + ["no"] * 8 + [""], "as_of": [dt.date(2018, 1, 15)] * PLANTS,
    })  # fmt: skip
    statuses = [
        *(_status(name, "reached", "yes") for name in names[:9]),
        _status(names[9], "reached", "no"),
        *(_status(name, "applying", "yes") for name in names[:5]),
        *(_status(name, "applying", "no") for name in names[5:8]),
        *(_status(name, "aware", "yes") for name in names[:6]),
    ]  # fmt: skip
    return Register.from_frames(
        settings={"province": "Quảng Bình", "programme": "vn-qb-2384"},
        establishments=plants, statuses=pd.DataFrame(statuses), events=EVENTS,
        participants=pd.DataFrame({"event": ["E1", "E1"], "establishment": ["C01", "C02"],
                                   "people": [2.0, 1.0]}),
        tasks=TASKS, budget=BUDGET, reports=REPORTS, results=RESULTS, verdicts=VERDICTS,
    )  # fmt: skip


def _status(name: str, indicator: str, value: str) -> dict[str, Any]:
    return {"establishment": name, "indicator": indicator, "value": value, "date": DAY,
            "evidence": "phiếu khảo sát", "reported_by": "Phòng Kinh tế"}  # fmt: skip


EVENTS = pd.DataFrame({
    "event": ["E1", "E2"], "kind": ["training", "seminar"], "task": ["1.1", "1.1"],
    "title": ["Tập huấn SXSH", "Hội thảo"], "date": [dt.date(2018, 5, 10), dt.date(2018, 9, 2)],
    "people": [40.0, 25.0], "officers": [12.0, 0.0],
})  # fmt: skip
TASKS = pd.DataFrame({
    "task": ["1.1", "2.1", "4.3"], "year": [2018.0] * 3,
    "status": ["in_progress", "done", "in_progress"], "progress": [0.6, 1.0, 0.4],
    "result": ["Tổ chức 2 lớp cho 65 người.", "Đã ban hành quyết định.", "Hỗ trợ 2 cơ sở."],
    "next_year": ["Mở thêm 2 lớp tại Lệ Thủy và Bố Trạch.", "", "Hỗ trợ thêm 5 cơ sở chế biến."],
    "date": [DAY] * 3, "reported_by": ["Sở Công Thương"] * 3,
})  # fmt: skip
BUDGET = pd.DataFrame({
    "item": ["K1", "K2", "K3"], "year": [2018.0] * 3, "task": ["1.1", "4.3", "4.3"],
    "source": ["local", "local", "establishment"], "establishment": ["", "C01", "C01"],
    "purpose": ["training", "consulting_cost", "consulting_cost"],
    "planned": [100e6, 60e6, 40e6], "spent": [80e6, 60e6, 40e6],
    "whole_cost": [float("nan"), 100e6, float("nan")], "date": [dt.date(2018, 6, 1)] * 3,
})  # fmt: skip
REPORTS = pd.DataFrame({
    "agency": ["UBND huyện Lệ Thủy", "Sở Khoa học và Công nghệ"], "year": [2018.0] * 2,
    "received": [dt.date(2018, 11, 20), dt.date(2018, 11, 25)],
    "file": ["le-thuy.xlsx", "khcn.xlsx"], "file_hash": ["a" * 64, "b" * 64],
})  # fmt: skip


def _result(plant: str, base: float, now: float, output: float) -> dict[str, Any]:
    """Electricity at 1500 đồng and 0.1543 TOE/MWh (Công văn 3505) per kWh."""
    saved = (base - now) * output
    return {
        "establishment": plant, "study": f"N-{plant}", "resource": "electricity",
        "category": "purchased_energy", "counted": "yes", "unit": "kWh", "output_unit": "t",
        "baseline": base, "reporting": now, "output_reporting": output,
        "adjusted_baseline": base * output, "absolute_saving": saved, "saving": (base - now) / base,
        "status": "within", "low": 0.08, "high": 0.13, "price": 1500.0,
        "money_saving": saved * 1500, "money_baseline": base * output * 1500,
        "energy_saving": saved * 1.543e-4, "energy_unit": "TOE", "quality": "billed",
        "start": dt.date(2017, 10, 1), "end": dt.date(2018, 9, 30), "programme": "vn-qb-2384",
        "phase": "2016-2020", "factor_set": "vn-3505", "currency": "VND", "version": "0.1",
    }  # fmt: skip


# 10 % of 100 000 kWh and −2 % of 300 000 kWh: together (10 000 − 6 000)/400 000 = 1 %
RESULTS = pd.DataFrame([_result("C01", 100.0, 90.0, 1000.0), _result("C02", 200.0, 204.0, 1500.0)])
VERDICTS = pd.DataFrame({
    "establishment": ["C01", "C02"], "study": ["N-C01", "N-C02"], "saving": [0.10, -0.02],
    "status": ["within", "worse"], "reached_low": ["yes", "no"], "rule": ["cost_weighted"] * 2,
    "low": [0.08] * 2, "high": [0.13] * 2, "known_share": [1.0] * 2,
    "start": [dt.date(2017, 10, 1)] * 2, "end": [dt.date(2018, 9, 30)] * 2,
    "report_date": [dt.date(2018, 10, 15)] * 2, "programme": ["vn-qb-2384"] * 2,
    "phase": ["2016-2020"] * 2, "version": ["0.1"] * 2,
})  # fmt: skip
