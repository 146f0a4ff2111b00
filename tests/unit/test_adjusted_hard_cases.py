"""Hard cases of adjusted savings that an independent audit found wrong, worked out by hand."""

from __future__ import annotations

import calendar
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sxsh_audit as sx

MONTHS = [f"{month:02d}/{year}" for year in (2013, 2014) for month in range(1, 13)]
DAYS = [calendar.monthrange(year, month)[1] for year in (2013, 2014) for month in range(1, 13)]
LENGTHS = np.array(DAYS) / (365.25 / 12)
SCATTER = np.array([3.0, -2.0, 4.0, -1.0, 2.0, -5.0, 1.0, 3.0, -4.0, 2.0, -1.0, -2.0] * 2)
OUTPUT = np.array([80.0, 95, 110, 102, 88, 120, 97, 105, 91, 116, 84, 99,
                   86.0, 101, 93, 118, 107, 89, 112, 96, 82, 104, 99, 115])  # fmt: skip


def made(quantity: Any = OUTPUT, quality: str = "measured", product: str = "A") -> pd.DataFrame:
    """Return the production of 24 months."""
    return pd.DataFrame({"product": product, "period": MONTHS, "quantity": quantity, "unit": "t",
                         "quality": quality})  # fmt: skip


def used(quantity: Any, resource: str = "electricity", quality: str = "billed") -> pd.DataFrame:
    """Return the use of 24 months."""
    return pd.DataFrame({"resource": resource, "period": MONTHS, "quantity": quantity,
                         "unit": "kWh", "quality": quality})  # fmt: skip


def line(factor: float = 0.9) -> Any:
    """Use by a line of 1,000 kWh a month and 20 kWh/t, with scatter, less in 2014."""
    use = 1000 * LENGTHS + 20 * OUTPUT + 10 * SCATTER
    use[12:] *= factor
    return use


def assessed(production: pd.DataFrame, consumption: pd.DataFrame, **more: Any) -> sx.Assessment:
    """Assess a plant of the years 2013 and 2014."""
    terms = {"baseline": "2013", "reporting": "2014", "locale": "en", **more}
    given = {name: terms.pop(name) for name in ("given",) if name in terms}
    study = sx.Study(production=production, consumption=consumption, **terms)
    return sx.assess(study, baseline=given.get("given"))


def only(table: Any) -> Any:
    """Return the one record of a table."""
    (row,) = list(table)
    return row


def codes(result: sx.Assessment) -> set[str]:
    """Return the codes of the findings."""
    return {finding.code for finding in result.findings}


def totals(baseline: tuple[float, float], reporting: tuple[float, float]) -> Any:
    """Return output and use as totals of both periods."""
    rows = {"phase": ["baseline", "reporting"], "quality": "billed"}
    output, use = zip(baseline, reporting, strict=True)
    return (pd.DataFrame({**rows, "quantity": output, "unit": "t", "product": "A"}),
            pd.DataFrame({**rows, "quantity": use, "unit": "kWh", "resource": "electricity"}))


def log(month: str, quantity: float) -> pd.DataFrame:
    """Return a log of one non-routine adjustment."""
    return pd.DataFrame([{"resource": "electricity", "period": month, "quantity": quantity,
                          "unit": "kWh", "reason": "canteen", "evidence": "bill", "who": "An"}])


def test_split_is_of_the_months_in_which_use_and_every_product_are_known() -> None:
    use = np.repeat([100.0, 90.0], 12)
    use[4] = np.nan
    production = pd.concat([made(10.0, product="A"), made(5.0, product="B")])
    products = pd.DataFrame({"product": ["A", "B"], "equivalence": [1.0, 2.0], "unit": "t"})
    row = only(assessed(production, used(use), products=products, output="equivalence")
               .change_split)  # fmt: skip
    # 11 months of 100 kWh and 15 t, then 12 months of 90 kWh and 15 t.
    assert (row.use_baseline, row.use_reporting) == (1100.0, 1080.0)
    mean = (1080 - 1100) / math.log(1080 / 1100)
    assert row.volume == pytest.approx(mean * math.log(180 / 165), rel=1e-12)
    assert row.mix == pytest.approx(0.0, abs=1e-9)
    assert row.efficiency == pytest.approx(mean * math.log(90 / 100), rel=1e-12)


