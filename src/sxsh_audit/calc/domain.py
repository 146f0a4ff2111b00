"""Which numbers may enter a formula at all.

A formula refuses what it cannot mean (a negative output) and says where it stands; what is
merely not known stays ``nan`` and travels through.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence

__all__ = ["Floats", "RangeError", "floats", "plain", "refuse", "refuse_negative", "times"]

Floats = NDArray[np.float64]

#: How many offending positions a refusal lists; the count is always exact.
SHOWN = 10


class RangeError(Refusal):
    """Numbers outside the range in which a formula has a meaning.

    ``numbers["positions"]`` holds the first offending positions, counted from 0 in the
    flattened input, and ``numbers["count"]`` how many there are.
    """


def floats(values: ArrayLike) -> Floats:
    """Return `values` as a float64 array; ``None`` becomes ``nan``.

    Raises
    ------
    TypeError
        If there is text among them: reading text needs to know how its numbers are written.
    """
    found = np.asarray(values)
    if found.dtype.kind in "USOT" and any(isinstance(cell, str) for cell in found.flat):
        raise TypeError("text is not read here: use sxsh_audit.parse_number or parse_numbers first")
    return np.asarray(values, dtype=np.float64)


def plain(values: Floats) -> Any:
    """Return a 0-d result as a Python float, anything else as it is."""
    return float(values) if np.ndim(values) == 0 else values


def times(amount: Floats, factor: Floats) -> Floats:
    """Multiply; nothing of what is not known, and what is not known of nothing, is 0."""
    found: Floats = np.where((amount == 0) | (factor == 0), 0.0, amount * factor)
    return found


def refuse(
    code: str, wrong: NDArray[np.bool_], values: ArrayLike, language: Language, **numbers: Any
) -> None:
    """Raise :class:`RangeError` `code` if any of `wrong` is set.

    Parameters
    ----------
    code : str
        Message of the broken rule.
    wrong : array of bool
        Where the rule is broken.
    values : array
        The values, same shape as `wrong`; the first offending one is shown.
    language : {"vi", "en"}
        Language of the refusal.
    **numbers
        Further values that the sentence speaks of.

    Raises
    ------
    RangeError
        If anything is wrong.
    """
    where = np.flatnonzero(wrong)
    if where.size:
        first = np.asarray(values).reshape(-1)[where[0]]
        first = first.item() if isinstance(first, np.generic) else first
        shown = tuple(int(position) for position in where[:SHOWN])
        numbers |= {"positions": shown, "count": int(where.size), "value": first}
        raise RangeError(refusal_sentence(code, numbers, language), code=code, **numbers)


def refuse_negative(values: Floats, quantity: str, language: Language) -> None:
    """Raise :class:`RangeError` if any of `values` is below 0.

    `quantity` is the key of its name in the messages: ``"output"`` for ``calc.the_output``.
    """
    wrong = values < 0
    if wrong.any():
        name = sentence(f"calc.the_{quantity}", language)
        refuse("calc.negative", wrong, values, language, quantity=name)
