"""What came of many plants: counts and roll-up in hand, the rows of each read when asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.many.columns import empty_frame
from sxsh_audit.assessment.many.rolling import Tally, counts_of, joined, roll_up
from sxsh_audit.assessment.result_tables import ResultTable
from sxsh_audit.assessment.shown_as_tables import ShownAsTables
from sxsh_audit.errors import Refusal
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.scale.kept_parts import TABLES, finished, parts_folder, run_of
from sxsh_audit.scale.needed import needed_duckdb
from sxsh_audit.scale.parquet import records_in
from sxsh_audit.scale.told_plants import PLANTS_NAMED, commonest
from sxsh_audit.tables.reading import findings_frame

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.display.table import Table

__all__ = ["MANY_KEYS", "ManyAssessments", "open_results"]

MANY_KEYS = ("scope", "name", "category", "counted", "measure", "unit")
"""Columns that name a row of the roll-up."""
TOLD = ("facility", "refused", "findings")
"""Columns of the savings that tell what was found in the records of a plant."""
KIND, SCHEMA_VERSION = "many_assessments", "1"


@dataclass(frozen=True, eq=False)
class ManyAssessments(ShownAsTables):
    """The result of :func:`sxsh_audit.assess_many`.

    Parameters
    ----------
    settings : mapping
        What decided the numbers: ``programme``, ``phase``, ``low`` and ``high`` [1],
        ``overall``, ``factor_set``, ``currency``, ``baseline``, ``reporting`` …
    counts : mapping
        ``plants``, ``assessed``, ``refused`` [count]; plants by status; the share that reached
        the low end [1] with what the others allow; ``findings``, plants by code.
    rollup : ResultTable
        What the plants saved together: overall, by group, by resource; never over mixed units.
    version : str
        Version of the library.
    folder : str
        Where the rows of each plant are; empty for a result that came from :meth:`from_dict`.
    language : {"vi", "en"}
        Language of a refusal.

    Notes
    -----
    The rows of the plants stay on the disk: they may be more than memory holds.
    """

    settings: Mapping[str, Any]
    counts: Mapping[str, Any]
    rollup: ResultTable
    version: str
    folder: str = ""
    language: Language = "vi"
    _parts: tuple[str, ...] = field(default=(), repr=False)

    @property
    def parts(self) -> int:
        """How many parts the plants were assessed in."""
        return len(self._parts)

    # -- rows of the plants ---------------------------------------------------------------------

    def savings(
        self, columns: Iterable[str] | None = None, facilities: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """Return one row per plant and resource, as ``Assessment.savings`` has them.

        Parameters
        ----------
        columns : iterable of str, optional
            Columns to read; all by default.
        facilities : iterable of str, optional
            Plants to read; all by default.

        Returns
        -------
        DataFrame
            In the order of the plants. Plants that were refused are not in it.

        Raises
        ------
        Refusal
            If the result has no folder.
        KeyError
            If there is no such column.
        """
        return self._read("savings", columns, facilities, "NOT refused")

    def groups(self, facilities: Iterable[str] | None = None) -> pd.DataFrame:
        """Return one row per plant and group, as ``Assessment.groups`` has them."""
        return self._read("groups", None, facilities)

    def verdicts(self, facilities: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the overall result of each plant, as ``Assessment.verdict`` has it.

        ``reached`` and ``depends_on_rule`` are ``yes``, ``no`` or ``""`` (not known).
        """
        return self._read("verdicts", None, facilities)

    def findings(
        self, language: Language = "vi", facilities: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """Return what was found in the data of each plant, with the sentences in `language`.

        Parameters
        ----------
        language : {"vi", "en"}
            Language of the sentences.
        facilities : iterable of str, optional
            Plants to read; all by default.

        Returns
        -------
        DataFrame
            One row per plant and finding: ``facility``, ``refused``, then severity, code, place,
            rule and fix.
        """
        rows = self._read("savings", TOLD, facilities, "findings != ''")
        return _told(rows, language)

    def refused(self, language: Language = "vi") -> pd.DataFrame:
        """Return the plants that were not assessed, each with all its faults, as `findings`."""
        rows = self._read("savings", TOLD, None, "refused")
        return _told(rows, language)

    def in_parts(
        self, table: str = "savings", language: Language = "vi"
    ) -> Iterator[pd.DataFrame]:
        """Yield the rows of the plants part by part, for what memory does not hold at once.

        Parameters
        ----------
        table : {"savings", "groups", "verdicts", "findings"}
            Table.
        language : {"vi", "en"}
            Language of the sentences of findings.

        Yields
        ------
        DataFrame
            Rows of the plants of one part, as the method of that name returns those of all.

        Raises
        ------
        Refusal
            If the result has no folder.
        KeyError
            If there is no such table.
        """
        if table not in (*TABLES, "findings"):
            raise KeyError(f"no table {table!r}; there are: {', '.join(TABLES)}, findings")
        self._needs_folder()
        for part in self._parts:
            if table == "findings":
                types = {name: TABLES["savings"][name] for name in TOLD}
                rows = self._of_parts("savings", types, "findings != ''", [part])
                yield _told(rows, language)
            else:
                which = "NOT refused" if table == "savings" else "true"
                yield self._of_parts(table, TABLES[table], which, [part])

    def _read(
        self, table: str, columns: Iterable[str] | None, facilities: Iterable[str] | None,
        which: str = "true",
    ) -> pd.DataFrame:
        types = TABLES[table]
        names = tuple(types) if columns is None else tuple(columns)
        for name in names:
            if name not in types:
                raise KeyError(f"no column {name!r} in {table}; there are: {', '.join(types)}")
        self._needs_folder()
        asked = None if facilities is None else [str(name) for name in facilities]
        if asked is not None:
            which = f"{which} AND list_contains(?, facility)"
        return self._of_parts(table, {name: types[name] for name in names}, which, self._parts,
                              *([] if asked is None else [asked]))  # fmt: skip

    def _needs_folder(self) -> None:
        if not self.folder:
            code = "many.no_folder"
            raise Refusal(refusal_sentence(code, {}, self.language), code=code)

    def _of_parts(
        self, table: str, types: Mapping[str, str], which: str, parts: Iterable[str], *asked: Any
    ) -> pd.DataFrame:
        """Read rows of some parts in their order; `which` is in the words of SQL."""
        files = [Path(part) / f"{table}.parquet" for part in parts]
        if not files:
            return empty_frame(types)
        shown = ", ".join(f'"{name}"' for name in types)
        with needed_duckdb(self.language).connect() as connection:
            frame: pd.DataFrame = connection.execute(
                f"SELECT {shown} FROM {records_in(connection, files)} WHERE {which}", [*asked]
            ).df()
        return frame.astype(types)

    def _found_in_plants(self) -> dict[str, list[tuple[str, list[Finding]]]]:
        """Return the first plant with each of the commonest findings, and the first refused."""
        if not all(map(os.path.isdir, self._parts)):  # of a document, or taken away since
            return {"examples": [], "refused": []}
        types = {name: TABLES["savings"][name] for name in ("facility", "findings")}

        def told(which: str, *asked: str) -> list[tuple[str, list[Finding]]]:
            rows = self._of_parts("savings", types, which, self._parts, *asked)
            return [(plant, [Finding.from_dict(item) for item in json.loads(text)])
                    for plant, text in zip(rows["facility"], rows["findings"], strict=True)]

        examples = []
        for code in commonest(self.counts["findings"]):
            # A finding may quote a refusal with its code, so that some plants are looked at.
            some = told("contains(findings, ?) LIMIT 100", f'"{code}"')
            found = [(plant, [item]) for plant, items in some
                     for item in items if item.code == code]  # fmt: skip
            examples += found[:1]
        refused = told(f"refused ORDER BY facility LIMIT {PLANTS_NAMED}")
        return {"examples": examples, "refused": refused}

    # -- plain data -----------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """Return the roll-up as a DataFrame; unknown figures are nan."""
        return self.rollup.to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Return settings, counts and roll-up as JSON types; the rows of the plants stay apart."""
        return {
            "schema_version": SCHEMA_VERSION, "kind": KIND, "version": self.version,
            "settings": dict(self.settings), "counts": dict(self.counts),
            "rollup": [dict(row) for row in self.rollup.rows],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> ManyAssessments:
        """Build a result from :meth:`to_dict`; it has no rows of the plants.

        Raises
        ------
        ValueError
            If the record is of another kind or schema version, or not whole.
        """
        stated = record.get("kind"), record.get("schema_version")
        if stated != (KIND, SCHEMA_VERSION):
            raise ValueError(f"this is {stated}, not {(KIND, SCHEMA_VERSION)}")
        missing = [name for name in ("settings", "counts", "rollup", "version")
                   if name not in record]  # fmt: skip
        if missing:
            raise ValueError(f"this is not whole: without {', '.join(missing)}")
        rollup = ResultTable("rollup", MANY_KEYS, tuple(dict(row) for row in record["rollup"]))
        return cls(dict(record["settings"]), dict(record["counts"]), rollup, record["version"])

    # -- what a person sees ---------------------------------------------------------------------

    def tables(self, language: Language = "vi") -> list[Table]:
        """Return what a person reads, as neutral tables: plants, the roll-up, what was found."""
        from sxsh_audit.scale.views import many_views

        return many_views(self.settings, self.counts, self.rollup, language,
                          **self._found_in_plants())  # fmt: skip

    def __repr__(self) -> str:
        return f"ManyAssessments({self.counts['plants']} plants, {self.counts['refused']} refused)"


def _told(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    items, plants, refused = [], [], []
    for plant, out, text in zip(rows["facility"], rows["refused"], rows["findings"], strict=True):
        for record in json.loads(text) if text else ():
            items.append(Finding.from_dict(record))
            plants.append(plant)
            refused.append(out)
    frame = findings_frame(items, language).drop(columns="facility")
    frame.insert(0, "facility", plants)
    frame.insert(1, "refused", refused)
    kinds = {"refused": "bool", "row": "int64"}  # the same types where nothing was found
    return frame.astype({name: kinds.get(str(name), "str") for name in frame})


def open_results(
    folder: str | os.PathLike[str], *, language: Language = "vi"
) -> ManyAssessments:
    """Open what :func:`sxsh_audit.assess_many` has kept in a folder.

    Parameters
    ----------
    folder : path
        The folder of the results.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    ManyAssessments

    Raises
    ------
    Refusal
        If there are no results, or the run was not finished: it says how far it came.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> import sxsh_audit as sx
    >>> years = {"facility": ["A", "A", "B", "B"], "period": ["2013", "2014"] * 2}
    >>> used = {**years, "resource": "electricity", "quantity": [100, 90, 300, 300], "unit": "MWh"}
    >>> made = {**years, "quantity": [10, 10, 20, 20], "unit": "t"}
    >>> folder = Path(tempfile.mkdtemp())
    >>> plants = sx.write_dataset({
    ...     "consumption": pd.DataFrame(used), "production": pd.DataFrame(made),
    ...     "settings": {"baseline": "2013", "reporting": "2014"}}, folder / "plants")
    >>> found = sx.assess_many(plants, folder / "results", workers=1)
    >>> sx.open_results(folder / "results").counts["plants"]
    2
    """
    path = Path(os.path.abspath(folder))
    run = run_of(path)
    if run is None:
        _refuse("many.no_results", language, path=str(folder))
    assert run is not None
    kept = finished(parts_folder(path, run["key"]), run["parts"], mend=False)
    if len(kept) < len(run["parts"]):
        _refuse("many.not_finished", language, path=str(folder), done=len(kept),
                all=len(run["parts"]))  # fmt: skip
    found = joined(Tally.from_dict(kept[number]["tally"]) for number in run["parts"])
    rollup = ResultTable("rollup", MANY_KEYS, tuple(roll_up(found, run["settings"])))
    parts = tuple(str(parts_folder(path, run["key"]) / f"{number:06d}") for number in run["parts"])
    return ManyAssessments(run["settings"], counts_of(found), rollup, run["version"], str(path),
                           language, parts)  # fmt: skip


def _refuse(code: str, language: Language, **numbers: Any) -> None:
    raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
