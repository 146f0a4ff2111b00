"""The flow sheet of a plant in one period or batch: steps, flows, and what the flows hold."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence
from sxsh_audit.language.text import shown

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.display.flow_records import FlowBand
    from sxsh_audit.tables.study import Study

__all__ = ["KEPT", "LOSSES", "OUTSIDE", "Content", "Flow", "FlowSheet", "FlowStep"]

OUTSIDE = ""
"""The outside world as the end of a flow."""

LOSSES = ("defect", "waste_water", "solid_waste", "hazardous_waste", "emission_air", "heat_loss",
          "loss")  # fmt: skip
"""Kinds of flow that are no product."""

KEPT = ("product", "by_product")
"""Kinds of flow that leave the plant as what it makes."""


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step of the process (công đoạn): a quantity centre."""

    step: str
    name: str = ""
    parent: str = ""
    """Step or department that it is a part of."""
    kind: str = "process"
    """``process``, ``utility``, ``storage`` or ``treatment``."""
    system_cost: float = math.nan
    """Labour, upkeep and depreciation. [currency per period of the sheet]"""
    waste_cost: float = math.nan
    """Cost of managing waste that is of no single flow. [currency per period of the sheet]"""
    key: str = "mass"
    """What energy and system cost are shared by: ``mass``, ``volume``, ``energy``, ``count`` or
    ``component:<name>``."""

    @property
    def label(self) -> str:
        """Name that a person reads."""
        return self.name or self.step


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow between two steps, or between a step and the outside world."""

    flow: str
    name: str = ""
    source: str = OUTSIDE
    target: str = OUTSIDE
    resource: str = ""
    category: str = ""
    """Category of the resource, such as ``raw_material``."""
    substance: str = ""
    kind: str = ""
    amount: float = math.nan
    """Amount of the period or batch; nan where it was not measured. [unit]"""
    unit: str = ""
    sd: float = math.nan
    """Standard uncertainty of the amount; nan where no error is stated. [unit]"""
    low: float = math.nan
    high: float = math.nan
    """Ends that the amount cannot pass. [unit]"""
    density: float = math.nan
    """Mass of a cubic metre. [t/m³]"""
    cost: float = math.nan
    """What an input cost, or what the treatment of a loss and its fees cost. [currency]"""
    cost_share: float = math.nan
    """Stated part of its step's energy and system cost. [1]"""
    follows: str = ""
    """Component that the material cost of an input follows; empty for mass."""
    hazard: str = ""
    waste_code: str = ""
    treatment: str = ""
    cause: str = ""
    quality: str = ""
    days: int = 0
    """Days that the amount covers; 0 where that is not known."""
    shown_unit: str = ""
    shown_factor: float = 1.0
    """Unit that the study wrote it in, and units per one of it."""
    row: int = 0

    @property
    def label(self) -> str:
        """Name that a person reads."""
        return self.name or self.substance or self.flow

    @property
    def lost(self) -> bool:
        """Whether it is a loss by its kind."""
        return self.kind in LOSSES


