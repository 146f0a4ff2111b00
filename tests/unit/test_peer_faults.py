"""Faults seen in other tools that the arithmetic must not repeat.

Each test states a rule, shows that the peer's logic (written out beside it) breaks the rule and
that ours keeps it. The file and line of the peer stand above each test.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pint
import pytest

import sxsh_audit as sx
from sxsh_audit.calc.calendar import month_totals
from sxsh_audit.calc.finance import irr, level_discounted_payback, npv, option_cashflows
from sxsh_audit.calc.intensity import period_consumption, specific_consumption
from sxsh_audit.calc.interactions import combine_savings
from sxsh_audit.calc.portfolio import select_options
from sxsh_audit.calc.ranking import (
    payback_buckets,
    portfolio_payback,
    rank_options,
    simple_payback,
)
from sxsh_audit.calc.savings import (
    absolute_saving,
    check_fraction,
    cost_weighted_saving,
    pooled_saving,
    saving_fraction,
)

NAN, INF = math.nan, math.inf

Rule = Callable[..., None]


def breaks(rule: Rule, *peer: object) -> None:
    """Assert that `rule` fails with the peer's logic in place of ours."""
    with pytest.raises(AssertionError):
        rule(*peer)


# 1 -- MEASUR opportunity-payback.service.ts l.49: buckets ">= 2 && < 3" and "> 3".


def test_fault_01_payback_of_exactly_three_years_is_in_a_bucket() -> None:
    cost, saving = [0.5, 1.0, 2.0, 3.0, 4.0], [1.0] * 5

    def peer(costs: list[float], savings: list[float]) -> list[int]:
        years = [c / s for c, s in zip(costs, savings, strict=True)]
        return [
            sum(y < 1 for y in years), sum(1 <= y < 2 for y in years),
            sum(2 <= y < 3 for y in years), sum(y > 3 for y in years),
        ]  # fmt: skip

    def rule(counts: Callable[[list[float], list[float]], list[int]]) -> None:
        assert sum(counts(cost, saving)) == len(cost)

    breaks(rule, peer)
    rule(lambda c, s: payback_buckets(c, s).counts.tolist())


# 2 -- the same service, l.13: a negative payback counts as "< 1 year".


def test_fault_02_negative_saving_is_not_a_short_payback() -> None:
    def peer(cost: float, saving: float) -> str:
        return "<1" if cost / saving < 1 else ">=1"

    def ours(cost: float, saving: float) -> str:
        found = payback_buckets([cost], [saving])
        return found.names[found.code[0]]

    def rule(bucket: Callable[[float, float], str]) -> None:
        assert bucket(100.0, 200.0) == "<1"
        assert bucket(100.0, -200.0) != "<1"

    breaks(rule, peer)
    rule(ours)


# 3 -- JUSTIFI energyOpportunityReport.ts, executiveSummaryReport.ts: ∞, NaN, negative → 0.


def test_fault_03_what_never_pays_does_not_rank_first() -> None:
    cost, saving = [100.0, 100.0, 100.0, 50.0], [0.0, -5.0, NAN, 50.0]

    def peer(costs: list[float], savings: list[float]) -> list[int]:
        def years(c: float, s: float) -> float:
            value = c / s if s else INF
            return value if math.isfinite(value) and value > 0 else 0.0

        keys = [years(c, s) for c, s in zip(costs, savings, strict=True)]
        return sorted(range(len(keys)), key=keys.__getitem__)

    def rule(order: Callable[[list[float], list[float]], list[int]]) -> None:
        assert order(cost, saving) == [3, 0, 1, 2]

    breaks(rule, peer)
    rule(lambda c, s: rank_options(c, s).order.tolist())
    assert simple_payback(100.0, 0.0).years == INF


# 4 -- MEASUR treasure-hunt-report.service.ts l.93: adds up paybacks.


