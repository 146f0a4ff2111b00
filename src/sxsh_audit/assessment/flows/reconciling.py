"""Reconciliation of a flow sheet: amounts that balance, which meter is wrong, what follows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sxsh_audit.assessment.flows.balances import balanced_steps
from sxsh_audit.assessment.flows.contents import ComponentFound, reconciled_contents
from sxsh_audit.assessment.flows.flow_sheet import Flow, FlowSheet
from sxsh_audit.assessment.flows.layers import Layer, layers_of, mass_of
from sxsh_audit.assessment.flows.suspected import balance_findings
from sxsh_audit.assessment.result_tables import ResultTable, Shown, plain
from sxsh_audit.calc.balance import possible_ranges, reconcile_flows
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language

__all__ = ["RECONCILED", "TESTS", "Reconciled", "reconcile"]

SHEET = ("facility", "phase", "batch")
RECONCILED = (
    *SHEET, "layer", "flow", "name", "source", "source_name", "target",
    "target_name", "kind", "unit", "measured", "sd",
    "amount", "amount_sd", "least", "most", "adjustment", "z", "known_by", "suspect", "eliminated",
    "alike", "at_bound",
)  # fmt: skip
TESTS = (
    *SHEET, "layer", "status", "statistic", "dof", "p", "passed", "critical", "suspects",
    "without_error",
)  # fmt: skip
ROUNDING = 1e-12
"""Part of the largest flow that an amount of nothing may differ from 0 by."""
HOLD = ("reconciled", "estimated", "suspect")
"""States of a layer whose amounts may be used for what follows."""


@dataclass(frozen=True, slots=True, repr=False)
class Reconciled:
    """A reconciled flow sheet.

    Parameters
    ----------
    sheet : FlowSheet
        The sheet with reconciled and estimated amounts.
    measured : FlowSheet
        The sheet as it was.
    flows : ResultTable
        Each flow of each layer: ``measured`` with its ``sd``, reconciled ``amount`` with
        ``amount_sd`` [unit], ``least`` and ``most`` of what nothing tells, ``adjustment`` =
        amount − measured, ``z`` of the measurement test,
        ``known_by`` (``redundant``, ``nonredundant``, ``observable``, ``unobservable``,
        ``exact``), ``suspect`` (1 for the first that was eliminated, else None), ``alike`` (flows
        that cannot be told apart from it) and ``at_bound``.
    tests : ResultTable
        Each layer: ``status`` (``reconciled``; ``estimated`` where nothing is measured twice;
        ``suspect`` where meters were eliminated; ``contradicts`` where the test fails and no
        meter explains it; ``no_error`` where a redundant flow has no stated error;
        ``nothing`` where no step has both sides), ``statistic``, ``dof``, ``p``, ``passed``,
        ``critical`` value of ``z``, ``suspects``, ``without_error``.
    findings : tuple of Finding
        Suspect meters and layers that were not reconciled.
    """

    sheet: FlowSheet
    measured: FlowSheet
    flows: ResultTable
    tests: ResultTable
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether the amounts of mass balance: what losses cost is worked out with them.

        A layer in which no step has both sides says nothing against another. Of a plant that
        counts its pieces alone it is their balance that must hold.
        """
        told = {row["layer"]: row["status"] for row in self.tests.rows
                if row["status"] != "nothing"}  # fmt: skip
        main = [told[layer] for layer in ("mass", "volume") if layer in told] or [
            status for layer, status in told.items() if ":" not in layer and layer != "energy"]
        return bool(main) and all(status in HOLD for status in main)

    def show(self, language: Language = "vi") -> Shown:
        """Return it in `language`: print it, or make it the last line of a cell."""
        from sxsh_audit.assessment.flows.showing import reconciled_shown

        return reconciled_shown(self, language)

    def _repr_html_(self) -> str:
        return self.show().html

    def __str__(self) -> str:
        return self.show().text

    def __repr__(self) -> str:
        return f"Reconciled({self.sheet!r}: {len(self.flows)} flows)"


