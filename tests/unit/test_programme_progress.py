"""Progress of a small province; every figure is worked out in the comment beside it.

In operation on 31/12/2014: A, B, C, D (enterprises), E, F (households), I (nothing known):
7 establishments. G closed in March 2014, H opens in 2015.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from counted_province import counted_province

from sxsh_audit.assessment.province.estimates import SurveyDesign
from sxsh_audit.assessment.province.progress import programme_progress
from sxsh_audit.assessment.province.progress_result import PROGRESS_TABLES, ProgrammeProgress
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.register import Register


@pytest.fixture(scope="module")
def found() -> ProgrammeProgress:
    return programme_progress(counted_province(), "vn-qb-2384", 2014)


def count(found: ProgrammeProgress, indicator: str) -> tuple[int, int, int]:
    row = found.counts[indicator]
    return row.yes, row.no, row.unknown


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        # A, B: class L1; E: form; D: no; C: two values of one day; F and I: nothing
        ("reached", (3, 1, 3)),
        # A: applies by its option, D: applies as reported, so both are aware; F: no
        ("aware", (2, 1, 4)),
        # B, D reported; A applies; C: no
        ("capable", (3, 1, 3)),
        # A, B by their studies
        ("assessed", (2, 0, 5)),
        # A by its option, D reported (what is reported in 2015 is too late); B, C: no
        ("applying", (2, 2, 3)),
        # A
        ("implemented", (1, 0, 6)),
        # A
        ("specialised_unit", (1, 0, 6)),
    ],
)
def test_counts(found: ProgrammeProgress, indicator: str, expected: tuple[int, ...]) -> None:
    assert count(found, indicator) == expected
    assert found.counts[indicator].total == 7


def test_share_of_the_capable(found: ProgrammeProgress) -> None:
    """Capable: A, B, D (yes), of E, F, I it is not known; applying: A, D yes, B no.

    2/3 = 66.7 %; lowest 2/(3 + 3) with E, F, I able and not applying; highest (2 + 3)/(3 + 3).
    """
    row = found.indicators["2013-2015", "applying"]
    assert (row.yes, row.no, row.unknown, row.base, row.base_unknown) == (2, 1, 0, 3, 3)
    assert (row.share, row.lowest, row.highest) == pytest.approx((2 / 3, 2 / 6, 5 / 6))
    assert (row.status, row.status_lowest, row.status_highest) == ("above", "above", "above")


def test_establishments_still_needed(found: ProgrammeProgress) -> None:
    """70 % of 7 = 4.9, so 5 are needed and 3 are there."""
    row = found.indicators["2013-2015", "reached"]
    assert (row.low, row.short_of_low, row.status) == (0.70, 2, "below")


def test_a_later_phase_has_its_own_base(found: ProgrammeProgress) -> None:
    """2016–2020 counts all establishments: 2 of 7."""
    row = found.indicators["2016-2020", "applying"]
    assert (row.base, row.yes, row.in_force) == (7, 2, False)


def test_small_and_medium_enterprises_by_the_decree_of_the_day(found: ProgrammeProgress) -> None:
    """Decree 56/2009: A 15 tỷ small; B 60 tỷ medium; C 150 tỷ large; D 8 people micro.

    E and F are households, and of I nothing is known: base A, B, D, and I in doubt. A has a unit.
    """
    row = found.indicators["2016-2020", "specialised_unit"]
    assert (row.base, row.base_unknown, row.yes, row.unknown) == (3, 1, 1, 2)
    sizes = {row["group"]: row["total"] for row in found.groups.rows
             if row["grouping"] == "size_class" and row["indicator"] == "reached"}  # fmt: skip
    assert sizes == {"": 3, "large": 1, "medium": 1, "micro": 1, "small": 1}


def test_where_a_yes_comes_from(found: ProgrammeProgress) -> None:
    row = found.counts["aware"]
    assert (row.stated, row.implied) == (0, 2)
    row = found.counts["reached"]
    assert (row.stated, row.from_event) == (1, 2)
    assert found.evidence["A", "reached"].record == "L1"
    assert found.evidence["A", "capable"].basis == "implied"


def test_new_in_the_year(found: ProgrammeProgress) -> None:
    """E was reached in 2013 already; A and B are new."""
    assert found.counts["reached"].new_in_year == 2
    years = [row for row in found.years.rows if row["indicator"] == "reached"]
    # 2013: E and G (closed in 2014) of A–G and I = 8; A was a no.
    assert [(row["year"], row["yes"], row["total"], row["change"]) for row in years] == [
        (2013, 2, 8, 2), (2014, 3, 7, 1),
    ]  # fmt: skip


def test_findings(found: ProgrammeProgress) -> None:
    codes = found.findings.codes()
    assert codes.count("progress.not_in_list") == 1
    assert codes.count("progress.contradicted") == 1
    assert codes.count("progress.undated") == 1
    frame = found.findings.to_frame("vi")
    assert any("được phổ biến" in str(cell) for cell in frame.to_numpy().ravel())


@pytest.mark.parametrize(
    ("scope", "saved", "baseline"),
    [
        # latest: A2 4 000 of 20 000, B1 −100 of 2 000 (B2 ends in 2015)
        ("latest", 3_900, 22_000),
        # first: A1 1 000 of 10 000, B1
        ("first_year", 900, 12_000),
        # cumulative: A1 + A2 + B1
        ("cumulative", 4_900, 32_000),
        # ended in 2014: A2 + B1
        ("year", 3_900, 22_000),
    ],
)
def test_electricity(found: ProgrammeProgress, scope: str, saved: float, baseline: float) -> None:
    row = found.savings[scope, "electricity", "kWh"]
    assert (row.saved, row.adjusted_baseline, row.saving) == (saved, baseline, saved / baseline)
    assert (row.plants, row.plants_worse, row.plants_estimated) == (2, 1, 1)


def test_water_is_shown_and_not_counted(found: ProgrammeProgress) -> None:
    row = found.savings["latest", "water", "m3"]
    assert (row.saving, row.status, row.counted) == (0.2, "not_counted", False)
    assert row.money_saved is None


def test_totals(found: ProgrammeProgress) -> None:
    """Money: 6 000 000 − 150 000 of 33 000 000; energy 3 900 kWh × 0.0001543 TOE/kWh."""
    rows = {(row["kind"], row["counted_only"]): row for row in found.totals.rows
            if row["scope"] == "latest"}  # fmt: skip
    money, energy = rows["money", True], rows["energy", True]
    assert (money["saved"], money["saving"]) == pytest.approx((5.85e6, 5.85e6 / 33e6))
    assert money["status"] == "above"
    assert energy["saved"] == pytest.approx(3_900 * 0.0001543)
    assert energy["adjusted_baseline"] == pytest.approx(22_000 * 0.0001543)
    assert (energy["unit"], energy["factor_set"]) == ("TOE", "vn-3505")
    assert rows["money", False]["rows_unknown"] == 1  # water has no price


def test_plants_at_the_low_end(found: ProgrammeProgress) -> None:
    """A reached it, B became worse: 1 of 2."""
    row = found.overall["latest", ""]
    assert (row.plants, row.reached_low, row.not_reached, row.share) == (2, 1, 1, 0.5)
    assert (row.above, row.worse) == (1, 1)


def test_an_overlapping_study_is_left_out_of_sums_over_years() -> None:
    """At the end of 2015 B2 (6/2014–3/2015) overlaps B1 (1–9/2014): the later one counts."""
    found = programme_progress(counted_province(), "vn-qb-2384", 2015)
    studies = {row["study"]: row for row in found.studies.rows}
    assert [studies[name]["overlapping"] for name in ("A1", "A2", "B1", "B2")] == [
        False, False, True, False,
    ]  # fmt: skip
    # A1 1 000 + A2 4 000 + B2 1 000
    assert found.savings["cumulative", "electricity", "kWh"].saved == 6_000


def test_cutoff_within_the_year() -> None:
    """On 30/4/2014: class L1 was held, C's forms and D's no come later."""
    found = programme_progress(counted_province(), "vn-qb-2384", 2014, cutoff=dt.date(2014, 4, 30))
    assert count(found, "reached") == (3, 0, 4)
    assert found.settings["cutoff"] == "2014-04-30"
    assert not found.settings["whole_year"]


def test_a_cutoff_of_another_year_is_refused() -> None:
    with pytest.raises(RangeError, match="2013"):
        programme_progress(counted_province(), "vn-qb-2384", 2014, cutoff=dt.date(2013, 4, 30))


def test_outside_every_phase_there_is_no_target() -> None:
    found = programme_progress(counted_province(), "vn-qb-2384", 2021)
    assert found.settings["phase"] is None
    assert "progress.no_phase" in found.findings.codes()
    assert not any(row["in_force"] for row in found.indicators.rows)


def test_a_register_cannot_count_departments() -> None:
    row = programme_progress(counted_province(), "vn-1419", 2014).indicators[
        "2009-2015", "departments_with_staff"]  # fmt: skip
    assert (row.share, row.status) == (None, "unknown")


def test_from_dict_gives_it_back(found: ProgrammeProgress) -> None:
    record = found.to_dict()
    again = ProgrammeProgress.from_dict(record)
    assert again.to_dict() == record
    assert set(PROGRESS_TABLES) <= set(record)
    with pytest.raises(ValueError, match="schema version"):
        ProgrammeProgress.from_dict({**record, "schema_version": "0"})
    with pytest.raises(ValueError, match="without counts"):
        ProgrammeProgress.from_dict({k: v for k, v in record.items() if k != "counts"})


def test_whoever_holds_a_register_will_do() -> None:
    class Holder:
        def register(self) -> object:
            return counted_province()

    found = programme_progress(Holder(), "vn-qb-2384", 2014)  # type: ignore[arg-type]
    assert count(found, "reached") == (3, 1, 3)


def test_the_annex_has_twelve_rows(found: ProgrammeProgress) -> None:
    """Counted in the decision's text; the row under heading 5 has no number of its own."""
    assert [row["task"] for row in found.tasks.rows] == [
        "1.1", "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "4.3", "4.4", "5",
    ]  # fmt: skip
    row = found.tasks["3.2"]
    assert (row.start, row.end) == ("2013-10-01", "2014-06-30")
    assert row.action == (
        "Xây dựng các cơ chế chính sách hỗ trợ của Ủy ban nhân dân tỉnh về áp dụng SXSH trong "
        "công nghiệp."
    )