def test_fault_04_portfolio_payback_is_not_a_sum_of_paybacks() -> None:
    cost, saving = [100.0, 300.0], [100.0, 100.0]

    def peer(costs: list[float], savings: list[float]) -> float:
        return sum(c / s for c, s in zip(costs, savings, strict=True))

    def rule(total: Callable[[list[float], list[float]], float]) -> None:
        assert total(cost, saving) == 2.0  # 400 / 200: between the 1 and the 3 years
        assert total(cost * 2, saving * 2) == total(cost, saving)

    breaks(rule, peer)
    rule(lambda c, s: portfolio_payback(c, s).years)


# 5 -- the same service, l.97 and l.188: the percentage may exceed 100.


def test_fault_05_options_that_save_more_than_is_used_are_never_passed_over() -> None:
    savings, use = [70.0, 60.0], 100.0

    def peer(saved: list[float], used: float) -> tuple[str, ...]:
        assert sum(saved) / used > 1  # 130 %, and not a word about it
        return ()

    def ours(saved: list[float], used: float) -> tuple[str, ...]:
        phases = ["baseline", "reporting"]
        ids = [f"O{i}" for i in range(len(saved))]
        study = sx.Study(
            production=pd.DataFrame({"phase": phases, "quantity": 10.0, "unit": "t"}),
            consumption=pd.DataFrame({"resource": "electricity", "phase": phases,
                                      "quantity": used, "unit": "kWh"}),
            options=pd.DataFrame({"option": ids, "cost": 1.0}),
            option_savings=pd.DataFrame({"option": ids, "resource": "electricity",
                                         "quantity": saved, "unit": "kWh"}),
        )
        return sx.assess(study).findings.codes()

    def rule(told: Callable[[list[float], float], tuple[str, ...]]) -> None:
        assert "assess.saves_more_than_used" in told(savings, use)

    breaks(rule, peer)
    rule(ours)
    with pytest.raises(ValueError, match="130"):  # and the arithmetic refuses such a fraction
        check_fraction(sum(savings) / use)


# 6 -- opportunity-summary.service.ts, export-to-justifi-treasure-hunt.service.ts l.89: a mixed
# option becomes one row per utility, each with the full cost.


def test_fault_06_cost_belongs_to_the_option_not_to_each_resource() -> None:
    cost, savings = 600.0, [100.0, 200.0]

    def peer(one: float, each: list[float]) -> float:
        rows = [(one, saving) for saving in each]
        return sum(c for c, _ in rows) / sum(s for _, s in rows)

    def rule(payback: Callable[[float, list[float]], float]) -> None:
        assert payback(cost, savings) == 2.0
        assert payback(cost, [sum(savings)]) == payback(cost, savings)

    breaks(rule, peer)
    rule(lambda c, each: rank_options([c], [each]).years.item())


def test_fault_06_one_option_in_two_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="GP-01"):
        rank_options([600.0, 600.0], [100.0, 200.0], ["GP-01", "GP-01"])


# 8 -- VERIFI monthlyAnalysisSummaryDataClass.ts l.208-213: a missing month counts as 0.


# MEASUR ConvertValue.ts l.111, VERIFI convertValue.ts l.91: the number comes back unchanged
def test_fault_07_an_unknown_unit_is_refused_and_never_passed_through() -> None:
    def rule(convert: Callable[[float, str, str], float]) -> None:
        for start, end in (("kWk", "kWh"), ("kg", "m3"), ("piece", "pair")):
            with pytest.raises(ValueError, match=start):  # a Refusal that names the unit
                convert(5.0, start, end)

    def peer(value: float, start: str, end: str) -> float:
        factors = {("MWh", "kWh"): 1000.0}
        return value * factors.get((start, end), 1.0)

    rule(sx.convert)
    with pytest.raises(pytest.fail.Exception):  # «DID NOT RAISE»
        rule(peer)


