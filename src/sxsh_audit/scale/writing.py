"""Records of any source cut into parts: sorted by plant with duckdb in bounded memory."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit.files.replacing_folder import replacing_folder
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.periods import Period
from sxsh_audit.scale.checking import checked_folder
from sxsh_audit.scale.parquet import (
    KEY,
    ROWS_OF_GROUP,
    columns_of,
    connected,
    file_list,
    text_literal,
    write_frame,
)
from sxsh_audit.scale.parts import BIG
from sxsh_audit.tables.days import NO_DAY
from sxsh_audit.tables.settings import read_settings
from sxsh_audit.tables.study import Study, refuse

if TYPE_CHECKING:
    import duckdb

__all__ = ["MARK", "cut_dataset"]

MARK = "dataset.json"
"""File that lists the files of a dataset that this module wrote."""

SORTING_MEMORY = "1GB"
SETTINGS = "settings"
SMALL = ("facility", "products", "resources", "prices")
FILES = ("programme", "factor_set", "emission_factors")

Source = Study | Mapping[str, Any] | Iterable[Mapping[str, Any]] | str | os.PathLike[str]


def cut_dataset(
    source: Source,
    folder: Path,
    plants_per_part: int,
    overwrite: bool,
    progress: Callable[[int, int], None] | None,
    language: Language,
) -> None:
    """Write a source as a dataset; see :func:`sxsh_audit.scale.dataset.write_dataset`."""
    if plants_per_part < 1:
        raise ValueError(f"plants_per_part must be at least 1, not {plants_per_part}")
    with replacing_folder(folder, MARK, overwrite=overwrite, language=language) as draft:
        work = draft / "work"
        work.mkdir()
        with connected(memory=SORTING_MEMORY, spill=work / "spill",
                       language=language) as connection:  # fmt: skip
            big = _gathered(connection, source, draft, work, language)
            _cut(connection, big, draft, work, plants_per_part, progress)
        shutil.rmtree(work)


def _gathered(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    draft: Path,
    work: Path,
    language: Language,
) -> dict[str, list[Path]]:
    """Write settings and small tables, and return the files that hold the big ones, in order."""
    if isinstance(source, (str, os.PathLike)):
        folder = Path(source)
        found = checked_folder(connection, folder, language, whole=False)
        _write_settings(found.settings, draft)
        for name, table in found.tables.items():
            write_frame(connection, table, draft / f"{name}.parquet")
        return {table: [folder / name for part in found.parts for name in getattr(part, table)]
                for table in BIG}  # fmt: skip
    if isinstance(source, Study):
        pieces: Iterable[Mapping[str, Any]] = [_frames_of(source)]
    else:
        pieces = [source] if isinstance(source, Mapping) else source
    big: dict[str, list[Path]] = {table: [] for table in BIG}
    settings: dict[str, Any] = {}
    small: dict[str, list[pd.DataFrame]] = {}
    for number, piece in enumerate(pieces):
        settings |= piece.get(SETTINGS, {})
        for name, table in piece.items():
            if name in BIG:
                _refuse_without_plants(name, table, language)
                path = work / f"{name}-{number:06d}.parquet"
                write_frame(connection, table, path)
                big[name].append(path)
            elif name in SMALL:
                small.setdefault(name, []).append(table)
            elif name != SETTINGS:
                raise TypeError(f"{name}: give {', '.join((*BIG, *SMALL, SETTINGS))}")
    refuse([*read_settings(settings, file="")[1],
            *(Finding("dataset.no_files", "error", Place(file=f"{name}/"), "", {"table": name})
              for name in BIG if not big[name])], language, code="dataset.refused")  # fmt: skip
    _write_settings(settings, draft)
    for name, tables in small.items():
        table = pd.concat(tables, ignore_index=True)
        write_frame(connection, table, draft / f"{name}.parquet")
    return big


def _refuse_without_plants(name: str, table: pd.DataFrame, language: Language) -> None:
    place = Place(sheet=name)
    if KEY not in table.columns:
        listed = [str(column) for column in table.columns[:12]] or ["–"]
        refuse([Finding("dataset.no_plants", "error", place, "", {"columns": listed})], language,
               code="dataset.refused")  # fmt: skip
    keys = table[KEY]
    blank = int((keys.isna() | (keys.astype(str).str.strip() == "")).sum())
    if blank:
        numbers = {"count": blank, "rows": len(table)}
        refuse([Finding("dataset.blank_plant", "error", place, "", numbers)], language,
               code="dataset.refused")  # fmt: skip


def _cut(
    connection: duckdb.DuckDBPyConnection,
    big: Mapping[str, list[Path]],
    draft: Path,
    work: Path,
    plants_per_part: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Sort the big tables by plant, records of a plant in their order, and cut between plants."""
    key = f"CAST({KEY} AS VARCHAR)"
    ordered = {}
    for table, files in big.items():
        ordered[table] = work / f"{table}-sorted.parquet"
        columns = ", ".join('"' + name.replace('"', '""') + '"'
                            for name in columns_of(connection, files) if name != KEY)  # fmt: skip
        # Files are numbered, since their names need not sort as they were given.
        listed = ", ".join(f"({text_literal(str(path))}, {i})" for i, path in enumerate(files))
        connection.execute(
            f"COPY (SELECT {key} AS {KEY}, {columns} FROM read_parquet({file_list(files)}, "
            "union_by_name = true, filename = 'the file', file_row_number = true) AS records "
            f'JOIN (VALUES {listed}) AS files(path, place) ON files.path = records."the file" '
            f"ORDER BY {KEY}, place, file_row_number) TO {text_literal(str(ordered[table]))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_OF_GROUP})"
        )
        (draft / table).mkdir()
    both = " UNION ".join(f"SELECT {KEY} FROM read_parquet({file_list([path])})"
                          for path in ordered.values())  # fmt: skip
    ends = connection.execute(
        f"SELECT min({KEY}), max({KEY}) FROM (SELECT {KEY}, "
        f"(row_number() OVER (ORDER BY {KEY}) - 1) // {plants_per_part} AS part FROM ({both})) "
        "GROUP BY part ORDER BY part"
    ).fetchall()
    for number, (first, last) in enumerate(ends):
        for table, path in ordered.items():
            wanted = (f"FROM read_parquet({file_list([path])}) WHERE {KEY} "
                      f"BETWEEN {text_literal(first)} AND {text_literal(last)}")  # fmt: skip
            found = connection.execute(f"SELECT 1 {wanted} LIMIT 1").fetchone()
            if found is None:
                continue
            target = draft / table / f"part-{number:06d}.parquet"
            connection.execute(
                f"COPY (SELECT * {wanted}) TO {text_literal(str(target))} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_OF_GROUP})")  # fmt: skip
        if progress is not None:
            progress(number + 1, len(ends))


