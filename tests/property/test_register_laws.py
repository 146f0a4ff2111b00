"""Laws of merging: the order of the reports does not matter, and twice is once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsh_audit.tables.register import KEYS, Register
from sxsh_audit.tables.register_merging import merge_reports

AGENCIES = ("UBND huyện Lệ Thủy", "Sở Nội vụ", "Công ty C")
days = st.sampled_from([None, *(dt.date(2014, 11, day) for day in (19, 20, 25))])
texts = st.sampled_from(["", "A", "a", "B"])
numbers = st.sampled_from([float("nan"), 0.0, 1.0, 2.5])
answers = st.sampled_from(["", "yes", "no"])


@st.composite
def plants(draw: st.DrawFn) -> pd.DataFrame:
    """Draw establishments, some without a code of their own."""
    records = []
    for code in draw(st.lists(st.sampled_from(["1", "2", "A", "", "0100109106"]), max_size=4,
                              unique=True)):  # fmt: skip
        tax, name = draw(st.sampled_from(["", "0100109106"])), draw(texts) or "N"
        commune = draw(texts)
        key = code or tax or ", ".join(filter(None, (name, commune)))
        records.append({"establishment": key, "tax_code": tax, "name": name, "commune": commune,
                        "employees": draw(numbers), "as_of": draw(days)})  # fmt: skip
    frame = pd.DataFrame(records, columns=["establishment", "tax_code", "name", "commune",
                                           "employees", "as_of"])  # fmt: skip
    return frame.drop_duplicates("establishment")


@st.composite
def registers(draw: st.DrawFn, agency: str = "") -> Register:
    """Draw a register, or the report of an agency."""
    by = [agency] if agency else ["", *AGENCIES]
    statuses = [
        {"establishment": draw(st.sampled_from(["1", "2", "A", "N"])), "indicator": "applying",
         "value": draw(answers), "date": draw(days), "reported_by": draw(st.sampled_from(by))}
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    events = [{"event": code, "title": draw(texts), "date": draw(days), "people": draw(numbers),
               "kind": "training", "reported_by": draw(st.sampled_from(by))}
              for code in draw(st.lists(st.sampled_from("12"), unique=True))]  # fmt: skip
    tasks = [{"task": task, "year": 2014.0, "progress": draw(numbers), "result": draw(texts),
              "reported_by": draw(st.sampled_from(by))}
             for task in draw(st.lists(st.sampled_from(["1.1", "2.1"]), unique=True))]  # fmt: skip
    received = draw(days) if agency else None
    stated = {"programme": "vn-qb-2384", "year": "2014"}
    if agency:
        stated |= {"agency": agency, "received": received.isoformat() if received else ""}
    frame = pd.DataFrame(statuses).drop_duplicates(list(KEYS["statuses"])) if statuses else None
    return Register.from_frames(
        settings=stated, establishments=draw(plants()), events=pd.DataFrame(events),
        tasks=pd.DataFrame(tasks), **({} if frame is None else {"statuses": frame}),
    )  # fmt: skip


reports = st.lists(st.sampled_from(AGENCIES).flatmap(lambda agency: registers(agency=agency)),
                   max_size=4)  # fmt: skip


def same(first: Register, second: Register) -> bool:
    """Whether two registers have the same records, in the same order."""
    return all(first.tables[name].equals(second.tables[name]) for name in first.tables)


@settings(max_examples=15)
@given(registers(), reports, st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(
    base: Register, incoming: list[Register], random: Any
) -> None:
    merged = merge_reports(base, incoming)
    shuffled = list(incoming)
    random.shuffle(shuffled)
    again = merge_reports(base, shuffled)
    assert same(merged.register, again.register)
    assert merged.twice.equals(again.twice)
    assert merged.missing.equals(again.missing)
    assert merged.late.equals(again.late)


@settings(max_examples=15)
@given(registers(), reports)
def test_merging_a_report_twice_changes_nothing(base: Register, incoming: list[Register]) -> None:
    once = merge_reports(base, incoming).register
    assert same(once, merge_reports(base, [*incoming, *incoming]).register)
    assert same(once, merge_reports(once, incoming).register)
    for report in incoming:
        assert same(once, merge_reports(once, [report]).register)


@settings(max_examples=15)
@given(registers(), reports)
def test_no_record_of_a_report_is_dropped(base: Register, incoming: list[Register]) -> None:
    merged = merge_reports(base, incoming).register
    for report in incoming:
        agency = report.settings["agency"]
        for name, column in (("events", "event"),):
            typed = {f"{agency}/{code}" for code in report.tables[name][column]}
            assert typed <= set(merged.tables[name][column])
        tasks = set(zip(report.tasks["task"], report.tasks["reported_by"], strict=True))
        assert tasks <= set(zip(merged.tasks["task"], merged.tasks["reported_by"], strict=True))
        assert agency in set(merged.reports["agency"])
    assert set(base.establishments["establishment"]) <= set(
        merged.establishments["establishment"])  # fmt: skip