@dataclass(frozen=True, slots=True)
class Content:
    """How much of a component a flow holds."""

    flow: str
    component: str
    value: float
    """Fraction of mass, or mass in a cubic metre. [t/t or t/m³]"""
    unit: str
    """``1`` or ``t/m3``."""
    sd: float = math.nan
    """Standard uncertainty. [as value]"""
    limit: float = math.nan
    """Limit that the user gave. [as value]"""
    limit_source: str = ""
    hazard: str = ""
    shown_unit: str = ""
    shown_factor: float = 1.0
    row: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class FlowSheet:
    """Steps and flows of one plant, in one period or batch.

    Make one from a study with :meth:`from_study`, all of a study with :meth:`all_of`, or one
    from DataFrames with :meth:`from_tables`.

    Parameters
    ----------
    facility, phase, batch : str
        What it is of: plant, ``baseline`` or ``reporting`` (empty where the study names no
        periods), batch.
    steps : tuple of FlowStep
        Quantity centres.
    flows : tuple of Flow
        Flows, in the order of the table.
    contents : tuple of Content
        Components of the flows.
    currency : str
        Currency of its money.
    days : int
        Days of the period; 0 where that is not known, as of a batch.

    Examples
    --------
    >>> import pandas as pd
    >>> sheet = FlowSheet.from_tables(pd.DataFrame({
    ...     "Từ": ["", "Đúc", "Đúc"], "Đến": ["Đúc", "", ""],
    ...     "Dòng": ["gang", "vật đúc", "xỉ"], "Loại dòng": ["đầu vào", "sản phẩm", "tổn thất"],
    ...     "Lượng": ["100 tấn", "82 tấn", "15 tấn"]}))
    >>> [(flow.source, flow.target, flow.amount, flow.unit) for flow in sheet.flows]
    [('', 'Đúc', 100.0, 't'), ('Đúc', '', 82.0, 't'), ('Đúc', '', 15.0, 't')]
    """

    facility: str
    phase: str
    batch: str
    steps: tuple[FlowStep, ...]
    flows: tuple[Flow, ...]
    contents: tuple[Content, ...] = ()
    currency: str = "VND"
    days: int = 0
    prices: tuple[tuple[str, float, str], ...] = field(default=(), repr=False)
    """Resource, its baseline price [currency/unit], unit."""

    @classmethod
    def from_study(
        cls, study: Study, *, facility: str | None = None, phase: str | None = None,
        batch: str | None = None,
    ) -> FlowSheet:
        """Return the one flow sheet of a study that is meant.

        Parameters
        ----------
        study : Study
            Checked records with a table of flows.
        facility, phase, batch : str, optional
            Which one, where the study has several.

        Returns
        -------
        FlowSheet

        Raises
        ------
        KeyError
            If there is none, or more than one; it lists those that there are.
        """
        wanted = {"facility": facility, "phase": phase, "batch": batch}
        known = cls.all_of(study)
        found = [sheet for sheet in known if all(
            value is None or getattr(sheet, name) == value for name, value in wanted.items())]
        if len(found) != 1:
            count = "no flow sheet" if not found else f"{len(found)} flow sheets"
            names = "; ".join(", ".join(f"{name}={getattr(sheet, name)!r}" for name in wanted)
                              for sheet in (found or known)[:10])  # fmt: skip
            raise KeyError(f"{count}; there are: {names or '–'}")
        return found[0]

    @classmethod
    def all_of(cls, study: Study) -> tuple[FlowSheet, ...]:
        """Return every flow sheet of a study, by plant, period and batch."""
        from sxsh_audit.assessment.flows.sheets import flow_sheets

        return flow_sheets(study)[0]

    @classmethod
    def from_tables(
        cls, flows: pd.DataFrame, steps: pd.DataFrame | None = None,
        components: pd.DataFrame | None = None, *, language: Language = "vi", **settings: Any,
    ) -> FlowSheet:
        """Check tables and return the flow sheet that they hold.

        Parameters
        ----------
        flows, steps, components : DataFrame
            Tables as :doc:`/reference/tables` lays them out.
        language : {"vi", "en"}
            Language of a refusal.
        **settings
            Keys of ``study.toml``.

        Returns
        -------
        FlowSheet

        Raises
        ------
        StudyError
            If anything in the tables is at fault.
        KeyError
            If they hold several flow sheets; :meth:`all_of` of a study has them all.
        """
        from sxsh_audit.tables.study import Study

        return cls.from_study(Study(flows=flows, steps=steps, components=components,
                                    language=language, **settings))  # fmt: skip

    # -- parts ----------------------------------------------------------------------------------

    def step(self, key: str) -> FlowStep:
        """Return a step by its key."""
        found = next((step for step in self.steps if step.step == key), None)
        if found is None:
            known = ", ".join(step.step for step in self.steps)
            raise KeyError(f"no step {key!r}; there are: {known}")
        return found

    def flow(self, key: str) -> Flow:
        """Return a flow by its id."""
        found = next((flow for flow in self.flows if flow.flow == key), None)
        if found is None:
            known = ", ".join(flow.flow for flow in self.flows)
            raise KeyError(f"no flow {key!r}; there are: {known}")
        return found

    def positions(self, flows: Sequence[Flow] | None = None) -> tuple[list[int], list[int]]:
        """Return step indices of the sources and targets of flows; −1 is the outside world."""
        index = {step.step: i for i, step in enumerate(self.steps)}
        chosen = self.flows if flows is None else flows
        return ([index.get(flow.source, -1) for flow in chosen],
                [index.get(flow.target, -1) for flow in chosen])  # fmt: skip

    @property
    def components(self) -> tuple[str, ...]:
        """Names of the components, in the order of the table."""
        return tuple(dict.fromkeys(content.component for content in self.contents))

    def with_amounts(self, amounts: Mapping[str, float]) -> FlowSheet:
        """Return the sheet with other amounts of the flows that `amounts` names [unit].

        Raises
        ------
        KeyError
            If there is no such flow.
        """
        for name in amounts:
            self.flow(name)
        flows = tuple(replace(flow, amount=amounts[flow.flow]) if flow.flow in amounts else flow
                      for flow in self.flows)  # fmt: skip
        return replace(self, flows=flows)

    def told(self) -> FlowSheet:
        """Return the sheet in which what the balances put below 0 is not known.

        Less than nothing is no amount of waste or of product: it says that the measurements
        around it are wrong. A stock may fall.
        """
        below = {flow.flow: math.nan for flow in self.flows
                 if flow.amount < 0 and flow.kind != "stock"}  # fmt: skip
        contents = tuple(replace(content, value=math.nan) if content.value < 0 else content
                         for content in self.contents)  # fmt: skip
        return replace(self.with_amounts(below), contents=contents)

    def level(self, depth: int = 1) -> FlowSheet:
        """Return the sheet in less detail: steps below `depth` are drawn together.

        Parameters
        ----------
        depth : int
            1 keeps the steps without a parent, 2 their parts as well; 0 makes the plant one step.

        Returns
        -------
        FlowSheet
            Flows inside a step that was drawn together are left out. Costs of parts are added to
            that of the whole; one that is not stated leaves the sum not stated, unless no part
            states any.
        """
        from sxsh_audit.assessment.flows.levels import coarser

        return coarser(self, depth)

    def after(
        self, cuts: Mapping[str, float], saved: Collection[str] | None = None
    ) -> FlowSheet | None:
        """Return the sheet after losses were cut, with its products as they are.

        Parameters
        ----------
        cuts : mapping of str to float
            Part of each flow that is cut, by its id: 0.2 for a fifth less. [1]
        saved : collection of str, optional
            Resources that are saved with it; inputs of others stay as they are.

        Returns
        -------
        FlowSheet or None
            What is cut, the other losses, products and stocks are given; inputs, recycles and
            what flows between steps change by as small a part of themselves as the balances
            allow (least squares). None where they allow nothing: less would have to flow than
            nothing. The sheet should be reconciled before.

        Raises
        ------
        KeyError
            If there is no such flow.
        """
        from sxsh_audit.assessment.flows.after import sheet_after

        return sheet_after(self, cuts, saved)

    def to_frame(self) -> pd.DataFrame:
        """Return the flows as a DataFrame, one row each."""
        import pandas as pd

        return pd.DataFrame([{name: getattr(flow, name) for name in Flow.__slots__}
                             for flow in self.flows], columns=list(Flow.__slots__))  # fmt: skip

    def __iter__(self) -> Iterator[Flow]:
        return iter(self.flows)

    def __len__(self) -> int:
        return len(self.flows)

    # -- what a person sees ---------------------------------------------------------------------

    def title(self, language: Language = "vi") -> str:
        """Say what it is of: plant, period, batch."""
        parts = [self.facility]
        if self.phase:
            parts.append(sentence(f"words.{self.phase}", language))
        if self.batch:
            parts.append(sentence("flow.batch", language, batch=self.batch))
        return " · ".join(shown(part) for part in parts if part)

    def flow_bands(self, language: Language = "vi", of: str | None = None) -> Sequence[FlowBand]:
        """Return the records of the Sankey chart: of the layer `of`, by default the main one."""
        from sxsh_audit.assessment.flows.drawn import sheet_bands

        return sheet_bands(self, language, of)

    def chart_subtitle(self, language: Language = "vi") -> str:
        """Line under the title of a chart."""
        return self.title(language)

    def _repr_html_(self) -> str:
        kept = ["flow", "name", "source", "target", "kind", "amount", "unit", "sd"]
        return str(self.to_frame()[kept].to_html(index=False, na_rep="–"))

    def __repr__(self) -> str:
        name = ", ".join(filter(None, (self.facility, self.phase, self.batch)))
        return f"FlowSheet({name!r}: {len(self.steps)} steps, {len(self.flows)} flows)"
