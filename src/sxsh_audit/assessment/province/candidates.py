"""Candidates: which plants to assess next, or to show to others, by the user's own weights."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np
import pandas as pd

from sxsh_audit import __version__
from sxsh_audit.assessment.programmes import Programme
from sxsh_audit.assessment.programmes import programme as find_programme
from sxsh_audit.assessment.province.benchmark import NEEDED
from sxsh_audit.assessment.province.candidate_criteria import (
    CRITERIA,
    Criterion,
    criterion_of,
    expected_gaps,
)
from sxsh_audit.assessment.province.comparable import ENERGY
from sxsh_audit.assessment.province.progress import RegisterHolder, register_of
from sxsh_audit.assessment.province.standing import frame_at, records_of, standing_at
from sxsh_audit.assessment.province.told import Told
from sxsh_audit.assessment.result_tables import FindingTable, ResultTable, Shown
from sxsh_audit.calc.standing import score_ranges
from sxsh_audit.errors import Refusal
from sxsh_audit.findings import Finding, Place
from sxsh_audit.language.formatting import LANGUAGES, Language, check_language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.text import nearest
from sxsh_audit.tables.register import Register

if TYPE_CHECKING:
    from sxsh_audit.display.table import Table

__all__ = ["AGAINST", "KINDS", "LEFT", "SIZES", "Candidates", "rank_candidates"]

KINDS = tuple(CRITERIA)
AGAINST = ("peers", "norm")
LEFT = ("closed", "assessed", "no_consent")
"""Why an establishment is no candidate."""
SIZES = ("energy", "money", "employees")

Row = dict[str, Any]


class Candidates(Told):
    """The result of :func:`sxsh_audit.rank_candidates`.

    Its tables are ``ranking`` (one record per candidate, best first: score, and what the unknown
    leaves open of score and rank), ``criteria`` (one record per candidate and criterion: figure,
    score, weight and where it comes from), and ``left_out`` (who is no candidate, and why).
    ``settings["weights"]`` holds the weights.
    """

    KIND: ClassVar[str] = "candidates"
    KEYS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "ranking": ("establishment",), "criteria": ("establishment", "criterion"),
        "left_out": ("establishment",),
    }  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return one row per candidate, best first, with its figure by each criterion."""
        ranking, criteria = self.ranking.to_frame(), self.criteria.to_frame()
        if not len(ranking):
            return ranking
        wide = criteria.pivot(index="establishment", columns="criterion", values="value")
        return ranking.merge(wide.add_prefix("criterion_"), left_on="establishment",
                             right_index=True, how="left")  # fmt: skip

    def tables(self, language: Language = "vi") -> list[Table]:
        """Return ranking, weights, who was left out, and findings, as a person reads them."""
        from sxsh_audit.assessment.province.candidate_views import candidate_tables

        return candidate_tables(self, language)

    def explain(self, establishment: str, language: Language = "vi") -> Shown:
        """Explain the score of a candidate: figure, score, weight and part of each criterion.

        Parameters
        ----------
        establishment : str
            Code of the candidate.
        language : {"vi", "en"}
            Language of the text.

        Returns
        -------
        Shown
            Prints as text, shows as a table in a notebook.

        Raises
        ------
        Refusal
            If it is no candidate; it tells why where the register knows it.
        """
        from sxsh_audit.assessment.province.candidate_views import explanation_table
        from sxsh_audit.display.html import to_html
        from sxsh_audit.display.terminal import to_text

        names = [str(row["establishment"]) for row in self.ranking.rows]
        if establishment not in names:
            for row in self.left_out.rows:
                if str(row["establishment"]) == establishment:
                    _refuse(f"left_{row['reason']}", language, establishment=establishment)
            _refuse("unknown", language, establishment=establishment,
                    near=nearest(establishment, names) or tuple(names[:5]))  # fmt: skip
        table = explanation_table(self, establishment, language)
        return Shown(to_text(table), to_html(table))

    def __repr__(self) -> str:
        return f"Candidates({self.settings['kind']!r}: {len(self.ranking)} plants)"


def _refuse(code: str, language: Language, **numbers: Any) -> NoReturn:
    code = f"candidates.{code}"
    raise Refusal(refusal_sentence(code, numbers, language), code=code, **numbers)