def _write_settings(settings: Mapping[str, Any], draft: Path) -> None:
    """Write ``study.toml``; files that stand beside it are copied."""
    keys = dict(settings)
    for name in FILES:
        path = Path(str(keys.get(name) or ""))
        if path.name and path.suffix and path.is_file():
            shutil.copyfile(path, draft / path.name)
            keys[name] = path.name
    lines = [f"{_key(name)} = {_toml(value)}" for name, value in keys.items() if value is not None]
    (draft / "study.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _key(name: object) -> str:
    return json.dumps(str(name), ensure_ascii=False)


def _toml(value: Any) -> str:
    """Write a value as TOML does: tables within a line, periods as their days."""
    if isinstance(value, Period):
        value = {"start": value.start, "end": value.end}
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, float, np.integer, np.floating)):
        return repr(value.item() if isinstance(value, np.generic) else value)
    return json.dumps(str(value), ensure_ascii=False)


def _frames_of(study: Study) -> dict[str, Any]:
    """Return the records of a checked study as they would be typed, in canonical units."""
    tables, settings = study.tables, study.settings
    used = tables.bills
    consumption = pd.DataFrame({
        KEY: used[KEY], "resource": used["resource"], "meter": used["meter"],
        "tariff_period": used["tariff_period"], **_when(used), "quantity": used["purchases"],
        "unit": used["unit"], "opening_stock": used["opening"], "closing_stock": used["closing"],
        "cost": used["cost"], "quality": used["quality"], "reading": used["reading"],
    })  # fmt: skip
    made = tables.production
    production = pd.DataFrame({
        KEY: made[KEY], "product": made["product"], **_when(made),
        "quantity": made["quantity"], "unit": made["unit"], "basis": made["basis"],
        "output_basis": made["output_basis"], "quality": made["quality"],
    })  # fmt: skip
    prices = tables.prices
    small = {
        "facility": tables.facility.drop(columns="row"),
        "products": tables.products.drop(columns=["row", "capacity"]),
        "resources": tables.resources.drop(columns="row"),
        "prices": pd.DataFrame({
            KEY: prices[KEY], "resource": prices["resource"], "price": prices["typed_price"],
            "unit": [f"{settings.currency}/{unit}" for unit in prices["unit"]],
            "kind": prices["kind"], "vat": prices["vat"], "vat_rate": prices["vat_rate"],
            "price_year": prices["price_year"], "tariff_period": prices["tariff_period"],
        }),
    }  # fmt: skip
    keys = ("study", "title", "currency", "programme", "phase", "sector", "overall",
            "factor_set", "quality", "output", "baseline", "reporting")  # fmt: skip
    stated = {name: getattr(settings, name) for name in keys if getattr(settings, name)}
    kept = {name: table.loc[:, (table != "").any() & table.notna().any()]
            for name, table in small.items() if len(table)}  # fmt: skip
    return {"consumption": _filled(consumption), "production": _filled(production), **kept,
            SETTINGS: stated}  # fmt: skip


def _when(table: pd.DataFrame) -> dict[str, Any]:
    """First and last day where a record has them, else its phase."""
    days = {}
    for name in ("start", "end"):
        day = table[name].to_numpy()
        known = day != NO_DAY
        dates = np.full(len(day), np.datetime64("NaT"), dtype="datetime64[D]")
        dates[known] = day[known].astype("datetime64[D]")
        days[name] = dates.astype("datetime64[s]")
    return {"phase": table["phase"].to_numpy(), **days}


def _filled(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns that hold nothing."""
    return table.loc[:, [bool(((table[name] != "") & table[name].notna()).any())
                         for name in table.columns]]  # fmt: skip