# pint 0.25 reads the text itself: "ton" is the short ton, "1.234,5 kWh" is 1.2345 kWh
def test_no_typed_text_reaches_a_library_that_reads_it_otherwise() -> None:
    def rule(tonnes: Callable[[str], float], number: Callable[[str], float]) -> None:
        assert tonnes("ton") == 1000.0  # kg
        assert number("1.234,5 kWh") == 1234.5

    def peer_tonnes(text: str) -> float:
        return float(pint.UnitRegistry()(f"1 {text}").to("kg").magnitude)

    def peer_number(text: str) -> float:
        return float(pint.UnitRegistry()(text).magnitude)

    rule(lambda text: float(sx.convert(1.0, text, "kg")), lambda text: sx.parse_quantity(text)[0])
    breaks(rule, peer_tonnes, peer_number)


# the same library converts kWh to toe by heat, the ministry's table by 0.0001543
def test_kwh_becomes_toe_only_by_a_named_factor_set() -> None:
    def rule(toe: Callable[[float], float]) -> None:
        assert toe(1000.0) == pytest.approx(0.1543)  # Công văn 3505/BCT-KHCN (2011)

    rule(lambda kwh: sx.convert(kwh, "kWh", "TOE", factor_set="vn-3505"))
    breaks(rule, lambda kwh: float(pint.UnitRegistry().Quantity(kwh, "kWh").to("toe").magnitude))
    with pytest.raises(sx.ConversionError):
        sx.convert(1.0, "kWh", "TOE")


def test_fault_08_a_missing_month_is_not_a_month_of_zero() -> None:
    use, output = [100.0, 100.0, NAN], [10.0, 10.0, 10.0]

    def peer(used: list[float], made: list[float]) -> float:
        return float(np.nansum(used) / np.nansum(made))

    def rule(ratio: Callable[[list[float], list[float]], float]) -> None:
        assert ratio(use, output) == 10.0

    breaks(rule, peer)
    rule(lambda used, made: period_consumption(used, made).value)
    # January is missing between two bills: not a month without use.
    months = month_totals([-31, 31], [-1, 58], [31.0, 28.0])
    assert 0 not in months.month.tolist()


# 9 -- VERIFI calculationsHelpers.ts l.79-90: the intensity adds all products, whatever the unit.


def test_fault_09_unlike_products_are_not_added() -> None:
    use, products = 100.0, {"beer": (10.0, "hl"), "shirts": (500.0, "cái")}

    def peer(used: float, made: dict[str, tuple[float, str]]) -> float:
        return used / sum(amount for amount, _ in made.values())

    def ours(used: float, made: dict[str, tuple[float, str]]) -> float:
        rows = [(name, phase, amount, unit) for name, (amount, unit) in made.items()
                for phase in ("baseline", "reporting")]
        study = sx.Study(
            production=pd.DataFrame(rows, columns=["product", "phase", "quantity", "unit"]),
            consumption=pd.DataFrame({"resource": "electricity", "unit": "kWh", "quantity": used,
                                      "phase": ["baseline", "reporting"]}),
        )
        return float(sx.assess(study).savings["electricity"].baseline)

    def rule(ratio: Callable[[float, dict[str, tuple[float, str]]], float]) -> None:
        refused = False
        try:
            ratio(use, products)
        except sx.StudyError as error:
            refused = "study.several_products" in [item.code for item in error.findings]
        assert refused

    breaks(rule, peer)
    rule(ours)


# 10, 11 -- VERIFI l.187: negative modelled use clamped to 0; BETTER core/savings.py: worsening
# clamped to 0.


def test_fault_10_a_negative_use_is_refused_not_clamped() -> None:
    def peer(use: float, output: float) -> float:
        return max(use, 0.0) / output

    def rule(ratio: Callable[[float, float], float]) -> None:
        try:
            value = ratio(-5.0, 10.0)
        except ValueError:
            return  # refused
        assert value < 0  # or at least shown

    breaks(rule, peer)
    rule(specific_consumption)


