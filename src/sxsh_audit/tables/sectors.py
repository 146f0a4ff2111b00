"""Sectors: what people call them, and the resources that a plant of theirs usually records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sxsh_audit.data import load_toml
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.schema import plain_word

__all__ = ["Sector", "near_sectors", "sector_by_name", "sectors"]


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of industry.

    Parameters
    ----------
    id : str
        Key.
    vi, en : str
        Name in both languages.
    words : tuple of str
        Other names.
    unit_vi, unit_en : str
        Unit in which its output is usually counted, as people write it.
    resources : tuple of str
        Keys of the resources that a template lays out.
    source : str
        Where that was read.
    """

    id: str
    vi: str
    en: str
    words: tuple[str, ...]
    unit_vi: str
    unit_en: str
    resources: tuple[str, ...]
    source: str

    def label(self, language: Language) -> str:
        """Name in `language`."""
        return self.vi if language == "vi" else self.en

    def unit_in(self, language: Language) -> str:
        """Return the unit of the output as people write it."""
        return self.unit_vi if language == "vi" else self.unit_en


@cache
def sectors() -> Mapping[str, Sector]:
    """Return the shipped sectors by key."""
    return {
        entry["id"]: Sector(**{**entry, "words": tuple(entry["words"]),
                               "resources": tuple(entry["resources"])})
        for entry in load_toml("sectors.toml")["sector"]
    }  # fmt: skip


@cache
def _words() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for sector in sectors().values():
        for word in (sector.id, sector.vi, sector.en, *sector.words):
            known.setdefault(plain_word(word), sector.id)
    return known


def sector_by_name(text: str) -> Sector | None:
    """Return the sector that a text names, or None.

    Examples
    --------
    >>> sector_by_name("Giấy").id, sector_by_name("brewery").id, sector_by_name("?")
    ('paper', 'beverage', None)
    """
    key = _words().get(plain_word(text))
    return sectors()[key] if key else None


def near_sectors(text: str, language: Language) -> list[str]:
    """Return the names of the sectors nearest to a text, or of all."""
    near = dict.fromkeys(_words()[word] for word in nearest(plain_word(text), _words(), 3))
    return [sectors()[key].label(language) for key in (list(near) or sectors())]
