"""What the charts of a flow sheet draw: flows between steps, and what is lost with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["LOSSES", "FlowBand", "LossStep", "LossStream"]

LOSSES = frozenset({
    "defect", "waste_water", "solid_waste", "hazardous_waste", "emission_air", "heat_loss", "loss",
})
"""Kinds of flow that are lost."""


@dataclass(frozen=True, slots=True)
class FlowBand:
    """One flow of a flow sheet, in the unit of what is balanced.

    Parameters
    ----------
    name : str
        Name of the flow in the reader's language.
    source, target : str
        Names of the steps it leaves and enters; empty for the world outside.
    amount : float
        Amount of the period or batch [unit]; below 0 where it runs the other way (a stock drawn
        down), nan where it is not known.
    unit : str
        Unit as it is printed, such as ``t``, or ISO 4217 code of money.
    kind : str
        Kind of flow: ``input``, ``internal``, ``product``, ``by_product``, ``recycle``,
        ``rework``, ``stock``, or one of :data:`LOSSES`; empty where it is not known.
    lost : bool
        Whether the flow is lost; by default no, and what is of a kind in :data:`LOSSES` is drawn
        as lost in any case.
    """

    name: str
    source: str
    target: str
    amount: float
    unit: str = ""
    kind: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class LossStream:
    """What one waste stream costs, by the part of the cost.

    Parameters
    ----------
    name : str
        Name of the stream in the reader's language.
    step : str
        Name of the step it leaves.
    material, energy, system, waste_management : float
        Cost of what is in it, of the energy and of the processing (labour, depreciation, upkeep)
        spent on it, and of its treatment and fees [unit]; nan where it is not known.
    unit : str
        ISO 4217 code of the money, or another unit as it is printed.
    """

    name: str
    step: str
    material: float = math.nan
    energy: float = math.nan
    system: float = math.nan
    waste_management: float = math.nan
    unit: str = "VND"


@dataclass(frozen=True, slots=True)
class LossStep:
    """One step from all the cost that enters a plant to the cost that its product carries.

    Parameters
    ----------
    kind : str
        ``input`` (all cost in), ``loss`` (of one stream or kind), ``product`` (cost carried by
        what is sold or kept).
    label : str
        Name in the reader's language; empty for the usual one of the kind.
    amount : float
        Cost, positive also of a loss [unit]; nan where it is not known.
    unit : str
        ISO 4217 code of the money, or another unit as it is printed.
    """

    kind: str
    label: str
    amount: float
    unit: str = "VND"
