"""The template: a workbook to fill in, or the same questions on paper."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sxsh_audit.errors import PeriodError, Refusal
from sxsh_audit.files.replacing import replacing
from sxsh_audit.forms.layout import Form
from sxsh_audit.language.formatting import Language, check_language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.language.periods import Period, parse_period
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.schema import known_resources, plain_word, resource_words
from sxsh_audit.tables.sectors import Sector, near_sectors, sector_by_name

__all__ = ["write_template"]

EVERY_PLANT = ("electricity",)


def write_template(
    path: str | os.PathLike[str],
    *,
    language: Language = "vi",
    months: int | str = 12,
    sector: str = "",
    resources: Sequence[str] = (),
    baseline: str | int | None = None,
    reporting: str | int | None = None,
    tariff_periods: bool = False,
    overwrite: bool = False,
) -> Path:
    """Write an empty workbook for a plant to fill in, or a paper form.

    Parameters
    ----------
    path : path
        ``.xlsx`` for the workbook, ``.pdf`` for a form on A4 paper.
    language : {"vi", "en"}
        Language of everything a person reads.
    months : {12, "totals"}
        A row for each month, or one for each period (rapid assessment).
    sector : str
        Sector in either language, such as ``"giấy"``; rows of its usual resources are laid out.
    resources : sequence of str
        Resources whose rows are laid out in place of those of the sector, by key or name.
    baseline, reporting : str or int, optional
        The two periods, a year or whole months (``"07/2023 - 06/2024"``), 1 to 12 months long.
        By default the last two calendar years that are over.
    tariff_periods : bool
        Whether each month of electricity has a row for normal, peak and off-peak hours.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    Refusal
        If the ending, the sector, a resource or a period is not understood.
    OutputError
        If the file is there already and `overwrite` is false, or it cannot be written.

    Notes
    -----
    What is filled in is read by :func:`sxsh_audit.read_study`. The sheet «Xem trước» works out
    specific consumption, saving and simple payback by Excel formulas with the definitions of the
    method page. The same arguments give the same bytes.

    Examples
    --------
    >>> import tempfile
    >>> from sxsh_audit import read_study
    >>> path = write_template(Path(tempfile.mkdtemp()) / "giay.xlsx", sector="giấy",
    ...                       baseline=2023, reporting=2024)
    >>> path.name
    'giay.xlsx'
    """
    language = check_language(language)
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".pdf"):
        raise _refusal("template.ending", language, name=path.name)
    if str(months) not in ("12", "totals"):
        raise _refusal("template.months", language, value=str(months))
    if tariff_periods and str(months) == "totals":
        raise _refusal("template.tariff_totals", language)
    chosen = _sector(sector, language)
    first, second = _periods(baseline, reporting, language)
    form = Form(language, "12" if str(months) == "12" else "totals", first, second, chosen,
                _resources(resources, chosen, language), tariff_periods)  # fmt: skip
    with replacing(path, overwrite=overwrite, language=language) as draft:
        if ending == ".pdf":
            from sxsh_audit.forms.paper import write_paper_form

            write_paper_form(draft, form)
        else:
            from sxsh_audit.forms.workbook import write_workbook

            write_workbook(draft, form, path.name)
    return path


def _refusal(code: str, language: Language, **numbers: Any) -> Refusal:
    return Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)


def _sector(text: str, language: Language) -> Sector | None:
    found = sector_by_name(text) if text else None
    if text and found is None:
        raise _refusal("template.sector", language, value=text, near=near_sectors(text, language))
    return found


def _resources(
    names: Sequence[str], sector: Sector | None, language: Language
) -> tuple[str, ...]:
    """Keys of the resources to lay out: the named ones, the sector's, or electricity alone."""
    words = resource_words()
    names = [names] if isinstance(names, str) else names
    keys: dict[str, None] = {}
    for name in names:
        key = words.get(plain_word(name))
        if key is None:
            near = dict.fromkeys(words[word] for word in nearest(plain_word(name), words, 3))
            raise _refusal("template.resource", language, value=name,
                           near=list(near) or list(known_resources())[:5])  # fmt: skip
        keys[key] = None
    return tuple(keys) or (sector.resources if sector else EVERY_PLANT)


def _periods(
    baseline: str | int | None, reporting: str | int | None, language: Language
) -> tuple[Period, Period]:
    """Return both periods; the one that is not named is the year before or after the other."""
    this_year = dt.date.today().year
    before = None if baseline is None else _period("baseline", baseline, language)
    after = None if reporting is None else _period("reporting", reporting, language)
    if before is None:
        before = _shifted(after, -1) if after else _year(this_year - 2)
    if after is None:
        after = _shifted(before, 1)
    if before.end >= after.start:
        raise _refusal("template.periods", language, baseline=before.label(language),
                       reporting=after.label(language))  # fmt: skip
    return before, after


def _period(name: str, typed: str | int, language: Language) -> Period:
    try:
        period = parse_period(typed, "vi")
    except PeriodError:
        period = Period(dt.date(1, 1, 1), dt.date(1, 1, 1))
    count = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    whole = period.start.day == 1 and (period.end + dt.timedelta(days=1)).day == 1
    if not whole or count > 12:
        raise _refusal("template.period", language, name=name, value=str(typed))
    return period


def _year(year: int) -> Period:
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _shifted(period: Period, years: int) -> Period:
    """Return the same months in another year."""
    after = period.end + dt.timedelta(days=1)
    end = after.replace(year=after.year + years) - dt.timedelta(days=1)
    return Period(period.start.replace(year=period.start.year + years), end)
