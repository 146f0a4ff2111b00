"""Which options may be chosen together: exclusive, prerequisite, must-have, phased.

The constraints of a choice have names, so that an answer "no set does it" can say why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import floats, refuse
from sxsh_audit.language.formatting import Language

__all__ = ["ChoiceRules", "Constraint", "ConstraintKind", "check_choice", "choice_rules"]

#: Rounding that the degrees of phased options may carry.
_ROUNDING = 1e-9


class ConstraintKind(StrEnum):
    """What kind of constraint a choice breaks or a conflict names."""

    BUDGET = "budget"
    YEAR = "year"
    TARGET = "target"
    REQUIRED = "required"
    EXCLUSIVE = "exclusive"
    PREREQUISITE = "prerequisite"
    KNOWN = "known"


class Constraint(NamedTuple):
    """One named constraint."""

    kind: ConstraintKind
    """Kind of the constraint."""
    about: tuple[Any, ...]
    """What it is about: nothing for the budget, the position of the year from 0, the name of the
    target, the id that is required or whose figures are not known, the ids of the exclusive
    group, or the pair (needs, needed)."""


@dataclass(frozen=True)
class ChoiceRules:
    """Rules of a choice by the positions of the options."""

    ids: tuple[Any, ...]
    """Ids of the options."""
    exclusive: tuple[NDArray[np.intp], ...]
    """Options of which at most one may be chosen."""
    prerequisites: tuple[tuple[int, int], ...]
    """Pairs: the first needs the second."""
    required: tuple[int, ...]
    """Options that must be chosen."""

    def exclusive_constraint(self, group: int) -> Constraint:
        """Name an exclusive group."""
        members = tuple(self.ids[place] for place in self.exclusive[group])
        return Constraint(ConstraintKind.EXCLUSIVE, members)

    def prerequisite_constraint(self, pair: int) -> Constraint:
        """Name a prerequisite."""
        needs, needed = self.prerequisites[pair]
        return Constraint(ConstraintKind.PREREQUISITE, (self.ids[needs], self.ids[needed]))


def choice_rules(
    size: int,
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
    *,
    exclusive: Sequence[Sequence[Any]] = (),
    prerequisites: Sequence[tuple[Any, Any]] = (),
    required: Sequence[Any] = (),
    language: Language = "vi",
) -> ChoiceRules:
    """Read rules that name options by their ids.

    Parameters
    ----------
    size : int
        Count of options.
    option_ids : sequence of str or int, optional
        Their ids; by default the positions.
    exclusive : sequence of sequences of ids
        Groups of which at most one option may be chosen.
    prerequisites : sequence of pairs of ids
        The first needs the second.
    required : sequence of ids
        Options that must be chosen.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ChoiceRules
        The rules by position.

    Raises
    ------
    RangeError
        If two options have one id, or a rule names an id that no option has.

    Examples
    --------
    >>> choice_rules(2, ["A", "B"], prerequisites=[("B", "A")]).prerequisites
    ((1, 0),)
    """
    ids: tuple[Any, ...] = tuple(range(size)) if option_ids is None else tuple(
        each.item() if isinstance(each, np.generic) else each for each in option_ids
    )  # fmt: skip
    if len(ids) != size:
        raise ValueError(f"{len(ids)} option ids for {size} options")
    place = {name: position for position, name in enumerate(ids)}
    if len(place) < size:
        twice = [place[name] != position for position, name in enumerate(ids)]
        refuse("calc.duplicate_option", np.array(twice), np.array(ids, object), language)
    groups = [list(dict.fromkeys(group)) for group in exclusive]
    pairs = [tuple(pair) for pair in prerequisites]
    named = [name for group in (*groups, *pairs, list(required)) for name in group]
    refuse(
        "portfolio.unknown_option", np.array([name not in place for name in named], bool),
        np.array([*named, None], object)[:-1], language,
    )  # fmt: skip
    return ChoiceRules(
        ids,
        tuple(np.array([place[name] for name in group], np.intp) for group in groups),
        tuple((place[needs], place[needed]) for needs, needed in pairs),
        tuple(place[name] for name in dict.fromkeys(required)),
    )


def check_choice(
    chosen: ArrayLike,
    option_ids: Sequence[Any] | NDArray[Any] | None = None,
    *,
    exclusive: Sequence[Sequence[Any]] = (),
    prerequisites: Sequence[tuple[Any, Any]] = (),
    required: Sequence[Any] = (),
    language: Language = "vi",
) -> tuple[Constraint, ...]:
    """Name the rules that a choice breaks; none for a choice that may be made.

    Parameters
    ----------
    chosen : array, shape (options,)
        How far each option is carried out, 0 to 1 (0.5 is a first phase of half). [1]
    option_ids : sequence of str or int, optional
        Ids by which the rules name the options; by default the positions.
    exclusive : sequence of sequences of ids
        Groups of which at most one may be chosen; phased ones at most 1 together.
    prerequisites : sequence of pairs of ids
        The first needs the second, and may never be further than it.
    required : sequence of ids
        Options that must be carried out wholly.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    tuple of Constraint
        The broken rules.

    Raises
    ------
    RangeError
        If `chosen` is outside 0 to 1, two options have one id, or a rule names an unknown id.

    Examples
    --------
    >>> check_choice([1, 1, 0], ["A", "B", "C"], exclusive=[("A", "B")])
    (Constraint(kind=<ConstraintKind.EXCLUSIVE: 'exclusive'>, about=('A', 'B')),)
    """
    degree = floats(chosen)
    refuse("interactions.chosen", ~((degree >= 0) & (degree <= 1)), degree, language)
    rules = choice_rules(
        degree.size, option_ids, exclusive=exclusive, prerequisites=prerequisites,
        required=required, language=language,
    )  # fmt: skip
    broken = [
        Constraint(ConstraintKind.REQUIRED, (rules.ids[place],))
        for place in rules.required
        if degree[place] < 1 - _ROUNDING
    ]
    broken += [
        rules.exclusive_constraint(group)
        for group, members in enumerate(rules.exclusive)
        if degree[members].sum() > 1 + _ROUNDING
    ]
    broken += [
        rules.prerequisite_constraint(pair)
        for pair, (needs, needed) in enumerate(rules.prerequisites)
        if degree[needs] > degree[needed] + _ROUNDING
    ]
    return tuple(broken)