def rank_candidates(
    register: Register | RegisterHolder,
    *,
    weights: Mapping[str, float],
    kind: str = "rapid",
    programme: Programme | str | os.PathLike[str] | None = None,
    resource: str = ENERGY,
    quantile: float = 0.25,
    against: Sequence[str] = AGAINST,
    by: Sequence[str] = NEEDED,
    minimum: int = 5,
    scale: Sequence[float] = (),
    size: str = "energy",
    costs: Mapping[str, float] | None = None,
    cutoff: dt.date | None = None,
    again: bool = False,
    language: Language = "vi",
) -> Candidates:
    r"""Rank the establishments to assess next, or to show to others, by the user's weights.

    Parameters
    ----------
    register : Register or Store
        The records of a programme.
    weights : mapping of str to float
        Weight of each criterion of the kind, ≥ 0; only their proportions count, and all have to
        be stated: none is assumed. [-]
    kind : {"rapid", "demonstration"}
        For a rapid assessment (saving, size, pollution, data, cost), or to be shown to others
        (and followers).
    programme : Programme, str or path, optional
        Programme whose target the expected saving is laid beside.
    resource : str
        Resource whose specific consumption is compared; ``"energy"`` is that of the list.
    quantile : float
        Quantile of its peers that a plant is thought to be able to reach. [1]
    against : sequence of {"peers", "norm"}
        What a plant is laid against: the first that there is for it.
    by, minimum, scale
        As in :func:`sxsh_audit.benchmark`.
    size : {"energy", "money", "employees"}
        What size is measured by: energy of the list [TOE], money for all resources of the latest
        study, people.
    costs : mapping of str to float, optional
        What the assessment or the demonstration of a plant would cost. [money]
    cutoff : date, optional
        Last day that counts; without it all records do.
    again : bool
        Whether plants that were assessed already are candidates for a rapid assessment.
    language : {"vi", "en"}
        Language of a refusal.

    Returns
    -------
    Candidates
        Ranking, criteria and who was left out.

    Raises
    ------
    Refusal
        If a weight is missing or of no criterion, or a choice is none of the known ones.
    RangeError
        If a weight is negative or not finite, or all are 0.

    Notes
    -----
    *Criteria.* ``saving``: of a rapid assessment 1 − q ÷ c, with c the specific consumption and q
    that of its better peers or the norm (below 0 for a plant that is better already, never
    clipped). Where c or q is more than 10 times away from the median of the group, or c from the
    norm, a unit is likely wrong, and the saving is unknown: a mistake must not come first. Of a
    demonstration it is the overall saving of the latest study. ``size``; ``pollution`` (on the
    list of heavy polluters); ``data`` (share of the facts needed that are known); ``cost`` (the
    smaller the better); ``followers`` (other plants of the sector).

    *Score.* Σ w s ÷ Σ w. s of pollution and data is the figure itself, between 0 and 1; of the
    others the standing among the candidates (share of the others that are below, equal ones
    half), so that neither units nor a single giant decide. What is not known is neither 0 nor
    the mean: the score has a low and a high end, ``rank`` is by the middle of both, and
    ``best_rank`` and ``worst_rank`` are the ranks if its own unknown were best and that of all
    others worst, and the reverse.

    *No candidates.* Plants that are closed, that were assessed already (rapid), or that do not
    consent to publication (demonstration); each is listed with its reason.

    References
    ----------
    .. [1] Weighted sum method, as in :func:`sxsh_audit.calc.screening.screen_options`. The
       criteria follow the choice of enterprises in the annual plans of Decision 2384/QĐ-UBND
       (tasks 3 and 4) only in spirit: it names none, so that they and the weights are the
       user's.

    Examples
    --------
    >>> import pandas as pd
    >>> plants = pd.DataFrame({
    ...     "establishment": list("ABCDE"), "product": "bia", "output": 10.0,
    ...     "output_unit": "triệu lít", "energy_toe": [100.0, 120, 140, 160, 300],
    ...     "pollution": ["no", "no", "", "no", "yes"]})
    >>> found = rank_candidates(
    ...     Register.from_frames(establishments=plants), kind="rapid",
    ...     weights={"saving": 50, "size": 30, "pollution": 20, "data": 0, "cost": 0})
    >>> [(row.establishment, row.rank, row.best_rank, row.worst_rank) for row in found.ranking]
    [('E', 1, 1, 1), ('D', 2, 2, 2), ('C', 3, 2, 3), ('B', 4, 4, 4), ('A', 5, 5, 5)]
    """
    check_language(language)
    if kind not in KINDS:
        _refuse("kind", language, value=kind, known=KINDS)
    if size not in SIZES:
        _refuse("size", language, value=size, known=SIZES)
    wrong = [source for source in against if source not in AGAINST]
    if wrong or not against:
        _refuse("against", language, value=", ".join(wrong), known=AGAINST)
    weighed = _weights(weights, kind, language)
    held = register_of(register)
    asked = None if programme is None else (
        programme if isinstance(programme, Programme)
        else find_programme(programme, language=language))  # fmt: skip
    day = cutoff or dt.date.max
    frame, left = _eligible(held, kind, day, again)
    gaps = expected_gaps(held, resource=resource, by=by, quantile=quantile, minimum=minimum,
                         scale=scale, against=against, language=language)  # fmt: skip
    criteria = [criterion_of(name, frame, held, kind=kind, gaps=gaps, size=size,
                             costs=dict(costs or {})) for name in weighed]  # fmt: skip
    scores = np.column_stack([each.scores for each in criteria])
    found = score_ranges(scores, list(weighed.values()), language=language)
    low_end = _low_end(asked, cutoff)
    rows, listed = [], []
    total = sum(weighed.values())
    for place, plant in enumerate(frame.to_dict("records")):
        name = str(plant["establishment"])
        unknown = [each.name for each in criteria
                   if np.isnan(each.scores[place]) and weighed[each.name] > 0]  # fmt: skip
        gap = gaps.of(name)[0]
        rows.append({
            "establishment": name, "name": plant["name"], "sector": plant["sector"],
            "rank": int(found.rank[place]), "best_rank": int(found.best[place]),
            "worst_rank": int(found.worst[place]), "score": float(found.middle[place]),
            "low": float(found.low[place]), "high": float(found.high[place]),
            "unknown": unknown, "consent": plant["publish"],
            "above_target": None if low_end is None or np.isnan(gap) else bool(gap >= low_end),
        })  # fmt: skip
        listed += [_criterion_row(name, each, place, weighed[each.name] / total)
                   for each in criteria]  # fmt: skip
    rows.sort(key=lambda row: (row["rank"], row["establishment"]))
    settings = {
        "kind": kind, "weights": weighed, "programme": asked.id if asked else None,
        "resource": resource, "quantile": float(quantile), "against": list(against),
        "by": list(by), "minimum": minimum, "scale": [float(end) for end in scale], "size": size,
        "cutoff": cutoff.isoformat() if cutoff else None, "again": again, "low_end": low_end,
    }  # fmt: skip
    lists = {"ranking": rows, "criteria": listed, "left_out": left}
    tables = {name: ResultTable(name, keys, tuple(lists[name]))
              for name, keys in Candidates.KEYS.items()}  # fmt: skip
    findings = [*gaps.findings, *_findings(asked, resource, criteria, weighed, language)]
    return Candidates(settings, tables, FindingTable(tuple(findings)), __version__)


