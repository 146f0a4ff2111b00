"""Finished text: wording of figures, a neutral table, and its renderers.

Nothing here computes a result, and nothing here needs numpy, pandas or matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sxsh_audit.display.html import to_html
    from sxsh_audit.display.markdown import to_markdown
    from sxsh_audit.display.records import (
        CashBar,
        CostStep,
        FrontierPoint,
        IntensityPair,
        NpvCurve,
        PaybackStep,
        RankSpread,
        SavingBar,
        TornadoBar,
    )
    from sxsh_audit.display.table import Column, Table
    from sxsh_audit.display.terminal import print_table
    from sxsh_audit.display.wording import (
        band_text,
        currency_name,
        money_scale,
        money_text,
        payback_range_text,
        payback_text,
        quality_text,
        saving_text,
        sig,
        status_text,
    )

__all__ = [
    "CashBar",
    "Column",
    "CostStep",
    "FrontierPoint",
    "IntensityPair",
    "NpvCurve",
    "PaybackStep",
    "RankSpread",
    "SavingBar",
    "Table",
    "TornadoBar",
    "band_text",
    "currency_name",
    "money_scale",
    "money_text",
    "payback_range_text",
    "payback_text",
    "print_table",
    "quality_text",
    "saving_text",
    "sig",
    "status_text",
    "to_html",
    "to_markdown",
]

_HOMES = {
    "html": ("to_html",),
    "markdown": ("to_markdown",),
    "records": (
        "CashBar",
        "CostStep",
        "FrontierPoint",
        "IntensityPair",
        "NpvCurve",
        "PaybackStep",
        "RankSpread",
        "SavingBar",
        "TornadoBar",
    ),
    "table": ("Column", "Table"),
    "terminal": ("print_table",),
    "wording": (
        "band_text",
        "currency_name",
        "money_scale",
        "money_text",
        "payback_range_text",
        "payback_text",
        "quality_text",
        "saving_text",
        "sig",
        "status_text",
    ),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load what is asked for: whoever prints a table needs no records of charts."""
    from importlib import import_module

    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sxsh_audit.display' has no attribute {name!r}")
    return getattr(import_module(f"sxsh_audit.display.{_MODULE_OF[name]}"), name)
