"""Reports of districts and agencies in the register: who is missing, late, counted twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Place
from sxsh_audit.language.messages import describe
from sxsh_audit.tables.register import Register
from sxsh_audit.tables.register_merging import MergedReports, merge_reports

LE_THUY, BO_TRACH = "UBND huyện Lệ Thủy", "UBND huyện Bố Trạch"


def frame(*records: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(records))


def report(agency: str, received: str = "2014-11-20", **tables: pd.DataFrame) -> Register:
    settings = {"agency": agency, "year": "2014", "received": received, "file": f"{agency}.xlsx"}
    return Register.from_frames(settings=settings, **tables)


def province(**tables: pd.DataFrame) -> Register:
    return Register.from_frames(settings={"programme": "vn-qb-2384", "year": "2014"}, **tables)


def codes(merged: MergedReports) -> list[str]:
    """Codes of the findings but those of who is missing."""
    return [item.code for item in merged.findings if item.code != "merge.missing"]


BASE = frame(
    {"establishment": "QB01", "name": "Bia A", "tax_code": "0100109106", "employees": 120.0,
     "as_of": dt.date(2013, 12, 31)},
    {"establishment": "QB02", "name": "Mộc B", "commune": "Đồng Trạch", "employees": 8.0},
)  # fmt: skip


def test_who_is_missing_and_late() -> None:
    """17 agencies were to report for 2014; «trước ngày 25 tháng 11» is the 24th at the latest."""
    merged = merge_reports(province(), [
        report(LE_THUY, "2014-11-24"), report(BO_TRACH, "2014-11-25"), report("Sở Nội vụ", ""),
    ])  # fmt: skip
    assert len(merged.missing) == 17 - 3
    assert LE_THUY not in set(merged.missing["agency"])
    assert "UBND thị xã Ba Đồn" in set(merged.missing["agency"])
    assert merged.late.to_dict("records") == [{
        "agency": BO_TRACH, "year": 2014, "received": dt.date(2014, 11, 25),
        "due": dt.date(2014, 11, 24), "days": 1,
    }]  # fmt: skip
    assert codes(merged).count("merge.no_day") == 1
    assert merged.register.reports["agency"].tolist() == sorted([LE_THUY, BO_TRACH, "Sở Nội vụ"])


def test_the_user_names_who_is_to_report() -> None:
    merged = merge_reports(province(), [report(LE_THUY)], expected=["bố trạch", "Công ty C"])
    assert merged.missing["agency"].tolist() == [BO_TRACH, "Công ty C"]
    assert "merge.unexpected" in codes(merged)


def test_a_plant_without_a_code_is_recognised() -> None:
    merged = merge_reports(province(establishments=BASE), [report(
        LE_THUY,
        establishments=frame(
            {"establishment": "0100109106", "name": "Công ty bia A", "tax_code": "0100109106",
             "employees": 130.0, "as_of": dt.date(2014, 10, 31)},
            {"establishment": "Mộc B, đồng trạch", "name": "Mộc B", "commune": "đồng trạch",
             "revenue": 2e9},
        ),
        statuses=frame({"establishment": "0100109106", "indicator": "applying", "value": "yes",
                        "date": dt.date(2014, 10, 31), "reported_by": LE_THUY}),
    )])  # fmt: skip
    plants = merged.register.establishments
    assert plants["establishment"].tolist() == ["QB01", "QB02"]
    assert plants["employees"].tolist() == [130.0, 8.0]  # the later list; what is blank is kept
    assert plants["revenue"].tolist()[1] == 2e9
    assert merged.register.statuses["establishment"].tolist() == ["QB01"]
    assert codes(merged).count("merge.recognised") == 2
    updated = next(item for item in merged.findings if item.code == "merge.updated"
                   and item.numbers["field"] == "establishments.employees")  # fmt: skip
    assert (updated.value, updated.numbers["kept"]) == ("120", "130")


def test_a_plant_under_another_code_is_counted_twice_and_told_with_both_places() -> None:
    places = {("establishments", "LT9"): Place("lt.xlsx", "Cơ sở", 7)}
    incoming = report(LE_THUY, establishments=frame(
        {"establishment": "LT9", "name": "Bia A chi nhánh", "tax_code": "0100109106"}))  # fmt: skip
    merged = merge_reports(
        Register(province(establishments=BASE).tables, places={
            ("establishments", "QB01"): Place("tinh.xlsx", "Cơ sở", 2)}),
        [Register(incoming.tables, settings=incoming.settings, places=places)],
    )  # fmt: skip
    assert merged.register.establishments["establishment"].tolist() == ["QB01", "QB02", "LT9"]
    (pair,) = merged.twice.to_dict("records")
    assert (pair["why"], pair["first"], pair["second"]) == ("tax_code", "LT9", "QB01")
    assert {pair["first_place"].file, pair["second_place"].file} == {"lt.xlsx", "tinh.xlsx"}


def test_one_training_reported_by_two_agencies_is_told() -> None:
    event = {"event": "1", "kind": "training", "title": "Tập huấn SXSH",
             "date": dt.date(2014, 5, 20), "people": 45.0}  # fmt: skip
    merged = merge_reports(province(), [
        report(agency, events=frame({**event, "title": title, "reported_by": agency}),
               participants=frame({"event": "1", "agency": agency, "reported_by": agency}))
        for agency, title in ((LE_THUY, "Tập huấn  SXSH"), ("Sở Nội vụ", "tập huấn sxsh"))
    ])  # fmt: skip
    # each numbers its own events: nothing is overwritten
    assert merged.register.events["event"].tolist() == ["Sở Nội vụ/1", f"{LE_THUY}/1"]
    assert merged.register.participants["event"].tolist() == ["Sở Nội vụ/1", f"{LE_THUY}/1"]
    assert merged.twice[["table", "why", "first_by", "second_by"]].values.tolist() == [
        ["events", "event", "Sở Nội vụ", LE_THUY]]  # fmt: skip


def test_one_sum_reported_by_two_agencies_is_told() -> None:
    item = {"item": "1", "year": 2014.0, "source": "local", "establishment": "QB01",
            "purpose": "consulting_cost", "spent": 42.5e6}  # fmt: skip
    merged = merge_reports(province(establishments=BASE), [
        report(agency, budget=frame({**item, "reported_by": agency}))
        for agency in (LE_THUY, "Sở Tài chính")
    ])  # fmt: skip
    assert merged.register.budget["spent"].sum() == 85e6  # both are kept, and told
    assert merged.twice["why"].tolist() == ["money"]


def test_two_agencies_that_disagree_are_told_and_both_kept() -> None:
    status = {"establishment": "QB01", "indicator": "applying", "date": dt.date(2014, 11, 1)}
    merged = merge_reports(province(establishments=BASE), [
        report(LE_THUY, statuses=frame({**status, "value": "yes", "reported_by": LE_THUY})),
        report(BO_TRACH, statuses=frame({**status, "value": "no", "reported_by": BO_TRACH})),
    ])  # fmt: skip
    assert sorted(merged.register.statuses["value"]) == ["no", "yes"]
    assert codes(merged) == ["merge.status_differs"]


def test_a_corrected_report_replaces_what_it_says_otherwise() -> None:
    task = {"task": "1.1", "year": 2014.0, "reported_by": LE_THUY}
    first = report(LE_THUY, "2014-11-20", tasks=frame({**task, "progress": 0.5, "result": "a"}))
    second = report(LE_THUY, "2014-12-05", tasks=frame({**task, "progress": 0.7}))
    for merged in (
        merge_reports(province(), [second, first]),
        merge_reports(merge_reports(province(), [first]).register, [second]),
    ):
        (row,) = merged.register.tasks.to_dict("records")
        assert (row["progress"], row["result"]) == (0.7, "a")
        assert merged.register.reports["received"].tolist() == [dt.date(2014, 11, 20)]
        assert len(merged.late) == 0  # the first one was in time
        told = next(item for item in merged.findings if item.code == "merge.updated")
        assert (told.value, told.numbers["kept"]) == ("0.5", "0.7")


def test_what_cannot_be_found_is_kept_and_told() -> None:
    base = province(establishments=frame({"establishment": "1", "name": "Mộc B", "commune": "X"},
                                         {"establishment": "2", "name": "Mộc B", "commune": "Y"}))
    rows = [{"establishment": text, "indicator": "reached", "value": "yes",
             "date": dt.date(2014, 6, 1), "reported_by": LE_THUY} for text in ("QB77", "Mộc B")]
    merged = merge_reports(base, [report(LE_THUY, statuses=frame(*rows))])
    assert sorted(merged.register.statuses["establishment"]) == ["Mộc B", "QB77"]
    assert sorted(codes(merged)) == ["merge.two_establishments", "merge.unknown_establishment"]


def test_a_report_without_agency_or_year_is_refused_with_all_faults() -> None:
    with pytest.raises(StudyError) as caught:
        merge_reports(province(), [Register.from_frames(), report("", "")])
    assert [item.code for item in caught.value.findings] == [
        "merge.no_agency", "merge.no_year", "merge.no_agency"]  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_is_told_in_both_languages(language: Any) -> None:
    merged = merge_reports(province(establishments=BASE), [
        report(LE_THUY, "2014-11-30", establishments=BASE.assign(employees=5.0)),
        report(LE_THUY, "2014-11-30", establishments=BASE.assign(employees=5.0)),
        report(BO_TRACH, "", statuses=frame({"establishment": "?", "indicator": "reached"})),
    ])  # fmt: skip
    assert {"merge.same_report", "merge.late", "merge.no_day", "merge.differs", "merge.missing",
            "merge.unknown_establishment"} <= {item.code for item in merged.findings}  # fmt: skip
    assert all(describe(item, language) for item in merged.findings)
