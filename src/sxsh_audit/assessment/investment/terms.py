"""The terms on which options are judged as investments: none of them is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sxsh_audit.assessment.target import Target
from sxsh_audit.calc.finance import real_rate
from sxsh_audit.errors import Refusal
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences
from sxsh_audit.tables.settings import StudySettings, read_settings

__all__ = ["TERMS", "Terms", "terms_of"]

TERMS = (
    "discount_rate", "inflation", "horizon", "budget", "reach", "best_by", "seed",
)  # fmt: skip
"""Settings of a study that a caller may give anew."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user said about rates, years, money and chance.

    Parameters
    ----------
    discount_rate : float or None
        As stated; nominal where an inflation is stated beside it, else real. [1/year]
    inflation : float or None
        As stated. [1/year]
    rate : float or None
        Real rate that the flows, all at constant prices, are discounted with. [1/year]
    horizon : int or None
        Years over which options are judged; an option without a lifetime runs through them.
    budget : float or None
        Money there is. [currency]
    reach : float or None
        Saving to be reached. [1]
    reach_word : str
        ``low`` or ``high`` where an end of the target was asked for.
    best_by : str
        What the best set under a budget has most of: ``npv``, ``money``, ``energy``, ``carbon``.
    seed : int or None
        Seed of the draws; None for no simulation.
    price_range : float or None
        How far prices may lie from what they are, up and down. [1]
    payback_limit : float or None
        Payback that the user asks to be met. [year]
    grid_year : int or None
        Year of the grid's emission factor, one for both periods.
    emission_factors : str
        File of the user's own emission factors.
    screening : mapping
        Weights and thresholds of the screening; empty for none.
    """

    discount_rate: float | None = None
    inflation: float | None = None
    rate: float | None = None
    horizon: int | None = None
    budget: float | None = None
    reach: float | None = None
    reach_word: str = ""
    best_by: str = ""
    seed: int | None = None
    price_range: float | None = None
    payback_limit: float | None = None
    grid_year: int | None = None
    emission_factors: str = ""
    screening: Mapping[str, float] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Return the terms as plain JSON types, for the settings of a result."""
        names = (name for name in self.__dataclass_fields__ if name != "screening")
        return {**{name: getattr(self, name) for name in names}, "screening": dict(self.screening)}


def terms_of(
    settings: StudySettings, given: Mapping[str, Any], target: Target, language: Language
) -> tuple[Terms, list[Finding]]:
    """Join what the study states and what the caller gives.

    Parameters
    ----------
    settings : StudySettings
        Settings of the study.
    given : mapping
        Terms of the call by the names of :data:`TERMS`; None for those of the study. A figure
        may be a text as in the settings: ``"10 %"``, ``"500 triệu đồng"``.
    target : Target
        Whose ends ``reach`` may name.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Terms, list of Finding

    Raises
    ------
    Refusal
        If a term cannot be read, or ``reach`` names an end that the target does not have.
    """
    typed = {name: value for name, value in given.items() if value is not None}
    read, faults = read_settings({**typed, "currency": settings.currency,
                                  "locale": settings.locale}, "")  # fmt: skip
    if faults:
        first = faults[0]
        text = " ".join(finding_sentences(first, language))
        raise Refusal(text, code=first.code, **first.numbers)
    values = {name: getattr(read if name in typed else settings, name) for name in TERMS}
    findings: list[Finding] = []
    rate, inflation = values["discount_rate"], values["inflation"]
    real = rate
    if rate is not None and inflation is not None:
        real = float(real_rate(rate, inflation))
    elif rate is not None:
        findings.append(Finding("invest.rate_is_real", "note", Place(), "", {"rate": rate}))
    elif inflation is not None:
        findings.append(Finding("invest.inflation_alone", "warning", Place(), "", {}))
    reach, word = values.pop("reach"), ""
    if reach in ("low", "high"):
        word = str(reach)
        reach = getattr(target, word)
        if reach is None:
            findings.append(Finding("invest.no_such_end", "warning", Place(), "", {"end": word}))
    names = ("price_range", "payback_limit", "grid_year", "emission_factors", "screening")
    rest = {name: getattr(settings, name) for name in names}
    if real is not None and real < 0:
        findings.append(Finding("invest.rate_below_zero", "warning", Place(), "", {"rate": real}))
    by = values.pop("best_by")
    if by == "npv" and rate is None:
        findings.append(Finding("invest.npv_needs_rate", "warning", Place(), "", {}))
        by = "money"
    by = by or ("npv" if rate is not None else "money")
    chosen = by if values["budget"] is not None else ""
    terms = Terms(rate=real, reach=None if reach in ("", None) else float(reach),
                  reach_word=word, best_by=chosen, **values, **rest)  # fmt: skip
    return terms, findings
