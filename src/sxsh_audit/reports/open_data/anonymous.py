"""Who is in the open data, under which code and how coarsely described."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from sxsh_audit.calc.anonymity import coarsening_levels
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.tables.register import Register

__all__ = ["SECTIONS", "SIZE_BANDS", "PlantList", "anonymous_plants", "pseudonym"]

SHORTEST_SALT = 16
"""Bytes: below 128 bits a list of names can be tried against the codes."""

CODE_LETTERS = 12
"""Letters of a code, 5 bits each: two of a million plants share one with odds of 1 to 2 million."""

SIZE_BANDS = ((10, "1-10"), (100, "11-100"), (200, "101-200"), (float("inf"), "201+"))
"""Employees up to which a band reaches.

The bounds are those of micro, small and medium enterprises of industry in article 5 of
Decree 80/2021/NĐ-CP; the band says nothing of revenue or capital, so it is no size class.
"""

SECTIONS = ((3, "A"), (9, "B"), (33, "C"), (35, "D"), (39, "E"), (43, "F"), (99, "G-U"))
"""Last division of each section of VSIC (as of ISIC, revision 4); services together."""


class PlantList(NamedTuple):
    """The plants of the open data.

    Parameters
    ----------
    table : DataFrame
        One row per plant: its code ``plant``, what is told of it, and (never published)
        ``establishment`` and ``study``.
    left_out : mapping of str to int
        Plants that are not in it, by the reason: ``no_consent``, ``earlier_study``, ``rare``,
        ``unclear``.
    """

    table: pd.DataFrame
    left_out: Mapping[str, int]


def pseudonym(establishment: str, salt: bytes) -> str:
    """Return the code of an establishment.

    Parameters
    ----------
    establishment : str
        Its code in the register.
    salt : bytes
        A secret of the publisher. The same secret gives the same codes year after year.

    Returns
    -------
    str
        Twelve letters and digits.

    Notes
    -----
    The first 60 bits of HMAC-SHA-256 in base 32. Without the secret nobody can try a list of
    names against the codes, as could be done with a hash of the name alone.

    References
    ----------
    RFC 2104 (HMAC); RFC 4648, section 6 (base 32).

    Examples
    --------
    >>> one = pseudonym("QB-001", b"0123456789abcdef")
    >>> len(one), one == pseudonym("QB-001", b"another secret!!")
    (12, False)
    """
    digest = hmac.new(salt, establishment.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii")[:CODE_LETTERS].lower()


def anonymous_plants(
    register: Register,
    *,
    salt: bytes,
    minimum: int,
    agreed_only: bool,
    consents: Mapping[tuple[str, str], str] | None = None,
    language: Language = "vi",
) -> PlantList:
    """Return the plants whose assessments may be published, and how coarsely.

    Parameters
    ----------
    register : Register
        Establishments with their results.
    salt : bytes
        The secret of the codes.
    minimum : int
        Least number of plants that look alike. [1]
    agreed_only : bool
        Whether only establishments that agreed to publication are taken.
    consents : mapping of (str, str) to str, optional
        What was said of single studies, by establishment and study: ``yes`` or ``no``. It goes
        before what the establishment said in general.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    PlantList
        Sorted by code, so that the order tells nothing.

    Raises
    ------
    Refusal
        If the secret is too short, the minimum below 2, or no plant may be published.
    """
    if len(salt) < SHORTEST_SALT:
        _refuse("open_data.salt", language, length=len(salt), least=SHORTEST_SALT)
    if minimum < 2:
        _refuse("open_data.minimum", language, minimum=minimum)
    studies, left_out = _latest_studies(register)
    known = register.tables["establishments"].drop_duplicates("establishment")
    table = studies.merge(known, on="establishment", how="left", suffixes=("", "_known"))
    if agreed_only:
        pairs = zip(table["establishment"], table["study"], strict=True)
        said = pd.Series([(consents or {}).get(pair, "") for pair in pairs], index=table.index)
        agreed = said.where(said != "", table["publish"]).eq("yes")
        left_out["no_consent"] = int((~agreed).sum())
        table = table[agreed]
    described = _described(table.reset_index(drop=True), minimum)
    left_out["rare"] = int((described["alike"] == 0).sum())
    described = described[described["alike"] > 0]
    if described.empty:
        _refuse("open_data.too_few", language, count=len(table), minimum=minimum)
    codes = [pseudonym(one, salt) for one in described["establishment"]]
    if len(set(codes)) < len(codes):
        raise ValueError("two establishments have the same code: take another salt")
    described.insert(0, "plant", codes)
    return PlantList(described.sort_values("plant", ignore_index=True), left_out)


def _latest_studies(register: Register) -> tuple[pd.DataFrame, dict[str, int]]:
    """Latest study of each establishment: several of one would tell it from the others."""
    results = register.tables["results"]
    keys = ["establishment", "study", "resource"]
    unclear = results.loc[results.duplicated(keys), ["establishment", "study"]]
    mixed = set(unclear.itertuples(index=False, name=None))
    studies = results.groupby(["establishment", "study"], as_index=False).agg(
        end=("end", lambda days: max((str(day) for day in days if day is not None), default=""))
    )
    clear = [pair not in mixed for pair in
             studies[["establishment", "study"]].itertuples(index=False, name=None)]  # fmt: skip
    found = studies[clear].sort_values(["establishment", "end", "study"])
    latest = found.drop_duplicates("establishment", keep="last")
    return latest, {"unclear": len(studies) - len(found),
                    "earlier_study": len(found) - len(latest)}  # fmt: skip


def _described(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Division, section, size and year of each plant, as far as `minimum` share them."""
    division = [_division(str(code)) for code in table["vsic"].fillna("")]
    version = [str(one) if known else "" for one, known in
               zip(table["vsic_version"].fillna(""), division, strict=True)]  # fmt: skip
    section = [_section(one) for one in division]
    size = [_band(float(one)) for one in table["employees"]]
    year = [str(one)[:4] for one in table["end"]]
    rows = list(zip(version, division, section, size, year, strict=True))
    told = (  # what of a row each view keeps, finest first
        (True, True, True, True, True),
        (True, True, True, True, False),
        (True, True, True, False, False),
        (False, False, True, False, False),
        (False, False, False, False, False),
    )
    views = [[tuple(cell if kept else "" for cell, kept in zip(row, view, strict=True))
              for row in rows] for view in told]  # fmt: skip
    levels, _ = coarsening_levels(views, minimum)
    out = levels == len(views)
    kept = [views[min(level, len(views) - 1)][i] for i, level in enumerate(levels.tolist())]
    columns = ["vsic_version", "division", "section", "employees", "year"]
    described = pd.DataFrame(kept, columns=columns, dtype=object)
    # Counted as a reader sees them: what was not known looks like what was made coarser.
    alike = described[~out].groupby(columns)["section"].transform("size")
    return described.assign(
        alike=alike.reindex(described.index, fill_value=0).astype(int),
        establishment=table["establishment"].to_numpy(),
        study=table["study"].to_numpy(),
    )


def _division(vsic: str) -> str:
    digits = "".join(letter for letter in vsic if letter.isdigit())
    return digits[:2] if len(digits) >= 2 else ""


def _section(division: str) -> str:
    if not division:
        return ""
    return next(section for last, section in SECTIONS if int(division) <= last)


def _band(employees: float) -> str:
    if not employees > 0:  # also where it is not known
        return ""
    return next(band for last, band in SIZE_BANDS if employees <= last)


def _refuse(code: str, language: Language, **numbers: int) -> None:
    raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)
