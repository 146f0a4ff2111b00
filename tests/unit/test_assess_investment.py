"""Options as investments inside an assessment: every figure against a calculation by hand."""

from __future__ import annotations

import json
import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sxsh_audit as sx
from sxsh_audit.errors import Refusal

PERIODS = {"baseline": "2015", "reporting": "2016"}


def plant(
    options: list[dict[str, Any]],
    savings: list[dict[str, Any]],
    *,
    end_uses: list[dict[str, Any]] | None = None,
    prices: list[dict[str, Any]] | None = None,
    use: float = 1000.0,
    later: float | None = None,
    settings: dict[str, Any] | None = None,
) -> sx.Study:
    """Return a plant that uses `use` kWh in 2015 for 10 t, at 1 đồng/kWh unless stated."""
    tables: dict[str, Any] = {
        "production": pd.DataFrame({"period": ["2015", "2016"], "quantity": [10.0, 10.0],
                                    "unit": "t"}),
        "consumption": pd.DataFrame({
            "resource": "electricity", "period": ["2015", "2016"],
            "quantity": [use, use if later is None else later], "unit": "kWh"}),
        "prices": pd.DataFrame(prices or [
            {"resource": "electricity", "price": 1.0, "unit": "VND/kWh", "vat": "excluded"}]),
        "options": pd.DataFrame(options),
        "option_savings": pd.DataFrame(savings),
    }  # fmt: skip
    if end_uses:
        tables["end_uses"] = pd.DataFrame(end_uses)
    return sx.Study(**tables, **{**PERIODS, "quality": "billed", **(settings or {})})


def kwh(option: str, quantity: float, **more: Any) -> dict[str, Any]:
    return {"option": option, "resource": "electricity", "quantity": quantity, "unit": "kWh",
            **more}  # fmt: skip


# -- one option ---------------------------------------------------------------------------------


def test_npv_irr_and_discounted_payback_of_two_years_by_hand() -> None:
    study = plant([{"option": "A", "cost": 100.0, "lifetime": 2}], [kwh("A", 60.0)])
    found = sx.assess(study, discount_rate=0.1).economics["A"]
    assert found.npv == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21, rel=1e-12)  # 4.1322…
    # 100 x² − 60 x − 60 = 0 with x = 1 + r
    assert found.irr == pytest.approx((60 + math.sqrt(3600 + 24000)) / 200 - 1, rel=1e-9)
    assert found.irr_status == "unique"
    left = 100 - 60 / 1.1
    assert found.discounted_years == pytest.approx(1 + left / (60 / 1.21), rel=1e-12)
    assert found.profitability_index == pytest.approx(1 + found.npv / 100, rel=1e-12)
    assert found.annual_value == pytest.approx(found.npv / (1 / 1.1 + 1 / 1.21), rel=1e-12)
    # what a kilowatt hour less costs: 100 over the discounted 60 kWh of two years
    assert found.levelised_cost == pytest.approx(100 / (60 / 1.1 + 60 / 1.21), rel=1e-12)
    assert found.flows == [-100.0, 60.0, 60.0]


def test_a_nominal_rate_with_its_inflation_is_the_real_one() -> None:
    study = plant([{"option": "A", "cost": 100.0, "lifetime": 9}], [kwh("A", 30.0)])
    real = sx.assess(study, discount_rate="10 %")
    nominal = sx.assess(study, discount_rate="15,5 %", inflation="5 %")  # 1.155 / 1.05 = 1.1
    assert nominal.economics["A"].npv == pytest.approx(real.economics["A"].npv, rel=1e-12)
    assert "invest.rate_is_real" in real.findings.codes()
    assert "invest.rate_is_real" not in nominal.findings.codes()
    assert nominal.settings["terms"]["rate"] == pytest.approx(0.1, rel=1e-12)


def test_extra_cost_subsidy_salvage_and_degradation_enter_the_flows() -> None:
    study = plant(
        [{"option": "A", "cost": 100.0, "lifetime": 2, "annual_extra_cost": 5.0,
          "subsidy": 20.0, "salvage": 8.0, "saving_change": "-10 %"}],
        [kwh("A", 60.0)])  # fmt: skip
    found = sx.assess(study, discount_rate=0.1).economics["A"]
    # the saving falls by a tenth, the extra cost does not
    assert found.flows == pytest.approx([-80.0, 55.0, 54.0 - 5.0 + 8.0], rel=1e-12)
    assert found.npv == pytest.approx(-80 + 55 / 1.1 + 57 / 1.21, rel=1e-12)


def test_nothing_is_assumed() -> None:
    study = plant([{"option": "A", "cost": 100.0}], [kwh("A", 60.0)])
    without = sx.assess(study)
    empty = ("economics", "portfolio", "portfolio_savings", "frontier", "risk", "tornado",
             "abatement", "screening", "plan", "claimed")  # fmt: skip
    assert all(len(getattr(without, name)) == 0 for name in empty)
    silent = sx.assess(study, discount_rate=0.1)
    assert silent.economics["A"].npv is None
    assert "invest.no_lifetime" in silent.findings.codes()
    stood_in = sx.assess(study, discount_rate=0.1, horizon=2)
    assert stood_in.economics["A"].horizon_stands_in
    assert stood_in.economics["A"].npv == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21, rel=1e-12)