@pytest.mark.parametrize("model", ["regression", "ratio"])
def test_an_adjustment_in_a_month_that_is_not_known_counts_on_neither_side(model: str) -> None:
    use = line()
    use[14] = np.nan  # March 2014
    bare = only(assessed(made(), used(use), baseline_model=model).adjusted)
    logged = only(assessed(made(), used(use), baseline_model=model,
                           adjustments=log("03/2014", 600.0)).adjusted)  # fmt: skip
    assert logged.adjustment == 0.0
    assert logged.saving == bare.saving


def test_backcast_takes_the_adjustment_out_of_its_own_month() -> None:
    use = line()
    plain = only(assessed(made(), used(use), adjust_to="backcast").adjusted)
    use[17] += 5000.0  # June 2014
    logged = only(assessed(made(), used(use), adjust_to="backcast",
                           adjustments=log("06/2014", 5000.0)).adjusted)  # fmt: skip
    assert logged.saving == pytest.approx(plain.saving, rel=1e-9)
    assert logged.sd == pytest.approx(plain.sd, rel=1e-6)


def test_a_month_that_is_left_out_is_a_month_that_is_left_blank() -> None:
    years = [f"{month:02d}/2012" for month in range(1, 13)]
    early = pd.concat([made()[:12].assign(period=years), made()])
    use = pd.concat([used(line(1.0))[:12].assign(period=years), used(line())], ignore_index=True)
    blank = use.assign(quantity=use["quantity"].where(use.index != 5))
    terms = {"baseline": {"start": "2012-01-01", "end": "2013-12-31"}}
    rows = [only(assessed(early, each, **terms).adjusted) for each in (blank, use.drop(index=5))]
    assert rows[0].n_baseline == rows[1].n_baseline == 23
    assert (rows[0].saving, rows[0].sd, rows[0].rho) == (rows[1].saving, rows[1].sd, rows[1].rho)


def test_a_meter_that_is_silent_in_one_period_leaves_the_saving_unknown() -> None:
    first, second = used(line() / 2).assign(meter="1"), used(line() / 2).assign(meter="2")[:12]
    row = only(assessed(made(), pd.concat([first, second])).adjusted)
    assert row.saving is None


def test_a_base_load_counts_for_totals_too() -> None:
    # 40 % of 5,000 kWh stays: 2,000 + 3,000 × 700 ÷ 1,000 = 4,100 kWh against 4,000.
    row = only(assessed(*totals((1000.0, 5000.0), (700.0, 4000.0)),
                        base_load={"electricity": "40 %"}).adjusted)  # fmt: skip
    assert (row.kind, row.expected) == ("base_load_ratio", pytest.approx(4100.0))
    assert row.saving == pytest.approx(100 / 4100)


def test_a_base_load_above_the_use_is_told_and_not_used() -> None:
    result = assessed(made(), used(line()), baseline_model="base_load_ratio",
                      base_load={"electricity": "5000 kWh/month"})  # fmt: skip
    assert "baseline.base_load_over_use" in codes(result)
    assert only(result.adjusted).kind == "regression"


