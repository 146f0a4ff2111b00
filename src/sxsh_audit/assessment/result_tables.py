"""Tables of results: one record per row, frozen, plain JSON types."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import visible

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FindingTable", "ResultTable", "Shown", "VerdictTable", "json_plain", "plain"]


@dataclass(frozen=True, eq=False)
class ResultTable:
    """A table of results: one record per row, plain JSON types.

    Parameters
    ----------
    name : str
        What it holds.
    keys : tuple of str
        Columns that name a row.
    rows : tuple of mapping
        The records; a figure that is not known is None, infinity stays infinity.
    """

    name: str
    keys: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a DataFrame; unknown figures are nan, no rows leave the keys."""
        import pandas as pd

        if not self.rows:
            return pd.DataFrame(columns=list(self.keys))
        frame = pd.DataFrame([dict(row) for row in self.rows])
        for name in frame.columns:
            if frame[name].dtype.kind != "O":
                continue
            cells = [cell for cell in frame[name] if cell is not None]
            if all(isinstance(cell, float) for cell in cells):
                frame[name] = frame[name].astype(float)
        return frame

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[SimpleNamespace]:
        return (SimpleNamespace(**row) for row in self.rows)

    def __getitem__(self, key: int | str | tuple[str, ...]) -> SimpleNamespace:
        """Return a record by its position, or by its key: the last key alone for one plant.

        Raises
        ------
        KeyError
            If no record, or more than one, has the key.
        """
        if isinstance(key, int):
            return SimpleNamespace(**self.rows[key])
        wanted = key if isinstance(key, tuple) else (key,)
        columns = self.keys[-len(wanted) :]
        found = [row for row in self.rows if tuple(row[c] for c in columns) == wanted]
        if len(found) != 1:
            columns = self.keys if found else columns
            known = sorted({", ".join(repr(row[c]) for c in columns) for row in self.rows})
            count = "no record" if not found else f"{len(found)} records"
            raise KeyError(
                f"{count} {key!r} in {self.name}; ask for one of: {'; '.join(known[:20])}"
            )
        return SimpleNamespace(**found[0])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {len(self)} rows)"

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        for name in frame.columns:
            frame[name] = [visible(cell) if isinstance(cell, str) else cell for cell in frame[name]]
        return str(frame.to_html(index=False, na_rep="–"))

    @classmethod
    def from_frame(cls, name: str, keys: Sequence[str], frame: pd.DataFrame) -> ResultTable:
        """Build a result table from a DataFrame."""
        if not len(frame):
            return cls(name, tuple(keys), ())
        columns = {column: [plain(v) for v in frame[column].tolist()] for column in frame.columns}
        rows = tuple(
            dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
        )
        return cls(name, tuple(keys), rows)


@dataclass(frozen=True, eq=False)
class VerdictTable(ResultTable):
    """The overall result of each plant; with one plant its figures are attributes."""

    def __getattr__(self, name: str) -> Any:
        # dataclass fields are found before __getattr__ is asked
        if name.startswith("_") or len(self.rows) != 1 or name not in self.rows[0]:
            raise AttributeError(name)
        return self.rows[0][name]


@dataclass(frozen=True, slots=True)
class Shown:
    """An assessment in one language: prints as text, shows as tables in a notebook."""

    text: str
    html: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True, eq=False)
class FindingTable:
    """Everything that was found in the data and on the way."""

    items: tuple[Finding, ...]

    def to_frame(self, language: Language = "vi") -> pd.DataFrame:
        """Return the findings with their sentences in `language`, one row each."""
        from sxsh_audit.tables.reading import findings_frame

        return findings_frame(self.items, language)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def codes(self) -> tuple[str, ...]:
        """Codes of the findings, in order."""
        return tuple(item.code for item in self.items)


def plain(value: Any) -> Any:
    """Return a value of a frame as a plain type: nan and NaT are None, numbers Python's."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is getattr(type(value), "NaT", object()):
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    return str(value) if isinstance(value, str) else value


def json_plain(value: Any) -> Any:
    """Return nested data as JSON types; what is infinite or no number is None."""
    if isinstance(value, Mapping):
        return {str(key): json_plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
