"""Studies in the database: checked inputs, what was found, the factors, the hashes of the files."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sxsh_audit.assessment.province.assessed import assessed_records
from sxsh_audit.assessment.results import Assessment
from sxsh_audit.errors import DataError
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.store.changes import Writing
from sxsh_audit.store.database import refuse
from sxsh_audit.store.layout import columns_of, table
from sxsh_audit.store.register_rows import live_versions
from sxsh_audit.store.values import key_text, record_cells, whole_text
from sxsh_audit.tables.study import Study
from sxsh_audit.tables.study_data import study_from_data, study_to_data

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

__all__ = ["Prepared", "factors_of", "packed", "prepare_study", "put_study_rows", "read_assessment",
           "read_inputs", "study_version", "unpacked"]  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """A study ready to be written; nothing of it needs the database."""

    study: str
    row: Mapping[str, Any]
    plants: tuple[str, ...]
    files: Mapping[str, str]
    factors: Mapping[str, str]
    results: Mapping[str, list[tuple[Any, ...]]]


def packed(record: Any) -> tuple[bytes, str]:
    """Return JSON types as compressed JSON, and the SHA-256 of the JSON text.

    Examples
    --------
    >>> data, digest = packed({"b": 1, "a": "Điện"})
    >>> unpacked(data, digest)
    {'b': 1, 'a': 'Điện'}
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False,
                      separators=(",", ":")).encode("utf-8", "surrogatepass")  # fmt: skip
    return gzip.compress(text, 6, mtime=0), hashlib.sha256(text).hexdigest()


def unpacked(data: bytes, digest: str) -> Any:
    """Return what :func:`packed` made smaller.

    Raises
    ------
    ValueError
        If the data are not those of the digest.
    """
    try:
        text = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise ValueError("not compressed as it was written") from error
    if hashlib.sha256(text).hexdigest() != digest:
        raise ValueError("not as it was written")
    return json.loads(text.decode("utf-8", "surrogatepass"))


def prepare_study(
    study: Study,
    assessment: Assessment,
    establishments: Mapping[str, str] | None,
    name: str,
    language: Language,
) -> Prepared:
    """Return what is to be written of a study and of its assessment.

    Raises
    ------
    StoreError
        If the assessment is of another study, or a plant that is named is none of it.
    """
    name = name or study.settings.study
    if not name.strip() or not whole_text(name):
        refuse("store.no_study_name", language)
    key_text([name], "studies", language)
    of = assessment.study
    if of["study"] != study.settings.study or dict(of.get("files", {})) != dict(study.hashes):
        refuse("store.other_study", language, study=study.settings.study, other=str(of["study"]))
    plants = dict.fromkeys(
        str(row["facility"])
        for rows in (assessment.savings.rows, assessment.verdict.rows, assessment.options.rows)
        for row in rows)  # fmt: skip
    named = dict(establishments or {})
    unknown = sorted(set(named) - set(plants))
    if unknown:
        refuse("store.unknown_plant", language, names=unknown[:5], known=list(plants)[:5])
    inputs, inputs_hash = packed(study_to_data(study))
    found, found_hash = packed(assessment.to_dict())
    records = assessed_records(assessment, named, study=name)
    results = {table: record_cells(table, columns_of(table), rows, language)
               for table, rows in records.items()}  # fmt: skip
    codes = {plant: named.get(plant, plant) for plant in plants}
    files = dict(study.hashes)
    factors = factors_of(assessment.settings)
    row = {
        "study": name, "withdrawn": False, "title": study.settings.title,
        "plants": json.dumps(codes, ensure_ascii=False, sort_keys=True),
        "inputs": inputs, "inputs_hash": inputs_hash, "assessment": found,
        "assessment_hash": found_hash,
        "records": sum(map(len, results.values())),
    }  # fmt: skip
    return Prepared(name, row, tuple(codes.values()), files, factors, results)


def factors_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the factors that an assessment used, by name, as JSON."""
    stated = {key: settings[key] for key in ("factor_set", "energy_unit", "currency", "programme")
              if settings.get(key)}  # fmt: skip
    emission = {f"factor {key}": value
                for key, value in settings.get("emission_factors", {}).items()}  # fmt: skip
    return {key: json.dumps(value, ensure_ascii=False, sort_keys=True)
            for key, value in {**stated, **emission}.items()}  # fmt: skip


def put_study_rows(writing: Writing, prepared: Prepared) -> None:
    """Gather the next version of a study, unless the latest one is the same."""
    name, row = prepared.study, prepared.row
    latest = study_version(writing.connection, name, writing.number)
    if latest is not None and not latest.withdrawn:
        same = ("inputs_hash", "assessment_hash", "plants")
        if all(getattr(latest, column) == row[column] for column in same):
            return
        old = set(json.loads(latest.plants).values())
        if old and not old & set(prepared.plants):
            refuse("store.name_taken", writing.language, study=name, names=sorted(old)[:5])
    version = 1 if latest is None else latest.version + 1
    writing.add("studies", [{**row, "version": version}])
    writing.add("study_files", [{"study": name, "version": version, "file": file, "sha256": digest}
                                for file, digest in prepared.files.items()])  # fmt: skip
    writing.add("factors", [{"study": name, "version": version, "factor": factor, "value": value}
                            for factor, value in prepared.factors.items()])  # fmt: skip
    for kind, rows in prepared.results.items():
        columns = list(columns_of(kind))
        writing.add(kind, [
            {**dict(zip(columns, cells, strict=True)), "study": name, "study_version": version,
             "place": place}
            for place, cells in enumerate(rows)
        ])  # fmt: skip
    known = live_versions(writing.connection, "establishments", writing.number,
                          list(prepared.plants))  # fmt: skip
    strange = [code for code in dict.fromkeys(prepared.plants)
               if code not in known or known[code].withdrawn]  # fmt: skip
    if strange:
        writing.findings.append(Finding("store.not_in_register", "warning", value=name, numbers={
            "names": strange[:5], "count": len(strange), "study": name}))  # fmt: skip


def study_version(
    connection: Connection, study: str, until: int, version: int | None = None
) -> Row[Any] | None:
    """Return the latest version of a study up to a change, or the one that is named."""
    from sqlalchemy import select

    rows = table("studies")
    question = select(rows).where(rows.c.study == study, rows.c.change <= until)
    if version is not None:
        question = question.where(rows.c.version == version)
    return connection.execute(question.order_by(rows.c.version.desc()).limit(1)).first()


def read_assessment(row: Row[Any], language: Language) -> Assessment:
    """Return the assessment of a version of a study."""
    return Assessment.from_dict(_intact(row, "assessment", language))


def read_inputs(row: Row[Any], language: Language) -> Study:
    """Return the checked inputs of a version of a study."""
    return study_from_data(_intact(row, "inputs", language), language)


def _intact(row: Row[Any], column: str, language: Language) -> Any:
    """Return what a column holds; data that are not as they were written are refused."""
    try:
        return unpacked(getattr(row, column), getattr(row, f"{column}_hash"))
    except (ValueError, DataError) as error:
        refuse("store.changed_study", language, error, study=row.study, version=row.version)
