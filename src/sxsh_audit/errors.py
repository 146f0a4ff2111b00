"""The refusals of the library.

Every refusal is a :class:`ValueError` that carries a ``code`` and the ``numbers`` that
prove it; whoever raises it hands over the finished sentence, so this module knows no
language and the same refusal can be told again in another one
(:func:`sxsh_audit.language.messages.sentence`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sxsh_audit.findings import Finding

__all__ = [
    "ConversionError",
    "DataError",
    "NumberError",
    "OutputError",
    "PeriodError",
    "ProgrammeError",
    "Refusal",
    "StoreError",
    "StudyError",
    "UnitError",
]


class Refusal(ValueError):
    """A value the library will not use, with the reason.

    Parameters
    ----------
    sentence : str
        The reason as a person reads it.
    code : str
        Stable identifier ``topic.name`` of the rule that was broken.
    **numbers
        The values that the sentence speaks of.
    """

    def __init__(self, sentence: str, *, code: str = "refused", **numbers: Any) -> None:
        super().__init__(sentence)
        self.code = code
        self.numbers: dict[str, Any] = numbers

    def __reduce__(self) -> tuple[Any, ...]:
        # BaseException would call __init__ with the sentence alone and lose code and numbers.
        return (type(self), self.args, {"code": self.code, "numbers": self.numbers})


class NumberError(Refusal):
    """A text that is no number, or that has more than one reading as a number."""


class PeriodError(Refusal):
    """A text that is no period, or that has more than one reading as a period."""


class UnitError(Refusal):
    """A text that is no known unit."""


class ConversionError(Refusal):
    """Two units that cannot be converted, or only with a factor that was not named."""


class ProgrammeError(Refusal):
    """A programme, phase or sector that does not exist or does not cover the case."""


class DataError(Refusal):
    """A fact file (units, factors, programme …) that breaks its own rules."""


class OutputError(Refusal):
    """A file that cannot be written, or that would replace another one; the old one is intact."""


class StoreError(Refusal):
    """A database that cannot be opened, read or written, or a change that it will not take."""


class StudyError(Refusal):
    """A study with faults that block its assessment; ``findings`` holds all of them."""

    def __init__(
        self,
        sentence: str,
        *,
        findings: Sequence[Finding] = (),
        code: str = "study.refused",
        **numbers: Any,
    ) -> None:
        super().__init__(sentence, code=code, **numbers)
        self.findings: tuple[Finding, ...] = tuple(findings)

    def __reduce__(self) -> tuple[Any, ...]:
        state = {"code": self.code, "numbers": self.numbers, "findings": self.findings}
        return (type(self), self.args, state)
