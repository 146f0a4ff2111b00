"""Counts of establishments where some answers are not known, and the shares they allow.

An answer is 1 (yes), 0 (no) or −1 (not known). What is not known stays apart from no: a share
comes with the shares that all unknown answers as no and all as yes would give.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.calc.domain import Floats
from sxsh_audit.calc.rollup import group_sum
from sxsh_audit.language.formatting import Language

__all__ = ["Answers", "Share", "count_answers", "share_of", "shares_of_groups"]

Answer = NDArray[np.int8]


class Answers(NamedTuple):
    """How many said yes, said no, and are not known, per group."""

    yes: NDArray[np.int64]
    no: NDArray[np.int64]
    unknown: NDArray[np.int64]


class Share(NamedTuple):
    """Share of a base that is a yes, with what the unknown answers allow."""

    yes: int
    no: int
    unknown: int
    base: int
    base_unknown: int
    share: float
    lowest: float
    highest: float


def _answers(values: ArrayLike) -> Answer:
    flat = np.asarray(values).reshape(-1)
    if flat.size and not np.isin(flat, (-1, 0, 1)).all():
        raise ValueError("an answer is 1 for yes, 0 for no or -1 for unknown")
    return flat.astype(np.int8)


def count_answers(
    answers: ArrayLike, groups: ArrayLike, n: int, *, language: Language = "vi"
) -> Answers:
    """Count the answers of each group.

    Parameters
    ----------
    answers : array of int, shape (rows,)
        1 yes, 0 no, −1 not known. [-]
    groups : array of int, shape (rows,)
        Group of each row, 0 … `n` − 1. [-]
    n : int
        Count of groups. [count]
    language : {"vi", "en"}
        Language of a refusal. [-]

    Returns
    -------
    Answers
        ``yes``, ``no``, ``unknown`` [count], each of shape (n,).

    Raises
    ------
    RangeError
        If a group is outside 0 … `n` − 1.

    Examples
    --------
    >>> count_answers([1, 0, -1, 1], [0, 0, 1, 1], 2)
    Answers(yes=array([1, 1]), no=array([1, 0]), unknown=array([0, 1]))
    """
    said = _answers(answers)
    return Answers(*(
        group_sum(groups, said == word, n, language=language).astype(np.int64)
        for word in (1, 0, -1)
    ))  # fmt: skip


def shares_of_groups(counts: Answers) -> tuple[Floats, Floats, Floats]:
    """Return the share of yes in each group, and the least and the largest it can be.

    Parameters
    ----------
    counts : Answers
        Counts per group. [count]

    Returns
    -------
    tuple of array
        Share of the whole group that is known to be a yes, which is also the least it can be,
        and the most; ``nan`` where a group has no row. First the share of those known. [1]

    Notes
    -----
    known = y/(y + n), lowest = y/(y + n + u), highest = (y + u)/(y + n + u).

    Examples
    --------
    >>> [share.tolist() for share in shares_of_groups(count_answers([1, 0, -1, 1], [0] * 4, 1))]
    [[0.6666666666666666], [0.5], [0.75]]
    """
    yes, no, unknown = (np.asarray(part, dtype=np.float64) for part in counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = yes + no + unknown
        return yes / (yes + no), yes / total, (yes + unknown) / total


def share_of(answers: ArrayLike, members: ArrayLike) -> Share:
    r"""Share of a base that answers yes, where it is not always known who belongs to the base.

    Parameters
    ----------
    answers : array of int, shape (rows,)
        1 yes, 0 no, −1 not known. [-]
    members : array of int, shape (rows,)
        Whether the row belongs to the base: 1, 0, or −1 where that is not known. [-]

    Returns
    -------
    Share
        ``yes``, ``no``, ``unknown`` of those known to belong to it and their sum ``base``,
        ``base_unknown`` those of whom that is not known [count]; ``share`` = yes ÷ base, with
        the ``lowest`` and the ``highest`` that any completion of the unknown gives [1], ``nan``
        where the base may be empty.

    Notes
    -----
    A row of unknown membership that is put into the base as a no lowers the share and as a yes
    raises it, since the share lies between 0 and 1. With D for membership and u for unknown,

    .. math:: \text{lowest} = \frac{y_D}{y_D + n_D + u_D + n_u + u_u}, \quad
              \text{highest} = \frac{y_D + u_D + y_u + u_u}{y_D + u_D + y_u + u_u + n_D}

    An indicator over the establishments *able to apply* needs this: of most of them nobody has
    asked whether they are able.

    Examples
    --------
    Four are in the base (2 yes, 1 no, 1 unknown), of one, a no, it is not known:
    2/4; at least 2/5; at most 3/4.

    >>> found = share_of([1, 1, 0, -1, 0], [1, 1, 1, 1, -1])
    >>> found.share, found.lowest, found.highest
    (0.5, 0.4, 0.75)
    """
    said, inside = _answers(answers), _answers(members)
    if said.shape != inside.shape:
        raise ValueError(f"{said.size} answers for {inside.size} members")

    def how_many(answer: int, member: int) -> int:
        return int(((said == answer) & (inside == member)).sum())

    yes, no, unknown = (how_many(answer, 1) for answer in (1, 0, -1))
    maybe_yes, maybe_no, maybe_unknown = (how_many(answer, -1) for answer in (1, 0, -1))
    base = yes + no + unknown
    most = yes + unknown + maybe_yes + maybe_unknown
    return Share(
        yes, no, unknown, base, maybe_yes + maybe_no + maybe_unknown,
        _ratio(yes, base), _ratio(yes, base + maybe_no + maybe_unknown), _ratio(most, most + no),
    )  # fmt: skip


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
