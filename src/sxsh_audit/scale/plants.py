"""What a run needs of the plants that it assesses, whoever holds their records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

__all__ = ["Part", "Plants"]


class Part(Protocol):
    """Some whole plants that are read and assessed at a time."""

    @property
    def number(self) -> int:
        """Its place among the parts."""

    @property
    def first(self) -> str:
        """First plant in it."""

    @property
    def last(self) -> str:
        """Last plant in it."""


class Plants(Protocol):
    """Plants in parts; sent to the processes that read and assess them."""

    @property
    def parts(self) -> Sequence[Part]:
        """The parts; no plant is in two of them."""

    @property
    def plants(self) -> int:
        """How many plants there are, a count."""

    def read(self, part: Part) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return consumption and production of the plants of a part."""

    def fingerprint(self) -> str:
        """Return what changes whenever the records do."""