def test_a_horizon_cuts_a_longer_lifetime() -> None:
    study = plant([{"option": "A", "cost": 100.0, "lifetime": 20}], [kwh("A", 60.0)])
    found = sx.assess(study, discount_rate=0.0, horizon=3).economics["A"]
    assert (found.npv, found.lifetime) == (80.0, 3.0)


@pytest.mark.parametrize(
    ("term", "value"),
    [("discount_rate", 10), ("discount_rate", "mười"), ("horizon", 0), ("horizon", "2,5"),
     ("budget", -1), ("reach", "cao nhất"), ("seed", -3), ("best_by", "luck")],
)  # fmt: skip
def test_terms_that_cannot_be_meant_are_refused(term: str, value: Any) -> None:
    study = plant([{"option": "A", "cost": 100.0, "lifetime": 2}], [kwh("A", 60.0)])
    with pytest.raises(Refusal):
        sx.assess(study, **{term: value})


def test_a_dropped_option_is_not_judged_and_an_implemented_one_at_its_actual_cost() -> None:
    study = plant(
        [{"option": "A", "cost": 100.0, "lifetime": 1, "status": "dropped"},
         {"option": "B", "cost": 100.0, "lifetime": 1, "status": "implemented",
          "actual_cost": 40.0, "in_service": "2016-01-01", "evidence": "biên bản"}],
        [kwh("A", 60.0), kwh("B", 60.0)])  # fmt: skip
    found = sx.assess(study, discount_rate=0.0)
    assert [row.option for row in found.economics] == ["B"]
    assert found.economics["B"].npv == 20.0
    assert found.plan["B"].cost_overrun == pytest.approx(-0.6)


# -- prices -------------------------------------------------------------------------------------

TARIFFS = [
    {"resource": "electricity", "price": price, "unit": "VND/kWh", "vat": "excluded",
     "tariff_period": period}
    for period, price in (("normal", 2.0), ("peak", 5.0), ("off-peak", 1.0))
]  # fmt: skip


def test_a_saving_in_the_peak_is_worth_the_price_of_the_peak() -> None:
    whole = {"resource": "electricity", "price": 2.5, "unit": "VND/kWh", "vat": "excluded"}
    study = plant(
        [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0}],
        [kwh("A", 10.0, tariff_period="peak"), kwh("B", 10.0, tariff_period="")],
        prices=[{**row} for row in TARIFFS] + [{**whole, "tariff_period": ""}])  # fmt: skip
    found = sx.assess(study)
    assert (found.options["A"].annual_saving, found.options["B"].annual_saving) == (50.0, 25.0)
    assert found.savings["electricity"].price == 2.5


def test_demand_is_worth_its_charge_and_is_no_energy() -> None:
    charge = {"resource": "electricity", "price": 3.0, "unit": "VND/kW/month", "vat": "excluded",
              "kind": "demand"}  # fmt: skip
    energy = {"resource": "electricity", "price": 1.0, "unit": "VND/kWh", "vat": "excluded",
              "kind": "average"}  # fmt: skip
    study = plant(
        [{"option": "A", "cost": 1.0}],
        [kwh("A", 10.0), {"option": "A", "resource": "electricity", "quantity": 7.0,
                          "unit": "kW"}], prices=[charge, energy])  # fmt: skip
    found = sx.assess(study)
    assert found.options["A"].annual_saving == 10.0 + 7 * 3 * 12
    assert found.savings["electricity"].price == 1.0


# -- together -----------------------------------------------------------------------------------

HALVES = [
    {"resource": "electricity", "end_use": "lò hơi", "share": "60 %"},
    {"resource": "electricity", "end_use": "chiếu sáng", "share": "40 %"},
]


def test_boiler_and_lighting_save_ten_per_cent_and_not_nineteen() -> None:
    # METHOD §6: −10 % of 60 % and −10 % of 40 %
    study = plant(
        [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0}],
        [kwh("A", 60.0, end_use="lò hơi"), kwh("B", 40.0, end_use="chiếu sáng")],
        end_uses=HALVES)  # fmt: skip
    row = sx.assess(study, budget=10.0).portfolio_savings["electricity"]
    for figure in (row.saving, row.low, row.high, row.added):
        assert figure == pytest.approx(0.1, rel=1e-12)


def test_two_halves_of_one_end_use_leave_a_quarter() -> None:
    study = plant(
        [{"option": "A", "cost": 100.0, "lifetime": 1},
         {"option": "B", "cost": 100.0, "lifetime": 1}],
        [kwh("A", 300.0, end_use="lò hơi"), kwh("B", 300.0, end_use="lò hơi")],
        end_uses=HALVES)  # fmt: skip
    found = sx.assess(study, discount_rate=0.0, budget=200.0)
    both = found.portfolio["budget"]
    # 600 kWh of the boiler: 300 + 150 saved, 450 đồng for 200
    assert both.chosen == ["A", "B"]
    assert both.annual_saving == pytest.approx(450.0, rel=1e-12)
    assert both.npv == pytest.approx(250.0, rel=1e-12)
    assert both.flows == pytest.approx([-200.0, 450.0], rel=1e-12)
    assert found.portfolio_savings["electricity"].added == pytest.approx(0.6)
    assert found.portfolio_savings["electricity"].saving == pytest.approx(0.45)


