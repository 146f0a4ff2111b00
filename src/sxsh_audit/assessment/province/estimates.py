"""Estimates for all establishments, from a real sample by the design that the caller states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd

from sxsh_audit.assessment.province.standing import INDICATORS
from sxsh_audit.assessment.result_tables import plain
from sxsh_audit.calc.domain import RangeError
from sxsh_audit.calc.survey_estimates import Estimate, stratified_ratio, stratified_share
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SurveyDesign", "check_design", "estimate_rows"]

Row = dict[str, Any]


@dataclass(frozen=True)
class SurveyDesign:
    """How a sample of establishments was drawn: at random within strata.

    Parameters
    ----------
    sample : mapping of str to str
        Stratum of each establishment that was drawn, also of those that did not answer.
    population : mapping of str to int
        How many establishments each stratum has. A stratum that was asked whole (the large
        plants, as a rule) is one whose sample is its population.
    confidence : float
        Probability with which an interval holds the figure. [1]

    Notes
    -----
    Establishments that came by themselves were not drawn: leave them out. Within a stratum
    those that did not answer are taken to be like those that did, which the table shows.

    Examples
    --------
    >>> design = SurveyDesign({"A": "large", "B": "small", "C": "small"},
    ...                       {"large": 1, "small": 40})
    >>> design.population["small"]
    40
    """

    sample: Mapping[str, str]
    population: Mapping[str, int]
    confidence: float = 0.95


def check_design(design: SurveyDesign, names: pd.Series, language: Language = "vi") -> None:
    """Refuse a design that cannot be.

    Parameters
    ----------
    design : SurveyDesign
        As the caller states it.
    names : Series
        Establishments in operation.
    language : {"vi", "en"}
        Language of a refusal.

    Raises
    ------
    RangeError
        If an establishment that was drawn is not in the list, its stratum has no population, a
        stratum has more drawn than there are or none, or the confidence is not between 0 and 1.
    """
    strangers = sorted(set(design.sample) - set(names))
    if strangers:
        _refuse("progress.sample_not_in_list", language, names=strangers[:5], count=len(strangers))
    drawn = pd.Series(dict(design.sample), dtype=object).value_counts()
    loose = sorted(set(drawn.index) - set(design.population))
    if loose:
        _refuse("progress.stratum_unknown", language, names=loose)
    for stratum, there in design.population.items():
        taken = int(drawn.get(stratum, 0))
        if not 0 < taken <= there:
            _refuse("progress.stratum_size", language, stratum=stratum, drawn=taken, there=there)
    if not 0 < design.confidence < 1:
        _refuse("progress.confidence", language, value=design.confidence)


def _refuse(code: str, language: Language, **numbers: Any) -> NoReturn:
    raise RangeError(refusal_sentence(code, numbers, language), code=code, **numbers)


def estimate_rows(
    design: SurveyDesign,
    names: pd.Series,
    answers: Mapping[str, NDArray[np.int8]],
    results: pd.DataFrame,
) -> list[Row]:
    """Estimate shares and savings of all establishments from those that were drawn.

    Parameters
    ----------
    design : SurveyDesign
        How the sample was drawn.
    names : Series
        Establishments of the frame, in the order of the answers.
    answers : mapping of str to array of int8
        Answers by indicator.
    results : DataFrame
        Results of the studies that count, with ``latest``.

    Returns
    -------
    list of dict
        Rows of ``ProgrammeProgress.estimates``: each indicator over the whole and in each
        stratum, and the saving of each resource as a ratio of totals. A stratum without an
        answer leaves the whole unknown.
    """
    strata = list(design.population)
    stratum = names.map(dict(design.sample))
    rows: list[Row] = []
    for indicator in INDICATORS:
        table = pd.DataFrame({"stratum": stratum, "answer": answers[indicator]})
        drawn = table[table["stratum"].notna()]
        answered = drawn[drawn["answer"] >= 0]
        counts = [
            (int((drawn["stratum"] == name).sum()), int((answered["stratum"] == name).sum()),
             int(answered.loc[answered["stratum"] == name, "answer"].sum()))
            for name in strata
        ]  # fmt: skip
        if not len(answered):
            continue
        wholes = [("", counts, strata), *((name, [one], [name]) for name, one in
                                          zip(strata, counts, strict=True))]  # fmt: skip
        for name, parts, over in wholes:
            there = [design.population[one] for one in over]
            found = None
            if all(asked for _, asked, _ in parts):
                found = stratified_share([yes for _, _, yes in parts],
                                         [asked for _, asked, _ in parts], there,
                                         confidence=design.confidence)  # fmt: skip
            totals = [sum(column) for column in zip(*parts, strict=True)]
            rows.append(_row(design, indicator, "", name, sum(there), totals, found, "wilson"))
    return rows + _ratios(design, results)


def _ratios(design: SurveyDesign, results: pd.DataFrame) -> list[Row]:
    rows: list[Row] = []
    strata = {name: place for place, name in enumerate(design.population)}
    sampled = results[results["latest"] & results["establishment"].isin(set(design.sample))]
    known = sampled[sampled["absolute_saving"].notna() & sampled["adjusted_baseline"].notna()]
    for (resource, unit), part in known.groupby(["resource", "unit"]):
        # a plant that was drawn and does not use the resource saves 0 of 0: it belongs to the sum
        whole = pd.Series(dict(design.sample), dtype=object).rename("stratum").to_frame()
        sums = part.groupby("establishment")[["absolute_saving", "adjusted_baseline"]].sum()
        whole = whole.join(sums).assign(codes=lambda table: table["stratum"].map(strata))
        assessed = set(results.loc[results["latest"], "establishment"])
        whole = whole[whole.index.isin(assessed)].fillna(0.0)
        if set(whole["codes"]) != set(strata.values()):
            continue  # a stratum without an assessed plant says nothing of its share
        found = stratified_ratio(
            whole["absolute_saving"].to_numpy(dtype=float),
            whole["adjusted_baseline"].to_numpy(dtype=float),
            whole["codes"].to_numpy(dtype=np.int64), list(design.population.values()),
            confidence=design.confidence)  # fmt: skip
        counts = [len(design.sample), len(whole), None]
        rows.append(_row(design, "saving", f"{resource} [{unit}]", "",
                         sum(design.population.values()), counts, found, "ratio"))  # fmt: skip
    return rows


def _row(
    design: SurveyDesign, indicator: str, resource: str, stratum: str, there: int,
    counts: list[Any], found: Estimate | None, method: str,
) -> Row:  # fmt: skip
    drawn, answered, yes = counts
    values = (None, None, None) if found is None else (found.value, found.low, found.high)
    return {
        "indicator": indicator, "resource": resource, "stratum": stratum, "frame": there,
        "sampled": drawn, "answered": answered, "yes": yes,
        **dict(zip(("share", "low", "high"), map(plain, values), strict=True)),
        "confidence": design.confidence, "method": method,
    }  # fmt: skip
