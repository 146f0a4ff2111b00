"""The packages that work on many plants needs, and what is said where one is missing."""

from __future__ import annotations

from typing import Any

from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence

__all__ = ["needed_duckdb"]


def needed_duckdb(language: Language = "vi") -> Any:
    """Return the module duckdb, which reads and writes Parquet.

    Raises
    ------
    Refusal
        If it is not installed; it names the extra.
    """
    try:
        import duckdb
    except ImportError as error:
        code = "many.no_duckdb"
        raise Refusal(refusal_sentence(code, {}, language), code=code) from error
    return duckdb
