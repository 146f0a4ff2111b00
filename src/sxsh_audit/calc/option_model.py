"""One draw of an option: from its inputs to net present value and yearly saving.

Shared by the simulation, the tornado and the sensitivity indices, which differ only in where
the values of the inputs come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sxsh_audit.calc.cashflows import check_whole_years
from sxsh_audit.calc.discounting import AnnuityTable, annuity
from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.calc.point_sets import PointSet
from sxsh_audit.calc.ranges import Range, fixed
from sxsh_audit.calc.rates import check_growth, check_rate
from sxsh_audit.language.formatting import Language

__all__ = ["Input", "OptionModel", "Outcome", "build_model"]

#: Most normal deviates that are kept for all options: 8 MiB.
_DEVIATES = 1 << 20


class Input(NamedTuple):
    """An input of every option."""

    name: str
    """cost, quantity 0 …, price 0 …, lifetime, extra_cost, other_benefit."""
    spread: Range
    """Its ranges, shape (options,); of a price, which all options share, shape (1,)."""
    varies: bool
    """Whether it has more than one value for any option."""
    shared: bool
    """Whether one draw of it holds for all options."""


class Construction(NamedTuple):
    """What the years of construction do to present values, shape (options,)."""

    paid: Floats
    """Present value of a cost of 1 that is spread evenly over the starts of those years. [1]"""
    start: Floats
    """Discount factor over those years, by which all savings come later. [1]"""


class Outcome(NamedTuple):
    """What the inputs lead to; arrays that broadcast to (options, draws)."""

    npv: Floats
    cost: Floats
    annual: Floats


def _into(operation: np.ufunc, total: Floats, more: Floats) -> Floats:
    """Add to a total that nobody else holds, or take from it, in its place if it has the room."""
    if operation is not np.multiply and more.size <= total.shape[0] and not more.any():
        return total  # nothing to add, for all draws
    try:
        return np.asarray(operation(total, more, out=total))
    except ValueError:  # no room: one figure for all draws meets many
        return np.asarray(operation(total, more))


@dataclass(frozen=True, slots=True)
class OptionModel:
    """The inputs of all options and how they lead to money.

    Parameters
    ----------
    options, resources : int
        Counts.
    inputs : tuple of Input
        In the order of the values that :meth:`outcome` takes.
    rate, growth : array
        Discount rate and yearly change of the saving, shape (options,). [1/year]
    further : array
        Present value of what is certain and no part of cost and saving, shape (options,). [money]
    construction : Construction, optional
        None where no option takes years to build.
    """

    options: int
    resources: int
    inputs: tuple[Input, ...]
    rate: Floats
    growth: Floats
    further: Floats
    construction: Construction | None

    def outcome(
        self, chosen: slice, values: Sequence[Floats], factors: Floats | None = None
    ) -> Outcome:
        """Work out what the values of all inputs lead to.

        Parameters
        ----------
        chosen : slice
            Options.
        values : sequence of array
            One for each input, shapes that broadcast to (options chosen, draws). [own units]
        factors : array, optional
            Annuity factors of the lifetimes, if they are known already; they are lost. [year]
        """
        r = self.resources
        cost, quantities, prices = values[0], values[1 : 1 + r], values[1 + r : 1 + 2 * r]
        lifetime, extra, benefit = values[1 + 2 * r :]
        annual = quantities[0] * prices[0]
        for quantity, price in zip(quantities[1:], prices[1:], strict=True):
            annual = _into(np.add, annual, quantity * price)
        annual = _into(np.add, annual, benefit - extra)
        years = factors
        if years is None:
            years = annuity(self.rate[chosen, None], lifetime, self.growth[chosen, None])
        paid = cost
        if self.construction is not None:
            years = years * self.construction.start[chosen, None]
            paid = cost * self.construction.paid[chosen, None]
        npv = _into(np.multiply, years, annual) if factors is not None else annual * years
        npv = _into(np.subtract, npv, paid)
        return Outcome(_into(np.add, npv, self.further[chosen, None]), cost, annual)

    def fixed_values(self, chosen: slice, probability: float) -> list[Floats]:
        """Return one quantile of every input, each of shape (options chosen, 1) or (1, 1).

        Parameters
        ----------
        chosen : slice
            Options.
        probability : float
            Which quantile. [1]
        """
        return [
            each.spread.rows(slice(0, 1) if each.shared else chosen).values_at(
                np.full((1, 1), probability)
            )
            for each in self.inputs
        ]

    def annuities(self, part: slice, share: float, draws: int) -> AnnuityTable | None:
        """Return annuity factors of some options, if many draws of lifetimes are to come.

        Parameters
        ----------
        part : slice
            Options.
        share : float
            Highest probability that is drawn. [1]
        draws : int
            Count of draws.
        """
        lifetime = self.inputs[1 + 2 * self.resources]
        if not lifetime.varies:
            return None
        ends = lifetime.spread.rows(part).values_at(np.full((1, 1), share))
        most = float(np.fmax.reduce(ends, axis=None))
        if not most < draws / 8:  # as many powers as lifetimes, or nothing is known
            return None
        return AnnuityTable.of(self.rate[part, None], most, self.growth[part, None])

    def own(self) -> list[int]:
        """Return the positions of the inputs that vary and are drawn for each option."""
        return [k for k, one in enumerate(self.inputs) if one.varies and not one.shared]

    def shared(self) -> list[int]:
        """Return the positions of the inputs that vary and are drawn for all options at once."""
        return [k for k, one in enumerate(self.inputs) if one.varies and one.shared]


class Drawn:
    """The values of all inputs, draw by draw.

    Parameters
    ----------
    model : OptionModel
        The inputs.
    points : PointSet
        Probabilities of the inputs that vary.
    """

    def __init__(self, model: OptionModel, points: PointSet) -> None:
        self._model, self._points, self._own = model, points, model.own()
        self._certain = [
            None if one.varies else one.spread.values_at(np.asarray(0.5)) for one in model.inputs
        ]
        self._prices: dict[int, Floats] = {}
        if shared := model.shared():
            rows = points.shared()
            for row, place in zip(rows, shared, strict=True):
                spread = model.inputs[place].spread.rows(slice(0, 1))
                self._prices[place] = spread.values_at(row[None])
        spreads = [model.inputs[place].spread for place in self._own]
        # Options take the same points again: their normal deviates, by far the dearest of all
        # inverse distribution functions but one, are worked out once for all of them.
        normal = [number for number, spread in enumerate(spreads) if spread.uses_deviates]
        self._deviates = points.deviates(normal, _DEVIATES)
        self._even = [
            number
            for number, spread in enumerate(spreads)
            if spread.uses_probabilities or number not in self._deviates
        ]

    def parts(self, most: int) -> list[slice]:
        """Return all options in parts that :meth:`out_of_order` takes.

        Parameters
        ----------
        most : int
            Most options of a part, if it is not the points that decide.
        """
        return self._points.parts(most)

    def outcome(self, chosen: slice, draws: slice) -> Outcome:
        """Return what some draws of some options lead to.

        Parameters
        ----------
        chosen : slice
            Options.
        draws : slice
            Draws.
        """
        prices = {place: every[:, draws] for place, every in self._prices.items()}
        return self._model.outcome(chosen, self._values(chosen, draws, prices, in_order=True))

    def out_of_order(self, part: slice, cells: int) -> Iterator[tuple[slice, slice, Outcome]]:
        """Yield what all draws of some options lead to, piece by piece.

        The draws of an option come in an order of its own, which is faster than one order for
        all and makes no difference to how often a value comes.

        Parameters
        ----------
        part : slice
            One of :meth:`parts`.
        cells : int
            Options × draws of a piece.

        Yields
        ------
        chosen : slice
            Options.
        draws : slice
            How many draws were before, and with these.
        outcome : Outcome
            What they lead to.
        """
        points = self._points
        prices = {place: points.by_number(every, part) for place, every in self._prices.items()}
        step = points.step(max(1, cells // points.draws))
        width = max(1, min(cells // step, points.draws))
        table = self._model.annuities(part, points.highest, points.draws)
        for start in range(part.start, part.stop, step):
            chosen = slice(start, min(start + step, part.stop))
            for first in range(0, points.draws, width):
                draws = slice(first, min(first + width, points.draws))
                here = {place: every[:, draws] for place, every in prices.items()}
                values = self._values(chosen, draws, here, in_order=False)
                factors = None
                if table is not None:
                    rows = slice(chosen.start - part.start, chosen.stop - part.start)
                    factors = table.at(rows, values[1 + 2 * self._model.resources])
                yield chosen, draws, self._model.outcome(chosen, values, factors)

    def _values(
        self, chosen: slice, draws: slice, values: dict[int, Floats], *, in_order: bool
    ) -> list[Floats]:
        for place, one in enumerate(self._model.inputs):
            if (certain := self._certain[place]) is not None:
                values[place] = certain[None] if one.shared else certain[chosen, None]
        if self._own:
            points = self._points
            even = points.own(chosen, draws, self._even, in_order=in_order)
            at = points.rows_of(chosen, draws, in_order=in_order) if self._deviates else None
            for number, place in enumerate(self._own):
                deviates = self._deviates.get(number)
                values[place] = (
                    self._model.inputs[place]
                    .spread.rows(chosen)
                    .values_at(even.get(number), None if deviates is None else deviates[at])
                )
        return [values[place] for place in range(len(values))]


def _range(value: Range | ArrayLike) -> Range:
    return value if isinstance(value, Range) else fixed(value)


def _split_prices(price: Range, resources: int) -> list[Range]:
    return [price.rows(slice(place, place + 1)).column(0) for place in range(resources)]


def _construction(rate: Floats, years: ArrayLike, language: Language) -> Construction | None:
    """Return the factors of whole years of construction, as the cash flows of options have them."""
    counts = check_whole_years(years, language)
    if not counts.any():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        spread = annuity(rate, counts, np.zeros(())) * (1.0 + rate) / np.maximum(counts, 1.0)
        return Construction(np.where(counts > 0, spread, 1.0), (1.0 + rate) ** -counts)


def build_model(
    cost: Range | ArrayLike,
    quantity: Range | ArrayLike,
    price: Range | ArrayLike,
    lifetime: Range | ArrayLike,
    extra_cost: Range | ArrayLike,
    other_benefit: Range | ArrayLike,
    rate: ArrayLike,
    growth: ArrayLike,
    further: ArrayLike,
    construction_years: ArrayLike,
    language: Language,
) -> OptionModel:
    """Check shapes and ranges and put the inputs in order.

    Parameters
    ----------
    cost, quantity, price, lifetime, extra_cost, other_benefit, rate, growth, further
        As in :func:`sxsh_audit.calc.option_risk.simulate_options`.
    construction_years, language
        As in :func:`sxsh_audit.calc.option_risk.simulate_options`.
    """
    costs, quantities, prices = _range(cost), _range(quantity), _range(price)
    if len(costs.shape) != 1 or len(prices.shape) != 1:
        raise ValueError(f"cost {costs.shape} and price {prices.shape}: one dimension each")
    options, resources = costs.shape[0], prices.shape[0]
    if quantities.shape != (options, resources) or not resources:
        raise ValueError(
            f"quantity {quantities.shape}: {options} options and {resources} prices need "
            f"({options}, {resources})"
        )
    rest = [_range(each).over(options) for each in (lifetime, extra_cost, other_benefit)]
    if any(each.shape != (options,) for each in rest):
        raise ValueError(f"lifetime, extra cost and other benefit: one value or ({options},)")
    low = np.asarray(rest[0].quantile(0.05))
    refuse("option_risk.lifetime", low < 0, low, language)
    rates, growths = check_rate(rate, language), check_growth(growth, language)
    named: list[tuple[str, Range, bool]] = [("cost", costs, False)]
    named += [(f"quantity {k}", quantities.column(k), False) for k in range(resources)]
    named += [(f"price {k}", each, True) for k, each in enumerate(_split_prices(prices, resources))]
    names = ("lifetime", "extra_cost", "other_benefit")
    named += [(name, each, False) for name, each in zip(names, rest, strict=True)]
    inputs = tuple(Input(name, each, each.varies, shared) for name, each, shared in named)
    shape = (options,)
    built = _construction(rates, construction_years, language)
    if built is not None:
        built = Construction(*(np.broadcast_to(each, shape) for each in built))
    return OptionModel(
        options, resources, inputs, np.broadcast_to(rates, shape),
        np.broadcast_to(growths, shape), np.broadcast_to(floats(further), shape),
        built,
    )  # fmt: skip