def test_without_end_uses_both_bounds_are_told() -> None:
    study = plant(
        [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0}],
        [kwh("A", 300.0), kwh("B", 200.0)])  # fmt: skip
    row = sx.assess(study, budget=10.0).portfolio_savings["electricity"]
    assert row.low == pytest.approx(0.3)  # B saves only what A has already saved
    assert row.high == pytest.approx(0.5)
    assert row.saving == pytest.approx(1 - 0.7 * 0.8)


NINE = [  # cost, kWh, end use, lifetime
    (0.0, 20.0, "lò hơi", 3), (30.0, 60.0, "lò hơi", 5), (90.0, 110.0, "lò hơi", 12),
    (200.0, 240.0, "lò hơi", 15), (45.0, 60.0, "chiếu sáng", 7), (30.0, 30.0, "chiếu sáng", 10),
    (70.0, 55.0, "chiếu sáng", 4), (25.0, 22.0, "lò hơi", 4), (60.0, 44.0, "lò hơi", 10),
]  # fmt: skip


def nine(**more: Any) -> sx.Study:
    names = "ABCDEFGHI"
    options = [{"option": name, "cost": cost, "lifetime": years,
                "exclusive_group": "X" if name in "CD" else "",
                "requires": "E" if name == "G" else ""}
               for name, (cost, _, _, years) in zip(names, NINE, strict=True)]  # fmt: skip
    savings = [kwh(name, saved, end_use=use)
               for name, (_, saved, use, _) in zip(names, NINE, strict=True)]  # fmt: skip
    return plant(options, savings, end_uses=HALVES, **more)


def allowed(chosen: tuple[int, ...]) -> bool:
    return not (chosen[2] and chosen[3]) and not (chosen[6] and not chosen[4])


def present_worth(chosen: tuple[int, ...], rate: float) -> float:
    """NPV of a set, year by year, written down without any of the library's formulas."""
    total = -sum(cost for (cost, *_), taken in zip(NINE, chosen, strict=True) if taken)
    for year in range(1, 16):
        saved = 0.0
        for use, held in (("lò hơi", 600.0), ("chiếu sáng", 400.0)):
            left = 1.0
            for (_, amount, where, years), taken in zip(NINE, chosen, strict=True):
                if taken and where == use and year <= years:
                    left *= 1 - amount / held
            saved += held * (1 - left)
        total += saved / (1 + rate) ** year
    return total


@pytest.mark.parametrize("budget", [60.0, 150.0, 330.0])
def test_the_best_set_under_a_budget_is_that_of_all_sets(budget: float) -> None:
    found = sx.assess(nine(), discount_rate=0.1, budget=budget).portfolio["budget"]
    sets = [s for s in product((0, 1), repeat=9) if allowed(s)
            and sum(c for (c, *_), x in zip(NINE, s, strict=True) if x) <= budget]  # fmt: skip
    best = max(present_worth(s, 0.1) for s in sets)
    assert found.npv == pytest.approx(best, rel=1e-9)
    assert found.status == "optimal"
    assert found.cost <= budget


@pytest.mark.parametrize("reach", [0.08, 0.2, 0.38])
def test_the_cheapest_set_that_reaches_is_that_of_all_sets(reach: float) -> None:
    found = sx.assess(nine(), reach=reach).portfolio["reach"]

    def saved(chosen: tuple[int, ...]) -> float:
        left = {"lò hơi": 1.0, "chiếu sáng": 1.0}
        for (_, amount, use, _), taken in zip(NINE, chosen, strict=True):
            if taken:
                left[use] *= 1 - amount / {"lò hơi": 600.0, "chiếu sáng": 400.0}[use]
        return 1 - 0.6 * left["lò hơi"] - 0.4 * left["chiếu sáng"]

    sets = [s for s in product((0, 1), repeat=9) if allowed(s) and saved(s) >= reach - 1e-12]
    least = min(sum(c for (c, *_), x in zip(NINE, s, strict=True) if x) for s in sets)
    assert found.cost == pytest.approx(least, rel=1e-12)
    assert found.saving >= reach - 1e-9


def test_what_no_set_reaches_is_told_with_the_most_there_is() -> None:
    found = sx.assess(nine(), reach=0.9).portfolio["reach"]
    assert found.status == "infeasible"
    assert found.conflict[0].startswith("target:overall")
    assert 0.38 < found.most < 0.9
    assert found.chosen == []


def test_what_is_implemented_counts_and_costs_nothing_more() -> None:
    options = [{"option": "A", "cost": 500.0, "status": "implemented", "in_service": "2016-01-01",
                "actual_cost": 500.0, "evidence": "x"},
               {"option": "B", "cost": 10.0, "status": "proposed"}]  # fmt: skip
    study = plant(options, [kwh("A", 100.0), kwh("B", 50.0)])
    enough = sx.assess(study, reach=0.1).portfolio["reach"]
    assert (enough.chosen, enough.cost, enough.implemented) == ([], 0.0, ["A"])
    more = sx.assess(study, reach=0.12).portfolio["reach"]
    # 1 − 0.9 · 0.95 = 14.5 %
    assert (more.chosen, more.cost) == (["B"], 10.0)
    assert more.saving == pytest.approx(0.145, rel=1e-12)
    assert more.annual_saving == pytest.approx(45.0, rel=1e-9)  # 5 % of the 900 that are left