def reconcile(
    sheet: FlowSheet, *, level: float = 0.05, eliminate: bool = True
) -> Reconciled:
    """Reconcile the measurements of a flow sheet with the balances of its steps.

    Parameters
    ----------
    sheet : FlowSheet
        Flows with their errors; those without an amount are estimated where the balances tell.
    level : float
        Level of the tests: how often sound meters are suspected all the same. [1]
    eliminate : bool
        Whether the worst meter is left out, one after the other, until the test holds.

    Returns
    -------
    Reconciled

    Raises
    ------
    TypeError
        If it is given anything but a flow sheet.

    Notes
    -----
    Weighted least squares: the smallest Σ ((x − y) / σ)² for which every step balances, in each
    layer for itself. A step that nothing of a layer enters, or that nothing leaves, has no balance
    in it. An eliminated meter is an unmeasured flow. A suspect that joins a step with the outside
    world cannot be told apart from a flow that is not on the sheet.

    References
    ----------
    .. [1] S. Narasimhan and C. Jordache, *Data Reconciliation and Gross Error Detection*, Gulf,
       2000.

    Examples
    --------
    >>> import pandas as pd
    >>> sheet = FlowSheet.from_tables(pd.DataFrame({
    ...     "Từ": ["", "Đúc", "Đúc"], "Đến": ["Đúc", "", ""],
    ...     "Dòng": ["gang", "vật đúc", "xỉ"], "Loại dòng": ["đầu vào", "sản phẩm", "tổn thất"],
    ...     "Lượng": ["100 tấn", "82 tấn", None], "Sai số": "1 %", "Ý nghĩa sai số": "95 %"}))
    >>> found = reconcile(sheet)
    >>> found.flows[2].amount, found.flows[2].known_by, found.tests[0].status
    (18.0, 'observable', 'estimated')
    """
    if not isinstance(sheet, FlowSheet):
        raise TypeError(f"give a FlowSheet, not {type(sheet).__name__}")
    rows: list[dict[str, Any]] = []
    tests: list[dict[str, Any]] = []
    findings: list[Finding] = []
    amounts: dict[str, Flow] = {}
    for layer in layers_of(sheet):
        told, test = _layer(sheet, layer, level, eliminate)
        rows += told
        tests.append(test)
        findings += balance_findings(sheet, layer, test, told)
        if test["status"] in HOLD:
            amounts |= _amounts(layer, told)
    flows = tuple(amounts.get(flow.flow, flow) for flow in sheet.flows)
    balanced = replace(sheet, flows=flows)
    if any(test["layer"] == "mass" and test["status"] in HOLD for test in tests):
        balanced, components = reconciled_contents(balanced)
        for one in components:
            told, test = _component(sheet, one, level)
            rows += told
            tests.append(test)
            findings += balance_findings(sheet, one.layer, test, told)
    return Reconciled(
        balanced, sheet,
        ResultTable("flows", (*SHEET, "layer", "flow"), tuple(rows)),
        ResultTable("balance_tests", (*SHEET, "layer"), tuple(tests)), tuple(findings),
    )  # fmt: skip


