"""The folder of a run: what it was asked for, and the parts that it has finished.

``run.json`` says what is assessed and how. Each finished part is a folder of its own, moved into
place whole, so that a run that was killed at any point goes on where it stopped: a part is there
or it is not. The name of the folder above them comes from everything that decides the numbers;
whatever an earlier run of another kind left, or is still writing, cannot come among them.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from sxsh_audit.assessment.many.columns import GROUP_TYPES, SAVING_TYPES, VERDICT_TYPES
from sxsh_audit.files.replacing import refuse_output, replacing, tell_failure
from sxsh_audit.language.formatting import Language
from sxsh_audit.scale.needed import needed_duckdb
from sxsh_audit.scale.one_run import LOCK_FILE, one_run

__all__ = ["RUN_FILE", "TABLES", "begun", "finished", "keep_part", "parts_folder", "run_of"]

RUN_FILE = "run.json"
PART_FILE = "part.json"
TABLES: Mapping[str, Mapping[str, str]] = {
    "savings": SAVING_TYPES, "groups": GROUP_TYPES, "verdicts": VERDICT_TYPES,
}  # fmt: skip
"""Tables of a part, each a Parquet file with these columns."""
OURS = re.compile(r"parts-[0-9a-f]{16}")
_SQL = {"str": "VARCHAR", "float64": "DOUBLE", "int64": "BIGINT", "bool": "BOOLEAN"}

Record = dict[str, Any]


def parts_folder(folder: Path, key: str) -> Path:
    """Return where the parts of a run stand."""
    return folder / f"parts-{key}"


def run_of(folder: Path) -> Record | None:
    """Return what the run of a folder was asked for; None where no run was begun."""
    try:
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(record, dict) and record.get("kind") == "many_run"
    return record if known else None


@contextmanager
def begun(folder: Path, run: Record, *, overwrite: bool, language: Language) -> Iterator[None]:
    """Make the folder of a run ready, or take it up where it stopped, and hold it for the block.

    Parameters
    ----------
    folder : Path
        Folder of the results; made, with its parents, where it does not exist.
    run : dict
        What is asked for; its ``key`` comes from all that decides the numbers.
    overwrite : bool
        Whether the results of another run may go.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    OutputError
        If the folder holds other things, another run and `overwrite` is false, or a run that is
        at work now.
    """
    _refuse_others(folder, run, overwrite, language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        tell_failure(error, folder, language, folder)
    with one_run(folder, language):
        _refuse_others(folder, run, overwrite, language)  # it may have changed meanwhile
        try:
            _make_ready(folder, run, language)
        except OSError as error:
            tell_failure(error, folder, language, folder)
        yield


def _refuse_others(folder: Path, run: Record, overwrite: bool, language: Language) -> None:
    """Refuse a folder that is not of this run."""
    if folder.exists() and not folder.is_dir():
        refuse_output("output.is_file", folder, language)
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in there if name != RUN_FILE and not OURS.fullmatch(name)
              and not name.startswith(".run-")]  # fmt: skip
    before = run_of(folder)
    if others or (RUN_FILE in there and before is None):
        refuse_output("output.others_inside", folder, language, names=others[:5] or [RUN_FILE],
                      count=len(others) or 1)  # fmt: skip
    if before is not None and before["key"] != run["key"] and not overwrite:
        differing = sorted(name for name in {*run["asked"], *before["asked"]}
                           if run["asked"].get(name) != before["asked"].get(name))  # fmt: skip
        refuse_output("many.other_run", folder, language, path=str(folder), what=differing)


def _make_ready(folder: Path, run: Record, language: Language) -> None:
    """Write what is asked for, and take away what is left of other runs and of killed ones."""
    if run_of(folder) != run:
        with replacing(folder / RUN_FILE, language=language) as draft:
            draft.write_text(json.dumps(run, ensure_ascii=False, indent=1), encoding="utf-8")
    parts = parts_folder(folder, run["key"])
    parts.mkdir(exist_ok=True)
    for path in (*folder.iterdir(), *parts.iterdir()):
        stale = OURS.fullmatch(path.name) and path != parts
        if stale or (path.name.startswith(".") and path.name != LOCK_FILE):
            _take_away(path)


def _take_away(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def keep_part(
    parts: Path, number: int, tables: Mapping[str, pd.DataFrame], record: Record,
    language: Language,
) -> None:
    """Write what came of a part, and move it into place whole.

    Parameters
    ----------
    parts : Path
        Of :func:`parts_folder`.
    number : int
        Its place among the parts.
    tables : mapping of str to DataFrame
        Those of ``TABLES``.
    record : dict
        What else is known of the part, as JSON types.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    OutputError
        If the folder cannot be written to, or the disk is full; nothing is left of the part.
    """
    target = parts / f"{number:06d}"
    draft = parts / f".{number:06d}-{secrets.token_hex(4)}"
    try:
        draft.mkdir()
        with needed_duckdb(language).connect(config={"threads": 1}) as connection:
            for name, types in TABLES.items():
                _write_parquet(connection, tables[name], types, draft / f"{name}.parquet")
        sizes = {path.name: path.stat().st_size for path in draft.iterdir()}
        text = json.dumps({**record, "sizes": sizes}, ensure_ascii=False)
        (draft / PART_FILE).write_text(text, encoding="utf-8")
        for path in draft.iterdir():
            _to_disk(path)
        try:
            os.rename(draft, target)
        except OSError:
            if not target.is_dir():  # else another process was as quick, with the same bits
                raise
    except OSError as error:
        _tell(error, target, language)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _to_disk(path: Path) -> None:
    """Have a file on the disk before its folder gets its name: the power may fail, too."""
    with path.open("rb+") as stream, suppress(OSError):
        os.fsync(stream.fileno())


def _tell(error: OSError, target: Path, language: Language) -> None:
    named = error.filename
    tell_failure(error, target, language, Path(os.fspath(named)) if named else target)


def _write_parquet(
    connection: Any, frame: pd.DataFrame, types: Mapping[str, str], path: Path
) -> None:
    """Write a table by one thread, so that the same table is the same file."""
    duckdb = needed_duckdb()
    columns = ", ".join(f'CAST("{name}" AS {_SQL[kind]}) AS "{name}"'
                        for name, kind in types.items())  # fmt: skip
    quoted = str(path).replace("'", "''")
    try:
        connection.register("one", frame)
        connection.execute(f"COPY (SELECT {columns} FROM one) TO '{quoted}' (FORMAT parquet)")
    except duckdb.IOException as error:
        full = "No space left" in str(error) or "not enough space" in str(error)
        number = errno.ENOSPC if full else errno.EIO
        raise OSError(number, str(error).splitlines()[0], str(path)) from error


def finished(parts: Path, numbers: Iterable[int], *, mend: bool = True) -> dict[int, Record]:
    """Return what is known of the parts that are finished and whole.

    Parameters
    ----------
    parts : Path
        Of :func:`parts_folder`.
    numbers : iterable of int
        Parts of the run.
    mend : bool
        Whether a part of which a file is missing or has another size is taken away, so that it
        is done again.

    Returns
    -------
    dict of int to dict
        By number.
    """
    found: dict[int, Record] = {}
    for number in numbers:
        folder = parts / f"{number:06d}"
        try:
            record = json.loads((folder / PART_FILE).read_text(encoding="utf-8"))
            sizes = {name: (folder / name).stat().st_size for name in record["sizes"]}
            whole = record["number"] == number and sizes == record["sizes"]
        except (OSError, ValueError, KeyError, TypeError):
            whole = False
        if whole:
            found[number] = record
        elif mend and folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
    return found
