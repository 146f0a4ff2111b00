"""How sure are payback, net present value and the order of options.

Every draw takes a value of each input and works out every option anew. What is kept are shares
and quantiles: neither all draws nor all options of all draws are ever held at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.block_work import Block, carry_out
from sxsh_audit.calc.domain import Floats, refuse
from sxsh_audit.calc.draw_ranks import draw_ranks, payback_keys
from sxsh_audit.calc.option_model import Drawn, OptionModel, build_model
from sxsh_audit.calc.payback import WORSE, payback_codes
from sxsh_audit.calc.point_sets import Method, PointSet
from sxsh_audit.calc.ranges import Range
from sxsh_audit.calc.sensitivity import sobol_indices, tornado
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import sentence

__all__ = ["QUANTILES", "OptionRisk", "SimulationCancelled", "simulate_options"]

#: Shares of the draws that the three values of an interval are not exceeded in.
QUANTILES = (0.05, 0.5, 0.95)

RankBy = Literal["npv", "payback"]

#: Options × draws that are worked on at a time: 256 KiB for each array stay in the cache.
_TILE = 1 << 15

#: Options × draws of a block of random draws: 1 MiB for each of two arrays.
_KEPT = 1 << 17

#: Most options of a block, so that few draws leave blocks enough for all threads.
_BLOCK = 32

#: Options × draws of a piece whose draws need no order: 312 KiB for each array.
_PIECE = 40_000

#: Most options of a block where few of them leave few blocks.
_FEW = 3

#: Options × draws that are put in order at a time: 1 MiB for each array.
_ORDERED = 1 << 17


class SimulationCancelled(Exception):
    """The simulation was called off; nothing of it is kept."""


class OptionRisk(NamedTuple):
    """What the draws say about each option; ``nan`` where an input is not known."""

    p_npv: Floats
    """Share of the draws with a net present value above 0, shape (options,). [1]"""
    p_payback: Floats
    """Share of the draws that pay back before the limit, or at all, shape (options,). [1]"""
    npv: Floats
    """Net present value not exceeded in 5, 50 and 95 % of the draws, (options, 3). [money]"""
    payback: Floats
    """Simple payback not exceeded in 5, 50 and 95 % of the draws, (options, 3); ``inf`` where
    it does not pay back. [year]"""
    p_top: Floats
    """Share of the draws in which the option is among the first, shape (options,). [1]"""
    mean_rank: Floats
    """Mean rank over the draws, 1 best, shape (options,). [1]"""
    rank_share: Floats
    """Share of the draws with rank 1, 2 …, shape (options, ranks kept). [1]"""
    inputs: tuple[str, ...]
    """Names of the inputs: cost, quantity 0 …, price 0 …, lifetime, extra_cost, other_benefit."""
    median_npv: Floats
    """Net present value with every input at its median, shape (options,). [money]"""
    tornado: Floats
    """Net present value with one input at its 5 % and at its 95 % quantile and the others at
    their medians, shape (options, inputs, 2). [money]"""
    sobol_first: Floats
    """Share of the variance of the net present value that an input explains alone,
    shape (options, inputs). [1]"""
    sobol_total: Floats
    """The same together with all other inputs, shape (options, inputs). [1]"""


def _order_statistics(draws: int) -> list[int]:
    return [max(0, int(np.ceil(share * draws)) - 1) for share in QUANTILES]


class _Simulation:
    """The work of :func:`simulate_options`, in blocks that know nothing of each other."""

    def __init__(
        self, model: OptionModel, draws: int, seed: int, method: Method, limit: float, top: int,
        rank_by: RankBy | None, most_ranks: int,
    ) -> None:  # fmt: skip
        self.draws, self.limit, self.top, self.rank_by = draws, limit, top, rank_by
        self.block = min(max(1, _KEPT // draws), _BLOCK)
        options = self.options = model.options
        own, shared = len(model.own()), len(model.shared())
        points = PointSet(options, own, shared, draws, seed, method, self.block)
        self.drawn = Drawn(model, points)
        self.p_npv, self.p_payback = np.full(options, np.nan), np.full(options, np.nan)
        self.npv, self.payback = np.full((options, 3), np.nan), np.full((options, 3), np.nan)
        self.places = _order_statistics(draws)
        self.ranks = min(options, most_ranks)
        self.rank_sum = np.zeros(options, np.int64)
        self.first = np.zeros(options, np.int64)
        self.share = np.zeros((options, self.ranks), np.int64)
        self.lock = threading.Lock()

    def work(self) -> list[Block]:
        """Return the blocks: all draws of some options, then all options of some draws."""
        blocks = [Block(self.all_draws, part) for part in self.drawn.parts(_FEW)]
        if self.rank_by is not None and self.options:
            width = min(max(1, _ORDERED // self.options), self.draws)
            blocks += [
                Block(self.all_options, slice(start, min(start + width, self.draws)))
                for start in range(0, self.draws, width)
            ]
        return blocks

    def all_draws(self, part: slice) -> None:
        """Work out shares and quantiles of some options."""
        for chosen, draws, found in self.drawn.out_of_order(part, _PIECE):
            paid = _years(found.cost, found.annual)
            shape = (chosen.stop - chosen.start, self.draws)
            if found.npv.shape == paid.shape == shape:
                self.judge(chosen, found.npv, paid)
                continue
            if not draws.start:
                npv, years = np.empty(shape), np.empty(shape)
            npv[:, draws], years[:, draws] = found.npv, paid
            if draws.stop == self.draws:
                self.judge(chosen, npv, years)

    def judge(self, chosen: slice, npv: Floats, years: Floats) -> None:
        """Work out shares and quantiles of some options from all their draws, which are lost."""
        known = ~(np.isnan(npv.max(axis=1)) | np.isnan(years.max(axis=1)))
        rows: slice | NDArray[np.intp] = chosen
        if not known.all():
            npv, years, rows = npv[known], years[known], chosen.start + np.flatnonzero(known)
        gained, paid = npv > 0, years < self.limit
        self.p_npv[rows] = [np.count_nonzero(row) / self.draws for row in gained]
        self.p_payback[rows] = [np.count_nonzero(row) / self.draws for row in paid]
        for values, result in ((npv, self.npv), (years, self.payback)):
            _order(values, self.places)
            for column, place in enumerate(self.places):
                result[rows, column] = values[:, place]

    def all_options(self, tile: slice) -> None:
        """Put the options in order, draw by draw."""
        keys = np.empty((tile.stop - tile.start, self.options))
        step = max(1, _TILE // (keys.shape[0] * self.block)) * self.block
        for start in range(0, self.options, step):
            chosen = slice(start, min(start + step, self.options))
            found = self.drawn.outcome(chosen, tile)
            if self.rank_by == "npv":
                keys[:, chosen] = -found.npv.T
            else:
                keys[:, chosen] = payback_keys(*payback_codes(found.cost, found.annual)).T
        rank, order = draw_ranks(keys)
        rank_sum = np.bincount(order, rank, self.options).astype(np.int64)
        first = np.bincount(order[rank <= self.top], minlength=self.options)
        kept = rank <= self.ranks
        cells = order[kept] * self.ranks + (rank[kept] - 1)
        share = np.bincount(cells, minlength=self.share.size).reshape(self.share.shape)
        with self.lock:  # whole numbers: the order in which they are added changes nothing
            self.rank_sum += rank_sum
            self.first += first
            self.share += share


def _years(cost: Floats, annual: Floats) -> Floats:
    """Payback of draws; one that never pays or makes worse does not pay back."""
    if cost.min() > 0 and annual.min() > 0:  # nearly always, and then there are no classes
        return np.asarray(cost / annual)
    paid, codes = payback_codes(cost, annual)
    paid[codes == WORSE] = np.inf
    return paid


def _order(values: Floats, places: list[int]) -> None:
    """Put the values of each row that belong to three places of its order there."""
    low, middle, high = places
    # One after the other: numpy looks for several places at once by a road ten times as slow.
    values.partition(middle, axis=1)
    if low < middle:
        values[:, :middle].partition(low, axis=1)
    if high > middle:
        values[:, middle + 1 :].partition(high - middle - 1, axis=1)


def simulate_options(
    cost: Range | ArrayLike,
    quantity: Range | ArrayLike,
    price: Range | ArrayLike,
    lifetime: Range | ArrayLike,
    *,
    rate: ArrayLike,
    seed: int,
    extra_cost: Range | ArrayLike = 0.0,
    other_benefit: Range | ArrayLike = 0.0,
    growth: ArrayLike = 0.0,
    further: ArrayLike = 0.0,
    construction_years: ArrayLike = 0.0,
    draws: int = 4096,
    payback_limit: float | None = None,
    top: int = 3,
    rank_by: RankBy | None = "npv",
    most_ranks: int = 20,
    index_draws: int = 1024,
    method: str = "sobol",
    threads: int = 1,
    progress: Callable[[int, int], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
    language: Language = "vi",
) -> OptionRisk:
    r"""Draw the inputs of all options many times and say how sure the results are.

    Parameters
    ----------
    cost : Range or array, shape (options,)
        Implementation cost. [money]
    quantity : Range or array, shape (options, resources)
        What an option saves of each resource in a year. [unit of the resource/year]
    price : Range or array, shape (resources,)
        Prices; one draw of them holds for all options. [money/unit of the resource]
    lifetime : Range or array, shape (options,), or one value
        Years over which the option saves, whole or not; in a year begun but not ended, that part
        of the year's saving comes at its end. [year]
    rate : float or array, shape (options,)
        Discount rate. [1/year]
    seed : int
        Seed, 0 or above: the same seed gives the same figures.
    extra_cost : Range or array, shape (options,), or one value
        Yearly cost that the option brings. [money/year]
    other_benefit : Range or array, shape (options,), or one value
        Yearly benefit beside the saved resources. [money/year]
    growth : float or array, shape (options,)
        Yearly change of the net saving. [1/year]
    further : float or array, shape (options,)
        Present value of what is certain and part of neither cost nor saving, such as salvage:
        it adds to the net present value and not to the payback. [money]
    construction_years : float or array, shape (options,)
        Whole years of construction k, as in
        :func:`~sxsh_audit.calc.cashflows.option_cashflows`: the cost is spread evenly over
        t = 0 … k − 1, the first saving comes at t = k + 1. With 0 all is paid at t = 0. [year]
    draws : int
        Count of draws; a power of 2 spreads best.
    payback_limit : float, optional
        Payback that ``p_payback`` counts the draws below; left out, all that pay back count.
        [year]
    top : int
        Ranks that count as first for ``p_top``.
    rank_by : {"npv", "payback", None}
        What the options are put in order by in each draw: the highest net present value or the
        shortest payback first. None leaves out the ranks, most of the work for thousands of
        options.
    most_ranks : int
        Ranks that ``rank_share`` tells apart, at most the count of options.
    index_draws : int
        Points for the Sobol' indices; 0 leaves them out.
    method : {"sobol", "random"}
        How the draws are spread: a scrambled Sobol' sequence, or independent draws.
    threads : int
        Threads; their count changes no figure. Each takes some 5 MiB; what all share takes at
        most 8 MiB more.
    progress : callable, optional
        Called with the blocks done and the count of all blocks.
    cancelled : callable, optional
        Asked after every block; True calls the simulation off.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    OptionRisk

    Raises
    ------
    RangeError
        If a rate is −1 or below, a growth below −1, the 5 % quantile of a lifetime is below 0,
        years of construction are not whole or below 0, or the payback limit is not above 0.
    SimulationCancelled
        If `cancelled` said so.

    Notes
    -----
    In each draw, with the values drawn,

    .. math::

        S = \sum_r q_r p_r + b - e, \qquad
        NPV = S \, A(r, g, n) (1+r)^{-k} - C \, q(k, r) + F

    - A is :func:`~sxsh_audit.calc.discounting.annuity_factor`; q, the present value of a cost of
      1 over k years of construction, is the mean of (1 + r)^−t over t = 0 … k − 1, and 1 for
      k = 0.
    - All inputs of an option and those of different options are independent, except prices,
      which are one draw for all: options that save the same resource rise and fall together.
    - A lifetime drawn below 0 counts as 0.
    - Payback is C ÷ S by the classes of :func:`sxsh_audit.calc.payback.simple_payback`. A draw
      that never pays or makes worse counts as not paying back, ``inf`` years.
    - Quantiles are values of a draw, nothing is interpolated: with certain inputs they are the
      plain figures.
    - In each draw equal options share a rank (1, 2, 2, 4), compared at 40 binary digits. Ranks
      by payback follow the classes: immediate, years, never, worse. An option that is not known
      stands last and has no shares.
    - Random draws miss a share p by about √(p (1 − p) ÷ draws): at most 0.8 % with 4,096 draws;
      the Sobol' sequence misses less.
    - The indices are those of Saltelli (first) and Jansen (total), from ``index_draws`` points
      that all options share; ``nan`` where the net present value does not vary. Small ones may
      come out a little below 0.

    References
    ----------
    .. [1] Saltelli et al., "Variance based sensitivity analysis of model output", Computer
       Physics Communications 181 (2010) 259–270.
    .. [2] Owen, "Scrambling Sobol' and Niederreiter–Xing points", Journal of Complexity 14
       (1998) 466–489.

    Examples
    --------
    >>> from sxsh_audit.calc.ranges import triangular, uniform
    >>> found = simulate_options(
    ...     triangular([90.0, 40.0], [100.0, 50.0], [130.0, 80.0]),
    ...     [[10.0], [3.0]], uniform([1.5], [3.0]), 10.0, rate=0.1, seed=1)
    >>> found.p_npv.round(2)
    array([0.84, 0.1 ])
    >>> found.rank_share.round(2)
    array([[0.99, 0.01],
           [0.01, 0.99]])
    """
    model = build_model(
        cost, quantity, price, lifetime, extra_cost, other_benefit, rate, growth, further,
        construction_years, language,
    )  # fmt: skip
    if min(draws, threads, top, most_ranks) < 1 or index_draws < 0 or seed < 0:
        raise ValueError("draws, threads, top and most_ranks from 1, index_draws and seed from 0")
    if rank_by not in ("npv", "payback", None):
        raise ValueError(f"rank_by {rank_by!r}: npv, payback or None")
    limit = np.inf if payback_limit is None else float(payback_limit)
    refuse("option_risk.payback_limit", np.array([not limit > 0]), np.array([limit]), language)
    plan = _Simulation(model, draws, seed, Method(method), limit, top, rank_by, most_ranks)
    size = (model.options, len(model.inputs))
    base, ends = np.empty(model.options), np.empty((*size, 2))
    first, total = np.full(size, np.nan), np.full(size, np.nan)
    blocks = plan.work()
    for start in range(0, model.options, _TILE):
        part = slice(start, min(start + _TILE, model.options))
        blocks.append(Block(lambda p: tornado(model, p, base, ends), part))
    if index_draws:
        found = PointSet(
            1, 0, 2 * sum(one.varies for one in model.inputs), index_draws, seed, Method.SOBOL, 1, 1
        ).shared()
        step = max(1, _TILE // index_draws)
        for start in range(0, model.options, step):
            part = slice(start, min(start + step, model.options))
            blocks.append(Block(lambda p: sobol_indices(model, p, found, first, total), part))

    def told(done: int) -> None:
        if progress is not None:
            progress(done, len(blocks))
        if cancelled is not None and cancelled():
            raise SimulationCancelled(sentence("option_risk.cancelled", language))

    carry_out(blocks, threads, told)

    unknown = np.isnan(plan.p_npv)
    ranked = np.full((model.options, 2 + plan.ranks), np.nan)
    if rank_by is not None:
        counts = np.column_stack([plan.first, plan.rank_sum, plan.share])
        ranked[~unknown] = counts[~unknown] / draws
    return OptionRisk(
        plan.p_npv, plan.p_payback, plan.npv, plan.payback,
        ranked[:, 0], ranked[:, 1], ranked[:, 2:],
        tuple(one.name for one in model.inputs), base, ends, first, total,
    )  # fmt: skip
