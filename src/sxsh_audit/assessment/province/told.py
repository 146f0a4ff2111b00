"""What the results over a register have in common: plain data, and tables in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from sxsh_audit.assessment.result_tables import FindingTable, ResultTable
from sxsh_audit.assessment.shown_as_tables import ShownAsTables
from sxsh_audit.findings import Finding

__all__ = ["Told"]


@dataclass(frozen=True, eq=False)
class Told(ShownAsTables):
    """A result that holds tables, what decided them, and what was found on the way.

    Parameters
    ----------
    settings : mapping
        Everything that decided the numbers.
    found : mapping of str to ResultTable
        The tables by name; each is an attribute, too.
    findings : FindingTable
        Warnings and notes.
    version : str
        Version of the library.
    """

    KIND: ClassVar[str] = ""
    KEYS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Columns that name a row, by table."""
    SCHEMA_VERSION: ClassVar[str] = "1"

    settings: Mapping[str, Any]
    found: Mapping[str, ResultTable]
    findings: FindingTable
    version: str

    def __getattr__(self, name: str) -> ResultTable:
        if name.startswith("_") or name not in self.KEYS:
            raise AttributeError(name)
        return self.found[name]

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON types; nothing in it depends on a language."""
        return {
            "schema_version": self.SCHEMA_VERSION, "kind": self.KIND, "version": self.version,
            "settings": dict(self.settings),
            **{name: [dict(row) for row in table.rows] for name, table in self.found.items()},
            "findings": [item.to_dict() for item in self.findings],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """Build a result from :meth:`to_dict`.

        Raises
        ------
        ValueError
            If the record is of another kind or schema version, or a table is missing.
        """
        stated = record.get("kind"), record.get("schema_version")
        if stated != (cls.KIND, cls.SCHEMA_VERSION):
            raise ValueError(f"this is {stated}, not {(cls.KIND, cls.SCHEMA_VERSION)}")
        missing = [name for name in (*cls.KEYS, "settings", "findings") if name not in record]
        if missing:
            raise ValueError(f"this is not whole: without {', '.join(missing)}")
        found = {name: ResultTable(name, keys, tuple(dict(row) for row in record[name]))
                 for name, keys in cls.KEYS.items()}  # fmt: skip
        items = tuple(Finding.from_dict(item) for item in record["findings"])
        return cls(dict(record["settings"]), found, FindingTable(items), record["version"])