def test_tasks_with_progress(found: ProgrammeProgress) -> None:
    """1.1: two agencies reported, the later stands; people 20 (L1), L2 without a number."""
    row = found.tasks["1.1"]
    assert (row.status, row.progress, row.result, row.reports) == ("in_progress", 0.4, "2 lớp", 2)
    assert (row.planned, row.spent, row.events, row.people) == (100e6, 60e6, 2, 20)
    assert not row.overdue
    # 2.1 was to end in June 2014; 3.1 is done since 2013; of 3.2 nobody reported
    assert [found.tasks[task].overdue for task in ("2.1", "3.1", "3.2")] == [True, False, True]
    # A, B and D were paid for under 4.3, of some 50
    assert (found.tasks["4.3"].done, found.tasks["4.3"].target) == (3, 50)


def test_money_by_task_and_source(found: ProgrammeProgress) -> None:
    year = {(row["task"], row["source"]): row for row in found.money.rows
            if row["scope"] == "year"}  # fmt: skip
    assert year["1.1", "local"]["share"] == pytest.approx(0.6)
    assert (year["", "aid"]["planned"], year["", "aid"]["planned_unknown"]) == (None, 1)
    # 60 + 40 + 20 + 55 + 5 + 10
    assert sum(row["spent"] for row in year.values()) == 190e6
    assert sum(row["spent"] for row in found.money.rows if row["scope"] == "programme") == 220e6


