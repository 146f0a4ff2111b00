"""What establishments said about the publication of single studies, where a store keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.assessment.results import Assessment

__all__ = ["agreed_studies", "consents_of"]


def consents_of(source: Any) -> dict[tuple[str, str], str]:
    """Return what was said of single studies, by establishment and study: yes, no or nothing.

    Parameters
    ----------
    source : Register or Store
        A register keeps no word about single studies.

    Examples
    --------
    >>> consents_of(object())
    {}
    """
    if not hasattr(source, "consents"):
        return {}
    return {(str(row["establishment"]), str(row["study"])): str(row["publish"])
            for row in source.consents().to_dict("records") if row["study"]}  # fmt: skip


def agreed_studies(
    source: Any, consents: Mapping[tuple[str, str], str]
) -> tuple[Assessment, ...]:
    """Return the studies of a store of which some establishment said yes; none of a register.

    Parameters
    ----------
    source : Register or Store
        Where they are kept.
    consents : mapping
        Of :func:`consents_of`.
    """
    if not hasattr(source, "assessment"):
        return ()
    agreed = sorted({study for (_, study), said in consents.items() if said == "yes"})
    kept = set(source.studies()["study"])
    return tuple(source.assessment(study) for study in agreed if study in kept)