def test_claims_are_prorated_by_the_day_in_service_and_the_output() -> None:
    options = [
        {"option": "A", "cost": 1.0, "status": "implemented", "in_service": "2016-07-02",
         "actual_cost": 1.0, "evidence": "x"},
        {"option": "B", "cost": 1.0, "status": "approved", "in_service": None,
         "actual_cost": None, "evidence": ""},
    ]  # fmt: skip
    row = sx.assess(plant(options, [kwh("A", 100.0), kwh("B", 50.0)])).claimed["electricity"]
    # 2016 has 366 days; from 2 July 183 of them are left. The output is that of the baseline.
    part = 183 / 366
    assert row.share_in_service == pytest.approx(part, rel=1e-12)
    assert row.claimed == pytest.approx(100 * part, rel=1e-12)
    assert row.options == ["A"]


# -- screening, support, chance -----------------------------------------------------------------


def test_screening_needs_the_users_own_weights() -> None:
    scores = {"score_technical": 4.0, "score_economic": 2.0, "score_environmental": 3.0}
    study = plant(
        [{"option": "A", "cost": 1.0, **scores}], [kwh("A", 10.0)],
        settings={"screening": {"technical": 1, "economic": 2, "environmental": 1,
                                "implement": 3, "study": 2}})  # fmt: skip
    row = sx.assess(study).screening["A"]
    assert row.score == pytest.approx((4 + 2 * 2 + 3) / 4)  # 2.75
    assert row.decision == "study"


def test_support_beyond_the_cap_of_the_programme_is_told() -> None:
    options = [{"option": "A", "cost": "100 triệu đồng", "subsidy": "51 triệu đồng"}]
    study = plant(options, [kwh("A", 10.0)])
    found = sx.assess(study, programme="vn-qb-2384", phase="2016-2020")
    assert "invest.support_over_cap" in found.findings.codes()
    fair = plant([{**options[0], "subsidy": "50 triệu đồng"}], [kwh("A", 10.0)])
    found = sx.assess(fair, programme="vn-qb-2384", phase="2016-2020")
    assert "invest.support_over_cap" not in found.findings.codes()


RANGED = [
    {"option": "A", "cost": 100.0, "cost_low": 80.0, "cost_high": 150.0, "lifetime": 4},
    {"option": "B", "cost": None, "cost_low": 60.0, "cost_high": 140.0, "lifetime": 4},
    {"option": "C", "cost": 100.0, "lifetime": 4, "cost_low": None, "cost_high": None},
]


def test_a_uniform_cost_pays_with_the_chance_of_its_interval() -> None:
    study = plant(RANGED, [kwh(name, 25.0) for name in "ABC"])
    found = sx.assess(study, discount_rate=0.0, seed=5)
    # four years of 25 đồng: B pays where its cost, uniform on 60 … 140, is below 100
    assert found.risk["B"].npv_positive == pytest.approx(0.5, abs=0.01)
    # A is triangular on 80 … 150 about 100: (100 − 80) / (150 − 80) of it lies below 100
    assert found.risk["A"].npv_positive == pytest.approx(20 / 70, abs=0.01)
    assert found.risk["C"].npv_low == found.risk["C"].npv_high == 0.0
    assert found.risk["B"].payback_low == pytest.approx(64 / 25, abs=0.02)
    again = sx.assess(study, discount_rate=0.0, seed=5)
    assert again.to_dict() == found.to_dict()


def test_a_seed_without_ranges_draws_nothing_and_says_so() -> None:
    study = plant([{"option": "C", "cost": 100.0, "lifetime": 4}], [kwh("C", 25.0)])
    found = sx.assess(study, discount_rate=0.0, seed=5)
    assert len(found.risk) == 0
    assert "invest.no_ranges" in found.findings.codes()


def test_certain_parts_of_the_flows_enter_the_draws() -> None:
    options = [{**RANGED[0], "salvage": 30.0, "construction_years": 1}]
    study = plant(options, [kwh("A", 40.0)])
    found = sx.assess(study, discount_rate=0.1, seed=1)
    stated = found.economics["A"].npv
    flows = [-100.0, 0.0, 40.0, 40.0, 40.0, 70.0]
    assert stated == pytest.approx(sum(f / 1.1**t for t, f in enumerate(flows)), rel=1e-12)
    # the cost alone is drawn, triangular about 100 with quantiles worked out by its inverse
    low = 80 + math.sqrt(0.05 * 70 * 20)
    high = 150 - math.sqrt(0.05 * 70 * 50)
    assert found.risk["A"].npv_low == pytest.approx(stated + 100 - high, abs=0.2)
    assert found.risk["A"].npv_high == pytest.approx(stated + 100 - low, abs=0.2)


# -- as data ------------------------------------------------------------------------------------


def test_everything_comes_back_from_json() -> None:
    found = sx.assess(nine(), discount_rate=0.1, budget=150.0, reach="20 %", seed=3, horizon=9)
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert sx.Assessment.from_dict(record).to_dict() == found.to_dict()
    for name in ("economics", "portfolio", "plan", "terms"):
        record.pop(name, None)
    older = sx.Assessment.from_dict(record)
    assert len(older.economics) == 0


