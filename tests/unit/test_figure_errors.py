"""The default errors of figures are what the arithmetic and the tables understand."""

from __future__ import annotations

from sxsh_audit.assessment.figure_errors import figure_errors
from sxsh_audit.calc.uncertainty import (
    ERROR_KINDS,
    ERROR_MEANINGS,
    period_uncertainty,
    standard_uncertainty,
)
from sxsh_audit.tables.schema import choice_keys


def test_every_quality_has_an_error_and_no_other() -> None:
    assert set(figure_errors()) == set(choice_keys("quality"))


def test_words_are_those_of_the_arithmetic() -> None:
    for error in figure_errors().values():
        assert error.meaning in ERROR_MEANINGS
        assert error.kind in ERROR_KINDS
        assert 0 < error.size < 1
        assert 0 < period_uncertainty([1.0, 2.0], *error[:3]).total < error.size


def test_what_is_known_less_well_is_never_more_certain() -> None:
    found = figure_errors()
    sizes = [standard_uncertainty(found[quality].size, found[quality].meaning)
             for quality in ("measured", "billed", "estimated", "nameplate")]  # fmt: skip
    assert sizes == sorted(sizes)


def test_a_choice_of_ours_is_called_so() -> None:
    found = figure_errors()
    assert all("our choice" in error.source.casefold() for error in found.values())
    assert "2014/32/EU" in found["measured"].source