def test_fault_11_what_got_worse_is_shown() -> None:
    def peer(baseline: float, post: float) -> float:
        return max(0.0, (baseline - post) / baseline)

    def rule(saving: Callable[[float, float], float]) -> None:
        assert saving(100.0, 110.0) == -0.1

    breaks(rule, peer)
    rule(saving_fraction)
    assert absolute_saving(100.0, 110.0, 10.0) == -100.0
    assert cost_weighted_saving([1.0], [100.0], [110.0], 10.0).saving == -0.1


# 12 -- Py-EnPI: the savings are not normalised while the improvement is.


def test_fault_12_savings_and_percentage_tell_one_story() -> None:
    base_use, base_output, use, output = 1000.0, 100.0, 1080.0, 120.0

    def peer() -> tuple[float, float]:
        improvement = 1 - (use / output) / (base_use / base_output)
        return base_use - use, improvement  # −80 saved, 10 % improved

    def ours() -> tuple[float, float]:
        before = specific_consumption(base_use, base_output)
        after = specific_consumption(use, output)
        return absolute_saving(before, after, output), saving_fraction(before, after)

    def rule(both: Callable[[], tuple[float, float]]) -> None:
        saved, fraction = both()
        assert saved == pytest.approx(fraction * (base_use / base_output) * output, rel=1e-15)

    breaks(rule, peer)
    rule(ours)
    assert pooled_saving([1200.0], [1080.0]) == ours()[1] == 0.1


# 13 -- IAC dashboard: payback = full cost / the saving of one stream.


def test_fault_13_payback_uses_the_savings_of_all_streams() -> None:
    cost, streams = 900.0, [100.0, 200.0]

    def peer(one: float, each: list[float]) -> float:
        return one / each[0]

    def rule(payback: Callable[[float, list[float]], float]) -> None:
        assert payback(cost, streams) == 3.0

    breaks(rule, peer)
    rule(lambda c, each: rank_options([c], [each]).years.item())


# 15 -- numpy-financial, pyxirr: two dimensions refused, silent nan.


def test_fault_15_every_cell_has_an_answer_and_every_nan_a_reason() -> None:
    cost, saving = np.array([[100.0], [0.0]]), np.array([50.0, 0.0, -5.0, NAN])

    def peer(costs: np.ndarray, savings: np.ndarray) -> tuple[np.ndarray, list[str]]:
        if costs.ndim > 1:
            raise ValueError("Input must be a rank-1 array")
        with np.errstate(all="ignore"):
            return costs / savings, []  # nan, and no word why

    def ours(costs: np.ndarray, savings: np.ndarray) -> tuple[np.ndarray, list[str]]:
        found = simple_payback(costs, savings)
        return found.years, np.ravel(found.payback_class).tolist()

    def rule(payback: Callable[..., tuple[np.ndarray, list[str]]]) -> None:
        try:
            years, reasons = payback(cost, saving)
        except ValueError:
            pytest.fail("two dimensions refused")
        assert years.shape == (2, 4)
        assert reasons == [
            "years", "never", "worse", "unknown", "immediate", "never", "worse", "unknown",
        ]  # fmt: skip

    with pytest.raises(pytest.fail.Exception):
        rule(peer)
    breaks(rule, lambda c, s: peer(np.broadcast_to(c, (2, 4)).ravel(), np.tile(s, 2)))
    rule(ours)


# numpy-financial _financial.py irr (1.0.0): one dimension only, nan where it finds nothing, and of
# several roots the one nearest to 0. A search from a guess (rate() of both, issue 98 of the first)
# goes astray below −100 %.