def test_a_baseline_in_another_unit_or_with_a_driver_that_is_not_there_is_not_used() -> None:
    use, output = line()[:12], OUTPUT[:12]
    unlike = sx.fit_baseline(sx.BaselinePeriod(use / 1000, output, resource="electricity",
                                               unit="MWh", output_unit="t"))  # fmt: skip
    driven = sx.fit_baseline(
        sx.BaselinePeriod(use, output, {"days": SCATTER[:12] + 20}, resource="electricity",
                          unit="kWh", output_unit="t"), drivers=("output", "days"))  # fmt: skip
    for baseline, code in ((unlike, "given_units"), (driven, "given_drivers")):
        result = assessed(made(), used(line()), given=baseline)
        assert f"baseline.{code}" in codes(result)
        row = only(result.adjusted)
        assert (row.why, row.expected > 1000) == ("rule", True)


def test_earlier_savings_weigh_and_narrow_the_overall_saving() -> None:
    output, use = totals((1000.0, 1000.0), (1000.0, 900.0))
    gas = use.assign(resource="natural_gas", unit="m3", quantity=[1000.0, 1000.0])
    prices = pd.DataFrame({"resource": ["electricity", "natural_gas"], "price": 1.0,
                           "unit": ["VND/kWh", "VND/m3"]})  # fmt: skip
    result = assessed(output, pd.concat([use, gas]), prices=prices,
                      earlier_saving={"electricity": "50 %"})  # fmt: skip
    # The first baseline of electricity was 2,000: 2,000 + 1,000 before, 900 + 1,000 now.
    assert only(result.adjusted_overall).saving == pytest.approx(1100 / 3000)
    row = next(row for row in result.adjusted if row.resource == "electricity")
    parts = [row.variance for row in result.uncertainty if row.resource == "electricity"]
    # Four totals ± 2 % (limits): 2 u² = 4 × (0.02 ÷ √3)², halved for the first baseline.
    sd = 0.9 * 0.5 * math.sqrt(4 * 0.02**2 / 3)
    assert math.sqrt(sum(parts)) == pytest.approx(sd)
    assert (row.high - row.low) / 2 == pytest.approx(1.6448536 * sd, rel=1e-6)


def test_an_overall_interval_has_the_freedom_of_its_resources() -> None:
    use = pd.concat([used(line(), quality=""),
                     used(line() + 30 * SCATTER, "natural_gas", "").assign(unit="m3")])  # fmt: skip
    prices = pd.DataFrame({"resource": ["electricity", "natural_gas"], "price": 1.0,
                           "unit": ["VND/kWh", "VND/m3"]})  # fmt: skip
    result = assessed(made(quality=""), use, prices=prices, baseline_model="ratio")
    row = only(result.adjusted_overall)
    # Months alone: with 11 to 44 degrees of freedom t is above the normal 1.645.
    assert 1.66 < (row.high - row.low) / 2 / row.sd < 1.80


def test_claims_are_compared_with_the_saving_of_the_reporting_period() -> None:
    options = pd.DataFrame([{"option": "O1", "name": "Drive", "cost": 1e6, "actual_cost": 1e6,
                             "status": "implemented", "in_service": "2014-01-01",
                             "evidence": "invoice"}])  # fmt: skip
    savings = pd.DataFrame([{"option": "O1", "resource": "electricity", "quantity": 3000,
                             "unit": "kWh"}])  # fmt: skip
    use = line()
    result = assessed(made(), used(use), options=options, option_savings=savings,
                      adjust_to="standard", standard_conditions={"output": "100 t"})  # fmt: skip
    saving = only(result.adjusted).saving  # of one month of 100 t
    assert only(result.reconciliation).measured == pytest.approx(
        use[12:].sum() * saving / (1 - saving))  # fmt: skip


