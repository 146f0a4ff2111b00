"""The target that one assessment is checked against: programme, phase, band, rule."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sxsh_audit.assessment.programmes import Programme, programme
from sxsh_audit.calc.bands import Status, status_codes
from sxsh_audit.errors import ProgrammeError
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import LANGUAGES, Language
from sxsh_audit.language.messages import refusal_sentence
from sxsh_audit.tables.study import Study

if TYPE_CHECKING:
    from sxsh_audit.assessment.programme_files import Phase

__all__ = ["RULES", "Target", "target_of"]

RULES = ("cost_weighted", "each", "energy_total")


@dataclass(frozen=True, slots=True)
class Target:
    """What the savings of an assessment are judged by.

    Parameters
    ----------
    programme : Programme or None
        None means that no check was asked for.
    phase : str or None
        Phase that was applied; None where the date lies outside every phase.
    low, high : float or None
        Ends of the band [1]; None where there is no such end, or no phase.
    as_if : bool
        Whether the date lies outside the phase, so that the check is for reference only.
    rule : {"cost_weighted", "each", "energy_total"}
        Rule of the overall result.
    sector : str
        Sector whose band was applied.
    findings : list of Finding
        What the user should know about the choice.
    """

    programme: Programme | None = None
    phase: str | None = None
    low: float | None = None
    high: float | None = None
    as_if: bool = False
    rule: str = "cost_weighted"
    sector: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def checked(self) -> bool:
        """Whether a programme was asked for."""
        return self.programme is not None

    def counted(self, categories: pd.Series) -> pd.Series:
        """Whether each category counts; without a programme every one does."""
        if self.programme is None:
            return pd.Series(True, index=categories.index)
        return categories.isin(self.programme.counted)

    def status(self, saving: pd.Series, counted: pd.Series | None = None) -> list[str | None]:
        """Status of savings; without `counted` all of them count.

        Decided on the fraction, at the same 1e-12 as the figure that is printed beside it.
        """
        if self.programme is None:
            return [None] * len(saving)
        counts = np.ones(len(saving), bool) if counted is None else counted.to_numpy(bool)
        if self.low is None:
            return [str(word) for word in np.where(counts, "unknown", "not_counted")]
        codes = status_codes(saving.to_numpy(float), self.low, self.high, counted=counts)
        words = np.array([str(word) for word in Status], dtype=object)
        found: list[str | None] = words[codes].tolist()
        return found

    def record(self) -> dict[str, Any]:
        """Return the target as plain JSON types, for the settings of a result."""
        found = self.programme
        phase = found.phase(self.phase) if found and self.phase else None
        return {
            "programme": found.id if found else "",
            "programme_title": {
                code: getattr(found, f"title_{code}") if found else "" for code in LANGUAGES
            },
            "legal_ref": found.legal_ref if found else "",
            "programme_source": found.source if found else "",
            "basis": found.basis if found else "",
            "anchor": found.anchor if found else "",
            "edges": found.edges if found else "",
            "counted_categories": list(found.counted) if found else [],
            "phase": self.phase or "",
            "phase_title": {code: phase.label(code) if phase else "" for code in LANGUAGES},
            "sector": self.sector,
            "low": self.low,
            "high": self.high,
            "as_if": self.as_if,
            "overall": self.rule,
        }


def target_of(
    name: str | os.PathLike[str] | Programme,
    phase: str | None,
    sector: str | None,
    overall: str,
    study: Study,
    language: Language,
) -> Target:
    """Choose programme, phase and band for a study.

    Parameters
    ----------
    name : str, path or Programme
        Programme, its id or its file; empty for none.
    phase : str or None
        Phase to judge "as if"; None for the phase of the last day of the reporting period.
    sector : str or None
        Sector, where the programme has a band per sector.
    overall : str
        Overall rule; empty for the programme's own.
    study : Study
        Its reporting period decides the phase.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    ProgrammeError
        If programme, phase, sector or rule is not known.
    """
    if overall and overall not in RULES:
        numbers = {"rule": overall, "known": RULES}
        text = refusal_sentence("assess.unknown_rule", numbers, language)
        raise ProgrammeError(text, code="assess.unknown_rule", **numbers)
    if not name:
        if phase or sector:
            numbers = {"phase": phase or "–", "sector": sector or "–"}
            text = refusal_sentence("assess.no_programme", numbers, language)
            raise ProgrammeError(text, code="assess.no_programme", **numbers)
        return Target(rule=overall or "cost_weighted")
    chosen = name if isinstance(name, Programme) else programme(name, language=language)
    rule = overall or chosen.overall_rule
    reporting = study.settings.reporting
    findings: list[Finding] = []
    on_date = chosen.phase_on(reporting.end) if reporting else None
    applied: Phase | None = chosen.phase(phase, language=language) if phase else on_date
    if applied is None:
        code = "assess.no_date" if reporting is None else "assess.outside_phases"
        numbers = {
            "programme": chosen.id,
            "phases": [f"{entry.id}" for entry in chosen.phases],
            "date": reporting.end.isoformat() if reporting else "",
        }
        findings.append(Finding(code, "warning", numbers=numbers))
        return Target(chosen, rule=rule, findings=findings)
    if reporting and phase is None and chosen.phase_on(reporting.start) is not applied:
        numbers = {"start": reporting.start.isoformat(), "phase": applied.id}
        findings.append(Finding("assess.straddles_phases", "warning", numbers=numbers))
    low, high = chosen.band(applied, sector, language=language)
    if sector and not (applied.sectors or chosen.sectors):
        numbers = {"sector": sector, "programme": chosen.id}
        findings.append(Finding("assess.sector_unused", "note", numbers=numbers))
    findings += _anchor(chosen, applied, study)
    as_if = applied is not on_date
    if as_if:
        numbers = {"phase": applied.id, "programme": chosen.id}
        findings.append(Finding("assess.as_if", "note", numbers=numbers))
    return Target(chosen, applied.id, low, high, as_if, rule, sector or "", findings)


def _anchor(chosen: Programme, applied: Phase, study: Study) -> list[Finding]:
    """Tell where a programme counts from the previous phase and the baseline is not in it."""
    baseline = study.settings.baseline
    position = chosen.phases.index(applied)
    if chosen.anchor != "previous_phase" or baseline is None or position == 0:
        return []
    before = chosen.phases[position - 1]
    if before.covers(baseline.end):
        return []
    numbers = {"phase": before.id, "baseline": baseline.end.isoformat()}
    return [Finding("assess.anchor", "warning", numbers=numbers)]
