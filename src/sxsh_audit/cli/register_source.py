"""Where a command takes a register from: a workbook, a folder of CSV files, or the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.language.formatting import Language

if TYPE_CHECKING:
    from sxsh_audit.tables.register import Register

__all__ = ["register_from"]

STORES = (".db", ".sqlite", ".sqlite3")
"""Endings of a store in a file."""


def register_from(text: str, language: Language) -> Register:
    """Return the register that is named on the command line.

    Parameters
    ----------
    text : str
        Path of a workbook or of a folder of CSV files, path of a store, or its address
        (``sqlite:///sxsh.db``, ``postgresql+psycopg://…``).
    language : {"vi", "en"}
        Language of findings and refusals.

    Returns
    -------
    Register
    """
    if "://" in text or Path(text).suffix.lower() in STORES:
        from sxsh_audit.store.store import Store

        url = text if "://" in text else f"sqlite:///{text}"
        with Store(url, create=False, language=language) as store:
            return store.register()
    from sxsh_audit.tables.register_reading import read_register

    return read_register(text, language=language)