def test_the_order_of_the_rows_decides_nothing() -> None:
    study = nine()
    tables = study.tables
    turned = plant(
        [dict(row) for row in reversed(_records(tables.options))],
        [dict(row) for row in reversed(_records(tables.option_savings))],
        end_uses=HALVES)  # fmt: skip
    one = sx.assess(study, discount_rate=0.1, budget=150.0)
    two = sx.assess(turned, discount_rate=0.1, budget=150.0)
    assert sorted(one.portfolio["budget"].chosen) == sorted(two.portfolio["budget"].chosen)
    figures = [{row.option: row.npv for row in found.economics} for found in (one, two)]
    assert figures[0] == figures[1]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    names = [n for n in ("option", "cost", "lifetime", "exclusive_group", "requires", "resource",
                         "quantity", "unit", "end_use") if n in table]  # fmt: skip
    return [{n: v for n, v in zip(names, row, strict=True)
             if not (isinstance(v, float) and np.isnan(v))}
            for row in table[names].itertuples(index=False, name=None)]  # fmt: skip


def test_what_was_in_service_before_the_baseline_is_in_it_already() -> None:
    options = [{"option": "A", "cost": 1.0, "status": "implemented", "in_service": "2014-05-01",
                "actual_cost": 1.0, "evidence": "x"},
               {"option": "B", "cost": 10.0, "status": "proposed"}]  # fmt: skip
    study = plant(options, [kwh("A", 100.0), kwh("B", 50.0)])
    found = sx.assess(study, reach=0.05)
    assert found.portfolio["reach"].saving == pytest.approx(0.05, rel=1e-12)  # B alone
    assert found.portfolio["reach"].implemented == []
    assert len(found.claimed) == 0


def test_money_typed_beside_a_quantity_keeps_what_it_says() -> None:
    # 300 kWh at 1 đồng, typed as worth 340: the 40 beside the price stand apart from the end use
    study = plant(
        [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0}],
        [kwh("A", 300.0, end_use="lò hơi", money=340.0),
         kwh("B", 300.0, end_use="lò hơi", money=None)], end_uses=HALVES)  # fmt: skip
    both = sx.assess(study, budget=2.0).portfolio["budget"]
    assert both.annual_saving == pytest.approx(450.0 + 40.0, rel=1e-12)


# -- what testers found -------------------------------------------------------------------------


def test_dropped_options_alone_leave_every_table_empty() -> None:
    study = plant([{"option": "A", "cost": 1.0, "status": "dropped"}], [kwh("A", 10.0)])
    found = sx.assess(study, discount_rate=0.1, budget=5.0, reach=0.01, seed=1, horizon=3)
    assert len(found.economics) == len(found.portfolio) == len(found.risk) == 0


def test_the_best_by_npv_without_a_rate_is_told_and_money_is_taken() -> None:
    study = plant([{"option": "A", "cost": 1.0, "lifetime": 3}], [kwh("A", 10.0)])
    found = sx.assess(study, budget=5.0, best_by="npv")
    assert "invest.npv_needs_rate" in found.findings.codes()
    assert found.portfolio["budget"].by == "money"


def test_inflation_without_a_rate_is_told() -> None:
    study = plant([{"option": "A", "cost": 1.0, "lifetime": 3}], [kwh("A", 10.0)])
    assert "invest.inflation_alone" in sx.assess(study, inflation=0.04).findings.codes()


def test_end_uses_beyond_the_use_are_told_and_not_used() -> None:
    options = [{"option": "A", "cost": 1.0, "status": "implemented", "in_service": "2016-01-01",
                "actual_cost": 1.0, "evidence": "x"}, {"option": "B", "cost": 1.0}]  # fmt: skip
    uses = [{"resource": "electricity", "end_use": "lò hơi", "quantity": 1100.0, "unit": "kWh"}]
    savings = [kwh("A", 100.0, end_use="lò hơi"), kwh("B", 100.0, end_use="lò hơi")]
    found = sx.assess(plant(options, savings, end_uses=uses), budget=5.0)
    assert "invest.end_uses_over_use" in found.findings.codes()
    row = found.portfolio_savings["electricity"]
    assert (row.low, row.high) == (pytest.approx(0.1), pytest.approx(0.2))


def test_a_price_that_would_be_negative_is_none() -> None:
    study = sx.Study(
        production=pd.DataFrame({"period": ["2015", "2016"], "quantity": 10.0, "unit": "t"}),
        consumption=pd.DataFrame({"resource": "water", "period": ["2015", "2016"],
                                  "quantity": 100.0, "unit": "m3"}),
        options=pd.DataFrame([{"option": "A", "cost": 1.0}]),
        option_savings=pd.DataFrame([{"option": "A", "resource": "water", "quantity": 10.0,
                                      "unit": "m3", "money": -5.0}]),
        **PERIODS)  # fmt: skip
    found = sx.assess(study, budget=5.0, best_by="money").portfolio["budget"]
    assert (found.status, found.chosen) == ("optimal", [])


def test_what_is_done_without_a_known_saving_leaves_the_others_known() -> None:
    options = [{"option": "A", "cost": 1.0, "status": "implemented"}, {"option": "B", "cost": 1.0}]
    found = sx.assess(plant(options, [kwh("B", 10.0)]), budget=5.0).portfolio["budget"]
    assert found.chosen == ["B"]
    assert found.annual_saving == pytest.approx(10.0, rel=1e-12)


def test_two_implemented_options_of_one_group_exclude_the_rest_only() -> None:
    options = [{"option": name, "cost": 1.0, "status": status, "exclusive_group": "g"}
               for name, status in (("A", "implemented"), ("B", "implemented"),
                                    ("C", ""))]  # fmt: skip
    options.append({"option": "D", "cost": 1.0, "status": "", "exclusive_group": ""})
    found = sx.assess(plant(options, [kwh(n, 10.0) for n in "ABCD"]), budget=5.0)
    assert found.portfolio["budget"].chosen == ["D"]


