"""Where a command takes a register from: a workbook, a folder of CSV files, or the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sxsh_audit.language.formatting import Language

if TYPE_CHECKING:
    from sxsh_audit.store import Store
    from sxsh_audit.tables.register import Register

__all__ = ["opened_source", "register_from"]

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
    from sxsh_audit.tables.register import Register

    with opened_source(text, language) as source:
        return source if isinstance(source, Register) else source.register()


@contextmanager
def opened_source(text: str, language: Language) -> Iterator[Register | Store]:
    """Yield the register that is named on the command line, or the store that has it, open.

    Parameters
    ----------
    text : str
        As in :func:`register_from`.
    language : {"vi", "en"}
        Language of findings and refusals.

    Yields
    ------
    Register or Store
    """
    if "://" in text or Path(text).suffix.lower() in STORES:
        from sxsh_audit.store.store import Store

        url = text if "://" in text else f"sqlite:///{text}"
        with Store(url, create=False, language=language) as store:
            yield store
        return
    from sxsh_audit.tables.register_reading import read_register

    yield read_register(text, language=language)