def _layer(
    sheet: FlowSheet, layer: Layer, level: float, eliminate: bool
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    identity = _identity(sheet, layer)
    labels = {step.step: step.label for step in sheet.steps}
    test = _no_test(identity)
    inner = np.zeros(len(sheet.steps), dtype=bool)
    inner[balanced_steps(sheet, layer)] = True
    source, target = (np.array(ends, dtype=int) for ends in sheet.positions(layer.flows))
    # A step without a balance in this layer is, for it, a part of the outside world.
    at = np.append(inner, False)
    kept = np.flatnonzero(at[source] | at[target])
    if not len(kept):
        return _untouched(identity, labels, layer), test
    without = np.isnan(layer.sd) & ~np.isnan(layer.amount)
    sd = np.where(without, _stand_in(layer), layer.sd)
    solved = partial(
        reconcile_flows, source[kept], target[kept], layer.amount[kept], sd[kept],
        len(sheet.steps), balanced=inner, level=level)  # fmt: skip
    try:
        # Before any meter is left out: a stand-in must not make a suspect either.
        weighed = [layer.flows[k].label for k, kind in zip(kept, solved().kind, strict=True)
                   if without[k] and str(kind) == "redundant"] if without.any() else []
        if weighed:
            # Without an error nobody knows how much of a misfit is whose.
            test |= {"status": "no_error", "without_error": weighed[:12]}
            return _untouched(identity, labels, layer), test
        found = solved(lower=_ends(layer.low, -math.inf)[kept],
                       upper=_ends(layer.high, math.inf)[kept], eliminate=eliminate)  # fmt: skip
    except RangeError:
        # Exact amounts contradict each other, or no balance keeps the stated ends.
        test |= {"status": "contradicts", "passed": False}
        return _untouched(identity, labels, layer), test
    names = [layer.flows[k].flow for k in kept]
    suspects = [names[suspect.flow] for suspect in found.suspects]
    status = "reconciled" if found.dof else "estimated"
    if found.eliminated.any():
        status = "suspect"
    if found.passed is False:
        status = "contradicts"
    test |= {
        "status": status, "statistic": plain(float(found.statistic)), "dof": int(found.dof),
        "p": plain(float(found.p)), "passed": bool(found.passed) if found.dof else None,
        "critical": plain(float(found.critical)) if found.dof else None, "suspects": suspects,
    }  # fmt: skip
    places = {int(k): i for i, k in enumerate(kept)}
    ranges = _ranges(layer, kept, source, target, found, inner)
    taken = [(found, places[k], names) if k in places else None for k in range(len(layer.flows))]
    rows = [_row(identity, labels, layer, k, one) for k, one in enumerate(taken)]
    for k, (least, most) in ranges.items():
        rows[k] |= {"least": least, "most": most}
    return rows, test


def _ranges(
    layer: Layer, kept: NDArray[Any], source: NDArray[Any], target: NDArray[Any], found: Any,
    inner: NDArray[np.bool_],
) -> dict[int, tuple[float | None, float | None]]:
    """Return between what the flows lie that nothing tells: none of them runs backwards."""
    blind = [int(k) for k, kind in zip(kept, found.kind, strict=True)
             if str(kind) == "unobservable"]  # fmt: skip
    if not blind:
        return {}
    signed = np.array([flow.kind == "stock" for flow in layer.flows], dtype=bool)
    low = _ends(layer.low, -math.inf) if signed.all() else np.where(
        np.isnan(layer.low), np.where(signed, -math.inf, 0.0), layer.low)  # fmt: skip
    within = possible_ranges(source[kept], target[kept], found.amount, inner.size,
                             lower=low[kept], upper=_ends(layer.high, math.inf)[kept],
                             balanced=inner)  # fmt: skip
    if not within.possible:
        return {}
    places = {int(k): i for i, k in enumerate(kept)}
    ends = {k: (float(within.low[places[k]]), float(within.high[places[k]])) for k in blind}
    return {k: (low if math.isfinite(low) else None, high if math.isfinite(high) else None)
            for k, (low, high) in ends.items()}  # fmt: skip


def _untouched(
    identity: dict[str, Any], labels: dict[str, str], layer: Layer
) -> list[dict[str, Any]]:
    return [_row(identity, labels, layer, k, None) for k in range(len(layer.flows))]


def _component(
    sheet: FlowSheet, found: ComponentFound, level: float
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the records of one component: what is stated or follows."""
    layer, result = found.layer, found.result
    identity = _identity(sheet, layer)
    test = _no_test(identity)
    labels = {step.step: step.label for step in sheet.steps}
    rows = _untouched(identity, labels, layer)
    if found.without:
        test |= {"status": "no_error", "without_error": found.without[:12]}
    if result is None:
        return [row for row in rows if row["measured"] is not None], test
    kinds, z = [str(kind) for kind in result.kind], result.z
    main = next(one for one in layers_of(sheet) if one.name == "mass").flows
    places = {flow.flow: k for k, flow in enumerate(main)}
    for k, (flow, row) in enumerate(zip(layer.flows, rows, strict=True)):
        place = places.get(flow.flow)
        if place is None:
            continue
        row |= {"amount": plain(float(found.amount[k])), "amount_sd": plain(float(found.sd[k])),
                "adjustment": plain(float(found.amount[k] - layer.amount[k])),
                "z": plain(float(z[place])), "known_by": kinds[place]}  # fmt: skip
    passed = bool(result.p >= level) if result.dof else None
    test |= {
        "status": "estimated" if passed is None else "reconciled" if passed else "contradicts",
        "statistic": plain(float(result.statistic)), "dof": int(result.dof),
        "p": plain(float(result.p)), "passed": passed,
    }  # fmt: skip
    return [row for row in rows if row["amount"] is not None or row["measured"] is not None], test


def _identity(sheet: FlowSheet, layer: Layer) -> dict[str, Any]:
    return {"facility": sheet.facility, "phase": sheet.phase, "batch": sheet.batch,
            "layer": layer.name}  # fmt: skip


def _no_test(identity: dict[str, Any]) -> dict[str, Any]:
    return {**identity, "status": "nothing", "statistic": None, "dof": 0, "p": None,
            "passed": None, "critical": None, "suspects": [], "without_error": []}  # fmt: skip


def _ends(stated: NDArray[np.float64], none: float) -> NDArray[np.float64]:
    """Return ends of amounts; none where the study states none."""
    return np.where(np.isnan(stated), none, stated)


def _stand_in(layer: Layer) -> NDArray[np.float64]:
    """Return errors that only stand for those nobody stated: they must not decide anything."""
    size = np.abs(np.nan_to_num(layer.amount))
    return 0.1 * np.where(size > 0, size, max(float(size.max(initial=0.0)), 1.0))


def _row(
    identity: dict[str, Any], labels: dict[str, str], layer: Layer, place: int,
    taken: tuple[Any, int, list[str]] | None,
) -> dict[str, Any]:
    flow = layer.flows[place]
    measured, sd = float(layer.amount[place]), float(layer.sd[place])
    row: dict[str, Any] = {
        **identity, "flow": flow.flow, "name": flow.label, "source": flow.source,
        "source_name": labels.get(flow.source, ""), "target": flow.target,
        "target_name": labels.get(flow.target, ""), "kind": flow.kind, "unit": layer.unit,
        "measured": plain(measured),
        "sd": plain(sd), "amount": plain(measured), "amount_sd": plain(sd), "least": None,
        "most": None, "adjustment": None,
        "z": None, "known_by": "", "suspect": None, "eliminated": False, "alike": [],
        "at_bound": False,
    }  # fmt: skip
    if taken is None:
        return row
    found, k, names = taken
    amount = float(found.amount[k])
    if abs(amount) <= ROUNDING * float(np.nanmax(np.abs(found.amount), initial=0.0)):
        amount = 0.0  # what is left of a difference of equal amounts is neither + nor −
    order = {suspect.flow: place for place, suspect in enumerate(found.suspects, start=1)}
    alike = {other for suspect in found.suspects if suspect.flow == k for other in suspect.alike}
    alike |= {other for group in found.alike if k in group for other in group}
    row |= {
        "amount": plain(amount), "amount_sd": plain(float(found.sd[k])),
        "adjustment": plain(amount - measured),
        "z": plain(float(found.z[k])), "known_by": str(found.kind[k]),
        "suspect": order.get(k), "eliminated": bool(found.eliminated[k]),
        "alike": [names[i] for i in sorted(alike - {k})],
        "at_bound": bool(found.at_bound[k]),
    }  # fmt: skip
    return row


def _amounts(layer: Layer, rows: list[dict[str, Any]]) -> dict[str, Flow]:
    """Return the flows with what reconciliation found, in the unit of each."""
    found = {}
    for flow, row in zip(layer.flows, rows, strict=True):
        if row["amount"] is None:
            continue
        scale = mass_of(flow) if layer.name == "mass" and flow.unit else 1.0
        spread = math.nan if row["amount_sd"] is None else row["amount_sd"]
        found[flow.flow] = replace(flow, amount=row["amount"] / scale, sd=spread / scale,
                                   unit=flow.unit or layer.unit)  # fmt: skip
    return found