def _weights(weights: Mapping[str, float], kind: str, language: Language) -> dict[str, float]:
    """Return the weights in the order of the criteria; each has to be stated."""
    known = CRITERIA[kind]
    unknown = [str(name) for name in weights if name not in known]
    missing = [name for name in known if name not in weights]
    if unknown:
        _refuse("weight_unknown", language, unknown=unknown, known=known)
    if missing:
        _refuse("weight_missing", language, missing=missing)
    return {name: float(weights[name]) for name in known}


def _eligible(
    register: Register, kind: str, day: dt.date, again: bool
) -> tuple[pd.DataFrame, list[Row]]:
    """Return the candidates, and who is none with the reason."""
    frame = frame_at(register, day)
    there = set(frame["establishment"])
    left = [{"establishment": str(name), "reason": "closed"}
            for name in sorted(register.tables["establishments"]["establishment"])
            if name not in there]  # fmt: skip
    out = np.zeros(len(frame), bool)
    reason = ""
    if kind == "rapid" and not again:
        standing = standing_at(records_of(register), frame, day)
        out, reason = standing.answers["assessed"] == 1, "assessed"
    elif kind == "demonstration":
        out, reason = (frame["publish"] == "no").to_numpy(), "no_consent"
    left += [{"establishment": str(name), "reason": reason} for name in frame["establishment"][out]]
    return frame[~out].reset_index(drop=True), left


def _criterion_row(name: str, criterion: Criterion, place: int, part: float) -> Row:
    value, score = float(criterion.values[place]), float(criterion.scores[place])
    return {
        "establishment": name, "criterion": criterion.name,
        "value": None if np.isnan(value) else value, "unit": criterion.unit,
        "score": None if np.isnan(score) else score, "weight": part,
        "told": criterion.told[place],
    }


def _low_end(programme: Programme | None, cutoff: dt.date | None) -> float | None:
    """Low end of the target on the day; None where no day or no common target is stated."""
    phase = None if programme is None or cutoff is None else programme.phase_on(cutoff)
    return None if phase is None else phase.low


def _findings(
    programme: Programme | None, resource: str, criteria: Sequence[Criterion],
    weights: Mapping[str, float], language: Language,
) -> list[Finding]:
    """Return what a person should know before using the order."""
    found = []
    counted = "purchased_energy" if resource == ENERGY else resource
    if programme is not None and not programme.counts(counted, language=language):
        found.append(Finding("candidates.not_counted", "note", Place(resource=resource), "",
                             {"resource": resource, "programme": programme.id}))  # fmt: skip
    for each in criteria:
        missing = int(np.isnan(each.scores).sum())
        if missing and weights[each.name] > 0:
            words: dict[str, Any] = {name: sentence(f"candidates.criterion_{each.name}", name)
                     for name in LANGUAGES}  # fmt: skip
            found.append(Finding("candidates.unknown_for", "note", Place(), "", {
                **words, "criterion": each.name, "count": missing,
                "candidates": len(each.scores),
            }))  # fmt: skip
    return found