def one_root(flows: np.ndarray) -> float:
    """Return what numpy-financial 1.0.0 does: every root, and of them the one nearest to 0."""
    if flows.ndim != 1:
        raise ValueError("Cashflows must be a rank-1 array")
    roots = np.roots(flows[::-1])
    real = roots[(np.imag(roots) == 0) & (np.real(roots) > 0)].real
    if not real.size:
        return NAN
    rates = 1 / real - 1
    return float(rates[np.argmin(np.abs(rates))])


def newton_from(flows: np.ndarray, guess: float = 0.1) -> float:
    """Return what an unguarded Newton's method in the rate itself comes to."""
    years, at = np.arange(flows.size), guess
    with np.errstate(all="ignore"):
        for _ in range(50):
            terms = flows / (1 + at) ** years
            at = at + (1 + at) * terms.sum() / (years * terms).sum()
    return float(at)


def test_fault_15_internal_rates_of_a_table_and_a_reason_for_each_nan() -> None:
    table = np.array([[-100.0, 60.0, 60.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [-1.0, NAN, 9.0]])

    def peer(flows: np.ndarray) -> tuple[list[float], list[str]]:
        return [one_root(flows)], []

    def row_by_row(flows: np.ndarray) -> tuple[list[float], list[str]]:
        return [one_root(row) if np.isfinite(row).all() else NAN for row in flows], []

    def ours(flows: np.ndarray) -> tuple[list[float], list[str]]:
        found = irr(flows)
        return found.rate.tolist(), found.status.tolist()

    def rule(rates: Callable[[np.ndarray], tuple[list[float], list[str]]]) -> None:
        try:
            found, reasons = rates(table)
        except ValueError:
            pytest.fail("two dimensions refused")
        assert found[0] == pytest.approx(0.1306623863, rel=1e-9)  # 6/(√69 − 3) − 1
        assert np.isnan(found[1:]).all()
        assert reasons == ["unique", "none", "undefined", "undefined"]

    with pytest.raises(pytest.fail.Exception):
        rule(peer)
    breaks(rule, row_by_row)
    rule(ours)


def test_fault_15_of_several_rates_none_is_picked_in_silence() -> None:
    # A machine that is dear to take down: value 0 at 10 % and at 20 %, above 0 only between.
    flows = np.array([-1000.0, 2300.0, -1320.0])

    def rule(rate: Callable[[np.ndarray], float]) -> None:
        assert npv(0.05, flows) < 0
        assert npv(0.25, flows) < 0
        # «10 % a year» would be accepted at a rate of 5 %, where the option loses money.
        assert not rate(flows) > 0.05

    breaks(rule, one_root)
    breaks(rule, newton_from)
    rule(lambda row: irr(row).rate)
    assert irr(flows).status == "multiple"
    np.testing.assert_allclose(irr(flows).roots, [0.1, 0.2], rtol=1e-11)


def test_fault_15_no_rate_below_minus_100_percent_and_none_missed() -> None:
    flows = np.array([-1000.0, 1.0, 1.0, 1.0])  # nearly all is lost

    def rule(rate: Callable[[np.ndarray], float]) -> None:
        found = rate(flows)
        assert found > -1
        assert abs(npv(found, flows)) <= 1e-9

    breaks(rule, newton_from)
    rule(lambda row: irr(row).rate)


# Simple payback under degradation or escalation: the cost by the first year's saving. Of a mixed
# portfolio 2.2 % "pay back" so and never do.


def test_fault_16_a_saving_that_fades_may_never_pay_back() -> None:
    cost, saved, fading, life = 500.0, 100.0, -0.2, 20  # 100, 80, 64, … sums to 500 at infinity

    def peer(c: float, s: float, growth: float, years: int) -> float:
        return c / s

    def ours(c: float, s: float, growth: float, years: int) -> float:
        return float(level_discounted_payback(0.0, c, s, years, growth).years)

    def rule(payback: Callable[[float, float, float, int], float]) -> None:
        assert option_cashflows(cost, saved, life, saving_growth=fading).sum() < 0
        assert payback(cost, saved, fading, life) == INF

    breaks(rule, peer)
    rule(ours)


def test_fault_16_a_payback_beyond_the_life_is_none() -> None:
    cost, saved, life = 500.0, 100.0, 4

    def rule(payback: Callable[[float, float, int], float]) -> None:
        assert life * saved < cost
        assert payback(cost, saved, life) == INF

    breaks(rule, lambda c, s, years: c / s)
    rule(lambda c, s, years: float(level_discounted_payback(0.0, c, s, years).years))


def test_fault_16_escalation_shortens_and_discounting_lengthens_the_payback() -> None:
    cost, saved = 500.0, 100.0

    def rule(payback: Callable[[float, float], float]) -> None:
        assert payback(0.0, 0.1) < payback(0.0, 0.0) < payback(0.1, 0.0)

    breaks(rule, lambda at, growth: cost / saved)
    rule(lambda at, growth: float(
        level_discounted_payback(at, cost, saved, 30, growth).years))  # fmt: skip


# 4, 5 and ranking by payback -- what a chosen set of options costs, saves and is worth.


def test_fault_04_the_payback_of_a_set_is_not_a_sum_of_paybacks() -> None:
    # Two on one boiler that uses 1000 a year: 200 and 200 alone, 360 together.
    cost, fractions, use = [600.0, 600.0], [[0.2], [0.2]], 1000.0

    def peer(costs: list[float], saved: list[list[float]], used: float) -> float:
        return sum(c / (used * s) for c, (s,) in zip(costs, saved, strict=True))

    def ours(costs: list[float], saved: list[list[float]], used: float) -> float:
        return simple_payback(sum(costs), used * combine_savings([1.0], saved).saving).years

    def rule(payback: Callable[..., float]) -> None:
        years = payback(cost, fractions, use)
        alone = payback(cost[:1], fractions[:1], use)
        assert years == pytest.approx(1200 / 360)
        assert alone < years < 2 * alone  # overlap lengthens it, adding doubles it

    breaks(rule, peer)
    rule(ours)


def test_fault_05_options_together_never_save_more_than_is_used() -> None:
    fractions = [[0.7], [0.6]]

    def peer(saved: list[list[float]]) -> float:
        return sum(s for (s,) in saved)

    def rule(saving: Callable[[list[list[float]]], float]) -> None:
        assert saving(fractions) == pytest.approx(0.88)  # 1 − 0.3 × 0.4, not 1.3
        assert saving(fractions * 20) <= 1

    breaks(rule, peer)
    rule(lambda saved: combine_savings([1.0], saved).saving)


def test_the_best_set_is_not_the_one_of_the_shortest_paybacks() -> None:
    # A pays back in 1 year and lasts 2; B and C in 2 years and last 15. Money for 200; 10 % a
    # year: 1.7355 and 7.6061 are the annuity factors of 2 and 15 years.
    cost, saving, life = [100.0, 100.0, 100.0], [100.0, 50.0, 48.0], [2, 15, 15]
    factor = {2: 1.735537, 15: 7.606080}
    worth = [s * factor[n] - c for c, s, n in zip(cost, saving, life, strict=True)]

    def peer(costs: list[float], savings: list[float], budget: float) -> list[int]:
        chosen: list[int] = []
        for place in rank_options(costs, savings).order.tolist():
            if sum(costs[each] for each in chosen) + costs[place] <= budget:
                chosen.append(place)
        return chosen

    def ours(costs: list[float], savings: list[float], budget: float) -> list[int]:
        return np.flatnonzero(select_options(costs, worth, budget=budget).chosen).tolist()

    def rule(choose: Callable[[list[float], list[float], float], list[int]]) -> None:
        chosen = choose(cost, saving, 200.0)
        assert sum(worth[each] for each in chosen) == pytest.approx(545.4, abs=0.1)

    breaks(rule, peer)  # A and B: 353.9
    rule(ours)
