"""Finished text: wording of figures, a neutral table, and its renderers.

Nothing here computes a result, and nothing here needs numpy, pandas or matplotlib.
"""

from __future__ import annotations

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