def test_support_against_its_cap(found: ProgrammeProgress) -> None:
    """Half of the cost of consulting, at most 50 million đồng.

    A: 40 million of 60, allowed 30; B: 55 of 200, allowed 50; D: 10 of a cost nobody stated.
    """
    rows = {row["establishment"]: row for row in found.supports.rows}
    assert (rows["A"]["allowed"], rows["A"]["over"], rows["A"]["status"]) == (30e6, 10e6, "over")
    assert (rows["B"]["allowed"], rows["B"]["over"], rows["B"]["status"]) == (50e6, 5e6, "over")
    assert (rows["D"]["allowed"], rows["D"]["status"]) == (None, "unknown")


def items_of(*items: tuple[float, float]) -> Register:
    """A register with support for the consulting of A: (spent, whole cost) of each item."""
    return Register.from_frames(
        establishments=pd.DataFrame({"establishment": ["A"]}),
        budget=pd.DataFrame([
            {"item": str(i), "year": 2014, "source": "local", "establishment": "A",
             "purpose": "consulting_cost", "spent": spent, "whole_cost": whole,
             "date": dt.date(2014, 6, 1)}
            for i, (spent, whole) in enumerate(items)
        ]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("items", "status", "over"),
    [
        # 30 of 60 once, or of 120: allowed 30 or 50, and 24 is below both
        (((12e6, 60e6), (12e6, 60e6)), "within", 0.0),
        # 40 lies between 30 and 50: one contract paid twice, or two of the same cost?
        (((20e6, 60e6), (20e6, 60e6)), "unknown", None),
        # 56 is above both; above what is allowed at most by 6
        (((28e6, 60e6), (28e6, 60e6)), "over", 6e6),
    ],
)
def test_a_whole_cost_that_stands_twice_is_read_both_ways(
    items: tuple[tuple[float, float], ...], status: str, over: float | None
) -> None:
    found = programme_progress(items_of(*items), "vn-qb-2384", 2014)
    (row,) = found.supports.rows
    assert (row["status"], row["over"]) == (status, over)


def test_money_per_toe(found: ProgrammeProgress) -> None:
    """State 60 + 40 + 55 + 10 + 30 = 195 million, all 220 million; 3 900 × 0.0001543 TOE."""
    rows = {row["paid_by"]: row for row in found.unit_costs.rows}
    assert rows["state"]["spent"] == 195e6
    assert rows["state"]["cost"] == pytest.approx(195e6 / 0.60177)
    assert rows["all"]["cost"] == pytest.approx(220e6 / 0.60177)


def test_events_of_the_year_and_of_the_programme(found: ProgrammeProgress) -> None:
    row = found.events["year", ""]
    assert (row.events, row.establishments, row.agencies, row.officers) == (2, 2, 1, 7)
    assert (row.people, row.people_unknown) == (21, 0)  # L2: 1 participant of B
    assert found.events["programme", "training"].people == 30


def test_a_whole_year_is_no_estimate(found: ProgrammeProgress) -> None:
    assert not any(row["is_estimate"] for row in found.full_year.rows)
    assert found.full_year["new_reached"].whole_year == 2


def test_part_of_a_year_is_carried_on_and_marked() -> None:
    """To 30/9 (day 273 of 365): 2 events → 2.67, 3; spent 190 million → 254.03; August is over.

    New that are reached: 2 of 7, 4 are not: 2.67 → 3.
    """
    found = programme_progress(counted_province(), "vn-qb-2384", 2014, cutoff=dt.date(2014, 9, 30),
                               whole_year={"people": 60})  # fmt: skip
    row = found.full_year["events"]
    assert (row.to_cutoff, row.latest_month, row.whole_year) == (2, 0, 3)
    assert (row.is_estimate, row.method) == (True, "by_days")
    assert found.full_year["spent"].whole_year == pytest.approx(190e6 * 365 / 273)
    row = found.full_year["people"]
    assert (row.whole_year, row.method) == (60, "stated")
    assert found.full_year["new_reached"].whole_year == 3
    assert found.full_year["spent_local"].planned == 170e6


def test_no_more_plants_are_estimated_than_there_are() -> None:
    """On 10/3/2014 two are new in 69 days: 10.6 by days, but only 4 of the 8 are left."""
    found = programme_progress(counted_province(), "vn-qb-2384", 2014, cutoff=dt.date(2014, 3, 10))
    row = found.full_year["new_reached"]
    assert (row.to_cutoff, row.latest_month) == (2, 2)
    assert row.whole_year == 2 + found.counts["reached"].total - found.counts["reached"].yes


def test_nothing_is_extrapolated_without_a_design(found: ProgrammeProgress) -> None:
    assert len(found.estimates) == 0


def test_estimates_by_design() -> None:
    """Large: A, B, C all asked; others: D, E drawn of 4. Reached: C unknown, A, B yes; D no, E yes.

    Large 2/2 of those who answered (C did not), others 1/2; 3/7 · 1 + 4/7 · 0.5 = 0.714.
    """
    design = SurveyDesign({"A": "large", "B": "large", "C": "large", "D": "other", "E": "other"},
                          {"large": 3, "other": 4})  # fmt: skip
    found = programme_progress(counted_province(), "vn-qb-2384", 2014, design=design)
    row = found.estimates["reached", "", ""]
    assert (row.frame, row.sampled, row.answered, row.yes) == (7, 5, 4, 3)
    assert row.share == pytest.approx(3 / 7 + 4 / 7 * 0.5)
    assert 0 <= row.low < row.share < row.high <= 1
    assert found.estimates["reached", "", "other"].share == 0.5
    # nobody of the others was assessed: no ratio for the whole
    assert not [row for row in found.estimates.rows if row["indicator"] == "saving"]


def test_saving_of_a_sample_is_a_ratio_of_totals() -> None:
    """A and B are all there are: (4 000 − 100)/22 000, without error."""
    design = SurveyDesign({"A": "all", "B": "all"}, {"all": 2})
    found = programme_progress(counted_province(), "vn-qb-2384", 2014, design=design)
    row = found.estimates["saving", "electricity [kWh]", ""]
    assert (row.share, row.low, row.high) == pytest.approx((3_900 / 22_000,) * 3)


@pytest.mark.parametrize(
    ("design", "code"),
    [
        (SurveyDesign({"Z": "all"}, {"all": 2}), "progress.sample_not_in_list"),
        (SurveyDesign({"A": "all"}, {"other": 2}), "progress.stratum_unknown"),
        (SurveyDesign({"A": "all", "B": "all"}, {"all": 1}), "progress.stratum_size"),
        (SurveyDesign({"A": "all"}, {"all": 2}, 95), "progress.confidence"),
    ],
)
def test_a_design_that_cannot_be_is_refused(design: SurveyDesign, code: str) -> None:
    with pytest.raises(RangeError) as caught:
        programme_progress(counted_province(), "vn-qb-2384", 2014, design=design)
    assert caught.value.code == code


@pytest.mark.parametrize("language", ["vi", "en"])
def test_tables_in_both_languages(language: Language) -> None:
    design = SurveyDesign({"A": "all", "B": "all"}, {"all": 2})
    found = programme_progress(counted_province(), "vn-qb-2384", 2014, design=design,
                               cutoff=dt.date(2014, 9, 30))  # fmt: skip
    tables = found.tables(language)
    assert len(tables) == 20
    # every sentence was spoken, and the cut-off stands in the titles
    day = {"vi": "30/09/2014", "en": "30 Sep 2014"}[language]
    assert sum(day in table.title for table in tables) == len(tables) - 1
    text = found.to_text(language)
    assert {"vi": "ước 254 triệu đồng", "en": "est. 254 million VND"}[language] in text
    assert "<table" in found.show(language)._repr_html_()


def test_a_table_by_its_name(found: ProgrammeProgress) -> None:
    assert list(found.to_frame("counts")["indicator"])[:2] == ["reached", "aware"]
    with pytest.raises(KeyError, match="ask for one of"):
        found.to_frame("nothing")


def test_a_phase_that_is_over_is_judged_by_its_last_day() -> None:
    """At the end of 2016 nobody is counted for 2013–2015 who was reached in 2016."""
    late = counted_province().statuses
    late = pd.concat([late, late.iloc[:1].assign(
        establishment="F", value="yes", date=dt.date(2016, 5, 1))])  # fmt: skip
    found = programme_progress(counted_province(statuses=late), "vn-qb-2384", 2016)
    first, second = (found.indicators[phase, "reached"] for phase in ("2013-2015", "2016-2020"))
    assert (first.as_of, second.as_of) == ("2015-12-31", "2016-12-31")
    assert (first.base, second.base) == (8, 8)  # H has opened
    assert second.yes - first.yes == 1


def places(cutoff: dt.date) -> set[str]:
    """Return the places by which two establishments of Ba Đồn and Đồng Hới are grouped."""
    register = Register.from_frames(establishments=pd.DataFrame({
        "establishment": ["A", "B"], "district": ["Ba Đồn", "Đồng Hới"],
        "commune": ["Quảng Thọ", "Nam Lý"]}))  # fmt: skip
    found = programme_progress(register, "vn-qb-2384", cutoff.year, cutoff=cutoff)
    return {row["group"] for row in found.groups.rows if row["grouping"] == "district"}


def test_places_are_those_of_the_day() -> None:
    """Ba Đồn was split from Quảng Trạch on 20/12/2013; from 1/7/2025 there are no districts."""
    assert places(dt.date(2013, 12, 19)) == {"Quảng Trạch", "Đồng Hới"}
    assert places(dt.date(2013, 12, 20)) == {"Ba Đồn", "Đồng Hới"}
    assert places(dt.date(2025, 6, 30)) == {"Ba Đồn", "Đồng Hới"}
    assert places(dt.date(2025, 7, 1)) == {"Quảng Thọ", "Nam Lý"}
