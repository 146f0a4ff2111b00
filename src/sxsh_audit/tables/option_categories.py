"""Techniques of cleaner production that options are of, and measures that are none."""

from __future__ import annotations

import re

from sxsh_audit.tables.schema import choice_words, plain_word

__all__ = ["NOT_CLEANER", "cp_category"]

NOT_CLEANER = ("end_of_pipe", "dilution", "outside_recycling")
"""Measures that the Ministry's cleaner-production site does not count: they prevent no waste."""


def cp_category(text: str) -> str:
    """Return the technique that the category of an option names.

    Parameters
    ----------
    text : str
        Category as typed: a code (``GH``), a name in either language, or both of them.

    Returns
    -------
    str
        Key of the list ``cp_category`` of ``data/choices.toml``; a text that is not in the list
        stays as it is.

    Examples
    --------
    >>> cp_category("GH"), cp_category("Quản lý nội vi (GH)"), cp_category("OR - tuần hoàn")
    ('good_housekeeping', 'good_housekeeping', 'onsite_reuse')
    >>> cp_category("Pha loãng") in NOT_CLEANER
    True
    >>> cp_category("nhóm của tôi")
    'nhóm của tôi'
    """
    words = choice_words("cp_category")
    found = words.get(plain_word(text))
    if found:
        return found
    parts = {words.get(plain_word(part), "") for part in re.split(r"\s*[-–:()]\s*", text)}
    parts -= {""}
    # Two techniques in one cell are not one of them.
    return parts.pop() if len(parts) == 1 else text
