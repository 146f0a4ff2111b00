"""A dataset: a study folder whose big tables are folders of Parquet, cut between plants."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sxsh_audit.assessment.many.plan import Plan
from sxsh_audit.errors import StudyError
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.scale.checking import checked_folder
from sxsh_audit.scale.parquet import connected, footer, read_frame
from sxsh_audit.scale.parts import Part
from sxsh_audit.scale.table_files import BIG
from sxsh_audit.tables.raw import key_text
from sxsh_audit.tables.study import Study

__all__ = ["Dataset", "Part", "open_dataset", "write_dataset"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Records of many plants on disk; nothing of them is in memory until a part is read.

    Parameters
    ----------
    path : Path
        The folder.
    settings : mapping
        Keys of ``study.toml``, files beside it with their paths.
    tables : mapping of str to DataFrame
        All other tables by name: facility, products, resources, prices, options …
    parts : tuple of Part
        Whole plants that are read together, in the order of their names.
    plants : int
        How many plants there are.
    language : {"vi", "en"}
        Language of refusals.
    written : mapping of str to str
        Plants that the records write otherwise than by their key, with another space or in
        another Unicode form: the key of each such name.
    """

    path: Path
    settings: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    plants: int
    language: Language = "vi"
    written: Mapping[str, str] = field(default_factory=dict, repr=False)

    def read(self, part: Part, *, threads: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the consumption and the production of a part.

        Parameters
        ----------
        part : Part
            One of :attr:`parts`.
        threads : int
            Cores to read with.

        Returns
        -------
        consumption, production : DataFrame
            All records of the plants of the part in the order of the files; texts as
            Categorical.

        Raises
        ------
        StudyError
            If duckdb is not installed.
        """
        with connected(threads=threads, language=self.language) as connection:
            used, made = (
                read_frame(connection, [self.path / name for name in names])
                if names else pd.DataFrame({"facility": pd.Series([], dtype="category")})
                for names in (part.consumption, part.production)
            )  # fmt: skip
        return used, made

    def study(self, facility: str) -> Study:
        """Return the study of one plant, for baselines, options and reports.

        Parameters
        ----------
        facility : str
            Plant, in any spelling of its name.

        Returns
        -------
        Study

        Raises
        ------
        StudyError
            If there is no such plant, or its records have faults.
        """
        frames = {}
        facility = key_text(facility)
        names = [facility, *(name for name, key in self.written.items() if key == facility)]
        with connected(language=self.language) as connection:
            for name in BIG:
                files = [
                    self.path / file
                    for part in self.parts
                    if part.first <= facility <= part.last
                    for file in getattr(part, name)
                ]
                frame = read_frame(connection, files, names) if files else pd.DataFrame()
                if len(frame):
                    frames[name] = frame
        if not frames:
            text = refusal_sentence("dataset.unknown_plant", {"facility": facility},
                                    self.language)  # fmt: skip
            raise StudyError(text, code="dataset.unknown_plant", facility=facility)
        return self.plan().study(facility, **frames)

    def plan(
        self,
        *,
        programme: str | os.PathLike[str] = "",
        phase: str | None = None,
        sector: str | None = None,
        overall: str = "",
        factor_set: str | os.PathLike[str] = "",
        language: Language | None = None,
    ) -> Plan:
        """Return how the plants of this dataset are assessed.

        Parameters
        ----------
        programme, phase, sector, overall, factor_set
            As in :func:`sxsh_audit.assess`; by default what ``study.toml`` says.
        language : {"vi", "en"}, optional
            Language of refusals; by default that of the dataset.

        Returns
        -------
        Plan
        """
        return Plan(self.settings, str(programme), phase or "", sector or "", overall,
                    str(factor_set), self.tables, language or self.language)  # fmt: skip

    def fingerprint(self) -> str:
        """Return what tells this dataset from every other: SHA-256 of settings and files.

        Of Parquet files it takes the size and the footer, which has the extremes of every
        column; the records themselves are not read.
        """
        found = hashlib.sha256()
        big = [name for part in self.parts for name in (*part.consumption, *part.production)]
        for name in sorted(big):
            path = self.path / name
            found.update(f"{name}\0{path.stat().st_size}\0{footer(path)}\0".encode())
        found.update(repr(sorted(self.settings.items())).encode())
        for name, table in sorted(self.tables.items()):
            found.update(f"{name}\0{table.to_csv(index=False)}\0".encode())
        for key in ("programme", "factor_set", "emission_factors"):
            path = Path(str(self.settings.get(key) or ""))
            if path.name and path.is_file():
                found.update(path.read_bytes())
        return found.hexdigest()


def open_dataset(path: str | os.PathLike[str], *, language: Language = "vi") -> Dataset:
    """Open a dataset on disk.

    Parameters
    ----------
    path : path
        Folder with ``study.toml``, the folders ``consumption`` and ``production`` of Parquet
        files, and the other tables (facility, products, resources, prices, options …) as CSV
        or Parquet.
    language : {"vi", "en"}
        Language of refusals.

    Returns
    -------
    Dataset

    Raises
    ------
    StudyError
        If duckdb is not installed, or the folder has faults; all of them are told at once.

    Notes
    -----
    Files whose plants overlap are read together as one part; files that were written by
    :func:`write_dataset` do not overlap. Files that would make a part too large to hold are
    refused, with how to cut them.

    Examples
    --------
    >>> import tempfile
    >>> months = [f"{year}-{month:02d}" for year in (2013, 2014) for month in range(1, 13)]
    >>> consumption = pd.DataFrame({"facility": "A", "resource": "electricity",
    ...                             "period": months, "quantity": 100.0, "unit": "kWh"})
    >>> production = pd.DataFrame({"facility": "A", "period": months, "quantity": 10.0,
    ...                            "unit": "t"})
    >>> settings = {"baseline": "2013", "reporting": "2014"}
    >>> folder = Path(tempfile.mkdtemp()) / "plants"
    >>> _ = write_dataset({"consumption": consumption, "production": production,
    ...                    "settings": settings}, folder)
    >>> dataset = open_dataset(folder)
    >>> dataset.plants, len(dataset.parts), dataset.parts[0].rows
    (1, 1, 48)
    """
    folder = Path(path).absolute()  # sent to processes and machines that stand elsewhere
    with connected(language=language) as connection:
        found = checked_folder(connection, folder, language)
    written = {name: key for name, key in found.keys.items() if name != key}
    return Dataset(folder, found.settings, found.tables, found.parts,
                   len(set(found.keys.values())), language, written)  # fmt: skip


def write_dataset(
    source: Study | Mapping[str, Any] | Iterable[Mapping[str, Any]] | str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    plants_per_part: int = 5000,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
    language: Language = "vi",
) -> Dataset:
    """Write records as a dataset of parts that fit into memory, whole plants in each.

    Parameters
    ----------
    source : Study, mapping, iterable of mappings, or path
        A study, with all of its tables and settings; frames by the name of their table with the
        key ``settings`` for those of ``study.toml``; many such mappings, one after the other, the
        settings and the other tables in any of them; or the folder of a dataset whose files are
        not cut between plants.
    folder : path
        Where the dataset is wanted.
    plants_per_part : int
        Plants of a part.
    overwrite : bool
        Whether a dataset that is there already may be replaced.
    progress : callable, optional
        Called with the parts that are written and the number of all.
    language : {"vi", "en"}
        Language of refusals.

    Returns
    -------
    Dataset

    Raises
    ------
    StudyError
        If duckdb is not installed, or the source has faults.
    OutputError
        If the folder is there already and `overwrite` is false, or it cannot be written; what
        was there stays as it was.

    Notes
    -----
    duckdb sorts the records by plant in bounded memory; the records of a plant keep their order.
    Of a study it writes what was read, in canonical units: its findings name the tables and no
    longer the files, and notes of tables whose notes no result shows are left out.

    Examples
    --------
    Records that come district by district; a plant may be in two of them.

    >>> import tempfile
    >>> def district(*plants):
    ...     keys = {"facility": plants, "period": "2013"}
    ...     return {"production": pd.DataFrame({**keys, "quantity": 10.0, "unit": "t"}),
    ...             "consumption": pd.DataFrame({**keys, "resource": "water", "quantity": 50.0,
    ...                                          "unit": "m3"})}
    >>> settings = {"settings": {"baseline": "2013", "reporting": "2014"}}
    >>> folder = Path(tempfile.mkdtemp()) / "plants"
    >>> dataset = write_dataset([settings, district("B", "C"), district("A", "B")], folder,
    ...                         plants_per_part=2)
    >>> dataset.plants, [(part.first, part.last, part.rows) for part in dataset.parts]
    (3, [('A', 'B', 6), ('C', 'C', 2)])
    """
    from sxsh_audit.scale.writing import cut_dataset

    cut_dataset(source, Path(folder), plants_per_part, overwrite, progress, language)
    return open_dataset(folder, language=language)
