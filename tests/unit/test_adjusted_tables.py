"""Tables of adjusted savings: bills, log, many plants, resources together, intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from test_assess_adjusted import (
    AFTER,
    BEFORE,
    LOWER,
    OUTPUT,
    USE,
    YEARS,
    codes,
    frame,
    study,
)

import sxsh_audit as sx

PRICES = pd.DataFrame({"Tài nguyên": ["Điện", "Than"], "Đơn giá": [2000.0, 3e6],
                       "Đơn vị": ["đồng/kWh", "đồng/t"]})  # fmt: skip
COAL = np.r_[BEFORE[::-1], 0.9 * AFTER[::-1]] / 1000


def two() -> pd.DataFrame:
    return pd.concat([frame("Điện", USE), frame("Than", COAL, "t")])


# -- bills and meters --------------------------------------------------------------------------


def days(first: str, count: int) -> pd.DatetimeIndex:
    return pd.date_range(first, periods=count)


def test_bills_keep_their_own_intervals_and_production_is_summed_to_them() -> None:
    """Bills from the 16th to the 15th; a tonne a day more in the second half of every month."""
    made = pd.DataFrame({"Từ ngày": [*pd.date_range("2012-12-01", "2014-12-31")]})
    made["Đến ngày"] = made["Từ ngày"]
    made["Sản lượng"] = 3.0 + (made["Từ ngày"].dt.day > 15) + made["Từ ngày"].dt.month % 5
    made["Đơn vị"] = "t"
    starts = pd.date_range("2012-12-16", "2014-11-16", freq="MS") + pd.Timedelta(days=15)
    starts = pd.DatetimeIndex([pd.Timestamp("2012-12-16"), *starts])
    ends = [*(starts[1:] - pd.Timedelta(days=1)), pd.Timestamp("2014-12-15")]
    output = np.array([made.loc[made["Từ ngày"].between(a, b), "Sản lượng"].sum()
                       for a, b in zip(starts, ends, strict=True)])  # fmt: skip
    length = np.array([(b - a).days + 1 for a, b in zip(starts, ends, strict=True)])
    use = 10 * length + 7 * output
    used = pd.DataFrame({"Tài nguyên": "Điện", "Từ ngày": starts, "Đến ngày": ends,
                         "Lượng mua": use, "Đơn vị": "kWh"})  # fmt: skip
    for table in (made, used):
        for name in ("Từ ngày", "Đến ngày"):
            table[name] = pd.to_datetime(table[name]).dt.strftime("%Y-%m-%d")
    found = sx.assess(study(consumption=used, production=made))
    row = found.adjusted["electricity"]
    assert row.kind == "regression"
    # Exactly 10 kWh a day, told by the mean month, and 7 a tonne.
    assert row.coefficients == pytest.approx([10 * 365.25 / 12, 7.0])
    assert row.saving == pytest.approx(0.0, abs=1e-12)
    assert {each["start"][-2:] for each in found.expected.rows} == {"16"}


def test_meters_read_on_different_days_are_taken_by_the_month() -> None:
    one = frame("Điện", 0.6 * USE).assign(**{"Công tơ": "M1"})
    starts = pd.date_range("2012-12-16", "2014-12-16", freq="MS") + pd.Timedelta(days=15)
    starts = pd.DatetimeIndex([pd.Timestamp("2012-12-16"), *starts])
    ends = [*(starts[1:] - pd.Timedelta(days=1)), pd.Timestamp("2015-01-15")]
    other = pd.DataFrame({
        "Tài nguyên": "Điện", "Công tơ": "M2", "Đơn vị": "kWh",
        "Từ ngày": starts.strftime("%Y-%m-%d"),
        "Đến ngày": pd.DatetimeIndex(ends).strftime("%Y-%m-%d"),
        "Lượng mua": [10.0 * ((b - a).days + 1) for a, b in zip(starts, ends, strict=True)],
    })  # fmt: skip
    found = sx.assess(study(consumption=pd.concat([one, other])))
    rows = found.expected.rows
    assert [row["start"][-2:] for row in rows] == ["01"] * 24
    # 10 kWh a day of the second meter: 310 in January 2013 beside 0.6 of the first.
    assert rows[0]["use"] == pytest.approx(0.6 * USE[0] + 310)


def test_a_missing_month_is_left_out_of_both_sides() -> None:
    holes = USE.copy()
    holes[[3, 20]] = math.nan
    row = sx.assess(study(holes)).adjusted["electricity"]
    assert (row.kind, row.n_baseline, row.n_reporting) == ("ratio", 11, 11)  # 12 rows are needed
    asked = sx.assess(study(holes), baseline="regression").adjusted["electricity"]
    assert asked.used == pytest.approx(np.nansum(holes[12:]))
    assert asked.n_baseline == 11


# -- the log -----------------------------------------------------------------------------------


def log(month: str, amount: float) -> dict[str, Any]:
    return {"Tài nguyên": "Điện", "Kỳ": month, "Lượng điều chỉnh": amount, "Đơn vị": "kWh",
            "Lý do": "sửa lò"}  # fmt: skip


def test_adjustments_of_both_periods() -> None:
    plain = sx.assess(study(USE)).adjusted["electricity"]
    more = USE.copy()
    more[2] += 400.0
    more[15] += 300.0
    table = pd.DataFrame([log("03/2013", 400.0), log("04/2014", 300.0)])
    found = sx.assess(study(more, adjustments=table))
    row = found.adjusted["electricity"]
    assert row.adjustment == pytest.approx(300.0)
    assert row.coefficients == pytest.approx(plain.coefficients)
    assert row.absolute_saving == pytest.approx(plain.absolute_saving)
    assert row.used == pytest.approx(plain.used + 300)
    # In the ratio too, where it is asked for.
    ratio = sx.assess(study(more, adjustments=table), baseline="ratio").adjusted["electricity"]
    hand = BEFORE.sum() / 1200 * 960 + 300
    assert ratio.expected == pytest.approx(hand)


# -- interval by interval ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["auto", "ratio", "base_load_ratio"])
def test_expected_use_adds_up_to_the_adjusted_table(kind: str) -> None:
    table = pd.DataFrame([log("04/2014", 300.0)])
    made = study(USE, adjustments=table, base_load={"electricity": "30 %"})
    found = sx.assess(made, baseline=kind)
    row, rows = found.adjusted["electricity"], found.expected.rows
    later = [each for each in rows if each["phase"] == "reporting"]
    assert len(rows) == 24
    assert sum(each["expected"] for each in later) == pytest.approx(row.expected)
    assert sum(each["use"] for each in later) == pytest.approx(row.used)
    assert later[-1]["cumulative"] == pytest.approx(row.absolute_saving)


def test_what_is_saved_so_far_is_as_unsure_as_the_scatter_says() -> None:
    found = sx.assess(study(USE))
    row = found.adjusted["electricity"]
    last = found.expected.rows[-1]["cumulative_sd"]
    sums = np.array([12.0, LOWER.sum()])
    variance = sums @ np.array(row.covariance) @ sums + 12 * row.sigma**2
    assert row.rho == 0
    assert last == pytest.approx(math.sqrt(variance))


# -- many plants -------------------------------------------------------------------------------


def plants(count: int, seed: int = 4) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    random = np.random.default_rng(seed)
    out = {}
    for k in range(count):
        output = random.uniform(50, 150, 24)
        use = (random.uniform(0, 4000) + 20 * output) * random.normal(1, 0.04, 24)
        use[12:] *= random.uniform(0.85, 1.05)
        coal = (random.uniform(0, 4) + output / 50) * random.normal(1, 0.1, 24)
        key = {"Mã cơ sở": f"P{k:02d}"}
        out[f"P{k:02d}"] = (
            pd.DataFrame({**key, "Kỳ": YEARS, "Sản lượng": output, "Đơn vị": "t"}),
            pd.concat([frame("Điện", use), frame("Than", coal, "t")]).assign(**key),
        )
    return out


def assessed(tables: Any, order: Any = None) -> sx.Assessment:
    made, used = (pd.concat(each, ignore_index=True) for each in zip(*tables, strict=True))
    if order is not None:
        made, used = (each.sample(frac=1, random_state=order) for each in (made, used))
    return sx.assess(study(production=made, consumption=used, prices=PRICES),
                     programme="vn-qb-2384")  # fmt: skip


def same(one: Any, other: Any) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        if isinstance(value, float):
            assert other[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name
        elif isinstance(value, list):
            assert np.shape(value) == np.shape(other[name])
            if value and not isinstance(value[0], (str, dict)):
                assert np.array(other[name], float) == pytest.approx(
                    np.array(value, float), rel=1e-8, nan_ok=True)  # fmt: skip
        else:
            assert other[name] == value, name


def test_many_plants_are_each_as_by_itself() -> None:
    tables = plants(5)
    together = assessed(tables.values())
    for plant, own in tables.items():
        alone = assessed([own])
        for name in ("adjusted", "adjusted_overall", "uncertainty", "baselines"):
            mine = [row for row in getattr(together, name).rows if row["facility"] == plant]
            for one, other in zip(getattr(alone, name).rows, mine, strict=True):
                same(dict(one), dict(other))


def test_the_order_of_the_rows_does_not_matter() -> None:
    tables = plants(3)
    one, other = assessed(tables.values()), assessed(tables.values(), order=2)
    for name in ("adjusted", "adjusted_overall", "uncertainty", "baselines", "expected"):
        for a, b in zip(getattr(one, name).rows, getattr(other, name).rows, strict=True):
            same(dict(a), dict(b))


def test_more_than_20_plants_have_no_table_of_intervals() -> None:
    found = assessed(plants(21).values())
    assert len(found.expected) == 0
    assert len(found.adjusted) == 42


# -- all resources together --------------------------------------------------------------------


def test_the_overall_saving_by_hand() -> None:
    found = sx.assess(study(consumption=two(), prices=PRICES), programme="vn-qb-2384")
    overall = found.adjusted_overall[0]
    rows = {name: found.adjusted[name] for name in ("electricity", "coal")}
    price = {"electricity": 2000, "coal": 3e6}
    weights = {name: price[name] * rows[name].expected for name in rows}
    part = {name: weight / sum(weights.values()) for name, weight in weights.items()}
    assert overall.saving == pytest.approx(sum(part[n] * rows[n].saving for n in rows))
    # Errors of the output go together; all others are of each alone.
    shared = {"output_baseline": 0.0, "output_reporting": 0.0}
    alone = 0.0
    for each in found.uncertainty.rows:
        if each["source"] in shared:
            shared[each["source"]] += part[each["resource"]] * math.sqrt(each["variance"])
        else:
            alone += part[each["resource"]] ** 2 * each["variance"]
    variance = alone + sum(root**2 for root in shared.values())
    assert overall.sd == pytest.approx(math.sqrt(variance))
    spent = sum((part[n] * rows[n].sd) ** 4 / rows[n].dof for n in rows)
    dof = overall.sd**4 / spent
    half = t.ppf(0.95, dof) * overall.sd
    assert (overall.high - overall.low) / 2 == pytest.approx(half)
    assert overall.reach == pytest.approx(t.cdf((overall.saving - 0.05) / overall.sd, dof))
    assert overall.all_reach <= min(row.reach for row in rows.values())


def test_an_earlier_saving_joins_by_the_anchor() -> None:
    made = study(consumption=two(), prices=PRICES,
                 earlier_saving={"electricity": "4 %", "coal": "4 %"})  # fmt: skip
    plain = sx.assess(study(consumption=two(), prices=PRICES), programme="vn-qb-2384")
    found = sx.assess(made, programme="vn-qb-2384")
    one, other = plain.adjusted["coal"], found.adjusted["coal"]
    assert other.saving == one.saving
    assert other.judged_saving == pytest.approx(1 - 0.96 * (1 - one.saving))
    assert other.sd == pytest.approx(0.96 * one.sd)
    parts = sum(each["variance"] for each in found.uncertainty.rows if each["resource"] == "coal")
    assert parts == pytest.approx(other.sd**2)
    assert found.adjusted_overall[0].sd == pytest.approx(0.96 * plain.adjusted_overall[0].sd)
    assert "baseline.earlier" in codes(found)


def test_output_that_changed_is_told_where_only_the_ratio_is_left() -> None:
    made = sx.Study.from_totals("P", output=(100, 70, "t"), quality="billed",
                                electricity=(1000, 800, "kWh"))  # fmt: skip
    assert "baseline.output_changed" in codes(sx.assess(made))


def test_a_change_split_adds_up() -> None:
    products = pd.DataFrame({"Sản phẩm": ["A", "B"], "Hệ số quy đổi": [1.0, 2.5]})
    made = pd.concat([
        pd.DataFrame({"Sản phẩm": name, "Kỳ": YEARS, "Sản lượng": q, "Đơn vị": "t"})
        for name, q in (("A", np.r_[OUTPUT, LOWER]), ("B", np.r_[LOWER, OUTPUT]))
    ])  # fmt: skip
    found = sx.assess(study(USE, production=made, products=products, output="equivalence"))
    row = found.change_split["electricity"]
    assert row.method == "equivalence"
    total = row.use_baseline + row.volume + row.mix + row.efficiency
    assert total == pytest.approx(row.use_reporting, rel=1e-12)
    assert row.mix > 0  # more of what takes more


def test_an_earlier_saving_does_not_move_what_the_claims_are_compared_with() -> None:
    options = pd.DataFrame({
        "Mã giải pháp": ["O1"], "Giải pháp": ["Bảo ôn"], "Tình trạng": ["đã thực hiện"],
        "Ngày đưa vào vận hành": ["2013-12-31"],
    })  # fmt: skip
    savings = pd.DataFrame({"Mã giải pháp": ["O1"], "Tài nguyên": ["Điện"],
                            "Lượng tiết kiệm": [2000.0], "Đơn vị": ["kWh"]})  # fmt: skip
    terms: dict[str, Any] = {"options": options, "option_savings": savings}
    found = [sx.assess(study(USE, **terms, **more)) for more in (
        {}, {"earlier_saving": {"electricity": "4 %"}})]  # fmt: skip
    one, other = (each.reconciliation[0] for each in found)
    assert vars(one) == vars(other)
    row = found[0].adjusted["electricity"]
    assert one.measured == pytest.approx(row.absolute_saving)
    assert one.residual == pytest.approx(one.measured - one.claimed)
    assert one.realisation_rate == pytest.approx(one.measured / one.claimed)
    assert one.residual_low < one.residual < one.residual_high