def test_the_residual_of_a_claim_is_as_unsure_as_both_sums() -> None:
    options = pd.DataFrame([{"option": "O1", "name": "Drive", "cost": 1e6, "actual_cost": 1e6,
                             "status": "implemented", "in_service": "2014-01-01",
                             "evidence": "invoice"}])  # fmt: skip
    savings = pd.DataFrame([{"option": "O1", "resource": "electricity", "quantity": 300,
                             "unit": "kWh"}])  # fmt: skip
    result = assessed(made(np.full(24, 10.0)), used(np.repeat([100.0, 50.0], 12)),
                      options=options, option_savings=savings)  # fmt: skip
    row = only(result.reconciliation)
    # B = 1,200 with the errors of its use and of both outputs, A = 600 with its own.
    u = 0.02 / math.sqrt(3)
    sd = math.sqrt(3 * (1200 * u) ** 2 + (600 * u) ** 2)
    assert (row.residual_high - row.residual_low) / 2 == pytest.approx(1.6448536 * sd, rel=1e-6)


def test_bills_of_two_months_scatter_like_two_months() -> None:
    use = line()
    starts = [f"{period[3:]}-{period[:2]}-01" for period in MONTHS]
    ends = [f"{start[:8]}{days}" for start, days in zip(starts, DAYS, strict=True)]
    monthly = used(use).drop(columns="period").assign(start=starts, end=ends)
    pairs = monthly[12::2].assign(end=ends[13::2], quantity=use[12::2] + use[13::2])
    both = [assessed(made(), each) for each in (monthly, pd.concat([monthly[:12], pairs]))]
    rows = [only(result.adjusted) for result in both]
    assert [row.kind for row in rows] == ["regression", "regression"]  # no false extrapolation
    assert [row.n_reporting for row in rows] == [12, 6]
    assert rows[1].saving == pytest.approx(rows[0].saving, rel=1e-9)
    assert rows[1].sd == pytest.approx(rows[0].sd, rel=1e-9)


def test_a_stated_error_counts_beside_one_that_nobody_states() -> None:
    stated = used(line()).assign(error="10 %", error_meaning="sigma", error_kind="period")
    row = only(assessed(made(quality=""), stated).adjusted)
    # 10 % in either period: the interval is at least (1 − s) √2 × 10 points wide by it.
    assert row.sd > (1 - row.saving) * math.sqrt(2) * 0.1


def test_months_that_are_all_alike_do_not_scatter_by_rounding() -> None:
    exact = {"error": "0 %", "error_meaning": "limit", "error_kind": "random"}
    use = used(np.repeat([1000.0, 1000.0 * (1 - 0.08)], 12)).assign(**exact)
    row = only(assessed(made(100.0).assign(**exact), use, programme="vn-qb-2384").adjusted)
    assert (row.status, row.within, row.above) == ("within", 1.0, 0.0)


def test_backcast_counts_an_error_of_output_by_what_depends_on_output() -> None:
    use = 1000 + 20 * OUTPUT
    use[12:] *= 0.9
    result = assessed(made(), used(use), adjust_to="backcast")
    parts = {row.source: row.variance for row in result.uncertainty}
    part = 20 * OUTPUT[:12].sum() / use[:12].sum()
    assert parts["output_baseline"] == pytest.approx(parts["use_baseline"] * part**2, rel=1e-6)


def test_expected_use_of_a_ratio_has_the_adjustment_of_the_baseline_out() -> None:
    use = np.repeat([100.0, 90.0], 12)
    result = assessed(made(10.0), used(use), baseline_model="ratio",
                      adjustments=log("03/2013", 60.0))  # fmt: skip
    # (1,200 − 60) ÷ 120 t = 9.5 kWh/t on 120 t.
    later = [row.expected for row in result.expected if row.phase == "reporting"]
    assert sum(later) == pytest.approx(1140.0)
    assert only(result.adjusted).expected == pytest.approx(1140.0)
    # The plain ratio does not know of the log, and its months are all alike.
    assert only(result.adjusted).ratio_saving == pytest.approx(0.1)


def test_only_fitted_baselines_are_told_as_backcast() -> None:
    row = only(assessed(made(), used(line()), adjust_to="backcast",
                        baseline_model="base_load_ratio",
                        base_load={"electricity": "30 %"}).adjusted)  # fmt: skip
    assert row.adjust_to == "forecast"
