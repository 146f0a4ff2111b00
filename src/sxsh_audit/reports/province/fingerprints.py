"""Fingerprints of the data behind a report, so that a figure can be traced to what it was."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sxsh_audit.tables.register import REGISTER_COLUMNS, RESULT_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sxsh_audit.tables.register import Register

__all__ = ["register_hash", "shortened", "study_hashes"]


def register_hash(register: Register) -> str:
    """Return the SHA-256 of the records of a register, whatever their order.

    Parameters
    ----------
    register : Register
        The records of a programme.

    Returns
    -------
    str
        64 hexadecimal digits.

    Notes
    -----
    Hash of the records as JSON lines (table, then the cells in the order of
    ``REGISTER_COLUMNS``), sorted.

    Examples
    --------
    >>> import pandas as pd
    >>> from sxsh_audit.tables.register import Register
    >>> plants = pd.DataFrame({"establishment": ["A", "B"], "name": ["Xưởng A", "Xưởng B"]})
    >>> one = Register.from_frames(establishments=plants)
    >>> other = Register.from_frames(establishments=plants[::-1])
    >>> register_hash(one) == register_hash(other)
    True
    """
    return _hash(line for name in REGISTER_COLUMNS for line in _lines(register, name))


def study_hashes(register: Register) -> dict[tuple[str, str], str]:
    """Return the SHA-256 of what the register keeps of each study of each establishment.

    Parameters
    ----------
    register : Register
        The records of a programme.

    Returns
    -------
    dict of (str, str) to str
        By establishment and study.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for name in RESULT_TABLES:
        frame = register.tables[name]
        keys = zip(frame["establishment"], frame["study"], strict=True)
        for key, line in zip(keys, _lines(register, name), strict=True):
            found.setdefault((str(key[0]), str(key[1])), []).append(line)
    return {key: _hash(lines) for key, lines in found.items()}


def _lines(register: Register, name: str) -> list[str]:
    return [json.dumps([name, *(_plain(cell) for cell in row)], ensure_ascii=False)
            for row in register.tables[name].itertuples(index=False, name=None)]  # fmt: skip


def _plain(cell: Any) -> Any:
    if cell is None or cell != cell:
        return None
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


def _hash(lines: Any) -> str:
    whole = "\n".join(sorted(lines))
    return hashlib.sha256(whole.encode()).hexdigest()


def shortened(hashes: Mapping[Any, str], key: Any) -> str:
    """Return the first twelve digits of a fingerprint, enough to compare by eye."""
    return hashes.get(key, "")[:12]
