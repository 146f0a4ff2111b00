"""The command ``publish``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sxsh_audit.language.formatting import LANGUAGES

if TYPE_CHECKING:
    from sxsh_audit.cli.arguments import Making

__all__ = ["add"]


def add(commands: Any, making: Making) -> None:
    """Add ``publish`` to the commands.

    Parameters
    ----------
    commands : subparsers
        The commands.
    making : Making
        How parts of the parser are made.
    """
    say, name = making.say, making.name
    found = making.command(commands, "publish", making.options(data=False))
    found.add_argument("source", metavar=name("register"), help=say("publish_register"))
    found.add_argument("--out", metavar=name("dir"), required=True, help=say("publish_out"))
    found.add_argument("--report", metavar=name("dir"), help=say("publish_report"))
    found.add_argument("--programme", metavar=name("id_file"), required=True,
                       help=say("publish_programme"))  # fmt: skip
    found.add_argument("--year", metavar=name("year"), required=True, help=say("publish_year"))
    found.add_argument("--cutoff", metavar=name("day"), help=say("publish_cutoff"))
    found.add_argument("--study", metavar=name("path"), action="append", default=[],
                       help=say("publish_study"))  # fmt: skip
    found.add_argument("--options", metavar=name("file"), help=say("publish_options"))
    found.add_argument("--only", choices=LANGUAGES, help=say("publish_only"))
    found.add_argument("--minimum", metavar=name("number"), default="3",
                       help=say("publish_minimum"))  # fmt: skip
    found.add_argument("--overwrite", action="store_true", help=say("publish_overwrite"))
