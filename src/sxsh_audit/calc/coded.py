"""An array of words held as one byte each.

A million statuses as text are 36 MB and take longer to write than the arithmetic that decides
them. :class:`Coded` keeps the codes and reads like an array of words.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Coded"]

Member = TypeVar("Member", bound=StrEnum)


class Coded(Generic[Member]):
    """Immutable array of the members of a :class:`~enum.StrEnum`.

    Parameters
    ----------
    codes : array of int8
        Position of each member in the order in which `kind` defines them.
    kind : type of StrEnum
        The words.

    Examples
    --------
    >>> from sxsh_audit.calc.bands import Status
    >>> found = Coded(np.array([1, 2, 2], np.int8), Status)
    >>> found
    Coded(['below', 'within', 'within'])
    >>> found == "within"
    array([False,  True,  True])
    >>> found[0], found.counts()["within"]
    (<Status.BELOW: 'below'>, 2)
    """

    __slots__ = ("codes", "kind")
    __hash__ = None  # type: ignore[assignment]

    codes: NDArray[np.int8]
    kind: type[Member]

    def __init__(self, codes: NDArray[np.int8], kind: type[Member]) -> None:
        codes = np.asarray(codes, dtype=np.int8).view()
        codes.flags.writeable = False
        self.codes = codes
        self.kind = kind

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array."""
        return self.codes.shape

    @property
    def ndim(self) -> int:
        """Count of dimensions."""
        return self.codes.ndim

    @property
    def size(self) -> int:
        """Count of elements."""
        return self.codes.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of ``numpy.asarray(self)``: fixed-width text."""
        return self._words().dtype

    def _words(self) -> NDArray[np.str_]:
        return np.array([member.value for member in self.kind])

    def counts(self) -> dict[Member, int]:
        """Return how often each member occurs, absent ones with 0."""
        found = np.bincount(self.codes.reshape(-1), minlength=len(self.kind))
        return {member: int(found[code]) for code, member in enumerate(self.kind)}

    def tolist(self) -> Any:
        """Return the words as (nested) lists of plain text."""
        return np.asarray(self).tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        words = self._words()[self.codes]
        return words if dtype is None else words.astype(dtype)

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Any]:
        return (self[position] for position in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        chosen = self.codes[key]
        if np.ndim(chosen) == 0:
            return tuple(self.kind)[int(chosen)]
        return Coded(chosen, self.kind)

    def __eq__(self, other: object) -> Any:
        if isinstance(other, str):
            words = [member.value for member in self.kind]
            return self.codes == (words.index(other) if other in words else -1)
        if isinstance(other, Coded) and other.kind is self.kind:
            return self.codes == other.codes
        return np.asarray(self) == np.asarray(other)

    def __ne__(self, other: object) -> Any:
        return ~(self == other)

    def __repr__(self) -> str:
        text = np.array2string(np.asarray(self), separator=", ", threshold=20)
        return f"Coded({text})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Coded, (np.array(self.codes), self.kind)
