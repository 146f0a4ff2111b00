"""What is done with one part of many plants: read, assess, add up, keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.assessment.many.rolling import tally
from sxsh_audit.scale.kept_parts import keep_part, parts_folder
from sxsh_audit.scale.plants import Part, Plants

__all__ = ["Done", "Outcome", "Work", "in_this_process"]

Done = dict[str, Any]
"""What is known of a finished part: ``number``, ``first``, ``last``, ``tally``."""
Outcome = Done | Exception


@dataclass(frozen=True, slots=True)
class Work:
    """The work of a run, to be sent to wherever a part is worked on.

    Parameters
    ----------
    dataset : Plants
        Whose records are read.
    plan : Plan
        How they are assessed.
    folder : str
        Folder of the results.
    key : str
        Of the run.
    currency : str
        What money is in.
    """

    dataset: Plants
    plan: Plan
    folder: str
    key: str
    currency: str

    def tables(self, part: Part) -> dict[str, pd.DataFrame]:
        """Read and assess a part; nothing is written."""
        savings = self.plan.assess(*self.dataset.read(part))
        groups, verdicts = self.plan.judged(savings)
        return {"savings": savings, "groups": groups, "verdicts": verdicts}

    def keep(self, part: Part, tables: dict[str, pd.DataFrame]) -> Done:
        """Keep what came of a part, and return what is known of it."""
        found = tally(tables["savings"], tables["groups"], tables["verdicts"], self.currency)
        record = {"number": part.number, "first": part.first, "last": part.last,
                  "tally": found.to_dict()}  # fmt: skip
        parts = parts_folder(Path(self.folder), self.key)
        keep_part(parts, part.number, tables, record, self.plan.language)
        return record

    def __call__(self, part: Part) -> Done:
        """Do a part from its records to its place among the results."""
        return self.keep(part, self.tables(part))


def in_this_process(work: Work, parts: Iterable[Part]) -> Iterator[tuple[Part, Outcome]]:
    """Do the parts one after the other."""
    for part in parts:
        try:
            yield part, work(part)
        except Exception as error:
            yield part, error
