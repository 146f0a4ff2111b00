"""Canonical units as a reader writes them: ``kWh/t`` is ``kWh/tấn`` in Vietnamese."""

from __future__ import annotations

import re

from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import has_message, sentence

__all__ = ["unit_text"]

_WORD = re.compile(r"[^\W\d_][\w]*", re.UNICODE)


def unit_text(symbol: str | None, language: Language = "vi") -> str:
    """Write a canonical unit in the reader's language.

    Examples
    --------
    >>> unit_text("kWh/t"), unit_text("m3/piece", "en"), unit_text("VND/kWh")
    ('kWh/tấn', 'm³/piece', 'đồng/kWh')
    """

    def word(match: re.Match[str]) -> str:
        code = f"unit_names.{match.group()}"
        return sentence(code, language) if has_message(code, language) else match.group()

    return _WORD.sub(word, symbol or "")
