"""Disclosure control of published tables: nobody's figures can be worked out of them.

Counts and sums over few establishments, or over one that makes up nearly all of a sum, are not
published, nor as much else as would give them away. It is done once over the whole fixed set of
tables: two tables that are each safe may give an establishment away together.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.disclosure_attack import Reader
from sxsh_audit.calc.disclosure_cells import CellSet, Flags, Labels, cell_set, relations_of
from sxsh_audit.calc.domain import Floats, floats, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["Cell", "Published", "Why", "suppress", "unsafe"]

COUNT = "count"
"""Name under which the count stands among the figures."""


class Why(StrEnum):
    """Why a figure is published or not."""

    SHOWN = "shown"
    FEW = "few"
    """Fewer establishments than the minimum."""
    DOMINANT = "dominant"
    """One establishment (or as many as the rule names) makes up nearly all of it."""
    LINKED = "linked"
    """Harmless itself, but another figure could be worked out from it."""


class Cell(NamedTuple):
    """A cell of a published table; what is not published is not in it at all."""

    labels: Labels
    """Label by column; None is the sum over the column."""
    contributors: int | None
    """Contributors; None where it is not published."""
    values: Mapping[str, float | None]
    """Sum of each measure; None where it is not published, nan where nothing of it is known."""
    why: Mapping[str, Why]
    """Why each figure (``count`` and the measures) is published or not."""


class Published(NamedTuple):
    """Tables that may be published together."""

    tables: Mapping[str, tuple[Cell, ...]]
    """Cells by table, details first; what does not occur at all has no cell."""
    hidden: Mapping[str, int]
    """How many cells of all tables are withheld, by figure; one of several tables counts once."""
    rule: Mapping[str, Any]
    """``minimum``, ``dominance``, ``p_percent`` and ``width`` that were applied."""

    def cell(self, table: str, *labels: Hashable | None) -> Cell | None:
        """Return a cell, or None where nothing of it occurs.

        Parameters
        ----------
        table : str
            Name of the table.
        *labels : hashable
            Label by column of the table; None for the sum over it.

        Returns
        -------
        Cell or None
        """
        return next((one for one in self.tables[table] if one.labels == labels), None)


def unsafe(
    contributions: ArrayLike, *, minimum: int = 3,
    dominance: tuple[int, float] | None = (1, 0.85), p_percent: float | None = None,
) -> Why:
    r"""Return why a sum of contributions may not be published.

    Parameters
    ----------
    contributions : array
        What each contributor adds to the sum; a size counts, whatever its sign. [any unit]
    minimum : int
        Least number of contributors. [-]
    dominance : tuple of int and float, optional
        n and k: unsafe if the n largest make up more than k. [-, 1]
    p_percent : float, optional
        Instead of the dominance: unsafe if the second largest contributor can work out the
        largest to within this part of it. [1]

    Returns
    -------
    Why
        ``shown``, ``few`` or ``dominant``.

    Notes
    -----
    With contributions x₁ ≥ x₂ ≥ …, X their sum and N their number, unsafe are

    .. math:: N < \text{minimum}, \quad x_1 + \dots + x_n > k X, \quad X - x_1 - x_2 < p\, x_1

    An empty sum is safe: that nothing is there is no one's secret.

    References
    ----------
    .. [1] Hundepool et al., *Handbook on Statistical Disclosure Control* (ESSNet SDC, 2010),
       §4.2: threshold, (n, k) dominance and p % rules.

    Examples
    --------
    Of 100, one has 90: more than 85 %; the two of 60 and 30 leave 10, less than 20 % of 60:

    >>> unsafe([90, 6, 4]), unsafe([60, 30, 10])
    (<Why.DOMINANT: 'dominant'>, <Why.SHOWN: 'shown'>)
    >>> unsafe([60, 30, 10], p_percent=0.2), unsafe([60, 30])
    (<Why.DOMINANT: 'dominant'>, <Why.FEW: 'few'>)
    """
    sizes = np.sort(np.abs(floats(contributions)))[::-1]
    if not sizes.size:
        return Why.SHOWN
    if sizes.size < minimum:
        return Why.FEW
    total = float(sizes.sum())
    if total <= 0:
        return Why.SHOWN
    if p_percent is not None:
        close = total - float(sizes[:2].sum()) < p_percent * float(sizes[0]) * (1 - 1e-12)
    else:
        close = dominance is not None and (
            float(sizes[: dominance[0]].sum()) > dominance[1] * total * (1 + 1e-12))  # fmt: skip
    return Why.DOMINANT if close else Why.SHOWN


def suppress(
    tables: Mapping[str, Mapping[str, Sequence[Hashable | None]]],
    values: Mapping[str, ArrayLike] | None = None,
    *,
    contributors: Sequence[Hashable] | None = None,
    minimum: int = 3,
    dominance: tuple[int, float] | None = (1, 0.85),
    p_percent: float | None = None,
    width: float = 0.1,
    language: Language = "vi",
) -> Published:
    """Return the cells of tables with every figure withheld that would give someone away.

    Parameters
    ----------
    tables : mapping of str to mapping of str to sequence
        Per table the columns with the label of each record: ``{"sector": {"sector": [...]},
        "place": {"district": [...], "sector": [...]}}``. Every table is published with all its
        margins. A record with a label None is not in that table. An answer (reached or not) is
        a column of its own.
    values : mapping of str to array, optional
        Measures of each record to be summed up; ``nan`` is not known and not counted. [any unit]
    contributors : sequence, optional
        Whose record each one is; by default every record is of another establishment.
    minimum : int
        Least number of contributors of a figure. [-]
    dominance : tuple of int and float, optional
        n and k of the dominance rule. [-, 1]
    p_percent : float, optional
        p of the p % rule, instead of the dominance. [1]
    width : float
        Least width of what can be found out for a withheld sum, as a part of it. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Published
        The cells of each table. The withheld figures are not in it.

    Raises
    ------
    RangeError
        If the minimum is below 1, or a share is not above 0 and at most 1.
    ValueError
        If a table, a measure or the contributors are not one for each record.

    Notes
    -----
    *What is protected.* Every cell that is unsafe by the rules (:func:`unsafe`); every difference
    of two cells that is (15 plants in one table, 14 of them in another); and the sum of the
    withheld cells of a row, which its published total gives away. *From whom.* A reader who
    knows all published figures, which records exist and where they belong, that counts are
    whole and that a measure without a figure below 0 has none: no withheld figure can be worked
    out, and what the reader can find for a sum is at least `width` wide. That a count stays
    open is checked on the relaxed problem (fractions allowed).

    *How.* While something is exposed, the published cell with the fewest contributors of those
    that give it away is withheld too; at last every cell withheld so is put back if nothing is
    exposed by it. The result depends neither on chance nor on the order of the records; it is
    small (no cell withheld for others can be put back), not proven smallest.

    Each figure has its own pattern: a count may be published where a sum is not. A measure that
    is a function of others (a sum of two measures) would have to be protected with them: publish
    one or the other.

    References
    ----------
    .. [1] Hundepool et al., *Handbook on Statistical Disclosure Control* (ESSNet SDC, 2010),
       chapter 4 (linked tables, singletons, feasibility intervals).

    Examples
    --------
    Seafood has two plants; with the total it could be worked out from the others, so that the
    smallest of those is withheld too:

    >>> sector = ["beer"] * 4 + ["paper"] * 3 + ["seafood"] * 2
    >>> found = suppress({"sector": {"sector": sector}})
    >>> for cell in found.tables["sector"]:
    ...     print(cell.labels[0], cell.contributors, cell.why["count"].value)
    beer 4 shown
    paper None linked
    seafood None few
    None 9 shown
    """
    measures = {name: floats(figures) for name, figures in (values or {}).items()}
    _check(minimum, dominance, p_percent, width, measures, language)
    first = next(iter(tables.values()), {})
    size = len(next(iter(first.values()), ()))
    whose = np.arange(size) if contributors is None else _numbers(contributors)
    if COUNT in measures or len(whose) != size or any(
            each.shape != (size,) for each in measures.values()):
        raise ValueError(f"one value and one contributor for each of {size} records; "
                         f"no measure is called {COUNT!r}")  # fmt: skip
    cells = cell_set(tables, size)
    rules = {"minimum": minimum, "dominance": dominance, "p_percent": p_percent}
    figures = {COUNT: np.ones(size), **measures}
    why = {name: _pattern(cells, amounts, whose, name == COUNT, rules, width)
           for name, amounts in figures.items()}  # fmt: skip
    sums = {name: _sums(cells, amounts, whose, name == COUNT) for name, amounts in figures.items()}
    found = {}
    for table, listed in cells.places.items():
        found[table] = tuple(
            Cell(
                labels,
                int(sums[COUNT][place]) if why[COUNT][place] is Why.SHOWN else None,
                {name: float(sums[name][place]) if why[name][place] is Why.SHOWN else None
                 for name in measures},
                {name: why[name][place] for name in figures},
            )
            for labels, place in listed.items()
        )  # fmt: skip
    hidden = {name: sum(each is not Why.SHOWN for each in why[name]) for name in figures}
    return Published(found, hidden, {**rules, "width": width})


def _numbers(contributors: Sequence[Hashable]) -> NDArray[np.intp]:
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(name, len(place)) for name in contributors], np.intp)


def _check(
    minimum: int, dominance: tuple[int, float] | None, p_percent: float | None, width: float,
    measures: Mapping[str, Floats], language: Language,
) -> None:
    least = np.array([minimum if dominance is None else min(minimum, dominance[0])], float)
    refuse("disclosure.minimum", least < 1, least, language)
    shares = np.array([width, *([] if dominance is None else [dominance[1]]),
                       *([] if p_percent is None else [p_percent])])  # fmt: skip
    refuse("disclosure.share", ~((shares > 0) & (shares <= 1)), shares, language)
    for amounts in measures.values():
        refuse("disclosure.infinite", np.isinf(amounts), amounts, language)


def _sums(cells: CellSet, amounts: Floats, whose: NDArray[np.intp], counting: bool) -> Floats:
    """Sum of each cell, exactly rounded; nan where nothing is known."""
    from math import fsum

    found = np.full(len(cells.members), np.nan)
    for place, member in enumerate(cells.members):
        inside = member[cells.atom_of]
        if counting:
            found[place] = len(np.unique(whose[inside]))
            continue
        known = amounts[inside & ~np.isnan(amounts)]
        if known.size:
            found[place] = fsum(known)
    return found


class _Unsafe:
    """The rules on a set of atoms, each set judged once."""

    def __init__(
        self, atom_of: NDArray[np.intp], amounts: Floats, whose: NDArray[np.intp],
        counting: bool, rules: Mapping[str, Any],
    ) -> None:
        self.atom_of, self.amounts, self.whose = atom_of, amounts, whose
        self.counting, self.rules = counting, rules
        self._judged: dict[bytes, Why] = {}

    def why(self, member: Flags) -> Why:
        key = member.tobytes()
        if key not in self._judged:
            inside = member[self.atom_of]
            _, place = np.unique(self.whose[inside], return_inverse=True)
            each = np.bincount(place, weights=self.amounts[inside])
            rules = {**self.rules, "dominance": None, "p_percent": None}
            self._judged[key] = unsafe(each, **(rules if self.counting else self.rules))
        return self._judged[key]


def _pattern(
    cells: CellSet, amounts: Floats, whose: NDArray[np.intp], counting: bool,
    rules: Mapping[str, Any], width: float,
) -> list[Why]:
    """Return of each cell why it is published or not, for one figure."""
    known = ~np.isnan(amounts)
    atoms, atom_of = np.unique(cells.atom_of[known], return_inverse=True)
    atom_of = atom_of.reshape(-1)
    held = cells._replace(members=cells.members[:, atoms], atom_of=atom_of)
    amounts, whose = amounts[known], whose[known]
    judge = _Unsafe(atom_of, amounts, whose, counting, rules)
    why = [judge.why(member) for member in held.members]
    if all(each is Why.SHOWN for each in why) and not _differences(held, judge):
        return why
    sums = floats(np.bincount(atom_of, weights=amounts, minlength=len(atoms)))
    reader = Reader(held.members, sums, whole=counting, width=width)
    guard = _Guard(held, judge, reader)
    published = np.array([each is Why.SHOWN for each in why])
    cost = np.array([len(np.unique(whose[member[atom_of]])) for member in held.members])
    order = {int(cell): rank for rank, cell in enumerate(np.argsort(cost, kind="stable"))}
    first = published.copy()
    while (exposed := guard.exposed(published)) is not None:
        published[min(map(int, exposed), key=order.__getitem__)] = False
    for cell in sorted(np.flatnonzero(first & ~published), key=lambda each: -order[int(each)]):
        published[cell] = True
        published[cell] = guard.exposed(published) is None
    return [each if each is not Why.SHOWN or shown else Why.LINKED
            for each, shown in zip(why, published, strict=True)]  # fmt: skip


def _differences(cells: CellSet, judge: _Unsafe) -> dict[bytes, Flags]:
    """Unsafe differences of two cells of which one holds the other."""
    found: dict[bytes, Flags] = {}
    member = cells.members.astype(np.intp)
    sizes = member.sum(axis=1)
    shared = member @ member.T
    for large, small in np.argwhere((shared == sizes[None, :]) & (sizes[:, None] > sizes)):
        if sizes[small]:
            rest = cells.members[large] & ~cells.members[small]
            if judge.why(rest) is not Why.SHOWN:
                found.setdefault(rest.tobytes(), rest)
    return found


class _Guard:
    """Everything that has to stay unknown, and what gives it away."""

    def __init__(self, cells: CellSet, judge: _Unsafe, reader: Reader) -> None:
        self.cells, self.judge, self.reader = cells, judge, reader
        self.relations = relations_of(cells)
        self.fixed = {member.tobytes(): member for member in cells.members
                      if judge.why(member) is not Why.SHOWN}  # fmt: skip
        self.fixed |= _differences(cells, judge)

    def exposed(self, published: Flags) -> NDArray[np.intp] | None:
        """Return published cells that give something away; None where nothing does."""
        targets = dict(self.fixed)
        for relation in self.relations:
            parts = relation.parts[~published[relation.parts]]
            if published[relation.whole] and len(parts):
                together = np.logical_or.reduce(self.cells.members[parts])
                if self.judge.why(together) is not Why.SHOWN:
                    targets.setdefault(together.tobytes(), together)
        for target in targets.values():
            cells = self.reader.exposed(target.astype(float), published)
            if cells is not None:
                return cells
        return None