def test_an_option_that_needs_a_dropped_one_is_in_no_set() -> None:
    options = [{"option": "A", "cost": 1.0, "status": "dropped", "requires": ""},
               {"option": "B", "cost": 1.0, "status": "", "requires": "A"},
               {"option": "C", "cost": 1.0, "status": "", "requires": "B"},
               {"option": "D", "cost": 1.0, "status": "", "requires": ""}]  # fmt: skip
    found = sx.assess(plant(options, [kwh(n, 10.0) for n in "ABCD"]), budget=5.0)
    assert found.portfolio["budget"].chosen == ["D"]
    assert found.portfolio["budget"].left_out == ["B", "C"]


def test_a_set_never_saves_more_money_than_its_end_use_costs() -> None:
    options = [{"option": name, "cost": 1.0, "lifetime": 6, "saving_change": "10 %"}
               for name in "AB"]  # fmt: skip
    study = plant(options, [kwh(name, 400.0, end_use="lò hơi") for name in "AB"], end_uses=HALVES)
    found = sx.assess(study, discount_rate=0.0, budget=2.0)
    assert max(found.portfolio["budget"].flows) <= 600.0 + 1e-9
    assert "invest.more_than_end_use" in found.findings.codes()
    assert found.portfolio["budget"].npv == pytest.approx(
        sum(found.portfolio["budget"].flows), rel=1e-12)  # fmt: skip


def test_a_saving_with_its_ends_alone_is_counted_at_the_lower_and_drawn_evenly() -> None:
    study = plant(
        [{"option": "A", "cost": 100.0, "lifetime": 4}],
        [kwh("A", math.nan, quantity_low=20.0, quantity_high=40.0)])  # fmt: skip
    found = sx.assess(study, discount_rate=0.0, seed=2)
    assert found.options["A"].annual_saving == 20.0
    # four years of a saving uniform on 20 … 40 reach 100 from 25 on
    assert found.risk["A"].npv_positive == pytest.approx(0.75, abs=0.01)


def test_the_draws_know_the_years_of_construction() -> None:
    options = [{"option": "A", "cost": 1000.0, "lifetime": 10, "construction_years": 3}]
    study = plant(options, [kwh("A", 300.0)], settings={"price_range": "20 %"})
    found = sx.assess(study, discount_rate=0.1, seed=1)
    annuity = sum(1.1**-t for t in range(1, 11)) / 1.1**3
    cost = 1000 / 3 * (1 + 1 / 1.1 + 1 / 1.21)
    for figure, price in ((found.risk["A"].npv_low, 0.82), (found.risk["A"].npv_high, 1.18)):
        assert figure == pytest.approx(300 * price * annuity - cost, rel=2e-3)


def test_one_dear_year_is_dear_in_every_tariff_period() -> None:
    rows = [kwh("A", 10.0, tariff_period=period) for period in ("normal", "peak", "off-peak")]
    study = plant([{"option": "A", "cost": 100.0, "lifetime": 1}], rows, prices=TARIFFS,
                  settings={"price_range": "10 %"})  # fmt: skip
    found = sx.assess(study, discount_rate=0.0, seed=1)
    # 80 đồng a year, all of it times one factor, uniform on 0.9 … 1.1
    assert found.risk["A"].npv_low == pytest.approx(80 * 0.91 - 100, abs=0.05)
    assert found.risk["A"].npv_high == pytest.approx(80 * 1.09 - 100, abs=0.05)
    assert [row.input for row in found.tornado] == ["price"]


def test_more_use_without_an_end_use_is_a_load_of_its_own() -> None:
    study = plant(
        [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0, "must_have": "có"}],
        [kwh("A", 300.0), kwh("B", -40.0)])  # fmt: skip
    row = sx.assess(study, budget=5.0).portfolio_savings["electricity"]
    for figure in (row.saving, row.low, row.high, row.added):
        assert figure == pytest.approx(0.26, rel=1e-12)


def test_the_horizon_counts_from_the_investment_and_cuts_the_salvage() -> None:
    options = [{"option": "A", "cost": 100.0, "lifetime": 10, "construction_years": 2,
                "salvage": 50.0}]  # fmt: skip
    found = sx.assess(plant(options, [kwh("A", 60.0)]), discount_rate=0.0, horizon=5)
    assert found.economics["A"].flows == [-50.0, -50.0, 0.0, 60.0, 60.0, 60.0]


def test_what_is_implemented_is_judged_by_what_it_has_cost() -> None:
    options = [{"option": "A", "cost": 50.0, "status": "implemented", "actual_cost": 55.0,
                "in_service": "2016-01-01", "evidence": "x"}]  # fmt: skip
    found = sx.assess(plant(options, [kwh("A", 10.0)]))
    assert found.options["A"].years == 5.5
    assert (found.plan["A"].cost, found.plan["A"].actual_cost) == (50.0, 55.0)


