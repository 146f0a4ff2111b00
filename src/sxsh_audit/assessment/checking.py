"""Everything that is found in a study, whether or not it can be assessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.assessment.assess import assess
from sxsh_audit.errors import ConversionError, DataError, ProgrammeError, Refusal, StudyError
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.tables.reading import SETTINGS_FILE, findings_frame, read_study, read_unfolded
from sxsh_audit.tables.schema import choice_words, plain_word
from sxsh_audit.tables.study import Study

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["all_findings", "check_study"]


def check_study(path: str | os.PathLike[str], *, language: Language = "vi") -> pd.DataFrame:
    """Return everything that was found in a study, one row each, without refusing it.

    That is what reading finds and, where nothing blocks it, what :func:`sxsh_audit.assess` finds:
    figures that are not plausible too. A setting that the assessment refuses is an error here.

    Parameters
    ----------
    path : path
        As in :func:`read_study`.
    language : {"vi", "en"}
        Language of the sentences.

    Returns
    -------
    DataFrame
        Columns ``severity`` (error, warning, note), ``code``, ``file``, ``sheet``, ``row``,
        ``column``, ``cell``, ``facility``, ``resource``, ``value``, ``rule``, ``fix``. Empty if
        nothing was found.

    Raises
    ------
    FileNotFoundError
        If there is nothing at `path`.
    """
    return findings_frame(all_findings(Path(path), language), language)


def all_findings(
    path: Path, language: Language = "vi", *, fold: bool = True
) -> Sequence[Finding]:
    """Return what reading finds and, where nothing blocks that, what the assessment finds.

    Parameters
    ----------
    path : Path
        A folder or a workbook.
    language : {"vi", "en"}
        Language of a refusal that is no finding (there is nothing at `path`).
    fold : bool
        Whether the same fault in many rows is one finding; else each row has its own.

    Returns
    -------
    sequence of Finding
    """
    try:
        read = read_study if fold else read_unfolded
        study = read(path, language=language)
    except StudyError as error:
        return tuple(error.findings)
    try:
        return tuple(assess(study, language=language).findings)
    except (ProgrammeError, ConversionError, DataError) as error:
        return (*study.findings, _refused_setting(error, study, path))


#: The setting that a refusal of the assessment speaks of, by the beginning of its code.
_SETTINGS = {
    "programme.phase_": "phase", "programme.sector_": "sector", "programme.": "programme",
    "assess.unknown_rule": "overall", "assess.no_programme": "phase",
    "convert.": "factor_set", "factors.": "factor_set",
    "emission.no_co2": "emission_factors", "emission.": "grid_year",
}  # fmt: skip


def _refused_setting(error: Refusal, study: Study, path: Path) -> Finding:
    """Return a refusal as a finding at the line of the settings that asked for it."""
    key = next((key for code, key in _SETTINGS.items() if error.code.startswith(code)), "")
    value, row = "", 0
    if key:
        value = Path(str(getattr(study.settings, key))).name
    if path.is_dir():
        file = path / SETTINGS_FILE
        lines = file.read_text(encoding="utf-8-sig").splitlines() if file.is_file() else []
        row = next((number for number, line in enumerate(lines, start=1)
                    if key and _key_of(line) == key), 0)  # fmt: skip
    else:
        file = path
    numbers = {name: list(number) if isinstance(number, tuple) else number
               for name, number in error.numbers.items()}  # fmt: skip
    place = Place(file=file.name, row=row, column="" if row else key)
    return Finding(error.code, "error", place, value, numbers)


def _key_of(line: str) -> str:
    """Return the setting that a line of study.toml gives; a key may be Vietnamese, in quotes."""
    typed = line.partition("=")[0].strip().strip("\"'")
    return choice_words("setting").get(plain_word(typed), typed)
