"""What assesses some whole plants of many: the same function on one core, on dask or on Spark.

A plan is small and is sent to wherever the records are. Its functions are *group-local*: what
they say of a plant depends on the records of that plant alone, so the cut into parts, the order
of the parts and the machine that works on a part leave every digit as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd

from sxsh_audit.assessment.many.batches import AT_ONCE, refuse_nameless, whole_plants
from sxsh_audit.assessment.many.columns import (
    GROUP_TYPES,
    SAVING_TYPES,
    VERDICT_TYPES,
    empty_frame,
    spark_schema,
    typed_answers,
    typed_frame,
)
from sxsh_audit.assessment.many.told import NotShared, told_of_each, told_text
from sxsh_audit.assessment.overall import group_table, verdict_table
from sxsh_audit.assessment.saving_tables import saving_tables
from sxsh_audit.assessment.target import Target, target_of
from sxsh_audit.errors import StudyError
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.checked_plants import studies_of_plants
from sxsh_audit.tables.settings import StudySettings, read_settings
from sxsh_audit.tables.study import Study
from sxsh_audit.tables.typed import plant_names, typed_study
from sxsh_audit.tables.typed_plants import by_key
from sxsh_audit.tables.unknown_columns import Read, read_columns, told_with_headings

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How plants are assessed: settings, shared tables, target.

    Parameters
    ----------
    settings : mapping
        Keys of ``study.toml`` that all plants share: ``baseline``, ``reporting``, ``locale``,
        ``currency``, ``quality`` …
    programme, phase, sector, overall, factor_set : str
        As in :func:`sxsh_audit.assess`; empty for what the settings say.
    tables : mapping of str to DataFrame
        Small tables of the dataset (facility, products, resources, prices …), whole; a plant
        takes its own rows and those that name no plant.
    language : {"vi", "en"}
        Language of a refusal.
    """

    settings: Mapping[str, Any]
    programme: str = ""
    phase: str = ""
    sector: str = ""
    overall: str = ""
    factor_set: str = ""
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    language: Language = "vi"

    def __post_init__(self) -> None:
        tables = {name: by_key(table) if "facility" in table.columns else table
                  for name, table in self.tables.items()}  # fmt: skip
        object.__setattr__(self, "tables", tables)

    @property
    def meta(self) -> pd.DataFrame:
        """The frame without rows that :meth:`assess` returns for no plants, with its types."""
        return empty_frame(SAVING_TYPES)

    @property
    def spark_schema(self) -> str:
        """:attr:`meta` in the words of Spark, as ``mapInPandas`` takes it."""
        return spark_schema(SAVING_TYPES)

    def assess(self, consumption: pd.DataFrame, production: pd.DataFrame) -> pd.DataFrame:
        """Return the savings of whole plants.

        Parameters
        ----------
        consumption, production : DataFrame
            Records of some plants, all records of each of them, with a column ``facility``;
            else as in :class:`sxsh_audit.Study`.

        Returns
        -------
        DataFrame
            One row per plant and resource, sorted, with the columns and types of :attr:`meta`:
            those of ``Assessment.savings``, and ``refused`` and ``findings``. A plant whose
            records have faults gives one row without a resource, ``refused``, whose
            ``findings`` (JSON) name every fault; findings of a plant that was assessed stand in
            its first row.

        Raises
        ------
        StudyError
            If a record names no plant, or a table has no column ``facility``.
        """
        refuse_nameless((consumption, production), self.language)
        consumption, production = by_key(consumption), by_key(production)
        parts, keys = [], []
        rest = set(plant_names(consumption, production))
        for together in self._together(consumption, production):
            parts.append(together)
            keys.append(together["facility"].to_numpy(dtype=object))
            rest -= set(keys[-1])
        refused: dict[str, str] = {}
        for plant, used, made in _plants(consumption, production, rest):
            found = self._one(plant, used, made)
            if isinstance(found, str):
                refused[plant] = found
                continue
            parts.append(found)
            keys.append(np.full(len(found), plant, dtype=object))
        if refused:
            parts.append(_refused(refused))
            keys.append(parts[-1]["facility"].to_numpy(dtype=object))
        if not parts:
            return self.meta
        order = np.argsort(np.concatenate(keys), kind="stable")
        return pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True)

    def ways(self, consumption: pd.DataFrame, production: pd.DataFrame) -> dict[str, int]:
        """Return how many plants :meth:`assess` takes together, and how many one by one.

        Returns
        -------
        dict of str to int
            ``together``: plants whose records no check has anything to say of; ``alone``: all
            others, which take ten to fifty times as long.
        """
        consumption, production = by_key(consumption), by_key(production)
        plants = plant_names(consumption, production)
        together = {str(plant) for found in self._together(consumption, production)
                    for plant in found["facility"].unique()}  # fmt: skip
        return {"together": len(together), "alone": len(plants) - len(together)}

    def _together(
        self, consumption: pd.DataFrame, production: pd.DataFrame
    ) -> Iterator[pd.DataFrame]:
        """Assess the plants whose studies may be one: those that are plain, then those checked.

        The others are left to the door of every study.
        """
        settings, faults = read_settings(self.settings, file="")
        if faults or isinstance(self.settings.get("spellings"), str):
            return
        read = read_columns({**self.tables, "consumption": consumption, "production": production},
                            settings)  # fmt: skip
        used, made = read.tables.pop("consumption"), read.tables.pop("production")
        plain = typed_study(used, made, read.tables, settings)
        if plain.study is not None:
            yield self._many(plain.study, self._told(read, plain.study, plain.told))
        for found in studies_of_plants(used, made, read.tables, settings, plain.rest):
            try:
                yield self._many(found.study, self._told(read, found.study, found.told))
            except NotShared:  # each for itself
                continue

    @staticmethod
    def _told(
        read: Read, study: Study, told: Mapping[str, Sequence[Finding]]
    ) -> Mapping[str, Sequence[Finding]]:
        """Add what is told of the headings to what is told of the rows of each plant."""
        if not read.told:
            return told
        plants = study.tables.production["facility"].astype(object).unique().tolist()
        rows = {name: (_rows_of(read.tables[name], ""), read.tables[name])
                for name in read.told if name in read.tables}  # fmt: skip
        own = {name: set() if "facility" not in table.columns else set(table["facility"].dropna())
               for name, (_, table) in rows.items()}  # fmt: skip

        def has_rows(plant: str, name: str) -> bool:
            return name not in rows or len(rows[name][0]) > 0 or plant in own[name]

        return told_with_headings(told, read.told, plants, has_rows)

    def _many(self, study: Study, before: Mapping[str, Sequence[Finding]]) -> pd.DataFrame:
        """Assess plain plants together."""
        named = self.factor_set or study.settings.factor_set
        target = self._target_of(study.settings, study)
        found = saving_tables(study, target, named, self.language)
        frame = typed_frame(found.savings.assign(refused=False, findings=""), SAVING_TYPES)
        told = told_of_each(found, study, named, self.language, before)
        plants = frame["facility"].to_numpy(dtype=object)
        first = np.flatnonzero(np.append(True, plants[1:] != plants[:-1])[: len(plants)])
        texts = np.full(len(frame), "", dtype=object)
        texts[first] = [told.get(plant, "") for plant in plants[first]]
        return frame.assign(findings=pd.array(texts, dtype="str"))

    def batches(
        self, frames: Iterable[pd.DataFrame], *, rows: int = AT_ONCE
    ) -> Iterator[pd.DataFrame]:
        """Assess plants from a stream of records of both tables, for Spark's ``mapInPandas``.

        Parameters
        ----------
        frames : iterable of DataFrame
            Records of both tables in one: the column ``table`` holds ``"consumption"`` or
            ``"production"``, a column that only the other table has is empty. Sorted by
            ``facility``, cut anywhere; a plant is held back until the next one begins.
        rows : int
            Records [1] that are gathered at least before plants are assessed.

        Yields
        ------
        DataFrame
            As :meth:`assess`, in the order of the plants; text is of type ``object``, the one
            that Spark takes from every version of pandas.

        Raises
        ------
        StudyError
            If a column is missing or belongs to neither table, a record names no plant or no
            table, or a plant comes again after another one began.

        Notes
        -----
        Each plant must lie in one partition, which a stream cannot see of the others: repartition
        by ``facility``. Records of a plant keep their order; where an engine shuffles them, sums
        may differ in the last bits.

        Examples
        --------
        >>> import pandas as pd
        >>> plan = Plan({"baseline": "2013", "reporting": "2014"})
        >>> records = pd.DataFrame({
        ...     "table": ["consumption", "consumption", "production", "production"],
        ...     "facility": "A", "resource": ["electricity", "electricity", None, None],
        ...     "period": ["2013", "2014", "2013", "2014"],
        ...     "quantity": [100.0, 90.0, 10.0, 10.0], "unit": ["MWh", "MWh", "t", "t"]})
        >>> for savings in plan.batches([records[:1], records[1:]]):
        ...     print(savings[["facility", "resource", "saving"]].to_string(index=False))
        facility    resource  saving
               A electricity     0.1
        """
        yield from whole_plants(self.assess, frames, rows, self.language)

    def study_settings(self) -> StudySettings:
        """Return the settings that all plants share, as every study reads them."""
        return read_settings(self.settings, file="")[0]

    def target(self) -> Target:
        """Return what the plants are judged by; it is the same for all of them.

        Raises
        ------
        ProgrammeError
            If programme, phase, sector or rule is not known.
        """
        settings = self.study_settings()
        return self._target_of(settings, cast("Study", SimpleNamespace(settings=settings)))

    def _target_of(self, settings: StudySettings, study: Study) -> Target:
        chosen = self.programme or settings.programme
        return target_of(chosen, self.phase or settings.phase or None,
                         self.sector or (settings.sector if chosen else "") or None,
                         self.overall or settings.overall, study, self.language)  # fmt: skip

    def groups(self, savings: pd.DataFrame) -> pd.DataFrame:
        """Return the saving of each group of resources that counts, for each plant.

        Parameters
        ----------
        savings : DataFrame
            What :meth:`assess` returned for whole plants; refused ones are left out.

        Returns
        -------
        DataFrame
            The columns of ``Assessment.groups``, with the types of ``GROUP_TYPES``.
        """
        return self.judged(savings)[0]

    def verdicts(self, savings: pd.DataFrame) -> pd.DataFrame:
        """Return the overall result of each plant.

        Parameters
        ----------
        savings : DataFrame
            What :meth:`assess` returned for whole plants; refused ones are left out.

        Returns
        -------
        DataFrame
            The columns of ``Assessment.verdict``, with the types of ``VERDICT_TYPES``;
            ``reached`` and ``depends_on_rule`` are ``yes``, ``no`` or ``""`` (not known).
        """
        return self.judged(savings)[1]

    def judged(self, savings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return what :meth:`groups` and :meth:`verdicts` do, at the cost of one."""
        rows, target = _assessed(savings), self.target()
        if not len(rows):
            return empty_frame(GROUP_TYPES), empty_frame(VERDICT_TYPES)
        groups = group_table(rows, target)
        found, _ = verdict_table(rows, groups, target, "")
        answers = {name: typed_answers(found[name]) for name in ("reached", "depends_on_rule")}
        # of the plant itself: another one in the frame may have energy where it has none
        stated = rows[rows["energy_unit"] != ""].drop_duplicates("facility")
        units = dict(zip(stated["facility"], stated["energy_unit"], strict=True))
        unit = found["facility"].map(units)
        verdicts = typed_frame(found.assign(energy_unit=unit, **answers), VERDICT_TYPES)
        return typed_frame(groups, GROUP_TYPES), verdicts

    def study(
        self,
        plant: str,
        consumption: pd.DataFrame | None = None,
        production: pd.DataFrame | None = None,
    ) -> Study:
        """Return the study of one plant: its records, its rows of the small tables, the settings.

        Parameters
        ----------
        plant : str
            Plant, as the records name it.
        consumption, production : DataFrame, optional
            Its records.

        Returns
        -------
        Study

        Raises
        ------
        StudyError
            If its records have faults.
        """
        shared = {name: _rows_of(table, plant) for name, table in self.tables.items()}
        shared = {name: table for name, table in shared.items() if len(table)}
        return Study(consumption=consumption, production=production, language=self.language,
                     **shared, **self.settings)  # fmt: skip

    def _one(self, plant: str, used: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame | str:
        """Assess one plant by the door that every study goes through; findings if it is refused."""
        try:
            study = self.study(plant, used, made)
        except StudyError as error:
            return told_text(error.findings)
        target = self._target_of(study.settings, study)
        named = self.factor_set or study.settings.factor_set
        found = saving_tables(study, target, named, self.language)
        told = [item for item in (*study.findings, *found.findings) if item.severity != "error"]
        frame = found.savings.assign(refused=False, findings="")
        if not len(frame):
            return told_text(told)
        frame.loc[frame.index[0], "findings"] = told_text(told)
        return typed_frame(frame, SAVING_TYPES)


def _plants(
    consumption: pd.DataFrame, production: pd.DataFrame, names: Collection[str]
) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Each of the plants with its own rows of both tables, by name."""
    if not names:
        return
    used, made = (_rows_by_plant(table, names) for table in (consumption, production))
    for plant in sorted(names):
        yield plant, used.get(plant, consumption.iloc[:0]), made.get(plant, production.iloc[:0])


def _rows_by_plant(table: pd.DataFrame, names: Collection[str]) -> dict[str, pd.DataFrame]:
    keys = table["facility"].astype(object).map(str, na_action="ignore")
    rows = keys.isin(list(names)).to_numpy()
    groups = table[rows].groupby(keys[rows].to_numpy(), sort=False)
    return {str(name): group for name, group in groups}


def _rows_of(table: pd.DataFrame, plant: str) -> pd.DataFrame:
    if "facility" not in table.columns:
        return table
    return table[table["facility"].isin([plant, ""]) | table["facility"].isna()]


def _refused(findings: Mapping[str, str]) -> pd.DataFrame:
    """One row for each plant that is refused."""
    rows = {
        "facility": list(findings),
        "resource": "",
        "refused": True,
        "findings": list(findings.values()),
    }
    return typed_frame(pd.DataFrame(rows), SAVING_TYPES)


def _assessed(savings: pd.DataFrame) -> pd.DataFrame:
    return savings[~savings["refused"].to_numpy(bool)].reset_index(drop=True)
