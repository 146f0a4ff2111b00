"""The commands that compare the plants of a register and choose among them."""

from __future__ import annotations

import argparse

from sxsh_audit.cli.main import DONE, print_json
from sxsh_audit.cli.progress import waiting
from sxsh_audit.cli.register_source import register_from
from sxsh_audit.display.terminal import print_table
from sxsh_audit.errors import Refusal
from sxsh_audit.language.formatting import Language
from sxsh_audit.language.messages import refusal_sentence, sentence
from sxsh_audit.language.numbers import parse_number

__all__ = ["programme_benchmark", "programme_candidates"]


def programme_benchmark(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit programme benchmark``: :func:`sxsh_audit.benchmark`."""
    from sxsh_audit.assessment.province.benchmark import benchmark

    minimum = int(_number(options.minimum, language))
    by, scale = _by(options.by), _numbers(options.scale, language)
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
    with waiting(sentence("cli.assessing", language)):
        found = benchmark(register, resource=options.resource, by=by, minimum=minimum,
                          scale=scale, language=language)  # fmt: skip
    if options.json:
        print_json(found.to_dict())
        return DONE
    for table in found.tables(language):
        print_table(table)
    return DONE


def programme_candidates(options: argparse.Namespace, language: Language) -> int:
    """``sxsh-audit programme candidates``: :func:`sxsh_audit.rank_candidates`."""
    from sxsh_audit.assessment.province.candidate_views import explanation_table
    from sxsh_audit.assessment.province.candidates import rank_candidates

    weights = dict(_weight(text, language) for text in options.weight)
    minimum, quantile = (_number(text, language) for text in (options.minimum, options.quantile))
    by, scale = _by(options.by), _numbers(options.scale, language)
    with waiting(sentence("cli.reading", language)):
        register = register_from(options.source, language)
    with waiting(sentence("cli.assessing", language)):
        found = rank_candidates(
            register, weights=weights, kind=options.kind, programme=options.programme,
            resource=options.resource, quantile=quantile, by=by, minimum=int(minimum),
            scale=scale, size=options.size, again=options.again, language=language,
        )  # fmt: skip
    if options.explain is not None:
        found.explain(options.explain, language)  # refuses who is no candidate
    if options.json:
        print_json(found.to_dict())
        return DONE
    if options.explain is not None:
        print_table(explanation_table(found, options.explain, language))
        return DONE
    for table in found.tables(language):
        print_table(table)
    return DONE


def _by(typed: str) -> tuple[str, ...]:
    """Return what groups have in common: what always is, and the columns typed."""
    from sxsh_audit.assessment.province.benchmark import NEEDED

    words = (word.strip() for word in typed.split(","))
    return tuple(dict.fromkeys((*NEEDED, *filter(None, words))))


def _number(typed: str, language: Language) -> float:
    return parse_number(typed, "auto", language=language)


def _numbers(typed: str, language: Language) -> list[float]:
    """Return numbers with a semicolon or a blank between them: a comma may be a decimal mark."""
    return [_number(word, language) for word in typed.replace(";", " ").split()]


def _weight(typed: str, language: Language) -> tuple[str, float]:
    name, sign, number = typed.partition("=")
    if not sign or not name.strip() or not number.strip():
        numbers = {"value": typed}
        raise Refusal(refusal_sentence("candidates.weight_typed", numbers, language),
                      code="candidates.weight_typed", **numbers)  # fmt: skip
    return name.strip(), _number(number, language)