def test_by_each_resource_the_least_one_is_the_saving_of_a_set() -> None:
    study = sx.Study(
        production=pd.DataFrame({"period": ["2015", "2016"], "quantity": 10.0, "unit": "t"}),
        consumption=pd.DataFrame({
            "resource": ["electricity", "electricity", "coal", "coal"],
            "period": ["2015", "2016"] * 2, "quantity": [1000.0, 1000.0, 10.0, 10.0],
            "unit": ["kWh", "kWh", "t", "t"]}),
        prices=pd.DataFrame([{"resource": "electricity", "price": 1.0, "unit": "VND/kWh"},
                             {"resource": "coal", "price": 900.0, "unit": "VND/t"}]),
        options=pd.DataFrame([{"option": "A", "cost": 1.0}, {"option": "B", "cost": 2.0}]),
        option_savings=pd.DataFrame([
            {"option": "A", "resource": "electricity", "quantity": 200.0, "unit": "kWh"},
            {"option": "B", "resource": "coal", "quantity": 1.0, "unit": "t"}]),
        **PERIODS)  # fmt: skip
    found = sx.assess(study, reach=0.08, overall="each").portfolio["reach"]
    assert sorted(found.chosen) == ["A", "B"]
    assert found.saving == pytest.approx(0.1)  # of coal; electricity saves 20 %
    assert found.rule == "each"


def test_an_energy_without_an_emission_factor_is_left_out_and_not_counted_as_none() -> None:
    options = [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0}]
    savings = [kwh("A", 10.0), {"option": "B", "resource": "coal", "quantity": 1.0, "unit": "t"}]
    study = sx.Study(
        production=pd.DataFrame({"period": ["2015", "2016"], "quantity": 10.0, "unit": "t"}),
        consumption=pd.DataFrame({
            "resource": ["electricity", "electricity", "coal", "coal"],
            "period": ["2015", "2016"] * 2, "quantity": [1000.0, 1000.0, 10.0, 10.0],
            "unit": ["kWh", "kWh", "t", "t"]}),
        options=pd.DataFrame(options), option_savings=pd.DataFrame(savings), grid_year=2016,
        **PERIODS)  # fmt: skip
    found = sx.assess(study, budget=5.0, best_by="carbon")
    assert found.portfolio["budget"].chosen == ["A"]
    assert found.portfolio["budget"].left_out == ["B"]
    # 10 kWh at 0.9185 tCO₂/MWh (grid of 2016)
    assert found.abatement["A"].tonnes == pytest.approx(10 * 0.9185e-3, rel=1e-12)
    assert found.abatement["B"].tonnes is None


def test_tonnes_fade_with_the_saving() -> None:
    options = [{"option": "A", "cost": 600.0, "lifetime": 3, "saving_change": "-50 %"}]
    study = plant(options, [kwh("A", 10.0)], settings={"grid_year": 2016})
    found = sx.assess(study, discount_rate=0.0).abatement["A"]
    assert found.lifetime_tonnes == pytest.approx(10 * 0.9185e-3 * 1.75, rel=1e-12)
    assert found.cost_per_tonne == pytest.approx((600 - 17.5) / found.lifetime_tonnes)
    assert found.abatement_class == "costs"


def test_the_frontier_holds_the_cheapest_set_for_each_end_of_the_target() -> None:
    found = sx.assess(nine(), programme="vn-qb-2384", phase="2016-2020", reach=0.2)
    marked = {end: row for row in found.frontier for end in row.ends}
    assert set(marked) == {0.08, 0.13, 0.2}
    for end, row in marked.items():
        alone = sx.assess(nine(), reach=end).portfolio["reach"]
        assert (row.cost, row.saving >= end - 1e-12) == (alone.cost, True)
    costs = [row.cost for row in found.frontier]
    assert costs == sorted(costs)


# -- what an auditor found by random studies ----------------------------------------------------


@pytest.mark.parametrize("day", ["2016-01-01", "2014-01-01"])
def test_a_group_that_is_taken_takes_no_other(day: str) -> None:
    options = [{"option": "A", "cost": 100.0, "status": "implemented", "in_service": day,
                "actual_cost": 100.0, "evidence": "x", "exclusive_group": "g"},
               {"option": "B", "cost": 1.0, "status": "", "exclusive_group": "g"}]  # fmt: skip
    found = sx.assess(plant(options, [kwh("A", 50.0), kwh("B", 50.0)]), budget=10.0)
    assert found.portfolio["budget"].chosen == []
    assert found.portfolio["budget"].left_out == ["B"]


def test_a_peak_saving_overlaps_at_the_price_of_its_resource_and_adds_the_rest() -> None:
    whole = {"resource": "electricity", "price": 2.5, "unit": "VND/kWh", "vat": "excluded",
             "tariff_period": ""}  # fmt: skip
    study = plant(
        [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0}],
        [kwh("A", 300.0, end_use="lò hơi", tariff_period="peak"),
         kwh("B", 300.0, end_use="lò hơi", tariff_period="")],
        prices=[*TARIFFS, whole], end_uses=HALVES)  # fmt: skip
    # 450 kWh of the two together at 2.5, and what 300 in the peak are worth beyond that
    found = sx.assess(study, budget=10.0).portfolio["budget"]
    assert found.annual_saving == pytest.approx(450 * 2.5 + 300 * 2.5, rel=1e-12)


def test_what_is_implemented_is_built() -> None:
    options = [{"option": "A", "cost": 1.0, "lifetime": 5, "status": "implemented",
                "construction_years": 2, "in_service": "2016-01-01"},
               {"option": "B", "cost": 1.0, "lifetime": 2, "status": ""}]  # fmt: skip
    study = plant(options, [kwh("A", 500.0), kwh("B", 500.0)])
    found = sx.assess(study, discount_rate=0.0, budget=10.0).portfolio["budget"]
    assert found.flows == pytest.approx([-1.0, 250.0, 250.0])


