"""Writing the open data of a programme into a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sxsh_audit.assessment.province.assessed import with_assessments
from sxsh_audit.assessment.province.progress import RegisterHolder, register_of
from sxsh_audit.errors import OutputError, Refusal
from sxsh_audit.files.replacing_folder import replacing_folder
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.reports.open_data.anonymous import anonymous_plants
from sxsh_audit.reports.open_data.describing import Terms, data_package, read_me
from sxsh_audit.reports.open_data.tables import Amounts, OpenTables, open_tables
from sxsh_audit.reports.site.consent import consents_of
from sxsh_audit.tables.register import Register

if TYPE_CHECKING:
    import pandas as pd

    from sxsh_audit.assessment.results import Assessment

__all__ = ["OpenData", "write_open_data"]

STUDY = "study"
MARK = "files.json"
"""List of the files: a folder with others in it is not replaced."""


@dataclass(frozen=True)
class OpenData:
    """What was written.

    Parameters
    ----------
    folder : Path
        Where.
    plants : int
        Plants in the data. [1]
    left_out : mapping of str to int
        Assessments that are not in it, by the reason: ``no_consent``, ``rare`` (too few alike),
        ``earlier_study`` (a later one of the plant is in), ``unclear`` (the register has a
        resource of the study twice). [1]
    smallest_class : int
        Least number of plants that look alike. [1]
    """

    folder: Path
    plants: int
    left_out: Mapping[str, int]
    smallest_class: int

    @property
    def study(self) -> Path:
        """Folder that :func:`sxsh_audit.read_study` reads."""
        return self.folder / STUDY


def write_open_data(
    source: Register | RegisterHolder,
    folder: str | os.PathLike[str],
    *,
    salt: bytes,
    assessments: Iterable[Assessment] = (),
    minimum: int = 5,
    amounts: Amounts = "scaled",
    agreed_only: bool = True,
    parquet: bool | None = None,
    overwrite: bool = False,
    language: Language = "vi",
) -> OpenData:
    """Write the assessments of a programme as open data without the names behind them.

    Parameters
    ----------
    source : Register or Store
        Establishments with their results.
    folder : path
        Where the files are wanted; made where it does not exist.
    salt : bytes
        A secret of at least 16 bytes from which the codes of the plants are made; the same one
        every year keeps the codes, and nobody without it can try names against them.
    assessments : iterable of Assessment
        Further assessments, not yet in the register.
    minimum : int
        Least number of plants that are alike in sector, band of employees and year. [1]
    amounts : {"scaled", "exact"}
        Scaled: everything per 1000 units of output of the plant, so that its size cannot be
        read from it. Exact: as the reporting period had it; only where every plant agreed.
    agreed_only : bool
        Whether only establishments with ``publish`` = yes are in; what a store keeps of a single
        study goes before.
    parquet : bool, optional
        Whether each table is written as Parquet too; by default where duckdb is installed.
    overwrite : bool
        Whether earlier open data in `folder` may be replaced; of those nothing stays.
    language : {"vi", "en"}
        Language of a refusal; the description of the files is written in both.

    Returns
    -------
    OpenData
        How many plants are in, and how many are not, and why.

    Raises
    ------
    Refusal
        If the secret is too short, `minimum` below 2, or no plant may be published.
    OutputError
        If `folder` cannot be written to, or Parquet is asked for without duckdb.

    Notes
    -----
    The folder holds ``plants.csv``, ``results.csv``, ``verdicts.csv``, ``options.csv``, their
    description ``datapackage.json`` (with the codes, in both languages), ``README.md`` and
    ``README.vi.md``, and the folder ``study``, which :func:`sxsh_audit.read_study` reads and
    from which :func:`sxsh_audit.assess` finds the same savings and paybacks. The same register
    and secret give the same bytes.

    References
    ----------
    L. Sweeney, "k-anonymity: a model for protecting privacy", International Journal on
    Uncertainty, Fuzziness and Knowledge-based Systems 10 (5), 2002, 557–570.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> import sxsh_audit
    >>> made = sxsh_audit.Study.from_totals(
    ...     "A", output=("1000 t", "1000 t"), electricity=("50000 kWh", "46000 kWh"))
    >>> register = Register.from_frames(establishments=pd.DataFrame(
    ...     {"establishment": ["A", "B"], "vsic": ["1702", "1709"], "publish": ["yes", "yes"]}))
    >>> found = sxsh_audit.assess(made)
    >>> rows = with_assessments(register, [found], {"A": "A"}).tables["results"]
    >>> register = register.with_tables(results=pd.concat(
    ...     [rows, rows.assign(establishment="B", reporting=45.0)]))
    >>> done = write_open_data(register, tempfile.mkdtemp(), salt=bytes(32), minimum=2)
    >>> again = sxsh_audit.assess(sxsh_audit.read_study(done.study))
    >>> done.plants, sorted(round(row["saving"], 6) for row in again.savings.rows)
    (2, [0.08, 0.1])
    """
    if amounts not in get_args(Amounts):
        _refuse(Refusal, "open_data.amounts", language, value=str(amounts),
                known=list(get_args(Amounts)))  # fmt: skip
    if parquet and find_spec("duckdb") is None:
        _refuse(OutputError, "open_data.no_parquet", language)
    register = with_assessments(register_of(source), assessments)
    plants = anonymous_plants(register, salt=salt, minimum=minimum, agreed_only=agreed_only,
                              consents=consents_of(source), language=language)  # fmt: skip
    tables = open_tables(register, plants, amounts)
    terms = Terms(minimum, amounts, agreed_only, plants.left_out)
    place = Path(folder)
    with replacing_folder(place, MARK, overwrite=overwrite, language=language) as draft:
        _write(tables, terms, draft)
        if parquet or (parquet is None and find_spec("duckdb") is not None):
            _write_parquet(tables.found, draft)
    return OpenData(place, len(plants.table), dict(plants.left_out),
                    int(plants.table["alike"].min()))  # fmt: skip


def _write(tables: OpenTables, terms: Terms, draft: Path) -> None:
    study = draft / STUDY
    study.mkdir()
    for name, frame in tables.found.items():
        _csv(frame, draft / f"{name}.csv")
    for name, frame in tables.study.items():
        _csv(frame, study / f"{name}.csv")
    settings = ['study = "open-data"', 'locale = "en"']
    settings += [f'currency = "{tables.currency}"'] if tables.currency else []
    (study / "study.toml").write_text("\n".join([*settings, ""]), encoding="utf-8")
    package = json.dumps(data_package(tables, terms), ensure_ascii=False, indent=1)
    (draft / "datapackage.json").write_text(package + "\n", encoding="utf-8")
    for name, language in (("README.md", "en"), ("README.vi.md", "vi")):
        text = read_me(tables, terms, STUDY, "vi" if language == "vi" else "en")
        (draft / name).write_text(text, encoding="utf-8")


def _csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table with every digit: the shortest text that gives the same float again."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        frame.to_csv(stream, index=False, lineterminator="\n")


def _write_parquet(tables: Mapping[str, pd.DataFrame], draft: Path) -> None:
    import duckdb

    with duckdb.connect() as connection:
        for name, frame in tables.items():
            connection.register("one", frame)
            path = str(draft / f"{name}.parquet").replace("'", "''")
            connection.execute(f"COPY (SELECT * FROM one) TO '{path}' (FORMAT parquet)")
            connection.unregister("one")


def _refuse(kind: type[Refusal], code: str, language: Language, **numbers: Any) -> None:
    raise kind(refusal_sentence(code, numbers, language), code=code, **numbers)
