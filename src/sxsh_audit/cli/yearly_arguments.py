"""What ``sxsh-audit programme report`` understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(below: Any, making: Making) -> None:
    """Add the command below ``programme``.

    Parameters
    ----------
    below : subparsers
        The commands below ``programme``.
    making : Making
        How parts of the parser are made.
    """
    say, name = making.say, making.name
    report = making.command(below, "yearly", making.options(data=False), word="report")
    report.add_argument("source", metavar=name("register"), help=say("yearly_source"))
    report.add_argument("--programme", metavar=name("id_file"), required=True,
                        help=say("yearly_programme"))  # fmt: skip
    report.add_argument("--year", metavar=name("year"), required=True, help=say("yearly_year"))
    report.add_argument("--cutoff", metavar=name("day"), help=say("yearly_cutoff"))
    report.add_argument("--out", metavar=name("dir"), required=True, help=say("out_documents"))
    report.add_argument("--format", metavar=name("list"), default="", help=say("yearly_format"))
    report.add_argument("--template", metavar=name("file"), help=say("report_template"))
    report.add_argument("--overwrite", action="store_true", help=say("overwrite"))