def test_what_is_done_asks_for_nothing() -> None:
    options = [{"option": "A", "cost": 1.0, "status": "implemented", "requires": "B"},
               {"option": "B", "cost": 10.0, "status": "", "requires": ""},
               {"option": "C", "cost": 1.0, "status": "", "requires": ""}]  # fmt: skip
    study = plant(options, [kwh("A", 50.0), kwh("B", 50.0), kwh("C", 50.0)])
    assert sx.assess(study, budget=5.0).portfolio["budget"].chosen == ["C"]


def test_a_salvage_stays_where_the_horizon_stands_for_the_lifetime() -> None:
    study = plant([{"option": "A", "cost": 100.0, "salvage": 30.0}], [kwh("A", 50.0)])
    found = sx.assess(study, discount_rate=0.0, horizon=3).economics["A"]
    assert found.flows == [-100.0, 50.0, 50.0, 80.0]


def test_two_savings_of_one_option_spread_as_independent_ones() -> None:
    rows = [kwh("A", 100.0, quantity_low=70.0, quantity_high=130.0, tariff_period=period)
            for period in ("normal", "")]  # fmt: skip
    whole = {"resource": "electricity", "price": 2.0, "unit": "VND/kWh", "vat": "excluded"}
    prices = [{**TARIFFS[0], "price": 2.0}, {**whole, "tariff_period": ""}]
    study = plant([{"option": "A", "cost": 1.0, "lifetime": 1}], rows, prices=prices)
    found = sx.assess(study, discount_rate=0.0, seed=1).risk["A"]
    # each triangular with ends ±60 đồng: variance 60²/6, together √2 as wide and not twice
    draws = np.random.default_rng(1).triangular(140, 200, 260, (2, 100_000)).sum(axis=0) - 1
    low, high = np.quantile(draws, [0.05, 0.95])
    assert (found.npv_low, found.npv_high) == pytest.approx((low, high), abs=4.0)


def test_power_saved_avoids_no_emission_of_energy() -> None:
    charge = {"resource": "electricity", "price": 3.0, "unit": "VND/kW/month", "vat": "excluded",
              "kind": "demand"}  # fmt: skip
    study = plant(
        [{"option": "A", "cost": 1.0, "lifetime": 2}],
        [{"option": "A", "resource": "electricity", "quantity": 7.0, "unit": "kW"}],
        prices=[charge], settings={"grid_year": 2016})  # fmt: skip
    assert sx.assess(study, discount_rate=0.0).abatement["A"].tonnes == 0.0


def test_claims_that_cancel_are_added_day_by_day() -> None:
    options = [{"option": name, "cost": 1.0, "status": "implemented", "in_service": day}
               for name, day in (("A", "2016-01-01"), ("B", "2016-07-02"))]  # fmt: skip
    row = sx.assess(plant(options, [kwh("A", 100.0), kwh("B", -100.0)])).claimed["electricity"]
    # 183 of 366 days without B
    assert row.claimed == pytest.approx(50.0, rel=1e-12)
    assert row.share_in_service is None


def test_a_new_load_is_one_whatever_end_use_it_names() -> None:
    study = plant(
        [{"option": "A", "cost": 1.0}, {"option": "B", "cost": 1.0, "must_have": "có"}],
        [kwh("A", 300.0, end_use="lò hơi"), kwh("B", -50.0, end_use="lò hơi")])  # fmt: skip
    row = sx.assess(study, budget=5.0).portfolio_savings["electricity"]
    assert (row.low, row.saving, row.high) == pytest.approx((0.25, 0.25, 0.25))


def test_a_dropped_option_is_screened_no_more_and_asks_for_no_factor() -> None:
    study = plant(
        [{"option": "A", "cost": 1.0, "status": "dropped", "score_technical": 1.0}],
        [{"option": "A", "resource": "coal", "quantity": 1.0, "unit": "t"}],
        settings={"grid_year": 2016, "screening": {"technical": 1, "implement": 3, "study": 2}})
    found = sx.assess(study)
    assert len(found.screening) == len(found.abatement) == 0
    assert "invest.no_emission_factor" not in found.findings.codes()


# -- where it was typed -------------------------------------------------------------------------


def test_findings_name_the_cell_the_value_and_the_fix() -> None:
    study = plant(
        [{"option": "B", "cost": "100 triệu đồng", "lifetime": None, "score_economic": None,
          "subsidy": "60 triệu đồng"}],
        [kwh("B", 700.0, end_use="lò hơi")], end_uses=HALVES,
        settings={"screening": {"economic": 1, "implement": 3, "study": 2}})  # fmt: skip
    found = sx.assess(study, discount_rate=0.1, programme="vn-qb-2384", phase="2016-2020")
    places = {item.code: (item.place.sheet, item.place.row, item.place.column, item.value)
              for item in found.findings if item.code.startswith("invest.")}  # fmt: skip
    assert places["invest.no_lifetime"][:3] == ("options", 2, "lifetime")
    assert places["invest.no_scores"][:3] == ("options", 2, "score_economic")
    assert places["invest.support_over_cap"] == ("options", 2, "subsidy", "60 triệu đồng")
    assert places["invest.more_than_end_use"] == ("option_savings", 2, "quantity", "700")
    told = found.findings.to_frame("vi").set_index("code")
    for code in places:
        assert told.loc[code, "rule"]
        assert told.loc[code, "fix"]
