"""By which baseline a study is judged, at which confidence: what is stated, and by whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sxsh_audit.calc.baseline import KINDS, Baseline
from sxsh_audit.calc.periods import OUTPUT
from sxsh_audit.errors import Refusal
from sxsh_audit.findings import Finding
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import finding_sentences, refusal_sentence
from sxsh_audit.tables.schema import plain_word, resource_words
from sxsh_audit.tables.settings import StudySettings, read_settings
from sxsh_audit.tables.settings_baseline import BaseLoad, StandardConditions

__all__ = ["AUTO", "CONFIDENCE", "Judging", "judging_of"]

AUTO = "auto"
CONFIDENCE = 0.9
"""Confidence of the intervals where nobody states another: usual for energy programmes."""


@dataclass(frozen=True)
class Judging:
    """What decides how a saving is adjusted.

    Parameters
    ----------
    confidence : float
        Confidence of intervals. [1]
    kinds : mapping
        Kind of baseline by resource, ``""`` for all others; ``auto`` leaves it to the rule.
    given : mapping
        Fitted baselines by resource, ``""`` for the only one.
    adjust_to : {"forecast", "backcast", "standard"}
        Output and conditions of the comparison.
    base_load : mapping
        By resource, the part of the baseline use [1] or the amount a month that does not depend
        on output.
    conditions : mapping
        Standard conditions: output and drivers of a month.
    earlier : mapping
        By resource, the saving of this baseline against the first one. [1]
    called : tuple of str
        Resources that the call itself names.
    """

    confidence: float = CONFIDENCE
    kinds: Mapping[str, str] = field(default_factory=lambda: {"": AUTO})
    given: Mapping[str, Baseline] = field(default_factory=dict)
    adjust_to: str = "forecast"
    base_load: Mapping[str, BaseLoad] = field(default_factory=dict)
    conditions: Mapping[str, float] = field(default_factory=dict)
    earlier: Mapping[str, float] = field(default_factory=dict)
    called: tuple[str, ...] = ()

    def kind(self, resource: str) -> str:
        """Kind that was asked for, for one resource."""
        return self.kinds.get(resource, self.kinds.get("", AUTO))

    def given_for(self, resource: str) -> Baseline | None:
        """Fitted baseline that was handed in for a resource; None where there is none."""
        return self.given.get(resource, self.given.get(""))

    def condition(self, name: str) -> float:
        """Return the standard condition of a driver [its unit]; nan where none is stated."""
        word = plain_word(name)
        found = self.conditions.get(name)
        if found is None:
            found = next((value for stated, value in self.conditions.items()
                          if plain_word(stated) == word), math.nan)  # fmt: skip
        return float(found)

    def record(self) -> dict[str, Any]:
        """Return the terms as plain JSON types, for the settings of a result."""
        return {
            "confidence": self.confidence, "baseline_model": dict(self.kinds),
            "given_baselines": sorted(self.given), "adjust_to": self.adjust_to,
            "base_load": {key: {"share": _plain(load.share), "amount": _plain(load.amount),
                                "unit": load.unit} for key, load in self.base_load.items()},
            "standard_conditions": dict(self.conditions), "earlier_saving": dict(self.earlier),
        }  # fmt: skip


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def judging_of(
    settings: StudySettings,
    baseline: str | Mapping[str, Any] | Baseline | None,
    confidence: float | str | None,
    language: Language,
) -> Judging:
    """Join what the study states and what the caller gives.

    Parameters
    ----------
    settings : StudySettings
        Settings of the study.
    baseline : str, Baseline or mapping, optional
        Kind of baseline, a fitted one, or either by resource.
    confidence : float or str, optional
        ``0.9`` or ``"90 %"``. [1]
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Judging

    Raises
    ------
    Refusal
        If there is no such kind, or the confidence cannot be read.
    """
    level = settings.confidence
    if confidence is not None:
        read, faults = read_settings({"confidence": confidence, "locale": settings.locale}, "")
        _refuse(faults, language)
        level = read.confidence
    kinds: dict[str, str] = dict(_by_resource(settings.baseline_model or AUTO))
    given: dict[str, Baseline] = {}
    named: list[str] = []
    if baseline is not None:
        asked = baseline if isinstance(baseline, Mapping) else {"": baseline}
        for typed, entry in asked.items():
            resource = resource_words().get(plain_word(str(typed)), str(typed).strip())
            if isinstance(entry, Baseline):
                resource = resource or entry.resource
                given[resource] = entry
            elif entry in (*KINDS, AUTO):
                kinds[resource] = entry
            else:
                numbers = {"kind": str(entry), "known": [*KINDS, AUTO]}
                text = refusal_sentence("baseline.unknown_kind", numbers, language)
                raise Refusal(text, code="baseline.unknown_kind", **numbers)
            named.append(resource)
        if "" in asked and not isinstance(asked[""], Baseline):
            # What the call says of all resources goes before what the study says of one.
            kinds = {"": kinds[""], **{key: kinds[key] for key in named if key in kinds and key}}
    return Judging(
        CONFIDENCE if level is None else float(level), kinds, given,
        settings.adjust_to or "forecast", settings.base_load,
        _conditions(settings.standard_conditions), settings.earlier_saving,
        tuple(name for name in named if name),
    )  # fmt: skip


def _conditions(stated: StandardConditions | None) -> dict[str, float]:
    """Return standard conditions by driver; the output of the plant is ``output``."""
    if stated is None:
        return {}
    made = {name or OUTPUT: one.value for name, one in stated.output.items()}
    return {**{name: one.value for name, one in stated.drivers.items()}, **made}


def _by_resource(model: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"": model} if isinstance(model, str) else {"": AUTO, **model}


def _refuse(faults: list[Finding], language: Language) -> None:
    if faults:
        text = " ".join(finding_sentences(faults[0], language))
        raise Refusal(text, code=faults[0].code, **faults[0].numbers)
