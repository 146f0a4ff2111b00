"""What ``sxsh-audit programme progress`` and ``programme survey`` understand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(below: Any, making: Making) -> None:
    """Add the commands below ``programme``.

    Parameters
    ----------
    below : subparsers
        The commands below ``programme``.
    making : Making
        How parts of the parser are made.
    """
    say, name = making.say, making.name
    progress = making.command(below, "programme_progress", making.options(data=False),
                              word="progress")  # fmt: skip
    progress.add_argument("source", metavar=name("register"), help=say("yearly_source"))
    progress.add_argument("--programme", metavar=name("id_file"), required=True,
                          help=say("yearly_programme"))  # fmt: skip
    progress.add_argument("--year", metavar=name("year"), required=True, help=say("yearly_year"))
    progress.add_argument("--cutoff", metavar=name("day"), help=say("yearly_cutoff"))
    survey = making.command(below, "programme_survey", making.options(data=False),
                            word="survey")  # fmt: skip
    survey.add_argument("file", metavar=name("file"), help=say("survey_file"))
    survey.add_argument("--overwrite", action="store_true", help=say("overwrite"))
