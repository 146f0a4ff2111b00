"""Fitted baselines: every kind by hand, frozen, the same again after a journey through JSON."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sxsh_audit.calc.baseline import KINDS, Baseline, fit_baseline
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.periods import BaselinePeriod, ReportingPeriod

# Four months: Σ use 1440, Σ output 52, means 360 and 13.
USE, OUTPUT = [300.0, 340.0, 380.0, 420.0], [10.0, 12.0, 14.0, 16.0]
SCATTERED = [301.0, 338.0, 381.0, 420.0]


def before(use: Any = None, output: Any = None, **more: Any) -> BaselinePeriod:
    return BaselinePeriod(USE if use is None else use, OUTPUT if output is None else output, **more)


def after(output: list[float], **more: Any) -> ReportingPeriod:
    return ReportingPeriod([0.0] * len(output), output, **more)  # type: ignore[arg-type]


# -- every kind by hand ------------------------------------------------------------------------


def test_the_ratio() -> None:
    fitted = fit_baseline(before(), "ratio")
    assert fitted.coefficients == (0.0, 1440 / 52)
    assert fitted.expected(after([13.0, 20.0])) == pytest.approx([360.0, 1440 / 52 * 20])
    # Residuals 300 − 276.92…, and so on: Σ (u − R q)² ÷ 3.
    left = [u - 1440 / 52 * q for u, q in zip(USE, OUTPUT, strict=True)]
    assert fitted.sigma == pytest.approx(math.sqrt(sum(e * e for e in left) / 3))
    assert (fitted.dof, fitted.n, fitted.rho) == (3.0, 4, 0.0)


def test_the_variance_of_the_ratio_is_that_of_cochran() -> None:
    # Cochran 6.4: var R ÷ R² = n ÷ (n − 1) · Σ (u − R q)² ÷ (Σ u)².
    fitted = fit_baseline(before(), "ratio")
    ratio = 1440 / 52
    squares = sum((u - ratio * q) ** 2 for u, q in zip(USE, OUTPUT, strict=True))
    relative = 4 / 3 * squares / 1440**2
    assert fitted.covariance[1][1] == pytest.approx(ratio**2 * relative)
    assert fitted.variance_of(np.array([1.0, 30.0])) == pytest.approx((ratio * 30) ** 2 * relative)


def test_the_ratio_with_a_base_load() -> None:
    # 30 % of 1440 is 432 in four months: 108 a month; 1008 over 52 t is 19.384… a tonne.
    fitted = fit_baseline(before(), "base_load_ratio", base_load=0.3)
    assert fitted.coefficients == pytest.approx((108.0, 1008 / 52))
    assert fitted.expected(after([0.0, 26.0])) == pytest.approx([108.0, 108.0 + 504.0])
    # A bill of two months has the base load of two.
    assert fitted.expected(after([0.0], length=[2.0])) == pytest.approx([216.0])


def test_the_regression() -> None:
    # 40 more for every 2 t: 20 a tonne, and 300 − 10 × 20 = 100 a month.
    fitted = fit_baseline(before())
    assert fitted.coefficients == pytest.approx((100.0, 20.0))
    assert fitted.r2 == pytest.approx(1.0)
    assert fitted.expected(after([5.0])) == pytest.approx([200.0])


def test_the_regression_with_scatter() -> None:
    # Σ (q − 13)² = 20, Σ (q − 13)(u − 360) = −3·−59 + −1·−22 + 21 + 3·60 = 400: slope 20, base 100.
    # Residuals 1, −2, 1, 0: σ² = 6 ÷ 2 = 3. Var slope = 3 ÷ 20, var base = 3 (1/4 + 169/20).
    fitted = fit_baseline(before(SCATTERED), autocorrelation=False)
    assert fitted.coefficients == pytest.approx((100.0, 20.0))
    assert fitted.sigma == pytest.approx(math.sqrt(3.0))
    assert fitted.covariance[1][1] == pytest.approx(3 / 20)
    assert fitted.covariance[0][0] == pytest.approx(3 * (1 / 4 + 169 / 20))
    assert fitted.covariance[0][1] == pytest.approx(-3 * 13 / 20)
    assert fitted.r2 == pytest.approx(1 - 6 / 8006)  # Σ (u − 360)² = 59² + 22² + 21² + 60² = 8006
    assert fitted.cv_rmse == pytest.approx(math.sqrt(3) / 360)
    # Two months at the mean: (0, 13) doubled, so only the mean is unsure: 4 σ² ÷ 4 = 3.
    assert fitted.variance_of(np.array([2.0, 26.0])) == pytest.approx(3.0)
    assert fitted.scatter_of(2) == pytest.approx(6.0)


def test_several_drivers_and_lengths_of_bills() -> None:
    length = np.array([1.0, 2.0, 1.0, 1.5, 1.0])
    output, days = np.array([10.0, 25.0, 14.0, 12.0, 9.0]), np.array([20.0, 41.0, 22.0, 39.0, 25.0])
    period = before(50 * length + 3 * output + 2 * days, output, drivers={"days": days},
                    length=length)
    fitted = fit_baseline(period, drivers=("output", "days"))
    assert fitted.coefficients == pytest.approx((50.0, 3.0, 2.0))
    assert fitted.lows == (9.0, 20.0)
    assert fitted.highs == (25.0, 41.0)
    assert fitted.means == pytest.approx((14.0, 29.4))
    assert fitted.length == 6.5


def test_one_driver_may_be_named_without_a_list() -> None:
    period = before(drivers={"days": [20.0, 22.0, 24.0, 26.0]})
    assert fit_baseline(period, drivers="days").drivers == ("days",)


@pytest.mark.parametrize(("side", "sign"), [("above", 1.0), ("below", -1.0)])
def test_the_change_point(side: str, sign: float) -> None:
    t = np.arange(5.0, 30.0)
    past = np.maximum(sign * (t - 17.5), 0.0)
    period = before(50.0 + 4.0 * past, np.ones(t.size), drivers={"t": t})
    fitted = fit_baseline(period, "change_point", drivers=("t",), side=side)
    assert fitted.change_point == pytest.approx(17.5)
    assert fitted.coefficients == pytest.approx((50.0, 4.0))
    assert fitted.side == side
    asked = after([1.0, 1.0], drivers={"t": [10.0, 20.0]})
    hand = {"above": [50.0, 60.0], "below": [80.0, 50.0]}[side]
    assert fitted.expected(asked) == pytest.approx(hand)


def test_a_change_point_is_told_by_the_month() -> None:
    # 17.5 a month: a bill of two months with 40 lies 5 past it.
    t = np.arange(5.0, 30.0)
    fitted = fit_baseline(before(50.0 + 4.0 * np.maximum(t - 17.5, 0.0), t), "change_point")
    assert fitted.expected(after([40.0], length=[2.0])) == pytest.approx([100.0 + 4.0 * 5.0])


def test_autocorrelation_is_never_below_zero() -> None:
    output = np.arange(10.0, 34.0)
    swinging = 100 + 20 * output + 5 * (-1.0) ** np.arange(24)
    assert fit_baseline(before(swinging, output)).rho == 0.0
    lasting = 100 + 20 * output + np.repeat([5.0, -6.0, 4.0, -3.0], 6)
    allowed, plain = (fit_baseline(before(lasting, output), autocorrelation=which)
                      for which in (True, False))
    assert allowed.rho > 0.3
    assert plain.rho == 0.0
    # What lasts makes the sum of a year less sure.
    assert allowed.scatter_of(12) > plain.scatter_of(12)


# -- what is not known, and what cannot be fitted ----------------------------------------------


@pytest.mark.parametrize("kind", ["ratio", "regression"])
def test_a_row_with_anything_unknown_is_left_out(kind: str) -> None:
    nan = math.nan
    whole = fit_baseline(before(SCATTERED), kind)
    holes = fit_baseline(before([301.0, nan, 338.0, 381.0, 500.0, 420.0],
                                [10.0, 11.0, 12.0, 14.0, nan, 16.0]), kind)
    assert holes == whole


def test_an_unknown_driver_leaves_the_row_out() -> None:
    days = {"days": [20.0, math.nan, 25.0, 21.0, 22.0]}
    period = before([*SCATTERED, 460.0], [*OUTPUT, 18.0], drivers=days)
    assert fit_baseline(period, drivers=("output", "days")).n == 4
    assert fit_baseline(period).n == 5


def test_what_is_expected_of_an_unknown_driver_is_unknown() -> None:
    found = fit_baseline(before()).expected(after([math.nan, 1.0]))
    assert np.isnan(found).tolist() == [True, False]


@pytest.mark.parametrize(
    ("kind", "use", "output", "code"),
    [
        ("regression", [], [], "calc.not_fitted"),
        ("regression", [5.0], [1.0], "calc.not_fitted"),
        ("regression", [5.0, 6.0], [1.0, 2.0], "calc.not_fitted"),  # no degree of freedom
        ("regression", USE, [10.0] * 4, "calc.not_fitted"),
        ("regression", USE, [math.nan] * 4, "calc.not_fitted"),
        ("change_point", [], [], "calc.no_change_point"),
        ("change_point", [math.nan] * 4, OUTPUT, "calc.no_change_point"),
        ("change_point", USE, OUTPUT, "calc.no_change_point"),  # three on either side
        ("ratio", [], [], "calc.no_output"),
        ("ratio", USE, [0.0] * 4, "calc.no_output"),
        ("base_load_ratio", [math.nan] * 4, OUTPUT, "calc.no_output"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_cannot_be_fitted_is_refused(
    kind: str, use: list[float], output: list[float], code: str, language: Any
) -> None:
    with pytest.raises(RangeError) as refused:
        fit_baseline(before(use, output), kind, language=language)
    assert refused.value.code == code
    assert "{" not in str(refused.value)


@pytest.mark.parametrize("share", [-0.01, 1.01, math.nan, math.inf])
def test_a_base_load_outside_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(RangeError) as refused:
        fit_baseline(before(), "base_load_ratio", base_load=share)
    assert refused.value.code == "calc.base_load"


def test_one_row_is_a_ratio_without_a_scatter() -> None:
    fitted = fit_baseline(before([300.0], [10.0]), "ratio")
    assert fitted.coefficients == (0.0, 30.0)
    assert (fitted.sigma, fitted.covariance, fitted.cv_rmse) == (None, (), None)
    assert math.isnan(fitted.variance_of(np.array([1.0, 10.0])))
    assert math.isnan(fitted.scatter_of(3))


def test_nothing_used_is_a_ratio_of_nothing() -> None:
    fitted = fit_baseline(before([0.0] * 4), "ratio")
    assert fitted.coefficients == (0.0, 0.0)
    assert (fitted.sigma, fitted.cv_rmse) == (0.0, None)
    assert fitted.variance_of(np.array([4.0, 50.0])) == 0.0


def test_names_that_there_are_not() -> None:
    with pytest.raises(ValueError, match="no baseline of kind 'line'"):
        fit_baseline(before(), "line")
    with pytest.raises(KeyError, match="no driver heat; there are: output, days"):
        fit_baseline(before(drivers={"days": [1.0, 2.0, 3.0, 4.0]}), drivers=("output", "heat"))
    with pytest.raises(ValueError, match="side must be one of"):
        fit_baseline(before(), "change_point", side="both")
    with pytest.raises(ValueError, match="one driver, not 2"):
        fit_baseline(before(drivers={"t": USE}), "change_point", drivers=("output", "t"))
    period = before(drivers={"days": [1.0, 2.0, 4.0, 3.0]})
    fitted = fit_baseline(period, drivers=("output", "days"))
    with pytest.raises(KeyError, match="no driver days"):
        fitted.expected(after([10.0]))


def test_the_other_period_is_no_baseline() -> None:
    with pytest.raises(TypeError, match="not on a ReportingPeriod"):
        fit_baseline(ReportingPeriod(USE, OUTPUT))  # type: ignore[arg-type]


# -- frozen, and the same again ----------------------------------------------------------------


def test_it_is_frozen() -> None:
    fitted = fit_baseline(before())
    for name in ("sigma", "coefficients", "kind"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(fitted, name, 1.0)
    with pytest.raises((AttributeError, TypeError)):
        fitted.mine = 1.0  # type: ignore[attr-defined]
    assert hash(fitted) == hash(fit_baseline(before()))


def any_kind(kind: str) -> Baseline:
    random = np.random.default_rng(5)
    output = random.uniform(10, 30, 24)
    use = 100 + 7 * np.maximum(output - 17, 0) + random.normal(0, 4, 24)
    period = before(use, output, resource="electricity", unit="kWh", output_unit="t")
    return fit_baseline(period, kind, base_load=0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_it_reloads_identical_and_expects_bit_for_bit_the_same(kind: str) -> None:
    fitted = any_kind(kind)
    again = Baseline.from_dict(json.loads(json.dumps(fitted.to_dict(), allow_nan=False)))
    assert again == fitted
    assert again.to_dict() == fitted.to_dict()
    asked = after([3.3, 17.7, 29.1], length=[1.0, 0.7, 1.9])
    assert (again.expected(asked) == fitted.expected(asked)).all()
    sums = fitted.rows(asked).sum(axis=0)
    assert again.variance_of(sums) == fitted.variance_of(sums)
    assert again.scatter_of(3) == fitted.scatter_of(3)


def test_the_record_says_what_it_is() -> None:
    record = any_kind("regression").to_dict()
    assert (record["schema_version"], record["record"]) == ("1", "baseline")
    told = [record[name] for name in ("resource", "unit", "output_unit", "fitted_on")]
    assert told == ["electricity", "kWh", "t", "baseline"]


def without(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda record: {key: value for key, value in record.items() if key != name}


def with_(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda record: {**record, **changes}


HOSTILE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no record": lambda record: {},
    "a list": lambda record: [record],
    "a text": lambda record: "baseline",
    "none": lambda record: None,
    "another record": with_(record="assessment"),
    "a later version": with_(schema_version="2"),
    "without coefficients": without("coefficients"),
    "without sigma": without("sigma"),
    "another kind": with_(kind="forest"),
    "a kind that is a list": with_(kind=["ratio"]),
    "text for a number": with_(coefficients=["1", 2.0]),
    "true for a number": with_(use=True),
    "nan": with_(coefficients=[math.nan, 1.0]),
    "infinite": with_(dof=math.inf),
    "a coefficient too many": with_(coefficients=[1.0, 2.0, 3.0]),
    "no coefficient": with_(coefficients=[]),
    "a covariance of another size": with_(covariance=[[1.0]]),
    "a covariance that is flat": with_(covariance=[1.0, 2.0]),
    "a covariance of texts": with_(covariance=[["a", "b"], ["c", "d"]]),
    "a driver that is no text": with_(drivers=[1]),
    "drivers as one text": with_(drivers="x"),
    "drivers none": with_(drivers=None),
    "sigma below 0": with_(sigma=-1.0),
    "dof below 0": with_(dof=-1.0),
    "rho of 1": with_(rho=1.0),
    "a change point of a line": with_(change_point=3.0),
    "a side of a line": with_(side="above"),
    "lows of another size": with_(lows=[1.0, 2.0, 3.0, 4.0]),
    "of no period": with_(fitted_on="later"),
    "a resource that is a list": with_(resource=[]),
    "deep": with_(covariance=[[[[[1.0]]]]]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_record_is_refused_and_no_other_error_comes(name: str) -> None:
    record = fit_baseline(before(SCATTERED)).to_dict()
    with pytest.raises(ValueError, match=r"this is no|there is no"):
        Baseline.from_dict(HOSTILE[name](record))


def test_more_fields_are_those_of_a_later_version() -> None:
    fitted = fit_baseline(before(SCATTERED))
    assert Baseline.from_dict({**fitted.to_dict(), "more": 1}) == fitted
